/* deluge/builtin_map.c — functions of maps and collections. help/functions/{map,collection} */
#include <string.h>

#include "deluge/builtin.h"

static bool put(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    dv_put(&f->run->arena, c->arg[0], dg_text(f, c->arg[1]), dg_share(f, c->arg[2]));
    *out = c->arg[0];
    return true;
}

static bool put_all(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (!dv_is_map(c->arg[1]))
        return dg_fail(f, "'%s' can not be cast to 'MAP'", dv_type(c->arg[1]));
    for (size_t i = 0; i < c->arg[1].box->n; i++)
        dv_put(&f->run->arena, c->arg[0], c->arg[1].box->key[i], c->arg[1].box->item[i]);
    *out = c->arg[0];
    return true;
}

static long key_of(struct dg_frame *f, struct dv map, struct dv key)
{
    key = dg_text(f, key);
    return dv_find(map, key.t.s, key.t.n);
}

static bool get(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = key_of(f, c->arg[0], c->arg[1]);
    *out = at < 0 ? dv_null() : c->arg[0].box->item[at];
    return true;
}

static bool remove_key(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = key_of(f, c->arg[0], c->arg[1]);
    *out = at < 0 ? dv_null() : c->arg[0].box->item[at];
    if (at >= 0)
        dv_remove(&f->run->arena, c->arg[0], (size_t)at);
    return true;
}

static bool contains_key(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_bool(key_of(f, c->arg[0], c->arg[1]) >= 0);
    return true;
}

static long value_of(const struct dg_frame *f, struct dv box, struct dv what)
{
    for (size_t i = 0; i < box.box->n; i++)
        if (dv_equal(box.box->item[i], what, &f->run->zone))
            return (long)i;
    return -1;
}

static bool contains_value(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_bool((value_of(f, c->arg[0], c->arg[1]) >= 0) == (*c->name == 'c'));
    return true;
}

static bool parts(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    const struct dv_box *b = c->arg[0].box;
    *out = dv_box_new(&f->run->arena, DV_LIST);
    for (size_t i = 0; i < b->n; i++) {
        bool keys = *c->name == 'k';
        dv_add(&f->run->arena, *out, !keys ? b->item[i] : b->shape == DV_MAP ? b->key[i] : dv_int((int64_t)i));
    }
    return true;
}

/* insert(value) makes a list of a collection, insert(key:value) or insert(key,value) a map. */
static bool insert(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv to = c->arg[0];
    struct dg_arena *a = &f->run->arena;
    *out = to;
    if (c->n == 3) {
        dv_put(a, to, dg_text(f, c->arg[1]), c->arg[2]);
        return true;
    }
    bool pairs = c->arg[1].kind == DV_BOX && c->arg[1].box->shape == DV_MAP && to.box->shape != DV_LIST;
    if (pairs || (!strcmp(c->name, "insertall") && dv_is_map(c->arg[1]) && to.box->shape == DV_MAP))
        return put_all(f, c, out);
    if (to.box->shape == DV_MAP)
        return dg_fail(f, "'%s' can not be cast to 'MAP'", dv_type(c->arg[1]));
    if (strcmp(c->name, "insertall") != 0)
        dv_add(a, to, c->arg[1]);
    for (size_t i = 0; !strcmp(c->name, "insertall") && dv_is_list(c->arg[1]) && i < c->arg[1].box->n; i++)
        dv_add(a, to, c->arg[1].box->item[i]);
    return true;
}

/* By key of a map, by position of a list. -1 when absent. */
static long place(struct dg_frame *f, struct dv box, struct dv key)
{
    if (box.box->shape == DV_MAP)
        return key_of(f, box, key);
    return key.kind == DV_INT && key.i >= 0 && (size_t)key.i < box.box->n ? (long)key.i : -1;
}

static bool collection_get(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = place(f, c->arg[0], c->arg[1]);
    *out = at < 0 ? dv_null() : c->arg[0].box->item[at];
    return true;
}

static bool get_key(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    const struct dv_box *b = c->arg[0].box;
    long at = -1;
    for (size_t i = 0; i < b->n && (at < 0 || strstr(c->name, "last")); i++)
        if (dv_equal(b->item[i], c->arg[1], &f->run->zone))
            at = (long)i;
    *out = at < 0 ? dv_null() : b->shape == DV_MAP ? b->key[at] : dv_int(at);
    return true;
}

static bool update(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = place(f, c->arg[0], c->arg[1]);
    *out = c->arg[0];
    if (at < 0)
        return dg_fail(f, "An error occurred while performing this action: the collection has no key '%.60s'",
                       dg_text(f, c->arg[1]).t.s);
    dv_own(&f->run->arena, c->arg[0]);
    c->arg[0].box->item[at] = c->arg[2];
    return true;
}

static bool delete_value(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    long at = value_of(f, c->arg[0], c->arg[1]);
    *out = c->arg[0];
    if (at >= 0)
        dv_remove(&f->run->arena, c->arg[0], (size_t)at);
    return true;
}

static bool delete_key(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv keys = c->arg[1];
    *out = c->arg[0];
    if (!dv_is_list(keys)) {
        keys = dv_box_new(&f->run->arena, DV_LIST);
        dv_add(&f->run->arena, keys, c->arg[1]);
    }
    /* From the back, so that positions of a list stay right. */
    for (size_t i = keys.box->n; i-- > 0;) {
        long at = place(f, c->arg[0], keys.box->item[i]);
        if (at >= 0)
            dv_remove(&f->run->arena, c->arg[0], (size_t)at);
    }
    return true;
}

