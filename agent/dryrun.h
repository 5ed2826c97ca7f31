/*
 * agent/dryrun.h — every request that apply would send for a plan, without sending: for people and as data.
 *
 * An id that does not exist yet is shown as "(id of field/Quotes.X)".
 */
#ifndef AGENT_DRYRUN_H
#define AGENT_DRYRUN_H
#include "agent/apply.h"

/* out: [{address, id, channel, state, requests: [{method, path, query, body}], text}]. New reference. */
int dryrun(const json_t *plan, const struct snapshot *s, json_t **out, struct err *e);
void dryrun_print(struct app *a, const json_t *steps);
#endif
