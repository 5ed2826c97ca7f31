/* sandbox/workflow_check.c — triggers, conditions, actions, limits. Source: zoho-api.md 1.10; OAS26a workflow_rules; [C4] [C5]. */
#include "sandbox/workflow_check.h"
#include "sandbox/limits.h"

const struct rule_trigger rule_triggers[] = {
    {"create", "record", false},
    {"edit", "record", true},
    {"create_or_edit", "record", true},
    {"delete", "record", false},
    {"field_update", "record", false},
    {"section_update", "record", false},
    {"rollup_summary_update", "record", false},
    {"date_or_datetime", "date", false},
    {"score_increase", "score", false},
    {"score_decrease", "score", false},
    {"score_update", "score", false},
    {"mail_sent", "mail", false},
    {"mail_sent_opened", "mail", false},
    {"mail_sent_replied", "mail", false},
    {"mail_sent_bounced", "mail", false},
    {"email_received", "mail", false},
    {"email_received_notreplied", "mail", false},
    {"missed_call", "call", false},
};
const size_t rule_triggers_n = sizeof rule_triggers / sizeof *rule_triggers;

const char *trigger_category(const char *type)
{
    for (size_t i = 0; i < rule_triggers_n; i++) {
        if (strcmp(type, rule_triggers[i].type) == 0) {
            return rule_triggers[i].category;
        }
    }
    return NULL;
}

static json_t *unknown_trigger(const char *base)
{
    json_t *names = json_array();
    for (size_t i = 0; i < rule_triggers_n; i++) {
        js_push_str(names, rule_triggers[i].type);
    }
    json_t *d = at("%s.type", base);
    js_set(d, "supported_values", names);
    return item_error("INVALID_DATA", "there is no such trigger", d);
}

static json_t *missing_for_type(const char *key, const char *base)
{
    json_t *d = at("%s.details.%s", base, key);
    js_set(d, "dependee", at("%s.type", base));
    return item_error("DEPENDENT_FIELD_MISSING", "the trigger needs this property", d);
}

static json_t *date_check(struct call *c, const char *module, json_t *d, const char *base)
{
    static const char *const needs[] = {"field", "unit", "period"};
    for (size_t i = 0; i < 3; i++) {
        if (!json_object_get(d, needs[i])) {
            return missing_for_type(needs[i], base);
        }
    }
    if (!one_of("b_days|days|hours|weeks|months|years", js_str_or(d, "period", ""))) {
        return error_choice("b_days|days|hours|weeks|months|years", "%s.details.period", base);
    }
    if (js_str(d, "recur_cycle") && !one_of("once|monthly|yearly", js_str(d, "recur_cycle"))) {
        return error_choice("once|monthly|yearly", "%s.details.recur_cycle", base);
    }
    AUTO_FREE char *path = mem_printf("%s.details.field", base);
    return ref_complete(c->st, json_object_get(d, "field"), "fields", module, path);
}

json_t *trigger_check(struct call *c, const char *module, json_t *when, const char *base)
{
    const char *type = js_str(when, "type");
    json_t *d = js_obj(when, "details");
    if (!type) {
        return error_missing("%s.type", base);
    }
    if (!trigger_category(type)) {
        return unknown_trigger(base);
    }
    if (!d) {
        d = json_object();
        js_set(when, "details", d);
    }
    for (size_t i = 0; i < rule_triggers_n; i++) {
        if (strcmp(type, rule_triggers[i].type) == 0 && rule_triggers[i].repeat &&
            !json_is_boolean(json_object_get(d, "repeat"))) {
            return missing_for_type("repeat", base);
        }
    }
    json_t *of = json_object_get(d, "trigger_module"), *bad = NULL;
    if (!of) {
        of = json_pack("{s:s}", "api_name", module);
        js_set(d, "trigger_module", of);
    }
    AUTO_FREE char *mpath = mem_printf("%s.details.trigger_module", base),
                   *cpath = mem_printf("%s.details.criteria", base);
    bad = ref_complete(c->st, of, "modules", NULL, mpath);
    if (!bad && strcmp(type, "field_update") == 0) {
        json_t *criteria = js_obj(d, "criteria");
        bad = criteria ? criteria_check(c->st, module, criteria, cpath) : missing_for_type("criteria", base);
    }
    if (!bad && strcmp(type, "date_or_datetime") == 0) {
        bad = date_check(c, module, d, base);
    }
    return bad;
}

/* Limits of one rule: an example org's, as published in its workflow_configurations (1.10). */
const struct rule_action rule_actions[] = {
    {"functions", "automation_functions", 1, true, true},
    {"webhooks", "webhooks", 1, true, true},
    {"field_updates", "field_updates", 5, false, true},
    {"email_notifications", "email_notifications", 5, true, true},
    {"tasks", "tasks", 5, false, true},
    {"assign_owner", NULL, 3, false, true},
    {"add_tags", NULL, 1, false, true},
    {"remove_tags", NULL, 1, false, true},
    {"create_record", NULL, 1, false, true},
    {"schedule_call", NULL, 1, false, true},
    {"add_meeting", NULL, 1, false, true},
    {"convert", NULL, 1, false, false},
};
enum { N_ACTIONS = sizeof rule_actions / sizeof *rule_actions };
const size_t rule_actions_n = N_ACTIONS;

