#include "deluge/lex_name.h"

#include "base/mem.h"

static uint32_t hash(const char *s, size_t n)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

static void grow(struct dg_name_table *t)
{
    size_t n = t->n_slots ? t->n_slots * 2 : 64;
    free(t->slot);
    t->slot = mem_zalloc(n * sizeof *t->slot);
    t->n_slots = n;
    for (size_t i = 0; i < t->n; i++) {
        size_t at = hash(t->name[i]->s, t->name[i]->len) & (n - 1);
        while (t->slot[at])
            at = (at + 1) & (n - 1);
        t->slot[at] = (uint32_t)i + 1;
    }
}

static const struct dg_name *make(struct dg_arena *a, const char *s, size_t n, size_t index)
{
    struct dg_name *name = dg_arena_alloc(a, sizeof *name);
    char *lower = dg_arena_dupn(a, s, n);
    for (size_t i = 0; i < n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] - 'A' + 'a');
    *name = (struct dg_name){dg_arena_dupn(a, s, n), lower, (uint32_t)n, (uint32_t)index};
    return name;
}

const struct dg_name *dg_name_get(struct dg_name_table *t, struct dg_arena *a, const char *s, size_t n)
{
    if (t->n * 2 >= t->n_slots)
        grow(t);
    size_t at = hash(s, n) & (t->n_slots - 1);
    for (; t->slot[at]; at = (at + 1) & (t->n_slots - 1)) {
        const struct dg_name *known = t->name[t->slot[at] - 1];
        if (known->len == n && memcmp(known->s, s, n) == 0)
            return known;
    }
    const struct dg_name *name = make(a, s, n, t->n);
    VEC_PUSH(t->name, t->n, t->cap, name);
    t->slot[at] = (uint32_t)t->n;
    return name;
}

const struct dg_name **dg_name_table_take(struct dg_name_table *t)
{
    const struct dg_name **list = t->name;
    free(t->slot);
    *t = (struct dg_name_table){0};
    return list;
}
