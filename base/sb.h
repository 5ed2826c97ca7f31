/*
 * base/sb.h — a string builder with a maximum.
 *
 * Invariants  buf is never NULL and is always NUL-terminated; len excludes the NUL; len <= max.
 * Errors      appends return nothing. What would pass `max` sets `bad` and later appends do nothing;
 *             sb_take or sb_check reports it once, as ERR_LIMIT.
 * Ownership   sb_take hands the text to the caller (free) and leaves an empty builder.
 */
#ifndef BASE_SB_H
#define BASE_SB_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct sb {
    char *buf;
    size_t len, cap, max;
    bool bad;
};
extern char sb_empty[1];
#define SB_INIT(max_bytes)                                                                                             \
    {                                                                                                                  \
        sb_empty, 0, 0, (max_bytes), false                                                                             \
    }
#define AUTO_SB __attribute__((cleanup(sb_release)))

void sb_add(struct sb *b, const char *s);
void sb_addn(struct sb *b, const char *s, size_t n);
void sb_addc(struct sb *b, char c);
void sb_addf(struct sb *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sb_vaddf(struct sb *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* The code point as UTF-8; invalid ones as U+FFFD. */
void sb_add_utf8(struct sb *b, unsigned code_point);
void sb_truncate(struct sb *b, size_t len);
void sb_clear(struct sb *b);
int sb_check(const struct sb *b, const char *name, struct err *e);
/* NULL with `e` filled when the builder went bad; `name` says what was being built. */
char *sb_take(struct sb *b, const char *name, struct err *e);
void sb_release(struct sb *b);
#endif
