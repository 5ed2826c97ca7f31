/*
 * agent/rehearse.h — what would happen: the plan applied to a throw-away copy of the org, in memory, with everything that follows.
 *
 * Copy     the snapshot the caller has read, with its ids, and the samples of records kept in .zagent/ (samples.h). What neither holds
 *          is as in a fresh org. No call leaves for the org; nothing of it changes.
 * Runs     apply (agent/apply.h, the same code) → the hand steps clicked → apply … until nothing moves; the checks of each playbook
 *          (check.h), each in a trial of its own; then each sampled record of a module the plan touches saved once more as it stands,
 *          in a trial of its own.
 * Report   {copy{resources, records{module: n}}, steps{planned, in_place, open[{address, outcome, text}]},
 *          functions[{address, text}], checks[{playbook, name, where, ok, differences[]}],
 *          records[{module, of, taken_at, refused, changed, mails, failed, refusals[{text, n, ids[]}], changes[{field, value, n}],
 *          unknown_lookups{module: n}}], ok}
 * Records  whom a plan's own `records` step changes is known from the plan: they are changed in the copy without asking again.
 */
#ifndef AGENT_REHEARSE_H
#define AGENT_REHEARSE_H
#include "agent/org.h"

/* report: new reference. Only what keeps the rehearsal from running is an error; what it finds stands in the report. */
int rehearse(struct app *a, const struct org *org, const json_t *plan, const struct snapshot *s, json_t **report,
             struct err *e);
void rehearse_print(struct app *a, const json_t *report);
/* ERR_FINDINGS when the report is not ok, naming how much; else 0. */
int rehearse_verdict(const json_t *report, struct err *e);
#endif
