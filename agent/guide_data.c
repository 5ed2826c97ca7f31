/* agent/guide_data.c — the data object that the wording gets (agent/guide.h names every key). */
#include "agent/guide_parts.h"
#include "base/clock.h"
#include "base/fs.h"
#include "plan/plan.h"

const json_t *guide_step_body(const struct guide *g, const json_t *step)
{
    (void)g;
    static const char *const keys[] = {"declared", "body", "want"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_object_size(js_obj(step, keys[i])))
            return js_obj(step, keys[i]);
    return NULL;
}

char *guide_step_module(const json_t *step, char **name)
{
    const struct kind *kind = NULL;
    char *module = NULL, *own = NULL;
    struct err none = {0};
    if (address_parse(js_str_or(step, "address", ""), &kind, &module, &own, &none) < 0)
        own = mem_dup(js_str_or(step, "title", ""));
    if (name)
        *name = own;
    else
        free(own);
    return module;
}

int64_t guide_step_number(const struct guide *g, const char *address)
{
    size_t i;
    json_t *s;
    json_array_foreach (g->all, i, s) {
        if (!strcmp(js_str_or(s, "address", ""), address))
            return (int64_t)i + 1;
    }
    return 0;
}

static const char *kind_words(const struct guide *g, const json_t *step)
{
    const char *kind = js_str_or(step, "kind", "");
    const char *title = guide_kind_word(g, kind, "title");
    return title ? title : kind;
}

static json_t *needs_of(struct guide *g, const json_t *step)
{
    json_t *out = json_array(), *need;
    size_t i;
    json_array_foreach (js_arr(step, "needs"), i, need) {
        const json_t *other = plan_step(g->in->plan, json_string_value(need));
        if (!other || !strcmp(js_str_or(other, "action", ""), "none"))
            continue;
        json_t *n = json_object();
        int64_t number = guide_step_number(g, json_string_value(need));
        js_set(n, "n", number ? json_integer(number) : json_null());
        js_set_str(n, "id", js_str(other, "id"));
        js_set_str(n, "title", js_str(other, "title"));
        js_set_str(n, "kind_title", kind_words(g, other));
        js_set_bool(n, "hand", number > 0);
        js_set_bool(n, "done", guide_step_done(g, other));
        js_set_bool(n, "last", false);
        json_array_append_new(out, n);
    }
    if (json_array_size(out))
        js_set_bool(json_array_get(out, json_array_size(out) - 1), "last", true);
    return out;
}

/* Whatever the plan foresaw: a step waits while something that it needs is not there. */
static bool open_needs(const json_t *needs)
{
    size_t i;
    json_t *n;
    json_array_foreach (needs, i, n) {
        if (!js_bool(n, "done", false))
            return true;
    }
    return false;
}

static json_t *done_of(const struct guide *g, const json_t *step)
{
    if (!guide_step_done(g, step))
        return json_null();
    const json_t *state = json_object_get(g->in->steps, js_str_or(step, "address", ""));
    json_t *done = json_object();
    char at[CLOCK_TEXT] = "";
    int64_t t = js_int(state, "at", -1);
    if (t >= 0)
        clock_local(t, js_str(g->in->org, "zone"), 0, at);
    js_set_str(done, "outcome", guide_word(g, "outcomes", js_str_or(state, "outcome", "")));
    js_set_str(done, "by", js_str(js_obj(state, "detail"), "by"));
    js_set_str(done, "at", at);
    return done;
}

/* What the org answered when it was asked by API: why this is by hand although others do it by API. */
static const char *refusal_of(const struct guide *g, const json_t *step)
{
    const json_t *state = json_object_get(g->in->steps, js_str_or(step, "address", ""));
    if (!state || strcmp(js_str_or(state, "outcome", ""), "refused") != 0)
        return NULL;
    const json_t *detail = js_obj(state, "detail");
    const char *why = js_str(detail, "message");
    return why ? why : js_str_or(detail, "code", js_str_or(detail, "why", "?"));
}

static json_t *texts(const json_t *list, const char *key)
{
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach (list, i, v)
        js_push_str(out, json_is_string(v) ? json_string_value(v) : js_str_or(v, key, ""));
    return out;
}

/* Items of a list with exactly these text keys, so that strict wording may name them. */
static json_t *rows_with(const json_t *list, const char *const *keys)
{
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach (list, i, v) {
        json_t *row = json_object();
        for (size_t k = 0; keys[k]; k++) {
            const json_t *part = json_object_get(v, keys[k]);
            AUTO_FREE char *text = part && !json_is_string(part) && !json_is_null(part)
                                       ? json_dumps(part, JSON_ENCODE_ANY | JSON_SORT_KEYS)
                                       : NULL;
            js_set_str(row, keys[k], text ? text : json_string_value(part));
        }
        json_array_append_new(out, row);
    }
    return out;
}

