/*
 * sandbox/plain_kinds.c — rows: automation actions, variables, record locking, what only people make.
 * Sources: zoho-api.md 1.11 (actions), 1.13 (wrapper), 1.16 (locking, variables), 1.17 (validation rules, templates); OAS26a.
 */
#include "sandbox/plain.h"

#include "sandbox/limits.h"
#include "sandbox/route.h"

/* Completes the references in an array: {id} or {api_name} or {name} each. */
static json_t *each_ref(struct call *c, json_t *list, const char *kind, const char *module, const char *key,
                        const char *base)
{
    size_t i;
    json_t *v, *bad = NULL;
    json_array_foreach (list, i, v) {
        AUTO_FREE char *path = mem_printf("%s.%s[%zu]", base, key, i);
        bad = bad ? bad : ref_complete(c->st, v, kind, module, path);
    }
    return bad;
}

static json_t *one_ref(struct call *c, json_t *body, const char *key, const char *kind, const char *module,
                       const char *base)
{
    AUTO_FREE char *path = mem_printf("%s.%s", base, key);
    json_t *v = json_object_get(body, key);
    return v && !json_is_null(v) ? ref_complete(c->st, v, kind, module, path) : NULL;
}

/* ---- field updates ---- */

static const struct shape field_update_shape[] = {
    {"name", TEXT, true, 0, NULL},
    {"module", OBJECT, true, 0, NULL},
    {"feature_type", TEXT, true, 0, "workflow|approval|review|blueprint|cadences"},
    {"type", TEXT, true, 0, "static|merge_field|execution_time"},
    {"field", OBJECT, true, 0, NULL},
    {"value", ANY, false, 0, NULL},
    {"update_type", TEXT, false, 0, "append|overwrite"},
    {"dependent_fields", ARRAY, false, 0, NULL},
    {0}};

static json_t *field_update_complete(struct call *c, const char *module, json_t *o, const json_t *before,
                                     const char *base)
{
    (void)before;
    json_t *bad = one_ref(c, o, "field", "fields", module, base);
    AUTO_JSON json_t *f = bad ? NULL : config_by_id(c->st, "fields", module, js_str_or(js_obj(o, "field"), "id", ""));
    const char *value = js_str(o, "value");
    if (f && value && *value && strcmp(js_str_or(o, "type", ""), "static") == 0 &&
        strcmp(js_str_or(f, "data_type", ""), "picklist") == 0) {
        json_t *v, *values = json_array();
        size_t i;
        bool found = false;
        json_array_foreach (js_arr(f, "pick_list_values"), i, v) {
            found = found || strcmp(js_str_or(v, "actual_value", ""), value) == 0;
            json_array_append(values, json_object_get(v, "actual_value"));
        }
        json_t *d = at("%s.value", base);
        js_set(d, "supported_values", values);
        if (!found) {
            return item_error("INVALID_DATA", "the value is not in the picklist", d);
        }
        json_decref(d);
    }
    js_set(o, "source", json_string("crm"));
    return bad;
}

/* ---- e-mail notifications (DOC:create-email-notification; recipients' details partly unproven) ---- */

static const struct shape notification_shape[] = {{"name", TEXT, true, 0, NULL},
                                                  {"module", OBJECT, true, 0, NULL},
                                                  {"feature_type", TEXT, true, 0, NULL},
                                                  {"template", OBJECT, true, 0, NULL},
                                                  {"recipients", ARRAY, true, 0, NULL},
                                                  {"from_address", OBJECT, false, 0, NULL},
                                                  {"reply_to_address", OBJECT, false, 0, NULL},
                                                  {"cc_recipients", ARRAY, false, 0, NULL},
                                                  {"bcc_recipients", ARRAY, false, 0, NULL},
                                                  {0}};

static json_t *notification_complete(struct call *c, const char *module, json_t *o, const json_t *before,
                                     const char *base)
{
    (void)before;
    size_t i;
    json_t *r;
    json_t *bad = one_ref(c, o, "template", "email_templates", module, base);
    json_array_foreach (js_arr(o, "recipients"), i, r) {
        if (!bad && !js_str(r, "type")) {
            bad = error_missing("%s.recipients[%zu].type", base, i);
        }
    }
    return bad;
}

/* ---- tasks ---- */

static const struct shape task_shape[] = {{"name", TEXT, true, 0, NULL},
                                          {"module", OBJECT, true, 0, NULL},
                                          {"feature_type", TEXT, true, 0, NULL},
                                          {"notify", BOOL, false, 0, NULL},
                                          {"remind_assignee", ANY, false, 0, NULL},
                                          {"field_mappings", ARRAY, true, 0, NULL},
                                          {0}};

