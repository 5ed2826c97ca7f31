#include "deluge/decimal_small.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libbidgcc000: arguments by value, rounding and flags as arguments. */
#define DECIMAL_CALL_BY_REFERENCE      0
#define DECIMAL_GLOBAL_ROUNDING        0
#define DECIMAL_GLOBAL_EXCEPTION_FLAGS 0
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wpedantic"
#include <bid_conf.h>
#include <bid_functions.h>
#pragma GCC diagnostic pop

static const unsigned modes[] = {[DEC_HALF_UP] = BID_ROUNDING_TIES_AWAY,
                                 [DEC_DOWN] = BID_ROUNDING_TO_ZERO,
                                 [DEC_FLOOR] = BID_ROUNDING_DOWN,
                                 [DEC_CEIL] = BID_ROUNDING_UP};

static BID_UINT128 in(struct dec d)
{
    BID_UINT128 x;
    memcpy(&x, &d, sizeof d);
    return x;
}
static struct dec out_of(BID_UINT128 x)
{
    struct dec d;
    memcpy(&d, &x, sizeof d);
    return d;
}

static bool well_formed(const char *s, size_t n)
{
    size_t i = n && (s[0] == '-' || s[0] == '+'), digits = 0;
    for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
        digits++;
    if (i < n && s[i] == '.')
        for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++)
            digits++;
    if (!digits)
        return false;
    if (i < n && (s[i] == 'e' || s[i] == 'E')) {
        i++;
        i += i < n && (s[i] == '-' || s[i] == '+');
        size_t from = i;
        for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
            digits++;
        if (i == from || i - from > 4)
            return false;
    }
    return i == n;
}

bool dec_parse(const char *s, size_t n, struct dec *out)
{
    char buf[1024];
    unsigned flags = 0;
    if (n >= sizeof buf || !well_formed(s, n))
        return false;
    memcpy(buf, s, n);
    buf[n] = '\0';
    *out = out_of(bid128_from_string(buf, modes[DEC_HALF_UP], &flags));
    return dec_is_finite(*out);
}

struct dec dec_int(int64_t i)
{
    return out_of(bid128_from_int64(i));
}

size_t dec_print(struct dec d, char out[DEC_TEXT])
{
    char raw[64];
    unsigned flags = 0;
    bid128_to_string(raw, in(d), &flags);
    if (!dec_is_finite(d)) {
        memcpy(out, "NaN", 4);
        return 3;
    }
    /* raw is sign, digits, E, signed exponent */
    const char *e = strchr(raw, 'E');
    long exponent = strtol(e + 1, NULL, 10);
    const char *digits = raw + 1;
    long n = (long)(e - digits);
    char *p = out;
    if (raw[0] == '-' && !dec_is_zero(d))
        *p++ = '-';
    if (dec_is_zero(d) && exponent > 0)
        exponent = 0;
    if (exponent < -6000) /* a speck: its digits would fill the page */
        exponent = -6000;
    for (long point = n + exponent, i = point < 1 ? point - 1 : 0; i < n || i < point; i++) {
        if (i == point)
            *p++ = '.';
        if (point < 1 && i == point - 1)
            *p++ = '0';
        else
            *p++ = i >= 0 && i < n ? digits[i] : '0';
    }
    *p = '\0';
    return (size_t)(p - out);
}

#define TWO(name, fn)                                                                                                  \
    static struct dec name(struct dec a, struct dec b)                                                                 \
    {                                                                                                                  \
        unsigned flags = 0;                                                                                            \
        return out_of(fn(in(a), in(b), modes[DEC_HALF_UP], &flags));                                                   \
    }
TWO(add_large, bid128_add)
TWO(sub_large, bid128_sub)
TWO(mul_large, bid128_mul)
TWO(div_large, bid128_div)

struct dec dec_add(struct dec a, struct dec b)
{
    struct dec_small x, y;
    int64_t n;
    bool fits = dec_small(a, &x) && dec_small(b, &y) && dec_align(&x, &y) && !__builtin_add_overflow(x.n, y.n, &n);
    return fits && n != INT64_MIN ? dec_of_small(n, x.exponent) : add_large(a, b);
}

struct dec dec_sub(struct dec a, struct dec b)
{
    struct dec_small x, y;
    int64_t n;
    bool fits = dec_small(a, &x) && dec_small(b, &y) && dec_align(&x, &y) && !__builtin_sub_overflow(x.n, y.n, &n);
    return fits && n != INT64_MIN ? dec_of_small(n, x.exponent) : sub_large(a, b);
}

struct dec dec_mul(struct dec a, struct dec b)
{
    struct dec_small x, y;
    int64_t n;
    bool fits = dec_small(a, &x) && dec_small(b, &y) && x.n && y.n && !__builtin_mul_overflow(x.n, y.n, &n) &&
                n != INT64_MIN && x.exponent + y.exponent - DEC_BIAS > DEC_SMALLEST &&
                x.exponent + y.exponent - DEC_BIAS < DEC_LARGEST;
    return fits ? dec_of_small(n, x.exponent + y.exponent - DEC_BIAS) : mul_large(a, b);
}

struct dec dec_div(struct dec a, struct dec b)
{
    return div_large(a, b);
}

