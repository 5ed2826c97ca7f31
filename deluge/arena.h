/*
 * deluge/arena.h — memory for one parse or one evaluation: many small pieces, freed together.
 *
 * Shape       blocks in a chain; nothing in an arena is freed alone. ARENA_DEBUG gives each piece a block of
 *             its own, so that AddressSanitizer sees an overrun.
 * Limits      none here: `used` (bytes) is for whoever has a maximum, as an interpreter has.
 * Ownership   dg_arena_release frees everything and leaves an empty arena; a zeroed arena is a valid empty one.
 */
#ifndef DELUGE_ARENA_H
#define DELUGE_ARENA_H
#include <stddef.h>

struct dg_arena_block;
struct dg_arena {
    struct dg_arena_block *head;
    size_t used; /* bytes */
};

/* Zeroed memory, aligned for any type. */
void *dg_arena_alloc(struct dg_arena *a, size_t n) __attribute__((returns_nonnull, warn_unused_result));
/* A NUL-terminated copy of n bytes. */
char *dg_arena_dupn(struct dg_arena *a, const char *s, size_t n) __attribute__((returns_nonnull, warn_unused_result));
char *dg_arena_printf(struct dg_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));
void dg_arena_release(struct dg_arena *a);
#endif
