/* agent/import.c — the way of a sheet: header, which marks its columns use, row by row, then rows against each other. */
#include "agent/import_parts.h"

enum { CELL_SHOWN = 80 };

bool row_good(const json_t *row)
{
    return !js_bool(row, "@bad", false);
}

bool row_number(const json_t *row, const char *column, struct dec *out)
{
    const char *s = js_str(row, column);
    return s && dec_parse(s, strlen(s), out);
}

const struct import_column *import_column(const struct import *im, const char *name)
{
    for (size_t i = 0; i < im->columns; i++)
        if (!strcmp(im->column[i].name, name))
            return &im->column[i];
    return NULL;
}

/* A cell as it is shown: cut at a whole character. */
static void set_cell(json_t *o, const char *cell)
{
    size_t n = cell ? strlen(cell) : 0;
    if (n <= CELL_SHOWN) {
        js_set_str(o, "cell", cell);
        return;
    }
    for (n = CELL_SHOWN; n && ((unsigned char)cell[n] & 0xC0) == 0x80;)
        n--;
    js_set_strf(o, "cell", "%.*s…", (int)n, cell);
}

void import_defect(struct import *im, json_t *row, const struct import_column *c, const char *cell, const char *fix,
                   const char *text, ...)
{
    va_list ap;
    va_start(ap, text);
    AUTO_FREE char *said = mem_vprintf(text, ap);
    va_end(ap);
    json_t *d = json_object();
    js_set_int(d, "line", js_int(row, "@line", 0));
    if (c) {
        js_set_str(d, "column", c->name);
        js_set_str(d, "header", c->header ? c->header : c->name);
    }
    set_cell(d, cell);
    js_set_str(d, "text", said);
    js_set_str(d, "fix", fix);
    json_array_append_new(js_arr(im->result, "defects"), d);
    js_set_bool(row, "@bad", true);
}

void import_note(struct import *im, int line, const char *cell, const char *text)
{
    json_t *notes = js_arr(im->result, "notes"), *n;
    size_t i;
    json_array_foreach (notes, i, n) {
        if (strcmp(js_str_or(n, "text", ""), text) != 0)
            continue;
        js_set_int(n, "n", js_int(n, "n", 0) + 1);
        json_array_append_new(js_arr(n, "lines"), json_integer(line));
        return;
    }
    n = json_object();
    js_set_str(n, "text", text);
    js_set_int(n, "n", 1);
    js_set(n, "lines", json_pack("[i]", line));
    set_cell(n, cell);
    json_array_append_new(notes, n);
}

static const char *cell_at(const struct sheet_row *row, int at)
{
    return at >= 0 && (size_t)at < row->n ? row->cell[at] : "";
}

/* Which decimal marks each column of numbers shows beyond doubt: a cell like "1.234" is judged by its column. */
static void look_at_marks(struct import *im)
{
    for (size_t k = 0; k < im->columns; k++) {
        struct import_column *c = &im->column[k];
        const char *type = js_str_or(c->spec, "type", "text"), *fix;
        if (strcmp(type, "money") != 0 && strcmp(type, "number") != 0 && strcmp(type, "percent") != 0)
            continue;
        for (size_t r = im->header + 1; r < im->sheet->n; r++) {
            unsigned did = 0;
            struct cell_number n;
            AUTO_FREE char *cell = cell_clean(cell_at(&im->sheet->row[r], c->at), &did);
            if (!cell_trouble(cell, &fix) && !cell_number(cell, &n) && !n.ambiguous)
                c->seen[n.fraction] = true;
        }
    }
}

/* A title between the rows ("Modules"), or a remark: one cell that is no number, where an item has more. */
static bool is_heading(const struct import *im, const struct sheet_row *row)
{
    size_t filled = 0;
    bool number = false;
    for (size_t i = 0; i < row->n; i++) {
        unsigned did = 0;
        struct cell_number n;
        AUTO_FREE char *cell = cell_clean(row->cell[i], &did);
        filled += *cell != '\0';
        number |= *cell && !cell_number(cell, &n);
    }
    return filled == 1 && !number && im->columns > 1;
}

