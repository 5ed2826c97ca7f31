#include "zoho/http.h"

#include <curl/curl.h>
#include <strings.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"

struct transfer {
    struct transfer *next;
    CURL *easy;
    struct curl_slist *headers, *connect_to;
    curl_mime *mime;
    char *body;
    size_t body_len;
    void *tag;
    char *answer;
    size_t len, cap, head;
    bool too_long, compressed;
    int64_t date_s, retry_after_s, credits_left;
    char curl_text[CURL_ERROR_SIZE];
};

struct http {
    CURLM *multi;
    struct transfer *first;
    bool loopback;
    char *ca_file, *ca_dir;
    long patience_ms;
    const char *ca_source; /* for the message: where the certificates came from */
    struct curl_slist *connect_to;
};

/* Header lists hold the token: wiped before curl frees them. */
static void headers_release(struct curl_slist *list)
{
    for (struct curl_slist *s = list; s; s = s->next)
        explicit_bzero(s->data, strlen(s->data));
    curl_slist_free_all(list);
}

static void transfer_free(struct http *h, struct transfer *t)
{
    if (t->easy) {
        curl_multi_remove_handle(h->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    headers_release(t->headers);
    curl_mime_free(t->mime);
    if (t->body)
        explicit_bzero(t->body, t->body_len);
    free(t->body);
    free(t->answer);
    free(t);
}

static size_t on_body(char *data, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    size_t more = size * n;
    if (more > HTTP_MAX_BODY - t->len) {
        t->too_long = true;
        return 0;
    }
    if (t->len + more + 1 > t->cap) {
        t->cap = (t->len + more + 1) * 2;
        t->answer = mem_grow(t->answer, t->cap, 1);
    }
    memcpy(t->answer + t->len, data, more);
    t->len += more;
    t->answer[t->len] = '\0';
    return more;
}

/* The value of "Name: value\r\n" as a trimmed copy, NULL when it is another header. */
static char *header_value(const char *line, size_t n, const char *name)
{
    size_t k = strlen(name);
    if (n <= k || strncasecmp(line, name, k) != 0 || line[k] != ':')
        return NULL;
    const char *p = line + k + 1;
    const char *end = line + n;
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    while (end > p && (end[-1] == '\r' || end[-1] == '\n' || end[-1] == ' '))
        end--;
    return mem_dupn(p, (size_t)(end - p));
}

static int64_t header_number(const char *line, size_t n, const char *name, int64_t absent)
{
    AUTO_FREE char *v = header_value(line, n, name);
    if (!v || !*v || strspn(v, "0123456789") != strlen(v) || strlen(v) > 12)
        return absent;
    return strtoll(v, NULL, 10);
}

static size_t on_header(char *data, size_t size, size_t n, void *ctx)
{
    struct transfer *t = ctx;
    size_t len = size * n;
    t->head += len;
    if (t->head > HTTP_MAX_HEAD) {
        t->too_long = true;
        return 0;
    }
    t->credits_left = header_number(data, len, "X-API-CREDITS-REMAINING", t->credits_left);
    t->retry_after_s = header_number(data, len, "Retry-After", t->retry_after_s);
    AUTO_FREE char *coding = header_value(data, len, "Content-Encoding");
    t->compressed = t->compressed || (coding && *coding && strcasecmp(coding, "identity") != 0);
    AUTO_FREE char *date = header_value(data, len, "Date");
    if (date) {
        time_t when = curl_getdate(date, NULL);
        t->date_s = when < 0 ? 0 : (int64_t)when;
    }
    return len;
}

static const char *const ca_env[] = {"ZAGENT_CA", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"};

/* The first that is set, by name; NULL = none. */
static const char *ca_from_env(void)
{
    for (size_t i = 0; i < sizeof ca_env / sizeof *ca_env; i++) {
        const char *v = getenv(ca_env[i]);
        if (v && *v)
            return ca_env[i];
    }
    return NULL;
}

const char *http_ca_source(void)
{
    const char *name = ca_from_env();
    return name ? name : "the system's certificates";
}

const char *http_proxy(void)
{
    static const char *const env[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof env / sizeof *env; i++) {
        const char *v = getenv(env[i]);
        if (v && *v)
            return env[i];
    }
    return NULL;
}

const char *http_library(void)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
    static char text[80];
    snprintf(text, sizeof text, "libcurl %s with %s", v->version, v->ssl_version ? v->ssl_version : "no TLS");
    return text;
}

static void choose_ca(struct http *h, const char *ca_file)
{
    const char *name = ca_from_env();
    bool folder = name && strcmp(name, "SSL_CERT_DIR") == 0;
    h->ca_source = ca_file ? "the sandbox's own authority" : http_ca_source();
    if (ca_file || (name && !folder))
        h->ca_file = mem_dup(ca_file ? ca_file : getenv(name));
    else if (folder)
        h->ca_dir = mem_dup(getenv(name));
}

int http_open(struct http **out, const struct http_options *o, struct err *e)
{
    *out = NULL;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(e, ERR_BUG, "libcurl cannot start");
    struct http *h = mem_zalloc(sizeof *h);
    h->multi = curl_multi_init();
    if (!h->multi) {
        http_close(h);
        return err_set(e, ERR_BUG, "libcurl cannot start");
    }
    h->loopback = o->loopback;
    h->patience_ms = o->patience_ms ? o->patience_ms : 120000;
    choose_ca(h, o->ca_file);
    for (size_t i = 0; o->connect_to && o->connect_to[i]; i++)
        h->connect_to = curl_slist_append(h->connect_to, o->connect_to[i]);
    *out = h;
    return 0;
}

void http_close(struct http *h)
{
    if (!h)
        return;
    while (h->first) {
        struct transfer *t = h->first;
        h->first = t->next;
        transfer_free(h, t);
    }
    curl_multi_cleanup(h->multi);
    curl_slist_free_all(h->connect_to);
    free(h->ca_file);
    free(h->ca_dir);
    free(h);
    curl_global_cleanup();
}

static void harden(const struct http *h, CURL *c)
{
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, h->loopback ? "http,https" : "https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_UNRESTRICTED_AUTH, 0L);
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c, CURLOPT_HSTS_CTRL, 0L);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, 10000L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, h->patience_ms);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, 30L);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)HTTP_MAX_BODY);
    curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, NULL);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "zagent");
    if (h->loopback)
        curl_easy_setopt(c, CURLOPT_PROXY, "");
    if (h->ca_file) /* one source at a time: the compiled-in folder would answer for a file that is wrong */
        curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    if (h->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, h->ca_file);
    if (h->ca_dir)
        curl_easy_setopt(c, CURLOPT_CAPATH, h->ca_dir);
    if (h->connect_to)
        curl_easy_setopt(c, CURLOPT_CONNECT_TO, h->connect_to);
}

