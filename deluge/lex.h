/*
 * deluge/lex.h — text to tokens: the parser's first step, of no use alone.
 *
 * Shape       fills text, line, token, name of a script whose `file` is set. Comments are tokens; the last token
 *             is DG_T_EOF. A character Deluge does not know is a token too (DG_T_OTHER), so nothing is lost.
 * Reports     DL001 unclosed text, DL002 unclosed comment, DL005 marks pasted from documents, DL000 numbers over
 *             64 bits. Such a token is `broken`: the parser says no more about its statement.
 * Source      text: "…" and '…' with \" \' \\ \n \r \t, no raw line break (measured on accepted scripts);
 *             zoho.com/deluge/help/error-messages for the comment.
 */
#ifndef DELUGE_LEX_H
#define DELUGE_LEX_H
#include "deluge/ast.h"
#include "deluge/diag.h"

void dg_lex(struct dg_script *s, const char *text, size_t len, struct dg_diags *d);
/* What a DG_T_TEXT or DG_T_QUOTED token means: quotes off, escapes resolved. The result lives in the arena. */
const char *dg_lex_decode(struct dg_script *s, const struct dg_token *t, size_t *len);
#endif
