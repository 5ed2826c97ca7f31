/* sandbox/bulk_read.c — export jobs, and what all bulk jobs share. Source: zoho-api.md 2.4; OAS26a bulk_read. */
#include "sandbox/bulk.h"

#include "sandbox/access.h"
#include "sandbox/blob.h"
#include "sandbox/check.h"
#include "sandbox/csv_file.h"
#include "sandbox/happening.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"
#include "sandbox/selection.h"
#include "sandbox/zip_file.h"

enum { RESULT_BYTES = 512 << 20 };

bool bulk_callback_fits(struct call *c)
{
    const json_t *cb = js_obj(c->json, "callback");
    const char *url = js_str_or(cb, "url", "");
    if (cb && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
        answer_error(c, 400, "INVALID_CALLBACK_URL", "the callback's url is not one that can be called", NULL);
    } else if (cb && strcmp(js_str_or(cb, "method", ""), "post") != 0) {
        answer_error(c, 400, "INVALID_CALLBACK_METHOD", "the callback's method is post",
                     json_pack("{s:[s]}", "supported_callback_methods", "post"));
    }
    return !c->answered;
}

void bulk_called_back(struct call *c, const char *job)
{
    const json_t *cb = js_obj(c->json, "callback");
    struct happening h = {"webhook", c->s->clock.now_s(c->s->clock.ctx), NULL, NULL, job, NULL};
    if (cb) {
        happening_put(c->st, &h,
                      json_pack("{s:s,s:s,s:O,s:{s:s}}", "name", "bulk callback", "method", "POST", "url",
                                json_object_get(cb, "url"), "body", "job_id", job));
    }
}

bool bulk_still_running(struct call *c, const char *kind, json_t *job)
{
    if (js_bool(job, "@seen", false)) {
        return false;
    }
    js_set_bool(job, "@seen", true);
    config_put(c->st, kind, NULL, job);
    return true;
}

void bulk_no_job(struct call *c)
{
    answer_error(c, 404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.",
                 json_pack("{s:s}", "resource", c->param[0]));
}

json_t *bulk_job(struct call *c, const char *kind, const char *job_id)
{
    json_t *job = config_by_id(c->st, kind, NULL, job_id);
    if (job && !access_everything(c) && strcmp(js_str_or(js_obj(job, "created_by"), "id", ""), c->s->actor) != 0) {
        json_decref(job);
        return NULL;
    }
    return job;
}

void bulk_answer_result(struct call *c, const char *kind, const char *job_id)
{
    AUTO_JSON json_t *job = bulk_job(c, kind, job_id);
    struct blob b;
    if (!job || !js_bool(job, "@seen", false) || !blob_get(c->st, job_id, &b)) {
        bulk_no_job(c);
        return;
    }
    answer_bytes(c, "application/octet-stream", b.data, b.len, b.name);
    blob_release(&b);
}

/* ---- reading ---- */

struct export
{
    struct call *c;
    struct record_module m;
    const json_t *query;
    json_t *fields, *tree; /* owned */
    int64_t page;
};

static json_t *all_fields(const struct record_module *m)
{
    json_t *out = json_pack("[s]", "id"), *f;
    size_t i;
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        if (strcmp(js_str_or(f, "data_type", ""), "subform") != 0 && !record_hides(m->limits, api)) {
            js_array_add_unique(out, api);
        }
    }
    return out;
}

static bool take_fields(struct export *x)
{
    json_t *given = js_arr(x->query, "fields"), *f;
    size_t i;
    x->fields = json_array_size(given) > 0 ? json_incref(given) : all_fields(&x->m);
    json_array_foreach (given, i, f) {
        const char *api = json_string_value(f);
        bool known = api && json_object_get(x->m.by_api, api) && !record_hides(x->m.limits, api);
        if (!known && (!api || strcmp(api, "id") != 0)) {
            answer_json(x->c, 400, error_invalid(NULL, "$.query.fields[%zu]", i));
            return false;
        }
    }
    if (json_array_size(given) > LIM_BULK_FIELDS) {
        answer_error(x->c, 400, "LIMIT_EXCEEDED", "too many fields", json_pack("{s:i}", "limit", LIM_BULK_FIELDS));
        return false;
    }
    return true;
}

