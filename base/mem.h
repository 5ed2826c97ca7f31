/*
 * base/mem.h — memory: running out ends the program in one place, and ownership is said by declaration.
 *
 * Out of memory  mem_* never return NULL; they print one line and exit 1. The journal makes that safe.
 *                Too big is an error of its own (ERR_LIMIT), carried by whoever has the maximum.
 * Idioms         AUTO_FREE char *s = …;  AUTO_JSON json_t *j = …;  AUTO_SB struct sb b = SB_INIT(max);
 *                One function uses either AUTO_* or goto out, never both.
 * Call order     mem_init once in main: puts jansson under the same rule.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H
#include <jansson.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

void mem_init(void);
void *mem_alloc(size_t n) __attribute__((malloc, returns_nonnull, warn_unused_result));
void *mem_zalloc(size_t n) __attribute__((malloc, returns_nonnull, warn_unused_result));
/* Room for count items of size bytes; overflow of the product counts as out of memory. p may be NULL. */
void *mem_grow(void *p, size_t count, size_t size) __attribute__((returns_nonnull, warn_unused_result));
char *mem_dup(const char *s) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_dupn(const char *s, size_t n) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2), returns_nonnull, warn_unused_result));
char *mem_vprintf(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0), returns_nonnull));

void mem_auto_free(void *pointer_to_pointer);
void mem_auto_json(json_t **j);
#define AUTO_FREE __attribute__((cleanup(mem_auto_free)))
#define AUTO_JSON __attribute__((cleanup(mem_auto_json)))

/* Appends one element to a growing array: VEC_PUSH(list->item, list->n, list->cap, value). */
#define VEC_PUSH(ptr, n, cap, value)                                                                                   \
    do {                                                                                                               \
        if ((n) == (cap) || !(ptr)) {                                                                                  \
            (cap) = (cap) ? (cap)*2 : 8;                                                                               \
            (ptr) = mem_grow((ptr), (cap), sizeof *(ptr));                                                             \
        }                                                                                                              \
        (ptr)[(n)++] = (value);                                                                                        \
    } while (0)
#endif
