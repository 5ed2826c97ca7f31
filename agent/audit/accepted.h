/*
 * agent/audit/accepted.h — findings that somebody accepted, with the reason: a nightly report then shows news only.
 *
 * File       context/audit/ORG.accepted.md: any text, and a table with the columns Rule, Address, Reason, By, Until. Address may end in
 *            "*" (all that begin so). Until is empty or a day (2027-01-31); after it the finding is news again.
 * Errors     ERR_CONFIG with file:line for a row without a reason, with a rule that does not exist, or with another day than a day.
 */
#ifndef AGENT_AUDIT_ACCEPTED_H
#define AGENT_AUDIT_ACCEPTED_H
#include "base/err.h"
#include "base/js.h"

/* text: the file's; name for messages. [{rule,address,reason,by,until,line,used:false}], a new reference; NULL on error. */
json_t *accepted_read(const char *text, const char *name, struct err *e);
/* Marks each finding that a row accepts with "accepted": reason, and the row as used. now: for Until. */
void accepted_mark(json_t *rows, json_t *findings, int64_t now);
/* The whole file for these findings, one row each; old rows are kept. Caller frees. */
char *accepted_write(const json_t *rows, const json_t *findings, const char *reason, const char *by);
#endif
