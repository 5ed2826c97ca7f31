/* sandbox/module.c — modules: GET, POST (500 credits, one a request), PUT labels and profiles. Source: zoho-api.md 1.4,
 * OAS26a modules. */
#include "sandbox/module.h"

#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/layout.h"
#include "sandbox/limits.h"
#include "sandbox/route.h"

/* The names under which the fields API knows the line items (zoho-api.md 1.5). */
static const struct {
    const char *alias, *api_name;
} aliases[] = {{"QuotedItems", "Quoted_Items"},
               {"OrderedItems", "Ordered_Items"},
               {"PurchaseItems", "Purchase_Items"},
               {"InvoicedItems", "Invoiced_Items"}};

json_t *module_get(struct store *st, const char *name)
{
    json_t *m = config_by_api(st, "modules", NULL, name);
    for (size_t i = 0; !m && i < sizeof aliases / sizeof *aliases; i++) {
        if (strcmp(name, aliases[i].alias) == 0) {
            m = config_by_api(st, "modules", NULL, aliases[i].api_name);
        }
    }
    return m ? m : config_by_id(st, "modules", NULL, name);
}

json_t *module_fields(struct store *st, const char *module)
{
    return config_list(st, "fields", module);
}

const char *module_display_field(const json_t *module)
{
    return js_str_or(js_obj(module, "display_field"), "api_name", "Name");
}

/* Facts every module has; ENTITIES are those with records (OAS26a). */
static json_t *defaults(void)
{
    return json_pack(
        "{s:b,s:b,s:b,s:b,s:b,s:s,s:b,s:b,s:n,s:b,s:b,s:b,s:b,s:i,s:b,s:b,s:b,s:b,s:b,s:b,s:n,s:b,s:b,s:b,s:s,"
        "s:b,s:b,s:b,s:[],s:i,s:s,s:b,s:s}",
        "global_search_supported", 1, "public_fields_configured", 0, "recycle_bin_on_delete", 1, "has_more_profiles", 0,
        "sub_menu_available", 1, "module_type", "ENTITIES", "deletable", 1, "creatable", 1, "description",
        "inventory_template_supported", 0, "presence_sub_menu", 1, "triggers_supported", 1, "isBlueprintSupported", 1,
        "visibility", 1, "convertable", 0, "editable", 1, "emailTemplate_support", 1, "filter_supported", 1,
        "show_as_tab", 1, "viewable", 1, "web_link", "api_supported", 1, "quick_create", 1, "feeds_required", 0,
        "generated_type", "custom", "scoring_supported", 1, "webform_supported", 1, "email_parser_supported", 0,
        "arguments", "business_card_field_limit", 5, "access_type", "org_based", "track_current_data", 0, "status",
        "visible");
}

static json_t *all_profiles(struct store *st)
{
    AUTO_JSON json_t *list = config_list(st, "profiles", NULL);
    json_t *out = json_array(), *p;
    size_t i;
    json_array_foreach (list, i, p) {
        json_array_append_new(out,
                              json_pack("{s:s,s:s}", "id", js_str_or(p, "id", ""), "name", js_str_or(p, "name", "")));
    }
    return out;
}

json_t *module_make(struct sandbox *s, const json_t *given)
{
    struct store *st = &s->store;
    char id[STORE_ID_TEXT], now[CLOCK_TEXT];
    store_new_id(st, id);
    org_time(s, s->clock.now_s(s->clock.ctx), now);
    json_t *m = defaults();
    json_object_update(m, (json_t *)(uintptr_t)given);
    js_set_str(m, "id", id);
    js_set_str(m, "module_name", js_str_or(m, "plural_label", ""));
    js_set_str(m, "actual_plural_label", js_str_or(m, "plural_label", ""));
    js_set_str(m, "actual_singular_label", js_str_or(m, "singular_label", ""));
    js_set_int(m, "sequence_number", config_count(st, "modules", NULL) + 1);
    js_set_str(m, "modified_time", now);
    json_t *me = org_me(s);
    json_object_del(me, "email");
    js_set(m, "modified_by", me);
    if (!js_arr(m, "profiles")) {
        js_set(m, "profiles", all_profiles(st));
    }
    js_set_int(m, "profile_count", (int64_t)json_array_size(js_arr(m, "profiles")));
    config_put(st, "modules", NULL, m);
    return m;
}

