/*
 * agent/context_parse.h — one file of the context into its entry of context.doc; what is malformed becomes a finding.
 *
 * Input is valid UTF-8 without BOM and with \n line ends (context.c sees to that), so lines and columns are the file's.
 */
#ifndef AGENT_CONTEXT_PARSE_H
#define AGENT_CONTEXT_PARSE_H
#include "base/js.h"

struct context_source {
    const char *name; /* "roles.md" */
    const char *text;
    size_t len;
    json_t *file; /* entry to fill: sections, assumed */
    json_t *findings;
};
void context_markdown(struct context_source *s);
void context_csv(struct context_source *s);

void context_finding(struct context_source *s, const char *level, int line, int col, const char *fix, const char *text,
                     ...) __attribute__((format(printf, 6, 7)));
/* A new table of columns whose slugs come from the labels; doubles and empty ones are findings. */
json_t *context_columns(struct context_source *s, const json_t *labels, int line);
/* Adds a row from parallel arrays; cell_col[i] = column in the line. Takes "(assumed)" off. */
void context_row(json_t *table, const json_t *cells, const int *cell_col, int line);
/* Cuts a trailing "(assumed)" off; true when it was there. */
bool context_take_assumed(char *text);
#endif