static bool task_gate(struct call *c)
{
    if (c->s->on[SWITCH_trial]) {
        answer_error(c, 400, "INVALID_REQUEST", "unable to process your request", NULL);
    }
    return c->answered;
}

static json_t *task_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    (void)before;
    json_t *maps = js_arr(o, "field_mappings"), *bad = NULL;
    for (size_t i = 0; !bad && i < json_array_size(maps); i++) {
        json_t *m = json_array_get(maps, i), *f = json_object_get(m, "field");
        AUTO_FREE char *path = mem_printf("%s.field_mappings[%zu].field", base, i);
        bad = f ? ref_complete(c->st, f, "fields", "Tasks", path) : error_missing("%s", path);
        const char *api = js_str_or(f, "api_name", "");
        bool merge = strcmp(js_str_or(m, "type", ""), "merge_field") == 0;
        if (!bad && merge && strcmp(api, "Due_Date") == 0) { /* zoho-api.md 1.11 [C1] */
            bad = error_choice("execution_time", "%s.field_mappings[%zu].type", base, i);
        } else if (!bad && merge && (strcmp(api, "Description") == 0 || strcmp(api, "Owner") == 0)) {
            json_array_remove(maps, i--); /* accepted and silently dropped [C1] */
        }
    }
    return bad;
}

/* ---- webhooks ---- */

static const struct shape webhook_shape[] = {{"name", TEXT, true, 0, NULL},
                                             {"description", TEXT, false, 0, NULL},
                                             {"module", OBJECT, true, 0, NULL},
                                             {"feature_type", TEXT, true, 0, NULL},
                                             {"url", TEXT, true, 0, NULL},
                                             {"http_method", TEXT, true, 0, "GET|POST|PUT|PATCH|DELETE"},
                                             {"authentication", OBJECT, true, 0, NULL},
                                             {"headers", OBJECT, false, 0, NULL},
                                             {"url_parameters", OBJECT, false, 0, NULL},
                                             {"body", OBJECT, false, 0, NULL},
                                             {"date_format", TEXT, false, 0, NULL},
                                             {"date_time_format", TEXT, false, 0, NULL},
                                             {"time_zone", TEXT, false, 0, NULL},
                                             {0}};

static json_t *webhook_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)c;
    (void)module;
    (void)before;
    const char *url = js_str_or(o, "url", "");
    static const char *const inside[] = {"//localhost", "//127.", "//10.", "//192.168.", "//169.254."};
    bool bad = strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) { /* private addresses are refused (1.11) */
        bad = bad || strstr(url, inside[i]) != NULL;
    }
    return bad ? error_invalid(NULL, "%s.url", base) : NULL;
}

/* ---- the wrapper that makes a function a workflow action (undocumented, 1.13) ---- */

static const struct shape wrapper_shape[] = {
    {"name", TEXT, true, 0, NULL},          {"description", TEXT, false, 0, NULL},
    {"module", OBJECT, true, 0, NULL},      {"feature_type", TEXT, true, 0, NULL},
    {"language", TEXT, false, 0, "deluge"}, {"function", OBJECT, true, 0, NULL},
    {"arguments", ANY, false, 0, NULL},     {0}};

static bool wrapper_gate(struct call *c)
{
    if (c->s->on[SWITCH_wrapper] && !c->person) {
        answer_results(c, 200, "functions",
                       json_pack("[o]", item_error("NOT_ALLOWED", "not allowed in this org", NULL)));
    }
    return c->answered;
}

static json_t *wrapper_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    (void)before;
    return one_ref(c, o, "function", "functions", NULL, base);
}

/* ---- variables ---- */

/* Types: the union of both OpenAPI editions (1.16). */
static const struct shape variable_shape[] = {
    {"name", TEXT, true, 0, NULL},
    {"api_name", TEXT, true, 0, NULL},
    {"description", TEXT, false, 0, NULL},
    {"type", TEXT, true, 0,
     "text|textarea|integer|long|double|percent|currency|date|datetime|email|phone|website|checkbox|boolean|float"},
    {"variable_group", OBJECT, true, 0, NULL},
    {"value", ANY, false, 0, NULL},
    {0}};

static json_t *variable_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    if (before && strcmp(js_str_or(o, "type", ""), js_str_or(before, "type", "")) != 0) {
        return item_error("NOT_ALLOWED", "the type of a variable cannot be changed", at("%s.type", base));
    }
    json_t *bad = one_ref(c, o, "variable_group", "variable_groups", NULL, base), *v = json_object_get(o, "value");
    if (json_is_integer(v)) { /* GET shows text (OAS26a) */
        js_set_strf(o, "value", "%lld", (long long)json_integer_value(v));
    }
    if (!before) {
        js_set_bool(o, "read_only", false);
        js_set_str(o, "source", "crm");
        js_set_str(o, "description", js_str(o, "description"));
    }
    return bad;
}

