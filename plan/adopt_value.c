/* plan/adopt_value.c — live values as a playbook writes them: names for ids, nothing that Zoho adds by itself. */
#include "base/mem.h"
#include "base/text.h"
#include "plan/adopting.h"
#include "plan/walk.h"

/* Members of a reference that say nothing beside its name. */
static bool beside_a_name(const char *key)
{
    static const char *const keys[] = {"id",    "api_name",  "name", "display_label", "crypt", "_pin",
                                       "email", "full_name", "zuid", "display_value", "label", "plural_label"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strcmp(key, keys[i]))
            return true;
    return false;
}

static bool is_reference(const json_t *o)
{
    const char *key;
    json_t *value;
    if (!js_str(o, "id") || !ref_name(o))
        return false;
    json_object_foreach (walk(o), key, value)
        if (!beside_a_name(key) && !json_is_null(value))
            return false;
    return true;
}

static bool is_stamp(const char *key)
{
    return !strcmp(key, "created_time") || !strcmp(key, "created_by") || !strcmp(key, "modified_time") ||
           !strcmp(key, "modified_by");
}

/* An id stays only where nothing else says what is meant: {type, id}. */
static bool needs_its_id(const json_t *o)
{
    return js_str(o, "type") && !ref_name(o) && !json_object_get(o, "actions");
}

static bool empty(const json_t *v)
{
    return !v || json_is_null(v) || (json_is_array(v) && !json_array_size(v)) ||
           (json_is_object(v) && !json_object_size(v));
}

/* Servers give members in any order, people read them in this one; the rest follows by name. */
static int rank(const char *key)
{
    static const char *const first[] = {"name",
                                        "api_name",
                                        "type",
                                        "sequence_number",
                                        "execute_after",
                                        "field",
                                        "sequence",
                                        "comparator",
                                        "group_operator",
                                        "value",
                                        "group",
                                        "trigger_module",
                                        "criteria_details",
                                        "criteria",
                                        "owners",
                                        "during_inputs",
                                        "instant_actions",
                                        "scheduled_actions",
                                        "actions"};
    enum { N = sizeof first / sizeof *first };
    for (int i = 0; i < N; i++)
        if (!strcmp(key, first[i]))
            return i;
    return N;
}

static int by_rank(const void *x, const void *y)
{
    const char *a = *(const char *const *)x, *b = *(const char *const *)y;
    int d = rank(a) - rank(b);
    return d ? d : strcmp(a, b);
}

/* Takes over `o`. */
static json_t *in_order(json_t *o)
{
    size_t n = 0;
    const char *key, **keys = mem_grow(NULL, json_object_size(o) + 1, sizeof *keys);
    json_t *value, *out = json_object();
    json_object_foreach (o, key, value)
        keys[n++] = key;
    if (n)
        qsort(keys, n, sizeof *keys, by_rank);
    for (size_t i = 0; i < n; i++)
        json_object_set(out, keys[i], json_object_get(o, keys[i]));
    free(keys);
    json_decref(o);
    return out;
}

/* "type": "value" of a criteria's leaf goes without saying. */
static bool goes_without_saying(const json_t *o, const char *key)
{
    return !strcmp(key, "type") && js_str(o, "comparator") && !strcmp(js_str_or(o, "type", ""), "value");
}

static json_t *cleaned(const json_t *live)
{
    json_t *out, *value;
    const char *key;
    size_t i;
    if (json_is_array(live)) {
        out = json_array();
        json_array_foreach (live, i, value)
            json_array_append_new(out, cleaned(value));
        return out;
    }
    if (!json_is_object(live))
        return live ? json_deep_copy(live) : json_null();
    if (is_reference(live))
        return js_str(live, "api_name") ? adopt_named("api_name", js_str(live, "api_name"))
                                        : adopt_named("name", js_str(live, "name"));
    out = json_object();
    json_object_foreach (walk(live), key, value) {
        bool drop = is_stamp(key) || goes_without_saying(live, key) || (!strcmp(key, "id") && !needs_its_id(live));
        json_t *own = drop ? json_null() : cleaned(value);
        if (empty(own))
            json_decref(own);
        else
            json_object_set_new(out, key, own);
    }
    return in_order(out);
}

json_t *adopt_named(const char *key, const char *name)
{
    json_t *o = json_object();
    js_set_str(o, key, name);
    return o;
}

json_t *adopt_value(const struct prop_ctx *c, const json_t *live)
{
    (void)c;
    json_t *out = cleaned(live); /* false is what such a property is when nobody says a word */
    return empty(out) || json_is_false(out) ? (json_decref(out), json_null()) : out;
}

json_t *adopt_scalar(const struct prop_ctx *c, const json_t *live)
{
    (void)c;
    const char *text = json_string_value(live);
    return !live || json_is_object(live) || json_is_array(live) || (text && !*text) ? json_null()
                                                                                    : json_deep_copy(live);
}

json_t *adopt_list(const struct prop_ctx *c, const json_t *live,
                   json_t *(*one)(const struct prop_ctx *c, const json_t *live))
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (live, i, item) {
        json_t *own = one(c, item);
        if (json_is_null(own))
            json_decref(own);
        else
            json_array_append_new(out, own);
    }
    return json_array_size(out) ? out : (json_decref(out), json_null());
}
