/* Modules, fields, picklists, layouts, people. Sources: zoho-api.md 1.3-1.7, OAS26a fields, modules, layouts, global_picklists. */
#include <string.h>

#include "tests/sandbox/client.h"

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

#define FIELDS "/crm/v8/settings/fields?module=Quotes"

static json_t *field(struct client *c, const char *module, const char *id)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/settings/fields/%s?module=%s", id, module);
    return json_incref(js_path(a, "fields[0]"));
}

static void a_new_org_has_the_standard_modules_and_profiles(void **state)
{
    struct client *c = *state;
    static const char *const want[] = {"Leads",  "Contacts", "Accounts", "Deals",       "Tasks",
                                       "Quotes", "Products", "Vendors",  "Quoted_Items"};
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/settings/modules");
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        pick(js_arr(a, "modules"), "api_name", want[i]);
    }
    AUTO_JSON json_t *p = client_get(c, 200, "/crm/v8/settings/profiles");
    assert_int_equal(json_array_size(js_arr(p, "profiles")), 2);
    AUTO_JSON json_t *f = client_get(c, 200, "/crm/v8/settings/fields?module=QuotedItems");
    pick(js_arr(f, "fields"), "api_name", "Quantity");
    AUTO_JSON json_t *q = client_get(c, 200, FIELDS);
    json_t *stage = pick(js_arr(q, "fields"), "api_name", "Quote_Stage");
    assert_true(has(js_arr(stage, "pick_list_values"), "actual_value", "Negotiation"));
}

static void a_lookup_sent_again_stays_whole(void **state)
{
    struct client *c = *state;
    static const char body[] = "{\"fields\":[{\"field_label\":\"Built for\",\"data_type\":\"lookup\",\"lookup\":"
                               "{\"display_label\":\"Built\",\"module\":{\"api_name\":\"Accounts\"}}}]}";
    AUTO_FREE char *id = client_made(c, 201, "POST", FIELDS, body);
    AUTO_JSON json_t *before = field(c, "Quotes", id);
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/fields/%s?module=Quotes", id);
    free(client_made(c, 200, "PATCH", path, body));
    AUTO_JSON json_t *after = field(c, "Quotes", id);
    assert_non_null(js_str(js_obj(after, "lookup"), "id"));
    assert_true(json_equal(js_obj(before, "lookup"), js_obj(after, "lookup")));
}

static void the_server_chooses_the_api_name_from_the_label(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id =
        client_made(c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"BOM status\",\"data_type\":\"text\"}]}");
    AUTO_JSON json_t *f = field(c, "Quotes", id);
    assert_string_equal(js_str(f, "api_name"), "BOM_status");
    assert_true(js_bool(f, "custom_field", false));
    AUTO_FREE char *two =
        client_made(c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"BOM-status\",\"data_type\":\"text\"}]}");
    AUTO_JSON json_t *g = field(c, "Quotes", two);
    assert_string_equal(js_str(g, "api_name"), "BOM_status1");
}

static void odd_names_surprise_on_purpose(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.refuse = "odd_names"};
    client_up(&c, &o);
    AUTO_FREE char *id =
        client_made(&c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"BOM\",\"data_type\":\"text\"}]}");
    AUTO_JSON json_t *f = field(&c, "Quotes", id);
    assert_string_equal(js_str(f, "api_name"), "BOM_x1");
    client_down(&c);
}

