#include "agent/plan_print.h"

#include "base/text.h"

enum { W_NAME = 42, W_LINE = 100, W_VALUE = 160, W_ALIKE = 20 };

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
    if (!strcmp(js_str_or(step, "action", ""), "delete"))
        return "-";
    return !strcmp(js_str_or(step, "action", ""), "create") ? "+" : "~";
}

/* The part of an address after the kind, decoded. */
static char *object_name(const json_t *step)
{
    const char *slash = strchr(js_str_or(step, "address", "/"), '/');
    char *plain = text_percent_decode(slash ? slash + 1 : "");
    return plain ? plain : mem_dup(slash ? slash + 1 : "");
}

/* Who sees a field, said once a permission: "edit A, B; read C; hidden from D". */
static void access_text(struct sb *b, const json_t *rows)
{
    static const struct {
        const char *permission, *word;
    } order[] = {{"read_write", "edit"}, {"read_only", "read"}, {"hidden", "hidden from"}};
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        json_t *row;
        size_t i, n = 0;
        json_array_foreach (rows, i, row) {
            if (strcmp(js_str_or(row, "permission", ""), order[k].permission) != 0)
                continue;
            if (n)
                sb_add(b, ", ");
            else
                sb_addf(b, "%s%s ", b->len ? "; " : "", order[k].word);
            sb_add(b, js_str_or(row, "profile", "?"));
            n++;
        }
    }
}

/* What stands at the end of the line: type, check, price or minutes, which pain points. */
static void tail(struct sb *b, const json_t *step)
{
    bool api = !strcmp(js_str_or(step, "channel", ""), "api");
    int64_t credits = js_int(step, "credits", 0), minutes = js_int(step, "minutes", 0);
    if (api)
        sb_addf(b, "%3lld credit%-1s", (long long)credits, credits == 1 ? "" : "s");
    else
        sb_addf(b, "%3lld min    ", (long long)minutes);
    json_t *why;
    size_t i;
    json_array_foreach (js_arr(step, "because"), i, why)
        sb_addf(b, "%s%s", i ? ", " : "  ", js_str_or(why, "id", "?"));
    if (js_str(js_obj(step, "want"), "data_type"))
        sb_addf(b, "  %s", js_str(js_obj(step, "want"), "data_type"));
    if (js_str(step, "check") && *js_str(step, "check"))
        sb_addf(b, "  %s", js_str(step, "check"));
}

static void print_value(struct sb *b, const json_t *v)
{
    if (json_is_string(v)) {
        sb_addf(b, "\"%s\"", json_string_value(v));
        return;
    }
    AUTO_FREE char *text = v ? js_canonical(v, NULL) : NULL;
    size_t n = text ? strlen(text) : 0;
    size_t cut = n > W_VALUE ? W_VALUE : n;
    while (cut < n && cut && ((unsigned char)text[cut] & 0xC0) == 0x80) /* never inside a character */
        cut--;
    sb_addn(b, text ? text : "", cut);
    if (n > W_VALUE)
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

static void print_step(struct app *a, const json_t *step, const struct plan_print *how, size_t kinds, size_t names)
{
    const char *paint, *word = step_word(step, &paint);
    AUTO_FREE char *name = object_name(step);
    AUTO_SB struct sb b = SB_INIT(8192);
    add_column(&b, js_str_or(step, "kind", ""), kinds);
    add_column(&b, name, names);
    tail(&b, step);
    size_t i;
    const json_t *other_playbook;
    json_array_foreach (js_arr(step, "also"), i, other_playbook)
        sb_addf(&b, "%s%s", i ? ", " : "  shared with ", json_string_value(other_playbook));
    app_print(a, "  %s%-7s%s %s %s\n", app_paint(a, paint), word, app_paint(a, NULL), step_mark(step), b.buf);
    const char *waits = json_string_value(json_array_get(js_arr(step, "waits_for"), 0));
    if (waits) {
        AUTO_FREE char *other = address_for_people(waits);
        app_print(a, "            after %s\n", other);
    }
    const json_t *blocked = js_obj(step, "blocked");
    if (blocked)
        app_print(a, "            %s\n            fix: %s\n", js_str_or(blocked, "why", ""),
                  js_str_or(blocked, "fix", ""));
    if (!how->details)
        return;
    json_t *note;
    json_array_foreach (js_arr(step, "notes"), i, note)
        app_print(a, "            %s\n", json_string_value(note) ? json_string_value(note) : "");
    print_changes(a, step);
}

static bool planned(const json_t *step)
{
    return strcmp(js_str_or(step, "action", ""), "none") != 0;
}

/* As wide as what this plan holds, so that a small plan is a narrow one. */
static void print_steps(struct app *a, const json_t *plan, const struct plan_print *how)
{
    size_t i, kinds = 0, names = 0;
    json_t *step;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        AUTO_FREE char *name = object_name(step);
        size_t k = strlen(js_str_or(step, "kind", "")), n = text_width(name);
        if (planned(step)) {
            kinds = k > kinds ? k : kinds;
            names = n > names ? n : names;
        }
    }
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (planned(step))
            print_step(a, step, how, kinds, names > W_NAME ? W_NAME : names);
    }
}