static json_t *action_check(struct call *c, json_t *a, int used[N_ACTIONS], bool del, bool scheduled, const char *path)
{
    const char *type = js_str(a, "type");
    size_t i = 0;
    if (!type) {
        return error_missing("%s.type", path);
    }
    while (i < N_ACTIONS && strcmp(type, rule_actions[i].type) != 0) {
        i++;
    }
    if (i == N_ACTIONS) {
        return error_choice(
            "functions|webhooks|field_updates|email_notifications|tasks|assign_owner|add_tags|remove_tags|"
            "create_record|schedule_call|add_meeting|convert",
            "%s.type", path);
    }
    if ((del && !rule_actions[i].on_delete) || (scheduled && !rule_actions[i].scheduled)) {
        return item_error("NOT_ALLOWED", "this action does not go with the trigger", at("%s.type", path));
    }
    if (++used[i] > rule_actions[i].limit) {
        return item_error(
            "LIMIT_EXCEEDED", "too many actions of this type",
            json_pack("{s:i,s:[o]}", "limit", rule_actions[i].limit, "limit_due_to", at("%s.type", path)));
    }
    if (!rule_actions[i].kind) {
        return js_obj(a, "details") ? NULL : error_missing("%s.details", path);
    }
    json_t *bad = ref_complete(c->st, a, rule_actions[i].kind, NULL, path);
    if (!bad) { /* OAS26a: an associated action shows the module it belongs to */
        AUTO_JSON json_t *whole = config_by_id(c->st, rule_actions[i].kind, NULL, js_str_or(a, "id", ""));
        json_t *module = js_obj(whole, "module");
        js_set(a, "details", module ? json_pack("{s:O}", "module", module) : json_object());
    }
    return bad;
}

static json_t *instant_check(struct call *c, json_t *block, int used[N_ACTIONS], bool del, bool scheduled,
                             const char *base)
{
    json_t *list = js_arr(block, "actions"), *a, *bad = NULL;
    size_t i;
    if (!list) {
        return error_missing("%s.actions", base);
    }
    if (json_array_size(list) == 0) {
        return error_invalid("jsonarray", "%s.actions", base);
    }
    json_array_foreach (list, i, a) {
        AUTO_FREE char *path = mem_printf("%s.actions[%zu]", base, i);
        bad = bad ? bad : action_check(c, a, used, del, scheduled, path);
    }
    return bad;
}

static json_t *scheduled_check(struct call *c, const json_t *when, json_t *blocks, int used[N_ACTIONS],
                               const char *base)
{
    size_t i;
    json_t *b, *bad = NULL;
    if (json_array_size(blocks) == 0) {
        return NULL;
    }
    if (json_array_size(blocks) > LIM_RULE_SCHEDULED_BLOCKS) {
        return item_error("LIMIT_EXCEEDED", "too many scheduled blocks",
                          json_pack("{s:i,s:[o]}", "limit", LIM_RULE_SCHEDULED_BLOCKS, "limit_due_to",
                                    at("%s.scheduled_actions", base)));
    }
    bool del = strcmp(js_str_or(when, "type", ""), "delete") == 0;
    if (del || js_bool(js_obj(when, "details"), "repeat", false)) { /* [C4] */
        return item_error("NOT_ALLOWED", "scheduled actions do not go with this trigger",
                          at("%s.scheduled_actions", base));
    }
    json_array_foreach (blocks, i, b) {
        AUTO_FREE char *path = mem_printf("%s.scheduled_actions[%zu]", base, i);
        static const char periods[] = "minutes|hours|business_hours|days|business_days|weeks|months|years";
        const json_t *after = js_obj(b, "execute_after");
        if (!after) {
            return error_missing("%s.execute_after", path);
        }
        if (!one_of(periods, js_str_or(after, "period", ""))) {
            return error_choice(periods, "%s.execute_after.period", path);
        }
        bad = bad ? bad : instant_check(c, b, used, false, true, path);
    }
    return bad;
}

static json_t *condition_check(struct call *c, const char *module, const json_t *when, json_t *cond, const char *base)
{
    if (!js_obj(cond, "criteria_details")) { /* no criteria: all records */
        js_set(cond, "criteria_details", json_pack("{s:n}", "criteria"));
    }
    json_t *criteria = js_obj(js_obj(cond, "criteria_details"), "criteria");
    int used[N_ACTIONS] = {0};
    AUTO_FREE char *cpath = mem_printf("%s.criteria_details.criteria", base),
                   *ipath = mem_printf("%s.instant_actions", base);
    if (!json_object_get(cond, "sequence_number")) {
        return error_missing("%s.sequence_number", base);
    }
    json_t *bad = criteria ? criteria_check(c->st, module, criteria, cpath) : NULL;
    if (!bad && !js_obj(cond, "instant_actions")) {
        bad = error_missing("%s", ipath);
    }
    bool del = strcmp(js_str_or(when, "type", ""), "delete") == 0;
    bad = bad ? bad : instant_check(c, js_obj(cond, "instant_actions"), used, del, false, ipath);
    bad = bad ? bad : scheduled_check(c, when, js_arr(cond, "scheduled_actions"), used, base);
    if (!bad && !js_str(cond, "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set_str(cond, "id", id);
    }
    return bad;
}

json_t *conditions_check(struct call *c, const char *module, const json_t *when, json_t *conditions, const char *base)
{
    size_t i;
    json_t *cond, *bad = NULL;
    if (json_array_size(conditions) == 0) {
        return error_invalid("jsonarray", "%s.conditions", base);
    }
    json_array_foreach (conditions, i, cond) {
        AUTO_FREE char *path = mem_printf("%s.conditions[%zu]", base, i);
        bad = bad ? bad : condition_check(c, module, when, cond, path);
    }
    return bad;
}
