#include "agent/doctor.h"

#include "base/text.h"

static const char *const level_name[] = {"ok", "warn", "fail"};
static const char *const level_paint[] = {"green", "yellow", "red"};

void doctor_row(struct doctor *d, enum doctor_level level, const char *area, const char *check, const char *found,
                const char *remedy, const char *ask)
{
    json_t *o = json_object();
    js_set_str(o, "level", level_name[level]);
    js_set_str(o, "area", area);
    js_set_str(o, "check", check);
    js_set_str(o, "found", found);
    js_set_str(o, "do", remedy);
    js_set_str(o, "ask", ask);
    json_array_append_new(d->checks, o);
    d->warn += level == DOCTOR_WARN;
    d->fail += level == DOCTOR_FAIL;
}

static size_t level_of(const json_t *row)
{
    const char *name = js_str_or(row, "level", "ok");
    return strcmp(name, "ok") == 0 ? 0 : strcmp(name, "warn") == 0 ? 1 : 2;
}

static void print_row(const struct doctor *d, const json_t *row)
{
    struct app *a = d->a;
    size_t level = level_of(row);
    AUTO_SB struct sb line = SB_INIT(8000);
    add_column(&line, js_str_or(row, "check", ""), 24);
    AUTO_FREE char *found = text_clean(js_str_or(row, "found", ""), false);
    sb_add(&line, found);
    app_print(a, "  %s%-4s%s  %s\n", app_paint(a, level_paint[level]), level_name[level], app_paint(a, NULL), line.buf);
    if (*js_str_or(row, "do", ""))
        app_print(a, "        do:  %s\n", js_str(row, "do"));
    if (*js_str_or(row, "ask", ""))
        app_print(a, "        ask: %s\n", js_str(row, "ask"));
}

void doctor_print(const struct doctor *d)
{
    struct app *a = d->a;
    const char *area = "";
    const json_t *row;
    size_t i;
    json_array_foreach (d->checks, i, row) {
        if (strcmp(area, js_str(row, "area")) != 0)
            app_print(a, "%s%s%s%s\n", *area ? "\n" : "", app_paint(a, "bold"), js_str(row, "area"),
                      app_paint(a, NULL));
        area = js_str(row, "area");
        print_row(d, row);
    }
    if (!d->fail && !d->warn)
        app_print(a, "\nzagent can do all of its work here.\n");
    else if (!d->fail)
        app_print(a, "\nzagent can do its work here; %zu thing%s to look at.\n", d->warn, d->warn == 1 ? "" : "s");
    else
        app_print(a, "\n%zu thing%s in the way, %zu to look at: what to do, and whom to ask, stands below each.\n",
                  d->fail, d->fail == 1 ? "" : "s", d->warn);
}

json_t *doctor_bundle(const json_t *checks)
{
    /* Who and where it is stays here; whether it works, and why not, is what support needs. */
    static const char *const personal[] = {"org (pinned)", "signed in as", "credential files", "state folder", "names"};
    json_t *out = json_deep_copy(checks);
    json_t *row;
    size_t i;
    json_array_foreach (out, i, row)
        for (size_t k = 0; k < sizeof personal / sizeof *personal; k++)
            if (strcmp(js_str_or(row, "check", ""), personal[k]) == 0)
                js_set_str(row, "found", level_of(row) == 0 ? "(left out)" : "(left out; see the level)");
    return out;
}