/* Words after an indent, broken where the line ends. */
static void print_wrapped(struct app *a, size_t indent, const json_t *items)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    size_t i, col = 0;
    json_t *v;
    json_array_foreach (items, i, v) {
        const char *text = json_string_value(v);
        size_t w = text_width(text) + 2;
        if (!i || col + w > W_LINE) {
            sb_addf(&b, "%s%*s", i ? "\n" : "", (int)indent, "");
            col = indent;
        }
        sb_addf(&b, "%s%s", text, i + 1 < json_array_size(items) ? ", " : "");
        col += w;
    }
    app_print(a, "%s\n", b.buf);
}

/* Which profiles will see and edit what: one paragraph for all fields with the same access. */
static void print_access(struct app *a, const json_t *plan)
{
    AUTO_JSON json_t *groups = json_object();
    const char *who;
    json_t *step, *items;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        AUTO_SB struct sb b = SB_INIT(8192);
        access_text(&b, js_arr(step, "access"));
        if (!b.len || !planned(step))
            continue;
        if (!json_object_get(groups, b.buf))
            js_set(groups, b.buf, json_array());
        AUTO_FREE char *name = object_name(step);
        js_push_str(json_object_get(groups, b.buf), name);
    }
    if (json_object_size(groups))
        app_print(a, "\nWho sees and edits:\n");
    json_object_foreach (groups, who, items) {
        app_print(a, "  %s\n", who);
        print_wrapped(a, 6, items);
    }
}

/* What the plan is for, each pain point once, with its place in the context. */
static void print_reasons(struct app *a, const json_t *plan)
{
    AUTO_JSON json_t *seen = json_object();
    json_t *step, *why, *one;
    size_t i, k;
    const char *id;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        json_array_foreach (js_arr(step, "because"), k, why)
            if (planned(step) && js_str(why, "id"))
                json_object_set(seen, js_str(why, "id"), why);
    }
    json_object_foreach (seen, id, one)
        app_print(a, "  for %s \"%s\"  %s\n", id, js_str_or(one, "text", ""), js_str_or(one, "where", ""));
    if (json_object_size(seen))
        app_print(a, "\n");
}

static void print_problems(struct app *a, const json_t *plan)
{
    json_t *p;
    size_t i, alike = 0;
    const char *last = "";
    json_array_foreach (js_arr(plan, "problems"), i, p) {
        const char *level = js_str_or(p, "level", ""), *file = js_str_or(p, "file", "");
        alike = strcmp(last, js_str_or(p, "address", "")) ? 1 : alike + 1;
        last = js_str_or(p, "address", "");
        if (alike == W_ALIKE + 1)
            app_print(a, "            … and more of the same; all of them: zagent show --json\n");
        if (alike > W_ALIKE)
            continue;
        AUTO_FREE char *name = address_for_people(js_str_or(p, "address", ""));
        app_print(a, "%s  %s%s%s  %s: %s\n", i ? "" : "\n", app_paint(a, strcmp(level, "error") ? "yellow" : "red"),
                  level, app_paint(a, NULL), name, js_str_or(p, "text", ""));
        if (*file)
            app_print(a, "            where: %s\n", file);
    }
    json_array_foreach (js_arr(plan, "proposals"), i, p)
        app_print(a,
                  "%s  proposal  to use what is there, add this line to context/org-map.csv, your name at its end:\n"
                  "            %s,%s,\n",
                  i ? "" : "\n", js_str_or(p, "address", ""), js_str_or(p, "api_name", ""));
}

/* Records that exist today are what a manager asks about first. */
static void print_records(struct app *a, const json_t *plan)
{
    json_t *step, *c;
    size_t i, k;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const json_t *declared = js_obj(step, "declared");
        bool rules = json_array_size(js_arr(declared, "trigger")) != 0;
        if (strcmp(js_str_or(step, "kind", ""), "records") != 0 || !planned(step))
            continue;
        json_array_foreach (js_arr(step, "changes"), k, c)
            app_print(a, "Changes in %s: %s. %s; their Modified Time moves.\n", js_str_or(declared, "module", "?"),
                      js_str_or(c, "text", js_str_or(c, "path", "")),
                      rules ? "Rules run on them" : "No rule runs, no mail goes out");
    }
}

