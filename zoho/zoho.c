#include "zoho/zoho.h"

#include <inttypes.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/sb.h"
#include "base/text.h"
#include "zoho/answer.h"
#include "zoho/dc.h"
#include "zoho/error.h"
#include "zoho/http.h"
#include "zoho/limit.h"
#include "zoho/token.h"

struct zoho {
    struct zoho_config config;
    struct clock clock;
    struct token token;
    struct http *http;
    struct limit limit;
    struct retry_budget budget;
    struct zoho_counts counts;
    uint64_t random;
    int64_t date_s;     /* of the last answer that had one */
    struct err sign_in; /* why no token could be had in this zoho_call_many: the others of the batch do not ask again */
    char *zgid;         /* of the last GET /org, NULL = not asked yet */
};

enum { URL_MAX = 16 << 10, BEST_EFFORT_TRIES = 3 };

int zoho_open(struct zoho **out, const struct zoho_config *c, const struct clock *clock, struct err *e)
{
    *out = NULL;
    const struct dc *dc = NULL;
    if (!c->api_url) {
        dc = dc_find(c->dc);
        if (!dc) {
            err_set(e, ERR_CONFIG, "'%s' is not a Zoho data centre", c->dc ? c->dc : "");
            return err_fix(e, "set dc: to one of us, eu, in, au, cn, jp, ca, sa, uk, ae, sg in the user config");
        }
    }
    if (!c->client_id || !c->client_secret || !c->client_secret->p || !c->refresh_token || !c->refresh_token->p) {
        err_set(e, ERR_AUTH, "not signed in: client id, client secret and refresh token are all needed");
        return err_fix(e, "give all three in the user config or the environment");
    }
    struct zoho *z = mem_zalloc(sizeof *z);
    z->config = *c;
    z->clock = *clock;
    z->random = c->seed;
    if (!z->random) {
        char hex[17];
        digest_random_hex(hex, 8);
        z->random = strtoull(hex, NULL, 16);
    }
    limit_init(&z->limit, c->max_parallel);
    retry_budget_init(&z->budget);
    struct http_options o = {
        .ca_file = c->ca_file, .loopback = !dc, .connect_to = c->connect_to, .patience_ms = c->patience_ms};
    if (http_open(&z->http, &o, e) < 0 || token_init(&z->token, &z->config, dc, clock, &z->random, e) < 0) {
        zoho_close(z);
        return -1;
    }
    *out = z;
    return 0;
}

void zoho_close(struct zoho *z)
{
    if (!z)
        return;
    http_close(z->http);
    token_release(&z->token);
    free(z->zgid);
    free(z);
}

struct zoho_counts zoho_counts(const struct zoho *z)
{
    struct zoho_counts c = z->counts;
    c.mints = z->token.mints;
    c.credits_left = z->limit.left;
    return c;
}

struct zoho_standing zoho_standing(const struct zoho *z)
{
    return (struct zoho_standing){
        .credits_left = z->limit.left, .token_expires_at = z->token.expires_at, .date_s = z->date_s};
}

void zoho_reply_release(struct zoho_reply *r)
{
    json_decref(r->json);
    free(r->text);
    *r = (struct zoho_reply){0};
}

/* One request on its way through tries. */
struct job {
    const struct zoho_request *rq;
    struct zoho_reply *out;
    struct err *err;
    enum { JOB_WAITING, JOB_RUNNING, JOB_DONE } state;
    int tries;
    bool refreshed;
    unsigned generation; /* of the token it was sent with */
    int64_t not_before_ms, started_ms;
};

static int64_t mono(const struct zoho *z)
{
    return z->clock.mono_ms(z->clock.ctx);
}

/* What must never leave, found before anything does. */
static int may_leave(const struct zoho *z, const struct zoho_request *rq, struct err *e)
{
    const char *p = rq->path;
    bool plain = *p == '/' && p[1] != '/' && !strstr(p, "/../") && !strstr(p, "/./");
    for (; plain && *p; p++)
        plain = (unsigned char)*p > ' ' && (unsigned char)*p < 0x7f && !strchr("?#\\@", *p);
    if (!plain)
        err_set(e, ERR_BUG, "a request path that is not plain: '%.120s'", rq->path);
    else if (strcmp(rq->method, "DELETE") == 0 && !rq->deletion)
        err_set(e, ERR_BUG, "a DELETE without tombstone");
    else if (z->config.role == ZOHO_READER && limit_is_write(rq))
        err_set(e, ERR_BUG, "the reader tried to write");
    else if (rq->retry == ZOHO_SAFE && limit_is_write(rq))
        err_set(e, ERR_BUG, "a write marked as safe to repeat");
    else
        return limit_afford(&z->limit, rq, e);
    return err_at(e, "%s %s", rq->method, rq->path);
}

