/* sandbox/record_list.c — GET of records: one, a page, deleted ones, how many. Source: zoho-api.md 2.2; OAS26a record. */
#include "sandbox/record_list.h"

#include <inttypes.h>

#include "base/digest.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"

struct page {
    json_t *only; /* field names */
    int64_t offset;
    int page, per;
    int order; /* column of the order by below */
    bool ascending;
    char digest[65]; /* of the parameters a token is bound to */
};

static json_t *split(const char *text)
{
    json_t *out = json_array();
    for (const char *p = text; p && *p;) {
        size_t n = strcspn(p, ",");
        json_array_append_new(out, json_stringn(p, n));
        p += n + (p[n] == ',');
    }
    return out;
}

static const char *const orders[] = {"id", "Created_Time", "Modified_Time"}; /* the only ones (2.2) */

static void param_error(struct call *c, const char *code, const char *message, const char *param)
{
    answer_error(c, 400, code, message, json_pack("{s:s}", "param_name", param));
}

/* Token: offset and expiry in front of the digest of what it is bound to. */
/* OFFSET.EXPIRES.DIGEST, as we gave it. */
static bool token_parts(const char *t, int64_t *offset, int64_t *expires, char digest[65])
{
    char *end;
    *offset = strtoll(t, &end, 10);
    if (end == t || *end != '.') {
        return false;
    }
    const char *second = end + 1;
    *expires = strtoll(second, &end, 10);
    if (end == second || *end != '.' || strspn(end + 1, "0123456789abcdef") != 64 || end[65]) {
        return false;
    }
    memcpy(digest, end + 1, 65);
    return true;
}

static void take_token(struct call *c, struct page *p)
{
    const char *t = call_query(c, "page_token");
    int64_t expires = 0;
    char digest[65] = "";
    if (!t) {
        return;
    }
    if (!token_parts(t, &p->offset, &expires, digest)) {
        param_error(c, "INVALID_DATA", "the page_token is not one of ours", "page_token");
    } else if (expires < c->s->clock.now_s(c->s->clock.ctx)) {
        param_error(c, "EXPIRED_VALUE", "the page_token has expired", "page_token");
    } else if (strcmp(digest, p->digest) != 0) {
        param_error(c, "TOKEN_BOUND_DATA_MISMATCH", "the page_token belongs to other parameters", "page_token");
    } else if (p->offset + p->per > LIM_ROWS_BY_TOKEN) {
        param_error(c, "PAGINATION_LIMIT_EXCEEDED", "no more than 100000 records can be listed", "page_token");
    }
}

static void take_order(struct call *c, struct page *p)
{
    const char *by = call_query(c, "sort_by"), *way = call_query(c, "sort_order");
    p->order = by ? -1 : 0;
    p->ascending = way && strcmp(way, "asc") == 0;
    for (int i = 0; by && i < 3; i++) {
        p->order = strcmp(by, orders[i]) == 0 ? i : p->order;
    }
    if (p->order < 0) {
        param_error(c, "INVALID_DATA", "records sort by id, Created_Time or Modified_Time", "sort_by");
    }
}

static void take_page(struct call *c, struct page *p)
{
    const char *fields = call_query(c, "fields");
    if (!fields) {
        param_error(c, "REQUIRED_PARAM_MISSING", "the parameter fields is missing", "fields");
        return;
    }
    p->only = split(fields);
    if (json_array_size(p->only) > LIM_LIST_FIELDS) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many fields",
                     json_pack("{s:s,s:i}", "param_name", "fields", "limit", LIM_LIST_FIELDS));
        return;
    }
    if (call_query(c, "cvid")) {
        param_error(c, "NOT_SUPPORTED", "this sandbox does not list by custom view", "cvid");
        return;
    }
    if (call_page(c, &p->page, &p->per)) {
        return;
    }
    take_order(c, p);
    AUTO_FREE char *bound =
        mem_printf("%s|%s|%s|%s", c->path, fields, call_query(c, "sort_by") ? call_query(c, "sort_by") : "",
                   p->ascending ? "asc" : "desc");
    digest_sha256(bound, strlen(bound), p->digest);
    p->offset = (int64_t)(p->page - 1) * p->per;
    if (!call_query(c, "page_token") && p->offset + p->per > LIM_ROWS_BY_PAGE) {
        param_error(c, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "after 2000 records use page_token", "page");
    }
    take_token(c, p);
}

#define SELECT(column, way)                                                                                            \
    "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY " column " " way ", id " way             \
    " LIMIT ?2 OFFSET ?3"
static const char *const selects[3][2] = {
    {"SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id DESC LIMIT ?2 OFFSET ?3",
     "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id ASC LIMIT ?2 OFFSET ?3"},
    {SELECT("created", "DESC"), SELECT("created", "ASC")},
    {SELECT("modified", "DESC"), SELECT("modified", "ASC")},
};

