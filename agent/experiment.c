#include "agent/experiment.h"

#include "agent/measure.h"
#include "agent/plans.h"
#include "agent/playbook.h"
#include "agent/standing.h"
#include "state/buildlog.h"

enum { LOG_MAX = 64 << 20 };

/* ---- the file ---- */

static const char *line_end(const char *p)
{
    const char *nl = strchr(p, '\n');
    return nl ? nl + 1 : p + strlen(p);
}

/* The line after the heading that names the id; NULL when none does. */
static const char *below_heading(const char *text, const char *id)
{
    AUTO_FREE char *mark = mem_printf("[%s]", id);
    for (const char *p = text; *p; p = line_end(p)) {
        AUTO_FREE char *line = mem_dupn(p, (size_t)(line_end(p) - p));
        if (*p == '#' && strstr(line, mark))
            return line_end(p);
    }
    return NULL;
}

static char *item_text(const char *p, const char *end)
{
    p += strspn(p, "-*0123456789. \t");
    while (end > p && (end[-1] == '\n' || end[-1] == '\r' || end[-1] == ' '))
        end--;
    return mem_dupn(p, (size_t)(end - p));
}

static bool is_item(const char *p)
{
    size_t digits = strspn(p, "0123456789");
    return !strncmp(p, "- ", 2) || !strncmp(p, "* ", 2) || (digits && p[digits] == '.');
}

/* The ids of the file, "A, B"; caller frees. */
static char *ids_of(const char *text)
{
    struct sb all = SB_INIT(400);
    for (const char *p = text; *p; p = line_end(p)) {
        size_t n = (size_t)(line_end(p) - p);
        const char *open = *p == '#' ? memchr(p, '[', n) : NULL,
                   *close = open ? memchr(open, ']', n - (size_t)(open - p)) : NULL;
        if (close)
            sb_addf(&all, "%s%.*s", all.len ? ", " : "", (int)(close - open - 1), open + 1);
    }
    return sb_take(&all, "experiments", NULL);
}

json_t *experiment_expected(const char *text, const char *id, struct err *e)
{
    static const char label[] = "**Expected Result";
    const char *p = below_heading(text, id);
    bool inside = false;
    AUTO_JSON json_t *out = json_array();
    if (!p) {
        AUTO_FREE char *ids = ids_of(text);
        err_set(e, ERR_NOT_FOUND, "no experiment '%s'; the file has %s", id, ids && *ids ? ids : "none");
        err_at(e, EXPERIMENTS_FILE);
        err_fix(e,
                "name one of them, or write a heading '### [%s] Title' with a line '**Expected Result:**' and a list",
                id);
        return NULL;
    }
    for (; *p && *p != '#'; p = line_end(p)) {
        if (!strncmp(p, label, sizeof label - 1))
            inside = true;
        else if (!strncmp(p, "**", 2))
            inside = false;
        else if (inside && is_item(p)) {
            AUTO_FREE char *item = item_text(p, line_end(p));
            js_push_str(out, item);
        }
    }
    if (!json_array_size(out)) {
        err_set(e, ERR_CONFIG, "experiment '%s' lists no expected result", id);
        err_at(e, EXPERIMENTS_FILE);
        err_fix(e, "write '**Expected Result:**' and below it one line '- …' a result");
        return NULL;
    }
    return json_incref(out);
}

/* ---- evidence ---- */

struct gathering {
    struct session *s;
    const char *id;
    json_t *known;
    json_t *results;
};

static bool claims(const struct playbook *pb, const char *id, size_t n)
{
    const json_t *list = json_object_get(js_obj(pb->y.root, "experiments"), id), *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (json_integer_value(one) == (json_int_t)n)
            return true;
    return false;
}

__attribute__((format(printf, 2, 3))) static void say(json_t *result, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    js_push_str(js_arr(result, "evidence"), text);
}

/* Weakest first: the state of a result is the weakest of its playbooks. */
static const char *const states[] = {"not begun", "under way", "in place", "in place and better"};
enum { NOT_BEGUN, UNDER_WAY, IN_PLACE, BETTER };

static int level_of(const json_t *result)
{
    const char *now = js_str(result, "state");
    for (int i = NOT_BEGUN; now && i <= BETTER; i++)
        if (!strcmp(states[i], now))
            return i;
    return BETTER + 1;
}

static void weaken(json_t *result, int level)
{
    if (level < level_of(result))
        js_set_str(result, "state", states[level]);
}

static bool tell_measure(struct gathering *g, const json_t *row, json_t *result)
{
    const json_t *first = js_obj(row, "first"), *last = js_obj(row, "last");
    const char *unit = js_str_or(row, "unit", !strcmp(js_str_or(row, "value", ""), "share") ? "%" : ""),
               *zone = js_str(g->s->org->info, "time_zone"), *title = js_str_or(row, "title", "");
    char a[CLOCK_TEXT] = "", b[CLOCK_TEXT] = "";
    if (!last) {
        say(result, "%s: no value (%s)", title, js_str_or(row, "why", "never read"));
        return false;
    }
    clock_local(js_int(last, "at", 0), zone, 0, b);
    if (!first || js_int(first, "at", 0) == js_int(last, "at", 0)) {
        say(result, "%s: %s%s%s on %.10s, read once, so nothing to compare with", title, js_str(last, "value"),
            *unit ? " " : "", unit, b);
        return false;
    }
    clock_local(js_int(first, "at", 0), zone, 0, a);
    say(result, "%s: %s → %s%s%s (%.10s, %s → %.10s): %s", title, js_str(first, "value"), js_str(last, "value"),
        *unit ? " " : "", unit, a, js_str_or(first, "phase", ""), b, js_str_or(row, "verdict", ""));
    return !strcmp(js_str_or(row, "verdict", ""), "better");
}

