/* deluge/builtin_number.c — functions of numbers. help/functions/number */
#include <string.h>

#include "deluge/builtin.h"

static struct dec self(const struct dg_call *c)
{
    return dv_decimal(c->arg[0]);
}

/* A second number, from text too; null is refused. */
static bool second(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (c->arg[1].kind == DV_NULL)
        return dg_fail(f, "Null value occurred while performing %s operation", c->name);
    return dg_to_number(f, c->arg[1], out);
}

static bool number(struct dg_frame *f, struct dec d, struct dv *out)
{
    *out = dv_dec(d);
    return dec_is_finite(d) ? true : dg_fail(f, "An error occurred while performing this action: no such number");
}

static bool round_it(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t places = 0;
    if (c->n == 2 && !dg_to_int(f, c->arg[1], &places))
        return false;
    places = places > 30 ? 30 : places < -30 ? -30 : places;
    struct dec d = dec_round(self(c), (int)places, !strcmp(c->name, "truncate") ? DEC_DOWN : DEC_HALF_UP);
    *out = c->arg[0].kind == DV_INT && places >= 0 ? c->arg[0] : dv_dec(d);
    return true;
}

static bool whole(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t i;
    struct dec d = dec_round(self(c), 0, !strcmp(c->name, "ceil") ? DEC_CEIL : DEC_FLOOR);
    if (!dec_to_int(d, &i))
        return number(f, d, out);
    *out = dv_int(i);
    return true;
}

static bool abs_it(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool negative = dec_cmp(self(c), dec_int(0)) < 0;
    (void)f;
    if (c->arg[0].kind == DV_INT && c->arg[0].i != INT64_MIN)
        *out = dv_int(negative ? -c->arg[0].i : c->arg[0].i);
    else
        *out = dv_dec(negative ? dec_neg(self(c)) : self(c));
    return true;
}

static bool power(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv by = {0};
    int64_t i;
    if (!second(f, c, &by))
        return false;
    struct dec d = dec_pow(self(c), dv_decimal(by));
    bool ints = c->arg[0].kind == DV_INT && by.kind == DV_INT && by.i >= 0;
    if (ints && dec_is_finite(d) && dec_to_int(d, &i)) {
        *out = dv_int(i);
        return true;
    }
    return number(f, d, out);
}

static bool apply(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dec d;
    return dec_apply(c->name, self(c), &d) && number(f, d, out);
}

static bool extreme(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool max = !strcmp(c->name, "max");
    *out = c->arg[0];
    for (size_t i = 1; i < c->n; i++) {
        struct dv v = {0};
        if (c->arg[i].kind == DV_NULL)
            return dg_fail(f, "Null value occurred while performing %s operation", c->name);
        if (!dg_to_number(f, c->arg[i], &v))
            return false;
        int order = dec_cmp(dv_decimal(v), dv_decimal(*out));
        if (max ? order > 0 : order < 0)
            *out = v;
    }
    return true;
}

static bool frac(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    return number(f, dec_sub(self(c), dec_round(self(c), 0, DEC_DOWN)), out);
}

static bool signum(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = dv_int(dec_cmp(self(c), dec_int(0)));
    return true;
}

static bool parity(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t i;
    if (!dg_to_int(f, c->arg[0], &i))
        return false;
    *out = dv_bool((i % 2 == 0) == !strcmp(c->name, "iseven"));
    return true;
}

/* Repeats from run to run: a test must not depend on chance. */
static bool random_number(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t low = 0, high = 0, span;
    if (!dg_to_int(f, c->arg[0], c->n == 2 ? &low : &high) || (c->n == 2 && !dg_to_int(f, c->arg[1], &high)))
        return false;
    if (__builtin_sub_overflow(high, low, &span) || span < 0)
        return dg_fail(f, "An error occurred while performing this action: randomNumber needs min <= max");
    uint64_t x = f->run->seed += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    *out = dv_int(low + (int64_t)((x ^ x >> 31) % ((uint64_t)span + 1)));
    return true;
}

