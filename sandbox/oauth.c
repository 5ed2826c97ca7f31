/*
 * sandbox/oauth.c — the accounts host: refresh grant and revoke. Form body or query parameters.
 *
 * Source  zoho-api.md 3.4 (errors arrive with HTTP 200), 3.5 (10 mints per 10 minutes, 10 live tokens, one hour), 3.6
 * revoke.
 */
#include "base/digest.h"
#include "base/sb.h"
#include "sandbox/route.h"

enum { TOKEN_LIFE_S = 3600, MINT_WINDOW_S = 600, MINTS_PER_WINDOW = 10, LIVE_TOKENS = 10 };

/* zoho-api.md 7, the scope string of section 1, and what this issue reads besides. */
static const char all_scopes[] =
    "ZohoCRM.settings.ALL,ZohoCRM.settings.blueprint.ALL,ZohoCRM.settings.functions.ALL,ZohoCRM.functions.execute."
    "CREATE,"
    "ZohoCRM.modules.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ,ZohoCRM.apis.READ,ZohoCRM.features.READ,ZohoCRM.coql.READ,"
    "ZohoCRM.bulk.ALL,ZohoCRM.composite_requests.CUSTOM,ZohoCRM.mass_update.ALL,ZohoCRM.templates.email.READ,"
    "ZohoCRM.templates.inventory.READ,ZohoSearch.securesearch.READ,ZohoFiles.files.ALL";

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* One parameter of the form body, else of the query. Caller frees; NULL when absent. */
static char *param(const struct call *c, const char *name)
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
    const char *in_query = call_query(c, name);
    return in_query ? mem_dup(in_query) : NULL;
}

static void refuse(struct call *c, const char *error)
{
    answer_json(c, 200, json_pack("{s:s}", "error", error));
}

static char *scopes_of(const struct sandbox *s)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (const char *p = all_scopes; *p;) {
        size_t n = strcspn(p, ",");
        AUTO_FREE char *one = mem_dupn(p, n);
        bool without = false;
        for (size_t i = 0; i < s->no_scope.n; i++) {
            without = without || strncmp(one, s->no_scope.item[i], strlen(s->no_scope.item[i])) == 0;
        }
        if (!without) {
            sb_addf(&b, "%s%s", b.len ? "," : "", one);
        }
        p += n + (p[n] == ',');
    }
    return mem_dup(b.buf);
}

static int64_t scalar(struct store *st, sqlite3_stmt *q)
{
    int64_t n = 0;
    while (store_row(st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}

static void mint(struct call *c, const char *refresh)
{
    struct sandbox *s = c->s;
    int64_t now = s->clock.now_s(s->clock.ctx);
    if (scalar(c->st, store_q(c->st, "SELECT count(*) FROM token WHERE refresh=?1 AND minted>?2", "si", refresh,
                              now - MINT_WINDOW_S)) >= MINTS_PER_WINDOW) {
        answer_json(c, 400,
                    json_pack("{s:s,s:s,s:s}", "error_description",
                              "You have made too many requests continuously. Please try again after some time.",
                              "error", "Access Denied", "status", "failure"));
        return;
    }
    char a[33], b[33];
    digest_random_hex(a, 16);
    digest_random_hex(b, 16);
    AUTO_FREE char *token = mem_printf("1000.%s.%s", a, b);
    AUTO_FREE char *scope = scopes_of(s);
    store_do(c->st, "INSERT INTO token(token,refresh,scope,minted,expires) VALUES(?1,?2,?3,?4,?5)", "sssii", token,
             refresh, scope, now, now + TOKEN_LIFE_S);
    /* The oldest beyond ten dies; its row stays, expired, because the mint window counts it. */
    store_do(
        c->st,
        "UPDATE token SET expires=0 WHERE refresh=?1 AND expires>?2 AND token NOT IN (SELECT token FROM token WHERE "
        "refresh=?1 AND expires>?2 ORDER BY minted DESC, seq DESC LIMIT ?3)",
        "sii", refresh, now, (int64_t)LIVE_TOKENS);
    s->mints++;
    AUTO_FREE char *api = org_url(s);
    answer_json(c, 200,
                json_pack("{s:s,s:s,s:s,s:s,s:i}", "access_token", token, "scope", scope, "api_domain", api,
                          "token_type", "Bearer", "expires_in", TOKEN_LIFE_S));
}

static void token(struct call *c)
{
    struct sandbox *s = c->s;
    AUTO_FREE char *id = param(c, "client_id"), *grant = param(c, "grant_type");
    AUTO_FREE char *key = param(c, "client_secret"), *refresh = param(c, "refresh_token");
    AUTO_FREE char *revoked = store_meta(c->st, "revoked");
    if (!id || strcmp(id, s->client_id) != 0) {
        refuse(c, "invalid_client");
    } else if (!key || strcmp(key, s->client_secret) != 0) {
        refuse(c, "invalid_client_secret");
    } else if (!grant || strcmp(grant, "refresh_token") != 0 || !refresh || strcmp(refresh, s->refresh_token) != 0 ||
               revoked) {
        refuse(c, "invalid_code");
    } else {
        mint(c, refresh);
    }
}

static void revoke(struct call *c)
{
    AUTO_FREE char *t = param(c, "token");
    if (t && strcmp(t, c->s->refresh_token) == 0) {
        store_set_meta(c->st, "revoked", "1");
        store_do(c->st, "UPDATE token SET expires=0", "");
    } else if (!t || store_do(c->st, "UPDATE token SET expires=0 WHERE token=?1 AND expires>0", "s", t) == 0) {
        refuse(c, "invalid_code");
        return;
    }
    answer_json(c, 200, json_pack("{s:s}", "status", "success"));
}

static const struct route rows[] = {
    {"POST", "/oauth/v2/token", NULL, 0, token, NULL},
    {"POST", "/oauth/v2/token/revoke", NULL, 0, revoke, NULL},
};
ROUTE_TABLE(routes_oauth, rows);
