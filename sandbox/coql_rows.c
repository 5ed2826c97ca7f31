/* sandbox/coql_rows.c — a row of SQL's answer as COQL answers it, and what include_meta tells of the columns. */
#include "sandbox/coql.h"
#include "sandbox/record.h"

struct look {
    struct call *c;
    const struct coql *q;
    const char *module;
};

static json_t *followed(const struct look *r, const json_t *record, const char *path)
{
    const struct coql_hop h = coql_hop(path);
    if (!h.rest) {
        return json_incref(json_object_get(record, path));
    }
    AUTO_FREE char *first = mem_dupn(path, (size_t)h.field);
    AUTO_FREE char *module = h.module ? mem_dupn(h.module, (size_t)h.module_len) : NULL;
    if (!module && strcmp(h.rest, "id") == 0) {
        return json_incref(json_object_get(js_obj(record, first), "id"));
    }
    AUTO_JSON json_t *next = record_get(r->c->st, module, js_str(js_obj(record, first), "id"));
    return next ? followed(r, next, h.rest) : NULL;
}

static json_t *plain_row(const struct look *r, sqlite3_stmt *st)
{
    AUTO_JSON json_t *rec = store_json(st, 1);
    json_t *row = json_object();
    js_set_str(rec, "id", store_text(st, 0));
    for (int i = 0; i < r->q->n_column; i++) {
        json_t *v = followed(r, rec, r->q->column[i].path);
        json_object_set_new(row, r->q->column[i].shown, v ? v : json_null());
    }
    json_object_set(row, "id", json_object_get(rec, "id"));
    return row;
}

/* What a sum or group of this field gives, as JSON has it: times and check boxes come out of SQL as numbers. */
static json_t *sum_value(const struct look *r, const struct coql_column *col, sqlite3_stmt *st, int i)
{
    int type = sqlite3_column_type(st, i);
    AUTO_JSON json_t *f = coql_field(r->c->st, r->module, col->path);
    const char *data = js_str_or(f, "data_type", "");
    bool kept = !*col->function || strcasecmp(col->function, "min") == 0 || strcasecmp(col->function, "max") == 0;
    if (type == SQLITE_NULL) {
        return json_null();
    }
    if (kept && strcmp(data, "datetime") == 0) {
        char text[CLOCK_TEXT];
        org_time(r->c->s, sqlite3_column_int64(st, i), text);
        return json_string(text);
    }
    if (kept && strcmp(data, "boolean") == 0) {
        return json_boolean(sqlite3_column_int(st, i) != 0);
    }
    if (!*col->function && coql_lookup(f)) {
        return json_pack("{s:s}", "id", store_text(st, i));
    }
    return type == SQLITE_INTEGER ? json_integer(sqlite3_column_int64(st, i))
           : type == SQLITE_FLOAT ? json_real(sqlite3_column_double(st, i))
                                  : json_string(store_text(st, i));
}

static json_t *sum_row(const struct look *r, sqlite3_stmt *st)
{
    json_t *row = json_object();
    for (int i = 0; i < r->q->n_column; i++) {
        json_object_set_new(row, r->q->column[i].shown, sum_value(r, &r->q->column[i], st, i));
    }
    return row;
}

/* include_meta ["fields"]: the column's field, by the name it is shown under (the shape is unproven). */
static json_t *field_meta(const struct look *r)
{
    static const char *const keys[] = {"api_name", "field_label", "data_type", "json_type", "id"};
    json_t *out = json_object();
    for (int i = 0; i < r->q->n_column; i++) {
        AUTO_JSON json_t *f = coql_field(r->c->st, r->module, r->q->column[i].path);
        json_t *one = json_object();
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            json_object_set(one, keys[k], json_object_get(f, keys[k]));
        }
        json_object_set_new(out, r->q->column[i].shown, one);
    }
    return out;
}

json_t *coql_row(struct call *c, const struct coql *q, const char *module, sqlite3_stmt *st)
{
    const struct look r = {c, q, module};
    return q->n_aggregate > 0 || q->n_group > 0 ? sum_row(&r, st) : plain_row(&r, st);
}

json_t *coql_meta(struct call *c, const struct coql *q, const char *module)
{
    const struct look r = {c, q, module};
    return field_meta(&r);
}
