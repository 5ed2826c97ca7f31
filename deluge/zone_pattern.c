/* deluge/zone_pattern.c — dates by pattern, printed and read. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "deluge/zone.h"

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

static void put_offset(struct sb *out, int east, char letter, int n)
{
    if (letter == 'X' && east == 0) {
        sb_addc(out, 'Z');
        return;
    }
    int size = east < 0 ? -east : east;
    const char *colon = letter == 'X' && n >= 3 ? ":" : "";
    sb_addf(out, "%c%02d", east < 0 ? '-' : '+', size / 3600);
    if (letter != 'X' || n > 1)
        sb_addf(out, "%s%02d", colon, size / 60 % 60);
}

static bool put_letter(struct sb *out, char letter, int n, struct dv v, const struct civil *c, const struct dv_zone *z)
{
    int64_t day = civil_days(c->year, c->month, c->day);
    switch (letter) {
    case 'y':
        if (n == 2)
            sb_addf(out, "%02d", c->year % 100);
        else
            sb_addf(out, "%0*d", n, c->year);
        return true;
    case 'M':
        if (n >= 4)
            sb_add(out, months[c->month - 1]);
        else if (n == 3)
            sb_addn(out, months[c->month - 1], 3);
        else
            sb_addf(out, "%0*d", n, c->month);
        return true;
    case 'E':
        sb_addn(out, days[civil_weekday(day)], n >= 4 ? strlen(days[civil_weekday(day)]) : 3);
        return true;
    case 'a':
        sb_add(out, c->hour < 12 ? "AM" : "PM");
        return true;
    case 'z':
        sb_add(out, z && *z->name ? z->name : "GMT");
        if (!z || !*z->name)
            put_offset(out, z ? z->fixed : 0, 'X', 3);
        return true;
    case 'Z':
    case 'X':
        put_offset(out, zone_offset(z, zone_instant(z, v)), letter, n);
        return true;
    default:
        break;
    }
    int value = letter == 'd'   ? c->day
                : letter == 'H' ? c->hour
                : letter == 'h' ? (c->hour + 11) % 12 + 1
                : letter == 'K' ? c->hour % 12
                : letter == 'k' ? (c->hour + 23) % 24 + 1
                : letter == 'm' ? c->minute
                : letter == 's' ? c->second
                : letter == 'S' ? 0
                : letter == 'D' ? (int)(day - civil_days(c->year, 1, 1)) + 1
                                : -1;
    if (value < 0)
        return false;
    sb_addf(out, "%0*d", n, value);
    return true;
}

bool zone_print(struct sb *out, struct dv v, const char *pattern, const struct dv_zone *z)
{
    struct civil c = zone_civil(z, v);
    if (!pattern)
        pattern = v.kind == DV_DATE ? "dd-MMM-yyyy" : v.kind == DV_TIME ? "HH:mm:ss" : "dd-MMM-yyyy HH:mm:ss";
    for (const char *p = pattern; *p;) {
        int n = 1;
        if (*p == '\'') {
            if (p[1] == '\'') {
                sb_addc(out, '\'');
                p += 2;
                continue;
            }
            for (p++; *p && *p != '\''; p++)
                sb_addc(out, *p);
            p += *p == '\'';
            continue;
        }
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))) {
            sb_addc(out, *p++);
            continue;
        }
        while (n < 9 && p[n] == *p)
            n++;
        /* A literal T between date and time is common outside quotes. */
        if (*p == 'T')
            sb_addc(out, 'T');
        else if (!put_letter(out, *p, n, v, &c, z))
            return false;
        p += n;
    }
    return true;
}

struct scan {
    const char *s;
    struct civil c;
    bool timed, pm, has_pm, has_offset;
    int east;
};

static bool take_number(struct scan *s, int least, int most, int *out)
{
    int n = 0;
    *out = 0;
    while (n < most && *s->s >= '0' && *s->s <= '9') {
        *out = *out * 10 + (*s->s++ - '0');
        n++;
    }
    return n >= least;
}

static bool take_name(struct scan *s, const char *const *names, int count, int *out)
{
    for (int i = 0; i < count; i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(s->s, names[i], 3) != 0)
            continue;
        s->s += !strncasecmp(s->s, names[i], n) ? n : 3;
        *out = i + 1;
        return true;
    }
    return false;
}

