/* sandbox/period.c — adding periods to a time. */
#include "sandbox/period.h"

#include <string.h>
#include <time.h>

#include "base/civil.h"

enum { DAY = 86400, HOUR = 3600, MONTHS_MOST = 12000 };

static bool weekend(int64_t t)
{
    int day = civil_weekday(t / DAY);
    return day == 0 || day == 6;
}

static int64_t add_weekdays(int64_t t, int64_t n, int64_t step)
{
    int64_t by = n < 0 ? -step : step;
    for (int64_t left = n < 0 ? -n : n; left > 0;) {
        t += by;
        left -= !weekend(t);
    }
    return t;
}

static int64_t add_months(int64_t t, int64_t n)
{
    time_t in = (time_t)t;
    struct tm d;
    gmtime_r(&in, &d);
    int64_t months = (int64_t)(d.tm_year + 1900) * 12 + d.tm_mon + n;
    int year = (int)(months / 12), month = (int)(months % 12), most = civil_month_days(year, month + 1);
    d.tm_year = year - 1900;
    d.tm_mon = month;
    d.tm_mday = d.tm_mday > most ? most : d.tm_mday;
    return (int64_t)timegm(&d);
}

static const struct {
    const char *period;
    int64_t seconds; /* 0 = calendar months */
    int64_t months;
    bool weekdays;
} periods[] = {
    {"minutes", 60, 0, false},       {"hours", HOUR, 0, false},         {"days", DAY, 0, false},
    {"weeks", 7 * DAY, 0, false},    {"months", 0, 1, false},           {"years", 0, 12, false},
    {"business_days", DAY, 0, true}, {"business_hours", HOUR, 0, true}, {"b_days", DAY, 0, true},
};

bool period_add(int64_t t, const char *period, int64_t n, int64_t *out)
{
    n = n > MONTHS_MOST ? MONTHS_MOST : n < -MONTHS_MOST ? -MONTHS_MOST : n;
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        if (strcmp(period, periods[i].period) == 0) {
            *out = periods[i].months     ? add_months(t, n * periods[i].months)
                   : periods[i].weekdays ? add_weekdays(t, n, periods[i].seconds)
                                         : t + n * periods[i].seconds;
            return true;
        }
    }
    return false;
}
