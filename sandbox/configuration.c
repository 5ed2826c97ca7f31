/*
 * sandbox/configuration.c — GET /workflow_configurations: which triggers and actions the rules of a module may have. Source:
 * zoho-api.md 1.1, 1.10 (types, limits of an example org); OAS26a workflow_configurations. The tables are those a rule is checked by.
 */
#include "sandbox/module.h"
#include "sandbox/route.h"
#include "sandbox/workflow_check.h"

/* Rules on deletion have fewer actions and nothing scheduled (1.10). */
static bool on_delete(const struct rule_trigger *t)
{
    return strcmp(t->type, "delete") == 0;
}

static json_t *action_names(bool deletion)
{
    json_t *out = json_array();
    for (size_t i = 0; i < rule_actions_n; i++) {
        if (!deletion || rule_actions[i].on_delete) {
            js_push_str(out, rule_actions[i].type);
        }
    }
    return out;
}

/* "field_update" -> "Field update". Caller frees. */
static char *label(const char *api_name)
{
    char *out = mem_dup(api_name);
    for (char *p = out; *p; p++) {
        *p = *p == '_' ? ' ' : *p;
    }
    out[0] = (char)(out[0] - ('a' - 'A'));
    return out;
}

static void configuration(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    if (!m) {
        return;
    }
    json_t *triggers = json_array(), *actions = json_array();
    for (size_t i = 0; i < rule_triggers_n; i++) {
        const struct rule_trigger *t = &rule_triggers[i];
        AUTO_FREE char *name = label(t->type);
        json_array_append_new(triggers, json_pack("{s:s,s:b,s:s,s:b,s:o}", "api_name", t->type, "deprecated", 0, "name",
                                                  name, "scheduled_actions_supported", (int)!on_delete(t), "actions",
                                                  action_names(on_delete(t))));
    }
    for (size_t i = 0; i < rule_actions_n; i++) {
        const struct rule_action *a = &rule_actions[i];
        AUTO_FREE char *name = label(a->type);
        json_array_append_new(actions, json_pack("{s:b,s:b,s:n,s:s,s:b,s:s,s:i}", "is_clickable", 1, "associate_action",
                                                 (int)(a->kind != NULL), "limit_per_action", "api_name", a->type,
                                                 "supported_in_scheduled_action", (int)a->scheduled, "name", name,
                                                 "limit", a->limit));
    }
    answer_json(c, 200,
                json_pack("{s:{s:[],s:o,s:o}}", "workflow_configurations", "related_triggers_details", "triggers",
                          triggers, "actions", actions));
}

static const struct route rows[] = {
    {"GET", "/crm/v8/workflow_configurations", "ZohoCRM.settings.workflow_rules", 1, configuration, NULL}};
ROUTE_TABLE(routes_configuration, rows);
