/* Settings an administrator keeps: business hours, fiscal year, duplicate check, dependent picklists, pipelines, assignment rules, users,
 * roles, profiles. Sources: zoho-api.md 1.3, 1.7, 1.10, 1.15, 1.16; OAS26a files of the same names. */
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

#define SET "/crm/v8/settings/"

/* The object under `envelope`, expected to hold code at json_path. */
static void refused_one(struct client *c, const char *method, const char *path, const char *body, const char *envelope,
                        const char *code)
{
    AUTO_JSON json_t *a = client_call(c, 400, method, path, body);
    assert_string_equal(js_str_or(js_obj(a, envelope), "code", ""), code);
}

static void business_hours_are_set_once_and_changed(void **state)
{
    struct client *c = *state;
    static const char path[] = SET "business_hours";
    json_decref(client_call(c, 204, "GET", path, NULL));
    refused_one(c, "POST", path, "{}", "business_hours", "MANDATORY_NOT_FOUND");
    refused_one(c, "POST", path, "{\"business_hours\":{\"week_starts_on\":\"Monday\",\"type\":\"weekly\"}}",
                "business_hours", "INVALID_DATA");
    refused_one(c, "POST", path, "{\"business_hours\":{\"week_starts_on\":\"Monday\",\"type\":\"custom\"}}",
                "business_hours", "DEPENDENT_FIELD_MISSING");
    json_decref(
        client_call(c, 201, "POST", path, "{\"business_hours\":{\"week_starts_on\":\"Monday\",\"type\":\"24_by_5\"}}"));
    refused_one(c, "POST", path, "{\"business_hours\":{\"week_starts_on\":\"Monday\",\"type\":\"24_by_7\"}}",
                "business_hours", "NOT_ALLOWED");
    AUTO_JSON json_t *is = client_get(c, 200, "%s", path);
    assert_int_equal(json_array_size(js_arr(js_obj(is, "business_hours"), "business_days")), 5);
    json_decref(
        client_call(c, 200, "PUT", path,
                    "{\"business_hours\":{\"type\":\"custom\",\"business_days\":[\"Monday\"],\"same_as_everyday\":true,"
                    "\"daily_timing\":[\"09:00\",\"17:00\"]}}"));
    AUTO_JSON json_t *now = client_get(c, 200, "%s", path);
    assert_int_equal(json_array_size(js_arr(js_obj(now, "business_hours"), "business_days")), 1);
}

static void the_fiscal_year_begins_in_january_until_changed(void **state)
{
    struct client *c = *state;
    static const char path[] = SET "fiscal_year";
    AUTO_JSON json_t *is = client_get(c, 200, "%s", path);
    assert_string_equal(js_str(js_obj(is, "fiscal_year"), "start_month"), "JANUARY");
    json_decref(client_call(c, 200, "PUT", path, "{\"fiscal_year\":{\"start_month\":\"APRIL\"}}"));
    AUTO_JSON json_t *now = client_get(c, 200, "%s", path);
    assert_string_equal(js_str(js_obj(now, "fiscal_year"), "start_month"), "APRIL");
    refused_one(c, "PUT", path, "{\"fiscal_year\":{\"start_month\":\"Spring\"}}", "fiscal_year", "INVALID_DATA");
    refused_one(c, "PUT", path, "{\"fiscal_year\":{\"structure\":\"1-2-3\"}}", "fiscal_year", "INVALID_DATA");
}

static void a_lead_that_is_a_contact_already_is_a_duplicate_when_preferred(void **state)
{
    struct client *c = *state;
    static const char path[] = SET "duplicate_check_preference?module=Leads";
    static const char body[] = "{\"duplicate_check_preference\":{\"type\":\"mapped_module_records\",\"type_"
                               "configurations\":[{\"mapped_module\":{"
                               "\"api_name\":\"Contacts\"},\"field_mappings\":[{\"current_field\":{\"api_name\":"
                               "\"Email\"},\"mapped_field\":{\"api_"
                               "name\":\"Email\"}}]}]}}";
    static const char lead[] = "{\"data\":[{\"Last_Name\":\"A\",\"Email\":\"a@example.org\"}]}";
    free(client_made(c, 201, "POST", "/crm/v8/Contacts", lead));
    free(client_made(c, 201, "POST", "/crm/v8/Leads", lead));
    json_decref(client_call(c, 200, "POST", path, body));
    refused_one(c, "POST", path, body, "duplicate_check_preference", "ALREADY_CONFIGURED");
    client_refused(c, 400, "POST", "/crm/v8/Leads", lead, "DUPLICATE_DATA", "$.data[0].Email");
    json_decref(client_call(c, 200, "DELETE", path, NULL));
    free(client_made(c, 201, "POST", "/crm/v8/Leads", lead));
    json_decref(client_call(c, 204, "GET", path, NULL));
    refused_one(c, "POST", SET "duplicate_check_preference?module=Deals", body, "duplicate_check_preference",
                "NOT_SUPPORTED");
    refused_one(c, "POST", path, "{\"duplicate_check_preference\":{\"type\":\"mapped_module_records\"}}",
                "duplicate_check_preference", "MANDATORY_NOT_FOUND");
    client_refused(c, 400, "GET", SET "duplicate_check_preference", NULL, "REQUIRED_PARAM_MISSING", NULL);
}

