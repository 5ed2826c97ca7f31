#include "tests/zoho/replay.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/sb.h"
#include "base/text.h"
#include "tests/test.h"

struct replay {
    int listen_fd, port;
    char *url, *ca_file;
    char tls_dir[64];
    SSL_CTX *tls;
    json_t *exchanges, *log;
    int minted;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_t conn[512];
    int conn_fd[512];
    int conn_n;
    bool stopping;
};

struct conn {
    struct replay *r;
    int fd;
    SSL *ssl;
};

static ssize_t conn_read(const struct conn *c, char *buf, size_t n)
{
    return c->ssl ? SSL_read(c->ssl, buf, (int)n) : recv(c->fd, buf, n, 0);
}

static bool conn_write(const struct conn *c, const char *buf, size_t n)
{
    while (n > 0) {
        ssize_t k = c->ssl ? SSL_write(c->ssl, buf, (int)n) : send(c->fd, buf, n, MSG_NOSIGNAL);
        if (k <= 0)
            return false;
        buf += k;
        n -= (size_t)k;
    }
    return true;
}

/* Reads one request: head into a JSON object, body by Content-Length or chunked. NULL at the end of the connection. */
static json_t *read_request(const struct conn *c)
{
    struct sb b = SB_INIT(8 << 20);
    char buf[4096];
    char *end;
    while (!(end = strstr(b.buf, "\r\n\r\n"))) {
        ssize_t k = conn_read(c, buf, sizeof buf);
        if (k <= 0) {
            sb_release(&b);
            return NULL;
        }
        sb_addn(&b, buf, (size_t)k);
    }
    size_t head = (size_t)(end - b.buf) + 4;
    json_t *rq = json_object();
    json_t *headers = json_object();
    char *text = mem_dupn(b.buf, head - 2);
    char *line = text;
    char *next = strstr(line, "\r\n");
    *next = '\0';
    char *path = strchr(line, ' ');
    *path++ = '\0';
    *strchr(path, ' ') = '\0';
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    js_set_str(rq, "method", line);
    js_set_str(rq, "path", path);
    js_set_str(rq, "query", query ? query : "");
    for (line = next + 2; *line; line = next + 2) {
        next = strstr(line, "\r\n");
        if (!next)
            break;
        *next = '\0';
        char *colon = strchr(line, ':');
        *colon = '\0';
        for (char *p = line; *p; p++)
            *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
        js_set_str(headers, line, colon + 1 + strspn(colon + 1, " "));
    }
    free(text);
    size_t want = (size_t)strtoull(js_str_or(headers, "content-length", "0"), NULL, 10);
    while (b.len < head + want) {
        ssize_t k = conn_read(c, buf, sizeof buf);
        if (k <= 0)
            break;
        sb_addn(&b, buf, (size_t)k);
    }
    js_set(rq, "headers", headers);
    js_set_str(rq, "body", b.buf + head);
    sb_release(&b);
    return rq;
}

static bool query_fits(const json_t *want, const char *query)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)want, key, value) {
        AUTO_FREE char *v = text_percent_encode(json_string_value(value));
        AUTO_FREE char *pair = mem_printf("&%s=%s&", key, v);
        AUTO_FREE char *whole = mem_printf("&%s&", query);
        if (!strstr(whole, pair))
            return false;
    }
    return true;
}

/* The exchange that answers, its `used` counted up; NULL when none fits. */
static json_t *choose(struct replay *r, const json_t *rq)
{
    size_t i;
    json_t *x;
    json_array_foreach (r->exchanges, i, x) {
        int64_t times = js_int(x, "times", 1);
        int64_t used = js_int(x, "used", 0);
        const char *has = js_str(x, "body_has");
        if (strcmp(js_str_or(x, "method", "GET"), js_str(rq, "method")) != 0 ||
            strcmp(js_str_or(x, "path", ""), js_str(rq, "path")) != 0 || (times > 0 && used >= times) ||
            !query_fits(js_obj(x, "query"), js_str(rq, "query")) || (has && !strstr(js_str(rq, "body"), has)))
            continue;
        js_set_int(x, "used", used + 1);
        return x;
    }
    return NULL;
}

