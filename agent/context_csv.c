/* agent/context_csv.c — CSV through libcsv, which knows no positions: record lines come from our own walk over the quotes. */
#include <csv.h>

#include "agent/context_parse.h"

struct reading {
    struct context_source *s;
    json_t *table, *cells;
    const int *line; /* of each record */
    size_t record, n_records;
};

enum { CSV_COLUMNS_MAX = 200 };

static void on_cell(void *text, size_t len, void *ctx)
{
    struct reading *r = ctx;
    AUTO_FREE char *cell = mem_dupn(text ? text : "", len);
    js_push_str(r->cells, cell);
}

static void on_record(int end, void *ctx)
{
    struct reading *r = ctx;
    static const int no_cols[CSV_COLUMNS_MAX];
    size_t have = json_array_size(r->cells), want;
    int line = r->record < r->n_records ? r->line[r->record] : 0;
    (void)end;
    r->record++;
    if (!r->table) {
        r->table = context_columns(r->s, r->cells, line);
    } else {
        want = json_array_size(js_arr(r->table, "columns"));
        if (have != want)
            context_finding(r->s, "error", line, 1, "write one cell a column; quote a cell that holds a comma",
                            "the row has %zu cells, the header %zu columns", have, want);
        if (want <= CSV_COLUMNS_MAX)
            context_row(r->table, r->cells, no_cols, line);
    }
    json_array_clear(r->cells);
}

/* Lines on which records begin; blank lines are no records. Returns the line of a quote that is never closed, or 0. */
static int record_lines(const char *text, size_t len, int **lines, size_t *n)
{
    size_t cap = 0;
    int line = 1, opened = 0;
    bool quoted = false, begun = false;
    for (size_t i = 0; i < len; i++) {
        if (!begun && text[i] != '\n') {
            VEC_PUSH(*lines, *n, cap, line);
            begun = true;
        }
        if (text[i] == '"') {
            quoted = !quoted;
            opened = line;
        }
        if (text[i] != '\n')
            continue;
        line++;
        begun = quoted;
    }
    return quoted ? opened : 0;
}

void context_csv(struct context_source *s)
{
    struct csv_parser p;
    int *lines = NULL;
    size_t n = 0;
    int open = record_lines(s->text, s->len, &lines, &n);
    struct reading r = {.s = s, .cells = json_array(), .line = lines, .n_records = n};
    if (open) {
        context_finding(s, "error", open, 1, "close the quote; a quote inside a cell is doubled",
                        "a quote is opened and never closed");
    } else if (csv_init(&p, CSV_APPEND_NULL) == 0) {
        csv_parse(&p, s->text, s->len, on_cell, on_record, &r);
        csv_fini(&p, on_cell, on_record, &r);
        csv_free(&p);
    }
    json_t *section = json_object();
    js_set_str(section, "heading", "");
    js_set_str(section, "slug", "");
    js_set_int(section, "line", 1);
    js_set(section, "table", r.table ? r.table : json_null());
    json_array_append_new(js_arr(s->file, "sections"), section);
    json_decref(r.cells);
    free(lines);
}
