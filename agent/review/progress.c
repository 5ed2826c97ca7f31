/* agent/review/progress.c — how far, how fast, and when it will be done. Working days are Monday to Friday without holidays. */
#include "agent/review/review.h"
#include "base/civil.h"

enum { WINDOW_DAYS = 14, YEARS_AHEAD = 5 };

/* A day as text → its number; INT64_MIN for no day. */
static int64_t day_of(const char *text)
{
    int y = strlen(text) >= 10 ? civil_digits(text, 4) : -1;
    int m = y < 0 ? -1 : civil_digits(text + 5, 2), d = y < 0 ? -1 : civil_digits(text + 8, 2);
    return y < 0 || m < 1 || m > 12 || d < 1 || d > civil_month_days(y, m) ? INT64_MIN : civil_days(y, m, d);
}

static void day_text(int64_t day, char out[16])
{
    struct civil c = {0};
    civil_of(day, &c);
    snprintf(out, 16, "%04d-%02d-%02d", c.year % 10000, c.month % 100, c.day % 100);
}

static bool works(const json_t *review, int64_t day)
{
    int weekday = civil_weekday(day);
    json_t *row;
    size_t i;
    if (weekday == 0 || weekday == 6)
        return false;
    json_array_foreach (js_arr(review, "holidays"), i, row)
        if (day_of(js_str_or(row, "date", "")) == day)
            return false;
    return true;
}

/* Working days from `from` to `to`, both included. */
static int64_t working_days(const json_t *review, int64_t from, int64_t to)
{
    int64_t n = 0;
    for (int64_t day = from; day <= to; day++)
        n += works(review, day);
    return n;
}

static int64_t after(const json_t *review, int64_t day, int64_t n)
{
    int64_t last = day + YEARS_AHEAD * 366;
    while (n > 0 && day < last)
        n -= works(review, ++day);
    return n > 0 ? INT64_MIN : day;
}

static void set_tenths(json_t *o, const char *key, int64_t num, int64_t den)
{
    int64_t tenths = den > 0 ? (num * 10 + den / 2) / den : 0;
    js_set_strf(o, key, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

/* Decisions of the last two weeks over their working days, from the first decision on. */
static void set_pace(json_t *o, const json_t *review, const json_t *decisions, int64_t today, int64_t open)
{
    int64_t first = INT64_MAX, recent = 0, since = today - WINDOW_DAYS + 1;
    json_t *row;
    size_t i;
    char text[16];
    json_array_foreach (decisions, i, row) {
        int64_t day = day_of(js_str_or(row, "decided_on", ""));
        if (day == INT64_MIN || day > today)
            continue;
        first = day < first ? day : first;
        recent += day >= since;
    }
    int64_t begin = first > since ? first : since, days = working_days(review, begin, today);
    if (!recent)
        return;
    days = days > 0 ? days : 1;
    set_tenths(o, "pace", recent, days);
    int64_t finish = after(review, today, (open * days + recent - 1) / recent);
    if (finish != INT64_MIN) {
        day_text(finish, text);
        js_set_str(o, "finish", text);
    }
}

static void set_deadline(json_t *o, const json_t *review, int64_t today, int64_t open)
{
    int64_t deadline = day_of(js_str_or(review, "deadline", ""));
    const char *finish = js_str(o, "finish");
    if (deadline == INT64_MIN)
        return;
    int64_t left = working_days(review, today + 1, deadline);
    js_set_str(o, "deadline", js_str(review, "deadline"));
    js_set_int(o, "days_left", left);
    if (left > 0)
        set_tenths(o, "needed", open, left);
    js_set_bool(o, "late", open > 0 && (left <= 0 || (finish && day_of(finish) > deadline)));
}

static void set_reviewers(json_t *o, const json_t *review, const json_t *queue)
{
    json_t *list = json_array(), *who, *item;
    size_t i, k;
    json_array_foreach (js_arr(review, "reviewers"), i, who) {
        json_t *row = json_object();
        int64_t n = 0;
        json_array_foreach (queue, k, item)
            n += !strcmp(js_str_or(item, "state", ""), "open") &&
                 !strcmp(js_str_or(item, "reviewer", ""), json_string_value(who));
        js_set_str(row, "reviewer", json_string_value(who));
        js_set_int(row, "open", n);
        json_array_append_new(list, row);
    }
    js_set(o, "reviewers", list);
}

json_t *progress_of(const json_t *review, const json_t *queue, const json_t *decisions, int64_t today)
{
    static const char *const states[] = {"open", "decided", "written", "stuck"};
    json_t *o = json_object(), *item;
    int64_t n[4] = {0}, first = 0;
    size_t i;
    json_array_foreach (queue, i, item) {
        const char *state = js_str_or(item, "state", "");
        for (size_t k = 0; k < 4; k++)
            n[k] += !strcmp(state, states[k]);
        first += js_int(item, "uses", 0) > 0 && (!strcmp(state, "open") || !strcmp(state, "stuck"));
    }
    js_set_int(o, "total", (int64_t)json_array_size(queue));
    for (size_t k = 0; k < 4; k++)
        js_set_int(o, states[k], n[k]);
    js_set_int(o, "first", first);
    js_set(o, "pace", json_null());
    js_set(o, "finish", json_null());
    set_pace(o, review, decisions, today, n[0]);
    set_deadline(o, review, today, n[0]);
    set_reviewers(o, review, queue);
    return o;
}