static char *body_of(struct replay *r, const json_t *x)
{
    const char *text = js_str(x, "text");
    if (text && strcmp(js_str_or(x, "behave", ""), "echo_token") == 0) {
        const char *slot = strstr(text, "{n}");
        return mem_printf("%.*s%d%s", (int)(slot - text), text, ++r->minted, slot + 3);
    }
    if (text)
        return mem_dup(text);
    json_t *body = json_object_get(x, "body");
    return body ? json_dumps(body, JSON_COMPACT) : mem_dup("");
}

static bool endless(const struct conn *c)
{
    static char block[64 << 10];
    memset(block, ' ', sizeof block);
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    if (!conn_write(c, head, strlen(head)))
        return false;
    while (conn_write(c, block, sizeof block))
        ;
    return false;
}

static bool drip(const struct conn *c)
{
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n";
    if (!conn_write(c, head, strlen(head)))
        return false;
    while (conn_write(c, " ", 1))
        usleep(20000);
    return false;
}

static bool heads(const struct conn *c)
{
    const char *line = "HTTP/1.1 200 OK\r\n";
    while (conn_write(c, line, strlen(line)))
        line = "X-Again: and again and again and again and again and again and again\r\n";
    return false;
}

static bool claims(const struct conn *c)
{
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1099511627776\r\n\r\n{";
    conn_write(c, head, strlen(head));
    return false;
}

/* The text and 64 MiB of blanks, some 64 KiB on the way. */
static bool gzip(const struct conn *c, const char *text)
{
    enum { BLANKS = 64 << 20 };
    size_t n = strlen(text) + BLANKS;
    unsigned char *plain = mem_alloc(n);
    memcpy(plain, text, strlen(text));
    memset(plain + strlen(text), ' ', BLANKS);
    z_stream z = {.next_in = plain, .avail_in = (uInt)n};
    assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    uLong most = deflateBound(&z, n);
    char *out = mem_alloc(most);
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)most;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    AUTO_FREE char *head = mem_printf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
                                      "Content-Length: %lu\r\n\r\n",
                                      z.total_out);
    bool up = conn_write(c, head, strlen(head)) && conn_write(c, out, z.total_out);
    deflateEnd(&z);
    free(plain);
    free(out);
    return up;
}

/* False = close the connection. */
static bool answer(const struct conn *c, json_t *x)
{
    struct replay *r = c->r;
    const char *behave = js_str_or(x, "behave", "");
    if (strcmp(behave, "drop") == 0)
        return false;
    if (strcmp(behave, "endless") == 0)
        return endless(c);
    if (strcmp(behave, "drip") == 0)
        return drip(c);
    if (strcmp(behave, "heads") == 0)
        return heads(c);
    if (strcmp(behave, "claims") == 0)
        return claims(c);
    if (strcmp(behave, "gzip") == 0)
        return gzip(c, js_str_or(x, "text", ""));
    pthread_mutex_lock(&r->lock);
    char *body =
        x ? body_of(r, x) : mem_dup("{\"code\":\"NO_EXCHANGE\",\"message\":\"nothing fits\",\"status\":\"error\"}");
    pthread_mutex_unlock(&r->lock);
    int status = x ? (int)js_int(x, "status", 200) : 599;
    struct sb b = SB_INIT(64 << 20);
    sb_addf(&b, "HTTP/1.1 %d X\r\n", status);
    const char *key;
    json_t *value;
    bool typed = false;
    json_object_foreach (js_obj(x, "headers"), key, value) {
        sb_addf(&b, "%s: %s\r\n", key, json_string_value(value));
        typed = typed || strcasecmp(key, "content-type") == 0;
    }
    if (!typed && *body)
        sb_add(&b, "Content-Type: application/json;charset=UTF-8\r\n");
    size_t more = strcmp(behave, "cut") == 0 ? 100 : 0;
    size_t less = strcmp(behave, "short") == 0 ? strlen(body) / 2 : 0;
    if (status != 204)
        sb_addf(&b, "Content-Length: %zu\r\n", strlen(body) + more - less);
    sb_add(&b, "\r\n");
    sb_add(&b, body);
    bool ok = conn_write(c, b.buf, b.len) && more == 0 && less == 0;
    sb_release(&b);
    free(body);
    return ok;
}