/* Id of a value of a field of Leads; caller frees. */
static char *value_id(struct client *c, const char *field, const char *value, char **field_id)
{
    AUTO_JSON json_t *a = client_get(c, 200, SET "fields?module=Leads");
    json_t *f = pick(js_arr(a, "fields"), "api_name", field);
    free(*field_id);
    *field_id = mem_dup(js_str(f, "id"));
    return mem_dup(js_str(pick(js_arr(f, "pick_list_values"), "actual_value", value), "id"));
}

static char *layout_id(struct client *c, const char *module)
{
    AUTO_JSON json_t *a = client_get(c, 200, SET "layouts?module=%s", module);
    return mem_dup(js_str(json_array_get(js_arr(a, "layouts"), 0), "id"));
}

static void a_dependent_picklist_binds_what_is_written(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *parent = NULL, *child = NULL, *layout = layout_id(c, "Leads");
    AUTO_FREE char *chat = value_id(c, "Lead_Source", "Chat", &parent),
                   *won = value_id(c, "Lead_Status", "Contacted", &child);
    AUTO_FREE char *path = mem_printf(SET "layouts/%s/map_dependency?module=Leads", layout);
    AUTO_FREE char *body = mem_printf(
        "{\"map_dependency\":[{\"parent\":{\"id\":\"%s\"},\"child\":{\"id\":\"%s\"},\"pick_list_values\":[{\"id\":"
        "\"%s\",\"maps\":[{\"id\":\"%s\"}]}]}]}",
        parent, child, chat, won);
    AUTO_FREE char *id = client_made(c, 201, "POST", path, body);
    client_refused(c, 400, "POST", path, body, "MAPPING_ALREADY_EXISTS", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Leads",
                   "{\"data\":[{\"Last_Name\":\"A\",\"Lead_Source\":\"Chat\",\"Lead_Status\":\"Lost Lead\"}]}",
                   "MAPPING_MISMATCH", "$.data[0].Lead_Status");
    free(client_made(c, 201, "POST", "/crm/v8/Leads",
                     "{\"data\":[{\"Last_Name\":\"A\",\"Lead_Source\":\"Chat\",\"Lead_Status\":\"Contacted\"}]}"));
    AUTO_FREE char *one = mem_printf(SET "layouts/%s/map_dependency/%s?module=Leads", layout, id);
    AUTO_JSON json_t *is = client_get(c, 200, "%s", one);
    assert_string_equal(js_str(js_path(is, "map_dependency[0].pick_list_values[0].maps[0]"), "actual_value"),
                        "Contacted");
    free(client_made(c, 200, "PUT", one, body));
    free(client_made(c, 200, "DELETE", one, NULL));
    json_decref(client_call(c, 204, "GET", path, NULL));
}

static void a_map_dependency_names_what_is_wrong(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *parent = NULL, *layout = layout_id(c, "Leads");
    AUTO_FREE char *chat = value_id(c, "Lead_Source", "Chat", &parent);
    AUTO_FREE char *path = mem_printf(SET "layouts/%s/map_dependency?module=Leads", layout);
    AUTO_FREE char *same =
        mem_printf("{\"map_dependency\":[{\"parent\":{\"id\":\"%s\"},\"child\":{\"id\":\"%s\"},\"pick_list_"
                   "values\":[{\"id\":\"%s\",\"maps\":[]}]}]}",
                   parent, parent, chat);
    client_refused(c, 400, "POST", path, same, "AMBIGUITY_DURING_PROCESSING", NULL);
    client_refused(c, 400, "POST", path, "{\"map_dependency\":[{}]}", "MANDATORY_NOT_FOUND",
                   "$.map_dependency[0].parent");
    client_refused(
        c, 400, "POST", path,
        "{\"map_dependency\":[{\"parent\":{\"api_name\":\"Company\"},\"child\":{\"api_name\":\"Lead_Status\"},"
        "\"pick_list_values\":[]}]}",
        "NOT_ALLOWED", NULL);
    client_refused(c, 400, "GET", SET "layouts/1/map_dependency?module=Leads", NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "GET", SET "layouts/1/map_dependency", NULL, "REQUIRED_PARAM_MISSING", NULL);
}

