/* sandbox/multipart.c — finding one part by its name. */
#include "sandbox/multipart.h"

#include "base/mem.h"

static void attribute(const char *head, size_t n, const char *key, char *out, size_t cap)
{
    size_t k = strlen(key);
    out[0] = '\0';
    for (size_t i = 0; i + k + 2 < n; i++) {
        if ((i == 0 || head[i - 1] == ' ' || head[i - 1] == ';') && strncmp(head + i, key, k) == 0 &&
            head[i + k] == '=' && head[i + k + 1] == '"') {
            const char *from = head + i + k + 2, *to = memchr(from, '"', n - (i + k + 2));
            if (to) {
                snprintf(out, cap, "%.*s", (int)(to - from), from);
            }
            return;
        }
    }
}

static char *boundary(const char *content_type)
{
    const char *b = content_type ? strstr(content_type, "boundary=") : NULL;
    if (!b || strncmp(content_type, "multipart/form-data", 19) != 0) {
        return NULL;
    }
    b += 9;
    size_t n = *b == '"' ? strcspn(b + 1, "\"") : strcspn(b, "; ");
    return mem_printf("--%.*s", (int)n, *b == '"' ? b + 1 : b);
}

bool multipart_find(const char *content_type, const char *body, size_t len, const char *name, struct part *out)
{
    AUTO_FREE char *mark = boundary(content_type);
    size_t m = mark ? strlen(mark) : 0;
    const char *end = body + len, *at = mark ? memmem(body, len, mark, m) : NULL;
    while (at) {
        const char *head = at + m;
        const char *blank = memmem(head, (size_t)(end - head), "\r\n\r\n", 4);
        const char *next = blank ? memmem(blank + 4, (size_t)(end - blank - 4), mark, m) : NULL;
        if (!next || next < blank + 6) {
            return false;
        }
        attribute(head, (size_t)(blank - head), "name", out->name, sizeof out->name);
        if (strcmp(out->name, name) == 0) {
            attribute(head, (size_t)(blank - head), "filename", out->filename, sizeof out->filename);
            out->data = blank + 4;
            out->len = (size_t)(next - out->data) - 2; /* the CRLF before the mark */
            return true;
        }
        at = next;
    }
    return false;
}
