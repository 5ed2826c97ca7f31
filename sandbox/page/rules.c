/* sandbox/page/rules.c — workflow and validation rules, with when they last ran and what failed. */
#include "sandbox/page/parts.h"

enum { RUNS = 25 };

static int64_t number(const json_t *o, const char *key)
{
    return strtoll(js_str_or(o, key, "0"), NULL, 10);
}

/* How often and when last a rule ran, and how often an action of it failed. */
static void runs_of(struct page *p, const json_t *rule)
{
    int64_t n = 0, last = 0;
    sqlite3_stmt *q =
        store_q(p->st, "SELECT count(*), max(at) FROM happening WHERE kind='ran' AND rule=?1", "i", number(rule, "id"));
    while (store_row(p->st, q)) {
        n = sqlite3_column_int64(q, 0);
        last = sqlite3_column_int64(q, 1);
    }
    int64_t bad = page_count(
        p, store_q(p->st, "SELECT count(*) FROM happening WHERE kind='failed' AND rule=?1", "i", number(rule, "id")));
    sb_add(&p->out, "<td>");
    if (n) {
        page_at(p, last);
    } else {
        page_tag(p, "quiet", "never");
    }
    html(&p->out, "</td><td class=\"number\">%lld</td><td class=\"number\">", (long long)n);
    if (bad) {
        html(&p->out, "<span class=\"tag bad\">%lld</span>", (long long)bad);
    } else {
        sb_add(&p->out, "0");
    }
    sb_add(&p->out, "</td>");
}

static void workflow_rules(struct page *p)
{
    AUTO_JSON json_t *all = config_list(p->st, "workflow_rules", NULL);
    size_t i;
    json_t *r;
    sb_add(&p->out, "<section><h2>Workflow rules</h2>");
    if (json_array_size(all) == 0) {
        page_empty(p, "No workflow rule yet. Apply a playbook that has one: zagent apply.");
    } else {
        page_table(p, "Workflow rules", "Name|Module|Runs on|State|Last run|Runs#|Failures#");
    }
    json_array_foreach (all, i, r) {
        html(&p->out, "<tr><th scope=\"row\"><a href=\"/page/rule/%s\">%s</a></th><td>", js_str_or(r, "id", ""),
             js_str_or(r, "name", ""));
        page_module_label(p, js_str(js_obj(r, "module"), "api_name"));
        sb_add(&p->out, "</td><td>");
        page_words(p, js_str_or(js_obj(r, "execute_when"), "type", ""));
        sb_add(&p->out, "</td><td>");
        bool on = js_bool(js_obj(r, "status"), "active", false);
        page_tag(p, on ? "good" : "quiet", on ? "active" : "off");
        sb_add(&p->out, "</td>");
        runs_of(p, r);
        sb_add(&p->out, "</tr>");
    }
    if (json_array_size(all)) {
        page_table_end(p);
    }
    sb_add(&p->out, "</section>");
}

static void validation_row(struct page *p, const char *module, const json_t *r)
{
    struct record_module m;
    bool known = module && record_module_open(p->st, module, &m);
    html(&p->out, "<tr><th scope=\"row\">%s</th><td>", js_str_or(r, "name", ""));
    page_module_label(p, module);
    sb_add(&p->out, "</td><td>");
    if (js_obj(r, "function")) {
        html(&p->out, "function %s", js_str_or(js_obj(r, "function"), "name", ""));
    } else {
        page_criteria(p, js_obj(r, "criteria"), known ? m.by_api : NULL);
    }
    html(&p->out, "</td><td>%s</td></tr>", js_str_or(r, "message", ""));
    if (known) {
        record_module_close(&m);
    }
}

static void validation_rules(struct page *p)
{
    AUTO_JSON json_t *all = config_list(p->st, "validation_rules", NULL);
    size_t i;
    json_t *r;
    sb_add(&p->out, "<section><h2>Validation rules</h2>");
    if (json_array_size(all) == 0) {
        sb_add(&p->out, "<p class=\"empty\">No validation rule yet. Only a person can make one: <a "
                        "href=\"/page/setup/validation_rule\">make one in Setup</a>.</p></section>");
        return;
    }
    page_table(p, "Validation rules", "Name|Module|Refuses when|Says");
    json_array_foreach (all, i, r) {
        AUTO_FREE char *module = config_module_of(p->st, "validation_rules", js_str_or(r, "id", ""));
        validation_row(p, module, r);
    }
    page_table_end(p);
    sb_add(&p->out, "</section>");
}

