#include "agent/options.h"

#include "tests/test.h"

static struct app parse(int expected, struct err *e, const char *line)
{
    static char buf[400];
    static char *argv[32];
    int argc = 0;
    snprintf(buf, sizeof buf, "%s", line);
    for (char *p = buf, *save = NULL; (p = strtok_r(argc ? NULL : p, " ", &save)); argc++)
        argv[argc] = p;
    struct app a = {.opts = json_object(), .data = json_object(), .warnings = json_array(), .meta = json_object()};
    memset(e, 0, sizeof *e);
    assert_int_equal(options_parse(&a, argc, argv, e), expected);
    return a;
}

static void release(struct app *a)
{
    free(a->args);
    json_decref(a->opts);
    json_decref(a->data);
    json_decref(a->warnings);
    json_decref(a->meta);
}

static void takes_options_anywhere_after_the_command(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(0, &e, "zagent plan one --target=field/Deals.X two -t module/Y --json");
    assert_string_equal(a.cmd->name, "plan");
    assert_int_equal(a.n_args, 2);
    assert_string_equal(a.args[1], "two");
    assert_int_equal(json_array_size(app_list(&a, "target")), 2);
    assert_true(a.json);
    release(&a);
}

static void prefers_two_words_over_one(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(0, &e, "zagent -C somewhere sandbox status");
    assert_string_equal(a.cmd->name, "sandbox status");
    assert_string_equal(app_text(&a, "directory", ""), "somewhere");
    assert_int_equal(a.n_args, 0);
    release(&a);
}

static void an_unknown_option_never_runs_anything(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(-1, &e, "zagent apply --dryrun");
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.fix, "--dry-run"));
    release(&a);
}

static void a_mistyped_command_is_named_with_the_nearest(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(-1, &e, "zagent paln");
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.fix, "plan"));
    release(&a);
    a = parse(-1, &e, "zagent sandbox strat");
    assert_non_null(strstr(e.fix, "start"));
    release(&a);
}

static void help_of_a_command_is_the_help_command(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(0, &e, "zagent sandbox start --help");
    assert_string_equal(a.cmd->name, "help");
    assert_string_equal(a.args[0], "sandbox start");
    release(&a);
}

static void counts_of_arguments_are_checked(void **state)
{
    (void)state;
    struct err e;
    struct app a = parse(-1, &e, "zagent off");
    assert_int_equal(e.kind, ERR_USAGE);
    release(&a);
    a = parse(-1, &e, "zagent doctor now");
    assert_int_equal(e.kind, ERR_USAGE);
    release(&a);
    a = parse(-1, &e, "zagent sandbox start --port x");
    assert_non_null(strstr(e.what, "whole number"));
    release(&a);
}

static void every_row_of_the_table_is_complete(void **state)
{
    (void)state;
    for (size_t i = 0; i < commands_n; i++) {
        const struct command *c = &commands[i];
        assert_non_null(c->run);
        assert_non_null(c->help);
        assert_ptr_equal(command_find(c->name), c);
        AUTO_FREE char *start = mem_printf("zagent %s", c->name);
        assert_memory_equal(c->example, start, strlen(start));
        for (const struct opt *o = c->opts; o && o->name; o++) {
            assert_true(o->kind == OPT_FLAG ? !o->value : o->value != NULL);
            for (const struct opt *g = global_opts; g->name; g++) {
                assert_string_not_equal(o->name, g->name);
                assert_true(!o->letter || o->letter != g->letter);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_options_anywhere_after_the_command),
        cmocka_unit_test(prefers_two_words_over_one),
        cmocka_unit_test(an_unknown_option_never_runs_anything),
        cmocka_unit_test(a_mistyped_command_is_named_with_the_nearest),
        cmocka_unit_test(help_of_a_command_is_the_help_command),
        cmocka_unit_test(counts_of_arguments_are_checked),
        cmocka_unit_test(every_row_of_the_table_is_complete),
    };
    return cmocka_run_group_tests_name("agent/options", tests, NULL, NULL);
}
