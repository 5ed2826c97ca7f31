/*
 * agent/standing.h — how far a playbook is: steps of its plan that are true, against what the journal last saw.
 */
#ifndef AGENT_STANDING_H
#define AGENT_STANDING_H
#include "base/js.h"

struct standing {
    int total, done, waiting; /* waiting: for a person */
};
/* plan: a saved plan. known: state_steps(). Adds to *t. */
void standing_count(const json_t *plan, const char *playbook, const json_t *known, struct standing *t);
#endif
