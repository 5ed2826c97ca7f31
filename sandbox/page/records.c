/* sandbox/page/records.c — a module's records as a list, one record with everything that happened to it. */
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/module.h"
#include "sandbox/page/fields.h"
#include "sandbox/page/transit.h"

enum { COLUMNS = 5, HISTORY = 25 };

/* ---- the list ---- */

/* What tells records apart: their name, then picklists, then what they belong to and are worth. */
static int columns_of(const struct record_module *m, const json_t *out[COLUMNS])
{
    static const char *const wanted[] = {"picklist", "lookup|currency|date|autonumber"};
    int n = 0;
    size_t i;
    json_t *f;
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
        int most = k == 0 ? COLUMNS - 2 : COLUMNS;
        json_array_foreach (m->fields, i, f) {
            if (n < most && !record_hides(m->limits, js_str_or(f, "api_name", "")) &&
                one_of(wanted[k], js_str_or(f, "data_type", "")) &&
                strcmp(js_str_or(f, "api_name", ""), module_display_field(m->module)) != 0) {
                out[n++] = f;
            }
        }
    }
    return n;
}

static void filter_form(struct page *p, const struct record_module *m, const char *text)
{
    html(&p->out, "<form method=\"get\" role=\"search\" class=\"inline\"><label for=\"q\">%s contains</label>",
         page_label(m->by_api, module_display_field(m->module)));
    html(&p->out, "<input id=\"q\" name=\"q\" type=\"search\" value=\"%s\"><button type=\"submit\">Search</button>",
         text);
    if (call_query(p->c, "as")) {
        html(&p->out, "<input type=\"hidden\" name=\"as\" value=\"%s\">", call_query(p->c, "as"));
    }
    sb_add(&p->out, "</form>");
}

static sqlite3_stmt *rows_of(struct page *p, const struct record_module *m, const char *field, const char *text,
                             bool part)
{
    AUTO_FREE char *path = mem_printf("$.\"%s\"", field);
    return store_q(
        p->st,
        "SELECT id, body, modified FROM record WHERE module=?1 AND deleted IS NULL AND (?3='' OR CASE WHEN ?4 "
        "THEN instr(lower(json_extract(body,?2)),lower(?3)) ELSE json_extract(body,?2)=?3 END) ORDER BY id DESC "
        "LIMIT ?5 OFFSET ?6",
        "sssiii", m->api, path, text, (int64_t)part, (int64_t)PAGE_SIZE + 1, (page_number(p) - 1) * PAGE_SIZE);
}

static void list_row(struct page *p, const struct record_module *m, sqlite3_stmt *q, const json_t **columns, int n)
{
    AUTO_JSON json_t *r = store_json(q, 1);
    js_set_str(r, "id", store_text(q, 0));
    AUTO_FREE char *name = page_record_name(m, r);
    AUTO_FREE char *as = viewer_query(p, "?");
    html(&p->out, "<tr><th scope=\"row\"><a href=\"/page/record/%s/%s%s\">", m->api, store_text(q, 0), as);
    html_short(&p->out, name, 80);
    sb_add(&p->out, "</a></th>");
    for (int i = 0; i < n; i++) {
        bool number = strcmp(js_str_or(columns[i], "data_type", ""), "currency") == 0;
        sb_add(&p->out, number ? "<td class=\"number\">" : "<td>");
        page_value(p, columns[i], json_object_get(r, js_str_or(columns[i], "api_name", "")), false);
        sb_add(&p->out, "</td>");
    }
    sb_add(&p->out, "<td>");
    page_at(p, sqlite3_column_int64(q, 2));
    sb_add(&p->out, "</td></tr>");
}

static void list_head(struct page *p, const struct record_module *m, const json_t **columns, int n)
{
    AUTO_SB struct sb head = SB_INIT(4096);
    sb_add(&head, page_label(m->by_api, module_display_field(m->module)));
    for (int i = 0; i < n; i++) {
        bool number = strcmp(js_str_or(columns[i], "data_type", ""), "currency") == 0;
        sb_addf(&head, "|%s%s", js_str_or(columns[i], "field_label", ""), number ? "#" : "");
    }
    sb_add(&head, "|Modified");
    page_table(p, js_str_or(m->module, "plural_label", "Records"), head.buf);
}

