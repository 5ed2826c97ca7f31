#include "agent/deluge_tests.h"

enum { TESTS_MAX = 4 << 20 };

static char *key_of(const json_t *inputs, struct err *e)
{
    AUTO_JSON json_t *nothing = json_object();
    return js_canonical(inputs ? inputs : nothing, e);
}

/* {"Quotes": {"BOM_Status": "anything"}} → every leaf is its own name: a test knows nothing of an org. */
static json_t *own_names(const json_t *names)
{
    json_t *out = json_object(), *v;
    const char *key;
    json_object_foreach ((json_t *)(uintptr_t)names, key, v) {
        if (json_is_object(v))
            js_set(out, key, own_names(v));
        else
            js_set_str(out, key, key);
    }
    return out;
}

static int add_source(const struct playbook *pb, const char *file, const json_t *inputs, json_t *sources, struct err *e)
{
    AUTO_FREE char *key = key_of(inputs, e);
    AUTO_JSON json_t *extra = inputs ? json_deep_copy(inputs) : json_object();
    if (!key || json_object_get(sources, key))
        return key ? 0 : -1;
    js_set(extra, "names", own_names(json_object_get(pb->data, "names")));
    js_set(extra, "modules", own_names(json_object_get(pb->data, "modules")));
    AUTO_FREE char *text = playbook_render(pb, file, extra, e);
    if (!text)
        return -1;
    js_set_str(sources, key, text);
    return 0;
}

/* True when one of the sources calls NAME: standalone.NAME(, automation.NAME(. */
static bool called(const json_t *sources, const json_t *with, const char *name)
{
    AUTO_FREE char *call = mem_printf(".%s(", name);
    const char *key;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)sources, key, v) {
        if (strstr(json_string_value(v), call))
            return true;
    }
    json_object_foreach ((json_t *)(uintptr_t)with, key, v) {
        if (strstr(json_string_value(v), call))
            return true;
    }
    return false;
}

static int add_other(const struct playbook *pb, const json_t *decl, const char *source, const json_t *inputs,
                     const json_t *sources, json_t *with, struct err *e)
{
    static const char kind[] = "function/";
    const char *address = js_str_or(decl, "address", ""), *file = js_str(decl, "source");
    if (!file || strcmp(file, source) == 0 || strncmp(address, kind, sizeof kind - 1) != 0 ||
        json_object_get(with, file) || !called(sources, with, address + sizeof kind - 1))
        return 0;
    AUTO_JSON json_t *rendered = json_object();
    if (add_source(pb, file, inputs, rendered, e) < 0)
        return -1;
    js_set(with, file, json_incref(json_object_iter_value(json_object_iter(rendered))));
    return 0;
}

/* The playbook's other functions, as far as they are called: {file: rendered source}. */
static int add_others(const struct playbook *pb, const char *source, const json_t *inputs, const json_t *sources,
                      json_t *with, struct err *e)
{
    const json_t *resources = js_arr(pb->y.root, "resources");
    size_t before;
    do { /* until nothing that was added calls more */
        before = json_object_size(with);
        for (size_t i = 0; i < json_array_size(resources); i++)
            if (add_other(pb, json_array_get(resources, i), source, inputs, sources, with, e) < 0)
                return -1;
    } while (json_object_size(with) > before);
    return 0;
}

int deluge_tests_attach(const struct playbook *pb, const char *source, const char *tests, json_t *artifact,
                        struct err *e)
{
    struct dg_suite s;
    AUTO_FREE char *text = NULL, *name = mem_printf("templates/%s/%s", pb->name, tests);
    size_t len;
    if (fs_read_in(&pb->root, tests, TESTS_MAX, &text, &len, e) < 0)
        return err_at(e, "%s", name);
    if (dg_suite_read(&s, text, len, name, e) < 0)
        return -1;
    json_t *o = json_object(), *sources = json_object(), *inputs = js_obj(s.y.root, "inputs");
    js_set(artifact, "tests", o);
    js_set_str(o, "name", name);
    js_set_str(o, "text", text);
    js_set(o, "sources", sources);
    int rc = add_source(pb, source, inputs, sources, e);
    const json_t *cases = js_arr(s.y.root, "cases");
    for (size_t i = 0; rc == 0 && i < json_array_size(cases); i++) {
        const json_t *own = js_obj(json_array_get(cases, i), "inputs");
        if (!own)
            continue;
        AUTO_JSON json_t *merged = inputs ? json_copy(inputs) : json_object();
        json_object_update(merged, (json_t *)(uintptr_t)own);
        rc = add_source(pb, source, merged, sources, e);
    }
    if (rc == 0) {
        json_t *with = json_object();
        js_set(o, "with", with);
        rc = add_others(pb, source, inputs, sources, with, e);
        if (rc == 0 && json_object_size(with) == 0)
            json_object_del(o, "with");
    }
    dg_suite_release(&s);
    return rc;
}

static int give_source(void *ctx, const json_t *inputs, char **source, struct err *e)
{
    AUTO_FREE char *key = key_of(inputs, e);
    const char *text = key ? js_str(ctx, key) : NULL;
    if (!text)
        return err_set(e, ERR_BUG, "no source was rendered for the inputs of a test");
    *source = mem_dup(text);
    return 0;
}

int deluge_tests_run(const json_t *artifact, const char *file, struct dg_results *out, struct err *e)
{
    const json_t *o = js_obj(artifact, "tests");
    const char *text = js_str_or(o, "text", "");
    struct dg_suite s;
    memset(out, 0, sizeof *out);
    if (dg_suite_read(&s, text, strlen(text), js_str_or(o, "name", ""), e) < 0)
        return -1;
    json_t *with = js_obj(o, "with"), *v;
    struct dg_with *list = mem_zalloc((json_object_size(with) + 1) * sizeof *list);
    const char *name;
    json_object_foreach (with, name, v) {
        list[s.n_with++] = (struct dg_with){name, json_string_value(v)};
    }
    s.with = list;
    int rc = dg_suite_run(&s, file, give_source, json_object_get(o, "sources"), out, e);
    free(list);
    dg_suite_release(&s);
    return rc;
}
