/* Criteria trees against records, by table. Source: zoho-api.md 1.9; what is assumed is listed in sandbox/criteria.h. */
#include <string.h>

#include "base/js.h"
#include "base/mem.h"
#include "sandbox/criteria.h"
#include "tests/test.h"

static const char fields_text[] =
    "{\"Subject\":{\"data_type\":\"text\"},\"Stage\":{\"data_type\":\"picklist\"},\"Amount\":{\"data_type\":"
    "\"currency\"},"
    "\"Size\":{\"data_type\":\"double\"},\"Due\":{\"data_type\":\"date\"},\"Changed\":{\"data_type\":\"datetime\"},"
    "\"Ready\":{\"data_type\":\"boolean\"},\"Deal\":{\"data_type\":\"lookup\"},\"Owner\":{\"data_type\":"
    "\"ownerlookup\"},"
    "\"Skills\":{\"data_type\":\"multiselectpicklist\"},\"Lines\":{\"data_type\":\"subform\"},\"Note\":{\"data_type\":"
    "\"textarea\"},\"Limit\":{\"data_type\":\"currency\"}}";
static const char record_text[] =
    "{\"Subject\":\"TEST roof\",\"Stage\":\"Draft\",\"Amount\":1200,\"Size\":9.5,\"Due\":\"2026-03-01\",\"Changed\":"
    "\"2026-03-01T10:00:00+01:00\",\"Ready\":true,\"Deal\":{\"id\":\"77\",\"name\":\"House "
    "north\"},\"Owner\":{\"id\":\"9\","
    "\"name\":\"Seller\"},\"Skills\":[\"roof\",\"cable\"],\"Lines\":[{\"id\":\"1\"}],\"Limit\":1000}";

static json_t *deal(void *ctx, const json_t *field, const json_t *value)
{
    (void)ctx;
    (void)field;
    return strcmp(js_str_or(value, "id", ""), "77") == 0 ? json_pack("{s:s}", "Region", "North") : NULL;
}

static json_t *parse(const char *text)
{
    json_t *j = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(j);
    return j;
}

static bool asked(const char *tree_text, const char *record)
{
    AUTO_JSON json_t *fields = parse(fields_text), *tree = parse(tree_text), *r = parse(record);
    struct criteria_env env = {fields, 1772355600, "2026-03-01", "9", "4", deal, NULL};
    return criteria_match(tree, r, &env);
}

