/* sandbox/field.c — GET, POST, PATCH and DELETE of fields. Source: zoho-api.md 1.5, OAS26a fields (codes and details).
 */
#include "sandbox/field.h"

#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/layout.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/record.h"
#include "sandbox/route.h"

static const struct shape common[] = {{"field_label", TEXT, true, 0, NULL},
                                      {"data_type", TEXT, true, 0, NULL},
                                      {"length", INTEGER, false, 0, NULL},
                                      {"filterable", BOOL, false, 0, NULL},
                                      {"tooltip", OBJECT, false, 0, NULL},
                                      {"profiles", ARRAY, false, 0, NULL},
                                      {"external", OBJECT, false, 0, NULL},
                                      {"crypt", ANY, false, 0, NULL},
                                      {"encrypt_case", TEXT, false, 0, "uppercase|lowercase"},
                                      {"textarea", OBJECT, false, 0, NULL},
                                      {"unique", ANY, false, 0, NULL},
                                      {"hipaa_compliance_enabled", BOOL, false, 0, NULL},
                                      {"private", OBJECT, false, 0, NULL},
                                      {"pick_list_values", ARRAY, false, 0, NULL},
                                      {"enable_record_state", BOOL, false, 0, NULL},
                                      {"default_value", ANY, false, 0, NULL},
                                      {"pick_list_values_sorted_lexically", BOOL, false, 0, NULL},
                                      {"enable_colour_code", BOOL, false, 0, NULL},
                                      {"global_picklist", OBJECT, false, 0, NULL},
                                      {"history_tracking_enabled", BOOL, false, 0, NULL},
                                      {"history_tracking", OBJECT, false, 0, NULL},
                                      {"separator", BOOL, false, 0, NULL},
                                      {"auto_number", OBJECT, false, 0, NULL},
                                      {"_update_existing_records", BOOL, false, 0, NULL},
                                      {"formula", OBJECT, false, 0, NULL},
                                      {"decimal_place", INTEGER, false, 0, NULL},
                                      {"number_separator", BOOL, false, 0, NULL},
                                      {"currency", OBJECT, false, 0, NULL},
                                      {"rollup_summary", OBJECT, false, 0, NULL},
                                      {"lookup", OBJECT, false, 0, NULL},
                                      {"multiselectlookup", OBJECT, false, 0, NULL},
                                      {0}};

/* Inside the type's own property. */
static const struct {
    const char *property;
    struct shape shape[4];
} inner[] = {
    {"tooltip", {{"name", TEXT, true, 0, "static_text|info_icon"}, {"value", TEXT, true, 0, NULL}, {0}}},
    {"textarea", {{"type", TEXT, true, 0, "small|large|rich_text"}, {0}}},
    {"external", {{"type", TEXT, true, 0, "user|org|external_lookup"}, {"show", BOOL, true, 0, NULL}, {0}}},
    {"private", {{"type", TEXT, true, 0, "Low|High"}, {0}}},
    {"auto_number", {{"start_number", TEXT_OR_NUMBER, true, 0, NULL}, {0}}},
    {"formula",
     {{"expression", TEXT, true, 0, NULL},
      {"return_type", TEXT, true, 0, "double|currency|text|date|datetime|boolean"},
      {0}}},
    {"rollup_summary",
     {{"return_type", TEXT, true, 0, "currency|double|integer"},
      {"based_on_module", OBJECT, true, 0, NULL},
      {"expression", OBJECT, true, 0, NULL},
      {0}}},
    {"currency",
     {{"rounding_option", TEXT, true, 0, "normal|round_off|round_up|round_down"},
      {"precision", TEXT_OR_NUMBER, true, 0, NULL},
      {0}}},
    {"lookup", {{"module", OBJECT, true, 0, NULL}, {"display_label", TEXT, false, 0, NULL}, {0}}},
    {"multiselectlookup",
     {{"connected_details", OBJECT, true, 0, NULL}, {"linking_details", OBJECT, true, 0, NULL}, {0}}},
};

