/* sandbox/coql.c — POST /coql: a parsed query turned into SQL over the records' JSON. Source: zoho-api.md 2.3, OAS26a coql. */
#include "sandbox/coql.h"

#include "base/sb.h"
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/record.h"
#include "sandbox/route.h"

struct run {
    struct call *c;
    struct coql q;
    struct record_module m;
    struct sb sql;
    json_t *binds; /* values of the ?s in order */
};

static int invalid(struct run *r, const char *key, const char *value, const char *reason)
{
    if (!r->q.error) {
        r->q.error = json_pack("{s:s,s:s,s:{s:s,s:s}}", "code", "INVALID_QUERY", "message", "the query is not valid",
                               "details", key, value, "reason", reason);
    }
    return -1;
}

/* names come from field objects that exist, so they hold no quote */
static void path_sql(struct sb *b, const char *row, const char *path, bool lookup)
{
    const struct coql_hop h = coql_hop(path);
    if (strcmp(path, "id") == 0) {
        sb_addf(b, "%s.id", row);
    } else if (!h.module && (!h.rest || strcmp(h.rest, "id") == 0)) {
        sb_addf(b, "json_extract(%s.body,'$.\"%.*s\"%s')", row, h.field, path, lookup ? ".id" : "");
    } else {
        AUTO_FREE char *inner = mem_printf("%sj", row);
        sb_addf(b, "(SELECT ");
        path_sql(b, inner, h.rest, lookup);
        sb_addf(b, " FROM record %s WHERE %s.id=CAST(json_extract(%s.body,'$.\"%.*s\".id') AS INTEGER)", inner, inner,
                row, h.field, path);
        if (h.module) {
            sb_addf(b, " AND %s.module='%.*s'", inner, h.module_len, h.module);
        }
        sb_add(b, ")");
    }
}

static int column_sql(struct run *r, const char *path, bool *time)
{
    AUTO_JSON json_t *f = coql_field(r->c->st, r->m.api, path);
    *time = strcmp(js_str_or(f, "data_type", ""), "datetime") == 0;
    if (*time) {
        sb_add(&r->sql, "unixepoch(");
    }
    path_sql(&r->sql, "r", path, coql_lookup(f));
    if (*time) {
        sb_add(&r->sql, ")");
    }
    return 0;
}

static void bind(struct run *r, const json_t *v, bool time)
{
    sb_add(&r->sql, time ? "unixepoch(?)" : "?");
    json_array_append(r->binds, (json_t *)(uintptr_t)v);
}

/* Ids are texts in the JSON and numbers in the row: compare each as what it is. */
static json_t *suited(const json_t *f, const char *path, const json_t *v)
{
    if (strcmp(path, "id") == 0) {
        return json_is_string(v) ? json_integer(strtoll(json_string_value(v), NULL, 10))
                                 : json_incref((json_t *)(uintptr_t)v);
    }
    if (coql_lookup(f) && json_is_integer(v)) {
        char text[32];
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
        return json_string(text);
    }
    return json_incref((json_t *)(uintptr_t)v);
}

static void bind_suited(struct run *r, const json_t *f, const struct coql_cond *t, const json_t *v, bool time)
{
    AUTO_JSON json_t *s = suited(f, t->path, v);
    bind(r, s, time);
}

/* An equal text in a field whose values are keyed (store.h) is found by its key: nobody reads 100,000 records for one. The key's
 * comparison ignores case, so the test itself stands beside it. */
static void by_key(struct run *r, const struct coql_cond *t)
{
    if (strcmp(t->op, "=") == 0 && json_is_string(t->value) && record_unique_field(&r->m, t->path)) {
        sb_addf(&r->sql, "r.id IN (SELECT record FROM keyed WHERE module=?1 AND field='%s' AND value=", t->path);
        bind(r, t->value, false);
        sb_add(&r->sql, ") AND ");
    }
}