void page_rules(struct page *p)
{
    page_title(p, "Rules");
    workflow_rules(p);
    validation_rules(p);
}

/* ---- one rule ---- */

static void action_names(struct page *p, const char *title, const json_t *actions)
{
    size_t i;
    json_t *a;
    html(&p->out, "<div><dt>%s</dt><dd>", title);
    json_array_foreach (actions, i, a) {
        html(&p->out, "%s<span class=\"quiet\"> (%s)</span>", js_str_or(a, "name", ""), js_str_or(a, "type", ""));
        sb_add(&p->out, i + 1 < json_array_size(actions) ? ", " : "");
    }
    sb_add(&p->out, "</dd></div>");
}

static void conditions(struct page *p, const json_t *rule, const json_t *by_api)
{
    size_t i, k;
    json_t *c, *later;
    json_array_foreach (js_arr(rule, "conditions"), i, c) {
        html(&p->out, "<section><h2>Condition %zu</h2><dl><div><dt>When</dt><dd>", i + 1);
        page_criteria(p, js_obj(js_obj(c, "criteria_details"), "criteria"), by_api);
        sb_add(&p->out, "</dd></div>");
        action_names(p, "At once", js_arr(js_obj(c, "instant_actions"), "actions"));
        json_array_foreach (js_arr(c, "scheduled_actions"), k, later) {
            action_names(p, "Later", js_arr(later, "actions"));
        }
        sb_add(&p->out, "</dl></section>");
    }
}

static void recent(struct page *p, const json_t *rule)
{
    bool any = false;
    sqlite3_stmt *q = store_q(p->st,
                              "SELECT kind, at, module, record, body FROM happening WHERE rule=?1 AND kind<>'process' "
                              "ORDER BY seq DESC LIMIT ?2",
                              "ii", number(rule, "id"), (int64_t)RUNS);
    sb_add(&p->out, "<section><h2>Last runs</h2>");
    while (store_row(p->st, q)) {
        AUTO_FREE char *kind = mem_dup(store_text(q, 0)), *module = mem_dup(store_text(q, 2)),
                       *record = mem_dup(store_text(q, 3));
        AUTO_JSON json_t *body = store_json(q, 4);
        const json_t *error = json_object_get(body, "error");
        if (!any) {
            page_table(p, "Last runs", "When|Record|What|Why it failed");
        }
        any = true;
        sb_add(&p->out, "<tr><td>");
        page_at(p, sqlite3_column_int64(q, 1));
        sb_add(&p->out, "</td><td>");
        page_record_link(p, module, record);
        sb_add(&p->out, "</td><td>");
        page_tag(p, strcmp(kind, "failed") == 0 || error ? "bad" : "quiet", kind);
        html(&p->out, "</td><td>%s</td></tr>",
             json_is_string(error) ? json_string_value(error) : js_str(error, "message"));
    }
    if (any) {
        page_table_end(p);
    } else {
        page_empty(p, "It has not run yet. Save a record that meets its condition.");
    }
    sb_add(&p->out, "</section>");
}

void page_rule(struct page *p)
{
    struct record_module m;
    AUTO_JSON json_t *r = p->arg[0] && !p->arg[1] ? config_by_id(p->st, "workflow_rules", NULL, p->arg[0]) : NULL;
    if (!r || !record_module_open(p->st, js_str_or(js_obj(r, "module"), "api_name", ""), &m)) {
        page_not_there(p, "There is no such rule.");
        return;
    }
    bool on = js_bool(js_obj(r, "status"), "active", false);
    page_title(p, "%s", js_str_or(r, "name", "Rule"));
    html(&p->out, "<p class=\"sub\"><a href=\"/page/module/%s\">%s</a> · on ", m.api,
         js_str_or(m.module, "plural_label", m.api));
    page_words(p, js_str_or(js_obj(r, "execute_when"), "type", ""));
    sb_add(&p->out, " · ");
    page_tag(p, on ? "good" : "quiet", on ? "active" : "off");
    sb_add(&p->out, "</p>");
    conditions(p, r, m.by_api);
    recent(p, r);
    record_module_close(&m);
}
