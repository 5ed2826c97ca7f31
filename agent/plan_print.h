/* agent/plan_print.h — a plan as people read it: one line a step, summary last, the one next command. */
#ifndef AGENT_PLAN_PRINT_H
#define AGENT_PLAN_PRINT_H
#include "agent/command.h"

struct plan_print {
    const char *digest;
    bool details; /* show every change, not just the line */
    bool summary; /* only the summary */
};
void plan_print(struct app *a, const json_t *plan, const struct plan_print *how);
/* What the plan runs into (rails_find): printed, and into app->data as "rails". */
void plan_print_rails(struct app *a, const json_t *findings);
/* The parts of a plan that scripts want: {digest, org, steps[], summary, problems, proposals}. New reference. */
json_t *plan_public(const json_t *plan, const char *digest);
#endif
