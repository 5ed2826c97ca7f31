/*
 * sandbox/mass.c — one change to many records, and a copy of one. Source: zoho-api.md 2.1, 2.7; OAS26a mass_update, record (clone).
 * Mass update  with ids (at most 500) answers a row for each; with cvid it is a job, done at once here, whose counts GET tells.
 * Clone        a new record with the old one's values, those of the body before them; unique values are not copied.
 */
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/record_list.h"
#include "sandbox/route.h"
#include "sandbox/selection.h"

/* Ids of the records a custom view shows; new reference, NULL when there is no such view. */
static json_t *ids_of_view(struct call *c, const struct record_module *m, const char *cvid)
{
    AUTO_JSON json_t *view = config_by_id(c->st, "custom_views", m->api, cvid);
    struct selection s;
    if (!view) {
        return NULL;
    }
    json_t *out = json_array();
    selection_of(c, m, &s, js_obj(view, "criteria") ? json_incref(js_obj(view, "criteria")) : NULL);
    sqlite3_stmt *q =
        store_q(c->st, "SELECT id, body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id ASC", "s", m->api);
    while (store_row(c->st, q)) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        if (selection_match(&s, r)) {
            js_push_str(out, store_text(q, 0));
        }
    }
    selection_release(&s);
    return out;
}

static json_t *change_all(struct call *c, const struct record_module *m, const json_t *ids, const json_t *change,
                          const struct record_write *w)
{
    json_t *results = json_array();
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        json_array_append_new(results, id ? record_put(c, m, id, change, w, "$.data[0]")
                                          : error_invalid("string", "$.ids[%zu]", i));
    }
    return results;
}

/* The job's counts, kept under its id. */
static void as_job(struct call *c, const json_t *results)
{
    char id[STORE_ID_TEXT];
    int n = (int)json_array_size(results), bad = 0;
    store_new_id(c->st, id);
    for (size_t i = 0; i < json_array_size(results); i++) {
        bad += item_failed(json_array_get(results, i));
    }
    AUTO_JSON json_t *job = json_pack("{s:s,s:s,s:i,s:i,s:i,s:i}", "id", id, "Status", "COMPLETED", "Failed_Count", bad,
                                      "Updated_Count", n - bad, "Not_Updated_Count", 0, "Total_Count", n);
    config_put(c->st, "mass_update_jobs", c->param[0], job);
    answer_json(c, 200,
                json_pack("{s:[{s:s,s:{s:s},s:s,s:s}]}", "data", "code", "SCHEDULED", "details", "job_id", id,
                          "message", "mass update scheduled successfully", "status", "success"));
}

static void with_ids(struct call *c, const struct record_module *m, const json_t *change, const struct record_write *w)
{
    json_t *ids = js_arr(c->json, "ids");
    const char *cvid = js_str(c->json, "cvid");
    AUTO_JSON json_t *seen = !ids && cvid ? ids_of_view(c, m, cvid) : NULL;
    if (!ids && !seen) {
        answer_json(c, 400, cvid ? error_invalid(NULL, "$.cvid") : error_missing("$.ids"));
    } else if (json_array_size(ids) > LIM_MASS_UPDATE_IDS) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many ids",
                     json_pack("{s:i,s:[o]}", "limit", LIM_MASS_UPDATE_IDS, "limit_due_to", at("$.ids")));
    } else {
        AUTO_JSON json_t *results = change_all(c, m, ids ? ids : seen, change, w);
        if (seen) {
            as_job(c, results);
        } else {
            answer_results(c, 200, "data", json_incref(results));
        }
    }
}

static void mass_update(struct call *c)
{
    struct record_module m;
    struct record_write w = {0};
    if (!record_call_module(c, &m)) {
        return;
    }
    json_t *rows = call_items(c, "data", 1);
    if (rows && record_triggers(c, &w.trigger) == 0) {
        with_ids(c, &m, json_array_get(rows, 0), &w);
    }
    record_module_close(&m);
}

static void mass_job(struct call *c)
{
    const char *id = call_query(c, "job_id");
    AUTO_JSON json_t *job = id ? config_by_id(c->st, "mass_update_jobs", c->param[0], id) : NULL;
    if (!id) {
        answer_error(c, 400, "MANDATORY_NOT_FOUND", "required field not found",
                     json_pack("{s:s}", "param_name", "job_id"));
    } else if (!job) {
        answer_error(c, 400, "INVALID_DATA", "there is no such job", json_pack("{s:s}", "param_name", "job_id"));
    } else {
        json_object_del(job, "id");
        answer_json(c, 200, json_pack("{s:[O]}", "data", job));
    }
}

/* ---- clone ---- */

/* Who may not write a field copies the record without it (unproven). */
static void without_limited(json_t *in, const json_t *limits)
{
    const char *api;
    json_t *p;
    json_object_foreach ((json_t *)(uintptr_t)limits, api, p) {
        json_object_del(in, api);
    }
}

static json_t *copied(const struct record_module *m, const json_t *old, const json_t *over)
{
    json_t *in = json_deep_copy(old), *row;
    size_t i, k;
    json_t *f;
    json_object_del(in, "id");
    without_limited(in, m->limits);
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        bool unique = json_object_size(js_obj(f, "unique")) > 0;
        if (unique) {
            json_object_del(in, api);
        }
        json_array_foreach (js_arr(in, api), k, row) { /* line items are new ones */
            if (json_is_object(row) && strcmp(js_str_or(f, "data_type", ""), "subform") == 0) {
                json_object_del(row, "id");
                without_limited(row, js_obj(m->row_limits, api));
            }
        }
    }
    json_object_update(in, (json_t *)(uintptr_t)over);
    return in;
}

static void clone_record(struct call *c)
{
    struct record_module m;
    struct record_write w = {0};
    if (!record_call_module(c, &m)) {
        return;
    }
    AUTO_JSON json_t *old = record_get(c->st, m.api, c->param[1]);
    if (!old) {
        answer_error(c, 400, "INVALID_DATA", "the id given seems to be invalid",
                     json_pack("{s:i}", "resource_path_index", 1));
    } else if (!c->json || record_triggers(c, &w.trigger) == 0) {
        json_t *over = c->json ? json_array_get(js_arr(c->json, "data"), 0) : NULL;
        AUTO_JSON json_t *in = copied(&m, old, over);
        answer_results(c, 201, "data", json_pack("[o]", record_put(c, &m, NULL, in, &w, "$.data[0]")));
    }
    record_module_close(&m);
}

static const struct route rows[] = {
    {"POST", "/crm/v8/{Module}/actions/mass_update", "ZohoCRM.mass_update.{Module}.UPDATE.=", 1, mass_update, NULL},
    {"GET", "/crm/v8/{Module}/actions/mass_update", "ZohoCRM.mass_update.{Module}", 1, mass_job, NULL},
    {"POST", "/crm/v8/{Module}/{record}/actions/clone", "ZohoCRM.modules.{Module}", 1, clone_record, NULL},
};
ROUTE_TABLE(routes_mass, rows);
