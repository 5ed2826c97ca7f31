/* base/civil.c: days and months of the calendar. */
#include "base/civil.h"

#include <time.h>

#include "tests/test.h"

static void every_day_of_four_centuries_goes_there_and_back(void **state)
{
    (void)state;
    int64_t day = civil_days(1799, 12, 31);
    for (int year = 1800; year < 2201; year++)
        for (int month = 1; month <= 12; month++)
            for (int d = 1; d <= civil_month_days(year, month); d++) {
                struct civil c = {0};
                assert_int_equal(civil_days(year, month, d), ++day);
                civil_of(day, &c);
                assert_true(c.year == year && c.month == month && c.day == d);
            }
}

static void agrees_with_the_c_library_before_and_after_1970(void **state)
{
    (void)state;
    static const int64_t days[] = {-719162, -1, 0, 11016, 20778, 2932896};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        time_t t = (time_t)(days[i] * 86400);
        struct tm tm;
        struct civil c = {0};
        assert_non_null(gmtime_r(&t, &tm));
        civil_of(days[i], &c);
        assert_int_equal(c.year, tm.tm_year + 1900);
        assert_int_equal(c.month, tm.tm_mon + 1);
        assert_int_equal(c.day, tm.tm_mday);
        assert_int_equal(civil_weekday(days[i]), tm.tm_wday);
    }
}

static void digits_stop_at_the_end_of_a_text(void **state)
{
    (void)state;
    assert_int_equal(civil_digits("0427", 4), 427);
    assert_int_equal(civil_digits("04", 4), -1);
    assert_int_equal(civil_digits("-4", 2), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_four_centuries_goes_there_and_back),
        cmocka_unit_test(agrees_with_the_c_library_before_and_after_1970),
        cmocka_unit_test(digits_stop_at_the_end_of_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
