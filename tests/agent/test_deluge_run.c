/* deluge run and deluge test, as a developer would use them. */
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

static const char stage[] = "void automation.stage(Int dealId)\n{\n"
                            "\tdeal = zoho.crm.getRecordById(\"Deals\",dealId);\n"
                            "\tinfo standalone.label(deal.get(\"Stage\"));\n"
                            "\tx = zoho.crm.updateRecord(\"Deals\",dealId,{\"Stage\":\"Won\"});\n}\n";
static const char label[] = "string standalone.label(string s)\n{\n\treturn \"[\" + s + \"]\";\n}\n";

static void a_run_prints_its_trace_and_where_it_failed(void **state)
{
    (void)state;
    shell_enter("deluge-run");
    write_file("stage.dg", stage);
    write_file("label.dg", label);
    write_file("org.yaml", "records: {Deals: [{id: \"1\", Stage: Open}]}\n");
    assert_run("zagent deluge run stage.dg --with label.dg --records org.yaml --input dealId=1", 0,
               "info    [Open]\ncall    getRecordById Deals 1\ncall    updateRecord Deals 1\n"
               "write   {\"task\":\"updateRecord\",\"module\":\"Deals\",\"id\":\"1\",\"values\":{\"Stage\":\"Won\"}}",
               "2 API calls; nothing left this machine");
    assert_run("zagent deluge run stage.dg --records org.yaml --input dealId=1", 3,
               "stage.dg:4:18: Not able to find 'standalone.label' function\n    in stage (stage.dg:4:18)", "");
    assert_run("zagent deluge run stage.dg --input deal=1", 3, "'stage' has no argument 'deal', it takes dealId", "");
    assert_run("zagent deluge run stage.dg --input dealId=x", 3, "\"x\" is no number", "stage.dg:1:23");
}

static void a_key_of_the_records_file_that_would_do_nothing_is_refused(void **state)
{
    (void)state;
    shell_enter("deluge-run-records");
    write_file("f.dg", "void automation.f()\n{\n\tinfo zoho.adminuserid;\n}\n");
    write_file("org.json", "{\"Deals\": [{\"id\": \"1\"}]}");
    assert_run("zagent deluge run f.dg --records org.json", 2, "", "write its records below 'records:'");
    write_file("org.json", "{\"record\": {}}");
    assert_run("zagent deluge run f.dg --records org.json", 2, "", "did you mean 'records'?");
    write_file("org.json", "{\"user\": \"a@example.org\"}");
    assert_run("zagent deluge run f.dg --records org.json", 3, "write it under admin:", "");
    write_file("org.json", "{\"admin\": \"owner@example.org\"}");
    assert_run("zagent deluge run f.dg --records org.json", 0, "info    owner@example.org", "");
}

static void a_long_text_of_the_trace_ends_at_a_whole_character(void **state)
{
    (void)state;
    shell_enter("deluge-run-trace");
    write_file("f.dg", "x = zoho.crm.searchRecords(\"Leads\",\"(City:equals:\" + repeat(\"ü\",200) + \")\");\n");
    assert_run("zagent deluge run f.dg", 0, "üü… -> 0 rows", "");
    assert_run("zagent deluge run f.dg --json", 0, "üü… -> 0 rows", "");
    write_file("f.dg", "x = "
                       "zoho.crm.searchRecords(\"Leads\",\"((Lead_Status:equals:Open)and(Created_Time:less_than:2026-"
                       "10-01T00:00:00+02:00))\");\n");
    assert_run("zagent deluge run f.dg", 0, "2026-10-01T00:00:00+02:00)) -> 0 rows", "");
}

static void scripts_beside_the_test_file_answer_by_name(void **state)
{
    (void)state;
    shell_enter("deluge-test");
    mkdir("crm", 0755);
    write_file("crm/stage.dg", stage);
    write_file("crm/label.dg", label);
    write_file("crm/stage.test.yaml",
               "format: 1\nwith: [label.dg]\nrecords: {Deals: [{id: \"1\", Stage: Open}]}\ncases:\n"
               "  - {name: won, input: {dealId: 1}, expect: {info: [\"[Open]\"], writes: [{task: updateRecord, module: "
               "Deals, id: 1, values: {Stage: Won}}]}}\n");
    assert_run("zagent deluge test crm/stage.dg --coverage lcov.info --junit junit.xml", 0,
               "crm/stage.dg: 1/1 tests, 100 % lines", "");
    assert_run("cat lcov.info", 0, "SF:crm/stage.dg\n", "");
    assert_run("cat junit.xml", 0, "<testcase classname=\"crm/stage.dg\" name=\"won\"/>", "");
    write_file("crm/stage.test.yaml", "format: 1\nwith: [absent.dg]\ncases: [{name: won}]\n");
    assert_run("zagent deluge test crm/stage.dg", 6, "", "crm/absent.dg");
    write_file("crm/stage.test.yaml", "format: 1\nwith: [{a: b}]\ncases: [{name: won}]\n");
    assert_run("zagent deluge test crm/stage.dg", 2, "", "'with' lists names of script files");
}