static json_t *hand_words(const json_t *hand)
{
    static const char *const keys[] = {"test_record", "test_as", "expected", "negative",
                                       "cleanup",     "undo",    "evidence", "note"};
    json_t *out = json_object();
    const char *k;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)hand, k, v) { /* what a kind adds for its own wording, as text */
        if (json_is_string(v))
            js_set_str(out, k, json_string_value(v));
        else if (json_is_array(v))
            js_set(out, k, texts(v, "name"));
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!json_object_get(out, keys[i]))
            js_set_str(out, keys[i], NULL);
    static const char *const lists[] = {"associate_in", "unlock"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!json_object_get(out, lists[i]))
            js_set(out, lists[i], json_array());
    return out;
}

static json_t *step_facts(struct guide *g, const json_t *step, int64_t n, const char *name)
{
    static const char *const why_keys[] = {"id", "text", "where", NULL}, *const change_keys[] = {"path", "from", "to",
                                                                                                 NULL};
    static const char *const copied[] = {"id", "address", "kind", "title", "state"};
    const char *kind = js_str_or(step, "kind", "");
    const json_t *hand = js_obj(step, "hand");
    bool attest = !strcmp(js_str_or(step, "channel", ""), "attest");
    json_t *s = json_object();
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        js_set_str(s, copied[i], js_str_or(step, copied[i], ""));
    js_set(s, "n", n ? json_integer(n) : json_null());
    js_set_str(s, "kind_title", kind_words(g, step));
    js_set(s, "name", guide_value(name, NULL));
    js_set_bool(s, "create", !strcmp(js_str_or(step, "action", ""), "create"));
    js_set_bool(s, "update", !strcmp(js_str_or(step, "action", ""), "update"));
    js_set_bool(s, "readable", !attest);
    js_set_bool(s, "witness", attest && js_str(hand, "negative"));
    js_set_bool(s, "attest", attest);
    js_set_int(s, "minutes", js_int(step, "minutes", 0));
    js_set_str(s, "owner", guide_step_owner(g, step));
    js_set_str(s, "as", js_str(hand, "as"));
    js_set_str(s, "permission", guide_kind_word(g, kind, "permission"));
    js_set_str(s, "risk", guide_kind_word(g, kind, "risk"));
    const json_t *blocked = json_object_get(step, "blocked");
    js_set_str(s, "blocked", json_is_string(blocked) ? json_string_value(blocked) : js_str(blocked, "why"));
    js_set(s, "done", done_of(g, step));
    js_set_str(s, "refused", refusal_of(g, step));
    json_t *needs = needs_of(g, step);
    js_set_bool(s, "has_needs", json_array_size(needs) > 0);
    js_set_bool(s, "waits", open_needs(needs));
    js_set(s, "needs", needs);
    js_set(s, "why", rows_with(js_arr(step, "because"), why_keys));
    js_set(s, "changes", rows_with(js_arr(step, "changes"), change_keys));
    js_set(s, "notes", texts(js_arr(step, "notes"), "text"));
    return s;
}

/* A publish step only names its Blueprint: states and transitions stand in the step that draws it. */
static const json_t *blueprint_body(const struct guide *g, const json_t *step, const char *module, const char *name)
{
    const char *kind = js_str_or(step, "kind", "");
    if (!strcmp(kind, "blueprint"))
        return guide_step_body(g, step);
    if (strcmp(kind, "blueprint_publish") != 0)
        return NULL;
    AUTO_FREE char *address = address_make("blueprint", module, name);
    const json_t *drawn = plan_step(g->in->plan, address);
    return drawn ? guide_step_body(g, drawn) : guide_step_body(g, step);
}

static json_t *base_data(struct guide *g)
{
    json_t *d = json_object(), *org = json_object(), *playbook = json_object();
    static const char *const org_keys[] = {"name", "zone", "zgid", "edition"}, *const pb_keys[] = {"name", "title",
                                                                                                   "summary"};
    for (size_t i = 0; i < 4; i++)
        js_set_str(org, org_keys[i], js_str_or(g->in->org, org_keys[i], ""));
    for (size_t i = 0; i < 3; i++)
        js_set_str(playbook, pb_keys[i], js_str_or(g->in->manifest, pb_keys[i], ""));
    js_set(d, "org", org);
    js_set(d, "playbook", playbook);
    js_set_str(d, "check", guide_check_note(g));
    return d;
}

