/* Deluge functions run in the sandbox: what they read, what they write, what their writes set off. Sources: deluge.md 2;
 * zoho-api.md 6.14; zoho-people-and-tools.md finding 5. */
#include <string.h>

#include "sandbox/run_function.h"
#include "tests/host_cases.h"
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

static void click(struct client *c, const char *kind, const char *module, const char *name, const char *body,
                  const char *source)
{
    struct err e = {0};
    AUTO_JSON json_t *b = json_loads(body, 0, NULL);
    assert_non_null(b);
    if (sandbox_ui(c->s, kind, module, name, b, source, false, &e)) {
        fail_msg("%s: %s", kind, e.what);
    }
}

/* A function that a rule of Deals calls with the deal's id whenever a deal is saved. */
static void on_save(struct client *c, const char *lines)
{
    AUTO_FREE char *source = mem_printf("void automation.touch(String deal_id)\n{\n%s\n}\n", lines);
    click(c, "function", NULL, "touch", "{}", source);
    click(c, "function_wrapper", "Deals", "Touch",
          "{\"function\":{\"api_name\":\"touch\"},\"arguments\":[{\"name\":\"deal_id\",\"value\":\"${!Deals.Id}\"}]}",
          NULL);
    click(c, "workflow_rule", "Deals", "On save",
          "{\"execute_when\":{\"type\":\"create_or_edit\",\"details\":{\"repeat\":true}},\"conditions\":[{\"sequence_"
          "number\":1,"
          "\"instant_actions\":{\"actions\":[{\"type\":\"functions\",\"name\":\"Touch\"}]}}]}",
          NULL);
}

static char *deal(struct client *c, const char *more)
{
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Deal_Name\":\"TEST deal\",\"Stage\":\"Qualification\",\"Closing_Date\":"
                   "\"2026-12-01\"%s}]}",
                   more);
    return client_made(c, 201, "POST", "/crm/v8/Deals", body);
}

static void has_value(struct client *c, const char *id, const char *field, const char *wanted)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Deals/%s", id);
    assert_string_equal(js_str_or(js_path(a, "data[0]"), field, ""), wanted);
}

/* The only run so far: fails the test with the script's own error. */
static void ran_well(struct client *c, size_t runs)
{
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    const json_t *log = js_arr(all, "function");
    size_t i;
    json_t *f;
    json_array_foreach (log, i, f) {
        if (strcmp(js_str_or(f, "status", ""), "success") != 0) {
            fail_msg("%s: %s", js_str_or(f, "status", ""), js_str_or(f, "error", ""));
        }
    }
    assert_int_equal(json_array_size(log), runs);
}

/* deluge.md 2, zoho-api.md 6.14: no trigger option, no rule; else the rule would call the function again without end. */
static void an_update_by_a_function_sets_off_no_rule_by_default(void **state)
{
    struct client *c = *state;
    on_save(c, "d = zoho.crm.getRecordById(\"Deals\",deal_id.toLong());\n"
               "m = Map();\nm.put(\"Next_Step\",\"seen \" + d.get(\"Stage\"));\n"
               "r = zoho.crm.updateRecord(\"Deals\",deal_id.toLong(),m);\ninfo r;");
    AUTO_FREE char *id = deal(c, "");
    ran_well(c, 1);
    has_value(c, id, "Next_Step", "seen Qualification");
}

static void a_function_that_asks_for_rules_gets_them_until_the_loop_guard(void **state)
{
    struct client *c = *state;
    on_save(c, "o = Map();\no.put(\"trigger\",{\"workflow\"});\nm = Map();\nm.put(\"Next_Step\",\"again\");\n"
               "r = zoho.crm.updateRecord(\"Deals\",deal_id.toLong(),m,o);");
    free(deal(c, ""));
    ran_well(c, 10);
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    assert_int_equal(json_array_size(js_arr(all, "failed")), 1);
}

