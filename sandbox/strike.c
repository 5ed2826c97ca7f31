/* sandbox/strike.c — see strike.h. */
#include "sandbox/strike.h"

#include <time.h>

#include "sandbox/grant.h"

static void forget_answer(struct call *c)
{
    c->answered = false;
    json_decref(c->answer);
    c->answer = NULL;
    free(c->text);
    c->text = NULL;
    c->text_type = NULL;
}

void strike_status(struct call *c, int status)
{
    static const struct {
        int status;
        const char *code;
    } codes[] = {
        {401, "INVALID_TOKEN"}, {403, "NO_PERMISSION"}, {404, "INVALID_URL_PATTERN"}, {429, "TOO_MANY_REQUESTS"}};
    const char *code = "INTERNAL_ERROR";
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        code = codes[i].status == status ? codes[i].code : code;
    }
    forget_answer(c);
    answer_error(c, status, code, "an ordered fault", NULL);
}

static void kill_token(struct call *c, bool refresh_too)
{
    const char *h = call_header(c, "authorization");
    const char *token = h ? strchr(h, ' ') : NULL;
    if (token && refresh_too) {
        grant_revoke_of(c->s, token + 1);
    } else if (token) {
        grant_revoke(c->s, token + 1);
    }
    strike_status(c, 401);
}

static void http_date(int64_t at, char out[40])
{
    time_t t = (time_t)at;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, 40, "%a, %d %b %Y %H:%M:%S GMT", &tm);
}

/* What replaces or spoils the answer, whenever it is made. */
static void spoil(struct call *c, bool *drop)
{
    const struct fault *f = c->fault;
    char date[40];
    switch (f->action) {
    case FAULT_drop:
        *drop = true;
        break;
    case FAULT_garbage:
        forget_answer(c);
        answer_text(c, "text/html", "<html><body>We will be back soon.</body>");
        break;
    case FAULT_status:
        strike_status(c, f->number);
        break;
    case FAULT_cut:
        c->cut = true;
        break;
    case FAULT_twice:
        c->twice = true;
        break;
    case FAULT_mislabel:
        c->text_type = "text/html";
        break;
    case FAULT_skew:
        http_date(c->s->clock.now_s(c->s->clock.ctx) + f->number, date);
        js_set_str(c->out_headers, "Date", date);
        break;
    case FAULT_expire:
    case FAULT_revoke:
        kill_token(c, f->action == FAULT_revoke);
        break;
    case FAULT_delay:
    case FAULT_lie:
    case FAULT_forget:
    case FAULT_late:
    case FAULT__NONE:
        break;
    }
    if (f->retry_after_s) {
        js_set_strf(c->out_headers, "Retry-After", "%d", f->retry_after_s);
    }
}

/* Those that let the call happen even without after-commit: they need its answer. */
static bool needs_the_call(const struct fault *f)
{
    switch (f->action) {
    case FAULT_cut:
    case FAULT_twice:
    case FAULT_mislabel:
    case FAULT_skew:
    case FAULT_lie:
    case FAULT_forget:
    case FAULT_late:
    case FAULT_delay:
    case FAULT__NONE:
        return true;
    case FAULT_drop:
    case FAULT_garbage:
    case FAULT_status:
    case FAULT_expire:
    case FAULT_revoke:
        break;
    }
    return f->after_commit;
}

bool strike_before(struct call *c, bool *drop)
{
    const struct fault *f = c->fault;
    if (f && f->delay_ms) {
        c->s->clock.sleep_ms(c->s->clock.ctx, f->delay_ms);
    }
    if (!f || needs_the_call(f)) {
        return false;
    }
    strike_status(c, 500); /* whatever is spoilt below */
    spoil(c, drop);
    return true;
}

static void remove_key(json_t *in, const char *key)
{
    const char *k;
    json_t *v;
    size_t i;
    json_object_del(in, key);
    json_object_foreach (in, k, v) {
        remove_key(v, key);
    }
    json_array_foreach (in, i, v) {
        remove_key(v, key);
    }
}

void strike_body(struct call *c)
{
    if (!c->fault || c->fault->action != FAULT_forget || !c->json) {
        return;
    }
    for (const char *p = c->fault->text; *p;) {
        size_t n = strcspn(p, ",");
        AUTO_FREE char *key = mem_dupn(p, n);
        remove_key(c->json, key);
        p += n + (p[n] == ',');
    }
}

bool strike_keeps(const struct call *c)
{
    return !c->fault || c->fault->action != FAULT_lie;
}

/* ---- what shows late ---- */

static void hide_made(struct call *c)
{
    const char *k;
    json_t *list, *item;
    size_t i;
    c->s->faults.hidden = c->s->faults.hidden ? c->s->faults.hidden : json_object();
    json_object_foreach (c->answer, k, list) {
        json_array_foreach (list, i, item) {
            const char *id = js_str(js_obj(item, "details"), "id");
            if (id && !item_failed(item)) {
                js_set_int(c->s->faults.hidden, id, c->fault->number);
            }
        }
    }
}

static bool still_hidden(json_t *hidden, const char *id)
{
    int64_t left = js_int(hidden, id, 0);
    if (left > 0) {
        js_set_int(hidden, id, left - 1);
    }
    return left > 0;
}

void strike_reads(struct call *c)
{
    json_t *hidden = c->s->faults.hidden, *list;
    const char *k;
    bool emptied = false;
    if (json_object_size(hidden) == 0 || c->status != 200 || strcmp(c->method, "GET") != 0) {
        return;
    }
    json_object_foreach (c->answer, k, list) {
        for (size_t i = json_array_size(list); i-- > 0;) {
            const char *id = js_str(json_array_get(list, i), "id");
            if (id && still_hidden(hidden, id)) {
                json_array_remove(list, i);
                emptied = json_array_size(list) == 0;
            }
        }
    }
    if (emptied) {
        forget_answer(c);
        answer_none(c);
    }
}

void strike_after(struct call *c, bool *drop)
{
    if (!c->fault) {
        return;
    }
    if (c->fault->action == FAULT_late && c->status < 300) {
        hide_made(c);
    }
    spoil(c, drop);
}
