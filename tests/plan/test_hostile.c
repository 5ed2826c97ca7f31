/* tests/plan/test_hostile.c — bodies and answers of the wrong shape: every property of every kind gets every sort of value. */
#include "base/mem.h"
#include "plan/spec.h"
#include "plan/walk.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

static const char *const values[] = {
    "null",
    "true",
    "7",
    "'x'",
    "''",
    "[]",
    "{}",
    "[null]",
    "[[7]]",
    "['x', 7, null]",
    "[{}]",
    "{'a': {}}",
    "[{'name': 7, 'api_name': null, 'type': [], 'id': {}}]",
    "{'name': [], 'api_name': {}, 'module': 7, 'type': null, 'details': [], 'group': 7}",
    "{'group_operator': 5, 'group': [null, 7, {'group': [{}]}, {'field': 7, 'value': {}, 'comparator': []}]}",
    "[{'criteria_details': 7, 'instant_actions': {'actions': [7, {'type': 'functions'}]}, 'scheduled_actions': [7, "
    "{'execute_after': 7}]}]",
    "[{'name': 'x', 'criteria': [], 'owners': 7, 'during_inputs': [7, {'field': 7}], 'actions': {'a': 1}, "
    "'from_state': 7, 'transitions': []}]",
};
/* Keys that kinds look at beside their table. */
static const char *const more_keys[] = {"where", "set",         "trigger", "module",       "rows",
                                        "text",  "unknown_key", "name",    "is_continuous"};

static json_t *body_with(const char *key, const char *value)
{
    json_t *body =
        json_of("{'name': 'N', 'data_type': 'picklist', 'field_label': 'N', 'module': 'Quotes', 'set': {'F': 'x'}}");
    AUTO_FREE char *wrapped = mem_printf("[%s]", value);
    AUTO_JSON json_t *list = json_of(wrapped);
    json_object_set(body, key, json_array_get(list, 0));
    return body;
}

static void put_live(struct fixture *f, const struct kind *k, const char *key, const char *value)
{
    AUTO_FREE char *list = k->spec->per_module ? mem_printf("%s/Quotes", k->spec->list) : mem_dup(k->spec->list);
    json_t *live = body_with(key, value), *all = json_array();
    if (strcmp(key, "name") != 0)
        js_set_str(live, "name", "N");
    js_set_str(live, "api_name", "N");
    js_set_str(live, "id", "77");
    js_set(live, "sections", json_of("[7, {'display_label': 'N'}]"));
    json_array_append_new(all, live);
    json_array_append_new(all, json_of("7"));
    json_array_append_new(all, json_of("{'api_name': 7, 'name': null}"));
    if (*list && strcmp(list, "modules") != 0)
        snapshot_put(&f->snapshot, list, all);
    else
        json_decref(all);
}

/* Plans it against nothing and against a live object that is spoilt in the same way; neither may fail or fall. */
static void plan_spoilt(const struct kind *k, const char *key, const char *value, bool live)
{
    struct fixture f;
    struct err e = {0};
    fixture_open_text(
        &f, "{'snapshot': {'modules': [{'id': '1', 'api_name': 'Quotes'}], 'profiles': [{'id': '1', 'name': 'P'}, 7],"
            " 'records/N': [7, {'id': 7}, {'id': '5', 'F': {'name': 7}}]}}");
    struct resource r = {.address = address_make(k->name, k->in_module ? "Quotes" : NULL, "N"),
                         .body = body_with(key, value)};
    if (live)
        put_live(&f, k, key, value);
    assert_int_equal(desired_add(&f.desired, &r, &e), 0);
    json_t *plan = fixture_plan(&f);
    const json_t *step = json_array_get(js_arr(plan, "steps"), 0);
    struct kind_view v = fixture_view(&f);
    AUTO_JSON json_t *diffs = json_array();
    assert_non_null(step);
    plan_step_fresh(&v, step, &e);
    assert_int_equal(plan_step_verify(&v, step, diffs, &e), 0);
    json_decref(plan);
    fixture_close(&f);
}

static void plans_bodies_of_every_wrong_shape(void **state)
{
    const struct kind *k = *state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        for (size_t p = 0; p < k->spec->props_n; p++) {
            plan_spoilt(k, k->spec->props[p].key, values[i], false);
            plan_spoilt(k, k->spec->props[p].key, values[i], true);
        }
        for (size_t p = 0; p < sizeof more_keys / sizeof *more_keys; p++)
            plan_spoilt(k, more_keys[p], values[i], true);
    }
}

/* One test a kind, named after it. */
int main(void)
{
    struct CMUnitTest *tests = mem_zalloc(kinds_n * sizeof *tests);
    size_t n = 0;
    for (size_t i = 0; i < kinds_n; i++) {
        if (kinds[i].cls != KIND_REFERENCE)
            tests[n++] = (struct CMUnitTest){kinds[i].name, plans_bodies_of_every_wrong_shape, NULL, NULL,
                                             (void *)(uintptr_t)&kinds[i]};
    }
    int failed = _cmocka_run_group_tests("plan/hostile", tests, n, NULL, NULL);
    free(tests);
    return failed;
}
