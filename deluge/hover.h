/*
 * deluge/hover.h — what stands at a place of a script: the built-in, task or system variable under the cursor.
 *
 * Works       on tokens, so a script with mistakes answers too.
 */
#ifndef DELUGE_HOVER_H
#define DELUGE_HOVER_H
#include "deluge/ast.h"
#include "deluge/docs.h"

/* The documentation of the word at byte `off` and that word's place; NULL when it is no built-in. A variable that is
 * merely called like a built-in (no bracket after it) is none. */
const struct dg_doc *dg_hover(const struct dg_script *s, size_t off, struct dg_span *at);
#endif
