/* deluge/value_json.c — values as JSON text and back: numbers stay exact, maps keep their order. */
#include <string.h>

#include "deluge/value.h"
#include "deluge/zone.h"

static void quote(struct sb *out, const char *s, size_t n)
{
    sb_addc(out, '"');
    for (size_t i = 0, from = 0; i <= n; i++) {
        unsigned char c = i < n ? (unsigned char)s[i] : '"';
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        sb_addn(out, s + from, i - from);
        from = i + 1;
        if (i == n)
            break;
        const char *plain = c ? strchr("\"\"\\\\\nn\rr\tt\bb\ff", c) : NULL;
        if (plain)
            sb_addf(out, "\\%c", plain[1]);
        else
            sb_addf(out, "\\u%04x", c);
    }
    sb_addc(out, '"');
}

static void put(struct sb *out, struct dv v, const struct dv_zone *zone, bool json, int depth)
{
    char number[DEC_TEXT];
    switch (v.kind) {
    case DV_NULL:
        sb_add(out, "null");
        return;
    case DV_BOOL:
        sb_add(out, v.b ? "true" : "false");
        return;
    case DV_INT:
        sb_addf(out, "%lld", (long long)v.i);
        return;
    case DV_DECIMAL:
        sb_addn(out, number, dec_print(v.d, number));
        return;
    case DV_TEXT:
        if (json)
            quote(out, v.t.s, v.t.n);
        else
            sb_addn(out, v.t.s, v.t.n);
        return;
    case DV_FILE:
        sb_add(out, json ? "\"<file>\"" : "<file>");
        return;
    case DV_DATE:
    case DV_DATETIME:
    case DV_TIME:
        if (json)
            sb_addc(out, '"');
        zone_print(out, v, NULL, zone);
        if (json)
            sb_addc(out, '"');
        return;
    case DV_BOX:
        break;
    }
    struct dv_box *b = v.box;
    if (b->fault && !json) {
        put(out, dv_get(v, "message"), zone, false, depth);
        return;
    }
    /* A list or map that holds itself has no JSON: where it comes again it is null. */
    if (b->printing || depth > DV_MAX_DEPTH || out->bad) {
        sb_add(out, "null");
        return;
    }
    b->printing = true;
    sb_addc(out, b->shape == DV_LIST ? '[' : '{');
    for (size_t i = 0; i < b->n; i++) {
        if (i)
            sb_addc(out, ',');
        if (b->shape == DV_MAP) {
            quote(out, b->key[i].t.s, b->key[i].t.n);
            sb_addc(out, ':');
        }
        put(out, b->item[i], zone, true, depth + 1);
    }
    sb_addc(out, b->shape == DV_LIST ? ']' : '}');
    b->printing = false;
}

void dv_print(struct sb *out, struct dv v, const struct dv_zone *zone)
{
    put(out, v, zone, false, 0);
}
void dv_json(struct sb *out, struct dv v, const struct dv_zone *zone)
{
    put(out, v, zone, true, 0);
}

/* Without printf: ids are joined into texts and used as keys everywhere. */
static struct dv int_text(struct dg_arena *a, int64_t i)
{
    char buf[24], *p = buf + sizeof buf;
    uint64_t rest = i < 0 ? -(uint64_t)i : (uint64_t)i;
    do
        *--p = (char)('0' + rest % 10);
    while (rest /= 10);
    if (i < 0)
        *--p = '-';
    return dv_textn(a, p, (size_t)(buf + sizeof buf - p));
}

struct dv dv_to_text(struct dg_arena *a, struct dv v, const struct dv_zone *zone)
{
    if (v.kind == DV_TEXT)
        return v;
    if (v.kind == DV_INT)
        return int_text(a, v.i);
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    dv_print(&b, v, zone);
    return dv_textn(a, b.buf, b.len);
}

/* ── Reading ────────────────────────────────────────────────────────────────────────────────────────────────────── */

struct reader {
    struct dg_arena *a;
    const char *p, *end;
    int depth;
    size_t most; /* bytes of the arena */
};

static void space(struct reader *r)
{
    while (r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p)
        r->p++;
}

