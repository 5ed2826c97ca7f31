#include "agent/rails.h"

#include <errno.h>
#include <fnmatch.h>
#include <unistd.h>

#include "base/text.h"

enum { HALT_MAX = 4096 };

/* ---- HALT ---- */

/* The first line of what somebody wrote into it, "" when empty. */
static void first_line(const char *path, char out[200])
{
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err quiet = {0};
    out[0] = '\0';
    if (fs_read(path, HALT_MAX, &text, &len, &quiet) == 0)
        snprintf(out, 200, "%.*s", (int)strcspn(text, "\r\n"), text);
}

int rails_halted(const struct project *p, struct err *e)
{
    static const char *const files[] = {".zagent/HALT", "HALT"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        AUTO_FREE char *path = project_path(p, files[i]);
        char said[200];
        if (!fs_exists(path))
            continue;
        first_line(path, said);
        err_set(e, ERR_REFUSED, "HALT: every change is stopped%s%s", *said ? ": " : "", said);
        if (e)
            snprintf(e->code, sizeof e->code, "HALT");
        err_at(e, "%s", files[i]);
        return err_fix(e, i ? "remove the file when the reason it was put there is gone"
                            : "ask whoever stopped it; 'zagent halt --lift' lets changes go on");
    }
    return 0;
}

/* ---- limits ---- */

static const struct {
    const char *name;
    int64_t at_most;
} builtin[] = {
    {"changes", 500}, {"records", 10000}, {"deletes", 10},        {"reserve", RAILS_RESERVE}, {"module", 25},
    {"field", 300},   {"function", 100},  {"workflow_rule", 100}, {"blueprint", 10},          {"record_locking", 10},
};

