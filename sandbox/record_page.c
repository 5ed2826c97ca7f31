/* sandbox/record_page.c — taking a page's parameters, reading its rows, answering it. */
#include "sandbox/record_page.h"

#include <inttypes.h>

#include "base/digest.h"
#include "base/sb.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"

json_t *record_names(const char *text)
{
    json_t *out = json_array();
    for (const char *p = text; p && *p;) {
        size_t n = strcspn(p, ",");
        json_array_append_new(out, json_stringn(p, n));
        p += n + (p[n] == ',');
    }
    return out;
}

static void param_error(struct call *c, const char *code, const char *message, const char *param)
{
    answer_error(c, 400, code, message, json_pack("{s:s}", "param_name", param));
}

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

static void take_token(struct call *c, struct record_page *p)
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

static void take_fields(struct call *c, struct record_page *p, enum page_kind kind)
{
    const char *fields = call_query(c, "fields");
    if (!fields) {
        if (kind == PAGE_LIST) {
            param_error(c, "REQUIRED_PARAM_MISSING", "the parameter fields is missing", "fields");
        }
        return;
    }
    p->only = record_names(fields);
    if (json_array_size(p->only) > LIM_LIST_FIELDS) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many fields",
                     json_pack("{s:s,s:i}", "param_name", "fields", "limit", LIM_LIST_FIELDS));
    }
}

/* What a page_token is bound to. */
static void bind_to(struct call *c, struct record_page *p)
{
    static const char *const params[] = {"fields", "sort_by", "sort_order", "cvid", "criteria"};
    AUTO_SB struct sb b = SB_INIT(64 << 10);
    sb_add(&b, c->path);
    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        const char *v = call_query(c, params[i]);
        sb_addf(&b, "|%s", v ? v : "");
    }
    digest_sha256(b.buf, b.len, p->digest);
}

bool record_page_take(struct call *c, struct record_page *p, enum page_kind kind)
{
    const char *by = call_query(c, "sort_by"), *way = call_query(c, "sort_order"),
               *since = call_header(c, "if-modified-since");
    *p = (struct record_page){.tokens = kind == PAGE_LIST};
    take_fields(c, p, kind);
    if (c->answered || call_page(c, &p->page, &p->per)) {
        return false;
    }
    if (by && !one_of("id|Created_Time|Modified_Time", by)) { /* the only ones (2.2) */
        param_error(c, "INVALID_DATA", "records sort by id, Created_Time or Modified_Time", "sort_by");
    } else if (by && call_query(c, "cvid")) { /* code unproven */
        param_error(c, "INVALID_DATA", "a custom view has its own order", "sort_by");
    } else if (since && clock_parse(since, &p->since, NULL)) {
        param_error(c, "INVALID_DATA", "If-Modified-Since is not a time", "If-Modified-Since");
    }
    p->sort_by = mem_dup(by ? by : "id");
    p->ascending = way && strcmp(way, "asc") == 0;
    p->offset = (int64_t)(p->page - 1) * p->per;
    bind_to(c, p);
    if (!(p->tokens && call_query(c, "page_token")) && p->offset + p->per > LIM_ROWS_BY_PAGE) {
        param_error(c, "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "after 2000 records use page_token", "page");
    }
    if (p->tokens) {
        take_token(c, p);
    }
    return !c->answered;
}

void record_page_release(struct record_page *p)
{
    json_decref(p->only);
    free(p->sort_by);
    *p = (struct record_page){0};
}

/* sort_by is one of ours or a field that exists: it holds no quote. */
static sqlite3_stmt *opened(struct call *c, const struct record_module *m, const struct record_page *p, bool filtered)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    const char *way = p->ascending ? "ASC" : "DESC";
    sb_add(&b, "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL");
    if (p->since) {
        sb_add(&b, " AND modified>?2");
    }
    if (strcmp(p->sort_by, "id") == 0) {
        sb_addf(&b, " ORDER BY id %s", way);
    } else if (one_of("Created_Time|Modified_Time", p->sort_by)) {
        sb_addf(&b, " ORDER BY %s %s, id %s", *p->sort_by == 'C' ? "created" : "modified", way, way);
    } else {
        sb_addf(&b, " ORDER BY json_extract(body,'$.\"%s\"') %s, id %s", p->sort_by, way, way);
    }
    if (!filtered) {
        sb_addf(&b, " LIMIT %d OFFSET %" PRId64, p->per + 1, p->offset);
    }
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(c->st->db, b.buf, -1, &q, NULL) != SQLITE_OK) {
        err_set(&c->st->e, ERR_BUG, "a listing made bad SQL: '%s'", sqlite3_errmsg(c->st->db));
        return NULL;
    }
    sqlite3_bind_text(q, 1, m->api, -1, SQLITE_TRANSIENT);
    if (p->since) {
        sqlite3_bind_int64(q, 2, p->since);
    }
    return q;
}

static json_t *rows(struct call *c, const struct record_module *m, const struct record_page *p,
                    const struct selection *s, bool *more)
{
    json_t *data = json_array();
    int64_t skip = s ? p->offset : 0;
    sqlite3_stmt *q = opened(c, m, p, s != NULL);
    while (!*more && q && sqlite3_step(q) == SQLITE_ROW) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        if ((s && !selection_match(s, r)) || skip-- > 0) {
            continue;
        }
        *more = json_array_size(data) == (size_t)p->per;
        if (!*more) {
            json_array_append_new(data, record_show(m, r, p->only));
        }
    }
    sqlite3_finalize(q);
    return data;
}

void record_page_answer(struct call *c, const struct record_module *m, const struct record_page *p,
                        const struct selection *s)
{
    bool more = false;
    json_t *data = rows(c, m, p, s, &more);
    if (json_array_size(data) == 0) {
        json_decref(data);
        answer_json(c, p->since ? 304 : 204, NULL);
        return;
    }
    json_t *info = json_pack("{s:i,s:i,s:i,s:s,s:s,s:b}", "per_page", p->per, "count", (int)json_array_size(data),
                             "page", (int)(p->offset / p->per) + 1, "sort_by", p->sort_by, "sort_order",
                             p->ascending ? "asc" : "desc", "more_records", (int)more);
    if (more && p->tokens) {
        int64_t expires = c->s->clock.now_s(c->s->clock.ctx) + LIM_PAGE_TOKEN_LIFE_S;
        char text[CLOCK_TEXT];
        org_time(c->s, expires, text);
        js_set_strf(info, "next_page_token", "%" PRId64 ".%" PRId64 ".%s", p->offset + p->per, expires, p->digest);
        js_set_str(info, "page_token_expiry", text);
    }
    answer_json(c, 200, json_pack("{s:o,s:o}", "data", data, "info", info));
}
