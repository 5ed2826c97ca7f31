/*
 * deluge/host_select.h — what reading tasks choose among records, the same on every host: criteria, ids, order, fields, page.
 *
 * Source      zoho.com/crm/developer/docs/api/v8/{get-records,search-records}; deluge/help/crm. Rows are lists of record maps.
 * Ownership   results are copies in the arena that is passed: a script cannot change the store through them.
 */
#ifndef DELUGE_HOST_SELECT_H
#define DELUGE_HOST_SELECT_H
#include "deluge/host.h"

enum { DG_PAGE = 200 }; /* the most records an answer holds */

/* Ids are texts; a number in a fixture is the same id. */
bool dg_is_id(struct dv v, const char *id);
/* Of these rows those the options' ids name (all without), ordered by sort_by and sort_order (descending unless "asc"), each with the
 * options' fields only; of them the page, 200 unless said. */
struct dv dg_select_page(struct dg_arena *a, struct dv rows, const struct dg_request *q);
/* A copy with id and the options' fields; the whole record when none are named. */
struct dv dg_select_fields(struct dg_arena *a, struct dv record, struct dv options);
/* {code, details {}, message, status "error"} */
struct dv dg_error_answer(struct dg_arena *a, const char *code, const char *message);

/* host_criteria.c: "((A:equals:x)and(B:starts_with:y))", at most ten pairs. */
bool dg_criteria_valid(const char *criteria);
bool dg_criteria_match(const char *criteria, struct dv record);
#endif
