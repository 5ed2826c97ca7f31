/* deluge/testcase: cases pass, differences are named, nothing unasserted slips through. */
#include "deluge/testcase.h"

#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "tests/test.h"

static const char script[] =
    "string standalone.f(int n)\n{\n\tif(n > 1)\n\t{\n\t\tx = zoho.crm.updateRecord(\"Deals\",1,{\"Amount\":n * 1.10},"
    "{\"trigger\":{\"workflow\"}});\n\t\tif(x.get(\"id\") == null)\n\t\t{\n\t\t\tinfo \"refused\";\n\t\t}\n\t}\n"
    "\treturn \"n\" + n;\n}\n";

static int give(void *ctx, const json_t *inputs, char **source, struct err *e)
{
    const char *extra = js_str(inputs, "line");
    (void)ctx;
    (void)e;
    *source = mem_printf("%s%s", script, extra ? extra : "");
    return 0;
}

static int give_text(void *ctx, const json_t *inputs, char **source, struct err *e)
{
    (void)inputs;
    (void)e;
    *source = mem_dup(ctx);
    return 0;
}

/* Runs one test file; the reasons of its cases are in r. */
static void run(const char *cases, struct dg_results *r)
{
    struct dg_suite s;
    struct err e = {0};
    AUTO_FREE char *text = mem_printf("format: 1\nfunction: f\nclock: \"2026-12-10T09:00:00+01:00\"\n"
                                      "records: {Deals: [{id: \"1\", Amount: 5.50}, {id: \"2\"}]}\ncases:\n%s",
                                      cases);
    if (dg_suite_read(&s, text, strlen(text), "f.test.yaml", &e) < 0)
        fail_msg("%s at %s", e.what, e.where);
    if (dg_suite_run(&s, "f.dg", give, NULL, r, &e) < 0)
        fail_msg("%s at %s", e.what, e.where);
    dg_suite_release(&s);
}

static void expect_why(const char *one_case, const char *why)
{
    struct dg_results r;
    run(one_case, &r);
    assert_int_equal(r.n, 1);
    if (!why)
        assert_null(r.item[0].why);
    else if (!r.item[0].why || !strstr(r.item[0].why, why))
        fail_msg("expected %s, got %s", why, r.item[0].why ? r.item[0].why : "a pass");
    dg_results_release(&r);
}

static void a_case_passes_when_all_is_as_expected(void **state)
{
    (void)state;
    expect_why("  - {name: a, input: {n: 1}, expect: {return: n1, info: []}}", NULL);
    expect_why("  - {name: a, input: {n: \"2\"}, expect: {writes: [{task: updateRecord, module: Deals, id: 1, values: "
               "{Amount: 2.2}, trigger: [workflow]}]}, limits: {api_calls: 1, statements: 10}}",
               NULL);
    expect_why(
        "  - {name: a, input: {n: 2}, expect: {writes: [{task: updateRecord, module: Deals, id: \"1\", values: $any, "
        "trigger: $any}]}}",
        NULL);
}

static void what_nobody_expected_fails_a_case(void **state)
{
    (void)state;
    expect_why("  - {name: a, input: {n: 2}, expect: {return: n2}}",
               "writes[0]: nobody expected {\"task\":\"updateRecord\"");
    expect_why("  - {name: a, input: {n: 2}, expect: {writes: [{task: updateRecord, module: Deals, id: \"1\", values: "
               "{Amount: 2.2}}]}}",
               "writes[0].trigger: not expected, but it is [\"workflow\"]");
}

static void a_difference_names_its_place(void **state)
{
    (void)state;
    expect_why("  - {name: a, input: {n: 2}, expect: {writes: [{task: updateRecord, module: Deals, id: \"1\", values: "
               "{Amount: 2.3}, trigger: [workflow]}]}}",
               "writes[0].values.Amount: expected 2.3");
    expect_why("  - {name: a, input: {n: 1}, expect: {return: n2}}", "return: expected \"n2\"");
    expect_why("  - {name: a, input: {n: 1}, expect: {writes: [{task: createRecord}]}}", "writes: expected 1, got 0");
    expect_why("  - {name: a, input: {n: 1}, limits: {statements: 1}}", "limits.statements: at most 1, got 2");
    expect_why("  - {name: a, input: {n: x}}", "f.dg:1:21: 'TEXT' can not be cast to '[BIGINT]'");
    expect_why("  - {name: a, input: {}}", "no value was given for 'n'");
    expect_why("  - {name: a, input: {m: 1}}", "'f' has no argument 'm', it takes n");
    expect_why("  - {name: a, input: {n: 1}, expect: {error: boom}}", "error: expected boom");
    expect_why("  - {name: a, input: {n: x}, expect: {error: can not be cast}}", NULL);
    expect_why("  - {name: a, input: {n: 1}, remove: [Deals/7]}", "there is no record 'Deals/7'");
}

