#include "zoho/token.h"

#include "base/crash.h"
#include "base/digest.h"
#include "base/mem.h"
#include "zoho/accounts.h"

enum { TOKEN_FILE_MAX = 64 << 10, TOKEN_LOCK_MS = 60000 };

int token_parse(const json_t *answer, const char **access, const char **api_domain, int64_t *life_s, struct err *e)
{
    *access = js_str(answer, "access_token");
    *api_domain = js_str(answer, "api_domain");
    const char *error = js_str(answer, "error");
    if (!*access || !**access)
        return accounts_refused(error, e);
    for (const char *p = *access; *p; p++) {
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f) {
            err_set(e, ERR_REMOTE, "the access token holds a character that may not stand in a header");
            return err_fix(e, "check that no proxy stands between, then run the same command again");
        }
    }
    /* Old answers carry both: then expires_in is milliseconds and expires_in_sec seconds. Never believe more than the documented
     * hour, nor less than what is worth keeping: a token that ends sooner is found out by its 401. */
    int64_t life = js_int(answer, "expires_in_sec", js_int(answer, "expires_in", TOKEN_WINDOW_S));
    *life_s = life < 2 * TOKEN_EARLY_S ? 2 * TOKEN_EARLY_S : life > TOKEN_LIFE_S ? TOKEN_LIFE_S : life;
    return 0;
}

int token_init(struct token *t, const struct zoho_config *c, const struct dc *dc, const struct clock *clock,
               uint64_t *random, struct err *e)
{
    *t = (struct token){.c = c, .dc = dc, .clock = *clock, .random = random};
    t->accounts_base = dc ? mem_printf("https://%s", dc->accounts) : dc_loopback_base(c->accounts_url, NULL, e);
    if (!t->accounts_base)
        return -1;
    struct http_options o = {.ca_file = c->ca_file, .loopback = !dc, .connect_to = c->connect_to};
    return http_open(&t->http, &o, e);
}

void token_release(struct token *t)
{
    http_close(t->http);
    free(t->accounts_base);
    free(t->api_base);
    json_decref(t->memory);
    secret_release(&t->access);
    *t = (struct token){0};
}

static void credential_digest(const struct token *t, char hex[65])
{
    struct digest *d = digest_new();
    /* The sandbox listens on another port each time; its refresh token is what makes it this one. */
    const char *server = t->dc ? t->accounts_base : "loopback";
    digest_feed(d, server, strlen(server) + 1);
    digest_feed(d, t->c->client_id, strlen(t->c->client_id) + 1);
    digest_feed(d, t->c->refresh_token->p, t->c->refresh_token->n);
    digest_finish(d, hex);
}

/* The store; a new empty one when there is none, it is another credential's, or it cannot be read as ours. */
static int store_load(const struct token *t, json_t **out, struct err *e)
{
    char hex[65];
    credential_digest(t, hex);
    json_t *store = t->memory ? json_deep_copy(t->memory) : NULL;
    if (t->c->cache_root) {
        AUTO_FREE char *path = mem_printf("%s/%s", t->c->cache_root->path, t->c->cache_name);
        struct err local = {0};
        char *text = NULL;
        size_t len = 0;
        if (fs_exists(path) && fs_private_check(path, e) < 0)
            return -1;
        if (fs_read_in(t->c->cache_root, t->c->cache_name, TOKEN_FILE_MAX, &text, &len, &local) == 0) {
            struct err bad = {0};
            store = js_parse(text, len, t->c->cache_name, &bad);
            explicit_bzero(text, len);
        }
        free(text);
    }
    if (store && strcmp(js_str_or(store, "credential", ""), hex) != 0) {
        json_decref(store);
        store = NULL;
    }
    if (!store) {
        store = json_object();
        js_set_str(store, "schema", "zagent.token/1");
        js_set_str(store, "credential", hex);
        js_set(store, "mints", json_array());
    }
    *out = store;
    return 0;
}

