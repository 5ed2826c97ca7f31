/*
 * sandbox/user.c — users made, changed, removed; roles and permission profiles removed. Source: zoho-api.md 1.3; OAS26a users, roles,
 * profiles. An invited user is active at once here: there is nobody to confirm the mail.
 */
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/route.h"

static const struct shape shape[] = {{"first_name", TEXT, false, 40, NULL},
                                     {"last_name", TEXT, true, 80, NULL},
                                     {"email", TEXT, true, 100, NULL},
                                     {"role", ANY, true, 0, NULL},
                                     {"profile", ANY, true, 0, NULL},
                                     {"phone", TEXT, false, 50, NULL},
                                     {"mobile", TEXT, false, 50, NULL},
                                     {"alias", TEXT, false, 50, NULL},
                                     {"time_zone", TEXT, false, 0, NULL},
                                     {"status", TEXT, false, 0, "active|inactive"},
                                     {0}};

/* Role and profile come as an id or as {"id"}. */
static json_t *belongs(struct call *c, json_t *o, const char *key, const char *kind, const char *base)
{
    json_t *v = json_object_get(o, key);
    AUTO_FREE char *path = mem_printf("%s.%s", base, key);
    if (!v) {
        return NULL;
    }
    json_t *ref = json_is_string(v) ? json_pack("{s:O}", "id", v) : json_deep_copy(v);
    json_t *bad = ref_complete(c->st, ref, kind, NULL, path);
    json_object_del(ref, "api_name");
    json_object_set_new(o, key, ref);
    return bad;
}

static json_t *mail_taken(struct call *c, const char *mail, const char *but_id, const char *base)
{
    AUTO_JSON json_t *all = config_list(c->st, "users", NULL);
    size_t i;
    json_t *u;
    json_array_foreach (all, i, u) {
        if (mail && text_casecmp(js_str_or(u, "email", ""), mail) == 0 && strcmp(js_str_or(u, "id", ""), but_id) != 0) {
            return item_error("DUPLICATE_DATA", "a user with this email is there already", at("%s.email", base));
        }
    }
    return NULL;
}

static bool licences_used(struct call *c)
{
    const json_t *l = js_obj(org_object(c->s), "license_details");
    AUTO_JSON json_t *all = config_list(c->st, "users", NULL);
    int64_t active = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        active += strcmp(js_str_or(json_array_get(all, i), "status", ""), "active") == 0;
    }
    return active >= js_int(l, "users_license_purchased", 0);
}

static void set_full_name(json_t *u)
{
    const char *first = js_str_or(u, "first_name", "");
    js_set_strf(u, "full_name", "%s%s%s", first, *first ? " " : "", js_str_or(u, "last_name", ""));
}

static json_t *write_one(struct call *c, const json_t *in, const char *id, const char *base)
{
    AUTO_JSON json_t *u = id ? config_by_id(c->st, "users", NULL, id)
                             : json_pack("{s:s,s:b,s:s,s:s}", "status", "active", "confirm", 1, "type__s",
                                         "Regular User", "time_zone", js_str_or(org_object(c->s), "time_zone", "UTC"));
    AUTO_JSON json_t *out = json_object();
    char fresh[STORE_ID_TEXT];
    if (!u) {
        return error_invalid(NULL, "%s.id", base);
    }
    json_t *bad = shape_take(shape, in, out, !id, base);
    bad = bad ? bad : belongs(c, out, "role", "roles", base);
    bad = bad ? bad : belongs(c, out, "profile", "profiles", base);
    if (!bad && js_str(out, "email") && !strchr(js_str(out, "email"), '@')) {
        bad = error_invalid("email", "%s.email", base);
    }
    bad = bad ? bad : mail_taken(c, js_str(out, "email"), id ? id : "", base);
    if (!bad && !id && licences_used(c)) {
        bad = item_error("LICENSE_LIMIT_EXCEEDED", "no licence is left for another user", NULL);
    }
    if (bad) {
        return bad;
    }
    json_object_update(u, out);
    set_full_name(u);
    if (!id) {
        store_new_id(c->st, fresh);
        js_set_str(u, "id", fresh);
    }
    config_put(c->st, "users", NULL, u);
    return item_ok(js_str(u, "id"), id ? "User updated" : "User added");
}

static void write_all(struct call *c, bool create)
{
    json_t *items = call_items(c, "users", 1), *in = json_array_get(items, 0);
    if (items) {
        const char *id = create ? NULL : c->param[0] ? c->param[0] : js_str_or(in, "id", "");
        answer_results(c, create ? 201 : 200, "users", json_pack("[o]", write_one(c, in, id, "$.users[0]")));
    }
}

static void user_create(struct call *c)
{
    write_all(c, true);
}

static void user_update(struct call *c)
{
    write_all(c, false);
}

