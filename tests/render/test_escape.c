/* Every escaper by property: what is written must be read back the same by a reader that is not ours. */
#include <cmark-gfm-core-extensions.h>
#include <csv.h>

#include "base/js.h"
#include "base/sb.h"
#include "base/text.h"
#include "render/render.h"
#include "tests/test.h"

/* libcmark-gfm exports its HTML reader without installing the header (src/houdini.h). */
typedef struct {
    void *mem;
    unsigned char *ptr;
    int asize, size;
} html_buf;
void houdini_unescape_html_f(html_buf *out, const uint8_t *src, int32_t size);
void cmark_strbuf_init(void *mem, html_buf *buf, int32_t initial_size);
void cmark_strbuf_free(html_buf *buf);

enum { ROUNDS = 3000 };

/* Pieces that mean something somewhere. */
static const char *const pieces[] = {
    "a",
    "B",
    "é",
    "7",
    "0",
    " ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "'",
    "\\",
    "\\n",
    "\\\"",
    "*",
    "**",
    "_",
    "a_b",
    "`",
    "```",
    "~~",
    "~~~",
    "[",
    "](",
    "](http://x.y)",
    "[x]: /y",
    ")",
    "!",
    "![",
    "<",
    "<script>",
    "</b>",
    "<!--",
    "-->",
    "&",
    "&lt;",
    "&#65;",
    "lt;",
    "#",
    "## ",
    "-",
    "---",
    "- ",
    "+ ",
    "1. ",
    "12) ",
    "=",
    "===",
    "|",
    "\\|",
    "|-|-|",
    ">",
    "> ",
    ":",
    "://",
    "https://example.com/a",
    "www.example.com",
    "$",
    "%",
    "{",
    "}}",
    "{{x}}",
    ",",
    ";",
    "=1+1",
    "@",
    "\xEF\xBC\x9D",
    "*/",
    "/*",
    "//",
    "\x1b[31m",
    "\x7f",
    "\xC2\x9B",
    "\xE2\x80\xAE",
    "\xE2\x80\xA8",
    "\xF0\x9F\x98\x80",
    "\xC2\xA0",
    "\\u0041",
    "^",
    "(",
    ".",
};