static const struct shape group_shape[] = {{"name", TEXT, false, 0, NULL}, {"description", TEXT, false, 0, NULL}, {0}};

/* ---- record locking ---- */

static const struct shape locking_shape[] = {
    {"lock_type", TEXT, true, 0, "automatic|manual|both"},
    {"locked_for", TEXT, true, 0, "all_profiles|all_profiles_except_excluded_profiles"},
    {"lock_excluded_profiles", ARRAY, false, 0, NULL},
    {"excluded_fields", ARRAY, false, 0, NULL},
    {"restricted_actions", ARRAY, false, 0, "update|delete|change_owner|tags|convert"},
    {"restricted_communications", ARRAY, false, 0, "send_mail"},
    {"restricted_custom_buttons", ARRAY, false, 0, NULL},
    {"lock_for_portal_users", BOOL, false, 0, NULL},
    {"feature_type", TEXT, true, 0, "record_locking"},
    {"locking_rules", ARRAY, false, LIM_LOCKING_RULES, NULL},
    {0}};

static bool locking_gate(struct call *c)
{
    if (c->s->on[SWITCH_record_locking] && !c->person) {
        answer_error(c, 403, "FEATURE_NOT_SUPPORTED", "the feature is not in this edition", NULL);
    }
    return c->answered;
}

static json_t *locking_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    size_t i;
    json_t *r;
    json_t *bad = each_ref(c, js_arr(o, "excluded_fields"), "fields", module, "excluded_fields", base);
    bad =
        bad ? bad : each_ref(c, js_arr(o, "lock_excluded_profiles"), "profiles", NULL, "lock_excluded_profiles", base);
    json_array_foreach (js_arr(o, "locking_rules"), i, r) {
        AUTO_FREE char *path = mem_printf("%s.locking_rules[%zu].criteria", base, i);
        if (!bad && !js_str(r, "name")) {
            bad = error_missing("%s.locking_rules[%zu].name", base, i);
        }
        bad = bad ? bad : criteria_check(c->st, module, json_object_get(r, "criteria"), path);
        if (!bad && !js_str(r, "id")) {
            char id[STORE_ID_TEXT];
            store_new_id(c->st, id);
            js_set_str(r, "id", id);
        }
    }
    if (!before) {
        static const char *const lists[] = {"lock_excluded_profiles",    "excluded_fields",
                                            "restricted_actions",        "restricted_communications",
                                            "restricted_custom_buttons", "locking_rules"};
        for (i = 0; i < sizeof lists / sizeof *lists; i++) {
            if (!json_object_get(o, lists[i])) {
                js_set(o, lists[i], json_array());
            }
        }
        js_set_bool(o, "system_defined", false);
        js_set_bool(o, "lock_for_portal_users", js_bool(o, "lock_for_portal_users", false));
    }
    return bad;
}

/* ---- made by people only ---- */

static const struct shape template_shape[] = {{"name", TEXT, true, 0, NULL},
                                              {"module", OBJECT, true, 0, NULL},
                                              {"subject", TEXT, true, 0, NULL},
                                              {"content", TEXT, false, 0, NULL},
                                              {"folder", ANY, false, 0, NULL},
                                              {"editor_mode", TEXT, false, 0, "plain_text|rich_text|gallery"},
                                              {"category", TEXT, false, 0, "normal|draft"},
                                              {"attachments", ARRAY, false, 0, NULL},
                                              {0}};

static json_t *template_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    (void)base;
    json_t *folder = json_object_get(o, "folder");
    AUTO_FREE char *name = mem_dup(json_is_string(folder) ? json_string_value(folder)
                                                          : js_str_or(folder, "name", "Public Email Templates"));
    if (!js_str(js_obj(o, "folder"), "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set(o, "folder", json_pack("{s:s,s:s}", "name", name, "id", id));
    }
    if (!before) {
        js_set_str(o, "editor_mode", js_str_or(o, "editor_mode", "rich_text"));
        js_set_str(o, "category", js_str_or(o, "category", "normal"));
        js_set_bool(o, "favorite", false);
        js_set_bool(o, "associated", false);
        js_set_bool(o, "active", true);
        js_set_bool(o, "consent_linked", false);
        js_set(o, "attachments", json_array());
    }
    return NULL;
}