static const struct {
    const char *field, *comparator, *value;
    bool met;
} leaves[] = {
    {"Subject", "equal", "\"test ROOF\"", true},
    {"Subject", "equal", "\"roof\"", false},
    {"Subject", "not_equal", "\"roof\"", true},
    {"Subject", "equal", "[\"a\",\"TEST roof\"]", true},
    {"Subject", "not_equal", "[\"a\",\"TEST roof\"]", false},
    {"Subject", "contains", "\"T ro\"", true},
    {"Subject", "not_contains", "\"pool\"", true},
    {"Subject", "like", "\"roof\"", true},
    {"Subject", "not_like", "\"roof\"", false},
    {"Subject", "starts_with", "\"test\"", true},
    {"Subject", "starts_with", "\"roof\"", false},
    {"Subject", "ends_with", "\"roof\"", true},
    {"Subject", "ends_with", "\"a longer text than TEST roof\"", false},
    {"Stage", "equal", "\"Draft\"", true},
    {"Stage", "not_equal", "\"Draft\"", false},
    {"Amount", "equal", "\"1200\"", true},
    {"Amount", "equal", "1200.0", true},
    {"Amount", "greater_than", "\"5000\"", false},
    {"Amount", "greater_than", "\"999\"", true},
    {"Amount", "greater_equal", "1200", true},
    {"Amount", "less_than", "1200", false},
    {"Amount", "less_equal", "1200", true},
    {"Amount", "between", "[1000,1200]", true},
    {"Amount", "not_between", "[1000,1200]", false},
    {"Amount", "between", "[1300,1400]", false},
    {"Amount", "greater_than", "\"much\"", false},
    {"Size", "less_than", "\"9.51\"", true},
    {"Due", "equal", "\"2026-03-01\"", true},
    {"Due", "equal", "\"${CURRENTTIME}\"", true},
    {"Due", "less_than", "\"2026-02-28\"", false},
    {"Due", "between", "[\"2026-02-01\",\"2026-03-31\"]", true},
    {"Changed", "equal", "\"2026-03-01T09:00:00Z\"", true},
    {"Changed", "less_equal", "\"${CURRENTTIME}\"", true},
    {"Changed", "greater_than", "\"${CURRENTTIME}\"", false},
    {"Ready", "equal", "true", true},
    {"Ready", "equal", "\"true\"", true},
    {"Ready", "equal", "false", false},
    {"Deal", "equal", "{\"id\":\"77\",\"name\":\"x\"}", true},
    {"Deal", "equal", "\"78\"", false},
    {"Deal", "not_equal", "{\"id\":\"78\"}", true},
    {"Deal", "contains", "\"north\"", true},
    {"Deal.Region", "equal", "\"North\"", true},
    {"Deal.Region", "not_equal", "\"North\"", false},
    {"Deal.Nowhere", "equal", "\"${EMPTY}\"", true},
    {"Owner", "equal", "\"${CURRENTUSER}\"", true},
    {"Owner", "not_equal", "\"${CURRENTUSER}\"", false},
    {"Skills", "include_all", "[\"cable\",\"roof\"]", true},
    {"Skills", "include_all", "[\"cable\",\"paint\"]", false},
    {"Skills", "include_any", "[\"cable\",\"paint\"]", true},
    {"Skills", "exclude_all", "[\"cable\",\"paint\"]", true},
    {"Skills", "exclude_any", "[\"cable\",\"paint\"]", false},
    {"Skills", "equal", "[\"cable\",\"roof\"]", true},
    {"Skills", "equal", "[\"cable\"]", false},
    {"Lines", "equal", "\"${NOTEMPTY}\"", true},
    {"Lines", "equal", "\"${EMPTY}\"", false},
    {"Note", "equal", "\"${EMPTY}\"", true},
    {"Note", "not_equal", "\"${EMPTY}\"", false},
    {"Note", "equal", "\"${NOTEMPTY}\"", false},
    {"Note", "not_equal", "\"x\"", true},
    {"Note", "equal", "\"x\"", false},
    {"Note", "not_contains", "\"x\"", true},
    {"Note", "equal", "null", true},
    {"Subject", "equal", "\"${NOTEMPTY}\"", true},
    {"Subject", "equal", "\"${ANYVALUE}\"", true},
    {"Nothing", "equal", "\"\"", true},
    {"Subject", "resembles", "\"TEST roof\"", false},
};

static void every_comparator_reads_every_family_of_types(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
        AUTO_FREE char *tree = mem_printf("{\"field\":{\"api_name\":\"%s\"},\"comparator\":\"%s\",\"value\":%s}",
                                          leaves[i].field, leaves[i].comparator, leaves[i].value);
        if (asked(tree, record_text) != leaves[i].met) {
            fail_msg("%s should%s be met", tree, leaves[i].met ? "" : " not");
        }
    }
}

#define LEAF(f, cmp, v) "{\"field\":{\"api_name\":\"" f "\"},\"comparator\":\"" cmp "\",\"value\":\"" v "\"}"
#define YES             LEAF("Stage", "equal", "Draft")
#define NO              LEAF("Stage", "equal", "Sent")

