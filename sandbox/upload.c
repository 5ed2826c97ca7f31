/*
 * sandbox/upload.c — files sent before they are used: zips for bulk write, files for fields.
 *
 * Upload      Zoho has a host of its own for it; here the org's one port serves all (the path is the same). Headers feature and
 *             X-CRM-ORG are wanted. Source: zoho-api.md 2.5; OAS26a upload.
 * Files       POST /files keeps one file and gives its id, GET ?id= gives it back. Source: zoho-api.md 2.7; OAS26a files.
 */
#include "sandbox/blob.h"
#include "sandbox/limits.h"
#include "sandbox/multipart.h"
#include "sandbox/route.h"
#include "sandbox/zip_file.h"

static void refuse(struct call *c, const char *code, const char *message)
{
    answer_error(c, 400, code, message, NULL);
}

static char *keep(struct call *c, const struct part *file)
{
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    blob_put(c->st, id, *file->filename ? file->filename : "file", file->data, file->len);
    return mem_dup(id);
}

static void upload(struct call *c)
{
    const char *feature = call_header(c, "feature"), *org = call_header(c, "x-crm-org");
    struct part file;
    if (!feature || !org) {
        refuse(c, "MANDATORY_NOT_FOUND", "check if headers [feature, X-CRM-ORG] are present and valid");
        return;
    }
    if (strcmp(feature, "bulk-write") != 0) {
        refuse(c, "NOT_SUPPORTED_FEATURE", "the feature has no upload");
        return;
    }
    if (strcmp(org, js_str_or(org_object(c->s), "zgid", "")) != 0) {
        refuse(c, "INVALID_DATA", "check if headers [feature, X-CRM-ORG] are present and valid");
        return;
    }
    if (!multipart_find(call_header(c, "content-type"), c->body, c->body_len, "file", &file)) {
        refuse(c, "MANDATORY_NOT_FOUND", "the part file is missing");
        return;
    }
    AUTO_JSON json_t *names = zip_names(file.data, file.len);
    if (!names) {
        refuse(c, "INVALID_FILE_FORMAT", "invalid file format. only zip format is supported");
        return;
    }
    if (file.len > LIM_BULK_WRITE_BYTES) {
        refuse(c, "FILE_TOO_LARGE", "File size too large to process");
        return;
    }
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    AUTO_FREE char *id = keep(c, &file);
    answer_json(c, 200,
                json_pack("{s:s,s:s,s:s,s:{s:s,s:s}}", "status", "success", "code", "FILE_UPLOAD_SUCCESS", "message",
                          "file uploaded.", "details", "file_id", id, "created_time", now));
}

static void file_post(struct call *c)
{
    struct part file;
    if (!multipart_find(call_header(c, "content-type"), c->body, c->body_len, "file", &file)) {
        refuse(c, "failure_in_attachment_handling",
               "Problem in uploading attachment. kindly upload the file properly"); /* lower case: OAS26a files */
        return;
    }
    if (file.len > LIM_ATTACHMENT_BYTES) {
        answer_error(c, 415, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE",
                     "Please check if the size of the file is in the correct range", NULL);
        return;
    }
    AUTO_FREE char *id = keep(c, &file);
    answer_json(c, 200,
                json_pack("{s:[{s:s,s:s,s:s,s:{s:s,s:s}}]}", "data", "status", "success", "code", "SUCCESS", "message",
                          "file uploaded successfully", "details", "name", file.filename, "id", id));
}

static void file_get(struct call *c)
{
    struct blob b;
    if (!call_query(c, "id")) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing",
                     json_pack("{s:s}", "param_name", "id"));
    } else if (blob_get(c->st, call_query(c, "id"), &b)) {
        answer_bytes(c, "application/octet-stream", b.data, b.len, b.name);
        blob_release(&b);
    } else {
        answer_none(c);
    }
}

static const struct route rows[] = {
    {"POST", "/crm/v8/upload", "ZohoFiles.files.ALL.=", 1, upload, NULL},
    {"POST", "/crm/v8/files", "ZohoCRM.files", 1, file_post, NULL},
    {"GET", "/crm/v8/files", "ZohoCRM.files", 1, file_get, NULL},
};
ROUTE_TABLE(routes_upload, rows);
