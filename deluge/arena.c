#include "deluge/arena.h"

#include <stdalign.h>

#include "base/mem.h"

struct dg_arena_block {
    struct dg_arena_block *next;
    size_t used, cap;
    alignas(max_align_t) char data[];
};

#ifdef ARENA_DEBUG
enum { BLOCK_BYTES = 0 };
#else
enum { BLOCK_BYTES = 64 * 1024 };
#endif

void *dg_arena_alloc(struct dg_arena *a, size_t n)
{
    size_t need = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    a->used += need;
    if (!a->head || a->head->cap - a->head->used < need || BLOCK_BYTES == 0) {
        size_t cap = need > BLOCK_BYTES ? need : BLOCK_BYTES;
        struct dg_arena_block *b = mem_zalloc(sizeof *b + (cap ? cap : 1));
        b->cap = cap;
        b->next = a->head;
        a->head = b;
    }
    void *p = a->head->data + a->head->used;
    a->head->used += need;
    return p;
}

char *dg_arena_dupn(struct dg_arena *a, const char *s, size_t n)
{
    char *copy = dg_arena_alloc(a, n + 1);
    memcpy(copy, s, n);
    return copy;
}

char *dg_arena_printf(struct dg_arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *s = mem_vprintf(fmt, ap);
    va_end(ap);
    return dg_arena_dupn(a, s, strlen(s));
}

void dg_arena_release(struct dg_arena *a)
{
    while (a->head) {
        struct dg_arena_block *next = a->head->next;
        free(a->head);
        a->head = next;
    }
    *a = (struct dg_arena){0};
}