static bool delete_all(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = c->arg[0];
    if (c->arg[1].kind != DV_BOX)
        return dg_fail(f, "'%s' can not be cast to 'LIST'", dv_type(c->arg[1]));
    for (size_t i = 0; i < c->arg[1].box->n; i++) {
        long at = value_of(f, c->arg[0], c->arg[1].box->item[i]);
        if (at >= 0)
            dv_remove(&f->run->arena, c->arg[0], (size_t)at);
    }
    return true;
}

static bool duplicate(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = dv_copy(&f->run->arena, c->arg[0]);
    return true;
}

static void append(struct dg_frame *f, struct dv to, const struct dv_box *from, size_t i)
{
    if (from->shape == DV_MAP)
        dv_put(&f->run->arena, to, from->key[i], from->item[i]);
    else
        dv_add(&f->run->arena, to, from->item[i]);
}

static struct dv like(struct dg_frame *f, const struct dv_box *b)
{
    struct dv v = dv_box_new(&f->run->arena, b->shape);
    v.box->collection = true;
    return v;
}

static bool distinct(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    *out = like(f, c->arg[0].box);
    for (size_t i = 0; i < c->arg[0].box->n; i++)
        if (value_of(f, *out, c->arg[0].box->item[i]) < 0)
            append(f, *out, c->arg[0].box, i);
    return true;
}

static bool intersect(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    if (c->arg[1].kind != DV_BOX)
        return dg_fail(f, "'%s' can not be cast to 'COLLECTION'", dv_type(c->arg[1]));
    *out = like(f, c->arg[0].box);
    for (size_t i = 0; i < c->arg[0].box->n; i++)
        if (value_of(f, c->arg[1], c->arg[0].box->item[i]) >= 0)
            append(f, *out, c->arg[0].box, i);
    return true;
}

/* In place by insertion: collections of scripts are small. */
static bool sort(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    struct dv_box *b = c->arg[0].box;
    bool by_key = !strcmp(c->name, "sortkey") && b->shape == DV_MAP,
         up = c->n < 2 || (c->arg[1].kind == DV_BOOL && c->arg[1].b);
    *out = like(f, b);
    if (b->n > 5000)
        return dg_fail_limit(f, "a collection of more than 5000 elements is not sorted here");
    for (size_t i = 0; i < b->n; i++) {
        size_t at = 0;
        for (; at < out->box->n; at++) {
            int order;
            struct dv x = by_key ? b->key[i] : b->item[i], y = by_key ? out->box->key[at] : out->box->item[at];
            if (!dv_order(x, y, &f->run->zone, &order))
                return dg_fail(f, "An error occurred while performing this action: %s and %s have no order", dv_type(x),
                               dv_type(y));
            if (up ? order < 0 : order > 0)
                break;
        }
        append(f, *out, b, i);
        struct dv_box *o = out->box;
        struct dv key = b->shape == DV_MAP ? o->key[o->n - 1] : dv_null(), item = o->item[o->n - 1];
        memmove(o->item + at + 1, o->item + at, (o->n - 1 - at) * sizeof item);
        o->item[at] = item;
        if (b->shape == DV_MAP) {
            memmove(o->key + at + 1, o->key + at, (o->n - 1 - at) * sizeof key);
            o->key[at] = key;
        }
    }
    struct dv sorted = like(f, b);
    for (size_t i = 0; i < out->box->n; i++)
        append(f, sorted, out->box, i);
    *b = *sorted.box;
    *out = c->arg[0];
    return true;
}

const struct dg_builtin dg_map_rows[] = {
    {"put", ON_MAP, 3, 3, put},
    {"putall", ON_MAP, 2, 2, put_all},
    {"get", ON_MAP, 2, 2, get},
    {"remove", ON_MAP, 2, 2, remove_key},
    {"containkey", ON_MAP | ON_COLLECTION, 2, 2, contains_key},
    {"containskey", ON_MAP | ON_COLLECTION, 2, 2, contains_key},
    {"containvalue", ON_MAP | ON_COLLECTION, 2, 2, contains_value},
    {"containsvalue", ON_MAP | ON_COLLECTION, 2, 2, contains_value},
    {"notcontains", ON_COLLECTION, 2, 2, contains_value},
    {"keys", ON_MAP | ON_COLLECTION, 1, 1, parts},
    {"values", ON_MAP | ON_COLLECTION, 1, 1, parts},
    {"insert", ON_COLLECTION, 2, 3, insert},
    {"insertall", ON_COLLECTION, 2, 2, insert},
    {"get", ON_COLLECTION, 2, 2, collection_get},
    {"getkey", ON_COLLECTION, 2, 2, get_key},
    {"getlastkey", ON_COLLECTION, 2, 2, get_key},
    {"update", ON_COLLECTION, 3, 3, update},
    {"delete", ON_COLLECTION, 2, 2, delete_value},
    {"deletekey", ON_COLLECTION, 2, 2, delete_key},
    {"deletekeys", ON_COLLECTION, 2, 2, delete_key},
    {"deleteall", ON_COLLECTION, 2, 2, delete_all},
    {"duplicate", ON_COLLECTION, 1, 1, duplicate},
    {"distinct", ON_COLLECTION, 1, 1, distinct},
    {"intersect", ON_COLLECTION, 2, 2, intersect},
    {"sort", ON_COLLECTION, 1, 2, sort},
    {"sortkey", ON_COLLECTION, 1, 2, sort},
    {NULL, 0, 0, 0, NULL},
};