/* A wrong comparator or field in the criteria, said in bulk read's own words (OAS26a). */
static void criteria_refused(struct call *c, const json_t *bad)
{
    const char *code = js_str_or(bad, "code", ""), *api = js_str_or(js_obj(bad, "details"), "api_name", "");
    bool comparator = strcmp(code, "DEPENDENT_MISMATCH") == 0 || strcmp(api, "comparator") == 0;
    bool group = strcmp(api, "group_operator") == 0;
    AUTO_JSON json_t *and_or = json_pack("[s,s]", "and", "or");
    answer_error(c, 400,
                 group        ? "GROUP_OPERATOR_NOT_SUPPORTED"
                 : comparator ? "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED"
                              : "FIELD_IN_CRITERIA_NOT_SUPPORTED",
                 js_str_or(bad, "message", ""),
                 group ? json_pack("{s:O}", "supported", and_or) : json_pack("{s:s}", "api_name", api));
}

/* A field of the given criteria that must not be seen; NULL = none. A view's criteria are its maker's. */
static const char *hidden_in(const json_t *tree, const json_t *limits)
{
    const char *api = js_str_or(js_obj(tree, "field"), "api_name", ""), *found = NULL;
    size_t i;
    json_t *one;
    json_array_foreach (js_arr(tree, "group"), i, one) {
        found = found ? found : hidden_in(one, limits);
    }
    return record_hides(limits, api) ? api : found;
}

static bool take_criteria(struct export *x)
{
    const char *cvid = js_str(x->query, "cvid");
    AUTO_JSON json_t *view = cvid ? config_by_id(x->c->st, "custom_views", x->m.api, cvid) : NULL;
    json_t *given = js_obj(x->query, "criteria");
    if (cvid && !view) {
        answer_json(x->c, 400, error_invalid(NULL, "$.query.cvid"));
        return false;
    }
    json_t *tree = given ? given : js_obj(view, "criteria");
    x->tree = tree ? json_deep_copy(tree) : NULL;
    const char *hidden = hidden_in(given, x->m.limits);
    AUTO_JSON json_t *bad = hidden    ? item_error("INVALID_DATA", "there is no such field", at("$.%s", hidden))
                            : x->tree ? criteria_check(x->c->st, x->m.api, x->tree, "$.query.criteria")
                                      : NULL;
    if (bad) {
        criteria_refused(x->c, bad);
    }
    return !bad;
}

static bool take_query(struct export *x)
{
    struct call *c = x->c;
    const char *module = js_str(js_obj(x->query, "module"), "api_name"), *type = js_str_or(c->json, "file_type", "csv");
    x->page = js_int(x->query, "page", 1);
    if (!x->query || !module) {
        answer_json(c, 400, error_missing(x->query ? "$.query.module" : "$.query"));
    } else if (!record_module_open(c->st, module, &x->m)) {
        answer_error(c, 400, "INVALID_MODULE", "the module name given seems to be invalid",
                     json_pack("{s:s}", "api_name", module));
    } else if (strcmp(type, "csv") != 0) { /* ics is for Events only, a module this sandbox has not (2.4) */
        answer_json(c, 400, error_choice("csv", "$.file_type"));
    } else if (!access_limit(c, &x->m)) {
        return false;
    } else if (x->page < 1 || x->page > LIM_BULK_PAGES) {
        answer_error(c, 400, "PAGE_RANGE_EXCEEDED", "the page is out of range",
                     json_pack("{s:i}", "max_limit", LIM_BULK_PAGES));
    }
    return !c->answered && take_fields(x) && take_criteria(x);
}

static json_t *cells(const struct export *x, const json_t *record)
{
    json_t *out = json_array(), *f;
    size_t i;
    json_array_foreach (x->fields, i, f) {
        json_t *v = json_object_get(record, json_string_value(f));
        json_array_append(out, v ? v : json_null());
    }
    return out;
}

