/* sandbox/record_route.c — /{Module}: insert, update, upsert, delete. Source: zoho-api.md 2.1; OAS26a record. */
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/record_list.h"
#include "sandbox/route.h"

bool record_call_module(struct call *c, struct record_module *m)
{
    if (record_module_open(c->st, c->param[0], m)) {
        if (strcmp(js_str_or(m->module, "generated_type", ""), "subform") != 0) {
            bool may = access_limit(c, m);
            if (!may) {
                record_module_close(m);
            }
            return may;
        }
        record_module_close(m);
        answer_error(c, 400, "NOT_SUPPORTED", "line items are written with their record",
                     json_pack("{s:i}", "resource_path_index", 0));
        return false;
    }
    /* A path no row of the table knows lands here too: count it as a call to something this sandbox does not have. */
    route_count_call(c->s->unknown, c->method, c->path);
    answer_error(c, 400, "INVALID_MODULE", "the module name given seems to be invalid",
                 json_pack("{s:i}", "resource_path_index", 0));
    return false;
}

/* Omitted = all run, [] = none (zoho-api.md 2.1). -1 = answered. */
int record_triggers(struct call *c, const json_t **out)
{
    static const char known[] = "workflow|approval|blueprint|pathfinder|orchestration";
    json_t *t = json_object_get(c->json, "trigger"), *v, *bad = NULL;
    size_t i;
    *out = t;
    if (t && !json_is_array(t)) {
        bad = error_invalid("jsonarray", "$.trigger");
    }
    json_array_foreach (t, i, v) {
        if (!bad && (!json_is_string(v) || !one_of(known, json_string_value(v)))) {
            bad = error_choice(known, "$.trigger[%zu]", i);
        }
    }
    if (bad) {
        answer_json(c, 400, bad);
    }
    return bad ? -1 : 0;
}

/* lar_id names the assignment rule to run (zoho-api.md 2.1). False = answered. */
static bool take_rule(struct call *c, struct record_write *w)
{
    w->assign = js_str(c->json, "lar_id");
    AUTO_FREE char *module = w->assign ? config_module_of(c->st, "assignment_rules", w->assign) : NULL;
    if (w->assign && (!module || strcmp(module, c->param[0]) != 0)) {
        answer_json(c, 400, error_invalid(NULL, "$.lar_id"));
    }
    return !c->answered;
}

/* The rows of a write, its credits counted; NULL = answered. */
static json_t *rows_of(struct call *c, struct record_write *w)
{
    json_t *rows = call_items(c, "data", LIM_RECORDS_PER_CALL);
    if (!rows || record_triggers(c, &w->trigger) || !take_rule(c, w)) {
        return NULL;
    }
    c->extra_credits = (int64_t)((json_array_size(rows) - 1) / LIM_RECORDS_PER_CREDIT);
    return rows;
}

void record_insert(struct call *c)
{
    struct record_module m;
    struct record_write w = {0};
    json_t *rows, *in;
    size_t i;
    if (!record_call_module(c, &m)) {
        return;
    }
    if ((rows = rows_of(c, &w))) {
        json_t *results = json_array();
        json_array_foreach (rows, i, in) {
            AUTO_FREE char *base = mem_printf("$.data[%zu]", i);
            json_array_append_new(results, record_put(c, &m, NULL, in, &w, base));
        }
        answer_results(c, 201, "data", results);
    }
    record_module_close(&m);
}

/* True when If-Unmodified-Since forbids the write. */
static bool moved(struct call *c, const struct record_module *m, const char *id)
{
    const char *since = call_header(c, "if-unmodified-since");
    AUTO_JSON json_t *now = since && id ? record_get(c->st, m->api, id) : NULL;
    int64_t then = 0, modified = 0;
    return now && clock_parse(since, &then, NULL) == 0 &&
           clock_parse(js_str_or(now, "Modified_Time", ""), &modified, NULL) == 0 && modified > then;
}

void record_update(struct call *c)
{
    struct record_module m;
    struct record_write w = {0};
    json_t *rows, *in;
    size_t i, stale = 0;
    if (!record_call_module(c, &m)) {
        return;
    }
    if ((rows = rows_of(c, &w))) {
        json_t *results = json_array();
        json_array_foreach (rows, i, in) {
            AUTO_FREE char *base = mem_printf("$.data[%zu]", i);
            const char *id = c->param[1] ? c->param[1] : js_str(in, "id");
            bool old = moved(c, &m, id);
            stale += old;
            json_array_append_new(results, !id   ? error_missing("%s.id", base)
                                           : old ? item_error("ALREADY_MODIFIED", "the record was modified meanwhile",
                                                              json_pack("{s:s}", "id", id))
                                                 : record_put(c, &m, id, in, &w, base));
        }
        if (stale == json_array_size(rows)) {
            answer_json(c, 412, json_pack("{s:o}", "data", results));
        } else {
            answer_results(c, 200, "data", results);
        }
    }
    record_module_close(&m);
}

