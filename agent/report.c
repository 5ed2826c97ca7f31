#include "agent/report.h"

#include "agent/artifacts.h"
#include "agent/measure.h"
#include "agent/plans.h"
#include "base/yaml.h"
#include "plan/plan.h"
#include "render/render.h"

enum { WORDING_MAX = 1 << 20, CHANGES_SHOWN = 6 };

struct report {
    struct session *s;
    const json_t *run, *plan, *known, *strings;
    json_t *data;
    const char *zone;
};

static void set_time(json_t *o, const char *key, int64_t at, const char *zone)
{
    char text[CLOCK_TEXT];
    clock_local(at, zone, 0, text);
    js_set_str(o, key, at > 0 ? text : NULL);
}

static const char *kind_words(const struct report *r, const char *kind)
{
    return js_str_or(js_obj(js_obj(r->strings, "kinds"), kind), "title", kind);
}

static bool settled(const char *outcome)
{
    return !strcmp(outcome, step_outcome_name(STEP_VERIFIED)) || !strcmp(outcome, step_outcome_name(STEP_ATTESTED)) ||
           !strcmp(outcome, step_outcome_name(STEP_DONE));
}

static json_t *object_in(json_t *list, const char *key, const char *value)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(js_str_or(one, key, ""), value))
            return one;
    one = json_object();
    js_set_str(one, key, value);
    json_array_append_new(list, one);
    return one;
}

static char *shown_value(const json_t *v)
{
    if (!v || json_is_null(v))
        return mem_dup("–");
    if (json_is_string(v))
        return mem_dup(json_string_value(v));
    AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    return mem_printf("%.200s", text ? text : "");
}

/* What a change looked like before and after; a new thing has no before worth a line. */
static json_t *changes_of(const json_t *step)
{
    json_t *out = json_array(), *c;
    size_t i;
    if (strcmp(js_str_or(step, "action", ""), "update") != 0)
        return out;
    json_array_foreach (js_arr(step, "changes"), i, c) {
        AUTO_FREE char *from = shown_value(json_object_get(c, "from"));
        AUTO_FREE char *to = shown_value(json_object_get(c, "to"));
        json_t *row = json_object();
        if (i == CHANGES_SHOWN)
            break;
        js_set_str(row, "path", js_str_or(c, "path", ""));
        js_set_str(row, "from", from);
        js_set_str(row, "to", to);
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *reasons(const json_t *step)
{
    json_t *out = json_array(), *b;
    size_t i;
    json_array_foreach (js_arr(step, "because"), i, b)
        js_push_str(out, js_str_or(b, "id", ""));
    return out;
}

static void add_done(struct report *r, const json_t *step, const json_t *state)
{
    const char *outcome = js_str_or(state, "outcome", ""), *by = js_str(js_obj(state, "detail"), "by");
    AUTO_FREE char *plain = address_for_people(js_str_or(step, "address", ""));
    const char *name = strchr(plain, ' ') ? strchr(plain, ' ') + 1 : plain;
    json_t *group = object_in(js_arr(r->data, "groups"), "kind_title", kind_words(r, js_str_or(step, "kind", "")));
    json_t *item = json_object();
    if (!js_arr(group, "items"))
        js_set(group, "items", json_array());
    js_set_str(item, "title", name);
    js_set_bool(item, "create", !strcmp(js_str_or(step, "action", ""), "create"));
    js_set_str(item, "by",
               by                                 ? by
               : js_bool(state, "by_hand", false) ? js_str_or(js_obj(step, "hand"), "owner", "admin")
                                                  : NULL);
    js_set_bool(item, "attested", !strcmp(outcome, step_outcome_name(STEP_ATTESTED)));
    set_time(item, "at", js_int(state, "at", 0), r->zone);
    js_set(item, "changes", changes_of(step));
    js_set(item, "why", reasons(step));
    json_array_append_new(js_arr(group, "items"), item);
    js_set_int(group, "count", (int64_t)json_array_size(js_arr(group, "items")));
    if (!by)
        return;
    json_t *agreed = json_object();
    js_set_str(agreed, "who", by);
    js_set_str(agreed, "what", name);
    js_set_bool(agreed, "run", false);
    set_time(agreed, "at", js_int(state, "at", 0), r->zone);
    json_array_append_new(js_arr(r->data, "agreed"), agreed);
}

static void add_open(struct report *r, const json_t *step, const char *outcome)
{
    json_t *o = json_object();
    js_set_str(o, "title", js_str_or(step, "title", ""));
    js_set_str(o, "kind_title", kind_words(r, js_str_or(step, "kind", "")));
    js_set_str(o, "owner",
               !strcmp(js_str_or(step, "channel", ""), "api") && strcmp(outcome, "refused") != 0
                   ? "zagent"
                   : js_str_or(js_obj(step, "hand"), "owner", "admin"));
    js_set_int(o, "minutes", js_int(step, "minutes", 0));
    js_set_bool(o, "undone", !strcmp(outcome, step_outcome_name(STEP_UNDONE)));
    js_set_bool(o, "blocked", !strcmp(js_str_or(step, "state", ""), "blocked"));
    json_array_append_new(js_arr(r->data, "open"), o);
}

static void add_steps(struct report *r)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(r->plan, "steps"), i, step) {
        const json_t *state = json_object_get(r->known, js_str_or(step, "address", ""));
        const char *outcome = js_str_or(state, "outcome", "");
        if (!strcmp(js_str_or(step, "action", ""), "none"))
            continue;
        if (settled(outcome))
            add_done(r, step, state);
        else
            add_open(r, step, outcome);
    }
}

