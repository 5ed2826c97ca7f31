#include "agent/measure.h"

#include <math.h>

#include "agent/measure_gaps.h"
#include "agent/playbook.h"

enum { READINGS_MAX = 500 };

/* ---- one value ---- */

static const struct {
    const char *unit;
    int64_t seconds;
} units[] = {{"minutes", 60}, {"hours", 3600}, {"days", 86400}};

static char *decimal(long double v)
{
    char text[64];
    snprintf(text, sizeof text, "%.2Lf", v);
    size_t n = strlen(text);
    while (n && text[n - 1] == '0')
        text[--n] = '\0';
    if (n && text[n - 1] == '.')
        text[--n] = '\0';
    return mem_dup(!strcmp(text, "-0") ? "0" : text);
}

static bool number_of(const json_t *v, long double *out)
{
    if (json_is_integer(v)) {
        *out = (long double)json_integer_value(v);
        return true;
    }
    const char *text = json_string_value(v);
    char *end = NULL;
    if (!text || !*text)
        return false;
    *out = strtold(text, &end);
    return !*end && isfinite(*out);
}

static bool span_of(const json_t *m, const json_t *row, int64_t now, long double *out)
{
    const char *unit = js_str_or(m, "unit", "days"), *to = js_str_or(m, "to", "");
    int64_t begin, end = now;
    if (!js_str(row, js_str_or(m, "from", "")) || clock_parse(js_str(row, js_str_or(m, "from", "")), &begin, NULL) < 0)
        return false;
    if (strcmp(to, "now") != 0 && (!js_str(row, to) || clock_parse(js_str(row, to), &end, NULL) < 0))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (!strcmp(units[i].unit, unit))
            *out = (long double)(end - begin) / (long double)units[i].seconds;
    return end >= begin; /* what ends before it begins is a wrong date, not a short time */
}