static void pipelines_are_rows_of_stages(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *layout = layout_id(c, "Deals");
    AUTO_FREE char *path = mem_printf(SET "pipeline?layout_id=%s", layout);
    AUTO_JSON json_t *is = client_get(c, 200, "%s", path);
    const json_t *maps = js_arr(js_path(is, "pipeline[0]"), "maps");
    const char *first = js_str(json_array_get(maps, 0), "id"), *second = js_str(json_array_get(maps, 1), "id");
    assert_string_equal(js_str(pick(maps, "actual_value", "Closed Won"), "forecast_type"), "Closed Won");
    AUTO_FREE char *body = mem_printf(
        "{\"pipeline\":[{\"display_value\":\"Wholesale\",\"maps\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]}]}", first, second);
    AUTO_FREE char *id = client_made(c, 201, "POST", path, body);
    client_refused(c, 400, "POST", path, body, "DUPLICATE_DATA", "$.pipeline[0].display_value");
    client_refused(c, 400, "POST", path, "{\"pipeline\":[{\"display_value\":\"X\",\"maps\":[{\"id\":\"1\"}]}]}",
                   "INVALID_DATA", "$.pipeline[0].maps[0].id");
    client_refused(c, 400, "POST", path, "{\"pipeline\":[{\"maps\":[]}]}", "MANDATORY_NOT_FOUND",
                   "$.pipeline[0].display_value");
    AUTO_FREE char *one = mem_printf(SET "pipeline/%s?layout_id=%s", id, layout);
    AUTO_FREE char *drop =
        mem_printf("{\"pipeline\":[{\"default\":true,\"maps\":[{\"id\":\"%s\",\"_delete\":{\"permanent\":"
                   "false}}]}]}",
                   first);
    free(client_made(c, 200, "PUT", one, drop));
    AUTO_JSON json_t *now = client_get(c, 200, "%s", one);
    assert_int_equal(json_array_size(js_arr(js_path(now, "pipeline[0]"), "maps")), 1);
    assert_true(js_bool(js_path(now, "pipeline[0]"), "default", false));
    AUTO_FREE char *move = mem_printf("{\"transfer_pipeline\":[{\"pipeline\":{\"from\":\"%s\",\"to\":\"%s\"}}]}", id,
                                      js_str(js_path(is, "pipeline[0]"), "id"));
    AUTO_FREE char *transfer = mem_printf(SET "pipeline/actions/transfer?layout_id=%s", layout);
    client_refused(c, 400, "POST", transfer, move, "CANNOT_DELETE", NULL);
    client_refused(c, 400, "GET", SET "pipeline", NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "GET", SET "pipeline?layout_id=1", NULL, "INVALID_DATA", NULL);
}

static char *user(struct client *c, const char *name)
{
    AUTO_JSON json_t *roles = client_get(c, 200, SET "roles"), *profiles = client_get(c, 200, SET "profiles");
    AUTO_FREE char *body = mem_printf("{\"users\":[{\"first_name\":\"Seller\",\"last_name\":\"%s\",\"email\":\"%s@"
                                      "example.org\",\"role\":\"%s\",\"profile\":{"
                                      "\"id\":\"%s\"}}]}",
                                      name, name, js_str(pick(js_arr(roles, "roles"), "name", "Manager"), "id"),
                                      js_str(pick(js_arr(profiles, "profiles"), "name", "Standard"), "id"));
    return client_made(c, 201, "POST", "/crm/v8/users", body);
}

static char *owner_of(struct client *c, const char *company, const char *rule)
{
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Last_Name\":\"L\",\"Company\":\"%s\"}],\"lar_id\":\"%s\"}", company, rule);
    AUTO_FREE char *id = client_made(c, 201, "POST", "/crm/v8/Leads", body);
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/Leads/%s", id);
    return mem_dup(js_str(js_obj(js_path(r, "data[0]"), "Owner"), "id"));
}

