#include "base/text.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

#include "base/mem.h"
#include "base/sb.h"

/* One character at s (n > 0 bytes left): its length, or -1 for bytes that are not UTF-8. */
static int decode(const char *s, size_t n, utf8proc_int32_t *c)
{
    utf8proc_ssize_t most = n > 4 ? 4 : (utf8proc_ssize_t)n;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s, most, c);
    return used > 0 ? (int)used : -1;
}

bool text_utf8_valid(const char *s, size_t n, size_t *bad_offset)
{
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        int used = decode(s + i, n - i, &c);
        if (used < 0 || c == 0) {
            if (bad_offset)
                *bad_offset = i;
            return false;
        }
        i += (size_t)used;
    }
    return true;
}

char *text_repair(const char *s)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    size_t n = strlen(s);
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        int used = decode(s + i, n - i, &c);
        if (used < 0)
            sb_add_utf8(&b, 0xFFFD);
        else
            sb_addn(&b, s + i, (size_t)used);
        i += used < 0 ? 1 : (size_t)used;
    }
    return sb_take(&b, "text", NULL);
}

/* utf8proc's own allocation handed over to free(), with running out of memory as mem.h has it. */
static char *mapped(const char *s, int options)
{
    AUTO_FREE char *valid = text_repair(s);
    utf8proc_uint8_t *out = NULL;
    if (utf8proc_map((const utf8proc_uint8_t *)valid, 0, &out, (utf8proc_option_t)options) < 0 || !out)
        return mem_dup("");
    char *copy = mem_dup((const char *)out);
    free(out);
    return copy;
}

char *text_nfc(const char *s)
{
    for (const char *p = s;; p++) {
        if (*p == '\0')
            return mem_dup(s);
        if ((unsigned char)*p >= 0x80)
            return mapped(s, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    }
}

char *text_compat(const char *s)
{
    return mapped(s, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
}

static bool is_blank(utf8proc_int32_t c)
{
    utf8proc_category_t is = utf8proc_category(c);
    return is == UTF8PROC_CATEGORY_ZS || is == UTF8PROC_CATEGORY_ZL || is == UTF8PROC_CATEGORY_ZP ||
           is == UTF8PROC_CATEGORY_CC || is == UTF8PROC_CATEGORY_CF;
}

char *text_fold(const char *s)
{
    AUTO_FREE char *folded = mapped(s, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
                                           UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    char *out = mem_dup(folded), *to = out;
    size_t n = strlen(folded);
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        int used = decode(folded + i, n - i, &c);
        size_t len = used < 0 ? 1 : (size_t)used;
        if (used < 0 || !is_blank(c)) {
            memmove(to, folded + i, len);
            to += len;
        }
        i += len;
    }
    *to = '\0';
    return out;
}

size_t text_width(const char *s)
{
    size_t width = 0, n = strlen(s);
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        int used = decode(s + i, n - i, &c);
        width += used < 0 ? 1 : (size_t)utf8proc_charwidth(c);
        i += used < 0 ? 1 : (size_t)used;
    }
    return width;
}

/* Characters a person cannot see although they are letters or marks to Unicode: CWE-150 names the class, Unicode's
 * Default_Ignorable_Code_Point the members. Category Cf (bidi, zero width, tags) is asked of utf8proc. */
static bool hidden(utf8proc_int32_t c)
{
    static const struct {
        utf8proc_int32_t from, to;
    } ranges[] = {
        {0x034F, 0x034F}, {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
        {0x2028, 0x2029}, {0x3164, 0x3164}, {0xFFA0, 0xFFA0}, {0xE0100, 0xE01EF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].from && c <= ranges[i].to)
            return true;
    return utf8proc_category(c) == UTF8PROC_CATEGORY_CF;
}

char *text_clean(const char *s, bool keep_lines)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    size_t n = strlen(s);
    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        int used = decode(s + i, n - i, &c);
        if (used < 0)
            sb_add_utf8(&b, 0xFFFD);
        else if (c == 0x7F || (c < 0x20 && !(keep_lines && (c == '\n' || c == '\t'))))
            sb_addf(&b, "^%c", (int)(c ^ 0x40));
        else if ((c >= 0x80 && c < 0xA0) || hidden(c))
            sb_addf(&b, "<U+%04X>", (unsigned)c);
        else
            sb_addn(&b, s + i, (size_t)used);
        i += used < 0 ? 1 : (size_t)used;
    }
    return sb_take(&b, "text", NULL);
}

char *text_slug(const char *s)
{
    /* "Número" and "numero" are the same column to the person who typed them. */
    AUTO_FREE char *plain = mapped(s, UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE |
                                          UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    bool gap = false;
    for (const char *p = plain; *p; p++) {
        bool word = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (word && gap && b.len > 0)
            sb_addc(&b, '_');
        if (word)
            sb_addc(&b, *p);
        gap = !word;
    }
    return sb_take(&b, "text", NULL);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int text_casecmp(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return (int)(unsigned char)lower(*a) - (int)(unsigned char)lower(*b);
}

static size_t min(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t text_distance(const char *a, const char *b, size_t cap)
{
    size_t la = strlen(a), lb = strlen(b);
    if ((la > lb ? la - lb : lb - la) > cap)
        return cap + 1;
    size_t width = lb + 1;
    AUTO_FREE size_t *rows = mem_grow(NULL, 3 * width, sizeof *rows);
    size_t *before = rows, *last = rows + width, *row = rows + 2 * width;
    for (size_t j = 0; j <= lb; j++)
        before[j] = last[j] = j;
    for (size_t i = 1; i <= la; i++) {
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t change = last[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            row[j] = min(change, min(last[j], row[j - 1]) + 1);
            bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
            if (swapped)
                row[j] = min(row[j], before[j - 2] + 1);
        }
        size_t *reuse = before;
        before = last;
        last = row;
        row = reuse;
    }
    return min(last[lb], cap + 1);
}

const char *text_nearest(const char *want, const char *const *names, size_t n)
{
    const char *near = NULL, *prefixed = NULL;
    size_t best = 3, prefixes = 0, len = strlen(want);
    for (size_t i = 0; i < n; i++) {
        size_t d = text_distance(want, names[i], 2);
        /* Two edits turn any two-letter word into any other: that is no likeness. */
        if (d < best && d < (len > 1 ? len : 1)) {
            best = d;
            near = names[i];
        }
        bool longer = strlen(names[i]) > len;
        if (len > 0 && longer) {
            AUTO_FREE char *head = mem_dupn(names[i], len);
            if (text_casecmp(head, want) == 0) {
                prefixed = names[i];
                prefixes++;
            }
        }
    }
    if (best > 1 && prefixes == 1)
        return prefixed;
    return near;
}

static bool unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

char *text_percent_encode(const char *s)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    for (; *s; s++) {
        if (unreserved(*s))
            sb_addc(&b, *s);
        else
            sb_addf(&b, "%%%02X", (unsigned)(unsigned char)*s);
    }
    return sb_take(&b, "text", NULL);
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *text_percent_decode(const char *s)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    for (; *s; s++) {
        if (*s != '%') {
            sb_addc(&b, *s);
            continue;
        }
        int high = hex(s[1]), low = high < 0 ? -1 : hex(s[2]);
        if (low < 0 || (high == 0 && low == 0))
            return NULL;
        sb_addc(&b, (char)(high * 16 + low));
        s += 2;
    }
    return sb_take(&b, "text", NULL);
}