static void a_folder_stands_for_the_tests_below_it(void **state)
{
    (void)state;
    shell_enter("deluge-test-folder");
    mkdir("crm", 0755);
    mkdir("crm/more", 0755);
    assert_run("zagent deluge test crm", 6, "", "no function test stands below 'crm'");
    write_file("crm/a.dg", label);
    write_file("crm/more/b.deluge", label);
    const char *cases = "format: 1\ncases:\n  - {name: x, input: {s: x}, expect: {return: \"[x]\"}}\n";
    write_file("crm/a.test.yaml", cases);
    write_file("crm/more/b.test.yaml", cases);
    assert_run("zagent deluge test crm", 0, "crm/a.dg: 1/1 tests", "");
    assert_run("zagent deluge test .", 0, "crm/more/b.deluge: 1/1 tests", "");
    assert_run("zagent deluge test crm --json", 0, "\"cases\":2", "");
}

static void explain_alone_lists_every_rule(void **state)
{
    (void)state;
    shell_enter("deluge-explain");
    assert_run("zagent deluge explain", 0, "DL036  warning  get on what get gave, unchecked\n", "");
    assert_run("zagent deluge explain", 0, "DL099  error ", "");
    assert_run("zagent deluge explain DL999", 6, "", "'zagent deluge explain' lists them");
}

static void functions_of_a_playbook_call_each_other(void **state)
{
    (void)state;
    shell_enter("deluge-playbook");
    assert_run("zagent init", 0, "", "");
    mkdir("templates", 0755);
    mkdir("templates/mini", 0755);
    write_file("templates/mini/stage.dg.mustache", stage);
    write_file("templates/mini/label.dg.mustache", "string standalone.label(string s)\n{\n"
                                                   "\treturn \"[\" + standalone.trimmed(s) + \"]\";\n}\n");
    write_file("templates/mini/trimmed.dg.mustache", "string standalone.trimmed(string s)\n{\n\treturn s.trim();\n}\n");
    write_file("templates/mini/stage.test.yaml",
               "format: 1\nfunction: stage\nrecords: {Deals: [{id: \"1\", Stage: \" Open \"}]}\ncases:\n"
               "  - {name: won, input: {dealId: 1}, expect: {info: [\"[Open]\"], writes: $any}}\n");
    write_file(
        "templates/mini/playbook.yaml",
        "format: 1\nname: mini\ntitle: Mini\nsolves: []\nsummary: Functions that call each other.\nresources:\n"
        "  - address: function/stage\n    source: stage.dg.mustache\n    tests: stage.test.yaml\n"
        "    body: {name: Stage, api_name: stage, category: automation, language: deluge, description: x}\n"
        "  - address: function/label\n    source: label.dg.mustache\n"
        "    body: {name: Label, api_name: label, category: standalone, language: deluge, description: x}\n"
        "  - address: function/trimmed\n    source: trimmed.dg.mustache\n"
        "    body: {name: Trimmed, api_name: trimmed, category: standalone, language: deluge, description: x}\n");
    assert_run("zagent deluge test mini", 0, "templates/mini/stage.dg.mustache: 1/1 tests", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_prints_its_trace_and_where_it_failed),
        cmocka_unit_test(a_key_of_the_records_file_that_would_do_nothing_is_refused),
        cmocka_unit_test(a_long_text_of_the_trace_ends_at_a_whole_character),
        cmocka_unit_test(scripts_beside_the_test_file_answer_by_name),
        cmocka_unit_test(a_folder_stands_for_the_tests_below_it),
        cmocka_unit_test(explain_alone_lists_every_rule),
        cmocka_unit_test(functions_of_a_playbook_call_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
