/*
 * sandbox/tag_use.c — a tag and the records that carry it: how many, merged into another one, deleted. Source: OAS26a tags,
 * tags_actions. Merging puts the tag of the path into the one conflict_id names (which way round is unproven).
 */
#include "sandbox/route.h"
#include "sandbox/tag.h"

/* `from` (an id) becomes `to` (a tag, NULL: nothing) on every record of the module. */
static void replace_everywhere(struct call *c, const struct record_module *m, const char *from, const json_t *to)
{
    AUTO_JSON json_t *ids = json_array();
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", from);
    sqlite3_stmt *q = store_q(c->st, "SELECT id FROM record WHERE module=?1 AND deleted IS NULL AND body LIKE ?2", "ss",
                              m->api, like);
    while (store_row(c->st, q)) {
        js_push_str(ids, store_text(q, 0));
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        AUTO_JSON json_t *r = record_get(c->st, m->api, id);
        json_t *tags = json_deep_copy(js_arr(r, "Tag"));
        int at_n = tag_place(tags, "id", from);
        if (at_n < 0) {
            json_decref(tags);
            continue;
        }
        json_array_remove(tags, (size_t)at_n);
        if (to && tag_place(tags, "id", js_str_or(to, "id", "")) < 0) {
            json_array_append_new(tags, tag_on_record(to));
        }
        record_set(c, m, id, "Tag", tags);
    }
}

/* The tag the path names and its module, opened; NULL = answered. */
static json_t *by_path(struct call *c, struct record_module *m)
{
    AUTO_FREE char *module = config_module_of(c->st, "tags", c->param[0]);
    json_t *t = module ? config_by_id(c->st, "tags", module, c->param[0]) : NULL;
    if (!t || !record_module_open(c->st, module, m)) {
        json_decref(t);
        answer_error(c, 400, "INVALID_DATA", "tags not found", json_pack("{s:s}", "id", c->param[0]));
        return NULL;
    }
    return t;
}

static void delete_one(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    if (t) {
        replace_everywhere(c, &m, c->param[0], NULL);
        config_remove(c->st, "tags", c->param[0]);
        answer_results(c, 200, "tags", json_pack("[o]", tag_done(t, "tags deleted successfully")));
    }
    record_module_close(&m);
}

static void merge(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    json_t *items = t ? call_items(c, "tags", 1) : NULL;
    const char *into = js_str(json_array_get(items, 0), "conflict_id");
    AUTO_JSON json_t *other = into ? config_by_id(c->st, "tags", m.api, into) : NULL;
    if (items && other) {
        replace_everywhere(c, &m, c->param[0], other);
        config_remove(c->st, "tags", c->param[0]);
        answer_results(c, 200, "tags", json_pack("[o]", tag_done(other, "tags merged successfully")));
    } else if (items) {
        answer_results(c, 200, "tags",
                       json_pack("[o]", into ? error_invalid(NULL, "$.tags[0].conflict_id")
                                             : error_missing("$.tags[0].conflict_id")));
    }
    record_module_close(&m);
}

static void records_count(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    int64_t n = 0;
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", c->param[0]);
    sqlite3_stmt *q =
        t ? store_q(c->st, "SELECT count(*) FROM record WHERE module=?1 AND deleted IS NULL AND body LIKE ?2", "ss",
                    m.api, like)
          : NULL;
    while (q && store_row(c->st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    json_t *out = json_object();
    js_set_strf(out, "count", "%lld", (long long)n);
    answer_json(c, 200, out);
    record_module_close(&m);
}

#define TAG   "/crm/v8/settings/tags/{id}"
#define SCOPE "ZohoCRM.settings.tags"
static const struct route rows[] = {
    {"DELETE", TAG, SCOPE, 1, delete_one, NULL},
    {"POST", TAG "/actions/merge", SCOPE, 1, merge, NULL},
    {"GET", TAG "/actions/records_count", SCOPE, 1, records_count, NULL},
};
ROUTE_TABLE(routes_tag_use, rows);