static char *make_url(const struct zoho *z, const struct zoho_request *rq, struct err *e)
{
    AUTO_SB struct sb b = SB_INIT(URL_MAX);
    sb_add(&b, z->token.api_base);
    sb_add(&b, rq->path);
    const char *key;
    json_t *value;
    char mark = '?';
    json_object_foreach ((json_t *)(uintptr_t)rq->query, key, value) {
        AUTO_FREE char *k = text_percent_encode(key);
        AUTO_FREE char *v = text_percent_encode(json_string_value(value) ? json_string_value(value) : "");
        sb_addf(&b, "%c%s=%s", mark, k, v);
        mark = '&';
    }
    char *url = sb_take(&b, "request URL", e);
    if (url && !dc_same_origin(z->token.api_base, url)) {
        err_set(e, ERR_BUG, "a request that would leave Zoho's host");
        free(url);
        return NULL;
    }
    return url;
}

static int send_job(struct zoho *z, struct job *j, struct err *e)
{
    if (z->sign_in.kind == ERR_NONE)
        token_get(&z->token, 0, &z->sign_in);
    if (z->sign_in.kind != ERR_NONE) {
        *e = z->sign_in;
        return -1;
    }
    j->generation = z->token.generation;
    AUTO_FREE char *url = make_url(z, j->rq, e);
    if (!url)
        return -1;
    AUTO_FREE char *body = NULL;
    if (j->rq->kind == ZOHO_JSON) {
        body = js_wire(j->rq->json, e);
        if (!body)
            return -1;
    }
    char *auth = mem_printf("Zoho-oauthtoken %s", z->token.access.p);
    struct http_request h = {.method = j->rq->method,
                             .url = url,
                             .authorization = auth,
                             .content_type = body ? "application/json" : NULL,
                             .body = body,
                             .len = body ? strlen(body) : 0,
                             .part = j->rq->part,
                             .n_part = j->rq->kind == ZOHO_MULTIPART ? j->rq->n_part : 0,
                             .write = limit_is_write(j->rq)};
    int rc = http_start(z->http, &h, j, e);
    explicit_bzero(auth, strlen(auth));
    free(auth);
    return rc;
}

static void end_job(struct job *j, const struct err *e)
{
    j->state = JOB_DONE;
    if (e) {
        *j->err = *e;
        zoho_reply_release(j->out);
    }
}

static void start_job(struct zoho *z, struct job *j)
{
    struct err local = {0};
    if (may_leave(z, j->rq, &local) < 0 || send_job(z, j, &local) < 0) {
        limit_end(&z->limit, j->rq);
        err_at(&local, "%s %s", j->rq->method, j->rq->path);
        end_job(j, &local);
        return;
    }
    j->state = JOB_RUNNING;
    j->started_ms = mono(z);
    j->tries++;
    z->counts.calls++;
    retry_budget_request(&z->budget);
}

static void trace(const struct zoho *z, const struct job *j, const struct http_answer *a, enum retry_outcome o)
{
    if (!z->config.trace)
        return;
    AUTO_FREE char *raw = mem_printf("%s %s %ld %s %" PRId64 "ms try %d", j->rq->method, j->rq->path, a->status,
                                     retry_outcome_name(o), mono(z) - j->started_ms, j->tries);
    AUTO_FREE char *line = secret_redact(raw);
    z->config.trace(z->config.trace_ctx, line);
}

static void count_credits(struct zoho *z, const struct job *j)
{
    bool coql = strcmp(j->rq->path, "/crm/v8/coql") == 0;
    z->counts.credits_known +=
        coql ? limit_price_rows(json_array_size(js_arr(j->out->json, "data"))) : limit_price(j->rq);
}

/* A write whose fate is open: say so in our own kind, and keep what Zoho said. */
static void make_unknown(struct err *e)
{
    char why[sizeof e->what];
    snprintf(why, sizeof why, "%s", e->what);
    struct err u = {0};
    err_set(&u, ERR_UNKNOWN, "nobody knows whether this write happened: %.200s", why);
    err_at(&u, "%s", e->where);
    err_fix(&u, "run 'zagent resume': it reads the org before it sends anything again");
    u.http = e->http;
    snprintf(u.code, sizeof u.code, "%s", e->code);
    *e = u;
}

static bool again(struct zoho *z, struct job *j, const struct http_answer *a)
{
    if (j->tries >= RETRY_MAX_TRIES || !retry_budget_take(&z->budget))
        return false;
    z->counts.retries++;
    zoho_reply_release(j->out);
    j->state = JOB_WAITING;
    j->not_before_ms = mono(z) + retry_delay_ms(j->tries - 1, retry_random(&z->random), a->retry_after_s);
    return true;
}

/* HTTP 500 is also how a path nobody documents says no: a few times over it is believed. 502 and 503 are outages. */
static bool says_no(const struct job *j, enum retry_outcome o, const struct http_answer *a)
{
    return o == RETRY_SERVER && j->rq->best_effort && a->status == 500 && j->tries >= BEST_EFFORT_TRIES;
}

static bool refresh(struct zoho *z, struct job *j, struct err *e)
{
    if (j->refreshed)
        return false;
    struct err local = {0};
    if (token_get(&z->token, j->generation, &local) < 0) {
        *e = local; /* why no new token could be had says more than the 401 */
        return false;
    }
    j->refreshed = true;
    z->counts.retries++;
    zoho_reply_release(j->out);
    j->state = JOB_WAITING;
    j->not_before_ms = 0;
    return true;
}