static const struct {
    const char *body, *code, *json_path;
} field_errors[] = {
    {"{\"fields\":[{\"data_type\":\"text\"}]}", "MANDATORY_NOT_FOUND", "$.fields[0].field_label"},
    {"{\"fields\":[{\"field_label\":\"A\"}]}", "MANDATORY_NOT_FOUND", "$.fields[0].data_type"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"subform\"}]}", "INVALID_DATA", "$.fields[0].data_type"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":7}]}", "INVALID_DATA", "$.fields[0].data_type"},
    {"{\"fields\":[{\"field_label\":\"subject\",\"data_type\":\"text\"}]}", "DUPLICATE_DATA",
     "$.fields[0].field_label"},
    {"{\"fields\":[{\"field_label\":\"id\",\"data_type\":\"text\"}]}", "RESERVED_KEYWORD_NOT_ALLOWED",
     "$.fields[0].field_label"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"text\",\"length\":256}]}", "INVALID_DATA",
     "$.fields[0].length"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"picklist\"}]}", "EXPECTED_DEPENDENT_FIELD_MISSING", NULL},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"picklist\",\"global_picklist\":{\"id\":\"1\"},\"pick_list_"
     "values\":[{\"display_"
     "value\":\"x\"}]}]}",
     "AMBIGUITY_DURING_PROCESSING", NULL},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"lookup\"}]}", "DEPENDENT_FIELD_MISSING",
     "$.fields[0].lookup"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"formula\",\"formula\":{\"expression\":\"1\"}}]}",
     "MANDATORY_NOT_FOUND", "$.fields[0].formula.return_type"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"autonumber\",\"auto_number\":{\"prefix\":\"A\"}}]}",
     "MANDATORY_NOT_FOUND", "$.fields[0].auto_number.start_number"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"lookup\",\"lookup\":{\"module\":{\"api_name\":\"Nowhere\"}}}]"
     "}",
     "INVALID_DATA", "$.fields[0].lookup.module.api_name"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"boolean\",\"unique\":{\"case_sensitive\":false}}]}",
     "DEPENDENT_MISMATCH", "$.fields[0].unique"},
    {"{\"fields\":[{\"field_label\":\"A\",\"data_type\":\"text\",\"profiles\":[{\"id\":\"1\",\"permission_type\":"
     "\"hidden\"}]}]}",
     "INVALID_DATA", "$.fields[0].profiles[0].id"},
    {"{\"fields\":[{},{},{},{},{},{}]}", "LIMIT_EXCEEDED", NULL},
    {"{\"fields\":[]}", "INVALID_DATA", "$.fields"},
    {"{}", "MANDATORY_NOT_FOUND", "$.fields"},
};

static void every_field_error_has_its_code_and_place(void **state)
{
    for (size_t i = 0; i < sizeof field_errors / sizeof *field_errors; i++) {
        client_refused(*state, 400, "POST", FIELDS, field_errors[i].body, field_errors[i].code,
                       field_errors[i].json_path);
    }
    client_refused(*state, 400, "POST", "/crm/v8/settings/fields", "{}", "REQUIRED_PARAM_MISSING", NULL);
    client_refused(*state, 400, "GET", "/crm/v8/settings/fields?module=Nowhere", NULL, "INVALID_MODULE", NULL);
    client_refused(*state, 400, "POST", FIELDS, "[1", "INVALID_DATA", NULL);
}

static const char every_type[][260] = {
    "\"textarea\",\"textarea\":{\"type\":\"large\"}",
    "\"email\"",
    "\"phone\"",
    "\"website\"",
    "\"date\"",
    "\"datetime\"",
    "\"integer\"",
    "\"autonumber\",\"auto_number\":{\"start_number\":\"1\",\"prefix\":\"\",\"suffix\":\"\"}",
    "\"currency\",\"currency\":{\"rounding_option\":\"normal\",\"precision\":\"2\"}",
    "\"percent\"",
    "\"bigint\"",
    "\"double\",\"decimal_place\":2",
    "\"boolean\"",
    "\"fileupload\"",
    "\"imageupload\"",
    "\"lookup\",\"lookup\":{\"module\":{\"api_name\":\"Vendors\"},\"display_label\":\"Quotes\"}",
    "\"userlookup\"",
    "\"multiuserlookup\"",
    "\"multiselectpicklist\",\"pick_list_values\":[{\"display_value\":\"a\",\"actual_value\":\"a\"}]",
    "\"multiselectlookup\",\"multiselectlookup\":{\"connected_details\":{\"module\":{\"api_name\":\"Vendors\"},"
    "\"field\":{\"field_label\":"
    "\"q\"}},\"linking_details\":{\"module\":{\"plural_label\":\"QV\"}}}",
    "\"formula\",\"formula\":{\"expression\":\"1+1\",\"return_type\":\"double\"}",
    "\"rollup_summary\",\"rollup_summary\":{\"return_type\":\"integer\",\"based_on_module\":{\"api_name\":\"Tasks\"},"
    "\"related_list\":{\"api_"
    "name\":\"Tasks\"},\"expression\":{\"function\":\"COUNT\"}}",
    "\"address\"",
    "\"text\",\"unique\":{\"case_sensitive\":false}",
    "\"picklist\",\"pick_list_values\":[{\"display_value\":\"a\",\"actual_value\":\"a\"}]",
};

