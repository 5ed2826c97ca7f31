#include "agent/plan_print.h"

#include "base/text.h"

enum { W_KIND = 18, W_NAME = 48 };

/* Planned by API without knowing whether this org allows it. */
static bool maybe_refused(const json_t *step)
{
    return !strcmp(js_str_or(step, "capability", ""), "unknown");
}

static const char *step_word(const json_t *step, const char **paint)
{
    const char *state = js_str_or(step, "state", ""), *channel = js_str_or(step, "channel", "");
    *paint = NULL;
    if (!strcmp(state, "blocked")) {
        *paint = "red";
        return "blocked";
    }
    if (!strcmp(state, "wait")) {
        *paint = "dim";
        return "wait";
    }
    *paint = !strcmp(channel, "api") ? "green" : "yellow";
    if (strcmp(channel, "api") != 0)
        return "hand";
    return maybe_refused(step) ? "api?" : "api";
}

static const char *step_mark(const json_t *step)
{
    if (strcmp(js_str_or(step, "channel", ""), "api") != 0)
        return ">";
    return !strcmp(js_str_or(step, "action", ""), "create") ? "+" : "~";
}

/* The part of an address after the kind, decoded. */
static char *object_name(const json_t *step)
{
    const char *slash = strchr(js_str_or(step, "address", "/"), '/');
    char *plain = text_percent_decode(slash ? slash + 1 : "");
    return plain ? plain : mem_dup(slash ? slash + 1 : "");
}

static void pad(struct sb *b, const char *text, size_t width)
{
    size_t w = text_width(text);
    sb_add(b, text);
    while (w++ < width)
        sb_addc(b, ' ');
}

/* Who sees a field, said once a permission: "edit: A, B; read: C; hidden: D". */
static void access(struct sb *b, const json_t *rows)
{
    static const struct {
        const char *permission, *word;
    } order[] = {{"read_write", "edit"}, {"read_only", "read"}, {"hidden", "hidden from"}};
    bool any = false;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        json_t *row;
        size_t i, n = 0;
        json_array_foreach (rows, i, row) {
            if (strcmp(js_str_or(row, "permission", ""), order[k].permission) != 0)
                continue;
            if (!n++)
                sb_addf(b, "%s%s: ", any ? "; " : "  ", order[k].word);
            sb_addf(b, "%s%s", n > 1 ? ", " : "", js_str_or(row, "profile", "?"));
            any = true;
        }
    }
}

/* What stands at the end of the line: check, price or minutes, why, who sees it. */
static void tail(struct sb *b, const json_t *step)
{
    bool api = !strcmp(js_str_or(step, "channel", ""), "api");
    int64_t credits = js_int(step, "credits", 0), minutes = js_int(step, "minutes", 0);
    if (js_str(step, "check") && *js_str(step, "check"))
        sb_addf(b, "%s  ", js_str(step, "check"));
    if (api)
        sb_addf(b, "%lld credit%s", (long long)credits, credits == 1 ? "" : "s");
    else if (minutes)
        sb_addf(b, "%lld min", (long long)minutes);
    json_t *first = json_array_get(js_arr(step, "because"), 0);
    if (first && js_str(first, "where"))
        sb_addf(b, "  %s", js_str(first, "where"));
    access(b, js_arr(step, "access"));
    if (js_arr(step, "waits_for") && json_array_size(js_arr(step, "waits_for")))
        sb_addf(b, "  after %s", json_string_value(json_array_get(js_arr(step, "waits_for"), 0)));
}

static void print_value(struct sb *b, const json_t *v)
{
    if (json_is_string(v)) {
        sb_addf(b, "\"%s\"", json_string_value(v));
        return;
    }
    AUTO_FREE char *text = v ? js_canonical(v, NULL) : NULL;
    size_t n = text ? strlen(text) : 0;
    sb_addn(b, text ? text : "", n > 160 ? 160 : n);
    if (n > 160)
        sb_add(b, "…");
}

static void print_changes(struct app *a, const json_t *step)
{
    json_t *c;
    size_t i;
    json_array_foreach (js_arr(step, "changes"), i, c) {
        AUTO_SB struct sb b = SB_INIT(1 << 16);
        sb_addf(&b, "          %s", js_str_or(c, "path", ""));
        sb_add(&b, ": ");
        if (json_object_get(c, "from")) {
            print_value(&b, json_object_get(c, "from"));
            sb_add(&b, " → ");
        }
        print_value(&b, json_object_get(c, "to"));
        app_print(a, "%s\n", b.buf);
    }
}

static void print_step(struct app *a, const json_t *step, const struct plan_print *how)
{
    const char *paint, *word = step_word(step, &paint);
    AUTO_FREE char *name = object_name(step);
    AUTO_SB struct sb b = SB_INIT(8192);
    pad(&b, js_str_or(step, "kind", ""), W_KIND);
    sb_add(&b, " ");
    pad(&b, name, W_NAME);
    sb_add(&b, "  ");
    tail(&b, step);
    app_print(a, "  %s%-7s%s %s %s\n", app_paint(a, paint), word, app_paint(a, NULL), step_mark(step), b.buf);
    const json_t *blocked = js_obj(step, "blocked");
    if (blocked)
        app_print(a, "            %s%s\n            fix: %s\n", app_paint(a, NULL), js_str_or(blocked, "why", ""),
                  js_str_or(blocked, "fix", ""));
    if (!how->details)
        return;
    json_t *note;
    size_t i;
    json_array_foreach (js_arr(step, "notes"), i, note)
        app_print(a, "          %s\n", json_string_value(note) ? json_string_value(note) : "");
    print_changes(a, step);
}

