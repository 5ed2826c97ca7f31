#include "agent/deluge_planned.h"

#include "base/mem.h"
#include "plan/kind.h"

static const char *real_name(const struct kind_view *v, const char *kind, const char *module, const char *name)
{
    AUTO_FREE char *address = address_make(kind, module, name);
    return kind_real_name(v, address, name);
}

/* A list of its own under the same name, so that the live one stays as it is; NULL when it was not read. */
static json_t *own_list(struct snapshot *s, const char *resource)
{
    json_t *list = snapshot_get(s, resource);
    if (!list)
        return NULL;
    js_set(s->res, resource, json_copy(list));
    return snapshot_get(s, resource);
}

static size_t position(const json_t *list, const char *api_name)
{
    size_t i;
    json_t *o;
    json_array_foreach (list, i, o)
        if (strcmp(js_str_or(o, "api_name", ""), api_name) == 0)
            return i;
    return SIZE_MAX;
}

/* Live values and planned ones; a value may stand twice. */
static json_t *both_values(const json_t *live, const json_t *planned)
{
    json_t *all = json_array();
    json_array_extend(all, js_arr(live, "pick_list_values"));
    json_array_extend(all, js_arr(planned, "pick_list_values"));
    return all;
}

static void add_field(struct snapshot *s, const struct kind_view *v, const struct resource *r)
{
    const char *module = real_name(v, "module", NULL, r->module);
    AUTO_FREE char *resource = mem_printf("fields/%s", module);
    json_t *list = own_list(s, resource);
    if (!list)
        return;
    const char *name = real_name(v, "field", r->module, r->name);
    size_t at = position(list, name);
    json_t *live = at == SIZE_MAX ? NULL : json_array_get(list, at);
    json_t *field = json_copy(live ? live : r->body);
    js_set_str(field, "api_name", name);
    if (js_arr(r->body, "pick_list_values"))
        js_set(field, "pick_list_values", both_values(live, r->body));
    if (live)
        json_array_set_new(list, at, field);
    else
        json_array_append_new(list, field);
}

static void add_module(struct snapshot *s, const struct kind_view *v, const struct resource *r)
{
    json_t *list = own_list(s, "modules");
    const char *name = kind_real_name(v, r->address, r->name);
    if (!list || position(list, name) != SIZE_MAX)
        return;
    json_t *module = json_copy(r->body);
    js_set_str(module, "api_name", name);
    json_array_append_new(list, module);
}

/* A lookup to a module, or a new module below it, brings lists that Zoho names. */
static void forget_lists(struct snapshot *s, const struct kind_view *v, const struct resource *r)
{
    const char *to = js_str(js_obj(js_obj(r->body, "lookup"), "module"), "api_name");
    if (!to)
        return;
    AUTO_FREE char *resource = mem_printf("related_lists/%s", real_name(v, "module", NULL, to));
    json_object_del(s->res, resource);
}

void deluge_planned(struct snapshot *out, const struct snapshot *live, const struct desired *d, const json_t *names)
{
    struct kind_view v = {live, d, names};
    snapshot_init(out);
    json_object_update(out->res, live->res);
    for (size_t i = 0; i < d->n; i++) {
        const struct resource *r = &d->r[i];
        if (strcmp(r->kind->name, "module") == 0)
            add_module(out, &v, r);
        if (strcmp(r->kind->name, "field") != 0 && strcmp(r->kind->name, "picklist") != 0)
            continue;
        add_field(out, &v, r);
        forget_lists(out, &v, r);
    }
}
