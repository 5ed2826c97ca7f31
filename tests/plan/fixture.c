/* tests/plan/fixture.c — see fixture.h. */
#include "tests/plan/fixture.h"

#include "base/mem.h"
#include "plan/walk.h"
#include "tests/test.h"

json_t *json_of(const char *text)
{
    struct err e = {0};
    AUTO_FREE char *copy = mem_dup(text);
    for (char *p = copy; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *j = js_parse(copy, strlen(copy), "fixture", &e);
    if (!j)
        fail_msg("%s: %s in %s", e.where, e.what, text);
    return j;
}

static void add_resource(struct fixture *f, const json_t *o)
{
    struct err e = {0};
    json_t *need;
    size_t i;
    struct resource r = {.address = mem_dup(js_str_or(o, "address", "")),
                         .playbook = mem_dup(js_str_or(o, "playbook", "demo")),
                         .body = json_deep_copy(json_object_get(o, "body")),
                         .because = json_deep_copy(json_object_get(o, "because")),
                         .hand = json_deep_copy(json_object_get(o, "hand")),
                         .artifact = json_deep_copy(json_object_get(o, "artifact")),
                         .file = js_str(o, "file") ? mem_dup(js_str(o, "file")) : NULL,
                         .line = (int)js_int(o, "line", 0)};
    json_array_foreach (js_arr(o, "needs"), i, need)
        strset_add(&r.needs, json_string_value(need));
    if (desired_add(&f->desired, &r, &e) < 0)
        fail_msg("fixture resource: %s", e.what);
}

static void put(struct fixture *f, const char *list, const json_t *value)
{
    json_t *refused = js_obj(value, "@refused");
    if (refused)
        snapshot_put_refused(&f->snapshot, list, js_str_or(refused, "code", ""), (long)js_int(refused, "http", 403));
    else
        snapshot_put(&f->snapshot, list, json_deep_copy(value));
}

static const struct strset *patterns(const json_t *list, struct strset *out)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        strset_add(out, json_string_value(one));
    return json_array_size(list) ? out : NULL;
}

/* A list that the situation does not speak of was read and is empty, as in an org without any. */
static void fill_up(struct fixture *f)
{
    struct strset reads = {0};
    plan_reads(&f->desired, js_obj(f->doc, "names"), &reads);
    for (size_t i = 0; i < reads.n; i++)
        if (!json_object_get(f->snapshot.res, reads.item[i]) && strncmp(reads.item[i], "function_code/", 14) != 0)
            snapshot_put(&f->snapshot, reads.item[i], json_array());
    strset_release(&reads);
}

void fixture_open(struct fixture *f, json_t *doc)
{
    const char *name;
    json_t *value;
    size_t i;
    *f = (struct fixture){.doc = doc};
    snapshot_init(&f->snapshot);
    json_object_foreach (js_obj(doc, "snapshot"), name, value)
        put(f, name, value);
    json_array_foreach (js_arr(doc, "desired"), i, value)
        add_resource(f, value);
    if (!js_bool(doc, "unread", false))
        fill_up(f);
    f->in = (struct plan_input){.desired = &f->desired,
                                .snapshot = &f->snapshot,
                                .names = js_obj(doc, "names"),
                                .capabilities = js_obj(doc, "capabilities"),
                                .attested = js_obj(doc, "attested"),
                                .checks = js_obj(doc, "checks"),
                                .org = js_obj(doc, "org"),
                                .standards = js_arr(doc, "standards"),
                                .target = patterns(js_arr(doc, "target"), &f->target),
                                .exclude = patterns(js_arr(doc, "exclude"), &f->exclude)};
}

void fixture_open_text(struct fixture *f, const char *json)
{
    fixture_open(f, json_of(json));
}

void fixture_close(struct fixture *f)
{
    desired_release(&f->desired);
    snapshot_release(&f->snapshot);
    strset_release(&f->target);
    strset_release(&f->exclude);
    json_decref(f->doc);
}

json_t *fixture_plan(struct fixture *f)
{
    struct err e = {0};
    json_t *plan;
    if (plan_build(&f->in, &plan, &e) < 0)
        fail_msg("plan_build: %s (%s)", e.what, e.where);
    if (plan_check(plan, &e) < 0)
        fail_msg("plan_check: %s (%s)", e.what, e.where);
    return plan;
}

struct kind_view fixture_view(const struct fixture *f)
{
    return (struct kind_view){&f->snapshot, &f->desired, f->in.names};
}

void fixture_put(struct fixture *f, const char *list, const char *json)
{
    snapshot_put(&f->snapshot, list, json_of(json));
}

static void differs(const json_t *want, const json_t *have, const char *path, json_t *out)
{
    AUTO_FREE char *w = json_dumps(want, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    AUTO_FREE char *h = have ? json_dumps(have, JSON_ENCODE_ANY | JSON_SORT_KEYS) : mem_dup("absent");
    AUTO_FREE char *line = mem_printf("%s: wanted %s, got %s", path, w, h);
    json_array_append_new(out, json_string(line));
}

void fixture_compare(const json_t *want, const json_t *have, const char *path, json_t *out)
{
    const char *key, *text = json_string_value(want);
    json_t *value;
    size_t i;
    if (json_is_object(want) && json_is_object(have)) {
        json_object_foreach (walk(want), key, value) {
            AUTO_FREE char *sub = mem_printf("%s.%s", path, key);
            fixture_compare(value, json_object_get(have, key), sub, out);
        }
        return;
    }
    if (json_is_array(want) && json_array_size(want) == json_array_size(have)) {
        json_array_foreach (want, i, value) {
            AUTO_FREE char *sub = mem_printf("%s[%zu]", path, i);
            fixture_compare(value, json_array_get(have, i), sub, out);
        }
        return;
    }
    if (json_is_null(want) && (!have || json_is_null(have)))
        return;
    if (text && *text == '~' && json_is_string(have) && strstr(json_string_value(have), text + 1))
        return;
    if (!json_equal(want, have))
        differs(want, have, path, out);
}