static void *serve_conn(void *ctx)
{
    struct conn *c = ctx;
    struct replay *r = c->r;
    bool up = true;
    if (r->tls) {
        c->ssl = SSL_new(r->tls);
        SSL_set_fd(c->ssl, c->fd);
        up = SSL_accept(c->ssl) == 1;
    }
    json_t *rq;
    while (up && (rq = read_request(c))) {
        if (c->ssl && SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name))
            js_set_str(rq, "tls_host", SSL_get_servername(c->ssl, TLSEXT_NAMETYPE_host_name));
        pthread_mutex_lock(&r->lock);
        json_array_append_new(r->log, rq);
        json_t *x = choose(r, rq);
        pthread_mutex_unlock(&r->lock);
        up = answer(c, x);
    }
    SSL_free(c->ssl);
    shutdown(c->fd, SHUT_RDWR);
    free(c);
    return NULL;
}

static void *accept_loop(void *ctx)
{
    struct replay *r = ctx;
    for (;;) {
        int fd = accept(r->listen_fd, NULL, NULL);
        pthread_mutex_lock(&r->lock);
        bool stop = r->stopping || fd < 0 || r->conn_n == 512;
        if (!stop) {
            struct conn *c = mem_zalloc(sizeof *c);
            *c = (struct conn){.r = r, .fd = fd};
            r->conn_fd[r->conn_n] = fd;
            if (pthread_create(&r->conn[r->conn_n], NULL, serve_conn, c) == 0)
                r->conn_n++;
        }
        pthread_mutex_unlock(&r->lock);
        if (stop) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
    }
}

static struct replay *start(json_t *exchanges, SSL_CTX *tls)
{
    struct replay *r = mem_zalloc(sizeof *r);
    r->exchanges = exchanges;
    r->tls = tls;
    r->log = json_array();
    pthread_mutex_init(&r->lock, NULL);
    r->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    assert_int_equal(bind(r->listen_fd, (struct sockaddr *)&a, n), 0);
    assert_int_equal(listen(r->listen_fd, 64), 0);
    assert_int_equal(getsockname(r->listen_fd, (struct sockaddr *)&a, &n), 0);
    r->port = ntohs(a.sin_port);
    r->url = mem_printf("%s://127.0.0.1:%d", tls ? "https" : "http", r->port);
    assert_int_equal(pthread_create(&r->thread, NULL, accept_loop, r), 0);
    return r;
}

struct replay *replay_start(const char *exchanges_json)
{
    struct err e = {0};
    AUTO_FREE char *path = mem_printf("tests/zoho/exchanges/%s", exchanges_json);
    json_t *x = js_load(path, &e);
    if (!x)
        fail_msg("%s: %s", e.where, e.what);
    return start(x, NULL);
}

static json_t *parse_loose(const char *json)
{
    struct err e = {0};
    AUTO_FREE char *text = mem_dup(json);
    for (char *p = text; *p; p++)
        if (*p == '\'')
            *p = '"';
    json_t *x = js_parse(text, strlen(text), "exchanges", &e);
    if (!x)
        fail_msg("%s: %s", e.where, e.what);
    return x;
}

struct replay *replay_start_text(const char *json)
{
    return start(parse_loose(json), NULL);
}

