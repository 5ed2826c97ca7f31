/*
 * agent/artifact_check.h — the one seam where a rendered artifact is checked before it may reach an org: one row a kind.
 *
 * Call order  artifact_reads says what must be read of the org beside what the resources need → read it → artifact_check_all.
 * Functions   are checked against the org as it will be: live names and those that the plan makes (deluge_planned.h).
 * Result per address: {"text": what the plan line shows, "blocked"?: why the step must not run}.
 */
#ifndef AGENT_ARTIFACT_CHECK_H
#define AGENT_ARTIFACT_CHECK_H
#include "plan/plan.h"

/* Fields and related lists of the live modules that functions name. */
void artifact_reads(const struct desired *d, const struct snapshot *s, struct strset *out);
int artifact_check_all(const struct desired *d, const struct snapshot *s, const json_t *names, json_t *checks,
                       struct err *e);
#endif
