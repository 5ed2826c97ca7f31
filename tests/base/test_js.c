#include "tests/test.h"

#include <stdio.h>

#include "base/fs.h"
#include "base/js.h"
#include "base/text.h"

static json_t *strict(const char *text, struct err *e)
{
    return js_parse(text, strlen(text), "doc.json", e);
}

static void canonical_is(const char *in, const char *want)
{
    AUTO_JSON json_t *j = js_parse_remote(in, strlen(in), "in", NULL);
    assert_non_null(j);
    AUTO_FREE char *out = js_canonical(j, NULL);
    assert_string_equal(out, want);
}

static void same_value_same_bytes(void **state)
{
    (void)state;
    canonical_is("{\"b\":1,\"a\":{\"d\":[],\"c\":{}}}", "{\"a\":{\"c\":{},\"d\":[]},\"b\":1}");
    canonical_is(" [ true , false , null , -5 ] ", "[true,false,null,-5]");
    canonical_is("{\"\xC3\xA9\":1,\"e\":2,\"Z\":3}", "{\"Z\":3,\"e\":2,\"\xC3\xA9\":1}");
    canonical_is("[\"e\\u0301\",\"\\u00e9\"]", "[\"\xC3\xA9\",\"\xC3\xA9\"]");
    canonical_is("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u001f\\u007f\"]", "[\"\\\"\\\\/\\b\\f\\n\\r\\t\\u001f\x7F\"]");
    canonical_is("[9007199254740993,9223372036854775807]", "[9007199254740993,9223372036854775807]");
    canonical_is("{\"a\":1,\"a\":2}", "{\"a\":2}");
    canonical_is("\"x\"", "\"x\"");
}

static void pretty_is_for_reading(void **state)
{
    (void)state;
    AUTO_JSON json_t *j = strict("{\"b\":[1,{}],\"a\":[]}", NULL);
    AUTO_FREE char *out = js_pretty(j, NULL);
    assert_string_equal(out, "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ]\n}\n");
}

static void reals_of_servers_become_their_shortest_text(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"12.5", "12.5"},
        {"12.0", "12"},
        {"0.1", "0.1"},
        {"-0.0", "0"},
        {"-12.25", "-12.25"},
        {"1e21", "1e+21"},
        {"1e20", "100000000000000000000"},
        {"1e-7", "0.0000001"},
        {"1e-8", "1e-08"},
        {"100.10", "100.1"},
        {"5e-324", "5e-324"},
        {"0.30000000000000004", "0.30000000000000004"},
        {"1234567.0", "1234567"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *in = mem_printf("[%s]", rows[i].in);
        AUTO_JSON json_t *j = js_parse_remote(in, strlen(in), "r", NULL);
        const char *text = json_string_value(json_array_get(j, 0));
        assert_non_null(text);
        assert_string_equal(text, rows[i].out);
        assert_true(strtod(text, NULL) == strtod(rows[i].in, NULL));
    }
}

static void a_real_has_no_canonical_form(void **state)
{
    (void)state;
    AUTO_JSON json_t *j = strict("{\"a\":[1.5]}", NULL);
    struct err e = {0};
    char hex[65];
    assert_null(js_canonical(j, &e));
    assert_int_equal(e.kind, ERR_BUG);
    assert_int_equal(js_digest(j, hex, NULL), -1);
    AUTO_JSON json_t *nul = json_pack("[s#]", "a\0b", 3);
    struct err e2 = {0};
    assert_null(js_canonical(nul, &e2));
    assert_int_equal(e2.kind, ERR_BUG);
}

static void a_request_carries_decimals_digit_by_digit(void **state)
{
    (void)state;
    AUTO_JSON json_t *j =
        strict("[{\"@decimal\":\"0.10\"},{\"@decimal\":\"-12345678901234567890.5\"},{\"@decimal\":\"1e5\"},"
               "{\"@decimal\":\"01\"},{\"@decimal\":\"1.\"},{\"@decimal\":\"1\",\"b\":2},{\"@decimal\":7}]",
               NULL);
    AUTO_FREE char *out = js_wire(j, NULL);
    assert_string_equal(out, "[0.10,-12345678901234567890.5,{\"@decimal\":\"1e5\"},{\"@decimal\":\"01\"},"
                             "{\"@decimal\":\"1.\"},{\"@decimal\":\"1\",\"b\":2},{\"@decimal\":7}]");
    AUTO_FREE char *kept = js_canonical(j, NULL);
    assert_non_null(strstr(kept, "{\"@decimal\":\"0.10\"}"));
}

static void keys_that_become_one_are_refused(void **state)
{
    (void)state;
    AUTO_JSON json_t *j = strict("{\"e\\u0301\":1,\"\\u00e9\":2}", NULL);
    struct err e = {0};
    assert_null(js_canonical(j, &e));
    assert_int_equal(e.kind, ERR_PARSE);
}

