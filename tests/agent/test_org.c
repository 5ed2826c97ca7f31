/*
 * The program against an org in another process: tokens, locks, credits, requests shown and sent, what reading may do.
 * The sandbox's own record and counters are the witness, never zagent's word.
 */
#include <signal.h>
#include <unistd.h>

#include "tests/agent/shell.h"
#include "tests/test.h"

static json_t *status_now(void)
{
    json_t *env = shell_json(0, "sandbox status"), *data = json_incref(js_obj(env, "data"));
    json_decref(env);
    return data;
}

static bool is_coql(const json_t *x)
{
    return strstr(js_str_or(x, "path", ""), "/coql") != NULL;
}

static bool is_token(const json_t *x)
{
    return strstr(js_str_or(x, "path", ""), "/oauth/") != NULL;
}

static bool reads(const json_t *x)
{
    return !strcmp(js_str_or(x, "method", ""), "GET") || is_coql(x) || is_token(x);
}

static void plan_and_what_else_reads_never_writes(void **state)
{
    (void)state;
    static const char *const readers[] = {
        "plan quote-bom", "apply --dry-run", "doctor", "verify", "status",
        "show",           "context check",   "guide",  "drift",  "adopt legacy --module Deals"};
    shell_enter("org-reads");
    shell_project();
    shell_sandbox(NULL);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        struct run r = shell("zagent %s", readers[i]);
        assert_true(r.status == 0 || r.status == 3);
        run_release(&r);
    }
    AUTO_JSON json_t *all = shell_exchanges();
    json_t *x;
    size_t i;
    assert_true(json_array_size(all) > 50);
    json_array_foreach (all, i, x)
        if (!reads(x))
            fail_msg("%s %s", js_str(x, "method"), js_str(x, "path"));
    shell_sandbox_stop();
}

static void twenty_processes_mint_one_token(void **state)
{
    (void)state;
    shell_enter("org-mints");
    shell_small_project();
    shell_sandbox(NULL);
    pid_t pid[20];
    for (int i = 0; i < 20; i++) {
        AUTO_FREE char *cmd = mem_printf("zagent doctor >doctor.%d 2>&1", i);
        pid[i] = shell_spawn(cmd);
    }
    for (int i = 0; i < 20; i++)
        assert_int_equal(shell_wait(pid[i]), 0);
    AUTO_JSON json_t *now = status_now();
    assert_int_equal(js_int(now, "mints", -1), 1);
    shell_sandbox_stop();
}

/* Waits until the org has recorded a write. */
static void wait_for_a_write(void)
{
    for (int i = 0; i < 5000; i++) {
        AUTO_FREE char *text = shell_file("exchanges.jsonl");
        if (strstr(text, "\"method\":\"POST\",\"path\":\"/crm/v8/settings/"))
            return;
        usleep(2000);
    }
    fail_msg("nothing was written");
}

static void a_second_apply_names_who_holds_the_lock(void **state)
{
    (void)state;
    shell_enter("org-locked");
    shell_project();
    shell_sandbox(NULL);
    json_decref(shell_json(0, "plan quote-bom"));
    pid_t first = shell_spawn("zagent apply --yes >first.out 2>first.err");
    wait_for_a_write();
    kill(first, SIGSTOP);
    AUTO_JSON json_t *second = shell_json(14, "apply --yes");
    AUTO_FREE char *text = json_dumps(js_obj(second, "error"), 0);
    AUTO_FREE char *who = mem_printf("CRM admin, pid %ld, zagent apply", (long)first);
    if (!strstr(text, who))
        fail_msg("'%s' is not in %s", who, text);
    kill(first, SIGCONT);
    assert_int_equal(shell_wait(first), 0);
    json_decref(shell_json(0, "apply --yes"));
    shell_sandbox_stop();
}

/* The note of the running sandbox, with a refresh token that the org no longer knows. */
static void a_revoked_refresh_token_says_what_to_do(void **state)
{
    (void)state;
    shell_enter("org-revoked");
    shell_small_project();
    shell_sandbox(NULL);
    AUTO_FREE char *text = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *note = json_loads(text, 0, NULL);
    js_set_str(note, "refresh_token", "1000.00000000000000000000000000000000.00000000000000000000000000000000");
    AUTO_FREE char *other = json_dumps(note, 0);
    shell_write(".zagent/sandbox.json", other);
    AUTO_JSON json_t *env = shell_json(4, "plan small");
    const json_t *error = js_obj(env, "error");
    assert_string_equal(js_str_or(error, "kind", ""), "AUTH_REQUIRED");
    assert_true(*js_str_or(error, "remediation", ""));
    assert_non_null(strstr(js_str_or(error, "where", ""), "/oauth/v2/token"));
    assert_int_not_equal(access(".zagent/plans", F_OK), 0);
    shell_sandbox_stop();
}

/* ---- what is shown is what is sent ---- */

/* Ids that exist only after an earlier step are equal to any text. */
static bool same(const json_t *shown, const json_t *sent)
{
    const char *text = json_string_value(shown);
    if (text && text[0] == '(')
        return json_is_string(sent);
    if (json_is_array(shown)) {
        if (json_array_size(shown) != json_array_size(sent))
            return false;
        for (size_t i = 0; i < json_array_size(shown); i++)
            if (!same(json_array_get(shown, i), json_array_get(sent, i)))
                return false;
        return true;
    }
    if (!json_is_object(shown))
        return json_equal(shown, sent);
    /* An id that a look-up just before the request adds (a Blueprint's transitions). */
    bool found = json_object_get(sent, "id") && !json_object_get(shown, "id");
    if (json_object_size(shown) + found != json_object_size(sent))
        return false;
    const char *key;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)shown, key, v)
        if (!json_object_get(sent, key) || !same(v, json_object_get(sent, key)))
            return false;
    return true;
}

