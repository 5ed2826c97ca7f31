/* agent/guide_rules.c — which workflow rules use what a hand step makes, and whether they are there to be opened. */
#include "agent/guide_parts.h"
#include "plan/plan.h"

static bool needs(const json_t *step, const char *address)
{
    json_t *need;
    size_t i;
    json_array_foreach (js_arr(step, "needs"), i, need) {
        if (!strcmp(json_string_value(need), address))
            return true;
    }
    return false;
}

/* The workflow rules that use what this step makes: it needs them, or they wait for it and whoever does the step must make them. */
json_t *guide_rules(struct guide *g, const json_t *step)
{
    json_t *out = json_array(), *other;
    size_t i;
    json_array_foreach (js_arr(g->in->plan, "steps"), i, other) {
        const char *rule_address = js_str_or(other, "address", "");
        if (strcmp(js_str_or(other, "kind", ""), "workflow_rule") != 0 ||
            (!needs(other, js_str_or(step, "address", "")) && !needs(step, rule_address)))
            continue;
        AUTO_FREE char *name = NULL;
        AUTO_FREE char *module = guide_step_module(other, &name);
        json_t *rule = json_object();
        js_set(rule, "name", guide_value(name, NULL));
        js_set_bool(rule, "absent", !strcmp(js_str_or(other, "action", ""), "create") && !guide_step_done(g, other));
        js_set(rule, "body", guide_body(g, module, guide_step_body(g, other)));
        js_set_bool(rule, "last", false);
        json_array_append_new(out, rule);
    }
    if (json_array_size(out))
        js_set_bool(json_array_get(out, json_array_size(out) - 1), "last", true);
    return out;
}
