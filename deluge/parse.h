/*
 * deluge/parse.h — text to tree: the one entry to lexer and parser.
 *
 * Call order  struct dg_script s; struct dg_diags d = {0};
 *             dg_parse(&s, …) → use s → dg_script_release → dg_diags_release, whatever dg_parse returned.
 * Errors      a mistake in the script is a diagnostic (rule DL0xx), not a struct err: true means that none is an
 *             error. Only text over DG_MAX_SOURCE is refused outright (one DL099 diagnostic).
 * Recovery    at statements: one mistake, one message; at most DG_MAX_ERRORS messages.
 * Ownership   the script copies text and file name; diagnostics copy what they say. Both may outlive the
 *             caller's text.
 */
#ifndef DELUGE_PARSE_H
#define DELUGE_PARSE_H
#include "deluge/ast.h"
#include "deluge/diag.h"

enum { DG_MAX_ERRORS = 50 };

bool dg_parse(struct dg_script *s, const char *file, const char *text, size_t len, struct dg_diags *d);
void dg_script_release(struct dg_script *s);
#endif
