/* sandbox/locking.c — record locking configurations (zoho-api.md 1.16; OAS26a). */
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
    json_array_foreach (js_arr(o, "lock_excluded_profiles"), i, r) {
        json_object_del(r, "api_name"); /* id and name, in both OpenAPI editions */
    }
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

#define LOCKING    "/crm/v8/settings/record_locking_configurations"
#define LOCK_SCOPE "ZohoCRM.settings.record_locking_configurations"

static const struct route rows[] = {
    {"GET", LOCKING, LOCK_SCOPE, 1, plain_list, &plain_record_locking},
    {"POST", LOCKING, LOCK_SCOPE, 1, plain_create, &plain_record_locking},
    {"GET", LOCKING "/{id}", LOCK_SCOPE, 1, plain_one, &plain_record_locking},
    {"PUT", LOCKING "/{id}", LOCK_SCOPE, 1, plain_update, &plain_record_locking},
    {"DELETE", LOCKING "/{id}", LOCK_SCOPE, 1, plain_delete, &plain_record_locking},
};
ROUTE_TABLE(routes_locking, rows);
