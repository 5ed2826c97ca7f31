#include "agent/ticks.h"
#include "base/digest.h"
#include "plan/kind.h"
#include "plan/spec.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

#define PLAN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define LINES                                                                                                          \
    "playbook: on-time\norg: 42\nplan: " PLAN "\nby: Ada Example\ndate: 2026-11-21\nstep: 1a2b3c4d\nseen: 1a2b3c4d "   \
    "It said no.\nwitness: 1a2b3c4d Bo\nstep: 0badcafe"

static char *with_check(const char *lines)
{
    char hex[65];
    digest_sha256(lines, strlen(lines), hex);
    return mem_printf("-----BEGIN ZAGENT TICKS-----\n%s\ncheck: %.16s\n-----END ZAGENT TICKS-----\n", lines, hex);
}

static void ticks_come_back_as_the_page_made_them(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_FREE char *text = with_check(LINES);
    AUTO_JSON json_t *t = ticks_parse(text, &e);
    assert_non_null(t);
    assert_string_equal(js_str(t, "by"), "Ada Example");
    const json_t *steps = js_obj(t, "steps");
    assert_int_equal(json_object_size(steps), 2);
    assert_string_equal(js_str(json_object_get(steps, "1a2b3c4d"), "seen"), "It said no.");
    assert_string_equal(js_str(json_object_get(steps, "1a2b3c4d"), "witness"), "Bo");
}

static void a_quoted_mail_with_other_line_ends_is_read(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_FREE char *plain = with_check(LINES);
    AUTO_FREE char *mail = mem_dup("Hello,\r\nhere it is.\r\n\r\n");
    for (char *line = plain, *end; *line; line = end) {
        end = strchr(line, '\n') + 1;
        char *more = mem_printf("%s> > %.*s  \r\n", mail, (int)(end - line - 1), line);
        free(mail);
        mail = more;
    }
    AUTO_JSON json_t *t = ticks_parse(mail, &e);
    if (!t)
        fail_msg("%s", e.what);
    assert_int_equal(json_object_size(js_obj(t, "steps")), 2);
}

static void a_changed_or_cut_file_is_refused(void **state)
{
    (void)state;
    AUTO_FREE char *good = with_check(LINES);
    for (size_t i = 0; good[i]; i++) { /* any one byte of what counts */
        if (strchr("\n> ", good[i]))
            continue;
        struct err e = {0};
        AUTO_FREE char *bad = mem_dup(good);
        bad[i] = bad[i] == 'x' ? 'y' : 'x';
        AUTO_JSON json_t *t = ticks_parse(bad, &e);
        if (t)
            fail_msg("byte %zu can be changed: %s", i, bad);
    }
    for (size_t n = 0; n < strlen(good) - 1; n++) {
        struct err e = {0};
        AUTO_FREE char *cut = mem_dupn(good, n);
        AUTO_JSON json_t *t = ticks_parse(cut, &e);
        if (t)
            fail_msg("it can be cut at %zu", n);
    }
}

