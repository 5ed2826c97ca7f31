/* sandbox/grant.c — grants, codes and tokens in the store. */
#include "sandbox/grant.h"

#include <openssl/evp.h>

#include "base/digest.h"
#include "base/sb.h"
#include "sandbox/limits.h"

/* zoho-api.md 7, the scope string of section 1, and what this issue reads besides. */
static const char all_scopes[] =
    "ZohoCRM.settings.ALL,ZohoCRM.settings.blueprint.ALL,ZohoCRM.settings.functions.ALL,ZohoCRM.functions.execute."
    "CREATE,"
    "ZohoCRM.modules.ALL,ZohoCRM.org.READ,ZohoCRM.users.ALL,ZohoCRM.apis.READ,ZohoCRM.features.READ,ZohoCRM.coql.READ,"
    "ZohoCRM.bulk.ALL,ZohoCRM.composite_requests.CUSTOM,ZohoCRM.mass_update.ALL,ZohoCRM.templates.email.READ,"
    "ZohoCRM.templates.inventory.READ,ZohoSearch.securesearch.READ,ZohoFiles.files.ALL,ZohoCRM.files.ALL,"
    "SalesIQ.conversations.ALL,SalesIQ.departments.READ,SalesIQ.operators.READ,SalesIQ.webhooks.ALL,"
    "ZohoInventory.items.ALL,ZohoInventory.compositeitems.ALL,ZohoInventory.settings.ALL,ZohoBooks.settings.ALL";

void oauth_refuse(struct call *c, const char *error)
{
    answer_json(c, 200, json_pack("{s:s}", "error", error));
}

static void throttled(struct call *c)
{
    answer_json(c, 400,
                json_pack("{s:s,s:s,s:s}", "error_description",
                          "You have made too many requests continuously. Please try again after some time.", "error",
                          "Access Denied", "status", "failure"));
}

static int64_t now_of(const struct sandbox *s)
{
    return s->clock.now_s(s->clock.ctx);
}

static int64_t scalar(struct store *st, sqlite3_stmt *q)
{
    int64_t n = 0;
    while (store_row(st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}

static char *random_token(const char *prefix)
{
    char a[33], b[33];
    digest_random_hex(a, 16);
    digest_random_hex(b, 16);
    return mem_printf("%s%s.%s", prefix, a, b);
}

/* ---- scopes ---- */

bool scope_valid(const char *scope)
{
    static const char *const services[] = {"ZohoCRM.",       "ZohoFiles.", "ZohoSearch.", "SalesIQ.",
                                           "ZohoInventory.", "ZohoBooks.", "AaaServer."};
    for (const char *p = scope; *p;) {
        size_t n = strcspn(p, ", ");
        bool known = false;
        for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
            size_t k = strlen(services[i]);
            known = known || (n > k && strncmp(p, services[i], k) == 0);
        }
        if (!known) {
            return false;
        }
        p += n;
        p += strspn(p, ", ");
    }
    return *scope != '\0';
}

/* "*" is all; what the switch scope:STEM takes away is not granted. Caller frees. */
static char *scopes_granted(const struct sandbox *s, const char *asked)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (const char *p = strcmp(asked, "*") == 0 ? all_scopes : asked; *p;) {
        size_t n = strcspn(p, ", ");
        AUTO_FREE char *one = mem_dupn(p, n);
        bool without = false;
        for (size_t i = 0; i < s->no_scope.n; i++) {
            without = without || strncmp(one, s->no_scope.item[i], strlen(s->no_scope.item[i])) == 0;
        }
        if (!without) {
            sb_addf(&b, "%s%s", b.len ? "," : "", one);
        }
        p += n;
        p += strspn(p, ", ");
    }
    return mem_dup(b.buf);
}

/* ---- grants ---- */

static void grant_put(struct sandbox *s, const char *key, const char *user, const char *scope, bool offline)
{
    store_do(&s->store, "INSERT INTO oauth_grant(key,user,scope,made,offline,revoked) VALUES(?1,?2,?3,?4,?5,0)",
             "sssii", key, user, scope, now_of(s), (int64_t)offline);
}