static void add_header(struct transfer *t, const char *name, const char *value)
{
    AUTO_FREE char *line = mem_printf("%s: %s", name, value);
    t->headers = curl_slist_append(t->headers, line);
    explicit_bzero(line, strlen(line));
}

static void set_multipart(struct transfer *t, const struct http_request *rq)
{
    t->mime = curl_mime_init(t->easy);
    for (size_t i = 0; i < rq->n_part; i++) {
        curl_mimepart *p = curl_mime_addpart(t->mime);
        curl_mime_name(p, rq->part[i].name);
        curl_mime_data(p, rq->part[i].data, rq->part[i].len);
        if (rq->part[i].filename)
            curl_mime_filename(p, rq->part[i].filename);
        if (rq->part[i].type)
            curl_mime_type(p, rq->part[i].type);
    }
    curl_easy_setopt(t->easy, CURLOPT_MIMEPOST, t->mime);
}

static void set_body(struct transfer *t, const struct http_request *rq)
{
    if (rq->n_part > 0) {
        set_multipart(t, rq);
    } else if (rq->body) {
        t->body = mem_dupn(rq->body, rq->len);
        t->body_len = rq->len;
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->len);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, t->body); /* not copied: we wipe it */
    }
    curl_easy_setopt(t->easy, CURLOPT_CUSTOMREQUEST, rq->method);
}

