/* sandbox/workflow.c — workflow rules: GET, POST, PUT, DELETE, usage. Source: zoho-api.md 1.10, 6.17; OAS26a workflow_rules. */
#include "sandbox/workflow.h"

#include "sandbox/automation.h"
#include "sandbox/dated.h"
#include "sandbox/happening.h"
#include "sandbox/limits.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"
#include "sandbox/workflow_check.h"

static const struct shape shape[] = {{"name", TEXT, true, 100, NULL},
                                     {"description", TEXT, false, 0, NULL},
                                     {"module", OBJECT, true, 0, NULL},
                                     {"execute_when", OBJECT, true, 0, NULL},
                                     {"conditions", ARRAY, true, 0, NULL},
                                     {"status", OBJECT, false, 0, NULL},
                                     {0}};

static void stamp(struct call *c, json_t *r, bool created)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    AUTO_JSON json_t *me = org_me(c->s);
    json_object_del(me, "email");
    if (created) {
        js_set_str(r, "created_time", now);
        json_object_set(r, "created_by", me);
    }
    js_set_str(r, "modified_time", now);
    json_object_set(r, "modified_by", me);
}

static json_t *name_check(const json_t *r, const char *base)
{
    const char *name = js_str(r, "name");
    return name && strpbrk(name, "%#^") ? error_invalid(NULL, "%s.name", base) : NULL; /* refused signs seen (1.10) */
}

json_t *workflow_make(struct call *c, const json_t *in, const char *base)
{
    AUTO_JSON json_t *r = json_object();
    json_t *bad = shape_take(shape, in, r, true, base);
    AUTO_FREE char *mpath = mem_printf("%s.module", base), *wpath = mem_printf("%s.execute_when", base);
    bad = bad ? bad : name_check(r, base);
    bad = bad ? bad : ref_complete(c->st, js_obj(r, "module"), "modules", NULL, mpath);
    if (!bad && json_is_false(json_object_get(js_obj(r, "status"), "active"))) { /* create, then deactivate (1.10) */
        bad = error_invalid(NULL, "%s.status.active", base);
    }
    const char *module = js_str(js_obj(r, "module"), "api_name");
    bad = bad ? bad : trigger_check(c, module, js_obj(r, "execute_when"), wpath);
    bad = bad ? bad : conditions_check(c, module, js_obj(r, "execute_when"), js_arr(r, "conditions"), base);
    if (bad) {
        return bad;
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    js_set_str(r, "id", id);
    js_set(r, "status", json_pack("{s:b}", "active", 1)); /* delete_schedule_action is only sent (OAS26a) */
    js_set_str(r, "source", "crm");
    js_set_bool(r, "editable", true);
    js_set_bool(r, "deletable", true);
    js_set(r, "lock", json_pack("{s:b}", "status", 0));
    js_set_str(r, "description", js_str(r, "description"));
    js_set_str(r, "last_executed_time", NULL);
    json_object_del(js_obj(r, "module"), "name");
    stamp(c, r, true);
    config_put(c->st, "workflow_rules", module, r);
    dated_rule(c, r);
    return item_ok(id, "workflow created");
}

static json_t *same_action(json_t *list, const json_t *a, size_t *where)
{
    size_t i;
    json_t *o;
    json_array_foreach (list, i, o) {
        if (strcmp(js_str_or(o, "id", ""), js_str_or(a, "id", "?")) == 0 &&
            strcmp(js_str_or(o, "type", ""), js_str_or(a, "type", "")) == 0) {
            *where = i;
            return o;
        }
    }
    return NULL;
}

/* Sent actions replace or join those there; one with "_delete" leaves (1.10). */
static void merge_actions(json_t *into, const json_t *from)
{
    size_t i, where;
    json_t *a, *list = js_arr(into, "actions");
    json_array_foreach (js_arr(from, "actions"), i, a) {
        bool there = same_action(list, a, &where) != NULL;
        if (json_object_get(a, "_delete")) {
            if (there) {
                json_array_remove(list, where);
            }
        } else if (there) {
            json_array_set(list, where, a);
        } else {
            json_array_append(list, a);
        }
    }
}

static void merge_condition(json_t *old, const json_t *sent)
{
    const char *k;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)sent, k, v) {
        if (strcmp(k, "instant_actions") == 0 && js_obj(old, k)) {
            merge_actions(js_obj(old, k), v);
        } else {
            json_object_set(old, k, v);
        }
    }
}

