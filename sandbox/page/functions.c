/* sandbox/page/functions.c — functions with their last runs, their source. */
#include "sandbox/page/parts.h"

enum { RUNS = 25 };

static void outcome(struct page *p, const json_t *run)
{
    const char *status = js_str_or(run, "status", "");
    page_tag(p, strcmp(status, "success") == 0 ? "good" : strcmp(status, "failure") == 0 ? "bad" : "quiet", status);
}

static void last_run(struct page *p, const char *api)
{
    AUTO_JSON json_t *run = NULL;
    int64_t at = 0;
    sqlite3_stmt *q = store_q(p->st,
                              "SELECT at, body FROM happening WHERE kind='function' AND "
                              "json_extract(body,'$.function')=?1 ORDER BY seq DESC LIMIT 1",
                              "s", api);
    while (store_row(p->st, q)) {
        at = sqlite3_column_int64(q, 0);
        run = store_json(q, 1);
    }
    sb_add(&p->out, "<td>");
    if (run) {
        page_at(p, at);
        sb_add(&p->out, "</td><td>");
        outcome(p, run);
        html(&p->out, " %s</td>", js_str(run, "error"));
    } else {
        page_tag(p, "quiet", "never");
        sb_add(&p->out, "</td><td></td>");
    }
}

void page_functions(struct page *p)
{
    AUTO_JSON json_t *all = config_list(p->st, "functions", NULL);
    size_t i;
    json_t *f;
    page_title(p, "Functions");
    if (json_array_size(all) == 0) {
        page_empty(p, "No function yet. Apply a playbook that has one: zagent apply.");
        return;
    }
    page_table(p, "Functions", "Name|Kind|Last run|How it ended|Runs#");
    json_array_foreach (all, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        html(&p->out, "<tr><th scope=\"row\"><a href=\"/page/function/%s\">%s</a></th><td>%s</td>",
             js_str_or(f, "id", ""), js_str_or(f, "display_name", js_str_or(f, "name", api)),
             js_str_or(f, "category", ""));
        last_run(p, api);
        html(&p->out, "<td class=\"number\">%lld</td></tr>",
             (long long)page_count(
                 p,
                 store_q(p->st,
                         "SELECT count(*) FROM happening WHERE kind='function' AND json_extract(body,'$.function')=?1",
                         "s", api)));
    }
    page_table_end(p);
}

static void one_run(struct page *p, const char *module, const char *record, int64_t at, const json_t *run)
{
    sb_add(&p->out, "<details><summary>");
    page_at(p, at);
    sb_add(&p->out, " ");
    outcome(p, run);
    html(&p->out, " %s</summary><p>Record: ", js_str(run, "error"));
    page_record_link(p, module, record);
    sb_add(&p->out, "</p><h3>Given</h3>");
    page_json(p, js_obj(run, "arguments"));
    if (json_object_get(run, "returned")) {
        sb_add(&p->out, "<h3>Returned</h3>");
        page_json(p, json_object_get(run, "returned"));
    }
    sb_add(&p->out, "</details>");
}

void page_function(struct page *p)
{
    AUTO_JSON json_t *f = p->arg[0] && !p->arg[1] ? config_by_id(p->st, "functions", NULL, p->arg[0]) : NULL;
    bool any = false;
    if (!f) {
        page_not_there(p, "There is no such function.");
        return;
    }
    const char *api = js_str_or(f, "api_name", "");
    page_title(p, "%s", js_str_or(f, "display_name", js_str_or(f, "name", api)));
    html(&p->out, "<p class=\"sub\"><code>%s</code> · %s</p><section><h2>Last runs</h2>", api,
         js_str_or(f, "category", ""));
    sqlite3_stmt *q = store_q(p->st,
                              "SELECT at, module, record, body FROM happening WHERE kind='function' AND "
                              "json_extract(body,'$.function')=?1 ORDER BY seq DESC LIMIT ?2",
                              "si", api, (int64_t)RUNS);
    while (store_row(p->st, q)) {
        AUTO_FREE char *module = mem_dup(store_text(q, 1)), *record = mem_dup(store_text(q, 2));
        AUTO_JSON json_t *run = store_json(q, 3);
        any = true;
        one_run(p, module, record, sqlite3_column_int64(q, 0), run);
    }
    if (!any) {
        page_empty(p, "It has not run yet. A rule or a transition that names it sets it off.");
    }
    AUTO_FREE char *key = mem_printf("function_source/%s", p->arg[0]);
    AUTO_FREE char *source = store_meta(p->st, key);
    html(&p->out, "</section><section><h2>Source</h2><pre tabindex=\"0\">%s</pre></section>", source);
}
