/*
 * agent/context.h — what the business knows: Markdown, CSV and JSON directly under context/, with file and line kept.
 *
 * Reading    subfolders (audit/, sandbox/) are not read. Malformed content does not abort: it becomes a finding with its place.
 * Markdown   headings make sections; a table belongs to the nearest heading above it; columns become slugs ("Rating (W)" → rating_w).
 *            A row with more or fewer cells than its header is an error at file:line:col (cmark-gfm would drop them silently).
 * Assumed    a cell or list item that ends in "(assumed)", or a column "assumed" with yes: the mark is taken off the value.
 * Refs       "FILE.md#Heading" (heading compared as slug) or "FILE.csv".
 * Rows       objects: column slug → text, "@line" integer, "@col" {column: integer}, "@assumed" true where so.
 */
#ifndef AGENT_CONTEXT_H
#define AGENT_CONTEXT_H
#include "base/err.h"
#include "base/js.h"
#include "base/sb.h"

struct context {
    char *dir;
    /* {files: [{name, path, kind, unreadable?, data (JSON only), sections: [{heading, slug, line, text,
     * items: [{text, @line, @assumed?}], table: {line, columns: [slug], rows}|null}]}], digest} */
    json_t *doc;
    json_t *findings; /* [{level: error|warning|note, file ("NAME", without context/), line, col, text, fix}] */
};

/* ERR_NOT_FOUND when the folder is missing; everything else becomes a finding. */
int context_load(struct context *c, const char *dir, struct err *e);
/* Lays another folder over it (zagent.yaml: context of an org): a row whose first column is the same replaces the row of the same file
 * and heading, a new row, heading or file is added. `shown` is the folder for messages; the digest stays that of the base, the
 * overlay's own is doc.overlay. */
int context_overlay(struct context *c, const char *dir, const char *shown, struct err *e);
void context_release(struct context *c);

/* New array of rows; NULL with ERR_CONFIG naming the nearest file or heading. */
json_t *context_table(const struct context *c, const char *ref, struct err *e);
/* The cell `value` of the row whose first column equals `row` (as slug). Borrowed; file is "context/NAME". NULL with e. */
const char *context_value(const struct context *c, const char *ref, const char *row, const char **file, int *line,
                          int *col, struct err *e);
/* Markdown under a heading, borrowed; NULL with e. */
const char *context_section_text(const struct context *c, const char *ref, struct err *e);
/* Rows of the first table of pain-points.md that has columns id and title. New array, maybe empty. */
json_t *context_pain_points(const struct context *c);
/* SHA-256 over names and bytes, sorted by name. */
int context_digest(const struct context *c, char hex[65], struct err *e);

/* text → JSON of type text, integer, decimal (kept as text, "." only), boolean, date, time (HH:MM), list. ERR_CONFIG at file:line:col. */
int context_convert(const char *text, const char *type, const char *file, int line, int col, json_t **out,
                    struct err *e);

/* What `zagent context show` and `context check` print. missing: [{playbook,input,ref,text,row?,help?}] or NULL;
 * inputs of one playbook that miss the same thing are said in one line. */
json_t *context_show(const struct context *c); /* new reference */
void context_show_text(const struct context *c, struct sb *out);
void context_check_text(const struct context *c, const json_t *missing, struct sb *out);
#endif
