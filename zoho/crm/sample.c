#include "zoho/crm/sample.h"

#include "base/text.h"

enum { PAGE = 200, AT_ONCE = 50 };
static const char scope[] = "ZohoCRM.modules.READ";

/* Ids, newest first. */
static int list_ids(struct zoho *z, const char *path, int limit, json_t *ids, struct err *e)
{
    for (int page = 1; (int)json_array_size(ids) < limit; page++) {
        AUTO_JSON json_t *query =
            json_pack("{s:s,s:s,s:s}", "fields", "id", "sort_by", "Modified_Time", "sort_order", "desc");
        js_set_strf(query, "per_page", "%d", PAGE);
        js_set_strf(query, "page", "%d", page);
        struct zoho_request rq = {.method = "GET", .path = path, .query = query, .retry = ZOHO_SAFE, .scope = scope};
        struct zoho_reply r = {0};
        if (zoho_call(z, &rq, &r, e) < 0)
            return -1;
        json_t *row;
        size_t i;
        json_array_foreach (js_arr(r.json, "data"), i, row) {
            if (js_str(row, "id") && (int)json_array_size(ids) < limit)
                js_push_str(ids, js_str(row, "id"));
        }
        bool more = js_bool(js_obj(r.json, "info"), "more_records", false);
        zoho_reply_release(&r);
        if (!more)
            break;
    }
    return 0;
}

static int read_some(struct zoho *z, const char *path, const json_t *ids, size_t from, size_t n, json_t *rows,
                     struct err *e)
{
    struct zoho_request rq[AT_ONCE] = {0};
    struct zoho_reply reply[AT_ONCE] = {0};
    struct err err[AT_ONCE] = {0};
    char *one[AT_ONCE];
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *id = text_percent_encode(json_string_value(json_array_get(ids, from + i)));
        one[i] = mem_printf("%s/%s", path, id);
        rq[i] = (struct zoho_request){.method = "GET", .path = one[i], .retry = ZOHO_SAFE, .scope = scope};
    }
    struct err any = {0};
    int rc = 0;
    zoho_call_many(z, rq, n, reply, err, &any);
    for (size_t i = 0; i < n; i++) {
        json_t *row = json_array_get(js_arr(reply[i].json, "data"), 0);
        if (row) /* gone meanwhile: one less */
            json_array_append(rows, row);
        else if (err[i].kind != ERR_NONE && err[i].kind != ERR_NOT_FOUND && rc == 0) {
            *e = err[i];
            rc = -1;
        }
        zoho_reply_release(&reply[i]);
        free(one[i]);
    }
    return rc;
}

int crm_whole(struct zoho *z, const char *module, const json_t *ids, json_t **rows, struct err *e)
{
    AUTO_FREE char *name = text_percent_encode(module);
    AUTO_FREE char *path = mem_printf("/crm/v8/%s", name);
    size_t n = json_array_size(ids) < CRM_SAMPLE_MAX ? json_array_size(ids) : CRM_SAMPLE_MAX;
    int rc = 0;
    *rows = json_array();
    for (size_t i = 0; rc == 0 && i < n; i += AT_ONCE)
        rc = read_some(z, path, ids, i, n - i < AT_ONCE ? n - i : AT_ONCE, *rows, e);
    if (rc == 0)
        return 0;
    json_decref(*rows);
    *rows = NULL;
    return -1;
}

int crm_samples(struct zoho *z, const char *module, int limit, json_t **rows, struct err *e)
{
    AUTO_FREE char *name = text_percent_encode(module);
    AUTO_FREE char *path = mem_printf("/crm/v8/%s", name);
    AUTO_JSON json_t *ids = json_array();
    *rows = NULL;
    if (list_ids(z, path, limit < CRM_SAMPLE_MAX ? limit : CRM_SAMPLE_MAX, ids, e) < 0 ||
        crm_whole(z, module, ids, rows, e) < 0)
        return -1;
    js_array_sort(*rows, "id");
    return 0;
}
