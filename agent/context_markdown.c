/* agent/context_markdown.c — headings, their text and their tables, through cmark-gfm; cell counts against the source lines. */
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "agent/context_parse.h"
#include "base/sb.h"
#include "base/text.h"

struct lines {
    const char **at; /* start of each line; one more entry for the end */
    size_t n, cap;
};

static void split_lines(const char *text, size_t len, struct lines *l)
{
    VEC_PUSH(l->at, l->n, l->cap, text);
    for (size_t i = 0; i < len; i++)
        if (text[i] == '\n')
            VEC_PUSH(l->at, l->n, l->cap, text + i + 1);
    VEC_PUSH(l->at, l->n, l->cap, text + len + (len && text[len - 1] == '\n' ? 0 : 1));
    l->n--;
}

static size_t line_len(const struct lines *l, int line)
{
    return (size_t)(l->at[line] - l->at[line - 1]) - 1;
}

/* Text of a node's inlines: markup gone, code and links by their words. */
static void plain(cmark_node *node, struct sb *out)
{
    for (cmark_node *c = cmark_node_first_child(node); c; c = cmark_node_next(c)) {
        cmark_node_type t = cmark_node_get_type(c);
        if (t == CMARK_NODE_TEXT || t == CMARK_NODE_CODE || t == CMARK_NODE_HTML_INLINE)
            sb_add(out, cmark_node_get_literal(c));
        else if (t == CMARK_NODE_SOFTBREAK || t == CMARK_NODE_LINEBREAK)
            sb_addc(out, ' ');
        else
            plain(c, out);
    }
}

static char *plain_text(cmark_node *node)
{
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    plain(node, &b);
    size_t start = strspn(b.buf, " "), end = b.len;
    while (end > start && b.buf[end - 1] == ' ')
        end--;
    return mem_dupn(b.buf + start, end - start);
}

enum { CELLS_MAX = 200 };

/* Cells of a source line as GFM splits them: unescaped bars, outer ones optional. col[i] = where cell i begins (1-based). */
static size_t split_cells(const char *s, size_t n, int col[CELLS_MAX])
{
    size_t i = 0, cells = 0;
    while (n && (s[n - 1] == ' ' || s[n - 1] == '\t'))
        n--;
    while (i < n && s[i] == ' ')
        i++;
    if (i < n && s[i] == '|')
        i++;
    if (n > i && s[n - 1] == '|' && !(n > 1 && s[n - 2] == '\\'))
        n--;
    for (bool start = true; i <= n && cells < CELLS_MAX; i++) {
        if (start) {
            size_t k = i;
            while (k < n && s[k] == ' ')
                k++;
            col[cells++] = (int)k + 1;
            start = false;
        }
        if (i < n && s[i] == '\\')
            i++;
        else if (i < n && s[i] == '|')
            start = true;
    }
    return cells;
}

static json_t *row_cells(cmark_node *row)
{
    json_t *cells = json_array();
    for (cmark_node *c = cmark_node_first_child(row); c; c = cmark_node_next(c)) {
        AUTO_FREE char *text = plain_text(c);
        js_push_str(cells, text);
    }
    return cells;
}

static void read_table(struct context_source *s, const struct lines *l, cmark_node *node, json_t *section)
{
    cmark_node *row = cmark_node_first_child(node);
    int line = cmark_node_get_start_line(row), col[CELLS_MAX];
    AUTO_JSON json_t *labels = row_cells(row);
    if (json_is_object(json_object_get(section, "table"))) {
        context_finding(s, "warning", line, 1, "give it a heading of its own", "a second table under '%s' is not read",
                        js_str_or(section, "heading", ""));
        return;
    }
    json_t *table = context_columns(s, labels, line);
    size_t want = json_array_size(labels);
    js_set(section, "table", table);
    for (row = cmark_node_next(row); row; row = cmark_node_next(row)) {
        line = cmark_node_get_start_line(row);
        memset(col, 0, sizeof col);
        size_t have = split_cells(l->at[line - 1], line_len(l, line), col);
        if (have != want)
            context_finding(s, "error", line, have > want ? col[want] : (int)line_len(l, line) + 1,
                            "write one cell a column; a bar inside a cell is written \\|",
                            "the row has %zu cells, its table %zu columns", have, want);
        AUTO_JSON json_t *cells = row_cells(row);
        context_row(table, cells, col, line);
    }
}