static X509 *make_cert(EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, const char *cn, const char *alt)
{
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), alt ? 2 : 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -86400);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, key);
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
    X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : name);
    X509V3_CTX ctx;
    X509V3_set_ctx(&ctx, issuer ? issuer : x, x, NULL, NULL, 0);
    X509_EXTENSION *ext = alt ? X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, alt)
                              : X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints, "critical,CA:TRUE");
    assert_non_null(ext);
    X509_add_ext(x, ext, -1);
    X509_EXTENSION_free(ext);
    assert_true(X509_sign(x, issuer_key, EVP_sha256()) > 0);
    return x;
}

struct replay *replay_start_tls(const char *json, const char *const *hosts)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256");
    EVP_PKEY *key = EVP_EC_gen("P-256");
    AUTO_SB struct sb alt = SB_INIT(4096);
    for (size_t i = 0; hosts[i]; i++)
        sb_addf(&alt, "%sDNS:%s", i ? "," : "", hosts[i]);
    X509 *ca = make_cert(ca_key, NULL, ca_key, "test CA", NULL);
    X509 *leaf = make_cert(key, ca, ca_key, "test server", alt.buf);
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(tls, leaf), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(tls, key), 1);
    struct replay *r = start(parse_loose(json), tls);
    snprintf(r->tls_dir, sizeof r->tls_dir, "/tmp/zagent-tls-XXXXXX");
    assert_non_null(mkdtemp(r->tls_dir));
    r->ca_file = mem_printf("%s/ca.pem", r->tls_dir);
    FILE *f = fopen(r->ca_file, "w");
    assert_non_null(f);
    PEM_write_X509(f, ca);
    fclose(f);
    X509_free(ca);
    X509_free(leaf);
    EVP_PKEY_free(ca_key);
    EVP_PKEY_free(key);
    return r;
}

int replay_port(const struct replay *r)
{
    return r->port;
}

const char *replay_url(const struct replay *r)
{
    return r->url;
}

const char *replay_ca_file(const struct replay *r)
{
    return r->ca_file;
}

json_t *replay_log(struct replay *r)
{
    pthread_mutex_lock(&r->lock);
    json_t *copy = json_deep_copy(r->log);
    pthread_mutex_unlock(&r->lock);
    return copy;
}

size_t replay_count(struct replay *r, const char *method, const char *path)
{
    AUTO_JSON json_t *log = replay_log(r);
    size_t n = 0;
    size_t i;
    json_t *rq;
    json_array_foreach (log, i, rq) {
        n += (!method || strcmp(js_str(rq, "method"), method) == 0) && (!path || strcmp(js_str(rq, "path"), path) == 0);
    }
    return n;
}

size_t replay_authorized(struct replay *r)
{
    AUTO_JSON json_t *log = replay_log(r);
    size_t n = 0;
    size_t i;
    json_t *rq;
    json_array_foreach (log, i, rq) {
        n += js_str(js_obj(rq, "headers"), "authorization") != NULL;
    }
    return n;
}

void replay_stop(struct replay *r)
{
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_mutex_unlock(&r->lock);
    shutdown(r->listen_fd, SHUT_RDWR);
    pthread_join(r->thread, NULL);
    for (int i = 0; i < r->conn_n; i++)
        shutdown(r->conn_fd[i], SHUT_RDWR);
    for (int i = 0; i < r->conn_n; i++) {
        pthread_join(r->conn[i], NULL);
        close(r->conn_fd[i]);
    }
    close(r->listen_fd);
    if (r->ca_file) {
        unlink(r->ca_file);
        rmdir(r->tls_dir);
    }
    SSL_CTX_free(r->tls);
    pthread_mutex_destroy(&r->lock);
    json_decref(r->exchanges);
    json_decref(r->log);
    free(r->url);
    free(r->ca_file);
    free(r);
}
