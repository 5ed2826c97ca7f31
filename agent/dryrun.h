/*
 * agent/dryrun.h — every request that apply would send for a plan, without sending: for people and as data.
 *
 * An id that does not exist yet is shown as "(id of field/Quotes.X)".
 */
#ifndef AGENT_DRYRUN_H
#define AGENT_DRYRUN_H
#include "agent/apply.h"

/* out: [{address, id, channel, state, title, action, requests: [{method, path, query, body | parts}]}]. New reference. */
int dryrun(const struct org *org, const json_t *plan, const struct snapshot *s, json_t **out, struct err *e);
/* A summary and a line a request; details: with everything it carries. */
void dryrun_print(struct app *a, const json_t *steps, bool details);
#endif
