#include "zoho/signin.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/digest.h"
#include "base/text.h"
#include "zoho/accounts.h"
#include "zoho/dc.h"
#include "zoho/token.h"

enum { DEVICE_INTERVAL_S = 30, DEVICE_LIFE_S = 300, URL_TEXT = 8 << 10 };

struct signin {
    const struct signin_config *c;
    const struct dc *dc; /* the user's, once known; NULL on loopback */
    char *accounts_base; /* where secrets go now */
    struct http *http;
};

int signin_open(struct signin **out, const struct signin_config *c, struct err *e)
{
    *out = NULL;
    struct signin *s = mem_zalloc(sizeof *s);
    s->c = c;
    s->dc = c->accounts_url ? NULL : dc_find(c->dc);
    if (!c->accounts_url && !s->dc) {
        signin_close(s);
        err_set(e, ERR_CONFIG, "'%s' is not a Zoho data centre", c->dc ? c->dc : "");
        return err_fix(e, "set dc: to one of us, eu, in, au, cn, jp, ca, sa, uk, ae, sg in zagent.yaml");
    }
    s->accounts_base = s->dc ? mem_printf("https://%s", s->dc->accounts) : dc_loopback_base(c->accounts_url, NULL, e);
    struct http_options o = {.ca_file = c->ca_file, .loopback = !s->dc, .connect_to = c->connect_to};
    if (!s->accounts_base || http_open(&s->http, &o, e) < 0) {
        signin_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

void signin_close(struct signin *s)
{
    if (!s)
        return;
    http_close(s->http);
    free(s->accounts_base);
    free(s);
}

void signin_grant_release(struct signin_grant *g)
{
    secret_release(&g->refresh_token);
    free(g->scope);
    *g = (struct signin_grant){0};
}

static int post(struct signin *s, const char *path, const struct accounts_pair *pair, size_t n, json_t **answer,
                enum retry_outcome *outcome, struct err *e)
{
    int64_t after;
    char *form = accounts_form(pair, n);
    int rc = accounts_post(s->http, s->accounts_base, path, form, answer, outcome, &after, e);
    accounts_form_free(form);
    return rc;
}

/* ---- the user's data centre ---- */

static int mixed_up(struct err *e, const char *what, const char *text)
{
    AUTO_FREE char *clean = text_clean(text, false);
    err_set(e, ERR_REFUSED, "the answer sends us to '%.100s', which is not Zoho's %s", clean, what);
    return err_fix(e,
                   "nothing was sent there; run 'zagent auth login' again, and look twice at the page you accept on");
}

/* location and accounts-server as they came; either may be NULL. Moves s to the user's data centre. */
static int move_to(struct signin *s, const char *location, const char *server, struct err *e)
{
    if (!s->dc) {
        char *base = server ? dc_loopback_accounts(s->c->accounts_url, server)
                            : dc_loopback_elsewhere(s->c->accounts_url, location != NULL);
        if (!base)
            return mixed_up(e, "sandbox", server ? server : "");
        free(s->accounts_base);
        s->accounts_base = base;
        return 0;
    }
    const struct dc *by_server = server ? dc_of_accounts(server) : NULL;
    const struct dc *by_location = location ? dc_find(location) : NULL;
    if (server && !by_server)
        return mixed_up(e, "sign-in (accounts-server)", server);
    if (location && !by_location)
        return mixed_up(e, "data centre (location)", location);
    if (by_server && by_location && by_server != by_location) {
        err_set(e, ERR_REFUSED, "the answer mixes up data centres: location %s, but accounts-server %s",
                by_location->name, by_server->accounts);
        return err_fix(e, "nothing was sent there; run 'zagent auth login' again");
    }
    if (!by_server && !by_location)
        return 0;
    s->dc = by_server ? by_server : by_location;
    free(s->accounts_base);
    s->accounts_base = mem_printf("https://%s", s->dc->accounts);
    return 0;
}

/* ---- what is given at the end ---- */

static bool may_stand_in_a_form(const char *text)
{
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f)
            return false;
    return *text != '\0';
}

/* The refresh token is the permission; where its access tokens may be used is checked before it is kept. */
static int take_grant(struct signin *s, const json_t *answer, struct signin_grant *out, struct err *e)
{
    const char *access;
    const char *domain;
    int64_t life;
    if (token_parse(answer, &access, &domain, &life, e) < 0)
        return -1;
    char *base = domain ? s->dc ? dc_api_base(s->dc, domain, e) : dc_loopback_base(domain, s->c->api_url, e) : NULL;
    if (domain && !base)
        return -1;
    free(base);
    const char *refresh = js_str(answer, "refresh_token");
    if (!refresh || !may_stand_in_a_form(refresh)) {
        err_set(e, ERR_AUTH, "Zoho accepted the sign-in but gave no refresh token");
        return err_fix(e, "accept again with 'zagent auth login'; if it stays so, take the app away under Connected "
                          "apps of the Zoho account first");
    }
    secret_set(&out->refresh_token, refresh);
    out->scope = js_str(answer, "scope") ? text_clean(js_str(answer, "scope"), false) : NULL;
    for (char *p = out->scope; p && *p; p++)
        *p = *p == ' ' ? ',' : *p;
    out->dc = s->dc ? s->dc->name : NULL;
    return 0;
}

static int refused_code(const json_t *answer, struct err *e)
{
    const char *error = js_str(answer, "error");
    if (!error || strcmp(error, "invalid_code") != 0)
        return accounts_refused(error, e);
    err_set(e, ERR_AUTH, "Zoho refused the code: 'invalid_code'");
    return err_fix(e, "a code lives for minutes and works once, at the data centre that made it: make a new one and "
                      "check dc: in zagent.yaml");
}

int signin_redeem(struct signin *s, const char *code, const struct signin_ask *a, struct signin_grant *out,
                  struct err *e)
{
    *out = (struct signin_grant){0};
    const struct accounts_pair pair[] = {
        {"grant_type", "authorization_code"},         {"client_id", s->c->client_id},
        {"client_secret", s->c->client_secret->p},    {"code", code},
        {"redirect_uri", a ? a->redirect_uri : NULL}, {"code_verifier", a ? a->verifier : NULL}};
    json_t *answer = NULL;
    enum retry_outcome outcome;
    if (post(s, "/oauth/v2/token", pair, sizeof pair / sizeof *pair, &answer, &outcome, e) < 0)
        return -1;
    int rc = js_str(answer, "access_token") ? take_grant(s, answer, out, e) : refused_code(answer, e);
    json_decref(answer);
    return rc < 0 ? err_at(e, "POST %s/oauth/v2/token", s->accounts_base) : 0;
}

/* ---- the browser ---- */

/* RFC 7636 4.2: the verifier's SHA-256 in base64url without padding. */
static void challenge(const char *verifier, char out[64])
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    EVP_Digest(verifier, strlen(verifier), sum, &n, EVP_sha256(), NULL);
    EVP_EncodeBlock((unsigned char *)out, sum, (int)n);
    out[strcspn(out, "=")] = '\0';
    for (char *p = out; *p; p++)
        *p = (char)(*p == '+' ? '-' : *p == '/' ? '_' : *p);
}

