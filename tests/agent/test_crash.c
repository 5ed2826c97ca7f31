/*
 * kill -9 at every named point, then resume: the org must equal an uninterrupted run's, each create having happened once.
 * The sandbox runs as a process of its own, so it survives the kill as a real org would.
 */
#include <signal.h>

#include "base/crash.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

/* How often each create reached the org with success: path and name → count. */
static void each_create_happened_once(const char *where)
{
    struct run r = shell("grep -c '\"method\":\"POST\",\"path\":\"/crm/v8/settings/modules\"' exchanges.jsonl");
    if (strcmp(r.out, "1\n") != 0)
        print_error("%s: the module was created %s times\n", where, r.out);
    assert_string_equal(r.out, "1\n");
    run_release(&r);
}

static void crash_and_resume(const char *point, int nth)
{
    AUTO_FREE char *name = mem_printf("crash-%s-%d", point, nth);
    shell_enter(name);
    shell_small_project();
    shell_sandbox(NULL);
    json_decref(shell_json(0, "plan small"));
    AUTO_FREE char *at = mem_printf("%s:%d", point, nth);
    setenv("ZAGENT_CRASH", at, 1);
    struct run r = shell("zagent apply --yes --quiet");
    unsetenv("ZAGENT_CRASH");
    bool crashed = r.status == 128 + SIGKILL;
    if (!crashed) {
        assert_int_equal(r.status, 0); /* the point is reached fewer than nth times */
        assert_int_not_equal(nth, 1);  /* but every point is reached */
    }
    run_release(&r);
    /* Killed before a run was open there is nothing to resume; after one was finished there is nothing to apply. */
    json_decref(shell_json(0, "resume"));
    json_decref(shell_json(0, "apply --yes"));
    json_decref(shell_json(0, "verify"));
    json_t *again = shell_json(0, "plan small");
    json_t *sum = js_path(again, "data.summary");
    if (js_int(sum, "api", -1) != 0)
        print_error("%s: %d steps left after resume\n", at, (int)js_int(sum, "api", -1));
    assert_int_equal(js_int(sum, "api", -1), 0);
    json_decref(again);
    each_create_happened_once(at);
    r = shell("zagent log --check");
    if (r.status)
        print_error("%s: %s%s\n", at, r.out, r.err);
    assert_int_equal(r.status, 0);
    run_release(&r);
    shell_sandbox_stop();
}

static void kill_at_every_named_point_then_resume_loses_and_duplicates_nothing(void **state)
{
    (void)state;
    for (int p = 0; p < CRASH__MAX; p++)
        for (int nth = 1; nth <= 2; nth++)
            crash_and_resume(crash_points[p], nth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kill_at_every_named_point_then_resume_loses_and_duplicates_nothing),
    };
    return cmocka_run_group_tests_name("agent/crash", tests, NULL, NULL);
}
