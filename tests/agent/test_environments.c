/* Two orgs over one project: each its own store, zgid and history; what passed in one is planned for the other. */
#include <signal.h>

#include "agent/promote.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void what_differs_between_two_plans_is_named_by_address(void **state)
{
    (void)state;
    AUTO_JSON json_t *a = parse("{\"steps\":[{\"address\":\"field/A.X\",\"declared\":{\"l\":1}},"
                                "{\"address\":\"field/A.Y\",\"declared\":{\"l\":1}},"
                                "{\"address\":\"function/f\",\"declared\":{},\"artifact\":{\"sha256\":\"1\"}},"
                                "{\"address\":\"records/R\",\"kind\":\"records\",\"declared\":{\"rows\":[1]}}]}");
    AUTO_JSON json_t *b = parse("{\"steps\":[{\"address\":\"field/A.X\",\"declared\":{\"l\":1}},"
                                "{\"address\":\"function/f\",\"declared\":{},\"artifact\":{\"sha256\":\"2\"}},"
                                "{\"address\":\"field/A.Z\",\"declared\":{\"l\":1}},"
                                "{\"address\":\"records/R\",\"kind\":\"records\",\"declared\":{\"rows\":[2]}}]}");
    AUTO_JSON json_t *d = promote_differences(a, b);
    AUTO_JSON json_t *want = parse("[\"field/A.Y\",\"function/f\",\"field/A.Z\"]");
    AUTO_JSON json_t *none = promote_differences(a, a);
    assert_true(json_equal(d, want));
    assert_int_equal(json_array_size(none), 0);
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

static const char two_orgs[] = "format: 1\norgs:\n  stage: {sandbox: true, of: main}\n  main: {sandbox: true, "
                               "production: true, context: context/main}\n";

static void environment(const char *name)
{
    shell_enter(name);
    shell_small_project();
    struct run r = shell("rm -r templates/small; mkdir -p templates/env context/main");
    run_release(&r);
    shell_write("zagent.yaml", two_orgs);
    shell_write("context/rollout.md",
                "# Rollout\n\n## Settings\n\n| Setting | Value |\n| --- | --- |\n| length | 60 |\n"
                "| hint | type it |\n");
    shell_write(
        "templates/env/playbook.yaml",
        "format: 1\nname: env\ntitle: E\nsolves: [P1]\ninputs:\n"
        "  length: {type: integer, from: \"rollout.md#Settings\", row: length}\n"
        "  hint: {type: text, from: \"rollout.md#Settings\", row: hint}\nresources:\n"
        "  - address: field/Deals.Handover_Note\n    body: {field_label: Handover Note, data_type: text, length: "
        "\"{{length}}\", tooltip: {name: info_icon, value: \"{{hint}}\"}}\n"
        "  - address: field/Deals.Handover_By\n    body: {field_label: Handover By, data_type: text, length: 40}\n");
}

static void what_passed_in_one_org_is_planned_for_the_other(void **state)
{
    (void)state;
    environment("env-promote");
    expect(8, "", "was not applied in 'stage'", "zagent promote env");
    /* Without a name the stage is meant, never production. */
    AUTO_JSON json_t *plan = shell_json(0, "plan env");
    AUTO_JSON json_t *there = shell_json(0, "plan env --org main");
    const char *stage = js_str(js_path(plan, "data.org"), "zgid"),
               *main_org = js_str(js_path(there, "data.org"), "zgid");
    assert_string_not_equal(stage, main_org);
    json_decref(shell_json(0, "plan env"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *promoted = shell_json(0, "promote");
    assert_int_equal(js_int(js_path(promoted, "data.summary"), "api", 0), 2);
    assert_string_equal(js_str(js_path(promoted, "data.org"), "zgid"), main_org);
    assert_string_equal(js_str(js_path(promoted, "data.promoted"), "run"), "R1");
    assert_int_equal(json_array_size(js_path(promoted, "data.differs")), 0);
    expect(8, "", "the plan was made for org", "zagent apply --yes");
    expect(8, "", "is production", "zagent apply --yes --org main");
    /* What is in place there is said of that org only. */
    expect(0, "0 of 2 in place", "", "zagent status --org main");
    expect(0, "2 of 2 in place", "", "zagent status --org stage");
    expect(0, "2 done", "", "zagent apply --yes --org main --production main");
    expect(0, "2 of 2 in place", "", "zagent status --org main");
    expect(0, "Nothing to do", "", "zagent promote env");
    expect(0, "", "", "zagent log --check");
}

static void what_changed_since_it_passed_stops_and_is_named(void **state)
{
    (void)state;
    environment("env-changed");
    json_decref(shell_json(0, "plan env"));
    json_decref(shell_json(0, "apply --yes"));
    struct run r =
        shell("cp templates/env/playbook.yaml kept; sed -i 's/length: 40/length: 50/' templates/env/playbook.yaml");
    run_release(&r);
    expect(8, "field Deals.Handover_By", "templates changed since R1 passed in 'stage'; 1 step is not the same",
           "zagent promote env");
    r = shell("mv kept templates/env/playbook.yaml; sed -i 's/type it/say it/' context/rollout.md");
    run_release(&r);
    expect(8, "field Deals.Handover_Note", "context changed since R1", "zagent promote env");
    r = shell("sed -i 's/say it/type it/' context/rollout.md");
    run_release(&r);
    /* An org's own words differ by intent: told, and planned. */
    shell_write("context/main/rollout.md",
                "# Rollout\n\n## Settings\n\n| Setting | Value |\n| --- | --- |\n| length | 80 |\n");
    AUTO_JSON json_t *own = shell_json(0, "promote env");
    assert_int_equal(json_array_size(js_path(own, "data.differs")), 1);
    AUTO_JSON json_t *plan = shell_json(0, "show --details");
    AUTO_FREE char *text = json_dumps(plan, JSON_SORT_KEYS);
    assert_non_null(strstr(text, "\"80\""));
    assert_non_null(strstr(text, "type it"));
    /* Taken back in the stage, it has not passed any more. */
    json_decref(shell_json(0, "rollback R1 --yes --delete-created --org stage"));
    expect(8, "", "was not applied in 'stage'", "zagent promote env");
}

static void what_a_change_set_deployed_is_adopted_and_not_made_again(void **state)
{
    (void)state;
    environment("env-change-set");
    json_decref(shell_json(0, "plan env"));
    json_decref(shell_json(0, "apply --yes"));
    pid_t pid = shell_spawn("zagent sandbox start --org main >sandbox.out 2>&1");
    struct run r =
        shell("n=0; while [ ! -s .zagent/sandbox-main.json ] && [ $n -lt 600 ]; do n=$((n + 1)); sleep 0.1; done");
    run_release(&r);
    AUTO_FREE char *note = shell_file(".zagent/sandbox-main.json");
    AUTO_JSON json_t *info = parse(note);
    struct client c;
    client_join(&c, info);
    json_decref(client_call(&c, 201, "POST", "/crm/v8/settings/fields?module=Deals",
                            "{\"fields\":[{\"field_label\":\"Handover By\",\"data_type\":\"text\",\"length\":40}]}"));
    client_down(&c);
    AUTO_JSON json_t *promoted = shell_json(0, "promote env");
    assert_int_equal(js_int(js_path(promoted, "data.summary"), "api", 0), 1);
    assert_true(has(js_path(promoted, "data.adopted"), "address", "field/Deals.Handover_By"));
    AUTO_JSON json_t *again = shell_json(0, "promote env");
    assert_int_equal(json_array_size(js_path(again, "data.adopted")), 0);
    expect(0, "", "", "grep 'there already and equal' BUILD_LOG.md");
    expect(0, "1 of 2 in place", "", "zagent status --org main");
    kill(pid, SIGTERM);
    assert_int_equal(shell_wait(pid), 0);
}

static void orgs_that_make_no_sense_are_refused_with_their_place(void **state)
{
    (void)state;
    environment("env-conf");
    static const struct {
        const char *orgs, *said;
    } cases[] = {
        {"{a: {sandbox: true, of: b}}", "which is no other org here"},
        {"{a: {sandbox: true, of: a}}", "which is no other org here"},
        {"{a: {sandbox: true, context: ../x}}", "leaves the project"},
        {"{a: {sandbox: true, contexts: x}}", "did you mean 'context'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_FREE char *conf = mem_printf("format: 1\norgs: %s\n", cases[i].orgs);
        shell_write("zagent.yaml", conf);
        expect(2, "", cases[i].said, "zagent status");
    }
    shell_write("zagent.yaml", "format: 1\norgs: {a: {sandbox: true}, b: {sandbox: true}}\n");
    expect(2, "", "production: true at one org", "zagent promote env");
    expect(2, "", "where did it pass", "zagent promote env --to a --from a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_differs_between_two_plans_is_named_by_address),
        cmocka_unit_test(what_passed_in_one_org_is_planned_for_the_other),
        cmocka_unit_test(what_changed_since_it_passed_stops_and_is_named),
        cmocka_unit_test(what_a_change_set_deployed_is_adopted_and_not_made_again),
        cmocka_unit_test(orgs_that_make_no_sense_are_refused_with_their_place),
    };
    return cmocka_run_group_tests_name("agent/environments", tests, NULL, NULL);
}