static void read_row(struct import *im, const struct sheet_row *from)
{
    size_t wide = im->sheet->row[im->header].n;
    if (is_heading(im, from)) {
        for (size_t i = 0; i < from->n; i++)
            if (*from->cell[i])
                import_note(im, from->line, from->cell[i], "a row with a title or remark alone left out");
        return;
    }
    json_t *row = json_object();
    js_set_int(row, "@line", from->line);
    json_array_append_new(im->rows, row);
    for (size_t i = wide; i < from->n; i++)
        if (from->cell[i][strspn(from->cell[i], " ")]) {
            import_defect(im, row, NULL, from->cell[i],
                          "a cell with the delimiter in it must stand in quotes: save the sheet again",
                          "%zu cells where the header has %zu", from->n, wide);
            return;
        }
    for (size_t k = 0; k < im->columns; k++)
        if (im->column[k].at >= 0)
            import_value(im, row, &im->column[k], cell_at(from, im->column[k].at));
}

static int by_line(const void *a, const void *b)
{
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int64_t m = js_int(x, "line", 0), n = js_int(y, "line", 0);
    return m < n ? -1 : m > n;
}

static void sort_defects(struct import *im)
{
    json_t *list = js_arr(im->result, "defects"), *d, *sorted = json_array();
    size_t n = json_array_size(list), i;
    json_t **all = mem_grow(NULL, n + 1, sizeof *all);
    json_array_foreach (list, i, d)
        all[i] = d;
    qsort(all, n, sizeof *all, by_line);
    for (i = 0; i < n; i++)
        json_array_append(sorted, all[i]);
    js_set(im->result, "defects", sorted);
    free(all);
}

/* The good rows, with the description's columns only. */
static void make_table(struct import *im)
{
    json_t *row, *table = js_arr(im->result, "table");
    size_t i;
    json_array_foreach (im->rows, i, row) {
        if (!row_good(row))
            continue;
        json_t *out = json_object();
        for (size_t k = 0; k < im->columns; k++)
            js_set_str(out, im->column[k].name, js_str_or(row, im->column[k].name, ""));
        js_set_int(out, "@line", js_int(row, "@line", 0));
        json_array_append_new(table, out);
    }
    js_set_int(im->result, "good", (int64_t)json_array_size(table));
    sort_defects(im);
}

static void open_columns(struct import *im)
{
    const char *name;
    json_t *spec;
    im->column = mem_grow(NULL, json_object_size(js_obj(im->spec, "columns")) + 1, sizeof *im->column);
    json_object_foreach (js_obj(im->spec, "columns"), name, spec)
        im->column[im->columns++] = (struct import_column){.name = name, .spec = spec, .at = -1};
}

static void close_columns(struct import *im)
{
    json_t *list = json_array();
    for (size_t i = 0; i < im->columns; i++) {
        json_t *c = json_object();
        js_set_str(c, "name", im->column[i].name);
        js_set_str(c, "header", im->column[i].header);
        json_array_append_new(list, c);
        free(im->column[i].header);
        free(im->column[i].words);
    }
    js_set(im->result, "columns", list);
    free(im->column);
}

int import_run(const json_t *spec, const char *numbers, const struct sheet *s, const char *name, json_t **result,
               struct err *e)
{
    const char *said = numbers ? numbers : js_str_or(spec, "numbers", "auto");
    struct import im = {.spec = spec, .sheet = s, .rows = json_array()};
    im.numbers = !strcmp(said, "point") ? CELL_POINT : !strcmp(said, "comma") ? CELL_COMMA : CELL_NO_MARK;
    im.result = json_pack("{s:[],s:[],s:[],s:i}", "defects", "notes", "table", "same", 0);
    open_columns(&im);
    int rc = import_header(&im, name, e);
    if (rc == 0) {
        look_at_marks(&im);
        for (size_t r = im.header + 1; r < s->n; r++)
            read_row(&im, &s->row[r]);
        js_set_int(im.result, "rows", (int64_t)json_array_size(im.rows));
        js_set_strf(im.result, "delimiter", "%c", s->delimiter);
        import_bases(&im);
        import_duplicates(&im);
        import_plausible(&im);
        make_table(&im);
    }
    close_columns(&im);
    json_decref(im.rows);
    *result = rc == 0 ? im.result : NULL;
    if (rc < 0)
        json_decref(im.result);
    return rc;
}
