/*
 * What scripts and readers rely on: the JSON envelope, the exit codes, the manual page, the completions, the examples of the
 * command table and of README.md. Everything is taken from the table itself, so a new row is tested the day it is added.
 */
#include <unistd.h>

#include "agent/command.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

static const char *const envelope_keys[] = {"schema", "ok", "command", "data", "warnings", "error", "meta"};
static const char *const error_keys[] = {"code",        "kind",      "message",      "where",
                                         "remediation", "retryable", "side_effects", "exit_code"};

/* One line, one object, the documented members and no other; its exit code is the process's. */
static void check_envelope(const char *cmd, const struct run *r)
{
    struct err e = {0};
    AUTO_JSON json_t *env = js_parse(r->out, strlen(r->out), cmd, &e);
    size_t line = strcspn(r->out, "\n");
    if (!env || !json_is_object(env) || r->out[line] != '\n' || r->out[line + 1])
        fail_msg("%s: not one envelope: %s\n%s\n%s", cmd, e.what, r->out, r->err);
    for (size_t i = 0; i < sizeof envelope_keys / sizeof *envelope_keys; i++)
        if (!json_object_get(env, envelope_keys[i]))
            fail_msg("%s: no '%s' in %s", cmd, envelope_keys[i], r->out);
    assert_int_equal(json_object_size(env), sizeof envelope_keys / sizeof *envelope_keys);
    assert_string_equal(js_str_or(env, "schema", ""), "zagent.envelope/1");
    const json_t *error = js_obj(env, "error");
    if (js_bool(env, "ok", false) != (r->status == 0) || (error == NULL) != (r->status == 0))
        fail_msg("%s: exit %d, but %s", cmd, r->status, r->out);
    for (size_t i = 0; error && i < sizeof error_keys / sizeof *error_keys; i++)
        if (!json_object_get(error, error_keys[i]))
            fail_msg("%s: no error.%s in %s", cmd, error_keys[i], r->out);
    if (error)
        assert_int_equal(js_int(error, "exit_code", -1), r->status);
}

static void check_command(int status, const char *cmd)
{
    struct run r = shell("%s", cmd);
    if (r.status != status)
        fail_msg("%s: exit %d, wanted %d\n%s%s", cmd, r.status, status, r.out, r.err);
    check_envelope(cmd, &r);
    run_release(&r);
}

static void every_command_answers_a_misuse_with_one_envelope(void **state)
{
    (void)state;
    static const char *const misuses[] = {"zagent --json",
                                          "zagent --json frobnicate",
                                          "zagent sandbox --json",
                                          "zagent sandbox strat --json",
                                          "zagent --json --version x --bogus",
                                          "zagent plan --json --org",
                                          "zagent sandbox start --json --port=no"};
    shell_enter("contract-misuse");
    for (size_t i = 0; i < commands_n; i++) {
        AUTO_FREE char *bogus = mem_printf("zagent %s --bogus --json", commands[i].name);
        check_command(2, bogus);
        AUTO_FREE char *help = mem_printf("zagent %s --help --json", commands[i].name);
        check_command(0, help);
        static const char *const args[] = {"", " x", " x x", " x x x"};
        assert_in_range(commands[i].min_args, 0, 3);
        AUTO_FREE char *homeless = mem_printf("zagent -C / %s --json%s", commands[i].name, args[commands[i].min_args]);
        if (commands[i].needs & NEEDS_PROJECT)
            check_command(6, homeless);
    }
    for (size_t i = 0; i < sizeof misuses / sizeof *misuses; i++)
        check_command(2, misuses[i]);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    return at ? mem_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) : mem_dup(text);
}

/* The id of a step that can only be attested, for the example that names one. */
static char *attest_step(void)
{
    AUTO_JSON json_t *env = shell_json(0, "plan quote-bom");
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(js_obj(env, "data"), "steps"), i, step)
        if (!strcmp(js_str_or(step, "channel", ""), "attest"))
            return mem_dup(js_str(step, "id"));
    fail_msg("quote-bom has nothing to attest");
    return NULL;
}

