/*
 * agent/managed.h — what zagent manages in an org: each thing as the last run left it, read back and equal, or attested.
 *
 * Source      the journal's runs of this org and the saved plans they executed (.zagent/plans). A step that a plan found in place
 *             counts as well: it was compared. A rollback goes back to what a run before
 *             the one taken back left; with none, the thing is managed no more.
 * Shape       steps: address → the step of the plan that made it so (plan/plan.h), with "run" (integer) added. plan: {"steps": […], "names": {…}}, to be read like a saved plan. rendered: playbook → its pages.
 * Missing     plans whose file is gone are counted: what only they knew is not known any more.
 */
#ifndef AGENT_MANAGED_H
#define AGENT_MANAGED_H
#include "agent/org.h"

struct managed {
    json_t *steps;    /* address → step */
    json_t *history;  /* address → [{run, step?}], oldest first: what a rollback goes back to */
    json_t *plan;     /* {"steps", "names"} of those that a reading can show */
    json_t *rendered; /* playbook → what plan.rendered held of it */
    int attested;     /* steps that a person answers for: nothing to read */
    int records;      /* steps about records: data, which people go on changing */
    int lost_plans;
};
int managed_load(struct managed *m, const struct project *p, struct state *st, const struct org *org, struct err *e);
void managed_release(struct managed *m);
#endif