bool grant_revoked(struct sandbox *s, const char *refresh)
{
    return scalar(&s->store,
                  store_q(&s->store, "SELECT count(*) FROM oauth_grant WHERE key=?1 AND revoked=1", "s", refresh)) > 0;
}

void grant_first(struct sandbox *s)
{
    if (scalar(&s->store, store_q(&s->store, "SELECT count(*) FROM oauth_grant WHERE key=?1", "s", s->refresh_token)) ==
        0) {
        grant_put(s, s->refresh_token, "", "*", true);
        AUTO_FREE char *revoked = store_meta(&s->store, "revoked"); /* where stores kept it before there were grants */
        if (revoked) {
            store_do(&s->store, "UPDATE oauth_grant SET revoked=1", "");
        }
    }
}

/* A new refresh token for the user: the oldest beyond the limit dies without a word. False = answered. */
static bool grant_offline(struct call *c, const char *key, const char *user, const char *scope)
{
    struct sandbox *s = c->s;
    if (scalar(c->st, store_q(c->st, "SELECT count(*) FROM oauth_grant WHERE user=?1 AND offline=1 AND made>?2", "si",
                              user, now_of(s) - 60)) >= LIM_REFRESH_TOKENS_PER_MINUTE) {
        throttled(c);
        return false;
    }
    grant_put(s, key, user, scope, true);
    store_do(c->st,
             "UPDATE oauth_grant SET revoked=1 WHERE user=?1 AND offline=1 AND revoked=0 AND rowid NOT IN (SELECT "
             "rowid FROM "
             "oauth_grant WHERE user=?1 AND offline=1 AND revoked=0 ORDER BY rowid DESC LIMIT ?2)",
             "si", user, (int64_t)LIM_REFRESH_TOKENS);
    return true;
}

static void mint(struct call *c, const char *key, const char *asked, const char *refresh)
{
    struct sandbox *s = c->s;
    int64_t now = now_of(s);
    if (scalar(c->st, store_q(c->st, "SELECT count(*) FROM token WHERE refresh=?1 AND minted>?2", "si", key,
                              now - LIM_TOKEN_WINDOW_S)) >= LIM_TOKEN_MINTS) {
        throttled(c);
        return;
    }
    AUTO_FREE char *token = random_token("1000.");
    AUTO_FREE char *scope = scopes_granted(s, asked);
    store_do(c->st, "INSERT INTO token(token,refresh,scope,minted,expires) VALUES(?1,?2,?3,?4,?5)", "sssii", token, key,
             scope, now, now + LIM_TOKEN_LIFE_S);
    /* The oldest beyond ten dies; its row stays, expired, because the mint window counts it. */
    store_do(
        c->st,
        "UPDATE token SET expires=0 WHERE refresh=?1 AND expires>?2 AND token NOT IN (SELECT token FROM token WHERE "
        "refresh=?1 AND expires>?2 ORDER BY minted DESC, seq DESC LIMIT ?3)",
        "sii", key, now, (int64_t)LIM_TOKENS_ALIVE);
    s->mints++;
    AUTO_FREE char *api = org_url(s);
    json_t *answer = json_pack("{s:s,s:s,s:s,s:s,s:i}", "access_token", token, "scope", scope, "api_domain", api,
                               "token_type", "Bearer", "expires_in", LIM_TOKEN_LIFE_S);
    if (refresh) {
        js_set_str(answer, "refresh_token", refresh);
    }
    answer_json(c, 200, answer);
}

void grant_refresh(struct call *c, const char *refresh)
{
    AUTO_FREE char *scope = NULL;
    sqlite3_stmt *q =
        store_q(c->st, "SELECT scope FROM oauth_grant WHERE key=?1 AND offline=1 AND revoked=0", "s", refresh);
    while (store_row(c->st, q)) {
        scope = mem_dup(store_text(q, 0));
    }
    if (scope) {
        mint(c, refresh, scope, NULL);
    } else {
        oauth_refuse(c, "invalid_code");
    }
}

