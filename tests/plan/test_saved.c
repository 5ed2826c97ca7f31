/* tests/plan/test_saved.c — a plan read back: fresh, done, self-sufficient, the same bytes. */
#include "base/mem.h"
#include "plan/walk.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

static const char field_case[] =
    "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'profiles': [{'id': '11', 'name': 'Standard'}],"
    " 'layouts/Quotes': [{'id': '501', 'name': 'Standard', 'sections': []}],"
    " 'fields/Quotes': [{'id': '101', 'api_name': 'Margin', 'field_label': 'Margin', 'data_type': 'percent', 'length': "
    "5}]},"
    " 'desired': [{'address': 'field/Quotes.Margin', 'body': {'field_label': 'Margin', 'data_type': 'percent', "
    "'length': 7}},"
    "  {'address': 'field/Quotes.BOM_Status', 'body': {'field_label': 'BOM Status', 'data_type': 'text'}},"
    "  {'address': 'field_update/Quotes.Set', 'body': {'name': 'Set', 'field': {'api_name': 'BOM_Status'}, 'type': "
    "'static', 'value': 'x'}},"
    "  {'address': 'layout_section/Quotes.Standard/Check', 'body': {'display_label': 'Check', 'fields': "
    "['BOM_Status']}}]}";

static struct fixture f;
static json_t *plan;

static int open_case(void **state)
{
    (void)state;
    fixture_open_text(&f, field_case);
    plan = fixture_plan(&f);
    return 0;
}

static int close_case(void **state)
{
    (void)state;
    json_decref(plan);
    fixture_close(&f);
    return 0;
}

/* A saved plan is asked with the org alone: no playbook is at hand. */
static struct kind_view org_alone(void)
{
    return (struct kind_view){&f.snapshot, NULL, f.in.names};
}

static void says_the_same_after_a_trip_through_text(void **state)
{
    struct err e = {0};
    char before[65], after[65];
    (void)state;
    AUTO_FREE char *text = js_canonical(plan, &e);
    assert_non_null(text);
    AUTO_JSON json_t *again = js_parse(text, strlen(text), "plan", &e);
    assert_non_null(again);
    assert_int_equal(plan_check(again, &e), 0);
    assert_int_equal(plan_digest(plan, before, &e), 0);
    assert_int_equal(plan_digest(again, after, &e), 0);
    assert_string_equal(before, after);
}

static void finds_a_step_by_address_and_by_id(void **state)
{
    char id[9];
    (void)state;
    const json_t *step = plan_step(plan, "layout_section/Quotes.Standard%2FCheck");
    assert_non_null(step);
    address_step_id("layout_section/Quotes.Standard/Check", id);
    assert_ptr_equal(plan_step(plan, id), step);
    assert_null(plan_step(plan, "field/Quotes.Nowhere"));
}

static void is_fresh_while_nothing_moved(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    json_t *step;
    size_t i;
    (void)state;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        assert_int_equal(plan_step_fresh(&v, step, &e), 0);
}

static void names_the_property_that_moved_with_both_values(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    (void)state;
    fixture_put(&f, "fields/Quotes",
                "[{'id': '101', 'api_name': 'Margin', 'field_label': 'Margin', 'data_type': 'percent', 'length': 6}]");
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field/Quotes.Margin"), &e), -1);
    assert_int_equal(e.kind, ERR_STALE);
    assert_string_equal(e.what, "field/Quotes.Margin moved: length was '5', is '6'");
}

static void does_not_mind_a_property_it_neither_reads_nor_writes(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    (void)state;
    fixture_put(&f, "fields/Quotes",
                "[{'id': '101', 'api_name': 'Margin', 'field_label': 'Margin', 'data_type': 'percent', 'length': 5, "
                "'tooltip': {'name': 'a'}}]");
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field/Quotes.Margin"), &e), 0);
}

static void is_stale_when_somebody_made_it_meanwhile(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    (void)state;
    fixture_put(&f, "fields/Quotes",
                "[{'id': '102', 'api_name': 'BOM_Status', 'field_label': 'BOM Status', 'data_type': 'text'}]");
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field/Quotes.BOM_Status"), &e), -1);
    assert_non_null(strstr(e.what, "exists now"));
    err_clear(&e);
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field/Quotes.Margin"), &e), -1);
    assert_non_null(strstr(e.what, "is gone"));
}