json_t *guide_step_data(struct guide *g, const json_t *step, int64_t n, struct err *e)
{
    AUTO_FREE char *name = NULL;
    AUTO_FREE char *module = guide_step_module(step, &name);
    AUTO_JSON json_t *d = base_data(g);
    const json_t *body = guide_step_body(g, step), *artifact = js_obj(step, "artifact");
    js_set(d, "step", step_facts(g, step, n, js_str_or(body, "name", name)));
    js_set(d, "module", module ? guide_module(g, module) : json_null());
    js_set(d, "hand", hand_words(js_obj(step, "hand")));
    js_set(d, "body", guide_body(g, module, body));
    js_set(d, "rules", guide_rules(g, step));
    json_t *criteria = guide_criteria(g, module, js_obj(body, "criteria"));
    if (!criteria)
        criteria = guide_criteria(g, module, js_obj(body, "entry_criteria"));
    js_set(d, "criteria", criteria ? criteria : json_null());
    const char *source = js_str(artifact, "source");
    js_set(d, "source", source ? guide_value(source, NULL) : json_null());
    js_set_str(d, "source_path", js_str(artifact, "path"));
    const json_t *drawn = blueprint_body(g, step, module, name);
    json_t *blueprint = drawn ? guide_blueprint(g, module, drawn, e) : json_null();
    if (!blueprint)
        return NULL;
    js_set(d, "blueprint", blueprint);
    return json_incref(d);
}

/* ---- the document ---- */

/* One row a kind, in plan order: what zagent does is for knowing, not for doing. */
static json_t *kind_row(json_t *rows, const char *title)
{
    size_t i;
    json_t *row;
    json_array_foreach (rows, i, row) {
        if (!strcmp(js_str_or(row, "kind_title", ""), title))
            return js_arr(row, "items");
    }
    json_t *items = json_array();
    row = json_object();
    js_set_str(row, "kind_title", title);
    js_set(row, "items", items);
    json_array_append_new(rows, row);
    return items;
}

static json_t *api_steps(struct guide *g, json_t *blocked)
{
    json_t *out = json_array(), *step;
    size_t i;
    json_array_foreach (js_arr(g->in->plan, "steps"), i, step) {
        if (!plan_step_of(step, g->playbook) || guide_step_by_hand(g, step) ||
            !strcmp(js_str_or(step, "action", ""), "none"))
            continue;
        AUTO_FREE char *name = NULL;
        AUTO_FREE char *module = guide_step_module(step, &name);
        bool stuck = !strcmp(js_str_or(step, "state", ""), "blocked");
        json_t *facts = step_facts(g, step, 0, name);
        js_set(facts, "module", module ? guide_module(g, module) : json_null());
        json_array_append_new(stuck ? blocked : kind_row(out, kind_words(g, step)), facts);
    }
    json_t *row;
    json_array_foreach (out, i, row) {
        const json_t *items = js_arr(row, "items");
        size_t k, n = json_array_size(items);
        json_t *item;
        js_set_int(row, "count", (int64_t)n);
        json_array_foreach (items, k, item)
            js_set_bool(item, "last", k + 1 == n);
    }
    return out;
}

/* Fields by where they are known from, sorted by their key. */
static json_t *confirmed(struct guide *g, const char *from)
{
    json_t *out = json_array(), *v;
    const char *key;
    AUTO_JSON json_t *sorted = json_array();
    json_object_foreach (g->fields, key, v)
        js_push_str(sorted, key);
    js_array_sort(sorted, NULL);
    size_t i;
    json_t *k;
    json_array_foreach (sorted, i, k) {
        v = json_object_get(g->fields, json_string_value(k));
        if (!strcmp(js_str_or(v, "from", ""), from))
            json_array_append(out, v);
    }
    return out;
}

static json_t *why_all(struct guide *g)
{
    static const char *const keys[] = {"id", "text", "where", NULL};
    AUTO_JSON json_t *seen = json_object();
    AUTO_JSON json_t *all = json_array();
    size_t i, k;
    json_t *step, *b;
    json_array_foreach (js_arr(g->in->plan, "steps"), i, step) {
        if (!plan_step_of(step, g->playbook))
            continue;
        json_array_foreach (js_arr(step, "because"), k, b) {
            const char *id = js_str_or(b, "id", "");
            if (!json_object_get(seen, id))
                json_array_append(all, b);
            js_set_bool(seen, id, true);
        }
    }
    return rows_with(all, keys);
}

static json_t *blueprints(struct guide *g, struct err *e)
{
    AUTO_JSON json_t *out = json_array();
    size_t i;
    json_t *step;
    json_array_foreach (js_arr(g->in->plan, "steps"), i, step) {
        if (!plan_step_of(step, g->playbook) || strcmp(js_str_or(step, "kind", ""), "blueprint") != 0)
            continue;
        AUTO_FREE char *name = NULL;
        AUTO_FREE char *module = guide_step_module(step, &name);
        json_t *b = guide_blueprint(g, module, guide_step_body(g, step), e);
        if (!b)
            return NULL;
        js_set_str(b, "id", js_str(step, "id"));
        js_set(b, "name", guide_value(name, NULL));
        js_set(b, "module", guide_module(g, module ? module : ""));
        json_array_append_new(out, b);
    }
    return json_incref(out);
}