int signin_ask(struct signin *s, const char *scope, const char *redirect_uri, struct signin_ask *out, struct err *e)
{
    *out = (struct signin_ask){.redirect_uri = mem_dup(redirect_uri)};
    char hashed[64];
    digest_random_hex(out->state, 16);
    digest_random_hex(out->verifier, 32);
    challenge(out->verifier, hashed);
    AUTO_FREE char *id = text_percent_encode(s->c->client_id);
    AUTO_FREE char *scopes = text_percent_encode(scope);
    AUTO_FREE char *back = text_percent_encode(redirect_uri);
    out->url = mem_printf("%s/oauth/v2/auth?response_type=code&client_id=%s&scope=%s&redirect_uri=%s&access_type="
                          "offline&prompt=consent&state=%s&code_challenge=%s&code_challenge_method=S256",
                          s->accounts_base, id, scopes, back, out->state, hashed);
    if (strlen(out->url) <= URL_TEXT)
        return 0;
    err_set(e, ERR_LIMIT, "the consent link is longer than %d bytes: too many scopes", URL_TEXT);
    return err_fix(e, "sign in with --flow self-client, or plan fewer playbooks with this credential");
}

void signin_ask_release(struct signin_ask *a)
{
    explicit_bzero(a->state, sizeof a->state);
    explicit_bzero(a->verifier, sizeof a->verifier);
    free(a->url);
    free(a->redirect_uri);
    *a = (struct signin_ask){0};
}