static void digest_is_of_the_canonical_bytes(void **state)
{
    (void)state;
    AUTO_JSON json_t *j = strict(" { } ", NULL);
    char hex[65];
    assert_int_equal(js_digest(j, hex, NULL), 0);
    assert_string_equal(hex, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
}

static void bad_text_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } rows[] = {
        {"", "doc.json:1:"},
        {"{\n  \"a\": 1,\n  \"a\": 2\n}", "doc.json:3:5"},
        {"[1,2] x", "doc.json:1:7"},
        {"[1,]", "doc.json:1:4"},
        {"{\"a\":\"\xFF\"}", "doc.json:1:"},
        {"[\"\\u0000\"]", "doc.json:1:"},
        {"[01]", "doc.json:1:"},
        {"{'a':1}", "doc.json:1:2"},
        {"[99999999999999999999]", "doc.json:1:"},
        {"[\"\\ud800\"]", "doc.json:1:"},
        {"[NaN]", "doc.json:1:"},
        {"[1e999]", "doc.json:1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct err e = {0};
        assert_null(strict(rows[i].text, &e));
        assert_int_equal(e.kind, ERR_PARSE);
        assert_int_equal(strncmp(e.where, rows[i].where, strlen(rows[i].where)), 0);
    }
    struct err remote = {0};
    assert_null(js_parse_remote("<html>", 6, "GET /x", &remote));
    assert_int_equal(remote.kind, ERR_REMOTE);
    struct err nul = {0};
    assert_null(js_parse("[1]\0", 4, "n", &nul));
    assert_int_equal(nul.kind, ERR_PARSE);
}

static void depth_and_length_have_limits(void **state)
{
    (void)state;
    char text[400];
    for (size_t depth = JS_MAX_DEPTH; depth <= JS_MAX_DEPTH + 1; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        struct err e = {0};
        AUTO_JSON json_t *j = js_parse(text, 2 * depth, "deep", &e);
        assert_int_equal(j != NULL, depth == JS_MAX_DEPTH);
        assert_int_equal(e.kind, depth == JS_MAX_DEPTH ? ERR_NONE : ERR_LIMIT);
    }
    struct err e = {0};
    assert_null(js_parse("[]", (size_t)JS_MAX_BYTES + 1, "long", &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    /* Brackets in a text are no depth. */
    memset(text, '[', 300);
    text[0] = text[299] = '"';
    AUTO_JSON json_t *quoted = js_parse(text, 300, "quoted", NULL);
    assert_non_null(quoted);
    AUTO_JSON json_t *bom = strict("\xEF\xBB\xBF[1]", NULL);
    assert_non_null(bom);
}

static void getters_answer_for_any_shape(void **state)
{
    (void)state;
    AUTO_JSON json_t *j = strict("{\"s\":\"x\",\"i\":5,\"b\":true,\"a\":[{\"c\":[1,2]}],\"o\":{}}", NULL);
    assert_string_equal(js_str(j, "s"), "x");
    assert_null(js_str(j, "i"));
    assert_null(js_str(NULL, "s"));
    assert_string_equal(js_str_or(j, "none", "d"), "d");
    assert_int_equal(js_int(j, "i", 9), 5);
    assert_int_equal(js_int(j, "s", 9), 9);
    assert_true(js_bool(j, "b", false));
    assert_true(js_bool(j, "i", true));
    assert_null(js_arr(j, "o"));
    assert_null(js_obj(j, "a"));
    assert_non_null(js_arr(j, "a"));
    assert_non_null(js_obj(j, "o"));
    assert_int_equal(json_integer_value(js_path(j, "a[0].c[1]")), 2);
    assert_ptr_equal(js_path(j, ""), j);
    static const char *const missing[] = {"a[1]",  "a[0].x", "s.y", "a[",    "a[]",  "a[x]",
                                          "a[-1]", "a..c",   ".a",  "a[0]c", "i[0]", "a[99999999999999999999999]"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
        assert_null(js_path(j, missing[i]));
}

static void setters_repair_text_and_set_null(void **state)
{
    (void)state;
    AUTO_JSON json_t *o = json_object();
    js_set_str(o, "s", "a\xFF");
    js_set_str(o, "n", NULL);
    js_set_strf(o, "f", "%d%%", 5);
    js_set_int(o, "i", INT64_MAX);
    js_set_bool(o, "b", true);
    js_set(o, "k\xC3", json_array());
    js_set(o, "gone", NULL);
    AUTO_FREE char *out = js_canonical(o, NULL);
    assert_string_equal(out, "{\"b\":true,\"f\":\"5%\",\"gone\":null,\"i\":9223372036854775807,\"k\xEF\xBF\xBD\":[],"
                             "\"n\":null,\"s\":\"a\xEF\xBF\xBD\"}");
}

static void arrays_are_sets_when_asked(void **state)
{
    (void)state;
    AUTO_JSON json_t *a = json_array();
    js_array_add_unique(a, "b");
    js_array_add_unique(a, "a");
    js_array_add_unique(a, "b");
    js_array_sort(a, NULL);
    AUTO_FREE char *out = js_canonical(a, NULL);
    assert_string_equal(out, "[\"a\",\"b\"]");
    assert_true(js_array_has(a, "a"));
    assert_false(js_array_has(a, "c"));
    AUTO_JSON json_t *o = strict("[{\"k\":\"z\",\"i\":1},{\"k\":\"a\",\"i\":2},{\"i\":3},{\"k\":\"a\",\"i\":4}]", NULL);
    js_array_sort(o, "k");
    AUTO_FREE char *sorted = js_canonical(o, NULL);
    assert_string_equal(sorted, "[{\"i\":3},{\"i\":2,\"k\":\"a\"},{\"i\":4,\"k\":\"a\"},{\"i\":1,\"k\":\"z\"}]");
    AUTO_JSON json_t *empty = json_array();
    js_array_sort(empty, NULL);
    assert_int_equal(json_array_size(empty), 0);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    struct err e = {0}, e2 = {0};
    assert_null(js_load("/nonexistent/x.json", &e));
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    js_err(&e2, "plan.json", "steps[3].id", "no %s", "id");
    assert_string_equal(e2.where, "plan.json (steps[3].id)");
    assert_string_equal(e2.what, "no id");
}

/* Mutations of good documents: never a crash, and what parses has one canonical form that parses to itself. */
static void damaged_documents_are_parsed_or_refused(void **state)
{
    (void)state;
    static const char good[] =
        "{\"a\":[1,2.5,-3e2,\"x\\u00e9\\n\",null,true],\"b\":{\"c\":\"\xC3\xA9\"},\"d\":\"\\\\\"}";
    static const char bytes[] = "\"\\{}[],:0eu\x80\xFF\x01 -.t";
    unsigned seed = 99;
    size_t parsed = 0;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        size_t len = sizeof good - 1;
        for (int edits = 0; edits < 1 + round % 3; edits++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 16) % len] = bytes[(seed >> 8) % (sizeof bytes - 1)];
        }
        if (round % 5 == 0)
            len = (seed >> 12) % len;
        struct err e = {0};
        AUTO_JSON json_t *j = js_parse_remote(text, len, "m", &e);
        if (!j) {
            assert_true(e.kind == ERR_REMOTE && e.where[0]);
            continue;
        }
        parsed++;
        AUTO_FREE char *once = js_canonical(j, NULL);
        AUTO_JSON json_t *again = once ? strict(once, &e) : NULL;
        AUTO_FREE char *twice = again ? js_canonical(again, NULL) : NULL;
        if (once)
            assert_string_equal(once, twice);
    }
    assert_true(parsed > 200);
}