static int test_sql(struct run *r, const struct coql_cond *t)
{
    bool time = false;
    AUTO_JSON json_t *f = coql_field(r->c->st, r->m.api, t->path);
    by_key(r, t);
    if (column_sql(r, t->path, &time)) {
        return -1;
    }
    if (!t->value) {
        sb_addf(&r->sql, " %s", t->op);
    } else if (strstr(t->op, "between")) {
        sb_addf(&r->sql, " %s ", t->op);
        bind_suited(r, f, t, json_array_get(t->value, 0), time);
        sb_add(&r->sql, " AND ");
        bind_suited(r, f, t, json_array_get(t->value, 1), time);
    } else if (json_is_array(t->value)) {
        sb_addf(&r->sql, " %s (", t->op);
        for (size_t i = 0; i < json_array_size(t->value); i++) {
            sb_add(&r->sql, i ? "," : "");
            bind_suited(r, f, t, json_array_get(t->value, i), time);
        }
        sb_add(&r->sql, ")");
    } else {
        /* != also finds empty ones, as Zoho's "isn't" does; unproven for COQL */
        sb_addf(&r->sql, " %s ", strcmp(t->op, "!=") == 0 ? "IS NOT" : t->op);
        bind_suited(r, f, t, t->value, time);
    }
    return 0;
}

static int cond_sql(struct run *r, int i)
{
    const struct coql_cond *c = &r->q.cond[i];
    if (c->kind == COQL_TEST) {
        return test_sql(r, c);
    }
    sb_add(&r->sql, "(");
    if (cond_sql(r, c->left)) {
        return -1;
    }
    sb_add(&r->sql, c->kind == COQL_AND ? " AND " : " OR ");
    if (cond_sql(r, c->right)) {
        return -1;
    }
    sb_add(&r->sql, ")");
    return 0;
}

static int select_sql(struct run *r)
{
    bool time;
    if (r->q.n_aggregate == 0 && r->q.n_group == 0) {
        sb_add(&r->sql, "SELECT r.id, r.body");
        return 0;
    }
    sb_add(&r->sql, "SELECT ");
    for (int i = 0; i < r->q.n_column; i++) {
        const struct coql_column *c = &r->q.column[i];
        sb_addf(&r->sql, "%s%s(", i ? ", " : "", c->function);
        if (column_sql(r, c->path, &time)) {
            return -1;
        }
        sb_add(&r->sql, ")");
    }
    return 0;
}

static int build(struct run *r)
{
    bool time;
    if (select_sql(r)) {
        return -1;
    }
    sb_add(&r->sql, " FROM record r WHERE r.module=?1 AND r.deleted IS NULL");
    if (r->q.where >= 0) {
        sb_add(&r->sql, " AND ");
        if (cond_sql(r, r->q.where)) {
            return -1;
        }
    }
    for (int i = 0; i < r->q.n_group; i++) {
        sb_add(&r->sql, i ? ", " : " GROUP BY ");
        if (column_sql(r, r->q.group[i].path, &time)) {
            return -1;
        }
    }
    for (int i = 0; i < r->q.n_order; i++) {
        sb_add(&r->sql, i ? ", " : " ORDER BY ");
        if (column_sql(r, r->q.order[i].path, &time)) {
            return -1;
        }
        sb_add(&r->sql, r->q.order[i].descending ? " DESC" : " ASC");
    }
    if (r->q.n_order == 0 && r->q.n_aggregate == 0 && r->q.n_group == 0) {
        sb_add(&r->sql, " ORDER BY r.id");
    }
    sb_addf(&r->sql, " LIMIT %lld OFFSET %lld", (long long)r->q.limit + 1, (long long)r->q.offset);
    return 0;
}

