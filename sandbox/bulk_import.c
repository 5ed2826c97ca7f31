/*
 * sandbox/bulk_import.c — the rows of a bulk write: CSV cells to values, subform rows to their parent's, one line of result each.
 *
 * Result      the first three mapped columns, STATUS (added, updated, skipped), RECORD_ID, ERRORS as CODE-column (zoho-api.md 2.5, DOC).
 * Automation  runs as for the REST API, nothing published says whether it does (switch bulk_quiet: it does not); validation rules do
 *             not stand before an import (gate.h).
 */
#include "base/text.h"
#include "sandbox/bulk.h"
#include "sandbox/check.h"
#include "sandbox/csv_file.h"
#include "sandbox/module.h"

enum { SHOWN_COLUMNS = 3 };

static const char *cell(const json_t *row, int64_t index)
{
    return index < 0 ? NULL : json_string_value(json_array_get(row, (size_t)index));
}

/* The id of the record of a lookup's module that the text means; caller frees. */
static char *looked_up(struct call *c, const json_t *field, const char *find_by, const char *text)
{
    const char *target = js_str(js_obj(js_obj(field, "lookup"), "module"), "api_name");
    struct record_module m;
    if (!find_by || strcmp(find_by, "id") == 0 || !target || !record_module_open(c->st, target, &m)) {
        return mem_dup(text);
    }
    AUTO_JSON json_t *v = json_string(text);
    char *id = record_find(c->st, &m, find_by, v, NULL);
    record_module_close(&m);
    return id ? id : mem_dup(text);
}

static json_t *list_of(const char *text)
{
    json_t *out = json_array();
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, ";");
        json_array_append_new(out, json_stringn(p, n));
        p += n + (p[n] == ';');
    }
    return out;
}

/* A cell as the REST API wants that field's value. */
static json_t *value_of(struct call *c, const json_t *field, const json_t *mapping, const char *text)
{
    const char *type = js_str_or(field, "data_type", "");
    if (!*text) {
        return json_null();
    }
    if (strcmp(type, "boolean") == 0) {
        bool known = text_casecmp(text, "true") == 0 || text_casecmp(text, "false") == 0;
        return known ? json_boolean(text_casecmp(text, "true") == 0) : json_string(text);
    }
    if (one_of("lookup|ownerlookup|userlookup", type)) {
        AUTO_FREE char *id = looked_up(c, field, js_str(mapping, "find_by"), text);
        return json_pack("{s:s}", "id", id);
    }
    return one_of("multiselectpicklist|multiselectlookup|multiuserlookup", type) ? list_of(text) : json_string(text);
}

static json_t *record_of(struct bulk_import *b, const struct bulk_resource *r, const json_t *row)
{
    json_t *out = json_object(), *m;
    size_t i;
    bool skip_empty = js_bool(r->resource, "ignore_empty", b->ignore_empty);
    json_array_foreach (js_arr(r->resource, "field_mappings"), i, m) {
        const char *api = js_str_or(m, "api_name", ""), *text = cell(row, js_int(m, "index", -1));
        const json_t *field = json_object_get(r->m.by_api, api);
        if (!text || (!*text && js_obj(m, "default_value"))) {
            text = js_str_or(js_obj(m, "default_value"), "value", "");
        }
        bool kept = field && (*text || !skip_empty) && strcmp(js_str_or(field, "data_type", ""), "subform") != 0;
        if (kept) {
            json_object_set_new(out, api, value_of(b->c, field, m, text));
        }
    }
    return out;
}

/* One pass over a child's rows, so that no parent has to look through all of them. */
static void index_children(struct bulk_resource *r)
{
    int64_t column = js_int(bulk_mapping(r, "Parent_Id"), "index", -1);
    r->by_parent = json_object();
    for (size_t i = 1; i < json_array_size(r->rows); i++) {
        json_t *child = json_array_get(r->rows, i);
        const char *key = cell(child, column);
        if (!key) {
            continue;
        }
        if (!json_object_get(r->by_parent, key)) {
            json_object_set_new(r->by_parent, key, json_array());
        }
        json_array_append(json_object_get(r->by_parent, key), child);
    }
}