/* "51 by API (1052 of 74000 credits a day), 4 by hand (104 min), 2 waiting." with what is not zero. */
static void counts(struct sb *b, const json_t *plan, int64_t n_hand)
{
    const json_t *s = js_obj(plan, "summary");
    static const char *const rest[][2] = {{"wait", "waiting"}, {"blocked", "blocked"}, {"unchanged", "unchanged"}};
    int64_t day = js_int(js_obj(plan, "org"), "credits_per_day", 0);
    sb_addf(b, "%lld by API (%lld", (long long)js_int(s, "api", 0), (long long)js_int(s, "credits", 0));
    if (day)
        sb_addf(b, " of %lld", (long long)day);
    sb_addf(b, " credits%s), %lld by hand (%lld min)", day ? " a day" : "", (long long)n_hand,
            (long long)js_int(s, "minutes", 0));
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
        if (js_int(s, rest[i][0], 0))
            sb_addf(b, ", %lld %s", (long long)js_int(s, rest[i][0], 0), rest[i][1]);
}

static void print_summary(struct app *a, const json_t *plan, const char *digest)
{
    const json_t *s = js_obj(plan, "summary"), *hand = js_obj(s, "hand");
    int64_t n_hand = 0, mails = js_int(s, "mails", 0);
    const char *channel;
    json_t *v;
    AUTO_SB struct sb b = SB_INIT(1000);
    json_object_foreach ((json_t *)(uintptr_t)hand, channel, v)
        n_hand += json_integer_value(v);
    counts(&b, plan, n_hand);
    int64_t deleted = js_int(s, "delete", 0);
    app_print(a, "\n%s.  ", b.buf);
    if (deleted)
        app_print(a, "%s%lld deleted%s: apply asks for --allow-delete.\n", app_paint(a, "red"), (long long)deleted,
                  app_paint(a, NULL));
    else
        app_print(a, "Nothing is deleted.\n");
    print_records(a, plan);
    if (mails)
        app_print(a, "From then on %lld mail notification%s may go out by rule.\n", (long long)mails,
                  mails == 1 ? "" : "s");
    int64_t left = js_int(s, "api", 0) + n_hand + js_int(s, "wait", 0);
    if (!left && !js_int(s, "blocked", 0))
        app_print(a, json_array_size(js_arr(plan, "problems")) ? "Nothing to do by this plan; see what is said above.\n"
                                                               : "Nothing to do: the org is as the playbook says.\n");
    else
        app_print(a, "Saved plan %.12s  →  zagent apply %.12s\n", digest, digest);
}

static bool any_unknown(const json_t *plan)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        if (planned(step) && maybe_refused(step))
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
    app_print(a, "%sPlan %s%s   org %s (%s)\n", app_paint(a, "bold"), names.buf, app_paint(a, NULL),
              js_str_or(org, "name", "?"), js_str_or(org, "edition", "?"));
    if (!how->summary) {
        print_reasons(a, plan);
        print_steps(a, plan, how);
        if (any_unknown(plan))
            app_print(a, "\n  api? = not known yet whether this org allows it by API; if it refuses, it becomes a "
                         "step of the guide\n");
        print_access(a, plan);
    }
    print_problems(a, plan);
    print_summary(a, plan, how->digest);
}

void plan_print_rails(struct app *a, const json_t *findings)
{
    json_t *f;
    size_t i;
    json_array_foreach (findings, i, f) {
        bool error = !strcmp(js_str_or(f, "level", ""), "error");
        app_print(a, "%s%s%s  %s\n            fix: %s\n", app_paint(a, error ? "red" : "yellow"),
                  error ? "apply will refuse" : "apply will stop on the way", app_paint(a, NULL),
                  js_str_or(f, "text", ""), js_str_or(f, "fix", ""));
    }
    js_set(a->data, "rails", json_incref((json_t *)(uintptr_t)findings));
}

json_t *plan_public(const json_t *plan, const char *digest)
{
    static const char *const keep[] = {"id",    "address", "kind",  "title",   "playbook", "action",    "channel",
                                       "state", "because", "needs", "changes", "credits",  "tombstone", "minutes",
                                       "check", "access",  "notes", "blocked", "file"};
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