static bool served_until_stopped(const struct command *c)
{
    return !strcmp(c->name, "sandbox start") || !strcmp(c->name, "deluge lsp");
}

/* A command that makes something makes it once; what stops everything is lifted again. */
static void made_again(const struct command *c)
{
    static const struct {
        const char *command, *back;
    } made[] = {{"playbook new", "rm -r templates/on-time"},
                {"playbook remove", "rm -r templates/quote-bom-removal"},
                {"halt", "zagent halt --lift"},
                {"unprotect", "zagent protect field/Quotes.Quote_Stage"}};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        if (strcmp(c->name, made[i].command) != 0)
            continue;
        struct run r = shell("%s", made[i].back);
        assert_int_equal(r.status, 0);
        run_release(&r);
    }
}

/* A self client's code works once: each run gets its own. */
static void run_example(const struct command *c, const char *cmd, struct run *r)
{
    if (!strcmp(c->name, "auth login")) {
        struct run made = shell("umask 077; zagent sandbox code >code.txt");
        assert_int_equal(made.status, 0);
        run_release(&made);
    }
    *r = shell("%s", cmd);
    if (r->status != 0 && r->status != 3)
        fail_msg("%s: exit %d\n%s%s", cmd, r->status, r->out, r->err);
    unlink("code.txt"); /* a used code is a secret all the same */
}

static void every_example_runs_with_and_without_json(void **state)
{
    (void)state;
    shell_enter("contract-examples");
    shell_project();
    json_decref(shell_json(0, "plan quote-bom"));
    json_decref(shell_json(0, "apply --yes"));
    AUTO_FREE char *step = attest_step();
    shell_write("quote.dg", "void automation.quote(String quote_id)\n{\n\tinfo quote_id;\n}\n");
    shell_write("prices.csv", "SKU,Name,Group,Unit,Cost\nA-1,Storage,Battery,pc,3600\n");
    shell_write("org.yaml", "Quotes:\n  - {id: \"5001\", Subject: A quote}\n");
    for (size_t i = 0; i < commands_n; i++) {
        if (served_until_stopped(&commands[i])) /* other tests run it: shell_sandbox, test_lsp */
            continue;
        if (!strcmp(commands[i].name, "promote")) /* needs two orgs: test_environments */
            continue;
        AUTO_FREE char *cmd = replaced(commands[i].example, "1a2b3c4d", step);
        assert_int_equal(strncmp(cmd, "zagent ", 7), 0);
        struct run r;
        run_example(&commands[i], cmd, &r);
        run_release(&r);
        made_again(&commands[i]);
        AUTO_FREE char *json = mem_printf("%s%s", cmd, strstr(cmd, "--json") ? "" : " --json");
        run_example(&commands[i], json, &r);
        check_envelope(json, &r);
        run_release(&r);
        made_again(&commands[i]);
        if (!strcmp(commands[i].name, "sandbox reset")) {
            json_decref(shell_json(0, "plan quote-bom"));
            json_decref(shell_json(0, "apply --yes"));
        }
    }
}

/* ---- help, manual page, completions ---- */

static char *output_of(const char *cmd)
{
    struct run r = shell("%s", cmd);
    assert_int_equal(r.status, 0);
    free(r.err);
    return r.out;
}

static void must_hold(const char *where, const char *text, const char *want)
{
    if (!strstr(text, want))
        fail_msg("%s does not hold '%s'", where, want);
}