/* "/settings/x/(id of y)" and "/settings/x/{id}" stand for any one segment. */
static bool same_path(const char *shown, const char *sent)
{
    while (*shown && *sent) {
        size_t a = strcspn(shown, "/"), b = strcspn(sent, "/");
        bool open = *shown == '(' || *shown == '{' || !strncmp(shown, "%28", 3);
        if (*shown == '(')
            a = strcspn(shown, ")") + 1;
        if (!open && (a != b || strncmp(shown, sent, a) != 0))
            return false;
        shown += a;
        sent += b;
        if (*shown != *sent)
            return false;
        shown += *shown == '/';
        sent += *sent == '/';
    }
    return *shown == *sent;
}

static bool parts_were_sent(const json_t *parts, const char *body)
{
    json_t *part;
    size_t i;
    json_array_foreach (parts, i, part)
        if (!strstr(body, js_str_or(part, "text", "(no text)")))
            return false;
    return true;
}

static bool was_sent(const json_t *rq, json_t *sent)
{
    json_t *x;
    size_t i;
    json_array_foreach (sent, i, x) {
        if (strcmp(js_str_or(rq, "method", ""), js_str_or(x, "method", "")) != 0 ||
            !same_path(js_str_or(rq, "path", ""), js_str_or(x, "path", "")) || js_bool(x, "seen", false))
            continue;
        const char *text = js_str_or(x, "body", "");
        AUTO_JSON json_t *body = json_loads(text, 0, NULL);
        bool equal = js_arr(rq, "parts") ? parts_were_sent(js_arr(rq, "parts"), text)
                                         : body && same(json_object_get(rq, "body"), body);
        if (equal && same(js_obj(rq, "query"), js_obj(x, "query"))) {
            js_set_bool(x, "seen", true);
            return true;
        }
    }
    return false;
}

static json_t *writes_since(size_t from)
{
    AUTO_JSON json_t *all = shell_exchanges();
    json_t *out = json_array();
    for (size_t i = from; i < json_array_size(all); i++)
        if (!reads(json_array_get(all, i)))
            json_array_append(out, json_array_get(all, i));
    return out;
}

static size_t recorded(void)
{
    AUTO_JSON json_t *all = shell_exchanges();
    return json_array_size(all);
}

static void check_shown_is_sent(json_t *dry, json_t *sent)
{
    json_t *step, *rq, *x;
    size_t i, k, n = 0;
    json_array_foreach (js_arr(js_obj(dry, "data"), "steps"), i, step) {
        if (strcmp(js_str_or(step, "state", ""), "ready") != 0)
            continue;
        json_array_foreach (js_arr(step, "requests"), k, rq) {
            AUTO_FREE char *text = json_dumps(rq, JSON_COMPACT);
            if (!was_sent(rq, sent))
                fail_msg("shown, not sent: %s", text);
            n++;
        }
    }
    json_array_foreach (sent, i, x)
        if (!js_bool(x, "seen", false))
            fail_msg("sent, not shown: %s %s %s", js_str(x, "method"), js_str(x, "path"), js_str(x, "body"));
    assert_int_equal(n, json_array_size(sent));
}

/* Credits of what was written: everything the org counted, less one for each read (COQL under 201 rows is one too). The
 * counters of reads are on disk only once the sandbox has stopped. */
static int64_t credits_of_writes(void)
{
    AUTO_JSON json_t *now = status_now();
    AUTO_JSON json_t *all = shell_exchanges();
    int64_t spent = js_int(now, "credits", 0);
    json_t *x;
    size_t i;
    json_array_foreach (all, i, x)
        spent -= reads(x) && !is_token(x);
    return spent;
}

static int64_t planned_credits(const json_t *plan, const json_t *applied)
{
    int64_t sum = 0;
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(js_obj(plan, "data"), "steps"), i, step) {
        const json_t *r = json_object_get(js_obj(js_obj(applied, "data"), "steps"), js_str(step, "address"));
        if (!strcmp(js_str_or(step, "channel", ""), "api") && !strcmp(js_str_or(r, "outcome", ""), "verified"))
            sum += js_int(step, "credits", 0);
    }
    return sum;
}

static void dry_run_shows_what_apply_sends_and_the_plan_says_what_it_costs(void **state)
{
    (void)state;
    shell_enter("org-requests");
    shell_project();
    shell_sandbox(NULL);
    AUTO_JSON json_t *plan = shell_json(0, "plan quote-bom");
    AUTO_JSON json_t *dry = shell_json(0, "apply --dry-run");
    size_t from = recorded();
    AUTO_JSON json_t *applied = shell_json(0, "apply --yes");
    AUTO_JSON json_t *sent = writes_since(from);
    assert_true(json_array_size(sent) > 40);
    check_shown_is_sent(dry, sent);
    shell_sandbox_stop();
    assert_int_equal(planned_credits(plan, applied), credits_of_writes());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plan_and_what_else_reads_never_writes),
        cmocka_unit_test(twenty_processes_mint_one_token),
        cmocka_unit_test(a_second_apply_names_who_holds_the_lock),
        cmocka_unit_test(a_revoked_refresh_token_says_what_to_do),
        cmocka_unit_test(dry_run_shows_what_apply_sends_and_the_plan_says_what_it_costs),
    };
    return cmocka_run_group_tests_name("agent/org", tests, NULL, NULL);
}