/* Lines of the page into b; how many, and whether there are more. */
static int64_t write_rows(const struct export *x, struct sb *b, bool *more)
{
    struct selection s;
    int64_t n = 0, from = (x->page - 1) * LIM_BULK_READ_ROWS;
    csv_line(b, x->fields);
    selection_of(x->c, &x->m, &s, x->tree ? json_incref(x->tree) : NULL);
    sqlite3_stmt *q =
        store_q(x->c->st, "SELECT id,body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id", "s", x->m.api);
    for (int64_t seen = 0; store_row(x->c->st, q);) {
        AUTO_JSON json_t *r = store_json(q, 1);
        js_set_str(r, "id", store_text(q, 0));
        if (!selection_match(&s, r) || seen++ < from) {
            continue;
        }
        *more = n == LIM_BULK_READ_ROWS;
        if (!*more) {
            AUTO_JSON json_t *shown = x->m.row_limits ? record_show(&x->m, r, x->fields) : json_incref(r);
            AUTO_JSON json_t *line = cells(x, shown);
            csv_line(b, line);
            n++;
        } else {
            seen--;
        }
    }
    selection_release(&s);
    return n;
}

static void keep_result(const struct export *x, const char *id, json_t *job)
{
    struct sb b = SB_INIT(RESULT_BYTES);
    bool more = false;
    size_t n = 0;
    int64_t count = write_rows(x, &b, &more);
    AUTO_FREE char *name = mem_printf("%s.csv", id), *file = mem_printf("%s.zip", id);
    AUTO_FREE char *zip = b.bad ? NULL : zip_pack(name, b.buf, b.len, &n);
    sb_release(&b);
    blob_put(x->c->st, id, file, zip, n);
    json_t *result = json_pack("{s:I,s:I,s:i,s:b}", "page", (json_int_t)x->page, "count", (json_int_t)count, "per_page",
                               LIM_BULK_READ_ROWS, "more_records", (int)more);
    js_set_strf(result, "download_url", "/crm/bulk/v8/read/%s/result", id);
    js_set(job, "result", result);
}

static void start(struct export *x)
{
    char id[STORE_ID_TEXT], now[CLOCK_TEXT];
    struct call *c = x->c;
    store_new_id(c->st, id);
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    json_t *me = org_me(c->s);
    json_object_del(me, "email");
    json_t *query = json_pack("{s:{s:s,s:s},s:O,s:I}", "module", "api_name", x->m.api, "id",
                              js_str_or(x->m.module, "id", ""), "fields", x->fields, "page", (json_int_t)x->page);
    if (x->tree) {
        json_object_set(query, "criteria", x->tree);
    }
    AUTO_JSON json_t *job =
        json_pack("{s:s,s:s,s:s,s:o,s:O,s:s,s:s}", "id", id, "operation", "read", "state", "COMPLETED", "query", query,
                  "created_by", me, "created_time", now, "file_type", "csv");
    keep_result(x, id, job);
    config_put(c->st, "bulk_read_jobs", NULL, job);
    bulk_called_back(c, id);
    answer_json(c, 201,
                json_pack("{s:[{s:s,s:s,s:s,s:{s:s,s:s,s:s,s:o,s:s}}],s:{}}", "data", "status", "success", "code",
                          "ADDED_SUCCESSFULLY", "message", "Added successfully.", "details", "id", id, "operation",
                          "read", "state", "ADDED", "created_by", me, "created_time", now, "info"));
}

static void read_create(struct call *c)
{
    struct export x = {.c = c, .query = js_obj(c->json, "query")};
    if (bulk_callback_fits(c) && take_query(&x)) {
        start(&x);
    }
    record_module_close(&x.m);
    json_decref(x.fields);
    json_decref(x.tree);
}

static void read_job(struct call *c)
{
    AUTO_JSON json_t *job = bulk_job(c, "bulk_read_jobs", c->param[0]);
    if (!job) {
        bulk_no_job(c);
        return;
    }
    if (bulk_still_running(c, "bulk_read_jobs", job)) {
        js_set_str(job, "state", "IN PROGRESS");
        json_object_del(job, "result");
    }
    json_object_del(job, "@seen");
    answer_json(c, 200, json_pack("{s:[O]}", "data", job));
}

static void read_result(struct call *c)
{
    bulk_answer_result(c, "bulk_read_jobs", c->param[0]);
}

#define READ "/crm/bulk/v8/read"
static const struct route rows[] = {
    {"POST", READ, "ZohoCRM.bulk.READ.=", LIM_CREDITS_BULK_READ, read_create, NULL},
    {"GET", READ "/{record}", "ZohoCRM.bulk.READ.=", 1, read_job, NULL},
    {"GET", READ "/{record}/result", "ZohoCRM.bulk.READ.=", 1, read_result, NULL},
};
ROUTE_TABLE(routes_bulk_read, rows);
