/* sandbox/oauth.h — parameters of the accounts host's calls: form, multipart or query, in this order (zoho-api.md 3.4). */
#ifndef SANDBOX_OAUTH_H
#define SANDBOX_OAUTH_H
#include "sandbox/call.h"

/* Caller frees; NULL when absent. */
char *oauth_param(const struct call *c, const char *name);
/* The client is the org's own; -1 = answered with invalid_client or, where a secret is asked for, invalid_client_secret. */
int oauth_client(struct call *c, bool with_secret);
#endif
