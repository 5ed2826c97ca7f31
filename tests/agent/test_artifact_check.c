#include "agent/artifact_check.h"
#include "plan/kind.h"
#include "tests/test.h"

struct rig {
    struct snapshot s;
    struct desired d;
    json_t *names, *checks;
};

static void set_up(struct rig *r)
{
    memset(r, 0, sizeof *r);
    snapshot_init(&r->s);
    r->names = json_object();
    r->checks = json_object();
    snapshot_put(&r->s, "modules",
                 json_pack("[{s:s,s:s},{s:s,s:s}]", "id", "1", "api_name", "Deals", "id", "2", "api_name", "Leads"));
    snapshot_put(&r->s, "fields/Deals",
                 json_pack("[{s:s,s:s},{s:s,s:s,s:[{s:s}]}]", "id", "3", "api_name", "Deal_Name", "id", "4", "api_name",
                           "Stage", "pick_list_values", "actual_value", "Won"));
}

static void add(struct rig *r, const char *address, json_t *body, const char *source)
{
    struct err e = {0};
    struct resource one = {.address = mem_dup(address), .playbook = mem_dup("demo"), .body = body};
    if (source)
        one.artifact = json_pack("{s:s,s:s}", "path", "f.dg", "source", source);
    assert_int_equal(desired_add(&r->d, &one, &e), 0);
}

static void tear_down(struct rig *r)
{
    snapshot_release(&r->s);
    desired_release(&r->d);
    json_decref(r->names);
    json_decref(r->checks);
}

/* Why function/f is blocked, NULL when it is not. */
static const char *blocked(struct rig *r)
{
    struct err e = {0};
    json_object_clear(r->checks);
    assert_int_equal(artifact_check_all(&r->d, &r->s, r->names, r->checks, &e), 0);
    return js_str(json_object_get(r->checks, "function/f"), "blocked");
}

#define READS(field) "void automation.f(Int n) { d = zoho.crm.getRecordById(\"Deals\",n); info d.get(\"" field "\"); }"

static void a_function_that_reads_a_field_neither_live_nor_planned_is_blocked(void **state)
{
    (void)state;
    struct rig r;
    set_up(&r);
    add(&r, "function/f", json_object(), READS("Deal_Nane"));
    const char *why = blocked(&r);
    assert_non_null(why);
    assert_non_null(
        strstr(why, "f.dg:1:78: DL062 the org has no field of Deals called 'Deal_Nane'; did you mean \"Deal_Name\"?"));
    tear_down(&r);
}

static void a_field_that_the_same_plan_makes_is_there(void **state)
{
    (void)state;
    struct rig r;
    set_up(&r);
    add(&r, "function/f", json_object(), READS("Check_State"));
    assert_non_null(blocked(&r));
    add(&r, "field/Deals.Check_State", json_pack("{s:s}", "data_type", "text"), NULL);
    assert_null(blocked(&r));
    /* the live lists are as they were */
    assert_int_equal(json_array_size(snapshot_get(&r.s, "fields/Deals")), 2);
    tear_down(&r);
}

static void a_planned_field_is_there_under_the_name_this_org_gave_it(void **state)
{
    (void)state;
    struct rig r;
    set_up(&r);
    js_set_str(r.names, "field/Deals.Check_State", "Check_State1");
    add(&r, "field/Deals.Check_State", json_pack("{s:s}", "data_type", "text"), NULL);
    add(&r, "function/f", json_object(), READS("Check_State1"));
    assert_null(blocked(&r));
    tear_down(&r);
}

static void a_planned_module_is_there_and_its_fields_are_not_guessed(void **state)
{
    (void)state;
    struct rig r;
    set_up(&r);
    add(&r, "function/f", json_object(),
        "void automation.f(Int n) { d = zoho.crm.getRecordById(\"Repairs\",n); info d.get(\"Created_Time\"); }");
    assert_non_null(blocked(&r));
    add(&r, "module/Repairs", json_pack("{s:s}", "plural_label", "Repairs"), NULL);
    add(&r, "field/Repairs.Stage", json_pack("{s:s}", "data_type", "text"), NULL);
    assert_null(blocked(&r));
    tear_down(&r);
}

static void functions_of_one_plan_are_held_against_each_other(void **state)
{
    (void)state;
    struct rig r;
    set_up(&r);
    add(&r, "function/f", json_object(), "void automation.f(Int n) { automation.g(n,1); }");
    assert_null(blocked(&r));
    add(&r, "function/g", json_object(), "void automation.g(Int n) { info n; }");
    assert_non_null(strstr(blocked(&r), "DL084 'g' takes 1 argument, not 2; see f.dg:1"));
    tear_down(&r);
}

static void modules_that_only_a_function_names_are_read_too(void **state)
{
    (void)state;
    struct rig r;
    struct strset more = {0};
    set_up(&r);
    add(&r, "function/f", json_object(),
        "void automation.f(Int n) { info zoho.crm.getRelatedRecords(\"Quotes\",\"Leads\",n); "
        "info zoho.crm.getRecords(\"Deals\"); info zoho.crm.getRecords(\"Nowhere\"); }");
    artifact_reads(&r.d, &r.s, &more);
    assert_int_equal(more.n, 2);
    assert_true(strset_has(&more, "fields/Leads"));
    assert_true(strset_has(&more, "related_lists/Leads"));
    strset_release(&more);
    tear_down(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_that_reads_a_field_neither_live_nor_planned_is_blocked),
        cmocka_unit_test(a_field_that_the_same_plan_makes_is_there),
        cmocka_unit_test(a_planned_field_is_there_under_the_name_this_org_gave_it),
        cmocka_unit_test(a_planned_module_is_there_and_its_fields_are_not_guessed),
        cmocka_unit_test(functions_of_one_plan_are_held_against_each_other),
        cmocka_unit_test(modules_that_only_a_function_names_are_read_too),
    };
    return cmocka_run_group_tests_name("agent/artifact_check", tests, NULL, NULL);
}
