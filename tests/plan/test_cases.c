/*
 * tests/plan/test_cases.c — every situation in tests/plan/cases/KIND.json is a test named by its own sentence.
 * A file is {"common": fixture, "cases": [{"name", fixture parts laid over common, and what is expected:
 * "steps" {address: part of the step}, "summary", "problems", "proposals", "order" [addresses], or "error" text}]}.
 */
#include "base/fs.h"
#include "base/mem.h"
#include "plan/walk.h"
#include "tests/plan/fixture.h"
#include "tests/test.h"

static const char *const dir = "tests/plan/cases";

/* The case's own parts over the common ones; snapshot lists one by one. */
static json_t *laid_over(const json_t *common, const json_t *own)
{
    json_t *doc = json_deep_copy(common ? common : own), *snapshot = json_object();
    json_object_update(snapshot, js_obj(common, "snapshot"));
    json_object_update(snapshot, js_obj(own, "snapshot"));
    json_object_update(doc, walk(own));
    js_set(doc, "snapshot", snapshot);
    return doc;
}

static void check_order(const json_t *want, const json_t *plan, json_t *out)
{
    AUTO_JSON json_t *have = json_array();
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        js_push_str(have, js_str(step, "address"));
    fixture_compare(want, have, "order", out);
}

static void check_plan(const json_t *doc, const json_t *plan, json_t *out)
{
    const char *address;
    json_t *want;
    json_object_foreach (js_obj(doc, "steps"), address, want) {
        const json_t *step = plan_step(plan, address);
        if (!step && !json_is_null(want))
            js_push_str(out, address);
        fixture_compare(want, step, address, out);
    }
    if (js_obj(doc, "summary"))
        fixture_compare(js_obj(doc, "summary"), js_obj(plan, "summary"), "summary", out);
    if (js_arr(doc, "problems"))
        fixture_compare(js_arr(doc, "problems"), js_arr(plan, "problems"), "problems", out);
    if (js_arr(doc, "proposals"))
        fixture_compare(js_arr(doc, "proposals"), js_arr(plan, "proposals"), "proposals", out);
    if (js_arr(doc, "order"))
        check_order(js_arr(doc, "order"), plan, out);
}

struct situation {
    char *name;
    json_t *common, *own;
};

static void plans_as_it_says(void **state)
{
    const struct situation *s = *state;
    struct fixture f;
    struct err e = {0};
    AUTO_JSON json_t *failed = json_array();
    json_t *plan, *line;
    size_t i;
    fixture_open(&f, laid_over(s->common, s->own));
    int rc = plan_build(&f.in, &plan, &e);
    const char *error = js_str(f.doc, "error");
    if (rc < 0 && (!error || !strstr(e.what, error)))
        js_push_str(failed, e.what);
    if (rc == 0 && error)
        js_push_str(failed, "no error");
    if (rc == 0) {
        check_plan(f.doc, plan, failed);
        if (plan_check(plan, &e) < 0)
            js_push_str(failed, e.what);
    }
    json_decref(plan);
    fixture_close(&f);
    json_array_foreach (failed, i, line)
        print_error("%s\n", json_string_value(line));
    assert_int_equal(json_array_size(failed), 0);
}

struct suite {
    struct CMUnitTest *test;
    size_t n, cap;
};

static void add_file(struct suite *s, const char *name)
{
    struct err e = {0};
    AUTO_FREE char *path = mem_printf("%s/%s", dir, name);
    AUTO_JSON json_t *doc = js_load(path, &e);
    json_t *one;
    size_t i;
    if (!doc) {
        print_error("%s: %s\n", e.where, e.what);
        exit(1);
    }
    json_array_foreach (js_arr(doc, "cases"), i, one) {
        struct situation *it = mem_zalloc(sizeof *it);
        it->name = mem_printf("%.*s: %s", (int)strcspn(name, "."), name, js_str_or(one, "name", "?"));
        it->common = json_incref(js_obj(doc, "common"));
        it->own = json_incref(one);
        VEC_PUSH(s->test, s->n, s->cap, ((struct CMUnitTest){it->name, plans_as_it_says, NULL, NULL, it}));
    }
}

static void release(struct suite *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct situation *it = s->test[i].initial_state;
        free(it->name);
        json_decref(it->common);
        json_decref(it->own);
        free(it);
    }
    free(s->test);
}

int main(void)
{
    struct suite s = {0};
    struct err e = {0};
    char **names;
    size_t n;
    if (fs_list(dir, &names, &n, &e) < 0) {
        print_error("%s: %s\n", e.where, e.what);
        return 1;
    }
    for (size_t i = 0; i < n; i++)
        add_file(&s, names[i]);
    fs_list_free(names, n);
    int failed = _cmocka_run_group_tests("plan/cases", s.test, s.n, NULL, NULL);
    release(&s);
    return failed;
}
