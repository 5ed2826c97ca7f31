/* sandbox/field_make.c — complete field objects as GET shows them. */
#include "sandbox/field.h"

#include "sandbox/module.h"

/* What a plain custom field shows; keys and their kinds from OAS26a fields. */
static const char defaults[] =
    "{\"associated_module\":null,\"webhook\":true,\"operation_type\":{\"web_update\":true,\"api_create\":true,"
    "\"web_create\":true,\"api_update\":true},\"colour_code_enabled_by_system\":false,\"tooltip\":null,"
    "\"type\":\"used\",\"field_read_only\":false,\"customizable_properties\":null,\"read_only\":false,"
    "\"association_details\":null,\"businesscard_supported\":true,\"multi_module_lookup\":null,"
    "\"filterable\":true,\"visible\":true,\"view_type\":{\"view\":true,\"edit\":true,\"quick_create\":false,"
    "\"create\":true},\"separator\":false,\"searchable\":true,\"history_tracking_enabled\":false,"
    "\"external\":null,\"unique\":{},\"enable_colour_code\":false,\"pick_list_values\":[],"
    "\"system_mandatory\":false,\"private\":null,\"virtual_field\":false,\"crypt\":null,"
    "\"created_source\":\"default\",\"display_type\":-1,\"ui_type\":1,\"public\":false,"
    "\"email_parser\":{\"fields_update_supported\":true,\"record_operations_supported\":true},"
    "\"currency\":null,\"custom_field\":true,\"lookup\":{},\"hipaa_compliance\":null,"
    "\"convert_mapping\":{\"Contacts\":null,\"Deals\":null,\"Accounts\":null},\"rollup_summary\":{},"
    "\"decimal_place\":null,\"mass_update\":true,\"auto_number\":{},\"formula\":{},\"multiselectlookup\":{},"
    "\"global_picklist\":null,\"pick_list_values_sorted_lexically\":false,"
    "\"display_field\":false,\"sortable\":true,\"static_field\":false,\"range\":null}";

bool picklist_has(const json_t *values, const char *actual_value)
{
    size_t i;
    json_t *v;
    json_array_foreach (values, i, v) {
        if (strcmp(js_str_or(v, "actual_value", ""), actual_value) == 0) {
            return true;
        }
    }
    return false;
}

json_t *picklist_entries(struct store *st, const json_t *values, size_t from)
{
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach (values, i, v) {
        char id[STORE_ID_TEXT];
        store_new_id(st, id);
        const char *text = json_is_string(v) ? json_string_value(v) : js_str(v, "display_value");
        const char *actual = js_str_or(v, "actual_value", text ? text : "");
        json_t *e = json_pack("{s:s,s:s,s:s,s:s,s:i,s:s}", "display_value", text ? text : actual, "actual_value",
                              actual, "reference_value", js_str_or(v, "reference_value", actual), "id", id,
                              "sequence_number", (int)(from + i + 1), "type", js_str_or(v, "type", "used"));
        if (js_str(v, "colour_code")) {
            js_set_str(e, "colour_code", js_str(v, "colour_code"));
        }
        json_array_append_new(out, e);
    }
    return out;
}

/* Every permission profile with the given access, read_write where none is given. */
static json_t *permissions(struct store *st, const json_t *given)
{
    AUTO_JSON json_t *profiles = config_list(st, "profiles", NULL);
    json_t *out = json_array(), *p, *g;
    size_t i, k;
    json_array_foreach (profiles, i, p) {
        const char *type = "read_write";
        json_array_foreach (given, k, g) {
            if (strcmp(js_str_or(g, "id", ""), js_str_or(p, "id", "")) == 0) {
                type = js_str_or(g, "permission_type", type);
            }
        }
        json_array_append_new(out, json_pack("{s:s,s:s,s:s}", "permission_type", type, "name", js_str_or(p, "name", ""),
                                             "id", js_str_or(p, "id", "")));
    }
    return out;
}

static char *free_api_name(struct sandbox *s, const char *module, const char *label)
{
    char *api = field_api_name(label);
    if (s->on[SWITCH_odd_names]) {
        char *odd = mem_printf("%s_x1", api);
        free(api);
        api = odd;
    }
    AUTO_FREE char *base = mem_dup(api);
    for (int n = 1;; n++) { /* a clash gets a number (zoho-api.md 1.5, unproven) */
        AUTO_JSON json_t *taken = config_by_api(&s->store, "fields", module, api);
        if (!taken) {
            return api;
        }
        free(api);
        api = mem_printf("%s%d", base, n);
    }
}

