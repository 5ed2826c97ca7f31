/* tests/plan/test_pieces.c — addresses, snapshots, order, criteria, labels, differences. */
#include "base/mem.h"
#include "base/strset.h"
#include "plan/criteria.h"
#include "plan/near.h"
#include "plan/order.h"
#include "plan/spec.h"
#include "plan/walk.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

/* --- addresses --- */

static void takes_addresses_apart_and_puts_them_together_again(void **state)
{
    static const struct {
        const char *written, *canonical, *module, *name;
    } rows[] = {
        {"field/Quotes.BOM_Status", "field/Quotes.BOM_Status", "Quotes", "BOM_Status"},
        {"custom_view/Quotes.Not aligned", "custom_view/Quotes.Not%20aligned", "Quotes", "Not aligned"},
        {"custom_view/Quotes.A.B%2525", "custom_view/Quotes.A.B%2525", "Quotes", "A.B%25"},
        {"layout_section/Quotes.Standard%2FBOM", "layout_section/Quotes.Standard/BOM", "Quotes", "Standard/BOM"},
        {"picklist_value/Quotes.Stage%3DWon", "picklist_value/Quotes.Stage=Won", "Quotes", "Stage=Won"},
        {"module/BOMs", "module/BOMs", NULL, "BOMs"},
        {"profile/Vertrieb.S%C3%BCd", "profile/Vertrieb.S%C3%BCd", NULL, "Vertrieb.Süd"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        const struct kind *kind;
        char *module, *name;
        assert_int_equal(address_parse(rows[i].written, &kind, &module, &name, &e), 0);
        AUTO_FREE char *again = address_make(kind->name, module, name);
        assert_string_equal(again, rows[i].canonical);
        assert_string_equal(name, rows[i].name);
        assert_true(rows[i].module ? !strcmp(module, rows[i].module) : !module);
        free(module);
        free(name);
    }
}

static void refuses_addresses_that_name_nothing(void **state)
{
    static const char *const rows[][2] = {{"feild/Quotes.A", "'feild'"},   {"field/Quotes", "lacks its module"},
                                          {"field/Quotes.", "empty part"}, {"field/.A", "empty part"},
                                          {"module/%zz", "bad %-escape"},  {"module/", "empty part"},
                                          {"", "no known kind"},           {"module/a%00b", "bad %-escape"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        assert_null(address_canonical(rows[i][0], &e));
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_non_null(strstr(e.what, rows[i][1]));
        assert_true(*e.fix);
    }
}

static void suggests_the_nearest_kind(void **state)
{
    struct err e = {0};
    (void)state;
    assert_null(address_canonical("workflow_rul/Quotes.A", &e));
    assert_non_null(strstr(e.fix, "workflow_rule"));
}

static struct resource declared(const char *address, const char *file, int line)
{
    return (struct resource){.address = mem_dup(address), .file = mem_dup(file), .line = line, .col = 5};
}

static void refuses_a_second_resource_of_one_address_naming_both_places(void **state)
{
    struct desired d = {0};
    struct err e = {0};
    struct resource a = declared("custom_view/Quotes.Not aligned", "a.yaml", 3),
                    b = declared("custom_view/Quotes.Not%20aligned", "b.yaml", 9);
    (void)state;
    assert_int_equal(desired_add(&d, &a, &e), 0);
    assert_int_equal(desired_add(&d, &b, &e), -1);
    assert_string_equal(e.where, "b.yaml:9:5");
    assert_non_null(strstr(e.fix, "a.yaml:3:5"));
    assert_int_equal(d.n, 1);
    desired_release(&d);
}

static void refuses_to_plan_what_can_only_be_referred_to(void **state)
{
    struct desired d = {0};
    struct err e = {0};
    struct resource r = declared("profile/Sales", "a.yaml", 3);
    (void)state;
    assert_int_equal(desired_add(&d, &r, &e), -1);
    assert_non_null(strstr(e.what, "can be referred to but not planned"));
    desired_release(&d);
}

/* --- snapshots --- */

static void strips_what_moves_by_itself_and_what_opens_something(void **state)
{
    struct snapshot s;
    (void)state;
    snapshot_init(&s);
    snapshot_put(&s, "webhooks",
                 json_of("[{'id': '2', 'modified_time': 'x', 'nested': {'modified_by': {'id': '1'}, 'keep': 1}},"
                         " {'id': '1', 'headers': {'custom_parameters': [{'name': 'key', 'value': 'canary'}]}, "
                         "'zapikey': 'canary'}]"));
    AUTO_FREE char *text = json_dumps(s.res, JSON_SORT_KEYS);
    assert_null(strstr(text, "canary"));
    assert_null(strstr(text, "modified"));
    assert_non_null(strstr(text, "{\"name\": \"key\", \"value\": \"(secret)\"}"));
    assert_string_equal(js_str(json_array_get(snapshot_get(&s, "webhooks"), 0), "id"), "1");
    snapshot_release(&s);
}

static void leaves_records_as_they_are(void **state)
{
    struct snapshot s;
    (void)state;
    snapshot_init(&s);
    snapshot_put(&s, "records/All", json_of("[{'id': '2', 'token': 'a field of the business'}]"));
    assert_string_equal(js_str(json_array_get(snapshot_get(&s, "records/All"), 0), "token"), "a field of the business");
    snapshot_release(&s);
}

static void tells_absent_from_empty_from_refused(void **state)
{
    struct snapshot s;
    (void)state;
    snapshot_init(&s);
    snapshot_put(&s, "roles", json_array());
    snapshot_put_refused(&s, "blueprints", "NO_PERMISSION", 403);
    assert_non_null(snapshot_get(&s, "roles"));
    assert_null(snapshot_get(&s, "profiles"));
    assert_null(snapshot_get(&s, "blueprints"));
    assert_string_equal(js_str(snapshot_refused(&s, "blueprints"), "code"), "NO_PERMISSION");
    assert_null(snapshot_refused(&s, "roles"));
    snapshot_release(&s);
}

static void finds_by_any_key_and_after_a_list_was_read_again(void **state)
{
    struct snapshot s;
    (void)state;
    snapshot_init(&s);
    snapshot_put(&s, "roles", json_of("[{'id': '1', 'name': 'Sales'}, {'id': '2', 'name': 'sales'}]"));
    assert_string_equal(js_str(snapshot_find(&s, "roles", "name", "sales", false), "id"), "2");
    assert_string_equal(js_str(snapshot_find(&s, "roles", "name", "SALES", true), "id"), "1");
    assert_null(snapshot_find(&s, "roles", "name", "SALES", false));
    snapshot_put(&s, "roles", json_of("[{'id': '3', 'name': 'Sales'}]"));
    assert_string_equal(js_str(snapshot_find(&s, "roles", "name", "Sales", false), "id"), "3");
    assert_null(snapshot_find(&s, "roles", "name", "sales", false));
    snapshot_release(&s);
}

static void saves_and_loads_one_file_a_resource_in_the_same_bytes(void **state)
{
    char dir[] = "/tmp/zagent-snapshot-XXXXXX";
    struct snapshot s, again;
    struct err e = {0};
    struct fs_root root;
    (void)state;
    assert_non_null(mkdtemp(dir));
    snapshot_init(&s);
    snapshot_init(&again);
    snapshot_put(&s, "roles", json_of("[{'name': 'B', 'id': '2'}, {'id': '1', 'name': 'A'}]"));
    snapshot_put(&s, "fields/Quotes", json_of("[{'id': '9', 'api_name': 'X'}]"));
    snapshot_put(&s, "records/Old quotes/../x", json_of("[{'id': '7'}]"));
    snapshot_put(&s, "function_code/send", json_of("[{'api_name': 'send', 'code': 'info 1;\\n'}]"));
    snapshot_put_refused(&s, "blueprints", "NO_PERMISSION", 403);
    assert_int_equal(fs_root_open(&root, dir, true, 0700, &e), 0);
    assert_int_equal(snapshot_save(&s, &root, "org", &e), 0);
    AUTO_FREE char *path = mem_printf("%s/org", dir);
    assert_int_equal(snapshot_load(&again, path, &e), 0);
    AUTO_FREE char *a = js_canonical(s.res, &e);
    AUTO_FREE char *b = js_canonical(again.res, &e);
    assert_string_equal(a, b);
    fs_root_close(&root);
    AUTO_FREE char *command = mem_printf("rm -r %s", dir);
    assert_int_equal(system(command), 0);
    snapshot_release(&s);
    snapshot_release(&again);
}

/* --- order --- */

static void orders_by_need_then_rank_then_address_whatever_the_input_order(void **state)
{
    const size_t of_b[] = {2}, of_a[] = {3};
    const struct order_node node[] = {
        {"b", 5, of_b, 1}, {"c", 1, NULL, 0}, {"z", 9, NULL, 0}, {"d", 1, NULL, 0}, {"a", 5, of_a, 1}};
    static const char *const want[] = {"c", "d", "a", "z", "b"};
    size_t out[5];
    struct err e = {0};
    (void)state;
    assert_int_equal(order_sort(node, 5, out, &e), 0);
    for (size_t i = 0; i < 5; i++)
        assert_string_equal(node[out[i]].address, want[i]);
}

static void names_a_cycle_without_the_steps_that_lead_into_it(void **state)
{
    const size_t a[] = {1}, b[] = {2}, c[] = {1};
    const struct order_node node[] = {{"a", 1, a, 1}, {"b", 1, b, 1}, {"c", 1, c, 1}, {"d", 1, NULL, 0}};
    size_t out[4];
    struct err e = {0};
    (void)state;
    assert_int_equal(order_sort(node, 4, out, &e), -1);
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_string_equal(e.what, "these need one another: b → c → b");
}

/* --- criteria --- */

static char *line_of(const char *criteria)
{
    struct kind_view v = {0};
    AUTO_JSON json_t *tree = json_of(criteria);
    AUTO_JSON json_t *line = criteria_line(&v, "Quotes", tree, true);
    return mem_dup(json_is_string(line) ? json_string_value(line) : "");
}

static void says_equal_criteria_in_equal_lines(void **state)
{
#define A "{'field': {'api_name': 'A'}, 'comparator': 'equal', 'value': '1'}"
#define B "{'field': {'api_name': 'B', 'id': '7'}, 'comparator': 'EQUAL', 'value': 2, 'type': 'value'}"
#define C "{'field': {'api_name': 'C'}, 'comparator': 'include_any', 'value': ['y', 'x']}"
    static const char *const rows[][2] = {
        {A, "A equal \"1\""},
        {"{'group_operator': 'AND', 'group': [" A "]}", "A equal \"1\""},
        {"{'group_operator': 'and', 'group': [" B ", " A "]}", "A equal \"1\" AND B equal \"2\""},
        {"{'group_operator': 'AND', 'group': [" B ", {'group_operator': 'AND', 'group': [" C ", " A "]}]}",
         "A equal \"1\" AND B equal \"2\" AND C include_any [\"x\",\"y\"]"},
        {"{'group_operator': 'OR', 'group': [" C ", {'group_operator': 'AND', 'group': [" B ", " A "]}]}",
         "(A equal \"1\" AND B equal \"2\") OR C include_any [\"x\",\"y\"]"},
        {"{'group_operator': 'OR', 'group': [" A ", " A "]}", "A equal \"1\""},
        {"{'group_operator': 'OR', 'group': []}", ""},
        {"{'field': {'api_name': 'L'}, 'comparator': 'equal', 'value': {'id': '5', 'name': 'Ana'}}", "L equal \"Ana\""},
        {"{'field': {'api_name': 'D'}, 'comparator': 'between', 'value': [9, 1]}", "D between [\"9\",\"1\"]"},
        {"{'field': {'api_name': 'A'}, 'comparator': 'equal', 'type': 'field', 'value': {'api_name': 'B'}}",
         "A equal field \"B\""},
        {"{'field': {'api_name': 'A'}, 'comparator': 'equal', 'value': ['x']}", "A equal \"x\""},
        {"{}", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *line = line_of(rows[i][0]);
        assert_string_equal(line, rows[i][1]);
    }
}

static void does_not_let_a_value_pass_for_a_condition(void **state)
{
    AUTO_FREE char *one = line_of("{'field': {'api_name': 'A'}, 'comparator': 'equal', 'value': 'x AND B equal y'}");
    AUTO_FREE char *two =
        line_of("{'group_operator': 'AND', 'group': [{'field': {'api_name': 'A'}, 'comparator': 'equal', 'value': 'x'},"
                " {'field': {'api_name': 'B'}, 'comparator': 'equal', 'value': 'y'}]}");
    (void)state;
    assert_string_not_equal(one, two);
}

/* --- labels, differences --- */

static void tells_near_labels_from_other_things(void **state)
{
    static const struct {
        const char *a, *b;
        bool near;
    } rows[] = {{"BOM Status", "bom-status", true}, {"BOM Status", "BOM Statas", true},
                {"Phase 1", "Phase 2", false},      {"Cost", "Cast", false},
                {"Größe", "GRößE", true},           {"", "", false},
                {"Margin", "Margins", true},        {"Unit Cost", "Unit Price", false}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(label_near(rows[i].a, rows[i].b), rows[i].near);
}

static void reports_one_line_a_place(void **state)
{
    AUTO_JSON json_t *from = json_of("{'a': {'x': '1', 'y': '2'}, 'b': ['1'], 'c': 'same', 'd': null, 'f': 'gone'}");
    AUTO_JSON json_t *to =
        json_of("{'a': {'x': '1', 'y': '3', 'z': '4'}, 'b': ['1', '2'], 'c': 'same', 'e': null, 'g': {}}");
    AUTO_JSON json_t *want =
        json_of("[{'path': 'q.a.y', 'from': '2', 'to': '3'}, {'path': 'q.a.z', 'to': '4'},"
                " {'path': 'q.b', 'from': ['1'], 'to': ['1', '2']}, {'path': 'q.f', 'from': 'gone'}]");
    AUTO_JSON json_t *have = json_array();
    (void)state;
    plan_diff(from, to, "q", have);
    assert_true(json_equal(want, have));
}

static void has_every_function_in_every_row_of_the_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < kinds_n; i++) {
        const struct kind *k = &kinds[i];
        assert_true(k->name && k->title && k->reads && k->find && k->normalise && k->needs && k->body && k->spec);
        assert_ptr_equal(kind_find(k->name), k);
        assert_true(k->cls == KIND_REFERENCE || (k->rank > 0 && k->minutes > 0 && k->check));
        for (size_t p = 0; p < k->spec->props_n; p++)
            assert_true(k->spec->props[p].type->norm && (!k->spec->props[p].arg || kind_find(k->spec->props[p].arg)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_addresses_apart_and_puts_them_together_again),
        cmocka_unit_test(refuses_addresses_that_name_nothing),
        cmocka_unit_test(suggests_the_nearest_kind),
        cmocka_unit_test(refuses_a_second_resource_of_one_address_naming_both_places),
        cmocka_unit_test(refuses_to_plan_what_can_only_be_referred_to),
        cmocka_unit_test(strips_what_moves_by_itself_and_what_opens_something),
        cmocka_unit_test(leaves_records_as_they_are),
        cmocka_unit_test(tells_absent_from_empty_from_refused),
        cmocka_unit_test(finds_by_any_key_and_after_a_list_was_read_again),
        cmocka_unit_test(saves_and_loads_one_file_a_resource_in_the_same_bytes),
        cmocka_unit_test(orders_by_need_then_rank_then_address_whatever_the_input_order),
        cmocka_unit_test(names_a_cycle_without_the_steps_that_lead_into_it),
        cmocka_unit_test(says_equal_criteria_in_equal_lines),
        cmocka_unit_test(does_not_let_a_value_pass_for_a_condition),
        cmocka_unit_test(tells_near_labels_from_other_things),
        cmocka_unit_test(reports_one_line_a_place),
        cmocka_unit_test(has_every_function_in_every_row_of_the_kinds),
    };
    return cmocka_run_group_tests_name("plan/pieces", tests, NULL, NULL);
}
