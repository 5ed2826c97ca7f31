/* agent/import_columns.c — which row of the sheet names its columns, and which column is which. */
#include <strings.h>

#include "agent/import_parts.h"

enum { HEADER_ROWS = 40 /* titles, addresses and blank rows come before it */ };

/* What a header says behind the name: " (€/kW)" → "€/kW". Caller frees. */
static char *header_words(const char *rest)
{
    rest += strspn(rest, " ([");
    size_t n = strcspn(rest, ")]");
    while (n && rest[n - 1] == ' ')
        n--;
    return mem_dupn(rest, n);
}

static bool is_unit(const struct import *im, const struct import_column *c, const char *words)
{
    const char *type = js_str_or(c->spec, "type", "text"), *basis = NULL;
    if (!strcmp(type, "money"))
        return import_money_words(im, words, &basis);
    return !strcmp(type, "number") && import_factor(c->spec, words, NULL);
}

/* How much of the header `alias` explains: 2 all of it, 1 its beginning and the rest is a unit (*words, caller frees), 0 nothing.
 * "Preis (€/kW)" is the price, "Preis Vorjahr" is not. */
static int explains(const struct import *im, const struct import_column *c, const char *header, const char *alias,
                    char **words)
{
    AUTO_FREE char *h = cell_fold(header), *a = cell_fold(alias);
    size_t n = strlen(alias);
    *words = NULL;
    if (*a && !strcmp(h, a))
        return 2;
    if (!n || strncasecmp(header, alias, n) != 0 || !header[n] || !strchr(" ([/", header[n]))
        return 0;
    char *rest = header_words(header + n);
    if (*rest && is_unit(im, c, rest)) {
        *words = rest;
        return 1;
    }
    free(rest);
    return 0;
}

static int best_alias(const struct import *im, const struct import_column *c, const char *header, char **words)
{
    int best = explains(im, c, header, c->name, words);
    json_t *alias;
    size_t i;
    json_array_foreach (js_arr(c->spec, "headers"), i, alias) {
        char *more = NULL;
        int n = explains(im, c, header, json_string_value(alias), &more);
        if (n > best) {
            best = n;
            free(*words);
            *words = more;
        } else {
            free(more);
        }
    }
    return best;
}

static void column_clear(struct import_column *c)
{
    free(c->header);
    free(c->words);
    c->header = c->words = NULL;
    c->at = -1;
}

/* Gives the columns their places by this row; returns how many were found, -1 with a column that stands there twice. */
static int assign(struct import *im, const struct sheet_row *row, const char **twice)
{
    int found = 0;
    for (size_t i = 0; i < im->columns; i++) {
        struct import_column *c = &im->column[i];
        int best = 0;
        column_clear(c);
        for (size_t k = 0; k < row->n; k++) {
            unsigned did = 0;
            AUTO_FREE char *words = NULL;
            AUTO_FREE char *header = cell_clean(row->cell[k], &did);
            int n = best_alias(im, c, header, &words);
            if (n && n == best)
                *twice = c->name;
            if (n <= best)
                continue;
            column_clear(c);
            c->at = (int)k;
            c->header = mem_dup(header);
            c->words = words;
            words = NULL;
            best = n;
        }
        found += best > 0;
    }
    return found;
}

static const struct import_column *missing(const struct import *im)
{
    for (size_t i = 0; i < im->columns; i++)
        if (im->column[i].at < 0 && js_bool(im->column[i].spec, "required", false))
            return &im->column[i];
    return NULL;
}

/* What the import calls C in sheets: its first header, else its name. */
static const char *header_of(const struct import_column *c)
{
    const char *first = json_string_value(json_array_get(js_arr(c->spec, "headers"), 0));
    return first ? first : c->name;
}

static int no_header(const struct import *im, const char *name, struct err *e)
{
    const struct import_column *c = missing(im);
    err_set(e, ERR_CONFIG, "no row of the first %d names the columns of this import", HEADER_ROWS);
    err_at(e, "%s", name);
    return err_fix(e, "write the names of the columns into one row, for example '%s'",
                   c ? header_of(c) : im->column[0].name);
}

static int no_column(const struct import_column *c, const char *name, int line, struct err *e)
{
    err_set(e, ERR_CONFIG, "the sheet has no column for '%s'", c->name);
    err_at(e, "%s:%d", name, line);
    return err_fix(e, "name a column '%s', or add its name to 'headers' of the import", header_of(c));
}

static void list_unread(struct import *im, const struct sheet_row *row)
{
    json_t *unread = json_array();
    for (size_t k = 0; k < row->n; k++) {
        bool used = false;
        unsigned did = 0;
        AUTO_FREE char *header = cell_clean(row->cell[k], &did);
        for (size_t i = 0; i < im->columns; i++)
            used |= im->column[i].at == (int)k;
        if (!used && *header)
            js_push_str(unread, header);
    }
    js_set(im->result, "unread", unread);
}

int import_header(struct import *im, const char *name, struct err *e)
{
    const char *twice = NULL;
    size_t best = 0, rows = im->sheet->n < HEADER_ROWS ? im->sheet->n : HEADER_ROWS;
    int most = 0;
    for (size_t r = 0; r < rows; r++) {
        int n = assign(im, &im->sheet->row[r], &twice);
        if (n > most) {
            most = n;
            best = r;
        }
    }
    twice = NULL;
    if (rows)
        assign(im, &im->sheet->row[best], &twice);
    if (!most)
        return no_header(im, name, e);
    const struct import_column *lacks = missing(im);
    if (lacks)
        return no_column(lacks, name, im->sheet->row[best].line, e);
    if (twice) {
        err_set(e, ERR_CONFIG, "two columns of the sheet can be '%s'", twice);
        err_at(e, "%s:%d", name, im->sheet->row[best].line);
        return err_fix(e, "rename or delete one of them; nothing is guessed");
    }
    im->header = best;
    js_set_int(im->result, "header", im->sheet->row[best].line);
    list_unread(im, &im->sheet->row[best]);
    return 0;
}