/* A condition is found by id, else by sequence_number; others join. */
static void merge_conditions(json_t *rule, const json_t *sent)
{
    json_t *list = js_arr(rule, "conditions"), *s, *o;
    size_t i, k;
    json_array_foreach (sent, i, s) {
        json_t *old = NULL;
        json_array_foreach (list, k, o) {
            bool same = js_str(s, "id") ? strcmp(js_str(s, "id"), js_str_or(o, "id", "")) == 0
                                        : js_int(s, "sequence_number", -1) == js_int(o, "sequence_number", -2);
            old = same ? o : old;
        }
        if (old) {
            merge_condition(old, s);
        } else {
            json_array_append(list, s);
        }
    }
}

static json_t *trigger_swap(const json_t *r, const json_t *out, const char *base)
{
    const char *was = trigger_category(js_str_or(js_obj(r, "execute_when"), "type", ""));
    const char *now = trigger_category(js_str_or(js_obj(out, "execute_when"), "type", ""));
    if (js_obj(out, "execute_when") && was && now && strcmp(was, now) != 0) {
        return item_error("NOT_ALLOWED", "the trigger's category cannot be changed", at("%s.execute_when.type", base));
    }
    return NULL;
}

json_t *workflow_change(struct call *c, const char *id, const json_t *in, const char *base)
{
    AUTO_JSON json_t *r = id ? config_by_id(c->st, "workflow_rules", NULL, id) : NULL;
    AUTO_JSON json_t *out = json_object();
    AUTO_FREE char *wpath = mem_printf("%s.execute_when", base);
    json_t *bad = !id ? error_missing("%s.id", base) : !r ? error_invalid(NULL, "%s.id", base) : NULL;
    bad = bad ? bad : shape_take(shape, in, out, false, base);
    bad = bad ? bad : name_check(out, base);
    bad = bad ? bad : trigger_swap(r, out, base);
    if (bad) {
        return bad;
    }
    merge_conditions(r, js_arr(out, "conditions"));
    const json_t *status = js_obj(out, "status");
    if (json_is_boolean(json_object_get(status, "active"))) {
        json_object_set(js_obj(r, "status"), "active", json_object_get(status, "active"));
    }
    static const char *const plain_keys[] = {"name", "description", "execute_when"};
    for (size_t i = 0; i < 3; i++) {
        if (json_object_get(out, plain_keys[i])) {
            json_object_set(r, plain_keys[i], json_object_get(out, plain_keys[i]));
        }
    }
    const char *module = js_str(js_obj(r, "module"), "api_name");
    bad = trigger_check(c, module, js_obj(r, "execute_when"), wpath);
    bad = bad ? bad : conditions_check(c, module, js_obj(r, "execute_when"), js_arr(r, "conditions"), base);
    if (!bad) {
        stamp(c, r, false);
        config_put(c->st, "workflow_rules", module, r);
        dated_rule(c, r);
        if (js_bool(status, "delete_schedule_action", false)) {
            automation_forget(c->st, id);
        }
    }
    return bad ? bad : item_ok(id, "workflow updated");
}

static void create(struct call *c)
{
    json_t *items = call_items(c, "workflow_rules", 1);
    if (items) {
        json_t *r = workflow_make(c, json_array_get(items, 0), "$.workflow_rules[0]");
        answer_results(c, 201, "workflow_rules", json_pack("[o]", r));
    }
}

static void update(struct call *c)
{
    json_t *items = call_items(c, "workflow_rules", 1), *in = json_array_get(items, 0);
    if (items) {
        json_t *r = workflow_change(c, c->param[0] ? c->param[0] : js_str(in, "id"), in, "$.workflow_rules[0]");
        answer_results(c, 200, "workflow_rules", json_pack("[o]", r));
    }
}

/* Without include_inner_details an action shows its type and id only (zoho-api.md 6.17). */
static void outline(json_t *rule)
{
    size_t i, k;
    json_t *cond, *a;
    json_array_foreach (js_arr(rule, "conditions"), i, cond) {
        json_array_foreach (js_arr(js_obj(cond, "instant_actions"), "actions"), k, a) {
            json_object_del(a, "name");
            json_object_del(a, "details");
        }
    }
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_query(c, "module") ? call_module(c) : NULL;
    if (c->answered) {
        return;
    }
    json_t *all = config_list(c->st, "workflow_rules", js_str(m, "api_name"));
    const char *active = call_query(c, "status_active");
    for (size_t i = json_array_size(all); i-- > 0;) {
        json_t *r = json_array_get(all, i);
        bool on = js_bool(js_obj(r, "status"), "active", false);
        if (!call_query(c, "include_inner_details")) {
            outline(r);
        }
        if (active && on != (strcmp(active, "true") == 0)) {
            json_array_remove(all, i);
        }
    }
    answer_page(c, "workflow_rules", all);
}

