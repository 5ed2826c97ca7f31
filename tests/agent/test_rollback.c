/*
 * Taking runs back: apply → rollback leaves the org's answers as they were for everything that comes back, and names the rest.
 * The org's answers are its snapshot as zagent itself reads it, ids and all; times of change are left out.
 */
#include "agent/rollback.h"
#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void the_inverse_body_holds_what_the_run_changed_and_nothing_else(void **state)
{
    (void)state;
    AUTO_JSON json_t *declared = parse("{\"a\":1,\"b\":2,\"c\":3}");
    AUTO_JSON json_t *was = parse("{\"a\":\"1\",\"b\":\"5\"}");
    AUTO_JSON json_t *want = parse("{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
    AUTO_JSON json_t *live = parse("{\"a\":1,\"b\":5,\"d\":9}");
    AUTO_JSON json_t *some = rollback_body(declared, was, want, live, false);
    AUTO_JSON json_t *some_want = parse("{\"b\":5,\"c\":null}");
    AUTO_JSON json_t *all = rollback_body(declared, was, want, live, true);
    AUTO_JSON json_t *all_want = parse("{\"a\":1,\"b\":5,\"c\":null}");
    assert_true(json_equal(some, some_want));
    assert_true(json_equal(all, all_want));
}

/* ---- the org as it answers ---- */

static const char *const settings[] = {
    "fields?module=Deals",
    "fields?module=Products",
    "layouts?module=Deals",
    "custom_views?module=Deals",
    "record_locking_configurations?module=Deals",
    "variables",
    "global_picklists",
    "functions",
    "automation/functions",
    "automation/workflow_rules?include_inner_details=true",
    "automation/field_updates",
};

/* Times and makers of changes say that something was changed, not what it is. */
static void drop_times(json_t *j)
{
    static const char *const keys[] = {"modified_time", "modified_by", "last_modified_time", "updated_time"};
    const char *key;
    json_t *v;
    size_t i;
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
        json_object_del(j, keys[k]);
    json_object_foreach (j, key, v)
        drop_times(v);
    json_array_foreach (j, i, v)
        drop_times(v);
}

/* Path → answer. With details of each list's elements, as far as the list leaves them out. */
static json_t *answers(void)
{
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = parse(note);
    json_t *out = json_object();
    struct client c;
    client_join(&c, info);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        json_t *all = client_get(&c, 0, "/crm/v8/settings/%s", settings[i]);
        js_set(out, settings[i], all ? all : json_null());
    }
    client_down(&c);
    drop_times(out);
    return out;
}

static void same_but(const json_t *before, const json_t *after, const char *except)
{
    const char *path;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)before, path, v) {
        bool equal = json_equal(v, json_object_get(after, path)), may = except && strstr(except, path);
        if (!equal && !may) {
            AUTO_FREE char *a = json_dumps(v, JSON_INDENT(1) | JSON_SORT_KEYS);
            AUTO_FREE char *b = json_dumps(json_object_get(after, path), JSON_INDENT(1) | JSON_SORT_KEYS);
            shell_write("before.json", a);
            shell_write("after.json", b);
            struct run r = shell("diff before.json after.json | head -40");
            print_error("%s differs\n%s", path, r.out);
            run_release(&r);
        }
        assert_true(equal || may);
    }
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

static void project(const char *name)
{
    shell_enter(name);
    shell_small_project();
    struct run r = shell("rm -r templates/small; mkdir -p templates/kinds/functions");
    run_release(&r);
    shell_sandbox(NULL);
}

