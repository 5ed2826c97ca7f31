/* sandbox/page/home.c — the overview: modules, what went wrong, what waits, the clock. */
#include "sandbox/automation.h"
#include "sandbox/page/form.h"
#include "sandbox/page/parts.h"

enum { RECENT = 5 };

static void modules(struct page *p)
{
    AUTO_JSON json_t *all = config_list(p->st, "modules", NULL);
    size_t i;
    json_t *m;
    sb_add(&p->out, "<section><h2>Records</h2><ul class=\"cards\">");
    json_array_foreach (all, i, m) {
        const char *api = js_str_or(m, "api_name", "");
        if (strcmp(js_str_or(m, "generated_type", ""), "subform") == 0) {
            continue;
        }
        int64_t n =
            page_count(p, store_q(p->st, "SELECT count(*) FROM record WHERE module=?1 AND deleted IS NULL", "s", api));
        html(&p->out, "<li><a href=\"/page/module/%s\"><span>%s</span> <b>%lld</b></a></li>", api,
             js_str_or(m, "plural_label", api), (long long)n);
    }
    sb_add(&p->out, "</ul></section>");
}

static void failures(struct page *p)
{
    bool any = false;
    sqlite3_stmt *q =
        store_q(p->st,
                "SELECT at, module, record, body, kind FROM happening WHERE kind='failed' OR (kind='function' AND "
                "json_extract(body,'$.status')='failure') ORDER BY seq DESC LIMIT ?1",
                "i", (int64_t)RECENT);
    sb_add(&p->out, "<section><h2>Latest failures</h2>");
    while (store_row(p->st, q)) {
        AUTO_JSON json_t *body = store_json(q, 3);
        AUTO_FREE char *module = mem_dup(store_text(q, 1)), *record = mem_dup(store_text(q, 2));
        const json_t *error = json_object_get(body, "error");
        if (!any) {
            page_table(p, "Latest failures", "When|Record|What|Why");
        }
        any = true;
        sb_add(&p->out, "<tr><td>");
        page_at(p, sqlite3_column_int64(q, 0));
        sb_add(&p->out, "</td><td>");
        page_record_link(p, module, record);
        html(&p->out, "</td><td>%s</td><td>%s</td></tr>",
             js_str(body, "function") ? js_str(body, "function")
                                      : js_str_or(js_obj(body, "action"), "name", "automation"),
             json_is_string(error) ? json_string_value(error) : js_str_or(error, "message", "not in this sandbox"));
    }
    if (any) {
        page_table_end(p);
    } else {
        page_empty(p, "Nothing has failed.");
    }
    sb_add(&p->out, "</section>");
}

static void clock_form(struct page *p)
{
    int64_t n = page_count(p, store_q(p->st, "SELECT count(*) FROM happening WHERE kind='scheduled'", ""));
    AUTO_JSON json_t *units = json_array();
    form_option(units, "3600", "hours");
    form_option(units, "86400", "days");
    html(&p->out, "<section><h2>Clock</h2><p>%lld scheduled actions wait", (long long)n);
    if (p->c->s->next_due != INT64_MAX) {
        sb_add(&p->out, "; the next is due ");
        page_at(p, p->c->s->next_due);
    }
    sb_add(&p->out, ".</p><div class=\"inline\">");
    form_open(p, "clock");
    form_input(p, &(struct input){.name = "by", .label = "Move on by", .type = "number", .value = "1"});
    form_input(p,
               &(struct input){.name = "unit", .label = "Unit", .type = "select", .value = "86400", .options = units});
    form_close(p, "Move the clock");
    sb_add(&p->out, "</div></section>");
}

void page_home(struct page *p)
{
    page_title(p, "Overview");
    modules(p);
    failures(p);
    clock_form(p);
}

bool page_home_act(struct page *p)
{
    const char *by = form_text(p, "by"), *unit = form_text(p, "unit");
    char *end = NULL;
    long n = by ? strtol(by, &end, 10) : 0;
    int64_t each = unit && strcmp(unit, "3600") == 0 ? 3600 : 86400;
    if (!by || *end || n < 1 || n > 3660) {
        page_error(p, "by", "A whole number from 1 to 3660: the clock does not go back.");
        return false;
    }
    automation_clock(p->c, p->c->s->clock.now_s(p->c->s->clock.ctx) + n * each);
    page_go(p, "/page?done=clock");
    return true;
}