/* The value of name in a query, percent-decoded; NULL when absent, twice there or malformed. Caller frees. */
static char *query_value(const char *query, const char *name)
{
    size_t k = strlen(name);
    char *found = NULL;
    for (const char *p = query; *p; p += strcspn(p, "&"), p += *p == '&') {
        if (strncmp(p, name, k) != 0 || p[k] != '=')
            continue;
        AUTO_FREE char *raw = mem_dupn(p + k + 1, strcspn(p + k + 1, "&"));
        if (found) { /* said twice: nobody knows which one is meant */
            free(found);
            return NULL;
        }
        found = text_percent_decode(raw);
    }
    return found;
}

static bool state_fits(struct signin_ask *a, const char *got)
{
    size_t n = strlen(a->state);
    bool fits = n > 0 && got && strlen(got) == n && CRYPTO_memcmp(got, a->state, n) == 0;
    if (fits)
        explicit_bzero(a->state, sizeof a->state); /* used up */
    return fits;
}

int signin_redirect(struct signin *s, struct signin_ask *a, const char *query, struct secret *code, struct err *e)
{
    AUTO_FREE char *state = query_value(query, "state");
    AUTO_FREE char *error = query_value(query, "error");
    AUTO_FREE char *location = query_value(query, "location");
    AUTO_FREE char *server = query_value(query, "accounts-server");
    bool used = !*a->state;
    /* A refusal may come without state; it gives nothing away and changes nothing but this wait. */
    if (!error && !state_fits(a, state)) {
        err_set(e, ERR_REFUSED,
                used ? "this sign-in was answered already: a second answer is not taken"
                     : "the browser's answer does not belong to this sign-in (state)");
        return err_fix(e, "run 'zagent auth login' again and use the newest link only");
    }
    if (error)
        return accounts_refused(error, e);
    char *got = query_value(query, "code");
    if (!got || !may_stand_in_a_form(got)) {
        free(got);
        err_set(e, ERR_REMOTE, "the browser's answer holds no code");
        return err_fix(e, "run 'zagent auth login' again");
    }
    secret_set(code, got);
    explicit_bzero(got, strlen(got));
    free(got);
    return move_to(s, location, server, e);
}

/* ---- the device ---- */

static int64_t seconds(const json_t *answer, const char *key, int64_t usual, int64_t least, int64_t most)
{
    int64_t v = js_int(answer, key, usual);
    v = v >= 1000 ? v / 1000 : v;
    return v < least ? least : v > most ? most : v;
}

static bool is_user_code(const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return false;
    return n > 0 && n < 40;
}