static void list(struct call *c)
{
    answer_list(c, "modules", config_list(c->st, "modules", NULL));
}

static void one(struct call *c)
{
    AUTO_JSON json_t *m = module_get(c->st, c->param[0]);
    if (!m) {
        answer_error(c, 400, "INVALID_MODULE", "there is no such module", json_pack("{s:i}", "resource_path_index", 0));
        return;
    }
    answer_list(c, "modules", json_pack("[O]", m));
}

static json_t *label_check(const char *key, const char *text, const char *base)
{
    if (text && strlen(text) > LIM_MODULE_LABEL) {
        json_t *d = at("%s.%s", base, key);
        js_set_int(d, "maximum_length", LIM_MODULE_LABEL);
        return item_error("INVALID_DATA", "the label is too long", d);
    }
    for (const char *p = text; p && *p; p++) {
        if (strchr("<>{}[]()%#^&*!@+=~`|\\/?:;\"'$,.-", *p)) {
            return error_invalid(NULL, "%s.%s", base, key);
        }
    }
    return NULL;
}

static const struct shape create_shape[] = {{"singular_label", TEXT, true, 0, NULL},
                                            {"plural_label", TEXT, true, 0, NULL},
                                            {"api_name", TEXT, false, LIM_MODULE_API_NAME, NULL},
                                            {"profiles", ARRAY, true, 0, NULL},
                                            {"display_field", OBJECT, false, 0, NULL},
                                            {0}};

static json_t *profiles_check(struct store *st, json_t *profiles, const char *base)
{
    size_t i;
    json_t *p;
    json_array_foreach (profiles, i, p) {
        AUTO_FREE char *path = mem_printf("%s.profiles[%zu]", base, i);
        json_t *bad = ref_complete(st, p, "profiles", NULL, path);
        if (bad) {
            return bad;
        }
        json_object_del(p, "api_name");
    }
    return json_array_size(profiles) ? NULL : error_missing("%s.profiles", base);
}

/* LIMIT_EXCEEDED when the edition has no room for another custom module; else NULL. */
static json_t *no_room(struct call *c, const char *base)
{
    const struct edition *ed = edition_named(js_str_or(js_obj(org_object(c->s), "license_details"), "paid_type", ""));
    AUTO_JSON json_t *all = config_list(c->st, "modules", NULL);
    int custom = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        custom += strcmp(js_str_or(json_array_get(all, i), "generated_type", ""), "custom") == 0;
    }
    if (ed->custom_modules < 0 || custom < ed->custom_modules) {
        return NULL;
    }
    return item_error("LIMIT_EXCEEDED", "the edition has no room for another module",
                      json_pack("{s:i,s:[o]}", "limit", ed->custom_modules, "limit_due_to", at("%s", base)));
}

static json_t *create_check(struct call *c, const json_t *in, json_t *out, const char *base)
{
    json_t *bad = shape_take(create_shape, in, out, true, base);
    if (!bad) {
        bad = label_check("singular_label", js_str(out, "singular_label"), base);
    }
    if (!bad) {
        bad = label_check("plural_label", js_str(out, "plural_label"), base);
    }
    if (!bad) {
        bad = profiles_check(c->st, js_arr(out, "profiles"), base);
    }
    if (bad) {
        return bad;
    }
    if (!js_str(out, "api_name")) {
        AUTO_FREE char *api = field_api_name(js_str(out, "plural_label"));
        js_set_str(out, "api_name", api);
    }
    for (const char *p = js_str(out, "api_name"); *p; p++) { /* the stricter of both published patterns (1.4) */
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", *p)) {
            return error_invalid("regex", "%s.api_name", base);
        }
    }
    static const char *const unique[] = {"api_name", "plural_label", "singular_label"};
    for (size_t i = 0; i < 3; i++) {
        AUTO_JSON json_t *all = config_list(c->st, "modules", NULL);
        size_t k;
        json_t *m;
        json_array_foreach (all, k, m) {
            if (text_casecmp(js_str_or(m, unique[i], ""), js_str(out, unique[i])) == 0) {
                return item_error("DUPLICATE_DATA", "another module has this name", at("%s.%s", base, unique[i]));
            }
        }
    }
    return no_room(c, base);
}

