/*
 * Workflow rules: POST and PUT /settings/automation/workflow_rules (zoho.com/crm/developer/docs/api/v8/config-workflow; v8 only),
 * and the field updates they start.
 *
 * Body    create: Zoho's object, actions [{type, id, name}]. update: the changed keys; {"status": {"active": false,
 *         "delete_schedule_action": false}} alone is the off switch. `name` of an action is for people and is not sent.
 * Value   of a field update: a field of one value gets a text, a check box or number too (…/create-field-update, note on value).
 * Status  a rule cannot be created switched off (INVALID_DATA at status.active): it is created, then switched off.
 */
#include "zoho/crm/kinds.h"

static void drop_names(json_t *actions)
{
    size_t i;
    json_t *action;
    json_array_foreach (actions, i, action) {
        if (js_str(action, "id")) /* inline actions (add_tags, …) keep theirs: it is what they do */
            json_object_del(action, "name");
    }
}

static void clean_conditions(json_t *rule)
{
    size_t i;
    size_t k;
    json_t *condition;
    json_t *scheduled;
    json_array_foreach (js_arr(rule, "conditions"), i, condition) {
        drop_names(js_arr(js_obj(condition, "instant_actions"), "actions"));
        json_array_foreach (js_arr(condition, "scheduled_actions"), k, scheduled) {
            drop_names(js_arr(scheduled, "actions"));
        }
    }
}

int crm_build_workflow_rule(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    json_t *status = js_obj(c->body, "status");
    struct crm_change clean = *c;
    AUTO_JSON json_t *rule = json_deep_copy(c->body);
    clean_conditions(rule);
    clean.body = rule;
    if (crm_is_update(c) || c->attempt > 0)
        return crm_build_plain(k, &clean, requests, e);
    json_object_del(rule, "status");
    if (crm_build_plain(k, &clean, requests, e) < 0)
        return -1;
    if (status && !js_bool(status, "active", true)) {
        AUTO_FREE char *path = mem_printf("%s/{id}", k->plain.path);
        json_t *off = json_object();
        json_object_set(off, "status", status);
        crm_envelope(crm_push(requests, k, "PUT", path, NULL, "idempotent"), k->plain.key, off);
    }
    return 0;
}

int crm_build_field_update(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const json_t *value = json_object_get(c->body, "value");
    AUTO_JSON json_t *update = json_deep_copy(c->body);
    struct crm_change clean = *c;
    clean.body = update;
    if (json_is_boolean(value) || json_is_number(value)) {
        AUTO_FREE char *text = json_dumps(value, JSON_ENCODE_ANY);
        js_set_str(update, "value", text);
    }
    return crm_build_plain(k, &clean, requests, e);
}