static void what_no_page_writes_is_refused_although_its_check_is_right(void **state)
{
    (void)state;
    static const struct {
        const char *lines, *what;
    } bad[] = {
        {"playbook: a\norg: 1\nplan: x\nby: b\ndate: d", "nothing is ticked"},
        {"org: 1\nplan: x\nby: b\ndate: d\nstep: 1a2b3c4d", "'playbook'"},
        {"playbook: a\norg: 1\nplan: x\nby: b\ndate: d\nstep: 1a2b3c4", "names no step"},
        {"playbook: a\norg: 1\nplan: x\nby: b\ndate: d\nstep: 1a2b3c4d\nrun: rm", "no line of a ticked guide"},
        {"playbook: a\norg: 1\nplan: x\ndate: d\nstep: 1a2b3c4d", "'by'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        AUTO_FREE char *text = with_check(bad[i].lines);
        assert_null(ticks_parse(text, &e));
        if (!strstr(e.what, bad[i].what))
            fail_msg("'%s' does not hold '%s'", e.what, bad[i].what);
    }
    struct err e = {0};
    assert_null(ticks_parse("{\"steps\": []}", &e));
    assert_int_equal(e.kind, ERR_PARSE);
}

static void ticks_of_another_org_plan_or_playbook_are_refused(void **state)
{
    (void)state;
    AUTO_JSON json_t *plan =
        json_loads("{\"playbooks\":[\"on-time\",\"other\"],\"steps\":["
                   "{\"id\":\"1a2b3c4d\",\"address\":\"manual/A\",\"playbook\":\"on-time\"},"
                   "{\"id\":\"0badcafe\",\"address\":\"manual/B\",\"playbook\":\"other\",\"also\":[\"on-time\"]},"
                   "{\"id\":\"99999999\",\"address\":\"manual/C\",\"playbook\":\"other\"}]}",
                   0, NULL);
    struct err e = {0};
    AUTO_FREE char *text = with_check(LINES);
    AUTO_JSON json_t *t = ticks_parse(text, &e);
    assert_int_equal(ticks_check(t, plan, PLAN, "42", &e), 0);
    assert_int_equal(ticks_check(t, plan, PLAN, "43", &e), -1);
    assert_non_null(strstr(e.what, "another org"));
    err_clear(&e);
    assert_int_equal(ticks_check(t, plan, "ff", "42", &e), -1);
    assert_non_null(strstr(e.what, "another plan"));
    err_clear(&e);
    js_set(js_obj(t, "steps"), "99999999", json_object());
    assert_int_equal(ticks_check(t, plan, PLAN, "42", &e), -1);
    assert_non_null(strstr(e.what, "step 99999999 is none of on-time"));
    err_clear(&e);
    js_set_str(t, "playbook", "third");
    assert_int_equal(ticks_check(t, plan, PLAN, "42", &e), -1);
}

static void a_negative_test_wants_words_and_somebody_else(void **state)
{
    (void)state;
    AUTO_JSON json_t *told =
        json_loads("{\"address\":\"manual/A\",\"hand\":{\"negative\":\"It must say no.\"}}", 0, NULL);
    AUTO_JSON json_t *free_of = json_loads("{\"address\":\"manual/B\",\"hand\":{}}", 0, NULL);
    static const struct {
        const char *seen, *witness;
        int rc;
    } rows[] = {{NULL, "Bo", -1}, {"", "Bo", -1}, {"no", NULL, -1}, {"no", "", -1}, {"no", "Ada", -1}, {"no", "Bo", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        assert_int_equal(ticks_witnessed(told, "Ada", rows[i].seen, rows[i].witness, &e), rows[i].rc);
        assert_int_equal(ticks_witnessed(free_of, "Ada", rows[i].seen, rows[i].witness, &e), 0);
    }
}

static void every_kind_a_person_does_is_read_back_or_attested_with_a_test_that_must_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < kinds_n; i++) {
        if (kinds[i].cls == KIND_REFERENCE)
            continue;
        if (kinds[i].cls != KIND_ATTEST && !*kinds[i].spec->list && strcmp(kinds[i].name, "records") != 0)
            fail_msg("%s: nothing is read, and nobody attests", kinds[i].name);
        AUTO_FREE char *path = mem_printf("%s/templates/_guide/en/%s.md.mustache", shell_root(), kinds[i].name);
        AUTO_FREE char *wording = shell_file(path);
        if (!strstr(wording, "{{$negative}}") || strstr(wording, "{{$negative}}\n{{/negative}}"))
            fail_msg("%s: its wording says nothing that must fail", kinds[i].name);
    }
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ticks_come_back_as_the_page_made_them),
        cmocka_unit_test(a_quoted_mail_with_other_line_ends_is_read),
        cmocka_unit_test(a_changed_or_cut_file_is_refused),
        cmocka_unit_test(what_no_page_writes_is_refused_although_its_check_is_right),
        cmocka_unit_test(ticks_of_another_org_plan_or_playbook_are_refused),
        cmocka_unit_test(a_negative_test_wants_words_and_somebody_else),
        cmocka_unit_test(every_kind_a_person_does_is_read_back_or_attested_with_a_test_that_must_fail),
    };
    return cmocka_run_group_tests_name("agent/ticks", tests, NULL, NULL);
}
