/* sandbox/access.c — see access.h. */
#include "sandbox/access.h"

#include "sandbox/route.h"

/* The profile's id; caller frees, NULL = may do everything. */
static char *limited_profile(const struct call *c)
{
    AUTO_JSON json_t *me = *c->s->actor ? org_actor(c->s) : NULL;
    const json_t *profile = js_obj(me, "profile");
    bool all = !profile || strcmp(js_str_or(profile, "name", ""), "Administrator") == 0;
    return all ? NULL : mem_dup(js_str_or(profile, "id", ""));
}

static const char *permission(const json_t *field, const char *profile)
{
    size_t i;
    json_t *p;
    json_array_foreach (js_arr(field, "profiles"), i, p) {
        if (strcmp(js_str_or(p, "id", ""), profile) == 0) {
            return js_str_or(p, "permission_type", "read_write");
        }
    }
    return "read_write";
}

bool access_hides(const struct call *c, const json_t *field)
{
    AUTO_FREE char *profile = limited_profile(c);
    return profile && strcmp(permission(field, profile), "hidden") == 0;
}

static bool refuse(struct call *c, const char *what, const char *module)
{
    AUTO_FREE char *name = mem_printf("%s%s", what, module);
    answer_error(c, 403, "NO_PERMISSION", "permission denied", json_pack("{s:[s]}", "permissions", name));
    return false;
}

static bool may_enter(const json_t *module, const char *profile)
{
    size_t i;
    json_t *p;
    json_array_foreach (js_arr(module, "profiles"), i, p) {
        if (strcmp(js_str_or(p, "id", ""), profile) == 0) {
            return true;
        }
    }
    return strcmp(js_str_or(module, "generated_type", ""), "custom") != 0;
}

bool access_limit(struct call *c, struct record_module *m)
{
    AUTO_FREE char *profile = limited_profile(c);
    size_t i;
    json_t *f;
    if (!profile) {
        return true;
    }
    if (!may_enter(m->module, profile)) {
        return refuse(c, "Crm_Implied_View_", m->api);
    }
    m->limits = json_object();
    json_array_foreach (m->fields, i, f) {
        const char *p = permission(f, profile);
        if (strcmp(p, "read_write") != 0) {
            js_set_str(m->limits, js_str_or(f, "api_name", ""), p);
        }
    }
    return true;
}

json_t *access_refuses(const struct record_module *m, const json_t *in, const char *base)
{
    const char *api;
    json_t *p;
    json_object_foreach (m->limits, api, p) {
        if (json_object_get(in, api)) {
            return item_error("NO_PERMISSION", "permission denied", at("%s.%s", base, api));
        }
    }
    return NULL;
}

bool access_setup(struct call *c)
{
    AUTO_FREE char *profile = strcmp(c->method, "GET") == 0 ? NULL : limited_profile(c);
    bool settings = c->route->scope && strncmp(c->route->scope, "ZohoCRM.settings", 16) == 0;
    return !profile || !settings || refuse(c, "Crm_Implied_Customize_Zoho_CRM", "");
}