static int by_value(const void *a, const void *b)
{
    const long double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static long double made_of(const char *value, long double *v, size_t n)
{
    long double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i];
    if (!strcmp(value, "sum"))
        return sum;
    if (!strcmp(value, "average"))
        return sum / (long double)n;
    qsort(v, n, sizeof *v, by_value);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static json_t *result(const char *value, size_t n, const char *why)
{
    json_t *o = json_object();
    js_set_str(o, "value", value);
    js_set_int(o, "n", (int64_t)n);
    if (why)
        js_set_str(o, "why", why);
    return o;
}

/* Rows without the column, or with something that is no number, are not part of it: n says how many are. */
static json_t *of_columns(const json_t *m, const char *value, const json_t *rows, int64_t now)
{
    size_t n = 0, i;
    long double *v = mem_zalloc((json_array_size(rows) + 1) * sizeof *v);
    const json_t *row;
    json_array_foreach (rows, i, row) {
        bool ok = js_str(m, "from") ? span_of(m, row, now, &v[n])
                                    : number_of(json_object_get(row, js_str_or(m, "of", "")), &v[n]);
        n += ok;
    }
    bool none = !n && strcmp(value, "sum") != 0;
    AUTO_FREE char *text = none ? NULL : decimal(made_of(value, v, n));
    free(v);
    return result(text, n, none ? "there is no row to make it of" : NULL);
}

json_t *measure_value(const json_t *m, const json_t *rows, const json_t *whole, int64_t now)
{
    const char *value = js_str_or(m, "value", "count");
    size_t n = json_array_size(rows), all = json_array_size(whole);
    if (!strcmp(value, "share")) {
        AUTO_FREE char *text = all ? decimal(100 * (long double)n / (long double)all) : NULL;
        return result(text, all, all ? NULL : "there is no row to take a share of");
    }
    if (strcmp(value, "count") != 0)
        return of_columns(m, value, rows, now);
    AUTO_FREE char *text = mem_printf("%zu", n);
    return result(text, n, NULL);
}

/* ---- reading ---- */

static char *replaced(const char *text, const char *from, const char *to)
{
    char *out = mem_dup(text);
    for (char *at; (at = strstr(out, from));) {
        char *more = mem_printf("%.*s%s%s", (int)(at - out), out, to, at + strlen(from));
        free(out);
        out = more;
    }
    return out;
}

/* COQL wants an offset, not a Z (zoho-api.md 1.16; zoho.com/crm/developer/docs/api/v8/COQL-Overview). */
static char *windowed(const char *query, int64_t now, int64_t days)
{
    char since[CLOCK_TEXT], until[CLOCK_TEXT];
    clock_rfc3339(now - days * 86400, since);
    clock_rfc3339(now, until);
    AUTO_FREE char *from = mem_printf("%.19s+00:00", since);
    AUTO_FREE char *to = mem_printf("%.19s+00:00", until);
    AUTO_FREE char *half = replaced(query, "{{since}}", from);
    return replaced(half, "{{until}}", to);
}

/* Rows of one query; NULL with the reason in e when the org does not give them. New reference. */
static json_t *rows_of(struct session *s, const json_t *m, const char *query, int64_t now, struct err *e)
{
    struct strset names = {0};
    struct snapshot snap;
    AUTO_JSON json_t *queries = json_object();
    AUTO_FREE char *text = windowed(query, now, js_int(m, "window_days", 28));
    snapshot_init(&snap);
    strset_add(&names, "records/measure");
    js_set_str(queries, "records/measure", text);
    json_t *rows =
        crm_read(s->org->zoho, &names, queries, &snap, e) < 0 ? NULL : snapshot_get(&snap, "records/measure");
    const json_t *refused = snapshot_refused(&snap, "records/measure");
    json_incref(rows);
    if (!rows && e->kind == ERR_NONE)
        err_set(e, ERR_REMOTE, "the org refuses the query (%s)", js_str_or(refused, "code", "no reason given"));
    strset_release(&names);
    snapshot_release(&snap);
    return rows;
}

/* The fields of the module and the users of the org decide what can be asked and how it is told. */
static json_t *read_gaps(struct session *s, const json_t *m, int64_t now, struct err *why)
{
    struct strset names = {0};
    struct snapshot snap;
    AUTO_FREE char *module = gaps_module(js_str_or(m, "coql", "")), *list = mem_printf("fields/%s", module);
    json_t *out = NULL;
    snapshot_init(&snap);
    strset_add(&names, list);
    strset_add(&names, "users");
    if (crm_read(s->org->zoho, &names, NULL, &snap, why) == 0 && snapshot_get(&snap, list)) {
        AUTO_FREE char *query = gaps_query(js_str_or(m, "coql", ""), js_arr(m, "requires"), snapshot_get(&snap, list));
        AUTO_JSON json_t *rows = rows_of(s, m, query, now, why);
        out = rows ? gaps_value(m, rows, snapshot_get(&snap, list), snapshot_get(&snap, "users")) : NULL;
    } else if (why->kind == ERR_NONE) {
        err_set(why, ERR_REMOTE, "the fields of %s cannot be read", module);
    }
    strset_release(&names);
    snapshot_release(&snap);
    return out;
}

static json_t *read_one(struct session *s, const json_t *m, int64_t now, bool before)
{
    struct err why = {0};
    bool gaps = !strcmp(js_str_or(m, "value", ""), "incomplete");
    json_t *found = gaps ? read_gaps(s, m, now, &why) : NULL;
    if (found)
        return found;
    AUTO_JSON json_t *rows = gaps ? NULL : rows_of(s, m, js_str_or(m, "coql", ""), now, &why);
    AUTO_JSON json_t *whole = rows && js_str(m, "whole") ? rows_of(s, m, js_str(m, "whole"), now, &why) : NULL;
    if (!rows || (js_str(m, "whole") && !whole)) {
        AUTO_FREE char *text =
            mem_printf("%s%s", why.what, before ? " (its fields come with the playbook, perhaps)" : "");
        return result(NULL, 0, text);
    }
    return measure_value(m, rows, whole, now);
}

static char *key_of(const struct session *s, const char *playbook)
{
    return mem_printf("measure/%s/%s", s->org->zgid, playbook);
}

json_t *measure_readings(struct session *s, const char *playbook)
{
    AUTO_FREE char *key = key_of(s, playbook);
    json_t *kept = state_fact_get(s->st, key, NULL);
    if (json_is_array(kept))
        return kept;
    json_decref(kept);
    return json_array();
}

/* Before: no run has applied this playbook to this org. */
static bool applied(struct session *s, const char *playbook)
{
    AUTO_JSON json_t *runs = state_runs(s->st, NULL);
    const json_t *run;
    size_t i;
    json_array_foreach (runs, i, run) {
        const json_t *facts = js_obj(run, "facts");
        if (!strcmp(js_str_or(run, "command", ""), "apply") && !strcmp(js_str_or(facts, "zgid", ""), s->org->zgid) &&
            js_array_has(js_arr(facts, "playbooks"), playbook))
            return true;
    }
    return false;
}

/* The rows with gaps are for whoever asked just now; the numbers are kept. */
static void keep_rows(const char *id, json_t *value, json_t *gaps)
{
    if (gaps && json_object_get(value, "rows"))
        json_object_set(gaps, id, json_object_get(value, "rows"));
    json_object_del(value, "rows");
}

int measure_take(struct session *s, const char *playbook, const json_t *measures, json_t *gaps, struct err *e)
{
    int64_t now = s->app->clock.now_s(s->app->clock.ctx);
    AUTO_FREE char *key = key_of(s, playbook);
    AUTO_JSON json_t *readings = measure_readings(s, playbook);
    json_t *reading = json_object(), *values = json_object();
    const json_t *m;
    size_t i;
    js_set_int(reading, "at", now);
    bool before = !applied(s, playbook);
    js_set_str(reading, "phase", before ? "before" : "after");
    js_set(reading, "values", values);
    json_array_foreach (measures, i, m) {
        json_t *value = read_one(s, m, now, before);
        keep_rows(js_str_or(m, "id", ""), value, gaps);
        js_set(values, js_str_or(m, "id", ""), value);
    }
    json_array_append_new(readings, reading);
    /* The first ones are what everything is compared with; of the rest the newest count. */
    while (json_array_size(readings) > READINGS_MAX)
        json_array_remove(readings, READINGS_MAX / 2);
    return state_fact_put(s->st, key, readings, e);
}

void measure_before(struct session *s, const json_t *plan)
{
    const char *name;
    json_t *one;
    json_object_foreach (js_obj(plan, "rendered"), name, one) {
        const json_t *measures = js_arr(one, "measures");
        AUTO_JSON json_t *readings = measure_readings(s, name);
        struct err why = {0};
        if (!json_array_size(measures) || json_array_size(readings) || applied(s, name))
            continue;
        if (measure_take(s, name, measures, NULL, &why) < 0)
            app_warn(s->app, "the measures of %s could not be kept before the first change: %s", name, why.what);
    }
}

/* ---- compared ---- */

static json_t *reading_of(const json_t *reading, const char *id)
{
    const json_t *v = js_obj(js_obj(reading, "values"), id);
    if (!js_str(v, "value"))
        return NULL;
    json_t *o = json_copy((json_t *)(uintptr_t)v);
    js_set_int(o, "at", js_int(reading, "at", 0));
    js_set_str(o, "phase", js_str_or(reading, "phase", ""));
    return o;
}

static const char *verdict_of(const json_t *m, const json_t *first, const json_t *last, char **change)
{
    long double a, b;
    *change = NULL;
    if (!last)
        return "no value";
    if (!first || js_int(first, "at", 0) == js_int(last, "at", 0))
        return "one reading";
    if (!number_of(json_object_get(first, "value"), &a) || !number_of(json_object_get(last, "value"), &b))
        return "no value";
    AUTO_FREE char *by = decimal(b - a);
    *change = mem_printf("%s%s", b > a ? "+" : "", by);
    bool lower = !strcmp(js_str_or(m, "better", "lower"), "lower");
    return b < a ? (lower ? "better" : "worse") : b > a ? (lower ? "worse" : "better") : "same";
}

static json_t *row_of(const json_t *m, const json_t *readings)
{
    static const char *const copied[] = {"id", "title", "unit", "better", "target", "expected", "value"};
    const char *id = js_str_or(m, "id", "");
    json_t *row = json_object(), *first = NULL, *last = NULL;
    size_t n = json_array_size(readings);
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        if (json_object_get(m, copied[i]))
            json_object_set(row, copied[i], json_object_get(m, copied[i]));
    for (size_t i = 0; i < n && !first; i++)
        first = reading_of(json_array_get(readings, i), id);
    last = n ? reading_of(json_array_get(readings, n - 1), id) : NULL;
    const json_t *latest = n ? js_obj(js_obj(json_array_get(readings, n - 1), "values"), id) : NULL;
    char *change;
    js_set_str(row, "verdict", verdict_of(m, first, last, &change));
    js_set_str(row, "change", change);
    js_set_str(row, "why", js_str(latest, "why"));
    if (js_arr(latest, "by"))
        json_object_set(row, "by", js_arr(latest, "by"));
    if (json_array_size(js_arr(latest, "absent")))
        json_object_set(row, "absent", js_arr(latest, "absent"));
    js_set(row, "first", first ? first : json_null());
    js_set(row, "last", last ? last : json_null());
    free(change);
    return row;
}

json_t *measure_rows(const json_t *measures, const json_t *readings)
{
    json_t *out = json_array();
    const json_t *m;
    size_t i;
    json_array_foreach (measures, i, m)
        json_array_append_new(out, row_of(m, readings));
    return out;
}
