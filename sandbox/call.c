/* sandbox/call.c — answering: envelopes, elements, paging, the first checks every handler makes. */
#include "sandbox/call.h"

#include "sandbox/limits.h"
#include "sandbox/module.h"

void call_release(struct call *c)
{
    json_decref(c->query);
    json_decref(c->headers);
    json_decref(c->json);
    json_decref(c->answer);
    json_decref(c->out_headers);
    free(c->text);
    free(c->scopes);
    for (int i = 0; i < CALL_PARAMS; i++) {
        free(c->param[i]);
    }
    *c = (struct call){0};
}

const char *call_query(const struct call *c, const char *name)
{
    const char *v = js_str(c->query, name);
    return v && *v ? v : NULL;
}

const char *call_header(const struct call *c, const char *lower_name)
{
    return js_str(c->headers, lower_name);
}

void answer_json(struct call *c, int status, json_t *stolen)
{
    if (c->answered) {
        json_decref(stolen);
        return;
    }
    c->answered = true;
    c->status = status;
    c->answer = stolen;
}

void answer_none(struct call *c)
{
    answer_json(c, 204, NULL);
}

void answer_text(struct call *c, const char *type, const char *text)
{
    if (!c->answered) {
        c->answered = true;
        c->status = 200;
        c->text = mem_dup(text);
        c->text_len = strlen(text);
        c->text_type = type;
    }
}

void answer_bytes(struct call *c, const char *type, const void *data, size_t len, const char *name)
{
    if (!c->answered) {
        c->answered = true;
        c->status = 200;
        c->text = mem_alloc(len + 1);
        memcpy(c->text, data, len);
        c->text[len] = '\0';
        c->text_len = len;
        c->text_type = type;
        if (name) {
            js_set_strf(c->out_headers, "Content-Disposition", "attachment;filename=%s", name);
        }
    }
}

json_t *item_error(const char *code, const char *message, json_t *details)
{
    return json_pack("{s:s,s:o,s:s,s:s}", "code", code, "details", details ? details : json_object(), "message",
                     message, "status", "error");
}

json_t *item_ok(const char *id, const char *message)
{
    return json_pack("{s:s,s:{s:s},s:s,s:s}", "code", "SUCCESS", "details", "id", id, "message", message, "status",
                     "success");
}

bool item_failed(const json_t *item)
{
    return strcmp(js_str_or(item, "status", "error"), "error") == 0;
}

void answer_error(struct call *c, int status, const char *code, const char *message, json_t *details)
{
    answer_json(c, status, item_error(code, message, details));
}

void answer_list(struct call *c, const char *envelope, json_t *stolen)
{
    if (json_array_size(stolen) == 0) {
        json_decref(stolen);
        answer_none(c);
        return;
    }
    answer_json(c, 200, json_pack("{s:o}", envelope, stolen));
}

static int number_param(struct call *c, const char *name, int fallback, int max)
{
    const char *t = call_query(c, name);
    if (!t) {
        return fallback;
    }
    char *end = NULL;
    long v = strtol(t, &end, 10);
    if (*end || v < 1 || v > max) {
        answer_error(c, 400, "INVALID_DATA", "the parameter is not a number in its range",
                     json_pack("{s:s,s:i}", "param_name", name, "maximum", max));
        return -1;
    }
    return (int)v;
}

int call_page(struct call *c, int *page, int *per_page)
{
    *page = number_param(c, "page", 1, 1000000);
    *per_page = number_param(c, "per_page", LIM_PAGE, LIM_PAGE);
    return *page < 0 || *per_page < 0 ? -1 : 0;
}

void answer_page(struct call *c, const char *envelope, json_t *stolen)
{
    AUTO_JSON json_t *all = stolen;
    int page, per;
    if (call_page(c, &page, &per)) {
        return;
    }
    size_t from = (size_t)(page - 1) * (size_t)per, n = json_array_size(all);
    json_t *part = json_array();
    for (size_t i = from; i < n && i < from + (size_t)per; i++) {
        json_array_append(part, json_array_get(all, i));
    }
    size_t got = json_array_size(part);
    if (got == 0) {
        json_decref(part);
        answer_none(c);
        return;
    }
    answer_json(c, 200,
                json_pack("{s:o,s:{s:i,s:i,s:i,s:b}}", envelope, part, "info", "per_page", per, "count", (int)got,
                          "page", page, "more_records", from + got < n));
}

void answer_results(struct call *c, int ok, const char *envelope, json_t *stolen)
{
    size_t n = json_array_size(stolen), bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad += item_failed(json_array_get(stolen, i));
    }
    /* 207 for mixed: OAS26a record delete, OAS26b custom views; "decide by element status" (zoho-api.md 2.1). */
    int status = bad == 0 ? ok : bad == n ? 400 : 207;
    answer_json(c, status, json_pack("{s:o}", envelope, stolen));
}

json_t *at(const char *json_path, ...)
{
    va_list ap;
    va_start(ap, json_path);
    AUTO_FREE char *path = mem_vprintf(json_path, ap);
    va_end(ap);
    const char *last = strrchr(path, '.');
    AUTO_FREE char *name = mem_dup(last ? last + 1 : path);
    name[strcspn(name, "[")] = '\0';
    return json_pack("{s:s,s:s}", "api_name", name, "json_path", path);
}

json_t *call_items(struct call *c, const char *envelope, size_t max)
{
    json_t *items = c->json ? json_object_get(c->json, envelope) : NULL;
    if (!items) {
        answer_error(c, 400, "MANDATORY_NOT_FOUND", "required field not found", at("$.%s", envelope));
        return NULL;
    }
    if (!json_is_array(items) || json_array_size(items) == 0) {
        json_t *d = at("$.%s", envelope);
        js_set_str(d, "expected_data_type", "jsonarray");
        answer_error(c, 400, "INVALID_DATA", "an array with at least one element is expected", d);
        return NULL;
    }
    size_t i;
    json_t *v;
    json_array_foreach (items, i, v) {
        if (!json_is_object(v)) {
            json_t *d = at("$.%s[%zu]", envelope, i);
            js_set_str(d, "expected_data_type", "jsonobject");
            answer_error(c, 400, "INVALID_DATA", "an object is expected", d);
            return NULL;
        }
    }
    if (json_array_size(items) > max) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many elements in one request",
                     json_pack("{s:i,s:[o]}", "limit", (int)max, "limit_due_to", at("$.%s", envelope)));
        return NULL;
    }
    return items;
}

json_t *call_module(struct call *c)
{
    const char *name = call_query(c, "module");
    if (!name) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "the parameter module is missing",
                     json_pack("{s:s}", "param_name", "module"));
        return NULL;
    }
    json_t *m = module_get(c->st, name);
    if (!m) {
        answer_error(c, 400, "INVALID_MODULE", "there is no such module", json_pack("{s:s}", "param_name", "module"));
    }
    return m;
}
