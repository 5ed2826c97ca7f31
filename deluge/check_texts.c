/* What stands in literals: secrets, ids, data centres: DL064, DL065, DL069, DL070. */
#include "base/mem.h"
#include "deluge/checker.h"

struct texts {
    char centre[8]; /* of the first Zoho host, "" when none was seen */
    struct dg_span at;
    bool told;
};

static size_t run_of(const char *s, const char *set)
{
    return strspn(s, set);
}

#define TOKEN_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
#define HEX_CHARS   "0123456789abcdef"

/* A word that begins with lower-case words of a placeholder: YOUR_KEY, xxxx. */
static bool placeholder(const char *s, size_t n)
{
    AUTO_FREE char *word = mem_dupn(s, n);
    for (char *p = word; *p; p++)
        *p = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    size_t digits = 0;
    for (const char *p = word; *p; p++)
        digits += *p >= '0' && *p <= '9';
    return strstr(word, "your") || strstr(word, "xxx") || strstr(word, "token") || digits < 3;
}

static const char *secret_in(const char *s)
{
    static const struct {
        const char *before, *called;
        size_t least;
    } marks[] = {{"zapikey=", "an API key", 16},
                 {"Zoho-oauthtoken ", "an access token", 16},
                 {"Bearer ", "a bearer token", 16},
                 {"authtoken=", "an auth token", 16},
                 {"Zoho-authtoken ", "an auth token", 16},
                 {"client_secret=", "a client secret", 16},
                 {"refresh_token=", "a refresh token", 16},
                 {"api_key=", "an API key", 16}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const char *at = strstr(s, marks[i].before);
        if (!at)
            continue;
        at += strlen(marks[i].before);
        size_t n = run_of(at, TOKEN_CHARS);
        if (n >= marks[i].least && !placeholder(at, n))
            return marks[i].called;
    }
    const char *grant = strstr(s, "1000."); /* Zoho's own token shape: 1000.<32 hex>.<32 hex> */
    if (grant && run_of(grant + 5, HEX_CHARS) == 32 && grant[37] == '.' && run_of(grant + 38, HEX_CHARS) == 32)
        return "a Zoho token";
    return NULL;
}

const char *dg_c_zoho_host(const char *url, bool *api)
{
    const char *at = strstr(url, "://");
    if (!at)
        return NULL;
    for (at += 3; *at && *at != '/' && *at != '?';) {
        size_t n = strcspn(at, "./?:");
        *api = n == 8 && memcmp(at, "zohoapis", n) == 0;
        if (at[n] == '.' && (*api || (n == 4 && memcmp(at, "zoho", n) == 0)))
            return at + n + 1;
        if (at[n] != '.')
            return NULL;
        at += n + 1;
    }
    return NULL;
}

/* "com", "eu", "in", … of the Zoho host in a text, "" when there is none. */
static void data_centre(const char *s, char out[8])
{
    static const char *const centres[] = {"com.au", "com.cn", "com", "eu", "in", "jp", "sa", "ca", "uk", "ae"};
    bool api;
    const char *tail = dg_c_zoho_host(s, &api);
    *out = '\0';
    for (size_t k = 0; tail && k < sizeof centres / sizeof *centres; k++) {
        size_t n = strlen(centres[k]);
        if (strncmp(tail, centres[k], n) == 0 && (tail[n] == '/' || tail[n] == '\0')) {
            memcpy(out, centres[k], n + 1);
            return;
        }
    }
}

static void text(struct dg_checker *c, const struct dg_expr *e, struct texts *t)
{
    const char *s = e->text.s, *secret = secret_in(s);
    size_t digits = strspn(s, "0123456789");
    char centre[8];
    if (secret) {
        dg_c_find(c, "DL065", e->span, "%s stands in the script", secret);
    }
    if (digits >= 15 && digits <= 20 && digits == e->text.n)
        dg_c_find(c, "DL064", e->span, "an id of one org stands in the script");
    if (strstr(s, "/crm/v2/"))
        dg_c_find(c, "DL070", e->span, "version 2 of the CRM API is old");
    data_centre(s, centre);
    if (!*centre)
        return;
    if (!*t->centre) {
        memcpy(t->centre, centre, sizeof centre);
        t->at = e->span;
    } else if (strcmp(t->centre, centre) != 0 && !t->told) {
        t->told = true;
        struct dg_diag *g = dg_c_find(c, "DL069", e->span, "data centre '%s' here, '%s' elsewhere", centre, t->centre);
        g->other = t->at;
        g->other_text = "the other data centre";
    }
}

static void check_expr(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx)
{
    (void)at;
    if (e->kind == DG_TEXT)
        text(c, e, ctx);
    if (e->kind == DG_INT && e->integer >= 100000000000000)
        dg_c_find(c, "DL064", e->span, "an id of one org stands in the script");
}

void dg_c_texts(struct dg_checker *c)
{
    struct texts t = {.centre = ""};
    dg_c_walk(c, NULL, check_expr, &t);
}