/* The shape of this read is our assumption: no document shows it (docs/CONFORMANCE.md, Sandbox). */
static const struct shape validation_shape[] = {{"name", TEXT, true, 0, NULL},
                                                {"description", TEXT, false, 0, NULL},
                                                {"layout", OBJECT, true, 0, NULL},
                                                {"field", OBJECT, true, 0, NULL},
                                                {"type", TEXT, true, 0, "criteria|function"},
                                                {"function", OBJECT, false, 0, NULL},
                                                {"criteria", OBJECT, false, 0, NULL},
                                                {"message", TEXT, false, LIM_VALIDATION_MESSAGE, NULL},
                                                {"active", BOOL, false, 0, NULL},
                                                {0}};

static json_t *validation_complete(struct call *c, const char *module, json_t *o, const json_t *before,
                                   const char *base)
{
    (void)before;
    bool function = strcmp(js_str_or(o, "type", ""), "function") == 0;
    json_t *bad = one_ref(c, o, "layout", "layouts", module, base);
    bad = bad ? bad : one_ref(c, o, "field", "fields", module, base);
    bad = bad ? bad : one_ref(c, o, "function", "functions", NULL, base);
    if (!bad && !json_object_get(o, function ? "function" : "criteria")) {
        json_t *d = at("%s.%s", base, function ? "function" : "criteria");
        js_set(d, "dependee", at("%s.type", base));
        bad = item_error("DEPENDENT_FIELD_MISSING", "the type needs this property", d);
    }
    AUTO_FREE char *path = mem_printf("%s.criteria", base);
    json_t *criteria = js_obj(o, "criteria");
    bad = bad ? bad : criteria ? criteria_check(c->st, module, criteria, path) : NULL;
    AUTO_JSON json_t *m = config_by_api(c->st, "modules", NULL, module);
    js_set(o, "module", json_pack("{s:s,s:s}", "api_name", module, "id", js_str_or(m, "id", "")));
    js_set_bool(o, "active", js_bool(o, "active", true));
    return bad;
}