static void a_fault_answers_instead_of_the_store(void **state)
{
    (void)state;
    expect_why(
        "  - {name: a, input: {n: 2}, faults: [{task: updateRecord, nth: 1, answer: {status: error}}], expect: {info: "
        "[refused]}}",
        NULL);
}

static void inputs_of_a_case_render_another_source(void **state)
{
    (void)state;
    expect_why("  - {name: a, input: {n: 1}, inputs: {line: \"// more\"}}", NULL);
}

static void coverage_counts_both_outcomes_of_a_test(void **state)
{
    struct dg_results r;
    AUTO_SB struct sb lcov = SB_INIT(1 << 16), junit = SB_INIT(1 << 16);
    (void)state;
    run("  - {name: a, input: {n: 1}}\n  - {name: \"b<\", input: {n: 2}}\n", &r);
    assert_int_equal(r.passed, 1);
    assert_int_equal(dg_results_branch_percent(&r), 75);
    assert_int_equal(dg_results_line_percent(&r), 80);
    dg_results_lcov(&r, &lcov);
    assert_non_null(
        strstr(lcov.buf, "SF:f.dg\nBRDA:3,0,0,1\nBRDA:3,0,1,1\nBRDA:6,1,0,0\nBRDA:6,1,1,1\nBRF:4\nBRH:3\n"));
    assert_non_null(strstr(lcov.buf, "DA:8,0\n"));
    dg_results_junit(&r, &junit);
    assert_non_null(strstr(junit.buf, "tests=\"2\" failures=\"1\""));
    assert_non_null(strstr(junit.buf, "name=\"b&#60;\""));
    dg_results_release(&r);
}

