/* deluge/builtin_time.c — functions of dates. help/functions/date-time. Outside Creator a text that reads as a date will do. */
#include "deluge/builtin_time.h"

#include <string.h>

static const struct dv_zone *zone(const struct dg_frame *f)
{
    return &f->run->zone;
}

static struct dv at(const struct dg_frame *f, enum dv_kind kind, struct civil c)
{
    if (kind == DV_DATE)
        return dv_time(DV_DATE, civil_days(c.year, c.month, c.day));
    return dv_time(DV_DATETIME, zone_utc(zone(f), c));
}

bool dg_time_checked(struct dg_frame *f, struct dv v, struct dv *out)
{
    *out = v;
    return zone_in_range(zone(f), v) ? true : dg_fail(f, "UnParsable date: it lies outside the years 1 to 9999");
}

int64_t dg_time_day(const struct dg_frame *f, struct dv v)
{
    struct civil c = zone_civil(zone(f), v);
    return civil_days(c.year, c.month, c.day);
}

/* By whole months; the day is cut to the month's last (31 January + 1 month = 28 February). */
static bool add_months(struct dg_frame *f, struct dv v, int64_t n, struct dv *out)
{
    struct civil c = zone_civil(zone(f), v);
    if (n > 120000 || n < -120000)
        return dg_fail(f, "UnParsable date: it lies outside the years 1 to 9999");
    int64_t month = (int64_t)c.year * 12 + c.month - 1 + n;
    c.year = (int)(month / 12);
    c.month = (int)(month % 12) + 1;
    if (c.year < 1 || c.year > 9999 || month < 12)
        return dg_fail(f, "UnParsable date: it lies outside the years 1 to 9999");
    int last = civil_month_days(c.year, c.month);
    c.day = c.day > last ? last : c.day;
    return dg_time_checked(f, at(f, v.kind, c), out);
}

bool dg_time_add_days(struct dg_frame *f, struct dv v, int64_t n, struct dv *out)
{
    if (n > 4000000 || n < -4000000)
        return dg_fail(f, "UnParsable date: it lies outside the years 1 to 9999");
    if (v.kind == DV_DATE)
        return dg_time_checked(f, dv_time(DV_DATE, v.i + n), out);
    struct civil c = zone_civil(zone(f), v);
    struct dv day = dv_time(DV_DATE, civil_days(c.year, c.month, c.day) + n), ignored;
    if (!dg_time_checked(f, day, &ignored))
        return false;
    struct civil d = zone_civil(NULL, day);
    c.year = d.year;
    c.month = d.month;
    c.day = d.day;
    return dg_time_checked(f, at(f, DV_DATETIME, c), out);
}

static bool shift(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n;
    struct dv v = c->arg[0];
    const char *unit = c->name + 3;
    if (!dg_to_int(f, c->arg[1], &n) || n > INT32_MAX || n < -INT32_MAX)
        return dg_fail(f, "UnParsable date: it lies outside the years 1 to 9999");
    n = c->name[0] == 's' ? -n : n;
    if (!strncmp(unit, "day", 3))
        return dg_time_add_days(f, v, n, out);
    if (!strncmp(unit, "week", 4))
        return dg_time_add_days(f, v, n * 7, out);
    if (!strncmp(unit, "month", 5))
        return add_months(f, v, n, out);
    if (!strncmp(unit, "year", 4))
        return add_months(f, v, n * 12, out);
    int64_t seconds = n * (!strncmp(unit, "hour", 4) ? 3600 : !strncmp(unit, "minute", 6) ? 60 : 1);
    return dg_time_checked(f, dv_time(DV_DATETIME, zone_instant(zone(f), v) + seconds), out);
}

static bool edate(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n;
    return dg_to_int(f, c->arg[1], &n) && add_months(f, c->arg[0], n, out);
}

static bool eomonth(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n = 0;
    if ((c->n == 2 && !dg_to_int(f, c->arg[1], &n)) || !add_months(f, c->arg[0], n, out))
        return false;
    struct civil d = zone_civil(zone(f), *out);
    d.day = civil_month_days(d.year, d.month);
    *out = dv_time(DV_DATE, civil_days(d.year, d.month, d.day));
    return true;
}