int signin_device_start(struct signin *s, const char *scope, struct signin_device *out, struct err *e)
{
    *out = (struct signin_device){0};
    const struct accounts_pair pair[] = {{"client_id", s->c->client_id},
                                         {"grant_type", "device_request"},
                                         {"scope", scope},
                                         {"access_type", "offline"},
                                         {"prompt", "consent"}};
    AUTO_JSON json_t *answer = NULL;
    enum retry_outcome outcome;
    if (post(s, "/oauth/v3/device/code", pair, sizeof pair / sizeof *pair, &answer, &outcome, e) < 0)
        return -1;
    const char *code = js_str(answer, "device_code");
    const char *user = js_str(answer, "user_code");
    if (!code || !user || !may_stand_in_a_form(code) || !is_user_code(user)) {
        if (js_str(answer, "error"))
            accounts_refused(js_str(answer, "error"), e);
        else
            err_set(e, ERR_REMOTE, "Zoho's answer holds no code for this device");
        err_fix(e, "register the client as a non-browser application, or use --flow self-client");
        return err_at(e, "POST %s/oauth/v3/device/code", s->accounts_base);
    }
    snprintf(out->user_code, sizeof out->user_code, "%s", user);
    secret_set(&out->device_code, code);
    const char *url = js_str(answer, "verification_url");
    const char *complete = js_str(answer, "verification_uri_complete");
    /* A link of another host is never shown: whoever clicks would sign in there. */
    bool ours = url && dc_same_origin(s->accounts_base, url);
    out->url = ours ? mem_dup(url) : mem_printf("%s/oauth/v3/device", s->accounts_base);
    out->complete = complete && dc_same_origin(s->accounts_base, complete) ? mem_dup(complete) : NULL;
    out->interval_s = seconds(answer, "interval", DEVICE_INTERVAL_S, 5, 60);
    out->expires_s = seconds(answer, "expires_in", DEVICE_LIFE_S, 60, 1800);
    return 0;
}

void signin_device_release(struct signin_device *d)
{
    secret_release(&d->device_code);
    free(d->url);
    free(d->complete);
    *d = (struct signin_device){0};
}

int signin_device_poll(struct signin *s, struct signin_device *d, struct signin_grant *out, struct err *e)
{
    *out = (struct signin_grant){0};
    const struct accounts_pair pair[] = {{"client_id", s->c->client_id},
                                         {"client_secret", s->c->client_secret->p},
                                         {"grant_type", "device_token"},
                                         {"code", d->device_code.p}};
    AUTO_JSON json_t *answer = NULL;
    enum retry_outcome outcome;
    struct err local = {0};
    if (post(s, "/oauth/v3/device/token", pair, sizeof pair / sizeof *pair, &answer, &outcome, &local) < 0) {
        if (retry_decide(ZOHO_SAFE, outcome) == VERDICT_AGAIN)
            return 0; /* a moment without network does not end the wait */
        *e = local;
        return -1;
    }
    const char *error = js_str_or(answer, "error", "");
    if (strcmp(error, "authorization_pending") == 0)
        return 0;
    if (strcmp(error, "slow_down") == 0) {
        d->interval_s += d->interval_s < 60 ? 5 : 0;
        return 0;
    }
    if (strcmp(error, "other_dc") == 0) /* the answer is repeated at the user's own */
        return move_to(s, js_str_or(answer, "user_location", ""), NULL, e) < 0 ? -1 : 0;
    int rc =
        js_str(answer, "access_token") ? take_grant(s, answer, out, e) : accounts_refused(js_str(answer, "error"), e);
    return rc < 0 ? err_at(e, "POST %s/oauth/v3/device/token", s->accounts_base) : 1;
}

int signin_revoke(struct signin *s, const char *refresh_token, struct err *e)
{
    const struct accounts_pair pair[] = {{"token", refresh_token}};
    AUTO_JSON json_t *answer = NULL;
    enum retry_outcome outcome;
    if (post(s, "/oauth/v2/token/revoke", pair, 1, &answer, &outcome, e) < 0)
        return -1;
    const char *error = js_str_or(answer, "error", "");
    if (strcmp(js_str_or(answer, "status", ""), "success") == 0 || strcmp(error, "invalid_code") == 0 ||
        strcmp(error, "invalid_token") == 0)
        return 0;
    accounts_refused(js_str(answer, "error"), e);
    return err_at(e, "POST %s/oauth/v2/token/revoke", s->accounts_base);
}