static bool limit_known(const char *name)
{
    static const char *const own[] = {"changes", "records", "deletes", "credits", "reserve"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (!strcmp(name, own[i]))
            return true;
    return kind_find(name) != NULL;
}

static int raise_one(json_t *limits, const char *text, struct err *e)
{
    const char *eq = strchr(text, '=');
    AUTO_FREE char *name = mem_dupn(text, eq ? (size_t)(eq - text) : 0);
    char *end = NULL;
    long long n = eq ? strtoll(eq + 1, &end, 10) : -1;
    if (!eq || !end || *end || end == eq + 1 || n < 0 || !limit_known(name)) {
        err_set(e, ERR_USAGE, "'%s' raises no limit", text);
        return err_fix(e, "--limit NAME=N, where NAME is changes, records, deletes, credits, reserve or a kind");
    }
    js_set_int(limits, name, n);
    return 0;
}

json_t *rails_limits(const json_t *conf, const json_t *raised, struct err *e)
{
    AUTO_JSON json_t *out = json_object();
    const json_t *said = js_obj(conf, "limits");
    const char *name;
    json_t *v;
    size_t i;
    for (i = 0; i < sizeof builtin / sizeof *builtin; i++)
        js_set_int(out, builtin[i].name, builtin[i].at_most);
    json_object_foreach ((json_t *)(uintptr_t)said, name, v)
        if (json_is_integer(v) && strcmp(name, "parallel") != 0)
            json_object_set(out, name, v);
    json_object_foreach (js_obj(said, "kinds"), name, v)
        json_object_set(out, name, v);
    json_array_foreach (raised, i, v)
        if (raise_one(out, json_string_value(v) ? json_string_value(v) : "", e) < 0)
            return NULL;
    return json_incref(out);
}

/* ---- protected addresses ---- */

json_t *rails_protections(struct state *st, struct err *e)
{
    struct err local = {0};
    json_t *all = state_fact_get(st, "protected", &local);
    if (!all && local.kind != ERR_NONE) {
        if (e)
            *e = local;
        return NULL;
    }
    return all ? all : json_object();
}

/* What touching `address` touches as well: kind and name of the whole that it is a part of. NULL when it is none. Caller frees. */
static char *whole_of(const char *address)
{
    static const struct {
        const char *part, *whole;
        bool cut; /* the part's name goes on after the whole's */
    } parts[] = {{"picklist/", "field/", false},
                 {"blueprint_publish/", "blueprint/", false},
                 {"layout_section/", "layout/", true}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = strlen(parts[i].part);
        if (strncmp(address, parts[i].part, n) != 0)
            continue;
        const char *name = address + n;
        return mem_printf("%s%.*s", parts[i].whole, (int)(parts[i].cut ? strcspn(name, "/") : strlen(name)), name);
    }
    return NULL;
}

static bool covers(const char *pattern, const char *address)
{
    AUTO_FREE char *plain = text_percent_decode(address);
    return !fnmatch(pattern, address, 0) || (plain && !fnmatch(pattern, plain, 0));
}

const json_t *rails_protected(const json_t *protections, const char *address, const char **pattern)
{
    AUTO_FREE char *whole = whole_of(address);
    const char *p;
    json_t *row;
    json_object_foreach ((json_t *)(uintptr_t)protections, p, row)
        if (covers(p, address) || (whole && covers(p, whole))) {
            if (pattern)
                *pattern = p;
            return row;
        }
    return NULL;
}

/* ---- a plan against all of them ---- */

static json_t *add(json_t *findings, const char *rail, const char *address, const char *text, const char *fix)
{
    json_t *f = json_object();
    js_set_str(f, "rail", rail);
    js_set_str(f, "level", "error");
    js_set_str(f, "address", address);
    js_set_str(f, "text", text);
    js_set_str(f, "fix", fix);
    json_array_append_new(findings, f);
    return f;
}

static void find_protected(json_t *findings, const json_t *protections, const json_t *step)
{
    const char *address = js_str_or(step, "address", ""), *pattern = NULL;
    const json_t *row = rails_protected(protections, address, &pattern);
    char at[CLOCK_TEXT];
    if (!row)
        return;
    AUTO_FREE char *name = address_for_people(address);
    const char *note = js_str_or(row, "note", "");
    clock_rfc3339(js_int(row, "at", 0), at);
    AUTO_FREE char *text = mem_printf("%s is protected by %s since %.10s%s%s", name, js_str_or(row, "by", "?"), at,
                                      *note ? ": " : "", note);
    AUTO_FREE char *fix = mem_printf("plan with --exclude '%s', or agree with %s and run zagent unprotect '%s'",
                                     address, js_str_or(row, "by", "whoever protected it"), pattern);
    add(findings, "protected", address, text, fix);
}

static void find_limit(json_t *findings, const json_t *limits, const char *name, int64_t have, const char *what)
{
    json_t *limit = json_object_get(limits, name);
    if (!limit || have <= json_integer_value(limit))
        return;
    AUTO_FREE char *text = mem_printf("%lld %s, and the limit '%s' is %lld", (long long)have, what, name,
                                      (long long)json_integer_value(limit));
    AUTO_FREE char *fix = mem_printf("if that is meant: --limit %s=%lld with apply, or limits: {%s%s: %lld%s} in "
                                     "zagent.yaml; else plan a part with --target",
                                     name, (long long)have, kind_find(name) ? "kinds: {" : "", name, (long long)have,
                                     kind_find(name) ? "}" : "");
    add(findings, "limit", NULL, text, fix);
}

/* More than a day, or one run, may cost: it will stop in between and can be resumed, so this only warns. */
static void find_purse(json_t *findings, const json_t *limits, int64_t credits, int64_t day)
{
    int64_t reserve = js_int(limits, "reserve", 0), ours = day - day * reserve / 100;
    const json_t *budget = json_object_get(limits, "credits");
    if (day > 0 && credits > ours) {
        AUTO_FREE char *text =
            mem_printf("%lld API credits, and a day has %lld of which %lld per cent are left to other programs",
                       (long long)credits, (long long)day, (long long)reserve);
        js_set_str(add(findings, "reserve", NULL, text, "the run stops before that and 'zagent resume' goes on later"),
                   "level", "warning");
    }
    if (budget && credits > json_integer_value(budget)) {
        AUTO_FREE char *text = mem_printf("%lld API credits, and one run may spend %lld", (long long)credits,
                                          (long long)json_integer_value(budget));
        js_set_str(add(findings, "credits", NULL, text, "the run stops before that and 'zagent resume' goes on"),
                   "level", "warning");
    }
}

static bool changes_by_api(const json_t *step)
{
    return strcmp(js_str_or(step, "action", ""), "none") != 0 && !strcmp(js_str_or(step, "channel", ""), "api") &&
           strcmp(js_str_or(step, "state", ""), "blocked") != 0;
}

json_t *rails_find(const json_t *plan, const json_t *limits, const json_t *protections)
{
    json_t *findings = json_array(), *step, *n;
    AUTO_JSON json_t *kinds_n_of = json_object();
    int64_t changes = 0, deletes = 0;
    const char *kind;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (strcmp(js_str_or(step, "action", ""), "none") != 0)
            find_protected(findings, protections, step);
        if (!changes_by_api(step))
            continue;
        kind = js_str_or(step, "kind", "");
        changes++;
        deletes += !strcmp(js_str_or(step, "action", ""), "delete");
        js_set_int(kinds_n_of, kind, js_int(kinds_n_of, kind, 0) + 1);
    }
    const json_t *sum = js_obj(plan, "summary");
    find_limit(findings, limits, "changes", changes, "changes by API");
    json_object_foreach (kinds_n_of, kind, n) {
        AUTO_FREE char *what = mem_printf("changes of kind %s", kind);
        find_limit(findings, limits, kind, json_integer_value(n), what);
    }
    find_limit(findings, limits, "records", js_int(sum, "records", 0), "existing records touched");
    find_limit(findings, limits, "deletes", deletes, "deletions");
    find_purse(findings, limits, js_int(sum, "credits", 0), js_int(js_obj(plan, "org"), "credits_per_day", 0));
    return findings;
}