/* The fields to find duplicates by, in order; the module's own last. NULL = answered. */
static json_t *check_fields(struct call *c, const struct record_module *m)
{
    json_t *given = js_arr(c->json, "duplicate_check_fields"), *out = json_array(), *v;
    size_t i;
    if (json_array_size(given) > LIM_DUPLICATE_FIELDS) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many duplicate_check_fields",
                     json_pack("{s:i}", "limit", LIM_DUPLICATE_FIELDS));
    }
    json_array_foreach (given, i, v) {
        const char *api = json_string_value(v);
        if (!api || !record_unique_field(m, api)) {
            answer_json(c, 400, error_invalid(NULL, "$.duplicate_check_fields[%zu]", i));
        } else {
            json_array_append(out, v);
        }
    }
    if (m->duplicate) {
        js_array_add_unique(out, m->duplicate);
    }
    if (c->answered) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *upsert_one(struct call *c, const struct record_module *m, const json_t *in, const json_t *by,
                          const struct record_write *w, const char *base)
{
    const char *field = NULL;
    AUTO_FREE char *id = js_str(in, "id") ? mem_dup(js_str(in, "id")) : NULL;
    for (size_t i = 0; !id && i < json_array_size(by); i++) {
        field = json_string_value(json_array_get(by, i));
        id = record_find(c->st, m, field, json_object_get(in, field), NULL);
    }
    json_t *r = record_put(c, m, id, in, w, base);
    if (!item_failed(r)) {
        js_set_str(r, "action", id ? "update" : "insert");
        js_set_str(r, "duplicate_field", id && !js_str(in, "id") ? field : NULL);
    }
    return r;
}

static void upsert(struct call *c)
{
    struct record_module m;
    struct record_write w = {0};
    json_t *in;
    size_t i;
    if (!record_call_module(c, &m)) {
        return;
    }
    json_t *rows = rows_of(c, &w);
    AUTO_JSON json_t *by = rows ? check_fields(c, &m) : NULL;
    if (by) {
        json_t *results = json_array();
        json_array_foreach (rows, i, in) {
            AUTO_FREE char *base = mem_printf("$.data[%zu]", i);
            json_array_append_new(results, upsert_one(c, &m, in, by, &w, base));
        }
        answer_results(c, 200, "data", results);
    }
    record_module_close(&m);
}

/* wf_trigger=false: no rule runs (OAS26a record). */
static void delete_all(struct call *c, const struct record_module *m, const char *ids)
{
    json_t *results = json_array();
    const char *wf = call_query(c, "wf_trigger");
    AUTO_JSON json_t *none = wf && strcmp(wf, "false") == 0 ? json_array() : NULL;
    for (const char *p = ids; *p;) {
        size_t n = strcspn(p, ",");
        AUTO_FREE char *id = mem_dupn(p, n);
        json_array_append_new(results, record_delete(c, m, id, none));
        p += n + (p[n] == ',');
    }
    if (json_array_size(results) > LIM_RECORDS_PER_CALL) {
        json_decref(results);
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many ids",
                     json_pack("{s:s,s:i}", "param_name", "ids", "limit", LIM_RECORDS_PER_CALL));
        return;
    }
    answer_results(c, 200, "data", results);
}

void record_remove(struct call *c)
{
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return;
    }
    const char *ids = c->param[1] ? c->param[1] : call_query(c, "ids");
    if (ids) {
        delete_all(c, &m, ids);
    } else {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "the parameter ids is missing",
                     json_pack("{s:s}", "param_name", "ids"));
    }
    record_module_close(&m);
}

#define SCOPE  "ZohoCRM.modules.{Module}"
#define SEARCH SCOPE "&ZohoSearch.securesearch" /* zoho-api.md 2.1 */
static const struct route rows[] = {
    {"GET", "/crm/v8/{Module}/deleted", SCOPE, LIM_CREDITS_DELETED, record_deleted, NULL},
    {"GET", "/crm/v8/{Module}/actions/count", SEARCH, 1, record_count, NULL},
    {"GET", "/crm/v8/{Module}/search", SEARCH, 1, record_search, NULL},
    {"POST", "/crm/v8/{Module}/upsert", SCOPE, 1, upsert, NULL},
    {"GET", "/crm/v8/{Module}", SCOPE, 1, record_list, NULL},
    {"POST", "/crm/v8/{Module}", SCOPE, 1, record_insert, NULL},
    {"PUT", "/crm/v8/{Module}", SCOPE, 1, record_update, NULL},
    {"DELETE", "/crm/v8/{Module}", SCOPE, 1, record_remove, NULL},
    {"GET", "/crm/v8/{Module}/{id}", SCOPE, 1, record_one, NULL},
    {"PUT", "/crm/v8/{Module}/{id}", SCOPE, 1, record_update, NULL},
    {"DELETE", "/crm/v8/{Module}/{id}", SCOPE, 1, record_remove, NULL},
};
ROUTE_TABLE(routes_record, rows);
