#include "base/secret_shape.h"

#include <string.h>
#include <strings.h>

static const char *const names[] = {"client_secret", "refresh_token", "access_token",
                                    "device_code",   "password",      "code"};

static bool word(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static size_t hex_run(const char *p)
{
    return strspn(p, "0123456789abcdefABCDEF");
}

/* 1000.<32 hex>.<32 hex>; longer runs of digits are taken whole. */
static bool zoho_token(const char *text, const char *p, struct secret_shape *out)
{
    if (strncmp(p, "1000.", 5) != 0 || (p > text && word(p[-1])))
        return false;
    size_t first = hex_run(p + 5);
    if (first < 32 || p[5 + first] != '.')
        return false;
    size_t second = hex_run(p + 6 + first);
    if (second < 32)
        return false;
    *out = (struct secret_shape){0, 6 + first + second, false};
    return true;
}

static bool scheme(const char *text, const char *p, struct secret_shape *out)
{
    static const char *const schemes[] = {"Zoho-oauthtoken", "Bearer"};
    if (p > text && word(p[-1]))
        return false;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t n = strlen(schemes[i]);
        if (strncasecmp(p, schemes[i], n) != 0)
            continue;
        /* A space, also as a form writes it. */
        size_t gap = strspn(p + n, " \t+");
        if (gap == 0 && strncmp(p + n, "%20", 3) == 0)
            gap = 3;
        size_t value = strcspn(p + n + gap, " \t\r\n\"'\\,;<>&");
        if (gap == 0 || value == 0)
            continue;
        *out = (struct secret_shape){n + gap, value, false};
        return true;
    }
    return false;
}

/* `code` is also the name of the field in which Zoho puts INVALID_DATA and HTTP clients put 404. */
static bool harmless_code(const char *value, size_t n)
{
    bool digit = false, constant = value[0] >= 'A' && value[0] <= 'Z';
    for (size_t i = 0; i < n; i++) {
        bool number = value[i] >= '0' && value[i] <= '9';
        digit = digit || number;
        constant = constant && (number || value[i] == '_' || (value[i] >= 'A' && value[i] <= 'Z'));
    }
    return n < 12 || !digit || constant;
}

/* name=value in a query or form. */
static bool form_value(const char *text, const char *p, size_t name, bool is_code, struct secret_shape *out)
{
    size_t mark = p[name] == '=' ? 1 : strncasecmp(p + name, "%3D", 3) == 0 ? 3 : 0;
    if (mark == 0)
        return false;
    const char *value = p + name + mark;
    size_t n = strcspn(value, "& \t\r\n\"'\\<>;,#");
    bool in_query = p == text || p[-1] == '?' || p[-1] == '&';
    if (n == 0 || (is_code && !in_query && harmless_code(value, n)))
        return false;
    *out = (struct secret_shape){name + mark, n, false};
    return true;
}

/* How many bytes a quote takes here: 1, 2 when it is itself escaped inside a JSON text, 0 when there is none. */
static size_t quote_here(const char *p)
{
    if (*p == '"')
        return 1;
    return p[0] == '\\' && p[1] == '"' ? 2 : 0;
}

static size_t quoted_length(const char *p, size_t quote)
{
    size_t n = 0;
    while (p[n]) {
        if (quote == 1 && p[n] == '"')
            break;
        if (quote == 2 && p[n] == '\\' && p[n + 1] == '"')
            break;
        n += p[n] == '\\' && p[n + 1] != '\0' ? 2 : 1;
    }
    return n;
}

/* "name": "value" */
static bool json_value(const char *p, size_t name, bool is_code, struct secret_shape *out)
{
    size_t at = name, close = quote_here(p + at);
    if (close == 0)
        return false;
    at += close;
    at += strspn(p + at, " \t\r\n");
    if (p[at] != ':')
        return false;
    at++;
    at += strspn(p + at, " \t\r\n");
    size_t open = quote_here(p + at), n;
    if (open > 0) {
        at += open;
        n = quoted_length(p + at, open);
    } else {
        n = strcspn(p + at, ",}] \t\r\n");
        bool plain = (n == 4 && (memcmp(p + at, "null", 4) == 0 || memcmp(p + at, "true", 4) == 0)) ||
                     (n == 5 && memcmp(p + at, "false", 5) == 0) || p[at] == '{' || p[at] == '[';
        if (plain)
            return false;
    }
    if (n == 0 || (is_code && harmless_code(p + at, n)))
        return false;
    *out = (struct secret_shape){at, n, open == 0};
    return true;
}

static bool named_value(const char *text, const char *p, struct secret_shape *out)
{
    if (p > text && word(p[-1]))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]);
        if (strncasecmp(p, names[i], n) != 0)
            continue;
        bool is_code = strcmp(names[i], "code") == 0;
        if (form_value(text, p, n, is_code, out) || json_value(p, n, is_code, out))
            return true;
    }
    return false;
}

/* scheme://user:password@host: everything between // and the last @ of the authority. */
static bool userinfo(const char *p, struct secret_shape *out)
{
    if (strncmp(p, "://", 3) != 0)
        return false;
    size_t authority = strcspn(p + 3, "/?# \t\r\n\"'<>\\");
    size_t at = authority;
    while (at > 0 && p[3 + at - 1] != '@')
        at--;
    if (at <= 1)
        return false;
    *out = (struct secret_shape){3, at - 1, false};
    return true;
}

bool secret_shape_at(const char *text, const char *p, struct secret_shape *out)
{
    switch (*p) {
    case '1':
        return zoho_token(text, p, out);
    case ':':
        return userinfo(p, out);
    case 'z':
    case 'Z':
    case 'b':
    case 'B':
        return scheme(text, p, out);
    default:
        return named_value(text, p, out);
    }
}
