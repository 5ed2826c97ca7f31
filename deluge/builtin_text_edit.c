/* deluge/builtin_text_edit.c — texts: new ones made of old ones. help/functions/text */
#include <ctype.h>
#include <string.h>
#include <utf8proc.h>

#include "base/mem.h"
#include "base/text.h"
#include "deluge/builtin_regex.h"
#include "deluge/builtin_text.h"

static struct dv upper(struct dg_frame *f, struct dv t)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    utf8proc_int32_t c;
    for (size_t i = 0; i < t.t.n;) {
        utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)t.t.s + i, (utf8proc_ssize_t)(t.t.n - i), &c);
        sb_add_utf8(&b, n > 0 ? (unsigned)utf8proc_toupper(c) : 0xfffd);
        i += n > 0 ? (size_t)n : 1;
    }
    return dg_take(f, &b);
}

/* getAlpha keeps letters, getAlphaNumeric letters and digits, removeAll… the rest. ASCII. */
static bool filter(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    bool numbers = strstr(c->name, "numeric") != NULL, keep = !strncmp(c->name, "get", 3);
    for (size_t i = 0; i < c->arg[0].t.n; i++) {
        unsigned char x = (unsigned char)c->arg[0].t.s[i];
        bool in = x < 0x80 && (isalpha(x) || (numbers && isdigit(x)));
        if (in == keep)
            sb_addc(&b, (char)x);
    }
    *out = dg_take(f, &b);
    return true;
}

static struct dv without(struct dg_frame *f, struct dv t, size_t at, size_t n)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    sb_addn(&b, t.t.s, at);
    sb_addn(&b, t.t.s + at + n, t.t.n - at - n);
    return dg_take(f, &b);
}

static bool remove_it(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dg_texts(f, c, 1))
        return false;
    *out = c->arg[0];
    size_t n = c->arg[1].t.n;
    if (!n)
        return true;
    if (!strcmp(c->name, "remove")) {
        AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
        size_t from = 0;
        for (const char *at; (at = dg_text_find(c->arg[0], c->arg[1], from)); from = (size_t)(at - c->arg[0].t.s) + n)
            sb_addn(&b, c->arg[0].t.s + from, (size_t)(at - c->arg[0].t.s) - from);
        sb_addn(&b, c->arg[0].t.s + from, c->arg[0].t.n - from);
        *out = dg_take(f, &b);
        return true;
    }
    const char *at =
        strstr(c->name, "last") ? dg_text_find_last(c->arg[0], c->arg[1]) : dg_text_find(c->arg[0], c->arg[1], 0);
    if (at)
        *out = without(f, c->arg[0], (size_t)(at - c->arg[0].t.s), n);
    return true;
}

static bool replace(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dg_replace how = {.first = strstr(c->name, "first") != NULL, .fold = strstr(c->name, "ignorecase") != NULL};
    if (c->n == 4) {
        if (c->arg[3].kind != DV_BOOL)
            return dg_fail(f, "Incompatible types for function at argument index 3 Required: [BOOLEAN] Found: %s",
                           dv_type(c->arg[3]));
        how.literal = c->arg[3].b != f->run->sw.other[DG_SW_REPLACE_THIRD];
        c->n = 3;
    }
    return dg_texts(f, c, 1) && dg_regex_replace(f, c->arg[0], c->arg[1], c->arg[2], how, out);
}

static bool trim(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    size_t from = 0, to = c->arg[0].t.n;
    const char *s = c->arg[0].t.s;
    while (*c->name != 'r' && from < to && (unsigned char)s[from] <= ' ')
        from++;
    while (*c->name != 'l' && to > from && (unsigned char)s[to - 1] <= ' ')
        to--;
    *out = dg_text_part(f, c->arg[0], from, to);
    return true;
}

static bool letters(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = !strcmp(c->name, "touppercase") ? upper(f, c->arg[0]) : dg_text_lower(f, c->arg[0]);
    return true;
}

/* "first quote" → "First Quote". */
static bool proper(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv t = dg_text_lower(f, c->arg[0]);
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    bool start = true;
    for (size_t i = 0; i < t.t.n; i++) {
        unsigned char x = (unsigned char)t.t.s[i];
        sb_addc(&b, start && x < 0x80 ? (char)toupper(x) : (char)x);
        start = x == ' ';
    }
    *out = dg_take(f, &b);
    return true;
}

static bool reverse(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    struct dv t = c->arg[0];
    for (size_t end = t.t.n, i = t.t.n; i-- > 0;)
        if (((unsigned char)t.t.s[i] & 0xc0) != 0x80) {
            sb_addn(&b, t.t.s + i, end - i);
            end = i;
        }
    *out = dg_take(f, &b);
    return true;
}

static bool repeat(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n;
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    if (!dg_to_int(f, c->arg[1], &n))
        return false;
    for (int64_t i = 0; i < n && c->arg[0].t.n && !b.bad; i++)
        sb_addn(&b, c->arg[0].t.s, c->arg[0].t.n);
    if (b.bad)
        return dg_fail_limit(f, "A text is longer than %d MB", DV_MAX_TEXT >> 20);
    *out = dg_take(f, &b);
    return true;
}

/* To n characters in all, with blanks or the given text. */
static bool pad(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t n;
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    if (!dg_to_int(f, c->arg[1], &n) || !dg_texts(f, c, 2))
        return false;
    const struct dv blank = dv_static(" ");
    const struct dv *with = c->n == 3 && c->arg[2].t.n ? &c->arg[2] : &blank;
    if (*c->name == 'r')
        sb_addn(&b, c->arg[0].t.s, c->arg[0].t.n);
    int64_t missing = n < 0 ? 0 : n - (int64_t)dg_text_length(c->arg[0]), step = (int64_t)dg_text_length(*with);
    for (; missing > 0 && !b.bad; missing -= step)
        sb_addn(&b, with->t.s, dg_text_offset(*with, (size_t)(missing < step ? missing : step)));
    if (*c->name == 'l')
        sb_addn(&b, c->arg[0].t.s, c->arg[0].t.n);
    if (b.bad)
        return dg_fail_limit(f, "A text is longer than %d MB", DV_MAX_TEXT >> 20);
    *out = dg_take(f, &b);
    return true;
}