static bool component(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct civil d = zone_civil(zone(f), c->arg[0]);
    int64_t day = civil_days(d.year, d.month, d.day);
    const char *name = c->name + (strncmp(c->name, "get", 3) ? 0 : 3);
    int64_t of_year = day - civil_days(d.year, 1, 1) + 1, first = civil_weekday(civil_days(d.year, 1, 1));
    int start = 0;
    if (c->n == 2 && !dg_weekday(f, c->arg[1], &start))
        return false;
    first = (first - start + 7) % 7;
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"day", d.day},
                {"month", d.month},
                {"year", d.year},
                {"hour", d.hour},
                {"minute", d.minute},
                {"minutes", d.minute},
                {"second", d.second},
                {"seconds", d.second},
                {"weekday", civil_weekday(day) + 1},
                {"dayofweek", civil_weekday(day) + 1},
                {"dayofyear", of_year},
                {"weekofyear", (of_year + first - 1) / 7 + 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(name, rows[i].name)) {
            *out = dv_int(rows[i].value);
            return true;
        }
    return dg_fail(f, "Not able to find '%s' function", c->name);
}

/* Whole months by the calendar, from x to y. */
static int64_t calendar_months(struct civil x, struct civil y)
{
    int64_t months = (int64_t)(y.year - x.year) * 12 + y.month - x.month;
    if (months > 0 && y.day < x.day)
        return months - 1;
    return months < 0 && y.day > x.day ? months + 1 : months;
}

/* monthsBetween counts months of 30 days, yearsBetween years of 365; …Diff and total… go by the calendar (help/functions/
 * datetime/monthsbetween, yearsbetween, monthsdiff, yearsdiff, totalyear). */
static bool between(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv a = c->arg[0], b;
    if (!dg_to_time(f, c->arg[1], &b))
        return false;
    int64_t seconds = zone_instant(zone(f), b) - zone_instant(zone(f), a);
    int64_t days = dg_time_day(f, b) - dg_time_day(f, a);
    int64_t months = calendar_months(zone_civil(zone(f), a), zone_civil(zone(f), b));
    const struct {
        const char *name;
        int64_t value;
    } rows[] = {{"hoursbetween", seconds / 3600}, {"daysbetween", days},        {"daybetween", days},
                {"monthsbetween", days / 30},     {"yearsbetween", days / 365}, {"monthsdiff", months},
                {"totalmonth", months},           {"yearsdiff", months / 12},   {"totalyear", months / 12},
                {"totalyears", months / 12}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(c->name, rows[i].name))
            *out = dv_int(rows[i].value);
    return true;
}

/* A year of twelve months of 30 days, US method. */
static bool days360(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv b = {0};
    if (!dg_to_time(f, c->arg[1], &b))
        return false;
    struct civil x = zone_civil(zone(f), c->arg[0]), y = zone_civil(zone(f), b);
    int from = x.day == 31 ? 30 : x.day, to = y.day == 31 && from == 30 ? 30 : y.day;
    *out = dv_int((y.year - x.year) * 360 + (y.month - x.month) * 30 + to - from);
    return true;
}

/* Midnight of the first day; a week begins on Sunday. A DATE-TIME stays one. */
static bool start_of(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct civil d = zone_civil(zone(f), c->arg[0]);
    int64_t day = civil_days(d.year, d.month, d.day);
    struct civil first =
        zone_civil(NULL, dv_time(DV_DATE, day - (strstr(c->name, "month") ? d.day - 1 : civil_weekday(day))));
    return dg_time_checked(f, at(f, c->arg[0].kind, first), out);
}

static bool epoch(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_int(zone_instant(zone(f), c->arg[0]) * 1000);
    return true;
}

static bool now(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool known;
    return dg_system_variable(f, *c->name == 'n' ? "zoho.currenttime" : "zoho.currentdate", out, &known);
}

/* toDate drops the time of day, toTime and toDateTime give midnight to a bare date. */
static bool to_time(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv v = c->arg[0];
    struct dv_zone in = *zone(f);
    if (c->n == 3 && (c->arg[2].kind != DV_TEXT || !zone_set(&in, c->arg[2].t.s)))
        return dg_fail(f, "the time zone %.60s is not known", dg_text(f, c->arg[2]).t.s);
    if (c->n >= 2 && v.kind == DV_TEXT) {
        if (c->arg[1].kind != DV_TEXT || !zone_read(v.t.s, c->arg[1].t.s, &in, &v))
            return dg_fail(f, "UnParsable date: \"%.60s\"", v.t.s);
    } else if (!dg_to_time(f, v, &v)) {
        return false;
    }
    struct civil d = zone_civil(zone(f), v);
    if (!strcmp(c->name, "todate"))
        *out = dv_time(DV_DATE, civil_days(d.year, d.month, d.day));
    else
        *out = dv_time(DV_DATETIME, zone_instant(zone(f), v));
    return true;
}

