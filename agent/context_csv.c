/* CSV and JSON of the context. libcsv gives no positions: it is fed one byte at a time, and the place of that byte is known. */
#include <csv.h>

#include "agent/context_read.h"

struct reader {
    struct context_file *f;
    json_t *table, *row;
    size_t cells;     /* in this row */
    size_t line, col; /* of the byte that is fed */
    size_t cell_line, cell_col, row_line;
    size_t surplus_col; /* of the first cell past the last column, else 0 */
    bool header, fresh; /* fresh: no byte of this row yet */
    bool semicolons;    /* in the first line */
};

static void on_cell(void *text, size_t n, void *ctx)
{
    struct reader *r = ctx;
    AUTO_FREE char *s = n ? mem_dupn(text, n) : mem_dup("");
    if (r->header)
        context_add_column(r->f, r->table, s, r->cell_line, r->cell_col);
    else {
        if (r->cells == 0)
            r->row = context_add_row(r->table, r->row_line);
        if (r->cells == json_array_size(js_arr(r->table, "columns")))
            r->surplus_col = r->cell_col;
        context_cell(r->table, r->row, r->cells, s, r->cell_col);
    }
    r->cells++;
    r->cell_line = r->line;
    r->cell_col = r->col + 1;
}

static void on_row(int c, void *ctx)
{
    struct reader *r = ctx;
    (void)c;
    if (!r->header)
        context_end_row(r->f, r->table, r->row, r->cells, r->row_line, r->surplus_col ? r->surplus_col : r->col);
    else if (r->cells == 1 && r->semicolons)
        context_find(r->f, CONTEXT_ERROR, r->row_line, 1, "separate the cells with commas: export as \"CSV (comma)\"",
                     "the cells are separated by semicolons");
    r->header = false;
    r->cells = r->surplus_col = 0;
    r->fresh = true;
}

static void feed(struct reader *r, struct csv_parser *p)
{
    const char *text = r->f->text;
    for (size_t i = 0; i < r->f->len; i++) {
        bool end = text[i] == '\n' || text[i] == '\r';
        if (r->fresh && !end) {
            r->fresh = false;
            r->row_line = r->cell_line = r->line;
            r->cell_col = r->col;
        }
        if (csv_parse(p, text + i, 1, on_cell, on_row, r) != 1) {
            context_find(r->f, CONTEXT_ERROR, r->line, r->col,
                         "put the whole cell in quotes and double those inside: \"a \"\"b\"\" c\"",
                         "a quote where none may stand; the file is read up to here");
            return;
        }
        if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
            r->line++;
            r->col = 1;
        } else {
            r->col += ((unsigned char)text[i] & 0xC0) != 0x80 && text[i] != '\r';
        }
    }
    if (csv_fini(p, on_cell, on_row, r) != 0)
        context_find(r->f, CONTEXT_ERROR, r->cell_line, r->cell_col, "add the closing quote",
                     "the quote that opens here is never closed");
}

void context_read_csv(struct context_file *f)
{
    struct csv_parser p;
    struct context_lines l = context_split(f->text, f->len);
    bool semicolons = l.n > 0 && memchr(f->text, ';', l.end[0]);
    context_lines_release(&l);
    struct reader r = {.f = f,
                       .line = 1,
                       .col = 1,
                       .cell_line = 1,
                       .cell_col = 1,
                       .row_line = 1,
                       .header = true,
                       .fresh = true,
                       .semicolons = semicolons};
    r.table = context_add_table(f, context_section(f, "", 1), 1);
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) == 0) {
        feed(&r, &p);
        csv_free(&p);
    }
    if (r.header && json_array_size(js_arr(r.table, "columns")) == 0)
        context_find(f, CONTEXT_ERROR, 1, 1, "write the names of the columns into the first row",
                     "the file has no header row");
}

void context_read_json(struct context_file *f)
{
    struct err e = {0};
    json_t *data = js_parse(f->text, f->len, f->path, &e);
    if (data) {
        js_set(f->json, "data", data);
        return;
    }
    size_t line = 1, col = 1, n = strlen(f->path);
    if (!strncmp(e.where, f->path, n) && e.where[n] == ':') {
        char *end;
        line = strtoul(e.where + n + 1, &end, 10);
        col = *end == ':' ? strtoul(end + 1, NULL, 10) : 1;
    }
    context_find(f, CONTEXT_ERROR, line, col, e.fix[0] ? e.fix : "correct the JSON at this place", "%s", e.what);
    js_set_bool(f->json, "unreadable", true);
}
