#include <string.h>

#include "deluge/value.h"
#include "deluge/zone.h"

static bool equal(struct dv a, struct dv b, const struct dv_zone *zone, int depth, int *budget)
{
    if (dv_is_number(a) && dv_is_number(b))
        return a.kind == DV_INT && b.kind == DV_INT ? a.i == b.i : dec_cmp(dv_decimal(a), dv_decimal(b)) == 0;
    if (dv_is_time(a) && dv_is_time(b))
        return a.kind == b.kind ? a.i == b.i : zone_instant(zone, a) == zone_instant(zone, b);
    if (a.kind != b.kind)
        return false;
    if (a.kind == DV_NULL)
        return true;
    if (a.kind == DV_BOOL)
        return a.b == b.b;
    if (a.kind == DV_TEXT || a.kind == DV_FILE)
        return a.t.n == b.t.n && !memcmp(a.t.s, b.t.s, a.t.n);
    if (a.kind != DV_BOX)
        return a.i == b.i;
    if (a.box == b.box)
        return true;
    if (a.box->n != b.box->n || depth > DV_MAX_DEPTH || --*budget < 0)
        return false;
    if (a.box->n && a.box->shape != b.box->shape)
        return false;
    for (size_t i = 0; i < a.box->n; i++) {
        long at = (long)i;
        if (a.box->shape == DV_MAP)
            at = dv_find(b, a.box->key[i].t.s, a.box->key[i].t.n);
        if (at < 0 || !equal(a.box->item[i], b.box->item[at], zone, depth + 1, budget))
            return false;
    }
    return true;
}

bool dv_equal(struct dv a, struct dv b, const struct dv_zone *zone)
{
    int budget = 1 << 20; /* lists that hold themselves twice would never end */
    return equal(a, b, zone, 0, &budget);
}

bool dv_order(struct dv a, struct dv b, const struct dv_zone *zone, int *order)
{
    int64_t x, y;
    if (dv_is_number(a) && dv_is_number(b)) {
        *order =
            a.kind == DV_INT && b.kind == DV_INT ? (a.i > b.i) - (a.i < b.i) : dec_cmp(dv_decimal(a), dv_decimal(b));
        return true;
    }
    if (a.kind == DV_TEXT && b.kind == DV_TEXT) {
        *order = memcmp(a.t.s, b.t.s, a.t.n < b.t.n ? a.t.n : b.t.n);
        if (!*order)
            *order = (a.t.n > b.t.n) - (a.t.n < b.t.n);
        return true;
    }
    if (a.kind == DV_TIME && b.kind == DV_TIME)
        x = a.i, y = b.i;
    else if (dv_is_time(a) && dv_is_time(b))
        x = zone_instant(zone, a), y = zone_instant(zone, b);
    else
        return false;
    *order = (x > y) - (x < y);
    return true;
}
