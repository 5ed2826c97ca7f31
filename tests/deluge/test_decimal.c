/* deluge/decimal: what is written, and small numbers against large ones. */
#include "deluge/decimal.h"

#include <string.h>

#include "tests/test.h"

static void decimals_print_what_was_written(void **state)
{
    static const char *const same[] = {"0", "12.50", "-0.001", "1000000000000000000000", "0.00", "3.1415926535"};
    char out[DEC_TEXT];
    struct dec d;
    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        assert_true(dec_parse(same[i], strlen(same[i]), &d));
        dec_print(d, out);
        assert_string_equal(out, same[i]);
    }
    assert_true(dec_parse("12e3", 4, &d));
    dec_print(d, out);
    assert_string_equal(out, "12000");
    assert_true(dec_parse("5E-3", 4, &d));
    dec_print(d, out);
    assert_string_equal(out, "0.005");
    static const char *const bad[] = {"", ".", "-", "1e", "1.2.3", "0x10", "NaN", "inf", "1e99999", "9e9999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(dec_parse(bad[i], strlen(bad[i]), &d));
    assert_true(dec_parse("1e6144", 6, &d));
    assert_int_equal(dec_print(d, out), 6145);
    assert_true(dec_parse("1e-6100", 7, &d));
    assert_true(dec_print(d, out) < DEC_TEXT);
}

static uint64_t next(uint64_t *seed)
{
    uint64_t x = *seed += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Up to 17 digits, up to 8 of them after the point, any sign. */
static struct dec some(uint64_t *seed)
{
    char text[40], *p = text;
    struct dec d;
    size_t digits = 1 + next(seed) % 17, point = next(seed) % 9;
    if (next(seed) % 2)
        *p++ = '-';
    for (size_t i = 0; i < digits; i++)
        *p++ = (char)('0' + next(seed) % 10);
    if (point)
        *p++ = '.';
    for (size_t i = 0; i < point; i++)
        *p++ = (char)('0' + (next(seed) % 3 ? next(seed) % 10 : 0));
    assert_true(dec_parse(text, (size_t)(p - text), &d));
    return d;
}

static void same_text(struct dec a, struct dec b)
{
    char x[DEC_TEXT], y[DEC_TEXT];
    dec_print(a, x);
    dec_print(b, y);
    assert_string_equal(x, y);
}

/* Small numbers go another way than large ones; a detour over large ones must end at the same digits. */
static void small_decimals_are_what_the_library_says(void **state)
{
    static const char large[] = "100000000000000000000";
    uint64_t seed = 7;
    struct dec big;
    (void)state;
    assert_true(dec_parse(large, sizeof large - 1, &big));
    for (int i = 0; i < 20000; i++) {
        struct dec a = some(&seed), b = some(&seed);
        int places = (int)(next(&seed) % 6);
        same_text(dec_add(a, b), dec_sub(dec_add(dec_add(a, big), b), big));
        same_text(dec_sub(a, b), dec_sub(dec_sub(dec_add(a, big), b), big));
        assert_int_equal(dec_cmp(dec_mul(dec_mul(a, b), big), dec_mul(dec_mul(a, big), b)), 0);
        assert_int_equal(dec_cmp(a, b), dec_cmp(dec_mul(a, big), dec_mul(b, big)));
        if (dec_cmp(a, dec_int(0)) > 0)
            for (int how = DEC_HALF_UP; how <= DEC_CEIL; how++)
                same_text(dec_round(a, places, (enum dec_round)how),
                          dec_sub(dec_round(dec_add(a, big), places, (enum dec_round)how), big));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_print_what_was_written),
        cmocka_unit_test(small_decimals_are_what_the_library_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
