/*
 * deluge/words.h — small readings of the token list, for hover and completion: they must work while a script is typed.
 *
 * Index       tokens by their index in script.token; comments are stepped over.
 */
#ifndef DELUGE_WORDS_H
#define DELUGE_WORDS_H
#include "deluge/ast.h"

enum { DG_PATH_MAX = 256 };

/* "zoho.crm.getrecordbyid" when the tokens before `end` are names joined by dots; lower case. NULL when the last one
 * is no name or it does not fit. */
const char *dg_words_before(const struct dg_script *s, size_t end, char *buf, size_t size);
/* The index of the token before i that is no comment, SIZE_MAX when there is none. */
size_t dg_word_before(const struct dg_script *s, size_t i);

/* The argument k of the call whose '(' is token `open`: the token index when that argument is one token, else SIZE_MAX. */
size_t dg_word_argument(const struct dg_script *s, size_t open, int k);
/* The module a call names as literal text: into buf, or NULL. */
const char *dg_word_module(const struct dg_script *s, size_t open, char *buf, size_t size);
#endif
