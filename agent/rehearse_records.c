#include "agent/rehearse_records.h"

#include "sandbox/inside.h"

enum { EXAMPLES = 5, CHANGES = 8 };

struct tally {
    struct sandbox *sb;
    const char *module;
    int64_t refused, changed, mails, failed;
    json_t *refusals, *changes; /* text → {n, ids}, "field → value" → {field, value, n} */
};

static void count_refusal(struct tally *t, const json_t *result, const char *id)
{
    const char *text = js_str_or(result, "message", "refused");
    json_t *row = js_obj(t->refusals, text);
    if (!row) {
        row = json_pack("{s:s,s:i,s:[]}", "text", text, "n", 0, "ids");
        js_set(t->refusals, text, row);
    }
    js_set_int(row, "n", js_int(row, "n", 0) + 1);
    if (json_array_size(js_arr(row, "ids")) < EXAMPLES)
        js_push_str(js_arr(row, "ids"), id);
    t->refused++;
}

static char *shown(const json_t *v)
{
    if (json_is_object(v))
        return mem_dup(js_str_or(v, "name", ""));
    char *text = v && !json_is_null(v) ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12)) : NULL;
    return text ? text : mem_dup("empty");
}

static bool kept_by_the_system(const char *field)
{
    return strncmp(field, "Modified_", 9) == 0 || field[0] == '$';
}

/* Texts are as many as records: only that they change is counted, not to what. */
static bool count_changes(struct tally *t, const json_t *before, const json_t *after)
{
    const char *k;
    json_t *v;
    bool any = false;
    json_object_foreach ((json_t *)(uintptr_t)after, k, v) {
        const json_t *was = json_object_get(before, k);
        if (kept_by_the_system(k) || json_equal(v, was))
            continue;
        any = true;
        AUTO_FREE char *to = shown(v);
        const char *value = strlen(to) > 40 ? "a text" : to;
        AUTO_FREE char *key = mem_printf("%s=%s", k, value);
        json_t *row = js_obj(t->changes, key);
        if (!row) {
            row = json_pack("{s:s,s:s,s:i}", "field", k, "value", value, "n", 0);
            js_set(t->changes, key, row);
        }
        js_set_int(row, "n", js_int(row, "n", 0) + 1);
    }
    return any;
}

static json_t *read_record(struct tally *t, const char *id)
{
    AUTO_FREE char *url = mem_printf("/crm/v8/%s/%s", t->module, id);
    AUTO_JSON json_t *answer = NULL;
    sandbox_call(t->sb, NULL, "GET", url, NULL, &answer);
    json_t *r = js_path(answer, "data[0]");
    return r ? json_incref(r) : NULL;
}

static int64_t kind_count(const json_t *status, const char *kind)
{
    return js_int(js_obj(status, "happened"), kind, 0);
}

static void save_once(struct tally *t, const char *id)
{
    AUTO_JSON json_t *nothing = json_object();
    sandbox_trial_begin(t->sb);
    AUTO_JSON json_t *before = read_record(t, id);
    AUTO_JSON json_t *was = sandbox_status(t->sb);
    AUTO_JSON json_t *r = sandbox_form(t->sb, NULL, t->module, id, nothing);
    if (strcmp(js_str_or(r, "status", ""), "success") != 0) {
        count_refusal(t, r, id);
    } else {
        AUTO_JSON json_t *after = read_record(t, id);
        AUTO_JSON json_t *is = sandbox_status(t->sb);
        t->changed += count_changes(t, before, after);
        t->mails += kind_count(is, "mail") - kind_count(was, "mail");
        t->failed += kind_count(is, "failed") > kind_count(was, "failed");
    }
    sandbox_trial_end(t->sb);
}

static bool is_user(const char *field)
{
    return strcmp(field, "Owner") == 0 || strcmp(field, "Created_By") == 0 || strcmp(field, "Modified_By") == 0;
}

/* Records that a lookup of the samples points to and that are no samples: what a rule reads there is missing here. */
static void unknown_lookups(struct sandbox *sb, const json_t *v, const char *field, json_t *seen, json_t *out)
{
    const char *k, *id = json_is_object(v) ? js_str(v, "id") : NULL;
    size_t i;
    json_t *one;
    if (id && field && js_str(v, "name")) {
        if (!json_object_get(seen, id) && !sandbox_has(sb, id))
            js_set_int(out, field, js_int(out, field, 0) + 1);
        js_set_bool(seen, id, true);
        return;
    }
    json_object_foreach ((json_t *)(uintptr_t)v, k, one)
        if (k[0] != '$' && !is_user(k))
            unknown_lookups(sb, one, k, seen, out);
    json_array_foreach (v, i, one)
        unknown_lookups(sb, one, field, seen, out);
}

static int by_number(const void *a, const void *b)
{
    int64_t x = js_int(*(json_t *const *)a, "n", 0), y = js_int(*(json_t *const *)b, "n", 0);
    return x < y ? 1 : x > y ? -1 : 0;
}

/* The rows of an object, most frequent first, `max` at most. */
static json_t *most(const json_t *rows, size_t max)
{
    json_t **list = mem_zalloc((json_object_size(rows) + 1) * sizeof *list), *out = json_array(), *v;
    const char *k;
    size_t n = 0;
    json_object_foreach ((json_t *)(uintptr_t)rows, k, v)
        list[n++] = v;
    qsort(list, n, sizeof(*list), by_number);
    for (size_t i = 0; i < n && i < max; i++)
        json_array_append(out, list[i]);
    free(list);
    return out;
}

static json_t *one_module(struct sandbox *sb, const json_t *sample)
{
    struct tally t = {
        .sb = sb, .module = js_str_or(sample, "module", ""), .refusals = json_object(), .changes = json_object()};
    AUTO_JSON json_t *seen = json_object();
    json_t *unknown = json_object(), *row, *o = json_object();
    size_t i;
    json_array_foreach (js_arr(sample, "rows"), i, row) {
        save_once(&t, js_str_or(row, "id", "0"));
        unknown_lookups(sb, row, NULL, seen, unknown);
    }
    js_set_str(o, "module", t.module);
    js_set_int(o, "of", (int64_t)json_array_size(js_arr(sample, "rows")));
    js_set_str(o, "taken_at", js_str(sample, "taken_at"));
    js_set_int(o, "refused", t.refused);
    js_set_int(o, "changed", t.changed);
    js_set_int(o, "mails", t.mails);
    js_set_int(o, "failed", t.failed);
    js_set(o, "refusals", most(t.refusals, EXAMPLES));
    js_set(o, "changes", most(t.changes, CHANGES));
    js_set(o, "unknown_lookups", unknown);
    json_decref(t.refusals);
    json_decref(t.changes);
    return o;
}

json_t *rehearse_records(struct sandbox *sb, const json_t *samples, const struct strset *modules)
{
    json_t *out = json_array(), *sample;
    size_t i;
    json_array_foreach (samples, i, sample)
        if (strset_has(modules, js_str_or(sample, "module", "")))
            json_array_append_new(out, one_module(sb, sample));
    return out;
}
