#include "agent/lsp_text.h"

#include "base/mem.h"

static void find_lines(struct lsp_text *t)
{
    t->n_lines = 0;
    VEC_PUSH(t->line, t->n_lines, t->cap, 0);
    for (size_t i = 0; i < t->len; i++)
        if (t->s[i] == '\n' || (t->s[i] == '\r' && t->s[i + 1] != '\n'))
            VEC_PUSH(t->line, t->n_lines, t->cap, i + 1);
}

static int too_long(struct err *e)
{
    return err_set(e, ERR_LIMIT, "a document has more than %d bytes", LSP_MAX_TEXT);
}

int lsp_text_set(struct lsp_text *t, const char *s, size_t len, struct err *e)
{
    if (len > LSP_MAX_TEXT)
        return too_long(e);
    char *copy = mem_dupn(s, len);
    free(t->s);
    t->s = copy;
    t->len = len;
    find_lines(t);
    return 0;
}

void lsp_text_release(struct lsp_text *t)
{
    free(t->s);
    free(t->line);
    *t = (struct lsp_text){0};
}

static size_t bytes_of(const char *s)
{
    unsigned char c = (unsigned char)*s;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

size_t lsp_text_offset(const struct lsp_text *t, int64_t line, int64_t character)
{
    if (line < 0)
        return 0;
    if ((uint64_t)line >= t->n_lines)
        return t->len;
    size_t at = t->line[line];
    while (character > 0 && at < t->len && t->s[at] != '\n' && t->s[at] != '\r') {
        size_t n = bytes_of(t->s + at);
        character -= n == 4 ? 2 : 1;
        if (character < 0)
            break;
        at += n;
    }
    return at;
}

void lsp_text_position(const struct lsp_text *t, size_t off, int64_t *line, int64_t *character)
{
    size_t low = 0, high = t->n_lines;
    off = off > t->len ? t->len : off;
    while (high - low > 1) {
        size_t mid = low + (high - low) / 2;
        if (t->line[mid] <= off)
            low = mid;
        else
            high = mid;
    }
    *line = (int64_t)low;
    *character = 0;
    for (size_t at = t->line[low]; at < off; at += bytes_of(t->s + at))
        *character += bytes_of(t->s + at) == 4 ? 2 : 1;
}

int lsp_text_edit(struct lsp_text *t, size_t from, size_t to, const char *with, size_t n, struct err *e)
{
    if (from > to) {
        size_t swap = from;
        from = to;
        to = swap;
    }
    size_t kept = t->len - (to - from);
    if (n > LSP_MAX_TEXT || kept > LSP_MAX_TEXT - n)
        return too_long(e);
    char *s = mem_alloc(kept + n + 1);
    memcpy(s, t->s, from);
    memcpy(s + from, with, n);
    memcpy(s + from + n, t->s + to, t->len - to);
    s[kept + n] = '\0';
    free(t->s);
    t->s = s;
    t->len = kept + n;
    find_lines(t);
    return 0;
}