static int store_save(struct token *t, const json_t *store, struct err *e)
{
    if (!t->c->cache_root) {
        json_decref(t->memory);
        t->memory = json_deep_copy(store);
        return 0;
    }
    AUTO_FREE char *text = js_canonical(store, e);
    if (!text)
        return -1;
    int rc = fs_write_in(t->c->cache_root, t->c->cache_name, text, strlen(text), 0600, e);
    explicit_bzero(text, strlen(text));
    return rc;
}

/* An api_domain from the answer or the file: both are input. */
static char *base_of(const struct token *t, const char *api_domain, struct err *e)
{
    if (!t->dc)
        return dc_loopback_base(api_domain ? api_domain : t->c->api_url, t->c->api_url, e);
    if (api_domain)
        return dc_api_base(t->dc, api_domain, e);
    return mem_printf("https://%s", t->dc->api);
}

/* Takes the stored token when it is still good and not the one just refused. */
static int store_use(struct token *t, const json_t *store, bool refused, bool *taken, struct err *e)
{
    const char *access = js_str(store, "access_token");
    int64_t expires = js_int(store, "expires_at", 0);
    int64_t now = t->clock.now_s(t->clock.ctx);
    *taken = false;
    if (!access || expires - TOKEN_EARLY_S <= now || expires > now + TOKEN_LIFE_S)
        return 0;
    bool same = t->access.p && strcmp(t->access.p, access) == 0;
    if (same && refused)
        return 0;
    char *base = base_of(t, t->dc ? js_str(store, "api_domain") : NULL, e);
    if (!base)
        return -1;
    free(t->api_base);
    t->api_base = base;
    t->expires_at = expires;
    if (!same) {
        secret_release(&t->access);
        secret_set(&t->access, access);
        t->generation++;
    }
    *taken = true;
    return 0;
}

static int throttled(const struct token *t, int64_t until, const char *why, struct err *e)
{
    char when[CLOCK_TEXT];
    clock_rfc3339(until, when);
    err_set(e, ERR_RATE, "%s", why);
    err_at(e, "POST %s/oauth/v2/token", t->accounts_base);
    return err_fix(e, "wait until %s, then run the same command again", when);
}

/* Counts this mint before it leaves: the limit is the server's, and a crash must not lose the count. */
static int throttle_take(struct token *t, json_t *store, struct err *e)
{
    int64_t now = t->clock.now_s(t->clock.ctx);
    int64_t blocked = js_int(store, "blocked_until", 0);
    if (blocked > now && blocked <= now + TOKEN_WINDOW_S)
        return throttled(t, blocked, "Zoho refuses further sign-ins with this refresh token for a while", e);
    json_t *kept = json_array();
    int64_t oldest = now;
    size_t i;
    json_t *stamp;
    json_array_foreach (js_arr(store, "mints"), i, stamp) {
        int64_t at = json_integer_value(stamp);
        if (at <= now - TOKEN_WINDOW_S || at >= now + TOKEN_WINDOW_S) /* past, or from a clock that was wrong */
            continue;
        json_array_append(kept, stamp);
        if (at < oldest)
            oldest = at;
    }
    if (json_array_size(kept) >= TOKEN_MINTS) {
        json_decref(kept);
        return throttled(t, oldest + TOKEN_WINDOW_S,
                         "10 sign-ins with this refresh token in 10 minutes: Zoho allows no more", e);
    }
    json_array_append_new(kept, json_integer(now));
    js_set(store, "mints", kept);
    return store_save(t, store, e);
}

/* One request to the accounts server. */
static int mint_once(struct token *t, json_t **answer, enum retry_outcome *outcome, int64_t *retry_after_s,
                     struct err *e)
{
    const struct accounts_pair pair[] = {{"client_id", t->c->client_id},
                                         {"client_secret", t->c->client_secret->p},
                                         {"grant_type", "refresh_token"},
                                         {"refresh_token", t->c->refresh_token->p}};
    char *form = accounts_form(pair, sizeof pair / sizeof *pair);
    int rc = accounts_post(t->http, t->accounts_base, "/oauth/v2/token", form, answer, outcome, retry_after_s, e);
    accounts_form_free(form);
    return rc;
}

enum { MINT_TRIES = 3 };

