/* agent/import_value.c — one cell of a row by the type of its column: text, choice, basis, number, money, percent. */
#include <strings.h>

#include "agent/import_parts.h"
#include "base/text.h"

bool import_factor(const json_t *column, const char *unit, struct dec *out)
{
    struct dec one = dec_int(1), found = one;
    const char *own = js_str_or(column, "unit", ""), *name;
    json_t *v, *exact = json_object_get(js_obj(column, "units"), unit);
    size_t fits = 0;
    if (exact || !strcmp(own, unit)) {
        const char *f = exact ? json_string_value(exact) : "1";
        fits = f && dec_parse(f, strlen(f), &found);
    } else {
        json_object_foreach (js_obj(column, "units"), name, v) {
            const char *f = json_string_value(v);
            fits += f && !strcasecmp(name, unit) && dec_parse(f, strlen(f), &found);
        }
        if (*own && !fits)
            fits += !strcasecmp(own, unit);
    }
    if (out && fits == 1)
        *out = found;
    return fits == 1;
}

static bool same_words(const char *a, const char *b)
{
    AUTO_FREE char *x = cell_fold(a), *y = cell_fold(b);
    return !strcmp(x, y);
}

/* `also`: a list of words, or one text with words parted by commas. */
static bool also_has(const json_t *also, const char *text)
{
    json_t *one;
    size_t i;
    json_array_foreach (also, i, one)
        if (json_is_string(one) && same_words(json_string_value(one), text))
            return true;
    const char *list = json_string_value(also);
    while (list && *list) {
        size_t n = strcspn(list, ",;");
        AUTO_FREE char *word = mem_dupn(list, n);
        if (*word && same_words(word, text))
            return true;
        list += n + (list[n] != '\0');
    }
    return false;
}

const char *import_word(const json_t *words, const char *text)
{
    json_t *w;
    size_t i;
    json_array_foreach (words, i, w)
        if (same_words(js_str_or(w, "word", ""), text) || also_has(json_object_get(w, "also"), text))
            return js_str(w, "word");
    return NULL;
}

const json_t *import_basis(const struct import *im, const char *word)
{
    json_t *b;
    size_t i;
    json_array_foreach (js_arr(im->spec, "bases"), i, b)
        if (word && !strcmp(js_str_or(b, "word", ""), word))
            return b;
    return NULL;
}

/* Takes the first word of `list` that `text` begins with off it; false when none fits. */
static bool take_off(const json_t *list, const char **text)
{
    json_t *w;
    size_t i;
    *text += strspn(*text, " ");
    json_array_foreach (list, i, w) {
        const char *s = json_string_value(w);
        size_t n = s ? strlen(s) : 0;
        if (!n || strncasecmp(*text, s, n) != 0)
            continue;
        /* "a" must not be taken off "ab": letters end a word. */
        bool letter = (s[n - 1] | 32) >= 'a' && (s[n - 1] | 32) <= 'z';
        if (letter && (((*text)[n] | 32) >= 'a' && ((*text)[n] | 32) <= 'z'))
            continue;
        *text += n;
        *text += strspn(*text, " ");
        return true;
    }
    return false;
}

bool import_money_words(const struct import *im, const char *words, const char **basis)
{
    const json_t *currency = js_arr(im->spec, "currency"), *per = js_arr(im->spec, "per");
    *basis = NULL;
    take_off(currency, &words);
    bool said = take_off(per, &words);
    AUTO_FREE char *rest = mem_dup(words);
    size_t n = strlen(rest);
    while (n && rest[n - 1] == ' ')
        rest[--n] = '\0';
    if (!*rest)
        return !said;
    const char *p = rest;
    if (take_off(currency, &p) && !*p) /* "/ kW €" is nobody's; "0,24 W €" neither: only the currency alone */
        return !said;
    *basis = import_word(js_arr(im->spec, "bases"), rest);
    return *basis != NULL;
}

