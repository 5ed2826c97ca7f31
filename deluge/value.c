#include "deluge/value.h"

#include <string.h>

struct dv dv_static(const char *s)
{
    return (struct dv){.kind = DV_TEXT, .t = {s, strlen(s)}};
}
struct dv dv_char(char c)
{
#define C1(n)                                                                                                          \
    {                                                                                                                  \
        (char)(n)                                                                                                      \
    }
#define C4(n)  C1(n), C1((n) + 1), C1((n) + 2), C1((n) + 3)
#define C16(n) C4(n), C4((n) + 4), C4((n) + 8), C4((n) + 12)
#define C64(n) C16(n), C16((n) + 16), C16((n) + 32), C16((n) + 48)
    static const char one[256][2] = {C64(0), C64(64), C64(128), C64(192)};
    return (struct dv){.kind = DV_TEXT, .t = {one[(unsigned char)c], 1}};
}
struct dv dv_textn(struct dg_arena *a, const char *s, size_t n)
{
    return (struct dv){.kind = DV_TEXT, .t = {dg_arena_dupn(a, s, n), n}};
}
struct dv dv_text(struct dg_arena *a, const char *s)
{
    return dv_textn(a, s, strlen(s));
}
struct dv dv_box_new(struct dg_arena *a, enum dv_shape shape)
{
    struct dv v = {.kind = DV_BOX, .box = dg_arena_alloc(a, sizeof(struct dv_box))};
    v.box->shape = shape;
    return v;
}

bool dv_is_text(struct dv v, const char *s)
{
    return v.kind == DV_TEXT && v.t.n == strlen(s) && !memcmp(v.t.s, s, v.t.n);
}

const char *dv_type(struct dv v)
{
    static const char *const names[] = {
        [DV_NULL] = "NULL", [DV_BOOL] = "BOOLEAN", [DV_INT] = "BIGINT",         [DV_DECIMAL] = "DECIMAL",
        [DV_TEXT] = "TEXT", [DV_DATE] = "DATE",    [DV_DATETIME] = "DATE-TIME", [DV_TIME] = "TIME",
        [DV_BOX] = "MAP",   [DV_FILE] = "FILE"};
    if (v.kind == DV_BOX && v.box->collection)
        return "COLLECTION";
    return v.kind == DV_BOX && v.box->shape == DV_LIST ? "LIST" : names[v.kind];
}

/* ── Boxes ──────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void grow(struct dg_arena *a, struct dv_box *b)
{
    if (b->n < b->cap)
        return;
    size_t cap = b->cap ? b->cap * 2 : 4;
    struct dv *item = dg_arena_alloc(a, cap * sizeof *item), *key = NULL;
    if (b->n)
        memcpy(item, b->item, b->n * sizeof *item);
    if (b->shape == DV_MAP) {
        key = dg_arena_alloc(a, cap * sizeof *key);
        if (b->n)
            memcpy(key, b->key, b->n * sizeof *key);
    }
    b->item = item;
    b->key = key;
    b->cap = cap;
    b->walkers = 0;
}

void dv_own(struct dg_arena *a, struct dv box)
{
    struct dv_box *b = box.box;
    if (!b->walkers)
        return;
    size_t n = b->n;
    const struct dv *item = b->item, *key = b->key;
    b->item = dg_arena_alloc(a, (n + 1) * sizeof *item);
    memcpy(b->item, item, n * sizeof *item);
    if (key) {
        b->key = dg_arena_alloc(a, (n + 1) * sizeof *key);
        memcpy(b->key, key, n * sizeof *key);
    }
    b->cap = n + 1;
    b->walkers = 0;
}

void dv_insert(struct dg_arena *a, struct dv list, size_t at, struct dv item)
{
    struct dv_box *b = list.box;
    b->shape = DV_LIST;
    if (at < b->n) /* what is added behind the end disturbs no walker */
        dv_own(a, list);
    grow(a, b);
    memmove(b->item + at + 1, b->item + at, (b->n - at) * sizeof *b->item);
    b->item[at] = item;
    b->n++;
}

void dv_add(struct dg_arena *a, struct dv list, struct dv item)
{
    dv_insert(a, list, list.box->n, item);
}

static size_t hash(const char *s, size_t n)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 1099511628211u;
    return (size_t)(h ^ h >> 29);
}

