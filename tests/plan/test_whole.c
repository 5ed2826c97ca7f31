/* tests/plan/test_whole.c — the plan as a whole: the same bytes from the same set, and its cost in a large org. */
#include <time.h>

#include "base/mem.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

enum { MODULES = 50, FIELDS = 100, WANTED = 40 };

static json_t *live_field(int module, int i)
{
    json_t *f = json_object(), *pick = json_array(), *value = json_object();
    js_set_strf(f, "id", "%d%04d", module + 1, i);
    js_set_strf(f, "api_name", "Field_%d", i);
    js_set_strf(f, "field_label", "Field %d", i);
    js_set_str(f, "data_type", i % 3 ? "text" : "picklist");
    js_set_int(f, "length", 50 + i);
    js_set_str(value, "actual_value", "A");
    json_array_append_new(pick, value);
    js_set(f, "pick_list_values", pick);
    return f;
}

static void add_wanted(struct fixture *f, int module, int i)
{
    struct err e = {0};
    struct resource r = {.address = mem_printf("field/Module%d.Field_%d", module, i), .body = json_object()};
    js_set_strf(r.body, "field_label", "Field %d", i);
    js_set_str(r.body, "data_type", i % 3 ? "text" : "picklist");
    js_set_int(r.body, "length", i % 7 ? 50 + i : 9);
    if (i % 3 == 0)
        js_set(r.body, "pick_list_values", json_of("[{'actual_value': 'A'}]"));
    assert_int_equal(desired_add(&f->desired, &r, &e), 0);
}

/* 50 modules with 100 fields each; the playbook speaks of 40 in every one, ten of them new. */
static void open_large(struct fixture *f)
{
    *f = (struct fixture){.doc = json_object()};
    json_t *modules = json_array();
    snapshot_init(&f->snapshot);
    for (int m = 0; m < MODULES; m++) {
        json_t *module = json_object(), *fields = json_array();
        AUTO_FREE char *list = mem_printf("fields/Module%d", m);
        js_set_strf(module, "id", "%d", m);
        js_set_strf(module, "api_name", "Module%d", m);
        json_array_append_new(modules, module);
        for (int i = 0; i < FIELDS; i++)
            json_array_append_new(fields, live_field(m, i));
        snapshot_put(&f->snapshot, list, fields);
        for (int i = 0; i < WANTED; i++)
            add_wanted(f, m, FIELDS - WANTED + 10 + i);
    }
    snapshot_put(&f->snapshot, "modules", modules);
    f->in = (struct plan_input){.desired = &f->desired, .snapshot = &f->snapshot};
}

static void plans_a_large_org_without_walking_it_for_every_field(void **state)
{
    struct fixture f;
    (void)state;
    open_large(&f);
    clock_t start = clock();
    AUTO_JSON json_t *plan = fixture_plan(&f);
    double ms = (double)(clock() - start) * 1000.0 / CLOCKS_PER_SEC;
    print_message("planned %d fields of %d against %d in %.0f ms of CPU\n", MODULES * WANTED, MODULES, MODULES * FIELDS,
                  ms);
    assert_int_equal(json_array_size(js_arr(plan, "steps")), MODULES * WANTED);
    assert_int_equal(js_int(js_obj(plan, "summary"), "blocked", -1), 0);
    fixture_close(&f);
}

static const char *const lines[] = {
    "{'address': 'module/BOMs', 'playbook': 'b', 'body': {'singular_label': 'BOM', 'plural_label': 'BOMs', 'api_name': "
    "'BOMs'}}",
    "{'address': 'field/Quotes.BOM', 'playbook': 'a', 'body': {'field_label': 'BOM', 'data_type': 'lookup', 'lookup': "
    "{'module': {'api_name': 'BOMs'}}}}",
    "{'address': 'field/BOMs.Code', 'playbook': 'a', 'body': {'field_label': 'Code', 'data_type': 'text'}}",
    "{'address': 'field/Quotes.Margn', 'playbook': 'a', 'body': {'field_label': 'Margn x', 'data_type': 'text'}}",
    "{'address': 'custom_view/Quotes.V', 'playbook': 'a', 'body': {'name': 'V', 'fields': ['Margin', 'BOM']}}",
    "{'address': 'field/Quotes.Twin_B', 'playbook': 'a', 'body': {'field_label': 'Twin', 'data_type': 'text'}}",
    "{'address': 'field/Quotes.Twin_A', 'playbook': 'a', 'body': {'field_label': 'twin', 'data_type': 'nonsense'}}",
    "{'address': 'manual/Tell', 'playbook': 'b', 'needs': ['custom_view/Quotes.V'], 'body': {'text': 'x'}}",
};
enum { LINES = sizeof lines / sizeof *lines };

/* The same situation with the resources, the lists and the keys in the order that `turn` gives. */
static char *plan_turned(size_t turn)
{
    struct fixture f;
    struct err e = {0};
    json_t *doc = json_of(
        turn % 2 ? "{'snapshot': {'profiles': [{'name': 'B', 'id': '2'}, {'id': '1', 'name': 'A'}], 'fields/Quotes': ["
                   "{'api_name': 'Name', 'id': '8'}, {'data_type': 'text', 'id': '7', 'field_label': 'Margin x', "
                   "'api_name': 'Margin'}],"
                   " 'modules': [{'id': '1', 'api_name': 'Quotes'}]}}"
                 : "{'snapshot': {'modules': [{'api_name': 'Quotes', 'id': '1'}], 'fields/Quotes': ["
                   "{'id': '7', 'api_name': 'Margin', 'field_label': 'Margin x', 'data_type': 'text'}, {'id': '8', "
                   "'api_name': 'Name'}],"
                   " 'profiles': [{'id': '1', 'name': 'A'}, {'id': '2', 'name': 'B'}]}}");
    json_t *desired = json_array();
    for (size_t i = 0; i < LINES; i++)
        json_array_append_new(desired, json_of(lines[(i * 3 + turn) % LINES]));
    js_set(doc, "desired", desired);
    fixture_open(&f, doc);
    AUTO_JSON json_t *plan = fixture_plan(&f);
    char *text = js_canonical(plan, &e);
    assert_non_null(text);
    fixture_close(&f);
    return text;
}

static void gives_the_same_bytes_for_the_same_set(void **state)
{
    AUTO_FREE char *first = plan_turned(0);
    (void)state;
    for (size_t turn = 0; turn < 2 * LINES; turn++) {
        AUTO_FREE char *again = plan_turned(turn);
        assert_string_equal(first, again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_a_large_org_without_walking_it_for_every_field),
        cmocka_unit_test(gives_the_same_bytes_for_the_same_set),
    };
    return cmocka_run_group_tests_name("plan/whole", tests, NULL, NULL);
}
