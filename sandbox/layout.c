/*
 * sandbox/layout.c — layouts: GET shows whole fields in their sections, PATCH changes up to 5 sections and 5 fields.
 * Stored: sections with {id, sequence_number, required} a field. Source: zoho-api.md 1.6, OAS26a layouts.
 */
#include "sandbox/layout.h"

#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

static json_t *section_new(struct store *st, const char *name, const char *label, int sequence, bool custom)
{
    char id[STORE_ID_TEXT];
    store_new_id(st, id);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:s,s:s,s:s,s:b,s:n,s:b,s:{s:b,s:b,s:b,s:b,s:b,s:b,s:b},s:[]}", "id",
                     id, "mode", "all", "name", name, "api_name", name, "display_label", label, "sequence_number",
                     sequence, "column_count", 2, "tab_traversal", "left_to_right", "generated_type",
                     custom ? "custom" : "default", "type", "used", "isSubformSection", 0, "parent_section",
                     "is_parent_section", 0, "actions_allowed", "add_field", 1, "rename", 1, "change_tab_traversal", 1,
                     "reorder", 1, "delete", (int)custom, "remove_field", 1, "change_column_count", 1, "fields");
}

/* What every layout shows; keys of OAS26a layouts. */
static const char defaults[] =
    "{\"name\":\"Standard\",\"api_name\":\"Standard\",\"display_label\":\"Standard\",\"visible\":true,\"created_for\":"
    "null,"
    "\"created_by\":null,\"modified_by\":null,\"source\":\"crm\",\"has_more_profiles\":false,\"convert_mapping\":null,"
    "\"show_business_card\":true,\"generated_type\":\"system\",\"status\":\"active\",\"actions_allowed\":{\"edit\":"
    "true,"
    "\"rename\":true,\"clone\":true,\"downgrade\":false,\"delete\":false,\"deactivate\":false,\"set_layout_"
    "permissions\":true}}";

/* The profiles of a module, each seeing this layout by default. */
static json_t *profiles_of(const json_t *module, const char *layout_id)
{
    json_t *out = json_array(), *p;
    size_t i;
    json_array_foreach (js_arr(module, "profiles"), i, p) {
        json_t *view = json_pack("{s:s,s:s,s:s}", "name", "Standard", "id", layout_id, "type", "layout");
        json_array_append_new(out, json_pack("{s:b,s:s,s:s,s:O,s:o}", "default", 1, "name", js_str_or(p, "name", ""),
                                             "id", js_str_or(p, "id", ""), "_default_view", view,
                                             "_default_assignment_view", view));
    }
    return out;
}

void layout_make_standard(struct sandbox *s, const json_t *module)
{
    struct store *st = &s->store;
    char id[STORE_ID_TEXT], now[CLOCK_TEXT];
    const char *api = js_str(module, "api_name");
    store_new_id(st, id);
    org_time(s, s->clock.now_s(s->clock.ctx), now);
    AUTO_FREE char *title = mem_printf("%s Information", js_str_or(module, "singular_label", api));
    AUTO_JSON json_t *l = json_loads(defaults, 0, NULL);
    js_set_str(l, "id", id);
    js_set_str(l, "created_time", now);
    js_set_str(l, "modified_time", now);
    js_set(l, "profiles", profiles_of(module, id));
    js_set(l, "sections", json_pack("[o]", section_new(st, title, title, 1, false)));
    json_t *fields = js_arr(json_array_get(js_arr(l, "sections"), 0), "fields"), *f;
    AUTO_JSON json_t *all = module_fields(st, api);
    size_t i;
    json_array_foreach (all, i, f) {
        json_array_append_new(fields, json_pack("{s:s,s:i,s:b}", "id", js_str(f, "id"), "sequence_number", (int)i + 1,
                                                "required", (int)js_bool(f, "system_mandatory", false)));
    }
    config_put(st, "layouts", api, l);
}

static json_t *find_section(const json_t *layout, const char *key, const char *value)
{
    size_t i;
    json_t *sec;
    json_array_foreach (js_arr(layout, "sections"), i, sec) {
        if (value && text_casecmp(js_str_or(sec, key, ""), value) == 0) {
            return sec;
        }
    }
    return NULL;
}

