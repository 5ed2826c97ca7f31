#include "agent/audit/accepted.h"
#include "agent/audit/difference.h"
#include "agent/audit/label.h"
#include "agent/audit/readings.h"
#include "agent/audit/uses.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void labels_are_twins_by_words_letters_and_order_but_not_by_digits(void **state)
{
    static const struct {
        const char *a, *b;
        bool twins;
    } cases[] = {
        {"E-Mail", "e mail", true},
        {"Site Contact", "Site contacts", true},
        {"Survey Date", "Date (Survey)", true},
        {"Referred By", "Refered by", true},
        {"Phone 1", "Phone 2", false},
        {"Height", "Weight", false},
        {"Start Date", "End Date", false},
        {"Status", "Statu", false},
        {"Cost", "Costs", true},
        {"Address Line", "Adress Line", true},
        {"", "", false},
        {"Größe", "größe", true},
        {"Gas", "Ga", false},
        {"A+", "A-", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((label_twin(cases[i].a, cases[i].b) != NULL) != cases[i].twins)
            fail_msg("'%s' and '%s'", cases[i].a, cases[i].b);
}

static void values_are_the_same_only_when_nothing_but_case_and_gaps_differ(void **state)
{
    (void)state;
    assert_true(label_same_value("Flat roof", "flat-roof"));
    assert_true(label_same_value("Sun Power", "SunPower"));
    assert_false(label_same_value("A+", "A-"));
    assert_false(label_same_value("1-5 kW", "15 kW"));
    assert_false(label_same_value("Roof", "Roofs"));
    assert_false(label_same_value("", " "));
}

/* ---- differences ---- */

static void put(struct snapshot *s, const char *name, const char *text)
{
    snapshot_put(s, name, parse(text));
}

static json_t *compared(const char *name, const char *old, const char *now, enum difference_mode mode)
{
    struct snapshot a, b;
    snapshot_init(&a);
    snapshot_init(&b);
    put(&a, "modules", "[{\"id\":\"1\",\"api_name\":\"Deals\"}]");
    put(&b, "modules", "[{\"id\":\"1\",\"api_name\":\"Deals\"}]");
    if (old)
        put(&a, name, old);
    if (now)
        put(&b, name, now);
    json_t *rows = difference(&a, &b, mode, NULL);
    snapshot_release(&a);
    snapshot_release(&b);
    return rows;
}

static const char *what(const json_t *rows, size_t i)
{
    return js_str_or(json_array_get(rows, i), "what", "");
}

static const char *detail(const json_t *rows, size_t i)
{
    return js_str_or(json_array_get(rows, i), "detail", "");
}

#define RULE(id, name, more) "{\"id\":\"" id "\",\"name\":\"" name "\",\"module\":{\"api_name\":\"Deals\"}" more "}"

static void a_new_name_is_a_rename_in_one_org_and_another_thing_in_two(void **state)
{
    (void)state;
    AUTO_JSON json_t *one =
        compared("workflow_rules", "[" RULE("7", "A", "") "]", "[" RULE("7", "B", "") "]", DIFFERENCE_SAME_ORG);
    assert_int_equal(json_array_size(one), 1);
    assert_string_equal(what(one, 0), "renamed");
    assert_string_equal(js_str(json_array_get(one, 0), "from"), "workflow_rule/Deals.A");
    AUTO_JSON json_t *two =
        compared("workflow_rules", "[" RULE("7", "A", "") "]", "[" RULE("7", "B", "") "]", DIFFERENCE_TWO_ORGS);
    assert_int_equal(json_array_size(two), 2);
    assert_string_equal(what(two, 0), "removed");
    assert_string_equal(what(two, 1), "added");
}

static void ids_makers_and_moments_are_no_difference_between_two_orgs(void **state)
{
    (void)state;
    AUTO_JSON json_t *rows =
        compared("workflow_rules", "[" RULE("7", "A", ",\"created_by\":{\"id\":\"3\"},\"created_time\":\"x\"") "]",
                 "[" RULE("8", "A", ",\"created_by\":{\"id\":\"4\"}") "]", DIFFERENCE_TWO_ORGS);
    assert_int_equal(json_array_size(rows), 0);
}

static void elements_of_a_list_are_matched_by_what_they_are_called(void **state)
{
    static const char
        old[] =
            "[{\"id\":\"5\",\"api_name\":\"Stage\",\"pick_list_values\":[{\"actual_value\":\"A\"},{\"actual_value\":"
            "\"B\",\"colour\":\"red\"}]}]",
        now[] =
            "[{\"id\":\"5\",\"api_name\":\"Stage\",\"pick_list_values\":[{\"actual_value\":\"N\"},{\"actual_value\":"
            "\"A\"},{\"actual_value\":\"B\",\"colour\":\"blue\"}]}]",
        turned[] = "[{\"id\":\"5\",\"api_name\":\"Stage\",\"pick_list_values\":[{\"actual_value\":\"B\",\"colour\":"
                   "\"red\"},{\"actual_value\":\"A\"}]}]";
    (void)state;
    AUTO_JSON json_t *rows = compared("fields/Deals", old, now, DIFFERENCE_SAME_ORG);
    assert_int_equal(json_array_size(rows), 1);
    assert_non_null(strstr(detail(rows, 0), "pick_list_values[B].colour: \"red\" → \"blue\""));
    assert_non_null(strstr(detail(rows, 0), "pick_list_values[N]: not there → there"));
    assert_int_equal(json_array_size(js_arr(json_array_get(rows, 0), "changes")), 2);
    AUTO_JSON json_t *order = compared("fields/Deals", old, turned, DIFFERENCE_SAME_ORG);
    assert_string_equal(detail(order, 0), "pick_list_values, order: \"A, B\" → \"B, A\"");
}

static void what_one_side_did_not_read_is_not_compared(void **state)
{
    (void)state;
    AUTO_JSON json_t *rows = compared("workflow_rules", "[" RULE("7", "A", "") "]", NULL, DIFFERENCE_SAME_ORG);
    assert_int_equal(json_array_size(rows), 0);
}

static void two_things_of_one_name_are_both_compared(void **state)
{
    (void)state;
    AUTO_JSON json_t *rows =
        compared("workflow_rules", "[" RULE("7", "A", "") "," RULE("8", "A", "") "]",
                 "[" RULE("7", "A", "") "," RULE("8", "A", ",\"description\":\"new\"") "]", DIFFERENCE_SAME_ORG);
    assert_int_equal(json_array_size(rows), 1);
    assert_string_equal(what(rows, 0), "changed");
    assert_non_null(strstr(detail(rows, 0), "description: nothing → \"new\""));
}

/* ---- accepted ---- */

static void an_accepted_finding_is_no_news_until_its_day(void **state)
{
    struct err e = {0};
    (void)state;
    AUTO_JSON json_t *rows =
        accepted_read("# Text\n\n| Rule | Address | Reason | By | Until |\n| --- | --- | --- | --- | --- |\n"
                      "| AU101 | `field/Deals.*` | old | me | |\n"
                      "| AU102 | field/Deals.A | a \\| b | me | 2026-11-20 |\n| AU103 | field/X.Y | never | | |\n",
                      "x.md", &e);
    AUTO_JSON json_t *findings =
        parse("[{\"rule\":\"AU101\",\"address\":\"field/Deals.A\"},{\"rule\":\"AU101\",\"address\":\"field/Leads.A\"},"
              "{\"rule\":\"AU102\",\"address\":\"field/Deals.A\"}]");
    assert_non_null(rows);
    accepted_mark(rows, findings, 1795176000); /* 2026-11-20T12:00:00Z */
    assert_string_equal(js_str(json_array_get(findings, 0), "accepted"), "old");
    assert_null(js_str(json_array_get(findings, 1), "accepted"));
    assert_string_equal(js_str(json_array_get(findings, 2), "accepted"), "a | b");
    assert_false(js_bool(json_array_get(rows, 2), "used", true));
    json_object_del(json_array_get(findings, 2), "accepted");
    accepted_mark(rows, findings, 1795262400); /* a day later */
    assert_null(js_str(json_array_get(findings, 2), "accepted"));
    AUTO_FREE char *again = accepted_write(rows, findings, "now | then", "me");
    AUTO_JSON json_t *read = accepted_read(again, "x.md", &e);
    assert_int_equal(json_array_size(read), 5);
    assert_string_equal(js_str(json_array_get(read, 3), "reason"), "now | then");
}

static void a_row_that_accepts_without_sense_is_named_with_its_line(void **state)
{
    static const char *const bad[] = {"\n| AU101 | field/X.Y | | | |\n", "\n| AU999 | field/X.Y | old | | |\n",
                                      "\n| AU101 | field/X.Y | old | me | soon |\n"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct err e = {0};
        assert_null(accepted_read(bad[i], "x.md", &e));
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_string_equal(e.where, "x.md:2");
        assert_true(*e.fix);
    }
}

/* ---- readings, uses ---- */

static void counts_what_is_filled_and_which_values_occur(void **state)
{
    (void)state;
    AUTO_JSON json_t *fields =
        parse("[{\"api_name\":\"A\",\"data_type\":\"text\"},{\"api_name\":\"L\",\"data_type\":\"picklist\","
              "\"pick_list_values\":[{\"actual_value\":\"x\"}]}]");
    AUTO_JSON json_t *rows = parse(
        "[{\"A\":\"1\",\"L\":\"x\"},{\"A\":\"\",\"L\":\"-None-\"},{\"A\":null,\"L\":[\"x\",\"y\"]},{\"L\":\"y\"}]");
    AUTO_JSON json_t *m = json_object();
    readings_count(m, fields, rows);
    assert_int_equal(js_int(m, "rows", 0), 4);
    assert_true(js_bool(m, "all", false));
    assert_int_equal(js_int(js_obj(m, "filled"), "A", -1), 1);
    assert_int_equal(js_int(js_obj(m, "filled"), "L", -1), 3);
    assert_int_equal(js_int(js_path(m, "values.L"), "x", 0), 2);
    assert_int_equal(js_int(js_path(m, "values.L"), "y", 0), 2);
    assert_null(js_path(m, "values.A"));
}

static void a_use_says_place_line_and_how_sure_it_is(void **state)
{
    struct snapshot s;
    struct uses u;
    (void)state;
    snapshot_init(&s);
    put(&s, "modules", "[{\"id\":\"1\",\"api_name\":\"Deals\"}]");
    put(&s, "fields/Deals",
        "[{\"id\":\"2\",\"api_name\":\"Margin\",\"field_label\":\"Margin\",\"data_type\":\"double\"}]");
    put(&s, "functions", "[{\"id\":\"3\",\"api_name\":\"f\"}]");
    put(&s, "function_code/f",
        "[{\"api_name\":\"f\",\"code\":\"void automation.f(String id)\\n{\\n\\tdeal = "
        "zoho.crm.getRecordById(\\\"Deals\\\",id.toLong());\\n"
        "\\tinfo deal.get(\\\"Margin\\\");\\n\\tother = Map();\\n\\tother.put(\\\"Margin\\\",1);\\n\\tinfo "
        "other;\\n}\\n\"}]");
    put(&s, "webhooks",
        "[{\"id\":\"4\",\"name\":\"W\",\"module\":{\"api_name\":\"Deals\"},\"url\":\"https://example.org/"
        "${!Deals.Margin}\"}]");
    uses_build(&u, &s);
    const json_t *list = uses_of(&u, "field/Deals.Margin");
    assert_int_equal(json_array_size(list), 3);
    assert_string_equal(js_str(json_array_get(list, 0), "place"), "address");
    assert_int_equal(js_int(json_array_get(list, 1), "line", 0), 4);
    assert_string_equal(js_str(json_array_get(list, 1), "code"), "info deal.get(\"Margin\");");
    assert_true(js_bool(json_array_get(list, 1), "sure", false));
    assert_int_equal(js_int(json_array_get(list, 2), "line", 0), 6);
    assert_false(js_bool(json_array_get(list, 2), "sure", true));
    assert_null(uses_of(&u, "field/Deals.Nothing"));
    uses_release(&u);
    snapshot_release(&s);
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_are_twins_by_words_letters_and_order_but_not_by_digits),
        cmocka_unit_test(values_are_the_same_only_when_nothing_but_case_and_gaps_differ),
        cmocka_unit_test(a_new_name_is_a_rename_in_one_org_and_another_thing_in_two),
        cmocka_unit_test(ids_makers_and_moments_are_no_difference_between_two_orgs),
        cmocka_unit_test(elements_of_a_list_are_matched_by_what_they_are_called),
        cmocka_unit_test(what_one_side_did_not_read_is_not_compared),
        cmocka_unit_test(two_things_of_one_name_are_both_compared),
        cmocka_unit_test(an_accepted_finding_is_no_news_until_its_day),
        cmocka_unit_test(a_row_that_accepts_without_sense_is_named_with_its_line),
        cmocka_unit_test(counts_what_is_filled_and_which_values_occur),
        cmocka_unit_test(a_use_says_place_line_and_how_sure_it_is),
    };
    return cmocka_run_group_tests_name("agent/audit_parts", tests, NULL, NULL);
}
