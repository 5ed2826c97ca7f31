/*
 * sandbox/bulk_write.c — import jobs: what POST /write wants, the job, its result. Source: zoho-api.md 2.5; OAS25 and OAS26a bulk_write
 * (codes and messages). Rows are written by bulk_import.c.
 *
 * Result      download_url is a whole URL, on a host of its own at Zoho, here on the org's one port; the path as the samples of
 *             zoho.com/crm/developer/docs/api/v2/bulk-write/download-result show it.
 */
#include "sandbox/access.h"
#include "sandbox/blob.h"
#include "sandbox/bulk.h"
#include "sandbox/check.h"
#include "sandbox/csv_file.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"
#include "sandbox/zip_file.h"

enum { RESULT_BYTES = 256 << 20, CSV_BYTES = 256 << 20, HEADERS = 500 };

static void refuse(struct call *c, const char *code, const char *message, json_t *details)
{
    answer_error(c, 400, code, message, details);
}

static bool take_operation(struct bulk_import *b)
{
    const char *op = js_str(b->c->json, "operation");
    json_t *list = js_arr(b->c->json, "resource");
    if (!op || !list) {
        AUTO_FREE char *m = mem_printf("required key %s is not found in request body.", op ? "resource" : "operation");
        refuse(b->c, "MISSING_REQUIRED_KEY", m, at("$.%s", op ? "resource" : "operation"));
    } else if (!one_of("insert|update|upsert", op)) {
        answer_json(b->c, 400, error_choice("insert|update|upsert", "$.operation"));
    } else if (json_array_size(list) == 0 || json_array_size(list) > sizeof b->part / sizeof *b->part) {
        answer_json(b->c, 400, error_invalid("jsonarray", "$.resource"));
    }
    b->operation = op;
    b->ignore_empty = js_bool(b->c->json, "ignore_empty", false);
    return !b->c->answered;
}

/* The child's field in the parent's module, when `child` is rows of one of its subforms; borrowed from the parent. */
static const char *subform_of(const struct record_module *parent, const char *child)
{
    size_t i;
    json_t *f;
    json_array_foreach (parent->fields, i, f) {
        const char *module = js_str_or(js_obj(f, "associated_module"), "module", js_str_or(f, "api_name", ""));
        if (strcmp(js_str_or(f, "data_type", ""), "subform") == 0 && strcmp(module, child) == 0) {
            return js_str(f, "api_name");
        }
    }
    return NULL;
}

/* The module of the nth resource: the first is the parent, others its subforms. */
static bool take_module(struct bulk_import *b, struct bulk_resource *r)
{
    const char *module = js_str_or(js_obj(r->resource, "module"), "api_name", "");
    bool first = r == &b->part[0];
    if (!record_module_open(b->c->st, module, &r->m)) {
        AUTO_FREE char *m = mem_printf("Requested module '%s' is not available.", module);
        refuse(b->c, "MODULE_NOT_AVAILABLE", m, NULL);
        return false;
    }
    if (!access_limit(b->c, &r->m)) {
        return false;
    }
    r->subform = first ? NULL : subform_of(&b->part[0].m, r->m.api);
    r->child = !first;
    if (!first && !r->subform) { /* independent modules do not go in one job */
        refuse(b->c, "COEXISTENCE_NOT_ALLOWED", "these modules cannot be written in one job", NULL);
        return false;
    }
    return true;
}

/* The CSV of a resource, out of its zip. */
static bool take_file(struct bulk_import *b, struct bulk_resource *r)
{
    struct blob zip;
    const char *id = js_str_or(r->resource, "file_id", "");
    const char *want = json_string_value(json_array_get(js_arr(r->resource, "file_names"), 0));
    if (!blob_get(b->c->st, id, &zip)) {
        refuse(b->c, "INVALID_FILE_ID", "improper file id", NULL);
        return false;
    }
    AUTO_JSON json_t *names = zip_names(zip.data, zip.len);
    const char *name = want ? want : json_string_value(json_array_get(names, 0));
    bool many = !r->child && b->n == 1 && json_array_size(names) > 1 && !want;
    size_t n = 0;
    AUTO_FREE char *text = name && !many ? zip_content(zip.data, zip.len, name, CSV_BYTES, &n) : NULL;
    blob_release(&zip);
    r->rows = text ? csv_rows(text, n) : NULL;
    r->file_name = mem_dup(name ? name : "");
    if (many || (text && !r->rows)) {
        refuse(b->c, "FILE_NOT_SUPPORTED", "File not supported for bulk write", NULL);
    } else if (!text) {
        refuse(b->c, "FILE_NOT_FOUND", "the file is not in the archive", NULL);
    } else if (json_array_size(json_array_get(r->rows, 0)) > HEADERS) {
        refuse(b->c, "HEADER_LIMIT_EXCEEDED", "too many columns", NULL);
    } else if (json_array_size(r->rows) - 1 > LIM_BULK_WRITE_ROWS) {
        refuse(b->c, "LIMIT_EXCEEDED", "too many rows", json_pack("{s:i}", "limit", LIM_BULK_WRITE_ROWS));
    }
    return !b->c->answered;
}

