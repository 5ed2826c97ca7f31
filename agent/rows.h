/*
 * agent/rows.h — the rows of records steps, read past memory: however many an org has, a plan of them takes the same.
 *
 * Planning    rows that are right already are left out. Up to ROWS_IN_PLAN of the others stand in the snapshot, so that a plan shows
 *             them; with more their lines (plan_row_line) go to .zagent/rows/DIGEST, one a row in the order of ids, and the snapshot
 *             holds number and digests. The file is the list of what is changed and at the same time its before-image.
 * Tables      of records matched by key (plan/records_table.h) only rows are kept whose folded key the table has.
 * Later       of a saved step only its own rows count: both lists are in the order of ids, so they are read side by side.
 * Given back  a rollback's spec names a second list: the lines its rows had before. What is wanted of a row is its line there.
 * Errors      ERR_NOT_FOUND when the file is gone, ERR_STALE when it is not what its name says: plan again.
 */
#ifndef AGENT_ROWS_H
#define AGENT_ROWS_H
#include "agent/org.h"
#include "plan/plan.h"

enum { ROWS_IN_PLAN = 2000, ROWS_A_CHUNK = 100, ROWS_BY_KEY = 100000 };

/* Runs the queries (plan_queries, plan_rows) and puts each "records/NAME" into the snapshot. */
int rows_read(const struct org *org, const json_t *queries, const json_t *specs, struct snapshot *s, struct err *e);
/* Keeps the lines of these rows, in the order of their ids and at least one, as a list under its digest. */
int rows_keep(const struct org *org, const json_t *set, const json_t *rows, char digest[65], struct err *e);
/* Gives the rows of the list that a body names (rows_list) in chunks, each an array of at most ROWS_A_CHUNK ids, or of whole updates
 * where the body gives back what a list holds; stops at the first -1. */
int rows_each(const struct org *org, const json_t *body, int (*chunk)(void *ctx, const json_t *ids, struct err *e),
              void *ctx, struct err *e);
/* The digest of the list that a body names its rows by; borrowed, NULL when it holds them itself or is no records step's. */
const char *rows_list(const json_t *body);
/* Like the body of a records step that names its rows by digest, with the rows themselves: "updates" of these ids. New reference. */
json_t *rows_body(const json_t *body, const json_t *ids);
#endif