static bool to_date_time_string(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(1000);
    struct dv_zone in = *zone(f);
    struct dv v = {0};
    if (!dg_to_time(f, c->arg[0], &v))
        return false;
    if (c->n == 3 && (c->arg[2].kind != DV_TEXT || !zone_set(&in, c->arg[2].t.s)))
        return dg_fail(f, "the time zone %.60s is not known", dg_text(f, c->arg[2]).t.s);
    if (c->n >= 2 && c->arg[1].kind != DV_TEXT)
        return dg_fail(f, "Incompatible types for function at argument index 1 Required: [TEXT] Found: %s",
                       dv_type(c->arg[1]));
    if (!zone_print(&b, dv_time(DV_DATETIME, zone_instant(zone(f), v)), c->n >= 2 ? c->arg[1].t.s : NULL, &in))
        return dg_fail(f, "\"%.60s\" is no date pattern", c->arg[1].t.s);
    *out = dg_take(f, &b);
    return true;
}

const struct dg_builtin dg_time_rows[] = {
    {"addday", ON_TIME, 2, 2, shift},
    {"addweek", ON_TIME, 2, 2, shift},
    {"addmonth", ON_TIME, 2, 2, shift},
    {"addyear", ON_TIME, 2, 2, shift},
    {"addhour", ON_TIME, 2, 2, shift},
    {"addminutes", ON_TIME, 2, 2, shift},
    {"addseconds", ON_TIME, 2, 2, shift},
    {"subday", ON_TIME, 2, 2, shift},
    {"subweek", ON_TIME, 2, 2, shift},
    {"submonth", ON_TIME, 2, 2, shift},
    {"subyear", ON_TIME, 2, 2, shift},
    {"subhour", ON_TIME, 2, 2, shift},
    {"subminutes", ON_TIME, 2, 2, shift},
    {"subseconds", ON_TIME, 2, 2, shift},
    {"getday", ON_TIME, 1, 1, component},
    {"getmonth", ON_TIME, 1, 1, component},
    {"getyear", ON_TIME, 1, 1, component},
    {"gethour", ON_TIME, 1, 1, component},
    {"getminutes", ON_TIME, 1, 1, component},
    {"getseconds", ON_TIME, 1, 1, component},
    {"getdayofweek", ON_TIME, 1, 1, component},
    {"getdayofyear", ON_TIME, 1, 1, component},
    {"getweekofyear", ON_TIME, 1, 2, component},
    {"day", ON_TIME, 1, 1, component},
    {"month", ON_TIME, 1, 1, component},
    {"year", ON_TIME, 1, 1, component},
    {"hour", ON_TIME, 1, 1, component},
    {"minute", ON_TIME, 1, 1, component},
    {"minutes", ON_TIME, 1, 1, component},
    {"second", ON_TIME, 1, 1, component},
    {"seconds", ON_TIME, 1, 1, component},
    {"weekday", ON_TIME, 1, 1, component},
    {"daysbetween", ON_TIME, 2, 2, between},
    {"daybetween", ON_TIME, 2, 2, between},
    {"hoursbetween", ON_TIME, 2, 2, between},
    {"monthsbetween", ON_TIME, 2, 2, between},
    {"yearsbetween", ON_TIME, 2, 2, between},
    {"monthsdiff", ON_TIME, 2, 2, between},
    {"yearsdiff", ON_TIME, 2, 2, between},
    {"totalmonth", ON_TIME, 2, 2, between},
    {"totalyears", ON_TIME, 2, 2, between},
    {"totalyear", ON_TIME, 2, 2, between},
    {"days360", ON_TIME, 2, 2, days360},
    {"edate", ON_TIME, 2, 2, edate},
    {"eomonth", ON_TIME, 1, 2, eomonth},
    {"tostartofmonth", ON_TIME, 1, 1, start_of},
    {"tostartofweek", ON_TIME, 1, 1, start_of},
    {"unixepoch", ON_TIME, 1, 1, epoch},
    {"now", ON_NOTHING, 0, 0, now},
    {"today", ON_NOTHING, 0, 0, now},
    {"todate", ON_TIME | ON_TEXT | ON_NUMBER, 1, 2, to_time},
    {"totime", ON_TIME | ON_TEXT | ON_NUMBER, 1, 3, to_time},
    {"todatetime", ON_TIME | ON_TEXT | ON_NUMBER, 1, 3, to_time},
    {"todatetimestring", ON_TIME | ON_TEXT | ON_NUMBER, 1, 3, to_date_time_string},
    {NULL, 0, 0, 0, NULL},
};
