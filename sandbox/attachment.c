/*
 * sandbox/attachment.c — files and links attached to a record. Source: zoho-api.md 2.7 (multipart part file, or attachmentUrl; 20 MB;
 * fields is needed to list); OAS26a attachments (answers, codes). Kept as settings of kind "attachments" under the record's id.
 */
#include "sandbox/blob.h"
#include "sandbox/check.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/multipart.h"
#include "sandbox/record_list.h"
#include "sandbox/record_page.h"
#include "sandbox/route.h"

static void bad_id(struct call *c, int index)
{
    answer_error(c, 400, "INVALID_DATA", "the related id given seems to be invalid",
                 json_pack("{s:i}", "resource_path_index", index));
}

/* The record the path names, with its display name under "@name"; NULL = answered. */
static json_t *parent_of(struct call *c)
{
    struct record_module m;
    if (!record_call_module(c, &m)) {
        return NULL;
    }
    json_t *r = record_get(c->st, m.api, c->param[1]);
    if (r) {
        js_set_str(r, "@name", js_str_or(r, module_display_field(m.module), ""));
        js_set_str(r, "@module", m.api);
    } else {
        bad_id(c, 1);
    }
    record_module_close(&m);
    return r;
}

static json_t *made(struct call *c, const json_t *parent, const char *id)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    AUTO_JSON json_t *me = org_me(c->s);
    return json_pack("{s:s,s:O,s:O,s:O,s:s,s:s,s:{s:s,s:s},s:s,s:b,s:s,s:n,s:s}", "id", id, "Owner", me, "Created_By",
                     me, "Modified_By", me, "Created_Time", now, "Modified_Time", now, "Parent_Id", "id",
                     js_str_or(parent, "id", ""), "name", js_str_or(parent, "@name", ""), "$se_module",
                     js_str_or(parent, "@module", ""), "$editable", 1, "$type", "Attachment", "$link_url", "$state",
                     "save");
}

static void keep_file(struct call *c, const char *id, json_t *a, const struct part *file)
{
    const char *name = *file->filename ? file->filename : "attachment";
    blob_put(c->st, id, name, file->data, file->len);
    js_set_str(a, "File_Name", name);
    js_set_strf(a, "Size", "%zu", file->len);
    js_set_str(a, "$file_id", id);
}

static void keep_link(struct call *c, json_t *a, const struct part *url)
{
    struct part title;
    AUTO_FREE char *link = mem_dupn(url->data, url->len);
    bool titled = multipart_find(call_header(c, "content-type"), c->body, c->body_len, "title", &title);
    AUTO_FREE char *name = titled ? mem_dupn(title.data, title.len) : mem_dup(link);
    js_set_str(a, "File_Name", name);
    js_set_str(a, "Size", "0");
    js_set_str(a, "$link_url", link);
    js_set_str(a, "$type", "Link URL");
    js_set_str(a, "$file_id", NULL);
}

static void upload(struct call *c)
{
    AUTO_JSON json_t *parent = parent_of(c);
    struct part file, url;
    const char *type = call_header(c, "content-type");
    if (!parent) {
        return;
    }
    bool is_file = multipart_find(type, c->body, c->body_len, "file", &file);
    if (!is_file && !multipart_find(type, c->body, c->body_len, "attachmentUrl", &url)) {
        answer_error(c, 400, "MANDATORY_NOT_FOUND", "required field not found",
                     json_pack("{s:s}", "param_name", "file"));
        return;
    }
    if (is_file && file.len > LIM_ATTACHMENT_BYTES) {
        answer_error(c, 413, "FILE_SIZE_MORE_THAN_ALLOWED_SIZE", "an attachment has at most 20 MB", NULL);
        return;
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    AUTO_JSON json_t *a = made(c, parent, id);
    if (is_file) {
        keep_file(c, id, a, &file);
    } else {
        keep_link(c, a, &url);
    }
    config_put(c->st, "attachments", c->param[1], a);
    json_t *me = org_me(c->s);
    json_object_del(me, "email");
    answer_results(c, 200, "data",
                   json_pack("[{s:s,s:{s:s,s:O,s:O,s:O,s:o},s:s,s:s}]", "code", "SUCCESS", "details", "id", id,
                             "Created_Time", json_object_get(a, "Created_Time"), "Modified_Time",
                             json_object_get(a, "Modified_Time"), "Modified_By", me, "Created_By", me, "message",
                             "attachment uploaded successfully", "status", "success"));
}

static json_t *narrowed(const json_t *a, const json_t *only)
{
    json_t *out = json_object(), *v;
    const char *k;
    json_object_foreach ((json_t *)(uintptr_t)a, k, v) {
        if (*k == '$' || strcmp(k, "id") == 0 || js_array_has(only, k)) {
            json_object_set(out, k, v);
        }
    }
    return out;
}

static void list(struct call *c)
{
    AUTO_JSON json_t *parent = parent_of(c);
    const char *fields = call_query(c, "fields");
    if (!parent) {
        return;
    }
    if (!fields) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "One of the expected parameter is missing",
                     json_pack("{s:s}", "param_name", "fields"));
        return;
    }
    AUTO_JSON json_t *all = config_list(c->st, "attachments", c->param[1]);
    AUTO_JSON json_t *only = record_names(fields);
    json_t *shown = json_array(), *a;
    size_t i;
    json_array_foreach (all, i, a) {
        json_array_append_new(shown, narrowed(a, only));
    }
    if (json_array_size(shown) == 0) {
        json_decref(shown);
        answer_none(c);
        return;
    }
    answer_page(c, "data", shown);
    static const char *const tokens[] = {"next_page_token", "previous_page_token", "page_token_expiry"};
    for (i = 0; i < 3; i++) {
        js_set_str(js_obj(c->answer, "info"), tokens[i], NULL);
    }
}

/* The attachment the path names; NULL = answered. */
static json_t *by_path(struct call *c)
{
    AUTO_JSON json_t *parent = parent_of(c);
    json_t *a = parent ? config_by_id(c->st, "attachments", c->param[1], c->param[2]) : NULL;
    if (parent && !a) {
        bad_id(c, 3);
    }
    return a;
}

static void download(struct call *c)
{
    AUTO_JSON json_t *a = by_path(c);
    struct blob b;
    if (!a) {
        return;
    }
    if (!blob_get(c->st, c->param[2], &b)) {
        answer_error(c, 400, "DOWNLOAD_NOT_ALLOWED", "As it is a linked attachment, you can not download it", NULL);
        return;
    }
    answer_bytes(c, "application/octet-stream", b.data, b.len, b.name);
    blob_release(&b);
}

static void delete_one(struct call *c)
{
    AUTO_JSON json_t *a = by_path(c);
    if (a) {
        config_remove(c->st, "attachments", c->param[2]);
        blob_remove(c->st, c->param[2]);
        answer_results(c, 200, "data", json_pack("[o]", item_ok(c->param[2], "record deleted")));
    }
}

#define PATH  "/crm/v8/{Module}/{record}/Attachments"
#define SCOPE "ZohoCRM.modules.attachments"
static const struct route rows[] = {
    {"GET", PATH, SCOPE, 1, list, NULL},
    {"POST", PATH, SCOPE, 1, upload, NULL},
    {"GET", PATH "/{id}", SCOPE, 1, download, NULL},
    {"DELETE", PATH "/{id}", SCOPE, 1, delete_one, NULL},
};
ROUTE_TABLE(routes_attachment, rows);
