/*
 * agent/samples.h — samples of an org's records, kept in .zagent/samples/ORG/MODULE.json (0600): never in context/, which is shared.
 *
 * File   {"schema": "zagent.samples/1", "zgid", "module", "taken_at", "rows": [Zoho's record objects]}. Another org's samples behind
 *        the same name are not used.
 */
#ifndef AGENT_SAMPLES_H
#define AGENT_SAMPLES_H
#include "agent/org.h"

int samples_keep(struct app *a, const struct org *org, const char *module, json_t *rows, struct err *e);
/* [{module, taken_at, rows}] of this org, by module name; an empty array when there are none. New reference, NULL on error. */
json_t *samples_of(struct app *a, const struct org *org, struct err *e);
#endif
