#include "base/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static _Noreturn void out_of_memory(size_t n)
{
    fprintf(stderr, "zagent: out of memory (%zu bytes asked for)\n", n);
    exit(1);
}

void mem_init(void)
{
    /* JSON frees small blocks by the hundred thousand between large ones, and glibc walks all its fast bins at each large one. */
    mallopt(M_MXFAST, 0);
    json_set_alloc_funcs(mem_alloc, free);
}

void *mem_alloc(size_t n)
{
    void *p = malloc(n ? n : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *mem_zalloc(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p)
        out_of_memory(n);
    return p;
}

void *mem_grow(void *p, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        out_of_memory(SIZE_MAX);
    void *q = realloc(p, n ? n : 1);
    if (!q)
        out_of_memory(n);
    return q;
}

char *mem_dup(const char *s)
{
    return mem_dupn(s, strlen(s));
}

char *mem_dupn(const char *s, size_t n)
{
    char *p = mem_alloc(n + 1);
    if (n > 0)
        memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

char *mem_vprintf(const char *fmt, va_list ap)
{
    char *p = NULL;
    /* A format that cannot be printed is as fatal as no memory: both mean the text does not exist. */
    if (vasprintf(&p, fmt, ap) < 0 || !p)
        out_of_memory(0);
    return p;
}

char *mem_printf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = mem_vprintf(fmt, ap);
    va_end(ap);
    return p;
}

void mem_auto_free(void *pointer_to_pointer)
{
    void **p = pointer_to_pointer;
    free(*p);
    *p = NULL;
}

void mem_auto_json(json_t **j)
{
    json_decref(*j);
    *j = NULL;
}