static json_t *inner_check(const json_t *f, const char *base)
{
    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        const json_t *o = js_obj(f, inner[i].property);
        if (!o) {
            continue;
        }
        AUTO_JSON json_t *scrap = json_object();
        AUTO_FREE char *path = mem_printf("%s.%s", base, inner[i].property);
        json_t *bad = shape_take(inner[i].shape, o, scrap, true, path);
        if (bad) {
            return bad;
        }
    }
    return NULL;
}

static json_t *type_needs(const json_t *f, const struct field_type *t, const char *base)
{
    bool picklist = t->needs && strcmp(t->needs, "pick_list_values") == 0;
    bool values = json_array_size(js_arr(f, "pick_list_values")) > 0, global = js_obj(f, "global_picklist") != NULL;
    if (picklist && values && global) {
        return item_error("AMBIGUITY_DURING_PROCESSING", "own values and a global list exclude each other",
                          json_pack("{s:[o,o]}", "ambiguity_due_to", at("%s.pick_list_values", base),
                                    at("%s.global_picklist", base)));
    }
    if (picklist && !values && !global) {
        return item_error("EXPECTED_DEPENDENT_FIELD_MISSING", "a picklist needs its values or a global list",
                          json_pack("{s:[o,o],s:o}", "expected_fields", at("%s.pick_list_values", base),
                                    at("%s.global_picklist", base), "dependee", at("%s.data_type", base)));
    }
    if (t->needs && !picklist && !js_obj(f, t->needs)) {
        json_t *d = at("%s.%s", base, t->needs);
        js_set(d, "dependee", at("%s.data_type", base));
        return item_error("DEPENDENT_FIELD_MISSING", "the data type needs this property", d);
    }
    if (json_object_get(f, "unique") && !json_is_false(json_object_get(f, "unique")) && !t->unique) {
        json_t *d = at("%s.unique", base);
        js_set(d, "dependee", at("%s.data_type", base));
        return item_error("DEPENDENT_MISMATCH", "this data type cannot be unique", d);
    }
    return NULL;
}

static json_t *values_check(const json_t *f, const char *base)
{
    size_t i, k;
    json_t *v, *o;
    const json_t *values = js_arr(f, "pick_list_values");
    json_array_foreach (values, i, v) {
        const char *t = js_str(v, "display_value");
        if (!t || !*t) {
            return error_missing("%s.pick_list_values[%zu].display_value", base, i);
        }
        if (utf8_length(t) > LIM_PICKLIST_VALUE) {
            json_t *d = at("%s.pick_list_values[%zu].display_value", base, i);
            js_set_int(d, "maximum_length", LIM_PICKLIST_VALUE);
            return item_error("INVALID_DATA", "the value is too long", d);
        }
        json_array_foreach (values, k, o) {
            if (k < i && strcmp(js_str_or(o, "display_value", ""), t) == 0) {
                return item_error("DUPLICATE_DATA", "the value is there twice",
                                  at("%s.pick_list_values[%zu].display_value", base, i));
            }
        }
    }
    return NULL;
}

static json_t *references_check(struct store *st, json_t *f, const char *base)
{
    json_t *target = js_obj(js_obj(f, "lookup"), "module"), *global = js_obj(f, "global_picklist"), *p;
    json_t *of = js_obj(js_obj(f, "rollup_summary"), "based_on_module");
    json_t *refs[] = {target, of};
    static const char *const where[] = {"lookup.module", "rollup_summary.based_on_module"};
    for (size_t i = 0; i < 2; i++) {
        const char *which = js_str(refs[i], "api_name") ? js_str(refs[i], "api_name") : js_str_or(refs[i], "id", "");
        AUTO_JSON json_t *m = refs[i] ? module_get(st, which) : NULL;
        if (refs[i] && !m) {
            return error_invalid(NULL, "%s.%s.%s", base, where[i], js_str(refs[i], "api_name") ? "api_name" : "id");
        }
    }
    AUTO_FREE char *gpath = mem_printf("%s.global_picklist", base);
    json_t *bad = global ? ref_complete(st, global, "global_picklists", NULL, gpath) : NULL;
    size_t i;
    json_array_foreach (js_arr(f, "profiles"), i, p) {
        AUTO_FREE char *path = mem_printf("%s.profiles[%zu]", base, i);
        const char *type = js_str_or(p, "permission_type", "");
        bad = bad ? bad : ref_complete(st, p, "profiles", NULL, path);
        if (!bad && !one_of("read_write|read_only|hidden", type)) {
            bad = error_choice("read_write|read_only|hidden", "%s.permission_type", path);
        }
    }
    return bad;
}

