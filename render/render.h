/*
 * render/render.h — Mustache with an escaper per target language. No I/O.
 *
 * Spec        mustache/spec 1.4: interpolation, sections, inverted, comments, delimiters, partials; inheritance ({{<p}} {{$b}}).
 *             Dynamic names and lambdas are not supported (docs/CONFORMANCE.md).
 * {html,lax}  is the specification; playbooks run strict: an undeclared name is ERR_CONFIG with file:line:col and the nearest
 *             name; a declared input without value is JSON null and renders empty.
 * Escapers    {{x}} escapes for the target; {{{x}}} and {{&x}} do not, and strict mode refuses them unless raw_ok.
 * Bounds      RENDER_* below; passing one is ERR_LIMIT naming the template.
 * Errors      where = template:line:column.
 */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/js.h"

enum { RENDER_MAX_OUTPUT = 16 << 20, RENDER_MAX_DEPTH = 64, RENDER_MAX_TEMPLATE = 4 << 20, RENDER_MAX_STEPS = 4000000 };

enum render_target {
    RENDER_PLAIN, /* no escaping: for scalars of YAML, which are data already */
    RENDER_HTML,
    RENDER_MARKDOWN,  /* no markup, link, table cell, HTML or fence can be opened by a value */
    RENDER_DELUGE,    /* inside a double-quoted Deluge text */
    RENDER_JSON,      /* inside a JSON text */
    RENDER_CSV,       /* lossless: quotes a cell when needed */
    RENDER_CSV_SHEET, /* and guards against formulas: for files people open */
    RENDER_TARGET__MAX
};
const char *render_target_name(enum render_target t);
/* By file name: x.md.mustache → Markdown, .html, .dg/.deluge/.ds, .json, .csv; PLAIN otherwise. */
enum render_target render_target_for(const char *file);

struct render_options {
    enum render_target target;
    bool strict, raw_ok;
    /* Gives the text of a partial (borrowed until the next call), or NULL. NULL function = no partials. */
    const char *(*partial)(void *ctx, const char *name, size_t *len);
    void *ctx;
};
/* The rendered text, caller frees; NULL on error. name is used in messages. */
char *render(const char *name, const char *text, size_t len, const json_t *data, const struct render_options *o,
             struct err *e);
/* The escaper alone; caller frees. */
char *render_escape(enum render_target t, const char *value);
#endif
