/*
 * zoho/token.h — access tokens from a refresh token: minted once for all processes, remembered in a 0600 file.
 *
 * Store       CACHE_NAME in cache_root: {schema, credential (digest of client, refresh token and accounts host), access_token,
 *             api_domain, expires_at, mints[] (epoch seconds), blocked_until}. Written under CACHE_NAME.lock and read again once the
 *             lock is held, so 20 processes mint one. Without cache_root it lives in memory.
 * Throttle    10 mints in 10 minutes for one refresh token, Zoho's own limit, counted on disk before the request leaves.
 * Answers     success is "has access_token" and nothing else: Zoho says errors with HTTP 200, and outages with HTML.
 * Source      zoho.com/accounts/protocol/oauth/token-limits, …/refresh-token; expires_in_sec: the official SDK.
 */
#ifndef ZOHO_TOKEN_H
#define ZOHO_TOKEN_H
#include "zoho/dc.h"
#include "zoho/http.h"

enum { TOKEN_EARLY_S = 60, TOKEN_LIFE_S = 3600, TOKEN_WINDOW_S = 600, TOKEN_MINTS = 10 };

struct token {
    const struct zoho_config *c; /* borrowed */
    const struct dc *dc;         /* NULL on loopback */
    struct clock clock;
    struct http *http;   /* its own engine: the accounts host */
    char *accounts_base; /* "https://accounts.zoho.eu" */
    uint64_t *random;    /* borrowed state of retry_random */
    json_t *memory;      /* the store when there is no cache_root */
    struct secret access;
    char *api_base; /* where it may go */
    int64_t expires_at;
    int64_t mints;       /* by this process */
    unsigned generation; /* counts tokens seen: a 401 names the one it was for */
};
int token_init(struct token *t, const struct zoho_config *c, const struct dc *dc, const struct clock *clock,
               uint64_t *random, struct err *e);
/* Makes t->access usable; `refused` (0 = none) is the generation a server just refused. */
int token_get(struct token *t, unsigned refused, struct err *e);
void token_release(struct token *t);

/* Pure. Reads a token answer: *life_s is 120 to 3600 s; *access and *api_domain are borrowed from the answer, api_domain may be
 * NULL. An error answer becomes ERR_AUTH or ERR_RATE with its fix. */
int token_parse(const json_t *answer, const char **access, const char **api_domain, int64_t *life_s, struct err *e);
#endif