int http_start(struct http *h, const struct http_request *rq, void *tag, struct err *e)
{
    struct transfer *t = mem_zalloc(sizeof *t);
    t->tag = tag;
    t->credits_left = -1;
    t->easy = curl_easy_init();
    if (!t->easy) {
        free(t);
        return err_set(e, ERR_BUG, "libcurl cannot make a request");
    }
    harden(h, t->easy);
    if (rq->authorization)
        add_header(t, "Authorization", rq->authorization);
    if (rq->content_type)
        add_header(t, "Content-Type", rq->content_type);
    t->headers = curl_slist_append(t->headers, "Accept: */*");
    t->headers = curl_slist_append(t->headers, "Expect:");
    curl_easy_setopt(t->easy, CURLOPT_URL, rq->url);
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
    set_body(t, rq);
    if (rq->write)
        curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->curl_text);
    curl_easy_setopt(t->easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(t->easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(t->easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(t->easy, CURLOPT_PRIVATE, t);
    if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK) {
        transfer_free(h, t);
        return err_set(e, ERR_BUG, "libcurl cannot take a request");
    }
    t->next = h->first;
    h->first = t;
    return 0;
}

static bool is_certificate(CURLcode rc)
{
    return rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CACERT_BADFILE || rc == CURLE_SSL_ISSUER_ERROR ||
           rc == CURLE_SSL_CRL_BADFILE;
}

static void explain(const struct http *h, const struct transfer *t, CURLcode rc, struct http_answer *a)
{
    long sent = 0;
    long proxy_code = 0;
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &proxy_code);
    AUTO_FREE char *clean = text_clean(*t->curl_text ? t->curl_text : curl_easy_strerror(rc), false);
    AUTO_FREE char *text = secret_redact(clean);
    struct err *e = &a->err;
    if (t->too_long || rc == CURLE_FILESIZE_EXCEEDED) {
        a->outcome = RETRY_GARBLED;
        bool head = t->head > HTTP_MAX_HEAD;
        err_set(e, ERR_LIMIT, head ? "the answer's headers are longer than %d KiB" : "the answer is longer than %d MiB",
                head ? HTTP_MAX_HEAD >> 10 : HTTP_MAX_BODY >> 20);
        err_fix(e, head ? "check that no proxy stands between, then run the same command again"
                        : "ask for less: fewer modules, or a narrower query");
    } else if (rc == CURLE_OPERATION_TIMEDOUT && sent > 0) {
        a->outcome = RETRY_NO_ANSWER;
        err_set(e, ERR_NET, "the answer did not end in %ld s", (h->patience_ms + 999) / 1000);
        err_fix(e, "the network or Zoho is slow: run the same command again later");
    } else if (is_certificate(rc)) {
        a->outcome = RETRY_FATAL;
        err_set(e, ERR_NET, "the server's certificate is not trusted: %.150s", text);
        err_fix(e,
                "certificates came from %s; if a company proxy re-signs TLS, name its CA file in ZAGENT_CA (or "
                "SSL_CERT_FILE)",
                h->ca_source);
    } else if (proxy_code >= 400 || rc == CURLE_COULDNT_RESOLVE_PROXY || rc == CURLE_PROXY) {
        a->outcome = proxy_code == 407 ? RETRY_FATAL : RETRY_NOT_SENT;
        err_set(e, ERR_NET, "the proxy did not let us through: %.200s", text);
        err_fix(e, "check https_proxy and NO_PROXY (user and password too, if it wants them)");
    } else if (rc == CURLE_URL_MALFORMAT || rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_LOGIN_DENIED) {
        a->outcome = RETRY_FATAL;
        err_set(e, ERR_BUG, "a URL that must not be asked for: %.200s", text);
    } else {
        a->outcome = sent > 0 ? RETRY_NO_ANSWER : RETRY_NOT_SENT;
        err_set(e, ERR_NET, sent > 0 ? "the connection broke before the answer: %.200s" : "no connection: %.200s",
                text);
        if (sent == 0 && !h->loopback && http_proxy())
            err_fix(e, "check the proxy that %s names (and NO_PROXY), then run the same command again", http_proxy());
        else
            err_fix(e, "check the network, then run the same command again");
    }
}

static void finish(const struct http *h, struct transfer *t, CURLcode rc, struct http_answer *a)
{
    *a = (struct http_answer){.credits_left = t->credits_left, .date_s = t->date_s, .retry_after_s = t->retry_after_s};
    if (rc != CURLE_OK) {
        explain(h, t, rc, a);
        return;
    }
    if (t->compressed) {
        a->outcome = RETRY_GARBLED;
        err_set(&a->err, ERR_REMOTE, "the answer is compressed, which was not asked for");
        err_fix(&a->err, "check that no proxy stands between; what it holds was not unpacked");
        return;
    }
    a->outcome = RETRY_OK;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &a->status);
    a->body = t->answer ? t->answer : mem_dup("");
    a->len = t->len;
    t->answer = NULL;
    const char *type = NULL;
    curl_easy_getinfo(t->easy, CURLINFO_CONTENT_TYPE, &type);
    const char *first = a->body + strspn(a->body, " \t\r\n");
    a->html = *first == '<' || (type && strncasecmp(type, "text/html", 9) == 0);
}

static bool take_finished(struct http *h, void **tag, struct http_answer *a)
{
    int left;
    CURLMsg *m;
    while ((m = curl_multi_info_read(h->multi, &left))) {
        if (m->msg != CURLMSG_DONE)
            continue;
        struct transfer *t = NULL;
        CURLcode rc = m->data.result;
        curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
        finish(h, t, rc, a);
        *tag = t->tag;
        for (struct transfer **p = &h->first; *p; p = &(*p)->next) {
            if (*p == t) {
                *p = t->next;
                break;
            }
        }
        transfer_free(h, t);
        return true;
    }
    return false;
}

bool http_next(struct http *h, int timeout_ms, void **tag, struct http_answer *a)
{
    int running;
    if (take_finished(h, tag, a))
        return true;
    curl_multi_perform(h->multi, &running);
    if (take_finished(h, tag, a))
        return true;
    if (!h->first)
        return false;
    curl_multi_poll(h->multi, NULL, 0, timeout_ms, NULL);
    curl_multi_perform(h->multi, &running);
    return take_finished(h, tag, a);
}

void http_answer_release(struct http_answer *a)
{
    if (a->body)
        explicit_bzero(a->body, a->len); /* a token answer passes here too */
    free(a->body);
    *a = (struct http_answer){0};
}
