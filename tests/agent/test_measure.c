#include "agent/experiment.h"
#include "agent/measure.h"
#include "agent/measure_gaps.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static const int64_t now = 1795255200; /* 2026-11-21T10:00:00Z */

static void values_are_made_of_the_rows_that_have_them(void **state)
{
    (void)state;
    static const struct {
        const char *measure, *rows, *whole, *value;
        int n;
    } cases[] = {
        {"{\"value\":\"count\"}", "[{\"id\":\"1\"},{\"id\":\"2\"}]", NULL, "2", 2},
        {"{}", "[]", NULL, "0", 0},
        {"{\"value\":\"sum\",\"of\":\"A\"}", "[{\"A\":\"1.10\"},{\"A\":2},{\"A\":null},{\"A\":\"x\"}]", NULL, "3.1", 2},
        {"{\"value\":\"sum\",\"of\":\"A\"}", "[]", NULL, "0", 0},
        {"{\"value\":\"average\",\"of\":\"A\"}", "[{\"A\":1},{\"A\":2},{\"B\":9}]", NULL, "1.5", 2},
        {"{\"value\":\"average\",\"of\":\"A\"}", "[]", NULL, NULL, 0},
        {"{\"value\":\"median\",\"of\":\"A\"}", "[{\"A\":9},{\"A\":1},{\"A\":2}]", NULL, "2", 3},
        {"{\"value\":\"median\",\"of\":\"A\"}", "[{\"A\":1},{\"A\":2},{\"A\":4},{\"A\":100}]", NULL, "3", 4},
        {"{\"value\":\"median\",\"from\":\"A\",\"to\":\"B\",\"unit\":\"hours\"}",
         "[{\"A\":\"2026-11-20T08:00:00+01:00\",\"B\":\"2026-11-20T10:30:00+01:00\"},{\"A\":\"2026-11-20T08:00:00Z\"}]",
         NULL, "2.5", 1},
        {"{\"value\":\"average\",\"from\":\"A\",\"to\":\"now\"}", "[{\"A\":\"2026-11-19T10:00:00Z\"}]", NULL, "2", 1},
        {"{\"value\":\"average\",\"from\":\"A\",\"to\":\"now\"}", "[{\"A\":\"2026-12-19T10:00:00Z\"}]", NULL, NULL, 0},
        {"{\"value\":\"share\"}", "[{\"id\":\"1\"}]", "[{\"id\":\"1\"},{\"id\":\"2\"},{\"id\":\"3\"}]", "33.33", 3},
        {"{\"value\":\"share\"}", "[]", "[]", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_JSON json_t *m = parse(cases[i].measure);
        AUTO_JSON json_t *rows = parse(cases[i].rows);
        AUTO_JSON json_t *whole = cases[i].whole ? parse(cases[i].whole) : NULL;
        AUTO_JSON json_t *got = measure_value(m, rows, whole, now);
        const char *value = js_str(got, "value");
        if ((value == NULL) != (cases[i].value == NULL) || (value && strcmp(value, cases[i].value) != 0))
            fail_msg("%s: %s, wanted %s", cases[i].measure, value ? value : "none",
                     cases[i].value ? cases[i].value : "none");
        assert_int_equal(js_int(got, "n", -1), cases[i].n);
        assert_int_equal(value == NULL, js_str(got, "why") != NULL);
    }
}

static void a_record_is_incomplete_when_a_field_of_its_state_is_empty_and_the_org_has_the_field(void **state)
{
    (void)state;
    static const char query[] = "select id, Name, Stage, Owner from Jobs where Stage != 'Done'";
    AUTO_JSON json_t *m =
        parse("{\"of\":\"Name\",\"by\":\"Owner\",\"requires\":[{\"when\":{\"Stage\":\"Print\"},\"field\":"
              "\"Paper\"},{\"when\":{\"Stage\":\"Print\"},\"field\":\"Proof\",\"is\":true},{\"when\":{\"Stage\":"
              "\"Cut\"},\"field\":\"Width\"},{\"when\":{\"Stage\":\"Cut\"},\"field\":\"Later\"}]}");
    AUTO_JSON json_t *fields =
        parse("[{\"api_name\":\"Paper\",\"field_label\":\"Paper\"},{\"api_name\":\"Proof\",\"field_label\":"
              "\"Proof read\"},{\"api_name\":\"Width\",\"field_label\":\"Width\"},{\"api_name\":\"Name\"}]");
    AUTO_JSON json_t *users = parse("[{\"id\":\"7\",\"full_name\":\"Ana\"}]");
    AUTO_JSON json_t *rows =
        parse("[{\"id\":\"1\",\"Name\":\"a\",\"Stage\":\"Print\",\"Owner\":{\"id\":\"7\"},\"Paper\":null,"
              "\"Proof\":false},{\"id\":\"2\",\"Name\":\"b\",\"Stage\":\"Cut\",\"Owner\":{\"id\":\"7\"},"
              "\"Width\":0},{\"id\":\"3\",\"Name\":\"c\",\"Stage\":\"Cut\",\"Owner\":{\"id\":\"8\"}}]");
    AUTO_FREE char *asked = gaps_query(query, js_arr(m, "requires"), fields);
    assert_string_equal(asked, "select id, Name, Stage, Owner, Paper, Proof, Width from Jobs where Stage != 'Done'");
    AUTO_JSON json_t *got = gaps_value(m, rows, fields, users);
    assert_null(js_str(got, "value")); /* a field is not there yet: no baseline */
    assert_non_null(strstr(js_str(got, "why"), "2 of 3"));
    assert_int_equal(js_int(got, "n", 0), 3);
    AUTO_JSON json_t *by = parse("[{\"name\":\"8\",\"n\":1,\"of\":1},{\"name\":\"Ana\",\"n\":1,\"of\":2}]");
    assert_true(json_equal(js_arr(got, "by"), by));
    AUTO_JSON json_t *missing = parse("[\"Paper\",\"Proof read\"]");
    assert_true(json_equal(js_path(got, "rows[0].missing"), missing));
    assert_string_equal(json_string_value(js_path(got, "absent[0]")), "Later");
    json_array_append_new(fields, parse("{\"api_name\":\"Later\",\"field_label\":\"Later\"}"));
    AUTO_JSON json_t *after = gaps_value(m, rows, fields, users);
    assert_string_equal(js_str(after, "value"), "3");
    assert_null(js_str(after, "why"));
}

static void a_measure_is_compared_with_the_first_reading_that_had_a_value(void **state)
{
    (void)state;
    AUTO_JSON json_t *measures = parse("[{\"id\":\"a\",\"title\":\"A\",\"better\":\"lower\"},"
                                       "{\"id\":\"b\",\"title\":\"B\",\"better\":\"higher\"},"
                                       "{\"id\":\"c\",\"title\":\"C\",\"better\":\"lower\"},"
                                       "{\"id\":\"d\",\"title\":\"D\",\"better\":\"lower\"}]");
    AUTO_JSON json_t *readings = parse(
        "[{\"at\":1,\"phase\":\"before\",\"values\":{\"a\":{\"value\":\"14\",\"n\":14},\"b\":{\"value\":null,\"n\":0,"
        "\"why\":\"no field\"},\"d\":{\"value\":\"1\",\"n\":1}}},"
        "{\"at\":2,\"phase\":\"after\",\"values\":{\"a\":{\"value\":\"9\",\"n\":9},\"b\":{\"value\":\"5\",\"n\":5}}},"
        "{\"at\":3,\"phase\":\"after\",\"values\":{\"a\":{\"value\":\"3.5\",\"n\":3},\"b\":{\"value\":\"5\",\"n\":5},"
        "\"c\":{\"value\":\"2\",\"n\":2},\"d\":{\"value\":null,\"n\":0,\"why\":\"refused\"}}}]");
    AUTO_JSON json_t *rows = measure_rows(measures, readings);
    static const struct {
        const char *verdict, *change;
        int first;
    } want[] = {{"better", "-10.5", 1}, {"same", "0", 2}, {"one reading", NULL, 3}, {"no value", NULL, 1}};
    for (size_t i = 0; i < 4; i++) {
        const json_t *row = json_array_get(rows, i);
        assert_string_equal(js_str(row, "verdict"), want[i].verdict);
        assert_int_equal(js_int(js_obj(row, "first"), "at", 0), want[i].first);
        if (want[i].change)
            assert_string_equal(js_str(row, "change"), want[i].change);
    }
    assert_string_equal(js_str(json_array_get(rows, 3), "why"), "refused");
}

static void expected_results_are_the_list_below_their_label(void **state)
{
    (void)state;
    static const char text[] =
        "# Log\n\n### [K-1] One\n**Hypothesis:**\n- not this\n\n**Expected Result:**\n- first, with "
        "more\n* second\n3. third\n\n**Duration:**\n- nor this\n\n### [K-2] Two\n**Expected Result:** soon\n";
    struct err e = {0};
    AUTO_JSON json_t *list = experiment_expected(text, "K-1", &e);
    assert_int_equal(json_array_size(list), 3);
    assert_string_equal(json_string_value(json_array_get(list, 0)), "first, with more");
    assert_string_equal(json_string_value(json_array_get(list, 2)), "third");
    assert_null(experiment_expected(text, "K-2", &e));
    assert_int_equal(e.kind, ERR_CONFIG);
    err_clear(&e);
    assert_null(experiment_expected(text, "K-", &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_made_of_the_rows_that_have_them),
        cmocka_unit_test(a_record_is_incomplete_when_a_field_of_its_state_is_empty_and_the_org_has_the_field),
        cmocka_unit_test(a_measure_is_compared_with_the_first_reading_that_had_a_value),
        cmocka_unit_test(expected_results_are_the_list_below_their_label),
    };
    return cmocka_run_group_tests_name("agent/measure", tests, NULL, NULL);
}
