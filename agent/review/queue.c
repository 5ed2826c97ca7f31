/* agent/review/queue.c — the records of a review with what the rules propose, in the order in which they should be decided. */
#include "agent/review/review.h"
#include "base/digest.h"
#include "base/text.h"
#include "render/render.h"

enum { CHECK_DIGITS = 10 };

struct building {
    const json_t *review, *org;
    struct rules *rules;
    json_t *decided; /* key → decision */
    json_t *keys;    /* key → number of records */
    json_t *names;   /* folded name → key of the first */
};

static char *cell(const json_t *row, const char *column)
{
    json_t *v = json_object_get(row, column);
    if (json_is_string(v))
        return mem_dup(json_string_value(v));
    if (json_is_integer(v))
        return mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (json_is_boolean(v))
        return mem_dup(json_is_true(v) ? "yes" : "no");
    return mem_dup(js_str_or(v, "name", ""));
}

static json_t *shown_of(const struct building *b, const json_t *row)
{
    json_t *out = json_object(), *column;
    size_t i;
    json_array_foreach (js_arr(b->review, "show"), i, column) {
        AUTO_FREE char *text = cell(row, json_string_value(column));
        js_set_str(out, json_string_value(column), text);
    }
    return out;
}

/* Changes when anything does that the proposal or the person stood on. "k" in front: a sheet takes it for no number. */
static void set_check(json_t *item)
{
    static const char *const parts[] = {"id", "key", "now", "shown"};
    AUTO_JSON json_t *o = json_object();
    char hex[65];
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        json_object_set(o, parts[i], json_object_get(item, parts[i]));
    js_digest(o, hex, NULL);
    js_set_strf(item, "check", "k%.*s", CHECK_DIGITS, hex);
}

static const char *title_of(const struct building *b, const json_t *item)
{
    const char *column = json_string_value(json_array_get(js_arr(b->review, "show"), 0));
    return column ? js_str_or(js_obj(item, "shown"), column, "") : "";
}

static void propose(struct building *b, json_t *item)
{
    json_t *p = rules_propose(b->rules, js_obj(item, "shown"));
    AUTO_FREE char *name = text_fold(title_of(b, item));
    const char *twin = *name ? js_str(b->names, name) : NULL;
    AUTO_FREE char *remark = twin ? mem_printf("has the same name as %s", twin) : NULL;
    if (remark)
        js_push_str(js_arr(p, "remarks"), remark);
    else if (*name)
        js_set_str(b->names, name, js_str_or(item, "key", ""));
    if (!js_array_has(js_arr(b->review, "reviewers"), js_str_or(p, "reviewer", "")))
        js_set_str(p, "reviewer", json_string_value(json_array_get(js_arr(b->review, "reviewers"), 0)));
    json_object_update(item, p);
    json_decref(p);
}

/* A key that a spreadsheet would compute, or that tells nothing apart, cannot be decided by: it is to be mended in the org. */
static const char *stuck_of(const struct building *b, const char *key)
{
    AUTO_FREE char *plain = render_escape(RENDER_CSV_SHEET, key);
    if (!*key)
        return "has no key";
    if (js_int(b->keys, key, 0) > 1)
        return "its key is on more than one record";
    return *plain == '\'' || !strncmp(plain, "\"'", 2) ? "its key begins like a formula" : NULL;
}

static void set_state(const struct building *b, json_t *item, const json_t *row)
{
    const char *key = js_str_or(item, "key", ""), *stuck = stuck_of(b, key), *done = js_str(b->review, "done");
    const json_t *decision = *key ? js_obj(b->decided, key) : NULL;
    AUTO_FREE char *when = done ? cell(row, done) : NULL;
    bool marked = when && *when;
    const char *state = "open";
    if (stuck) {
        state = "stuck";
        js_set_str(item, "why", stuck);
    } else if (decision) {
        bool same = !strcmp(js_str_or(decision, "value", ""), js_str_or(item, "now", ""));
        state = same && (!done || marked) ? "written" : "decided";
    } else if (marked && *js_str_or(item, "now", "")) {
        state = "written"; /* by somebody in the org itself */
    }
    js_set_str(item, "state", state);
}

static json_t *item_of(struct building *b, const json_t *row)
{
    AUTO_FREE char *key = cell(row, js_str_or(b->review, "key", ""));
    AUTO_FREE char *now = cell(row, js_str_or(b->review, "field", ""));
    const char *id = js_str_or(row, "id", "");
    json_t *item = json_object();
    js_set_str(item, "id", id);
    js_set_str(item, "key", key);
    js_set_str(item, "now", now);
    js_set(item, "shown", shown_of(b, row));
    js_set_int(item, "uses", js_int(js_obj(b->org, "uses"), id, 0));
    set_check(item);
    propose(b, item);
    set_state(b, item, row);
    return item;
}

/* Used ones first; then those that are proposed alike beside each other, which is quicker to look through. */
static int by_order(const void *x, const void *y)
{
    const json_t *a = *(json_t *const *)x, *b = *(json_t *const *)y;
    int64_t ua = js_int(a, "uses", 0), ub = js_int(b, "uses", 0);
    if (ua != ub)
        return ua > ub ? -1 : 1;
    int rc = strcmp(js_str_or(a, "value", "\xff"), js_str_or(b, "value", "\xff"));
    if (rc == 0)
        rc = strcmp(js_str_or(a, "key", ""), js_str_or(b, "key", ""));
    return rc ? rc : strcmp(js_str_or(a, "id", ""), js_str_or(b, "id", ""));
}

static json_t *ordered(const json_t *list)
{
    size_t n = json_array_size(list);
    json_t **v = mem_zalloc((n + 1) * sizeof *v), *out = json_array();
    for (size_t i = 0; i < n; i++)
        v[i] = json_array_get(list, i);
    qsort(v, n, sizeof(json_t *), by_order);
    for (size_t i = 0; i < n; i++)
        json_array_append(out, v[i]);
    free(v);
    return out;
}

json_t *queue_build(const json_t *review, const json_t *org, const json_t *decisions, struct err *e)
{
    struct building b = {.review = review, .org = org, .rules = rules_new(js_arr(review, "rules"), e)};
    AUTO_JSON json_t *decided = json_object(), *keys = json_object(), *names = json_object(), *list = json_array();
    json_t *row;
    size_t i;
    if (!b.rules)
        return NULL;
    b.decided = decided;
    b.keys = keys;
    b.names = names;
    json_array_foreach (decisions, i, row)
        json_object_set(decided, js_str_or(row, "key", ""), row);
    json_array_foreach (js_arr(org, "rows"), i, row) {
        AUTO_FREE char *key = cell(row, js_str_or(review, "key", ""));
        js_set_int(keys, key, js_int(keys, key, 0) + 1);
    }
    json_array_foreach (js_arr(org, "rows"), i, row)
        json_array_append_new(list, item_of(&b, row));
    rules_free(b.rules);
    return ordered(list);
}
