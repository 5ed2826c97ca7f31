/*
 * sandbox/action.c — what a workflow rule may do, as settings: field updates, e-mail notifications, tasks, webhooks, functions.
 * Sources: zoho-api.md 1.11 (actions), 1.13 (wrapper); OAS26a.
 */
#include "sandbox/plain.h"

#include "sandbox/route.h"

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
    json_t *bad = plain_ref(c, o, "field", "fields", module, base);
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
    json_t *bad = plain_ref(c, o, "template", "email_templates", module, base);
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
    return plain_ref(c, o, "function", "functions", NULL, base);
}

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

static const struct route rows[] = {
    ACTIONS("field_updates", &plain_field_updates),
    ACTIONS("email_notifications", &plain_email_notifications),
    ACTIONS("tasks", &plain_tasks),
    ACTIONS("webhooks", &plain_webhooks),
    ACTIONS("functions", &plain_wrappers),
};
ROUTE_TABLE(routes_action, rows);
