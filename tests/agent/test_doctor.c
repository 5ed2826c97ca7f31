/*
 * The doctor's page: what it says when all is well, and for each thing in the way what to do and whom to ask.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "agent/doctor.h"
#include "base/sb.h"
#include "base/yaml.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

/* The row of that check in a doctor's envelope; fails the test when there is none. */
static const json_t *row_of(const json_t *env, const char *check)
{
    const json_t *row;
    size_t i;
    json_array_foreach (js_arr(js_obj(env, "data"), "checks"), i, row)
        if (!strcmp(js_str_or(row, "check", ""), check))
            return row;
    AUTO_FREE char *all = json_dumps(env, 0);
    fail_msg("no row '%s' in %.3000s", check, all);
    return NULL;
}

static void level(const json_t *env, const char *check, const char *want)
{
    const json_t *row = row_of(env, check);
    if (strcmp(js_str(row, "level"), want) != 0)
        fail_msg("%s: %s, %s", check, js_str(row, "level"), js_str(row, "found"));
    if (strcmp(want, "fail") == 0 && !*js_str(row, "do"))
        fail_msg("%s fails and does not say what to do", check);
}

static void run_ok(const char *cmd)
{
    struct run r = shell("%s", cmd);
    if (r.status)
        fail_msg("%s: %s", cmd, r.err);
    run_release(&r);
}

static void an_org_where_all_works_has_a_page_of_ok(void **state)
{
    (void)state;
    shell_enter("doctor-ok");
    shell_small_project();
    shell_sandbox(NULL);
    run_ok("umask 077; zagent sandbox code --scope \"$(zagent auth scopes --reader --line)\" >c.credentials && "
           "zagent auth login --code-file c.credentials");
    AUTO_JSON json_t *env = shell_json(0, "doctor");
    static const char *const checks[] = {"versions",          "state folder",      "journal and lock", "data centre",
                                         "org (pinned)",      "edition",           "signed in as",     "clock",
                                         "access token",      "API credits",       "calls at once",    "reader scopes",
                                         "read modules",      "written by API",    "limits",           "time zone",
                                         "reader credential", "writer credential", "features"};
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        level(env, checks[i], "ok");
    assert_non_null(strstr(js_str(row_of(env, "limits"), "found"), "custom fields of Deals "));
    assert_non_null(strstr(js_str(row_of(env, "limits"), "found"), "workflow rules "));
    struct run r = shell("zagent doctor");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "zagent can do all of its work here."));
    run_release(&r);
    shell_sandbox_stop();
}

static void missing_scopes_are_named_with_the_page_to_accept_them_on(void **state)
{
    (void)state;
    shell_enter("doctor-scopes");
    shell_small_project();
    shell_sandbox(NULL);
    run_ok("umask 077; zagent sandbox code --scope ZohoCRM.org.READ,ZohoCRM.settings.modules.READ >c.credentials && "
           "zagent auth login --code-file c.credentials");
    AUTO_JSON json_t *env = shell_json(5, "doctor");
    level(env, "reader scopes", "fail");
    const json_t *row = row_of(env, "reader scopes");
    assert_non_null(strstr(js_str(row, "found"), "ZohoCRM.settings.fields.READ"));
    assert_non_null(strstr(js_str(row, "do"), "zagent auth login --org embedded, and accept at https://api-console"));
    assert_non_null(strstr(js_str(row, "ask"), "whoever signed in"));
    level(env, "read modules", "ok");
    level(env, "read profiles", "fail");
    level(env, "read workflow rules", "warn"); /* by hand then */
    assert_non_null(strstr(js_str(row_of(env, "read profiles"), "do"), "scope ZohoCRM.settings.profiles.READ"));
    level(env, "signed in as", "warn");
    shell_sandbox_stop();
}

static void who_may_not_customize_is_told_to_ask_an_administrator(void **state)
{
    (void)state;
    shell_enter("doctor-profile");
    shell_small_project();
    run_ok("mkdir context/sandbox");
    shell_write("context/sandbox/10.json",
                "{\"schema\": \"zagent.sandbox-seed/1\", \"users\": [{\"full_name\": \"Seller One\", \"email\": "
                "\"seller@example.org\", \"role\": \"CEO\", \"profile\": \"Standard\"}]}\n");
    shell_sandbox(NULL);
    run_ok("umask 077; zagent sandbox code --user seller@example.org --scope \"$(zagent auth scopes --reader --line)\" "
           ">c.credentials && zagent auth login --code-file c.credentials");
    AUTO_JSON json_t *env = shell_json(0, "doctor");
    level(env, "signed in as", "warn");
    assert_non_null(strstr(js_str(row_of(env, "signed in as"), "found"), "profile Standard"));
    assert_non_null(strstr(js_str(row_of(env, "signed in as"), "ask"), "an administrator"));
    shell_sandbox_stop();
}

