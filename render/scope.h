/*
 * render/scope.h — which value a name means: the stack of open sections, innermost first. Private to render/.
 *
 * Names     "." is the innermost value. Of a dotted name the first part is looked up through the stack, the others only inside
 *           what was found. Keys with a dot in them cannot be named (mustache/spec 1.4, interpolation).
 * Strict    an unknown part is ERR_CONFIG with the nearest known name; a null on the way makes the whole name null.
 * Truth     null, false, "" and [] close a section; everything else opens it (0 too).
 */
#ifndef RENDER_SCOPE_H
#define RENDER_SCOPE_H
#include "base/js.h"
#include "render/tag.h"

struct scope {
    const json_t *value;
    const struct scope *up;
};
/* *out is borrowed, NULL when the name is unknown (not strict). */
int scope_find(const json_t **out, const struct scope *s, struct slice name, bool strict, const struct source *src,
               size_t at, struct err *e);
bool scope_truthy(const json_t *v);
/* "a table of 3 rows", "an object": for messages. NULL for what can be written as text. */
const char *scope_unprintable(const json_t *v);
#endif
