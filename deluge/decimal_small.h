/*
 * deluge/decimal_small.h — decimals of at most 63 bits of digits, which is all money: taken apart and put together by hand.
 *
 * Encoding    IEEE 754-2008, 3.5.2, binary: sign, 14 bits of exponent + 6176, 113 bits of digits.
 * Use         deluge/decimal.c tries this way first and asks the library when it does not fit. Results are the library's,
 *             digit for digit (tests/deluge/test_decimal.c).
 */
#ifndef DELUGE_DECIMAL_SMALL_H
#define DELUGE_DECIMAL_SMALL_H
#include "deluge/decimal.h"

enum { DEC_BIAS = 6176, DEC_EXPONENT_AT = 49, DEC_SMALLEST = 100, DEC_LARGEST = 12000 };

struct dec_small {
    int64_t n;
    int exponent; /* with the bias */
};

static inline bool dec_small(struct dec d, struct dec_small *s)
{
    uint64_t exponent = d.w[1] >> DEC_EXPONENT_AT & 0x3fff;
    if ((d.w[1] & ((UINT64_C(1) << DEC_EXPONENT_AT) - 1)) || d.w[0] > INT64_MAX || exponent < DEC_SMALLEST ||
        exponent > DEC_LARGEST || (d.w[1] >> 63 && !d.w[0]))
        return false;
    s->n = d.w[1] >> 63 ? -(int64_t)d.w[0] : (int64_t)d.w[0];
    s->exponent = (int)exponent;
    return true;
}

static inline struct dec dec_of_small(int64_t n, int exponent)
{
    uint64_t sign = n < 0 ? UINT64_C(1) << 63 : 0;
    return (struct dec){{n < 0 ? -(uint64_t)n : (uint64_t)n, sign | (uint64_t)exponent << DEC_EXPONENT_AT}};
}

/* Brings both to the smaller exponent when little is missing. */
static inline bool dec_align(struct dec_small *a, struct dec_small *b)
{
    struct dec_small *large = a->exponent > b->exponent ? a : b, *other = large == a ? b : a;
    if (large->exponent - other->exponent > 6)
        return false;
    for (; large->exponent > other->exponent; large->exponent--)
        if (__builtin_mul_overflow(large->n, 10, &large->n))
            return false;
    return true;
}
#endif
