/* deluge check, explain and fmt, run as a developer would. */
#include <sys/stat.h>

#include "tests/agent/shell.h"
#include "tests/test.h"

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

static void assert_run(const char *command, int status, const char *out, const char *err)
{
    struct run r = shell("%s", command);
    if (r.status != status || !strstr(r.out, out) || !strstr(r.err, err))
        print_message("%s: %d\n%s%s", command, r.status, r.out, r.err);
    assert_int_equal(r.status, status);
    assert_non_null(strstr(r.out, out));
    assert_non_null(strstr(r.err, err));
    run_release(&r);
}

static void the_exit_code_tells_syntax_findings_and_soundness_apart(void **state)
{
    (void)state;
    shell_enter("deluge-check");
    write_file("broken.dg", "x = 1\ninfo x;\n");
    write_file("risky.dg", "info m.get(\"a\").get(\"b\");\n");
    write_file("sound.dg", "info 1;\n");
    assert_run("zagent deluge check broken.dg", 2, "broken.dg:1:6: error DL004", "cannot be read");
    assert_run("zagent deluge check risky.dg sound.dg", 3, "risky.dg:1:17: warning DL036", "1 warning,");
    assert_run("zagent deluge check sound.dg", 0, "", "nothing to mend");
    assert_run("zagent deluge check --syntax-only risky.dg sound.dg", 0, "", "");
    assert_run("zagent deluge check --syntax-only broken.dg sound.dg", 2, "DL004", "");
    assert_run("zagent deluge check absent.dg", 6, "", "absent.dg");
    assert_run("zagent deluge check --format xml sound.dg", 2, "", "text, json or sarif");
}

static void folders_input_and_many_files_are_checked_together(void **state)
{
    (void)state;
    shell_enter("deluge-many");
    mkdir("set", 0755);
    mkdir("set/deep", 0755);
    mkdir("none", 0755);
    write_file("set/a.dg", "void automation.a()\n{\n\tautomation.b(1);\n}\n");
    write_file("set/deep/b.deluge", "void automation.b()\n{\n\tautomation.c();\n}\n");
    write_file("set/notes.txt", "no script\n");
    write_file("broken.dg", "x = 1\n");
    assert_run("zagent deluge check set", 3, "set/a.dg:3:13: error DL084: 'b' takes 0 arguments, not 1", "");
    assert_run("zagent deluge check set", 3, "see set/deep/b.deluge:1", "1 error,");
    assert_run("zagent deluge check --all-functions set", 3, "b.deluge:3:13: warning DL080", "1 warning,");
    assert_run("zagent deluge check --syntax-only set", 0, "", "2 files");
    assert_run("printf 'x = 1' | zagent deluge check --syntax-only -", 2, "stdin:1:6: error DL004", "1 of 1 file");
    assert_run("printf 'info 1;' | zagent deluge check - set/deep", 0, "", "2 files");
    assert_run("printf 'if(a){info 1;}' | zagent deluge fmt -", 0, "if(a)\n{\n\tinfo 1;\n}\n", "");
    assert_run("zagent deluge check none", 6, "", ".dg or .deluge");
}

static void a_file_that_cannot_be_read_hides_no_finding_in_the_others(void **state)
{
    (void)state;
    shell_enter("deluge-unread");
    write_file("broken.dg", "x = 1\n");
    write_file("sound.dg", "info 1;\n");
    assert_run("zagent deluge check absent.dg broken.dg", 2, "broken.dg:1:6", "'absent.dg' does not exist");
    assert_run("zagent deluge check --syntax-only absent.dg gone.dg sound.dg", 6, "", "'absent.dg' does not exist");
    assert_run("zagent deluge check --syntax-only absent.dg gone.dg sound.dg", 6, "", "'gone.dg' does not exist");
}

static void findings_come_as_json_and_sarif(void **state)
{
    (void)state;
    shell_enter("deluge-formats");
    write_file("risky.dg", "info m.get(\"a\").get(\"b\");\n");
    json_t *envelope = shell_json(3, "deluge check risky.dg");
    assert_string_equal(js_str(js_path(envelope, "data.findings[0]"), "rule"), "DL036");
    json_decref(envelope);
    struct run r = shell("zagent deluge check --format sarif risky.dg");
    AUTO_JSON json_t *log = js_parse(r.out, strlen(r.out), "sarif", NULL);
    assert_string_equal(js_str(log, "version"), "2.1.0");
    assert_string_equal(js_str(js_path(log, "runs[0].results[0]"), "ruleId"), "DL036");
    run_release(&r);
    r = shell("zagent deluge check --format json risky.dg");
    AUTO_JSON json_t *rows = js_parse(r.out, strlen(r.out), "json", NULL);
    assert_int_equal(js_int(json_array_get(rows, 0), "column", 0), 17);
    run_release(&r);
}

