/* sandbox/server.c — libmicrohttpd in front of route.c: collects a request, sends the answer, writes the record file.
 */
#include "sandbox/server.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <microhttpd.h>

#include "base/sb.h"
#include "base/secret.h"
#include "base/text.h"
#include "sandbox/page/page.h"
#include "sandbox/route.h"

enum { IDLE_TIMEOUT_S = 60 };

struct pending {
    struct sb body;
    struct sandbox *s;
    struct crowd_place place;
};

static enum MHD_Result add_text(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    js_set_str(cls, key, value ? value : "");
    return MHD_YES;
}

static enum MHD_Result add_header(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
    AUTO_FREE char *lower = mem_dup(key);
    for (char *p = lower; *p; p++) {
        *p = (char)tolower((unsigned char)*p);
    }
    return add_text(cls, kind, lower, value);
}

static void set_redacted(json_t *o, const char *key, const char *text, size_t len)
{
    if (!text_utf8_valid(text, len, NULL)) {
        js_set_strf(o, key, "(%zu bytes that are not text)", len);
        return;
    }
    AUTO_FREE char *clean = secret_redact(text);
    js_set_str(o, key, clean);
}

static json_t *redacted_texts(const json_t *texts)
{
    json_t *out = json_object();
    const char *k;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)texts, k, v) {
        static const char *const hide[] = {"authorization", "client_secret", "refresh_token", "token", "code"};
        bool secret = false;
        for (size_t i = 0; i < sizeof hide / sizeof *hide; i++) {
            secret = secret || strcmp(k, hide[i]) == 0;
        }
        const char *t = json_string_value(v);
        set_redacted(out, k, secret ? "(secret)" : t, strlen(secret ? "(secret)" : t));
    }
    return out;
}

static void record(struct call *c, const char *answer, size_t len)
{
    if (!c->s->record || page_path(c->path)) { /* the page is ours, not Zoho's */
        return;
    }
    AUTO_JSON json_t *o = json_pack("{s:s,s:s,s:o,s:o,s:i,s:o}", "method", c->method, "path", c->path, "query",
                                    redacted_texts(c->query), "headers", redacted_texts(c->headers), "status",
                                    c->status, "response_headers", redacted_texts(c->out_headers));
    set_redacted(o, "body", c->body ? c->body : "", c->body_len);
    set_redacted(o, "response_body", answer, len);
    AUTO_FREE char *line = json_dumps(o, JSON_COMPACT);
    fprintf(c->s->record, "%s\n", line);
    fflush(c->s->record);
}

/* An answer that breaks off: half of it, then the connection goes (strike.h). */
struct half {
    char *text;
    size_t len;
};