static void groups_join_by_and_and_or_at_any_depth(void **state)
{
    (void)state;
    static const struct {
        const char *tree;
        bool met;
    } rows[] = {
        {"{\"group_operator\":\"AND\",\"group\":[" YES "," YES "]}", true},
        {"{\"group_operator\":\"AND\",\"group\":[" YES "," NO "]}", false},
        {"{\"group_operator\":\"or\",\"group\":[" NO "," YES "]}", true},
        {"{\"group_operator\":\"OR\",\"group\":[" NO "," NO "]}", false},
        {"{\"group_operator\":\"AND\",\"group\":[{\"group_operator\":\"OR\",\"group\":[" NO "," YES "]}," YES "]}",
         true},
        {"{\"group_operator\":\"OR\",\"group\":[{\"group_operator\":\"AND\",\"group\":[" NO "," YES "]}," NO "]}",
         false},
        {"null", true},
        {"{}", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (asked(rows[i].tree, record_text) != rows[i].met) {
            fail_msg("%s", rows[i].tree);
        }
    }
}

static void a_leaf_may_compare_two_fields_of_the_record(void **state)
{
    (void)state;
    assert_true(asked("{\"field\":{\"api_name\":\"Amount\"},\"comparator\":\"greater_than\",\"type\":\"field\","
                      "\"value\":{\"api_name\":\"Limit\"}}",
                      record_text));
    assert_false(asked("{\"field\":{\"api_name\":\"Amount\"},\"comparator\":\"less_than\",\"type\":\"merge_field\","
                       "\"value\":\"${!Quotes.Limit}\"}",
                       record_text));
}

static void a_check_box_never_ticked_is_false(void **state)
{
    (void)state;
    assert_true(asked("{\"field\":{\"api_name\":\"Ready\"},\"comparator\":\"equal\",\"value\":false}", "{}"));
    assert_false(asked("{\"field\":{\"api_name\":\"Ready\"},\"comparator\":\"equal\",\"value\":true}", "{}"));
}

static bool changed(const char *tree_text, bool all, const char *before, const char *after)
{
    AUTO_JSON json_t *tree = parse(tree_text), *b = parse(before), *a = parse(after), *fields = parse(fields_text);
    struct criteria_env env = {.fields = fields};
    return criteria_changed(tree, all, json_is_null(b) ? NULL : b, a, &env);
}

/* zoho-api.md 1.10, field_update: any change is a leaf with ${ANYVALUE}. */
static void a_field_update_needs_another_value_than_before(void **state)
{
    (void)state;
#define ANY_STAGE  LEAF("Stage", "equal", "${ANYVALUE}")
#define ANY_AMOUNT LEAF("Amount", "equal", "${ANYVALUE}")
#define BOTH       "{\"group_operator\":\"OR\",\"group\":[" ANY_STAGE "," ANY_AMOUNT "]}"
    static const struct {
        const char *tree;
        bool all;
        const char *before, *after;
        bool met;
    } rows[] = {
        {ANY_STAGE, false, "{\"Stage\":\"Draft\"}", "{\"Stage\":\"Sent\"}", true},
        {ANY_STAGE, false, "{\"Stage\":\"Draft\"}", "{\"Stage\":\"Draft\",\"Amount\":1}", false},
        {ANY_STAGE, false, "{\"Stage\":\"Draft\"}", "{}", true},
        {ANY_STAGE, false, "null", "{\"Stage\":\"Draft\"}", true},
        {LEAF("Stage", "equal", "Sent"), false, "{\"Stage\":\"Draft\"}", "{\"Stage\":\"Sent\"}", true},
        {LEAF("Stage", "equal", "Sent"), false, "{\"Stage\":\"Sent\"}", "{\"Stage\":\"Sent\"}", false},
        {LEAF("Stage", "equal", "Sent"), false, "{\"Stage\":\"Sent\"}", "{\"Stage\":\"Draft\"}", false},
        {ANY_AMOUNT, false, "{\"Amount\":5}", "{\"Amount\":5.0}", false},
        {LEAF("Ready", "equal", "${ANYVALUE}"), false, "{}", "{\"Ready\":false}", false},
        {BOTH, false, "{\"Stage\":\"a\",\"Amount\":1}", "{\"Stage\":\"b\",\"Amount\":1}", true},
        {BOTH, true, "{\"Stage\":\"a\",\"Amount\":1}", "{\"Stage\":\"b\",\"Amount\":1}", false},
        {BOTH, true, "{\"Stage\":\"a\",\"Amount\":1}", "{\"Stage\":\"b\",\"Amount\":2}", true},
        {"{}", false, "{\"Stage\":\"a\"}", "{\"Stage\":\"b\"}", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (changed(rows[i].tree, rows[i].all, rows[i].before, rows[i].after) != rows[i].met) {
            fail_msg("row %zu: %s", i, rows[i].tree);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_comparator_reads_every_family_of_types),
        cmocka_unit_test(groups_join_by_and_and_or_at_any_depth),
        cmocka_unit_test(a_leaf_may_compare_two_fields_of_the_record),
        cmocka_unit_test(a_check_box_never_ticked_is_false),
        cmocka_unit_test(a_field_update_needs_another_value_than_before),
    };
    return cmocka_run_group_tests_name("sandbox/criteria", tests, NULL, NULL);
}