/* A paragraph that begins with bars and has a line of dashes was meant as a table. */
static void near_table(struct context_source *s, const struct lines *l, cmark_node *node)
{
    int from = cmark_node_get_start_line(node), to = cmark_node_get_end_line(node);
    for (int line = from; line < to; line++) {
        const char *head = l->at[line - 1], *dash = l->at[line];
        int col[CELLS_MAX];
        if (*head != '|' || *dash != '|' || strspn(dash, "|-: ") < line_len(l, line + 1))
            continue;
        context_finding(s, "error", line, 1, "give the line of dashes as many cells as the header",
                        "this looks like a table, but its header has %zu cells and the line below %zu",
                        split_cells(head, line_len(l, line), col), split_cells(dash, line_len(l, line + 1), col));
        return;
    }
}

static json_t *new_section(struct context_source *s, const char *heading, int line)
{
    json_t *section = json_object();
    AUTO_FREE char *slug = text_slug(heading);
    json_t *other;
    size_t i;
    json_array_foreach (js_arr(s->file, "sections"), i, other) {
        if (*slug && !strcmp(slug, js_str_or(other, "slug", "")))
            context_finding(s, "warning", line, 1, "rename one of them: a reference finds the first",
                            "two headings are '%s'", heading);
    }
    js_set_str(section, "heading", heading);
    js_set_str(section, "slug", slug);
    js_set_int(section, "line", line);
    js_set(section, "table", json_null());
    json_array_append_new(js_arr(s->file, "sections"), section);
    return section;
}

/* Facts in running text that nobody has confirmed yet. */
static void note_assumed(struct context_source *s, cmark_node *node)
{
    AUTO_FREE char *text = plain_text(node);
    if (!context_take_assumed(text))
        return;
    json_t *o = json_object();
    js_set_int(o, "line", cmark_node_get_start_line(node));
    js_set_str(o, "text", text);
    json_array_append_new(js_arr(s->file, "assumed"), o);
}

static void walk_paragraphs(struct context_source *s, cmark_node *node)
{
    for (cmark_node *c = cmark_node_first_child(node); c; c = cmark_node_next(c)) {
        if (cmark_node_get_type(c) == CMARK_NODE_PARAGRAPH)
            note_assumed(s, c);
        else if (cmark_node_get_type(c) == CMARK_NODE_LIST || cmark_node_get_type(c) == CMARK_NODE_ITEM)
            walk_paragraphs(s, c);
    }
}

/* Front matter would be read as a heading: it is no part of what we read, so it is blanked, lines kept. */
static char *without_front_matter(struct context_source *s)
{
    char *text = mem_dupn(s->text, s->len), *end = NULL;
    if (!strncmp(text, "---\n", 4))
        end = strstr(text + 4, "\n---\n");
    if (end) {
        context_finding(s, "note", 1, 1, "put facts under headings", "front matter is not read");
        for (char *p = text; p < end + 4; p++)
            if (*p != '\n')
                *p = ' ';
    }
    return text;
}

static void finish_section(const struct lines *l, json_t *section, int last_line)
{
    int from = (int)js_int(section, "line", 0) + 1;
    const char *start = l->at[from - 1 < (int)l->n ? from - 1 : (int)l->n - 1];
    size_t n = last_line >= from ? (size_t)(l->at[last_line] - start) - 1 : 0;
    AUTO_FREE char *text = mem_dupn(start, n);
    js_set_str(section, "text", text);
}

static void walk(struct context_source *s, const struct lines *l, cmark_node *root)
{
    json_t *section = new_section(s, "", 0);
    for (cmark_node *n = cmark_node_first_child(root); n; n = cmark_node_next(n)) {
        cmark_node_type t = cmark_node_get_type(n);
        if (t == CMARK_NODE_HEADING) {
            AUTO_FREE char *heading = plain_text(n);
            finish_section(l, section, cmark_node_get_start_line(n) - 1);
            section = new_section(s, heading, cmark_node_get_start_line(n));
        } else if (!strcmp(cmark_node_get_type_string(n), "table")) {
            read_table(s, l, n, section);
        } else if (t == CMARK_NODE_PARAGRAPH) {
            near_table(s, l, n);
            note_assumed(s, n);
        } else {
            walk_paragraphs(s, n);
        }
    }
    finish_section(l, section, (int)l->n);
}

void context_markdown(struct context_source *s)
{
    struct lines l = {0};
    AUTO_FREE char *text = without_front_matter(s);
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *p = cmark_parser_new(CMARK_OPT_DEFAULT);
    cmark_parser_attach_syntax_extension(p, cmark_find_syntax_extension("table"));
    cmark_parser_feed(p, text, s->len);
    cmark_node *root = cmark_parser_finish(p);
    split_lines(text, s->len, &l);
    walk(s, &l, root);
    cmark_node_free(root);
    cmark_parser_free(p);
    free(l.at);
}
