/*
 * render/tree.h — a parsed template: its nodes in one array, in the order of the text. Private to render/.
 *
 * Shape       the children of node i are i+1 … node[i].end-1; node[i].end is its next sibling. Nothing is linked, one free.
 * Ownership   the template owns copies of its name and text; every slice points into that text.
 * Standalone  a tag alone on its line takes the line with it. {{<p}}…{{/p}} counts as one tag. The blanks before a
 *             standalone partial or parent indent all its lines.
 * Blocks      a block's own lines lose the indentation of their first line (`inner`) where it overrides another, and gain
 *             that of the place where they land (`indent`): the first line of the default there, else the block tag's.
 * Source      mustache/spec 1.4, specs/partials.yml and specs/~inheritance.yml.
 */
#ifndef RENDER_TREE_H
#define RENDER_TREE_H
#include "render/tag.h"

enum node_kind { NODE_TEXT, NODE_VALUE, NODE_RAW, NODE_SECTION, NODE_INVERTED, NODE_PARTIAL, NODE_PARENT, NODE_BLOCK };

struct template;
struct node {
    enum node_kind kind;
    bool bol;       /* text: begins a line (then n may be 0: the line begins with a tag) */
    bool own_lines; /* partial, parent, block: stands alone on its line */
    size_t at;      /* byte of the tag, for messages */
    size_t end;
    struct slice text;       /* of a text, else the name */
    struct slice indent;     /* partial, parent, block */
    struct slice inner;      /* block: blanks that begin its first own line; empty when it begins in mid-line */
    struct template *target; /* partial, parent: filled on first use by the evaluator */
};
struct template
{
    struct source src;
    struct node *node;
    size_t n, cap;
    char *owned_name, *owned_text;
};

/* raw_ok false refuses {{{x}}} and {{&x}}. */
int template_parse(struct template *t, const char *name, const char *text, size_t len, bool raw_ok, struct err *e);
void template_release(struct template *t);
#endif
