/* sandbox/page/traffic.c — what went out (mails and webhooks, captured) and what came in (requests, credits, unknown calls). */
#include "sandbox/page/parts.h"
#include "sandbox/request_log.h"

static void texts(struct page *p, const json_t *list)
{
    size_t i;
    json_t *v;
    json_array_foreach (list, i, v) {
        html(&p->out, i ? ", %s" : "%s", json_string_value(v));
    }
}

static void mail(struct page *p, const json_t *m)
{
    html(&p->out, "%s</summary><dl><div><dt>To</dt><dd>", js_str_or(m, "subject", "(no subject)"));
    texts(p, js_arr(m, "to"));
    html(&p->out, "</dd></div><div><dt>Notification</dt><dd>%s</dd></div>", js_str_or(m, "notification", ""));
    html(&p->out, "<div><dt>Template</dt><dd>%s</dd></div>", js_str_or(m, "template", ""));
    html(&p->out, "</dl><pre tabindex=\"0\">%s</pre>", js_str_or(m, "content", ""));
    if (json_array_size(js_arr(m, "unresolved"))) {
        sb_add(&p->out, "<h3>Recipients this sandbox could not resolve</h3>");
        page_json(p, js_arr(m, "unresolved"));
    }
}

static void webhook(struct page *p, const json_t *w)
{
    html(&p->out, "%s</summary>", js_str_or(w, "name", ""));
    page_json(p, w);
}

void page_outbox(struct page *p)
{
    int shown = 0;
    sqlite3_stmt *q = store_q(p->st,
                              "SELECT kind, at, module, record, body FROM happening WHERE kind IN ('mail','webhook') "
                              "ORDER BY seq DESC LIMIT ?1 OFFSET ?2",
                              "ii", (int64_t)PAGE_SIZE + 1, (page_number(p) - 1) * PAGE_SIZE);
    page_title(p, "Outbox");
    while (store_row(p->st, q)) {
        AUTO_FREE char *kind = mem_dup(store_text(q, 0)), *module = mem_dup(store_text(q, 2)),
                       *record = mem_dup(store_text(q, 3));
        AUTO_JSON json_t *body = store_json(q, 4);
        if (++shown > PAGE_SIZE) {
            continue;
        }
        sb_add(&p->out, "<details><summary>");
        page_at(p, sqlite3_column_int64(q, 1));
        sb_add(&p->out, " ");
        page_tag(p, "quiet", kind);
        sb_add(&p->out, " ");
        if (strcmp(kind, "mail") == 0) {
            mail(p, body);
        } else {
            webhook(p, body);
        }
        sb_add(&p->out, "<p>About: ");
        page_record_link(p, module, record);
        sb_add(&p->out, "</p></details>");
    }
    if (!shown) {
        page_empty(p, "Nothing would have been sent. Mails and webhooks of rules, Blueprints and functions are kept "
                      "here; none leaves this machine.");
    }
    page_turn(p, page_number(p), shown > PAGE_SIZE, "");
}

/* ---- requests ---- */

static void counts(struct page *p, const char *title, const char *headings, const json_t *by, const char *when_empty)
{
    const char *path;
    json_t *n;
    html(&p->out, "<section><h2>%s</h2>", title);
    if (json_object_size(by) == 0) {
        page_empty(p, when_empty);
    } else {
        page_table(p, title, headings);
        json_object_foreach ((json_t *)(uintptr_t)by, path, n) {
            html(&p->out, "<tr><td><code>%s</code></td><td class=\"number\">%lld</td></tr>", path,
                 (long long)json_integer_value(n));
        }
        page_table_end(p);
    }
    sb_add(&p->out, "</section>");
}

static void log_rows(struct page *p, const struct request_log *log)
{
    page_table(p, "Latest requests", "When|Method|Path|Status#|Credits#");
    for (size_t i = 0; i < request_log_count(log); i++) {
        const struct request_row *r = request_log_at(log, i);
        sb_add(&p->out, "<tr><td>");
        page_at(p, r->at);
        html(&p->out, "</td><td>%s</td><td><code>%s</code></td><td class=\"number\">", r->method, r->path);
        html(&p->out, r->status >= 400 ? "<span class=\"tag bad\">%d</span>" : "%d", r->status);
        html(&p->out, "</td><td class=\"number\">%lld</td></tr>", (long long)r->credits);
    }
    page_table_end(p);
}

void page_requests(struct page *p)
{
    struct sandbox *s = p->c->s;
    page_title(p, "Requests");
    html(&p->out,
         "<dl><div><dt>Requests</dt><dd>%lld</dd></div><div><dt>Credits in 24 hours</dt><dd>%lld of "
         "%lld</dd></div></dl>",
         (long long)s->requests, (long long)org_credits_used(s), (long long)org_credit_limit(s));
    counts(p, "Calls to things this sandbox does not have", "Call|Times#", s->unknown,
           "None: all that was called is here.");
    sb_add(&p->out, "<section><h2>Latest requests</h2>");
    if (request_log_count(&s->log) == 0) {
        page_empty(p, "No request since the start. Run a zagent command, or point a client at this address.");
    } else {
        log_rows(p, &s->log);
    }
    sb_add(&p->out, "</section>");
    counts(p, "Calls by path", "Path|Times#", s->by_path, "None yet.");
}
