/* deluge/builtin_list.c — functions of lists. help/functions/list, help/datatypes/list */
#include <string.h>

#include "deluge/builtin.h"

enum { MAX_ADD_ALL = 25000 }; /* help/datatypes/list */

static bool add(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t at = (int64_t)c->arg[0].box->n;
    if (c->n == 3 && !dg_to_int(f, c->arg[2], &at))
        return false;
    if (at < 0 || (size_t)at > c->arg[0].box->n)
        return dg_fail(f, "Given index %lld is greater than the list size", (long long)at);
    dv_insert(&f->run->arena, c->arg[0], (size_t)at, dg_share(f, c->arg[1]));
    *out = c->arg[0];
    return true;
}

static bool list_argument(struct dg_frame *f, const struct dg_call *c)
{
    return dv_is_list(c->arg[1]) ? true
                                 : dg_fail(f,
                                           "Incompatible types for function at argument index 1 Required: [LIST] "
                                           "Found: %s",
                                           dv_type(c->arg[1]));
}

static bool add_all(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!list_argument(f, c))
        return false;
    size_t n = c->arg[1].box->n; /* fixed before: a list may be added to itself */
    if (n > MAX_ADD_ALL)
        return dg_fail(f, "addAll takes at most %d elements", MAX_ADD_ALL);
    for (size_t i = 0; i < n; i++)
        dv_add(&f->run->arena, c->arg[0], c->arg[1].box->item[i]);
    *out = c->arg[0];
    return true;
}

static bool position(struct dg_frame *f, const struct dg_call *c, size_t *at)
{
    int64_t i;
    if (c->arg[1].kind != DV_INT)
        return c->arg[1].kind == DV_TEXT ? dg_fail(f, "'%.60s' can not be cast to 'BIGINT'", c->arg[1].t.s)
                                         : dg_fail(f, "'%s' can not be cast to 'BIGINT'", dv_type(c->arg[1]));
    i = c->arg[1].i;
    if (i < 0 || (size_t)i >= c->arg[0].box->n)
        return dg_fail(f, "Given index %lld is greater than the list size", (long long)i);
    *at = (size_t)i;
    return true;
}

static bool get(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    size_t at = 0;
    if (!position(f, c, &at))
        return false;
    *out = c->arg[0].box->item[at];
    return true;
}

static bool remove_at(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    size_t at = 0;
    if (!position(f, c, &at))
        return false;
    *out = c->arg[0].box->item[at];
    dv_remove(&f->run->arena, c->arg[0], at);
    return true;
}

static long seek(const struct dg_frame *f, struct dv list, struct dv what, bool last)
{
    long found = -1;
    for (size_t i = 0; i < list.box->n && (found < 0 || last); i++)
        if (dv_equal(list.box->item[i], what, &f->run->zone))
            found = (long)i;
    return found;
}

static bool remove_element(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = seek(f, c->arg[0], c->arg[1], false);
    if (at >= 0)
        dv_remove(&f->run->arena, c->arg[0], (size_t)at);
    *out = c->arg[0];
    return true;
}

static bool remove_all(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!list_argument(f, c))
        return false;
    for (size_t i = c->arg[0].box->n; i-- > 0;)
        if (i < c->arg[0].box->n && seek(f, c->arg[1], c->arg[0].box->item[i], false) >= 0)
            dv_remove(&f->run->arena, c->arg[0], i);
    *out = c->arg[0];
    return true;
}

static bool clear(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    dv_clear(c->arg[0]);
    *out = c->arg[0];
    return true;
}

static bool size(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = dv_int((int64_t)c->arg[0].box->n);
    return true;
}

static bool contains(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_bool((seek(f, c->arg[0], c->arg[1], false) >= 0) == (*c->name == 'c'));
    return true;
}

static bool index_of(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_int(seek(f, c->arg[0], c->arg[1], *c->name == 'l'));
    return true;
}

static bool distinct(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < c->arg[0].box->n; i++)
        if (seek(f, *out, c->arg[0].box->item[i], false) < 0)
            dv_add(&f->run->arena, *out, c->arg[0].box->item[i]);
    return true;
}

static bool merge(struct dg_frame *f, struct dv *item, struct dv *spare, size_t n, bool ascending)
{
    if (n < 2)
        return true;
    size_t half = n / 2, a = 0, b = half;
    if (!merge(f, item, spare, half, ascending) || !merge(f, item + half, spare, n - half, ascending))
        return false;
    for (size_t k = 0; k < n; k++) {
        int order = 0;
        if (a < half && b < n && !dv_order(item[a], item[b], &f->run->zone, &order))
            return dg_fail(f, "An error occurred while performing this action: %s and %s have no order",
                           dv_type(item[a]), dv_type(item[b]));
        bool left = b == n || (a < half && (ascending ? order <= 0 : order >= 0));
        spare[k] = left ? item[a++] : item[b++];
    }
    memcpy(item, spare, n * sizeof *item);
    return true;
}

/* A new list; true (or nothing) sorts upwards, texts by their bytes. */
static bool sort(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool up = true;
    if (c->n == 2) {
        if (c->arg[1].kind != DV_BOOL)
            return dg_fail(f, "Incompatible types for function at argument index 1 Required: [BOOLEAN] Found: %s",
                           dv_type(c->arg[1]));
        up = c->arg[1].b;
    }
    *out = dv_box_new(&f->run->arena, DV_LIST);
    size_t n = c->arg[0].box->n;
    for (size_t i = 0; i < n; i++)
        dv_add(&f->run->arena, *out, c->arg[0].box->item[i]);
    struct dv *spare = dg_arena_alloc(&f->run->arena, (n + 1) * sizeof *spare);
    return merge(f, out->box->item, spare, n, up);
}