void module_create(struct sandbox *s, const json_t *given)
{
    AUTO_JSON json_t *named = json_copy((json_t *)(uintptr_t)given);
    const json_t *df = js_obj(given, "display_field");
    AUTO_FREE char *label = df && js_str(df, "field_label") ? mem_dup(js_str(df, "field_label"))
                                                            : mem_printf("%s Name", js_str(given, "singular_label"));
    js_set(named, "display_field", json_pack("{s:s}", "api_name", "Name"));
    AUTO_JSON json_t *m = module_make(s, named);
    const char *api = js_str(m, "api_name");
    bool number = df && strcmp(js_str_or(df, "data_type", "text"), "autonumber") == 0;
    AUTO_JSON json_t *name = json_pack("{s:s,s:s,s:s,s:b}", "field_label", label, "data_type",
                                       number ? "autonumber" : "text", "api_name", "Name", "required", !number);
    if (number && js_obj(df, "auto_number")) {
        json_object_set(name, "auto_number", js_obj(df, "auto_number"));
    }
    json_decref(field_make(s, api, name, false));
    field_make_system(s, api);
    layout_make_standard(s, m);
}

static void create(struct call *c)
{
    json_t *items = call_items(c, "modules", LIM_MODULES_PER_CALL);
    if (!items) {
        return;
    }
    AUTO_JSON json_t *out = json_object();
    json_t *bad = create_check(c, json_array_get(items, 0), out, "$.modules[0]");
    if (bad) {
        answer_results(c, 201, "modules", json_pack("[o]", bad));
        return;
    }
    module_create(c->s, out);
    AUTO_JSON json_t *m = module_get(c->st, js_str(out, "api_name"));
    answer_results(c, 201, "modules", json_pack("[o]", item_ok(js_str(m, "id"), "module created successfully")));
}

static const struct shape update_shape[] = {{"singular_label", TEXT, false, 0, NULL},
                                            {"plural_label", TEXT, false, 0, NULL},
                                            {"profiles", ARRAY, false, 0, NULL},
                                            {0}};

static void update(struct call *c)
{
    json_t *items = call_items(c, "modules", 1);
    if (!items) {
        return;
    }
    json_t *in = json_array_get(items, 0);
    const char *which = c->param[0] ? c->param[0] : js_str(in, "id");
    AUTO_JSON json_t *m = which ? module_get(c->st, which) : NULL;
    json_t *bad = !which ? error_missing("$.modules[0].id") : !m ? error_invalid(NULL, "$.modules[0].id") : NULL;
    AUTO_JSON json_t *out = json_object();
    bad = bad ? bad : shape_take(update_shape, in, out, false, "$.modules[0]");
    bad = bad ? bad : label_check("plural_label", js_str(out, "plural_label"), "$.modules[0]");
    bad = bad ? bad : label_check("singular_label", js_str(out, "singular_label"), "$.modules[0]");
    if (!bad && js_arr(out, "profiles")) {
        bad = profiles_check(c->st, js_arr(out, "profiles"), "$.modules[0]");
    }
    if (!bad) {
        json_object_update(m, out);
        config_put(c->st, "modules", NULL, m);
    }
    answer_results(c, 200, "modules",
                   json_pack("[o]", bad ? bad : item_ok(js_str(m, "id"), "module updated successfully")));
}

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/modules", "ZohoCRM.settings.modules", 1, list, NULL},
    {"POST", "/crm/v8/settings/modules", "ZohoCRM.settings.modules", LIM_CREDITS_MODULE, create, NULL},
    {"PUT", "/crm/v8/settings/modules", "ZohoCRM.settings.modules", 1, update, NULL},
    {"GET", "/crm/v8/settings/modules/{module}", "ZohoCRM.settings.modules", 1, one, NULL},
    {"PUT", "/crm/v8/settings/modules/{module}", "ZohoCRM.settings.modules", 1, update, NULL},
};
ROUTE_TABLE(routes_module, rows);
