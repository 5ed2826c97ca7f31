/*
 * sandbox/single.c — settings there is one of: business hours, fiscal year, and per module the duplicate-check preference.
 * Source: zoho-api.md 1.3, 1.16; OAS26a business_hours, fiscal_year, duplicate_check_preference. The envelope holds an object, not a list.
 */
#include "sandbox/check.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

struct single {
    const char *kind; /* in the config table and the envelope */
    const struct shape *shape;
    const char *done;  /* message */
    const char *again; /* code of a POST when there is one already */
    int created;       /* HTTP code of a POST */
    bool per_module;
    json_t *(*complete)(struct call *c, json_t *o, const char *module);
};

#define DAYS "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
static const struct shape hours_shape[] = {{"week_starts_on", TEXT, true, 0, DAYS},
                                           {"type", TEXT, true, 0, "24_by_7|24_by_5|custom"},
                                           {"business_days", ARRAY, false, 7, DAYS},
                                           {"same_as_everyday", BOOL, false, 0, NULL},
                                           {"daily_timing", ARRAY, false, 2, NULL},
                                           {"custom_timing", ARRAY, false, 7, NULL},
                                           {0}};

static json_t *needed(const char *key)
{
    json_t *d = at("$.business_hours.%s", key);
    js_set(d, "dependee", at("$.business_hours.type"));
    return item_error("DEPENDENT_FIELD_MISSING", "custom hours need this property", d);
}