static void makes_a_field_of_every_type(void **state)
{
    struct client *c = *state;
    for (size_t i = 0; i < sizeof every_type / sizeof *every_type; i++) {
        AUTO_FREE char *body =
            mem_printf("{\"fields\":[{\"field_label\":\"T %zu\",\"data_type\":%s}]}", i, every_type[i]);
        AUTO_FREE char *id = client_made(c, 201, "POST", FIELDS, body);
        AUTO_JSON json_t *f = field(c, "Quotes", id);
        assert_non_null(js_str(f, "json_type"));
    }
}

static void results_are_element_wise(void **state)
{
    AUTO_JSON json_t *a =
        client_call(*state, 207, "POST", FIELDS,
                    "{\"fields\":[{\"field_label\":\"One\",\"data_type\":\"text\"},{\"field_label\":\"Two\"},{\"field_"
                    "label\":\"Three\",\"data_type\":\"date\"}]}");
    json_t *r = js_arr(a, "fields");
    assert_string_equal(js_str(json_array_get(r, 0), "code"), "SUCCESS");
    assert_string_equal(js_str(json_array_get(r, 1), "code"), "MANDATORY_NOT_FOUND");
    assert_string_equal(js_str(json_array_get(r, 2), "code"), "SUCCESS");
}

static void field_access_is_kept_for_each_profile(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *p = client_get(c, 200, "/crm/v8/settings/profiles");
    const char *standard = js_str(pick(js_arr(p, "profiles"), "name", "Standard"), "id");
    AUTO_FREE char *body =
        mem_printf("{\"fields\":[{\"field_label\":\"Cost\",\"data_type\":\"currency\",\"profiles\":[{\"id\":\"%s\","
                   "\"permission_type\":\"hidden\"}]}]}",
                   standard);
    AUTO_FREE char *id = client_made(c, 201, "POST", FIELDS, body);
    AUTO_JSON json_t *f = field(c, "Quotes", id);
    assert_string_equal(js_str(pick(js_arr(f, "profiles"), "id", standard), "permission_type"), "hidden");
    assert_string_equal(js_str(pick(js_arr(f, "profiles"), "name", "Administrator"), "permission_type"), "read_write");
    AUTO_FREE char *again =
        mem_printf("{\"fields\":[{\"id\":\"%s\",\"profiles\":[{\"id\":\"%s\",\"permission_type\":\"read_only\"}]}]}",
                   id, standard);
    free(client_made(c, 200, "PATCH", FIELDS, again));
    AUTO_JSON json_t *g = field(c, "Quotes", id);
    assert_string_equal(js_str(pick(js_arr(g, "profiles"), "id", standard), "permission_type"), "read_only");
}

static void the_data_type_cannot_change(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id =
        client_made(c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"X\",\"data_type\":\"text\"}]}");
    AUTO_FREE char *body = mem_printf("{\"fields\":[{\"id\":\"%s\",\"data_type\":\"date\"}]}", id);
    client_refused(c, 400, "PATCH", FIELDS, body, "NOT_ALLOWED", "$.fields[0].data_type");
}

static void deletes_custom_fields_only(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id =
        client_made(c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"X\",\"data_type\":\"text\"}]}");
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/fields/%s?module=Quotes", id);
    free(client_made(c, 200, "DELETE", path, NULL));
    client_refused(c, 400, "GET", path, NULL, "INVALID_DATA", NULL);
    AUTO_JSON json_t *all = client_get(c, 200, FIELDS);
    AUTO_FREE char *own = mem_printf("/crm/v8/settings/fields/%s?module=Quotes",
                                     js_str(pick(js_arr(all, "fields"), "api_name", "Subject"), "id"));
    client_refused(c, 400, "DELETE", own, NULL, "NOT_ALLOWED", NULL);
}

static size_t stages(struct client *c, char **id)
{
    AUTO_JSON json_t *all = client_get(c, 200, FIELDS);
    json_t *f = pick(js_arr(all, "fields"), "api_name", "Quote_Stage");
    if (id) {
        *id = mem_dup(js_str(f, "id"));
    }
    return json_array_size(js_arr(f, "pick_list_values"));
}

