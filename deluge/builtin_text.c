/* deluge/builtin_text.c — texts: what is in them, and parts of them. help/functions/text. Positions count characters (code points). */
#include "deluge/builtin_text.h"

#include <string.h>
#include <utf8proc.h>

#include "deluge/builtin_regex.h"

size_t dg_text_length(struct dv t)
{
    size_t n = 0;
    for (size_t i = 0; i < t.t.n; i++)
        n += ((unsigned char)t.t.s[i] & 0xc0) != 0x80;
    return n;
}

/* Byte offset of a character position, which must be ≤ length. */
size_t dg_text_offset(struct dv t, size_t position)
{
    size_t i = 0;
    for (; i < t.t.n; i++)
        if (((unsigned char)t.t.s[i] & 0xc0) != 0x80 && !position--)
            break;
    return i;
}

struct dv dg_text_part(struct dg_frame *f, struct dv t, size_t from, size_t to)
{
    return to - from == 1 ? dv_char(t.t.s[from]) : dv_textn(&f->run->arena, t.t.s + from, to - from);
}

struct dv dg_text_lower(struct dg_frame *f, struct dv t)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    utf8proc_int32_t c;
    for (size_t i = 0; i < t.t.n;) {
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)t.t.s + i, (utf8proc_ssize_t)(t.t.n - i), &c);
        sb_add_utf8(&b, n > 0 ? (unsigned)utf8proc_tolower(c) : 0xfffd);
        i += n > 0 ? (size_t)n : 1;
    }
    return dg_take(f, &b);
}

/* The arguments after the receiver as texts; null is refused. */
bool dg_texts(struct dg_frame *f, struct dg_call *c, size_t from)
{
    for (size_t i = from; i < c->n; i++) {
        if (c->arg[i].kind == DV_NULL)
            return dg_fail(f, "Incompatible types for function at argument index %zu Required: [TEXT] Found: NULL", i);
        c->arg[i] = dg_text(f, c->arg[i]);
    }
    return true;
}

const char *dg_text_find(struct dv in, struct dv what, size_t from)
{
    if (from > in.t.n)
        return NULL;
    return what.t.n ? memmem(in.t.s + from, in.t.n - from, what.t.s, what.t.n) : in.t.s + from;
}

const char *dg_text_find_last(struct dv in, struct dv what)
{
    for (size_t i = in.t.n + 1; i-- > 0;)
        if (in.t.n - i >= what.t.n && !memcmp(in.t.s + i, what.t.s, what.t.n))
            return in.t.s + i;
    return NULL;
}

/* "…IgnoreCase": both sides in lower case. */
static void fold(struct dg_frame *f, struct dg_call *c)
{
    if (!strstr(c->name, "ignorecase"))
        return;
    c->arg[0] = dg_text_lower(f, c->arg[0]);
    c->arg[1] = dg_text_lower(f, c->arg[1]);
}

static bool compare(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dg_texts(f, c, 1))
        return false;
    fold(f, c);
    struct dv a = c->arg[0], b = c->arg[1];
    bool fits = b.t.n <= a.t.n, yes;
    if (!strncmp(c->name, "starts", 6))
        yes = fits && !memcmp(a.t.s, b.t.s, b.t.n);
    else if (!strncmp(c->name, "ends", 4))
        yes = fits && !memcmp(a.t.s + a.t.n - b.t.n, b.t.s, b.t.n);
    else if (!strncmp(c->name, "equals", 6))
        yes = dv_equal(a, b, NULL);
    else
        yes = (dg_text_find(a, b, 0) != NULL) == (strncmp(c->name, "not", 3) != 0);
    *out = dv_bool(yes);
    return true;
}

static bool is_ascii(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool yes = true;
    (void)f;
    for (size_t i = 0; i < c->arg[0].t.n; i++)
        yes &= (unsigned char)c->arg[0].t.s[i] < 0x80;
    *out = dv_bool(yes);
    return true;
}

static bool len(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = dv_int((int64_t)dg_text_length(c->arg[0]));
    return true;
}

static bool index_of(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dg_texts(f, c, 1))
        return false;
    const char *at = !strcmp(c->name, "lastindexof") ? dg_text_find_last(c->arg[0], c->arg[1])
                                                     : dg_text_find(c->arg[0], c->arg[1], 0);
    struct dv before = {.kind = DV_TEXT, .t = {c->arg[0].t.s, at ? (size_t)(at - c->arg[0].t.s) : 0}};
    *out = dv_int(at ? (int64_t)dg_text_length(before) : -1);
    return true;
}