/* A mint that never left does not count: being offline for a minute must not lock anybody out for ten. */
static void throttle_give_back(struct token *t, json_t *store)
{
    struct err ignored = {0};
    json_t *mints = js_arr(store, "mints");
    json_array_remove(mints, json_array_size(mints) - 1);
    store_save(t, store, &ignored);
}

/* Takes the token out of the answer into the store, or remembers that Zoho wants to be left alone. */
static int keep(struct token *t, json_t *store, const json_t *answer, struct err *e)
{
    const char *access = NULL;
    const char *domain = NULL;
    int64_t life = 0;
    int rc = token_parse(answer, &access, &domain, &life, e);
    if (rc == 0) {
        js_set_str(store, "access_token", access);
        js_set_str(store, "api_domain", domain);
        js_set_int(store, "expires_at", t->clock.now_s(t->clock.ctx) + life);
        json_object_del(store, "blocked_until");
        char *base = base_of(t, domain, e); /* a hostile host is neither used nor remembered */
        rc = base ? store_save(t, store, e) : -1;
        free(base);
    } else if (e && e->kind == ERR_RATE) {
        struct err ignored = {0}; /* the refusal is what the user needs to hear */
        js_set_int(store, "blocked_until", t->clock.now_s(t->clock.ctx) + TOKEN_WINDOW_S);
        store_save(t, store, &ignored);
    }
    err_at(e, "POST %s/oauth/v2/token", t->accounts_base);
    return rc;
}

static int mint(struct token *t, json_t *store, struct err *e)
{
    json_t *answer = NULL;
    for (int try = 0; !answer; try++) {
        if (throttle_take(t, store, e) < 0)
            return -1;
        struct err local = {0};
        enum retry_outcome outcome = RETRY_OK;
        int64_t after = 0;
        t->mints++;
        if (mint_once(t, &answer, &outcome, &after, &local) == 0)
            break;
        if (outcome == RETRY_NOT_SENT || outcome == RETRY_FATAL)
            throttle_give_back(t, store);
        if (outcome == RETRY_OK || retry_decide(ZOHO_SAFE, outcome) != VERDICT_AGAIN || try + 1 >= MINT_TRIES) {
            if (e)
                *e = local;
            return -1;
        }
        t->clock.sleep_ms(t->clock.ctx, retry_delay_ms(try, retry_random(t->random), after));
    }
    CRASH_POINT(token_after_mint);
    int rc = keep(t, store, answer, e);
    json_decref(answer);
    return rc;
}

static int get_locked(struct token *t, bool refused, struct err *e)
{
    AUTO_JSON json_t *store = NULL;
    bool taken;
    if (store_load(t, &store, e) < 0 || store_use(t, store, refused, &taken, e) < 0)
        return -1;
    if (taken)
        return 0;
    if (mint(t, store, e) < 0 || store_use(t, store, false, &taken, e) < 0)
        return -1;
    if (taken)
        return 0;
    err_set(e, ERR_AUTH, "the new access token is already expired: the clock of this machine jumps");
    return err_fix(e, "set the clock right, then run the same command again");
}

int token_get(struct token *t, unsigned refused, struct err *e)
{
    bool is_refused = refused != 0 && refused == t->generation;
    int64_t now = t->clock.now_s(t->clock.ctx);
    if (t->access.p && !is_refused && t->expires_at - TOKEN_EARLY_S > now)
        return 0;
    AUTO_JSON json_t *store = NULL;
    bool taken;
    if (store_load(t, &store, e) < 0 || store_use(t, store, is_refused, &taken, e) < 0)
        return -1;
    if (taken)
        return 0;
    if (!t->c->cache_root)
        return get_locked(t, is_refused, e);
    AUTO_FREE char *lock_name = mem_printf("%s.lock", t->c->cache_name);
    struct fs_lock lock = {-1};
    if (fs_lock(&lock, t->c->cache_root, lock_name, "zagent: signing in", TOKEN_LOCK_MS, e) < 0)
        return -1;
    int rc = get_locked(t, is_refused, e);
    fs_unlock(&lock);
    return rc;
}
