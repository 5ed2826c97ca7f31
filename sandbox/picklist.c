/* sandbox/picklist.c — values of local and global picklists. Source: zoho-api.md 1.5, 1.7; OAS26a global_picklists,
 * pick_list_values. */
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

static json_t *find_value(const json_t *pool, const json_t *given)
{
    const char *id = js_str(given, "id"), *actual = js_str(given, "actual_value"),
               *shown = js_str(given, "display_value");
    size_t i;
    json_t *v;
    json_array_foreach (pool, i, v) {
        if (id ? strcmp(js_str_or(v, "id", ""), id) == 0
               : strcmp(js_str_or(v, "actual_value", ""), actual  ? actual
                                                          : shown ? shown
                                                                  : "") == 0) {
            return v;
        }
    }
    return NULL;
}

static json_t *value_check(const json_t *given, const json_t *known, const char *base, size_t i)
{
    const char *shown = js_str(given, "display_value");
    if (js_str(given, "id") && !known) {
        return error_invalid(NULL, "%s.pick_list_values[%zu].id", base, i);
    }
    if (!known && (!shown || !*shown)) {
        return error_missing("%s.pick_list_values[%zu].display_value", base, i);
    }
    if (shown && utf8_length(shown) > LIM_PICKLIST_VALUE) {
        json_t *d = at("%s.pick_list_values[%zu].display_value", base, i);
        js_set_int(d, "maximum_length", LIM_PICKLIST_VALUE);
        return item_error("INVALID_DATA", "the value is too long", d);
    }
    return NULL;
}

static void change_value(json_t *known, const json_t *given)
{
    static const char *const keys[] = {"display_value", "colour_code", "type", "sequence_number"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *v = json_object_get(given, keys[i]);
        if (v) {
            json_object_set(known, keys[i], v);
        }
    }
    if (json_object_get(given, "_delete")) {
        js_set_str(known, "type", "unused");
    }
}

static bool retires(const json_t *given)
{
    return json_object_get(given, "_delete") || strcmp(js_str_or(given, "type", ""), "unused") == 0;
}

json_t *picklist_patch(struct call *c, json_t *owner, const json_t *values, const char *base)
{
    json_t *pool = js_arr(owner, "pick_list_values"), *v;
    AUTO_JSON json_t *fresh = json_array();
    size_t i, known = 0, retired = 0;
    if (!values) {
        return NULL;
    }
    json_array_foreach (values, i, v) {
        json_t *old = find_value(pool, v), *bad = value_check(v, old, base, i);
        if (bad) {
            return bad;
        }
        known += old != NULL;
        retired += retires(v);
        if (!old) {
            json_array_append(fresh, v);
        }
    }
    size_t added = json_array_size(fresh);
    if (js_str(owner, "actual_label") &&
        retired > LIM_GLOBAL_RETIRED_PER_CALL) { /* global lists: one a request (1.7) */
        return item_error("LIMIT_EXCEEDED", "one value may be retired in a request",
                          json_pack("{s:i,s:[o]}", "limit", LIM_GLOBAL_RETIRED_PER_CALL, "limit_due_to",
                                    at("%s.pick_list_values", base)));
    }
    if (added && c->s->on[known ? SWITCH_picklist_merged : SWITCH_picklist_new]) {
        return NULL; /* SUCCESS that changed nothing */
    }
    json_array_foreach (values, i, v) {
        json_t *old = find_value(pool, v);
        if (old) {
            change_value(old, v);
        }
    }
    /* Values not sent stay: whether leaving them out removes them is unproven (zoho-api.md 1.7). */
    AUTO_JSON json_t *made = picklist_entries(c->st, fresh, json_array_size(pool));
    json_array_extend(pool, made);
    return NULL;
}

static void pool(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    AUTO_JSON json_t *f = m ? config_by_id(c->st, "fields", js_str(m, "api_name"), c->param[0]) : NULL;
    if (!m) {
        return;
    }
    if (!f) {
        answer_error(c, 400, "INVALID_DATA", "there is no such field", json_pack("{s:i}", "resource_path_index", 2));
        return;
    }
    json_t *values = json_deep_copy(js_arr(f, "pick_list_values")), *v;
    size_t i;
    json_array_foreach (values, i, v) {
        js_set(v, "layout_associations", json_array());
        js_set_str(v, "colour_code", js_str(v, "colour_code"));
    }
    answer_list(c, "pick_list_values", values);
}

static const struct shape global_shape[] = {{"display_label", TEXT, true, LIM_GLOBAL_LABEL, NULL},
                                            {"api_name", TEXT, false, LIM_GLOBAL_LABEL, NULL},
                                            {"description", TEXT, false, 0, NULL},
                                            {"pick_list_values_sorted_lexically", BOOL, false, 0, NULL},
                                            {"pick_list_values", ARRAY, true, LIM_GLOBAL_VALUES, NULL},
                                            {0}};

static void stamp(struct call *c, json_t *g, bool created)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    if (created) {
        js_set_str(g, "created_time", now);
    }
    js_set_str(g, "modified_time", now);
}