static void unknown_word(struct import *im, json_t *row, const struct import_column *c, const json_t *words,
                         const char *cell)
{
    const char *names[64], *near;
    size_t n = 0, i;
    json_t *w;
    json_array_foreach (words, i, w)
        if (n < sizeof names / sizeof *names)
            names[n++] = js_str_or(w, "word", "");
    near = text_nearest(cell, names, n);
    AUTO_FREE char *fix =
        near ? mem_printf("did you mean '%s'?", near)
             : mem_printf("write one of the words this column knows, for example '%s'", n ? names[0] : "");
    import_defect(im, row, c, cell, fix, "not a word for %s", c->name);
}

/* Which of the two readings of "1.234" counts: what was said of the sheet, unless the column itself says otherwise. */
static bool settle(const struct import *im, const struct import_column *c, struct cell_number *n)
{
    if (im->numbers == CELL_NO_MARK || c->seen[im->numbers == CELL_POINT ? CELL_COMMA : CELL_POINT])
        return false;
    if (n->fraction != im->numbers)
        n->value = n->other;
    return true;
}

/* The number in a cell, or a defect. */
static bool read_number(struct import *im, json_t *row, const struct import_column *c, const char *cell,
                        struct cell_number *n)
{
    const char *wrong = cell_number(cell, n);
    if (wrong) {
        import_defect(im, row, c, cell, "write digits with one mark for the fraction, nothing else", "%s", wrong);
        return false;
    }
    if (n->ambiguous && !settle(im, c, n)) {
        char a[DEC_TEXT], b[DEC_TEXT];
        const char *fix = c->seen[CELL_POINT] && c->seen[CELL_COMMA]
                              ? "the column has points and commas as decimal marks: write them all alike"
                              : "write it without a mark for thousands, or say how the sheet is written: --numbers";
        import_defect(im, row, c, cell, fix, "can be %s or %s", cell_plain(n->value, a), cell_plain(n->other, b));
        return false;
    }
    if (!n->ambiguous && n->fraction == CELL_COMMA)
        import_note(im, (int)js_int(row, "@line", 0), cell, "a comma read as the decimal mark");
    return true;
}

static bool in_bounds(struct import *im, json_t *row, const struct import_column *c, const char *cell, struct dec v)
{
    struct dec bound;
    const char *min = js_str(c->spec, "min"), *max = js_str(c->spec, "max");
    if (min && dec_parse(min, strlen(min), &bound) && dec_cmp(v, bound) < 0) {
        import_defect(im, row, c, cell, "look up the right value", "below %s, the least it can be", min);
        return false;
    }
    if (max && dec_parse(max, strlen(max), &bound) && dec_cmp(v, bound) > 0) {
        import_defect(im, row, c, cell, "look up the right value", "above %s, the most it can be", max);
        return false;
    }
    return true;
}

static void put_number(struct import *im, json_t *row, const struct import_column *c, const char *cell, struct dec v)
{
    char text[DEC_TEXT];
    int64_t places = js_int(c->spec, "places", 9);
    if (!in_bounds(im, row, c, cell, v))
        return;
    if (dec_cmp(v, dec_round(v, (int)places, DEC_DOWN)) != 0) {
        import_defect(im, row, c, cell, "round it in the spreadsheet: it is not done here",
                      "%s has more than %d decimal places", cell_plain(v, text), (int)places);
        return;
    }
    js_set_str(row, c->name, cell_plain(v, text));
}

static void number(struct import *im, json_t *row, const struct import_column *c, const char *cell)
{
    struct cell_number n;
    struct dec factor = dec_int(1);
    if (!read_number(im, row, c, cell, &n))
        return;
    const char *unit = *n.words ? n.words : c->words ? c->words : "";
    unit += strspn(unit, " ");
    if (*unit && !import_factor(c->spec, unit, &factor)) {
        import_defect(im, row, c, cell, "write the number in the column's unit, or add the unit to 'units'",
                      "'%s' is no unit of this column", unit);
        return;
    }
    if (dec_cmp(factor, dec_int(1)) != 0)
        import_note(im, (int)js_int(row, "@line", 0), cell, "a unit turned into the column's own");
    put_number(im, row, c, cell, dec_mul(n.value, factor));
}