static void is_stale_when_zoho_chose_another_name_than_planned(void **state)
{
    struct err e = {0};
    AUTO_JSON json_t *names = json_of("{'field/Quotes.BOM_Status': 'BOM_Status1'}");
    struct kind_view v = {&f.snapshot, NULL, names};
    (void)state;
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field_update/Quotes.Set"), &e), -1);
    assert_int_equal(e.kind, ERR_STALE);
    assert_non_null(strstr(e.what, "'BOM_Status', which this org calls 'BOM_Status1'"));
    err_clear(&e);
    assert_int_equal(plan_step_fresh(&v, plan_step(plan, "field/Quotes.Margin"), &e), 0);
}

static void verifies_what_was_made_and_lists_what_is_not_so(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    AUTO_JSON json_t *none = json_array();
    AUTO_JSON json_t *open = json_array();
    (void)state;
    fixture_put(&f, "fields/Quotes",
                "[{'id': '102', 'api_name': 'BOM_Status', 'field_label': 'BOM State', 'data_type': 'text'}]");
    assert_int_equal(plan_step_verify(&v, plan_step(plan, "field/Quotes.BOM_Status"), open, &e), 0);
    assert_int_equal(json_array_size(open), 1);
    assert_string_equal(js_str(json_array_get(open, 0), "path"), "field_label");
    assert_string_equal(js_str(json_array_get(open, 0), "want"), "BOM Status");
    assert_string_equal(js_str(json_array_get(open, 0), "have"), "BOM State");
    fixture_put(&f, "fields/Quotes",
                "[{'id': '102', 'api_name': 'BOM_Status', 'field_label': 'BOM Status', 'data_type': 'text'}]");
    assert_int_equal(plan_step_verify(&v, plan_step(plan, "field/Quotes.BOM_Status"), none, &e), 0);
    assert_int_equal(json_array_size(none), 0);
}

static void lists_what_is_absent_as_not_so(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    AUTO_JSON json_t *open = json_array();
    (void)state;
    assert_int_equal(plan_step_verify(&v, plan_step(plan, "field/Quotes.BOM_Status"), open, &e), 0);
    assert_string_equal(js_str(json_array_get(open, 0), "want"), "BOM Status");
}

static void never_verifies_what_only_a_person_can_state(void **state)
{
    struct err e = {0};
    AUTO_JSON json_t *step =
        json_of("{'address': 'manual/x', 'channel': 'attest', 'declared': {'text': 'x'}, 'want': {'text': 'x'}}");
    AUTO_JSON json_t *open = json_array();
    struct kind_view v = org_alone();
    (void)state;
    assert_int_equal(plan_step_verify(&v, step, open, &e), 0);
    assert_int_equal(json_array_size(open), 1);
}