static json_t *label_taken(struct store *st, const char *module, const char *label, const char *but_id,
                           const char *base)
{
    AUTO_JSON json_t *same = config_by_name(st, "fields", module, label);
    if (same && strcmp(js_str_or(same, "id", ""), but_id) != 0) {
        return item_error("DUPLICATE_DATA", "another field has this label", at("%s.field_label", base));
    }
    return NULL;
}

/* Names that SQL-like COQL or Deluge would stumble on. That there is such a list is documented (OAS26a); its words are
 * ours. */
static bool reserved(const char *label)
{
    return one_of("id|null|true|false|select|from|where|this", label);
}

static json_t *create_check(struct store *st, const char *module, const json_t *in, json_t *f, const char *base)
{
    json_t *bad = shape_take(common, in, f, true, base);
    if (bad) {
        return bad;
    }
    const struct field_type *t = field_type(js_str(f, "data_type"));
    if (!t || !t->creatable) { /* no subform, no multi_module_lookup (zoho-api.md 1.5) */
        return error_choice(
            "text|textarea|email|phone|picklist|multiselectpicklist|date|datetime|integer|autonumber|currency|"
            "percent|bigint|double|website|boolean|fileupload|imageupload|lookup|userlookup|multiselectlookup|"
            "multiuserlookup|formula|rollup_summary|address",
            "%s.data_type", base);
    }
    if (reserved(js_str(f, "field_label"))) {
        return item_error("RESERVED_KEYWORD_NOT_ALLOWED", "the label is a reserved word", at("%s.field_label", base));
    }
    if (t->max_length && js_int(f, "length", 1) > t->max_length) {
        json_t *d = at("%s.length", base);
        js_set_int(d, "maximum_length", t->max_length);
        return item_error("INVALID_DATA", "the length is too large", d);
    }
    bad = label_taken(st, module, js_str(f, "field_label"), "", base);
    bad = bad ? bad : type_needs(f, t, base);
    bad = bad ? bad : inner_check(f, base);
    bad = bad ? bad : values_check(f, base);
    return bad ? bad : references_check(st, f, base);
}

/* A field that takes a global list shows that list's values as its own. */
static void take_global(struct store *st, json_t *f)
{
    const json_t *g = js_obj(f, "global_picklist");
    AUTO_JSON json_t *list = g ? config_by_id(st, "global_picklists", NULL, js_str_or(g, "id", "")) : NULL;
    if (list) {
        json_object_set(f, "pick_list_values", js_arr(list, "pick_list_values"));
    }
}

