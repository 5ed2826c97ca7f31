/* The SARIF log, property by property as the standard and code scanning want it (deluge/report.c). */
#include "base/js.h"
#include "deluge/check.h"
#include "deluge/parse.h"
#include "deluge/rules.h"

#include "tests/test.h"

static json_t *log_of(const char *path, const char *text)
{
    struct dg_script s;
    struct dg_diags d = {0};
    json_t *log = dg_sarif_new("1.2.3");
    if (dg_parse(&s, path, text, strlen(text), &d))
        dg_check(&s, NULL, &d);
    dg_sarif_add(log, &s, path, &d);
    dg_script_release(&s);
    dg_diags_release(&d);
    return log;
}

static const json_t *results_of(const json_t *log)
{
    return js_path(log, "runs[0].results");
}

static void the_head_names_schema_version_and_every_rule(void **state)
{
    (void)state;
    AUTO_JSON json_t *log = log_of("a.dg", "info 1;");
    assert_string_equal(js_str(log, "$schema"), "https://json.schemastore.org/sarif-2.1.0.json");
    assert_string_equal(js_str(log, "version"), "2.1.0");
    const json_t *driver = js_path(log, "runs[0].tool.driver"), *rules = js_arr(driver, "rules");
    assert_string_equal(js_str(driver, "name"), "zagent");
    assert_string_equal(js_str(driver, "version"), "1.2.3");
    assert_int_equal(json_array_size(rules), dg_rules_n);
    for (size_t i = 0; i < dg_rules_n; i++) {
        const json_t *r = json_array_get(rules, i);
        assert_string_equal(js_str(r, "id"), dg_rules[i].id);
        assert_true(*js_str_or(js_obj(r, "shortDescription"), "text", ""));
        assert_true(*js_str_or(js_obj(r, "fullDescription"), "text", ""));
        assert_true(*js_str_or(js_obj(r, "help"), "text", ""));
        assert_true(*js_str_or(js_obj(r, "defaultConfiguration"), "level", ""));
    }
    assert_int_equal(json_array_size(results_of(log)), 0);
    assert_non_null(results_of(log));
}

static void assert_result(const json_t *r)
{
    static const char *const levels[] = {"error", "warning", "note"};
    const struct dg_rule *rule = dg_rule_find(js_str(r, "ruleId"));
    bool level = false;
    for (size_t i = 0; i < 3; i++)
        level = level || strcmp(js_str(r, "level"), levels[i]) == 0;
    assert_true(level);
    assert_non_null(rule);
    assert_int_equal(js_int(r, "ruleIndex", -1), rule - dg_rules);
    assert_true(*js_str_or(js_obj(r, "message"), "text", ""));
    const json_t *place = js_path(r, "locations[0].physicalLocation"), *region = js_obj(place, "region");
    assert_string_equal(js_str(js_obj(place, "artifactLocation"), "uriBaseId"), "%SRCROOT%");
    assert_true(js_int(region, "startLine", 0) >= 1 && js_int(region, "startColumn", 0) >= 1);
    assert_true(js_int(region, "endLine", 0) >= js_int(region, "startLine", 0));
    assert_true(js_int(region, "endLine", 0) > js_int(region, "startLine", 0) ||
                js_int(region, "endColumn", 0) >= js_int(region, "startColumn", 0));
    assert_non_null(js_str(js_obj(r, "partialFingerprints"), "primaryLocationLineHash"));
}

static void every_finding_has_what_code_scanning_needs(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\xEF\xBB\xBFm = Map();\nm.put(\"a\",1);\nm.put(\"a\",2);\ninfo m.get(\"b\").get(\"c\");", "x = (1;\n", "",
        "if(x = 1)\n{\n\ty = \"a\n\";\n}"};
    size_t seen = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        AUTO_JSON json_t *log = log_of("a.dg", texts[i]);
        size_t k;
        json_t *r;
        json_array_foreach ((json_t *)(uintptr_t)results_of(log), k, r)
            assert_result(r);
        seen += json_array_size(results_of(log));
    }
    assert_true(seen >= 5);
}

static void the_address_is_relative_and_encoded(void **state)
{
    (void)state;
    static const char *const paths[][2] = {{"./crm/a b#1.dg", "crm/a%20b%231.dg"},
                                           {"crm/\xC3\xA9.dg", "crm/%C3%A9.dg"}};
    for (size_t i = 0; i < 2; i++) {
        AUTO_JSON json_t *log = log_of(paths[i][0], "x = 1;");
        assert_string_equal(
            js_str(js_path(log, "runs[0].results[0].locations[0].physicalLocation.artifactLocation"), "uri"),
            paths[i][1]);
    }
    AUTO_JSON json_t *log = log_of("/tmp/a.dg", "x = 1;");
    const json_t *outside = js_path(log, "runs[0].results[0].locations[0].physicalLocation.artifactLocation");
    assert_string_equal(js_str(outside, "uri"), "file:///tmp/a.dg");
    assert_null(js_str(outside, "uriBaseId"));
}

static void a_second_place_is_a_related_location(void **state)
{
    (void)state;
    AUTO_JSON json_t *log = log_of("a.dg", "m = Map();\nm.put(\"a\",1);\nm.put(\"a\",2);\ninfo m;");
    const json_t *r = js_path(log, "runs[0].results[0].relatedLocations[0]");
    assert_int_equal(js_int(js_obj(js_obj(r, "physicalLocation"), "region"), "startLine", 0), 2);
    assert_string_equal(js_str(js_obj(r, "message"), "text"), "the first value");
}

static const char *fingerprint(const json_t *log, size_t i)
{
    return js_str(js_obj(json_array_get(results_of(log), i), "partialFingerprints"), "primaryLocationLineHash");
}

static void a_finding_keeps_its_fingerprint_when_lines_above_it_come_and_go(void **state)
{
    (void)state;
    AUTO_JSON json_t *before = log_of("a.dg", "x = 1;\ny = 2; z = 3;");
    AUTO_JSON json_t *after = log_of("a.dg", "// new\ninfo 1;\n\tx = 1;\ny = 2; z = 3;");
    assert_int_equal(json_array_size(results_of(before)), 3);
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(fingerprint(before, i), fingerprint(after, i));
    assert_string_not_equal(fingerprint(before, 0), fingerprint(before, 1));
    assert_string_not_equal(fingerprint(before, 1), fingerprint(before, 2)); /* two of one rule on one line */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_names_schema_version_and_every_rule),
        cmocka_unit_test(every_finding_has_what_code_scanning_needs),
        cmocka_unit_test(the_address_is_relative_and_encoded),
        cmocka_unit_test(a_second_place_is_a_related_location),
        cmocka_unit_test(a_finding_keeps_its_fingerprint_when_lines_above_it_come_and_go),
    };
    return cmocka_run_group_tests_name("deluge/report", tests, NULL, NULL);
}
