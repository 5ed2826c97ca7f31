/* The official cases of mustache/spec, read from ../shared/mustache-spec: all required files, and inheritance. */
#include "base/mem.h"
#include "render/render.h"
#include "tests/test.h"

/* Optional modules that render.h does not promise. */
static const char *const left_out[] = {"~dynamic-names", "~lambdas"};

static json_t *load(const char *file)
{
    const char *shared = getenv("ZAGENT_SHARED");
    AUTO_FREE char *path = mem_printf("%s/mustache-spec/%s.json", shared ? shared : "../shared", file);
    json_t *doc = json_load_file(path, 0, NULL);
    if (!doc)
        print_message("skipped: %s is not there\n", path);
    return doc;
}

static const char *partial(void *ctx, const char *name, size_t *len)
{
    const json_t *text = json_object_get(ctx, name);
    *len = json_string_length(text);
    return json_string_value(text);
}

static int run_case(const json_t *c)
{
    const char *expected = json_string_value(json_object_get(c, "expected"));
    const json_t *text = json_object_get(c, "template");
    struct render_options o = {.target = RENDER_HTML, .partial = partial, .ctx = json_object_get(c, "partials")};
    struct err e = {0};
    AUTO_FREE char *got = render(json_string_value(json_object_get(c, "name")), json_string_value(text),
                                 json_string_length(text), json_object_get(c, "data"), &o, &e);
    if (got && strcmp(got, expected) == 0)
        return 0;
    print_message("failed: %s\n  expected '%s'\n  got      '%s'\n  %s %s\n",
                  json_string_value(json_object_get(c, "name")), expected, got ? got : "(error)", e.what, e.where);
    return 1;
}

static void run_file(const char *file, size_t at_least)
{
    AUTO_JSON json_t *doc = load(file);
    if (!doc)
        skip();
    const json_t *c;
    size_t i;
    int failed = 0;
    json_t *cases = json_object_get(doc, "tests");
    json_array_foreach (cases, i, c)
        failed += run_case(c);
    print_message("mustache/spec %s: %d passed, %d failed\n", file, (int)json_array_size(cases) - failed, failed);
    assert_int_equal(failed, 0);
    assert_true(json_array_size(cases) >= at_least);
}

static void comments(void **s)
{
    (void)s;
    run_file("comments", 12);
}
static void delimiters(void **s)
{
    (void)s;
    run_file("delimiters", 14);
}
static void interpolation(void **s)
{
    (void)s;
    run_file("interpolation", 42);
}
static void inverted(void **s)
{
    (void)s;
    run_file("inverted", 22);
}
static void partials(void **s)
{
    (void)s;
    run_file("partials", 12);
}
static void sections(void **s)
{
    (void)s;
    run_file("sections", 34);
}
static void inheritance(void **s)
{
    (void)s;
    run_file("~inheritance", 27);
}

/* What is left out must be refused, not rendered as something else. */
static void dynamic_names_are_refused_with_a_reason(void **s)
{
    (void)s;
    struct err e = {0};
    struct render_options o = {.target = RENDER_HTML};
    assert_null(render("t", "a\n {{>*page}}", 13, NULL, &o, &e));
    assert_int_equal(e.kind, ERR_PARSE);
    assert_string_equal(e.where, "t:2:2");
    assert_non_null(strstr(e.what, "dynamic partial names"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments),      cmocka_unit_test(delimiters),
        cmocka_unit_test(interpolation), cmocka_unit_test(inverted),
        cmocka_unit_test(partials),      cmocka_unit_test(sections),
        cmocka_unit_test(inheritance),   cmocka_unit_test(dynamic_names_are_refused_with_a_reason),
    };
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        print_message("mustache/spec %s: left out, not supported\n", left_out[i]);
    return cmocka_run_group_tests_name("render/mustache_spec", tests, NULL, NULL);
}
