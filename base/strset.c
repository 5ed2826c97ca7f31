#include "base/strset.h"

#include <stdarg.h>
#include <string.h>

#include "base/mem.h"

/* Where text stands, or where it would. */
static size_t place(const struct strset *s, const char *text, bool *found)
{
    size_t lo = 0, hi = s->n;
    *found = false;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = strcmp(s->item[mid], text);
        if (c == 0) {
            *found = true;
            return mid;
        }
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool insert(struct strset *s, char *owned)
{
    bool found;
    size_t at = place(s, owned, &found);
    if (found) {
        free(owned);
        return false;
    }
    VEC_PUSH(s->item, s->n, s->cap, owned);
    memmove(s->item + at + 1, s->item + at, (s->n - 1 - at) * sizeof *s->item);
    s->item[at] = owned;
    return true;
}

bool strset_add(struct strset *s, const char *text)
{
    return insert(s, mem_dup(text));
}

bool strset_addf(struct strset *s, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    return insert(s, text);
}

bool strset_has(const struct strset *s, const char *text)
{
    bool found;
    place(s, text, &found);
    return found;
}

void strset_merge(struct strset *s, const struct strset *from)
{
    for (size_t i = 0; i < from->n; i++)
        strset_add(s, from->item[i]);
}

void strset_release(struct strset *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->item[i]);
    free(s->item);
    *s = (struct strset){0};
}
