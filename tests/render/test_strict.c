/* What a playbook's author sees: strict mode, its messages, and templates that are wrong. */
#include "base/mem.h"
#include "render/render.h"
#include "tests/test.h"

static const char *one_partial(void *ctx, const char *name, size_t *len)
{
    const char *const *pair = ctx;
    if (strcmp(name, pair[0]) != 0)
        return NULL;
    *len = strlen(pair[1]);
    return pair[1];
}

static const char *const footer[] = {"footer", "Ask {{ownr}}\n"};
static const char data[] =
    "{\"bom_status\":\"Aligned\",\"cutover\":null,\"org\":{\"name\":\"Acme\",\"time_zone\":null},"
    "\"note\":\"\",\"zero\":0,\"rows\":[{\"code\":\"P\",\"@line\":3},{\"code\":\"I\",\"@line\":4}],"
    "\"yes\":true,\"owner\":\"admin\"}";

static char *strict(const char *text, struct err *e)
{
    AUTO_JSON json_t *j = json_loads(data, 0, NULL);
    struct render_options o = {
        .target = RENDER_MARKDOWN, .strict = true, .partial = one_partial, .ctx = (void *)(uintptr_t)footer};
    return render("guide.md", text, strlen(text), j, &o, e);
}

static void declared_names_render(void **s)
{
    (void)s;
    static const struct {
        const char *text, *out;
    } row[] = {
        {"{{bom_status}} at {{org.name}}", "Aligned at Acme"},
        {"[{{cutover}}]", "[]"},
        {"[{{org.time_zone}}{{cutover.day}}]", "[]"},
        {"{{#rows}}{{code}} of {{org.name}}\n{{/rows}}", "P of Acme\nI of Acme\n"},
        {"{{#cutover}}never{{/cutover}}{{^cutover}}no date{{/cutover}}", "no date"},
        {"{{#note}}Note: {{note}}{{/note}}{{#zero}}{{zero}}{{/zero}}", "0"},
        {"{{#yes}}{{.}}{{/yes}}", "true"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct err e = {0};
        AUTO_FREE char *out = strict(row[i].text, &e);
        assert_string_equal(e.what, "");
        assert_string_equal(out, row[i].out);
    }
}

struct bad {
    const char *text;
    enum err_kind kind;
    const char *what, *where, *fix;
};

static void check_bad(const struct bad *b)
{
    struct err e = {0};
    AUTO_FREE char *out = strict(b->text, &e);
    assert_null(out);
    assert_string_equal(e.what, b->what);
    assert_string_equal(e.where, b->where);
    assert_string_equal(e.fix, b->fix);
    assert_int_equal(e.kind, b->kind);
}

static void an_undeclared_name_is_an_error_with_the_nearest_one(void **s)
{
    (void)s;
    static const struct bad row[] = {
        {"ok\n  {{bom_statsu}}", ERR_CONFIG, "'bom_statsu' is not declared", "guide.md:2:3",
         "did you mean 'bom_status'? Otherwise declare 'bom_statsu'"},
        {"é {{org.nam}}", ERR_CONFIG, "'org' has no 'nam'", "guide.md:1:3",
         "did you mean 'org.name'? Otherwise declare 'org.nam'"},
        {"{{^absent_thing}}x{{/absent_thing}}", ERR_CONFIG, "'absent_thing' is not declared", "guide.md:1:1",
         "declared here: bom_status, cutover, note, org, owner, rows, yes, zero"},
        {"{{#rows}}\n{{cod}}\n{{/rows}}", ERR_CONFIG, "'cod' is not declared", "guide.md:2:1",
         "did you mean 'code'? Otherwise declare 'cod'"},
        {"{{>footer}}", ERR_CONFIG, "'ownr' is not declared", "footer:1:5",
         "did you mean 'owner'? Otherwise declare 'ownr'"},
        {"{{rows.code}}", ERR_CONFIG, "'rows' is a table, so it has no 'code'", "guide.md:1:1",
         "go through its rows: {{#rows}}{{code}}{{/rows}}"},
        {"{{bom_status.label}}", ERR_CONFIG, "'bom_status' is text, so it has no 'label'", "guide.md:1:1",
         "write {{bom_status}}"},
        {"{{rows}}", ERR_CONFIG, "'rows' is a table, which cannot be written as one value", "guide.md:1:1",
         "open it: {{#rows}}…{{/rows}}"},
        {"{{org}}", ERR_CONFIG, "'org' is a group of values, which cannot be written as one value", "guide.md:1:1",
         "open it: {{#org}}…{{/org}}"},
        {"\n{{>header}}", ERR_CONFIG, "there is no partial 'header'", "guide.md:2:1",
         "add the file, or correct the name"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        check_bad(&row[i]);
}

static void raw_tags_are_refused_even_where_they_are_not_reached(void **s)
{
    (void)s;
    static const struct bad row[] = {
        {"{{#cutover}}{{{note}}}{{/cutover}}", ERR_CONFIG, "'note' would be written without escaping", "guide.md:1:13",
         "use two braces: {{note}}"},
        {"{{& note}}", ERR_CONFIG, "'note' would be written without escaping", "guide.md:1:1",
         "use two braces: {{note}}"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        check_bad(&row[i]);
    struct err e = {0};
    AUTO_JSON json_t *j = json_loads("{\"x\":\"*\"}", 0, NULL);
    struct render_options o = {.target = RENDER_MARKDOWN, .strict = true, .raw_ok = true};
    AUTO_FREE char *out = render("t", "{{{x}}}{{&x}}{{x}}", 18, j, &o, &e);
    assert_string_equal(out, "**\\*");
}

static void wrong_templates_say_where_and_what_to_do(void **s)
{
    (void)s;
    static const struct bad row[] = {
        {"a\n{{name", ERR_PARSE, "the tag that opens here is never closed", "guide.md:2:1", "add '}}' after its name"},
        {"{{{name}}", ERR_PARSE, "the tag that opens here is never closed", "guide.md:1:1", "add '}}}' after its name"},
        {"{{=<% %>=}}\n<%x", ERR_PARSE, "the tag that opens here is never closed", "guide.md:2:1",
         "add '%>' after its name"},
        {"{{ }}", ERR_PARSE, "the tag names nothing", "guide.md:1:1",
         "write a name between the delimiters, or delete the tag"},
        {"{{unit price}}", ERR_PARSE, "a name has no spaces: 'unit price'", "guide.md:1:1",
         "write one word, such as {{unit_price}}; a missing closing delimiter looks like this too"},
        {"{{#a}}\n{{#b}}{{/a}}", ERR_PARSE, "'a' is closed here but is not open", "guide.md:2:7",
         "'b' of line 2 is open: close it first"},
        {"x {{/a}}", ERR_PARSE, "'a' is closed here but is not open", "guide.md:1:3",
         "delete this tag, or add {{#a}} before it"},
        {"{{#a}}\n{{#b}}{{/b}}", ERR_PARSE, "'a' is opened here and never closed", "guide.md:1:1",
         "add {{/a}} where it should end"},
        {"{{=x=}}", ERR_PARSE, "a delimiter tag needs an opening and a closing delimiter", "guide.md:1:1",
         "write {{=<% %>=}}: two words without '=' or spaces in them"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        check_bad(&row[i]);
}

static void a_value_never_becomes_a_template(void **s)
{
    (void)s;
    struct err e = {0};
    AUTO_JSON json_t *j = json_loads("{\"x\":\"{{y}}{{>p}}\",\"y\":\"no\"}", 0, NULL);
    struct render_options o = {.target = RENDER_PLAIN, .strict = true};
    AUTO_FREE char *out = render("t", "{{x}}{{#x}}{{.}}{{/x}}", 22, j, &o, &e);
    assert_string_equal(out, "{{y}}{{>p}}{{y}}{{>p}}");
}

static void blank_lines_of_an_indented_partial_stay_empty(void **s)
{
    (void)s;
    static const char *const p[] = {"p", "a\n\n{{x}}\n"};
    AUTO_JSON json_t *j = json_loads("{\"x\":\"v\"}", 0, NULL);
    struct render_options o = {
        .target = RENDER_PLAIN, .strict = true, .partial = one_partial, .ctx = (void *)(uintptr_t)p};
    struct err e = {0};
    AUTO_FREE char *out = render("t", "  {{>p}}\n.", 10, j, &o, &e);
    assert_string_equal(out, "  a\n\n  v\n.");
}

static const char *absent_partial(void *ctx, const char *name, size_t *len)
{
    (void)ctx, (void)name;
    *len = 12;
    return NULL;
}

/* Once, the length of a partial that is not there was believed. */
static void a_missing_partial_is_empty_whatever_its_length_says(void **s)
{
    (void)s;
    struct render_options o = {.target = RENDER_PLAIN, .partial = absent_partial};
    struct err e = {0};
    AUTO_FREE char *out = render("t", "[{{>p}}]", 8, NULL, &o, &e);
    assert_string_equal(out, "[]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declared_names_render),
        cmocka_unit_test(an_undeclared_name_is_an_error_with_the_nearest_one),
        cmocka_unit_test(raw_tags_are_refused_even_where_they_are_not_reached),
        cmocka_unit_test(wrong_templates_say_where_and_what_to_do),
        cmocka_unit_test(a_value_never_becomes_a_template),
        cmocka_unit_test(a_missing_partial_is_empty_whatever_its_length_says),
        cmocka_unit_test(blank_lines_of_an_indented_partial_stay_empty),
    };
    return cmocka_run_group_tests_name("render/strict", tests, NULL, NULL);
}