static void an_org_nobody_signed_in_to_still_gets_its_page(void **state)
{
    (void)state;
    shell_enter("doctor-nobody");
    shell_small_project();
    shell_write("zagent.yaml", "format: 1\norgs:\n  main: {dc: eu}\n");
    AUTO_JSON json_t *env = shell_json(4, "doctor");
    level(env, "versions", "ok");
    level(env, "reader credential", "fail");
    level(env, "writer credential", "warn");
    level(env, "sign-in", "fail");
    assert_non_null(strstr(js_str(row_of(env, "sign-in"), "do"), "zagent auth login --org main"));
    /* The way is looked at even so; nothing leaves this machine in a test. */
    setenv("HTTPS_PROXY", "http://127.0.0.1:9", 1);
    AUTO_JSON json_t *behind = shell_json(4, "doctor");
    level(behind, "proxy", "ok");
    assert_null(strstr(js_str(row_of(behind, "proxy"), "found"), "127.0.0.1"));
    run_ok("mkdir -p home/state/zagent; chmod 700 home/state/zagent; printf '{\"client_id\":\"a\",\"client_secret\":"
           "\"bbbbbbbbbb\",\"refresh_token\":\"cccccccccc\"}' >home/state/zagent/main.reader.json; chmod 600 "
           "home/state/zagent/main.reader.json");
    setenv("ZAGENT_HURRY", "1", 1);
    AUTO_JSON json_t *closed = shell_json(10, "doctor");
    unsetenv("ZAGENT_HURRY");
    unsetenv("HTTPS_PROXY");
    level(closed, "sign-in", "fail");
    assert_non_null(strstr(js_str(row_of(closed, "sign-in"), "do"), "proxy"));
}

static void who_writes_now_is_named_and_a_halt_too(void **state)
{
    (void)state;
    shell_enter("doctor-lock");
    shell_small_project();
    run_ok("zagent plan >/dev/null");
    struct err e = {0};
    struct fs_root root;
    struct fs_lock lock;
    assert_int_equal(fs_root_open(&root, ".zagent", false, 0700, &e), 0);
    assert_int_equal(fs_lock(&lock, &root, "lock", "CRM admin, zagent apply", 0, &e), 0);
    run_ok("zagent halt --reason 'audit until Friday' >/dev/null");
    AUTO_JSON json_t *env = shell_json(0, "doctor");
    level(env, "journal and lock", "warn");
    level(env, "HALT", "warn");
    assert_non_null(strstr(js_str(row_of(env, "HALT"), "found"), "audit until Friday"));
    fs_unlock(&lock);
    fs_root_close(&root);
}

static void names_that_would_drive_the_terminal_are_shown_as_text(void **state)
{
    (void)state;
    shell_enter("doctor-names");
    shell_small_project();
    run_ok("mkdir context/sandbox");
    shell_write("context/sandbox/10.json",
                "{\"schema\": \"zagent.sandbox-seed/1\", \"org\": {\"company_name\": \"Evil\\u001b]52;c;eA==\\u0007 "
                "\\u202eyako\\nok    forged line\", \"time_zone\": \"\\u009b31mRed\"}}\n");
    for (int i = 0; i < 2; i++) {
        struct run r = shell(i ? "zagent auth status; zagent plan" : "zagent doctor");
        assert_int_equal(r.status, 0);
        for (const char *p = r.out; *p; p++)
            if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
                fail_msg("byte %d in %.60s", *p, p);
        assert_null(strstr(r.out, "\xc2\x9b"));
        assert_null(strstr(r.out, "\xe2\x80\xae"));
        assert_null(strstr(r.out, "\nok    forged"));
        run_release(&r);
    }
}