static bool concat(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    if (!dg_texts(f, c, 1))
        return false;
    for (size_t i = 0; i < c->n; i++)
        sb_addn(&b, c->arg[i].t.s, c->arg[i].t.n);
    *out = dg_take(f, &b);
    return true;
}

/* A JSON array gives its elements; else the parts between the separators. "" gives a list of one empty text; a separator "" one
 * element a character ("".leftPad(n).toList("") is how scripts count). */
static bool to_list(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dg_arena *a = &f->run->arena;
    if (!dg_texts(f, c, 1))
        return false;
    struct dv t = c->arg[0], sep = c->n == 2 ? c->arg[1] : dv_static(",");
    if (c->n == 1 && t.t.n && t.t.s[0] == '[' && dv_from_json(a, t.t.s, t.t.n, out) && dv_is_list(*out))
        return true;
    *out = dv_box_new(a, DV_LIST);
    for (size_t from = 0; !sep.t.n && from < t.t.n && a->used <= f->run->limit.memory;) {
        size_t to = from + 1;
        while (to < t.t.n && ((unsigned char)t.t.s[to] & 0xc0) == 0x80)
            to++;
        dv_add(a, *out, dg_text_part(f, t, from, to));
        from = to;
    }
    for (size_t from = 0; sep.t.n && from <= t.t.n && a->used <= f->run->limit.memory;) {
        const char *at = dg_text_find(t, sep, from);
        size_t to = at ? (size_t)(at - t.t.s) : t.t.n;
        dv_add(a, *out, dg_text_part(f, t, from, to));
        from = at ? to + sep.t.n : t.t.n + 1;
    }
    return true;
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 : -1;
}

static bool hex(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    struct dv t = c->arg[0];
    for (size_t i = 0; *c->name == 't' && i < t.t.n; i++)
        sb_addf(&b, "%02x", (unsigned char)t.t.s[i]);
    for (size_t i = 0; *c->name == 'h' && i < t.t.n; i += 2) {
        int high = hex_digit(t.t.s[i]), low = i + 1 < t.t.n ? hex_digit(t.t.s[i + 1]) : -1;
        if (high < 0 || low < 0)
            return dg_fail(f, "An error occurred while performing this action: \"%.60s\" is not hexadecimal", t.t.s);
        sb_addc(&b, (char)(high * 16 + low));
    }
    *out = dg_take(f, &b);
    return true;
}

static bool url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    for (size_t i = 0; i < c->arg[0].t.n; i++) {
        unsigned char x = (unsigned char)c->arg[0].t.s[i];
        if (isalnum(x) || (x && strchr("-_.*", x)))
            sb_addc(&b, (char)x);
        else if (x == ' ')
            sb_addc(&b, '+');
        else
            sb_addf(&b, "%%%02X", x);
    }
    *out = dg_take(f, &b);
    return true;
}

static bool unescape_url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_FREE char *plus = mem_dup(c->arg[0].t.s);
    for (char *p = plus; *p; p++)
        *p = *p == '+' ? ' ' : *p;
    AUTO_FREE char *plain = text_percent_decode(plus);
    if (!plain)
        return dg_fail(f, "An error occurred while performing this action: the text is not URL-encoded");
    *out = dv_text(&f->run->arena, plain);
    return true;
}

const struct dg_builtin dg_text_edit_rows[] = {
    {"getalpha", ON_TEXT, 1, 1, filter},
    {"getalphanumeric", ON_TEXT, 1, 1, filter},
    {"removeallalpha", ON_TEXT, 1, 1, filter},
    {"removeallalphanumeric", ON_TEXT, 1, 1, filter},
    {"remove", ON_TEXT, 2, 2, remove_it},
    {"removefirstoccurence", ON_TEXT, 2, 2, remove_it},
    {"removelastoccurence", ON_TEXT, 2, 2, remove_it},
    {"replaceall", ON_TEXT, 3, 4, replace},
    {"replaceallignorecase", ON_TEXT, 3, 4, replace},
    {"replacefirst", ON_TEXT, 3, 4, replace},
    {"replacefirstignorecase", ON_TEXT, 3, 4, replace},
    {"trim", ON_TEXT, 1, 1, trim},
    {"ltrim", ON_TEXT, 1, 1, trim},
    {"rtrim", ON_TEXT, 1, 1, trim},
    {"tolowercase", ON_TEXT, 1, 1, letters},
    {"touppercase", ON_TEXT, 1, 1, letters},
    {"proper", ON_TEXT, 1, 1, proper},
    {"reverse", ON_TEXT, 1, 1, reverse},
    {"repeat", ON_TEXT, 2, 2, repeat},
    {"leftpad", ON_TEXT, 2, 3, pad},
    {"rightpad", ON_TEXT, 2, 3, pad},
    {"concat", ON_TEXT, 2, 255, concat},
    {"tolist", ON_TEXT, 1, 2, to_list},
    {"hextotext", ON_TEXT, 1, 1, hex},
    {"texttohex", ON_TEXT, 1, 1, hex},
    {"encodeurl", ON_TEXT, 1, 1, url},
    {"decodeurl", ON_TEXT, 1, 1, unescape_url},
    {NULL, 0, 0, 0, NULL},
};
