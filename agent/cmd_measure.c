/* agent/cmd_measure.c — measure PLAYBOOK, status --experiment, report RUN. */
#include "agent/command_results.h"
#include "agent/draft.h"
#include "agent/experiment.h"
#include "agent/measure.h"
#include "agent/playbook_check.h"
#include "agent/report.h"

const struct opt measure_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"rows", 0, OPT_FLAG, NULL, "also the records that lack something, with what"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* "2.1 days of 14": a count and a sum need no second number. */
static char *shown(const json_t *row, const char *which)
{
    const json_t *v = js_obj(row, which);
    const char *value = js_str(v, "value"), *kind = js_str_or(row, "value", "count");
    if (!value)
        return mem_dup("–");
    if (!strcmp(kind, "count") || !strcmp(kind, "sum"))
        return mem_dup(value);
    const char *unit = !strcmp(kind, "share") ? " %" : "";
    return mem_printf("%s%s%s%s of %lld", value, unit, js_str(row, "unit") ? " " : "", js_str_or(row, "unit", ""),
                      (long long)js_int(v, "n", 0));
}

/* Who has gaps, and what could not be counted yet. */
static void print_by(struct app *a, const json_t *row)
{
    const json_t *one;
    size_t i;
    json_array_foreach (js_arr(row, "by"), i, one)
        if (js_int(one, "n", 0))
            app_print(a, "      %s: %lld of %lld\n", js_str_or(one, "name", ""), (long long)js_int(one, "n", 0),
                      (long long)js_int(one, "of", 0));
    AUTO_SB struct sb b = SB_INIT(8192);
    json_array_foreach (js_arr(row, "absent"), i, one)
        sb_addf(&b, "%s%s", i ? ", " : "", json_string_value(one));
    if (*b.buf)
        app_print(a, "      not there yet, so not counted: %s\n", b.buf);
}

static void print_row(struct app *a, const json_t *row, const char *zone)
{
    AUTO_FREE char *first = shown(row, "first");
    AUTO_FREE char *last = shown(row, "last");
    AUTO_SB struct sb b = SB_INIT(4096);
    char since[CLOCK_TEXT] = "";
    if (js_obj(row, "first"))
        clock_local(js_int(js_obj(row, "first"), "at", 0), zone, 0, since);
    add_column(&b, js_str_or(row, "title", ""), 52);
    add_column(&b, first, 18);
    add_column(&b, last, 18);
    add_column(&b, js_str_or(row, "change", ""), 8);
    app_print(a, "  %s%s\n", b.buf, js_str_or(row, "verdict", ""));
    if (js_str(row, "why"))
        app_print(a, "      no value now: %s\n", js_str(row, "why"));
    print_by(a, row);
    if (*since && !strcmp(js_str_or(js_obj(row, "first"), "phase", ""), "after"))
        app_print(a, "      first read on %s, after the playbook was applied: there is no earlier value\n", since);
}

static void print_gaps(struct app *a, const json_t *gaps)
{
    const char *id;
    json_t *rows, *row, *one;
    size_t i, k;
    json_object_foreach ((json_t *)(uintptr_t)gaps, id, rows) {
        app_print(a, "\n%s%s%s\n", app_paint(a, "bold"), id, app_paint(a, NULL));
        json_array_foreach (rows, i, row) {
            app_print(a, "  %s   %s   %s\n", js_str_or(row, "name", ""), js_str_or(row, "by", ""),
                      js_str_or(row, "id", ""));
            json_array_foreach (js_arr(row, "missing"), k, one)
                app_print(a, "      %s\n", json_string_value(one));
        }
    }
}

static void print_table(struct app *a, const struct session *s, const char *name, const json_t *rows)
{
    AUTO_SB struct sb head = SB_INIT(400);
    const json_t *row;
    size_t i;
    app_print(a, "Measures of %s   org %s\n\n", name, js_str_or(s->org->info, "name", s->org->name));
    add_column(&head, "measure", 52);
    add_column(&head, "first", 18);
    add_column(&head, "now", 18);
    add_column(&head, "change", 8);
    app_print(a, "  %s%sverdict%s\n", app_paint(a, "dim"), head.buf, app_paint(a, NULL));
    json_array_foreach (rows, i, row)
        print_row(a, row, js_str(s->org->info, "time_zone"));
}

int cmd_measure(struct app *a, struct err *e)
{
    struct session s;
    struct draft w = {0};
    char *name = a->args[0];
    AUTO_JSON json_t *measures = NULL, *gaps = json_object();
    int rc = session_open(&s, a, SESSION_READER | SESSION_LOCK, e);
    if (rc == 0)
        rc = draft_load(&w, a, s.st, s.org, &name, 1, e);
    if (rc == 0) {
        measures = playbook_measures(&w.pb[0], e);
        rc = measures ? 0 : -1;
    }
    if (rc == 0 && !json_array_size(measures)) {
        err_set(e, ERR_CONFIG, "%s names nothing to measure", name);
        err_at(e, "templates/%s/playbook.yaml", name);
        rc = err_fix(e, "write 'measures:' (docs/PLAYBOOKS.md, Measures)");
    }
    if (rc == 0)
        rc = measure_take(&s, name, measures, gaps, e);
    if (rc == 0) {
        AUTO_JSON json_t *readings = measure_readings(&s, name);
        json_t *rows = measure_rows(measures, readings);
        js_set_str(a->data, "playbook", name);
        js_set_int(a->data, "readings", (int64_t)json_array_size(readings));
        js_set_str(a->data, "phase", js_str_or(json_array_get(readings, json_array_size(readings) - 1), "phase", ""));
        js_set(a->data, "measures", rows);
        json_object_set(a->data, "rows", gaps);
        print_table(a, &s, name, rows);
        if (app_flag(a, "rows"))
            print_gaps(a, gaps);
    }
    draft_release(&w);
    session_close(&s);
    return rc;
}

int cmd_status_experiment(struct app *a, const char *id, struct err *e)
{
    struct session s;
    int rc = session_open(&s, a, SESSION_READER, e);
    AUTO_FREE char *text = rc == 0 ? experiment_result(&s, id, a->data, e) : NULL;
    if (text)
        app_print(a, "%s", text);
    session_close(&s);
    return text ? 0 : -1;
}

int cmd_report(struct app *a, struct err *e)
{
    struct session s;
    char *file = NULL;
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0)
        rc = report_write(&s, a->args[0], &file, e);
    if (rc == 0) {
        js_set_strf(a->data, "file", "%s/%s", a->project->out_name, file);
        app_print(a, "%s/%s\n", a->project->out_name, file);
    }
    free(file);
    session_close(&s);
    return rc;
}
