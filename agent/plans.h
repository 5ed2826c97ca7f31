/*
 * agent/plans.h — saved plans: .zagent/plans/DIGEST.json, found again by digest, a prefix of it (≥ 6 digits), or "the latest".
 */
#ifndef AGENT_PLANS_H
#define AGENT_PLANS_H
#include "agent/command.h"
#include "agent/project.h"
#include "state/state.h"

/* Only the file under its digest: a plan that is not a playbook's latest. */
int plans_keep(const struct project *p, const json_t *plan, char digest[65], struct err *e);
int plans_save(const struct project *p, struct state *st, const json_t *plan, char digest[65], struct err *e);
/* which NULL = the latest saved; a playbook's name = the latest that contains it. The file's bytes must still match its digest:
 * ERR_STALE otherwise. */
int plans_load(const struct project *p, struct state *st, const char *which, json_t **plan, char digest[65],
               struct err *e);
/* Warns of playbooks that were switched off on purpose: their rules are there, and a plan or verify calls that in place. */
void plans_warn_off(struct app *a, struct state *st, const json_t *plan);
#endif
