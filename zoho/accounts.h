/*
 * zoho/accounts.h — one POST to an accounts host: secrets in the body, never in the URL (proxies log URLs); the answer is JSON or an
 * error worth reading.
 *
 * Answers     Zoho says errors with HTTP 200 and outages with HTML: what came back is JSON or nothing. Whether it is a success is for
 *             whoever asked.
 * Source      zoho.com/accounts/protocol/oauth (token, revoke, devices).
 */
#ifndef ZOHO_ACCOUNTS_H
#define ZOHO_ACCOUNTS_H
#include "zoho/http.h"

/* "a=1&b=2" of the pairs, percent-encoded, those without a value left out. Caller gives it to accounts_form_free, which wipes it. */
struct accounts_pair {
    const char *name, *value;
};
char *accounts_form(const struct accounts_pair *pair, size_t n);
void accounts_form_free(char *form);

/* *answer is a new reference when 0. outcome says what may be tried again (zoho/retry.h). */
int accounts_post(struct http *h, const char *base, const char *path, const char *form, json_t **answer,
                  enum retry_outcome *outcome, int64_t *retry_after_s, struct err *e);

/* What the accounts server says when it says no, with what to do about it. error NULL = it gave no reason. Returns -1. */
int accounts_refused(const char *error, struct err *e);
#endif
