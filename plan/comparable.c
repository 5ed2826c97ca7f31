/* plan/comparable.c — scalars as text, structures without order, live structures cut down to what was asked for. */
#include "base/mem.h"
#include "plan/spec.h"
#include "plan/walk.h"

json_t *scalar_text(const json_t *value)
{
    if (json_is_string(value)) {
        const char *s = json_string_value(value);
        return *s ? json_string(s) : json_null();
    }
    if (json_is_boolean(value))
        return json_string(json_is_true(value) ? "true" : "false");
    if (!json_is_integer(value))
        return json_null();
    AUTO_FREE char *text = mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_string(text);
}

json_t *copy_object(const json_t *value)
{
    return json_is_object(value) ? json_deep_copy(value) : json_object();
}

static char *sort_key(const json_t *j)
{
    char *text = json_dumps(j, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    return text ? text : mem_dup("");
}

struct keyed {
    char *key;
    json_t *item;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct keyed *)a)->key, ((const struct keyed *)b)->key);
}

/* Takes over `list`. */
static json_t *sorted(json_t *list)
{
    size_t n = json_array_size(list);
    struct keyed *k = mem_grow(NULL, n + 1, sizeof *k);
    for (size_t i = 0; i < n; i++) {
        k[i].item = json_array_get(list, i);
        k[i].key = sort_key(k[i].item);
    }
    qsort(k, n, sizeof *k, by_key);
    json_t *out = json_array();
    for (size_t i = 0; i < n; i++) {
        json_array_append(out, k[i].item);
        free(k[i].key);
    }
    free(k);
    json_decref(list);
    return out;
}

json_t *canon(const json_t *want)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_array(want)) {
        json_t *out = json_array();
        json_array_foreach (want, i, value)
            json_array_append_new(out, canon(value));
        return json_array_size(out) ? sorted(out) : (json_decref(out), json_null());
    }
    if (!json_is_object(want))
        return scalar_text(want);
    json_t *out = json_object();
    json_object_foreach (walk(want), key, value) {
        json_t *c = canon(value);
        if (json_is_null(c))
            json_decref(c);
        else
            js_set(out, key, c);
    }
    return out;
}

/* What tells one element of a list from another. */
static const char *identity(const json_t *o)
{
    static const char *const keys[] = {"api_name", "name", "actual_value", "type"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (js_str(o, keys[i]))
            return js_str(o, keys[i]);
    return NULL;
}

static size_t partner(const json_t *want, const json_t *have, const bool *taken)
{
    const char *name = identity(want), *other;
    json_t *item;
    size_t i;
    json_array_foreach (have, i, item) {
        other = identity(item);
        if (!taken[i] && (name ? other && !strcmp(name, other) : json_equal(want, item)))
            return i;
    }
    return SIZE_MAX;
}

/* Elements that match a wanted one are cut down to it; the others stay whole, so that they show as a difference. */
static json_t *project_list(const json_t *have, const json_t *want)
{
    json_t *out = json_array(), *item;
    size_t i;
    bool *taken = mem_zalloc(json_array_size(have) + 1);
    json_array_foreach (want, i, item) {
        size_t k = partner(item, have, taken);
        if (k == SIZE_MAX)
            continue;
        taken[k] = true;
        json_array_append_new(out, project(json_array_get(have, k), item));
    }
    json_array_foreach (have, i, item)
        if (!taken[i])
            json_array_append_new(out, canon(item));
    free(taken);
    return json_array_size(out) ? sorted(out) : (json_decref(out), json_null());
}

json_t *project(const json_t *have, const json_t *want)
{
    const char *key;
    json_t *value;
    if (json_is_array(want) && json_is_array(have))
        return project_list(have, want);
    if (!json_is_object(want) || !json_is_object(have))
        return canon(have);
    json_t *out = json_object();
    json_object_foreach (walk(want), key, value) {
        json_t *p = project(json_object_get(have, key), value);
        if (json_is_null(p))
            json_decref(p);
        else
            js_set(out, key, p);
    }
    return out;
}