static void lengths_count_characters(void **state)
{
    AUTO_FREE char *wide = mem_zalloc(121 * 3 + 1);
    for (size_t i = 0; i < 120; i++) {
        memcpy(wide + 3 * i, "漢", 3);
    }
    AUTO_FREE char *body = mem_printf("{\"fields\":[{\"field_label\":\"W\",\"data_type\":\"picklist\",\"pick_list_"
                                      "values\":[{\"display_value\":\"%s\"}]}]}",
                                      wide);
    free(client_made(*state, 201, "POST", FIELDS, body));
    memcpy(wide + 360, "漢", 3);
    AUTO_FREE char *more = mem_printf("{\"fields\":[{\"field_label\":\"V\",\"data_type\":\"picklist\",\"pick_list_"
                                      "values\":[{\"display_value\":\"%s\"}]}]}",
                                      wide);
    client_refused(*state, 400, "POST", FIELDS, more, "INVALID_DATA", "$.fields[0].pick_list_values[0].display_value");
}

static void picklists_take_new_values_and_keep_those_not_sent(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = NULL;
    size_t n = stages(c, &id);
    AUTO_FREE char *body =
        mem_printf("{\"fields\":[{\"id\":\"%s\",\"pick_list_values\":[{\"display_value\":\"Checking\",\"actual_value\":"
                   "\"Checking\"}]}]}",
                   id);
    free(client_made(c, 200, "PATCH", FIELDS, body));
    assert_int_equal(stages(c, NULL), n + 1);
    AUTO_JSON json_t *pool = client_get(c, 200, "/crm/v8/settings/fields/%s/pick_list_values?module=Quotes", id);
    pick(js_arr(pool, "pick_list_values"), "actual_value", "Checking");
}

static void a_picklist_patch_may_say_success_and_change_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *refuse;
        bool with_old, changes;
    } rows[] = {{"picklist_merged", true, false},
                {"picklist_merged", false, true},
                {"picklist_new", false, false},
                {"picklist_new", true, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct client c = {0};
        struct sandbox_options o = {.refuse = rows[i].refuse};
        client_up(&c, &o);
        AUTO_FREE char *id = NULL;
        size_t n = stages(&c, &id);
        AUTO_FREE char *body =
            mem_printf("{\"fields\":[{\"id\":\"%s\",\"pick_list_values\":[%s{\"display_value\":\"Checking\"}]}]}", id,
                       rows[i].with_old ? "{\"display_value\":\"Draft\",\"actual_value\":\"Draft\"}," : "");
        free(client_made(&c, 200, "PATCH", FIELDS, body));
        assert_int_equal(stages(&c, NULL), n + rows[i].changes);
        client_down(&c);
    }
}

#define GLOBAL "/crm/v8/settings/global_picklists"
static void global_picklists_feed_their_fields(void **state)
{
    struct client *c = *state;
    json_decref(client_get(c, 204, GLOBAL));
    AUTO_FREE char *id = client_made(c, 201, "POST", GLOBAL,
                                     "{\"global_picklists\":[{\"display_label\":\"Regions\",\"api_name\":\"Regions\","
                                     "\"pick_list_values\":[{\"display_value\":\"North\"}]}]}");
    AUTO_FREE char *body = mem_printf(
        "{\"fields\":[{\"field_label\":\"Region\",\"data_type\":\"picklist\",\"global_picklist\":{\"id\":\"%s\"}}]}",
        id);
    AUTO_FREE char *fid = client_made(c, 201, "POST", FIELDS, body);
    AUTO_FREE char *path = mem_printf(GLOBAL "/%s", id);
    free(client_made(c, 200, "PATCH", path,
                     "{\"global_picklists\":[{\"pick_list_values\":[{\"display_value\":\"South\"}]}]}"));
    AUTO_JSON json_t *f = field(c, "Quotes", fid);
    assert_int_equal(json_array_size(js_arr(f, "pick_list_values")), 2);
    client_refused(c, 400, "POST", GLOBAL,
                   "{\"global_picklists\":[{\"display_label\":\"regions\",\"api_name\":\"Regions\",\"pick_list_"
                   "values\":[{\"display_value\":"
                   "\"N\"}]}]}",
                   "DUPLICATE_DATA", "$.global_picklists[0].api_name");
    client_refused(c, 400, "PATCH", path,
                   "{\"global_picklists\":[{\"pick_list_values\":[{\"display_value\":\"North\",\"type\":\"unused\"},{"
                   "\"display_value\":\"South\","
                   "\"type\":\"unused\"}]}]}",
                   "LIMIT_EXCEEDED", NULL);
    free(client_made(c, 202, "DELETE", path, NULL));
}

