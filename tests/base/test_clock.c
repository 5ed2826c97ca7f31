#include "tests/test.h"

#include "base/clock.h"

static const int64_t march = 1772355600; /* 2026-03-01T09:00:00Z */

static void writes_utc_and_zones(void **state)
{
    (void)state;
    char out[CLOCK_TEXT];
    clock_rfc3339(march, out);
    assert_string_equal(out, "2026-03-01T09:00:00Z");
    static const struct {
        int64_t t;
        const char *zone, *text;
    } rows[] = {
        {1772355600, "Europe/Madrid", "2026-03-01 10:00:00"},
        {1782900000, "Europe/Madrid", "2026-07-01 12:00:00"}, /* summer time */
        {1774745999, "Europe/Madrid", "2026-03-29 01:59:59"}, /* the second before it begins */
        {1774746000, "Europe/Madrid", "2026-03-29 03:00:00"},
        {1772355600, "Asia/Kolkata", "2026-03-01 14:30:00"},
        {1772355600, "America/New_York", "2026-03-01 04:00:00"},
        {-1, "UTC", "1969-12-31 23:59:59"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clock_local(rows[i].t, rows[i].zone, 1, out);
        assert_string_equal(out, rows[i].text);
    }
    clock_local(march, "Europe/Madrid", 0, out);
    assert_string_equal(out, "2026-03-01 10:00");
}

static void what_is_no_zone_is_utc(void **state)
{
    (void)state;
    static const char *const zones[] = {NULL,           "",
                                        "Solar/Moon",   "../../../etc/passwd",
                                        "/etc/passwd",  ":Europe/Madrid",
                                        "EVIL5EVILDST", "Europe/Madrid\n"};
    char out[CLOCK_TEXT];
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        clock_local(march, zones[i], 0, out);
        assert_string_equal(out, "2026-03-01 09:00");
    }
}

static void leaves_the_zone_of_the_process_alone(void **state)
{
    (void)state;
    char out[CLOCK_TEXT];
    setenv("TZ", "Asia/Tokyo", 1);
    clock_local(march, "Europe/Madrid", 0, out);
    assert_string_equal(getenv("TZ"), "Asia/Tokyo");
    unsetenv("TZ");
    clock_local(march, "Europe/Madrid", 0, out);
    assert_null(getenv("TZ"));
}

static void years_past_any_calendar_are_shown_as_such(void **state)
{
    (void)state;
    char out[CLOCK_TEXT];
    clock_rfc3339(INT64_MAX, out);
    assert_string_equal(out, "?");
    clock_local(INT64_MIN, "Europe/Madrid", 1, out);
    assert_string_equal(out, "?");
}

static void reads_what_it_writes_and_offsets(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t t;
    } rows[] = {
        {"2026-03-01T09:00:00Z", 1772355600},
        {"2026-03-01T10:00:00+01:00", 1772355600},
        {"2026-03-01T04:00:00.123-0500", 1772355600},
        {"2026-03-01", 1772323200},
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31 23:59:59Z", -1},
        {"2024-02-29", 1709164800},
        {"0001-01-01T00:00:00Z", -62135596800},
        {"9999-12-31T23:59:59Z", 253402300799},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t t = 7;
        struct err e = {0};
        assert_int_equal(clock_parse(rows[i].text, &t, &e), 0);
        assert_int_equal(t, rows[i].t);
    }
    /* Every 13th hour over sixty years goes there and back. */
    for (int64_t t = -946771200; t < 946771200; t += 46801) {
        char out[CLOCK_TEXT];
        int64_t back = 0;
        clock_rfc3339(t, out);
        assert_int_equal(clock_parse(out, &back, NULL), 0);
        assert_int_equal(t, back);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2026",
                                      "2026-13-01",
                                      "2026-02-29",
                                      "2100-02-29",
                                      "2026-00-10",
                                      "2026-1-1",
                                      "2026-03-01T",
                                      "2026-03-01T09:00",
                                      "2026-03-01T09:00:00",
                                      "2026-03-01T24:00:00Z",
                                      "2026-03-01T09:00:00.Z",
                                      "2026-03-01T09:00:00+1:00",
                                      "2026-03-01T09:00:00Zx",
                                      "2026-03-01x",
                                      "01/03/2026",
                                      "-026-03-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int64_t t;
        struct err e = {0};
        assert_int_equal(clock_parse(bad[i], &t, &e), -1);
        assert_int_equal(e.kind, ERR_PARSE);
        assert_true(e.fix[0] != '\0');
    }
}

static void stands_still_at_source_date_epoch(void **state)
{
    (void)state;
    struct clock c = clock_system();
    setenv("SOURCE_DATE_EPOCH", "1772355600", 1);
    assert_int_equal(c.now_s(c.ctx), march);
    setenv("SOURCE_DATE_EPOCH", "soon", 1);
    assert_true(c.now_s(c.ctx) > march - 100000000);
    assert_true(c.now_s(c.ctx) != march);
    unsetenv("SOURCE_DATE_EPOCH");
    int64_t before = c.mono_ms(c.ctx);
    c.sleep_ms(c.ctx, 0);
    c.sleep_ms(c.ctx, 2);
    assert_true(c.mono_ms(c.ctx) >= before + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_utc_and_zones),
        cmocka_unit_test(what_is_no_zone_is_utc),
        cmocka_unit_test(leaves_the_zone_of_the_process_alone),
        cmocka_unit_test(years_past_any_calendar_are_shown_as_such),
        cmocka_unit_test(reads_what_it_writes_and_offsets),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(stands_still_at_source_date_epoch),
    };
    return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
