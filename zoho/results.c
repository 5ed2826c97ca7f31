/* The four envelopes (zoho.com/crm/developer/docs/api/v8/status-codes): whole-request error, array of elements, a mix of both kinds of
 * element under HTTP 200, 201, 202 or 207, and the empty 204. What counts is each element's own status, never the HTTP code. */
#include "zoho/error.h"
#include "zoho/zoho.h"

static json_t *result_of(const json_t *item, size_t index)
{
    const json_t *details = js_obj(item, "details");
    const char *status = js_str(item, "status");
    bool ok = status ? strcmp(status, "success") == 0 : strcmp(js_str_or(item, "code", ""), "SUCCESS") == 0;
    json_t *r = json_object();
    js_set_int(r, "index", (int64_t)index);
    js_set_bool(r, "ok", ok);
    js_set_str(r, "code", js_str_or(item, "code", ""));
    js_set_str(r, "message", js_str_or(item, "message", ""));
    js_set(r, "details", details ? json_deep_copy(details) : json_object());
    const json_t *id = json_object_get(details, "id");
    if (json_is_string(id))
        js_set_str(r, "id", json_string_value(id));
    else if (json_is_integer(id)) /* ids are text everywhere, also when a server forgets it */
        js_set_strf(r, "id", "%lld", (long long)json_integer_value(id));
    return r;
}

int zoho_results(const struct zoho_reply *r, const char *key, const char *where, json_t **out, struct err *e)
{
    *out = NULL;
    if (r->http == 204 && !r->json) {
        *out = json_array();
        return 0;
    }
    int index;
    const json_t *error = zoho_error_object(r->json, &index);
    if (error && index < 0) {
        const char *space = strchr(where, ' ');
        AUTO_FREE char *method = mem_dupn(where, space ? (size_t)(space - where) : strlen(where));
        return zoho_error_fill(e, error, r->http, method, space ? space + 1 : "", NULL);
    }
    json_t *array = js_arr(r->json, key);
    if (!array) {
        err_set(e, ERR_REMOTE, "the answer has no '%s'", key);
        err_at(e, "%s", where);
        err_fix(e, "run 'zagent doctor'; if it is green, report this: Zoho changed its answer");
        if (e)
            e->http = r->http;
        return -1;
    }
    *out = json_array();
    size_t i;
    json_t *item;
    json_array_foreach (array, i, item) {
        json_array_append_new(*out, result_of(item, i));
    }
    return 0;
}
