/* What holds a change back: pure rules here, the rest through the program on the small playbook. */
#include "agent/rails.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void a_limit_of_the_project_stands_over_the_built_in_one_and_under_the_one_raised(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_JSON json_t *conf = parse("{\"limits\":{\"changes\":7,\"parallel\":2,\"kinds\":{\"field\":3}}}");
    AUTO_JSON json_t *raised = parse("[\"field=9\",\"deletes=0\"]");
    AUTO_JSON json_t *limits = rails_limits(conf, raised, &e);
    assert_int_equal(js_int(limits, "changes", 0), 7);
    assert_int_equal(js_int(limits, "field", 0), 9);
    assert_int_equal(js_int(limits, "deletes", -1), 0);
    assert_int_equal(js_int(limits, "reserve", 0), RAILS_RESERVE);
    assert_null(json_object_get(limits, "parallel"));
    static const char *const wrong[] = {"[\"field\"]",    "[\"fields=3\"]", "[\"field=\"]",
                                        "[\"field=-1\"]", "[\"field=3x\"]", "[3]"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err bad = {0};
        AUTO_JSON json_t *list = parse(wrong[i]);
        assert_null(rails_limits(conf, list, &bad));
        assert_int_equal(bad.kind, ERR_USAGE);
    }
}

static void a_protection_covers_what_is_part_of_it_and_nothing_else(void **state)
{
    (void)state;
    AUTO_JSON json_t *all = parse("{\"field/Quotes.Stage\":{\"by\":\"A\"},\"blueprint/Deals.Sales way\":{\"by\":\"B\"},"
                                  "\"workflow_rule/*\":{\"by\":\"C\"},\"layout/Leads.Standard\":{\"by\":\"D\"}}");
    static const struct {
        const char *address, *by;
    } cases[] = {
        {"field/Quotes.Stage", "A"},
        {"picklist/Quotes.Stage", "A"},
        {"field/Quotes.Stage_2", NULL},
        {"field/Deals.Stage", NULL},
        {"blueprint/Deals.Sales%20way", "B"},
        {"blueprint_publish/Deals.Sales%20way", "B"},
        {"workflow_rule/Deals.Any", "C"},
        {"layout_section/Leads.Standard/More", "D"},
        {"layout_section/Leads.Standard2/More", NULL},
        {"module/Quotes", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *by = js_str(rails_protected(all, cases[i].address, NULL), "by");
        if (!cases[i].by != !by || (by && strcmp(by, cases[i].by) != 0))
            print_error("%s: %s\n", cases[i].address, by ? by : "free");
        assert_true(!cases[i].by == !by && (!by || !strcmp(by, cases[i].by)));
    }
}

static void a_plan_is_told_every_rail_it_runs_into_and_only_errors_refuse_it(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_JSON json_t *plan = parse(
        "{\"org\":{\"credits_per_day\":1000},\"summary\":{\"records\":51,\"credits\":950},\"steps\":["
        "{\"address\":\"field/A.X\",\"kind\":\"field\",\"action\":\"create\",\"channel\":\"api\",\"state\":\"ready\"},"
        "{\"address\":\"field/A.Y\",\"kind\":\"field\",\"action\":\"delete\",\"channel\":\"api\",\"state\":\"ready\"},"
        "{\"address\":\"field/A.Z\",\"kind\":\"field\",\"action\":\"none\",\"channel\":\"api\",\"state\":\"ready\"},"
        "{\"address\":\"field/"
        "A.W\",\"kind\":\"field\",\"action\":\"update\",\"channel\":\"hand\",\"state\":\"ready\"}]}");
    AUTO_JSON json_t *none = json_object();
    AUTO_JSON json_t *guard =
        parse("{\"field/A.Z\":{\"by\":\"A\"},\"field/A.W\":{\"by\":\"A\",\"note\":\"payroll reads it\"}}");
    AUTO_JSON json_t *wide = parse("{\"changes\":2,\"field\":2,\"records\":51,\"deletes\":1,\"reserve\":5}");
    AUTO_JSON json_t *free_of_all = rails_find(plan, wide, none);
    assert_int_equal(json_array_size(free_of_all), 0);
    AUTO_JSON json_t *narrow = parse("{\"changes\":1,\"field\":1,\"records\":50,\"deletes\":0,\"reserve\":6}");
    AUTO_JSON json_t *all = rails_find(plan, narrow, guard);
    static const char *const rails[] = {"protected", "limit", "limit", "limit", "limit", "reserve"};
    assert_int_equal(json_array_size(all), 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(js_str(json_array_get(all, i), "rail"), rails[i]);
    assert_non_null(strstr(js_str(json_array_get(all, 0), "text"), "payroll reads it"));
    assert_int_equal(rails_refuse(all, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    AUTO_JSON json_t *late = parse("{\"reserve\":6,\"credits\":100}");
    AUTO_JSON json_t *warned = rails_find(plan, late, none);
    assert_int_equal(json_array_size(warned), 2);
    assert_int_equal(rails_refuse(warned, &e), 0);
}

static void expect(int status, const char *out, const char *err, const char *cmd)
{
    struct run r = shell("%s", cmd);
    if (r.status != status || !strstr(r.out, out) || !strstr(r.err, err))
        print_error("%s: exit %d\n%s\n%s\n", cmd, r.status, r.out, r.err);
    assert_int_equal(r.status, status);
    assert_non_null(strstr(r.out, out));
    assert_non_null(strstr(r.err, err));
    run_release(&r);
}

/* Writes that an org saw: whatever is refused must not have sent one. */
static void writes_are(int n)
{
    AUTO_JSON json_t *all = shell_exchanges();
    json_t *x;
    size_t i;
    int have = 0;
    json_array_foreach (all, i, x) {
        const char *path = js_str_or(x, "path", ""), *method = js_str_or(x, "method", "");
        have += strcmp(method, "GET") != 0 && !strncmp(path, "/crm/", 5) && !strstr(path, "/coql");
    }
    assert_int_equal(have, n);
}

static void limits_protections_halt_and_production_stop_an_apply_before_its_first_write(void **state)
{
    (void)state;
    shell_enter("rails-before");
    shell_small_project();
    shell_sandbox(NULL);
    expect(0, "5 by API", "", "zagent plan small");
    expect(8, "", "2 changes of kind field, and the limit 'field' is 1", "zagent apply --yes --limit field=1");
    expect(2, "", "raises no limit", "zagent apply --yes --limit speed=1");
    expect(0, "", "", "zagent protect 'workflow_rule/Deals.*' --note 'month end'");
    expect(0, "apply will refuse", "", "zagent show");
    expect(8, "", "is protected by CRM admin since 2026-11-21: month end", "zagent apply --yes");
    expect(6, "", "not protected under this name", "zagent unprotect workflow_rule/Deals.Other");
    expect(0, "", "", "zagent unprotect 'workflow_rule/Deals.*'");
    expect(0, "", "", "zagent halt --reason 'audit until Friday'");
    expect(8, "", "CRM admin since 2026-11-21T10:00:00Z: audit until Friday", "zagent apply --yes");
    expect(8, "", "HALT", "zagent off small");
    expect(0, "go on", "", "zagent halt --lift");
    shell_write("zagent.yaml", "format: 1\norgs:\n  main: {sandbox: true, production: true}\n");
    expect(8, "", "add --production main", "zagent apply --yes");
    expect(2, "", "--production names 'other'", "zagent apply --yes --production other");
    writes_are(0);
    expect(0, "5 done", "", "zagent apply --yes --production main");
    expect(8, "", "is production", "zagent off small");
    expect(0, "off", "", "zagent off small --production main");
    shell_sandbox_stop();
}

static void a_budget_stops_between_two_steps_and_resume_goes_on_with_the_limits_of_the_run(void **state)
{
    (void)state;
    shell_enter("rails-budget");
    shell_small_project();
    shell_sandbox(NULL);
    shell_write("zagent.yaml", "format: 1\norgs:\n  main: {sandbox: true}\nlimits: {kinds: {field: 1}}\n");
    expect(0, "apply will refuse", "", "zagent plan small");
    AUTO_JSON json_t *stopped = shell_json(9, "apply --yes --limit field=2 --limit credits=514");
    assert_string_equal(js_str(js_path(stopped, "error"), "code"), "BUDGET");
    int64_t done = js_int(js_path(stopped, "data.summary"), "done", 0);
    assert_in_range(done, 1, 4);
    /* What was raised for the run holds for it: else its two fields were one too many now. */
    AUTO_JSON json_t *resumed = shell_json(0, "resume");
    assert_int_equal(js_int(js_path(resumed, "data.summary"), "done", 0), 5);
    expect(0, "", "", "zagent log --check");
    shell_sandbox_stop();
}

static void a_limit_that_is_no_number_or_no_kind_is_refused_with_its_place(void **state)
{
    (void)state;
    shell_enter("rails-conf");
    shell_small_project();
    static const struct {
        const char *limits, *said;
    } cases[] = {
        {"{changes: many}", "zagent.yaml:4"},
        {"{change: 3}", "did you mean 'changes'"},
        {"{kinds: {fields: 3}}", "'fields' is not a kind"},
        {"{records: -1}", "not a number"},
        {"[3]", "mappings"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FREE char *conf = mem_printf("format: 1\norgs:\n  main: {sandbox: true}\nlimits: %s\n", cases[i].limits);
        shell_write("zagent.yaml", conf);
        expect(2, "", cases[i].said, "zagent status");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_of_the_project_stands_over_the_built_in_one_and_under_the_one_raised),
        cmocka_unit_test(a_protection_covers_what_is_part_of_it_and_nothing_else),
        cmocka_unit_test(a_plan_is_told_every_rail_it_runs_into_and_only_errors_refuse_it),
        cmocka_unit_test(limits_protections_halt_and_production_stop_an_apply_before_its_first_write),
        cmocka_unit_test(a_budget_stops_between_two_steps_and_resume_goes_on_with_the_limits_of_the_run),
        cmocka_unit_test(a_limit_that_is_no_number_or_no_kind_is_refused_with_its_place),
    };
    return cmocka_run_group_tests_name("agent/rails", tests, NULL, NULL);
}
