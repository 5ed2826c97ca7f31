/*
 * Canaries: a text of its own in every place of a secret, then everything zagent does. tests/canary.sh runs after all tests and
 * searches what they left behind; the search here is the same one, at once, over this test's folder.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

/* Plain words, so that no shape gives them away: only a secret's place does. */
#define CANARY_CLIENT  "canaryClientSecretQ7wZ"
#define CANARY_REFRESH "canaryRefreshTokenK4xB"
#define CANARY_WRITER  "canaryWriterTokenM9tR"
/* Shaped as Zoho's tokens are: found wherever it stands. */
#define CANARY_CONTEXT "1000.c0ffee00c0ffee00c0ffee00c0ffee01.beefbeefbeefbeefbeefbeefbeefbee2"
#define CANARY_ENV     "canaryEnvironmentV2pL"

static void plant(const char *canary)
{
    AUTO_FREE char *path = mem_printf("%s/build/test-canaries", shell_root());
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    fprintf(f, "%s\n", canary);
    assert_int_equal(fclose(f), 0);
}

static void search(const char *canaries)
{
    AUTO_FREE char *cmd = mem_printf("%s/tests/canary.sh %s 2>&1", shell_root(), canaries);
    struct run r = shell("%s", cmd);
    if (r.status != 0)
        fail_msg("%s", r.out);
    run_release(&r);
}

static void credential(const char *name, const char *refresh)
{
    AUTO_FREE char *path = mem_printf("home/state/zagent/%s", name);
    AUTO_FREE char *text = mem_printf("{\"client_id\":\"1000.TEST\",\"client_secret\":\"%s\",\"refresh_token\":\"%s\"}",
                                      CANARY_CLIENT, refresh);
    shell_write(path, text);
    assert_int_equal(chmod(path, 0600), 0);
}

static void a_real_orgs_credential_stays_in_its_file(void **state)
{
    (void)state;
    shell_enter("secrets-credential");
    plant(CANARY_CLIENT);
    plant(CANARY_REFRESH);
    plant(CANARY_WRITER);
    plant(CANARY_ENV);
    shell_small_project();
    shell_write("zagent.yaml", "format: 1\norgs:\n  real: {dc: eu}\n");
    struct run r = shell("mkdir -p home/state/zagent && chmod 700 home/state/zagent");
    run_release(&r);
    credential("real.reader.json", CANARY_REFRESH);
    credential("real.writer.json", CANARY_WRITER);
    /* Nothing leaves this machine: the way out is a closed port here. */
    static const char *const cmds[] = {"plan",        "doctor",          "verify", "status",
                                       "apply --yes", "apply --dry-run", "resume"};
    for (size_t i = 0; i < sizeof cmds / sizeof *cmds; i++)
        for (int json = 0; json < 2; json++) {
            AUTO_FREE char *out = mem_printf("seen.%zu.%d", i, json);
            r = shell(
                "https_proxy=http://127.0.0.1:9 ALL_PROXY=http://127.0.0.1:9 ZAGENT_TOKEN=%s ZAGENT_CLIENT_SECRET=%s "
                "zagent %s --org real%s >%s 2>&1",
                CANARY_ENV, CANARY_ENV, cmds[i], json ? " --json" : "", out);
            assert_int_not_equal(r.status, 0);
            run_release(&r);
        }
    /* A credential that others may read is refused, without showing it. */
    assert_int_equal(chmod("home/state/zagent/real.reader.json", 0644), 0);
    r = shell("zagent doctor --org real >seen.mode 2>&1");
    assert_int_not_equal(r.status, 0);
    run_release(&r);
    r = shell("rm -r home/state/zagent/real.*.json"); /* their home; what is searched is everything else */
    run_release(&r);
    search(CANARY_CLIENT " " CANARY_REFRESH " " CANARY_WRITER " " CANARY_ENV);
}

