#include "agent/audit/difference.h"

#include <string.h>

#include "agent/audit/things.h"
#include "base/sb.h"

enum { SHOWN = 120, DETAILS = 3 };

/* ---- what of an object counts ---- */

static const char *const passing[] = {
    "created_time",    "created_by",       "sequence_number", "_default_view", "_default_assignment_view",
    "actions_allowed", "has_more_profiles"};
static const char *const by_org[] = {"id", "zgid", "created_time__s", "created_by__s", "domain_name"};

static bool in(const char *key, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strcmp(key, list[i]))
            return true;
    return false;
}

static json_t *core(const json_t *j, enum difference_mode mode);

static json_t *placed(const json_t *fields)
{
    json_t *out = json_array();
    const json_t *f;
    size_t i;
    json_array_foreach (fields, i, f) {
        json_t *o = json_object();
        js_set_str(o, "api_name", js_str_or(f, "api_name", ""));
        js_set_bool(o, "required", js_bool(f, "required", false));
        json_array_append_new(out, o);
    }
    return out;
}

static json_t *core(const json_t *j, enum difference_mode mode)
{
    const char *k;
    json_t *v, *out;
    size_t i;
    if (json_is_array(j)) {
        out = json_array();
        json_array_foreach (j, i, v)
            json_array_append_new(out, core(v, mode));
        return out;
    }
    if (!json_is_object(j))
        return json_incref((json_t *)(uintptr_t)j);
    out = json_object();
    json_object_foreach ((json_t *)(uintptr_t)j, k, v)
        if (!in(k, passing, sizeof passing / sizeof *passing) &&
            (mode == DIFFERENCE_SAME_ORG || !in(k, by_org, sizeof by_org / sizeof *by_org)))
            js_set(out, k, core(v, mode));
    return out;
}

static json_t *core_of(const struct thing *t, enum difference_mode mode)
{
    json_t *o = core(t->o, mode), *section;
    size_t i;
    if (!strcmp(t->kind, "layout"))
        json_array_foreach (js_arr(o, "sections"), i, section)
            if (js_arr(section, "fields"))
                js_set(section, "fields", placed(js_arr(section, "fields")));
    return o;
}

/* ---- property by property ---- */

static char *shown(const json_t *v)
{
    if (!v || json_is_null(v))
        return mem_dup("nothing");
    if (json_is_string(v))
        return mem_printf("\"%.*s\"", SHOWN, json_string_value(v));
    AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    return mem_printf("%.*s", SHOWN, text ? text : "");
}

static void note(json_t *changes, const char *path, const json_t *from, const json_t *to)
{
    AUTO_FREE char *a = shown(from);
    AUTO_FREE char *b = shown(to);
    json_t *c = json_object();
    js_set_str(c, "path", path);
    js_set_str(c, "from", a);
    js_set_str(c, "to", b);
    json_array_append_new(changes, c);
}

/* What an element of a list is called. */
static const char *called(const json_t *o)
{
    static const char *const keys[] = {"api_name", "actual_value", "name", "display_label", "id", "type"};
    const json_t *field = js_obj(o, "field");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (js_str(o, keys[i]))
            return js_str(o, keys[i]);
    return js_str(field, "api_name");
}

static const json_t *element(const json_t *list, const char *name)
{
    const json_t *o;
    size_t i;
    json_array_foreach (list, i, o)
        if (name && called(o) && !strcmp(called(o), name))
            return o;
    return NULL;
}

static void compare(json_t *changes, const char *path, const json_t *from, const json_t *to);

static bool nameable(const json_t *list)
{
    const json_t *o;
    size_t i;
    json_array_foreach (list, i, o)
        if (!called(o) || element(list, called(o)) != o)
            return false;
    return json_array_size(list) > 0;
}

static json_t *order_of(const json_t *list)
{
    AUTO_SB struct sb b = SB_INIT(4000);
    const json_t *o;
    size_t i;
    json_array_foreach (list, i, o)
        sb_addf(&b, "%s%s", i ? ", " : "", called(o));
    return json_string(b.buf);
}

/* An element that only one side has: what it is called says enough. */
static void one_sided(json_t *changes, const char *path, bool there)
{
    json_t *c = json_object();
    js_set_str(c, "path", path);
    js_set_str(c, "from", there ? "not there" : "there");
    js_set_str(c, "to", there ? "there" : "not there");
    json_array_append_new(changes, c);
}

