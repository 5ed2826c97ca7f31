/* sandbox/record_list.c — GET of records: one, a page, by custom view, found by search, deleted ones, how many.
 * Source: zoho-api.md 2.1, 2.2; OAS26a record, module_search, record_count. */
#include "sandbox/record_list.h"

#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/record_page.h"

static void answer_ids(struct call *c, const struct record_module *m, const struct record_page *p)
{
    AUTO_JSON json_t *ids = record_names(call_query(c, "ids"));
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

/* The custom view cvid names; false = answered. Its criteria go to *tree, its order to the page. */
static bool take_view(struct call *c, const struct record_module *m, struct record_page *p, json_t **tree)
{
    AUTO_JSON json_t *view = config_by_id(c->st, "custom_views", m->api, call_query(c, "cvid"));
    const char *by = js_str(js_obj(view, "sort_by"), "api_name");
    if (!view) {
        answer_error(c, 400, "INVALID_DATA", "there is no such custom view", json_pack("{s:s}", "param_name", "cvid"));
        return false;
    }
    c->extra_credits = LIM_CREDITS_VIEW - 1;
    if (js_obj(view, "criteria")) {
        *tree = json_incref(js_obj(view, "criteria"));
    }
    if (by && p && json_object_get(m->by_api, by)) {
        free(p->sort_by);
        p->sort_by = mem_dup(by);
        p->ascending = strcmp(js_str_or(view, "sort_order", "asc"), "asc") == 0;
    }
    return true;
}

void record_list(struct call *c)
{
    struct record_module m;
    struct record_page p = {0};
    struct selection s = {0};
    json_t *tree = NULL;
    if (!record_call_module(c, &m)) {
        return;
    }
    if (record_page_take(c, &p, PAGE_LIST)) {
        if (call_query(c, "ids")) {
            answer_ids(c, &m, &p);
        } else if (!call_query(c, "cvid") || take_view(c, &m, &p, &tree)) {
            selection_of(c, &m, &s, tree);
            record_page_answer(c, &m, &p, tree ? &s : NULL);
        }
    }
    selection_release(&s);
    record_page_release(&p);
    record_module_close(&m);
}

/* At least one of the four (OAS26a module_search). */
static void ask_for_one(struct call *c)
{
    answer_error(c, 400, "EXPECTED_PARAM_MISSING", "one of the parameters is needed",
                 json_pack("{s:[s,s,s,s]}", "param_names", "criteria", "email", "phone", "word"));
}

void record_search(struct call *c)
{
    struct record_module m;
    struct record_page p = {0};
    struct selection s = {0};
    if (!record_call_module(c, &m)) {
        return;
    }
    if (selection_search(c, &m, &s) && !s.any) {
        ask_for_one(c);
    } else if (!c->answered && record_page_take(c, &p, PAGE_SEARCH)) {
        record_page_answer(c, &m, &p, &s);
    }
    selection_release(&s);
    record_page_release(&p);
    record_module_close(&m);
}

void record_one(struct call *c)
{
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return;
    }
    AUTO_JSON json_t *r = record_get(c->st, m.api, c->param[1]);
    AUTO_JSON json_t *only = call_query(c, "fields") ? record_names(call_query(c, "fields")) : NULL;
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

static int64_t count_rows(struct call *c, const struct record_module *m, const struct selection *s)
{
    int64_t n = 0;
    sqlite3_stmt *q =
        store_q(c->st, "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id", "s", m->api);
    while (store_row(c->st, q)) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        n += selection_match(s, r);
    }
    return n;
}

static int64_t count_all(struct call *c, const struct record_module *m)
{
    int64_t n = 0;
    sqlite3_stmt *q = store_q(c->st, "SELECT count(*) FROM record WHERE module=?1 AND deleted IS NULL", "s", m->api);
    while (store_row(c->st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}

static bool has_type(const struct record_module *m, const char *data_type)
{
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        if (strcmp(js_str_or(f, "data_type", ""), data_type) == 0) {
            return true;
        }
    }
    return false;
}

void record_count(struct call *c)
{
    struct record_module m;
    struct selection s = {0};
    json_t *tree = NULL;
    if (!record_call_module(c, &m)) {
        return;
    }
    if (selection_search(c, &m, &s)) {
        if ((s.email && !has_type(&m, "email")) || (s.phone && !has_type(&m, "phone"))) {
            answer_error(c, 400, "FIELD_TYPE_UNAVAILABLE", "this data type is not found in this module", NULL);
        } else if (!s.any && call_query(c, "cvid") && take_view(c, &m, NULL, &tree)) {
            selection_release(&s);
            selection_of(c, &m, &s, tree);
            c->extra_credits = 0;
        }
        answer_json(c, 200,
                    json_pack("{s:I}", "count", (json_int_t)(s.any ? count_rows(c, &m, &s) : count_all(c, &m))));
    }
    selection_release(&s);
    record_module_close(&m);
}