static uint32_t next(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static char *random_value(uint32_t *seed)
{
    struct sb b = SB_INIT(4096);
    for (uint32_t n = 1 + next(seed) % 7; n > 0; n--)
        sb_add(&b, pieces[next(seed) % (sizeof pieces / sizeof *pieces)]);
    return sb_take(&b, "value", NULL);
}

/* Every piece alone, then random joins of them. */
static void for_each_value(void (*check)(const char *value))
{
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        check(pieces[i]);
    uint32_t seed = 20250101;
    for (int i = 0; i < ROUNDS; i++) {
        AUTO_FREE char *v = random_value(&seed);
        check(v);
    }
}

static void check_json(const char *v)
{
    AUTO_FREE char *esc = render_escape(RENDER_JSON, v);
    AUTO_FREE char *doc = mem_printf("[\"%s\"]", esc);
    AUTO_JSON json_t *j = json_loads(doc, 0, NULL);
    assert_non_null(j);
    assert_string_equal(json_string_value(json_array_get(j, 0)), v);
}

static void json_text_comes_back_through_jansson(void **s)
{
    (void)s;
    for_each_value(check_json);
}

static void csv_cell(void *cell, size_t n, void *out)
{
    sb_addn(out, cell, n);
    sb_add(out, "\x1d");
}
static void csv_row(int c, void *out)
{
    (void)c;
    sb_add(out, "\x1e");
}

static void read_csv(const char *text, struct sb *out)
{
    struct csv_parser p;
    assert_int_equal(csv_init(&p, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&p, text, strlen(text), csv_cell, csv_row, out), strlen(text));
    assert_int_equal(csv_fini(&p, csv_cell, csv_row, out), 0);
    csv_free(&p);
}

static void check_csv(const char *v)
{
    AUTO_FREE char *esc = render_escape(RENDER_CSV, v);
    AUTO_FREE char *doc = mem_printf("x,%s,y\r\n", esc);
    AUTO_FREE char *expected = mem_printf("x\x1d%s\x1dy\x1d\x1e", v);
    AUTO_SB struct sb got = SB_INIT(1 << 16);
    read_csv(doc, &got);
    assert_string_equal(got.buf, expected);
}

static void csv_cells_come_back_through_libcsv(void **s)
{
    (void)s;
    for_each_value(check_csv);
}

static void check_html(const char *v)
{
    AUTO_FREE char *esc = render_escape(RENDER_HTML, v);
    assert_null(strpbrk(esc, "<>\"'"));
    html_buf b;
    cmark_strbuf_init(cmark_get_default_mem_allocator(), &b, 16);
    houdini_unescape_html_f(&b, (const uint8_t *)esc, (int32_t)strlen(esc));
    assert_string_equal((const char *)b.ptr, v);
    cmark_strbuf_free(&b);
}

static void html_text_comes_back_through_an_html_reader(void **s)
{
    (void)s;
    for_each_value(check_html);
}

/* Reads one double-quoted Deluge text by the facts: \" \\ \n \r, another backslash stays. Fails on what the editor refuses. */
static char *read_deluge(const char *s)
{
    struct sb out = SB_INIT(1 << 16);
    assert_int_equal(*s++, '"');
    for (; *s != '"'; s++) {
        assert_true(*s != '\0' && *s != '\n' && *s != '\r');
        if (*s == '\\' && strchr("\"\\nr", s[1])) {
            s++;
            sb_addc(&out, *s == 'n' ? '\n' : *s == 'r' ? '\r' : *s);
        } else {
            sb_addc(&out, *s);
        }
    }
    assert_string_equal(s, "\";");
    return sb_take(&out, "text", NULL);
}

static void check_deluge(const char *v)
{
    AUTO_FREE char *esc = render_escape(RENDER_DELUGE, v);
    AUTO_FREE char *doc = mem_printf("\"%s\";", esc);
    AUTO_FREE char *got = read_deluge(doc);
    assert_string_equal(got, v);
}

static void deluge_text_comes_back_through_a_reader_of_its_own(void **s)
{
    (void)s;
    for_each_value(check_deluge);
}

/* Where a value can stand in a guide, what of the place is text, and how many nodes it has besides its texts. */
static const struct place {
    const char *before, *after, *text_before, *text_after;
    int nodes;
} places[] = {
    {"", "\n", "", "", 2},                               /* document, paragraph */
    {"see ", " there\n", "see ", " there", 2},           /* the same */
    {"# ", "\n", "", "", 2},                             /* document, heading */
    {"- ", "\n", "", "", 4},                             /* list, item */
    {"> ", "\n", "", "", 3},                             /* quote */
    {"before\n", "\nafter\n", "before\n", "\nafter", 4}, /* two soft breaks */
    {"[x]", "\n", "[x]", "", 2},                         /* no link by what follows a bracket */
    {"| h |\n| --- |\n| ", " |\n", "h", "", 6},          /* table, row, cell, row, cell */
};

static cmark_node *parse_markdown(const char *text, bool autolink)
{
    cmark_gfm_core_extensions_ensure_registered();
    static const char *const ext[] = {"table", "strikethrough", "autolink"};
    cmark_parser *p = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_FOOTNOTES);
    for (size_t i = 0; i < (autolink ? 3 : 2); i++)
        cmark_parser_attach_syntax_extension(p, cmark_find_syntax_extension(ext[i]));
    cmark_parser_feed(p, text, strlen(text));
    cmark_node *doc = cmark_parser_finish(p);
    cmark_parser_free(p);
    return doc;
}

static int collect(cmark_node *doc, struct sb *text)
{
    int nodes = 0;
    cmark_iter *it = cmark_iter_new(doc);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        if (ev != CMARK_EVENT_ENTER)
            continue;
        cmark_node *n = cmark_iter_get_node(it);
        if (cmark_node_get_type(n) == CMARK_NODE_TEXT) {
            sb_add(text, cmark_node_get_literal(n));
        } else {
            if (cmark_node_get_type(n) == CMARK_NODE_SOFTBREAK)
                sb_addc(text, '\n');
            /* A mail address may become a link to itself: see render/markdown.c. */
            if (cmark_node_get_type(n) != CMARK_NODE_LINK || strncmp(cmark_node_get_url(n), "mailto:", 7) != 0)
                nodes++;
        }
    }
    cmark_iter_free(it);
    return nodes;
}

static void check_markdown_at(const struct place *p, const char *v, bool autolink)
{
    AUTO_FREE char *esc = render_escape(RENDER_MARKDOWN, v);
    AUTO_FREE char *doc = mem_printf("%s%s%s", p->before, esc, p->after);
    cmark_node *tree = parse_markdown(doc, autolink);
    AUTO_SB struct sb got = SB_INIT(1 << 16);
    int nodes = collect(tree, &got);
    cmark_node_free(tree);
    AUTO_FREE char *expected = mem_printf("%s%s%s", p->text_before, v, p->text_after);
    if (nodes != p->nodes || strcmp(got.buf, expected) != 0)
        print_message("value '%s'\nwritten '%s'\nread '%s'\n%d nodes, not %d\n", v, doc, got.buf, nodes, p->nodes);
    assert_string_equal(got.buf, expected);
    assert_int_equal(nodes, p->nodes);
}

static void check_markdown(const char *v)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        check_markdown_at(&places[i], v, false);
        check_markdown_at(&places[i], v, true);
    }
}

