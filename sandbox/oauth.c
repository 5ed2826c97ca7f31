/*
 * sandbox/oauth.c — the accounts host: token endpoint, revoke, device flow, the table of locations.
 *
 * Source  zoho-api.md 3.1 (serverinfo), 3.4 (errors arrive with HTTP 200), 3.6; zoho.com/accounts/protocol/oauth/devices
 * (initiation-request: the user code lives 5 minutes; polling-request: one poll in 30 seconds, other_dc with user_location).
 */
#include "sandbox/oauth.h"

#include "base/sb.h"
#include "sandbox/grant.h"
#include "sandbox/limits.h"
#include "sandbox/multipart.h"
#include "sandbox/route.h"

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static char *from_form(const struct call *c, const char *name)
{
    size_t n = strlen(name);
    const char *end = c->body + c->body_len;
    for (const char *p = c->body; p && p < end;) {
        const char *amp = memchr(p, '&', (size_t)(end - p));
        const char *stop = amp ? amp : end;
        if ((size_t)(stop - p) > n && strncmp(p, name, n) == 0 && p[n] == '=') {
            AUTO_SB struct sb b = SB_INIT(4096);
            for (const char *q = p + n + 1; q < stop; q++) {
                if (*q == '%' && stop - q > 2 && hex(q[1]) >= 0 && hex(q[2]) >= 0) {
                    sb_addc(&b, (char)(hex(q[1]) * 16 + hex(q[2])));
                    q += 2;
                } else {
                    sb_addc(&b, *q == '+' ? ' ' : *q);
                }
            }
            return mem_dup(b.buf);
        }
        p = amp ? amp + 1 : end;
    }
    return NULL;
}

char *oauth_param(const struct call *c, const char *name)
{
    const char *type = call_header(c, "content-type");
    struct part p;
    bool parts = type && strstr(type, "multipart/");
    if (parts && multipart_find(type, c->body, c->body_len, name, &p)) {
        return mem_dupn(p.data, p.len);
    }
    char *in_form = parts ? NULL : from_form(c, name);
    if (in_form) {
        return in_form;
    }
    const char *in_query = call_query(c, name);
    return in_query ? mem_dup(in_query) : NULL;
}

int oauth_client(struct call *c, bool with_secret)
{
    AUTO_FREE char *id = oauth_param(c, "client_id"), *key = oauth_param(c, "client_secret");
    if (!id || strcmp(id, c->s->client_id) != 0) {
        oauth_refuse(c, "invalid_client");
    } else if (with_secret && (!key || strcmp(key, c->s->client_secret) != 0)) {
        oauth_refuse(c, "invalid_client_secret");
    }
    return c->answered ? -1 : 0;
}

static void token(struct call *c)
{
    AUTO_FREE char *grant = oauth_param(c, "grant_type"), *refresh = oauth_param(c, "refresh_token");
    AUTO_FREE char *code = oauth_param(c, "code"), *redirect = oauth_param(c, "redirect_uri");
    AUTO_FREE char *verifier = oauth_param(c, "code_verifier");
    if (oauth_client(c, true)) {
        return;
    }
    if (grant && strcmp(grant, "refresh_token") == 0 && refresh) {
        grant_refresh(c, refresh);
    } else if (grant && strcmp(grant, "authorization_code") == 0 && code &&
               !org_elsewhere(c->s, call_header(c, "host"))) {
        grant_take_code(c, code, redirect, verifier);
    } else {
        oauth_refuse(c, "invalid_code");
    }
}

static void revoke(struct call *c)
{
    AUTO_FREE char *t = oauth_param(c, "token");
    if (t && grant_revoke(c->s, t)) {
        answer_json(c, 200, json_pack("{s:s}", "status", "success"));
    } else {
        oauth_refuse(c, "invalid_code");
    }
}

static void device_code(struct call *c)
{
    AUTO_FREE char *grant = oauth_param(c, "grant_type"), *scope = oauth_param(c, "scope");
    AUTO_FREE char *access = oauth_param(c, "access_type");
    struct device_code made;
    if (oauth_client(c, false)) {
        return;
    }
    if (!grant || strcmp(grant, "device_request") != 0 || !scope || !scope_valid(scope)) {
        oauth_refuse(c, scope && scope_valid(scope) ? "invalid_request" : "invalid_scope"); /* names unproven */
        return;
    }
    struct grant_wish w = {.scope = scope, .offline = access && strcmp(access, "offline") == 0};
    grant_device_make(c->s, &w, LIM_DEVICE_CODE_S, &made);
    AUTO_FREE char *base = org_url(c->s);
    AUTO_FREE char *page = mem_printf("%s/oauth/v3/device", base);
    AUTO_FREE char *full = mem_printf("%s?user_code=%s", page, made.user_code);
    answer_json(c, 200,
                json_pack("{s:s,s:s,s:s,s:s,s:i,s:i}", "user_code", made.user_code, "device_code", made.device,
                          "verification_url", page, "verification_uri_complete", full, "interval",
                          LIM_DEVICE_POLL_S * 1000, "expires_in",
                          LIM_DEVICE_CODE_S * 1000)); /* milliseconds: unproven */
}

static void device_token(struct call *c)
{
    AUTO_FREE char *grant = oauth_param(c, "grant_type"), *code = oauth_param(c, "code");
    if (oauth_client(c, true)) {
        return;
    }
    if (grant && strcmp(grant, "device_token") == 0 && code) {
        grant_take_device(c, code);
    } else {
        oauth_refuse(c, "invalid_code");
    }
}

/* One row a location; here every one of them is this server. */
static void server_info(struct call *c)
{
    AUTO_FREE char *base = org_url(c->s);
    json_t *all = json_object();
    for (size_t i = 0; org_locations[i]; i++) {
        js_set_str(all, org_locations[i], base);
    }
    answer_json(c, 200, json_pack("{s:s,s:o}", "result", "success", "locations", all));
}

static const struct route rows[] = {
    {"POST", "/oauth/v2/token", NULL, 0, token, NULL},
    {"POST", "/oauth/v2/token/revoke", NULL, 0, revoke, NULL},
    {"POST", "/oauth/v3/device/code", NULL, 0, device_code, NULL},
    {"POST", "/oauth/v3/device/token", NULL, 0, device_token, NULL},
    {"GET", "/oauth/serverinfo", NULL, 0, server_info, NULL},
};
ROUTE_TABLE(routes_oauth, rows);
