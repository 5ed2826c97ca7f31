/*
 * sandbox/grant.h — who allowed what to the app: grants (a user's consent, with or without a refresh token), codes on their
 * way to one, and access tokens.
 *
 * Grant       one row in oauth_grant: key (the refresh token; "online.…" where none was asked for), user, scope, revoked.
 *             The start line's refresh token is a grant of the org's first user with scope "*": all there is.
 * Code        one row in oauth_code: an authorization code, or a device code with what the person types in. Used once.
 * Token       an access token belongs to a grant, so to a user: what that user's profile forbids is forbidden (access.h).
 * Limits      20 refresh tokens per user and client, the oldest dies silently; 5 new ones a minute; ten mints in ten minutes and ten
 *             alive a refresh token; all from limits.h.
 * Source      zoho-api.md 3.2-3.6 [ACC:token-limits]; zoho.com/accounts/protocol/oauth.
 */
#ifndef SANDBOX_GRANT_H
#define SANDBOX_GRANT_H
#include "sandbox/call.h"

struct grant_wish {
    const char *user; /* id, NULL = the org's first user */
    const char *scope;
    const char *redirect, *challenge, *method; /* NULL = none; method "S256" or "plain" */
    bool offline;                              /* a refresh token is wanted */
};
/* A code that lives `life_s` seconds. Caller frees. */
char *grant_code_make(struct sandbox *s, const struct grant_wish *w, int64_t life_s);

/* A device's code: made open, then answered by the person, then taken by polling. */
struct device_code {
    char device[80], user_code[12];
};
void grant_device_make(struct sandbox *s, const struct grant_wish *w, int64_t life_s, struct device_code *out);
/* False when no open code of that name is alive. user NULL: the person said no. */
bool grant_device_answer(struct sandbox *s, const char *user_code, const char *user);
/* What the device asked for, by what the person types in; caller frees, NULL when nobody waits. */
char *grant_device_scope(struct sandbox *s, const char *user_code);

/* Each answers the call: tokens, or {"error": …}. verifier, redirect may be NULL. */
void grant_take_code(struct call *c, const char *code, const char *redirect, const char *verifier);
void grant_take_device(struct call *c, const char *code);
void grant_refresh(struct call *c, const char *refresh);
/* True when something died by it. */
bool grant_revoke(struct sandbox *s, const char *token);
/* The grant this access token belongs to dies, with all its tokens. */
void grant_revoke_of(struct sandbox *s, const char *access_token);

/* {"error": …} with HTTP 200, as the accounts host does. */
void oauth_refuse(struct call *c, const char *error);
/* Every scope is written as Zoho writes them. */
bool scope_valid(const char *scope);
/* The grant of the start line, made in a fresh store. */
void grant_first(struct sandbox *s);
bool grant_revoked(struct sandbox *s, const char *refresh);
/* The user whose token this is ("" = the org's first) and its scopes; caller frees both. False: no such token, or it is dead. */
bool grant_of_token(struct sandbox *s, const char *token, char **user, char **scope);
#endif
