/*
 * zoho/retry.h — what to do after a request ended: one pure table, and how long to wait.
 *
 * Table    class of method × outcome → verdict. Zoho CRM documents no idempotency key, so a create that may have happened is
 *          never sent again: it is unknown, and whoever asked reads the org to find out.
 * Delay    full jitter: a random time below min(30 s, 0.5 s · 2^attempt); a Retry-After, should one come, is a lower bound.
 * Budget   10 retries at the start, and a tenth of one for each request: an outage is not multiplied.
 * Source   zoho.com/crm/developer/docs/api/v8/api-limits, status-codes; AWS Builders' Library, "Timeouts, retries and backoff with
 *          jitter".
 */
#ifndef ZOHO_RETRY_H
#define ZOHO_RETRY_H
#include <stdint.h>

#include "zoho/zoho.h"

#define RETRY_OUTCOMES(X)                                                                                              \
    X(OK)        /* 2xx, readable */                                                                                   \
    X(NOT_SENT)  /* no connection: name, connect, TLS set-up, proxy */                                                 \
    X(NO_ANSWER) /* sent, then reset, cut or timed out */                                                              \
    X(GARBLED)   /* an answer nobody can use: HTML, broken JSON, too long */                                           \
    X(RATE)      /* 429: documented as not executed */                                                                 \
    X(TOKEN)     /* 401 INVALID_TOKEN or AUTHENTICATION_FAILURE */                                                     \
    X(SERVER)    /* 5xx */                                                                                             \
    X(REFUSED)   /* any other 3xx or 4xx */                                                                            \
    X(FATAL)     /* nothing left, and trying again cannot help: certificate, bad URL */
enum retry_outcome {
#define X(name) RETRY_##name,
    RETRY_OUTCOMES(X)
#undef X
        RETRY__MAX
};
#define RETRY_VERDICTS(X) X(DONE) X(AGAIN) X(REFRESH) X(FAIL) X(UNKNOWN)
enum retry_verdict {
#define X(name) VERDICT_##name,
    RETRY_VERDICTS(X)
#undef X
        VERDICT__MAX
};
const char *retry_outcome_name(enum retry_outcome o);
const char *retry_verdict_name(enum retry_verdict v);

enum retry_limits { RETRY_MAX_TRIES = 5, RETRY_BASE_MS = 500, RETRY_CAP_MS = 30000, RETRY_BUDGET_START = 10 };

enum retry_verdict retry_decide(enum zoho_retry cls, enum retry_outcome o);
/* The same when no further try is allowed: AGAIN becomes FAIL, or UNKNOWN where a write may have happened. */
enum retry_verdict retry_last(enum zoho_retry cls, enum retry_outcome o);

/* attempt 0 = after the first try; random is any 64-bit number; retry_after_s 0 = none. Milliseconds. */
int64_t retry_delay_ms(int attempt, uint64_t random, int64_t retry_after_s);

struct retry_budget {
    int64_t tenths; /* a retry costs 10 */
};
void retry_budget_init(struct retry_budget *b);
void retry_budget_request(struct retry_budget *b);
bool retry_budget_take(struct retry_budget *b);
/* splitmix64: a repeatable stream of numbers from a seed. */
uint64_t retry_random(uint64_t *state);
#endif