static void user_delete(struct call *c)
{
    AUTO_JSON json_t *u = config_by_id(c->st, "users", NULL, c->param[0]);
    AUTO_JSON json_t *me = org_me(c->s);
    if (!u) {
        answer_error(c, 400, "INVALID_DATA", "the id given seems to be invalid",
                     json_pack("{s:i}", "resource_path_index", 1));
        return;
    }
    json_t *r =
        strcmp(js_str_or(me, "id", ""), c->param[0]) == 0
            ? item_error("NOT_ALLOWED", "nobody deletes himself", json_pack("{s:s}", "id", c->param[0]))
        : strcmp(js_str_or(u, "status", ""), "deleted") == 0
            ? item_error("ID_ALREADY_DELETED", "the user is deleted already", json_pack("{s:s}", "id", c->param[0]))
            : NULL;
    if (!r) { /* the user stays for the records that name him */
        js_set_str(u, "status", "deleted");
        config_put(c->st, "users", NULL, u);
        r = item_ok(c->param[0], "User deleted");
    }
    answer_results(c, 200, "users", json_pack("[o]", r));
}

/* ---- roles and profiles go, their users move ---- */

static void move_users(struct call *c, const char *key, const char *from, const json_t *to)
{
    AUTO_JSON json_t *all = config_list(c->st, "users", NULL);
    size_t i;
    json_t *u;
    json_array_foreach (all, i, u) {
        if (strcmp(js_str_or(js_obj(u, key), "id", ""), from) == 0) {
            js_set(u, key,
                   json_pack("{s:O,s:O}", "id", json_object_get(to, "id"), "name", json_object_get(to, "name")));
            config_put(c->st, "users", NULL, u);
        }
    }
}

/* What ?transfer_to_id= names; NULL = answered. New reference. */
static json_t *heir(struct call *c, const char *kind, const char *missing)
{
    const char *to = call_query(c, "transfer_to_id");
    json_t *o = to ? config_by_id(c->st, kind, NULL, to) : NULL;
    if (!to) {
        answer_error(c, 400, missing, "One of the expected parameter is missing",
                     json_pack("{s:s}", "param_name", "transfer_to_id"));
    } else if (!o || strcmp(to, c->param[0]) == 0) {
        json_decref(o);
        o = NULL;
        json_t *d = json_pack("{s:s,s:s}", "param_name", "transfer_to_id", "role_status",
                              to && strcmp(to, c->param[0]) == 0 ? "same_role" : "invalid");
        answer_error(c, 400, "INVALID_DATA", "the id given seems to be invalid", d);
    }
    return o;
}

static bool there(struct call *c, const char *kind, json_t **o)
{
    *o = config_by_id(c->st, kind, NULL, c->param[0]);
    if (!*o) {
        answer_error(c, 400, "INVALID_DATA", "the id given seems to be invalid",
                     json_pack("{s:i}", "resource_path_index", 2));
    }
    return *o != NULL;
}

static void role_delete(struct call *c)
{
    AUTO_JSON json_t *role = NULL;
    AUTO_JSON json_t *to = there(c, "roles", &role) ? heir(c, "roles", "REQUIRED_PARAM_MISSING") : NULL;
    if (to) {
        move_users(c, "role", c->param[0], to);
        config_remove(c->st, "roles", c->param[0]);
        answer_results(c, 200, "roles", json_pack("[o]", item_ok(c->param[0], "Role deleted")));
    }
}

static void profile_delete(struct call *c)
{
    AUTO_JSON json_t *profile = NULL;
    if (!there(c, "profiles", &profile)) {
        return;
    }
    if (!js_bool(profile, "custom", false)) {
        answer_error(c, 400, "CANNOT_DELETE", "a system profile cannot be deleted", NULL);
        return;
    }
    AUTO_JSON json_t *to = heir(c, "profiles", "MANDATORY_NOT_FOUND");
    if (to) {
        move_users(c, "profile", c->param[0], to);
        config_remove(c->st, "profiles", c->param[0]);
        answer_json(c, 200, item_ok(c->param[0], "profile deleted successfully"));
    }
}

static const struct route rows[] = {
    {"POST", "/crm/v8/users", "ZohoCRM.users", 1, user_create, NULL},
    {"PUT", "/crm/v8/users", "ZohoCRM.users", 1, user_update, NULL},
    {"PUT", "/crm/v8/users/{id}", "ZohoCRM.users", 1, user_update, NULL},
    {"DELETE", "/crm/v8/users/{id}", "ZohoCRM.users", 1, user_delete, NULL},
    {"DELETE", "/crm/v8/settings/roles/{id}", "ZohoCRM.settings.roles", 1, role_delete, NULL},
    {"DELETE", "/crm/v8/settings/profiles/{id}", "ZohoCRM.settings.profiles", 1, profile_delete, NULL},
};
ROUTE_TABLE(routes_user, rows);