static void a_function_finds_and_makes_and_reads_records(void **state)
{
    struct client *c = *state;
    click(c, "variable", NULL, "limit",
          "{\"name\":\"limit\",\"api_name\":\"limit\",\"type\":\"text\",\"value\":\"7\","
          "\"variable_group\":{\"name\":\"General\"}}",
          NULL);
    AUTO_FREE char *account =
        client_made(c, 201, "POST", "/crm/v8/Accounts", "{\"data\":[{\"Account_Name\":\"TEST account\"}]}");
    on_save(
        c,
        "t = Map();\nt.put(\"Subject\",\"Check\");\nt.put(\"What_Id\",{\"id\":deal_id});\n"
        "made = zoho.crm.createRecord(\"Tasks\",t);\n"
        "found = zoho.crm.searchRecords(\"Tasks\",\"(Subject:equals:Check)\");\n"
        "none = zoho.crm.searchRecords(\"Tasks\",\"(Subject:equals:Other)\");\n"
        "deals = zoho.crm.getRelatedRecords(\"Deals\",\"Accounts\",zoho.crm.getRecords(\"Accounts\").get(0).get(\"id\")"
        ".toLong());\n"
        "bad = zoho.crm.updateRecord(\"Deals\",1,Map());\n"
        "m = Map();\nm.put(\"Next_Step\",zoho.crm.getOrgVariable(\"limit\") + \" \" + found.size() + \" \" + "
        "none.size() + \" \" + deals.size() + \" \" + bad.get(\"status\") + \" \" + (made.get(\"id\") == "
        "found.get(0).get(\"id\")));\n"
        "r = zoho.crm.updateRecord(\"Deals\",deal_id.toLong(),m);");
    AUTO_FREE char *more = mem_printf(",\"Account_Name\":{\"id\":\"%s\"}", account);
    AUTO_FREE char *id = deal(c, more);
    ran_well(c, 1);
    has_value(c, id, "Next_Step", "7 1 0 1 error true");
}

/* What_Id points to a record of any module. */
static void tasks_are_a_related_list_of_every_module(void **state)
{
    struct client *c = *state;
    on_save(c, "t = Map();\nt.put(\"Subject\",\"Check\");\nt.put(\"What_Id\",deal_id);\nt.put(\"Owner\","
               "zoho.crm.getRecordById(\"Deals\",deal_id.toLong()).get(\"Owner\").get(\"id\").toLong());\n"
               "made = zoho.crm.createRecord(\"Tasks\",t);\n"
               "mine = zoho.crm.getRelatedRecords(\"Tasks\",\"Deals\",deal_id.toLong());\n"
               "m = Map();\nm.put(\"Next_Step\",mine.size() + \" \" + mine.get(0).get(\"Subject\"));\n"
               "r = zoho.crm.updateRecord(\"Deals\",deal_id.toLong(),m);");
    free(deal(c, ""));
    AUTO_FREE char *second = deal(c, "");
    ran_well(c, 2);
    has_value(c, second, "Next_Step", "1 Check");
}

static void an_unknown_related_list_ends_the_run_and_says_so(void **state)
{
    struct client *c = *state;
    on_save(c, "x = zoho.crm.getRelatedRecords(\"Boats\",\"Deals\",deal_id.toLong());");
    free(deal(c, ""));
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    assert_non_null(strstr(js_str_or(js_path(all, "function[0]"), "error", ""), "Deals has no related list Boats"));
}

static void a_failing_function_stands_in_the_log_with_its_place(void **state)
{
    struct client *c = *state;
    on_save(
        c,
        "a = null;\nb = a.get(\"x\").get(\"y\").toLong() + 1;\nm = invokeurl\n[\n url :\"https://example.org/\"\n type "
        ":GET\n];");
    free(deal(c, ""));
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    const json_t *f = js_path(all, "function[0]");
    assert_string_equal(js_str(f, "status"), "failure");
    assert_non_null(strstr(js_str_or(f, "error", ""), "touch:"));
}

static void a_mail_of_a_function_goes_to_the_outbox(void **state)
{
    struct client *c = *state;
    on_save(
        c,
        "sendmail\n[\n from :zoho.loginuserid\n to :\"desk@example.org\"\n subject :\"Deal\"\n message :\"saved\"\n]");
    free(deal(c, ""));
    ran_well(c, 1);
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    assert_string_equal(js_str(js_path(all, "mail[0]"), "subject"), "Deal");
}

