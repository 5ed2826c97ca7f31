/* Markdown of the context through libcmark-gfm; what that drops silently is found by looking at the source line. */
#include <cmark-gfm-core-extensions.h>
#include <ctype.h>

#include "agent/context_read.h"
#include "base/text.h"

struct reader {
    struct context_file *f;
    struct context_lines lines;
    json_t *section;
    size_t text_from; /* line where the open section's text begins */
};

static const char *line_at(const struct reader *r, size_t line, size_t *n)
{
    if (line == 0 || line > r->lines.n) {
        *n = 0;
        return "";
    }
    *n = r->lines.end[line - 1] - r->lines.start[line - 1];
    return r->f->text + r->lines.start[line - 1];
}

/* "---" … "---" at the top is not Markdown: cmark would make a heading of it. Blanked, so that lines keep their numbers. */
static void blank_front_matter(struct reader *r)
{
    size_t n, last = 2;
    const char *s = line_at(r, 1, &n);
    if (n < 3 || strncmp(s, "---", 3) != 0)
        return;
    for (;; last++) {
        if (last > r->lines.n)
            return; /* never closed: a thematic break */
        s = line_at(r, last, &n);
        if (n >= 3 && (!strncmp(s, "---", 3) || !strncmp(s, "...", 3)))
            break;
    }
    context_find(r->f, CONTEXT_WARNING, 1, 1, "write what it says into a table under a heading",
                 "front matter is not read");
    for (size_t line = 1; line <= last; line++)
        memset(r->f->text + r->lines.start[line - 1], ' ', r->lines.end[line - 1] - r->lines.start[line - 1]);
}

/* The words of a node, without markup. */
static char *words(cmark_node *root)
{
    struct sb b = SB_INIT(CONTEXT_FILE_MAX);
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        cmark_node_type t = cmark_node_get_type(n);
        if (ev != CMARK_EVENT_ENTER)
            continue;
        if (t == CMARK_NODE_SOFTBREAK || t == CMARK_NODE_LINEBREAK)
            sb_addc(&b, ' ');
        else if (t == CMARK_NODE_TEXT || t == CMARK_NODE_CODE || t == CMARK_NODE_HTML_INLINE)
            sb_add(&b, cmark_node_get_literal(n));
    }
    cmark_iter_free(it);
    char *text = sb_take(&b, "text", NULL);
    return text ? text : mem_dup("");
}

/* Ends the text of the open section before `line`. */
static void close_text(struct reader *r, size_t line)
{
    size_t from = r->text_from, n;
    while (from < line && (line_at(r, from, &n), n == 0))
        from++;
    while (line > from && (line_at(r, line - 1, &n), n == 0))
        line--;
    if (line <= from)
        return;
    size_t start = r->lines.start[from - 1];
    AUTO_FREE char *text = mem_dupn(r->f->text + start, r->lines.end[line - 2] - start);
    AUTO_FREE char *clean = text_clean(text, true);
    js_set_str(r->section, "text", clean);
}

/* Where the cells of a row begin, by GFM's rule: '|' splits unless a backslash is before it; the outer ones are optional. */
struct cells {
    size_t n, *col, cap;
    size_t end_col;
};

static struct cells split_row(const char *s, size_t n)
{
    struct cells c = {0};
    size_t i = 0, col = 1;
    while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        n--;
    while (i < n && (s[i] == ' ' || s[i] == '\t'))
        i++, col++;
    if (i < n && s[i] == '|')
        i++, col++;
    while (i < n) {
        while (i < n && (s[i] == ' ' || s[i] == '\t'))
            i++, col++;
        VEC_PUSH(c.col, c.n, c.cap, col);
        for (; i < n && s[i] != '|'; i++) {
            if (s[i] == '\\' && i + 1 < n && ispunct((unsigned char)s[i + 1]))
                i++, col++;
            col += ((unsigned char)s[i] & 0xC0) != 0x80;
        }
        i++, col++;
    }
    c.end_col = col;
    return c;
}

/* "| --- | :-: |": dashes, colons and bars only. */
static bool delimiter_row(const char *s, size_t n)
{
    bool dash = false, bar = false;
    for (size_t i = 0; i < n; i++) {
        if (!memchr("-|: \t", s[i], 5))
            return false;
        dash = dash || s[i] == '-';
        bar = bar || s[i] == '|';
    }
    return dash && bar;
}

static void read_row(struct reader *r, json_t *table, cmark_node *row, size_t line, bool header)
{
    size_t n, i = 0;
    const char *s = line_at(r, line, &n);
    struct cells c = split_row(s, n);
    json_t *out = header ? NULL : context_add_row(table, line);
    for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell), i++) {
        AUTO_FREE char *text = words(cell);
        size_t col = i < c.n ? c.col[i] : c.end_col;
        if (header)
            context_add_column(r->f, table, text, line, col);
        else if (i < c.n)
            context_cell(table, out, i, text, col);
    }
    if (!header) {
        size_t want = json_array_size(js_arr(table, "columns"));
        context_end_row(r->f, table, out, c.n, line, c.n > want && want > 0 ? c.col[want] : c.end_col);
    }
    free(c.col);
}

