/* sandbox/mapping.c — /settings/layouts/{layout}/map_dependency, and the check of a write. */
#include "sandbox/mapping.h"

#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

static const json_t *value_with(const json_t *field, const char *key, const char *value)
{
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(field, "pick_list_values"), i, v) {
        if (strcmp(js_str_or(v, key, ""), value) == 0) {
            return v;
        }
    }
    return NULL;
}

/* The values named by id, completed in place; error element or NULL. */
static json_t *fill(json_t *list, const json_t *field, const char *base)
{
    size_t i;
    json_t *v;
    json_array_foreach (list, i, v) {
        const json_t *known = value_with(field, "id", js_str_or(v, "id", ""));
        if (!known) {
            return js_str(v, "id") ? error_invalid(NULL, "%s[%zu].id", base, i) : error_missing("%s[%zu].id", base, i);
        }
        json_object_set(v, "actual_value", json_object_get(known, "actual_value"));
        json_object_set(v, "display_value", json_object_get(known, "display_value"));
    }
    return NULL;
}

/* A side of the mapping: a picklist of the module. */
static json_t *side(struct call *c, const char *module, json_t *o, const char *key, json_t **field)
{
    json_t *ref = json_object_get(o, key);
    AUTO_FREE char *path = mem_printf("$.map_dependency[0].%s", key);
    json_t *bad = ref ? ref_complete(c->st, ref, "fields", module, path) : error_missing("%s", path);
    *field = bad ? NULL : config_by_id(c->st, "fields", module, js_str_or(ref, "id", ""));
    if (!bad && strcmp(js_str_or(*field, "data_type", ""), "picklist") != 0) {
        bad = item_error("NOT_ALLOWED", "the field is no picklist", at("%s.id", path));
    }
    return bad;
}

static json_t *check(struct call *c, const char *module, json_t *o)
{
    json_t *parent = NULL, *child = NULL, *v;
    size_t i;
    json_t *bad = side(c, module, o, "parent", &parent);
    bad = bad ? bad : side(c, module, o, "child", &child);
    if (!bad && strcmp(js_str_or(parent, "id", ""), js_str_or(child, "id", "")) == 0) {
        bad = item_error("AMBIGUITY_DURING_PROCESSING", "parent and child are the same field",
                         json_pack("{s:[o,o]}", "ambiguity_due_to", at("$.map_dependency[0].parent.id"),
                                   at("$.map_dependency[0].child.id")));
    }
    json_t *values = js_arr(o, "pick_list_values");
    if (!bad && !values) {
        bad = error_missing("$.map_dependency[0].pick_list_values");
    }
    bad = bad ? bad : fill(values, parent, "$.map_dependency[0].pick_list_values");
    json_array_foreach (values, i, v) {
        AUTO_FREE char *base = mem_printf("$.map_dependency[0].pick_list_values[%zu].maps", i);
        bad = bad ? bad : js_arr(v, "maps") ? fill(js_arr(v, "maps"), child, base) : error_missing("%s", base);
    }
    json_decref(parent);
    json_decref(child);
    return bad;
}

static const struct shape shape[] = {{"parent", OBJECT, true, 0, NULL},
                                     {"child", OBJECT, true, 0, NULL},
                                     {"pick_list_values", ARRAY, true, 0, NULL},
                                     {"active", BOOL, false, 0, NULL},
                                     {0}};

/* The module of the query and the layout of the path; NULL = answered. New reference. */
static json_t *module_of(struct call *c)
{
    json_t *m = call_module(c);
    AUTO_JSON json_t *layout = m ? config_by_id(c->st, "layouts", js_str(m, "api_name"), c->param[0]) : NULL;
    if (m && !layout) {
        answer_error(c, 400, "INVALID_DATA", "there is no such layout", json_pack("{s:i}", "resource_path_index", 2));
        json_decref(m);
        return NULL;
    }
    return m;
}

static json_t *in_layout(struct call *c, const char *module)
{
    json_t *all = config_list(c->st, "map_dependency", module);
    for (size_t i = json_array_size(all); i-- > 0;) {
        if (strcmp(js_str_or(json_array_get(all, i), "@layout", ""), c->param[0]) != 0) {
            json_array_remove(all, i);
        } else {
            json_object_del(json_array_get(all, i), "@layout");
        }
    }
    return all;
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = module_of(c);
    if (!m) {
        return;
    }
    json_t *all = in_layout(c, js_str(m, "api_name")), *o;
    size_t i;
    json_array_foreach (all, i, o) {
        json_object_del(o, "pick_list_values");
        js_set(o, "sub_module", json_null());
    }
    if (json_array_size(all) == 0) {
        json_decref(all);
        answer_none(c);
    } else {
        answer_page(c, "map_dependency", all);
    }
}

/* The one of the path as stored; NULL = answered. */
static json_t *by_path(struct call *c, const json_t *m)
{
    json_t *o = m ? config_by_id(c->st, "map_dependency", js_str(m, "api_name"), c->param[1]) : NULL;
    if (m && !o) {
        answer_error(c, 400, "INVALID_DATA", "there is no such map dependency",
                     json_pack("{s:i}", "resource_path_index", 4));
    }
    return o;
}