static ssize_t half_read(void *cls, uint64_t pos, char *buf, size_t max)
{
    const struct half *h = cls;
    size_t left = h->len / 2 > pos ? h->len / 2 - (size_t)pos : 0;
    size_t n = left < max ? left : max;
    memcpy(buf, h->text + pos, n);
    return n ? (ssize_t)n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static void half_free(void *cls)
{
    struct half *h = cls;
    free(h->text);
    free(h);
}

/* Takes the text over. */
static struct MHD_Response *response_of(char *text, size_t len, bool cut)
{
    if (!cut) {
        return MHD_create_response_from_buffer(len, text, MHD_RESPMEM_MUST_FREE);
    }
    struct half *h = mem_zalloc(sizeof *h);
    *h = (struct half){text, len};
    return MHD_create_response_from_callback(len, 1024, half_read, h, half_free);
}

/* Fifteen digits, as everywhere in this room: 8901.6, not what a binary fraction makes of it. */
static char *text_of_answer(const struct call *c)
{
    return c->answer ? json_dumps(c->answer, JSON_COMPACT | JSON_REAL_PRECISION(15)) : mem_dup("");
}

static enum MHD_Result send_answer(struct MHD_Connection *http, struct call *c)
{
    char *text = c->text ? c->text : text_of_answer(c);
    size_t len = c->text ? c->text_len : strlen(text);
    c->text = NULL; /* MHD frees it */
    if (c->status != 204) {
        js_set_str(c->out_headers, "Content-Type", c->text_type ? c->text_type : "application/json;charset=UTF-8");
    }
    record(c, text, len);
    if (c->twice) {
        char *both = mem_alloc(2 * len + 1);
        memcpy(both, text, len);
        memcpy(both + len, text, len);
        free(text);
        text = both;
        len *= 2;
    }
    struct MHD_Response *r = response_of(text, len, c->cut && len > 1);
    const char *k;
    json_t *v;
    json_object_foreach (c->out_headers, k, v) {
        MHD_add_response_header(r, k, json_string_value(v));
    }
    enum MHD_Result ok = MHD_queue_response(http, (unsigned)c->status, r);
    MHD_destroy_response(r);
    return ok;
}

static void answer_call(struct call *c, bool *drop)
{
    int64_t before = c->s->credits;
    route_run(c, drop);
    struct request_row row = {
        .at = c->s->clock.now_s(c->s->clock.ctx), .credits = c->s->credits - before, .status = *drop ? 0 : c->status};
    request_log_add(&c->s->log, row, c->method, c->path, c->query);
}

static enum MHD_Result serve(struct sandbox *s, struct MHD_Connection *http, const char *method, const char *path,
                             struct pending *p)
{
    struct call c = {.s = s,
                     .st = &s->store,
                     .method = method,
                     .path = path,
                     .query = json_object(),
                     .headers = json_object(),
                     .place = &p->place};
    MHD_get_connection_values(http, MHD_GET_ARGUMENT_KIND, add_text, c.query);
    MHD_get_connection_values(http, MHD_HEADER_KIND, add_header, c.headers);
    c.body = p->body.buf;
    c.body_len = p->body.len;
    bool drop = false;
    pthread_mutex_lock(&s->lock);
    if (p->body.bad) {
        c.out_headers = json_object();
        answer_error(&c, 413, "INVALID_DATA", "the request is too large", NULL);
    } else if (page_path(path)) {
        page_run(&c);
    } else {
        answer_call(&c, &drop);
    }
    enum MHD_Result ok = MHD_NO; /* MHD_NO closes the connection without an answer */
    if (drop) {
        c.status = 0;
        record(&c, "", 0);
    } else {
        ok = send_answer(http, &c);
    }
    pthread_mutex_unlock(&s->lock);
    call_release(&c);
    return ok;
}

/* Headers are in. */
static struct pending *arrived(struct sandbox *s, struct MHD_Connection *http, const char *method, const char *path)
{
    struct pending *p = mem_zalloc(sizeof *p);
    bool listed = MHD_lookup_connection_value(http, MHD_GET_ARGUMENT_KIND, "sort_by") ||
                  MHD_lookup_connection_value(http, MHD_GET_ARGUMENT_KIND, "cvid");
    p->body = (struct sb)SB_INIT(CALL_MAX_BODY);
    p->s = s;
    pthread_mutex_lock(&s->lock);
    crowd_enter(s, &p->place, path);
    if (crowd_heavy(method, path, listed, NULL)) {
        crowd_weigh(s, &p->place);
    }
    pthread_mutex_unlock(&s->lock);
    return p;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *http, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **state)
{
    (void)version;
    struct pending *p = *state;
    if (!p) {
        *state = arrived(cls, http, method, path);
        return MHD_YES;
    }
    if (*size > 0) {
        sb_addn(&p->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    return serve(cls, http, method, path, p);
}

static void on_done(void *cls, struct MHD_Connection *http, void **state, enum MHD_RequestTerminationCode why)
{
    (void)cls;
    (void)http;
    (void)why;
    struct pending *p = *state;
    if (p) {
        pthread_mutex_lock(&p->s->lock);
        crowd_leave(p->s, &p->place);
        pthread_mutex_unlock(&p->s->lock);
        sb_release(&p->body);
        free(p);
        *state = NULL;
    }
}

int server_start(struct sandbox *s, int port, struct err *e)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, s->tls.key},
                                   {MHD_OPTION_HTTPS_MEM_CERT, 0, s->tls.cert},
                                   {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none = {MHD_OPTION_END, 0, NULL};
    unsigned mode = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | (s->tls.key ? (unsigned)MHD_USE_TLS : 0U);
    if (s->tls.key && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES) {
        err_set(e, ERR_CONFIG, "this libmicrohttpd was built without TLS");
        return err_fix(e, "install Debian's libmicrohttpd, or start without --tls");
    }
    s->http = MHD_start_daemon(
        mode, (uint16_t)port, NULL, NULL, on_request, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&addr,
        MHD_OPTION_NOTIFY_COMPLETED, on_done, NULL, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U, MHD_OPTION_ARRAY, s->tls.key ? tls : &none, MHD_OPTION_END);
    if (!s->http) {
        err_set(e, ERR_IO, "the sandbox cannot listen on 127.0.0.1:%d", port);
        return err_fix(e, "free the port, or use --port 0 for any free one");
    }
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_BIND_PORT);
    s->port = i ? i->port : port;
    return 0;
}

void server_stop(struct sandbox *s)
{
    if (s->http) {
        MHD_stop_daemon(s->http);
        s->http = NULL;
    }
}
