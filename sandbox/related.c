/* sandbox/related.c — /{Module}/{record}/{list}: reading, linking, unlinking; notes of a record. */
#include "sandbox/related.h"

#include "base/text.h"
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/record_list.h"
#include "sandbox/record_page.h"
#include "sandbox/route.h"

/* Does this field of `child` make the list `list` of `parent`? */
static bool makes(const json_t *f, const char *child, const char *parent, const char *list)
{
    const json_t *to = js_obj(f, "lookup");
    const char *target = js_str(js_obj(to, "module"), "api_name");
    /* without a target it points anywhere: Tasks.What_Id, Notes.Parent_Id */
    bool any = !target && strcmp(js_str_or(f, "data_type", ""), "lookup") == 0;
    if (!any && strcmp(target ? target : "", parent) != 0) {
        return false;
    }
    AUTO_FREE char *label = field_api_name(js_str_or(to, "display_label", ""));
    return (!any && text_casecmp(label, list) == 0) || text_casecmp(child, list) == 0;
}

bool related_find(struct store *st, const char *parent, const char *list, char **module, char **field)
{
    AUTO_JSON json_t *modules = config_shared(st, "modules", NULL);
    size_t i, k;
    json_t *m, *f;
    json_array_foreach (modules, i, m) {
        const char *child = js_str_or(m, "api_name", "");
        AUTO_JSON json_t *fields = config_shared(st, "fields", child);
        json_array_foreach (fields, k, f) {
            if (makes(f, child, parent, list)) {
                *module = mem_dup(child);
                *field = mem_dup(js_str_or(f, "api_name", ""));
                return true;
            }
        }
    }
    return false;
}

static void bad_id(struct call *c, int index)
{
    answer_error(c, 400, "INVALID_DATA", "the related id given seems to be invalid",
                 json_pack("{s:i}", "resource_path_index", index));
}

/* What the path means: parent (record), child module opened, its lookup. False = answered. */
struct link {
    struct record_module m; /* the child's */
    char *field;
    const char *parent;
};

static bool link_open(struct call *c, struct link *l, const char *list)
{
    struct record_module parent;
    AUTO_FREE char *child = NULL;
    *l = (struct link){.parent = c->param[1]};
    if (!record_call_module(c, &parent)) {
        return false;
    }
    AUTO_JSON json_t *record = record_get(c->st, parent.api, c->param[1]);
    if (!record) {
        bad_id(c, 1);
    } else if (!related_find(c->st, parent.api, list, &child, &l->field) || !record_module_open(c->st, child, &l->m)) {
        AUTO_JSON json_t *known = config_by_api(c->st, "related_lists", parent.api, list);
        answer_error(c, 400, known ? "NOT_SUPPORTED" : "INVALID_DATA", "the relation name given seems to be invalid",
                     json_pack("{s:i}", "resource_path_index", 2));
    } else {
        access_limit(c, &l->m);
    }
    record_module_close(&parent);
    return !c->answered;
}

static void link_close(struct link *l)
{
    record_module_close(&l->m);
    free(l->field);
}

/* The child linked to the parent, or NULL. New reference. */
static json_t *linked(struct call *c, const struct link *l, const char *id)
{
    json_t *r = record_get(c->st, l->m.api, id);
    if (r && strcmp(js_str_or(js_obj(r, l->field), "id", ""), l->parent) != 0) {
        json_decref(r);
        return NULL;
    }
    return r;
}

static void list_of(struct call *c, const char *list)
{
    struct link l;
    struct record_page p = {0};
    struct selection s = {0};
    if (link_open(c, &l, list)) {
        if (record_page_take(c, &p, PAGE_LIST)) {
            selection_of(c, &l.m, &s,
                         json_pack("{s:s,s:{s:s},s:{s:s}}", "comparator", "equal", "field", "api_name", l.field,
                                   "value", "id", l.parent));
            record_page_answer(c, &l.m, &p, &s);
        }
        selection_release(&s);
        record_page_release(&p);
    }
    link_close(&l);
}

static void list(struct call *c)
{
    list_of(c, c->param[2]);
}

static void one(struct call *c)
{
    struct link l;
    if (link_open(c, &l, c->param[2])) {
        AUTO_JSON json_t *r = linked(c, &l, c->param[3]);
        AUTO_JSON json_t *only = call_query(c, "fields") ? record_names(call_query(c, "fields")) : NULL;
        if (r) {
            answer_json(c, 200, json_pack("{s:[o]}", "data", record_show(&l.m, r, only)));
        } else {
            answer_none(c);
        }
    }
    link_close(&l);
}

