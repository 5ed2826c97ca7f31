#include "deluge/host_select.h"

#include <stdio.h>
#include <string.h>

bool dg_is_id(struct dv v, const char *id)
{
    char text[24];
    if (v.kind == DV_TEXT)
        return !strcmp(v.t.s, id);
    snprintf(text, sizeof text, "%lld", v.kind == DV_INT ? (long long)v.i : -1LL);
    return v.kind == DV_INT && !strcmp(text, id);
}

struct dv dg_error_answer(struct dg_arena *a, const char *code, const char *message)
{
    struct dv v = dv_box_new(a, DV_MAP);
    dv_puts(a, v, "code", dv_static(code));
    dv_puts(a, v, "details", dv_box_new(a, DV_MAP));
    dv_puts(a, v, "message", dv_static(message));
    dv_puts(a, v, "status", dv_static("error"));
    return v;
}

static struct dv option(struct dv options, const char *key)
{
    return dv_is_map(options) ? dv_get(options, key) : dv_null();
}

/* Names in "A,B , C" or in a list of texts. */
static bool named(struct dv names, const char *name, size_t n)
{
    for (size_t i = 0; dv_is_list(names) && i < names.box->n; i++)
        if (names.box->item[i].kind == DV_TEXT && names.box->item[i].t.n == n &&
            !memcmp(names.box->item[i].t.s, name, n))
            return true;
    for (const char *p = names.kind == DV_TEXT ? names.t.s : ""; *p;) {
        p += strspn(p, " ,");
        size_t len = strcspn(p, ","), end = len;
        while (end && p[end - 1] == ' ')
            end--;
        if (end == n && !memcmp(p, name, n))
            return true;
        p += len;
    }
    return false;
}

static bool wanted_id(struct dv ids, struct dv id)
{
    char text[24];
    if (ids.kind == DV_NULL)
        return true;
    if (id.kind == DV_TEXT)
        return named(ids, id.t.s, id.t.n);
    snprintf(text, sizeof text, "%lld", id.kind == DV_INT ? (long long)id.i : -1LL);
    return named(ids, text, strlen(text));
}

struct dv dg_select_fields(struct dg_arena *a, struct dv record, struct dv options)
{
    struct dv fields = option(options, "fields");
    if (!dv_is_map(record) || fields.kind == DV_NULL)
        return dv_copy(a, record);
    struct dv out = dv_box_new(a, DV_MAP);
    for (size_t i = 0; i < record.box->n; i++) {
        struct dv key = record.box->key[i];
        if (dv_is_text(key, "id") || named(fields, key.t.s, key.t.n))
            dv_put(a, out, key, dv_copy(a, record.box->item[i]));
    }
    return out;
}

/* By insertion: equal ones stay in their order, records without the field come last. */
static void sort_rows(struct dv rows, const char *field, bool up)
{
    for (size_t i = 1; i < rows.box->n; i++) {
        struct dv row = rows.box->item[i], value = dv_get(row, field);
        size_t at = i;
        for (; at > 0 && value.kind != DV_NULL; at--) {
            struct dv before = dv_get(rows.box->item[at - 1], field);
            int order;
            bool less =
                before.kind == DV_NULL || (dv_order(value, before, NULL, &order) && (up ? order < 0 : order > 0));
            if (!less)
                break;
            rows.box->item[at] = rows.box->item[at - 1];
        }
        rows.box->item[at] = row;
    }
}

struct dv dg_select_page(struct dg_arena *a, struct dv rows, const struct dg_request *q)
{
    struct dv fit = dv_box_new(a, DV_LIST), out = dv_box_new(a, DV_LIST), ids = option(q->options, "ids");
    struct dv by = option(q->options, "sort_by"), order = option(q->options, "sort_order");
    size_t page = q->page > 0 ? (size_t)q->page : 1,
           per = q->per_page > 0 && q->per_page < DG_PAGE ? (size_t)q->per_page : DG_PAGE;
    for (size_t i = 0; i < rows.box->n; i++)
        if (wanted_id(ids, dv_get(rows.box->item[i], "id")))
            dv_add(a, fit, rows.box->item[i]);
    if (by.kind == DV_TEXT)
        sort_rows(fit, by.t.s, dv_is_text(order, "asc"));
    for (size_t i = page - 1 > fit.box->n / per ? fit.box->n : (page - 1) * per; i < fit.box->n && out.box->n < per;
         i++)
        dv_add(a, out, dg_select_fields(a, fit.box->item[i], q->options));
    return out;
}
