/* plan/near.c — labels compared as people read them. */
#include "plan/near.h"

#include <ctype.h>

#include "base/mem.h"
#include "base/text.h"

enum { NEAR_MIN = 6 };

/* Bytes past ASCII are letters here: no label loses them. */
static char *squashed(const char *s, bool digits_only)
{
    char *out = mem_dup(s), *to = out;
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (digits_only ? isdigit(c) : isalnum(c) || c >= 0x80)
            *to++ = (char)tolower(c);
    }
    *to = '\0';
    return out;
}

static bool same_by(const char *a, const char *b, bool digits_only)
{
    AUTO_FREE char *x = squashed(a, digits_only);
    AUTO_FREE char *y = squashed(b, digits_only);
    return (digits_only || *x) && !strcmp(x, y);
}

bool label_same(const char *a, const char *b)
{
    return same_by(a, b, false);
}

bool label_near(const char *a, const char *b)
{
    if (label_same(a, b))
        return true;
    AUTO_FREE char *x = squashed(a, false);
    AUTO_FREE char *y = squashed(b, false);
    return strlen(x) >= NEAR_MIN && strlen(y) >= NEAR_MIN && text_distance(x, y, 1) <= 1 && same_by(a, b, true);
}
