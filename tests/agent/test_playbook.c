#include <sys/stat.h>
#include <unistd.h>

#include "agent/compose.h"
#include "agent/playbook.h"
#include "plan/kind.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

struct rig {
    struct project p;
    struct context c;
    struct playbook pb;
    struct desired d;
    json_t *names;
};

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* A project folder with one small context and the given manifest. */
static void set_up(struct rig *r, const char *resources)
{
    shell_enter("playbook-unit");
    memset(r, 0, sizeof *r);
    mkdir("context", 0755);
    mkdir("templates", 0755);
    mkdir("templates/demo", 0755);
    write_file("context/pain-points.md",
               "# Pain points\n\n| id | title |\n| --- | --- |\n| P1 | Bikes wait unseen |\n");
    write_file(
        "context/shop.md",
        "# Shop\n\n## Settings\n\n| setting | value |\n| --- | --- |\n| days | 3 |\n\n"
        "## States\n\n| label | colour | rank |\n| --- | --- | --- |\n| Waiting | red | 1 |\n| Ready | green | 2 |\n\n"
        "## Roles\n\n| role | profile |\n| --- | --- |\n| mechanic | Standard |\n| till | Standard |\n| owner | "
        "Administrator |\n\n"
        "## Rights\n\n| role | module | field | permission |\n| --- | --- | --- | --- |\n| mechanic | Deals | * "
        "| read_only |\n"
        "| till | Deals | Repair_State | read_write |\n| owner | Deals | * | read_write |\n");
    AUTO_FREE char *yaml =
        mem_printf("format: 1\nname: demo\ntitle: Repairs\nsolves: [P1]\ninputs:\n"
                   "  days: {type: integer, from: \"shop.md#Settings\", row: days}\n"
                   "  states: {type: table, from: \"shop.md#States\", columns: {rank: integer}}\n  extra: {type: "
                   "boolean, default: false}\n"
                   "access: {roles: \"shop.md#Roles\", permissions: \"shop.md#Rights\"}\nresources:\n%s",
                   resources);
    write_file("templates/demo/playbook.yaml", yaml);
    r->p.dir = realpath(".", NULL);
    r->names = json_object();
    struct err e = {0};
    AUTO_FREE char *dir = project_path(&r->p, "context");
    assert_int_equal(context_load(&r->c, dir, &e), 0);
}

static int make(struct rig *r, struct err *e)
{
    memset(e, 0, sizeof *e);
    if (playbook_load(&r->pb, &r->p, "demo", e) < 0 || playbook_data(&r->pb, &r->c, r->names, NULL, NULL, e) < 0)
        return -1;
    return playbook_desire(&r->pb, &r->c, &r->d, NULL, e);
}

static void tear_down(struct rig *r)
{
    desired_release(&r->d);
    playbook_release(&r->pb);
    context_release(&r->c);
    json_decref(r->names);
    free(r->p.dir);
}

static void each_among_the_resources_makes_one_for_each_row_taken(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r, "  - $each: states\n    $where: {colour: [green, blue]}\n"
               "    $item:\n      address: \"variable/is_{{label}}\"\n"
               "      body: {name: \"{{label}}\", value: \"{{@row}} of {{days}}\"}\n"
               "  - address: variable/all\n    body: {name: All, value: {$each: states, $where: {label: {not: Ready}}, "
               "$item: \"{{colour}}\"}, rank: {$each: states, $item: \"{{rank}}\"}}\n");
    if (make(&r, &e) < 0)
        fail_msg("%s %s", e.where, e.what);
    assert_int_equal(r.d.n, 2);
    const struct resource *one = desired_find(&r.d, "variable/is_Ready");
    assert_non_null(one);
    assert_string_equal(js_str(one->body, "value"), "1 of 3");
    assert_string_equal(json_string_value(js_path(desired_find(&r.d, "variable/all")->body, "value[0]")), "red");
    assert_int_equal(json_integer_value(js_path(desired_find(&r.d, "variable/all")->body, "rank[1]")), 2);
    tear_down(&r);
    set_up(&r, "  - $each: states\n    $where: {color: green}\n    $item: {address: \"variable/x\"}\n");
    assert_int_equal(make(&r, &e), -1);
    assert_non_null(strstr(e.what, "no column 'color'"));
    tear_down(&r);
}

static void after_is_a_need_only_where_the_other_is_planned_too(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r, "  - address: variable/a\n    after: [variable/b, variable/elsewhere]\n    body: {name: A}\n"
               "  - address: variable/b\n    body: {name: B}\n");
    if (make(&r, &e) < 0 || compose_order(&r.d, &e) < 0)
        fail_msg("%s %s", e.where, e.what);
    const struct resource *a = desired_find(&r.d, "variable/a");
    assert_int_equal(a->needs.n, 1);
    assert_string_equal(a->needs.item[0], "variable/b");
    tear_down(&r);
}

static void a_scalar_that_is_one_tag_keeps_its_type(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r,
           "  - address: variable/due_days\n    body: {name: Due, value: \"{{days}}\", text: \"in {{days}} days\"}\n");
    assert_int_equal(make(&r, &e), 0);
    assert_int_equal(js_int(r.d.r[0].body, "value", 0), 3);
    assert_string_equal(js_str(r.d.r[0].body, "text"), "in 3 days");
    tear_down(&r);
}

