#include "agent/audit/scrub.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void a_text_loses_credentials_and_keeps_what_looks_like_them(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"api_key=9f2b7c41d8e0", "api_key=(secret)"},
        {"{\"X-Api-Key\": \"9f2b7c41d8e0\"}", "{\"X-Api-Key\": \"(secret)\"}"},
        {"token: required by the portal", "token: required by the portal"},
        {"apiKey=${!Deals.Key}", "apiKey=${!Deals.Key}"},
        {"monkey=banana12345", "monkey=banana12345"},
        {"seen a7Gh29kLm3Pq8Rt5Vw1Xz4Bc here", "seen (secret) here"},
        {"record 5725767000000100006 of 2026-11-21T09:55:32", "record 5725767000000100006 of 2026-11-21T09:55:32"},
        {"Installation_Confirmed_By_Operations_2026", "Installation_Confirmed_By_Operations_2026"},
        {"ask owner@example.org today", "ask (e-mail) today"},
        {"a@b", "a@b"},
        {"Bearer 9f2b7c41d8e0aa", "Bearer (secret)"},
        {"", ""},
    };
    struct scrub s = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FREE char *got = scrub_text(&s, cases[i].in);
        assert_string_equal(got, cases[i].out);
    }
    s.people = true;
    AUTO_FREE char *named = scrub_text(&s, "owner@example.org");
    assert_string_equal(named, "owner@example.org");
}

static void a_url_loses_what_opens_it(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"https://erp.example.org/hook?token=abc12345&deal=${!Deals.Id}",
         "https://erp.example.org/hook?token=(secret)&deal=${!Deals.Id}"},
        {"https://n8n.example.org/webhook/3f2c9a71-5b1e-4c0d-9e7a-88d1f0a2b4c6/go",
         "https://n8n.example.org/webhook/(secret)/go"},
        {"https://erp.example.org/v2/quotes/import-from-crm?format=json&page=2",
         "https://erp.example.org/v2/quotes/import-from-crm?format=json&page=2"},
        {"https://user:pass@erp.example.org/x", "https://(secret)@erp.example.org/x"},
        {"https://erp.example.org/a?key=${!Deals.Key}", "https://erp.example.org/a?key=${!Deals.Key}"},
    };
    struct scrub s = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FREE char *got = scrub_url(&s, cases[i].in);
        assert_string_equal(got, cases[i].out);
    }
}

static void a_script_loses_the_literal_beside_a_telling_name(void **state)
{
    (void)state;
    struct scrub s = {0};
    AUTO_FREE char *got = scrub_script(&s, "void automation.send(Int id)\n{\n\theaders = Map();\n"
                                           "\theaders.put(\"X-Api-Key\",\"9f2b7c41d8e0\");\n"
                                           "\theaders.put(\"Accept\",\"application/json\");\n"
                                           "\tapiKey = \"9f2b7c41d8e0\";\n"
                                           "\tid = \"5725767000000100006\";\n"
                                           "\t// ask owner@example.org\n}\n");
    assert_string_equal(got, "void automation.send(Int id)\n{\n\theaders = Map();\n"
                             "\theaders.put(\"X-Api-Key\",\"(secret)\");\n"
                             "\theaders.put(\"Accept\",\"application/json\");\n"
                             "\tapiKey = \"(secret)\";\n"
                             "\tid = \"5725767000000100006\";\n"
                             "\t// ask (e-mail)\n}\n");
    AUTO_FREE char *broken = scrub_script(&s, "apiKey = \"9f2b7c41d8e0\"; if(");
    assert_string_equal(broken, "apiKey = \"(secret)\"; if(");
}

static void people_leave_their_ids(void **state)
{
    (void)state;
    struct scrub s = {0};
    AUTO_JSON json_t *users =
        parse("[{\"id\":\"7\",\"full_name\":\"Pat Canary\",\"email\":\"pat@example.org\",\"status\":\"active\","
              "\"role\":{\"id\":\"1\",\"name\":\"CEO\"},\"Isonline\":true}]");
    AUTO_JSON json_t *rules =
        parse("[{\"id\":\"3\",\"name\":\"Rule\",\"created_by\":{\"id\":\"9\",\"name\":\"Old Canary\"},"
              "\"to\":[{\"type\":\"users\",\"id\":\"7\",\"name\":\"Pat "
              "Canary\"}],\"profiles\":[{\"id\":\"2\"},{\"id\":\"1\"}]}]");
    scrub_learn(&s, users);
    AUTO_JSON json_t *u = scrub_resource(&s, "users", users), *r = scrub_resource(&s, "workflow_rules", rules);
    AUTO_FREE char *text_u = json_dumps(u, JSON_SORT_KEYS), *text_r = json_dumps(r, JSON_SORT_KEYS);
    assert_null(strstr(text_u, "anary"));
    assert_null(strstr(text_u, "online"));
    assert_non_null(strstr(text_u, "\"name\": \"CEO\""));
    assert_null(strstr(text_r, "anary"));
    assert_non_null(strstr(text_r, "\"created_by\": {\"id\": \"9\"}"));
    assert_non_null(strstr(text_r, "{\"id\": \"7\", \"type\": \"users\"}"));
    assert_non_null(strstr(text_r, "\"profiles\": [{\"id\": \"1\"}, {\"id\": \"2\"}]"));
    assert_non_null(strstr(text_r, "\"name\": \"Rule\""));
    s.people = true;
    AUTO_JSON json_t *named = scrub_resource(&s, "users", users);
    assert_string_equal(js_str(json_array_get(named, 0), "full_name"), "Pat Canary");
    assert_string_equal(js_str(json_array_get(named, 0), "email"), "pat@example.org");
    scrub_release(&s);
}

static void a_variable_called_a_key_loses_its_value(void **state)
{
    (void)state;
    struct scrub s = {0};
    AUTO_JSON json_t *in = parse("[{\"id\":\"1\",\"api_name\":\"erp_api_key\",\"value\":\"short\"},"
                                 "{\"id\":\"2\",\"api_name\":\"max_discount\",\"value\":\"15\"}]");
    AUTO_JSON json_t *out = scrub_resource(&s, "variables", in);
    assert_string_equal(js_str(json_array_get(out, 0), "value"), SCRUB_SECRET);
    assert_string_equal(js_str(json_array_get(out, 1), "value"), "15");
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_loses_credentials_and_keeps_what_looks_like_them),
        cmocka_unit_test(a_url_loses_what_opens_it),
        cmocka_unit_test(a_script_loses_the_literal_beside_a_telling_name),
        cmocka_unit_test(people_leave_their_ids),
        cmocka_unit_test(a_variable_called_a_key_loses_its_value),
    };
    return cmocka_run_group_tests_name("agent/audit_scrub", tests, NULL, NULL);
}