static void validation_list(struct call *c)
{
    if (c->s->on[SWITCH_validation_read]) {
        answer_error(c, 404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one", NULL);
        return;
    }
    plain_list(c);
}

static void validation_post(struct call *c)
{
    answer_error(c, 500, "INTERNAL_ERROR", "Internal Server Error", NULL); /* seen: POST answers 500 [C2] */
}

static const struct shape connection_shape[] = {
    {"name", TEXT, true, 0, NULL}, {"service", TEXT, false, 0, NULL}, {"scopes", ARRAY, false, 0, NULL}, {0}};
static const struct shape manual_shape[] = {{"name", TEXT, true, 0, NULL}, {"text", TEXT, false, 0, NULL}, {0}};

const struct plain plain_field_updates = {"field_updates",
                                          "field_updates",
                                          field_update_shape,
                                          MODULE_BODY,
                                          1,
                                          201,
                                          false,
                                          true,
                                          field_update_complete,
                                          NULL};
const struct plain plain_email_notifications = {"email_notifications",
                                                "email_notifications",
                                                notification_shape,
                                                MODULE_BODY,
                                                1,
                                                201,
                                                false,
                                                true,
                                                notification_complete,
                                                NULL};
const struct plain plain_tasks = {"tasks", "tasks", task_shape, MODULE_BODY,   1,
                                  201,     false,   true,       task_complete, task_gate};
const struct plain plain_webhooks = {"webhooks", "webhooks", webhook_shape, MODULE_BODY,      1,
                                     201,        false,      true,          webhook_complete, NULL};
const struct plain plain_wrappers = {
    "automation_functions", "functions", wrapper_shape, MODULE_BODY, 1, 201, false, true,
    wrapper_complete,       wrapper_gate};
const struct plain plain_variables = {"variables", "variables", variable_shape, MODULE_NONE,       100,
                                      201,         true,        false,          variable_complete, NULL};
static const struct plain variable_groups = {
    "variable_groups", "variable_groups", group_shape, MODULE_NONE, 100, 201, true, false, NULL, NULL};
const struct plain plain_record_locking = {"record_locking_configurations",
                                           "record_locking_configurations",
                                           locking_shape,
                                           MODULE_QUERY,
                                           1,
                                           201,
                                           false,
                                           false,
                                           locking_complete,
                                           locking_gate};
const struct plain plain_email_templates = {
    "email_templates", "email_templates", template_shape, MODULE_BODY, 1, 201, true, true, template_complete, NULL};
const struct plain plain_validation_rules = {"validation_rules",
                                             "validation_rules",
                                             validation_shape,
                                             MODULE_QUERY,
                                             1,
                                             201,
                                             true,
                                             false,
                                             validation_complete,
                                             NULL};
const struct plain plain_connections = {
    "connections", "connections", connection_shape, MODULE_NONE, 1, 201, true, false, NULL, NULL};
const struct plain plain_manual = {"manual", "manual", manual_shape, MODULE_NONE, 1, 201, true, false, NULL, NULL};
static const struct plain related = {"related_lists", "related_lists", NULL, MODULE_QUERY, 0, 0,
                                     false,           false,           NULL, NULL};

#define ACTIONS(path, row)                                                                                              \
    {"GET", "/crm/v8/settings/automation/" path, "ZohoCRM.settings.automation_actions", 1, plain_list, row},            \
        {"POST", "/crm/v8/settings/automation/" path, "ZohoCRM.settings.automation_actions", 1, plain_create, row},     \
        {"PUT", "/crm/v8/settings/automation/" path, "ZohoCRM.settings.automation_actions", 1, plain_update, row},      \
        {"DELETE", "/crm/v8/settings/automation/" path, "ZohoCRM.settings.automation_actions", 1, plain_delete, row},   \
        {"GET", "/crm/v8/settings/automation/" path "/{id}", "ZohoCRM.settings.automation_actions", 1, plain_one, row}, \
        {"PUT", "/crm/v8/settings/automation/" path "/{id}", "ZohoCRM.settings.automation_actions", 1, plain_update,    \
         row},                                                                                                          \
    {                                                                                                                   \
        "DELETE", "/crm/v8/settings/automation/" path "/{id}", "ZohoCRM.settings.automation_actions", 1, plain_delete,  \
            row                                                                                                         \
    }
#define LOCKING    "/crm/v8/settings/record_locking_configurations"
#define LOCK_SCOPE "ZohoCRM.settings.record_locking_configurations"
#define VARIABLES  "/crm/v8/settings/variables"

static const struct route rows[] = {
    ACTIONS("field_updates", &plain_field_updates),
    ACTIONS("email_notifications", &plain_email_notifications),
    ACTIONS("tasks", &plain_tasks),
    ACTIONS("webhooks", &plain_webhooks),
    ACTIONS("functions", &plain_wrappers),
    {"GET", VARIABLES, "ZohoCRM.settings.variables", 1, plain_list, &plain_variables},
    {"POST", VARIABLES, "ZohoCRM.settings.variables", 1, plain_create, &plain_variables},
    {"PUT", VARIABLES, "ZohoCRM.settings.variables", 1, plain_update, &plain_variables},
    {"DELETE", VARIABLES, "ZohoCRM.settings.variables", 1, plain_delete, &plain_variables},
    {"GET", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_one, &plain_variables},
    {"PUT", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_update, &plain_variables},
    {"DELETE", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_delete, &plain_variables},
    {"GET", "/crm/v8/settings/variable_groups", "ZohoCRM.settings.variable_groups", 1, plain_list, &variable_groups},
    {"GET", "/crm/v8/settings/variable_groups/{id}", "ZohoCRM.settings.variable_groups", 1, plain_one,
     &variable_groups},
    {"PUT", "/crm/v8/settings/variable_groups/{id}", "ZohoCRM.settings.variable_groups", 1, plain_update,
     &variable_groups},
    {"GET", LOCKING, LOCK_SCOPE, 1, plain_list, &plain_record_locking},
    {"POST", LOCKING, LOCK_SCOPE, 1, plain_create, &plain_record_locking},
    {"GET", LOCKING "/{id}", LOCK_SCOPE, 1, plain_one, &plain_record_locking},
    {"PUT", LOCKING "/{id}", LOCK_SCOPE, 1, plain_update, &plain_record_locking},
    {"DELETE", LOCKING "/{id}", LOCK_SCOPE, 1, plain_delete, &plain_record_locking},
    {"GET", "/crm/v8/settings/related_lists", "ZohoCRM.settings.related_lists", 1, plain_list, &related},
    {"GET", "/crm/v8/settings/email_templates", "ZohoCRM.templates.email", 1, plain_list, &plain_email_templates},
    {"GET", "/crm/v8/settings/email_templates/{id}", "ZohoCRM.templates.email", 1, plain_one, &plain_email_templates},
    {"GET", "/crm/v8/settings/validation_rules", "ZohoCRM.settings.validation_rules", 1, validation_list,
     &plain_validation_rules},
    {"POST", "/crm/v8/settings/validation_rules", "ZohoCRM.settings.validation_rules", 1, validation_post,
     &plain_validation_rules},
};
ROUTE_TABLE(routes_plain, rows);