static void every_option_stands_in_help_manual_and_completions(void **state)
{
    (void)state;
    shell_enter("contract-options");
    AUTO_FREE char *man = output_of("zagent help man");
    AUTO_FREE char *bash = output_of("zagent completion bash");
    AUTO_FREE char *zsh = output_of("zagent completion zsh");
    AUTO_FREE char *fish = output_of("zagent completion fish");
    AUTO_FREE char *all = output_of("zagent help");
    for (size_t i = 0; i < commands_n; i++) {
        AUTO_FREE char *ask = mem_printf("zagent help %s", commands[i].name);
        AUTO_FREE char *help = output_of(ask);
        AUTO_FREE char *item = mem_printf(".It Cm %s", commands[i].name);
        must_hold("help", all, commands[i].name);
        must_hold("the manual page", man, item);
        must_hold(ask, help, commands[i].example);
        for (const struct opt *o = commands[i].opts; o && o->name; o++) {
            AUTO_FREE char *dashes = mem_printf("--%s", o->name);
            AUTO_FREE char *mdoc = mem_printf("Fl -%s", o->name);
            AUTO_FREE char *fishy = mem_printf("-l %s", o->name);
            must_hold(ask, help, dashes);
            must_hold("the manual page", man, mdoc);
            must_hold("bash completion", bash, dashes);
            must_hold("zsh completion", zsh, dashes);
            must_hold("fish completion", fish, fishy);
        }
    }
    for (const struct opt *o = global_opts; o->name; o++) {
        AUTO_FREE char *dashes = mem_printf("--%s", o->name);
        AUTO_FREE char *mdoc = mem_printf("Fl -%s", o->name);
        AUTO_FREE char *fishy = mem_printf("-l %s", o->name);
        must_hold("help", all, dashes);
        must_hold("the manual page", man, mdoc);
        must_hold("bash completion", bash, dashes);
        must_hold("fish completion", fish, fishy);
    }
}

static void every_exit_code_stands_in_the_manual_page(void **state)
{
    (void)state;
    shell_enter("contract-codes");
    AUTO_FREE char *man = output_of("zagent help man");
    const char *section = strstr(man, ".Sh EXIT STATUS");
    assert_non_null(section);
    for (int k = 0; k < ERR__MAX; k++) {
        AUTO_FREE char *item = mem_printf(".It %d", err_exit_code((enum err_kind)k));
        must_hold("EXIT STATUS", section, item);
    }
}

/* Runs a checker that may be absent; says so then. */
static void check_with(const char *tool, const char *cmd)
{
    struct run r = shell("command -v %s", tool);
    bool there = r.status == 0;
    run_release(&r);
    if (!there) {
        print_message("skipped: %s is not installed\n", tool);
        return;
    }
    r = shell("%s", cmd);
    if (r.status != 0 || r.out[0] || r.err[0])
        fail_msg("%s: exit %d\n%s%s", cmd, r.status, r.out, r.err);
    run_release(&r);
}

static void manual_page_and_completions_are_well_formed(void **state)
{
    (void)state;
    shell_enter("contract-syntax");
    static const char *const make[] = {"zagent help man >zagent.1", "zagent completion bash >zagent.bash",
                                       "zagent completion zsh >_zagent", "zagent completion fish >zagent.fish"};
    for (size_t i = 0; i < sizeof make / sizeof *make; i++) {
        AUTO_FREE char *nothing = output_of(make[i]);
        assert_string_equal(nothing, "");
    }
    check_with("mandoc", "mandoc -Tlint -Wwarning zagent.1");
    check_with("bash", "bash -n zagent.bash");
    check_with("zsh", "zsh -n _zagent");
    check_with("fish", "fish -n zagent.fish");
}