void field_complete_lookup(struct store *st, json_t *f, const char *module, const char *id)
{
    json_t *l = js_obj(f, "lookup"), *m = js_obj(l, "module");
    if (!m) {
        return;
    }
    const char *which = js_str(m, "api_name") ? js_str(m, "api_name") : js_str_or(m, "id", "");
    AUTO_JSON json_t *target = module_get(st, which);
    if (target) {
        js_set_str(m, "api_name", js_str(target, "api_name"));
        js_set_str(m, "id", js_str(target, "id"));
        js_set_bool(m, "crypt", false);
    }
    js_set_str(l, "api_name", js_str_or(l, "api_name", module));
    js_set_str(l, "id", id);
    if (!js_str(l, "display_label")) {
        js_set_str(l, "display_label", module);
    }
}

static void set_times(struct sandbox *s, json_t *f)
{
    char now[CLOCK_TEXT];
    org_time(s, s->clock.now_s(s->clock.ctx), now);
    js_set_str(f, "created_time", now);
    js_set_str(f, "modified_time", now);
}

void field_number(json_t *f)
{
    const char *start = js_str(js_obj(f, "auto_number"), "start_number");
    if (start) {
        AUTO_JSON json_t *number = json_copy(js_obj(f, "auto_number"));
        js_set_int(number, "start_number", strtoll(start, NULL, 10));
        json_object_set(f, "auto_number", number);
    }
}

json_t *field_make(struct sandbox *s, const char *module, const json_t *given, bool custom)
{
    struct store *st = &s->store;
    char id[STORE_ID_TEXT];
    store_new_id(st, id);
    json_t *f = json_loads(defaults, 0, NULL);
    json_object_update(f, (json_t *)(uintptr_t)given);
    field_number(f);
    json_object_del(f, "required");
    json_object_del(f, "section");
    const struct field_type *t = field_type(js_str(f, "data_type"));
    const char *label = js_str_or(f, "field_label", "");
    AUTO_FREE char *api =
        js_str(given, "api_name") ? mem_dup(js_str(given, "api_name")) : free_api_name(s, module, label);
    js_set_str(f, "id", id);
    js_set_str(f, "api_name", api);
    js_set_str(f, "display_label", label);
    js_set_bool(f, "custom_field", custom);
    js_set_bool(f, "system_mandatory", !custom && js_bool(given, "required", false));
    js_set_str(f, "json_type", t ? t->json_type : "string");
    if (!json_object_get(f, "length")) {
        js_set_int(f, "length", t ? t->length : 255);
    }
    js_set(f, "pick_list_values", picklist_entries(st, js_arr(given, "pick_list_values"), 0));
    js_set(f, "profiles", permissions(st, js_arr(given, "profiles")));
    field_complete_lookup(st, f, module, id);
    set_times(s, f);
    config_put(st, "fields", module, f);
    return f;
}

void field_make_system(struct sandbox *s, const char *module)
{
    /* zoho-api.md 2.1: system fields of every record. */
    static const struct {
        const char *api, *label, *type;
        bool read_only;
    } rows[] = {{"Owner", "Owner", "ownerlookup", false},
                {"Created_By", "Created By", "ownerlookup", true},
                {"Modified_By", "Modified By", "ownerlookup", true},
                {"Created_Time", "Created Time", "datetime", true},
                {"Modified_Time", "Modified Time", "datetime", true},
                {"id", "Record Id", "bigint", true}};
    AUTO_JSON json_t *m = config_by_api(&s->store, "modules", NULL, module);
    AUTO_FREE char *owner = mem_printf(
        "%s Owner",
        js_str_or(m, "singular_label", module)); /* "Lead Owner": zoho.com/crm/developer/docs/api/v8/field-meta.html */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *label = i == 0 ? owner : rows[i].label;
        AUTO_JSON json_t *f =
            json_pack("{s:s,s:s,s:s,s:b,s:b}", "api_name", rows[i].api, "field_label", label, "data_type", rows[i].type,
                      "read_only", (int)rows[i].read_only, "field_read_only", (int)rows[i].read_only);
        json_decref(field_make(s, module, f, false));
    }
}