static void compare_lists(json_t *changes, const char *path, const json_t *from, const json_t *to)
{
    const json_t *o;
    size_t i, before = json_array_size(changes);
    if ((json_array_size(from) && !nameable(from)) || (json_array_size(to) && !nameable(to))) {
        size_t n = json_array_size(from) > json_array_size(to) ? json_array_size(from) : json_array_size(to);
        for (i = 0; i < n; i++) {
            AUTO_FREE char *deeper = mem_printf("%s[%zu]", path, i + 1);
            compare(changes, deeper, json_array_get(from, i), json_array_get(to, i));
        }
        return;
    }
    json_array_foreach (from, i, o) {
        AUTO_FREE char *deeper = mem_printf("%s[%s]", path, called(o));
        if (element(to, called(o)))
            compare(changes, deeper, o, element(to, called(o)));
        else
            one_sided(changes, deeper, false);
    }
    json_array_foreach (to, i, o) {
        AUTO_FREE char *deeper = mem_printf("%s[%s]", path, called(o));
        if (!element(from, called(o)))
            one_sided(changes, deeper, true);
    }
    if (json_array_size(changes) == before) { /* alike, each by its name: what is left is where they stand */
        AUTO_JSON json_t *one = order_of(from);
        AUTO_JSON json_t *other = order_of(to);
        AUTO_FREE char *deeper = mem_printf("%s, order", path);
        note(changes, deeper, one, other);
    }
}

static void compare_objects(json_t *changes, const char *path, const json_t *from, const json_t *to)
{
    const char *k;
    json_t *v;
    AUTO_JSON json_t *keys = json_object();
    json_object_update(keys, (json_t *)(uintptr_t)from);
    json_object_update(keys, (json_t *)(uintptr_t)to);
    struct strset sorted = {0};
    json_object_foreach (keys, k, v)
        strset_add(&sorted, k);
    for (size_t i = 0; i < sorted.n; i++) {
        AUTO_FREE char *deeper = mem_printf("%s%s%s", path, *path ? "." : "", sorted.item[i]);
        compare(changes, deeper, json_object_get(from, sorted.item[i]), json_object_get(to, sorted.item[i]));
    }
    strset_release(&sorted);
}

static bool empty(const json_t *v)
{
    return !v || json_is_null(v) || (json_is_object(v) && !json_object_size(v)) ||
           (json_is_array(v) && !json_array_size(v));
}

static void compare(json_t *changes, const char *path, const json_t *from, const json_t *to)
{
    if (json_equal(from, to) || (empty(from) && empty(to)))
        return;
    if (json_is_object(from) && json_is_object(to))
        compare_objects(changes, path, from, to);
    else if (json_is_array(from) && json_is_array(to))
        compare_lists(changes, path, from, to);
    else
        note(changes, path, from, to);
}

/* ---- scripts ---- */

