/*
 * deluge/dump.h — a tree as text, one statement a line: what the round-trip tests compare and golden files show.
 *
 * Shape       (assign = x (call put m "k" 1)); blocks are indented. Places, comments and layout are left out; brackets
 *             the author wrote are kept.
 */
#ifndef DELUGE_DUMP_H
#define DELUGE_DUMP_H
#include "base/sb.h"
#include "deluge/ast.h"

void dg_dump(const struct dg_script *s, struct sb *out);
/* Same tree, places aside. */
bool dg_same(const struct dg_script *a, const struct dg_script *b);
#endif