static json_t *global_new(struct call *c, const json_t *in)
{
    AUTO_JSON json_t *g = json_object();
    json_t *bad = shape_take(global_shape, in, g, true, "$.global_picklists[0]"), *v;
    size_t i;
    json_array_foreach (js_arr(g, "pick_list_values"), i, v) {
        bad = bad ? bad : value_check(v, NULL, "$.global_picklists[0]", i);
    }
    AUTO_FREE char *made = bad ? NULL : field_api_name(js_str(g, "display_label"));
    const char *api = js_str_or(g, "api_name", made ? made : "");
    AUTO_JSON json_t *same = bad ? NULL : config_any(c->st, "global_picklists", NULL, api);
    if (same) {
        bad = item_error("DUPLICATE_DATA", "another global list has this name", at("$.global_picklists[0].api_name"));
    }
    if (bad) {
        return bad;
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    js_set_str(g, "id", id);
    js_set_str(g, "api_name", api);
    js_set_str(g, "actual_label", js_str(g, "display_label"));
    js_set_str(g, "source", "crm");
    js_set_bool(g, "presence", true);
    js_set_bool(g, "customizable", true);
    js_set(g, "created_by", org_me(c->s));
    js_set(g, "modified_by", org_me(c->s));
    js_set(g, "pick_list_values", picklist_entries(c->st, js_arr(in, "pick_list_values"), 0));
    if (!json_object_get(g, "pick_list_values_sorted_lexically")) {
        js_set_bool(g, "pick_list_values_sorted_lexically", false);
    }
    if (!json_object_get(g, "description")) {
        js_set_str(g, "description", NULL);
    }
    stamp(c, g, true);
    config_put(c->st, "global_picklists", NULL, g);
    return item_ok(id, "global picklist created");
}

static void global_create(struct call *c)
{
    json_t *items = call_items(c, "global_picklists", 1);
    if (items) {
        answer_results(c, 201, "global_picklists", json_pack("[o]", global_new(c, json_array_get(items, 0))));
    }
}

static void global_list(struct call *c)
{
    answer_list(c, "global_picklists", config_list(c->st, "global_picklists", NULL));
}

static json_t *global_by_path(struct call *c)
{
    json_t *g = config_by_id(c->st, "global_picklists", NULL, c->param[0]);
    if (!g) {
        answer_error(c, 400, "INVALID_DATA", "there is no such global list",
                     json_pack("{s:i}", "resource_path_index", 2));
    }
    return g;
}

static void global_one(struct call *c)
{
    json_t *g = global_by_path(c);
    if (g) {
        answer_list(c, "global_picklists", json_pack("[o]", g));
    }
}

/* Fields that use the list show its values. */
static void spread(struct call *c, const json_t *g)
{
    json_t *fields = json_array(), *f;
    sqlite3_stmt *q = store_q(c->st, "SELECT body, module FROM config WHERE kind='fields' AND body LIKE ?1", "s",
                              "%\"global_picklist\":{%");
    while (store_row(c->st, q)) {
        json_t *one = store_json(q, 0);
        js_set_str(one, "@module", store_text(q, 1));
        json_array_append_new(fields, one);
    }
    size_t i;
    json_array_foreach (fields, i, f) {
        if (strcmp(js_str_or(js_obj(f, "global_picklist"), "id", ""), js_str(g, "id")) == 0) {
            AUTO_FREE char *module = mem_dup(js_str_or(f, "@module", ""));
            json_object_del(f, "@module");
            json_object_set(f, "pick_list_values", js_arr(g, "pick_list_values"));
            config_put(c->st, "fields", module, f);
        }
    }
    json_decref(fields);
}

static void global_patch(struct call *c)
{
    AUTO_JSON json_t *g = global_by_path(c);
    json_t *items = g ? call_items(c, "global_picklists", 1) : NULL;
    if (!items) {
        return;
    }
    AUTO_JSON json_t *out = json_object();
    const json_t *in = json_array_get(items, 0);
    json_t *bad = shape_take(global_shape, in, out, false, "$.global_picklists[0]");
    bad = bad ? bad : picklist_patch(c, g, js_arr(in, "pick_list_values"), "$.global_picklists[0]");
    if (!bad) {
        json_object_del(out, "pick_list_values");
        json_object_del(out, "api_name");
        json_object_update(g, out);
        stamp(c, g, false);
        config_put(c->st, "global_picklists", NULL, g);
        spread(c, g);
    }
    answer_results(c, 200, "global_picklists",
                   json_pack("[o]", bad ? bad : item_ok(c->param[0], "global picklist updated")));
}

static void global_delete(struct call *c)
{
    AUTO_JSON json_t *g = global_by_path(c);
    if (g) {
        config_remove(c->st, "global_picklists", c->param[0]);
        answer_results(c, 202, "global_picklists",
                       json_pack("[o]", item_ok(c->param[0], "global picklist deletion scheduled")));
    }
}

#define GLOBAL "/crm/v8/settings/global_picklists"
static const struct route rows[] = {
    {"GET", "/crm/v8/settings/fields/{id}/pick_list_values", "ZohoCRM.settings.fields", 1, pool, NULL},
    {"GET", GLOBAL, "ZohoCRM.settings.global_picklist", 1, global_list, NULL},
    {"POST", GLOBAL, "ZohoCRM.settings.global_picklist", 1, global_create, NULL},
    {"GET", GLOBAL "/{id}", "ZohoCRM.settings.global_picklist", 1, global_one, NULL},
    {"PATCH", GLOBAL "/{id}", "ZohoCRM.settings.global_picklist", 1, global_patch, NULL},
    {"DELETE", GLOBAL "/{id}", "ZohoCRM.settings.global_picklist", 1, global_delete, NULL},
};
ROUTE_TABLE(routes_picklist, rows);
