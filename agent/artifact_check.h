/*
 * agent/artifact_check.h — the one seam where a rendered artifact is checked before it may reach an org: one row a kind.
 *
 * Result per address: {"text": what the plan line shows, "blocked"?: why the step must not run}.
 */
#ifndef AGENT_ARTIFACT_CHECK_H
#define AGENT_ARTIFACT_CHECK_H
#include "plan/plan.h"

int artifact_check_all(const struct desired *d, const struct snapshot *s, const json_t *names, json_t *checks,
                       struct err *e);
#endif
