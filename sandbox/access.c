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

bool access_everything(const struct call *c)
{
    AUTO_FREE char *profile = limited_profile(c);
    return !profile;
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

/* api_name → permission of those fields that are not open; NULL = all are. */
static json_t *limits_of(const json_t *fields, const char *profile)
{
    json_t *out = NULL, *f;
    size_t i;
    json_array_foreach (fields, i, f) {
        const char *p = permission(f, profile);
        if (strcmp(p, "read_write") != 0) {
            out = out ? out : json_object();
            js_set_str(out, js_str_or(f, "api_name", ""), p);
        }
    }
    return out;
}

/* The lines of a subform are a module of their own, with fields of their own. */
static json_t *row_limits_of(struct store *st, const json_t *fields, const char *profile)
{
    json_t *out = NULL, *f;
    size_t i;
    json_array_foreach (fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        if (strcmp(js_str_or(f, "data_type", ""), "subform") != 0) {
            continue;
        }
        AUTO_JSON json_t *rows = config_shared(st, "fields", js_str_or(js_obj(f, "associated_module"), "module", api));
        json_t *limits = limits_of(rows, profile);
        if (limits) {
            out = out ? out : json_object();
            js_set(out, api, limits);
        }
    }
    return out;
}

bool access_bind(struct call *c, struct record_module *m)
{
    AUTO_FREE char *profile = limited_profile(c);
    if (!profile) {
        return true;
    }
    m->limits = limits_of(m->fields, profile);
    m->row_limits = row_limits_of(c->st, m->fields, profile);
    return may_enter(m->module, profile);
}

bool access_limit(struct call *c, struct record_module *m)
{
    return access_bind(c, m) || refuse(c, "Crm_Implied_View_", m->api);
}

static json_t *named(const json_t *limits, const json_t *in, const char *base)
{
    const char *api;
    json_t *p;
    json_object_foreach ((json_t *)(uintptr_t)limits, api, p) {
        if (json_object_get(in, api)) {
            return item_error("NO_PERMISSION", "permission denied", at("%s.%s", base, api));
        }
    }
    return NULL;
}

json_t *access_refuses(const struct record_module *m, const json_t *in, const char *base)
{
    const char *api;
    json_t *limits, *row, *bad = named(m->limits, in, base);
    size_t i;
    json_object_foreach (m->row_limits, api, limits) {
        json_array_foreach (js_arr(in, api), i, row) {
            AUTO_FREE char *line = mem_printf("%s.%s[%zu]", base, api, i);
            bad = bad ? bad : named(limits, row, line);
        }
    }
    return bad;
}

bool access_setup(struct call *c)
{
    AUTO_FREE char *profile = strcmp(c->method, "GET") == 0 ? NULL : limited_profile(c);
    bool settings = c->route->scope && strncmp(c->route->scope, "ZohoCRM.settings", 16) == 0;
    return !profile || !settings || refuse(c, "Crm_Implied_Customize_Zoho_CRM", "");
}
