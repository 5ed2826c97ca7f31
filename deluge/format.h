/*
 * deluge/format.h — a script in the layout of Zoho's own editor.
 *
 * Shape       tokens are printed one after another with other white space between them; nothing is added, removed or
 *             reordered, so the tree stays the same and comments stay in their place. What the editor does: tabs, braces
 *             on lines of their own, if(cond), for each  x in y, f(a,b), one statement a line however long, no blank lines.
 * Differs     a byte order mark is dropped, CRLF becomes LF, trailing white space goes (the editor writes "try "), and a bare
 *             body begins at the left edge.
 * Errors      the script must have parsed without error (the caller has shown the diagnostics otherwise): ERR_PARSE.
 * Invariants  F1 formatting twice changes nothing more.  F2 dg_same(script, parse(formatted)).  (tests/deluge, fuzz_deluge)
 * Source      measured on scripts the editor had formatted (docs/DELUGE-RULES.md, "Layout").
 */
#ifndef DELUGE_FORMAT_H
#define DELUGE_FORMAT_H
#include "base/err.h"
#include "base/sb.h"
#include "deluge/ast.h"

int dg_format(const struct dg_script *s, struct sb *out, struct err *e);
#endif
