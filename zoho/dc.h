/*
 * zoho/dc.h — Zoho's data centres, and the one question asked before a token is attached: may this URL have it?
 *
 * Rule     a URL is taken apart by CURLU and put together again by us; only scheme https, an exact host of the row, the default
 *          port, no user, no fragment pass. Never a comparison of prefixes (CVE-2022-27774 and kin: credentials sent elsewhere).
 * Loopback  for the sandbox: http or https, host 127.0.0.1, the very port of the config.
 * Source   zoho.com/accounts/protocol/oauth/multi-dc; hosts of the official SDK (zoho/zohocrm-typescript-sdk-8.0). Rows sg: unproven.
 */
#ifndef ZOHO_DC_H
#define ZOHO_DC_H
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct dc {
    const char *name;     /* "eu" */
    const char *accounts; /* "accounts.zoho.eu" */
    const char *api;      /* "www.zohoapis.eu" */
    bool proven;          /* an official source names both hosts */
};
extern const struct dc dc_table[];
extern const size_t dc_table_n;
/* NULL when unknown. */
const struct dc *dc_find(const char *name);

/* The api_domain of a token answer → "https://HOST" to build requests on (caller frees), or NULL with the reason.
 * Accepted: the row's api host, and the same with sandbox. or developer. in place of www. (Zoho's own test orgs). */
char *dc_api_base(const struct dc *dc, const char *api_domain, struct err *e);
/* The same for loopback: text must be http(s)://127.0.0.1:PORT, and equal `config` when config is given. */
char *dc_loopback_base(const char *text, const char *config, struct err *e);
/* The row whose accounts host this is, written as "https://HOST" and nothing more; NULL when none. */
const struct dc *dc_of_accounts(const char *url);
/* The loopback's two accounts hosts, 127.0.0.1 and localhost on the port of `config`: text is one of them → its base, else NULL; and
 * the one that stands for another data centre. Caller frees. */
char *dc_loopback_accounts(const char *config, const char *text);
char *dc_loopback_elsewhere(const char *config, bool elsewhere);
/* True when url has exactly the scheme, host and port of base (made by one of the two above). Asked before every request. */
bool dc_same_origin(const char *base, const char *url);
#endif
