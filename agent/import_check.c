/* agent/import_check.c — is the description of an import whole? Names that point nowhere, numbers that are none. */
#include "agent/import_parts.h"

struct checking {
    const json_t *spec;
    import_problem *said;
    void *ctx;
    size_t n;
};

static void problem(struct checking *k, const char *pointer, const char *text, const char *fix)
{
    k->said(k->ctx, pointer, text, fix);
    k->n++;
}

static bool is_column(const struct checking *k, const char *name)
{
    return name && json_object_get(js_obj(k->spec, "columns"), name);
}

static bool is_decimal(const json_t *v)
{
    struct dec d;
    const char *s = json_string_value(v);
    return !v || (s && dec_parse(s, strlen(s), &d));
}

static void numbers(struct checking *k, const json_t *o, const char *at, const char *const *names)
{
    for (; *names; names++) {
        AUTO_FREE char *below = mem_printf("%s/%s", at, *names);
        if (!is_decimal(json_object_get(o, *names)))
            problem(k, below, "this is no decimal number in quotes", "write it as text, with a point: \"0.0001\"");
    }
}

static bool all_words(const json_t *list)
{
    json_t *w;
    size_t i;
    json_array_foreach (list, i, w)
        if (!js_str(w, "word"))
            return false;
    return json_is_array(list) && json_array_size(list) > 0;
}

static void check_column(struct checking *k, const char *name, const json_t *c)
{
    static const char *const bounds[] = {"min", "max", NULL};
    const char *type = js_str_or(c, "type", "text"), *per = js_str(c, "per"), *unit;
    json_t *factor;
    AUTO_FREE char *at = mem_printf("/columns/%s", name);
    AUTO_FREE char *words = mem_printf("%s/words", at), *units = mem_printf("%s/units", at),
                   *per_at = mem_printf("%s/per", at);
    numbers(k, c, at, bounds);
    if (!strcmp(type, "choice") && !all_words(json_object_get(c, "words")))
        problem(k, words, "a choice without its words", "words: [{word: …, also: [how sheets write it]}]");
    if (!strcmp(type, "basis") && !all_words(json_object_get(k->spec, "bases")))
        problem(k, at, "a basis, and the import has no 'bases'", "bases: [{word: per W, kind: power, holds: \"1\"}]");
    if (per &&
        (!is_column(k, per) || strcmp(js_str_or(js_obj(js_obj(k->spec, "columns"), per), "type", ""), "basis") != 0))
        problem(k, per_at, "this names no column of type basis", "name the column that says what a price counts");
    json_object_foreach (js_obj(c, "units"), unit, factor)
        if (!is_decimal(factor))
            problem(k, units, "a unit whose factor is no decimal number in quotes", "units: {kW: \"1000\"}");
}

static void check_bases(struct checking *k)
{
    static const char *const decimals[] = {"holds", NULL};
    json_t *b;
    size_t i;
    json_array_foreach (js_arr(k->spec, "bases"), i, b) {
        AUTO_FREE char *at = mem_printf("/bases/%zu", i);
        numbers(k, b, at, decimals);
        if (!js_str(b, "word") || !js_str(b, "kind") || !js_str(b, "holds"))
            problem(k, at, "a basis says word, kind and holds",
                    "{word: per kW, kind: power, holds: \"1000\", also: \"kW, kWp\"}");
    }
}

static void check_where(struct checking *k, const json_t *rule, const char *at)
{
    const char *column;
    json_t *v;
    json_object_foreach (js_obj(rule, "where"), column, v)
        if (!is_column(k, column) || !json_is_string(v))
            problem(k, at, "'where' names a column that is none, or no text", "where: {category: PV module}");
}

static void check_rule(struct checking *k, const json_t *r, size_t i)
{
    static const char *const decimals[] = {"min", "max", "factor", NULL};
    static const char *const names[] = {"range", "neighbours", "ratio", "basis"};
    const char *rule = js_str_or(r, "rule", "");
    AUTO_FREE char *at = mem_printf("/rules/%zu", i);
    json_t *g;
    size_t n = 0, j;
    for (size_t m = 0; m < sizeof names / sizeof *names; m++)
        n += !strcmp(names[m], rule);
    if (!n)
        problem(k, at, "no rule of this name", "rule: range, neighbours, ratio or basis");
    if (!is_column(k, js_str(r, "column")))
        problem(k, at, "the rule is about a column that is none", "name one of 'columns'");
    if (!strcmp(rule, "ratio") && !is_column(k, js_str(r, "of")))
        problem(k, at, "a ratio needs 'of', another column", "of: cost");
    if (!strcmp(rule, "basis") && !js_str(r, "is"))
        problem(k, at, "the rule does not say which basis is meant", "is: per W");
    json_array_foreach (js_arr(r, "group"), j, g)
        if (!is_column(k, json_string_value(g)))
            problem(k, at, "'group' names a column that is none", "name columns of this import");
    numbers(k, r, at, decimals);
    check_where(k, r, at);
}

size_t import_check(const json_t *spec, import_problem *said, void *ctx)
{
    struct checking k = {spec, said, ctx, 0};
    const char *name, *table = js_str_or(spec, "table", "");
    json_t *v;
    size_t i, n = strlen(table);
    if (n < 5 || strcmp(table + n - 4, ".csv") != 0 || strchr(table, '/'))
        problem(&k, "/table", "the table is no CSV file directly in context/", "table: price-list.csv");
    json_object_foreach (js_obj(spec, "columns"), name, v)
        check_column(&k, name, v);
    check_bases(&k);
    json_array_foreach (js_arr(spec, "rules"), i, v)
        check_rule(&k, v, i);
    json_array_foreach (js_arr(spec, "key"), i, v)
        if (!is_column(&k, json_string_value(v)))
            problem(&k, "/key", "the key names a column that is none", "name columns of this import");
    if (!json_array_size(js_arr(spec, "key")))
        problem(&k, "/key", "the import has no key", "key: [sku]: what makes two rows the same item");
    return k.n;
}
