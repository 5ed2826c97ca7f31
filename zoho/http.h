/*
 * zoho/http.h — the one HTTP engine: curl multi, connections reused, every option that could leak a credential shut.
 *
 * Shape       http_start gives a request to the engine (everything is copied), http_next hands back finished ones in any order.
 * Hardened    https only (http for loopback), redirects off, netrc ignored, TLS 1.2 up with peer and host checked, no user in the URL,
 *             no decompression (what comes compressed all the same is refused), bodies to HTTP_MAX_BODY and headers to HTTP_MAX_HEAD, 10 s to connect, 120 s in all, 30 s of silence.
 * Writes      on a fresh connection: on a reused one curl itself sends a request again when the peer closes without a byte, and a
 *             create would happen twice (curl, "Connection died, retrying a fresh connect").
 * CA          ca_file, else ZAGENT_CA, CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR in that order, else the system's; libcurl reads none of these
 *             itself. Proxies come from the environment (https_proxy, ALL_PROXY, NO_PROXY), never for loopback.
 * Errors      answer.err says what, with the fix; nothing here knows Zoho.
 */
#ifndef ZOHO_HTTP_H
#define ZOHO_HTTP_H
#include "zoho/retry.h"

enum { HTTP_MAX_BODY = 32 << 20, HTTP_MAX_HEAD = 256 << 10 };

struct http_options {
    const char *ca_file;
    bool loopback;
    const char *const *connect_to; /* borrowed for the engine's life */
    long patience_ms;              /* of a whole request; 0 = 120 s */
};
struct http_request {
    const char *method, *url;
    const char *authorization; /* value of the header, or NULL */
    const char *content_type;  /* NULL = none (multipart sets its own) */
    const char *body;
    size_t len;
    const struct zoho_part *part;
    size_t n_part;
    bool write;
};
struct http_answer {
    enum retry_outcome outcome; /* OK = an answer came, whatever its status */
    struct err err;             /* filled unless OK */
    long status;
    char *body; /* never NULL when OK; NUL-terminated */
    size_t len;
    bool html;
    int64_t date_s, retry_after_s; /* 0 = absent */
    int64_t credits_left;          /* -1 = absent */
};

struct http;
int http_open(struct http **out, const struct http_options *o, struct err *e);
void http_close(struct http *h);
int http_start(struct http *h, const struct http_request *rq, void *tag, struct err *e);
/* Waits up to timeout_ms for one finished request. False = none yet. Release the answer. */
bool http_next(struct http *h, int timeout_ms, void **tag, struct http_answer *a);
void http_answer_release(struct http_answer *a);
/* For people: libcurl with its TLS library, and where certificates come from without a ca_file. */
const char *http_library(void);
const char *http_ca_source(void);
/* The variable that names a proxy, as libcurl looks for it; NULL = none. */
const char *http_proxy(void);
#endif
