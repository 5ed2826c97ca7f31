/*
 * agent/lsp_text.h — a document as an editor counts it: lines from 0, characters as UTF-16 code units.
 *
 * Lines       end with \n, \r\n or \r.
 * Positions   past the end of a line mean its end, past the last line the end of the text, inside a surrogate pair its
 *             begin (Language Server Protocol 3.17, "Position").
 * Text        valid UTF-8 (the JSON reader saw to that), never NULL after lsp_text_set.
 */
#ifndef AGENT_LSP_TEXT_H
#define AGENT_LSP_TEXT_H
#include <stdint.h>

#include "base/err.h"

enum { LSP_MAX_TEXT = 16 << 20 };

struct lsp_text {
    char *s;
    size_t len;
    size_t *line; /* byte offset of each line's begin */
    size_t n_lines, cap;
};
int lsp_text_set(struct lsp_text *t, const char *s, size_t len, struct err *e);
void lsp_text_release(struct lsp_text *t);
size_t lsp_text_offset(const struct lsp_text *t, int64_t line, int64_t character);
void lsp_text_position(const struct lsp_text *t, size_t off, int64_t *line, int64_t *character);
/* Puts `with` in place of the bytes from … to (in any order). ERR_LIMIT past LSP_MAX_TEXT; the text is as before then. */
int lsp_text_edit(struct lsp_text *t, size_t from, size_t to, const char *with, size_t n, struct err *e);
#endif