static void a_snapshot_gives_the_names_of_the_org(void **state)
{
    (void)state;
    shell_enter("deluge-metadata");
    mkdir("snap", 0755);
    mkdir("snap/fields", 0755);
    write_file("snap/modules.json", "[{\"id\":\"1\",\"api_name\":\"Deals\",\"plural_label\":\"Opportunities\"}]\n");
    write_file("snap/fields/Deals.json",
               "[{\"id\":\"2\",\"api_name\":\"Stage\",\"field_label\":\"Phase\",\"pick_list_values\":"
               "[{\"actual_value\":\"Won\",\"display_value\":\"Won!\"}]}]\n");
    write_file("a.dg",
               "x = zoho.crm.createRecord(\"Deals\",{\"Phase\":\"a\",\"Stage\":\"won\"});\ninfo x;\n"
               "info zoho.crm.getRecordById(\"Opportunities\",1);\ninfo zoho.crm.getRecordById(\"Deals\",1);\n");
    assert_run("zagent deluge check --metadata snap a.dg", 3, "did you mean \"Stage\"?", "2 errors, 1 warning,");
    assert_run("zagent deluge check --metadata snap a.dg", 3, "did you mean \"Deals\"?", "");
    assert_run("zagent deluge check --metadata snap a.dg", 3, "did you mean \"Won\"?", "");
    assert_run("zagent deluge check a.dg", 0, "", "");
    assert_run("zagent deluge check --metadata nowhere a.dg", 6, "", "nowhere");
    mkdir("empty", 0755);
    assert_run("zagent deluge check --metadata empty a.dg", 0, "", "empty holds no modules.json");
}

static void fmt_writes_once_and_check_changes_nothing(void **state)
{
    (void)state;
    shell_enter("deluge-fmt");
    write_file("a.dg", "if(a){info 1;} // c\n");
    assert_run("zagent deluge fmt --check a.dg", 3, "would change a.dg", "1 of 1 files");
    assert_run("cat a.dg", 0, "if(a){info 1;} // c\n", "");
    assert_run("zagent deluge fmt a.dg", 0, "formatted a.dg", "");
    assert_run("cat a.dg", 0, "if(a)\n{\n\tinfo 1;\n} // c\n", "");
    assert_run("zagent deluge fmt --check a.dg", 0, "", "");
    write_file("b.dg", "x = ;\n");
    assert_run("zagent deluge fmt b.dg", 2, "DL000", "cannot be formatted");
    assert_run("cat b.dg", 0, "x = ;\n", "");
}

static void a_script_with_mistakes_does_not_keep_fmt_from_the_others(void **state)
{
    (void)state;
    shell_enter("deluge-fmt-several");
    write_file("a.dg", "x = ;\n");
    write_file("b.dg", "info   1;\n");
    assert_run("zagent deluge fmt a.dg b.dg", 2, "formatted b.dg", "1 of 2 files have mistakes");
    assert_run("cat a.dg b.dg", 0, "x = ;\ninfo 1;\n", "");
}

static void explain_knows_every_rule_by_any_case(void **state)
{
    (void)state;
    shell_enter("deluge-explain");
    assert_run("zagent deluge explain dl036", 0, "DL036 (warning)", "");
    assert_run("zagent deluge explain DL999", 6, "", "no rule is called 'DL999'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exit_code_tells_syntax_findings_and_soundness_apart),
        cmocka_unit_test(folders_input_and_many_files_are_checked_together),
        cmocka_unit_test(a_file_that_cannot_be_read_hides_no_finding_in_the_others),
        cmocka_unit_test(findings_come_as_json_and_sarif),
        cmocka_unit_test(a_snapshot_gives_the_names_of_the_org),
        cmocka_unit_test(fmt_writes_once_and_check_changes_nothing),
        cmocka_unit_test(a_script_with_mistakes_does_not_keep_fmt_from_the_others),
        cmocka_unit_test(explain_knows_every_rule_by_any_case),
    };
    return cmocka_run_group_tests_name("agent/deluge", tests, NULL, NULL);
}
