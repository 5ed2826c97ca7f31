#include "agent/deluge_meta.h"

#include "base/text.h"

/* The array MODULE's resource, NULL when the snapshot has none. */
static json_t *of_module(void *ctx, const char *kind, const char *module)
{
    AUTO_FREE char *name = mem_printf("%s/%s", kind, module);
    return snapshot_get(ctx, name);
}

static json_t *find(json_t *list, const char *key, const char *value)
{
    size_t i;
    json_t *o;
    json_array_foreach (list, i, o)
        if (strcmp(js_str_or(o, key, ""), value) == 0)
            return o;
    return NULL;
}

/* An exact label, else the nearest api_name. */
static const char *near_name(json_t *list, const char *wanted)
{
    static const char *const labels[] = {"field_label", "display_label", "plural_label", "singular_label",
                                         "module_name"};
    for (size_t k = 0; k < sizeof labels / sizeof *labels; k++) {
        json_t *o = find(list, labels[k], wanted);
        if (o && js_str(o, "api_name"))
            return js_str(o, "api_name");
    }
    size_t n = json_array_size(list), used = 0;
    if (!n)
        return NULL;
    AUTO_FREE const char **names = mem_grow(NULL, n, sizeof *names);
    for (size_t i = 0; i < n; i++)
        if (js_str(json_array_get(list, i), "api_name"))
            names[used++] = js_str(json_array_get(list, i), "api_name");
    return text_nearest(wanted, names, used);
}

static int known(json_t *list, const char *name)
{
    return !list ? -1 : find(list, "api_name", name) ? 1 : 0;
}

static int module(void *ctx, const char *name)
{
    return known(snapshot_get(ctx, "modules"), name);
}

static int field(void *ctx, const char *in, const char *name)
{
    return known(of_module(ctx, "fields", in), name);
}

static int related_list(void *ctx, const char *in, const char *name)
{
    return known(of_module(ctx, "related_lists", in), name);
}

static json_t *values_of(void *ctx, const char *in, const char *name)
{
    json_t *f = find(of_module(ctx, "fields", in), "api_name", name);
    json_t *list = f ? js_arr(f, "pick_list_values") : NULL;
    return json_array_size(list) ? list : NULL;
}

static int value(void *ctx, const char *in, const char *name, const char *text)
{
    json_t *list = values_of(ctx, in, name);
    if (!list)
        return -1;
    return find(list, "actual_value", text) || find(list, "display_value", text) ? 1 : 0;
}

static const char *near_module(void *ctx, const char *name)
{
    return near_name(snapshot_get(ctx, "modules"), name);
}

static const char *near_field(void *ctx, const char *in, const char *name)
{
    return near_name(of_module(ctx, "fields", in), name);
}

static const char *near_list(void *ctx, const char *in, const char *name)
{
    return near_name(of_module(ctx, "related_lists", in), name);
}

static const char *near_value(void *ctx, const char *in, const char *name, const char *text)
{
    json_t *list = values_of(ctx, in, name);
    size_t n = json_array_size(list), used = 0;
    if (!n)
        return NULL;
    AUTO_FREE const char **names = mem_grow(NULL, n, sizeof *names);
    for (size_t i = 0; i < n; i++)
        if (js_str(json_array_get(list, i), "actual_value"))
            names[used++] = js_str(json_array_get(list, i), "actual_value");
    return text_nearest(text, names, used);
}

struct dg_meta deluge_meta(struct snapshot *s)
{
    return (struct dg_meta){s, module, field, related_list, value, near_module, near_field, near_list, near_value};
}

static void each_name(void *ctx, const char *in, dg_name_sink sink, void *to)
{
    json_t *list = in ? of_module(ctx, "fields", in) : snapshot_get(ctx, "modules"), *o;
    size_t i;
    json_array_foreach (list, i, o)
        if (js_str(o, "api_name"))
            sink(to, js_str(o, "api_name"), js_str(o, in ? "field_label" : "plural_label"));
}

struct dg_name_source deluge_names(struct snapshot *s)
{
    return (struct dg_name_source){s, each_name};
}
