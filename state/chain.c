#include "state/chain.h"

#include <inttypes.h>
#include <string.h>

#include "base/digest.h"

enum { LINE_MAX_BYTES = 400 };

static int open_part(const struct chain_link *l, char out[LINE_MAX_BYTES])
{
    return snprintf(out, LINE_MAX_BYTES, "<!-- zagent:log/1 run=R%" PRId64 " journal=%s prev=%s", l->run, l->journal,
                    l->prev);
}

void chain_seal(struct chain_link *l, const char *section, size_t len)
{
    char line[LINE_MAX_BYTES];
    int n = open_part(l, line);
    struct digest *d = digest_new();
    digest_feed(d, section, len);
    digest_feed(d, line, (size_t)n);
    digest_finish(d, l->sha256);
}

void chain_print(const struct chain_link *l, struct sb *b)
{
    char line[LINE_MAX_BYTES];
    open_part(l, line);
    sb_addf(b, "%s sha256=%s -->\n", line, l->sha256);
}

static bool hex_is(const char *s, size_t n)
{
    return strlen(s) == n && strspn(s, "0123456789abcdef") == n;
}

bool chain_parse(const char *line, size_t len, struct chain_link *l)
{
    char copy[LINE_MAX_BYTES];
    if (len >= sizeof copy || memchr(line, 0, len))
        return false;
    memcpy(copy, line, len);
    copy[len] = 0;
    *l = (struct chain_link){0};
    char digits[20];
    if (sscanf(copy, "<!-- zagent:log/1 run=R%19[0-9] journal=%32s prev=%64s sha256=%64s -->", digits, l->journal,
               l->prev, l->sha256) != 4)
        return false;
    l->run = strtoll(digits, NULL, 10);
    if (!hex_is(l->journal, 32) || !hex_is(l->prev, 64) || !hex_is(l->sha256, 64))
        return false;
    /* sscanf is generous with spaces and signs: only the very line that would be written counts. */
    char again[LINE_MAX_BYTES];
    int n = open_part(l, again);
    n += snprintf(again + n, sizeof again - (size_t)n, " sha256=%s -->", l->sha256);
    return (size_t)n == len && memcmp(again, copy, len) == 0;
}

size_t chain_end(const char *text, size_t len, struct chain_link *last)
{
    size_t end = 0;
    for (size_t at = 0; at < len;) {
        const char *nl = memchr(text + at, '\n', len - at);
        if (!nl)
            break;
        struct chain_link l;
        size_t line = (size_t)(nl - text) - at;
        if (chain_parse(text + at, line, &l)) {
            *last = l;
            end = at + line + 1;
        }
        at += line + 1;
    }
    return end;
}