static void bind_values(struct run *r, sqlite3_stmt *st)
{
    sqlite3_bind_text(st, 1, r->m.api, -1, SQLITE_TRANSIENT);
    for (size_t i = 0; i < json_array_size(r->binds); i++) {
        const json_t *v = json_array_get(r->binds, i);
        int at_n = (int)i + 2;
        if (json_is_string(v)) {
            sqlite3_bind_text(st, at_n, json_string_value(v), -1, SQLITE_TRANSIENT);
        } else if (json_is_real(v)) {
            sqlite3_bind_double(st, at_n, json_real_value(v));
        } else {
            sqlite3_bind_int64(st, at_n, json_is_boolean(v) ? json_is_true(v) : json_integer_value(v));
        }
    }
}

static void answer_query(struct run *r)
{
    sqlite3_stmt *st = NULL;
    json_t *data = json_array();
    bool more = false;
    if (sqlite3_prepare_v2(r->c->st->db, r->sql.buf, -1, &st, NULL) != SQLITE_OK) {
        err_set(&r->c->st->e, ERR_BUG, "COQL made bad SQL: '%s'", sqlite3_errmsg(r->c->st->db));
    }
    bind_values(r, st);
    while (st && sqlite3_step(st) == SQLITE_ROW) {
        more = json_array_size(data) == (size_t)r->q.limit;
        if (more) {
            break;
        }
        json_array_append_new(data, coql_row(r->c, &r->q, r->m.api, st));
    }
    sqlite3_finalize(st);
    int n = (int)json_array_size(data);
    r->c->extra_credits = n <= LIM_COQL_CREDIT_ROWS_1 ? 0 : n <= LIM_COQL_CREDIT_ROWS_2 ? 1 : 2;
    if (n == 0) {
        json_decref(data);
        answer_none(r->c);
        return;
    }
    json_t *out = json_pack("{s:o,s:{s:i,s:b}}", "data", data, "info", "count", n, "more_records", (int)more);
    if (js_array_has(js_arr(r->c->json, "include_meta"), "fields")) {
        js_set(out, "fields", coql_meta(r->c, &r->q, r->m.api));
    }
    answer_json(r->c, 200, out);
}

static void coql(struct call *c)
{
    const char *text = js_str(c->json, "select_query");
    json_t *meta = js_arr(c->json, "include_meta"), *one;
    size_t i;
    if (!text) {
        answer_error(c, 400, "MANDATORY_NOT_FOUND", "required field not found", at("$.select_query"));
        return;
    }
    json_array_foreach (meta, i, one) {
        if (!json_is_string(one) || strcmp(json_string_value(one), "fields") != 0) {
            answer_json(c, 400, error_choice("fields", "$.include_meta[%zu]", i));
            return;
        }
    }
    struct run *r = mem_zalloc(sizeof *r);
    r->c = c;
    r->sql = (struct sb)SB_INIT(1 << 20);
    r->binds = json_array();
    int bad = coql_parse(&r->q, text);
    if (!bad && !record_module_open(c->st, r->q.module, &r->m)) {
        bad = invalid(r, "module", r->q.module, "there is no such module");
    }
    if (!bad && !access_limit(c, &r->m)) {
        bad = -1;
    }
    if (!bad && (r->q.error = coql_check(c, &r->q, &r->m))) {
        bad = -1;
    }
    if (!bad) {
        bad = build(r);
    }
    if (bad) {
        bool scope = strcmp(js_str_or(r->q.error, "code", ""), "OAUTH_SCOPE_MISMATCH") == 0;
        answer_error(c, scope ? 401 : 400, js_str_or(r->q.error, "code", "SYNTAX_ERROR"),
                     js_str_or(r->q.error, "message", ""), json_incref(json_object_get(r->q.error, "details")));
    } else {
        answer_query(r);
    }
    record_module_close(&r->m);
    coql_release(&r->q);
    sb_release(&r->sql);
    json_decref(r->binds);
    free(r);
}

static const struct route rows[] = {{"POST", "/crm/v8/coql", "ZohoCRM.coql.READ.=", 1, coql, NULL}};
ROUTE_TABLE(routes_coql, rows);