/* One thing of each kind that an update can change, in two states. */
static void kinds_playbook(bool second)
{
    AUTO_FREE char *text = mem_printf(
        "format: 1\nname: kinds\ntitle: Kinds\nsolves: [P1]\nresources:\n"
        "  - address: field/Deals.Handover_Note\n"
        "    body: {field_label: Handover Note, data_type: text, length: %d, tooltip: {name: info_icon, value: "
        "\"%s\"}}\n"
        "  - address: field/Deals.Handover_State\n"
        "    body: {field_label: Handover State, data_type: picklist, pick_list_values: [{display_value: Open, "
        "actual_value: Open}, {display_value: Done, actual_value: Done}]}\n"
        "  - address: variable/handover_switch\n"
        "    body: {name: Handover switch, api_name: handover_switch, type: text, value: \"%s\", description: \"%s\", "
        "variable_group: {name: General}}\n"
        "  - address: global_picklist/Regions\n"
        "    body: {display_label: Regions, api_name: Regions, description: \"%s\", pick_list_values: [{display_value: "
        "North, actual_value: North}]}\n"
        "  - address: custom_view/Deals.Handovers\n"
        "    body: {name: Handovers, access_type: public, fields: [{api_name: Deal_Name}, {api_name: %s}], criteria: "
        "{field: {api_name: Handover_State}, comparator: equal, value: %s}, sort_by: {api_name: Deal_Name}, "
        "sort_order: "
        "%s}\n"
        "  - address: field_update/Deals.Set%%20handover\n"
        "    body: {name: Set handover, field: {api_name: Handover_State}, type: static, value: %s}\n"
        "  - address: function/handover\n"
        "    source: functions/handover.dg.mustache\n"
        "    body: {name: Handover, api_name: handover, category: automation, language: deluge, description: \"%s\"}\n"
        "  - address: record_locking/Deals.done\n"
        "    body: {lock_type: automatic, locked_for: all_profiles, restricted_actions: [%s], feature_type: "
        "record_locking, locking_rules: [{name: done, lock_existing_records: false, criteria: {field: {api_name: "
        "Handover_State}, comparator: equal, value: Done}}]}\n"
        "  - address: workflow_rule/Deals.New%%20handovers\n"
        "    body:\n"
        "      name: New handovers\n"
        "      description: \"%s\"\n"
        "      execute_when: {type: create, details: {trigger_module: {api_name: Deals}, repeat: false}}\n"
        "      conditions:\n"
        "        - sequence_number: 1\n"
        "          criteria_details: {criteria: {field: {api_name: Handover_Note}, comparator: equal, value: \"%s\"}}\n"
        "          instant_actions: {actions: [{type: field_updates, name: Set handover}]}\n",
        second ? 80 : 60, second ? "new hint" : "old hint", second ? "off" : "on", second ? "later" : "first",
        second ? "two" : "one", second ? "Amount" : "Stage", second ? "Done" : "Open", second ? "desc" : "asc",
        second ? "Done" : "Open", second ? "later" : "first", second ? "update, delete" : "update",
        second ? "later" : "first", second ? "now" : "then");
    shell_write("templates/kinds/playbook.yaml", text);
    shell_write("templates/kinds/functions/handover.dg.mustache",
                second ? "void automation.handover(Int deal_id)\n{\n\tinfo \"two\";\n}\n"
                       : "void automation.handover(Int deal_id)\n{\n\tinfo \"one\";\n}\n");
}

/* The source that is live. */
static void source_says(const char *word)
{
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = parse(note);
    struct client c;
    client_join(&c, info);
    CURLcode rc = client_try(&c, "GET", "/crm/v8/settings/functions/handover/code", NULL);
    assert_int_equal(rc, CURLE_OK);
    assert_non_null(strstr(c.text, word));
    client_down(&c);
}

