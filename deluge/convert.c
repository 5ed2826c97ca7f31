/* deluge/convert.c — from one type to another, as arguments, typed lists and to… functions do it. */
#include <string.h>

#include "deluge/evaluator.h"

struct dv dg_text(struct dg_frame *f, struct dv v)
{
    return dv_to_text(&f->run->arena, v, &f->run->zone);
}

struct dv dg_take(struct dg_frame *f, struct sb *b)
{
    return dv_textn(&f->run->arena, b->buf, b->len);
}

bool dg_to_number(struct dg_frame *f, struct dv v, struct dv *out)
{
    struct dec d;
    int64_t i;
    if (v.kind == DV_DATE || v.kind == DV_DATETIME) {
        v = dv_int(zone_instant(&f->run->zone, v) * 1000);
    } else if (v.kind == DV_TEXT) {
        const char *s = v.t.s;
        size_t n = v.t.n;
        while (n && *s == ' ')
            s++, n--;
        while (n && s[n - 1] == ' ')
            n--;
        if (!dec_parse(s, n, &d))
            return dg_fail(f, "'TEXT' can not be cast to '[BIGINT]': \"%.60s\" is no number", v.t.s);
        v = !memchr(s, '.', n) && dec_is_whole(d) && dec_to_int(d, &i) ? dv_int(i) : dv_dec(d);
    }
    if (!dv_is_number(v))
        return dg_fail(f, "'%s' can not be cast to '[BIGINT]'", dv_type(v));
    *out = v;
    return true;
}

bool dg_to_int(struct dg_frame *f, struct dv v, int64_t *out)
{
    struct dv n = {0};
    if (v.kind == DV_NULL)
        return dg_fail(f, "Null value occurred where a NUMBER is needed");
    if (!dg_to_number(f, v, &n))
        return false;
    if (n.kind == DV_INT) {
        *out = n.i;
        return true;
    }
    return dec_to_int(n.d, out) ? true
                                : dg_fail(f, "'DECIMAL' can not be cast to '[BIGINT]': it needs more than 64 bits");
}

bool dg_to_time(struct dg_frame *f, struct dv v, struct dv *out)
{
    *out = v;
    if (dv_is_time(v))
        return true;
    if (v.kind == DV_INT) { /* milliseconds: 1 is 31-Dec-1969 in zones west of Greenwich */
        *out = dv_time(DV_DATETIME, v.i / 1000 - (v.i % 1000 < 0));
        return zone_in_range(&f->run->zone, *out) ? true : dg_fail(f, "UnParsable date");
    }
    if (v.kind == DV_TEXT && zone_read(v.t.s, NULL, &f->run->zone, out))
        return true;
    return v.kind == DV_TEXT ? dg_fail(f, "UnParsable date: \"%.60s\"", v.t.s)
                             : dg_fail(f, "'%s' can not be cast to '[DATE]'", dv_type(v));
}

static bool to_box(struct dg_frame *f, struct dv v, enum dv_shape shape, struct dv *out)
{
    const char *word = shape == DV_MAP ? "MAP" : "LIST";
    *out = v;
    if (v.kind == DV_TEXT && !dv_from_json(&f->run->arena, v.t.s, v.t.n, out))
        return dg_fail(f,
                       "Unable to cast the '%.60s' value into a '%s' value because the input is in an invalid format",
                       v.t.s, word);
    if (shape == DV_MAP ? !dv_is_map(*out) : !dv_is_list(*out))
        return dg_fail(f, "'%s' can not be cast to '%s'", dv_type(*out), word);
    return true;
}

static bool to_bool(struct dg_frame *f, struct dv v, struct dv *out)
{
    *out = v;
    if (dv_is_text(v, "true") || dv_is_text(v, "false"))
        *out = dv_bool(v.t.s[0] == 't');
    return out->kind == DV_BOOL ? true : dg_fail(f, "'%s' can not be cast to '[BOOLEAN]'", dv_type(v));
}

bool dg_convert(struct dg_frame *f, struct dv v, const char *type, struct dv *out)
{
    *out = v;
    if (v.kind == DV_NULL)
        return true;
    if (!strcmp(type, "string") || !strcmp(type, "text")) {
        *out = dg_text(f, v);
        return true;
    }
    if (!strcmp(type, "int") || !strcmp(type, "long") || !strcmp(type, "bigint")) {
        int64_t i = 0;
        if (!dg_to_int(f, v, &i))
            return false;
        *out = dv_int(i);
        return true;
    }
    if (!strcmp(type, "float") || !strcmp(type, "decimal")) {
        if (!dg_to_number(f, v, out))
            return false;
        *out = dv_dec(dv_decimal(*out));
        return true;
    }
    if (!strcmp(type, "bool") || !strcmp(type, "boolean"))
        return to_bool(f, v, out);
    if (!strcmp(type, "map"))
        return to_box(f, v, DV_MAP, out);
    if (!strcmp(type, "list"))
        return to_box(f, v, DV_LIST, out);
    if (!strcmp(type, "date") || !strcmp(type, "datetime"))
        return dg_to_time(f, v, out);
    return true; /* file, collection, untyped */
}