static void a_validation_function_refuses_a_persons_save_with_its_message(void **state)
{
    struct client *c = *state;
    click(c, "function", NULL, "may_save", "{\"category\":\"validation_rule\"}",
          "map validation_rule.may_save(String crmAPIRequest)\n{\nv = Map();\nv.put(\"status\",\"success\");\n"
          "rec = crmAPIRequest.toMap().get(\"record\");\nif(ifnull(rec.get(\"Next_Step\"),\"\") == \"\")\n{\n"
          "v.put(\"status\",\"error\");\nv.put(\"message\",\"Say the next step\");\n}\nreturn v;\n}\n");
    click(c, "validation_rule", "Deals", "May save",
          "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Stage\"},\"type\":\"function\",\"function\":{"
          "\"api_name\":\"may_save\"}}",
          NULL);
    struct err e = {0};
    AUTO_FREE char *id = deal(c, "");
    AUTO_JSON json_t *bad = json_pack("{s:i}", "Amount", 1), *good = json_pack("{s:s}", "Next_Step", "call");
    assert_int_equal(sandbox_ui(c->s, "record", "Deals", id, bad, NULL, false, &e), -1);
    assert_non_null(strstr(e.what, "Say the next step"));
    e = (struct err){0};
    assert_int_equal(sandbox_ui(c->s, "record", "Deals", id, good, NULL, false, &e), 0);
}

/* zoho-people-and-tools.md finding 5: updateRecord skips them even where the API does not. */
static void what_a_script_writes_passes_validation_rules_always(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.refuse = "validation_api"};
    client_up(&c, &o);
    on_save(&c,
            "m = Map();\nm.put(\"Next_Step\",\"never\");\nr = zoho.crm.updateRecord(\"Deals\",deal_id.toLong(),m);");
    click(&c, "validation_rule", "Deals", "Never",
          "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Next_Step\"},\"type\":\"criteria\","
          "\"message\":\"no\","
          "\"criteria\":{\"field\":{\"api_name\":\"Next_Step\"},\"comparator\":\"equal\",\"value\":\"never\"}}",
          NULL);
    AUTO_FREE char *id = deal(&c, ""), *path = mem_printf("/crm/v8/Deals/%s", id);
    has_value(&c, id, "Next_Step", "never");
    client_refused(&c, 400, "PUT", path, "{\"data\":[{\"Next_Step\":\"never\"}]}", "INVALID_DATA", NULL);
    client_down(&c);
}

static json_t *run_in_sandbox(const char *source)
{
    struct client c = {0};
    struct err e = {0};
    AUTO_JSON json_t *function = json_pack("{s:s,s:s}", "id", "1", "api_name", "host_case");
    client_up(&c, NULL);
    struct call k = {.s = c.s, .st = &c.s->store};
    store_begin(k.st);
    store_set_meta(k.st, "function_source/1", source);
    json_t *answer = run_function(NULL, &k, function, NULL);
    assert_int_equal(store_commit(k.st, &e), 0);
    client_down(&c);
    return answer;
}

/* tests/deluge/host: the same cases that deluge's own host passes. */
static void the_sandbox_answers_as_every_host(void **state)
{
    (void)state;
    host_cases_run(run_in_sandbox);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(an_update_by_a_function_sets_off_no_rule_by_default),
        T(a_function_that_asks_for_rules_gets_them_until_the_loop_guard),
        T(a_function_finds_and_makes_and_reads_records),
        T(tasks_are_a_related_list_of_every_module),
        T(an_unknown_related_list_ends_the_run_and_says_so),
        T(a_failing_function_stands_in_the_log_with_its_place),
        T(a_mail_of_a_function_goes_to_the_outbox),
        T(a_validation_function_refuses_a_persons_save_with_its_message),
        cmocka_unit_test(what_a_script_writes_passes_validation_rules_always),
        cmocka_unit_test(the_sandbox_answers_as_every_host),
    };
    return cmocka_run_group_tests_name("sandbox/functions", tests, NULL, NULL);
}