static void an_assignment_rule_gives_records_out_in_turn(void **state)
{
    struct client *c = *state;
    static const char path[] = SET "automation/assignment_rules?module=Leads";
    AUTO_FREE char *one = user(c, "one"), *two = user(c, "two"), *three = user(c, "three");
    AUTO_FREE char *body = mem_printf("{\"assignment_rules\":[{\"name\":\"North\",\"default_assignee\":{\"resource\":{"
                                      "\"id\":\"%s\"}},\"rule_entries\":[{"
                                      "\"criteria\":{\"field\":{\"api_name\":\"Company\"},\"comparator\":\"equal\","
                                      "\"value\":\"North\"},\"assign_to\":{"
                                      "\"type\":\"users\",\"resources\":[{\"id\":\"%s\"},{\"id\":\"%s\"}]}}]}]}",
                                      three, one, two);
    AUTO_FREE char *rule = client_made(c, 201, "POST", path, body);
    AUTO_FREE char *a = owner_of(c, "North", rule), *b = owner_of(c, "North", rule), *d = owner_of(c, "North", rule),
                   *other = owner_of(c, "South", rule);
    assert_string_equal(a, one);
    assert_string_equal(b, two);
    assert_string_equal(d, one);
    assert_string_equal(other, three);
    client_refused(c, 400, "POST", path, body, "DUPLICATE_DATA", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Leads", "{\"data\":[{\"Last_Name\":\"L\"}],\"lar_id\":\"1\"}",
                   "INVALID_DATA", "$.lar_id");
    client_refused(c, 400, "POST", path, "{\"assignment_rules\":[{\"name\":\"X\"}]}", "MANDATORY_NOT_FOUND",
                   "$.assignment_rules[0].rule_entries");
    client_refused(c, 400, "POST", SET "automation/assignment_rules?module=Products", body, "NOT_SUPPORTED", NULL);
    AUTO_FREE char *gone = mem_printf(SET "automation/assignment_rules/%s", rule);
    free(client_made(c, 200, "DELETE", gone, NULL));
    json_decref(client_call(c, 204, "GET", path, NULL));
}

static void an_assignment_rule_has_ten_entries_at_most(void **state)
{
    AUTO_JSON json_t *body = json_pack("{s:[{s:s,s:{s:{s:s}},s:[]}]}", "assignment_rules", "name", "R",
                                       "default_assignee", "resource", "api_name", "${CURRENTUSER}", "rule_entries");
    for (int i = 0; i < 11; i++) {
        json_array_append_new(js_arr(js_path(body, "assignment_rules[0]"), "rule_entries"), json_object());
    }
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    client_refused(*state, 400, "POST", SET "automation/assignment_rules?module=Leads", text, "LIMIT_EXCEEDED", NULL);
}

static void users_are_invited_changed_and_deleted(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = user(c, "one");
    AUTO_FREE char *path = mem_printf("/crm/v8/users/%s", id);
    free(client_made(c, 200, "PUT", path, "{\"users\":[{\"last_name\":\"Two\"}]}"));
    AUTO_JSON json_t *is = client_get(c, 200, "%s", path);
    assert_string_equal(js_str(js_path(is, "users[0]"), "full_name"), "Seller Two");
    assert_string_equal(js_str(js_obj(js_path(is, "users[0]"), "role"), "name"), "Manager");
    client_refused(c, 400, "PUT", path, "{\"users\":[{\"email\":\"admin@example.org\"}]}", "DUPLICATE_DATA",
                   "$.users[0].email");
    client_refused(c, 400, "PUT", path, "{\"users\":[{\"email\":\"nobody\"}]}", "INVALID_DATA", "$.users[0].email");
    client_refused(c, 400, "PUT", path, "{\"users\":[{\"role\":\"1\"}]}", "INVALID_DATA", NULL);
    client_refused(c, 400, "POST", "/crm/v8/users", "{\"users\":[{\"last_name\":\"X\"}]}", "MANDATORY_NOT_FOUND",
                   "$.users[0].email");
    free(client_made(c, 200, "DELETE", path, NULL));
    client_refused(c, 400, "DELETE", path, NULL, "ID_ALREADY_DELETED", NULL);
    client_refused(c, 400, "DELETE", "/crm/v8/users/1", NULL, "INVALID_DATA", NULL);
}

static void licences_run_out(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.edition = "Free"}; /* three licences */
    client_up(&c, &o);
    free(user(&c, "one"));
    free(user(&c, "two"));
    AUTO_JSON json_t *roles = client_get(&c, 200, SET "roles"), *profiles = client_get(&c, 200, SET "profiles");
    AUTO_FREE char *body =
        mem_printf("{\"users\":[{\"last_name\":\"x\",\"email\":\"x@example.org\",\"role\":\"%s\",\"profile\":\"%s\"}]}",
                   js_str(json_array_get(js_arr(roles, "roles"), 0), "id"),
                   js_str(json_array_get(js_arr(profiles, "profiles"), 0), "id"));
    client_refused(&c, 400, "POST", "/crm/v8/users", body, "LICENSE_LIMIT_EXCEEDED", NULL);
    client_down(&c);
}