static void the_bundle_for_support_names_nobody(void **state)
{
    (void)state;
    shell_enter("doctor-bundle");
    shell_small_project();
    run_ok("mkdir context/sandbox sub");
    shell_write("context/sandbox/10.json",
                "{\"schema\": \"zagent.sandbox-seed/1\", \"org\": {\"company_name\": \"Quiet Company\"}}\n");
    run_ok("zagent doctor --bundle sub/b.json");
    AUTO_FREE char *text = shell_file("sub/b.json");
    AUTO_JSON json_t *o = json_loads(text, 0, NULL);
    assert_true(json_array_size(js_arr(o, "checks")) > 15);
    static const char *const out[] = {"Quiet Company", "700000042", "Administrator", "/build/", "example.org"};
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        if (strstr(text, out[i]))
            fail_msg("'%s' is in the bundle", out[i]);
    struct stat st;
    assert_int_equal(stat("sub/b.json", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    struct run r = shell("zagent doctor --bundle nowhere/b.json");
    assert_int_equal(r.status, 6);
    run_release(&r);
}

static void what_is_nearly_full_is_warned_of_from_nine_tenths_on(void **state)
{
    (void)state;
    struct app a = {.json = true, .data = json_object()};
    struct doctor d = {.a = &a, .checks = json_array()};
    AUTO_JSON json_t *room =
        json_pack("[{s:s,s:s,s:i,s:i},{s:s,s:s,s:i,s:i},{s:s,s:n,s:i,s:i}]", "what", "custom fields", "module",
                  "Quotes", "used", 270, "limit", 300, "what", "custom fields", "module", "Deals", "used", 269, "limit",
                  300, "what", "workflow rules", "module", "used", 3, "limit", 3);
    doctor_room_rows(&d, room);
    assert_int_equal(d.warn, 2);
    assert_string_equal(js_str(json_array_get(d.checks, 0), "check"), "custom fields of Quotes");
    assert_string_equal(js_str(json_array_get(d.checks, 0), "found"), "270 of 300");
    assert_string_equal(js_str(json_array_get(d.checks, 1), "check"), "workflow rules");
    assert_non_null(strstr(js_str(json_array_get(d.checks, 2), "found"), "Deals 269 of 300"));
    json_decref(d.checks);
    json_decref(a.data);
}

/* Every probe is whole, has a name of its own, and the scripts it names are there and parse. */
static void every_open_question_is_a_probe_a_person_can_run(void **state)
{
    (void)state;
    shell_enter("doctor-questions");
    shell_project();
    AUTO_JSON json_t *env = shell_json(0, "doctor --open-questions");
    const json_t *probes = js_arr(js_obj(env, "data"), "probes");
    AUTO_JSON json_t *seen = json_object();
    const json_t *p;
    const json_t *step;
    size_t i;
    size_t k;
    assert_true(json_array_size(probes) > 20);
    json_array_foreach (probes, i, p) {
        assert_null(json_object_get(seen, js_str(p, "id")));
        js_set_bool(seen, js_str(p, "id"), true);
        json_array_foreach (js_arr(p, "run"), k, step) {
            const char *text = json_string_value(step);
            const char *script = strstr(text, "templates/_probes/");
            assert_non_null(text);
            if (!script)
                continue;
            AUTO_FREE char *file = mem_dupn(script, strcspn(script, " "));
            AUTO_FREE char *cmd = mem_printf("zagent deluge fmt --check %s", file);
            run_ok(cmd);
        }
    }
    shell_write("templates/_probes/probes.yaml", "probes:\n  - {id: X, area: A, question: Q}\n");
    struct run r = shell("zagent doctor --open-questions");
    assert_int_equal(r.status, 2);
    assert_non_null(strstr(r.err, "templates/_probes/probes.yaml:2"));
    run_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_org_where_all_works_has_a_page_of_ok),
        cmocka_unit_test(missing_scopes_are_named_with_the_page_to_accept_them_on),
        cmocka_unit_test(who_may_not_customize_is_told_to_ask_an_administrator),
        cmocka_unit_test(an_org_nobody_signed_in_to_still_gets_its_page),
        cmocka_unit_test(who_writes_now_is_named_and_a_halt_too),
        cmocka_unit_test(names_that_would_drive_the_terminal_are_shown_as_text),
        cmocka_unit_test(the_bundle_for_support_names_nobody),
        cmocka_unit_test(what_is_nearly_full_is_warned_of_from_nine_tenths_on),
        cmocka_unit_test(every_open_question_is_a_probe_a_person_can_run),
    };
    return cmocka_run_group_tests_name("agent/doctor", tests, NULL, NULL);
}
