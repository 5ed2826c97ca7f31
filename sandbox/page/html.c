/* sandbox/page/html.c — the escaping writer. */
#include "sandbox/page/html.h"

#include <string.h>

#include "base/mem.h"

/* What a character becomes; NULL = it stays. */
static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (c < ' ' && c != '\n' && c != '\t') || c == 127 ? "\xEF\xBF\xBD" : NULL;
    }
}

static void escape(struct sb *out, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *e = entity((unsigned char)text[i]);
        if (e) {
            sb_add(out, e);
        } else {
            sb_addc(out, text[i]);
        }
    }
}

void html_text(struct sb *out, const char *text)
{
    escape(out, text ? text : "", text ? strlen(text) : 0);
}

void html_short(struct sb *out, const char *text, size_t n)
{
    size_t i = 0;
    for (; text[i] && (n > 0 || ((unsigned char)text[i] & 0xC0) == 0x80); i++) {
        n -= ((unsigned char)text[i + 1] & 0xC0) != 0x80;
    }
    escape(out, text, i);
    sb_add(out, text[i] ? "…" : "");
}

void html(struct sb *out, const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    for (const char *p = format; *p;) {
        size_t n = strcspn(p, "%");
        sb_addn(out, p, n);
        p += n;
        if (strncmp(p, "%s", 2) == 0) {
            html_text(out, va_arg(ap, const char *));
            p += 2;
        } else if (strncmp(p, "%d", 2) == 0) {
            sb_addf(out, "%d", va_arg(ap, int));
            p += 2;
        } else if (strncmp(p, "%lld", 4) == 0) {
            sb_addf(out, "%lld", va_arg(ap, long long));
            p += 4;
        } else if (strncmp(p, "%zu", 3) == 0) {
            sb_addf(out, "%zu", va_arg(ap, size_t));
            p += 3;
        } else if (*p) { /* %% */
            sb_addc(out, '%');
            p += p[1] == '%' ? 2 : 1;
        }
    }
    va_end(ap);
}
