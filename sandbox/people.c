/* sandbox/people.c — roles, permission profiles (by clone), users. Source: zoho-api.md 1.3, 1.16; OAS26a roles,
 * profiles, users. */
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/limits.h"
#include "sandbox/route.h"

static void list(struct call *c)
{
    const char *kind = c->route->arg;
    json_t *all = config_list(c->st, kind, NULL);
    const char *type = call_query(c, "type"); /* of users; OAS26a users */
    if (strcmp(kind, "users") == 0 && type && strcmp(type, "CurrentUser") == 0) {
        json_decref(all);
        answer_list(c, kind, json_pack("[o]", org_actor(c->s)));
    } else if (strcmp(kind, "users") == 0) {
        answer_page(c, kind, all);
    } else {
        answer_list(c, kind, all);
    }
}

static json_t *by_path(struct call *c)
{
    json_t *o = config_by_id(c->st, c->route->arg, NULL, c->param[0]);
    if (!o) {
        answer_error(c, 400, "INVALID_DATA", "there is no such object", json_pack("{s:i}", "resource_path_index", 2));
    }
    return o;
}

static void one(struct call *c)
{
    json_t *o = by_path(c);
    if (o) {
        answer_list(c, c->route->arg, json_pack("[o]", o));
    }
}

static const struct shape role_shape[] = {{"name", TEXT, true, 0, NULL},
                                          {"reporting_to", OBJECT, false, 0, NULL},
                                          {"share_with_peers", BOOL, false, 0, NULL},
                                          {"description", TEXT, false, 0, NULL},
                                          {0}};

static json_t *role_check(struct call *c, const json_t *in, json_t *out, const char *but_id, const char *base)
{
    json_t *bad = shape_take(role_shape, in, out, *but_id == '\0', base);
    AUTO_FREE char *path = mem_printf("%s.reporting_to", base);
    if (!bad && js_obj(out, "reporting_to")) {
        bad = ref_complete(c->st, js_obj(out, "reporting_to"), "roles", NULL, path);
        json_object_del(js_obj(out, "reporting_to"), "api_name");
    }
    AUTO_JSON json_t *same = js_str(out, "name") ? config_by_name(c->st, "roles", NULL, js_str(out, "name")) : NULL;
    if (!bad && same && strcmp(js_str_or(same, "id", ""), but_id) != 0) {
        bad = item_error("DUPLICATE_DATA", "another role has this name", at("%s.name", base));
    }
    return bad;
}

static void role_create(struct call *c)
{
    json_t *items = call_items(c, "roles", LIM_ROLES_PER_CALL), *in;
    if (!items) {
        return;
    }
    json_t *results = json_array();
    size_t i;
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.roles[%zu]", i);
        AUTO_JSON json_t *r =
            json_pack("{s:n,s:b,s:n,s:n}", "description", "share_with_peers", 0, "reporting_to", "forecast_manager");
        json_t *bad = role_check(c, in, r, "", base);
        if (!bad) {
            char id[STORE_ID_TEXT];
            store_new_id(c->st, id);
            AUTO_FREE char *api = field_api_name(js_str(r, "name"));
            js_set_str(r, "id", id);
            js_set_str(r, "api_name", api);
            js_set_str(r, "display_label", js_str(r, "name"));
            js_set(r, "created_by__s", org_me(c->s));
            js_set(r, "modified_by__s", org_me(c->s));
            config_put(c->st, "roles", NULL, r);
        }
        json_array_append_new(results, bad ? bad : item_ok(js_str(r, "id"), "Role added"));
    }
    answer_results(c, 201, "roles", results);
}

static void role_update(struct call *c)
{
    AUTO_JSON json_t *r = by_path(c);
    json_t *items = r ? call_items(c, "roles", 1) : NULL;
    if (!items) {
        return;
    }
    AUTO_JSON json_t *out = json_object();
    json_t *bad = role_check(c, json_array_get(items, 0), out, c->param[0], "$.roles[0]");
    if (!bad) {
        json_object_update(r, out);
        config_put(c->st, "roles", NULL, r);
    }
    answer_results(c, 200, "roles", json_pack("[o]", bad ? bad : item_ok(c->param[0], "Role updated")));
}

static const struct shape profile_shape[] = {
    {"name", TEXT, true, LIM_PROFILE_NAME, NULL}, {"description", TEXT, false, 250, NULL}, {0}};

static void profile_clone(struct call *c)
{
    AUTO_JSON json_t *from = by_path(c);
    json_t *items = from ? call_items(c, "profiles", 1) : NULL;
    if (!items) {
        return;
    }
    AUTO_JSON json_t *out = json_object();
    json_t *bad = shape_take(profile_shape, json_array_get(items, 0), out, true, "$.profiles[0]");
    AUTO_JSON json_t *same = bad ? NULL : config_by_name(c->st, "profiles", NULL, js_str(out, "name"));
    if (same) {
        bad = item_error("DUPLICATE_DATA", "another profile has this name", at("$.profiles[0].name"));
    }
    char id[STORE_ID_TEXT];
    if (!bad) {
        store_new_id(c->st, id);
        AUTO_FREE char *api = field_api_name(js_str(out, "name"));
        json_object_update(from, out);
        js_set_str(from, "id", id);
        js_set_str(from, "api_name", api);
        js_set_str(from, "display_label", js_str(out, "name"));
        js_set_bool(from, "custom", true);
        config_put(c->st, "profiles", NULL, from);
    }
    answer_results(c, 201, "profiles", json_pack("[o]", bad ? bad : item_ok(id, "profile cloned successfully")));
}

static void profile_update(struct call *c)
{
    AUTO_JSON json_t *p = by_path(c);
    json_t *items = p ? call_items(c, "profiles", 1) : NULL;
    if (!items) {
        return;
    }
    AUTO_JSON json_t *out = json_object();
    json_t *bad = shape_take(profile_shape, json_array_get(items, 0), out, false, "$.profiles[0]");
    if (!bad && !js_bool(p, "custom", false)) {
        bad = item_error("NOT_ALLOWED", "a system profile cannot be changed",
                         json_pack("{s:i}", "resource_path_index", 2));
    }
    if (!bad) {
        json_object_update(p, out);
        config_put(c->st, "profiles", NULL, p);
    }
    answer_results(c, 200, "profiles",
                   json_pack("[o]", bad ? bad : item_ok(c->param[0], "profile updated successfully")));
}

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/roles", "ZohoCRM.settings.roles", 1, list, "roles"},
    {"POST", "/crm/v8/settings/roles", "ZohoCRM.settings.roles", 1, role_create, "roles"},
    {"GET", "/crm/v8/settings/roles/{id}", "ZohoCRM.settings.roles", 1, one, "roles"},
    {"PUT", "/crm/v8/settings/roles/{id}", "ZohoCRM.settings.roles", 1, role_update, "roles"},
    {"GET", "/crm/v8/settings/profiles", "ZohoCRM.settings.profiles", 1, list, "profiles"},
    {"GET", "/crm/v8/settings/profiles/{id}", "ZohoCRM.settings.profiles", 1, one, "profiles"},
    {"PUT", "/crm/v8/settings/profiles/{id}", "ZohoCRM.settings.profiles", 1, profile_update, "profiles"},
    {"POST", "/crm/v8/settings/profiles/{id}/actions/clone", "ZohoCRM.settings.profiles", 1, profile_clone, "profiles"},
    {"GET", "/crm/v8/users", "ZohoCRM.users", 1, list, "users"},
    {"GET", "/crm/v8/users/{id}", "ZohoCRM.users", 1, one, "users"},
};
ROUTE_TABLE(routes_people, rows);
