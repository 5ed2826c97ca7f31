/* sandbox/record_module.c — a module as records need it; showing stored records. */
#include "sandbox/module.h"
#include "sandbox/record.h"
#include "sandbox/standard.h"

bool record_module_open(struct store *st, const char *name, struct record_module *m)
{
    *m = (struct record_module){.module = module_get(st, name)};
    if (!m->module) {
        return false;
    }
    m->api = js_str(m->module, "api_name");
    m->fields = config_shared(st, "fields", m->api);
    m->by_api = json_object();
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        json_object_set(m->by_api, js_str_or(f, "api_name", ""), f);
    }
    const struct standard_module *std = standard_module(m->api);
    m->duplicate = std ? std->unique_field : "Name"; /* DOC:upsert-records: Name for custom modules */
    return true;
}

void record_module_close(struct record_module *m)
{
    json_decref(m->module);
    json_decref(m->fields);
    json_decref(m->by_api);
    json_decref(m->limits);
    json_decref(m->row_limits);
    *m = (struct record_module){0};
}

json_t *record_get(struct store *st, const char *module, const char *id)
{
    char *end = NULL;
    long long n = id ? strtoll(id, &end, 10) : 0;
    if (!id || *end || n <= 0) {
        return NULL;
    }
    json_t *out = NULL;
    sqlite3_stmt *q =
        store_q(st, "SELECT body FROM record WHERE id=?1 AND deleted IS NULL AND (?2 IS NULL OR module=?2)", "is",
                (int64_t)n, module);
    while (store_row(st, q)) {
        out = store_json(q, 0);
    }
    if (out) {
        js_set_str(out, "id", id);
    }
    return out;
}

char *record_module_name(struct store *st, const char *id)
{
    char *out = NULL;
    sqlite3_stmt *q =
        store_q(st, "SELECT module FROM record WHERE id=?1 AND deleted IS NULL", "i", (int64_t)strtoll(id, NULL, 10));
    while (store_row(st, q)) {
        out = mem_dup(store_text(q, 0));
    }
    return out;
}

bool record_hides(const json_t *limits, const char *api_name)
{
    return strcmp(js_str_or(limits, api_name, ""), "hidden") == 0;
}

/* A subform's lines without what must not be seen of them. */
static json_t *rows_shown(const json_t *rows, const json_t *limits)
{
    json_t *out = json_deep_copy(rows), *row, *permission;
    const char *api;
    size_t i;
    json_array_foreach (out, i, row) {
        json_object_foreach ((json_t *)(uintptr_t)limits, api, permission) {
            if (record_hides(limits, api)) {
                json_object_del(row, api);
            }
        }
    }
    return out;
}

json_t *record_show(const struct record_module *m, const json_t *stored, const json_t *only)
{
    json_t *out = json_object(), *f;
    size_t i;
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        json_t *v = json_object_get(stored, api);
        if ((only && !js_array_has(only, api)) || record_hides(m->limits, api)) {
            continue;
        }
        json_object_set_new(out, api,
                            v ? rows_shown(v, js_obj(m->row_limits, api))
                            : strcmp(js_str_or(f, "data_type", ""), "subform") == 0 ? json_array()
                                                                                    : json_null());
    }
    json_object_set(out, "id", json_object_get(stored, "id"));
    if (js_arr(stored, "Tag") && (!only || js_array_has(only, "Tag"))) {
        json_object_set(out, "Tag", js_arr(stored, "Tag"));
    }
    return out;
}