#define MODULES "/crm/v8/settings/modules"
static void module_errors_have_their_codes(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *body, *code, *path;
    } rows[] = {
        {"{\"modules\":[{\"plural_label\":\"As\",\"profiles\":[{}]}]}", "MANDATORY_NOT_FOUND",
         "$.modules[0].singular_label"},
        {"{\"modules\":[{\"singular_label\":\"A\",\"plural_label\":\"As\"}]}", "MANDATORY_NOT_FOUND",
         "$.modules[0].profiles"},
        {"{\"modules\":[{\"singular_label\":\"A\",\"plural_label\":\"As\",\"profiles\":[{\"id\":\"1\"}]}]}",
         "INVALID_DATA", "$.modules[0].profiles[0].id"},
        {"{\"modules\":[{\"singular_label\":\"A\",\"plural_label\":\"An overly long plural "
         "label\",\"profiles\":[{\"id\":\"1\"}]}]}",
         "INVALID_DATA", "$.modules[0].plural_label"},
        {"{\"modules\":[{},{}]}", "LIMIT_EXCEEDED", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        client_refused(c, 400, "POST", MODULES, rows[i].body, rows[i].code, rows[i].path);
    }
}

static void a_new_module_has_name_system_fields_and_layout(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *p = client_get(c, 200, "/crm/v8/settings/profiles");
    AUTO_FREE char *body = mem_printf(
        "{\"modules\":[{\"singular_label\":\"BOM\",\"plural_label\":\"BOMs\",\"api_name\":\"BOMs\",\"profiles\":[{"
        "\"id\":\"%s\"}],\"display_field\":{\"field_label\":\"BOM No\",\"data_type\":\"autonumber\",\"auto_number\":{"
        "\"prefix\":\"B-\",\"start_number\":\"1\",\"suffix\":\"\"}}}]}",
        js_str(js_path(p, "profiles[0]"), "id"));
    AUTO_FREE char *id = client_made(c, 201, "POST", MODULES, body);
    client_refused(c, 400, "POST", MODULES, body, "DUPLICATE_DATA", "$.modules[0].api_name");
    AUTO_JSON json_t *f = client_get(c, 200, "/crm/v8/settings/fields?module=BOMs");
    assert_string_equal(js_str(pick(js_arr(f, "fields"), "api_name", "Name"), "data_type"), "autonumber");
    pick(js_arr(f, "fields"), "api_name", "Owner");
    AUTO_JSON json_t *l = client_get(c, 200, "/crm/v8/settings/layouts?module=BOMs");
    assert_string_equal(js_str(js_path(l, "layouts[0]"), "name"), "Standard");
    AUTO_FREE char *path = mem_printf(MODULES "/%s", id);
    AUTO_FREE char *rename = mem_printf("{\"modules\":[{\"id\":\"%s\",\"plural_label\":\"Bills\"}]}", id);
    free(client_made(c, 200, "PUT", path, rename));
    AUTO_JSON json_t *m = client_get(c, 200, MODULES "/BOMs");
    assert_string_equal(js_str(js_path(m, "modules[0]"), "plural_label"), "Bills");
    assert_string_equal(js_str(js_path(m, "modules[0]"), "api_name"), "BOMs");
}

static char *layout_path(struct client *c)
{
    AUTO_JSON json_t *l = client_get(c, 200, "/crm/v8/settings/layouts?module=Quotes");
    return mem_printf("/crm/v8/settings/layouts/%s?module=Quotes", js_str(js_path(l, "layouts[0]"), "id"));
}

