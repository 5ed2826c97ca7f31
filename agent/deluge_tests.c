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
    int rc = dg_suite_run(&s, file, give_source, json_object_get(o, "sources"), out, e);
    dg_suite_release(&s);
    return rc;
}