/* The subform rows whose parent column holds what the parent's column holds. */
static void add_children(struct bulk_import *b, const json_t *row, json_t *record)
{
    for (size_t k = 1; k < b->n; k++) {
        const struct bulk_resource *r = &b->part[k];
        const char *key = cell(row, js_int(bulk_mapping(r, "Parent_Id"), "parent_column_index", -1));
        json_t *list = json_array(), *child;
        size_t i;
        json_array_foreach (key ? json_object_get(r->by_parent, key) : NULL, i, child) {
            json_array_append_new(list, record_of(b, r, child));
        }
        json_object_set_new(record, r->subform, list);
    }
}

/* The id the row means; caller frees, NULL when none. */
static char *found(struct bulk_import *b, const struct bulk_resource *r, const json_t *row, const json_t *record)
{
    const char *by = js_str(r->resource, "find_by");
    if (!by || strcmp(b->operation, "insert") == 0) {
        return NULL;
    }
    if (strcmp(by, "id") == 0) {
        const char *id = cell(row, js_int(bulk_mapping(r, "id"), "index", -1));
        AUTO_JSON json_t *there = id && *id ? record_get(b->c->st, r->m.api, id) : NULL;
        return there ? mem_dup(id) : NULL;
    }
    return record_find(b->c->st, &r->m, by, json_object_get(record, by), NULL);
}

/* CODE-column; the column is the field's header. */
static char *error_text(const struct bulk_resource *r, const json_t *result)
{
    const char *api = js_str_or(js_obj(result, "details"), "api_name", "");
    const char *header = cell(json_array_get(r->rows, 0), js_int(bulk_mapping(r, api), "index", -1));
    return mem_printf("%s%s%s", js_str_or(result, "code", ""), *api ? "-" : "", header ? header : api);
}

/* The cells shown of a row, and room for what became of it. */
static json_t *line_of(const struct bulk_resource *r, const json_t *row)
{
    json_t *out = json_array(), *m;
    size_t i;
    json_array_foreach (js_arr(r->resource, "field_mappings"), i, m) {
        const char *text = cell(row, js_int(m, "index", -1));
        if (json_array_size(out) < SHOWN_COLUMNS && text) {
            js_push_str(out, text);
        }
    }
    return out;
}

static void finish(struct sb *result, json_t *line, const char *status, const char *id, const char *errors)
{
    js_push_str(line, status);
    js_push_str(line, id);
    js_push_str(line, errors);
    csv_line(result, line);
}

static void one_row(struct bulk_import *b, const json_t *row, int counts[3], struct sb *result)
{
    struct bulk_resource *r = &b->part[0];
    AUTO_JSON json_t *record = record_of(b, r, row);
    AUTO_JSON json_t *line = line_of(r, row);
    AUTO_JSON json_t *none = json_array();
    struct record_write w = {.trigger = b->c->s->on[SWITCH_bulk_quiet] ? none : NULL};
    add_children(b, row, record);
    AUTO_FREE char *id = found(b, r, row, record);
    if (!id && strcmp(b->operation, "update") == 0) {
        counts[2]++;
        finish(result, line, "skipped", "", "RESOURCE_NOT_FOUND");
        return;
    }
    AUTO_JSON json_t *done = record_put(b->c, &r->m, id, record, &w, "$");
    AUTO_FREE char *errors = item_failed(done) ? error_text(r, done) : mem_dup("");
    counts[item_failed(done) ? 2 : id ? 1 : 0]++;
    finish(result, line,
           item_failed(done) ? "skipped"
           : id              ? "updated"
                             : "added",
           js_str_or(js_obj(done, "details"), "id", ""), errors);
}

int bulk_import_run(struct bulk_import *b, json_t *counts, struct sb *result)
{
    struct bulk_resource *r = &b->part[0];
    int n[3] = {0}; /* added, updated, skipped */
    AUTO_JSON json_t *head = line_of(r, json_array_get(r->rows, 0));
    finish(result, head, "STATUS", "RECORD_ID", "ERRORS");
    for (size_t k = 1; k < b->n; k++) {
        index_children(&b->part[k]);
    }
    for (size_t i = 1; i < json_array_size(r->rows); i++) {
        one_row(b, json_array_get(r->rows, i), n, result);
    }
    js_set_int(counts, "added_count", n[0]);
    js_set_int(counts, "updated_count", n[1]);
    js_set_int(counts, "skipped_count", n[2]);
    js_set_int(counts, "total_count", n[0] + n[1] + n[2]);
    return 0;
}
