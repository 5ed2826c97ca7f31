/*
 * render/tag.h — finds the next tag of a Mustache template; knows delimiters and lines, no structure. Private to render/.
 *
 * Sigils      0 for {{x}}; '{' for {{{x}}}; the character itself for & # ^ / ! = > < $.
 * Names       no whitespace inside, never empty; {{>*x}} (dynamic names) is refused by name.
 * Delimiters  a {{=<% %>=}} tag changes *d for what follows; slices of the template text, nothing is owned.
 * Lines       a line ends with LF; CR LF counts as one end; a lone CR does not end a line.
 * Errors      ERR_PARSE at template:line:column; columns count code points from 1.
 */
#ifndef RENDER_TAG_H
#define RENDER_TAG_H
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct slice {
    const char *s;
    size_t n;
};
struct source {
    const char *name, *text;
    size_t len;
};
struct delims {
    struct slice open, close;
};
struct tag {
    char sigil;
    size_t at, end; /* bytes of the template: the tag is [at, end) */
    struct slice name;
};
extern const struct delims tag_default_delims;

/* 1 and *t filled, 0 when there is no further tag, -1 on error. */
int tag_next(struct tag *t, const struct source *src, size_t from, struct delims *d, struct err *e);
/* Only blanks between the start of the line, which *start then has, and `at`. Reads no further back than the blanks. */
bool tag_blank_before(const struct source *src, size_t at, size_t *start);
/* Only blanks between `at` and the end of the line, which *next then passes. */
bool tag_blank_after(const struct source *src, size_t at, size_t *next);
/* The blanks that open the first line at or after `at` that is not empty. */
struct slice tag_first_indent(const struct source *src, size_t at);
/* err_set with where = name:line:column of byte `at`. Returns -1. */
int tag_err(struct err *e, const struct source *src, size_t at, enum err_kind kind, const char *what, ...)
    __attribute__((format(printf, 5, 6)));
/* 1 for the first line. */
size_t tag_line(const struct source *src, size_t at);
#endif
