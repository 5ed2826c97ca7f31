#include "zoho/dc.h"

#include <curl/curl.h>

#include "base/mem.h"
#include "base/text.h"

const struct dc dc_table[] = {
    {"us", "accounts.zoho.com", "www.zohoapis.com", true},
    {"eu", "accounts.zoho.eu", "www.zohoapis.eu", true},
    {"in", "accounts.zoho.in", "www.zohoapis.in", true},
    {"au", "accounts.zoho.com.au", "www.zohoapis.com.au", true},
    {"cn", "accounts.zoho.com.cn", "www.zohoapis.com.cn", true},
    {"jp", "accounts.zoho.jp", "www.zohoapis.jp", true},
    {"ca", "accounts.zohocloud.ca", "www.zohoapis.ca", true},
    {"sa", "accounts.zoho.sa", "www.zohoapis.sa", true},
    {"uk", "accounts.zoho.uk", "www.zohoapis.uk", true},
    {"ae", "accounts.zoho.ae", "www.zohoapis.ae", true},
    {"sg", "accounts.zoho.sg", "www.zohoapis.sg", false},
};
const size_t dc_table_n = sizeof dc_table / sizeof *dc_table;

const struct dc *dc_find(const char *name)
{
    for (size_t i = 0; name && i < dc_table_n; i++)
        if (strcmp(dc_table[i].name, name) == 0)
            return &dc_table[i];
    return NULL;
}

/* A URL in pieces; every piece is "" when absent. */
struct url {
    char *scheme, *host, *port, *user, *password, *path, *query, *fragment;
};

static void url_release(struct url *u)
{
    char **part[] = {&u->scheme, &u->host, &u->port, &u->user, &u->password, &u->path, &u->query, &u->fragment};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        free(*part[i]);
        *part[i] = NULL;
    }
}
#define AUTO_URL __attribute__((cleanup(url_release)))

static char *piece(CURLU *h, CURLUPart what)
{
    char *p = NULL;
    CURLUcode rc = curl_url_get(h, what, &p, 0);
    char *copy = mem_dup(rc == CURLUE_OK && p ? p : "");
    curl_free(p);
    return copy;
}

static bool url_split(struct url *u, const char *text)
{
    /* curl skips leading and trailing blanks and takes a backslash as part of a name: refuse both before it looks. */
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || (unsigned char)*p >= 0x7f || *p == '\\')
            return false;
    CURLU *h = curl_url();
    if (!h || curl_url_set(h, CURLUPART_URL, text, 0) != CURLUE_OK) {
        curl_url_cleanup(h);
        return false;
    }
    u->scheme = piece(h, CURLUPART_SCHEME);
    u->host = piece(h, CURLUPART_HOST);
    u->port = piece(h, CURLUPART_PORT);
    u->user = piece(h, CURLUPART_USER);
    u->password = piece(h, CURLUPART_PASSWORD);
    u->path = piece(h, CURLUPART_PATH);
    u->query = piece(h, CURLUPART_QUERY);
    u->fragment = piece(h, CURLUPART_FRAGMENT);
    curl_url_cleanup(h);
    /* "https://user@host" with an empty user name still has an @: curl gives no user, the text gives it away. */
    const char *rest = strstr(text, "://");
    size_t authority = rest ? strcspn(rest + 3, "/?#") : 0;
    return rest && memchr(rest + 3, '@', authority) == NULL;
}

static bool is_bare(const struct url *u)
{
    return !*u->user && !*u->password && !*u->query && !*u->fragment && (!*u->path || strcmp(u->path, "/") == 0);
}

static int refuse(struct err *e, const char *text)
{
    AUTO_FREE char *clean = text_clean(text, false);
    err_set(e, ERR_CONFIG, "the sign-in answer names the API host '%.120s', which is not a host of this data centre",
            clean);
    return err_fix(
        e, "set dc: in the user config to the data centre you sign in at (us, eu, in, au, cn, jp, ca, sa, uk, ae, sg); "
           "nothing was sent to that host");
}

char *dc_api_base(const struct dc *dc, const char *api_domain, struct err *e)
{
    AUTO_URL struct url u = {0};
    if (!url_split(&u, api_domain) || !is_bare(&u) || strcmp(u.scheme, "https") != 0 ||
        (*u.port && strcmp(u.port, "443") != 0)) {
        refuse(e, api_domain);
        return NULL;
    }
    static const char *const first[] = {"www.", "sandbox.", "developer."};
    const char *domain = dc->api + strlen("www.");
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        size_t n = strlen(first[i]);
        if (strncmp(u.host, first[i], n) == 0 && strcmp(u.host + n, domain) == 0)
            return mem_printf("https://%s", u.host);
    }
    refuse(e, api_domain);
    return NULL;
}

char *dc_loopback_base(const char *text, const char *config, struct err *e)
{
    AUTO_URL struct url u = {0};
    /* The host as written, not as curl understands it: 127.1 and 0x7f.1 are 127.0.0.1 to curl. */
    const char *rest = strstr(text, "://");
    bool plain = rest && strncmp(rest + 3, "127.0.0.1:", 10) == 0;
    if (!plain || !url_split(&u, text) || !is_bare(&u) || strcmp(u.host, "127.0.0.1") != 0 ||
        (strcmp(u.scheme, "http") != 0 && strcmp(u.scheme, "https") != 0)) {
        AUTO_FREE char *clean = text_clean(text, false);
        err_set(e, ERR_CONFIG, "'%.120s' is not the sandbox's address: only http(s)://127.0.0.1:PORT is", clean);
        err_fix(e, "start it again with 'zagent sandbox start'");
        return NULL;
    }
    char *base = mem_printf("%s://127.0.0.1:%s", u.scheme, u.port);
    if (config && !dc_same_origin(config, base)) {
        refuse(e, text);
        free(base);
        return NULL;
    }
    return base;
}

const struct dc *dc_of_accounts(const char *url)
{
    AUTO_URL struct url u = {0};
    if (!url_split(&u, url) || !is_bare(&u) || strcmp(u.scheme, "https") != 0 ||
        (*u.port && strcmp(u.port, "443") != 0))
        return NULL;
    for (size_t i = 0; i < dc_table_n; i++)
        if (strcmp(dc_table[i].accounts, u.host) == 0)
            return &dc_table[i];
    return NULL;
}

char *dc_loopback_elsewhere(const char *config, bool elsewhere)
{
    AUTO_URL struct url u = {0};
    if (!url_split(&u, config))
        return NULL;
    return mem_printf("%s://%s:%s", u.scheme, elsewhere ? "localhost" : "127.0.0.1", u.port);
}

char *dc_loopback_accounts(const char *config, const char *text)
{
    for (int elsewhere = 0; elsewhere < 2; elsewhere++) {
        char *base = dc_loopback_elsewhere(config, elsewhere);
        if (base && dc_same_origin(base, text))
            return base;
        free(base);
    }
    return NULL;
}

bool dc_same_origin(const char *base, const char *url)
{
    AUTO_URL struct url a = {0};
    AUTO_URL struct url b = {0};
    if (!url_split(&a, base) || !url_split(&b, url))
        return false;
    return !*b.user && !*b.password && !*b.fragment && strcmp(a.scheme, b.scheme) == 0 && strcmp(a.host, b.host) == 0 &&
           strcmp(a.port, b.port) == 0;
}
