#include "deluge/zone.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

static bool offset_of(const char *s, int *seconds)
{
    char sign = *s;
    if (*s == 'Z' && !s[1]) {
        *seconds = 0;
        return true;
    }
    if (sign != '+' && sign != '-')
        return false;
    int h = civil_digits(s + 1, 2), m = h < 0 ? -1 : civil_digits(s + (s[3] == ':' ? 4 : 3), 2);
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