bool grant_revoke(struct sandbox *s, const char *token)
{
    struct store *st = &s->store;
    if (store_do(st, "UPDATE oauth_grant SET revoked=1 WHERE key=?1 AND revoked=0", "s", token) > 0) {
        store_do(st, "UPDATE token SET expires=0 WHERE refresh=?1", "s", token);
        return true;
    }
    return store_do(st, "UPDATE token SET expires=0 WHERE token=?1 AND expires>0", "s", token) > 0;
}

void grant_revoke_of(struct sandbox *s, const char *access_token)
{
    AUTO_FREE char *key = NULL;
    sqlite3_stmt *q = store_q(&s->store, "SELECT refresh FROM token WHERE token=?1", "s", access_token);
    while (store_row(&s->store, q)) {
        free(key);
        key = mem_dup(store_text(q, 0));
    }
    if (key) {
        grant_revoke(s, key);
    }
}

bool grant_of_token(struct sandbox *s, const char *token, char **user, char **scope)
{
    *user = *scope = NULL;
    sqlite3_stmt *q =
        store_q(&s->store,
                "SELECT t.scope, coalesce(g.user,'') FROM token t LEFT JOIN oauth_grant g ON g.key=t.refresh "
                "WHERE t.token=?1 AND t.expires>?2",
                "si", token, now_of(s));
    while (store_row(&s->store, q)) {
        *scope = mem_dup(store_text(q, 0));
        *user = mem_dup(store_text(q, 1));
    }
    return *scope != NULL;
}

/* ---- codes ---- */

static void code_put(struct sandbox *s, const char *code, const char *user_code, const char *state,
                     const struct grant_wish *w, int64_t life_s)
{
    store_do(&s->store,
             "INSERT INTO oauth_code(code,user_code,state,user,scope,redirect,challenge,method,offline,expires,polled) "
             "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,0)",
             "ssssssssii", code, user_code, state, w->user ? w->user : "", w->scope, w->redirect, w->challenge,
             w->method, (int64_t)w->offline, now_of(s) + life_s);
}

char *grant_code_make(struct sandbox *s, const struct grant_wish *w, int64_t life_s)
{
    char *code = random_token("1000.");
    code_put(s, code, NULL, "granted", w, life_s);
    return code;
}

void grant_device_make(struct sandbox *s, const struct grant_wish *w, int64_t life_s, struct device_code *out)
{
    char hex[9];
    AUTO_FREE char *code = random_token("1004.");
    digest_random_hex(hex, 4);
    snprintf(out->device, sizeof out->device, "%s", code);
    snprintf(out->user_code, sizeof out->user_code, "%.4s-%.4s", hex, hex + 4);
    code_put(s, out->device, out->user_code, "open", w, life_s);
}

bool grant_device_answer(struct sandbox *s, const char *user_code, const char *user)
{
    return store_do(&s->store,
                    "UPDATE oauth_code SET state=?2, user=?3 WHERE user_code=?1 AND state='open' AND expires>?4",
                    "sssi", user_code, user ? "granted" : "denied", user ? user : "", now_of(s)) > 0;
}

char *grant_device_scope(struct sandbox *s, const char *user_code)
{
    char *out = NULL;
    sqlite3_stmt *q =
        store_q(&s->store, "SELECT scope FROM oauth_code WHERE user_code=?1 AND state='open' AND expires>?2", "si",
                user_code, now_of(s));
    while (store_row(&s->store, q)) {
        free(out);
        out = mem_dup(store_text(q, 0));
    }
    return out;
}

struct code_row {
    char *state, *user, *scope, *redirect, *challenge, *method;
    bool offline, device;
    int64_t expires, polled;
};

static void code_release(struct code_row *r)
{
    free(r->state);
    free(r->user);
    free(r->scope);
    free(r->redirect);
    free(r->challenge);
    free(r->method);
}