/* Lets the child point to the parent (to NULL: to nobody). */
static json_t *point(struct call *c, const struct link *l, const char *id, const json_t *more, const char *to,
                     const char *base)
{
    AUTO_JSON json_t *in = more ? json_copy((json_t *)(uintptr_t)more) : json_object();
    struct record_write w = {0};
    js_set(in, l->field, to ? json_pack("{s:s}", "id", to) : json_null());
    AUTO_JSON json_t *r = record_put(c, &l->m, id, in, &w, base);
    return item_failed(r) ? json_incref(r) : item_ok(id, to ? "relation added" : "relation removed");
}

static void put(struct call *c)
{
    struct link l;
    json_t *rows, *in;
    size_t i;
    if (link_open(c, &l, c->param[2]) && (rows = call_items(c, "data", c->param[3] ? 1 : LIM_RECORDS_PER_CALL))) {
        json_t *results = json_array();
        json_array_foreach (rows, i, in) {
            AUTO_FREE char *base = mem_printf("$.data[%zu]", i);
            const char *id = c->param[3] ? c->param[3] : js_str(in, "id");
            json_array_append_new(results, id ? point(c, &l, id, in, l.parent, base) : error_missing("%s.id", base));
        }
        answer_results(c, 200, "data", results);
    }
    link_close(&l);
}

static void delete_links(struct call *c)
{
    struct link l;
    AUTO_JSON json_t *ids = record_names(c->param[3] ? c->param[3] : call_query(c, "ids"));
    json_t *id;
    size_t i;
    if (json_array_size(ids) == 0) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "the parameter ids is missing",
                     json_pack("{s:s}", "param_name", "ids"));
        return;
    }
    if (link_open(c, &l, c->param[2])) {
        json_t *results = json_array();
        json_array_foreach (ids, i, id) {
            AUTO_JSON json_t *r = linked(c, &l, json_string_value(id));
            json_array_append_new(results, r ? point(c, &l, json_string_value(id), NULL, NULL, "$.data[0]")
                                             : item_error("INVALID_DATA", "the related id given seems to be invalid",
                                                          json_pack("{s:O}", "id", id)));
        }
        answer_results(c, 200, "data", results);
    }
    link_close(&l);
}

/* ---- notes: the record's own, made and removed like records of Notes ---- */

static void notes_list(struct call *c)
{
    list_of(c, "Notes");
}

/* The path becomes /Notes or /Notes/{id}; false = answered. */
static bool as_notes(struct call *c)
{
    struct link l;
    bool there = link_open(c, &l, "Notes");
    AUTO_JSON json_t *note = there && c->param[2] ? linked(c, &l, c->param[2]) : NULL;
    if (there && c->param[2] && !note) {
        bad_id(c, 3);
    }
    size_t i;
    json_t *in;
    json_array_foreach (js_arr(c->json, "data"), i, in) {
        if (there && json_is_object(in)) {
            js_set(in, "Parent_Id", json_pack("{s:s}", "id", c->param[1]));
        }
    }
    link_close(&l);
    free(c->param[0]);
    free(c->param[1]);
    c->param[0] = mem_dup("Notes");
    c->param[1] = c->param[2];
    c->param[2] = NULL;
    return !c->answered;
}

static void notes_insert(struct call *c)
{
    if (as_notes(c)) {
        record_insert(c);
    }
}

static void notes_update(struct call *c)
{
    if (as_notes(c)) {
        record_update(c);
    }
}

static void notes_remove(struct call *c)
{
    if (as_notes(c)) {
        record_remove(c);
    }
}

static void notes_one(struct call *c)
{
    if (as_notes(c)) {
        record_one(c);
    }
}

#define SCOPE "ZohoCRM.modules.{Module}"
#define NOTES "/crm/v8/{Module}/{record}/Notes"
#define LIST  "/crm/v8/{Module}/{record}/{list}"
static const struct route rows[] = {
    {"GET", NOTES, "ZohoCRM.modules.notes", 1, notes_list, NULL},
    {"POST", NOTES, "ZohoCRM.modules.notes", 1, notes_insert, NULL},
    {"PUT", NOTES, "ZohoCRM.modules.notes", 1, notes_update, NULL},
    {"DELETE", NOTES, "ZohoCRM.modules.notes", 1, notes_remove, NULL},
    {"GET", NOTES "/{id}", "ZohoCRM.modules.notes", 1, notes_one, NULL},
    {"PUT", NOTES "/{id}", "ZohoCRM.modules.notes", 1, notes_update, NULL},
    {"DELETE", NOTES "/{id}", "ZohoCRM.modules.notes", 1, notes_remove, NULL},
    {"GET", LIST, SCOPE, 1, list, NULL},
    {"PUT", LIST, SCOPE, 1, put, NULL},
    {"DELETE", LIST, SCOPE, 1, delete_links, NULL},
    {"GET", LIST "/{id}", SCOPE, 1, one, NULL},
    {"PUT", LIST "/{id}", SCOPE, 1, put, NULL},
    {"DELETE", LIST "/{id}", SCOPE, 1, delete_links, NULL},
};
ROUTE_TABLE(routes_related, rows);