static json_t *hours_complete(struct call *c, json_t *o, const char *module)
{
    static const char *const every[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    const char *type = js_str_or(o, "type", "");
    bool custom = strcmp(type, "custom") == 0, same = js_bool(o, "same_as_everyday", false);
    (void)module;
    if (custom && !js_arr(o, "business_days")) {
        return needed("business_days");
    }
    if (custom && !js_arr(o, same ? "daily_timing" : "custom_timing")) {
        return needed(same ? "daily_timing" : "custom_timing");
    }
    if (!custom) {
        json_t *days = json_array();
        for (size_t i = 0; i < (strcmp(type, "24_by_7") == 0 ? 7 : 5); i++) {
            js_push_str(days, every[i]);
        }
        js_set(o, "business_days", days);
    }
    js_set_bool(o, "same_as_everyday", same || !custom);
    js_set_str(o, "timezone", js_str_or(org_object(c->s), "time_zone", "UTC"));
    static const char *const lists[] = {"daily_timing", "custom_timing"};
    for (size_t i = 0; i < 2; i++) {
        if (!js_arr(o, lists[i])) {
            js_set(o, lists[i], json_array());
        }
    }
    return NULL;
}

#define MONTHS "JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
static const struct shape year_shape[] = {
    {"calendar_type", TEXT, false, 0, "gregorian|custom"},
    {"display_based_on", TEXT, false, 0, "start_month|end_month"},
    {"start_month", TEXT, false, 0, MONTHS},
    {"interval_display_option", TEXT, false, 0, "year|quarter"},
    {"structure", TEXT, false, 0, "4-4-5|4-5-4|5-4-4|3-3-3-4|3-3-4-3|3-4-3-3|4-3-3-3"},
    {"start_date", TEXT, false, 0, NULL},
    {"surplus_week", OBJECT, false, 0, NULL},
    {0}};

static json_t *year_complete(struct call *c, json_t *o, const char *module)
{
    static const char *const defaults[][2] = {
        {"calendar_type", "gregorian"}, {"display_based_on", "start_month"}, {"start_month", "JANUARY"}};
    static const char *const empty[] = {"interval_display_option", "structure", "past_surplus_weeks", "start_date"};
    (void)c;
    (void)module;
    for (size_t i = 0; i < 3; i++) {
        js_set_str(o, defaults[i][0], js_str_or(o, defaults[i][0], defaults[i][1]));
    }
    for (size_t i = 0; i < 4; i++) {
        js_set_str(o, empty[i], js_str(o, empty[i]));
    }
    if (!js_obj(o, "surplus_week")) {
        js_set(o, "surplus_week", json_pack("{s:i,s:i,s:i}", "period", 0, "year", 0, "quarter", 0));
    }
    return NULL;
}

static const struct shape preference_shape[] = {{"type", TEXT, true, 0, "converted_records|mapped_module_records"},
                                                {"type_configurations", ARRAY, false, 0, NULL},
                                                {0}};

static json_t *side(struct call *c, json_t *m, const char *key, const char *module, size_t i, size_t k)
{
    AUTO_FREE char *path =
        mem_printf("$.duplicate_check_preference.type_configurations[%zu].field_mappings[%zu].%s", i, k, key);
    json_t *f = json_object_get(m, key);
    json_t *bad = f ? ref_complete(c->st, f, "fields", module, path) : error_missing("%s", path);
    AUTO_JSON json_t *known = bad ? NULL : config_by_id(c->st, "fields", module, js_str_or(f, "id", ""));
    if (known) {
        json_object_set(f, "name", json_object_get(known, "field_label"));
    }
    return bad;
}

/* Leads only, held against Contacts (OAS26a). */
static json_t *preference_complete(struct call *c, json_t *o, const char *module)
{
    bool mapped = strcmp(js_str_or(o, "type", ""), "mapped_module_records") == 0;
    json_t *list = js_arr(o, "type_configurations"), *one, *m, *bad = NULL;
    size_t i, k;
    if (strcmp(module, "Leads") != 0) {
        return item_error("NOT_SUPPORTED", "The feature not avilable in the given module.",
                          json_pack("{s:s}", "param_name", "module"));
    }
    if (mapped && json_array_size(list) == 0) {
        return error_missing("$.duplicate_check_preference.type_configurations");
    }
    json_array_foreach (list, i, one) {
        AUTO_FREE char *path = mem_printf("$.duplicate_check_preference.type_configurations[%zu].mapped_module", i);
        json_t *to = json_object_get(one, "mapped_module");
        bad = bad ? bad : to ? ref_complete(c->st, to, "modules", NULL, path) : error_missing("%s", path);
        if (!bad) {
            js_set_str(to, "name", js_str(to, "api_name"));
        }
        json_array_foreach (js_arr(one, "field_mappings"), k, m) {
            bad = bad ? bad : side(c, m, "current_field", module, i, k);
            bad = bad ? bad : side(c, m, "mapped_field", js_str_or(to, "api_name", ""), i, k);
        }
    }
    return bad;
}

static const struct single hours = {
    "business_hours", hours_shape, "Business Hours saved successfully", "NOT_ALLOWED", 201, false, hours_complete};
static const struct single year = {"fiscal_year", year_shape,   "Fiscal year updated successfully", "NOT_ALLOWED", 200,
                                   false,         year_complete};
static const struct single preference = {
    "duplicate_check_preference", preference_shape, "duplicate check preference saved", "ALREADY_CONFIGURED", 200, true,
    preference_complete};

/* The module of the query, or "" for the org's own; NULL = answered. Caller frees. */
static char *scope_of(struct call *c, const struct single *s)
{
    if (!s->per_module) {
        return mem_dup("");
    }
    AUTO_JSON json_t *m = call_module(c);
    return m ? mem_dup(js_str_or(m, "api_name", "")) : NULL;
}

static json_t *stored(struct call *c, const struct single *s, const char *module)
{
    AUTO_JSON json_t *all = config_list(c->st, s->kind, *module ? module : NULL);
    json_t *o = json_array_get(all, 0);
    if (!o && s == &year) { /* every org has one */
        o = json_object();
        year_complete(c, o, module);
        js_set_str(o, "id", "0");
        return o;
    }
    return o ? json_incref(o) : NULL;
}

static void get(struct call *c)
{
    const struct single *s = c->route->arg;
    AUTO_FREE char *module = scope_of(c, s);
    json_t *o = module ? stored(c, s, module) : NULL;
    if (o) {
        if (s->per_module) {
            json_object_del(o, "id");
        }
        answer_json(c, 200, json_pack("{s:o}", s->kind, o));
    } else if (module) {
        answer_none(c);
    }
}

static void answer_one(struct call *c, const struct single *s, int status, json_t *element)
{
    answer_json(c, item_failed(element) ? 400 : status, json_pack("{s:o}", s->kind, element));
}

static json_t *taken(struct call *c, const struct single *s, const char *module, json_t *old, bool create)
{
    json_t *in = js_obj(c->json, s->kind);
    AUTO_FREE char *base = mem_printf("$.%s", s->kind);
    AUTO_JSON json_t *o = old && !create ? json_deep_copy(old) : json_object();
    json_t *bad = in ? shape_take(s->shape, in, o, create || !old, base) : error_missing("%s", base);
    bad = bad ? bad : s->complete(c, o, module);
    if (bad) {
        return bad;
    }
    char id[STORE_ID_TEXT];
    const char *known = js_str(old, "id");
    if (!known || strcmp(known, "0") == 0) {
        store_new_id(c->st, id);
        known = id;
    }
    js_set_str(o, "id", known);
    config_put(c->st, s->kind, *module ? module : NULL, o);
    return item_ok(js_str(o, "id"), s->done);
}

static void put(struct call *c)
{
    const struct single *s = c->route->arg;
    bool create = strcmp(c->method, "POST") == 0;
    AUTO_FREE char *module = scope_of(c, s);
    AUTO_JSON json_t *old = module ? stored(c, s, module) : NULL;
    if (!module) {
        return;
    }
    if (create && old) {
        answer_one(c, s, 200, item_error(s->again, "already configured.", NULL));
    } else {
        answer_one(c, s, create ? s->created : 200, taken(c, s, module, old, create));
    }
}

static void remove_one(struct call *c)
{
    const struct single *s = c->route->arg;
    AUTO_FREE char *module = scope_of(c, s);
    AUTO_JSON json_t *old = module ? stored(c, s, module) : NULL;
    if (old) {
        config_remove(c->st, s->kind, js_str_or(old, "id", ""));
        answer_one(c, s, 200, item_ok(js_str(old, "id"), "deleted successfully"));
    } else if (module) {
        answer_none(c);
    }
}

#define SET   "/crm/v8/settings/"
#define SCOPE "ZohoCRM.settings."
static const struct route rows[] = {
    {"GET", SET "business_hours", SCOPE "business_hours", 1, get, &hours},
    {"POST", SET "business_hours", SCOPE "business_hours", 1, put, &hours},
    {"PUT", SET "business_hours", SCOPE "business_hours", 1, put, &hours},
    {"GET", SET "fiscal_year", SCOPE "fiscal_year", 1, get, &year},
    {"PUT", SET "fiscal_year", SCOPE "fiscal_year", 1, put, &year},
    {"GET", SET "duplicate_check_preference", SCOPE "duplicate_check_preference", 1, get, &preference},
    {"POST", SET "duplicate_check_preference", SCOPE "duplicate_check_preference", 1, put, &preference},
    {"PUT", SET "duplicate_check_preference", SCOPE "duplicate_check_preference", 1, put, &preference},
    {"DELETE", SET "duplicate_check_preference", SCOPE "duplicate_check_preference", 1, remove_one, &preference},
};
ROUTE_TABLE(routes_single, rows);