static void a_layout_patch_adds_a_section_and_places_fields(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *path = layout_path(c);
    AUTO_FREE char *id =
        client_made(c, 201, "POST", FIELDS, "{\"fields\":[{\"field_label\":\"BOM\",\"data_type\":\"text\"}]}");
    AUTO_FREE char *body = mem_printf(
        "{\"layouts\":[{\"sections\":[{\"name\":\"Alignment\",\"display_label\":\"Alignment\",\"sequence_number\":1,"
        "\"column_count\":1,\"fields\":[{\"id\":\"%s\",\"sequence_number\":1,\"required\":true}]}]}]}",
        id);
    free(client_made(c, 200, "PATCH", path, body));
    AUTO_JSON json_t *l = client_call(c, 200, "GET", path, NULL);
    json_t *first = js_path(l, "layouts[0].sections[0]");
    assert_string_equal(js_str(first, "display_label"), "Alignment");
    assert_string_equal(js_str(js_path(first, "fields[0]"), "api_name"), "BOM");
    assert_true(js_bool(js_path(first, "fields[0]"), "required", false));
    client_refused(
        c, 400, "PATCH", path,
        "{\"layouts\":[{\"sections\":[{\"name\":\"A\",\"display_label\":\"alignment\",\"sequence_number\":1}]}]}",
        "DUPLICATE_DATA", "$.layouts[0].sections[0].display_label");
    AUTO_FREE char *off = mem_printf("{\"layouts\":[{\"sections\":[{\"id\":\"%s\",\"fields\":[{\"id\":\"%s\",\"_"
                                     "delete\":{\"permanent\":false}}]}]}]}",
                                     js_str(first, "id"), id);
    free(client_made(c, 200, "PATCH", path, off));
    AUTO_JSON json_t *f = field(c, "Quotes", id);
    assert_string_equal(js_str(f, "type"), "unused");
}

static void a_layout_patch_is_limited_to_five_sections_and_fields(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *path = layout_path(c);
    client_refused(c, 400, "PATCH", path, "{\"layouts\":[{\"sections\":[{},{},{},{},{},{}]}]}", "LIMIT_EXCEEDED", NULL);
    client_refused(c, 400, "PATCH", path, "{\"layouts\":[{\"sections\":[{\"fields\":[{},{},{},{},{},{}]}]}]}",
                   "LIMIT_EXCEEDED", NULL);
    client_refused(c, 400, "PATCH", path, "{\"layouts\":[{},{}]}", "LIMIT_EXCEEDED", NULL);
    client_refused(c, 400, "PATCH", path, "{\"layouts\":[{\"sections\":[{\"name\":\"A\",\"display_label\":\"A\"}]}]}",
                   "MANDATORY_NOT_FOUND", "$.layouts[0].sections[0].sequence_number");
}

static void roles_and_cloned_profiles_are_made(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *p = client_get(c, 200, "/crm/v8/settings/profiles");
    AUTO_FREE char *clone =
        mem_printf("/crm/v8/settings/profiles/%s/actions/clone", js_str(js_path(p, "profiles[1]"), "id"));
    free(client_made(c, 201, "POST", clone, "{\"profiles\":[{\"name\":\"Sales\",\"description\":\"sells\"}]}"));
    client_refused(c, 400, "POST", clone, "{\"profiles\":[{\"name\":\"Sales\"}]}", "DUPLICATE_DATA",
                   "$.profiles[0].name");
    free(client_made(c, 201, "POST", "/crm/v8/settings/roles",
                     "{\"roles\":[{\"name\":\"Seller\",\"reporting_to\":{\"name\":\"CEO\"}}]}"));
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/settings/roles");
    assert_string_equal(js_str(js_obj(pick(js_arr(r, "roles"), "name", "Seller"), "reporting_to"), "name"), "CEO");
    AUTO_JSON json_t *u = client_get(c, 200, "/crm/v8/users");
    assert_int_equal(js_int(js_obj(u, "info"), "count", 0), 1);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_new_org_has_the_standard_modules_and_profiles),
        T(the_server_chooses_the_api_name_from_the_label),
        T(a_lookup_sent_again_stays_whole),
        cmocka_unit_test(odd_names_surprise_on_purpose),
        T(every_field_error_has_its_code_and_place),
        T(makes_a_field_of_every_type),
        T(results_are_element_wise),
        T(field_access_is_kept_for_each_profile),
        T(the_data_type_cannot_change),
        T(deletes_custom_fields_only),
        T(lengths_count_characters),
        T(picklists_take_new_values_and_keep_those_not_sent),
        cmocka_unit_test(a_picklist_patch_may_say_success_and_change_nothing),
        T(global_picklists_feed_their_fields),
        T(module_errors_have_their_codes),
        T(a_new_module_has_name_system_fields_and_layout),
        T(a_layout_patch_adds_a_section_and_places_fields),
        T(a_layout_patch_is_limited_to_five_sections_and_fields),
        T(roles_and_cloned_profiles_are_made),
    };
    return cmocka_run_group_tests_name("sandbox/settings", tests, NULL, NULL);
}
