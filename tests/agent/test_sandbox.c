/* A sandbox that serves follows what another process does to its store: the clock, what was due, failures on order. */
#include <unistd.h>

#include "tests/agent/shell.h"
#include "tests/test.h"

static void a_server_follows_its_clock_moved_by_another_process(void **state)
{
    (void)state;
    shell_enter("sandbox-follows");
    shell_small_project();
    shell_sandbox(NULL);
    AUTO_JSON json_t *moved = shell_json(0, "sandbox clock +3d");
    assert_int_equal(js_int(js_obj(moved, "data"), "moved_s", 0), 3 * 86400);
    json_decref(shell_json(0, "plan"));
    AUTO_JSON json_t *seen = shell_exchanges();
    assert_true(json_array_size(seen) > 0);
    AUTO_JSON json_t *status = shell_json(0, "sandbox status");
    assert_int_equal(js_int(js_obj(status, "data"), "clock_ahead_s", 0), 3 * 86400);
    shell_sandbox_stop();
}

static void a_server_fails_on_order_of_another_process(void **state)
{
    (void)state;
    shell_enter("sandbox-fails");
    shell_small_project();
    shell_sandbox(NULL);
    json_decref(shell_json(0, "plan"));
    json_decref(shell_json(0, "sandbox fault 'GET /org nth=0 status=403'"));
    struct run r = shell("zagent plan");
    assert_int_not_equal(r.status, 0);
    run_release(&r);
    json_decref(shell_json(0, "sandbox fault off"));
    json_decref(shell_json(0, "plan"));
    shell_sandbox_stop();
}

static void another_org_is_not_put_under_a_server(void **state)
{
    (void)state;
    shell_enter("sandbox-locked");
    shell_small_project();
    shell_sandbox(NULL);
    json_decref(shell_json(0, "sandbox save now"));
    json_decref(shell_json(14, "sandbox load now --yes"));
    json_decref(shell_json(14, "sandbox branch other"));
    shell_sandbox_stop();
    json_decref(shell_json(0, "sandbox load now --yes"));
}

/* It was killed, and its number is another process's now: this one's. */
static void a_server_that_was_killed_is_not_taken_for_running(void **state)
{
    (void)state;
    shell_enter("sandbox-killed");
    shell_small_project();
    json_decref(shell_json(0, "plan"));
    AUTO_FREE char *note = mem_printf("{\"api_url\":\"http://127.0.0.1:1\",\"pid\":%lld}", (long long)getpid());
    shell_write(".zagent/sandbox.json", note);
    AUTO_JSON json_t *status = shell_json(0, "sandbox status");
    assert_false(js_bool(js_obj(status, "data"), "running", true));
    json_decref(shell_json(0, "plan"));
    assert_int_equal(unlink(".zagent/sandbox.json"), 0); /* its return says that the server below is ready */
    shell_sandbox(NULL);
    AUTO_JSON json_t *now = shell_json(0, "sandbox status");
    assert_true(js_bool(js_obj(now, "data"), "running", false));
    shell_sandbox_stop();
}

/* zoho-api.md 4.1: a Free org takes five calls at once, whatever the project's own bound is. */
static void a_plan_reads_in_parallel_within_the_calls_an_edition_takes(void **state)
{
    (void)state;
    shell_enter("sandbox-parallel");
    shell_small_project();
    AUTO_FREE char *conf = shell_file("zagent.yaml"), *wide = mem_printf("%slimits: {parallel: 25}\n", conf);
    shell_write("zagent.yaml", wide);
    shell_sandbox_with("--edition Free");
    json_decref(shell_json(0, "plan"));
    AUTO_JSON json_t *seen = shell_exchanges();
    assert_true(json_array_size(seen) > 10);
    shell_sandbox_stop();
}

static void status_counts_what_a_running_server_just_answered(void **state)
{
    (void)state;
    shell_enter("sandbox-status");
    shell_small_project();
    shell_sandbox(NULL);
    json_decref(shell_json(0, "plan"));
    AUTO_JSON json_t *seen = shell_exchanges();
    AUTO_JSON json_t *status = shell_json(0, "sandbox status");
    const json_t *data = js_obj(status, "data");
    assert_int_equal(js_int(data, "requests", 0), json_array_size(seen));
    assert_true(js_int(data, "credits_last_24h", 0) > 0);
    assert_int_equal(js_int(data, "credits_last_24h", 0), js_int(data, "credits", -1));
    shell_sandbox_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_follows_its_clock_moved_by_another_process),
        cmocka_unit_test(a_server_fails_on_order_of_another_process),
        cmocka_unit_test(a_plan_reads_in_parallel_within_the_calls_an_edition_takes),
        cmocka_unit_test(status_counts_what_a_running_server_just_answered),
        cmocka_unit_test(another_org_is_not_put_under_a_server),
        cmocka_unit_test(a_server_that_was_killed_is_not_taken_for_running),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
