#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int exit_code;
    bool retryable;
    const char *effects;
} kinds[ERR__MAX] = {
#define X(id, name, exit, retry, effects) {name, exit, retry, effects},
    ERR_KINDS(X)
#undef X
};

static bool continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Cuts at a character, never inside one: a half character would make the JSON envelope invalid. */
static void put_head(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n < size) {
        memcpy(out, text, n + 1);
        return;
    }
    static const char dots[] = "…";
    size_t keep = size - sizeof dots;
    while (keep > 0 && continuation(text[keep]))
        keep--;
    memcpy(out, text, keep);
    memcpy(out + keep, dots, sizeof dots);
}

static void put_tail(char *out, size_t size, const char *text)
{
    size_t n = strlen(text);
    if (n < size) {
        memcpy(out, text, n + 1);
        return;
    }
    static const char dots[] = "…";
    const char *from = text + n - (size - sizeof dots);
    while (continuation(*from))
        from++;
    memcpy(out, dots, sizeof dots - 1);
    memcpy(out + sizeof dots - 1, from, strlen(from) + 1);
}

enum { LONG_TEXT = 4096 };

int err_set(struct err *e, enum err_kind kind, const char *what, ...)
{
    if (!e || e->kind != ERR_NONE)
        return -1;
    char text[LONG_TEXT];
    va_list ap;
    va_start(ap, what);
    vsnprintf(text, sizeof text, what, ap);
    va_end(ap);
    e->kind = kind;
    e->retryable = err_kind_retryable(kind);
    put_head(e->what, sizeof e->what, text);
    return -1;
}

int err_at(struct err *e, const char *where, ...)
{
    if (!e || e->where[0])
        return -1;
    char text[LONG_TEXT];
    va_list ap;
    va_start(ap, where);
    vsnprintf(text, sizeof text, where, ap);
    va_end(ap);
    put_tail(e->where, sizeof e->where, text);
    return -1;
}

int err_fix(struct err *e, const char *fix, ...)
{
    if (!e || e->fix[0])
        return -1;
    char text[LONG_TEXT];
    va_list ap;
    va_start(ap, fix);
    vsnprintf(text, sizeof text, fix, ap);
    va_end(ap);
    put_head(e->fix, sizeof e->fix, text);
    return -1;
}

int err_errno(struct err *e, int errno_value, const char *path, const char *what, ...)
{
    if (!e || e->kind != ERR_NONE)
        return -1;
    char text[LONG_TEXT];
    va_list ap;
    va_start(ap, what);
    vsnprintf(text, sizeof text, what, ap);
    va_end(ap);
    err_set(e, ERR_IO, "%s: %s", text, strerror(errno_value));
    return path ? err_at(e, "%s", path) : -1;
}

void err_clear(struct err *e)
{
    if (e)
        *e = (struct err){0};
}

const char *err_kind_name(enum err_kind kind)
{
    return kind < ERR__MAX ? kinds[kind].name : kinds[ERR_BUG].name;
}

int err_exit_code(enum err_kind kind)
{
    return kind < ERR__MAX ? kinds[kind].exit_code : kinds[ERR_BUG].exit_code;
}

const char *err_side_effects(enum err_kind kind)
{
    return kind < ERR__MAX ? kinds[kind].effects : kinds[ERR_BUG].effects;
}

bool err_kind_retryable(enum err_kind kind)
{
    return kind < ERR__MAX && kinds[kind].retryable;
}
