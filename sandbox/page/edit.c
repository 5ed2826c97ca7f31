/*
 * sandbox/page/edit.c — a record's form, saved as the chosen user: what record_put does for a person (record.h), so validation rules,
 * locks, the Blueprint and the user's field access stand before it and all automation follows. Only what was changed is sent, as Zoho's
 * own form does.
 */
#include "sandbox/access.h"
#include "sandbox/check.h"
#include "sandbox/module.h"
#include "sandbox/page/fields.h"

enum { EMPTY_ROWS = 2, ROWS_MAX = 200 };

struct offered {
    const char *name; /* of the input */
    const json_t *value;
    bool required;
};

struct editing {
    struct page *p;
    struct record_module m;
    json_t *before; /* NULL = a new record */
};

static bool opened(struct editing *ed, struct page *p)
{
    *ed = (struct editing){.p = p};
    if (!p->arg[0] || !record_module_open(p->st, p->arg[0], &ed->m)) {
        return false;
    }
    ed->before = p->arg[1] ? record_get(p->st, ed->m.api, p->arg[1]) : NULL;
    if (p->arg[1] && !ed->before) {
        record_module_close(&ed->m);
        return false;
    }
    return true;
}

static void closed(struct editing *ed)
{
    json_decref(ed->before);
    record_module_close(&ed->m);
}

/* Its input was not on the form: an unticked box of a field the user does not see says nothing. */
static bool not_asked(const struct page *p, const json_t *limits, const char *api, const char *name)
{
    return json_object_get(limits, api) && !json_object_get(p->form, name);
}

static bool is_subform(const json_t *field)
{
    return strcmp(js_str_or(field, "data_type", ""), "subform") == 0;
}

static bool rows_open(struct page *p, const json_t *field, struct record_module *rows)
{
    const char *api = js_str_or(field, "api_name", "");
    return record_module_open(p->st, js_str_or(js_obj(field, "associated_module"), "module", api), rows);
}

/* ---- the form ---- */

/* A field as its user has it: to type in, to read, or not at all. */
static void offer(struct page *p, const json_t *field, const json_t *limits, const struct offered *o)
{
    const char *api = js_str_or(field, "api_name", ""), *permission = js_str_or(limits, api, "");
    if (!field_on_form(field) || strcmp(permission, "hidden") == 0) {
        return;
    }
    if (strcmp(permission, "read_only") == 0) {
        html(&p->out, "<div class=\"field\"><b>%s</b> ", js_str_or(field, "field_label", api));
        page_value(p, field, o->value, false);
        sb_add(&p->out, " <span class=\"tag quiet\">read only</span></div>");
        return;
    }
    field_input(p, field, o->name, o->value, o->required);
}

static void row_inputs(struct editing *ed, const struct record_module *rows, const char *api, size_t at_row,
                       const json_t *row)
{
    struct page *p = ed->p;
    size_t i;
    json_t *f;
    html(&p->out, "<fieldset class=\"row\"><legend>%s %zu</legend>", row ? "Line" : "New line", at_row + 1);
    if (row) {
        html(&p->out, "<input type=\"hidden\" name=\"%s.%zu.id\" value=\"%s\">", api, at_row, js_str_or(row, "id", ""));
    }
    json_array_foreach (rows->fields, i, f) {
        AUTO_FREE char *name = mem_printf("%s.%zu.%s", api, at_row, js_str_or(f, "api_name", ""));
        offer(p, f, js_obj(ed->m.row_limits, api),
              &(struct offered){name, json_object_get(row, js_str_or(f, "api_name", "")), false});
    }
    if (row) {
        AUTO_FREE char *name = mem_printf("%s.%zu.remove", api, at_row);
        form_input(p, &(struct input){.name = name, .label = "Remove this line", .type = "checkbox"});
    }
    sb_add(&p->out, "</fieldset>");
}

static void subform_inputs(struct editing *ed, const json_t *field)
{
    struct page *p = ed->p;
    struct record_module rows;
    const char *api = js_str_or(field, "api_name", ""), *error = js_str(p->errors, api);
    const json_t *stored = js_arr(ed->before, api);
    if (!rows_open(p, field, &rows)) {
        return;
    }
    html(&p->out, "<h2>%s</h2>", js_str_or(field, "field_label", api));
    if (error) {
        html(&p->out, "<p class=\"error\">%s</p>", error);
    }
    for (size_t i = 0; i < json_array_size(stored) + EMPTY_ROWS && i < ROWS_MAX; i++) {
        row_inputs(ed, &rows, api, i, json_array_get(stored, i));
    }
    record_module_close(&rows);
}

void page_edit(struct page *p)
{
    struct editing ed;
    size_t i;
    json_t *f;
    if (!opened(&ed, p)) {
        page_not_there(p, "There is no such record to edit.");
        return;
    }
    if (!viewer_opens(p, &ed.m)) {
        closed(&ed);
        return;
    }
    AUTO_FREE char *name = ed.before ? page_record_name(&ed.m, ed.before) : NULL;
    page_title(p, "%s %s", ed.before ? "Edit" : "New",
               name ? name : js_str_or(ed.m.module, "singular_label", "record"));
    html(&p->out, "<p class=\"sub\"><a href=\"/page/module/%s\">%s</a>", ed.m.api,
         js_str_or(ed.m.module, "plural_label", ed.m.api));
    sb_add(&p->out, " · saved as on Zoho's form: validation rules bind, automation follows</p>");
    viewer_form(p);
    form_open(p, "save");
    user_input(p, "Save as");
    json_array_foreach (ed.m.fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        offer(p, f, ed.m.limits,
              &(struct offered){api, json_object_get(ed.before, api), js_bool(f, "system_mandatory", false)});
    }
    json_array_foreach (ed.m.fields, i, f) {
        if (is_subform(f) && !json_object_get(ed.m.limits, js_str_or(f, "api_name", ""))) {
            subform_inputs(&ed, f);
        }
    }
    form_close(p, "Save");
    closed(&ed);
}