/* subString(start, end), mid(start, end), subText: from 0, end exclusive. left(n), right(n). */
static bool substring(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t from, to, n = (int64_t)dg_text_length(c->arg[0]);
    if (!dg_to_int(f, c->arg[1], &from))
        return false;
    to = n;
    if (c->n == 3 && !dg_to_int(f, c->arg[2], &to))
        return false;
    if (!strcmp(c->name, "left")) {
        to = from;
        from = 0;
    } else if (!strcmp(c->name, "right")) {
        from = from < 0 || from > n ? -1 : n - from;
    }
    if (from < 0 || to < from || to > n)
        return dg_out_of_bounds(f);
    bool bytes = (size_t)n == c->arg[0].t.n; /* all ASCII: a position is an offset */
    *out = dg_text_part(f, c->arg[0], bytes ? (size_t)from : dg_text_offset(c->arg[0], (size_t)from),
                        bytes ? (size_t)to : dg_text_offset(c->arg[0], (size_t)to));
    return true;
}

/* Null when the mark is absent; the first occurrence counts. */
static bool affix(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dg_texts(f, c, 1))
        return false;
    struct dv whole = c->arg[0];
    fold(f, c);
    const char *at = dg_text_find(c->arg[0], c->arg[1], 0);
    *out = dv_null();
    if (!at)
        return true;
    size_t i = (size_t)(at - c->arg[0].t.s);
    if (whole.t.n != c->arg[0].t.n) /* lower case changed the length: rare letters */
        whole = c->arg[0];
    *out = strncmp(c->name, "getprefix", 9) ? dg_text_part(f, whole, i + c->arg[1].t.n, whole.t.n)
                                            : dg_text_part(f, whole, 0, i);
    return true;
}

static bool count(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n = 0;
    if (!dg_texts(f, c, 1))
        return false;
    const char *at = c->arg[1].t.n ? dg_text_find(c->arg[0], c->arg[1], 0) : NULL;
    for (; at; n++)
        at = dg_text_find(c->arg[0], c->arg[1], (size_t)(at - c->arg[0].t.s) + c->arg[1].t.n);
    *out = dv_int(n);
    return true;
}

static bool matches(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    return dg_texts(f, c, 1) && dg_regex_matches(f, c->arg[0], c->arg[1], out);
}

const struct dg_builtin dg_text_rows[] = {
    {"contains", ON_TEXT, 2, 2, compare},
    {"containsignorecase", ON_TEXT, 2, 2, compare},
    {"notcontains", ON_TEXT, 2, 2, compare},
    {"startswith", ON_TEXT, 2, 2, compare},
    {"startswithignorecase", ON_TEXT, 2, 2, compare},
    {"endswith", ON_TEXT, 2, 2, compare},
    {"endswithignorecase", ON_TEXT, 2, 2, compare},
    {"equals", ON_TEXT, 2, 2, compare},
    {"equalsignorecase", ON_TEXT, 2, 2, compare},
    {"matches", ON_TEXT, 2, 2, matches},
    {"isascii", ON_TEXT, 1, 1, is_ascii},
    {"length", ON_TEXT, 1, 1, len},
    {"len", ON_TEXT, 1, 1, len},
    {"indexof", ON_TEXT, 2, 2, index_of},
    {"find", ON_TEXT, 2, 2, index_of},
    {"lastindexof", ON_TEXT, 2, 2, index_of},
    {"substring", ON_TEXT, 2, 3, substring},
    {"subtext", ON_TEXT, 2, 3, substring},
    {"mid", ON_TEXT, 3, 3, substring},
    {"left", ON_TEXT, 2, 2, substring},
    {"right", ON_TEXT, 2, 2, substring},
    {"getprefix", ON_TEXT, 2, 2, affix},
    {"getprefixignorecase", ON_TEXT, 2, 2, affix},
    {"getsuffix", ON_TEXT, 2, 2, affix},
    {"getsuffixignorecase", ON_TEXT, 2, 2, affix},
    {"getoccurencecount", ON_TEXT, 2, 2, count},
    {NULL, 0, 0, 0, NULL},
};