static void the_shells_complete_commands_and_options(void **state)
{
    (void)state;
    shell_enter("contract-complete");
    struct run r =
        shell("zagent completion bash >c && bash -c '. ./c; COMP_WORDS=(zagent apply --dr); COMP_CWORD=2; _zagent; "
              "echo \"${COMPREPLY[@]}\"'");
    assert_string_equal(r.out, "--dry-run\n");
    run_release(&r);
    r = shell(
        "command -v zsh >/dev/null || exit 0; zagent completion zsh >c && zsh -f -c 'autoload -U compinit && compinit "
        "-u "
        "-D; . ./c; emulate sh; COMP_WORDS=(zagent apply --dr); COMP_CWORD=2; _zagent; echo \"${COMPREPLY[@]}\"'");
    /* There the shell itself drops what does not begin with what was typed. */
    if (*r.out && !strstr(r.out, "--dry-run"))
        fail_msg("zsh: %s", r.out);
    if (*r.err)
        fail_msg("zsh: %s", r.err);
    run_release(&r);
}

/* ---- README.md ---- */

/* Nobody sits at this terminal to be asked: what a person would answer is given by option. Caller frees. */
static char *as_nobody(const char *cmd)
{
    static const struct {
        const char *asks, *told;
    } row[] = {
        {"zagent apply", "zagent apply --yes"},
        {"zagent auth login --org main", "umask 077; zagent sandbox code --org main --scope \"$(zagent auth scopes "
                                         "--reader --line)\" >code.txt && zagent auth "
                                         "login --org main --code-file code.txt && rm code.txt"},
        {"zagent auth login --org main --writer",
         "umask 077; zagent sandbox code --org main --scope \"$(zagent auth scopes --writer --line)\" >code.txt && "
         "echo a few "
         "words "
         "nobody guesses >words.txt && zagent auth login --org main --writer --code-file code.txt --passphrase-file "
         "words.txt && rm code.txt"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (!strcmp(cmd, row[i].asks))
            return mem_dup(row[i].told);
    return mem_dup(cmd);
}

/* The command of a line in a block: up to two spaces, without ./; NULL when the line is no zagent command. Caller frees. */
static char *command_in(const char *line, size_t len)
{
    while (len && *line == ' ')
        line++, len--;
    if (len > 2 && !strncmp(line, "./", 2))
        line += 2, len -= 2;
    if (len < 7 || strncmp(line, "zagent ", 7) != 0)
        return NULL;
    AUTO_FREE char *whole = mem_dupn(line, len);
    char *gap = strstr(whole, "  ");
    if (gap)
        *gap = '\0';
    for (char *end = whole + strlen(whole); end > whole && end[-1] == ' ';)
        *--end = '\0';
    return as_nobody(whole);
}

static void every_command_of_the_readme_runs(void **state)
{
    (void)state;
    shell_enter("contract-readme");
    shell_project();
    shell_write("zagent.yaml", "format: 1\norgs:\n  embedded: {sandbox: true}\n  main: {sandbox: true}\n"
                               "default_org: embedded\n");
    AUTO_FREE char *path = mem_printf("%s/README.md", shell_root());
    AUTO_FREE char *text = shell_file(path);
    bool block = false;
    int ran = 0;
    for (char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        if (!strncmp(line, "```", 3))
            block = !block;
        AUTO_FREE char *cmd = block ? command_in(line, len) : NULL;
        if (cmd) {
            struct run r = shell("%s", cmd);
            if (r.status != 0 && r.status != 3)
                fail_msg("README.md: %s: exit %d\n%s%s", cmd, r.status, r.out, r.err);
            run_release(&r);
            ran++;
        }
        line += len + (line[len] == '\n');
    }
    assert_true(ran >= 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_answers_a_misuse_with_one_envelope),
        cmocka_unit_test(every_example_runs_with_and_without_json),
        cmocka_unit_test(every_option_stands_in_help_manual_and_completions),
        cmocka_unit_test(every_exit_code_stands_in_the_manual_page),
        cmocka_unit_test(manual_page_and_completions_are_well_formed),
        cmocka_unit_test(the_shells_complete_commands_and_options),
        cmocka_unit_test(every_command_of_the_readme_runs),
    };
    return cmocka_run_group_tests_name("agent/contract", tests, NULL, NULL);
}
