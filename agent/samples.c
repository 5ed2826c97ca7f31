#include "agent/samples.h"

static const char schema[] = "zagent.samples/1";
enum { SAMPLES_BYTES = 64 << 20 };

static char *folder(const struct org *org)
{
    AUTO_FREE char *slug = fs_slug(org->name);
    return mem_printf("samples/%s", slug);
}

int samples_keep(struct app *a, const struct org *org, const char *module, json_t *rows, struct err *e)
{
    AUTO_FREE char *dir = folder(org);
    AUTO_FREE char *rel = mem_printf("%s/%s.json", dir, module);
    AUTO_JSON json_t *o = json_object();
    char now[CLOCK_TEXT];
    clock_rfc3339(a->clock.now_s(a->clock.ctx), now);
    js_set_str(o, "schema", schema);
    js_set_str(o, "zgid", org->zgid);
    js_set_str(o, "module", module);
    js_set_str(o, "taken_at", now);
    json_object_set(o, "rows", rows);
    AUTO_FREE char *text = js_pretty(o, e);
    return text ? fs_write_in(&a->project->zagent, rel, text, strlen(text), 0600, e) : -1;
}

static json_t *one(struct app *a, const struct org *org, const char *rel, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read_in(&a->project->zagent, rel, SAMPLES_BYTES, &text, &len, e) < 0)
        return NULL;
    AUTO_FREE char *shown = mem_printf(".zagent/%s", rel);
    AUTO_JSON json_t *o = js_parse(text, len, shown, e);
    if (!o) {
        err_fix(e, "remove it and take samples again: zagent audit --records MODULE");
        return NULL;
    }
    if (strcmp(js_str_or(o, "schema", ""), schema) != 0 || !js_arr(o, "rows") || !js_str(o, "module")) {
        err_set(e, ERR_CONFIG, "this file holds no samples that this zagent knows (%s)", schema);
        err_at(e, ".zagent/%s", rel);
        err_fix(e, "remove it and take samples again: zagent audit --records MODULE");
        return NULL;
    }
    return strcmp(js_str_or(o, "zgid", ""), org->zgid) ? json_object() : json_incref(o);
}

json_t *samples_of(struct app *a, const struct org *org, struct err *e)
{
    AUTO_FREE char *dir = folder(org);
    AUTO_FREE char *path = mem_printf("%s/%s", a->project->zagent.path, dir);
    json_t *out = json_array();
    char **names = NULL;
    size_t n = 0;
    int rc = fs_exists(path) ? fs_list(path, &names, &n, e) : 0;
    for (size_t i = 0; rc == 0 && i < n; i++) {
        AUTO_FREE char *rel = mem_printf("%s/%s", dir, names[i]);
        json_t *o = one(a, org, rel, e);
        rc = o ? 0 : -1;
        if (json_object_size(o))
            json_array_append(out, o);
        json_decref(o);
    }
    fs_list_free(names, n);
    if (rc < 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}
