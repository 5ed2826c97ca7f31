/* Every data type a field may have, written wrong: the code, the place, what was expected. Sources: zoho-api.md 1.5, 2.1. */
#include <string.h>

#include "tests/sandbox/client.h"

#define FIELDS "/crm/v8/settings/fields?module=Leads"

static const struct {
    const char *type, *more; /* of the field */
    const char *wrong, *expected;
    const char *right;
} rows[] = {
    {"text", "", "5", "string", "\"a\""},
    {"textarea", ",\"textarea\":{\"type\":\"small\"}", "true", "string", "\"a\""},
    {"email", "", "\"nobody\"", "email", "\"a@example.org\""},
    {"phone", "", "5", "string", "\"5\""},
    {"website", "", "[]", "string", "\"https://example.org\""},
    {"picklist", ",\"pick_list_values\":[{\"display_value\":\"A\",\"actual_value\":\"A\"}]", "5", "string", "\"A\""},
    {"multiselectpicklist", ",\"pick_list_values\":[{\"display_value\":\"A\",\"actual_value\":\"A\"}]", "\"A\"",
     "jsonarray", "[\"A\"]"},
    {"date", "", "\"1.2.2026\"", "date", "\"2026-02-01\""},
    {"datetime", "", "\"2026-02-01\"", "datetime", "\"2026-02-01T10:00:00+01:00\""},
    {"integer", "", "\"five\"", "integer", "5"},
    {"currency", "", "\"1,5\"", "double", "1.5"},
    {"percent", "", "\"half\"", "double", "50"},
    {"double", "", "{}", "double", "\"1.25\""},
    {"boolean", "", "\"yes\"", "boolean", "true"},
    {"lookup", ",\"lookup\":{\"module\":{\"api_name\":\"Vendors\"},\"display_label\":\"L\"}", "\"1\"", "jsonobject",
     "null"},
    {"userlookup", "", "7", "jsonobject", "null"},
    {"fileupload", "", "\"f\"", "jsonarray", "[{\"file_id\":\"1\"}]"},
};

static void each_data_type_is_checked_on_write(void **state)
{
    struct client c = {0};
    (void)state;
    client_up(&c, NULL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *field = mem_printf("{\"fields\":[{\"field_label\":\"T%zu\",\"data_type\":\"%s\"%s}]}", i,
                                           rows[i].type, rows[i].more);
        AUTO_FREE char *bad = mem_printf("{\"data\":[{\"Last_Name\":\"L\",\"T%zu\":%s}]}", i, rows[i].wrong),
                       *good = mem_printf("{\"data\":[{\"Last_Name\":\"L\",\"T%zu\":%s}]}", i, rows[i].right),
                       *place = mem_printf("$.data[0].T%zu", i);
        free(client_made(&c, 201, "POST", FIELDS, field));
        AUTO_JSON json_t *a = client_call(&c, 400, "POST", "/crm/v8/Leads", bad);
        const json_t *d = js_obj(js_path(a, "data[0]"), "details");
        assert_string_equal(js_str(js_path(a, "data[0]"), "code"), "INVALID_DATA");
        assert_string_equal(js_str(d, "json_path"), place);
        if (strcmp(js_str_or(d, "expected_data_type", ""), rows[i].expected) != 0) {
            fail_msg("%s: %s", rows[i].type, c.text);
        }
        free(client_made(&c, 201, "POST", "/crm/v8/Leads", good));
    }
    client_down(&c);
}

static void a_text_longer_than_its_field_is_refused(void **state)
{
    struct client c = {0};
    (void)state;
    client_up(&c, NULL);
    free(client_made(&c, 201, "POST", FIELDS,
                     "{\"fields\":[{\"field_label\":\"Short\",\"data_type\":\"text\",\"length\":3}]}"));
    client_refused(&c, 400, "POST", "/crm/v8/Leads", "{\"data\":[{\"Last_Name\":\"L\",\"Short\":\"four\"}]}",
                   "INVALID_DATA", "$.data[0].Short");
    assert_non_null(strstr(c.text, "\"maximum_length\":3"));
    free(client_made(&c, 201, "POST", "/crm/v8/Leads", "{\"data\":[{\"Last_Name\":\"L\",\"Short\":\"äöü\"}]}"));
    client_down(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_data_type_is_checked_on_write),
        cmocka_unit_test(a_text_longer_than_its_field_is_refused),
    };
    return cmocka_run_group_tests_name("sandbox/types", tests, NULL, NULL);
}