static void junit_is_xml_whatever_a_case_is_called(void **state)
{
    struct dg_results r;
    AUTO_SB struct sb junit = SB_INIT(1 << 16);
    (void)state;
    run("  - {name: \"]]> & \\\"x\\\" \\u0001 ñ <b>\", input: {n: 1}, expect: {return: \"\\u0002<\"}}\n", &r);
    sb_add(&junit, "<testsuites>");
    dg_results_junit(&r, &junit);
    sb_add(&junit, "</testsuites>");
    xmlDoc *d = xmlReadMemory(junit.buf, (int)junit.len, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(d);
    xmlXPathContext *x = xmlXPathNewContext(d);
    xmlXPathObject *o = xmlXPathEvalExpression((const xmlChar *)"string(//testcase[failure]/@name)", x);
    assert_string_equal((const char *)o->stringval, "]]> & \"x\" ? ñ <b>");
    xmlXPathFreeObject(o);
    xmlXPathFreeContext(x);
    xmlFreeDoc(d);
    dg_results_release(&r);
}

static void a_test_file_with_an_unknown_key_is_refused(void **state)
{
    static const char *const bad[] = {"format: 1\ncases: [{name: a, expects: {}}]",
                                      "format: 1\ncase: []",
                                      "format: 1\ncases: [{name: a, expect: {write: []}}]",
                                      "format: 2\ncases: [{name: a}]",
                                      "format: 1\ncases: [{}]",
                                      "format: 1\ncases: []",
                                      "[]",
                                      "format: 1\ncases: [7]",
                                      "format: 1\ncases: [{name: a, faults: [{task: x, second: 1}]}]",
                                      "format: 1\ncases: [{name: a, faults: [{nth: 1}]}]",
                                      "format: 1\nhttp: [{urls: x}]\ncases: [{name: a}]",
                                      "format: 1\nhttp: {url: x}\ncases: [{name: a}]",
                                      "format: 1\ncases: [{name: a, limits: {seconds: many}}]"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct dg_suite s;
        struct err e = {0};
        assert_int_equal(dg_suite_read(&s, bad[i], strlen(bad[i]), "x.yaml", &e), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
    }
}

static void a_broken_script_is_an_error_with_its_place(void **state)
{
    static const char text[] = "format: 1\ninputs: {line: \"x = ;\"}\ncases: [{name: a}]";
    struct dg_suite s;
    struct dg_results r;
    struct err e = {0};
    (void)state;
    assert_int_equal(dg_suite_read(&s, text, strlen(text), "x.yaml", &e), 0);
    assert_int_equal(dg_suite_run(&s, "f.dg", give, NULL, &r, &e), -1);
    assert_int_equal(e.kind, ERR_PARSE);
    assert_non_null(strstr(e.where, "f.dg:13:"));
    dg_results_release(&r);
    dg_suite_release(&s);
}

/* Runs one case of a script of its own. */
static void expect_of(const char *source, const struct dg_with *with, size_t n_with, const char *one_case,
                      const char *why)
{
    struct dg_suite s;
    struct dg_results r;
    struct err e = {0};
    AUTO_FREE char *text = mem_printf("format: 1\nrecords: {Deals: [{id: \"1\"}]}\ncases:\n%s", one_case);
    assert_int_equal(dg_suite_read(&s, text, strlen(text), "x.yaml", &e), 0);
    s.with = with;
    s.n_with = n_with;
    if (dg_suite_run(&s, "x.dg", give_text, (void *)(uintptr_t)source, &r, &e) < 0)
        fail_msg("%s at %s", e.what, e.where);
    if (!why ? r.item[0].why != NULL : !r.item[0].why || !strstr(r.item[0].why, why))
        fail_msg("expected %s, got %s", why ? why : "a pass", r.item[0].why ? r.item[0].why : "a pass");
    dg_results_release(&r);
    dg_suite_release(&s);
}

static void functions_of_other_scripts_answer_by_name(void **state)
{
    static const char source[] =
        "string standalone.f()\n{\n\treturn \"<\" + standalone.twice(4) + automation.tag() + \">\";\n}\n"
        "string automation.tag()\n{\n\treturn \"own\";\n}\n";
    static const struct dg_with with[] = {
        {"twice.dg", "int standalone.twice(int n)\n{\n\treturn standalone.half(n) * 4;\n}\n"},
        {"half.dg",
         "int standalone.half(int n)\n{\n\treturn n / 2;\n}\nstring automation.tag()\n{\n\treturn \"other\";\n}\n"}};
    (void)state;
    expect_of(source, with, 2, "  - {name: a, expect: {return: \"<8own>\"}}", NULL);
    expect_of(source, with, 1, "  - {name: a}",
              "twice.dg:3:20: Not able to find 'standalone.half' function\n    in twice (twice.dg:3:20)\n    in f "
              "(x.dg:3:26)");
    expect_of(source, NULL, 0, "  - {name: a}", "Not able to find 'standalone.twice' function");
}

static void what_runs_after_a_write_is_told(void **state)
{
    static const char source[] =
        "x = zoho.crm.createRecord(\"Leads\",{\"Last_Name\":\"A\"},{\"lar_id\":\"7\",\"trigger\":{}});";
    (void)state;
    expect_of(
        source, NULL, 0,
        "  - {name: a, expect: {writes: [{task: createRecord, module: Leads, values: {Last_Name: A}, trigger: [], "
        "lar_id: \"7\"}]}}",
        NULL);
    expect_of(source, NULL, 0,
              "  - {name: a, expect: {writes: [{task: createRecord, module: Leads, values: {Last_Name: A}, trigger: "
              "[]}]}}",
              "writes[0].lar_id: not expected");
}

static void a_script_that_stands_by_must_be_readable(void **state)
{
    static const struct dg_with with[] = {{"broken.dg", "x = ;"}};
    static const char text[] = "format: 1\ncases: [{name: a}]";
    struct dg_suite s;
    struct dg_results r;
    struct err e = {0};
    (void)state;
    assert_int_equal(dg_suite_read(&s, text, strlen(text), "x.yaml", &e), 0);
    s.with = with;
    s.n_with = 1;
    assert_int_equal(dg_suite_run(&s, "x.dg", give_text, (void *)(uintptr_t) "info 1;", &r, &e), -1);
    assert_non_null(strstr(e.where, "broken.dg:1:"));
    dg_results_release(&r);
    dg_suite_release(&s);
}

static void time_passes_as_answers_say(void **state)
{
    static const char web[] = "x = invokeurl [url :\"https://www.example.org\" type :GET];\ny = "
                              "zoho.crm.getRecordById(\"Deals\",1);\ninfo y.get(\"id\");";
    static const char twice[] = "x = getUrl(\"https://www.example.org\");\nx = getUrl(\"https://www.example.org\");";
    static const char schedule[] = "void schedule.f()\n{\n\tx = getUrl(\"https://www.example.org\");\n\tx = "
                                   "getUrl(\"https://www.example.org\");\n}";
    (void)state;
#define SLOW(s)                                                                                                        \
    "  - {name: a, http: [{url: \"https://www.example.org\", seconds: " s                                              \
    "}], faults: [{task: getRecordById, seconds: 1.5}], "
    expect_of(web, NULL, 0, SLOW("2") "limits: {seconds: 4}, expect: {info: [\"1\"], http: $any}}", NULL);
    expect_of(web, NULL, 0, SLOW("2") "limits: {seconds: 3}, expect: {http: $any}}",
              "limits.seconds: at most 3, got 4");
    expect_of(web, NULL, 0, SLOW("40.5") "expect: {http: $any}}",
              "x.dg:1:15: socket timeout error: GET https://www.example.org");
    expect_of(twice, NULL, 0, SLOW("31") "expect: {http: $any}}",
              "x.dg:2:5: The function takes longer than 60 seconds");
    expect_of(schedule, NULL, 0, SLOW("31") "expect: {http: $any}}", NULL);
#undef SLOW
}

static void a_star_stands_for_any_part_of_an_address(void **state)
{
    static const char source[] = "x = invokeurl [url :\"https://www.example.org/a/b?c=d\" type :GET];";
    static const struct {
        const char *pattern, *why;
    } rows[] = {
        {"https://www.example.org/*", NULL},
        {"*/b?c=d", NULL},
        {"https://*/a/*=d", NULL},
        {"*b?c=d*", NULL},
        {"*", NULL},
        {"*/b", "nobody said what it answers"},
        {"https://www.example.org/a", "nobody said what it answers"},
        {"https://www.example.org/a/b?c=d/*", "nobody said what it answers"},
        {"", "nobody said what it answers"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *cases =
            mem_printf("  - {name: a, http: [{url: \"%s\"}], expect: {http: $any}}", rows[i].pattern);
        expect_of(source, NULL, 0, cases, rows[i].why);
    }
}

static void a_validation_rule_answers_with_status_and_message(void **state)
{
    static const char head[] =
        "map validation_rule.f(String crmAPIRequest)\n{\n\trecord = crmAPIRequest.toMap().get(\"record\");\n\treturn {";
    static const struct {
        const char *answer, *why;
    } rows[] = {
        {"\"status\":\"success\"", NULL},
        {"\"status\":\"error\",\"message\":record.get(\"Why\")", NULL},
        {"\"status\":\"error\"", "a validation rule that refuses says why"},
        {"\"status\":\"failed\",\"message\":\"x\"", "whose status is \"success\" or \"error\""},
        {"\"message\":\"x\"", "whose status is"},
        {"\"status\":\"error\",\"message\":\"é\".repeat(101)", "at most 100 characters, not 101"},
        {"\"status\":\"error\",\"message\":\"é\".repeat(100)", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *source = mem_printf("%s%s};\n}\n", head, rows[i].answer);
        expect_of(source, NULL, 0, "  - {name: a, input: {crmAPIRequest: {record: {Why: no}}}}", rows[i].why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_case_passes_when_all_is_as_expected),
        cmocka_unit_test(what_nobody_expected_fails_a_case),
        cmocka_unit_test(a_difference_names_its_place),
        cmocka_unit_test(a_fault_answers_instead_of_the_store),
        cmocka_unit_test(inputs_of_a_case_render_another_source),
        cmocka_unit_test(coverage_counts_both_outcomes_of_a_test),
        cmocka_unit_test(junit_is_xml_whatever_a_case_is_called),
        cmocka_unit_test(a_test_file_with_an_unknown_key_is_refused),
        cmocka_unit_test(a_broken_script_is_an_error_with_its_place),
        cmocka_unit_test(functions_of_other_scripts_answer_by_name),
        cmocka_unit_test(what_runs_after_a_write_is_told),
        cmocka_unit_test(a_script_that_stands_by_must_be_readable),
        cmocka_unit_test(time_passes_as_answers_say),
        cmocka_unit_test(a_star_stands_for_any_part_of_an_address),
        cmocka_unit_test(a_validation_rule_answers_with_status_and_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