static void shares_what_neighbours_hold_alike_and_changes_no_value(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"a\":{\"x\":[1]},\"b\":1},{\"a\":{\"x\":[1]},\"b\":2},{\"a\":{\"x\":[2]}},7,{\"a\":null}]";
    struct err e = {0};
    AUTO_JSON json_t *list = js_parse(text, strlen(text), "t", &e);
    assert_non_null(list);
    js_share(list);
    AUTO_FREE char *after = js_canonical(list, &e);
    assert_string_equal(after, text);
    assert_ptr_equal(js_obj(json_array_get(list, 0), "a"), js_obj(json_array_get(list, 1), "a"));
    assert_ptr_not_equal(js_obj(json_array_get(list, 1), "a"), js_obj(json_array_get(list, 2), "a"));
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_what_neighbours_hold_alike_and_changes_no_value),
        cmocka_unit_test(same_value_same_bytes),
        cmocka_unit_test(pretty_is_for_reading),
        cmocka_unit_test(reals_of_servers_become_their_shortest_text),
        cmocka_unit_test(a_real_has_no_canonical_form),
        cmocka_unit_test(a_request_carries_decimals_digit_by_digit),
        cmocka_unit_test(keys_that_become_one_are_refused),
        cmocka_unit_test(digest_is_of_the_canonical_bytes),
        cmocka_unit_test(bad_text_is_refused_with_its_place),
        cmocka_unit_test(depth_and_length_have_limits),
        cmocka_unit_test(getters_answer_for_any_shape),
        cmocka_unit_test(setters_repair_text_and_set_null),
        cmocka_unit_test(arrays_are_sets_when_asked),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(damaged_documents_are_parsed_or_refused),
    };
    return cmocka_run_group_tests_name("base/js", tests, NULL, NULL);
}
