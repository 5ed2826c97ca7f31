/*
 * deluge/builtin_text.h — shared by the text functions (builtin_text*.c): characters, parts, searching.
 *
 * Positions   count characters (code points), offsets count bytes; a text value is UTF-8.
 */
#ifndef DELUGE_BUILTIN_TEXT_H
#define DELUGE_BUILTIN_TEXT_H
#include "deluge/builtin.h"

size_t dg_text_length(struct dv t);
/* Byte offset of a character position, which must be ≤ length. */
size_t dg_text_offset(struct dv t, size_t position);
struct dv dg_text_part(struct dg_frame *f, struct dv t, size_t from, size_t to); /* byte offsets */
struct dv dg_text_lower(struct dg_frame *f, struct dv t);
/* The arguments from `from` on become texts; null is refused. */
bool dg_texts(struct dg_frame *f, struct dg_call *c, size_t from);
/* Within the text, NULL when absent. */
const char *dg_text_find(struct dv in, struct dv what, size_t from);
const char *dg_text_find_last(struct dv in, struct dv what);
#endif