static void a_role_and_a_profile_leave_their_users_to_another(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = user(c, "one");
    AUTO_JSON json_t *roles = client_get(c, 200, SET "roles"), *profiles = client_get(c, 200, SET "profiles");
    const char *manager = js_str(pick(js_arr(roles, "roles"), "name", "Manager"), "id"),
               *ceo = js_str(pick(js_arr(roles, "roles"), "name", "CEO"), "id"),
               *standard = js_str(pick(js_arr(profiles, "profiles"), "name", "Standard"), "id");
    AUTO_FREE char *bare = mem_printf(SET "roles/%s", manager), *to = mem_printf("%s?transfer_to_id=%s", bare, ceo),
                   *same = mem_printf("%s?transfer_to_id=%s", bare, manager),
                   *system = mem_printf(SET "profiles/%s", standard);
    client_refused(c, 400, "DELETE", bare, NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "DELETE", same, NULL, "INVALID_DATA", NULL);
    free(client_made(c, 200, "DELETE", to, NULL));
    AUTO_JSON json_t *is = client_get(c, 200, "/crm/v8/users/%s", id);
    assert_string_equal(js_str(js_obj(js_path(is, "users[0]"), "role"), "name"), "CEO");
    client_refused(c, 400, "DELETE", system, NULL, "CANNOT_DELETE", NULL);
    AUTO_FREE char *clone = mem_printf("%s/actions/clone", system);
    AUTO_FREE char *custom = client_made(c, 201, "POST", clone, "{\"profiles\":[{\"name\":\"Sales\"}]}");
    AUTO_FREE char *no_heir = mem_printf(SET "profiles/%s", custom),
                   *heir = mem_printf("%s?transfer_to_id=%s", no_heir, standard);
    client_refused(c, 400, "DELETE", no_heir, NULL, "MANDATORY_NOT_FOUND", NULL);
    json_decref(client_call(c, 200, "DELETE", heir, NULL));
}

static void an_edition_has_room_for_so_many_modules(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.edition = "Standard"};
    client_up(&c, &o);
    AUTO_JSON json_t *profiles = client_get(&c, 200, SET "profiles");
    const char *profile = js_str(json_array_get(js_arr(profiles, "profiles"), 0), "id");
    for (int name = 'A'; name <= 'K'; name++) {
        AUTO_FREE char *body =
            mem_printf("{\"modules\":[{\"singular_label\":\"%c\",\"plural_label\":\"%cs\",\"api_name\":"
                       "\"%cs\",\"profiles\":[{\"id\":\"%s\"}]}]}",
                       name, name, name, profile);
        if (name < 'K') {
            free(client_made(&c, 201, "POST", SET "modules", body));
        } else {
            client_refused(&c, 400, "POST", SET "modules", body, "LIMIT_EXCEEDED", NULL);
        }
    }
    client_down(&c);
}

static void workflow_configurations_list_triggers_and_limits(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/workflow_configurations?module=Leads");
    const json_t *w = js_obj(a, "workflow_configurations");
    assert_int_equal(js_int(pick(js_arr(w, "actions"), "api_name", "field_updates"), "limit", 0), 5);
    assert_true(json_is_false(
        json_object_get(pick(js_arr(w, "triggers"), "api_name", "delete"), "scheduled_actions_supported")));
    client_refused(c, 400, "GET", "/crm/v8/workflow_configurations", NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "GET", "/crm/v8/workflow_configurations?module=Nowhere", NULL, "INVALID_MODULE", NULL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(business_hours_are_set_once_and_changed),
        T(the_fiscal_year_begins_in_january_until_changed),
        T(a_lead_that_is_a_contact_already_is_a_duplicate_when_preferred),
        T(a_dependent_picklist_binds_what_is_written),
        T(a_map_dependency_names_what_is_wrong),
        T(pipelines_are_rows_of_stages),
        T(an_assignment_rule_gives_records_out_in_turn),
        T(an_assignment_rule_has_ten_entries_at_most),
        T(users_are_invited_changed_and_deleted),
        cmocka_unit_test(licences_run_out),
        T(a_role_and_a_profile_leave_their_users_to_another),
        T(workflow_configurations_list_triggers_and_limits),
        cmocka_unit_test(an_edition_has_room_for_so_many_modules),
    };
    return cmocka_run_group_tests_name("sandbox/setup", tests, NULL, NULL);
}
