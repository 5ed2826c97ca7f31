/*
 * zoho/zoho.h — speaking with Zoho: sign-in by refresh token, one HTTP engine, limits, retry, errors.
 *
 * Call order  zoho_open → zoho_call / zoho_call_many … → zoho_close.
 * Hosts       a token goes only to an exact host of the data-centre table (zoho/dc.c) over TLS, or to 127.0.0.1 when the
 *             config says loopback (the sandbox). api_domain in a token answer is checked against the same table. Redirects are
 *             never followed. Tests reach real host names on loopback through connect_to, settable only in code.
 * Reader      a reader has no write: any method but GET (and POST /coql, the token endpoint) is ERR_BUG before it leaves.
 * Writer      before its first write it asks GET /org once and refuses when the zgid is not config.org_zgid. A DELETE leaves only as a deletion.
 * Token       cached in cache_root (0600) under a lock: 20 processes mint one; 10 mints per 10 minutes at most.
 * Retry       by method class (cli-security-reliability 4.4): full jitter 0.5 s·2^n to 30 s, a retry budget of 10 % + 10 calls;
 *             401 INVALID_TOKEN refreshes once. A create without an answer is ERR_UNKNOWN, never resent.
 * Errors      code, http and path filled; kind and fix from the table in zoho/error.c.
 * Threads     one; parallelism is curl multi inside zoho_call_many.
 */
#ifndef ZOHO_ZOHO_H
#define ZOHO_ZOHO_H
#include "base/clock.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/js.h"
#include "base/secret.h"

enum zoho_role { ZOHO_READER, ZOHO_WRITER };

struct zoho_config {
    const char *dc;           /* "us" "eu" …; NULL when loopback */
    const char *api_url;      /* loopback only: http(s)://127.0.0.1:PORT */
    const char *accounts_url; /* loopback only */
    const char *ca_file;      /* NULL = ZAGENT_CA, CURL_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR, system */
    const char *client_id;
    const struct secret *client_secret, *refresh_token;
    enum zoho_role role;
    const struct fs_root *cache_root;           /* token cache; NULL = kept in memory */
    const char *cache_name;                     /* file in it, one a credential */
    const char *org_zgid;                       /* pinned org, NULL = not yet */
    int max_parallel;                           /* 0 = 4 */
    const char *const *connect_to;              /* tests only: NULL-terminated "HOST:PORT:127.0.0.1:PORT" */
    long patience_ms;                           /* tests only: of one request, 0 = 120 s */
    void (*trace)(void *ctx, const char *line); /* redacted, one line a request; NULL = off */
    void *trace_ctx;
    uint64_t seed; /* of the jitter; 0 = from the system */
};

enum zoho_body { ZOHO_NO_BODY, ZOHO_JSON, ZOHO_MULTIPART };
struct zoho_part {
    const char *name, *filename, *type, *data;
    size_t len;
};
enum zoho_retry { ZOHO_SAFE /* GET */, ZOHO_IDEMPOTENT /* PUT by id, upsert by key */, ZOHO_CREATE };
struct zoho_request {
    const char *method;  /* "GET" … */
    const char *path;    /* "/crm/v8/settings/fields", no host */
    const json_t *query; /* object of strings, or NULL */
    enum zoho_body kind;
    const json_t *json;
    const struct zoho_part *part;
    size_t n_part;
    enum zoho_retry retry;
    bool deletion;     /* meant: it has a tombstone. A DELETE without is ERR_BUG before it leaves */
    bool text_answer;  /* function source: keep the body as text */
    bool best_effort;  /* an undocumented read: HTTP 500, three times over, is its way of saying no */
    const char *scope; /* named in the message when Zoho says OAUTH_SCOPE_MISMATCH; may be NULL */
};
struct zoho_reply {
    long http;
    json_t *json; /* NULL on 204 or text */
    char *text;
    size_t len;
    int64_t date_s; /* server's Date header, 0 when absent */
};
struct zoho_counts {
    int64_t calls, credits_known, retries, throttled, mints;
    int64_t credits_left; /* of the day, as Zoho said last; -1 while it has not (it begins at 50 % use) */
};

/* As the last answers left it. */
struct zoho_standing {
    int64_t credits_left;     /* -1 = not told: less than half is used */
    int64_t token_expires_at; /* 0 = no token yet */
    int64_t date_s;           /* the server's clock at its last answer, 0 = not told */
};

struct zoho;
int zoho_open(struct zoho **out, const struct zoho_config *c, const struct clock *clock, struct err *e);
void zoho_close(struct zoho *z);
int zoho_call(struct zoho *z, const struct zoho_request *rq, struct zoho_reply *out, struct err *e);
/* All of them, max_parallel at a time; err[i] holds each one's failure. Returns -1 when any failed (e = the first). */
int zoho_call_many(struct zoho *z, const struct zoho_request *rq, size_t n, struct zoho_reply *out, struct err *err,
                   struct err *e);
void zoho_reply_release(struct zoho_reply *r);
struct zoho_counts zoho_counts(const struct zoho *z);
struct zoho_standing zoho_standing(const struct zoho *z);

/* Element-wise results of an envelope: writes [{index,ok,code,message,details,id}] for the array under `key`;
 * also understands a whole-request error. A missing key is ERR_REMOTE, only 204 is empty. */
int zoho_results(const struct zoho_reply *r, const char *key, const char *where, json_t **out, struct err *e);
/* True when the error means "this org will not do that by API" (FEATURE_NOT_SUPPORTED, API_NOT_SUPPORTED, …). */
bool zoho_refused(const struct err *e);
#endif
