/* agent/review/read.c — the records of a review, and on which open records they stand: COQL and GET, nothing else. */
#include "agent/review/review.h"
#include "zoho/crm/sample.h"

static json_t *rows_of(struct session *s, const char *query, struct err *e)
{
    struct strset names = {0};
    struct snapshot snap;
    AUTO_JSON json_t *queries = json_pack("{s:s}", "records/review", query);
    snapshot_init(&snap);
    strset_add(&names, "records/review");
    json_t *rows = crm_read(s->org->zoho, &names, queries, &snap, e) < 0 ? NULL : snapshot_get(&snap, "records/review");
    const json_t *refused = snapshot_refused(&snap, "records/review");
    json_incref(rows);
    if (!rows && e->kind == ERR_NONE) {
        err_set(e, ERR_REMOTE, "the org refuses the query (%s): %.160s", js_str_or(refused, "code", "no reason given"),
                query);
        err_fix(e, "correct module, where and fields of the review in the playbook");
    }
    strset_release(&names);
    snapshot_release(&snap);
    return rows;
}

/* The columns of the review that the org has: those of the playbook itself come with its first apply. */
static int add_columns(struct session *s, const json_t *review, json_t *columns, json_t *labels, struct err *e)
{
    struct strset names = {0};
    struct snapshot snap;
    const char *module = js_str_or(review, "module", "");
    AUTO_FREE char *list = mem_printf("fields/%s", module);
    json_t *wanted = json_array(), *name;
    size_t i;
    snapshot_init(&snap);
    strset_add(&names, list);
    int rc = crm_read(s->org->zoho, &names, NULL, &snap, e);
    js_push_str(wanted, js_str_or(review, "key", ""));
    js_array_add_unique(wanted, js_str_or(review, "field", ""));
    if (js_str(review, "done"))
        js_array_add_unique(wanted, js_str(review, "done"));
    json_array_foreach (js_arr(review, "show"), i, name)
        js_array_add_unique(wanted, json_string_value(name));
    json_array_foreach (wanted, i, name) {
        const json_t *field = snapshot_find(&snap, list, "api_name", json_string_value(name), false);
        if (field) {
            json_array_append(columns, name);
            js_set_str(labels, json_string_value(name), js_str_or(field, "field_label", json_string_value(name)));
        }
    }
    if (rc == 0 && !js_array_has(columns, js_str_or(review, "key", ""))) {
        err_set(e, ERR_CONFIG, "%s has no field %s, by which this review tells its records apart", module,
                js_str_or(review, "key", ""));
        rc = err_fix(e, "correct key of the review in the playbook");
    }
    json_decref(wanted);
    strset_release(&names);
    snapshot_release(&snap);
    return rc;
}

/* The record that a line or a row of a query points to. */
static void count_use(json_t *seen, const json_t *value)
{
    const char *id = json_is_object(value) ? js_str(value, "id") : json_string_value(value);
    if (id)
        js_set_bool(seen, id, true);
}

static void count_record(const json_t *record, const char *list, const char *item, json_t *uses)
{
    AUTO_JSON json_t *seen = json_object();
    const char *id;
    json_t *line, *v;
    size_t i;
    if (*list)
        json_array_foreach (js_arr(record, list), i, line)
            count_use(seen, json_object_get(line, item));
    else
        count_use(seen, json_object_get(record, item));
    json_object_foreach (seen, id, v)
        js_set_int(uses, id, js_int(uses, id, 0) + 1);
}

/* A query cannot look into the lines of a record, so records with a list are read whole, one by one: zoho/crm/sample.h. */
static int read_uses(struct session *s, const json_t *first, json_t *uses, struct err *e)
{
    const char *module = js_str_or(first, "module", ""), *list = js_str_or(first, "list", ""),
               *item = js_str_or(first, "item", "");
    AUTO_FREE char *query = mem_printf("select id%s%s from %s where %s", *list ? "" : ", ", *list ? "" : item, module,
                                       js_str_or(first, "where", "id is not null"));
    AUTO_JSON json_t *rows = rows_of(s, query, e), *ids = json_array();
    json_t *whole = NULL, *row;
    size_t i;
    if (!rows)
        return -1;
    json_array_foreach (rows, i, row)
        js_push_str(ids, js_str_or(row, "id", ""));
    if (*list && json_array_size(ids) > CRM_SAMPLE_MAX)
        app_warn(s->app, "%zu open %s are more than are looked into: the first %d say what is in use",
                 json_array_size(ids), module, CRM_SAMPLE_MAX);
    if (*list && crm_whole(s->org->zoho, module, ids, &whole, e) < 0)
        return -1;
    json_array_foreach (*list ? whole : rows, i, row)
        count_record(row, list, item, uses);
    json_decref(whole);
    return 0;
}

json_t *review_read(struct session *s, const json_t *review, struct err *e)
{
    AUTO_JSON json_t *columns = json_array(), *uses = json_object(), *labels = json_object();
    const json_t *first = js_obj(review, "first");
    AUTO_SB struct sb q = SB_INIT(1 << 16);
    json_t *name;
    size_t i;
    if (add_columns(s, review, columns, labels, e) < 0)
        return NULL;
    sb_add(&q, "select id");
    json_array_foreach (columns, i, name)
        sb_addf(&q, ", %s", json_string_value(name));
    sb_addf(&q, " from %s where %s", js_str_or(review, "module", ""), js_str_or(review, "where", "id is not null"));
    json_t *rows = rows_of(s, q.buf, e);
    if (!rows || (first && read_uses(s, first, uses, e) < 0)) {
        json_decref(rows);
        return NULL;
    }
    json_t *out = json_object();
    js_set(out, "rows", rows);
    js_set(out, "labels", json_incref(labels));
    js_set(out, "uses", json_incref(uses));
    return out;
}
