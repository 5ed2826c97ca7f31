/*
 * deluge/decimal.h — exact decimals: 34 significant digits, never through a double.
 *
 * Shape       IEEE 754 decimal128 of the Intel library (libintelrdfpmath), 16 bytes by value. The digits after the point are kept as written:
 *             12.50 prints 12.50.
 * Rounding    half up (away from zero), as money is rounded; unproven for Deluge's own round (open question 2 of the facts).
 * Range       past 34 digits a result is rounded; past 10^6144 it is not finite, which callers report.
 */
#ifndef DELUGE_DECIMAL_H
#define DELUGE_DECIMAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dec {
    uint64_t w[2];
};
enum { DEC_TEXT = 6300 }; /* the longest plain notation this header prints, NUL included */

/* Digits with optional sign, point and exponent; false when it is anything else. */
bool dec_parse(const char *s, size_t n, struct dec *out);
struct dec dec_int(int64_t i);
/* Plain notation, no exponent. Returns the length. */
size_t dec_print(struct dec d, char out[DEC_TEXT]);

struct dec dec_add(struct dec a, struct dec b);
struct dec dec_sub(struct dec a, struct dec b);
struct dec dec_mul(struct dec a, struct dec b);
struct dec dec_div(struct dec a, struct dec b);
struct dec dec_rem(struct dec a, struct dec b); /* sign of a */
struct dec dec_neg(struct dec a);
int dec_cmp(struct dec a, struct dec b);
bool dec_is_zero(struct dec a);
bool dec_is_finite(struct dec a);
bool dec_is_whole(struct dec a);

enum dec_round { DEC_HALF_UP, DEC_DOWN, DEC_FLOOR, DEC_CEIL };
/* To `places` digits after the point, exactly so many are shown. */
struct dec dec_round(struct dec a, int places, enum dec_round how);
/* Towards zero; false when it does not fit 64 bits. */
bool dec_to_int(struct dec a, int64_t *out);

/* One argument: "sqrt", "log", "log10", "exp", "sin" … "atanh"; false for an unknown name. */
bool dec_apply(const char *function, struct dec a, struct dec *out);
struct dec dec_pow(struct dec a, struct dec b);
#endif
