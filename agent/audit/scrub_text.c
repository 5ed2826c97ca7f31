/* agent/audit/scrub_text.c — credentials and addresses in running text, URLs and scripts. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "agent/audit/scrub.h"
#include "base/sb.h"
#include "base/secret.h"
#include "deluge/parse.h"

enum { LONG_RUN = 24, PATH_RUN = 16, VALUE_MIN = 8, TEXT_MAX = 64 << 20 };

/* "apiKey" and "X-Api-Key" are the words api, key. */
static size_t words_of(const char *name, size_t n, char word[][24], size_t max)
{
    size_t count = 0, len = 0;
    for (size_t i = 0; i <= n && count < max; i++) {
        bool end = i == n || !isalnum((unsigned char)name[i]);
        bool hump = !end && i > 0 && isupper((unsigned char)name[i]) && islower((unsigned char)name[i - 1]);
        if ((end || hump) && len) {
            word[count++][len] = '\0';
            len = 0;
        }
        if (!end && count < max && len < 23)
            word[count][len++] = (char)tolower((unsigned char)name[i]);
    }
    return count;
}

bool scrub_secret_name(const char *name, size_t n)
{
    static const char *const alone[] = {"secret", "token",   "password",      "passwd",    "pwd",      "apikey",
                                        "bearer", "zapikey", "authorization", "authtoken", "signature"};
    static const char *const before_key[] = {"api", "access", "auth", "private", "secret", "app", "account", "webhook"};
    char word[8][24];
    size_t count = words_of(name, n, word, 8);
    if (count == 1 && (!strcmp(word[0], "key") || !strcmp(word[0], "sig") || !strcmp(word[0], "auth")))
        return true;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof alone / sizeof *alone; k++)
            if (!strcmp(word[i], alone[k]))
                return true;
        for (size_t k = 0; i && !strcmp(word[i], "key") && k < sizeof before_key / sizeof *before_key; k++)
            if (!strcmp(word[i - 1], before_key[k]))
                return true;
    }
    return false;
}

static double entropy(const char *s, size_t n)
{
    size_t count[256] = {0};
    double h = 0;
    for (size_t i = 0; i < n; i++)
        count[(unsigned char)s[i]]++;
    for (size_t i = 0; i < 256; i++)
        if (count[i])
            h -= (double)count[i] / (double)n * log2((double)count[i] / (double)n);
    return h;
}

/* Letters and digits mixed as no word, id, date or version is. */
static bool looks_random(const char *s, size_t n, size_t least)
{
    size_t digits = 0, letters = 0, changes = 0;
    if (n < least)
        return false;
    for (size_t i = 0; i < n; i++) {
        digits += isdigit((unsigned char)s[i]) != 0;
        letters += isalpha((unsigned char)s[i]) != 0;
        changes += i && (isdigit((unsigned char)s[i]) != 0) != (isdigit((unsigned char)s[i - 1]) != 0);
    }
    return digits >= 3 && letters >= 3 && changes >= 4 && entropy(s, n) >= 3.0;
}

static bool run_char(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '+' || c == '=';
}

static bool mail_char(char c)
{
    return isalnum((unsigned char)c) || strchr("._%+-", c) != NULL;
}

/* Length of an address that begins at p, 0 when none does. */
static size_t address_at(const char *p)
{
    size_t n = 0, dot = 0;
    while (p[n] && mail_char(p[n]))
        n++;
    if (n == 0 || p[n] != '@')
        return 0;
    size_t host = n + 1, end = host;
    while (p[end] && (isalnum((unsigned char)p[end]) || p[end] == '-' || p[end] == '.')) {
        if (p[end] == '.')
            dot = end;
        end++;
    }
    while (end > host && p[end - 1] == '.')
        end--;
    return dot > host && end - dot > 2 ? end : 0;
}

/* name=value, "name": "value", name: value. The value's length when its name says that it is a credential; *skip = up to it. */
static size_t named_value(const char *text, const char *p, size_t *skip)
{
    size_t n = 0;
    if (p > text && (run_char(p[-1]) && p[-1] != '='))
        return 0;
    while (run_char(p[n]) && p[n] != '=')
        n++;
    if (n == 0 || n > 60 || !scrub_secret_name(p, n))
        return 0;
    size_t at = n + (p[n] == '"' || p[n] == '\'') + (p[n] == '\\' && p[n + 1] == '"' ? 2 : 0);
    while (p[at] == ' ')
        at++;
    bool colon = p[at] == ':';
    if (p[at] != '=' && !colon)
        return 0;
    at++;
    while (p[at] == ' ' || p[at] == '"' || p[at] == '\'' || (p[at] == '\\' && p[at + 1] == '"'))
        at++;
    size_t len = strcspn(p + at, "\"'&;,<>{}\\ \t\r\n");
    bool told = strncmp(p + at, SCRUB_SECRET, strlen(SCRUB_SECRET)) == 0 || p[at] == '$' || p[at] == '(';
    bool word = colon && strcspn(p + at, "0123456789") >= len; /* "token: required" */
    *skip = at;
    return len >= VALUE_MIN && !told && !word ? len : 0;
}

