/*
 * zoho/signin.h — how a person lets zagent in: authorization code, device, self client; and how the permission is taken back.
 *
 * Call order   signin_open → one of the three ways below → signin_close.
 *   browser    signin_ask makes the link → the person accepts → signin_redirect reads what the browser brought back → signin_redeem
 *   device     signin_device_start → show user_code and url → signin_device_poll until it gives a grant
 *   self client  the person pastes a code → signin_redeem without redirect and verifier
 * Data centre  where the client is registered is not always where the user lives: the redirect's location and accounts-server, or the
 *              device answer other_dc, name the user's. Both are input: only an exact row of the table is believed, they must agree,
 *              and the secret goes nowhere else. On loopback "localhost" on the same port stands for the other data centre.
 * State        128 bits, compared in constant time, good for one answer: a second one is refused.
 * PKCE         S256 always; a data centre that does not know it ignores it (unproven), so state stays.
 * Units        the device answers' interval and expires_in are milliseconds in Zoho's samples: from 1000 up they are read so.
 * Source       zoho.com/accounts/protocol/oauth: web-server-applications, self-client, devices/initiation-request and polling-request,
 *              multi-dc, revoke-tokens; RFC 7636 for the verifier.
 */
#ifndef ZOHO_SIGNIN_H
#define ZOHO_SIGNIN_H
#include "zoho/zoho.h"

struct signin_config {
    const char *dc;           /* where the client is registered; NULL = loopback */
    const char *accounts_url; /* loopback only */
    const char *api_url;      /* loopback only */
    const char *ca_file;
    const char *client_id;
    const struct secret *client_secret;
    const char *const *connect_to; /* tests only, as in zoho_config */
};
struct signin;
int signin_open(struct signin **out, const struct signin_config *c, struct err *e);
void signin_close(struct signin *s);

/* What the person gave. Release it. */
struct signin_grant {
    struct secret refresh_token;
    char *scope;    /* as granted, comma separated; NULL when the answer does not say */
    const char *dc; /* the user's data centre, NULL on loopback */
};
void signin_grant_release(struct signin_grant *g);

struct signin_ask {
    char *url; /* for the person's browser */
    char *redirect_uri;
    char state[33], verifier[65];
};
/* scope: comma separated. */
int signin_ask(struct signin *s, const char *scope, const char *redirect_uri, struct signin_ask *out, struct err *e);
void signin_ask_release(struct signin_ask *a);
/* query: what stood behind "?" in the request the browser made. Uses the state up. */
int signin_redirect(struct signin *s, struct signin_ask *a, const char *query, struct secret *code, struct err *e);
/* a NULL = the code of a self client. */
int signin_redeem(struct signin *s, const char *code, const struct signin_ask *a, struct signin_grant *out,
                  struct err *e);

struct signin_device {
    char user_code[40];
    char *url;      /* always at the accounts host that was asked */
    char *complete; /* the same with the code filled in, NULL when the answer has none that may be shown */
    struct secret device_code;
    int64_t interval_s, expires_s;
};
int signin_device_start(struct signin *s, const char *scope, struct signin_device *out, struct err *e);
void signin_device_release(struct signin_device *d);
/* 1 = *out is filled, 0 = not yet: wait d->interval_s, which a "slow_down" makes longer. */
int signin_device_poll(struct signin *s, struct signin_device *d, struct signin_grant *out, struct err *e);

/* A token that is dead already counts as revoked. */
int signin_revoke(struct signin *s, const char *refresh_token, struct err *e);
#endif