static bool word(struct reader *r, const char *w)
{
    size_t n = strlen(w);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, w, n) != 0)
        return false;
    r->p += n;
    return true;
}

static bool hex4(struct reader *r, unsigned *out)
{
    *out = 0;
    if (r->end - r->p < 4)
        return false;
    for (int i = 0; i < 4; i++, r->p++) {
        unsigned char c = (unsigned char)*r->p;
        unsigned lower = c | 32u;
        unsigned digit = 16;
        if (c >= '0' && c <= '9')
            digit = c - (unsigned)'0';
        else if (lower >= 'a' && lower <= 'f')
            digit = lower - (unsigned)'a' + 10;
        if (digit > 15)
            return false;
        *out = *out * 16 + digit;
    }
    return true;
}

static bool escape(struct reader *r, struct sb *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = r->p < r->end ? *r->p++ : '\0';
    const char *at = c ? strchr(from, c) : NULL;
    unsigned u, low;
    if (at) {
        sb_addc(out, to[at - from]);
        return true;
    }
    if (c != 'u' || !hex4(r, &u))
        return false;
    if (u >= 0xd800 && u < 0xdc00 && word(r, "\\u") && hex4(r, &low) && low >= 0xdc00 && low < 0xe000)
        u = 0x10000 + ((u - 0xd800) << 10) + (low - 0xdc00);
    sb_add_utf8(out, u ? u : 0xfffd);
    return true;
}

static bool text(struct reader *r, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    if (!word(r, "\""))
        return false;
    for (;;) {
        const char *from = r->p;
        while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
            r->p++;
        sb_addn(&b, from, (size_t)(r->p - from));
        if (word(r, "\"")) {
            *out = dv_textn(r->a, b.buf, b.len);
            return !b.bad;
        }
        if (!word(r, "\\") || !escape(r, &b))
            return false;
    }
}

static bool number(struct reader *r, struct dv *out)
{
    const char *from = r->p;
    bool whole = true;
    while (r->p < r->end && *r->p && strchr("+-0123456789.eE", *r->p)) {
        whole &= !strchr(".eE", *r->p);
        r->p++;
    }
    struct dec d;
    int64_t i;
    if (*from == '+' || !dec_parse(from, (size_t)(r->p - from), &d))
        return false;
    *out = whole && dec_to_int(d, &i) ? dv_int(i) : dv_dec(d);
    return true;
}

static bool value(struct reader *r, struct dv *out);

static bool box(struct reader *r, char close, struct dv *out)
{
    *out = dv_box_new(r->a, close == '}' ? DV_MAP : DV_LIST);
    char end[2] = {close, 0};
    if (++r->depth > DV_MAX_DEPTH)
        return false;
    space(r);
    for (bool first = true; !word(r, end); first = false) {
        struct dv key = dv_null(), item;
        if (r->a->used > r->most || (!first && !word(r, ",")))
            return false;
        space(r);
        if (close == '}') {
            if (!text(r, &key))
                return false;
            space(r);
            if (!word(r, ":"))
                return false;
        }
        if (!value(r, &item))
            return false;
        if (close == '}')
            dv_put(r->a, *out, key, item);
        else
            dv_add(r->a, *out, item);
        space(r);
    }
    r->depth--;
    return true;
}

static bool value(struct reader *r, struct dv *out)
{
    space(r);
    if (r->p >= r->end)
        return false;
    if (word(r, "{"))
        return box(r, '}', out);
    if (word(r, "["))
        return box(r, ']', out);
    if (*r->p == '"')
        return text(r, out);
    if (word(r, "null"))
        *out = dv_null();
    else if (word(r, "true"))
        *out = dv_bool(true);
    else if (word(r, "false"))
        *out = dv_bool(false);
    else
        return number(r, out);
    return true;
}

bool dv_from_json(struct dg_arena *a, const char *s, size_t n, struct dv *out)
{
    struct reader r = {a, s, s + n, 0, a->used + 4 * DV_MAX_COPY};
    if (!value(&r, out))
        return false;
    space(&r);
    return r.p == r.end;
}