char *scrub_text(const struct scrub *s, const char *text)
{
    AUTO_FREE char *known = secret_redact(text);
    AUTO_SB struct sb b = SB_INIT(TEXT_MAX);
    for (const char *p = known; *p;) {
        size_t skip = 0, n = named_value(known, p, &skip), run = 0;
        bool inside = p > known && (run_char(p[-1]) || p[-1] == '@');
        if (n) {
            sb_addn(&b, p, skip);
            sb_add(&b, SCRUB_SECRET);
            p += skip + n;
            continue;
        }
        size_t mail = s->people || (p > known && mail_char(p[-1])) ? 0 : address_at(p);
        if (mail) {
            sb_add(&b, SCRUB_PERSON);
            p += mail;
            continue;
        }
        while (!inside && run_char(p[run]))
            run++;
        if (run && looks_random(p, run, LONG_RUN)) {
            sb_add(&b, SCRUB_SECRET);
            p += run;
            continue;
        }
        sb_addc(&b, *p++);
    }
    char *out = sb_take(&b, "text", NULL);
    return out ? out : mem_dup(SCRUB_SECRET); /* too long to be looked through is too long to be kept */
}

/* ---- URLs ---- */

static void add_part(struct sb *b, const char *p, size_t n)
{
    size_t equals = 0;
    while (equals < n && p[equals] != '=')
        equals++;
    const char *value = p + equals + 1;
    size_t len = equals < n ? n - equals - 1 : 0;
    bool merge = len > 1 && (value[0] == '$' || memchr(value, '{', len));
    if (len && !merge && (scrub_secret_name(p, equals) || looks_random(value, len, PATH_RUN))) {
        sb_addn(b, p, equals + 1);
        sb_add(b, SCRUB_SECRET);
    } else {
        sb_addn(b, p, n);
    }
}

char *scrub_url(const struct scrub *s, const char *url)
{
    AUTO_SB struct sb b = SB_INIT(TEXT_MAX);
    const char *authority = strstr(url, "://"), *p = authority ? authority + 3 : url;
    p += strcspn(p, "/?#");
    sb_addn(&b, url, (size_t)(p - url));
    bool query = false;
    while (*p) {
        query = query || *p == '?';
        sb_addc(&b, *p++);
        size_t n = strcspn(p, query ? "&#" : "/?#");
        if (query)
            add_part(&b, p, n);
        else if (looks_random(p, n, PATH_RUN) && !memchr(p, '{', n))
            sb_add(&b, SCRUB_SECRET);
        else
            sb_addn(&b, p, n);
        p += n;
    }
    return scrub_text(s, b.buf);
}

/* ---- scripts ---- */

/* "X-Api-Key", "…": what stands before a literal and names it, through one comma, colon or equals sign. */
static bool named_before(const struct dg_script *script, size_t i)
{
    if (i < 2)
        return false;
    const struct dg_token *mark = &script->token[i - 1], *name = &script->token[i - 2];
    if (mark->kind != DG_T_COMMA && mark->kind != DG_T_COLON && mark->kind != DG_T_ASSIGN)
        return false;
    bool text = name->kind == DG_T_TEXT || name->kind == DG_T_QUOTED;
    if (!text && name->kind != DG_T_NAME)
        return false;
    size_t n = name->span.end - name->span.off - (text ? 2 : 0);
    return n > 0 && n < 60 && scrub_secret_name(script->text + name->span.off + text, n);
}

static bool says_value(const char *s, size_t n)
{
    size_t digits = 0;
    for (size_t i = 0; i < n; i++)
        digits += isdigit((unsigned char)s[i]) != 0;
    return n >= VALUE_MIN && digits > 0 && !memchr(s, ' ', n) && !memchr(s, '{', n);
}

char *scrub_script(const struct scrub *s, const char *code)
{
    struct dg_script script;
    struct dg_diags d = {0};
    AUTO_SB struct sb b = SB_INIT(TEXT_MAX);
    size_t at = 0;
    dg_parse(&script, "script", code, strlen(code), &d);
    for (size_t i = 0; i < script.n_tokens; i++) {
        const struct dg_token *t = &script.token[i];
        bool text = (t->kind == DG_T_TEXT || t->kind == DG_T_QUOTED) && t->span.end > t->span.off + 1;
        if ((!text && t->kind != DG_T_COMMENT) || t->broken)
            continue;
        size_t edge = text ? 1 : 0, from = t->span.off + edge, n = t->span.end - t->span.off - 2 * edge;
        AUTO_FREE char *inner = mem_dupn(script.text + from, n);
        AUTO_FREE char *safe = text && named_before(&script, i) && says_value(inner, n) ? mem_dup(SCRUB_SECRET)
                               : strstr(inner, "://")                                   ? scrub_url(s, inner)
                                                                                        : scrub_text(s, inner);
        sb_addn(&b, script.text + at, from - at);
        sb_add(&b, safe);
        at = from + n;
    }
    sb_add(&b, script.text + at);
    dg_script_release(&script);
    dg_diags_release(&d);
    char *out = sb_take(&b, "script", NULL);
    return out ? out : mem_dup(SCRUB_SECRET);
}
