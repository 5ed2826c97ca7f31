/* deluge/task_block.c — invokeurl […], invokeapi […] and sendmail […].
 * Source: zoho.com/deluge/help/deluge-invoke-url, deluge/help/error-messages (sendmail). */
#include <string.h>
#include <strings.h>

#include "deluge/evaluator.h"

enum { TIMEOUT_MS = 40000 };

static bool field(struct dg_frame *f, const struct dg_task *t, const char *key, struct dv *out)
{
    const struct dg_field *x = dg_task_field(t, key);
    *out = dv_null();
    if (!x)
        return true;
    if (x->n == 1)
        return dg_eval(f, x->value[0], out);
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < x->n; i++) {
        struct dv v = {0};
        if (!dg_eval(f, x->value[i], &v))
            return false;
        dv_add(&f->run->arena, *out, v);
    }
    return true;
}

/* Zoho gives a map, list or text by what the answer holds. */
static struct dv body_of(struct dg_frame *f, struct dv body)
{
    struct dv v = {0};
    size_t i = body.kind == DV_TEXT ? strspn(body.t.s, " \t\r\n") : 0;
    bool json = body.kind == DV_TEXT && i < body.t.n && (body.t.s[i] == '{' || body.t.s[i] == '[');
    return json && dv_from_json(&f->run->arena, body.t.s, body.t.n, &v) ? v : body;
}

static void trace(struct dg_frame *f, const struct dg_http *q, int status)
{
    struct dg_arena *a = &f->run->arena;
    struct dv w = dv_box_new(a, DV_MAP);
    AUTO_SB struct sb b = SB_INIT(400);
    dv_puts(a, w, "type", dv_text(a, q->method));
    dv_puts(a, w, "url", dv_text(a, q->url));
    const struct {
        const char *key;
        struct dv v;
    } parts[] = {{"headers", q->headers}, {"parameters", q->parameters}, {"body", q->body}, {"files", q->files}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].v.kind != DV_NULL)
            dv_puts(a, w, parts[i].key, dv_copy(a, parts[i].v));
    if (*q->connection)
        dv_puts(a, w, "connection", dv_text(a, q->connection));
    dv_add(a, f->run->https, w);
    sb_addf(&b, "%s ", q->method);
    dg_trace_add(&b, q->url);
    sb_addf(&b, " -> %d", status);
    dv_add(a, f->run->calls, dg_take(f, &b));
}

bool dg_http_call(struct dg_frame *f, const struct dg_http *q, bool detailed, struct dv *out)
{
    struct dg_run *r = f->run;
    struct dg_http_answer answer = {.status = 200};
    const char *why = "the host has no network";
    if (++r->count.http > r->limit.http)
        return dg_fail_limit(f, "More than %llu requests in one run", (unsigned long long)r->limit.http);
    if (!r->host->http || !r->host->http(r->host->ctx, &r->arena, q, &answer, &why))
        return dg_fail(f, "invokeurl %s %.120s: %s", q->method, q->url, why);
    trace(f, q, answer.status);
    if (!dg_pass_time(f, answer.milliseconds < TIMEOUT_MS ? answer.milliseconds : TIMEOUT_MS))
        return false;
    if (answer.milliseconds > TIMEOUT_MS)
        return dg_fail(f, "socket timeout error: %s %.120s", q->method, q->url);
    if (detailed) {
        *out = dv_box_new(&r->arena, DV_MAP);
        dv_puts(&r->arena, *out, "responseCode", dv_int(answer.status));
        dv_puts(&r->arena, *out, "responseHeader",
                answer.headers.kind == DV_NULL ? dv_box_new(&r->arena, DV_MAP) : answer.headers);
        dv_puts(&r->arena, *out, "responseText", answer.body);
        return true;
    }
    if (answer.status >= 400 && !r->sw.other[DG_SW_HTTP_ERROR])
        return dg_fail(f, "An error occurred while performing this action: %s %.120s answered %d", q->method, q->url,
                       answer.status);
    *out = body_of(f, answer.body);
    return true;
}

static bool invoke_url(struct dg_frame *f, const struct dg_task *t, struct dv *out)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    struct dg_http q = {.method = "GET", .connection = ""};
    struct dv url = {0}, type = {0}, connection = {0}, detailed = {0};
    if (!field(f, t, t->kind == DG_INVOKEAPI ? "path" : "url", &url) || !field(f, t, "type", &type) ||
        !field(f, t, "headers", &q.headers) || !field(f, t, "parameters", &q.parameters) ||
        !field(f, t, "body", &q.body) || !field(f, t, "files", &q.files) || !field(f, t, "connection", &connection) ||
        !field(f, t, "detailed", &detailed))
        return false;
    f->at = &t->open;
    if (url.kind != DV_TEXT)
        return dg_fail(f, "Value is empty and 'invokeurl' cannot be applied: url is %s", dv_type(url));
    q.url = url.t.s;
    if (connection.kind == DV_TEXT)
        q.connection = connection.t.s;
    bool known = type.kind == DV_NULL;
    for (size_t i = 0; type.kind == DV_TEXT && i < sizeof methods / sizeof *methods; i++)
        if (!strcasecmp(type.t.s, methods[i])) {
            q.method = methods[i];
            known = true;
        }
    if (!known)
        return dg_fail(f, "invokeurl: '%.20s' is no type of request", dg_text(f, type).t.s);
    return dg_http_call(f, &q, detailed.kind == DV_BOOL && detailed.b, out);
}

static bool send_mail(struct dg_frame *f, const struct dg_task *t, struct dv *out)
{
    static const char *const needed[] = {"from", "to", "subject", "message"};
    struct dg_run *r = f->run;
    struct dv mail = dv_box_new(&r->arena, DV_MAP), v;
    const char *why = NULL;
    for (size_t i = 0; i < t->n; i++) {
        if (!field(f, t, t->field[i].key, &v))
            return false;
        dv_puts(&r->arena, mail, t->field[i].key, dv_copy(&r->arena, v));
    }
    f->at = &t->open;
    for (size_t i = 0; t->kind == DG_SENDMAIL && i < sizeof needed / sizeof *needed; i++)
        if (dv_get(mail, needed[i]).kind == DV_NULL)
            return dg_fail(f, "sendmail: %s is missing or null", needed[i]);
    if (++r->count.mails > r->limit.mails)
        return dg_fail_limit(f, "More than %llu mails in one run", (unsigned long long)r->limit.mails);
    if (r->host->mail && !r->host->mail(r->host->ctx, &r->arena, mail, &why))
        return dg_fail(f, "sendmail: %s", why);
    dv_add(&r->arena, r->mails, mail);
    *out = dv_null();
    return true;
}

bool dg_task_block(struct dg_frame *f, const struct dg_task *t, struct dv *out)
{
    switch (t->kind) {
    case DG_INVOKEURL:
    case DG_INVOKEAPI:
        return invoke_url(f, t, out);
    case DG_SENDMAIL:
    case DG_SENDSMS:
        return send_mail(f, t, out);
    case DG_INSERT:
        break;
    }
    return dg_fail(f, "Creator's forms are not part of this interpreter");
}
