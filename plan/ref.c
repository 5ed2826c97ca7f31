/* plan/ref.c — names of this org, and looking up what {"@ref":ADDRESS,"get":KEY} stands for. */
#include "base/mem.h"
#include "plan/spec.h"
#include "plan/walk.h"

const char *kind_real_name(const struct kind_view *v, const char *address, const char *fallback)
{
    json_t *named = json_object_get(v->names, address);
    const char *name = json_is_string(named) ? json_string_value(named) : js_str(named, "api_name");
    if (name && *name)
        return name;
    if (fallback)
        return fallback;
    const char *dot = strchr(address, '.'), *slash = strchr(address, '/');
    return dot ? dot + 1 : slash ? slash + 1 : address;
}

const char *real_module(const struct kind_view *v, const char *module)
{
    AUTO_FREE char *address = address_make("module", NULL, module);
    return kind_real_name(v, address, module);
}

const char *real_field(const struct kind_view *v, const char *module, const char *field)
{
    AUTO_FREE char *address = address_make("field", module, field);
    return kind_real_name(v, address, field);
}

bool module_exists(const struct kind_view *v, const char *module)
{
    return !snapshot_get(v->snapshot, "modules") ||
           snapshot_find(v->snapshot, "modules", "api_name", real_module(v, module), false);
}

const char *kind_title(const struct resource *r)
{
    const char *label = r->kind->spec->label ? js_str(r->body, r->kind->spec->label) : NULL;
    return label && *label ? label : r->name;
}

const char *ref_name(const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    const char *name = js_str(value, "api_name");
    return name ? name : js_str(value, "name");
}

json_t *ref_new(const char *address, const char *get)
{
    json_t *ref = json_object();
    js_set_str(ref, "@ref", address);
    js_set_str(ref, "get", get);
    return ref;
}

static json_t *ref_pair(const char *address)
{
    json_t *o = json_object();
    js_set(o, "api_name", ref_new(address, "api_name"));
    js_set(o, "id", ref_new(address, "id"));
    return o;
}

json_t *ref_field(const char *module, const char *api_name)
{
    AUTO_FREE char *address = address_make("field", module, api_name);
    return ref_pair(address);
}

json_t *ref_module(const char *module)
{
    AUTO_FREE char *address = address_make("module", NULL, module);
    return ref_pair(address);
}

json_t *ref_named(const char *kind, const char *module, const char *name)
{
    AUTO_FREE char *address = address_make(kind, module, name);
    if (!strcmp(kind_find(kind)->spec->key, "api_name"))
        return ref_pair(address);
    json_t *o = json_object();
    js_set_str(o, "name", name);
    js_set(o, "id", ref_new(address, "id"));
    return o;
}

/* An address that no playbook declares is looked up by its parts alone. */
json_t *kind_live(const struct kind_view *v, const char *address)
{
    const struct resource *planned = desired_find(v->desired, address);
    if (planned)
        return planned->kind->find(v, planned);
    const struct kind *kind;
    char *module, *name;
    if (address_parse(address, &kind, &module, &name, NULL) < 0)
        return NULL;
    AUTO_JSON json_t *body = json_object();
    AUTO_FREE char *own = mem_dup(address);
    struct resource r = {.address = own, .kind = kind, .module = module, .name = name, .body = body};
    json_t *live = kind->find(v, &r);
    free(module);
    free(name);
    return live;
}

const char *kind_ref(const struct kind_view *v, const char *address, const char *get)
{
    json_t *live = kind_live(v, address);
    const char *text = js_str(live, get);
    if (!text && !strcmp(get, "api_name"))
        text = js_str(live, "name");
    return text;
}

static json_t *resolved(const struct kind_view *v, const json_t *j, struct err *e);

static json_t *resolved_ref(const struct kind_view *v, const char *address, const char *get, struct err *e)
{
    const char *text = kind_ref(v, address, get);
    if (text)
        return json_string(text);
    err_set(e, ERR_NOT_FOUND, "'%s' does not exist in the org yet (its %s is needed)", address, get);
    err_fix(e, "finish that step first, then run 'zagent resume'");
    return NULL;
}

static json_t *resolved_list(const struct kind_view *v, const json_t *list, struct err *e)
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (list, i, item) {
        json_t *one = resolved(v, item, e);
        if (!one) {
            json_decref(out);
            return NULL;
        }
        json_array_append_new(out, one);
    }
    return out;
}

static json_t *resolved(const struct kind_view *v, const json_t *j, struct err *e)
{
    if (json_is_array(j))
        return resolved_list(v, j, e);
    if (!json_is_object(j))
        return json_deep_copy(j);
    if (js_str(j, "@ref"))
        return resolved_ref(v, js_str(j, "@ref"), js_str_or(j, "get", "id"), e);
    json_t *out = json_object(), *value;
    const char *key;
    json_object_foreach (walk(j), key, value) {
        json_t *one = resolved(v, value, e);
        if (!one) {
            json_decref(out);
            return NULL;
        }
        js_set(out, key, one);
    }
    return out;
}

int kind_resolve(const struct kind_view *v, const json_t *body, json_t **out, struct err *e)
{
    *out = resolved(v, body, e);
    return *out ? 0 : -1;
}