static void each_makes_one_item_a_row(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(
        &r,
        "  - address: field/Deals.Repair_State\n    body:\n      field_label: Repair State\n      data_type: picklist\n"
        "      pick_list_values: {$each: states, $item: {display_value: \"{{label}}\", actual_value: "
        "\"{{label}}\"}}\n");
    assert_int_equal(make(&r, &e), 0);
    const json_t *values = js_arr(r.d.r[0].body, "pick_list_values");
    assert_int_equal(json_array_size(values), 2);
    assert_string_equal(js_str(json_array_get(values, 1), "display_value"), "Ready");
    tear_down(&r);
}

static void the_strongest_role_of_a_profile_decides_its_access(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r, "  - address: field/Deals.Repair_State\n    body: {field_label: Repair State, data_type: text}\n"
               "  - address: field/Deals.Cost\n    body: {field_label: Cost, data_type: text}\n");
    assert_int_equal(make(&r, &e), 0);
    const json_t *one = js_arr(r.d.r[0].body, "profiles"), *two = js_arr(r.d.r[1].body, "profiles");
    assert_string_equal(js_str(json_array_get(one, 1), "name"), "Standard");
    assert_string_equal(js_str(json_array_get(one, 1), "permission_type"), "read_write");
    assert_string_equal(js_str(json_array_get(two, 1), "permission_type"), "read_only");
    tear_down(&r);
}

static void says_why_with_file_and_line(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r, "  - address: field/Deals.Cost\n    body: {field_label: Cost, data_type: text}\n");
    assert_int_equal(make(&r, &e), 0);
    const json_t *why = json_array_get(r.d.r[0].because, 0);
    assert_string_equal(js_str(why, "id"), "P1");
    assert_string_equal(js_str(why, "where"), "context/pain-points.md:5");
    tear_down(&r);
}

static void when_leaves_a_resource_out(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r, "  - address: field/Deals.Cost\n    when: extra\n    body: {field_label: Cost, data_type: text}\n"
               "  - address: field/Deals.Other\n    when: days\n    body: {field_label: Other, data_type: text}\n");
    assert_int_equal(make(&r, &e), 0);
    assert_int_equal(r.d.n, 1);
    assert_string_equal(r.d.r[0].address, "field/Deals.Other");
    tear_down(&r);
}

static void names_follow_what_the_org_uses(void **state)
{
    (void)state;
    struct rig r;
    struct err e;
    set_up(&r,
           "  - address: field/Deals.Cost\n    body: {field_label: \"uses {{names.Deals.Cost}}\", data_type: text}\n");
    js_set_str(r.names, "field/Deals.Cost", "Cost_1");
    assert_int_equal(make(&r, &e), 0);
    assert_string_equal(js_str(r.d.r[0].body, "field_label"), "uses Cost_1");
    tear_down(&r);
}

static void errors_name_the_line_of_the_manifest(void **state)
{
    (void)state;
    static const struct {
        const char *resources, *where, *what;
    } rows[] = {
        {"  - address: field/Deals.Cost\n    boby: {}\n", "templates/demo/playbook.yaml:12", "unknown key 'boby'"},
        {"  - address: field/Deals.Cost\n    body: {field_label: \"{{nobody}}\"}\n", "templates/demo/playbook.yaml:12",
         "nobody"},
        {"  - address: field/Deals.Cost\n    body: {a: {$each: days, $item: x}}\n", "templates/demo/playbook.yaml:12",
         "not a table"},
        {"  - address: feld/Deals.Cost\n", "templates/demo/playbook.yaml:11", "feld"},
        {"  - body: {}\n", "templates/demo/playbook.yaml:11", "no 'address'"},
        {"  - address: field/Deals.Cost\n    when: nobody\n", "templates/demo/playbook.yaml:12", "not an input"},
        {"  - address: field/Deals.Cost\n    because: [P9]\n", "templates/demo/playbook.yaml:12", "no pain point 'P9'"},
        {"  - address: function/f\n    source: ../../context/shop.md\n", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rig r;
        struct err e;
        set_up(&r, rows[i].resources);
        assert_int_equal(make(&r, &e), -1);
        if (!strstr(e.where, rows[i].where) || !strstr(e.what, rows[i].what))
            print_error("%zu: %s (%s)\n", i, e.what, e.where);
        assert_non_null(strstr(e.where, rows[i].where));
        assert_non_null(strstr(e.what, rows[i].what));
        tear_down(&r);
    }
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_among_the_resources_makes_one_for_each_row_taken),
        cmocka_unit_test(after_is_a_need_only_where_the_other_is_planned_too),
        cmocka_unit_test(a_scalar_that_is_one_tag_keeps_its_type),
        cmocka_unit_test(each_makes_one_item_a_row),
        cmocka_unit_test(the_strongest_role_of_a_profile_decides_its_access),
        cmocka_unit_test(says_why_with_file_and_line),
        cmocka_unit_test(when_leaves_a_resource_out),
        cmocka_unit_test(names_follow_what_the_org_uses),
        cmocka_unit_test(errors_name_the_line_of_the_manifest),
    };
    return cmocka_run_group_tests_name("agent/playbook", tests, NULL, NULL);
}
