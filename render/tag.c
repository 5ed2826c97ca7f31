#include "render/tag.h"

#include "base/mem.h"

const struct delims tag_default_delims = {{"{{", 2}, {"}}", 2}};

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool white(char c)
{
    return blank(c) || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static size_t line_start(const struct source *src, size_t at)
{
    while (at > 0 && src->text[at - 1] != '\n')
        at--;
    return at;
}

bool tag_blank_before(const struct source *src, size_t at, size_t *start)
{
    while (at > 0 && blank(src->text[at - 1]))
        at--;
    *start = at;
    return at == 0 || src->text[at - 1] == '\n';
}

bool tag_blank_after(const struct source *src, size_t at, size_t *next)
{
    while (at < src->len && blank(src->text[at]))
        at++;
    if (at < src->len && src->text[at] == '\r' && at + 1 < src->len && src->text[at + 1] == '\n')
        at++;
    if (at < src->len && src->text[at] != '\n')
        return false;
    *next = at < src->len ? at + 1 : at;
    return true;
}

struct slice tag_first_indent(const struct source *src, size_t at)
{
    size_t start = at, next;
    while (start < src->len && tag_blank_after(src, start, &next))
        start = next;
    size_t end = start;
    while (end < src->len && blank(src->text[end]))
        end++;
    return (struct slice){src->text + start, end - start};
}

size_t tag_line(const struct source *src, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += src->text[i] == '\n';
    return line;
}

int tag_err(struct err *e, const struct source *src, size_t at, enum err_kind kind, const char *what, ...)
{
    va_list ap;
    va_start(ap, what);
    AUTO_FREE char *text = mem_vprintf(what, ap);
    va_end(ap);
    size_t col = 1;
    for (size_t i = line_start(src, at); i < at; i++)
        col += ((unsigned char)src->text[i] & 0xC0) != 0x80;
    err_set(e, kind, "%s", text);
    return err_at(e, "%s:%zu:%zu", src->name, tag_line(src, at), col);
}

static struct slice trim(const char *s, size_t n)
{
    while (n > 0 && white(s[0]))
        s++, n--;
    while (n > 0 && white(s[n - 1]))
        n--;
    return (struct slice){s, n};
}

/* {{=<% %>=}}: two words without '='. */
static int set_delims(struct delims *d, const struct tag *t, const struct source *src, struct err *e)
{
    struct slice in = t->name;
    size_t open = 0, gap;
    while (open < in.n && !white(in.s[open]))
        open++;
    for (gap = open; gap < in.n && white(in.s[gap]);)
        gap++;
    struct slice close = {in.s + gap, in.n - gap};
    bool bad = open == 0 || close.n == 0 || memchr(in.s, '=', in.n) != NULL;
    for (size_t i = 0; i < close.n; i++)
        bad = bad || white(close.s[i]);
    if (bad) {
        tag_err(e, src, t->at, ERR_PARSE, "a delimiter tag needs an opening and a closing delimiter");
        return err_fix(e, "write {{=<%% %%>=}}: two words without '=' or spaces in them");
    }
    *d = (struct delims){{in.s, open}, close};
    return 0;
}

static int check_name(const struct tag *t, const struct source *src, struct err *e)
{
    if (t->name.n == 0) {
        tag_err(e, src, t->at, ERR_PARSE, "the tag names nothing");
        return err_fix(e, "write a name between the delimiters, or delete the tag");
    }
    for (size_t i = 0; i < t->name.n; i++)
        if (white(t->name.s[i]) || t->name.s[i] == '\0') {
            tag_err(e, src, t->at, ERR_PARSE, "a name has no spaces: '%.*s'", (int)(t->name.n > 60 ? 60 : t->name.n),
                    t->name.s);
            return err_fix(e,
                           "write one word, such as {{unit_price}}; a missing closing delimiter looks like this too");
        }
    if ((t->sigil == '>' || t->sigil == '<') && t->name.s[0] == '*') {
        tag_err(e, src, t->at, ERR_PARSE, "dynamic partial names ('%.*s') are not supported",
                (int)(t->name.n > 60 ? 60 : t->name.n), t->name.s);
        return err_fix(e, "name the partial itself, and choose with a section: {{#big}}{{>big_page}}{{/big}}");
    }
    return 0;
}

/* The end of the name: where the closing delimiter begins, with the sigil's own mark ('}' or '=') before it. */
static const char *find_end(const char *p, const char *limit, char mark, struct slice close)
{
    if (!mark)
        return memmem(p, (size_t)(limit - p), close.s, close.n);
    for (; (p = memchr(p, mark, (size_t)(limit - p))) != NULL; p++)
        if ((size_t)(limit - p) > close.n && memcmp(p + 1, close.s, close.n) == 0)
            return p;
    return NULL;
}

int tag_next(struct tag *t, const struct source *src, size_t from, struct delims *d, struct err *e)
{
    const char *limit = src->text + src->len;
    const char *p = memmem(src->text + from, src->len - from, d->open.s, d->open.n);
    if (!p)
        return 0;
    *t = (struct tag){.at = (size_t)(p - src->text)};
    p += d->open.n;
    if (p < limit && memchr("{&#^/!=><$", *p, 10))
        t->sigil = *p++;
    char mark = t->sigil == '{' ? '}' : t->sigil == '=' ? '=' : '\0';
    const char *end = find_end(p, limit, mark, d->close);
    if (!end) {
        tag_err(e, src, t->at, ERR_PARSE, "the tag that opens here is never closed");
        return err_fix(e, "add '%.*s%.*s' after its name", mark != '\0', &mark,
                       (int)(d->close.n > 40 ? 40 : d->close.n), d->close.s);
    }
    t->name = trim(p, (size_t)(end - p));
    t->end = (size_t)(end - src->text) + (mark != '\0') + d->close.n;
    if (t->sigil == '=')
        return set_delims(d, t, src, e) < 0 ? -1 : 1;
    if (t->sigil != '!' && check_name(t, src, e) < 0)
        return -1;
    return 1;
}
