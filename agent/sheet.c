/* agent/sheet.c — what kind of bytes, which delimiter, then libcsv one byte at a time, because it gives no positions. */
#include "agent/sheet.h"

#include <csv.h>
#include <ctype.h>

#include "base/mem.h"
#include "base/text.h"

#define SAVE_AS "in the spreadsheet choose File > Save as > \"CSV UTF-8 (Comma delimited)\""

/* What a file is instead, told by its first bytes. */
static const struct {
    const char *bytes;
    size_t n;
    const char *what;
} kinds[] = {
    {"PK\003\004", 4, "this is a workbook, not a CSV file"},
    {"\xD0\xCF\x11\xE0", 4, "this is an old workbook, not a CSV file"},
    {"%PDF", 4, "this is a PDF, not a CSV file"},
    {"{\\rtf", 5, "this is a text document, not a CSV file"},
    {"\xFF\xFE", 2, "the file is UTF-16, not UTF-8"},
    {"\xFE\xFF", 2, "the file is UTF-16, not UTF-8"},
};

static int line_of(const char *bytes, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n');
    return line;
}

static int refuse(struct err *e, const char *name, int line, const char *what)
{
    err_set(e, ERR_PARSE, "%s", what);
    err_at(e, "%s:%d", name, line);
    return err_fix(e, "%s", SAVE_AS);
}

static int check_bytes(const char *bytes, size_t n, const char *name, struct err *e)
{
    size_t bad = 0;
    if (n > SHEET_BYTES) {
        err_set(e, ERR_LIMIT, "the sheet has more than %d MB", SHEET_BYTES >> 20);
        return err_at(e, "%s", name);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (n >= kinds[i].n && !memcmp(bytes, kinds[i].bytes, kinds[i].n))
            return refuse(e, name, 1, kinds[i].what);
    if (memchr(bytes, '\0', n))
        return refuse(e, name, 1, "the file is UTF-16 or no text at all");
    size_t blank = strspn(bytes, " \t\r\n");
    if (bytes[blank] == '<')
        return refuse(e, name, 1, "this is a web page, not a CSV file");
    if (!text_utf8_valid(bytes, n, &bad))
        return refuse(e, name, line_of(bytes, bad),
                      "the file is not UTF-8: it was saved in an older encoding, and letters would come out wrong");
    return 0;
}

/* The mark that parts the first rows most. Marks inside quotes do not count, nor does a comma between digits: "A;0,24;0,48". */
static char find_delimiter(const char *text)
{
    static const char marks[] = ",;\t|";
    enum { ROWS = 30 };
    size_t count[sizeof marks - 1] = {0}, best = 0;
    bool quoted = false;
    char before = '\n';
    for (int rows = 0; *text && rows < ROWS; before = *text++) {
        const char *m = quoted ? NULL : strchr(marks, *text);
        bool decimal = *text == ',' && isdigit((unsigned char)before) && isdigit((unsigned char)text[1]);
        quoted ^= *text == '"';
        rows += *text == '\n' && !quoted;
        if (m && !decimal)
            count[m - marks]++;
    }
    for (size_t i = 1; i < sizeof marks - 1; i++)
        if (count[i] > count[best])
            best = i;
    return marks[best];
}

/* "sep=;" and a line end, which Excel writes and reads. Returns what to skip. */
static size_t hint(const char *text, char *delimiter)
{
    if (strncmp(text, "sep=", 4) != 0 || !text[4] || !strchr("\r\n", text[5]))
        return 0;
    *delimiter = text[4];
    return text[5] == '\r' && text[6] == '\n' ? 7 : 6;
}

struct reader {
    struct sheet *s;
    struct sheet_row row;
    int line, row_line, cell_line;
    bool fresh, full; /* fresh: no byte of this row yet; full: a bound was passed */
};

static void on_cell(void *text, size_t n, void *ctx)
{
    struct reader *r = ctx;
    char *cell = n ? mem_dupn(text, n) : mem_dup("");
    if (n > SHEET_CELL || r->row.n == SHEET_COLUMNS) {
        r->full = true;
        free(cell);
    } else {
        VEC_PUSH(r->row.cell, r->row.n, r->row.cap, cell);
    }
    r->cell_line = r->line;
}

static bool is_empty(const struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (row->cell[i][strspn(row->cell[i], " \t\r\n")])
            return false;
    return true;
}

static void row_release(struct sheet_row *row)
{
    for (size_t i = 0; i < row->n; i++)
        free(row->cell[i]);
    free(row->cell);
    *row = (struct sheet_row){0};
}

static void on_row(int c, void *ctx)
{
    struct reader *r = ctx;
    (void)c;
    r->row.line = r->row_line;
    r->fresh = true;
    if (is_empty(&r->row) || r->s->n == SHEET_ROWS) {
        r->full |= r->s->n == SHEET_ROWS;
        row_release(&r->row);
        return;
    }
    VEC_PUSH(r->s->row, r->s->n, r->s->cap, r->row);
    r->row = (struct sheet_row){0};
}

static int feed(struct reader *r, struct csv_parser *p, const char *text, const char *name, struct err *e)
{
    for (; *text && !r->full; text++) {
        if (r->fresh && *text != '\n' && *text != '\r') {
            r->fresh = false;
            r->row_line = r->cell_line = r->line;
        }
        if (csv_parse(p, text, 1, on_cell, on_row, r) != 1) {
            err_set(e, ERR_PARSE, "a quote where none may stand: from here on cells cannot be told apart");
            err_at(e, "%s:%d", name, r->line);
            return err_fix(e, "put the whole cell in quotes and double those inside: \"a \"\"b\"\" c\"");
        }
        r->line += *text == '\n' || (*text == '\r' && text[1] != '\n');
    }
    if (!r->full && csv_fini(p, on_cell, on_row, r) != 0) {
        err_set(e, ERR_PARSE, "the quote that opens here is never closed");
        err_at(e, "%s:%d", name, r->cell_line);
        return err_fix(e, "add the closing quote, or take the opening one away");
    }
    if (!r->full)
        return 0;
    err_set(e, ERR_LIMIT, "the sheet has more than %d rows, %d columns, or %d characters in a cell", SHEET_ROWS,
            SHEET_COLUMNS, SHEET_CELL);
    return err_at(e, "%s:%d", name, r->line);
}

int sheet_read(struct sheet *s, const char *bytes, size_t n, const char *name, struct err *e)
{
    struct csv_parser p;
    *s = (struct sheet){0};
    if (check_bytes(bytes, n, name, e) < 0)
        return -1;
    const char *text = n >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3) ? bytes + 3 : bytes;
    s->delimiter = find_delimiter(text);
    size_t skip = hint(text, &s->delimiter);
    struct reader r = {.s = s, .line = skip ? 2 : 1, .row_line = 1, .cell_line = 1, .fresh = true};
    if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return err_set(e, ERR_BUG, "the CSV reader does not start");
    csv_set_delim(&p, (unsigned char)s->delimiter);
    int rc = feed(&r, &p, text + skip, name, e);
    csv_free(&p);
    row_release(&r.row);
    if (rc < 0)
        sheet_release(s);
    return rc;
}

void sheet_release(struct sheet *s)
{
    for (size_t i = 0; i < s->n; i++)
        row_release(&s->row[i]);
    free(s->row);
    *s = (struct sheet){0};
}
