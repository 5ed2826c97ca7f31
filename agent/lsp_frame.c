#include "agent/lsp_frame.h"

#include <stdbool.h>
#include <stdint.h>
#include <strings.h>

static bool number(const char *s, const char *end, size_t *out)
{
    while (s < end && (*s == ' ' || *s == '\t'))
        s++;
    while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (s == end || end - s > 15)
        return false;
    for (*out = 0; s < end; s++) {
        if (*s < '0' || *s > '9')
            return false;
        *out = *out * 10 + (size_t)(*s - '0');
    }
    return true;
}

/* One header line without its end. */
static bool header(const char *s, const char *end, size_t *len, bool *known)
{
    static const char name[] = "content-length";
    const char *colon = memchr(s, ':', (size_t)(end - s));
    if (!colon || colon == s)
        return false;
    if ((size_t)(colon - s) != sizeof name - 1 || strncasecmp(s, name, sizeof name - 1) != 0)
        return true;
    if (*known)
        return false; /* two lengths: which one is meant is anyone's guess */
    *known = true;
    return number(colon + 1, end, len);
}

enum lsp_frame_state lsp_frame_next(const char *bytes, size_t n, struct lsp_frame *f)
{
    const char *s = bytes, *end = bytes + (n < LSP_MAX_HEADER ? n : LSP_MAX_HEADER);
    bool known = false;
    *f = (struct lsp_frame){0};
    for (;;) {
        const char *line = s < end ? memchr(s, '\n', (size_t)(end - s)) : NULL;
        if (!line)
            return n >= LSP_MAX_HEADER ? LSP_BROKEN : LSP_MORE;
        if (line == s || line[-1] != '\r')
            return LSP_BROKEN;
        if (line - 1 == s) {
            s = line + 1;
            break;
        }
        if (!header(s, line - 1, &f->len, &known))
            return LSP_BROKEN;
        s = line + 1;
    }
    if (!known)
        return LSP_BROKEN;
    f->body = f->used = (size_t)(s - bytes);
    if (f->len > LSP_MAX_MESSAGE)
        return LSP_TOO_BIG;
    if (n - f->body < f->len)
        return LSP_MORE;
    f->used += f->len;
    return LSP_MESSAGE;
}