static void list(struct page *p, const struct record_module *m)
{
    const json_t *columns[COLUMNS];
    const char *by = call_query(p->c, "field"), *value = call_query(p->c, "value"), *text = call_query(p->c, "q");
    bool filtered = by && value && json_object_get(m->by_api, by) && !record_hides(m->limits, by);
    int n = columns_of(m, columns), shown = 0;
    AUTO_FREE char *query = text ? text_percent_encode(text) : filtered ? text_percent_encode(value) : mem_dup("");
    AUTO_FREE char *as = viewer_query(p, "&");
    AUTO_FREE char *turn = text       ? mem_printf("&q=%s%s", query, as)
                           : filtered ? mem_printf("&field=%s&value=%s%s", by, query, as)
                                      : mem_dup(as);
    bool more = false;
    if (filtered) {
        html(&p->out, "<p>Only those whose %s is <q>%s</q>. <a href=\"/page/module/%s\">Show all</a></p>",
             page_label(m->by_api, by), value, m->api);
    }
    size_t before = p->out.len;
    list_head(p, m, columns, n);
    sqlite3_stmt *q = text || !filtered ? rows_of(p, m, module_display_field(m->module), text ? text : "", true)
                                        : rows_of(p, m, by, value, false);
    while (store_row(p->st, q)) {
        more = shown == PAGE_SIZE;
        if (!more) {
            shown++;
            list_row(p, m, q, columns, n);
        }
    }
    if (!shown) {
        sb_truncate(&p->out, before);
        page_empty(p, text || filtered ? "No record fits. Show all of them, or search for something else."
                                       : "No records yet. Make one with the button above, or load some with zagent.");
        return;
    }
    page_table_end(p);
    page_turn(p, page_number(p), more, turn);
}

void page_module(struct page *p)
{
    struct record_module m;
    if (!p->arg[0] || p->arg[1] || !record_module_open(p->st, p->arg[0], &m)) {
        page_not_there(p, "There is no such module.");
        return;
    }
    if (!viewer_opens(p, &m)) {
        record_module_close(&m);
        return;
    }
    AUTO_FREE char *as = viewer_query(p, "?");
    page_title(p, "%s", js_str_or(m.module, "plural_label", m.api));
    html(&p->out, "<p class=\"sub\"><code>%s</code></p>", m.api);
    html(&p->out, "<p class=\"buttons\"><a class=\"button\" href=\"/page/edit/%s%s\">New %s</a></p>", m.api, as,
         js_str_or(m.module, "singular_label", "record"));
    viewer_form(p);
    filter_form(p, &m, call_query(p->c, "q"));
    list(p, &m);
    record_module_close(&m);
}

/* ---- one record ---- */

/* limits: of the lines, for who looks. */
static void line_items(struct page *p, const json_t *field, const json_t *rows, const json_t *limits)
{
    struct record_module items;
    size_t i, k;
    json_t *row, *f;
    const char *label = js_str_or(field, "field_label", "");
    if (!record_module_open(
            p->st, js_str_or(js_obj(field, "associated_module"), "module", js_str_or(field, "api_name", "")), &items)) {
        return;
    }
    AUTO_SB struct sb head = SB_INIT(4096);
    json_array_foreach (items.fields, i, f) {
        if (!record_hides(limits, js_str_or(f, "api_name", ""))) {
            sb_addf(&head, "%s%s", head.len ? "|" : "", js_str_or(f, "field_label", ""));
        }
    }
    html(&p->out, "<h3>%s</h3>", label);
    page_table(p, label, head.buf);
    json_array_foreach (rows, i, row) {
        sb_add(&p->out, "<tr>");
        json_array_foreach (items.fields, k, f) {
            const char *api = js_str_or(f, "api_name", "");
            if (!record_hides(limits, api)) {
                sb_add(&p->out, "<td>");
                page_value(p, f, json_object_get(row, api), true);
                sb_add(&p->out, "</td>");
            }
        }
        sb_add(&p->out, "</tr>");
    }
    page_table_end(p);
    record_module_close(&items);
}

