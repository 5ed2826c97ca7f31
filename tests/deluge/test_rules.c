#include "base/fs.h"
#include "base/js.h"
#include "base/mem.h"
#include "deluge/check.h"
#include "deluge/names.h"
#include "deluge/parse.h"
#include "deluge/rules.h"

#include "tests/test.h"

static void every_rule_says_what_why_what_to_do_and_from_where(void **state)
{
    (void)state;
    for (size_t i = 0; i < dg_rules_n; i++) {
        const struct dg_rule *r = &dg_rules[i];
        assert_int_equal(strlen(r->id), 5);
        assert_true(i == 0 || strcmp(dg_rules[i - 1].id, r->id) < 0);
        assert_true(strlen(r->title) > 4 && strlen(r->reason) > 10 && strlen(r->source) > 5);
        assert_true(strlen(r->fix) > 8 && r->fix[strlen(r->fix) - 1] != '.');
        assert_ptr_equal(dg_rule_find(r->id), r);
    }
    assert_ptr_equal(dg_rule_find("dl036"), dg_rule_find("DL036"));
    assert_null(dg_rule_find("DL999"));
}

/* A rule without a case is a rule nobody has seen at work. */
static void every_rule_has_a_case(void **state)
{
    (void)state;
    static const char *const folders[] = {"tests/deluge/cases", "tests/deluge/syntax"};
    /* DL062, DL063: test_meta; DL080: test_library; DL067, DL083, DL099: below and test_parse */
    static const char *const elsewhere[] = {"DL062", "DL063", "DL067", "DL080", "DL083", "DL099"};
    AUTO_SB struct sb all = SB_INIT(1 << 20);
    for (size_t k = 0; k < 2; k++) {
        char **names;
        size_t n;
        assert_int_equal(fs_list(folders[k], &names, &n, NULL), 0);
        for (size_t i = 0; i < n; i++) {
            AUTO_FREE char *path = mem_printf("%s/%s", folders[k], names[i]);
            AUTO_FREE char *text = NULL;
            size_t len;
            assert_int_equal(fs_read(path, 1 << 20, &text, &len, NULL), 0);
            if (k == 0 || strstr(names[i], ".txt"))
                sb_add(&all, text);
        }
        fs_list_free(names, n);
    }
    for (size_t i = 0; i < dg_rules_n; i++) {
        bool found = false;
        for (size_t k = 0; k < sizeof elsewhere / sizeof *elsewhere; k++)
            found = found || strcmp(elsewhere[k], dg_rules[i].id) == 0;
        if (!found && !strstr(all.buf, dg_rules[i].id))
            fail_msg("no case has %s", dg_rules[i].id);
    }
}

static void the_rules_page_lists_every_rule(void **state)
{
    (void)state;
    AUTO_FREE char *page = NULL;
    size_t len;
    assert_int_equal(fs_read("docs/DELUGE-RULES.md", 1 << 20, &page, &len, NULL), 0);
    for (size_t i = 0; i < dg_rules_n; i++) {
        AUTO_FREE char *row = mem_printf("| %s | %s |", dg_rules[i].id, dg_level_name(dg_rules[i].level));
        if (!strstr(page, row))
            fail_msg("docs/DELUGE-RULES.md lacks %s", row);
    }
}

static void built_in_names_are_found_in_any_case_and_suggested(void **state)
{
    (void)state;
    static const char *const known[] = {"abs", "getrecordbyid", "text", "texttohex", "timeago", "yearsbetween", "year"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(dg_builtin(known[i]), i != 1);
    assert_string_equal(dg_builtin_instead("split"), "toList(separator)");
    assert_string_equal(dg_builtin_near("containsKy"), "containsKey");
}

static size_t count(const char *text, const char *rule)
{
    struct dg_script s;
    struct dg_diags d = {0};
    size_t n = 0;
    if (dg_parse(&s, "x.dg", text, strlen(text), &d))
        dg_check(&s, NULL, &d);
    for (size_t i = 0; i < d.n; i++)
        n += strcmp(d.item[i].rule, rule) == 0;
    dg_script_release(&s);
    dg_diags_release(&d);
    return n;
}

static void a_connection_is_a_literal_name(void **state)
{
    (void)state;
    assert_int_equal(count("x = invokeurl [ url :\"u\"\n type :GET\n connection:\"a\" + \"b\" ]; info x;", "DL067"), 1);
    assert_int_equal(count("x = invokeurl [ url :\"u\"\n type :GET\n connection:\"ab\" ]; info x;", "DL067"), 0);
    assert_int_equal(count("\xEF\xBB\xBF info 1;", "DL083"), 1);
}

/* Found by fuzz_deluge: it looked for the argument of the conversion in the conversion itself. */
static void a_divisor_converted_from_nothing_ends(void **state)
{
    (void)state;
    assert_int_equal(count("info 1 / toLong();", "DL046"), 1);
}

static void a_finding_inside_try_with_a_handler_is_a_note(void **state)
{
    (void)state;
    const char *text = "try { info m.get(\"a\").get(\"b\"); } catch (e) { info e; }";
    struct dg_script s;
    struct dg_diags d = {0};
    assert_true(dg_parse(&s, "x.dg", text, strlen(text), &d));
    dg_check(&s, NULL, &d);
    assert_int_equal(d.warnings, 0);
    assert_int_equal(d.notes, 1);
    AUTO_JSON json_t *rows = dg_diags_json(&s, &d);
    assert_string_equal(js_str(json_array_get(rows, 0), "rule"), "DL036");
    AUTO_JSON json_t *log = dg_sarif_new("1");
    dg_sarif_add(log, &s, s.file, &d);
    assert_string_equal(json_string_value(js_path(log, "runs[0].results[0].ruleId")), "DL036");
    assert_int_equal(
        json_integer_value(js_path(log, "runs[0].results[0].locations[0].physicalLocation.region.startLine")), 1);
    dg_script_release(&s);
    dg_diags_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_what_why_what_to_do_and_from_where),
        cmocka_unit_test(every_rule_has_a_case),
        cmocka_unit_test(the_rules_page_lists_every_rule),
        cmocka_unit_test(built_in_names_are_found_in_any_case_and_suggested),
        cmocka_unit_test(a_connection_is_a_literal_name),
        cmocka_unit_test(a_divisor_converted_from_nothing_ends),
        cmocka_unit_test(a_finding_inside_try_with_a_handler_is_a_note),
    };
    return cmocka_run_group_tests_name("deluge/rules", tests, NULL, NULL);
}