static void dates(const struct guide *g, json_t *d)
{
    char utc[CLOCK_TEXT], local[CLOCK_TEXT];
    clock_rfc3339(g->in->now, utc);
    clock_local(g->in->now, js_str(g->in->org, "zone"), 0, local);
    js_set_str(d, "date_utc", utc);
    js_set_str(d, "date", local);
}

/* {name, file, steps, minutes} of each owner, in the order of their first step; none in a page of one role. */
static json_t *roles(struct guide *g)
{
    json_t *out = json_array(), *step, *one;
    size_t i, k;
    json_array_foreach (g->all, i, step) {
        json_t *row = NULL;
        json_array_foreach (out, k, one) {
            if (!strcmp(js_str_or(one, "name", ""), guide_step_owner(g, step)))
                row = one;
        }
        if (!row && g->in->role)
            continue;
        if (!row) {
            AUTO_FREE char *slug = fs_slug(guide_step_owner(g, step));
            row = json_object();
            js_set_str(row, "name", guide_step_owner(g, step));
            js_set_strf(row, "file", "guide-%s.html", slug);
            json_array_append_new(out, row);
        }
        js_set_int(row, "steps", js_int(row, "steps", 0) + 1);
        js_set_int(row, "minutes", js_int(row, "minutes", 0) + js_int(step, "minutes", 0));
    }
    return out;
}

static json_t *counts(struct guide *g)
{
    json_t *d = json_object();
    int64_t minutes = 0, done = 0, total = (int64_t)json_array_size(g->hand);
    size_t i;
    json_t *step;
    json_array_foreach (g->hand, i, step) {
        bool is_done = guide_step_done(g, step);
        minutes += is_done ? 0 : js_int(step, "minutes", 0);
        done += is_done;
    }
    js_set_int(d, "total", total);
    js_set_int(d, "done", done);
    js_set_int(d, "open", total - done);
    js_set_int(d, "minutes", minutes);
    js_set_bool(d, "all_done", total > 0 && done == total);
    js_set_bool(d, "none_done", done == 0);
    js_set_bool(d, "nothing", total == 0);
    js_set_str(d, "owner", js_str_or(js_obj(g->in->manifest, "guide"), "owner", ""));
    js_set_str(d, "role", g->in->role);
    js_set(d, "roles", roles(g));
    js_set_bool(d, "has_roles", json_array_size(js_arr(d, "roles")) > 1);
    return d;
}

static json_t *pages(const struct guide *g)
{
    static const char *const names[] = {"intro", "emergency", "go_live", "monday"};
    json_t *d = json_object();
    for (size_t i = 0; i < 4; i++)
        js_set_str(d, names[i], js_str(js_obj(g->in->manifest, "pages"), names[i]));
    return d;
}

json_t *guide_document_data(struct guide *g, struct err *e)
{
    static const char *const question_keys[] = {"text", "where", NULL};
    AUTO_JSON json_t *d = base_data(g);
    char digest[65];
    json_t *count = counts(g), *blocked = json_array();
    js_set(d, "guide", count);
    dates(g, count);
    if (plan_digest(g->in->plan, digest, e) < 0)
        return NULL;
    js_set_str(count, "plan", digest);
    digest[12] = 0;
    js_set_str(count, "plan_short", digest);
    js_set(d, "pages", pages(g));
    json_t *api = api_steps(g, blocked);
    js_set_bool(d, "has_api", json_array_size(api) > 0);
    js_set_bool(d, "has_blocked", json_array_size(blocked) > 0);
    js_set(d, "api", api);
    js_set(d, "blocked", blocked);
    js_set(d, "why", why_all(g));
    json_t *bps = blueprints(g, e);
    if (!bps)
        return NULL;
    js_set_bool(d, "has_blueprints", json_array_size(bps) > 0);
    js_set(d, "blueprints", bps);
    json_t *questions = rows_with(js_arr(g->in->manifest, "open_questions"), question_keys);
    js_set_bool(d, "has_questions", json_array_size(questions) > 0);
    js_set(d, "questions", questions);
    static const char *const from[][3] = {{"org", "from_org", "has_from_org"},
                                          {"plan", "from_plan", "has_from_plan"},
                                          {"none", "unknown", "has_unknown"}};
    for (size_t i = 0; i < 3; i++) {
        json_t *list = confirmed(g, from[i][0]);
        js_set_bool(d, from[i][2], json_array_size(list) > 0);
        js_set(d, from[i][1], list);
    }
    return json_incref(d);
}