static bool code_get(struct store *st, const char *code, struct code_row *r)
{
    *r = (struct code_row){0};
    sqlite3_stmt *q =
        store_q(st,
                "SELECT state,user,scope,redirect,challenge,method,offline,expires,polled,user_code IS NOT NULL "
                "FROM oauth_code WHERE code=?1",
                "s", code);
    char **const text[] = {&r->state, &r->user, &r->scope, &r->redirect, &r->challenge, &r->method};
    while (store_row(st, q)) {
        for (int i = 0; i < 6; i++) {
            *text[i] = mem_dup(store_text(q, i));
        }
        r->offline = sqlite3_column_int(q, 6) != 0;
        r->expires = sqlite3_column_int64(q, 7);
        r->polled = sqlite3_column_int64(q, 8);
        r->device = sqlite3_column_int(q, 9) != 0;
    }
    return r->state != NULL;
}

/* PKCE, RFC 7636 4.6. */
static bool verifier_fits(const struct code_row *r, const char *verifier)
{
    if (!*r->challenge) {
        return true;
    }
    if (!verifier) {
        return false;
    }
    if (strcmp(r->method, "S256") != 0) {
        return strcmp(verifier, r->challenge) == 0;
    }
    unsigned char sum[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_Digest(verifier, strlen(verifier), sum, &n, EVP_sha256(), NULL) != 1) {
        return false;
    }
    EVP_EncodeBlock(text, sum, (int)n);
    size_t k = strcspn((char *)text, "=");
    text[k] = '\0';
    for (size_t i = 0; i < k; i++) {
        text[i] = text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i];
    }
    return strcmp((char *)text, r->challenge) == 0;
}

/* The code becomes a grant, and the grant its first token. */
static void exchange(struct call *c, const char *code, const struct code_row *r)
{
    AUTO_FREE char *key = random_token(r->offline ? "1000." : "online.");
    if (r->offline) {
        if (!grant_offline(c, key, r->user, r->scope)) {
            return;
        }
    } else {
        grant_put(c->s, key, r->user, r->scope, false);
    }
    store_do(c->st, "UPDATE oauth_code SET state='used' WHERE code=?1", "s", code);
    mint(c, key, r->scope, r->offline ? key : NULL);
}

void grant_take_code(struct call *c, const char *code, const char *redirect, const char *verifier)
{
    struct code_row r;
    bool alive = code_get(c->st, code, &r) && !r.device && strcmp(r.state, "granted") == 0 && r.expires > now_of(c->s);
    if (!alive || !verifier_fits(&r, verifier)) { /* the code for a wrong verifier is unproven */
        oauth_refuse(c, "invalid_code");
    } else if (*r.redirect && (!redirect || strcmp(redirect, r.redirect) != 0)) {
        oauth_refuse(c, "invalid_redirect_uri");
    } else {
        exchange(c, code, &r);
    }
    code_release(&r);
}

void grant_take_device(struct call *c, const char *code)
{
    struct code_row r;
    int64_t now = now_of(c->s);
    bool known = code_get(c->st, code, &r) && r.device && strcmp(r.state, "used") != 0;
    if (known) {
        store_do(c->st, "UPDATE oauth_code SET polled=?2 WHERE code=?1", "si", code, now);
    }
    if (!known) {
        oauth_refuse(c, "invalid_code");
    } else if (r.polled && now - r.polled < LIM_DEVICE_POLL_S) {
        oauth_refuse(c, "slow_down");
    } else if (strcmp(r.state, "denied") == 0) {
        oauth_refuse(c, "access_denied");
    } else if (r.expires <= now) {
        oauth_refuse(c, "expired");
    } else if (strcmp(r.state, "open") == 0) {
        oauth_refuse(c, "authorization_pending");
    } else if (org_elsewhere(c->s, call_header(c, "host"))) {
        answer_json(c, 200, json_pack("{s:s,s:s}", "error", "other_dc", "user_location", c->s->dc));
    } else {
        exchange(c, code, &r);
    }
    code_release(&r);
}