const json_t *bulk_mapping(const struct bulk_resource *r, const char *api_name)
{
    size_t i;
    json_t *m;
    json_array_foreach (js_arr(r->resource, "field_mappings"), i, m) {
        if (strcmp(js_str_or(m, "api_name", ""), api_name) == 0) {
            return m;
        }
    }
    return NULL;
}

static bool mapping_fits(struct bulk_import *b, const struct bulk_resource *r, const json_t *m)
{
    const char *api = js_str_or(m, "api_name", "");
    size_t columns = json_array_size(json_array_get(r->rows, 0));
    int64_t index = js_int(m, "index", -1);
    bool parent = r->child && strcmp(api, "Parent_Id") == 0;
    bool known = json_object_get(r->m.by_api, api) && !record_hides(r->m.limits, api);
    if (!parent && strcmp(api, "id") != 0 && !known) {
        AUTO_FREE char *text = mem_printf("invalid mapping. invalid api_name %s.", api);
        refuse(b->c, "INVALID_FIELD", text, json_pack("{s:s}", "api_name", api));
    } else if (index < 0 && !js_obj(m, "default_value")) {
        AUTO_FREE char *text = mem_printf("required key index for field %s is not found in request body.", api);
        refuse(b->c, "MISSING_REQUIRED_KEY", text, NULL);
    } else if (index >= (int64_t)columns) {
        refuse(b->c, "COLUMN_INDEX_NOT_FOUND", "the file has no such column", json_pack("{s:s}", "api_name", api));
    } else if (parent && js_int(m, "parent_column_index", -1) < 0) {
        refuse(b->c, "MANDATORY_NOT_FOUND", "Required key parent_column_index is not available", NULL);
    }
    return !b->c->answered;
}

static bool mandatory_mapped(struct bulk_import *b, const struct bulk_resource *r)
{
    size_t i;
    json_t *f;
    json_array_foreach (r->m.fields, i, f) {
        bool given = bulk_mapping(r, js_str_or(f, "api_name", "")) != NULL ||
                     strcmp(js_str_or(f, "data_type", ""), "subform") == 0;
        if (js_bool(f, "system_mandatory", false) && !given) {
            refuse(b->c, "MANDATORY_FIELDS_NOT_MAPPED", "All mandatory fields are not mapped for the layout",
                   json_pack("{s:O}", "api_name", json_object_get(f, "api_name")));
            return false;
        }
    }
    return true;
}

/* Without mappings the header's names are the fields'. */
static void mappings_from_header(struct bulk_resource *r)
{
    size_t i;
    json_t *h;
    if (js_arr(r->resource, "field_mappings")) {
        return;
    }
    json_t *list = json_array();
    json_array_foreach (json_array_get(r->rows, 0), i, h) {
        json_array_append_new(list, json_pack("{s:O,s:i}", "api_name", h, "index", (int)i));
    }
    json_object_set_new((json_t *)(uintptr_t)r->resource, "field_mappings", list);
}

static bool take_mappings(struct bulk_import *b, struct bulk_resource *r)
{
    size_t i;
    json_t *m;
    bool insert = strcmp(b->operation, "insert") == 0;
    mappings_from_header(r);
    json_array_foreach (js_arr(r->resource, "field_mappings"), i, m) {
        if (!mapping_fits(b, r, m)) {
            return false;
        }
    }
    const char *by = js_str(r->resource, "find_by");
    if (!r->child && !insert && !by) {
        refuse(b->c, "MANDATORY_NOT_FOUND", "Required key find_by is not available", NULL);
    } else if (!r->child && !insert &&
               (!bulk_mapping(r, by) || (strcmp(by, "id") != 0 && !record_unique_field(&r->m, by)))) {
        answer_json(b->c, 400, error_invalid(NULL, "$.resource[0].find_by"));
    } else if (r->child && !bulk_mapping(r, "Parent_Id")) {
        refuse(b->c, "MANDATORY_NOT_FOUND", "Required key parent_column_index is not available", NULL);
    }
    return !b->c->answered && (strcmp(b->operation, "update") == 0 || mandatory_mapped(b, r));
}

static bool take_resources(struct bulk_import *b)
{
    json_t *list = js_arr(b->c->json, "resource"), *one;
    size_t i;
    json_array_foreach (list, i, one) {
        b->part[i].resource = one;
        b->n = json_array_size(list);
        if (strcmp(js_str_or(one, "type", ""), "data") != 0) {
            answer_json(b->c, 400, error_choice("data", "$.resource[%zu].type", i));
            return false;
        }
        if (!take_module(b, &b->part[i]) || !take_file(b, &b->part[i]) || !take_mappings(b, &b->part[i])) {
            return false;
        }
    }
    return true;
}

