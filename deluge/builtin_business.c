/* deluge/builtin_business.c — working days and hours. help/functions/datetime/{workday,add-business-hour,nextweekday} */
#include <string.h>
#include <strings.h>

#include "deluge/builtin_time.h"

enum { MAX_DAYS = 100000, DAY_S = 86400 };

/* What is no working day: Saturday and Sunday, unless the script says something else. */
struct calendar {
    bool weekend[7];
    struct dv holidays; /* list of dates or of texts that read as dates, or null */
};

bool dg_weekday(struct dg_frame *f, struct dv name, int *day)
{
    static const char *const names[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
    for (int i = 0; i < 7; i++)
        if (name.kind == DV_TEXT && !strcasecmp(name.t.s, names[i])) {
            *day = i;
            return true;
        }
    return dg_fail(f, "'%.20s' is no day of the week: write \"Monday\"", dg_text(f, name).t.s);
}

static bool list_of(struct dg_frame *f, const struct dg_call *c, size_t i, struct dv *out)
{
    *out = i < c->n ? c->arg[i] : dv_null();
    return out->kind == DV_NULL || dv_is_list(*out)
               ? true
               : dg_fail(f, "Incompatible types for function at argument index %zu Required: [LIST] Found: %s", i,
                         dv_type(*out));
}

/* Arguments 2 and 3: weekends and holidays. */
static bool calendar_of(struct dg_frame *f, const struct dg_call *c, struct calendar *k)
{
    struct dv weekends, day;
    *k = (struct calendar){.weekend = {[0] = true, [6] = true}};
    if (!list_of(f, c, 2, &weekends) || !list_of(f, c, 3, &k->holidays))
        return false;
    if (weekends.kind != DV_NULL)
        memset(k->weekend, 0, sizeof k->weekend);
    for (size_t i = 0; weekends.kind != DV_NULL && i < weekends.box->n; i++) {
        int which;
        if (!dg_weekday(f, weekends.box->item[i], &which))
            return false;
        k->weekend[which] = true;
    }
    for (size_t i = 0; k->holidays.kind != DV_NULL && i < k->holidays.box->n; i++)
        if (!dg_to_time(f, k->holidays.box->item[i], &day))
            return false;
    return true;
}

static bool works(struct dg_frame *f, const struct calendar *k, int64_t day)
{
    struct dv v;
    if (k->weekend[civil_weekday(day)])
        return false;
    for (size_t i = 0; k->holidays.kind != DV_NULL && i < k->holidays.box->n; i++)
        if (dg_to_time(f, k->holidays.box->item[i], &v) && dg_time_day(f, v) == day)
            return false;
    return true;
}

static bool too_far(struct dg_frame *f)
{
    return dg_fail(f, "UnParsable date: no working day within %d days", MAX_DAYS);
}

/* n working days on, backwards when negative. */
static bool step_days(struct dg_frame *f, const struct calendar *k, struct dv v, int64_t n, struct dv *out)
{
    int64_t step = n < 0 ? -1 : 1, day = dg_time_day(f, v), to = day;
    for (int64_t i = 0; n; i++) {
        if (i == MAX_DAYS)
            return too_far(f);
        to += step;
        n -= works(f, k, to) ? step : 0;
    }
    return dg_time_add_days(f, v, to - day, out);
}

static bool business_day(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct calendar k;
    int64_t n;
    if (!dg_to_int(f, c->arg[1], &n) || !calendar_of(f, c, &k))
        return false;
    if (n > MAX_DAYS || n < -MAX_DAYS)
        return too_far(f);
    return step_days(f, &k, c->arg[0], *c->name == 's' ? -n : n, out);
}

/* The time of day is dropped; a negative number gives the date as it is. */
static bool workday(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct calendar k;
    int64_t n;
    if (!dg_to_int(f, c->arg[1], &n) || !calendar_of(f, c, &k))
        return false;
    if (n > MAX_DAYS)
        return too_far(f);
    return step_days(f, &k, dv_time(DV_DATE, dg_time_day(f, c->arg[0])), n < 0 ? 0 : n, out);
}

/* The digits after the point are minutes: 0.1 is one minute, as the page says. */
static bool seconds_of(struct dg_frame *f, struct dv v, int64_t *seconds)
{
    struct dv n = {0};
    char text[DEC_TEXT];
    int64_t hours;
    if (!dg_to_number(f, v, &n) || !dg_to_int(f, n, &hours))
        return false;
    if (hours > MAX_DAYS || hours < -MAX_DAYS)
        return too_far(f);
    dec_print(dv_decimal(n), text);
    const char *point = strchr(text, '.');
    int64_t minutes = point ? strtoll(point + 1, NULL, 10) : 0;
    if (point && (strlen(point + 1) > 2 || minutes > 59))
        return dg_fail(f, "%s is no number of hours: the digits after the point are minutes, at most 59", text);
    *seconds = hours * 3600 + (*text == '-' ? -minutes : minutes) * 60;
    return true;
}

/* {"start":9,"end":17}, in seconds of the day. */
static bool hours_of(struct dg_frame *f, const struct dg_call *c, int64_t *start, int64_t *end)
{
    int64_t from = 9, to = 17;
    if (c->n == 5 && !dv_is_map(c->arg[4]))
        return dg_fail(f, "Incompatible types for function at argument index 4 Required: [KEY-VALUE] Found: %s",
                       dv_type(c->arg[4]));
    struct dv a = c->n == 5 ? dv_get(c->arg[4], "start") : dv_null(), b = c->n == 5 ? dv_get(c->arg[4], "end") : a;
    if ((a.kind != DV_NULL && !dg_to_int(f, a, &from)) || (b.kind != DV_NULL && !dg_to_int(f, b, &to)))
        return false;
    if (from < 0 || to > 24 || from >= to)
        return dg_fail(f, "the business hours must begin before they end, between 0 and 24");
    *start = from * 3600;
    *end = to * 3600;
    return true;
}

/* On the wall clock: day and second of the day move, working time is used up. */
static bool business_hour(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct calendar k;
    int64_t left = 0, start = 0, end = 0;
    if (!seconds_of(f, c->arg[1], &left) || !calendar_of(f, c, &k) || !hours_of(f, c, &start, &end))
        return false;
    bool back = left < 0;
    struct civil now = zone_civil(&f->run->zone, c->arg[0]);
    int64_t day = dg_time_day(f, c->arg[0]), at = now.hour * 3600 + now.minute * 60 + now.second;
    left = back ? -left : left;
    for (int64_t i = 0;; i++) {
        if (i == MAX_DAYS)
            return too_far(f);
        at = at < start ? start : at > end ? end : at;
        int64_t free_s = works(f, &k, day) ? (back ? at - start : end - at) : 0;
        if (free_s >= left && works(f, &k, day))
            break;
        left -= free_s;
        day += back ? -1 : 1;
        at = back ? end : start;
    }
    at += back ? -left : left;
    struct civil to = zone_civil(NULL, dv_time(DV_DATE, day));
    to.hour = (int)(at / 3600);
    to.minute = (int)(at / 60 % 60);
    to.second = (int)(at % 60);
    return dg_time_checked(f, dv_time(DV_DATETIME, zone_utc(&f->run->zone, to)), out);
}

/* The next or last date that falls on that day of the week, never the date itself. */
static bool weekday_near(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int want;
    int64_t day = dg_time_day(f, c->arg[0]), step = *c->name == 'n' ? 1 : -1;
    if (!dg_weekday(f, c->arg[1], &want))
        return false;
    do
        day += step;
    while (civil_weekday(day) != want);
    return dg_time_checked(f, dv_time(DV_DATE, day), out);
}

const struct dg_builtin dg_business_rows[] = {
    {"addbusinessday", ON_TIME, 2, 4, business_day},
    {"subbusinessday", ON_TIME, 2, 4, business_day},
    {"addbusinesshour", ON_TIME, 2, 5, business_hour},
    {"workday", ON_TIME, 2, 4, workday},
    {"nextweekday", ON_TIME, 2, 2, weekday_near},
    {"previousweekday", ON_TIME, 2, 2, weekday_near},
    {NULL, 0, 0, 0, NULL},
};
