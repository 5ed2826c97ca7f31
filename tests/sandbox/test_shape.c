/* What both OpenAPI editions agree on and answers once lacked or held too much of; the whole run is in tests/agent/test_shape.c. */
#include "tests/sandbox/client.h"

static struct client c;

static int up(void **state)
{
    (void)state;
    c = (struct client){0};
    client_up(&c, NULL);
    return 0;
}

static int down(void **state)
{
    (void)state;
    client_down(&c);
    return 0;
}

static void a_variable_does_not_say_who_made_it(void **state)
{
    (void)state;
    free(client_made(&c, 201, "POST", "/crm/v8/settings/variables",
                     "{\"variables\":[{\"name\":\"V\",\"api_name\":\"v\",\"type\":\"text\",\"value\":\"x\","
                     "\"variable_group\":{\"name\":\"General\"}}]}"));
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/settings/variables");
    const json_t *v = pick(js_arr(all, "variables"), "api_name", "v");
    static const char *const no[] = {"created_time", "created_by", "modified_time", "modified_by"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        assert_null(json_object_get(v, no[i]));
    }
}

static void a_lock_names_excluded_profiles_by_id_and_name(void **state)
{
    (void)state;
    AUTO_JSON json_t *profiles = client_get(&c, 200, "/crm/v8/settings/profiles");
    const char *id = js_str(json_array_get(js_arr(profiles, "profiles"), 0), "id");
    AUTO_FREE char *body = mem_printf(
        "{\"record_locking_configurations\":[{\"lock_type\":\"automatic\",\"locked_for\":\"all_profiles_except_"
        "excluded_"
        "profiles\",\"lock_excluded_profiles\":[{\"id\":\"%s\"}],\"feature_type\":\"record_locking\",\"locking_rules\":"
        "[{\"name\":\"r\",\"criteria\":{\"field\":{\"api_name\":\"Subject\"},\"comparator\":\"equal\",\"value\":\"x\"}}"
        "]"
        "}]}",
        id);
    free(client_made(&c, 201, "POST", "/crm/v8/settings/record_locking_configurations?module=Quotes", body));
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/settings/record_locking_configurations?module=Quotes");
    const json_t *p = js_path(all, "record_locking_configurations[0].lock_excluded_profiles[0]");
    assert_string_equal(js_str(p, "id"), id);
    assert_non_null(js_str(p, "name"));
    assert_int_equal(json_object_size(p), 2);
}

static void a_rules_status_is_active_alone(void **state)
{
    (void)state;
    AUTO_FREE char *action = client_made(
        &c, 201, "POST", "/crm/v8/settings/automation/field_updates",
        "{\"field_updates\":[{\"name\":\"F\",\"module\":{\"api_name\":\"Quotes\"},\"feature_type\":\"workflow\","
        "\"type\":\"static\",\"field\":{\"api_name\":\"Quote_Stage\"},\"value\":\"Draft\"}]}");
    AUTO_FREE char *body = mem_printf("{\"workflow_rules\":[{\"name\":\"R\",\"module\":{\"api_name\":\"Quotes\"},"
                                      "\"execute_when\":{\"type\":\"create\"},\"conditions\":[{\"sequence_number\":1,"
                                      "\"criteria_details\":null,\"instant_actions\":{\"actions\":[{\"type\":"
                                      "\"field_updates\",\"id\":\"%s\"}]}}]}]}",
                                      action);
    AUTO_FREE char *id = client_made(&c, 201, "POST", "/crm/v8/settings/automation/workflow_rules", body);
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/automation/workflow_rules/%s", id);
    json_decref(client_call(&c, 200, "PUT", path,
                            "{\"workflow_rules\":[{\"status\":{\"active\":false,\"delete_schedule_action\":true}}]}"));
    AUTO_JSON json_t *rule = client_get(&c, 200, "%s", path);
    const json_t *status = js_path(rule, "workflow_rules[0].status");
    assert_false(js_bool(status, "active", true));
    assert_int_equal(json_object_size(status), 1);
}

static void a_list_of_views_says_how_its_groups_are_called(void **state)
{
    (void)state;
    AUTO_FREE char *id = client_made(&c, 201, "POST", "/crm/v8/settings/custom_views?module=Quotes",
                                     "{\"custom_views\":[{\"name\":\"V\",\"fields\":[{\"api_name\":\"Subject\"}]}]}");
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/settings/custom_views?module=Quotes");
    const json_t *info = js_obj(all, "info");
    assert_int_equal(js_int(info, "count", -1), 1);
    assert_string_equal(js_str(info, "default"), id);
    assert_int_equal(json_object_size(js_obj(info, "translation")), 4);
}

static void an_automatic_number_starts_at_a_number_and_may_be_sent_as_text(void **state)
{
    (void)state;
    free(client_made(&c, 201, "POST", "/crm/v8/settings/fields?module=Vendors",
                     "{\"fields\":[{\"field_label\":\"No\",\"data_type\":\"autonumber\",\"auto_number\":"
                     "{\"start_number\":\"1001\",\"prefix\":\"Q-\",\"suffix\":\"\"}}]}"));
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/settings/fields?module=Vendors");
    const json_t *number = js_obj(pick(js_arr(all, "fields"), "field_label", "No"), "auto_number");
    assert_int_equal(js_int(number, "start_number", -1), 1001);
    AUTO_FREE char *id =
        client_made(&c, 201, "POST", "/crm/v8/Vendors", "{\"data\":[{\"Vendor_Name\":\"TEST vendor\"}]}");
    AUTO_JSON json_t *one = client_get(&c, 200, "/crm/v8/Vendors/%s", id);
    assert_string_equal(js_str(js_path(one, "data[0]"), "No"), "Q-1001");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_variable_does_not_say_who_made_it, up, down),
        cmocka_unit_test_setup_teardown(a_lock_names_excluded_profiles_by_id_and_name, up, down),
        cmocka_unit_test_setup_teardown(a_rules_status_is_active_alone, up, down),
        cmocka_unit_test_setup_teardown(a_list_of_views_says_how_its_groups_are_called, up, down),
        cmocka_unit_test_setup_teardown(an_automatic_number_starts_at_a_number_and_may_be_sent_as_text, up, down),
    };
    return cmocka_run_group_tests_name("sandbox/shape", tests, NULL, NULL);
}