int rails_refuse(const json_t *findings, struct err *e)
{
    const json_t *first = NULL, *f;
    size_t i, more = 0;
    json_array_foreach (findings, i, f)
        if (!strcmp(js_str_or(f, "level", ""), "error")) {
            first = first ? first : f;
            more++;
        }
    if (!first)
        return 0;
    err_set(e, ERR_REFUSED, "%s%s", js_str_or(first, "text", ""), more > 1 ? " (and more: zagent show)" : "");
    if (js_str(first, "address"))
        err_at(e, "%s", js_str(first, "address"));
    return err_fix(e, "%s", js_str_or(first, "fix", ""));
}

/* ---- production ---- */

int rails_production(struct app *a, const struct org *o, const char *question, struct err *e)
{
    const char *named = app_text(a, "production", NULL);
    bool production = js_bool(o->row, "production", false);
    if (named && (!production || strcmp(named, o->name) != 0)) {
        err_set(e, ERR_USAGE,
                production ? "--production names '%s', and this is '%s'"
                           : "--production '%s': '%s' is no production org",
                named, o->name);
        return err_fix(e, "name the org you mean in both --org and --production");
    }
    if (!production || named)
        return 0;
    if (a->no_input || !isatty(STDIN_FILENO)) {
        err_set(e, ERR_REFUSED, "org '%s' is production, and nobody named it", o->name);
        return err_fix(e, "add --production %s: --yes alone does not do for production", o->name);
    }
    return app_confirm(a, question, o->name, e);
}

/* ---- the purse, and the way out ---- */

static int purse_error(struct err *e, const char *code)
{
    if (e)
        snprintf(e->code, sizeof e->code, "%s", code);
    return -1;
}

int rails_purse(const struct org *o, const json_t *limits, int64_t credits, struct err *e)
{
    struct zoho_counts c = zoho_counts(o->zoho);
    int64_t day = js_int(o->info, "credits_per_day", 0), reserve = day * js_int(limits, "reserve", 0) / 100;
    if (json_object_get(limits, "credits") && c.credits_known + credits > js_int(limits, "credits", 0)) {
        err_set(e, ERR_RATE, "the budget of %lld API credits for one run is used up (%lld spent)",
                (long long)js_int(limits, "credits", 0), (long long)c.credits_known);
        err_fix(e, "zagent resume goes on with a new budget");
        return purse_error(e, "BUDGET");
    }
    if (c.credits_left < 0 || c.credits_left - credits >= reserve)
        return 0;
    err_set(e, ERR_RATE, "%lld API credits are left today, and %lld of them are for other programs",
            (long long)c.credits_left, (long long)reserve);
    err_fix(e, "zagent resume when credits have come back: those of the last 24 hours return one by one");
    return purse_error(e, "RESERVE");
}

bool rails_stopped(const struct err *e)
{
    return !strcmp(e->code, "HALT") || !strcmp(e->code, "BUDGET") || !strcmp(e->code, "RESERVE");
}

int rails_send(struct app *a, struct org *o, const json_t *limits, const json_t *request, json_t **answer,
               struct err *e)
{
    AUTO_JSON json_t *own = limits ? NULL : rails_limits(a->project->conf.root, NULL, e);
    *answer = NULL;
    if (!limits && !own)
        return -1;
    if (!o->throwaway && (rails_halted(a->project, e) < 0 ||
                          rails_purse(o, limits ? limits : own, js_int(request, "credits", 1), e) < 0))
        return -1;
    return crm_send(o->zoho, request, answer, e);
}
