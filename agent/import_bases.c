/* agent/import_bases.c — what each price counts: turned into the basis of its row, where both count the same thing. */
#include "agent/import_parts.h"

bool row_fits(const json_t *row, const json_t *where)
{
    const char *column;
    json_t *wanted;
    json_object_foreach ((json_t *)(uintptr_t)where, column, wanted)
        if (strcmp(js_str_or(row, column, ""), json_string_value(wanted)) != 0)
            return false;
    return true;
}

bool import_ratio(const json_t *from, const json_t *to, struct dec *out)
{
    struct dec a, b;
    const char *x = js_str(from, "holds"), *y = js_str(to, "holds");
    if (!x || !y || strcmp(js_str_or(from, "kind", ""), js_str_or(to, "kind", "-")) != 0 ||
        !dec_parse(x, strlen(x), &a) || !dec_parse(y, strlen(y), &b) || dec_is_zero(b) || dec_is_zero(a))
        return false;
    *out = dec_div(a, b);
    return true;
}

const char *row_cell(const json_t *row, const char *column)
{
    AUTO_FREE char *key = mem_printf("@cell/%s", column);
    const char *cell = js_str(row, key);
    return cell ? cell : js_str(row, column);
}

/* The price of `column`, said per `from`, becomes one per `to`. */
static void convert(struct import *im, json_t *row, const struct import_column *c, const char *from, const char *to)
{
    struct dec v, times;
    char text[DEC_TEXT];
    int64_t places = js_int(c->spec, "places", 9);
    const char *cell = row_cell(row, c->name);
    if (!row_number(row, c->name, &v))
        return;
    if (strcmp(from, to) != 0) {
        if (!import_ratio(import_basis(im, from), import_basis(im, to), &times)) {
            import_defect(im, row, c, cell, "write the price for the basis of this row", "a price %s where %s is meant",
                          from, to);
            return;
        }
        v = dec_div(v, times);
        import_note(im, (int)js_int(row, "@line", 0), cell, "a price turned into the basis of its row");
    }
    if (dec_cmp(v, dec_round(v, (int)places, DEC_DOWN)) != 0)
        import_defect(im, row, c, cell, "write the price for the basis of this row, rounded as you want it",
                      "%s %s has more than %d decimal places", cell_plain(v, text), to, (int)places);
    else
        js_set_str(row, c->name, cell_plain(v, text));
}

/* What basis a row should have by the rules: NULL = any. */
static const char *wanted_basis(const struct import *im, const json_t *row, const char *column)
{
    json_t *r;
    size_t i;
    json_array_foreach (js_arr(im->spec, "rules"), i, r)
        if (!strcmp(js_str_or(r, "rule", ""), "basis") && !strcmp(js_str_or(r, "column", ""), column) &&
            row_fits(row, js_obj(r, "where")))
            return js_str(r, "is");
    return NULL;
}

static bool within(const struct import_column *c, struct dec v)
{
    struct dec bound;
    const char *min = js_str(c->spec, "min"), *max = js_str(c->spec, "max");
    return (!min || !dec_parse(min, strlen(min), &bound) || dec_cmp(v, bound) >= 0) &&
           (!max || !dec_parse(max, strlen(max), &bound) || dec_cmp(v, bound) <= 0);
}

static void basis_of_row(struct import *im, json_t *row, const struct import_column *c)
{
    const char *column = js_str(c->spec, "per");
    const char *own = column ? js_str(row, column) : NULL, *want = own ? wanted_basis(im, row, column) : NULL;
    AUTO_FREE char *key = mem_printf("@basis/%s", c->name);
    const char *said = js_str(row, key);
    struct dec v;
    if (!row_good(row) || !js_str(row, c->name))
        return;
    struct dec times;
    if (want && !import_ratio(import_basis(im, own), import_basis(im, want), &times))
        return; /* the basis itself is the defect */
    if (own)
        convert(im, row, c, said ? said : own, want ? want : own);
    else if (said)
        import_defect(im, row, c, row_cell(row, c->name), "take the unit out of the cell",
                      "a price %s where the sheet has no column for it", said);
    else
        convert(im, row, c, "", "");
    if (row_good(row) && row_number(row, c->name, &v) && !within(c, v))
        import_defect(im, row, c, row_cell(row, c->name), "look up the right value", "outside %s to %s",
                      js_str_or(c->spec, "min", "…"), js_str_or(c->spec, "max", "…"));
}

void import_bases(struct import *im)
{
    json_t *row;
    size_t i;
    json_array_foreach (im->rows, i, row) {
        for (size_t k = 0; k < im->columns; k++)
            if (!strcmp(js_str_or(im->column[k].spec, "type", ""), "money"))
                basis_of_row(im, row, &im->column[k]);
        for (size_t k = 0; k < im->columns; k++) {
            const struct import_column *c = &im->column[k];
            const char *want = !strcmp(js_str_or(c->spec, "type", ""), "basis") && js_str(row, c->name)
                                   ? wanted_basis(im, row, c->name)
                                   : NULL;
            struct dec times;
            if (!want || !strcmp(want, js_str_or(row, c->name, "")))
                continue;
            if (!import_ratio(import_basis(im, js_str(row, c->name)), import_basis(im, want), &times))
                import_defect(im, row, c, js_str(row, c->name), "write the price for that basis",
                              "priced %s, but such an item is priced %s", js_str(row, c->name), want);
            else
                js_set_str(row, c->name, want);
        }
    }
}