static bool to_hex(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t i;
    AUTO_SB struct sb b = SB_INIT(64);
    if (!dg_to_int(f, c->arg[0], &i))
        return false;
    sb_addf(&b, "%llx", (unsigned long long)i);
    *out = dg_take(f, &b);
    return true;
}

static void words(struct sb *b, uint64_t n)
{
    static const char *const ones[] = {"zero",     "one",     "two",     "three",     "four",     "five",    "six",
                                       "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",  "thirteen",
                                       "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
    static const char *const tens[] = {"",      "",      "twenty",  "thirty", "forty",
                                       "fifty", "sixty", "seventy", "eighty", "ninety"};
    static const struct {
        uint64_t size;
        const char *word;
    } rows[] = {{1000000000000000000u, "quintillion"},
                {1000000000000000u, "quadrillion"},
                {1000000000000u, "trillion"},
                {1000000000u, "billion"},
                {1000000u, "million"},
                {1000u, "thousand"},
                {100u, "hundred"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (n >= rows[i].size) {
            words(b, n / rows[i].size);
            sb_addf(b, " %s", rows[i].word);
            n %= rows[i].size;
            if (!n)
                return;
            sb_addc(b, ' ');
        }
    if (n >= 20) {
        sb_add(b, tens[n / 10]);
        n %= 10;
        if (!n)
            return;
        sb_addc(b, ' ');
    }
    sb_add(b, ones[n]);
}

static bool to_words(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t i;
    AUTO_SB struct sb b = SB_INIT(1024);
    if (!dg_to_int(f, c->arg[0], &i))
        return false;
    if (i < 0)
        sb_add(&b, "minus ");
    words(&b, i < 0 ? -(uint64_t)i : (uint64_t)i);
    *out = dg_take(f, &b);
    return true;
}

const struct dg_builtin dg_number_rows[] = {
    {"round", ON_NUMBER, 1, 2, round_it},
    {"truncate", ON_NUMBER, 1, 2, round_it},
    {"ceil", ON_NUMBER, 1, 1, whole},
    {"floor", ON_NUMBER, 1, 1, whole},
    {"abs", ON_NUMBER, 1, 1, abs_it},
    {"pow", ON_NUMBER, 2, 2, power},
    {"power", ON_NUMBER, 2, 2, power},
    {"sqrt", ON_NUMBER, 1, 1, apply},
    {"log", ON_NUMBER, 1, 1, apply},
    {"log10", ON_NUMBER, 1, 1, apply},
    {"exp", ON_NUMBER, 1, 1, apply},
    {"sin", ON_NUMBER, 1, 1, apply},
    {"cos", ON_NUMBER, 1, 1, apply},
    {"tan", ON_NUMBER, 1, 1, apply},
    {"asin", ON_NUMBER, 1, 1, apply},
    {"acos", ON_NUMBER, 1, 1, apply},
    {"atan", ON_NUMBER, 1, 1, apply},
    {"sinh", ON_NUMBER, 1, 1, apply},
    {"cosh", ON_NUMBER, 1, 1, apply},
    {"tanh", ON_NUMBER, 1, 1, apply},
    {"asinh", ON_NUMBER, 1, 1, apply},
    {"acosh", ON_NUMBER, 1, 1, apply},
    {"atanh", ON_NUMBER, 1, 1, apply},
    {"max", ON_NUMBER, 2, 255, extreme},
    {"min", ON_NUMBER, 2, 255, extreme},
    {"frac", ON_NUMBER, 1, 1, frac},
    {"signum", ON_NUMBER, 1, 1, signum},
    {"iseven", ON_NUMBER, 1, 1, parity},
    {"isodd", ON_NUMBER, 1, 1, parity},
    {"randomnumber", ON_NUMBER, 1, 2, random_number},
    {"tohex", ON_NUMBER, 1, 1, to_hex},
    {"towords", ON_NUMBER, 1, 1, to_words},
    {NULL, 0, 0, 0, NULL},
};