/* The line of the header: cmark may count lines of a paragraph before it to the table. */
static size_t header_line(const struct reader *r, size_t from)
{
    size_t n;
    for (size_t line = from; line < r->lines.n; line++) {
        const char *s = line_at(r, line + 1, &n);
        if (delimiter_row(s, n) || (n > 0 && strspn(s, "-: \t") >= n && memchr(s, '-', n)))
            return line;
    }
    return from;
}

static void read_table(struct reader *r, cmark_node *node)
{
    size_t line = header_line(r, (size_t)cmark_node_get_start_line(node));
    json_t *table = context_add_table(r->f, r->section, line);
    if (!table)
        return;
    cmark_node *row = cmark_node_first_child(node);
    read_row(r, table, row, line, true);
    for (line += 2; (row = cmark_node_next(row)) != NULL; line++)
        read_row(r, table, row, line, false);
}

/* A paragraph that was meant as a table. */
static void check_paragraph(struct reader *r, cmark_node *node)
{
    size_t first = (size_t)cmark_node_get_start_line(node), last = (size_t)cmark_node_get_end_line(node), n;
    for (size_t line = first; line <= last; line++) {
        const char *s = line_at(r, line, &n);
        if (line > first && delimiter_row(s, n)) {
            size_t m;
            const char *head = line_at(r, line - 1, &m);
            struct cells want = split_row(head, m), have = split_row(s, n);
            context_find(r->f, CONTEXT_ERROR, line, 1, "give the line of dashes one cell for each column",
                         "no table: the line of dashes has %zu cells, the line above it %zu", have.n, want.n);
            free(want.col);
            free(have.col);
            return;
        }
    }
    for (size_t line = first; line <= last; line++) {
        const char *s = line_at(r, line, &n);
        if (n > 0 && s[0] == '|') {
            context_find(r->f, CONTEXT_ERROR, line, 1,
                         "write a line such as | --- | --- | below the column names, without empty lines between",
                         "this looks like a table, but is none");
            return;
        }
    }
}

static void add_item(struct reader *r, cmark_node *words_of, size_t line, bool only_assumed)
{
    AUTO_FREE char *text = words_of ? words(words_of) : mem_dup("");
    AUTO_FREE char *clean = text_clean(text, false);
    bool assumed = context_take_assumed(clean);
    if (only_assumed && !assumed)
        return;
    json_t *j = json_object();
    js_set_str(j, "text", clean);
    js_set_int(j, "@line", (int64_t)line);
    if (assumed)
        js_set_bool(j, "@assumed", true);
    json_array_append_new(js_arr(r->section, "items"), j);
}

static void read_list(struct reader *r, cmark_node *list)
{
    for (cmark_node *item = cmark_node_first_child(list); item; item = cmark_node_next(item))
        add_item(r, cmark_node_first_child(item), (size_t)cmark_node_get_start_line(item), false);
}

static bool is_table(cmark_node *node)
{
    return !strcmp(cmark_node_get_type_string(node), "table");
}

static void warn_inner_tables(struct reader *r, cmark_node *root)
{
    cmark_iter *it = cmark_iter_new(root);
    for (cmark_event_type ev; (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;) {
        cmark_node *n = cmark_iter_get_node(it);
        if (ev == CMARK_EVENT_ENTER && is_table(n))
            context_find(r->f, CONTEXT_WARNING, (size_t)cmark_node_get_start_line(n), 1, "move it to the left margin",
                         "a table inside a list or a quote is not read");
    }
    cmark_iter_free(it);
}

static void read_block(struct reader *r, cmark_node *node)
{
    size_t line = (size_t)cmark_node_get_start_line(node);
    if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
        AUTO_FREE char *text = words(node);
        AUTO_FREE char *clean = text_clean(text, false);
        close_text(r, line);
        r->section = context_section(r->f, clean, line);
        r->text_from = (size_t)cmark_node_get_end_line(node) + 1;
    } else if (is_table(node)) {
        read_table(r, node);
    } else if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH) {
        check_paragraph(r, node);
        add_item(r, node, line, true);
    } else {
        if (cmark_node_get_type(node) == CMARK_NODE_LIST)
            read_list(r, node);
        warn_inner_tables(r, node);
    }
}

void context_read_markdown(struct context_file *f)
{
    struct reader r = {.f = f, .lines = context_split(f->text, f->len), .text_from = 1};
    blank_front_matter(&r);
    r.section = context_section(f, "", 1);
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *p = cmark_parser_new(CMARK_OPT_DEFAULT);
    cmark_parser_attach_syntax_extension(p, cmark_find_syntax_extension("table"));
    cmark_parser_feed(p, f->text, f->len);
    cmark_node *doc = cmark_parser_finish(p);
    cmark_parser_free(p);
    for (cmark_node *n = cmark_node_first_child(doc); n; n = cmark_node_next(n))
        read_block(&r, n);
    close_text(&r, r.lines.n + 1);
    cmark_node_free(doc);
    context_lines_release(&r.lines);
}