struct dec dec_rem(struct dec a, struct dec b)
{
    unsigned flags = 0;
    return out_of(bid128_fmod(in(a), in(b), &flags));
}
struct dec dec_neg(struct dec a)
{
    return out_of(bid128_negate(in(a)));
}
int dec_cmp(struct dec a, struct dec b)
{
    unsigned flags = 0;
    struct dec_small x, y;
    if (dec_small(a, &x) && dec_small(b, &y) && dec_align(&x, &y))
        return (x.n > y.n) - (x.n < y.n);
    if (bid128_quiet_less(in(a), in(b), &flags))
        return -1;
    return bid128_quiet_greater(in(a), in(b), &flags) ? 1 : 0;
}
bool dec_is_zero(struct dec a)
{
    return bid128_isZero(in(a));
}
bool dec_is_finite(struct dec a)
{
    return bid128_isFinite(in(a));
}
bool dec_is_whole(struct dec a)
{
    return dec_cmp(a, dec_round(a, 0, DEC_DOWN)) == 0;
}

/* Fewer digits after the point, of a number that fits: by dividing. */
static inline bool round_small(struct dec a, int places, enum dec_round how, struct dec *out)
{
    struct dec_small x;
    int64_t unit = 1;
    if (!dec_small(a, &x) || x.exponent > DEC_BIAS - places || DEC_BIAS - places - x.exponent > 15)
        return false;
    for (int i = x.exponent; i < DEC_BIAS - places; i++)
        unit *= 10;
    int64_t n = x.n / unit, rest = x.n % unit;
    if (!n && x.n < 0) /* the library keeps the sign of a zero */
        return false;
    bool away = how == DEC_HALF_UP ? (rest < 0 ? -rest : rest) * 2 >= unit && rest
                : how == DEC_CEIL  ? rest > 0
                : how == DEC_FLOOR ? rest < 0
                                   : false;
    *out = dec_of_small(away ? n + (x.n < 0 ? -1 : 1) : n, DEC_BIAS - places);
    return true;
}

struct dec dec_round(struct dec a, int places, enum dec_round how)
{
    unsigned flags = 0;
    struct dec r;
    places = places > 30 ? 30 : places < -30 ? -30 : places;
    if (round_small(a, places, how, &r))
        return r;
    BID_UINT128 quantum = in(dec_of_small(1, DEC_BIAS - places));
    r = out_of(bid128_quantize(in(a), quantum, modes[how], &flags));
    return dec_is_finite(r) ? r : a; /* more than 34 digits: as exact as it was */
}

bool dec_to_int(struct dec a, int64_t *out)
{
    unsigned flags = 0;
    if (dec_cmp(a, dec_int(INT64_MAX)) > 0 || dec_cmp(a, dec_int(INT64_MIN)) < 0 || !dec_is_finite(a))
        return false;
    *out = bid128_to_int64_int(in(a), &flags);
    return true;
}

/* The last digits of a series are not exact: 30 are kept, and zeros at the end go. */
static struct dec settled(BID_UINT128 x)
{
    char raw[64];
    unsigned flags = 0;
    bid128_to_string(raw, x, &flags);
    char *e = strchr(raw, 'E');
    if (!e || dec_is_zero(out_of(x)))
        return e ? dec_int(0) : out_of(x);
    long exponent = strtol(e + 1, NULL, 10), n = e - raw - 1;
    if (n > 30) {
        char unit[24];
        snprintf(unit, sizeof unit, "1E%ld", exponent + n - 30);
        bid128_to_string(raw, bid128_quantize(x, bid128_from_string(unit, 0, &flags), modes[DEC_HALF_UP], &flags),
                         &flags);
        e = strchr(raw, 'E');
        if (!e) /* not a finite number any more */
            return out_of(x);
        exponent = strtol(e + 1, NULL, 10);
    }
    while (exponent < 0 && e > raw + 2 && e[-1] == '0') {
        e--;
        exponent++;
    }
    snprintf(e, sizeof raw - (size_t)(e - raw), "E%ld", exponent);
    return out_of(bid128_from_string(raw, modes[DEC_HALF_UP], &flags));
}

struct dec dec_pow(struct dec a, struct dec b)
{
    unsigned flags = 0;
    return settled(bid128_pow(in(a), in(b), modes[DEC_HALF_UP], &flags));
}

bool dec_apply(const char *function, struct dec a, struct dec *out)
{
    static const struct {
        const char *name;
        BID_UINT128 (*fn)(BID_UINT128, unsigned, unsigned *);
    } rows[] = {
        {"sqrt", bid128_sqrt}, {"log", bid128_log},     {"log10", bid128_log10}, {"exp", bid128_exp},
        {"sin", bid128_sin},   {"cos", bid128_cos},     {"tan", bid128_tan},     {"asin", bid128_asin},
        {"acos", bid128_acos}, {"atan", bid128_atan},   {"sinh", bid128_sinh},   {"cosh", bid128_cosh},
        {"tanh", bid128_tanh}, {"asinh", bid128_asinh}, {"acosh", bid128_acosh}, {"atanh", bid128_atanh},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(rows[i].name, function)) {
            unsigned flags = 0;
            *out = settled(rows[i].fn(in(a), modes[DEC_HALF_UP], &flags));
            return true;
        }
    return false;
}
