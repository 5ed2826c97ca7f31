/*
 * agent/check.h — a playbook's checks: given records, do what people and programs do, expect what must have come of it.
 *
 * Call order  checks_render (when the plan is made: what the YAML says, rendered and checked for shape, goes into the plan) →
 *             checks_run (in a rehearsal: each case in a trial of its own, so that none sees another's records).
 * Rendered    {"profiles": {role: {profile, zoho_role?}}, "follow", "cases": [{name, where, given[], do[], expect[]}]}; the format is in docs/PLAYBOOKS.md#checks.
 * Follow      with `follow: true` a case goes on where the one before ended, with its records; all are one trial.
 * Names       are the playbook's own; a run maps them to this org's.
 * Results     [{name, where, ok, differences: [text], shown: [{record, values: {field: text}}]}]. What automation failed to do in a case is a difference, too.
 */
#ifndef AGENT_CHECK_H
#define AGENT_CHECK_H
#include "agent/playbook.h"

struct sandbox;
/* *out: new reference; json null when the playbook has no checks. */
int checks_render(const struct playbook *pb, const struct context *c, json_t **out, struct err *e);
/* names: address → api_name. Appends to results; the number of cases that failed. */
int checks_run(struct sandbox *sb, const json_t *rendered, const json_t *names, json_t *results);
/* In the org itself, one case after the other, and all of it stays: a story told to people. Ends with the first that differs: 1. */
int checks_play(struct sandbox *sb, const json_t *rendered, const json_t *names, json_t *results);
#endif
