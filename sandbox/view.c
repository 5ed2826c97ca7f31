/* sandbox/view.c — custom views. Source: zoho-api.md 1.8 (OAS26b: POST, PUT, DELETE; 201 or 207; at most 250 fields). */
#include "sandbox/limits.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"

enum { VIEWS_PER_POST = 10 }; /* the facts say "bulk"; the number is unproven */

static const struct shape shape[] = {{"name", TEXT, true, 0, NULL},
                                     {"fields", ARRAY, true, LIM_VIEW_FIELDS, NULL},
                                     {"access_type", TEXT, false, 0, "public|shared|only_to_me"},
                                     {"shared_to", ARRAY, false, 0, NULL},
                                     {"sort_by", OBJECT, false, 0, NULL},
                                     {"sort_order", TEXT, false, 0, "asc|desc"},
                                     {"criteria", OBJECT, false, 0, NULL},
                                     {"cross_filters", ARRAY, false, LIM_VIEW_CROSS_FILTERS, NULL},
                                     {"locked", BOOL, false, 0, NULL},
                                     {"wrap_text", BOOL, false, 0, NULL},
                                     {"favorite", ANY, false, 0, NULL},
                                     {0}};

static bool gate(struct call *c)
{
    if (c->s->on[SWITCH_custom_views] && !c->person) {
        answer_error(c, 405, "INVALID_REQUEST_METHOD", "The http request method type is not a valid one", NULL);
    }
    return c->answered;
}

static json_t *shares(struct call *c, const json_t *o, const char *base)
{
    size_t i;
    json_t *s, *bad = NULL;
    json_array_foreach (js_arr(o, "shared_to"), i, s) {
        AUTO_FREE char *path = mem_printf("%s.shared_to[%zu]", base, i);
        const char *type = js_str_or(s, "type", "");
        if (!bad && !one_of("users|roles|groups|territories", type)) {
            bad = error_choice("users|roles|groups|territories", "%s.type", path);
        }
        if (!bad && one_of("users|roles", type)) {
            bad = ref_complete(c->st, s, type, NULL, path);
        }
    }
    if (!bad && strcmp(js_str_or(o, "access_type", ""), "shared") == 0 &&
        json_array_size(js_arr(o, "shared_to")) == 0) {
        json_t *d = at("%s.shared_to", base);
        js_set(d, "dependee", at("%s.access_type", base));
        bad = item_error("DEPENDENT_FIELD_MISSING", "a shared view names with whom", d);
    }
    return bad;
}

static json_t *complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    size_t i;
    json_t *f, *bad = NULL;
    json_array_foreach (js_arr(o, "fields"), i, f) {
        AUTO_FREE char *path = mem_printf("%s.fields[%zu]", base, i);
        bad = bad ? bad : ref_complete(c->st, f, "fields", module, path);
        if (!bad) {
            js_set_bool(f, "_pin", js_bool(f, "_pin", false));
        }
    }
    AUTO_FREE char *sort = mem_printf("%s.sort_by", base), *criteria = mem_printf("%s.criteria", base);
    if (!bad && js_obj(o, "sort_by")) {
        bad = ref_complete(c->st, js_obj(o, "sort_by"), "fields", module, sort);
    }
    if (!bad && js_obj(o, "criteria")) {
        bad = criteria_check(c->st, module, js_obj(o, "criteria"), criteria);
    }
    bad = bad ? bad : shares(c, o, base);
    if (!bad && !before) {
        AUTO_JSON json_t *m = config_by_api(c->st, "modules", NULL, module);
        js_set_str(o, "display_value", js_str(o, "name"));
        js_set_str(o, "system_name", NULL);
        js_set_bool(o, "system_defined", false);
        js_set_bool(o, "default", false);
        js_set_str(o, "access_type", js_str_or(o, "access_type", "only_to_me"));
        js_set_str(o, "category", "created_by_me");
        js_set(o, "module", json_pack("{s:s,s:s}", "api_name", module, "id", js_str_or(m, "id", "")));
    }
    js_set_str(o, "display_value", js_str(o, "name"));
    return bad;
}

const struct plain plain_custom_views = {"custom_views", "custom_views", shape,    MODULE_QUERY, VIEWS_PER_POST, 201,
                                         true,           true,           complete, gate};

/* Paged, with the words for the four groups of views and the one that opens first (both OpenAPI editions; that it is the first of the
 * list when none is marked is unproven). */
static void list(struct call *c)
{
    plain_list(c);
    json_t *info = js_obj(c->answer, "info"), *v;
    const json_t *views = js_arr(c->answer, "custom_views"), *first = json_array_get(views, 0);
    size_t i;
    json_array_foreach (views, i, v) {
        first = js_bool(v, "default", false) ? v : first;
    }
    if (info) {
        js_set_str(info, "default", js_str(first, "id"));
        js_set(info, "translation",
               json_pack("{s:s,s:s,s:s,s:s}", "public_views", "Public Views", "other_users_views", "Other Users Views",
                         "shared_with_me", "Shared With Me", "created_by_me", "Created By Me"));
    }
}

#define VIEWS "/crm/v8/settings/custom_views"
static const struct route rows[] = {
    {"GET", VIEWS, "ZohoCRM.settings.custom_views", 1, list, &plain_custom_views},
    {"POST", VIEWS, "ZohoCRM.settings.custom_views", 1, plain_create, &plain_custom_views},
    {"PUT", VIEWS, "ZohoCRM.settings.custom_views", 1, plain_update, &plain_custom_views},
    {"DELETE", VIEWS, "ZohoCRM.settings.custom_views", 1, plain_delete, &plain_custom_views},
    {"GET", VIEWS "/{id}", "ZohoCRM.settings.custom_views", 1, plain_one, &plain_custom_views},
    {"PUT", VIEWS "/{id}", "ZohoCRM.settings.custom_views", 1, plain_update, &plain_custom_views},
    {"DELETE", VIEWS "/{id}", "ZohoCRM.settings.custom_views", 1, plain_delete, &plain_custom_views},
};
ROUTE_TABLE(routes_view, rows);