static json_t *why_of(const struct report *r, const char *playbook)
{
    json_t *out = json_array(), *step, *b;
    size_t i, k;
    json_array_foreach (js_arr(r->plan, "steps"), i, step) {
        if (plan_step_of(step, playbook))
            json_array_foreach (js_arr(step, "because"), k, b) {
                json_t *row = object_in(out, "id", js_str_or(b, "id", ""));
                js_set_str(row, "text", js_str_or(b, "text", ""));
                js_set_str(row, "where", js_str_or(b, "where", ""));
            }
    }
    return out;
}

static json_t *measured(struct report *r, const char *playbook, const json_t *measures)
{
    AUTO_JSON json_t *readings = measure_readings(r->s, playbook);
    AUTO_JSON json_t *rows = measure_rows(measures, readings);
    json_t *out = json_array(), *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        json_t *o = json_object();
        js_set_str(o, "title", js_str_or(row, "title", ""));
        js_set_str(o, "unit", js_str(row, "unit"));
        js_set_str(o, "first", js_str_or(js_obj(row, "first"), "value", "–"));
        js_set_str(o, "last", js_str_or(js_obj(row, "last"), "value", "–"));
        js_set_str(o, "verdict", js_str_or(row, "verdict", ""));
        json_array_append_new(out, o);
    }
    return out;
}

static void add_playbooks(struct report *r)
{
    const char *name;
    json_t *one;
    json_object_foreach (js_obj(r->plan, "rendered"), name, one) {
        json_t *o = json_object(), *m = measured(r, name, js_arr(one, "measures"));
        js_set_str(o, "name", name);
        js_set_str(o, "title", js_str_or(one, "title", name));
        js_set_str(o, "summary", js_str_or(one, "summary", ""));
        js_set(o, "why", why_of(r, name));
        js_set_bool(o, "has_measures", json_array_size(m) > 0);
        js_set(o, "measures", m);
        json_array_append_new(js_arr(r->data, "playbooks"), o);
    }
}

/* Who started what, on this plan: each command that wrote. */
static void add_agreed(struct report *r, const json_t *runs)
{
    const json_t *run;
    size_t i;
    json_array_foreach (runs, i, run) {
        json_t *o;
        if (strcmp(js_str_or(run, "plan", ""), js_str_or(r->run, "plan", "-")) != 0 ||
            (strcmp(js_str_or(run, "command", ""), "apply") != 0 && strcmp(js_str_or(run, "command", ""), "off") != 0 &&
             strcmp(js_str_or(run, "command", ""), "on") != 0))
            continue;
        o = json_object();
        js_set_str(o, "who", js_str_or(js_obj(run, "facts"), "actor", "?"));
        js_set_strf(o, "what", "zagent %s (R%lld)", js_str_or(run, "command", ""), (long long)js_int(run, "run", 0));
        js_set_bool(o, "run", true);
        set_time(o, "at", js_int(run, "opened_at", 0), r->zone);
        json_array_append_new(js_arr(r->data, "agreed"), o);
    }
}