/* ---- the save ---- */

/* One line as it was typed: NULL when it is an empty new one. */
static json_t *typed_row(struct editing *ed, const struct record_module *rows, const char *api, size_t at_row,
                         const json_t *stored)
{
    struct page *p = ed->p;
    AUTO_FREE char *remove = mem_printf("%s.%zu.remove", api, at_row);
    json_t *out = json_object(), *f;
    size_t i;
    json_array_foreach (rows->fields, i, f) {
        const char *field = js_str_or(f, "api_name", "");
        AUTO_FREE char *name = mem_printf("%s.%zu.%s", api, at_row, field);
        bool asked = field_on_form(f) && !not_asked(p, js_obj(ed->m.row_limits, api), field, name);
        AUTO_JSON json_t *v = asked ? field_typed(p, f, name) : NULL;
        if (v && field_changed(f, json_object_get(stored, field), v)) {
            json_object_set(out, field, v);
        }
    }
    bool changed = json_object_size(out) > 0;
    if (stored) {
        json_object_set(out, "id", json_object_get(stored, "id"));
        if (form_text(p, remove)) {
            js_set(out, "_delete", json_null());
            changed = true;
        }
    }
    if (!changed) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* The changed lines, NULL when none; at_row[i] is where line i stands on the form, for its errors. */
static json_t *typed_rows(struct editing *ed, const json_t *field, size_t at_row[ROWS_MAX])
{
    struct record_module rows;
    const char *api = js_str_or(field, "api_name", "");
    const json_t *stored = js_arr(ed->before, api);
    json_t *out = json_array();
    if (rows_open(ed->p, field, &rows)) {
        for (size_t i = 0; i < json_array_size(stored) + EMPTY_ROWS && i < ROWS_MAX; i++) {
            json_t *row = typed_row(ed, &rows, api, i, json_array_get(stored, i));
            if (row) {
                at_row[json_array_size(out)] = i;
                json_array_append_new(out, row);
            }
        }
        record_module_close(&rows);
    }
    if (json_array_size(out) == 0) {
        json_decref(out);
        return NULL;
    }
    return out;
}

/* A refusal of line i as sent, told at the line of the form: "$.Quoted_Items[i].Quantity". */
static void move_path(json_t *item, const char *api, const size_t at_row[ROWS_MAX])
{
    json_t *d = js_obj(item, "details");
    const char *path = js_str_or(d, "json_path", "");
    size_t n = strlen(api);
    if (strncmp(path, "$.", 2) == 0 && strncmp(path + 2, api, n) == 0 && path[2 + n] == '[') {
        char *end = NULL;
        unsigned long i = strtoul(path + 3 + n, &end, 10);
        AUTO_FREE char *rest = mem_dup(end);
        js_set_strf(d, "json_path", "$.%s[%zu%s", api, i < ROWS_MAX ? at_row[i] : 0, rest);
    }
}

static json_t *typed_record(struct editing *ed, const char **subform, size_t at_row[ROWS_MAX])
{
    json_t *in = json_object(), *f;
    size_t i;
    json_array_foreach (ed->m.fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        bool asked = field_on_form(f) && !not_asked(ed->p, ed->m.limits, api, api);
        AUTO_JSON json_t *v = is_subform(f) ? typed_rows(ed, f, at_row) : asked ? field_typed(ed->p, f, api) : NULL;
        if (is_subform(f)) {
            *subform = api;
        }
        if (v && (is_subform(f) || field_changed(f, json_object_get(ed->before, api), v))) {
            json_object_set(in, api, v);
        }
    }
    return in;
}

bool page_edit_act(struct page *p)
{
    struct editing ed;
    size_t at_row[ROWS_MAX] = {0};
    const char *subform = "";
    if (!opened(&ed, p)) {
        page_error(p, "", "There is no such record.");
        return false;
    }
    struct record_write w = {.person = true};
    bool ok = user_acts(p), may = access_bind(p->c, &ed.m);
    AUTO_JSON json_t *in = typed_record(&ed, &subform, at_row);
    if (ok && !may) {
        page_error(p, "", "This user may not see this module.");
        ok = false;
    }
    if (ok) {
        AUTO_JSON json_t *item = record_put(p->c, &ed.m, p->arg[1], in, &w, "$");
        ok = !item_failed(item);
        if (ok) {
            page_go(p, "/page/record/%s/%s?done=saved", ed.m.api, js_str_or(js_obj(item, "details"), "id", ""));
        } else {
            move_path(item, subform, at_row);
            refusal_shown(p, item, ed.m.by_api, "$.", "");
        }
    }
    closed(&ed);
    return ok;
}