/* The field's entry taken out of whatever section has it; NULL when it is on none. */
static json_t *take_off(json_t *layout, const char *field_id)
{
    size_t i, k;
    json_t *sec, *f;
    json_array_foreach (js_arr(layout, "sections"), i, sec) {
        json_array_foreach (js_arr(sec, "fields"), k, f) {
            if (strcmp(js_str_or(f, "id", ""), field_id) == 0) {
                json_t *out = json_incref(f);
                json_array_remove(js_arr(sec, "fields"), k);
                return out;
            }
        }
    }
    return NULL;
}

static void renumber(json_t *fields)
{
    size_t i;
    json_t *f;
    json_array_foreach (fields, i, f) {
        js_set_int(f, "sequence_number", (int64_t)i + 1);
    }
}

static void put_in(json_t *section, json_t *stolen, int64_t sequence)
{
    json_t *fields = js_arr(section, "fields");
    size_t n = json_array_size(fields), i = sequence > 0 ? (size_t)sequence - 1 : n;
    json_array_insert_new(fields, i > n ? n : i, stolen);
    renumber(fields);
}

void layout_place(struct sandbox *s, const char *module, const char *section, const char *field_api, bool required)
{
    struct store *st = &s->store;
    AUTO_JSON json_t *l = config_by_api(st, "layouts", module, "Standard");
    AUTO_JSON json_t *f = config_by_api(st, "fields", module, field_api);
    if (!l || !f) {
        return;
    }
    json_t *secs = js_arr(l, "sections");
    json_t *sec = section ? find_section(l, "display_label", section) : json_array_get(secs, 0);
    if (!sec) {
        sec = section_new(st, section, section, (int)json_array_size(secs) + 1, true);
        json_array_append_new(secs, sec);
    }
    json_t *entry = take_off(l, js_str(f, "id"));
    entry = entry ? entry : json_pack("{s:s}", "id", js_str(f, "id"));
    js_set_bool(entry, "required", required);
    put_in(sec, entry, 0);
    config_put(st, "layouts", module, l);
}

void layout_forget(struct sandbox *s, const char *module, const char *field_id)
{
    AUTO_JSON json_t *all = config_list(&s->store, "layouts", module);
    size_t i;
    json_t *l;
    json_array_foreach (all, i, l) {
        json_decref(take_off(l, field_id));
        config_put(&s->store, "layouts", module, l);
    }
}

/* Sections with whole fields plus what this layout says of them. */
static void expand(json_t *layout, const json_t *by_id)
{
    size_t i, k;
    json_t *sec, *f;
    json_array_foreach (js_arr(layout, "sections"), i, sec) {
        json_t *whole = json_array();
        json_array_foreach (js_arr(sec, "fields"), k, f) {
            json_t *full = json_deep_copy(json_object_get(by_id, js_str_or(f, "id", "")));
            if (full) {
                json_object_update(full, f);
                json_array_append_new(whole, full);
            }
        }
        js_set(sec, "fields", whole);
    }
}

static void answer_layouts(struct call *c, const char *module, json_t *layouts)
{
    AUTO_JSON json_t *fields = module_fields(c->st, module);
    AUTO_JSON json_t *by_id = json_object();
    size_t i;
    json_t *v;
    json_array_foreach (fields, i, v) {
        json_object_set(by_id, js_str_or(v, "id", ""), v);
    }
    json_array_foreach (layouts, i, v) {
        expand(v, by_id);
    }
    answer_list(c, "layouts", layouts);
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    if (m) {
        answer_layouts(c, js_str(m, "api_name"), config_list(c->st, "layouts", js_str(m, "api_name")));
    }
}

static json_t *by_path(struct call *c, const json_t *m)
{
    json_t *l = config_by_id(c->st, "layouts", js_str(m, "api_name"), c->param[0]);
    if (!l) {
        answer_error(c, 400, "INVALID_DATA", "there is no such layout", json_pack("{s:i}", "resource_path_index", 2));
    }
    return l;
}

