/*
 * Functions: multipart POST and PUT /settings/functions, part `metadata` (JSON text) and part `code` (a .ds file)
 * (zoho.com/crm/developer/docs/api/v8/create-function, update-function). Deluge is live at once: there is no draft.
 *
 * Body    {name, api_name, category, language, runtime, description, …}; the script is crm_change.source. The same request with the old
 *         text restores a function. `language` is ours: the metadata names a runtime.
 */
#include "zoho/crm/kinds.h"

static void add_part(json_t *parts, const char *name, const char *filename, const char *type, const char *text)
{
    json_t *p = json_object();
    js_set_str(p, "name", name);
    if (filename)
        js_set_str(p, "filename", filename);
    js_set_str(p, "type", type);
    js_set_str(p, "text", text);
    json_array_append_new(parts, p);
}

static char *metadata_of(const json_t *body, struct err *e)
{
    AUTO_JSON json_t *outer = json_object();
    json_t *one = json_deep_copy(body);
    const char *language = js_str_or(one, "language", "deluge");
    if (!js_str(one, "runtime") && strcmp(language, "deluge") == 0)
        js_set_str(one, "runtime", "Deluge 1.0");
    json_object_del(one, "language");
    json_t *array = json_array();
    json_array_append_new(array, one);
    js_set(outer, "functions", array);
    return js_canonical(outer, e);
}

int crm_build_function(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    if (!c->source)
        return err_set(e, ERR_BUG, "function '%.80s' without its source", c->name);
    if (c->attempt > 0)
        return 0;
    AUTO_FREE char *metadata = metadata_of(c->body, e);
    AUTO_FREE char *id = crm_is_update(c) ? crm_live_id(c, e) : NULL;
    if (!metadata || (crm_is_update(c) && !id))
        return -1;
    AUTO_FREE char *path = id ? mem_printf("%s/%s", k->plain.path, id) : mem_dup(k->plain.path);
    AUTO_FREE char *file = mem_printf("%s.ds", js_str_or(c->body, "api_name", c->name));
    json_t *parts = json_array();
    add_part(parts, "metadata", NULL, "application/json", metadata);
    add_part(parts, "code", file, "application/octet-stream", c->source);
    js_set(crm_push(requests, k, id ? "PUT" : "POST", path, NULL, id ? "idempotent" : "create"), "parts", parts);
    return 0;
}