/* Every secret the sandbox made up, and every token it minted, read from their homes. */
static void the_sandboxs_secrets_stay_in_their_homes(void **state)
{
    (void)state;
    shell_enter("secrets-sandbox");
    shell_project();
    shell_sandbox(NULL);
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = json_loads(note, 0, NULL);
    static const char *const cmds[] = {"plan quote-bom --json",
                                       "apply --dry-run --json",
                                       "apply --yes",
                                       "doctor --json",
                                       "sandbox ui",
                                       "apply --yes --json",
                                       "verify",
                                       "log",
                                       "status --json",
                                       "off quote-bom",
                                       "on quote-bom"};
    for (size_t i = 0; i < sizeof cmds / sizeof *cmds; i++) {
        struct run r = shell("zagent %s >seen.%zu 2>&1", cmds[i], i);
        assert_true(r.status == 0 || r.status == 3);
        run_release(&r);
    }
    AUTO_FREE char *reader = shell_file(".zagent/embedded.reader.token");
    AUTO_FREE char *writer = shell_file(".zagent/embedded.writer.token");
    AUTO_JSON json_t *r = json_loads(reader, 0, NULL);
    AUTO_JSON json_t *w = json_loads(writer, 0, NULL);
    const char *secrets[] = {js_str(info, "client_secret"), js_str(info, "refresh_token"), js_str(r, "access_token"),
                             js_str(w, "access_token")};
    AUTO_SB struct sb all = SB_INIT(4000);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        assert_non_null(secrets[i]);
        plant(secrets[i]);
        sb_addf(&all, "%s ", secrets[i]);
    }
    shell_sandbox_stop();
    search(all.buf);
}

static void a_token_in_a_context_file_is_refused_by_its_place(void **state)
{
    (void)state;
    shell_enter("secrets-context");
    plant(CANARY_CONTEXT);
    struct run r =
        shell("zagent init --quiet && mkdir -p templates/one && printf '# Rows\\n\\n## Notes\\n\\n| Key | Note |\\n| "
              "--- | --- |\\n| a | " CANARY_CONTEXT " |\\n' >context/notes.md && printf 'format: 1\\nname: "
              "one\\ntitle: T\\nsolves: [P1]\\ninputs:\\n  notes: {type: table, from: \"notes.md#Notes\"}\\n"
              "artifacts:\\n  - {path: note.md, template: note.md.mustache}\\nresources:\\n  - address: "
              "field/Deals.Noted\\n    body:\\n      field_label: Noted\\n      data_type: picklist\\n      "
              "pick_list_values: {$each: notes, $item: {display_value: \"{{note}}\", actual_value: "
              "\"{{note}}\"}}\\n' >templates/one/playbook.yaml && printf '{{#notes}}{{note}}{{/notes}}\\n' "
              ">templates/one/note.md.mustache");
    assert_int_equal(r.status, 0);
    run_release(&r);
    static const char *const cmds[] = {
        "context check",   "context show", "context show --json", "plan one", "plan one --json",
        "apply --dry-run", "show",         "apply --yes",         "guide",    "status --json"};
    for (size_t i = 0; i < sizeof cmds / sizeof *cmds; i++) {
        r = shell("zagent %s >seen.%zu 2>&1", cmds[i], i);
        run_release(&r);
    }
    AUTO_FREE char *plan = shell_file("seen.3");
    assert_non_null(strstr(plan, "context/notes.md:7:"));
    assert_non_null(strstr(plan, "looks like a credential"));
    r = shell("rm context/notes.md"); /* where a person put it */
    run_release(&r);
    search(CANARY_CONTEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_real_orgs_credential_stays_in_its_file),
        cmocka_unit_test(the_sandboxs_secrets_stay_in_their_homes),
        cmocka_unit_test(a_token_in_a_context_file_is_refused_by_its_place),
    };
    return cmocka_run_group_tests_name("agent/secrets", tests, NULL, NULL);
}