static void one(struct call *c)
{
    AUTO_JSON json_t *m = module_of(c);
    json_t *o = by_path(c, m);
    if (o) {
        json_object_del(o, "@layout");
        answer_list(c, "map_dependency", json_pack("[o]", o));
    }
}

static bool exists(struct call *c, const char *module, const json_t *o)
{
    AUTO_JSON json_t *all = in_layout(c, module);
    size_t i;
    json_t *other;
    json_array_foreach (all, i, other) {
        if (strcmp(js_str_or(js_obj(other, "child"), "id", ""), js_str_or(js_obj(o, "child"), "id", "")) == 0 &&
            strcmp(js_str_or(js_obj(other, "parent"), "id", ""), js_str_or(js_obj(o, "parent"), "id", "")) == 0) {
            return true;
        }
    }
    return false;
}

static void write_one(struct call *c, const json_t *m, json_t *old)
{
    const char *module = js_str(m, "api_name");
    json_t *items = call_items(c, "map_dependency", 1);
    if (!items) {
        return;
    }
    AUTO_JSON json_t *o = old ? json_deep_copy(old) : json_object();
    json_t *bad = shape_take(shape, json_array_get(items, 0), o, !old, "$.map_dependency[0]");
    bad = bad ? bad : check(c, module, o);
    if (!bad && !old && exists(c, module, o)) {
        bad = item_error("MAPPING_ALREADY_EXISTS", "these two are mapped already", at("$.map_dependency[0].child"));
    }
    if (!bad) {
        char id[STORE_ID_TEXT];
        if (!old) {
            store_new_id(c->st, id);
            js_set_str(o, "id", id);
        }
        js_set_str(o, "@layout", c->param[0]);
        js_set_bool(o, "internal", false);
        js_set_bool(o, "active", js_bool(o, "active", true));
        js_set_int(o, "source", 1);
        js_set_int(o, "category", 0);
        config_put(c->st, "map_dependency", module, o);
    }
    answer_results(c, old ? 200 : 201, "map_dependency",
                   json_pack("[o]", bad ? bad : item_ok(js_str(o, "id"), "map dependency saved")));
}

static void create(struct call *c)
{
    AUTO_JSON json_t *m = module_of(c);
    if (m) {
        write_one(c, m, NULL);
    }
}

static void update(struct call *c)
{
    AUTO_JSON json_t *m = module_of(c);
    AUTO_JSON json_t *old = by_path(c, m);
    if (old) {
        write_one(c, m, old);
    }
}

static void delete_one(struct call *c)
{
    AUTO_JSON json_t *m = module_of(c);
    AUTO_JSON json_t *old = by_path(c, m);
    if (old) {
        config_remove(c->st, "map_dependency", c->param[1]);
        answer_results(c, 200, "map_dependency", json_pack("[o]", item_ok(c->param[1], "map dependency deleted")));
    }
}

/* ---- writes ---- */

static bool maps_hold(const json_t *dependency, const char *parent, const char *child)
{
    size_t i, k;
    json_t *v, *m;
    json_array_foreach (js_arr(dependency, "pick_list_values"), i, v) {
        if (strcmp(js_str_or(v, "actual_value", ""), parent) != 0 || json_array_size(js_arr(v, "maps")) == 0) {
            continue;
        }
        json_array_foreach (js_arr(v, "maps"), k, m) {
            if (strcmp(js_str_or(m, "actual_value", ""), child) == 0) {
                return true;
            }
        }
        return false;
    }
    return true;
}

json_t *mapping_check(struct call *c, const struct record_module *m, const json_t *changes, const json_t *after,
                      const char *base)
{
    AUTO_JSON json_t *all = config_list(c->st, "map_dependency", m->api);
    size_t i;
    json_t *o;
    json_array_foreach (all, i, o) {
        const char *parent = js_str_or(js_obj(o, "parent"), "api_name", ""),
                   *child = js_str_or(js_obj(o, "child"), "api_name", "");
        const char *pv = js_str(after, parent), *cv = js_str(after, child);
        bool touched = json_object_get(changes, parent) || json_object_get(changes, child);
        if (touched && js_bool(o, "active", true) && pv && cv && !maps_hold(o, pv, cv)) {
            json_t *d = at("%s.%s", base, child);
            js_set_str(d, "mapped_field", parent);
            return item_error("MAPPING_MISMATCH", "the value does not go with the other field's", d);
        }
    }
    return NULL;
}

#define PATH  "/crm/v8/settings/layouts/{id}/map_dependency"
#define SCOPE "ZohoCRM.settings.map_dependency"
static const struct route rows[] = {
    {"GET", PATH, SCOPE, 1, list, NULL},
    {"POST", PATH, SCOPE, 1, create, NULL},
    {"GET", PATH "/{dependency}", SCOPE, 1, one, NULL},
    {"PUT", PATH "/{dependency}", SCOPE, 1, update, NULL},
    {"DELETE", PATH "/{dependency}", SCOPE, 1, delete_one, NULL},
};
ROUTE_TABLE(routes_mapping, rows);
