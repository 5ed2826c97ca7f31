/* sandbox/discover.c — what the org says of itself: /__apis, /__features, /org. Source: zoho-api.md 1.1; OAS26a apis,
 * features, org. */
#include "sandbox/limits.h"
#include "sandbox/route.h"
#include "sandbox/service.h"

static void org(struct call *c)
{
    answer_json(c, 200, json_pack("{s:[o]}", "org", json_deep_copy(org_object(c->s))));
}

/* Undocumented calls are served but not listed (zoho-api.md 1.13, 1.17; 6.19: __apis is strong, not absolute,
 * evidence). */
static bool listed(const struct sandbox *s, const struct route *r)
{
    static const struct {
        const char *part;
        enum sandbox_switch when; /* its writes are hidden while this is on; SWITCH__MAX = all of it, always */
    } hidden[] = {
        {"/oauth/", SWITCH__MAX},
        {"/automation/functions", SWITCH__MAX},
        {"/validation_rules", SWITCH__MAX},
        {"/settings/functions", SWITCH_functions},
        {"/custom_views", SWITCH_custom_views},
    };
    if (service_of(r->pattern) != SERVICE_CRM) {
        return false;
    }
    bool writes = strcmp(r->method, "GET") != 0;
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        bool always = hidden[i].when == SWITCH__MAX;
        if (strstr(r->pattern, hidden[i].part) && (always || (writes && s->on[hidden[i].when]))) {
            return false;
        }
    }
    return true;
}

static json_t *operation(const struct route *r)
{
    static const struct {
        const char *method, *op;
    } ops[] = {{"GET", "READ"}, {"POST", "CREATE"}, {"PUT", "UPDATE"}, {"PATCH", "UPDATE"}, {"DELETE", "DELETE"}};
    size_t n = strcspn(r->scope, "&"); /* of two the first: the answer has room for one */
    AUTO_FREE char *scope = NULL;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        if (strcmp(r->method, ops[i].method) == 0) {
            scope = n > 2 && strncmp(r->scope + n - 2, ".=", 2) == 0
                        ? mem_dupn(r->scope, n - 2)
                        : mem_printf("%.*s.%s", (int)n, r->scope, ops[i].op);
        }
    }
    return json_pack("{s:s,s:s,s:i,s:i}", "method", r->method, "oauth_scope", scope, "min_credits", r->credits,
                     "max_credits", r->credits);
}

static void apis(struct call *c)
{
    AUTO_JSON json_t *by_path = json_object();
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (r->scope && listed(c->s, r)) {
            json_t *ops = json_object_get(by_path, r->pattern);
            if (!ops) {
                ops = json_array();
                js_set(by_path, r->pattern, ops);
            }
            json_array_append_new(ops, operation(r));
        }
    }
    json_t *out = json_array(), *ops;
    const char *path;
    json_object_foreach (by_path, path, ops) {
        json_array_append_new(out, json_pack("{s:s,s:O}", "path", path, "operation_types", ops));
    }
    answer_json(c, 200, json_pack("{s:o}", "__apis", out));
}

/* Editions in ascending order; a feature is there from `from` on. Limits per edition where the facts name them
 * (zoho-api.md 1.5 subforms; -1 = none known). */
static const char *const ladder[] = {"free", "standard", "professional", "enterprise", "ultimate"};
static const struct {
    const char *api_name, *label;
    int from;
    bool per_module;
} features[] = {
    {"custom_modules", "Custom Modules", 3, false},
    {"workflow_rules", "Workflow Rules", 1, true},
    {"blueprint", "Blueprint", 2, true},
    {"functions", "Functions", 3, false},
    {"validation_rules", "Validation Rules", 2, true},
    {"record_locking", "Record Locking", 3, true},
    {"custom_views", "Custom Views", 0, true},
    {"subforms", "Subforms", 3, true},
    {"assignment_rules", "Assignment Rules", 2, true},
    {"global_picklists", "Global Sets", 3, false},
};

static int rung(struct call *c)
{
    const char *type = js_str_or(js_obj(org_object(c->s), "license_details"), "paid_type", "free");
    for (int i = 0; i < (int)(sizeof ladder / sizeof *ladder); i++) {
        if (strcmp(ladder[i], type) == 0) {
            return i;
        }
    }
    return 0;
}

static bool gated(const struct sandbox *s, const char *api_name)
{
    return (s->on[SWITCH_functions] && strcmp(api_name, "functions") == 0) ||
           (s->on[SWITCH_record_locking] && strcmp(api_name, "record_locking") == 0);
}

/* Of one module when it is named: OAS26a features; the limit's number is ours and not enforced. */
static void custom_fields(struct call *c, json_t *out)
{
    const char *module = call_query(c, "module"), *names = call_query(c, "api_names");
    json_t *f, *details;
    size_t i;
    int used = 0;
    if (!module || !names || !strstr(names, "custom_field")) {
        return;
    }
    AUTO_JSON json_t *fields = config_list(c->st, "fields", module);
    json_array_foreach (fields, i, f) {
        used += js_bool(f, "custom_field", false);
    }
    details = json_pack("{s:{s:i},s:{s:i},s:{s:i}}", "limits", "total", LIM_CUSTOM_FIELDS, "used_count", "total", used,
                        "available_count", "total", LIM_CUSTOM_FIELDS - used);
    json_array_append_new(out, json_pack("{s:s,s:s,s:b,s:n,s:o,s:[]}", "api_name", "custom_field", "feature_label",
                                         "Custom Fields", "module_supported", 1, "parent_feature", "details", details,
                                         "components"));
}

static void feature_list(struct call *c)
{
    json_t *out = json_array();
    custom_fields(c, out);
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        if (rung(c) < features[i].from || gated(c->s, features[i].api_name) ||
            (c->param[0] && strcmp(c->param[0], features[i].api_name) != 0) ||
            (call_query(c, "api_names") && !strstr(call_query(c, "api_names"), features[i].api_name))) {
            continue;
        }
        json_array_append_new(out, json_pack("{s:s,s:s,s:b,s:n,s:{},s:[]}", "api_name", features[i].api_name,
                                             "feature_label", features[i].label, "module_supported",
                                             (int)features[i].per_module, "parent_feature", "details", "components"));
    }
    if (c->param[0]) {
        answer_list(c, "__features", out);
    } else {
        answer_page(c, "__features", out);
    }
}

static const struct route rows[] = {
    {"GET", "/crm/v8/__apis", "ZohoCRM.apis", 1, apis, NULL},
    {"GET", "/crm/v8/__features", "ZohoCRM.features", 1, feature_list, NULL},
    {"GET", "/crm/v8/__features/{feature}", "ZohoCRM.features", 1, feature_list, NULL},
    {"GET", "/crm/v8/org", "ZohoCRM.org", 1, org, NULL},
};
ROUTE_TABLE(routes_org, rows);