static void index_key(struct dv_box *b, size_t i)
{
    size_t at = hash(b->key[i].t.s, b->key[i].t.n) & (b->n_slots - 1);
    while (b->slot[at])
        at = (at + 1) & (b->n_slots - 1);
    b->slot[at] = (uint32_t)i + 1;
}

/* Small maps are searched in order; from nine keys on an index, at most half full. */
static void reindex(struct dg_arena *a, struct dv_box *b, bool moved)
{
    if (b->shape != DV_MAP || b->n <= 8) {
        b->slot = NULL;
        b->n_slots = 0;
        return;
    }
    if (b->slot && b->n * 2 <= b->n_slots) {
        if (!moved) {
            index_key(b, b->n - 1);
            return;
        }
        memset(b->slot, 0, b->n_slots * sizeof *b->slot);
    } else {
        b->n_slots = b->n_slots ? b->n_slots * 2 : 32;
        while (b->n_slots < b->n * 2)
            b->n_slots *= 2;
        b->slot = dg_arena_alloc(a, b->n_slots * sizeof *b->slot);
    }
    for (size_t i = 0; i < b->n; i++)
        index_key(b, i);
}

long dv_find(struct dv map, const char *key, size_t n)
{
    const struct dv_box *b = map.box;
    if (b->shape != DV_MAP)
        return -1;
    if (!b->slot) {
        for (size_t i = 0; i < b->n; i++)
            if (b->key[i].t.n == n && !memcmp(b->key[i].t.s, key, n))
                return (long)i;
        return -1;
    }
    for (size_t at = hash(key, n) & (b->n_slots - 1); b->slot[at]; at = (at + 1) & (b->n_slots - 1)) {
        const struct dv *k = &b->key[b->slot[at] - 1];
        if (k->t.n == n && !memcmp(k->t.s, key, n))
            return (long)b->slot[at] - 1;
    }
    return -1;
}

void dv_put(struct dg_arena *a, struct dv map, struct dv key, struct dv item)
{
    struct dv_box *b = map.box;
    b->shape = DV_MAP;
    long at = dv_find(map, key.t.s, key.t.n);
    if (at >= 0) {
        b->item[at] = item;
        return;
    }
    grow(a, b);
    b->key[b->n] = key;
    b->item[b->n++] = item;
    reindex(a, b, false);
}

void dv_puts(struct dg_arena *a, struct dv map, const char *key, struct dv item)
{
    dv_put(a, map, dv_text(a, key), item);
}

void dv_remove(struct dg_arena *a, struct dv box, size_t at)
{
    struct dv_box *b = box.box;
    dv_own(a, box);
    memmove(b->item + at, b->item + at + 1, (b->n - at - 1) * sizeof *b->item);
    if (b->shape == DV_MAP)
        memmove(b->key + at, b->key + at + 1, (b->n - at - 1) * sizeof *b->key);
    b->n--;
    reindex(a, b, true);
}

void dv_clear(struct dv box)
{
    if (box.box->walkers) {
        box.box->item = box.box->key = NULL;
        box.box->cap = 0;
        box.box->walkers = 0;
    }
    box.box->n = 0;
    box.box->slot = NULL;
    box.box->n_slots = 0;
}

struct dv dv_get(struct dv map, const char *key)
{
    if (map.kind != DV_BOX)
        return dv_null();
    long at = dv_find(map, key, strlen(key));
    return at < 0 ? dv_null() : map.box->item[at];
}

const char *dv_str(struct dv map, const char *key, const char *fallback)
{
    struct dv v = dv_get(map, key);
    return v.kind == DV_TEXT ? v.t.s : fallback;
}

static struct dv copy(struct dg_arena *a, struct dv v, int depth, size_t most)
{
    if (v.kind != DV_BOX)
        return v;
    if (depth > DV_MAX_DEPTH || a->used > most)
        return dv_null();
    struct dv to = dv_box_new(a, v.box->shape);
    to.box->collection = v.box->collection;
    to.box->fault = v.box->fault;
    for (size_t i = 0; i < v.box->n; i++)
        if (v.box->shape == DV_MAP)
            dv_put(a, to, v.box->key[i], copy(a, v.box->item[i], depth + 1, most));
        else
            dv_add(a, to, copy(a, v.box->item[i], depth + 1, most));
    return to;
}

struct dv dv_copy(struct dg_arena *a, struct dv v)
{
    return copy(a, v, 0, a->used + DV_MAX_COPY);
}
