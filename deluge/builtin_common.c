/* deluge/builtin_common.c — functions of any value: null tests, conversions. help/functions/common */
#include <string.h>

#include "deluge/builtin.h"

static bool is_null(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = dv_bool(c->arg[0].kind == DV_NULL || dv_is_text(c->arg[0], ""));
    return true;
}

static bool if_null(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool empty = c->arg[0].kind == DV_NULL || (f->run->sw.other[DG_SW_IFNULL_EMPTY] && dv_is_text(c->arg[0], ""));
    *out = c->arg[empty];
    return true;
}

static bool is_empty(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv v = c->arg[0];
    if (v.kind == DV_NULL && !f->run->sw.other[DG_SW_ISEMPTY_NULL])
        return dg_fail(f, "Value is empty and 'isEmpty' function cannot be applied");
    *out = dv_bool(v.kind == DV_NULL || dv_is_text(v, "") || (v.kind == DV_BOX && !v.box->n));
    return true;
}

static bool is_blank(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv v = c->arg[0];
    (void)f;
    *out = dv_bool(v.kind == DV_NULL || (v.kind == DV_TEXT && strspn(v.t.s, " \t\r\n") == v.t.n) ||
                   (v.kind == DV_BOX && !v.box->n));
    return true;
}

static bool is_number(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dec d;
    (void)f;
    *out =
        dv_bool(dv_is_number(c->arg[0]) || (c->arg[0].kind == DV_TEXT && dec_parse(c->arg[0].t.s, c->arg[0].t.n, &d)));
    return true;
}

static bool is_date(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv when = {0};
    *out = dv_bool(dv_is_time(c->arg[0]) ||
                   (c->arg[0].kind == DV_TEXT && zone_read(c->arg[0].t.s, NULL, &f->run->zone, &when)));
    return true;
}

static bool is_kind(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = dv_bool(c->arg[0].kind == (!strcmp(c->name, "istext") ? DV_TEXT : DV_FILE));
    return true;
}

/* list.toString(sep) joins; date.toString(pattern[, zone]) formats; everything else prints. */
static bool to_string(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv v = c->arg[0];
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    struct dv_zone zone = f->run->zone;
    if (c->n == 1) {
        *out = dg_text(f, v);
        return true;
    }
    if (c->arg[1].kind != DV_TEXT)
        return dg_fail(f, "Incompatible types for function at argument index 1 Required: [TEXT] Found: %s",
                       dv_type(c->arg[1]));
    if (dv_is_list(v)) {
        for (size_t i = 0; i < v.box->n; i++) {
            if (i)
                sb_addn(&b, c->arg[1].t.s, c->arg[1].t.n);
            dv_print(&b, v.box->item[i], &zone);
        }
        *out = dg_take(f, &b);
        return true;
    }
    if (c->n == 3 && (c->arg[2].kind != DV_TEXT || !zone_set(&zone, c->arg[2].t.s)))
        return dg_fail(f, "the time zone %.60s is not known", dg_text(f, c->arg[2]).t.s);
    if (v.kind != DV_TIME && !dg_to_time(f, v, &v))
        return false;
    if (!zone_print(&b, v, c->arg[1].t.s, &zone))
        return dg_fail(f, "\"%.60s\" is no date pattern", c->arg[1].t.s);
    *out = dg_take(f, &b);
    return true;
}

static bool to_long(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t i;
    if (!dg_to_int(f, c->arg[0], &i))
        return false;
    *out = dv_int(i);
    return true;
}

static bool to_number(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    return dg_to_number(f, c->arg[0], out);
}

static bool to_decimal(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dg_to_number(f, c->arg[0], out))
        return false;
    *out = dv_dec(dv_decimal(*out));
    return true;
}

static bool to_map(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    return dg_convert(f, c->arg[0], "map", out);
}

static bool to_json(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(DV_MAX_TEXT);
    dv_json(&b, c->arg[0], &f->run->zone);
    *out = dg_take(f, &b);
    return true;
}

/* A list from JSON text; on a list, the list itself. */
static bool to_json_list(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    return dg_convert(f, c->arg[0], "list", out);
}

static bool get_json(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv map = {0};
    if (!dg_convert(f, c->arg[0], "map", &map))
        return false;
    *out = dv_get(map, dg_text(f, c->arg[1]).t.s);
    return true;
}

const struct dg_builtin dg_common_rows[] = {
    {"isnull", ON_ANY | ON_NULL, 1, 1, is_null},
    {"ifnull", ON_ANY | ON_NULL, 2, 2, if_null},
    {"isempty", ON_TEXT | ON_BOX | ON_NULL, 1, 1, is_empty},
    {"isblank", ON_ANY | ON_NULL, 1, 1, is_blank},
    {"isnumber", ON_ANY | ON_NULL, 1, 1, is_number},
    {"isdate", ON_ANY | ON_NULL, 1, 1, is_date},
    {"istext", ON_ANY | ON_NULL, 1, 1, is_kind},
    {"isfile", ON_ANY | ON_NULL, 1, 1, is_kind},
    {"tostring", ON_ANY, 1, 3, to_string},
    {"totext", ON_ANY, 1, 1, to_string},
    {"tolong", ON_TEXT | ON_NUMBER | ON_TIME, 1, 1, to_long},
    {"tonumber", ON_TEXT | ON_NUMBER | ON_TIME, 1, 1, to_number},
    {"todecimal", ON_TEXT | ON_NUMBER, 1, 1, to_decimal},
    {"tomap", ON_TEXT | ON_BOX, 1, 1, to_map},
    {"tojsonlist", ON_TEXT | ON_LIST, 1, 1, to_json_list},
    {"tojsonstring", ON_BOX, 1, 1, to_json},
    {"getjson", ON_TEXT | ON_MAP, 2, 2, get_json},
    {NULL, 0, 0, 0, NULL},
};