static void remember_org(struct zoho *z, const struct job *j)
{
    const char *zgid = js_str(js_path(j->out->json, "org[0]"), "zgid");
    if (strcmp(j->rq->path, "/crm/v8/org") == 0 && zgid) {
        free(z->zgid);
        z->zgid = mem_dup(zgid);
    }
}

static void finish_job(struct zoho *z, struct job *j, struct http_answer *a)
{
    struct err local = {0};
    enum retry_outcome o = answer_read(j->rq, a, j->out, &local);
    limit_end(&z->limit, j->rq);
    limit_seen(&z->limit, a->credits_left);
    z->date_s = a->date_s ? a->date_s : z->date_s;
    trace(z, j, a, o);
    if (o == RETRY_RATE)
        z->counts.throttled++;
    if (a->outcome == RETRY_OK)
        count_credits(z, j);
    switch (retry_decide(j->rq->retry, o)) {
    case VERDICT_DONE:
        remember_org(z, j);
        end_job(j, NULL);
        return;
    case VERDICT_AGAIN:
        if (!says_no(j, o, a) && again(z, j, a))
            return;
        break;
    case VERDICT_REFRESH:
        if (refresh(z, j, &local))
            return;
        break;
    case VERDICT_FAIL:
    case VERDICT_UNKNOWN:
    case VERDICT__MAX:
        break;
    }
    if (retry_last(j->rq->retry, o) == VERDICT_UNKNOWN)
        make_unknown(&local);
    end_job(j, &local);
}

/* Starts what may start now; returns how many are not done, and when the next one waiting may go. */
static size_t start_ready(struct zoho *z, struct job *jobs, size_t n, int64_t *next_ms)
{
    size_t open = 0;
    *next_ms = INT64_MAX;
    for (size_t i = 0; i < n; i++) {
        struct job *j = &jobs[i];
        if (j->state == JOB_WAITING) {
            if (j->not_before_ms > mono(z)) {
                *next_ms = j->not_before_ms < *next_ms ? j->not_before_ms : *next_ms;
            } else if (limit_start(&z->limit, j->rq)) {
                start_job(z, j);
            }
        }
        open += j->state != JOB_DONE;
    }
    return open;
}

static void run(struct zoho *z, struct job *jobs, size_t n)
{
    int64_t next_ms;
    while (start_ready(z, jobs, n, &next_ms) > 0) {
        int64_t wait = next_ms == INT64_MAX ? 1000 : next_ms - mono(z);
        if (z->limit.in_flight == 0) {
            if (wait > 0 && next_ms != INT64_MAX)
                z->clock.sleep_ms(z->clock.ctx, wait);
            continue;
        }
        void *tag = NULL;
        struct http_answer a = {0};
        if (http_next(z->http, wait < 0 ? 0 : wait > 1000 ? 1000 : (int)wait, &tag, &a))
            finish_job(z, tag, &a);
        http_answer_release(&a);
    }
}

/* "Tokens are bound to one org": the pin is compared before the first write of this session. */
static int pin_check(struct zoho *z, struct err *e)
{
    if (!z->config.org_zgid)
        return 0;
    if (!z->zgid) {
        struct zoho_request rq = {
            .method = "GET", .path = "/crm/v8/org", .retry = ZOHO_SAFE, .scope = "ZohoCRM.org.READ"};
        struct zoho_reply r = {0};
        if (zoho_call(z, &rq, &r, e) < 0)
            return -1;
        zoho_reply_release(&r);
    }
    if (z->zgid && strcmp(z->zgid, z->config.org_zgid) == 0)
        return 0;
    err_set(e, ERR_REFUSED, "these credentials belong to another organisation (%s) than this project is pinned to (%s)",
            z->zgid ? z->zgid : "unknown", z->config.org_zgid);
    return err_fix(e, "use the right org name or credentials; nothing was written");
}

int zoho_call_many(struct zoho *z, const struct zoho_request *rq, size_t n, struct zoho_reply *out, struct err *err,
                   struct err *e)
{
    struct job *jobs = mem_zalloc((n ? n : 1) * sizeof *jobs);
    int rc = 0;
    err_clear(&z->sign_in);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct zoho_reply){0};
        err_clear(&err[i]);
        jobs[i] = (struct job){.rq = &rq[i], .out = &out[i], .err = &err[i]};
        if (rc == 0 && limit_is_write(&rq[i]) && may_leave(z, &rq[i], &(struct err){0}) == 0)
            rc = pin_check(z, e);
    }
    if (rc == 0)
        run(z, jobs, n);
    bool pinned = rc == 0;
    for (size_t i = 0; i < n; i++) {
        if (!pinned && e)
            err[i] = *e;
        if (pinned && err[i].kind != ERR_NONE) {
            if (rc == 0 && e)
                *e = err[i];
            rc = -1;
        }
    }
    free(jobs);
    return rc;
}

int zoho_call(struct zoho *z, const struct zoho_request *rq, struct zoho_reply *out, struct err *e)
{
    struct err one = {0};
    return zoho_call_many(z, rq, 1, out, &one, e);
}
