/* plan/spec.c — the functions of kinds that are tables: find, compare, refer, send. */
#include "plan/spec.h"

#include "base/mem.h"
#include "base/text.h"
#include "plan/walk.h"

static const struct prop any_row = {.type = &PROP_ANY};

static const struct prop *prop_of(const struct kind_spec *spec, const char *key)
{
    for (size_t i = 0; i < spec->props_n; i++)
        if (!strcmp(spec->props[i].key, key))
            return &spec->props[i];
    return NULL;
}

/* The row of a key; keys without one are compared as they stand. `spare` holds the row made for such a key. */
static const struct prop *row(const struct resource *r, const char *key, struct prop *spare)
{
    const struct prop *p = prop_of(r->kind->spec, key);
    if (p)
        return p;
    *spare = any_row;
    spare->key = key;
    return spare;
}

char *kind_list(const struct kind_view *v, const struct resource *r)
{
    const struct kind_spec *spec = r->kind->spec;
    if (!*spec->list)
        return NULL;
    return spec->per_module ? mem_printf("%s/%s", spec->list, real_module(v, r->module)) : mem_dup(spec->list);
}

void spec_reads(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    AUTO_FREE char *list = kind_list(v, r);
    if (list)
        strset_add(out, list);
}

static bool in_module(const struct kind_view *v, const struct resource *r, const json_t *object)
{
    const char *module = ref_name(json_object_get(object, "module"));
    return !r->kind->spec->has_module || !module || !strcmp(module, real_module(v, r->module));
}

/* Exact name first, then regardless of case: Zoho keeps names that differ in case only apart from one another nowhere.
 */
static json_t *by_name(const struct kind_view *v, const struct resource *r, const char *list, const char *name)
{
    const char *key = r->kind->spec->key;
    for (int nocase = 0; nocase < 2; nocase++) {
        json_t *found = snapshot_find(v->snapshot, list, key, name, nocase), *other;
        size_t i;
        if (!found || in_module(v, r, found))
            return found;
        json_array_foreach (snapshot_get(v->snapshot, list), i, other) { /* the same name in several modules */
            const char *text = js_str(other, key);
            if (text && !(nocase ? text_casecmp(text, name) : strcmp(text, name)) && in_module(v, r, other))
                return other;
        }
    }
    return NULL;
}

json_t *spec_find(const struct kind_view *v, const struct resource *r)
{
    const struct kind_spec *spec = r->kind->spec;
    AUTO_FREE char *list = kind_list(v, r);
    if (!list || (r->kind->in_module && !module_exists(v, r->module)))
        return NULL;
    if (!strcmp(spec->key, "api_name"))
        return snapshot_find(v->snapshot, list, spec->key, kind_real_name(v, r->address, r->name), false);
    const char *written = js_str_or(r->body, spec->key, r->name);
    json_t *found = by_name(v, r, list, kind_real_name(v, r->address, written));
    return found ? found : by_name(v, r, list, written); /* what state learnt may be an api_name beside the name */
}

static json_t *norm_one(const struct kind_view *v, const struct resource *r, const struct prop *p, const json_t *want,
                        const json_t *live)
{
    struct prop_ctx c = {v, r, p, live != NULL};
    const json_t *have = json_object_get(live, p->key);
    if (live && !have && r->kind->spec->sparse)
        c.live = false, have = want;
    return p->type->norm(&c, live ? have : want, want);
}

json_t *spec_normalise(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    json_t *out = json_object(), *want;
    const char *key;
    json_object_foreach (r->body, key, want) {
        struct prop spare;
        const struct prop *p = row(r, key, &spare);
        if (p->flags & (PROP_CREATE | PROP_SHOWN))
            continue;
        js_set(out, key, norm_one(v, r, p, want, live));
    }
    return out;
}

void spec_needs(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    json_t *value;
    const char *key;
    if (r->kind->in_module)
        strset_addf(out, "module/%s", r->module);
    json_object_foreach (r->body, key, value) {
        struct prop spare;
        const struct prop *p = row(r, key, &spare);
        struct prop_ctx c = {v, r, p, false};
        if (p->type->needs && !(p->flags & PROP_SHOWN))
            p->type->needs(&c, value, out);
    }
}

static bool unchanged(const struct kind_view *v, const struct resource *r, const struct prop *p, const json_t *want,
                      const json_t *live)
{
    AUTO_JSON json_t *a = norm_one(v, r, p, want, NULL);
    AUTO_JSON json_t *b = norm_one(v, r, p, want, live);
    return json_equal(a, b);
}

json_t *spec_body(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    const struct kind_spec *spec = r->kind->spec;
    json_t *out = json_object(), *want;
    const char *key;
    json_object_foreach (r->body, key, want) {
        struct prop spare;
        const struct prop *p = row(r, key, &spare);
        struct prop_ctx c = {v, r, p, false};
        if ((p->flags & PROP_SHOWN) || (live && (p->flags & PROP_CREATE)))
            continue;
        if (live && !spec->whole && unchanged(v, r, p, want, live))
            continue;
        if (p->type->send)
            p->type->send(&c, want, json_object_get(live, key), !live, out);
        else
            js_set(out, key, json_deep_copy(want));
    }
    if (spec->finish)
        spec->finish(v, r, live, out);
    return out;
}
