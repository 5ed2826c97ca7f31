/* plan/diff.c — what differs between two normalised trees, one line a place that a person would name. */
#include "base/mem.h"
#include "base/sb.h"
#include "plan/plan.h"
#include "plan/walk.h"

static void push(json_t *changes, const char *path, const json_t *from, const json_t *to)
{
    json_t *c = json_object();
    js_set_str(c, "path", path);
    if (from)
        js_set(c, "from", json_deep_copy(from));
    if (to)
        js_set(c, "to", json_deep_copy(to));
    json_array_append_new(changes, c);
}

static bool nothing(const json_t *j)
{
    return !j || json_is_null(j);
}

static void diff_objects(const json_t *from, const json_t *to, const char *path, json_t *changes)
{
    struct strset keys = {0};
    const char *key;
    json_t *value;
    json_object_foreach (walk(from), key, value)
        strset_add(&keys, key);
    json_object_foreach (walk(to), key, value)
        strset_add(&keys, key);
    for (size_t i = 0; i < keys.n; i++) {
        const char *k = keys.item[i];
        AUTO_FREE char *sub = *path ? mem_printf("%s.%s", path, k) : mem_dup(k);
        plan_diff(json_object_get(from, k), json_object_get(to, k), sub, changes);
    }
    strset_release(&keys);
}

void plan_diff(const json_t *from, const json_t *to, const char *path, json_t *changes)
{
    if (nothing(from) && nothing(to))
        return;
    if ((json_is_object(to) || nothing(to)) && (json_is_object(from) || nothing(from)))
        diff_objects(from, to, path, changes);
    else if (!json_equal(from, to))
        push(changes, path, from, to);
}