static void one(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    json_t *l = m ? by_path(c, m) : NULL;
    if (l) {
        answer_layouts(c, js_str(m, "api_name"), json_pack("[o]", l));
    }
}

static const struct shape section_shape[] = {{"name", TEXT, true, 0, NULL},
                                             {"display_label", TEXT, true, 0, NULL},
                                             {"sequence_number", INTEGER, true, 0, NULL},
                                             {"column_count", INTEGER, false, 0, NULL},
                                             {"tab_traversal", TEXT, false, 0, "left_to_right|top_to_bottom"},
                                             {0}};

static json_t *limit(int n, json_t *due_to)
{
    return item_error("LIMIT_EXCEEDED", "too many elements in one request",
                      json_pack("{s:i,s:[o]}", "limit", n, "limit_due_to", due_to));
}

static json_t *counts_check(const json_t *sections)
{
    size_t i, fields = 0;
    json_t *sec;
    json_array_foreach (sections, i, sec) {
        fields += json_array_size(js_arr(sec, "fields"));
    }
    if (json_array_size(sections) > LIM_LAYOUT_SECTIONS_PER_CALL) {
        return limit(LIM_LAYOUT_SECTIONS_PER_CALL, at("$.layouts[0].sections"));
    }
    return fields > LIM_LAYOUT_FIELDS_PER_CALL
               ? limit(LIM_LAYOUT_FIELDS_PER_CALL, at("$.layouts[0].sections[0].fields"))
               : NULL;
}

static void mark(struct call *c, const char *module, const char *field_id, const char *type)
{
    AUTO_JSON json_t *f = config_by_id(c->st, "fields", module, field_id);
    if (f) {
        js_set_str(f, "type", type);
        config_put(c->st, "fields", module, f);
    }
}

static json_t *place_field(struct call *c, const char *module, json_t *layout, json_t *sec, const json_t *in,
                           const char *base)
{
    const char *id = js_str(in, "id");
    AUTO_JSON json_t *made = NULL;
    if (!id && js_str(in, "field_label") && field_type(js_str(in, "data_type"))) {
        made = field_make(c->s, module, in, true);
        id = js_str(made, "id");
    }
    AUTO_JSON json_t *f = id ? config_by_id(c->st, "fields", module, id) : NULL;
    if (!f) {
        return id ? error_invalid(NULL, "%s.id", base) : error_missing("%s.id", base);
    }
    if (js_bool(f, "system_mandatory", false) && json_object_get(in, "_delete")) { /* zoho-api.md 1.6 [C9] */
        return item_error("NOT_ALLOWED", "a system-mandatory field stays on the layout", at("%s.id", base));
    }
    json_t *entry = take_off(layout, id);
    if (json_object_get(in, "_delete")) {
        json_decref(entry);
        mark(c, module, id, "unused");
        return NULL;
    }
    entry = entry ? entry : json_pack("{s:s,s:b}", "id", id, "required", 0);
    if (json_is_boolean(json_object_get(in, "required"))) {
        json_object_set(entry, "required", json_object_get(in, "required"));
    }
    put_in(sec, entry, js_int(in, "sequence_number", 0));
    mark(c, module, id, "used");
    return NULL;
}

static int by_sequence(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t d = js_int(x, "sequence_number", 0) - js_int(y, "sequence_number", 0);
    return d < 0 ? -1 : d > 0;
}

/* Puts the changed section at its wanted place and numbers all of them 1..n. */
static void reorder(json_t *secs, json_t *moved)
{
    size_t n = json_array_size(secs), k = 0;
    json_t **v = mem_grow(NULL, n + 1, sizeof *v);
    for (size_t i = 0; i < n; i++) {
        json_t *s = json_array_get(secs, i);
        if (s != moved) {
            v[k++] = json_incref(s);
        }
    }
    json_incref(moved);
    qsort(v, k, sizeof *v, by_sequence);
    int64_t want = js_int(moved, "sequence_number", (int64_t)n);
    size_t pos = want < 1 ? 0 : (size_t)want - 1 > k ? k : (size_t)want - 1;
    json_array_clear(secs);
    for (size_t i = 0, from = 0; i <= k; i++) {
        json_array_append_new(secs, i == pos ? moved : v[from++]);
        js_set_int(json_array_get(secs, i), "sequence_number", (int64_t)i + 1);
    }
    free(v);
}

