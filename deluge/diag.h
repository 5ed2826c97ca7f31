/*
 * deluge/diag.h — one finding about a script: where, which rule, what is wrong, what to do.
 *
 * Shape       struct dg_diag; a growing list of them, kept in the order of their places by dg_diags_sort.
 * Wording     message: lower case, no full stop, names in 'single quotes'. fix: an imperative.
 * Printing    dg_diag_render gives what a person reads, with the source line and a caret under the place:
 *               quote.dg:12:9: error DL004: missing ';' after the statement
 *                  12 |     x = 1
 *                     |          ^
 *                  fix: put ';' at the end of line 12
 * Ownership   a list owns its texts; rule ids are static.
 */
#ifndef DELUGE_DIAG_H
#define DELUGE_DIAG_H
#include "base/sb.h"
#include "deluge/ast.h"

enum dg_level { DG_NOTE, DG_WARNING, DG_ERROR };

struct dg_diag {
    const char *rule; /* "DL004": static */
    enum dg_level level;
    struct dg_span span;
    char *message;
    char *fix;              /* NULL when there is nothing to say */
    struct dg_span other;   /* a second place (where a bracket was opened); line 0 when none */
    const char *other_text; /* what is there: static; NULL when none */
};

struct dg_diags {
    struct dg_diag *item;
    size_t n, cap;
    size_t errors, warnings, notes;
};

/* Appends one and returns it, so that fix and other can be added; the pointer is good until the next append. */
struct dg_diag *dg_diag_add(struct dg_diags *d, const char *rule, enum dg_level level, struct dg_span span,
                            const char *message, ...) __attribute__((format(printf, 5, 6)));
void dg_diag_fix(struct dg_diag *g, const char *fix, ...) __attribute__((format(printf, 2, 3)));
/* By place, then rule. */
void dg_diags_sort(struct dg_diags *d);
void dg_diags_release(struct dg_diags *d);

const char *dg_level_name(enum dg_level level); /* "error", "warning", "note" */
/* Control characters of the source line are made visible. */
void dg_diag_render(const struct dg_script *s, const struct dg_diag *g, struct sb *out);
#endif