/* The basis that the cell or the header names is kept beside the price, until the row's own basis is known. */
static void money(struct import *im, json_t *row, const struct import_column *c, const char *cell)
{
    struct cell_number n;
    const char *basis = NULL, *of_header = NULL;
    if (!read_number(im, row, c, cell, &n))
        return;
    if (!import_money_words(im, n.words, &basis)) {
        import_defect(im, row, c, cell, "write the price in the sheet's currency, without other words",
                      "'%s' is neither the currency nor a unit", n.words + strspn(n.words, " "));
        return;
    }
    if (dec_cmp(n.value, dec_int(0)) < 0) {
        import_defect(im, row, c, cell, "write the price; a discount is no price", "negative");
        return;
    }
    if (c->words && import_money_words(im, c->words, &of_header) && !basis)
        basis = of_header;
    if (basis) {
        AUTO_FREE char *key = mem_printf("@basis/%s", c->name);
        js_set_str(row, key, basis);
    }
    AUTO_FREE char *raw = mem_printf("@cell/%s", c->name);
    js_set_str(row, raw, cell);
    char text[DEC_TEXT];
    js_set_str(row, c->name, cell_plain(n.value, text));
}

static void percent(struct import *im, json_t *row, const struct import_column *c, const char *cell)
{
    struct cell_number n;
    if (!read_number(im, row, c, cell, &n))
        return;
    const char *words = n.words + strspn(n.words, " ");
    if (*words && strcmp(words, "%") != 0)
        import_defect(im, row, c, cell, "write a number, with or without %", "'%s' is no percentage", words);
    else
        put_number(im, row, c, cell, n.value);
}

static void text(struct import *im, json_t *row, const struct import_column *c, const char *cell)
{
    int64_t max = js_int(c->spec, "max_length", 255);
    if ((int64_t)text_width(cell) > max)
        import_defect(im, row, c, cell, "shorten it", "longer than %d characters", (int)max);
    else
        js_set_str(row, c->name, cell);
}

void import_value(struct import *im, json_t *row, const struct import_column *c, const char *raw)
{
    static const struct {
        unsigned bit;
        const char *text;
    } done[] = {{CELL_BLANKS, "blanks of another width (non-breaking and the like) read as blanks"},
                {CELL_UNSEEN, "marks that nobody sees taken out"},
                {CELL_WIDE, "full-width letters or digits read as plain ones"}};
    unsigned did = 0;
    const char *type = js_str_or(c->spec, "type", "text"), *fix = NULL;
    AUTO_FREE char *cell = cell_clean(raw, &did);
    for (size_t i = 0; i < sizeof done / sizeof *done; i++)
        if (did & done[i].bit)
            import_note(im, (int)js_int(row, "@line", 0), cell, done[i].text);
    const char *trouble = cell_trouble(cell, &fix);
    const json_t *words = !strcmp(type, "basis") ? js_arr(im->spec, "bases") : js_arr(c->spec, "words");
    if (!*cell) {
        if (js_bool(c->spec, "required", false))
            import_defect(im, row, c, cell, "fill it in, or take the row out", "empty");
    } else if (trouble) {
        import_defect(im, row, c, cell, fix, "%s", trouble);
    } else if (!strcmp(type, "number")) {
        number(im, row, c, cell);
    } else if (!strcmp(type, "money")) {
        money(im, row, c, cell);
    } else if (!strcmp(type, "percent")) {
        percent(im, row, c, cell);
    } else if (!strcmp(type, "choice") || !strcmp(type, "basis")) {
        const char *w = import_word(words, cell);
        if (w)
            js_set_str(row, c->name, w);
        else
            unknown_word(im, row, c, words, cell);
    } else {
        text(im, row, c, cell);
    }
}