static void an_update_of_every_kind_comes_back_and_goes_again(void **state)
{
    (void)state;
    project("rollback-kinds");
    kinds_playbook(false);
    json_decref(shell_json(0, "plan kinds"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *first = answers();
    kinds_playbook(true);
    AUTO_JSON json_t *plan = shell_json(0, "plan kinds");
    assert_int_equal(js_int(js_path(plan, "data.summary"), "api", 0), 8);
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *second = answers();
    source_says("two");
    expect(0, "Nothing was sent", "", "zagent rollback R2 --dry-run");
    AUTO_JSON json_t *back = shell_json(0, "rollback R2 --yes");
    assert_int_equal(js_int(js_path(back, "data.summary"), "done", 0), 8);
    AUTO_JSON json_t *third = answers();
    same_but(first, third, NULL);
    source_says("one");
    expect(8, "", "was taken back by R3 already", "zagent rollback R2");
    json_decref(shell_json(0, "rollback R3 --yes"));
    AUTO_JSON json_t *fourth = answers();
    same_but(second, fourth, NULL);
    source_says("two");
    expect(0, "", "", "zagent verify kinds");
    expect(0, "", "", "zagent log --check");
    shell_sandbox_stop();
}

static void what_moved_since_refuses_and_skip_leaves_it(void **state)
{
    (void)state;
    project("rollback-moved");
    kinds_playbook(false);
    json_decref(shell_json(0, "plan kinds"));
    json_decref(shell_json(0, "apply --yes"));
    kinds_playbook(true);
    json_decref(shell_json(0, "plan kinds"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = parse(note);
    struct client c;
    client_join(&c, info);
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/settings/variables");
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/variables/%s",
                                      js_str(pick(js_arr(all, "variables"), "api_name", "handover_switch"), "id"));
    json_decref(client_call(&c, 200, "PUT", path, "{\"variables\":[{\"value\":\"by an admin\"}]}"));
    client_down(&c);
    expect(7, "", "variable/handover_switch", "zagent rollback R2 --yes");
    expect(7, "", "changed outside zagent's runs", "zagent rollback R2 --yes");
    expect(0, "Left as it is", "", "zagent rollback R2 --yes --skip variable/handover_switch");
    expect(6, "", "there is no run", "zagent rollback R99");
    json_decref(shell_json(0, "off kinds"));
    expect(8, "", "off is taken back by zagent on", "zagent rollback R4");
    /* Another run of ours is named by its number. */
    expect(7, "", "R2 touched it since", "zagent rollback R1 --yes");
    shell_sandbox_stop();
}

static void a_playbook_that_was_applied_goes_as_far_as_it_can_and_the_rest_is_named(void **state)
{
    (void)state;
    shell_enter("rollback-quote-bom");
    shell_project();
    shell_sandbox(NULL);
    AUTO_JSON json_t *before = answers();
    json_decref(shell_json(0, "plan quote-bom"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *off = shell_json(0, "rollback R1 --dry-run");
    assert_int_equal(js_int(js_path(off, "data.summary"), "delete", -1), 0);
    AUTO_JSON json_t *back = shell_json(0, "rollback R1 --yes --delete-created --limit deletes=200");
    AUTO_JSON json_t *after = answers();
    same_but(before, after, "layouts?module=Deals fields?module=Products");
    /* The modules, the sections and the added options: each named, with what a person can do. */
    static const char *const named[] = {"module/BOMs", "module/BOMLines", "layout_section/Quotes.Standard/BOM%20check",
                                        "picklist/Products.Product_Category"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (!has(js_arr(js_path(back, "data.rollback"), "stays"), "address", named[i]))
            print_error("%s is not named\n", named[i]);
        assert_true(has(js_arr(js_path(back, "data.rollback"), "stays"), "address", named[i]));
    }
    expect(0, "", "", "zagent log --check");
    /* And the playbook can be applied again from there. */
    json_decref(shell_json(0, "plan quote-bom"));
    json_decref(shell_json(0, "apply --yes"));
    shell_sandbox_stop();
}

/* ---- records ---- */

static void products(const char *name, int n)
{
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    shell_enter(name);
    struct run r = shell("zagent init --quiet && mkdir -p context/sandbox templates/many && printf 'format: 1\nname: "
                         "many\ntitle: T\nsolves: [P1]\nresources:\n  - address: records/All\n    body: "
                         "{module: Products, where: \"Product_Name != %s\", set: {Product_Code: new, Product_Active: "
                         "true}, trigger: []}\n' >templates/many/playbook.yaml",
                         "'\"''\"'");
    assert_int_equal(r.status, 0);
    run_release(&r);
    sb_add(&b, "{\"schema\": \"zagent.sandbox-seed/1\", \"records\": [{\"module\": \"Products\", \"rows\": [");
    for (int i = 0; i < n; i++)
        sb_addf(&b, "%s{\"Product_Name\": \"P%d\", \"Product_Code\": %s, \"Product_Active\": %s}", i ? "," : "", i,
                i % 3 ? "\"old text\"" : "null", i % 2 ? "true" : "false");
    sb_add(&b, "]}]}");
    shell_write("context/sandbox/50-many.json", b.buf);
    shell_sandbox(NULL);
}

static int64_t rows_with(struct client *c, const char *where)
{
    AUTO_FREE char *q = mem_printf("{\"select_query\":\"select COUNT(id) from Products where %s\"}", where);
    AUTO_JSON json_t *a = client_call(c, 200, "POST", "/crm/v8/coql", q);
    json_t *row = json_array_get(js_arr(a, "data"), 0);
    const char *key;
    json_t *v;
    json_object_foreach (row, key, v)
        if (json_is_integer(v))
            return json_integer_value(v);
    return -1;
}

static void values_come_back(const char *name, int n)
{
    products(name, n);
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = parse(note);
    struct client c;
    client_join(&c, info);
    json_decref(shell_json(0, "plan many"));
    json_decref(shell_json(0, "apply --yes"));
    assert_int_equal(rows_with(&c, "Product_Code = 'new'"), n);
    AUTO_JSON json_t *back = shell_json(0, "rollback R1 --yes");
    assert_int_equal(js_int(js_path(back, "data.summary"), "done", 0), 1);
    assert_int_equal(rows_with(&c, "Product_Code = 'new'"), 0);
    assert_int_equal(rows_with(&c, "Product_Code is null"), (n + 2) / 3);
    assert_int_equal(rows_with(&c, "Product_Active = false"), (n + 1) / 2);
    json_decref(shell_json(0, "rollback R2 --yes"));
    assert_int_equal(rows_with(&c, "Product_Code = 'new'"), n);
    assert_int_equal(rows_with(&c, "Product_Active = true"), n);
    client_down(&c);
    shell_sandbox_stop();
}

static void records_get_back_the_values_each_of_them_had(void **state)
{
    (void)state;
    values_come_back("rollback-few", 40);
}

static void more_records_than_a_plan_shows_come_back_from_their_list(void **state)
{
    (void)state;
    values_come_back("rollback-many", 2300);
}

static void records_that_others_changed_since_are_not_thrown_away(void **state)
{
    (void)state;
    products("rollback-others", 6);
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = parse(note);
    struct client c;
    client_join(&c, info);
    json_decref(shell_json(0, "plan many"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *all = client_get(&c, 200, "/crm/v8/Products?fields=Product_Name");
    AUTO_FREE char *path =
        mem_printf("/crm/v8/Products/%s", js_str(pick(js_arr(all, "data"), "Product_Name", "P1"), "id"));
    json_decref(client_call(&c, 200, "PUT", path, "{\"data\":[{\"Product_Code\":\"a colleague's\"}],\"trigger\":[]}"));
    expect(7, "", "1 of its records hold another value now", "zagent rollback R1 --yes");
    assert_int_equal(rows_with(&c, "Product_Code = 'new'"), 5);
    client_down(&c);
    shell_sandbox_stop();
}

/* A rollback is a run like any: killed in the middle it goes on, and both runs are marked. */
static void a_rollback_that_is_killed_goes_on(void **state)
{
    (void)state;
    project("rollback-killed");
    kinds_playbook(false);
    json_decref(shell_json(0, "plan kinds"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *first = answers();
    kinds_playbook(true);
    json_decref(shell_json(0, "plan kinds"));
    json_decref(shell_json(0, "apply --yes"));
    setenv("ZAGENT_CRASH", "apply_after_send:3", 1);
    struct run r = shell("zagent rollback R2 --yes --quiet");
    unsetenv("ZAGENT_CRASH");
    assert_int_equal(r.status, 128 + 9);
    run_release(&r);
    json_decref(shell_json(0, "resume"));
    AUTO_JSON json_t *after = answers();
    same_but(first, after, NULL);
    expect(8, "", "was taken back by R3 already", "zagent rollback R2");
    shell_sandbox_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_inverse_body_holds_what_the_run_changed_and_nothing_else),
        cmocka_unit_test(an_update_of_every_kind_comes_back_and_goes_again),
        cmocka_unit_test(what_moved_since_refuses_and_skip_leaves_it),
        cmocka_unit_test(a_playbook_that_was_applied_goes_as_far_as_it_can_and_the_rest_is_named),
        cmocka_unit_test(records_get_back_the_values_each_of_them_had),
        cmocka_unit_test(more_records_than_a_plan_shows_come_back_from_their_list),
        cmocka_unit_test(records_that_others_changed_since_are_not_thrown_away),
        cmocka_unit_test(a_rollback_that_is_killed_goes_on),
    };
    return cmocka_run_group_tests_name("agent/rollback", tests, NULL, NULL);
}