static void print_problems(struct app *a, const json_t *plan)
{
    json_t *p;
    size_t i;
    json_array_foreach (js_arr(plan, "problems"), i, p)
        app_print(a, "  %s%s%s  %s: %s  (%s)\n",
                  app_paint(a, !strcmp(js_str_or(p, "level", ""), "error") ? "red" : "yellow"),
                  js_str_or(p, "level", ""), app_paint(a, NULL), js_str_or(p, "address", ""), js_str_or(p, "text", ""),
                  js_str_or(p, "file", ""));
    json_array_foreach (js_arr(plan, "proposals"), i, p)
        app_print(a,
                  "  proposal: to use what is there, add to context/org-map.csv and put your name in the last "
                  "column:\n    %s,%s,\n",
                  js_str_or(p, "address", ""), js_str_or(p, "api_name", ""));
}

static void print_summary(struct app *a, const json_t *plan, const char *digest)
{
    const json_t *s = js_obj(plan, "summary"), *org = js_obj(plan, "org"), *hand = js_obj(s, "hand");
    int64_t day = js_int(org, "credits_per_day", 0), n_hand = 0;
    const char *channel;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)hand, channel, v)
        n_hand += json_integer_value(v);
    AUTO_FREE char *share = day ? mem_printf(" of %lld a day", (long long)day) : mem_dup("");
    app_print(
        a, "\n%lld by API (%lld credits%s), %lld by hand (%lld min), %lld waiting, %lld blocked, %lld unchanged.  %s\n",
        (long long)js_int(s, "api", 0), (long long)js_int(s, "credits", 0), share, (long long)n_hand,
        (long long)js_int(s, "minutes", 0), (long long)js_int(s, "wait", 0), (long long)js_int(s, "blocked", 0),
        (long long)js_int(s, "unchanged", 0), "Nothing is deleted.");
    int64_t records = js_int(s, "records", 0), mails = js_int(s, "mails", 0);
    if (records)
        app_print(a, "Changes %lld existing record%s; their Modified Time moves.\n", (long long)records,
                  records == 1 ? "" : "s");
    if (mails)
        app_print(a, "From then on %lld mail notification%s may go out by rule.\n", (long long)mails,
                  mails == 1 ? "" : "s");
    int64_t todo = js_int(s, "api", 0) + n_hand + js_int(s, "wait", 0);
    if (!todo && !js_int(s, "blocked", 0))
        app_print(a, "Nothing to do: the org is as the playbook says.\n");
    else
        app_print(a, "Saved plan %.12s  →  zagent apply %.12s\n", digest, digest);
}

static bool any_unknown(const json_t *plan)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        if (maybe_refused(step))
            return true;
    return false;
}

void plan_print(struct app *a, const json_t *plan, const struct plan_print *how)
{
    const json_t *org = js_obj(plan, "org");
    AUTO_SB struct sb names = SB_INIT(1000);
    json_t *v;
    size_t i;
    json_array_foreach (js_arr(plan, "playbooks"), i, v)
        sb_addf(&names, "%s%s", i ? ", " : "", json_string_value(v));
    app_print(a, "%sPlan %s%s   org %s (%s)\n\n", app_paint(a, "bold"), names.buf, app_paint(a, NULL),
              js_str_or(org, "name", "?"), js_str_or(org, "edition", "?"));
    if (!how->summary)
        json_array_foreach (js_arr(plan, "steps"), i, v) {
            if (strcmp(js_str_or(v, "action", ""), "none") != 0)
                print_step(a, v, how);
        }
    if (!how->summary && any_unknown(plan))
        app_print(a, "\n  api? = not known yet whether this org allows it by API; if it refuses, it becomes a step of "
                     "the guide\n");
    print_problems(a, plan);
    print_summary(a, plan, how->digest);
}

json_t *plan_public(const json_t *plan, const char *digest)
{
    static const char *const keep[] = {"id",      "address", "kind",    "title", "playbook", "action",
                                       "channel", "state",   "because", "needs", "changes",  "credits",
                                       "minutes", "check",   "access",  "notes", "blocked",  "file"};
    json_t *out = json_object(), *steps = json_array(), *step;
    size_t i;
    js_set_str(out, "digest", digest);
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        json_t *o = json_object();
        for (size_t k = 0; k < sizeof keep / sizeof *keep; k++)
            if (json_object_get(step, keep[k]))
                json_object_set(o, keep[k], json_object_get(step, keep[k]));
        json_array_append_new(steps, o);
    }
    js_set(out, "steps", steps);
    static const char *const whole[] = {"org", "playbooks", "summary", "problems", "proposals", "inputs"};
    for (size_t k = 0; k < sizeof whole / sizeof *whole; k++)
        if (json_object_get(plan, whole[k]))
            json_object_set(out, whole[k], json_object_get(plan, whole[k]));
    return out;
}