/* True when at least one measure of this result moved the right way and none the wrong way. */
static bool tell_measures(struct gathering *g, const struct playbook *pb, size_t n, json_t *result)
{
    AUTO_JSON json_t *readings = measure_readings(g->s, pb->name);
    AUTO_JSON json_t *rows = measure_rows(js_arr(pb->y.root, "measures"), readings);
    const json_t *row;
    size_t i;
    bool better = false, worse = false;
    json_array_foreach (rows, i, row) {
        if (js_int(row, "expected", 0) != (int64_t)n)
            continue;
        better |= tell_measure(g, row, result);
        worse |= !strcmp(js_str_or(row, "verdict", ""), "worse");
    }
    return better && !worse;
}

static void tell_playbook(struct gathering *g, const struct playbook *pb, size_t n, json_t *result)
{
    AUTO_JSON json_t *plan = NULL;
    char digest[65], key[128];
    struct err none = {0};
    struct standing t = {0};
    if (plans_load(g->s->app->project, g->s->st, pb->name, &plan, digest, &none) < 0) {
        say(result, "%s: not planned yet", pb->name);
        weaken(result, NOT_BEGUN);
        return;
    }
    standing_count(plan, pb->name, g->known, &t);
    snprintf(key, sizeof key, "off/%s", pb->name);
    AUTO_JSON json_t *off = state_fact_get(g->s->st, key, NULL);
    say(result, "%s: %d of %d steps in place and read back or attested, %d waiting for people%s (plan %.12s)", pb->name,
        t.done, t.total, t.waiting, off ? ", switched off" : "", digest);
    bool better = tell_measures(g, pb, n, result);
    weaken(result, off || t.done < t.total ? (t.done ? UNDER_WAY : NOT_BEGUN) : better ? BETTER : IN_PLACE);
}

static int gather(struct gathering *g, struct err *e)
{
    char **names = NULL;
    size_t n = 0, k;
    json_t *result;
    int rc = playbook_list(g->s->app->project, &names, &n, e);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct playbook pb;
        rc = playbook_load(&pb, g->s->app->project, names[i], e);
        json_array_foreach (g->results, k, result) {
            if (rc == 0 && claims(&pb, g->id, k + 1))
                tell_playbook(g, &pb, k + 1, result);
        }
        playbook_release(&pb);
    }
    fs_list_free(names, n);
    return rc;
}

/* ---- the text ---- */

static int64_t log_runs(struct session *s, bool *intact)
{
    AUTO_FREE char *text = NULL;
    AUTO_JSON json_t *findings = json_array();
    AUTO_JSON json_t *info = json_object();
    char journal[33];
    size_t len;
    struct err quiet = {0};
    if (fs_read_in(&s->app->project->root, "BUILD_LOG.md", LOG_MAX, &text, &len, &quiet) < 0 ||
        state_journal_id(s->st, journal, &quiet) < 0 || buildlog_check(text, len, journal, findings, info, &quiet) < 0)
        return 0;
    *intact = !json_array_size(findings);
    return js_int(info, "runs", 0);
}

static void write_result(struct sb *b, const json_t *result)
{
    const json_t *line;
    size_t i;
    const char *state = js_str(result, "state");
    sb_addf(b, "%lld. %s\n   - **%s**\n", (long long)js_int(result, "n", 0), js_str_or(result, "title", ""),
            state ? state : "no evidence: no playbook of this project claims it");
    json_array_foreach (js_arr(result, "evidence"), i, line)
        sb_addf(b, "   - %s\n", json_string_value(line));
}

static char *write_text(struct gathering *g, json_t *data, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(EXPERIMENTS_MAX);
    char now[CLOCK_TEXT];
    bool intact = false;
    const json_t *info = g->s->org->info, *result;
    int64_t runs = log_runs(g->s, &intact);
    size_t i;
    clock_local(g->s->app->clock.now_s(g->s->app->clock.ctx), js_str(info, "time_zone"), 0, now);
    sb_addf(&b, "**Actual Result:** %s as of %s, org %s (%s)\n\n", g->id, now, js_str_or(info, "name", "?"),
            js_str_or(info, "edition", "?"));
    json_array_foreach (g->results, i, result)
        write_result(&b, result);
    sb_addf(&b, "\nLog: %lld run%s in BUILD_LOG.md, %s.\n", (long long)runs, runs == 1 ? "" : "s",
            intact ? "its chain is intact"
            : runs ? "its chain is broken: zagent log --check"
                   : "nothing has been applied");
    json_t *log = json_object();
    js_set_int(log, "runs", runs);
    js_set_bool(log, "intact", intact);
    js_set_str(data, "experiment", g->id);
    json_object_set(data, "results", g->results);
    js_set(data, "log", log);
    return sb_take(&b, "experiment", e);
}

char *experiment_result(struct session *s, const char *id, json_t *data, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len, i;
    json_t *title;
    if (fs_read_in(&s->app->project->root, EXPERIMENTS_FILE, EXPERIMENTS_MAX, &text, &len, e) < 0) {
        err_fix(e, "write the experiment there (docs/PLAYBOOKS.md, Measures)");
        return NULL;
    }
    AUTO_JSON json_t *expected = experiment_expected(text, id, e);
    AUTO_JSON json_t *known = expected ? state_steps(s->st, e) : NULL;
    AUTO_JSON json_t *results = json_array();
    struct gathering g = {s, id, known, results};
    json_array_foreach (expected, i, title) {
        json_t *o = json_object();
        js_set_int(o, "n", (int64_t)i + 1);
        js_set_str(o, "title", json_string_value(title));
        js_set(o, "evidence", json_array());
        json_array_append_new(results, o);
    }
    return known && gather(&g, e) == 0 ? write_text(&g, data, e) : NULL;
}