static void resolves_references_once_they_exist_and_names_those_that_do_not(void **state)
{
    struct err e = {0};
    struct kind_view v = org_alone();
    const json_t *body = json_object_get(plan_step(plan, "layout_section/Quotes.Standard/Check"), "body");
    json_t *sent;
    (void)state;
    assert_int_equal(kind_resolve(&v, body, &sent, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_non_null(strstr(e.what, "'field/Quotes.BOM_Status'"));
    fixture_put(&f, "fields/Quotes",
                "[{'id': '102', 'api_name': 'BOM_Status', 'field_label': 'BOM Status', 'data_type': 'text'}]");
    err_clear(&e);
    assert_int_equal(kind_resolve(&v, body, &sent, &e), 0);
    assert_string_equal(json_string_value(js_path(sent, "layout_id")), "501");
    assert_string_equal(json_string_value(js_path(sent, "fields[0].id")), "102");
    json_decref(sent);
}

static void refuses_a_plan_of_a_newer_zagent_by_name(void **state)
{
    struct err e = {0};
    (void)state;
    js_set_str(plan, "schema", "zagent.plan/2");
    assert_int_equal(plan_check(plan, &e), -1);
    assert_non_null(strstr(e.what, "zagent.plan/2"));
    js_set_str(plan, "schema", "other/1");
    err_clear(&e);
    assert_int_equal(plan_check(plan, &e), -1);
}

static void refuses_a_damaged_plan(void **state)
{
    static const char *const spoil[][2] = {{"action", "'delete'"}, {"id", "'00000000'"},       {"channel", "'mail'"},
                                           {"want", "[]"},         {"address", "'feild/A.B'"}, {"needs", "null"}};
    (void)state;
    for (size_t i = 0; i < sizeof spoil / sizeof *spoil; i++) {
        struct err e = {0};
        AUTO_JSON json_t *copy = json_deep_copy(plan);
        AUTO_FREE char *wrapped = mem_printf("[%s]", spoil[i][1]);
        AUTO_JSON json_t *value = json_of(wrapped);
        json_t *step = json_array_get(js_arr(copy, "steps"), 1);
        json_object_set(step, spoil[i][0], json_array_get(value, 0));
        assert_int_equal(plan_check(copy, &e), -1);
        assert_true(*e.what && *e.where);
    }
}

static void asks_for_each_list_once(void **state)
{
    struct strset reads = {0};
    static const char *const want[] = {"field_updates", "fields/Quotes", "layouts/Quotes", "modules"};
    (void)state;
    plan_reads(&f.desired, NULL, &reads);
    assert_int_equal(reads.n, sizeof want / sizeof *want);
    for (size_t i = 0; i < reads.n; i++)
        assert_string_equal(reads.item[i], want[i]);
    strset_release(&reads);
}

static void writes_queries_that_select_what_exists(void **state)
{
    struct fixture q;
    (void)state;
    fixture_open_text(&q, "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'fields/Quotes': [{'id': '1', "
                          "'api_name': 'Margin'}]},"
                          " 'desired': [{'address': 'records/Old', 'body': {'module': 'Quotes', 'where': 'Total > 5', "
                          "'set': {'Margin': 1, 'New': 2}}},"
                          "  {'address': 'records/All', 'body': {'module': 'Quotes', 'set': {'Margin': 1}}},"
                          "  {'address': 'records/Later', 'body': {'module': 'BOMs', 'set': {'Margin': 1}}}]}");
    AUTO_JSON json_t *queries = plan_queries(&q.desired, NULL, &q.snapshot);
    assert_int_equal(json_object_size(queries), 2);
    assert_string_equal(js_str(queries, "records/Old"),
                        "select id, Margin from Quotes where Total > 5 order by id asc");
    assert_string_equal(js_str(queries, "records/All"),
                        "select id, Margin from Quotes where id is not null order by id asc");
    fixture_close(&q);
}

static void checks_saved_rows_and_no_others(void **state)
{
    struct fixture q;
    struct err e = {0};
    AUTO_JSON json_t *open = json_array();
    (void)state;
    fixture_open_text(&q, "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'fields/Quotes': [{'id': '1', "
                          "'api_name': 'Margin'}],"
                          " 'records/Old': [{'id': '7', 'Margin': 'a'}, {'id': '8', 'Margin': 'x'}]},"
                          " 'desired': [{'address': 'records/Old', 'body': {'module': 'Quotes', 'set': {'Margin': "
                          "'x'}, 'trigger': []}}]}");
    AUTO_JSON json_t *own = fixture_plan(&q);
    const json_t *step = plan_step(own, "records/Old");
    struct kind_view v = {&q.snapshot, NULL, NULL};
    fixture_put(&q, "records/Old",
                "[{'id': '7', 'Margin': 'a'}, {'id': '8', 'Margin': 'b'}, {'id': '9', 'Margin': 'c'}]");
    assert_int_equal(plan_step_fresh(&v, step, &e), 0);
    fixture_put(&q, "records/Old", "[{'id': '7', 'Margin': 'z'}]");
    assert_int_equal(plan_step_fresh(&v, step, &e), -1);
    assert_non_null(strstr(e.what, "records.7.Margin was 'a', is 'z'"));
    fixture_put(&q, "records/Old", "[{'id': '7', 'Margin': 'x'}, {'id': '9', 'Margin': 'c'}]");
    assert_int_equal(plan_step_verify(&v, step, open, &e), 0);
    assert_int_equal(json_array_size(open), 0);
    fixture_close(&q);
}

/* A run that was broken off after its field was made: Zoho put that into a section by itself, and nobody else moved anything. */
static void is_fresh_though_a_field_of_the_same_plan_stands_in_the_section(void **state)
{
    struct fixture q;
    struct err e = {0};
    (void)state;
    fixture_open_text(
        &q, "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'fields/Quotes': [{'id': '2', 'api_name': "
            "'Old', "
            "'field_label': 'Old', 'data_type': 'date'}, {'id': '4', 'api_name': 'Out', 'field_label': 'Out', "
            "'data_type': 'date'}],"
            " 'layouts/Quotes': [{'id': '5', 'name': 'Standard', 'sections': [{'id': '6', 'display_label': 'Info', "
            "'column_count': 2, 'fields': [{'api_name': 'Old', 'sequence_number': 1}]}]}]},"
            " 'desired': [{'address': 'field/Quotes.New', 'body': {'field_label': 'New', 'data_type': 'date'}},"
            "  {'address': 'layout_section/Quotes.Standard/Info', 'body': {'display_label': 'Info', 'fields': ['Old', "
            "'Out', "
            "'New']}}]}");
    AUTO_JSON json_t *own = fixture_plan(&q);
    const json_t *step = plan_step(own, "layout_section/Quotes.Standard/Info");
    struct kind_view v = {&q.snapshot, NULL, NULL};
    fixture_put(&q, "layouts/Quotes",
                "[{'id': '5', 'name': 'Standard', 'sections': [{'id': '6', 'display_label': 'Info', 'column_count': 2, "
                "'fields': "
                "[{'api_name': 'Old', 'sequence_number': 1}, {'api_name': 'New', 'sequence_number': 2}]}]}]");
    assert_int_equal(plan_step_fresh(&v, step, &e), 0);
    fixture_put(&q, "layouts/Quotes",
                "[{'id': '5', 'name': 'Standard', 'sections': [{'id': '6', 'display_label': 'Info', 'column_count': 2, "
                "'fields': "
                "[{'api_name': 'Old', 'sequence_number': 1}, {'api_name': 'Out', 'sequence_number': 2}]}]}]");
    assert_int_equal(plan_step_fresh(&v, step, &e), -1);
    fixture_put(&q, "layouts/Quotes",
                "[{'id': '5', 'name': 'Standard', 'sections': [{'id': '6', 'display_label': 'Info', 'column_count': 2, "
                "'fields': "
                "[{'api_name': 'New', 'sequence_number': 2}]}]}]");
    assert_int_equal(plan_step_fresh(&v, step, &e), -1);
    fixture_close(&q);
}

static void adds_values_to_a_field_that_the_same_plan_made(void **state)
{
    struct fixture q;
    struct err e = {0};
    (void)state;
    fixture_open_text(&q,
                      "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'fields/Quotes': []},"
                      " 'desired': [{'address': 'field/Quotes.S', 'body': {'field_label': 'S', 'data_type': 'picklist',"
                      " 'pick_list_values': [{'actual_value': 'A'}]}},"
                      " {'address': 'picklist/Quotes.S', 'body': {'pick_list_values': [{'actual_value': 'B'}]}}]}");
    AUTO_JSON json_t *own = fixture_plan(&q);
    struct kind_view v = {&q.snapshot, NULL, NULL};
    fixture_put(&q, "fields/Quotes",
                "[{'id': '9', 'api_name': 'S', 'pick_list_values': [{'id': '1', 'actual_value': 'A'}]}]");
    assert_int_equal(plan_step_fresh(&v, plan_step(own, "picklist/Quotes.S"), &e), 0);
    assert_int_equal(plan_step_fresh(&v, plan_step(own, "field/Quotes.S"), &e), -1);
    fixture_close(&q);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_case, close_case)
int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(says_the_same_after_a_trip_through_text),
        CASE(finds_a_step_by_address_and_by_id),
        CASE(is_fresh_while_nothing_moved),
        CASE(names_the_property_that_moved_with_both_values),
        CASE(does_not_mind_a_property_it_neither_reads_nor_writes),
        CASE(is_stale_when_somebody_made_it_meanwhile),
        CASE(is_stale_when_zoho_chose_another_name_than_planned),
        CASE(verifies_what_was_made_and_lists_what_is_not_so),
        CASE(lists_what_is_absent_as_not_so),
        CASE(never_verifies_what_only_a_person_can_state),
        CASE(resolves_references_once_they_exist_and_names_those_that_do_not),
        CASE(refuses_a_plan_of_a_newer_zagent_by_name),
        CASE(refuses_a_damaged_plan),
        CASE(asks_for_each_list_once),
        cmocka_unit_test(writes_queries_that_select_what_exists),
        cmocka_unit_test(checks_saved_rows_and_no_others),
        cmocka_unit_test(is_fresh_though_a_field_of_the_same_plan_stands_in_the_section),
        cmocka_unit_test(adds_values_to_a_field_that_the_same_plan_made),
    };
    return cmocka_run_group_tests_name("plan/saved", tests, NULL, NULL);
}
