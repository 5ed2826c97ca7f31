#include "agent/standing.h"

#include "plan/plan.h"
#include "state/state.h"

void standing_count(const json_t *plan, const char *playbook, const json_t *known, struct standing *t)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (!plan_step_of(step, playbook))
            continue;
        const char *o = js_str_or(json_object_get(known, js_str_or(step, "address", "")), "outcome", "");
        t->total++;
        t->done += !strcmp(js_str_or(step, "action", ""), "none") || !strcmp(o, step_outcome_name(STEP_VERIFIED)) ||
                   !strcmp(o, step_outcome_name(STEP_ATTESTED));
        t->waiting += !strcmp(o, step_outcome_name(STEP_HAND)) || !strcmp(o, step_outcome_name(STEP_REFUSED));
    }
}