static void markdown_text_comes_back_through_cmark_and_opens_nothing(void **s)
{
    (void)s;
    for_each_value(check_markdown);
}

static void two_values_side_by_side_open_nothing_together(void **s)
{
    (void)s;
    static const char *const pair[][2] = {{"&", "lt;"},   {"!", "[x](y)"}, {"1", ". x"},    {"-", "--"},
                                          {"[x]", "(y)"}, {"[x]", ": y"},  {" ", "   code"}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        AUTO_FREE char *a = render_escape(RENDER_MARKDOWN, pair[i][0]);
        AUTO_FREE char *b = render_escape(RENDER_MARKDOWN, pair[i][1]);
        AUTO_FREE char *doc = mem_printf("%s%s\n", a, b);
        AUTO_FREE char *expected = mem_printf("%s%s", pair[i][0], pair[i][1]);
        cmark_node *tree = parse_markdown(doc, true);
        AUTO_SB struct sb got = SB_INIT(1000);
        assert_int_equal(collect(tree, &got), 2);
        assert_string_equal(got.buf, expected);
        cmark_node_free(tree);
    }
}

static void markdown_keeps_ordinary_words_readable(void **s)
{
    (void)s;
    static const char *const same[] = {"BOM_Status",     "Check the quote, then press Save.",
                                       "R&D plan",       "P-1 (see above)",
                                       "25 % of 3.5 kW", "it's \"open\""};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        AUTO_FREE char *esc = render_escape(RENDER_MARKDOWN, same[i]);
        assert_string_equal(esc, same[i]);
    }
}

/* Value, lossless, guarded. */
static void sheets_get_a_guard_before_formulas_and_payloads_stay_lossless(void **s)
{
    (void)s;
    static const char *const row[][3] = {
        {"=1+1", "=1+1", "\"'=1+1\""},
        {"+SUM(A1)", "+SUM(A1)", "\"'+SUM(A1)\""},
        {"-cmd", "-cmd", "\"'-cmd\""},
        {"@A1", "@A1", "\"'@A1\""},
        {"\t=1", "\"\t=1\"", "\"'\t=1\""},
        {"\r=1", "\"\r=1\"", "\"'\r=1\""},
        {" =1", "\" =1\"", "\"' =1\""},
        {"\"=1\"", "\"\"\"=1\"\"\"", "\"'\"\"=1\"\"\""},
        {"\xEF\xBC\x9D"
         "1",
         "\xEF\xBC\x9D"
         "1",
         "\"'\xEF\xBC\x9D"
         "1\""},
        {"-12.5", "-12.5", "-12.5"},
        {"+34", "+34", "+34"},
        {"-1-1", "-1-1", "\"'-1-1\""},
        {"a=1", "a=1", "a=1"},
        {"a;b", "\"a;b\"", "\"a;b\""},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_FREE char *plain = render_escape(RENDER_CSV, row[i][0]);
        AUTO_FREE char *sheet = render_escape(RENDER_CSV_SHEET, row[i][0]);
        assert_string_equal(plain, row[i][1]);
        assert_string_equal(sheet, row[i][2]);
    }
}

static void the_file_name_chooses_the_target(void **s)
{
    (void)s;
    static const struct {
        const char *file;
        enum render_target target;
    } row[] = {{"guide.md.mustache", RENDER_MARKDOWN},
               {"a.HTML", RENDER_HTML},
               {"f.dg.mustache", RENDER_DELUGE},
               {"f.deluge", RENDER_DELUGE},
               {"f.ds", RENDER_DELUGE},
               {"x.json.mustache", RENDER_JSON},
               {"x.csv", RENDER_CSV},
               {"x.txt.mustache", RENDER_PLAIN},
               {"mustache", RENDER_PLAIN}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_int_equal(render_target_for(row[i].file), row[i].target);
}

static void every_target_has_a_name(void **s)
{
    (void)s;
    for (int t = 0; t < RENDER_TARGET__MAX; t++)
        assert_true(strlen(render_target_name((enum render_target)t)) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_text_comes_back_through_jansson),
        cmocka_unit_test(csv_cells_come_back_through_libcsv),
        cmocka_unit_test(html_text_comes_back_through_an_html_reader),
        cmocka_unit_test(deluge_text_comes_back_through_a_reader_of_its_own),
        cmocka_unit_test(markdown_text_comes_back_through_cmark_and_opens_nothing),
        cmocka_unit_test(two_values_side_by_side_open_nothing_together),
        cmocka_unit_test(markdown_keeps_ordinary_words_readable),
        cmocka_unit_test(sheets_get_a_guard_before_formulas_and_payloads_stay_lossless),
        cmocka_unit_test(the_file_name_chooses_the_target),
        cmocka_unit_test(every_target_has_a_name),
    };
    return cmocka_run_group_tests_name("render/escape", tests, NULL, NULL);
}
