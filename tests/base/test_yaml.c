#include "tests/test.h"

#include "base/sb.h"
#include "base/yaml.h"

static void reads_as(const char *text, const char *want)
{
    struct yaml y;
    struct err e = {0};
    if (yaml_parse(&y, text, strlen(text), "f.yaml", &e) < 0)
        fail_msg("%s: %s", e.where, e.what);
    AUTO_FREE char *got = js_canonical(y.root, NULL);
    yaml_release(&y);
    assert_string_equal(got, want);
}

static void scalars_keep_their_sense(void **state)
{
    (void)state;
    reads_as("- 1\n- -3\n- 0\n- 9223372036854775807\n", "[1,-3,0,9223372036854775807]");
    reads_as("[007, +34, 1.50, 1e3, 0x10, 0o7, -0, 1_000, 99999999999999999999]",
             "[\"007\",\"+34\",\"1.50\",\"1e3\",\"0x10\",\"0o7\",\"-0\",\"1_000\",\"99999999999999999999\"]");
    reads_as("[null, ~, true, FALSE, yes, No, on, NULL]", "[null,null,true,false,\"yes\",\"No\",\"on\",null]");
    reads_as("['1', \"true\", !!str 5, \"\"]", "[\"1\",\"true\",\"5\",\"\"]");
    reads_as("a: |\n  one\n  two\nb: >-\n  folded\n  text\n", "{\"a\":\"one\\ntwo\\n\",\"b\":\"folded text\"}");
    reads_as("2026-03-01", "\"2026-03-01\"");
    reads_as("", "null");
    reads_as("# only a comment\n", "null");
    reads_as("a:\nb: {}\nc: []\n", "{\"a\":null,\"b\":{},\"c\":[]}");
    reads_as("<<: x\n", "{\"<<\":\"x\"}");
    reads_as("\xEF\xBB\xBF"
             "a: 1\n",
             "{\"a\":1}");
}

static void aliases_are_copies(void **state)
{
    (void)state;
    reads_as("a: &x [1, {b: 2}]\nc: *x\nd: &y text\ne: *y\n",
             "{\"a\":[1,{\"b\":2}],\"c\":[1,{\"b\":2}],\"d\":\"text\",\"e\":\"text\"}");
}

