/* agent/import_plausible.c — rows against what is known and against each other: ranges, neighbours, ratios. */
#include "agent/import_parts.h"
#include "base/sb.h"

static void range(struct import *im, const json_t *rule, const struct import_column *c)
{
    json_t *row;
    size_t i;
    const char *min = js_str(rule, "min"), *max = js_str(rule, "max");
    struct dec v, lo, hi;
    json_array_foreach (im->rows, i, row) {
        if (!row_good(row) || !row_fits(row, js_obj(rule, "where")) || !row_number(row, c->name, &v))
            continue;
        bool low = min && dec_parse(min, strlen(min), &lo) && dec_cmp(v, lo) < 0;
        bool high = max && dec_parse(max, strlen(max), &hi) && dec_cmp(v, hi) > 0;
        if (low || high)
            import_defect(im, row, c, row_cell(row, c->name), "is it the right unit? If it is right, widen the range",
                          "%s than such an item can cost or have (%s to %s)", low ? "less" : "more", min ? min : "…",
                          max ? max : "…");
    }
}

struct neighbour {
    char *group;
    struct dec v;
    json_t *row;
};

static int by_group(const void *a, const void *b)
{
    const struct neighbour *x = a, *y = b;
    int c = strcmp(x->group, y->group);
    return c ? c : dec_cmp(x->v, y->v);
}

static char *group_of(const json_t *row, const json_t *columns)
{
    struct sb b = SB_INIT(1 << 16);
    json_t *c;
    size_t i;
    json_array_foreach (columns, i, c)
        sb_addf(&b, "%s%s", i ? ", " : "", js_str_or(row, json_string_value(c), ""));
    return b.len ? sb_take(&b, "a group", NULL) : mem_dup("");
}

/* What the factor looks like: the unit of another basis of the same kind, or nothing. */
static const char *looks_like(const struct import *im, const json_t *row, const struct import_column *c,
                              struct dec times)
{
    const json_t *own = import_basis(im, js_str(row, js_str_or(c->spec, "per", ""))), *b;
    struct dec r, three = dec_int(3);
    size_t i;
    json_array_foreach (js_arr(im->spec, "bases"), i, b)
        if (own && b != own && import_ratio(b, own, &r) && dec_cmp(dec_mul(times, three), r) > 0 &&
            dec_cmp(times, dec_mul(r, three)) < 0)
            return js_str(b, "word");
    return NULL;
}

static void judge(struct import *im, const json_t *rule, const struct import_column *c, const struct neighbour *n,
                  size_t count)
{
    struct dec middle = n[count / 2].v, factor = dec_int(1);
    const char *f = js_str_or(rule, "factor", "20");
    char m[DEC_TEXT], t[DEC_TEXT];
    dec_parse(f, strlen(f), &factor);
    for (size_t i = 0; i < count && !dec_is_zero(middle); i++) {
        bool high = dec_cmp(n[i].v, dec_mul(middle, factor)) > 0, low = dec_cmp(dec_mul(n[i].v, factor), middle) < 0;
        if (!high && !low)
            continue;
        struct dec times = high || dec_is_zero(n[i].v) ? dec_div(n[i].v, middle) : dec_div(middle, n[i].v);
        const char *like = looks_like(im, n[i].row, c, dec_div(n[i].v, middle));
        cell_plain(dec_round(times, 0, DEC_HALF_UP), t);
        AUTO_FREE char *fix =
            like ? mem_printf("it reads like a price %s: write that as its unit, or the right price", like)
                 : mem_dup("is it the right unit? Compare with the items beside it");
        import_defect(im, n[i].row, c, row_cell(n[i].row, c->name), fix,
                      "%s times %s than the middle of %zu like it (%s; %s)", t, high ? "more" : "less", count,
                      cell_plain(middle, m), n[i].group);
    }
}

static void neighbours(struct import *im, const json_t *rule, const struct import_column *c)
{
    struct neighbour *n = NULL;
    size_t count = 0, cap = 0, i;
    json_t *row;
    int64_t least = js_int(rule, "least", 5);
    json_array_foreach (im->rows, i, row) {
        struct neighbour one = {.row = row};
        if (!row_good(row) || !row_number(row, c->name, &one.v))
            continue;
        one.group = group_of(row, js_arr(rule, "group"));
        VEC_PUSH(n, count, cap, one);
    }
    if (count)
        qsort(n, count, sizeof *n, by_group);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && !strcmp(n[to].group, n[from].group);)
            to++;
        if ((int64_t)(to - from) >= least)
            judge(im, rule, c, n + from, to - from);
    }
    for (i = 0; i < count; i++)
        free(n[i].group);
    free(n);
}

static void ratio(struct import *im, const json_t *rule, const struct import_column *c)
{
    json_t *row;
    size_t i;
    const char *of = js_str_or(rule, "of", ""), *min = js_str(rule, "min"), *max = js_str(rule, "max");
    struct dec v, base, lo, hi;
    json_array_foreach (im->rows, i, row) {
        if (!row_good(row) || !row_fits(row, js_obj(rule, "where")) || !row_number(row, c->name, &v) ||
            !row_number(row, of, &base))
            continue;
        bool low = min && dec_parse(min, strlen(min), &lo) && dec_cmp(v, dec_mul(base, lo)) < 0;
        bool high = max && dec_parse(max, strlen(max), &hi) && dec_cmp(v, dec_mul(base, hi)) > 0;
        if (low || high)
            import_defect(im, row, c, row_cell(row, c->name), "do both figures count the same unit?",
                          "%s times %s (%s): between %s and %s was expected", low ? "too few" : "too many", of,
                          js_str(row, of), min ? min : "…", max ? max : "…");
    }
}

static void plausible(struct import *im, const json_t *rule)
{
    static const struct {
        const char *name;
        void (*run)(struct import *, const json_t *, const struct import_column *);
    } rules[] = {{"range", range}, {"neighbours", neighbours}, {"ratio", ratio}};
    const struct import_column *c = import_column(im, js_str_or(rule, "column", ""));
    for (size_t i = 0; c && i < sizeof rules / sizeof *rules; i++)
        if (!strcmp(rules[i].name, js_str_or(rule, "rule", "")))
            rules[i].run(im, rule, c);
}

void import_plausible(struct import *im)
{
    json_t *rule;
    size_t i;
    json_array_foreach (js_arr(im->spec, "rules"), i, rule)
        plausible(im, rule);
}
