/* Periods of rules. Source: zoho-api.md 1.10; business days are Monday to Friday here (sandbox/period.h). */
#include "base/clock.h"
#include "sandbox/period.h"
#include "tests/test.h"

static void every_period_reaches_its_time(void **state)
{
    (void)state;
    static const struct {
        const char *from, *period;
        int64_t n;
        const char *to;
    } rows[] = {
        {"2026-01-30T10:00:00Z", "minutes", 90, "2026-01-30T11:30:00Z"},
        {"2026-01-30T10:00:00Z", "hours", -11, "2026-01-29T23:00:00Z"},
        {"2026-02-27T10:00:00Z", "days", 2, "2026-03-01T10:00:00Z"},
        {"2026-02-27T10:00:00Z", "weeks", 1, "2026-03-06T10:00:00Z"},
        {"2026-01-31T10:00:00Z", "months", 1, "2026-02-28T10:00:00Z"},
        {"2026-01-31T10:00:00Z", "months", -2, "2025-11-30T10:00:00Z"},
        {"2024-02-29T10:00:00Z", "years", 1, "2025-02-28T10:00:00Z"},
        {"2026-01-30T10:00:00Z", "business_days", 1, "2026-02-02T10:00:00Z"}, /* Friday, Monday */
        {"2026-01-30T10:00:00Z", "b_days", 5, "2026-02-06T10:00:00Z"},
        {"2026-02-02T10:00:00Z", "business_days", -1, "2026-01-30T10:00:00Z"},
        {"2026-01-30T23:00:00Z", "business_hours", 2, "2026-02-02T01:00:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t from = 0, to = 0;
        char text[CLOCK_TEXT];
        assert_int_equal(clock_parse(rows[i].from, &from, NULL), 0);
        assert_true(period_add(from, rows[i].period, rows[i].n, &to));
        clock_rfc3339(to, text);
        assert_string_equal(text, rows[i].to);
    }
}

static void an_unknown_period_is_no_time(void **state)
{
    (void)state;
    int64_t to = 7;
    assert_false(period_add(0, "fortnights", 1, &to));
    assert_int_equal(to, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_period_reaches_its_time),
        cmocka_unit_test(an_unknown_period_is_no_time),
    };
    return cmocka_run_group_tests_name("sandbox/period", tests, NULL, NULL);
}
