/* render/escape.h — writes a value so that the target language reads it back the same. Private to render/. */
#ifndef RENDER_ESCAPE_H
#define RENDER_ESCAPE_H
#include "base/sb.h"
#include "render/render.h"

void escape_to(struct sb *out, enum render_target t, const char *value, size_t n);
/* The row of RENDER_MARKDOWN; a file of its own because Markdown's rules depend on the place. */
void escape_markdown(struct sb *out, const char *value, size_t n);
#endif