static void answer_rows(struct call *c, const struct record_module *m, const struct page *p)
{
    json_t *data = json_array();
    bool more = false;
    sqlite3_stmt *q = store_q(c->st, selects[p->order][p->ascending], "sii", m->api, (int64_t)p->per + 1, p->offset);
    while (store_row(c->st, q)) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        if (json_array_size(data) == (size_t)p->per) {
            more = true;
        } else {
            json_array_append_new(data, record_show(m, r, p->only));
        }
    }
    if (json_array_size(data) == 0) {
        json_decref(data);
        answer_none(c);
        return;
    }
    json_t *info = json_pack("{s:i,s:i,s:i,s:s,s:s,s:b}", "per_page", p->per, "count", (int)json_array_size(data),
                             "page", (int)(p->offset / p->per) + 1, "sort_by", orders[p->order], "sort_order",
                             p->ascending ? "asc" : "desc", "more_records", (int)more);
    if (more) {
        int64_t expires = c->s->clock.now_s(c->s->clock.ctx) + LIM_PAGE_TOKEN_LIFE_S;
        char text[CLOCK_TEXT];
        org_time(c->s, expires, text);
        js_set_strf(info, "next_page_token", "%" PRId64 ".%" PRId64 ".%s", p->offset + p->per, expires, p->digest);
        js_set_str(info, "page_token_expiry", text);
    }
    answer_json(c, 200, json_pack("{s:o,s:o}", "data", data, "info", info));
}

static void answer_ids(struct call *c, const struct record_module *m, const struct page *p)
{
    AUTO_JSON json_t *ids = split(call_query(c, "ids"));
    json_t *data = json_array(), *v;
    size_t i;
    json_array_foreach (ids, i, v) {
        AUTO_JSON json_t *r = record_get(c->st, m->api, json_string_value(v));
        if (r) {
            json_array_append_new(data, record_show(m, r, p->only));
        }
    }
    if (json_array_size(ids) > LIM_LIST_IDS) {
        json_decref(data);
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many ids",
                     json_pack("{s:s,s:i}", "param_name", "ids", "limit", LIM_LIST_IDS));
        return;
    }
    answer_page(c, "data", data);
}

void record_list(struct call *c)
{
    struct record_module m;
    struct page p = {0};
    if (!record_call_module(c, &m)) {
        return;
    }
    take_page(c, &p);
    if (!c->answered && call_query(c, "ids")) {
        answer_ids(c, &m, &p);
    } else if (!c->answered) {
        answer_rows(c, &m, &p);
    }
    json_decref(p.only);
    record_module_close(&m);
}

void record_one(struct call *c)
{
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return;
    }
    AUTO_JSON json_t *r = record_get(c->st, m.api, c->param[1]);
    AUTO_JSON json_t *only = call_query(c, "fields") ? split(call_query(c, "fields")) : NULL;
    const char *since = call_header(c, "if-modified-since");
    int64_t then = 0, modified = 0;
    if (!r) {
        answer_none(c);
    } else if (since && clock_parse(since, &then, NULL) == 0 &&
               clock_parse(js_str_or(r, "Modified_Time", ""), &modified, NULL) == 0 && modified <= then) {
        answer_json(c, 304, NULL);
    } else {
        answer_json(c, 200, json_pack("{s:[o]}", "data", record_show(&m, r, only)));
    }
    record_module_close(&m);
}

void record_deleted(struct call *c)
{
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return;
    }
    json_t *all = json_array();
    sqlite3_stmt *q = store_q(
        c->st, "SELECT id, body, deleted FROM record WHERE module=?1 AND deleted IS NOT NULL ORDER BY deleted DESC, id",
        "s", m.api);
    const char *name = module_display_field(m.module);
    while (store_row(c->st, q)) {
        AUTO_JSON json_t *r = store_json(q, 1);
        char when[CLOCK_TEXT];
        org_time(c->s, sqlite3_column_int64(q, 2), when);
        json_array_append_new(all, json_pack("{s:s,s:s,s:s,s:s,s:O,s:O}", "id", store_text(q, 0), "display_name",
                                             js_str_or(r, name, ""), "type", "recycle", "deleted_time", when,
                                             "deleted_by", json_object_get(r, "Modified_By"), "created_by",
                                             json_object_get(r, "Created_By")));
    }
    answer_page(c, "data", all);
    record_module_close(&m);
}

void record_count(struct call *c)
{
    static const char *const filters[] = {"criteria", "email", "phone", "word", "cvid"};
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return;
    }
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        if (call_query(c, filters[i])) {
            param_error(c, "NOT_SUPPORTED", "this sandbox counts whole modules only", filters[i]);
        }
    }
    int64_t n = 0;
    sqlite3_stmt *q = store_q(c->st, "SELECT count(*) FROM record WHERE module=?1 AND deleted IS NULL", "s", m.api);
    while (store_row(c->st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    answer_json(c, 200, json_pack("{s:I}", "count", (json_int_t)n));
    record_module_close(&m);
}