static bool take_offset(struct scan *s)
{
    struct dv_zone z;
    char text[8] = "";
    s->has_offset = true;
    if (*s->s == 'Z') {
        s->s++;
        return true;
    }
    for (size_t n = 6; n >= 5; n--)
        if (strnlen(s->s, n) == n) {
            memcpy(text, s->s, n);
            text[n] = '\0';
            if (zone_set(&z, text)) {
                s->east = z.fixed;
                s->s += n;
                return true;
            }
        }
    return false;
}

static bool take_letter(struct scan *s, char letter, int n)
{
    int value, digits = n > 1 ? n : 1;
    switch (letter) {
    case 'y':
        if (!take_number(s, n >= 4 ? 4 : 1, n >= 4 || n == 1 ? 4 : 2, &s->c.year))
            return false;
        if (n == 2)
            s->c.year += 2000;
        return true;
    case 'M':
        return n >= 3 ? take_name(s, months, 12, &s->c.month) : take_number(s, 1, 2, &s->c.month);
    case 'E':
        return take_name(s, days, 7, &value);
    case 'a':
        s->has_pm = true;
        s->pm = *s->s == 'P' || *s->s == 'p';
        if (strncasecmp(s->s, "am", 2) != 0 && strncasecmp(s->s, "pm", 2) != 0)
            return false;
        s->s += 2;
        return true;
    case 'X':
    case 'Z':
    case 'z':
        return take_offset(s);
    case 'S':
        return take_number(s, 1, 9, &value);
    case 'd':
        return take_number(s, 1, 2, &s->c.day);
    case 'H':
    case 'h':
    case 'k':
    case 'K':
        s->timed = true;
        return take_number(s, 1, digits > 2 ? digits : 2, &s->c.hour);
    case 'm':
        s->timed = true;
        return take_number(s, 1, 2, &s->c.minute);
    case 's':
        s->timed = true;
        return take_number(s, 1, 2, &s->c.second);
    default:
        return false;
    }
}

static bool finish(struct scan *s, const struct dv_zone *z, struct dv *out)
{
    struct civil *c = &s->c;
    if (s->has_pm)
        c->hour = c->hour % 12 + (s->pm ? 12 : 0);
    if (c->year < 1 || c->month < 1 || c->month > 12 || c->day < 1 || c->day > civil_month_days(c->year, c->month) ||
        c->hour > 23 || c->minute > 59 || c->second > 59)
        return false;
    if (!s->timed) {
        *out = dv_time(DV_DATE, civil_days(c->year, c->month, c->day));
        return true;
    }
    struct dv_zone fixed = {.fixed = s->east};
    *out = dv_time(DV_DATETIME, zone_utc(s->has_offset ? &fixed : z, *c));
    return true;
}

static bool read_by(const char *text, const char *pattern, const struct dv_zone *z, struct dv *out)
{
    struct scan s = {.s = text, .c = {.year = 1970, .month = 1, .day = 1}};
    for (const char *p = pattern; *p;) {
        int n = 1;
        bool letter = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z');
        if (*p == '\'') {
            for (p++; *p && *p != '\''; p++)
                if (*s.s++ != *p)
                    return false;
            p += *p == '\'';
            continue;
        }
        if (!letter || *p == 'T') {
            if (*s.s != *p)
                return false;
            s.s++;
            p++;
            continue;
        }
        while (n < 9 && p[n] == *p)
            n++;
        if (!take_letter(&s, *p, n))
            return false;
        p += n;
    }
    return !*s.s && finish(&s, z, out);
}

bool zone_read(const char *text, const char *pattern, const struct dv_zone *z, struct dv *out)
{
    static const char *const known[] = {
        "dd-MMM-yyyy",           "dd-MMM-yyyy HH:mm:ss", "dd-MMM-yyyy HH:mm",        "yyyy-MM-dd",
        "yyyy-MM-dd HH:mm:ss",   "yyyy-MM-dd HH:mm",     "yyyy-MM-dd'T'HH:mm:ssXXX", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
        "yyyy-MM-dd'T'HH:mm:ss", "MM/dd/yyyy",           "MM/dd/yyyy HH:mm:ss",      "dd.MM.yyyy",
        "dd.MM.yyyy HH:mm:ss",   "MMM dd, yyyy",         "MMM dd, yyyy HH:mm:ss",    "E, MMMM dd, yyyy",
    };
    if (pattern)
        return read_by(text, pattern, z, out);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (read_by(text, known[i], z, out))
            return true;
    return false;
}
