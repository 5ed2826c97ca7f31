/* sandbox/assign_rule.c — /settings/automation/assignment_rules: what a rule may say. Source: zoho-api.md 1.15; OAS26a and OAS26b
 * assignment_rules. What a rule does: assign.c. */
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"

static const struct shape shape[] = {{"name", TEXT, true, 0, NULL},
                                     {"api_name", TEXT, false, 0, NULL},
                                     {"description", TEXT, false, 0, NULL},
                                     {"default_assignee", OBJECT, false, 0, NULL},
                                     {"rule_entries", ARRAY, true, LIM_ASSIGNMENT_ENTRIES, NULL},
                                     {0}};

static const char kinds_of_assignee[] = "users|user|roles|role|profiles|profile";

static const char *kind_of(const char *type)
{
    return *type == 'u' ? "users" : *type == 'r' ? "roles" : "profiles";
}

static json_t *assignees(struct call *c, json_t *to, const char *base)
{
    const char *type = js_str(to, "type");
    json_t *list = js_arr(to, "resources"), *r, *bad = NULL;
    size_t i;
    if (!type || !list) {
        return error_missing("%s.assign_to.%s", base, type ? "resources" : "type");
    }
    if (!one_of(kinds_of_assignee, type)) {
        return error_choice(kinds_of_assignee, "%s.assign_to.type", base);
    }
    json_array_foreach (list, i, r) {
        AUTO_FREE char *path = mem_printf("%s.assign_to.resources[%zu]", base, i);
        bad = bad ? bad : ref_complete(c->st, r, kind_of(type), NULL, path);
    }
    return bad;
}

static json_t *entry_check(struct call *c, const char *module, json_t *entry, const char *base)
{
    AUTO_FREE char *path = mem_printf("%s.criteria", base);
    json_t *criteria = json_object_get(entry, "criteria"), *to = json_object_get(entry, "assign_to");
    json_t *bad = criteria && !json_is_null(criteria) ? criteria_check(c->st, module, criteria, path) : NULL;
    bad = bad ? bad : to ? assignees(c, to, base) : error_missing("%s.assign_to", base);
    if (!bad && !js_str(entry, "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set_str(entry, "id", id);
    }
    return bad;
}

static json_t *complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    if (!before && config_count(c->st, "assignment_rules", module) >= LIM_ASSIGNMENT_RULES) {
        return item_error("LIMIT_EXCEEDED", "too many assignment rules",
                          json_pack("{s:i}", "limit", LIM_ASSIGNMENT_RULES));
    }
    json_t *assignee = js_obj(o, "default_assignee"), *who = json_object_get(assignee, "resource"), *e;
    AUTO_FREE char *path = mem_printf("%s.default_assignee.resource", base);
    size_t i;
    json_t *bad = !assignee || who ? NULL : error_missing("%s", path);
    if (!bad && who && strcmp(js_str_or(who, "api_name", ""), "${CURRENTUSER}") != 0) {
        bad = ref_complete(c->st, who, "users", NULL, path);
    }
    json_array_foreach (js_arr(o, "rule_entries"), i, e) {
        AUTO_FREE char *at_e = mem_printf("%s.rule_entries[%zu]", base, i);
        bad = bad ? bad : entry_check(c, module, e, at_e);
        js_set_int(e, "sequence_number", (int64_t)i + 1);
    }
    if (!bad && !before) {
        AUTO_JSON json_t *m = module_get(c->st, module);
        js_set(o, "module",
               json_pack("{s:s,s:s,s:s}", "api_name", module, "id", js_str_or(m, "id", ""), "name", module));
        js_set_str(o, "description", js_str_or(o, "description", ""));
        js_set_str(o, "api_name", js_str_or(o, "api_name", js_str(o, "name")));
        if (assignee) {
            js_set_str(assignee, "type", "user");
        }
    }
    return bad;
}

static const struct plain rules = {
    "assignment_rules", "assignment_rules", shape, MODULE_QUERY, 1, 201, true, true, complete, NULL};

/* module may be left out (OAS26a). */
static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_query(c, "module") ? call_module(c) : NULL;
    if (!c->answered) {
        answer_page(c, "assignment_rules", config_list(c->st, "assignment_rules", js_str(m, "api_name")));
        if (json_array_size(js_arr(c->answer, "assignment_rules")) == 0) {
            c->answered = false;
            json_decref(c->answer);
            c->answer = NULL;
            answer_none(c);
        }
    }
}

/* zoho-api.md 1.15: the modules that have them. */
static void create(struct call *c)
{
    static const char some[] = "Leads|Accounts|Contacts|Deals|Tasks|Cases";
    AUTO_JSON json_t *m = call_module(c);
    bool custom = strcmp(js_str_or(m, "generated_type", ""), "custom") == 0;
    if (m && !custom && !one_of(some, js_str_or(m, "api_name", ""))) {
        answer_error(c, 400, "NOT_SUPPORTED", "the module has no assignment rules",
                     json_pack("{s:s}", "param_name", "module"));
    }
    if (!c->answered) {
        plain_create(c);
        json_t *done = json_array_get(js_arr(c->answer, "assignment_rules"), 0), *e;
        AUTO_JSON json_t *o =
            config_by_id(c->st, "assignment_rules", NULL, js_str_or(js_obj(done, "details"), "id", "0"));
        json_t *ids = json_array();
        size_t i;
        json_array_foreach (js_arr(o, "rule_entries"), i, e) {
            json_array_append_new(ids, json_pack("{s:O}", "id", json_object_get(e, "id")));
        }
        if (o) {
            js_set(js_obj(done, "details"), "rule_entries", ids);
        } else {
            json_decref(ids);
        }
    }
}

#define PATH  "/crm/v8/settings/automation/assignment_rules"
#define SCOPE "ZohoCRM.settings.assignment_rules"
static const struct route rows[] = {
    {"GET", PATH, SCOPE, 1, list, NULL},
    {"POST", PATH, SCOPE, 1, create, &rules},
    {"GET", PATH "/{id}", SCOPE, 1, plain_one, &rules},
    {"PUT", PATH "/{id}", SCOPE, 1, plain_update, &rules},
    {"DELETE", PATH "/{id}", SCOPE, 1, plain_delete, &rules},
};
ROUTE_TABLE(routes_assign_rule, rows);