static json_t *section_delete(struct call *c, const char *module, json_t *layout, json_t *sec, const char *base)
{
    size_t i;
    json_t *f;
    if (strcmp(js_str_or(sec, "generated_type", ""), "custom") != 0) {
        return item_error("NOT_ALLOWED", "a default section cannot be deleted", at("%s.id", base));
    }
    json_array_foreach (js_arr(sec, "fields"), i, f) {
        mark(c, module, js_str_or(f, "id", ""), "unused");
    }
    json_t *secs = js_arr(layout, "sections");
    for (i = 0; i < json_array_size(secs); i++) {
        if (json_array_get(secs, i) == sec) {
            json_array_remove(secs, i);
            break;
        }
    }
    return NULL;
}

static json_t *patch_section(struct call *c, const char *module, json_t *layout, const json_t *in, const char *base)
{
    const char *id = js_str(in, "id");
    json_t *sec = id ? find_section(layout, "id", id) : NULL, *f;
    AUTO_JSON json_t *out = json_object();
    json_t *bad = id && !sec ? error_invalid(NULL, "%s.id", base) : shape_take(section_shape, in, out, !id, base);
    int64_t cols = js_int(out, "column_count", 2);
    if (!bad && (cols < 1 || cols > 2)) {
        bad = error_choice("1|2", "%s.column_count", base);
    }
    json_t *same = find_section(layout, "display_label", js_str(out, "display_label"));
    if (!bad && same && same != sec) {
        bad = item_error("DUPLICATE_DATA", "another section has this label", at("%s.display_label", base));
    }
    if (bad) {
        return bad;
    }
    if (sec && json_object_get(in, "_delete")) {
        return section_delete(c, module, layout, sec, base);
    }
    if (!sec) {
        sec = section_new(c->st, js_str(out, "name"), js_str(out, "display_label"), 0, true);
        json_array_append_new(js_arr(layout, "sections"), sec);
    }
    json_object_update(sec, out);
    if (json_object_get(out, "sequence_number")) {
        reorder(js_arr(layout, "sections"), sec);
    }
    size_t i;
    json_array_foreach (js_arr(in, "fields"), i, f) {
        AUTO_FREE char *path = mem_printf("%s.fields[%zu]", base, i);
        bad = bad ? bad : place_field(c, module, layout, sec, f, path);
    }
    return bad;
}

static void patch(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    AUTO_JSON json_t *l = m ? by_path(c, m) : NULL;
    json_t *items = l ? call_items(c, "layouts", 1) : NULL, *sec;
    if (!items) {
        return;
    }
    const json_t *sections = js_arr(json_array_get(items, 0), "sections");
    json_t *bad = counts_check(sections);
    size_t i;
    json_array_foreach (sections, i, sec) {
        AUTO_FREE char *base = mem_printf("$.layouts[0].sections[%zu]", i);
        bad = bad ? bad : patch_section(c, js_str(m, "api_name"), l, sec, base);
    }
    if (!bad) {
        char now[CLOCK_TEXT];
        org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
        js_set_str(l, "modified_time", now);
        config_put(c->st, "layouts", js_str(m, "api_name"), l);
    }
    answer_results(c, 200, "layouts",
                   json_pack("[o]", bad ? bad : item_ok(c->param[0], "layout updated successfully")));
}

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/layouts", "ZohoCRM.settings.layouts", 1, list, NULL},
    {"GET", "/crm/v8/settings/layouts/{id}", "ZohoCRM.settings.layouts", 1, one, NULL},
    {"PATCH", "/crm/v8/settings/layouts/{id}", "ZohoCRM.settings.layouts", 1, patch, NULL},
};
ROUTE_TABLE(routes_layout, rows);
