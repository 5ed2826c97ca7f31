/* base/strset.h — a sorted set of strings: small, ordered, deterministic. Owns its copies. */
#ifndef BASE_STRSET_H
#define BASE_STRSET_H
#include <stdbool.h>
#include <stddef.h>

struct strset {
    char **item; /* sorted by bytes, unique */
    size_t n, cap;
};
/* True when it was not there yet. */
bool strset_add(struct strset *s, const char *text);
bool strset_addf(struct strset *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool strset_has(const struct strset *s, const char *text);
void strset_merge(struct strset *s, const struct strset *from);
void strset_release(struct strset *s);
#endif
