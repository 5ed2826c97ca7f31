/* Hostile templates end quickly, with ERR_LIMIT and a place. */
#include "base/mem.h"
#include "base/sb.h"
#include "render/render.h"
#include "tests/test.h"

/* Any name gives the text in ctx. */
static const char *same_partial(void *ctx, const char *name, size_t *len)
{
    (void)name;
    *len = strlen(ctx);
    return ctx;
}

static void refused(const char *text, size_t len, const json_t *data, const char *partial, const char *words)
{
    struct err e = {0};
    struct render_options o = {
        .target = RENDER_PLAIN, .partial = partial ? same_partial : NULL, .ctx = (void *)(uintptr_t)partial};
    AUTO_FREE char *out = render("t", text, len, data, &o, &e);
    assert_null(out);
    assert_int_equal(e.kind, ERR_LIMIT);
    if (!strstr(e.what, words))
        fail_msg("'%s' does not say '%s'", e.what, words);
    assert_true(e.where[0] && e.fix[0]);
}

static void a_partial_that_includes_itself_ends(void **s)
{
    (void)s;
    refused("{{>p}}", 6, NULL, "x{{>p}}", "nested sections and partials");
    refused("{{<p}}{{/p}}", 12, NULL, "{{<p}}{{$a}}{{$a}}{{/a}}{{/a}}{{/p}}", "nested sections and partials");
}

static void partials_that_double_at_every_level_end(void **s)
{
    (void)s;
    AUTO_JSON json_t *levels = json_object();
    json_t *at = levels;
    for (int i = 0; i < 25; i++) { /* 2^25 inclusions, none deeper than the limit */
        json_t *inner = json_object();
        json_object_set_new(at, "n", inner);
        at = inner;
    }
    json_object_set_new(at, "n", json_false());
    refused("{{>p}}", 6, levels, "{{#n}}{{>p}}{{>p}}{{/n}}", "steps");
    refused("{{>p}}", 6, NULL, "{{>p}}{{>p}}", "nested sections and partials");
}

static void long_loops_in_loops_end(void **s)
{
    (void)s;
    AUTO_JSON json_t *data = json_object();
    json_t *list = json_array();
    for (int i = 0; i < 3000; i++)
        json_array_append_new(list, json_integer(i));
    json_object_set_new(data, "l", list);
    const char text[] = "{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}";
    refused(text, strlen(text), data, NULL, "steps");
}

static void output_has_a_maximum(void **s)
{
    (void)s;
    AUTO_JSON json_t *data = json_object();
    AUTO_FREE char *big = mem_alloc((1 << 20) + 1);
    memset(big, 'x', 1 << 20);
    big[1 << 20] = '\0';
    json_object_set_new(data, "v", json_string(big));
    json_t *list = json_array();
    for (int i = 0; i < 20; i++)
        json_array_append_new(list, json_true());
    json_object_set_new(data, "l", list);
    const char text[] = "{{#l}}{{v}}{{/l}}";
    refused(text, strlen(text), data, NULL, "bytes of output");
}

static void template_size_has_a_maximum(void **s)
{
    (void)s;
    size_t n = (size_t)RENDER_MAX_TEMPLATE + 1;
    AUTO_FREE char *big = mem_alloc(n);
    memset(big, '\n', n);
    refused(big, n, NULL, NULL, "larger than");
    struct err e = {0};
    struct render_options o = {.target = RENDER_PLAIN};
    AUTO_FREE char *out = render("t", big, n - 1, NULL, &o, &e);
    assert_int_equal(strlen(out), n - 1);
}

static void section_depth_has_a_maximum(void **s)
{
    (void)s;
    AUTO_SB struct sb b = SB_INIT(10000);
    for (int i = 0; i <= RENDER_MAX_DEPTH; i++)
        sb_add(&b, "{{#a}}");
    refused(b.buf, b.len, NULL, NULL, "sections nest deeper");
}

static void indentation_cannot_grow_without_end(void **s)
{
    (void)s;
    AUTO_SB struct sb b = SB_INIT(10000);
    for (int i = 0; i < 600; i++)
        sb_addc(&b, ' ');
    sb_add(&b, "{{>p}}\n");
    refused(b.buf, b.len, NULL, b.buf, "blanks of indentation");
}

static void many_different_partials_end(void **s)
{
    (void)s;
    AUTO_SB struct sb b = SB_INIT(100000);
    for (int i = 0; i < 400; i++)
        sb_addf(&b, "{{>p%d}}", i);
    refused(b.buf, b.len, NULL, "x", "different partials");
}

/* 100,000 blocks looked up 100,000 times must not take 10^10 comparisons. */
static void block_lookup_counts_as_work(void **s)
{
    (void)s;
    AUTO_SB struct sb text = SB_INIT(RENDER_MAX_TEMPLATE), partial = SB_INIT(RENDER_MAX_TEMPLATE);
    sb_add(&text, "{{<p}}");
    for (int i = 0; i < 100000; i++) {
        sb_add(&text, "{{$b}}{{/b}}");
        sb_add(&partial, "{{$c}}{{/c}}");
    }
    sb_add(&text, "{{/p}}");
    refused(text.buf, text.len, NULL, partial.buf, "steps");
}

static void zero_bytes_and_bad_utf8_pass_through_without_harm(void **s)
{
    (void)s;
    struct err e = {0};
    struct render_options o = {.target = RENDER_PLAIN};
    AUTO_FREE char *out = render("t", "a\xFF{{x}}b", 8, NULL, &o, &e);
    assert_string_equal(out, "a\xFF"
                             "b");
    assert_null(render("t", "{{a\0b}}", 7, NULL, &o, &e));
    assert_int_equal(e.kind, ERR_PARSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partial_that_includes_itself_ends),
        cmocka_unit_test(partials_that_double_at_every_level_end),
        cmocka_unit_test(long_loops_in_loops_end),
        cmocka_unit_test(output_has_a_maximum),
        cmocka_unit_test(template_size_has_a_maximum),
        cmocka_unit_test(section_depth_has_a_maximum),
        cmocka_unit_test(indentation_cannot_grow_without_end),
        cmocka_unit_test(many_different_partials_end),
        cmocka_unit_test(block_lookup_counts_as_work),
        cmocka_unit_test(zero_bytes_and_bad_utf8_pass_through_without_harm),
    };
    return cmocka_run_group_tests_name("render/bounds", tests, NULL, NULL);
}
