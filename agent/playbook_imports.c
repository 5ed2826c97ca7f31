/* agent/playbook_imports.c — the sheets a manifest takes in: expanded with the business's facts, checked as a whole. */
#include "agent/import.h"
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"

/* A list of rows may come from $each: [{…}, [{…}, {…}]] becomes [{…}, {…}, {…}]. In place. */
static void flatten(json_t *o, const char *key)
{
    json_t *list = js_arr(o, key), *flat = json_array(), *item, *inner;
    size_t i, k;
    json_array_foreach (list, i, item) {
        if (!json_is_array(item)) {
            json_array_append(flat, item);
            continue;
        }
        json_array_foreach (item, k, inner)
            json_array_append(flat, inner);
    }
    if (list)
        json_object_set(o, key, flat);
    json_decref(flat);
}

static json_t *expanded(const struct playbook *pb, const char *name, struct err *e)
{
    AUTO_FREE char *at = mem_printf("/imports/%s", name);
    json_t *spec = playbook_expand(pb, js_obj(js_obj(pb->y.root, "imports"), name), pb->data, at, e), *c;
    const char *column;
    flatten(spec, "rules");
    flatten(spec, "bases");
    json_object_foreach (js_obj(spec, "columns"), column, c)
        flatten(c, "words");
    return spec;
}

struct saying {
    const struct playbook *pb;
    const char *name;
    json_t *findings;
};

/* A row made by $each has no place of its own: the nearest part of the pointer that the file has is named. */
static void said(void *ctx, const char *pointer, const char *text, const char *fix)
{
    struct saying *s = ctx;
    AUTO_FREE char *at = mem_printf("/imports/%s%s", s->name, pointer);
    int line, col;
    while (!yaml_where(&s->pb->y, at, &line, &col) && strrchr(at, '/') > at)
        *strrchr(at, '/') = '\0';
    playbook_finding(s->findings, &s->pb->y, at, "error", fix, "%s", text);
}

void playbook_check_imports(const struct playbook *pb, json_t *findings)
{
    const char *name;
    json_t *v;
    json_object_foreach (js_obj(pb->y.root, "imports"), name, v) {
        struct err why = {0};
        AUTO_JSON json_t *spec = expanded(pb, name, &why);
        struct saying s = {pb, name, findings};
        if (spec)
            import_check(spec, said, &s);
        else
            playbook_finding_err(findings, &why);
    }
}

json_t *playbook_import(const struct playbook *pb, const char *name, struct err *e)
{
    AUTO_JSON json_t *findings = json_array();
    struct saying s = {pb, name, findings};
    json_t *imports = js_obj(pb->y.root, "imports");
    if (!js_obj(imports, name)) {
        const char *first = json_object_iter_key(json_object_iter(imports));
        err_set(e, ERR_NOT_FOUND, "playbook '%s' takes in no sheet '%s'", pb->name, name);
        err_at(e, "%s", pb->file);
        err_fix(e, first ? "it takes in '%s'" : "add it under 'imports' of its playbook.yaml", first);
        return NULL;
    }
    json_t *spec = expanded(pb, name, e);
    if (!spec || !import_check(spec, said, &s))
        return spec;
    const json_t *f = json_array_get(findings, 0);
    err_set(e, ERR_CONFIG, "%s", js_str_or(f, "text", ""));
    err_at(e, "%s:%d:%d", js_str_or(f, "file", ""), (int)js_int(f, "line", 1), (int)js_int(f, "col", 1));
    err_fix(e, "%s", js_str_or(f, "fix", ""));
    json_decref(spec);
    return NULL;
}
