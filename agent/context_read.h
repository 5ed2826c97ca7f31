/*
 * agent/context_read.h — one file of context/ while it is read. Private to agent/context*.c.
 *
 * Lines       end with LF, CR LF or a lone CR, as in CommonMark; numbered from 1. Columns count code points from 1.
 * Findings    context_find is the only way a problem is noted; the file goes on being read where that makes sense.
 * Cells       context_cell takes the "(assumed)" mark off and makes control characters visible.
 */
#ifndef AGENT_CONTEXT_READ_H
#define AGENT_CONTEXT_READ_H
#include "agent/context.h"

enum { CONTEXT_FILE_MAX = 16 << 20, CONTEXT_LINE_LONG = 64 << 10, CONTEXT_MAX_FINDINGS = 1000 };

struct context_file {
    struct context *c;
    const char *path; /* "context/NAME", for messages */
    char *text;       /* without BOM */
    size_t len;
    json_t *json; /* the entry in doc.files, borrowed */
    json_t *seen; /* heading slug → line of the first */
};
/* Offsets of the lines of a text; line n is [start[n-1], end[n-1]), without its end mark. */
struct context_lines {
    size_t *start, *end;
    size_t n, cap, end_n, end_cap;
};
struct context_lines context_split(const char *text, size_t len);
void context_lines_release(struct context_lines *l);

enum context_level { CONTEXT_ERROR, CONTEXT_WARNING, CONTEXT_NOTE };
void context_find(struct context_file *f, enum context_level level, size_t line, size_t col, const char *fix,
                  const char *text, ...) __attribute__((format(printf, 6, 7)));
size_t context_columns(const char *s, size_t n); /* code points */

/* New section, in the file's list; borrowed. heading "" is what stands before any heading. */
json_t *context_section(struct context_file *f, const char *heading, size_t line);
/* Gives the section a table without columns; borrowed. NULL and a finding when it has one. */
json_t *context_add_table(struct context_file *f, json_t *section, size_t line);
/* A column name at its place; checks that it is new and has letters. */
void context_add_column(struct context_file *f, json_t *table, const char *name, size_t line, size_t col);
json_t *context_add_row(json_t *table, size_t line); /* borrowed */
/* The cell of column number i (from 0), ignored past the last. */
void context_cell(json_t *table, json_t *row, size_t i, const char *text, size_t col);
/* After the last cell: n cells were there. col is where the first surplus or the missing one would be. */
void context_end_row(struct context_file *f, json_t *table, json_t *row, size_t n, size_t line, size_t col);
/* Cuts a trailing "(assumed)" and blanks; true when it was there. */
bool context_take_assumed(char *text);

void context_read_markdown(struct context_file *f);
void context_read_csv(struct context_file *f);
void context_read_json(struct context_file *f);
#endif
