/* agent/cell_number.c — a number as people write it: signs, marks of groups and fractions, words around it. */
#include <ctype.h>
#include <string.h>

#include "agent/cell.h"

enum { DIGITS = 40 /* of one number: more than 34 would be rounded by decimal128 */ };

struct core {
    char digit[DIGITS + 1]; /* all digits in order */
    size_t n;
    size_t at[DIGITS]; /* marks: how many digits stand before each */
    char mark[DIGITS]; /* . , ' or a blank */
    size_t marks;
    bool overflow;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One mark that may stand inside a number; *len its bytes. A blank only where a digit follows. */
static char mark_at(const char *s, size_t *len)
{
    *len = 1;
    if (*s == '.' || *s == ',' || *s == '\'')
        return *s;
    if (!strncmp(s, "\xE2\x80\x99", 3)) { /* ’ */
        *len = 3;
        return '\'';
    }
    return *s == ' ' && is_digit(s[1]) ? ' ' : '\0';
}

static const char *read_core(const char *s, struct core *c)
{
    size_t len;
    for (char m;; s += len) {
        if (is_digit(*s)) {
            len = 1;
            if (c->n < DIGITS)
                c->digit[c->n++] = *s;
            else
                c->overflow = true;
        } else if ((m = mark_at(s, &len)) && c->marks < DIGITS && (is_digit(s[len]) || (m == '.' && !s[len]))) {
            c->mark[c->marks] = m;
            c->at[c->marks++] = c->n;
        } else {
            return s;
        }
    }
}

/* Marks from `from` to `to` part groups of three; `end` is where the last group ends. No thousands begin with 0: "0,160.5". */
static bool grouped(const struct core *c, size_t from, size_t to, size_t end)
{
    for (size_t i = from; i < to; i++) {
        size_t next = i + 1 < to ? c->at[i + 1] : end;
        if (next - c->at[i] != 3 || c->mark[i] != c->mark[from])
            return false;
    }
    return from == to || (c->at[from] >= 1 && c->at[from] <= 3 && c->digit[0] != '0');
}

static bool build(const struct core *c, size_t whole, bool negative, struct dec *out)
{
    char text[DIGITS + 4];
    size_t n = 0;
    if (negative)
        text[n++] = '-';
    if (whole == 0)
        text[n++] = '0';
    memcpy(text + n, c->digit, whole);
    n += whole;
    if (whole < c->n) {
        text[n++] = '.';
        memcpy(text + n, c->digit + whole, c->n - whole);
        n += c->n - whole;
    }
    return dec_parse(text, n, out);
}

/* Which mark is that of the fraction: its index, or c->marks for none, or -1 when the marks make no number. */
static int fraction_mark(const struct core *c, struct cell_number *out)
{
    size_t last = c->marks - 1;
    char m = c->mark[last];
    if (m != '.' && m != ',')
        return grouped(c, 0, c->marks, c->n) ? (int)c->marks : -1;
    if (c->marks == 1) {
        size_t before = c->at[0], after = c->n - before;
        out->ambiguous = after == 3 && before >= 1 && before <= 3 && c->digit[0] != '0';
        return 0;
    }
    if (c->mark[last - 1] == m)
        return grouped(c, 0, c->marks, c->n) ? (int)c->marks : -1;
    return grouped(c, 0, last, c->at[last]) ? (int)last : -1;
}

static bool is_minus(const char *s, size_t *len)
{
    *len = *s == '-' ? 1 : 3;
    return *s == '-' || !strncmp(s, "\xE2\x88\x92", 3); /* − */
}

/* The words around the number, the minus taken out. */
static void words_around(const char *s, const char *number, const char *after, struct cell_number *out, bool *negative)
{
    size_t n = 0, len;
    for (const char *p = s; *p; p += len) {
        len = 1;
        if (p == number)
            p = after;
        if (!*p)
            break;
        if (p < number && is_minus(p, &len)) {
            *negative = true;
            continue;
        }
        len = 1;
        if (n + 1 < sizeof out->words)
            out->words[n++] = *p;
    }
    out->words[n] = '\0';
}

static const char *strange(const char *s, const char *number, const char *after)
{
    if ((*after == 'e' || *after == 'E') && (is_digit(after[1]) || (strchr("+-", after[1]) && is_digit(after[2]))))
        return "scientific notation: digits may be lost";
    if ((*after == '-' || *after == '/') && is_digit(after[1]))
        return "a date or a fraction, no number";
    if (*after == '-' || (number > s && number[-1] == '(' && *after == ')'))
        return "negative in bookkeeping's notation";
    for (; *after; after++)
        if (is_digit(*after))
            return "more than one number";
    return NULL;
}

const char *cell_number(const char *clean, struct cell_number *out)
{
    struct core c = {0};
    bool negative = false;
    *out = (struct cell_number){0};
    const char *number = clean;
    while (*number && !is_digit(*number) && !((*number == '.' || *number == ',') && is_digit(number[1])))
        number++;
    if (!*number)
        return "no number";
    const char *after = read_core(number, &c), *odd = strange(clean, number, after);
    if (odd)
        return odd;
    if (c.overflow || c.n > 30)
        return "more digits than a price has";
    words_around(clean, number, after, out, &negative);
    if (strlen(out->words) + 1 >= sizeof out->words)
        return "a text, no number";
    int at = c.marks ? fraction_mark(&c, out) : 0;
    if (at < 0)
        return c.marks > 1 ? "a date, or marks that part no groups of three" : "marks that part no groups of three";
    bool fraction = c.marks && (size_t)at < c.marks;
    if (fraction)
        out->fraction = c.mark[at] == '.' ? CELL_POINT : CELL_COMMA;
    if (!build(&c, fraction ? c.at[at] : c.n, negative, &out->value) || !build(&c, c.n, negative, &out->other))
        return "no number";
    return NULL;
}