static void add_head(struct report *r)
{
    static const char *const lists[] = {"playbooks", "groups", "open", "agreed"};
    const json_t *org = js_obj(r->plan, "org");
    json_t *o = json_object(), *run = json_object();
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        js_set(r->data, lists[i], json_array());
    js_set_str(o, "name", js_str_or(org, "name", ""));
    js_set_str(o, "zgid", js_str_or(org, "zgid", ""));
    js_set_str(o, "edition", js_str_or(org, "edition", ""));
    js_set(r->data, "org", o);
    js_set_strf(run, "name", "R%lld", (long long)js_int(r->run, "run", 0));
    js_set_str(run, "actor", js_str_or(js_obj(r->run, "facts"), "actor", "?"));
    js_set_strf(run, "plan", "%.12s", js_str_or(r->run, "plan", ""));
    set_time(run, "opened", js_int(r->run, "opened_at", 0), r->zone);
    set_time(run, "closed", js_int(r->run, "closed_at", 0), r->zone);
    set_time(run, "now", r->s->app->clock.now_s(r->s->app->clock.ctx), r->zone);
    js_set(r->data, "run", run);
}

/* Totals, and a has_… for each list, as strict wording needs them. */
static void add_totals(struct report *r)
{
    static const char *const lists[] = {"groups", "open", "agreed"};
    json_t *one;
    size_t i;
    int64_t done = 0, minutes = 0;
    for (i = 0; i < sizeof lists / sizeof *lists; i++) {
        AUTO_FREE char *key = mem_printf("has_%s", lists[i]);
        js_set_bool(r->data, key, json_array_size(js_arr(r->data, lists[i])) > 0);
    }
    json_array_foreach (js_arr(r->data, "groups"), i, one)
        done += js_int(one, "count", 0);
    json_array_foreach (js_arr(r->data, "open"), i, one)
        minutes += js_int(one, "minutes", 0);
    js_set_int(r->data, "done", done);
    js_set_int(r->data, "left", (int64_t)json_array_size(js_arr(r->data, "open")));
    js_set_int(r->data, "minutes", minutes);
}

static char *page(const struct report *r, const char *wording, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/report.html.mustache", wording);
    AUTO_FREE char *css_path = mem_printf("%s/page.css", wording);
    AUTO_FREE char *text = NULL;
    AUTO_FREE char *css = NULL;
    size_t len, css_len;
    if (fs_read(path, WORDING_MAX, &text, &len, e) < 0 || fs_read(css_path, WORDING_MAX, &css, &css_len, e) < 0)
        return NULL;
    js_set_str(r->data, "css", css);
    struct render_options o = {.target = RENDER_HTML, .strict = true, .raw_ok = true};
    return render(path, text, len, r->data, &o, e);
}

static const json_t *find_run(const json_t *runs, const char *which, struct err *e)
{
    const char *digits = *which == 'R' || *which == 'r' ? which + 1 : which;
    const json_t *run;
    size_t i;
    json_array_foreach (runs, i, run) {
        AUTO_FREE char *number = mem_printf("%lld", (long long)js_int(run, "run", 0));
        if (!strcmp(number, digits) && strlen(js_str_or(run, "plan", "")) == 64)
            return run;
    }
    err_set(e, ERR_NOT_FOUND, "no run '%s' of a plan", which);
    err_fix(e, "BUILD_LOG.md lists the runs: zagent log");
    return NULL;
}

int report_write(struct session *s, const char *which, char **file, struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(s->st, e);
    AUTO_JSON json_t *known = runs ? state_steps(s->st, e) : NULL;
    AUTO_JSON json_t *plan = NULL;
    AUTO_JSON json_t *data = json_object();
    AUTO_FREE char *wording = artifacts_wording(s->app);
    AUTO_FREE char *words = mem_printf("%s/strings.yaml", wording ? wording : "");
    struct yaml strings = {0};
    char digest[65];
    *file = NULL;
    const json_t *run = known ? find_run(runs, which, e) : NULL;
    if (!run || plans_load(s->app->project, s->st, js_str(run, "plan"), &plan, digest, e) < 0 ||
        yaml_load(&strings, words, words, e) < 0)
        return -1;
    struct report r = {s, run, plan, known, strings.root, data, js_str(js_obj(plan, "org"), "time_zone")};
    add_head(&r);
    add_steps(&r);
    add_playbooks(&r);
    add_agreed(&r, runs);
    add_totals(&r);
    AUTO_FREE char *html = page(&r, wording, e);
    yaml_release(&strings);
    char *name = mem_printf("report-R%lld.html", (long long)js_int(run, "run", 0));
    if (!html || fs_write_in(&s->app->project->out, name, html, strlen(html), 0644, e) < 0) {
        free(name);
        return -1;
    }
    *file = name;
    json_object_del(data, "css");
    js_set(s->app->data, "report", json_incref(data));
    return 0;
}
