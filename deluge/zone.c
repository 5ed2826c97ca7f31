#include "deluge/zone.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

int64_t civil_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_of(int64_t days, struct civil *c)
{
    int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (int)(yoe + era * 400 + (c->month <= 2));
}

int civil_month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

int civil_weekday(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7);
}

/* n digits as a number; -1 when one of them is none. */
static int digits(const char *s, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9')
            return -1;
        value = value * 10 + s[i] - '0';
    }
    return value;
}

static bool offset_of(const char *s, int *seconds)
{
    char sign = *s;
    if (*s == 'Z' && !s[1]) {
        *seconds = 0;
        return true;
    }
    if (sign != '+' && sign != '-')
        return false;
    int h = digits(s + 1, 2), m = h < 0 ? -1 : digits(s + (s[3] == ':' ? 4 : 3), 2);
    if (h < 0 || m < 0 || h > 23 || m > 59 || s[s[3] == ':' ? 6 : 5])
        return false;
    *seconds = (h * 3600 + m * 60) * (sign == '-' ? -1 : 1);
    return true;
}

bool zone_set(struct dv_zone *z, const char *name)
{
    memset(z, 0, sizeof *z);
    static const char *const utc[] = {"UTC", "GMT", "Etc/UTC"};
    for (size_t i = 0; i < sizeof utc / sizeof *utc; i++)
        if (!strcmp(name, utc[i]))
            return true;
    if (offset_of(!strncmp(name, "GMT", 3) ? name + 3 : name, &z->fixed))
        return true;
    if (strlen(name) >= sizeof z->name || !strchr(name, '/'))
        return false;
    snprintf(z->name, sizeof z->name, "%s", name);
    return true;
}

int zone_offset(const struct dv_zone *z, int64_t utc)
{
    if (!z || !*z->name)
        return z ? z->fixed : 0;
    char text[CLOCK_TEXT];
    struct civil c = {0};
    clock_local(utc, z->name, 1, text);
    char *at = text;
    int *const parts[] = {&c.year, &c.month, &c.day, &c.hour, &c.minute, &c.second};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *end;
        *parts[i] = (int)strtol(at, &end, 10);
        if (end == at || (i < 5 && !*end))
            return 0;
        at = end + 1;
    }
    if (c.month < 1 || c.month > 12)
        return 0;
    return (int)(civil_days(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second - utc);
}

struct civil zone_civil(const struct dv_zone *z, struct dv v)
{
    struct civil c = {0};
    int64_t local = v.kind == DV_DATE ? v.i * 86400 : v.kind == DV_TIME ? v.i : v.i + zone_offset(z, v.i);
    int64_t days = local / 86400, rest = local % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    civil_of(days, &c);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    return c;
}

int64_t zone_utc(const struct dv_zone *z, struct civil c)
{
    int64_t wall = civil_days(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
    int64_t guess = wall - zone_offset(z, wall);
    /* Around a change of the clock the first guess may have used the other offset. */
    return wall - zone_offset(z, guess);
}

int64_t zone_instant(const struct dv_zone *z, struct dv v)
{
    if (v.kind != DV_DATE)
        return v.i;
    struct civil c = {0};
    civil_of(v.i, &c);
    return zone_utc(z, c);
}

bool zone_in_range(const struct dv_zone *z, struct dv v)
{
    const int64_t least = civil_days(1, 1, 2), most = civil_days(9999, 12, 30);
    (void)z;
    int64_t days = v.kind == DV_DATE ? v.i : v.i / 86400;
    return days >= least && days <= most;
}