static void create(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    json_t *items = m ? call_items(c, "fields", LIM_FIELDS_PER_CALL) : NULL;
    if (!items) {
        return;
    }
    json_t *results = json_array(), *in;
    size_t i;
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.fields[%zu]", i);
        AUTO_JSON json_t *f = json_object();
        json_t *bad = create_check(c->st, js_str(m, "api_name"), in, f, base);
        if (!bad) {
            take_global(c->st, f);
            AUTO_JSON json_t *made = field_make(c->s, js_str(m, "api_name"), f, true);
            if (strcmp(js_str_or(m, "generated_type", ""), "subform") != 0) {
                layout_place(c->s, js_str(m, "api_name"), NULL, js_str(made, "api_name"), false);
            }
            json_array_append_new(results, item_ok(js_str(made, "id"), "field created"));
        } else {
            json_array_append_new(results, bad);
        }
    }
    answer_results(c, 201, "fields", results);
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    if (!m) {
        return;
    }
    const char *type = call_query(c, "type");
    if (type && !one_of("all|used|unused", type)) {
        answer_error(c, 400, "INVALID_DATA", "the parameter is not one of those supported",
                     json_pack("{s:s,s:o}", "param_name", "type", "supported_values", choices("all|used|unused")));
        return;
    }
    json_t *all = module_fields(c->st, js_str(m, "api_name"));
    for (size_t i = json_array_size(all); type && strcmp(type, "all") != 0 && i-- > 0;) {
        if (strcmp(js_str_or(json_array_get(all, i), "type", "used"), type) != 0) {
            json_array_remove(all, i);
        }
    }
    answer_list(c, "fields", all);
}

static json_t *by_path(struct call *c, const json_t *m)
{
    json_t *f = config_by_id(c->st, "fields", js_str(m, "api_name"), c->param[0]);
    if (!f) {
        answer_error(c, 400, "INVALID_DATA", "there is no such field", json_pack("{s:i}", "resource_path_index", 2));
    }
    return f;
}

static void one(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    AUTO_JSON json_t *f = m ? by_path(c, m) : NULL;
    if (f) {
        answer_list(c, "fields", json_pack("[O]", f));
    }
}

static const struct shape patch_shape[] = {{"field_label", TEXT, false, 0, NULL},
                                           {"length", INTEGER, false, 0, NULL},
                                           {"tooltip", OBJECT, false, 0, NULL},
                                           {"profiles", ARRAY, false, 0, NULL},
                                           {"unique", ANY, false, 0, NULL},
                                           {"lookup", OBJECT, false, 0, NULL},
                                           {"global_picklist", OBJECT, false, 0, NULL},
                                           {"sharing_properties", OBJECT, false, 0, NULL},
                                           {"history_tracking_enabled", BOOL, false, 0, NULL},
                                           {"history_tracking", OBJECT, false, 0, NULL},
                                           {"formula", OBJECT, false, 0, NULL},
                                           {"decimal_place", INTEGER, false, 0, NULL},
                                           {"currency", OBJECT, false, 0, NULL},
                                           {"rollup_summary", OBJECT, false, 0, NULL},
                                           {"external", OBJECT, false, 0, NULL},
                                           {"default_value", ANY, false, 0, NULL},
                                           {"enable_colour_code", BOOL, false, 0, NULL},
                                           {"pick_list_values_sorted_lexically", BOOL, false, 0, NULL},
                                           {0}};

static void patch_profiles(json_t *f, const json_t *given)
{
    size_t i, k;
    json_t *g, *p;
    json_array_foreach (given, i, g) {
        json_array_foreach (js_arr(f, "profiles"), k, p) {
            if (strcmp(js_str_or(p, "id", ""), js_str_or(g, "id", "?")) == 0) {
                js_set_str(p, "permission_type", js_str(g, "permission_type"));
            }
        }
    }
}

static json_t *patch_check(struct call *c, const json_t *m, const json_t *in, const json_t *f, json_t *out,
                           const char *base)
{
    if (json_object_get(in, "data_type") &&
        strcmp(js_str_or(in, "data_type", ""), js_str_or(f, "data_type", "")) != 0) {
        return item_error("NOT_ALLOWED", "the data type of a field cannot be changed", at("%s.data_type", base));
    }
    json_t *bad = shape_take(patch_shape, in, out, false, base);
    if (!bad && js_str(out, "field_label")) {
        bad = label_taken(c->st, js_str(m, "api_name"), js_str(out, "field_label"), js_str_or(f, "id", ""), base);
    }
    bad = bad ? bad : references_check(c->st, out, base);
    return bad ? bad : inner_check(out, base);
}