static bool sub_list(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    int64_t from, to = (int64_t)c->arg[0].box->n;
    if (!dg_to_int(f, c->arg[1], &from) || (c->n == 3 && !dg_to_int(f, c->arg[2], &to)))
        return false;
    if (from < 0 || from > to || (size_t)to > c->arg[0].box->n)
        return dg_fail(f, "Given index %lld is greater than the list size", (long long)(from < 0 ? from : to));
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (int64_t i = from; i < to; i++)
        dv_add(&f->run->arena, *out, c->arg[0].box->item[i]);
    return true;
}

static bool intersect(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!list_argument(f, c))
        return false;
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < c->arg[0].box->n; i++)
        if (seek(f, c->arg[1], c->arg[0].box->item[i], false) >= 0)
            dv_add(&f->run->arena, *out, c->arg[0].box->item[i]);
    return true;
}

/* The elements as numbers in upward order: what the statistics read. */
static bool numbers(struct dg_frame *f, struct dv list, struct dv *sorted)
{
    *sorted = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < list.box->n; i++) {
        struct dv v = {0};
        if (!dg_to_number(f, list.box->item[i], &v))
            return false;
        dv_add(&f->run->arena, *sorted, v);
    }
    struct dv *spare = dg_arena_alloc(&f->run->arena, (list.box->n + 1) * sizeof *spare);
    return list.box->n ? merge(f, sorted->box->item, spare, list.box->n, true)
                       : dg_fail(f, "Given index 0 is greater than the list size");
}

static bool statistic(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv s = {0};
    struct dec sum = dec_int(0);
    if (!numbers(f, c->arg[0], &s))
        return false;
    size_t n = s.box->n;
    for (size_t i = 0; i < n; i++)
        sum = dec_add(sum, dv_decimal(s.box->item[i]));
    if (*c->name == 'a')
        *out = dv_dec(dec_div(sum, dec_int((int64_t)n)));
    else if (*c->name == 'm' && n % 2 == 0)
        *out = dv_dec(dec_div(dec_add(dv_decimal(s.box->item[n / 2 - 1]), dv_decimal(s.box->item[n / 2])), dec_int(2)));
    else
        *out = s.box->item[*c->name == 'm' ? n / 2 : *c->name == 'l' ? n - 1 : 0];
    return true;
}

static bool nth(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv s = {0};
    int64_t k;
    if (!numbers(f, c->arg[0], &s) || !dg_to_int(f, c->arg[1], &k))
        return false;
    int64_t n = (int64_t)s.box->n;
    if (k < 1 || k > n)
        return dg_fail(f, "Given index %lld is greater than the list size", (long long)k);
    *out = s.box->item[strstr(c->name, "largest") ? n - k : k - 1];
    return true;
}

/* The smallest element that is not below n of 100 of the elements (help/functions/number/percentile). */
static bool percentile(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv s = {0}, n = {0};
    int64_t at;
    if (!numbers(f, c->arg[0], &s) || !dg_to_number(f, c->arg[1], &n))
        return false;
    struct dec share = dv_decimal(n), hundred = dec_int(100);
    if (dec_cmp(share, dec_int(0)) <= 0 || dec_cmp(share, hundred) > 0)
        return dg_fail(f, "percentile takes a number above 0 and up to 100");
    share = dec_div(dec_mul(share, dec_int((int64_t)s.box->n)), hundred);
    if (!dec_to_int(dec_round(share, 0, DEC_CEIL), &at) || at < 1)
        return dg_fail(f, "percentile takes a number above 0 and up to 100");
    *out = s.box->item[at - 1];
    return true;
}

static bool to_list(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = c->arg[0];
    return true;
}

const struct dg_builtin dg_list_rows[] = {
    {"add", ON_LIST, 2, 3, add},
    {"addall", ON_LIST, 2, 2, add_all},
    {"get", ON_LIST, 2, 2, get},
    {"remove", ON_LIST, 2, 2, remove_at},
    {"removeelement", ON_LIST, 2, 2, remove_element},
    {"removeall", ON_LIST, 2, 2, remove_all},
    {"clear", ON_BOX, 1, 1, clear},
    {"size", ON_BOX, 1, 1, size},
    {"contains", ON_LIST, 2, 2, contains},
    {"notcontains", ON_LIST, 2, 2, contains},
    {"indexof", ON_LIST, 2, 2, index_of},
    {"lastindexof", ON_LIST, 2, 2, index_of},
    {"distinct", ON_LIST, 1, 1, distinct},
    {"sort", ON_LIST, 1, 2, sort},
    {"sublist", ON_LIST, 2, 3, sub_list},
    {"intersect", ON_LIST, 2, 2, intersect},
    {"average", ON_LIST | ON_COLLECTION, 1, 1, statistic},
    {"median", ON_LIST | ON_COLLECTION, 1, 1, statistic},
    {"largest", ON_LIST | ON_COLLECTION, 1, 1, statistic},
    {"smallest", ON_LIST | ON_COLLECTION, 1, 1, statistic},
    {"nthlargest", ON_LIST | ON_COLLECTION, 2, 2, nth},
    {"nthsmallest", ON_LIST | ON_COLLECTION, 2, 2, nth},
    {"percentile", ON_LIST | ON_COLLECTION, 2, 2, percentile},
    {"tolist", ON_LIST, 1, 1, to_list},
    {NULL, 0, 0, 0, NULL},
};