static size_t lines_of(const char *text, const char ***out)
{
    size_t n = 0, cap = 0;
    *out = NULL;
    for (const char *p = text; *p;) {
        VEC_PUSH(*out, n, cap, p);
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return n;
}

static bool same_line(const char *a, const char *b)
{
    size_t n = strcspn(a, "\n");
    return n == strcspn(b, "\n") && !memcmp(a, b, n);
}

static void compare_code(json_t *changes, const char *from, const char *to)
{
    const char **a, **b;
    size_t na = lines_of(from, &a), nb = lines_of(to, &b), head = 0, tail = 0;
    while (head < na && head < nb && same_line(a[head], b[head]))
        head++;
    while (tail < na - head && tail < nb - head && same_line(a[na - 1 - tail], b[nb - 1 - tail]))
        tail++;
    size_t gone = na - head - tail, come = nb - head - tail;
    if (gone || come) {
        AUTO_FREE char *path = mem_printf("script, from line %zu", head + 1);
        AUTO_FREE char *first = mem_dupn(gone ? a[head] : "", gone ? strcspn(a[head], "\n") : 0);
        AUTO_FREE char *then = mem_dupn(come ? b[head] : "", come ? strcspn(b[head], "\n") : 0);
        json_t *c = json_object();
        js_set_str(c, "path", path);
        js_set_strf(c, "from", "%zu line%s: %.*s", gone, gone == 1 ? "" : "s", SHOWN, first + strspn(first, " \t"));
        js_set_strf(c, "to", "%zu line%s: %.*s", come, come == 1 ? "" : "s", SHOWN, then + strspn(then, " \t"));
        json_array_append_new(changes, c);
    }
    free(a);
    free(b);
}

/* ---- thing by thing ---- */

struct side {
    enum difference_mode mode;
    const struct snapshot *s, *other;
    json_t *by_address; /* address → {"kind","list","id","core","code"?} */
};

static void index_thing(const struct thing *t, void *ctx)
{
    struct side *side = ctx;
    if (snapshot_refused(side->other, t->list) || !snapshot_get(side->other, t->list)) {
        const char *slash = strchr(t->list, '/');
        /* a list of a module that the other side does not have at all is a difference; one that was not read is none */
        if (!slash || org_module(side->other, slash + 1))
            return;
    }
    json_t *o = json_object();
    js_set_str(o, "kind", t->kind);
    js_set_str(o, "id", js_str(t->o, "id"));
    js_set(o, "core", core_of(t, side->mode));
    AUTO_FREE char *list = mem_printf("function_code/%s", t->name);
    const char *code =
        strcmp(t->kind, "function") ? NULL : js_str(json_array_get(snapshot_get(side->s, list), 0), "code");
    if (code)
        js_set_str(o, "code", code);
    AUTO_FREE char *key = mem_dup(t->address); /* Zoho lets two rules have one name */
    for (int n = 2; json_object_get(side->by_address, key); n++) {
        free(key);
        key = mem_printf("%s (%d)", t->address, n);
    }
    js_set(side->by_address, key, o);
}

static json_t *row(json_t *out, const char *address, const char *what)
{
    json_t *r = json_object();
    js_set_str(r, "address", address);
    js_set_str(r, "what", what);
    js_set(r, "changes", json_array());
    json_array_append_new(out, r);
    return r;
}

static void set_detail(json_t *r)
{
    AUTO_SB struct sb b = SB_INIT(4000);
    const json_t *c;
    size_t i, n = json_array_size(js_arr(r, "changes"));
    if (js_str(r, "from"))
        sb_addf(&b, "was %s", js_str(r, "from"));
    json_array_foreach (js_arr(r, "changes"), i, c) {
        if (i == DETAILS) {
            sb_addf(&b, "; and %zu more", n - i);
            break;
        }
        sb_addf(&b, "%s%s: %s → %s", b.len ? "; " : "", js_str_or(c, "path", ""), js_str_or(c, "from", ""),
                js_str_or(c, "to", ""));
    }
    if (b.len)
        js_set_str(r, "detail", b.buf);
}

static void compare_pair(json_t *out, const char *address, const char *was, const json_t *a, const json_t *b)
{
    json_t *r = row(out, address, was ? "renamed" : "changed"), *changes = js_arr(r, "changes");
    if (was)
        js_set_str(r, "from", was);
    compare(changes, "", js_obj(a, "core"), js_obj(b, "core"));
    if (js_str(a, "code") && js_str(b, "code"))
        compare_code(changes, js_str(a, "code"), js_str(b, "code"));
    if (!was && !json_array_size(changes))
        json_array_remove(out, json_array_size(out) - 1);
    else
        set_detail(r);
}

/* Address of what bears the id on the other side. */
static const char *bearer(const json_t *ids, const json_t *o)
{
    AUTO_FREE char *key = mem_printf("%s %s", js_str_or(o, "kind", ""), js_str_or(o, "id", ""));
    return js_str(o, "id") ? js_str(ids, key) : NULL;
}

static json_t *ids_of(const json_t *by_address)
{
    json_t *ids = json_object(), *o;
    const char *address;
    json_object_foreach ((json_t *)(uintptr_t)by_address, address, o)
        if (js_str(o, "id")) {
            AUTO_FREE char *key = mem_printf("%s %s", js_str_or(o, "kind", ""), js_str(o, "id"));
            js_set_str(ids, key, address);
        }
    return ids;
}

static void name_unread(const struct snapshot *s, const struct snapshot *other, json_t *unread)
{
    const char *name;
    json_t *value;
    json_object_foreach (s->res, name, value)
        if (unread && json_is_array(value) && !strchr(name, '/') && !snapshot_get(other, name))
            js_array_add_unique(unread, name);
}

json_t *difference(const struct snapshot *old, const struct snapshot *now, enum difference_mode mode, json_t *unread)
{
    struct side a = {mode, old, now, json_object()}, b = {mode, now, old, json_object()};
    json_t *out = json_array(), *o;
    const char *address;
    things_each(old, index_thing, &a);
    things_each(now, index_thing, &b);
    AUTO_JSON json_t *ids = mode == DIFFERENCE_SAME_ORG ? ids_of(b.by_address) : json_object();
    AUTO_JSON json_t *met = json_object();
    json_object_foreach (a.by_address, address, o) {
        const char *then = bearer(ids, o);
        const char *at = then ? then : address;
        const json_t *other = json_object_get(b.by_address, at);
        if (other) {
            compare_pair(out, at, strcmp(at, address) != 0 ? address : NULL, o, other);
            js_set_bool(met, at, true);
        } else {
            row(out, address, "removed");
        }
    }
    json_object_foreach (b.by_address, address, o)
        if (!json_object_get(met, address))
            row(out, address, "added");
    js_array_sort(out, "address");
    name_unread(old, now, unread);
    name_unread(now, old, unread);
    json_decref(a.by_address);
    json_decref(b.by_address);
    return out;
}
