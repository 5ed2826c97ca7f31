/*
 * deluge/checker.h — what the check_*.c files share.
 *
 * Files       check.c order, suppression · check_walk.c the walk with its context · check_calls.c names and arguments of
 *             calls · check_tasks.c blocks, searches, ids, secrets · check_shape.c signatures, returns, dead code ·
 *             check_vars.c variables · check_flow.c nulls, empties, zeros · check_types.c what fits what · check_loops.c what loops cost ·
 *             check_writes.c writes and their failures · check_coql.c, check_related.c texts in another
 *             language · check_set.c calls from script to script · check_meta.c the org's names
 */
#ifndef DELUGE_CHECKER_H
#define DELUGE_CHECKER_H
#include "deluge/check.h"
#include "deluge/kinds.h"
#include "deluge/library.h"

struct dg_checker {
    const struct dg_script *s;
    const struct dg_meta *meta;
    const struct dg_library *library;
    struct dg_diags *d;
    dg_use_seen use; /* dg_uses: names are told, not judged */
    void *use_ctx;
    unsigned char *variable; /* by name index: assigned, a parameter or a loop variable somewhere in the script */
};

/* Adds a finding at the rule's own level. */
struct dg_diag *dg_c_find(struct dg_checker *c, const char *rule, struct dg_span at, const char *message, ...)
    __attribute__((format(printf, 4, 5)));
struct dg_diag *dg_c_find_at(struct dg_checker *c, const char *rule, enum dg_level level, struct dg_span at,
                             const char *message, ...) __attribute__((format(printf, 5, 6)));

/* Where an expression stands. */
struct dg_place {
    const struct dg_function *function; /* NULL in a bare body */
    int loops;                          /* for each around it, literal lists apart */
    bool in_try;
    bool in_criteria;
    const struct dg_stmt *stmt;
};
/* Calls the two visitors on every statement and expression, parents first. Either may be NULL. */
typedef void (*dg_c_stmt)(struct dg_checker *c, const struct dg_stmt *s, const struct dg_place *at, void *ctx);
typedef void (*dg_c_expr)(struct dg_checker *c, struct dg_expr *e, const struct dg_place *at, void *ctx);
void dg_c_walk(struct dg_checker *c, dg_c_stmt stmt, dg_c_expr expr, void *ctx);

/* The same over one function, or over the bare body (NULL) without the functions beside it. */
void dg_c_walk_in(struct dg_checker *c, const struct dg_function *f, dg_c_stmt stmt, dg_c_expr expr, void *ctx);

void dg_c_find_variables(struct dg_checker *c);
bool dg_c_crm_function(const struct dg_function *f); /* its namespace is one of CRM's categories */
/* The literal text of an expression, NULL when it is none. */
const char *dg_c_text(const struct dg_expr *e);

/* What follows the label zoho or zohoapis in the host of a URL ("com/crm/…", "eu"): its data centre. NULL when the text
 * is no URL of Zoho. `api` says whether the label is zohoapis. */
const char *dg_c_zoho_host(const char *url, bool *api);

void dg_c_calls(struct dg_checker *c);
void dg_c_tasks(struct dg_checker *c);
void dg_c_texts(struct dg_checker *c);
void dg_c_shape(struct dg_checker *c);
void dg_c_vars(struct dg_checker *c);
void dg_c_flow(struct dg_checker *c);
void dg_c_meta(struct dg_checker *c);
/* Over one function at a time (NULL is the bare body), with what its variables hold. */
void dg_c_types(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k);
void dg_c_loops(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k);
void dg_c_writes(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k);
void dg_c_set(struct dg_checker *c, const struct dg_function *f, const struct dg_kinds *k);
void dg_c_coql(struct dg_checker *c, const struct dg_function *f);
void dg_c_related(struct dg_checker *c, const struct dg_function *f);
/* The first word of a task block: what a message about the whole block points at. */
struct dg_span dg_c_word(struct dg_span whole, const char *word);
#endif