static json_t *by_path(struct call *c)
{
    json_t *r = config_by_id(c->st, "workflow_rules", NULL, c->param[0]);
    if (!r) {
        answer_error(c, 400, "INVALID_DATA", "there is no such rule", json_pack("{s:i}", "resource_path_index", 3));
    }
    return r;
}

static void one(struct call *c)
{
    json_t *r = by_path(c);
    if (r) {
        answer_list(c, "workflow_rules", json_pack("[o]", r));
    }
}

static void usage(struct call *c)
{
    static const char *const needs[] = {"executed_from", "executed_till"};
    int64_t period[2]; /* both ends are in */
    for (size_t i = 0; i < 2; i++) {
        const char *text = call_query(c, needs[i]);
        if (text && clock_parse(text, &period[i], NULL)) {
            answer_json(c, 400, error_invalid("datetime", "$.%s", needs[i]));
            return;
        }
        if (!text) {
            answer_error(c, 400, "REQUIRED_PARAM_MISSING", "a parameter is missing",
                         json_pack("{s:s}", "param_name", needs[i]));
            return;
        }
    }
    AUTO_JSON json_t *r = by_path(c);
    if (!r) {
        return;
    }
    json_t *conds = json_array(), *cond;
    size_t i;
    json_array_foreach (js_arr(r, "conditions"), i, cond) {
        const char *id = js_str_or(cond, "id", "0");
        int64_t n = happening_count(c->st, c->param[0], id, period[0], period[1]);
        json_array_append_new(conds, json_pack("{s:s,s:I,s:{s:[]},s:[]}", "id", id, "usage_count", (json_int_t)n,
                                               "instant_actions", "actions", "scheduled_actions"));
    }
    int64_t all = happening_count(c->st, c->param[0], NULL, period[0], period[1]);
    answer_json(c, 200,
                json_pack("{s:[{s:s,s:s,s:I,s:n,s:o}]}", "workflow_rules", "id", c->param[0], "name",
                          js_str_or(r, "name", ""), "trigger_count", (json_int_t)all, "reset_time", "conditions",
                          conds));
}

static const struct plain rules = {
    "workflow_rules", "workflow_rules", shape, MODULE_NONE, 1, 201, false, true, NULL, NULL};

#define RULES "/crm/v8/settings/automation/workflow_rules"
/* How many there are and may be (OAS26b workflow_rules, DOC:workflow-limits); the numbers of the limits are ours and not enforced. */
static void rules_count(struct call *c)
{
    AUTO_JSON json_t *all = config_list(c->st, "workflow_rules", NULL);
    json_t *r;
    size_t i;
    int active = 0;
    json_array_foreach (all, i, r) {
        active += js_bool(js_obj(r, "status"), "active", false);
    }
    answer_json(c, 200,
                json_pack("{s:{s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i}}", "rules_count", "total_rules_configured",
                          (int)json_array_size(all), "active_rules_configured", active, "total_rules_limit", LIM_RULES,
                          "active_rules_limit", LIM_RULES, "total_rules_limit_per_module", LIM_RULES_PER_MODULE,
                          "active_rules_limit_per_module", LIM_RULES_PER_MODULE, "rules_per_process_limit", 10,
                          "scheduled_actions_per_rule_limit", 5));
}

static const struct route rows[] = {
    {"GET", RULES, "ZohoCRM.settings.workflow_rules", 1, list, NULL},
    {"POST", RULES, "ZohoCRM.settings.workflow_rules", 1, create, NULL},
    {"PUT", RULES, "ZohoCRM.settings.workflow_rules", 1, update, NULL},
    {"DELETE", RULES, "ZohoCRM.settings.workflow_rules", 1, plain_delete, &rules},
    {"GET", RULES "/actions/rules_count", "ZohoCRM.settings.workflow_rules", 1, rules_count, NULL},
    {"GET", RULES "/{id}", "ZohoCRM.settings.workflow_rules", 1, one, NULL},
    {"PUT", RULES "/{id}", "ZohoCRM.settings.workflow_rules", 1, update, NULL},
    {"DELETE", RULES "/{id}", "ZohoCRM.settings.workflow_rules", 1, plain_delete, &rules},
    {"GET", RULES "/{id}/actions/usage", "ZohoCRM.settings.workflow_rules", 1, usage, NULL},
};
ROUTE_TABLE(routes_workflow, rows);
