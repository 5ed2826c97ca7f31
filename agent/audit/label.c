#include "agent/audit/label.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/sb.h"
#include "base/text.h"

enum { TYPO_MIN = 7, WORDS = 12 };

static bool wordish(char c)
{
    return isalnum((unsigned char)c) || ((unsigned char)c & 0x80);
}

char *label_fold(const char *label)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (const char *p = label; *p;) {
        while (*p && !wordish(*p))
            p++;
        const char *from = p;
        while (*p && wordish(*p))
            p++;
        size_t n = (size_t)(p - from);
        if (n == 0)
            break;
        /* "Notes" is "Note"; "Status" and "Gas" stay */
        bool plural =
            n > 3 && tolower((unsigned char)from[n - 1]) == 's' && !strchr("suai", tolower((unsigned char)from[n - 2]));
        if (b.len)
            sb_addc(&b, ' ');
        for (size_t i = 0; i < n - plural; i++)
            sb_addc(&b, (char)tolower((unsigned char)from[i]));
    }
    return mem_dup(b.buf);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The words in the order of the alphabet. */
static char *sorted(const char *folded, size_t *n)
{
    AUTO_FREE char *copy = mem_dup(folded);
    const char *word[WORDS] = {0};
    AUTO_SB struct sb b = SB_INIT(4096);
    *n = 0;
    for (char *save = NULL, *w = strtok_r(copy, " ", &save); w && *n < WORDS; w = strtok_r(NULL, " ", &save))
        word[(*n)++] = w;
    qsort(word, *n, sizeof *word, by_text);
    for (size_t i = 0; i < *n; i++)
        sb_addf(&b, "%s ", word[i]);
    return mem_dup(b.buf);
}

static bool same_digits(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a && !isdigit((unsigned char)*a))
            a++;
        while (*b && !isdigit((unsigned char)*b))
            b++;
        if (*a != *b)
            return false;
        if (!*a)
            return true;
    }
}

static char *joined(const char *folded)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (const char *p = folded; *p; p++)
        if (*p != ' ')
            sb_addc(&b, *p);
    return mem_dup(b.buf);
}

const char *label_twin(const char *a, const char *b)
{
    AUTO_FREE char *fa = label_fold(a), *fb = label_fold(b);
    AUTO_FREE char *ja = joined(fa), *jb = joined(fb);
    size_t na, nb;
    if (!*fa || !*fb || !same_digits(fa, fb))
        return NULL;
    if (!strcmp(ja, jb))
        return "only written differently";
    AUTO_FREE char *wa = sorted(fa, &na), *wb = sorted(fb, &nb);
    if (na > 1 && !strcmp(wa, wb))
        return "the same words in another order";
    if (strlen(ja) >= TYPO_MIN && strlen(jb) >= TYPO_MIN && ja[0] == jb[0] && text_distance(ja, jb, 1) <= 1)
        return "one letter apart";
    return NULL;
}

static char *value_fold(const char *value)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (const char *p = value; *p; p++) {
        bool gap = *p == ' ' || *p == '-' || *p == '_';
        bool between = p > value && isalpha((unsigned char)p[-1]) && isalpha((unsigned char)p[1]);
        if (gap && (*p == ' ' || between))
            continue;
        sb_addc(&b, (char)tolower((unsigned char)*p));
    }
    return mem_dup(b.buf);
}

bool label_same_value(const char *a, const char *b)
{
    AUTO_FREE char *fa = value_fold(a), *fb = value_fold(b);
    return *fa && same_digits(a, b) && !strcmp(fa, fb);
}