static void values(struct page *p, const struct record_module *m, const json_t *stored)
{
    AUTO_JSON json_t *r = json_deep_copy(stored);
    json_t *f;
    size_t i;
    json_array_foreach (m->fields, i, f) {
        if (record_hides(m->limits, js_str_or(f, "api_name", ""))) {
            json_object_del(r, js_str_or(f, "api_name", ""));
        }
    }
    sb_add(&p->out, "<section><h2>Fields</h2><dl>");
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        const json_t *v = json_object_get(r, api);
        if (v && strcmp(api, "id") != 0 && strcmp(js_str_or(f, "data_type", ""), "subform") != 0) {
            html(&p->out, "<div><dt title=\"%s\">%s</dt><dd>", api, js_str_or(f, "field_label", api));
            page_value(p, f, v, true);
            sb_add(&p->out, "</dd></div>");
        }
    }
    sb_add(&p->out, "</dl>");
    json_array_foreach (m->fields, i, f) {
        const json_t *v = json_object_get(r, js_str_or(f, "api_name", ""));
        if (json_is_array(v) && strcmp(js_str_or(f, "data_type", ""), "subform") == 0) {
            line_items(p, f, v, js_obj(m->row_limits, js_str_or(f, "api_name", "")));
        }
    }
    sb_add(&p->out, "</section>");
}

/* What set a happening off, or what it did: names people gave. */
static void happening_words(struct page *p, const char *kind, const json_t *body, const char *rule)
{
    AUTO_JSON json_t *by = rule ? config_by_id(p->st, "workflow_rules", NULL, rule) : NULL;
    AUTO_JSON json_t *blueprint = rule && !by ? config_by_id(p->st, "blueprints", NULL, rule) : NULL;
    const char *what = js_str(body, "subject")    ? js_str(body, "subject")
                       : js_str(body, "function") ? js_str(body, "function")
                                                  : js_str(body, "name");
    if (strcmp(kind, "failed") == 0) {
        const json_t *error = json_object_get(body, "error");
        what = json_is_string(error)   ? json_string_value(error)
               : json_is_object(error) ? js_str_or(error, "message", "refused")
                                       : "this sandbox does not have this action";
    }
    html_text(&p->out, what);
    html(&p->out, what && (by || blueprint) ? " · %s" : "%s", js_str_or(by ? by : blueprint, "name", ""));
}

static void happened(struct page *p, const char *id)
{
    bool any = false;
    sqlite3_stmt *q =
        store_q(p->st, "SELECT kind, at, rule, body FROM happening WHERE record=?1 ORDER BY seq DESC LIMIT ?2", "ii",
                (int64_t)strtoll(id, NULL, 10), (int64_t)HISTORY);
    sb_add(&p->out, "<section><h2>Automation</h2>");
    while (store_row(p->st, q)) {
        AUTO_JSON json_t *body = store_json(q, 3);
        AUTO_FREE char *kind = mem_dup(store_text(q, 0)), *rule = mem_dup(store_text(q, 2));
        if (!any) {
            page_table(p, "Automation", "When|What|Of");
        }
        any = true;
        sb_add(&p->out, "<tr><td>");
        page_at(p, sqlite3_column_int64(q, 1));
        html(&p->out, "</td><td>%s</td><td>", kind);
        happening_words(p, kind, body, rule);
        sb_add(&p->out, "</td></tr>");
    }
    if (any) {
        page_table_end(p);
    } else {
        page_empty(p, "No rule, function or mail has touched this record yet.");
    }
    sb_add(&p->out, "</section>");
}

static void actor(struct page *p, const char *by)
{
    const char *slash = strchr(by, '/');
    AUTO_JSON json_t *who =
        config_by_id(p->st, slash ? (strncmp(by, "blueprint", 9) == 0 ? "blueprints" : "workflow_rules") : "users",
                     NULL, slash ? slash + 1 : by);
    html_text(&p->out, js_str_or(who, slash ? "name" : "full_name", by));
}

