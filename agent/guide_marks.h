/*
 * agent/guide_marks.h — the guide's Markdown as a tree, and the markers in it (agent/guide.h, Markers).
 *
 * Ownership   guide_marks_parse: the caller frees the document with cmark_node_free.
 */
#ifndef AGENT_GUIDE_MARKS_H
#define AGENT_GUIDE_MARKS_H
#include <cmark-gfm.h>
#include <stddef.h>

enum guide_mark { GUIDE_NO_MARK, GUIDE_BEGIN, GUIDE_END };
struct guide_mark_text {
    char name[24], id[9];
};
/* After the front matter, which cmark would read as a heading; *front_len bytes of it without the closing line, 0 when there is none. */
const char *guide_marks_body(const char *md, size_t *front_len);
cmark_node *guide_marks_parse(const char *md);
/* Only a block of its own that is exactly a marker counts: text in code, tables and lists never does. */
enum guide_mark guide_mark_of(cmark_node *node, struct guide_mark_text *t);
#endif