static json_t *patch_one(struct call *c, const json_t *m, const json_t *in, const char *id, const char *base)
{
    AUTO_JSON json_t *f = id ? config_by_id(c->st, "fields", js_str(m, "api_name"), id) : NULL;
    AUTO_JSON json_t *out = json_object();
    json_t *bad = !id ? error_missing("%s.id", base) : !f ? error_invalid(NULL, "%s.id", base) : NULL;
    bad = bad ? bad : patch_check(c, m, in, f, out, base);
    bad = bad ? bad : picklist_patch(c, f, js_arr(in, "pick_list_values"), base);
    if (bad) {
        return bad;
    }
    patch_profiles(f, js_arr(out, "profiles"));
    json_object_del(out, "profiles");
    if (json_is_true(json_object_get(js_obj(out, "unique"), "_disable"))) {
        js_set(out, "unique", json_object());
    }
    json_object_update(f, out);
    field_number(f);
    field_complete_lookup(c->st, f, js_str(m, "api_name"), id);
    js_set_str(f, "display_label", js_str_or(f, "field_label", ""));
    if (json_object_size(js_obj(out, "unique")) > 0) {
        record_index_field(c->st, js_str(m, "api_name"), js_str_or(f, "api_name", ""));
    }
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    js_set_str(f, "modified_time", now);
    take_global(c->st, f);
    config_put(c->st, "fields", js_str(m, "api_name"), f);
    return item_ok(id, "field updated");
}

static void patch(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    json_t *items = m ? call_items(c, "fields", c->param[0] ? 1 : LIM_FIELDS_PER_CALL) : NULL;
    if (!items) {
        return;
    }
    json_t *results = json_array(), *in;
    size_t i;
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.fields[%zu]", i);
        json_array_append_new(results, patch_one(c, m, in, c->param[0] ? c->param[0] : js_str(in, "id"), base));
    }
    answer_results(c, 200, "fields", results);
}

/* Refused while a rule, an action or a view speaks of the field (zoho-api.md 1.5). */
static bool in_use(struct store *st, const char *id)
{
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", id);
    sqlite3_stmt *q = store_q(st,
                              "SELECT 1 FROM config WHERE kind IN ('workflow_rules','field_updates','blueprints',"
                              "'record_locking_configurations','validation_rules') AND body LIKE ?1 LIMIT 1",
                              "s", like);
    bool used = false;
    while (store_row(st, q)) {
        used = true;
    }
    return used;
}

static void delete_one(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    AUTO_JSON json_t *f = m ? by_path(c, m) : NULL;
    if (!f) {
        return;
    }
    if (!js_bool(f, "custom_field", false) || in_use(c->st, c->param[0])) {
        answer_results(c, 200, "fields",
                       json_pack("[o]", item_error("NOT_ALLOWED", "the field is Zoho's own or still in use",
                                                   json_pack("{s:i}", "resource_path_index", 2))));
        return;
    }
    layout_forget(c->s, js_str(m, "api_name"), c->param[0]);
    config_remove(c->st, "fields", c->param[0]);
    answer_results(c, 200, "fields", json_pack("[o]", item_ok(c->param[0], "field deleted")));
}

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/fields", "ZohoCRM.settings.fields", 1, list, NULL},
    {"POST", "/crm/v8/settings/fields", "ZohoCRM.settings.fields", 1, create, NULL},
    {"PATCH", "/crm/v8/settings/fields", "ZohoCRM.settings.fields", 1, patch, NULL},
    {"GET", "/crm/v8/settings/fields/{id}", "ZohoCRM.settings.fields", 1, one, NULL},
    {"PATCH", "/crm/v8/settings/fields/{id}", "ZohoCRM.settings.fields", 1, patch, NULL},
    {"DELETE", "/crm/v8/settings/fields/{id}", "ZohoCRM.settings.fields", 1, delete_one, NULL},
};
ROUTE_TABLE(routes_field, rows);
