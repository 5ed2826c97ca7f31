#include "base/sb.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

char sb_empty[1];

/* Makes room for n more bytes and the NUL; false (and bad) when that would pass the maximum. */
static bool room(struct sb *b, size_t n)
{
    if (b->bad || n > b->max - b->len) {
        b->bad = true;
        return false;
    }
    size_t need = b->len + n + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap < need)
        cap *= 2;
    char *p = mem_grow(b->cap ? b->buf : NULL, cap, 1);
    p[b->len] = '\0';
    b->buf = p;
    b->cap = cap;
    return true;
}

void sb_add(struct sb *b, const char *s)
{
    sb_addn(b, s, strlen(s));
}

void sb_addn(struct sb *b, const char *s, size_t n)
{
    if (n == 0 || !room(b, n))
        return;
    memcpy(b->buf + b->len, s, n);
    b->len += n;
    b->buf[b->len] = '\0';
}

void sb_addc(struct sb *b, char c)
{
    sb_addn(b, &c, 1);
}

void sb_addf(struct sb *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(b, fmt, ap);
    va_end(ap);
}

void sb_vaddf(struct sb *b, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        b->bad = true;
    else if (n > 0 && room(b, (size_t)n)) {
        vsnprintf(b->buf + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void sb_add_utf8(struct sb *b, unsigned c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    char out[4];
    size_t n = 0;
    if (c < 0x80) {
        out[n++] = (char)c;
    } else if (c < 0x800) {
        out[n++] = (char)(0xC0 | (c >> 6));
    } else {
        if (c < 0x10000) {
            out[n++] = (char)(0xE0 | (c >> 12));
        } else {
            out[n++] = (char)(0xF0 | (c >> 18));
            out[n++] = (char)(0x80 | ((c >> 12) & 0x3F));
        }
        out[n++] = (char)(0x80 | ((c >> 6) & 0x3F));
    }
    if (c >= 0x80)
        out[n++] = (char)(0x80 | (c & 0x3F));
    sb_addn(b, out, n);
}

void sb_truncate(struct sb *b, size_t len)
{
    if (len < b->len) {
        b->len = len;
        b->buf[len] = '\0';
    }
}

void sb_clear(struct sb *b)
{
    sb_truncate(b, 0);
    b->bad = false;
}

int sb_check(const struct sb *b, const char *name, struct err *e)
{
    if (!b->bad)
        return 0;
    return err_set(e, ERR_LIMIT, "%s is longer than %zu bytes", name, b->max);
}

char *sb_take(struct sb *b, const char *name, struct err *e)
{
    if (sb_check(b, name, e) < 0) {
        sb_release(b);
        return NULL;
    }
    char *p = b->cap ? b->buf : mem_dup("");
    b->buf = sb_empty;
    b->len = b->cap = 0;
    return p;
}

void sb_release(struct sb *b)
{
    if (b->cap)
        free(b->buf);
    b->buf = sb_empty;
    b->len = b->cap = 0;
    b->bad = false;
}