/* The fields that differ between two images of a record. */
static void changed_fields(struct page *p, const struct record_module *m, const json_t *before, const json_t *after)
{
    int n = 0;
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        const json_t *a = json_object_get(before, api), *b = json_object_get(after, api);
        bool same = a && b ? json_equal(a, b) : a == b;
        if (!same && !record_hides(m->limits, api) && !one_of("id|Modified_Time|Modified_By", api)) {
            html(&p->out, n++ ? ", %s" : "%s", js_str_or(f, "field_label", api));
        }
    }
}

static void history(struct page *p, const struct record_module *m, const char *id)
{
    sqlite3_stmt *q =
        store_q(p->st, "SELECT at, actor, action, before, after FROM audit WHERE record=?1 ORDER BY seq DESC LIMIT ?2",
                "ii", (int64_t)strtoll(id, NULL, 10), (int64_t)HISTORY);
    sb_add(&p->out, "<section><h2>History</h2>");
    page_table(p, "History", "When|Who|What|Fields");
    while (store_row(p->st, q)) {
        AUTO_JSON json_t *before = store_json(q, 3), *after = store_json(q, 4);
        AUTO_FREE char *by = mem_dup(store_text(q, 1));
        sb_add(&p->out, "<tr><td>");
        page_at(p, sqlite3_column_int64(q, 0));
        sb_add(&p->out, "</td><td>");
        actor(p, by);
        html(&p->out, "</td><td>%s</td><td>", store_text(q, 2));
        if (before && after) {
            changed_fields(p, m, before, after);
        }
        sb_add(&p->out, "</td></tr>");
    }
    page_table_end(p);
    sb_add(&p->out, "</section>");
}

void page_record(struct page *p)
{
    struct record_module m;
    if (!p->arg[1] || !record_module_open(p->st, p->arg[0], &m)) {
        page_not_there(p, "There is no such record.");
        return;
    }
    AUTO_JSON json_t *r = record_get(p->st, m.api, p->arg[1]);
    if (r && viewer_opens(p, &m)) {
        AUTO_FREE char *name = page_record_name(&m, r), *as = viewer_query(p, "?");
        page_title(p, "%s", name);
        html(&p->out, "<p class=\"sub\"><a href=\"/page/module/%s%s\">%s</a> · <code>%s</code></p>", m.api, as,
             js_str_or(m.module, "plural_label", m.api), p->arg[1]);
        html(&p->out, "<p class=\"buttons\"><a class=\"button\" href=\"/page/edit/%s/%s%s\">Edit</a></p>", m.api,
             p->arg[1], as);
        viewer_form(p);
        transit_show(p, &m, r);
        values(p, &m, r);
        happened(p, p->arg[1]);
        history(p, &m, p->arg[1]);
        sb_add(&p->out, "<section class=\"danger\"><h2>Delete</h2>");
        form_open(p, "delete");
        form_close(p, "Delete this record");
        sb_add(&p->out, "</section>");
    } else if (!r) {
        page_not_there(p, "This record is not there, or was deleted.");
    }
    record_module_close(&m);
}

bool page_record_act(struct page *p)
{
    struct record_module m;
    const char *what = form_text(p, "do");
    if (!p->arg[1] || !record_module_open(p->st, p->arg[0], &m)) {
        page_error(p, "", "There is no such record.");
        return false;
    }
    bool ok = false;
    if (what && strcmp(what, "delete") == 0) {
        AUTO_JSON json_t *item = record_delete(p->c, &m, p->arg[1], NULL);
        ok = !item_failed(item);
        if (ok) {
            page_go(p, "/page/module/%s?done=deleted", m.api);
        } else {
            refusal_shown(p, item, m.by_api, "$.", "");
        }
    } else if (what && strcmp(what, "transition") == 0) {
        ok = user_acts(p) && transit_do(p, &m);
    }
    record_module_close(&m);
    return ok;
}