/* The job as GET shows it. */
static json_t *job_of(struct bulk_import *b, const char *id, const json_t *counts)
{
    char now[CLOCK_TEXT];
    json_t *me = org_me(b->c->s), *parts = json_array();
    json_object_del(me, "email");
    org_time(b->c->s, b->c->s->clock.now_s(b->c->s->clock.ctx), now);
    for (size_t i = 0; i < b->n; i++) {
        struct bulk_resource *r = &b->part[i];
        json_t *file = json_pack("{s:s,s:s}", "status", "COMPLETED", "name", r->file_name);
        json_object_update(file, (json_t *)(uintptr_t)counts);
        json_array_append_new(parts, json_pack("{s:s,s:s,s:{s:s,s:s},s:O,s:o}", "status", "COMPLETED", "type", "data",
                                               "module", "api_name", r->m.api, "id", js_str_or(r->m.module, "id", ""),
                                               "field_mappings", js_arr(r->resource, "field_mappings"), "file", file));
    }
    json_t *job = json_pack("{s:s,s:s,s:s,s:s,s:o,s:o,s:s}", "id", id, "status", "COMPLETED", "operation", b->operation,
                            "character_encoding", js_str_or(b->c->json, "character_encoding", "UTF-8"), "resource",
                            parts, "created_by", me, "created_time", now);
    json_t *cb = js_obj(b->c->json, "callback");
    json_object_set_new(job, "callback", cb ? json_incref(cb) : json_null());
    return job;
}

static void run_job(struct bulk_import *b)
{
    char id[STORE_ID_TEXT];
    struct sb result = SB_INIT(RESULT_BYTES);
    AUTO_JSON json_t *counts = json_object();
    size_t n = 0;
    store_new_id(b->c->st, id);
    bulk_import_run(b, counts, &result);
    AUTO_FREE char *name =
        mem_printf("%s-%s", b->part[0].m.api, b->part[0].file_name); /* DOC:bulk-write download-result */
    AUTO_FREE char *file = mem_printf("%s.zip", id);
    AUTO_FREE char *zip = zip_pack(name, result.buf ? result.buf : "", result.len, &n);
    sb_release(&result);
    blob_put(b->c->st, id, file, zip, n);
    AUTO_JSON json_t *job = job_of(b, id, counts);
    config_put(b->c->st, "bulk_write_jobs", NULL, job);
    bulk_called_back(b->c, id);
    answer_json(b->c, 201,
                json_pack("{s:s,s:s,s:s,s:{s:s,s:O}}", "status", "success", "code", "SUCCESS", "message", "success",
                          "details", "id", id, "created_by", js_obj(job, "created_by")));
}

static void write_create(struct call *c)
{
    struct bulk_import b = {.c = c};
    if (bulk_callback_fits(c) && take_operation(&b) && take_resources(&b)) {
        run_job(&b);
    }
    for (size_t i = 0; i < b.n; i++) {
        record_module_close(&b.part[i].m);
        json_decref(b.part[i].rows);
        json_decref(b.part[i].by_parent);
        free(b.part[i].file_name);
    }
}

static void write_job(struct call *c)
{
    AUTO_JSON json_t *job = bulk_job(c, "bulk_write_jobs", c->param[0]);
    size_t i;
    json_t *r;
    if (!job) {
        bulk_no_job(c);
        return;
    }
    if (bulk_still_running(c, "bulk_write_jobs", job)) {
        js_set_str(job, "status", "INPROGRESS");
        json_array_foreach (js_arr(job, "resource"), i, r) {
            js_set_str(r, "status", "INPROGRESS");
            json_object_del(r, "file");
        }
    } else { /* made when asked: another run of the server has another port */
        AUTO_FREE char *url = org_url(c->s);
        js_set(job, "result", json_object());
        js_set_strf(js_obj(job, "result"), "download_url", "%s/v2/crm/%s/bulk-write/%s/%s.zip", url,
                    js_str_or(org_object(c->s), "zgid", ""), c->param[0], c->param[0]);
    }
    json_object_del(job, "@seen");
    answer_json(c, 200, json_incref(job));
}

static void write_result(struct call *c)
{
    bulk_answer_result(c, "bulk_write_jobs", c->param[1]);
}

#define WRITE "/crm/bulk/v8/write"
static const struct route rows[] = {
    {"POST", WRITE, "ZohoCRM.bulk.CREATE.=", LIM_CREDITS_BULK_WRITE, write_create, NULL},
    {"GET", WRITE "/{record}", "ZohoCRM.bulk.CREATE.=", 1, write_job, NULL}, /* OAS26a: CREATE, also to read */
    {"GET", "/v2/crm/{org}/bulk-write/{record}/{file}", "ZohoCRM.bulk.CREATE.=", 1, write_result, NULL},
};
ROUTE_TABLE(routes_bulk_write, rows);