static void every_value_knows_its_place(void **state)
{
    (void)state;
    static const char text[] =
        "name: x\nresources:\n  - kind: field\n    address: a/b\n  - {kind: module}\n\"a/b~c\":\n";
    struct yaml y;
    assert_int_equal(yaml_parse(&y, text, strlen(text), "p.yaml", NULL), 0);
    static const struct {
        const char *pointer;
        int line, col;
        bool exact;
    } rows[] = {
        {"/name", 1, 7, true},
        {"/resources/0/kind", 3, 11, true},
        {"/resources/0", 3, 5, true},
        {"/resources/0/address", 4, 14, true},
        {"/resources/1/kind", 5, 12, true},
        {"/a~1b~0c", 6, 1, true},
        {"/resources/1/nothing/deeper", 5, 5, false},
        {"/unknown", 1, 1, false},
        {"", 1, 1, true},
        {"no pointer", 1, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int line = 0, col = 0;
        assert_int_equal(yaml_where(&y, rows[i].pointer, &line, &col), rows[i].exact);
        assert_int_equal(line, rows[i].line);
        assert_int_equal(col, rows[i].col);
    }
    struct err e = {0};
    assert_int_equal(yaml_err(&e, &y, "/resources/0/kind", ERR_CONFIG, "unknown kind '%s'", "field"), -1);
    assert_string_equal(e.where, "p.yaml:3:11");
    assert_string_equal(e.what, "unknown kind 'field'");
    assert_int_equal(e.kind, ERR_CONFIG);
    yaml_release(&y);
    yaml_release(&y);
}

static void refuses(const char *text, size_t len, enum err_kind kind, const char *where)
{
    struct yaml y;
    struct err e = {0};
    assert_int_equal(yaml_parse(&y, text, len, "f.yaml", &e), -1);
    assert_int_equal(e.kind, kind);
    assert_string_equal(e.where, where);
    assert_null(y.root);
    assert_null(y.name);
}

static void what_is_doubtful_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } rows[] = {
        {"a: 1\nb: 2\na: 3\n", "f.yaml:3:1"},
        {"{a: 1, 'a': 2}", "f.yaml:1:8"},
        {"a: 1\n---\nb: 2\n", "f.yaml:2:1"},
        {"1: x\n", "f.yaml:1:1"},
        {"true: x\n", "f.yaml:1:1"},
        {"? [a]\n: b\n", "f.yaml:1:3"},
        {"a: !foo 1\n", "f.yaml:1:9"},
        {"a: !!int '1'\n", "f.yaml:1:10"},
        {"a: *b\n", "f.yaml:1:5"},
        {"a: &x [*x]\n", "f.yaml:1:9"},
        {"a: b: c\n", "f.yaml:1:5"},
        {"a: 'b\n", "f.yaml:1:5"},
        {"a:\n\t- b\n", "f.yaml:2:1"},
        {"a: \"\\x00\"\n", "f.yaml:1:4"},
        {"a: \"\\ud800\"\n", "f.yaml:1:5"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refuses(rows[i].text, strlen(rows[i].text), ERR_PARSE, rows[i].where);
    refuses("a: \xFF", 4, ERR_PARSE, "f.yaml");
    refuses("a: \0", 4, ERR_PARSE, "f.yaml");
}

static void sizes_have_limits(void **state)
{
    (void)state;
    AUTO_SB struct sb laughs = SB_INIT(10000);
    sb_add(&laughs, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
        sb_addf(&laughs, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            sb_addf(&laughs, "%s*a%d", j ? "," : "", i - 1);
        sb_add(&laughs, "]\n");
    }
    struct yaml y;
    struct err e = {0}, deep = {0}, big = {0};
    assert_int_equal(yaml_parse(&y, laughs.buf, laughs.len, "f.yaml", &e), -1);
    assert_int_equal(e.kind, ERR_LIMIT);
    AUTO_SB struct sb nest = SB_INIT(10000);
    for (int i = 0; i < 500; i++)
        sb_addc(&nest, '[');
    assert_int_equal(yaml_parse(&y, nest.buf, nest.len, "f.yaml", &deep), -1);
    assert_true(deep.kind == ERR_LIMIT || deep.kind == ERR_PARSE);
    assert_int_equal(yaml_parse(&y, "", YAML_MAX_BYTES + 1, "f.yaml", &big), -1);
    assert_int_equal(big.kind, ERR_LIMIT);
}

/* libfyaml would need its stack for them: https://github.com/pantoniou/libfyaml issue 315. */
static void a_block_text_of_blank_lines_does_not_end_the_process(void **state)
{
    (void)state;
    enum { BYTES = 3 << 20 };
    AUTO_FREE char *text = mem_alloc(BYTES);
    memset(text, '\n', BYTES);
    memcpy(text, "a: |-\n", 6);
    struct yaml y;
    struct err e = {0};
    assert_int_equal(yaml_parse(&y, text, BYTES, "f.yaml", &e), -1);
    assert_int_equal(e.kind, ERR_LIMIT);
    for (size_t i = 6; i + 1 < BYTES; i += 2)
        text[i] = ' ';
    assert_int_equal(yaml_parse(&y, text, BYTES, "f.yaml", NULL), -1);
    assert_int_equal(yaml_parse(&y, text, 10000, "f.yaml", NULL), 0);
    yaml_release(&y);
}

static void a_missing_file_is_not_found(void **state)
{
    (void)state;
    struct yaml y;
    struct err e = {0};
    assert_int_equal(yaml_load(&y, "/nonexistent/zagent.yaml", "zagent.yaml", &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    yaml_release(&y);
}

static void damaged_documents_are_parsed_or_refused(void **state)
{
    (void)state;
    static const char good[] =
        "a: &x [1, 'two', {k: \"v\\u00e9\"}]\nb:\n  - *x\n  - c: |\n      text\n    d: ~\ne: !!str 5\n";
    static const char bytes[] = "\"':{}[],&*!|>#%@`-? \n\t\\~x\x80";
    unsigned seed = 7;
    size_t parsed = 0;
    for (int round = 0; round < 3000; round++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        size_t len = sizeof good - 1;
        for (int edits = 0; edits < 1 + round % 3; edits++) {
            seed = seed * 1664525U + 1013904223U;
            text[(seed >> 16) % len] = bytes[(seed >> 8) % (sizeof bytes - 1)];
        }
        if (round % 7 == 0)
            len = (seed >> 12) % len;
        struct yaml y;
        struct err e = {0};
        if (yaml_parse(&y, text, len, "m", &e) < 0) {
            assert_true((e.kind == ERR_PARSE || e.kind == ERR_LIMIT) && e.where[0]);
            continue;
        }
        parsed++;
        AUTO_FREE char *out = js_canonical(y.root, &e);
        assert_true(out != NULL || e.kind == ERR_PARSE);
        yaml_release(&y);
    }
    assert_true(parsed > 100);
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scalars_keep_their_sense),
        cmocka_unit_test(aliases_are_copies),
        cmocka_unit_test(every_value_knows_its_place),
        cmocka_unit_test(what_is_doubtful_is_refused_with_its_place),
        cmocka_unit_test(sizes_have_limits),
        cmocka_unit_test(a_block_text_of_blank_lines_does_not_end_the_process),
        cmocka_unit_test(a_missing_file_is_not_found),
        cmocka_unit_test(damaged_documents_are_parsed_or_refused),
    };
    return cmocka_run_group_tests_name("base/yaml", tests, NULL, NULL);
}
