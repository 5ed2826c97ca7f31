/*
 * zoho/crm/coql.h — COQL a page at a time, by key instead of offset: LIMIT/OFFSET ends at 100,000 rows and shifts while rows change.
 *
 * Source  zoho.com/crm/developer/docs/api/v8/Get-Records-through-COQL-Query: 2000 rows a call, conditions nested in parentheses.
 */
#ifndef ZOHO_CRM_COQL_H
#define ZOHO_CRM_COQL_H
#include "base/err.h"

enum { COQL_PAGE = 2000, COQL_MAX_ROWS = 1000000 };
/* The query for the rows after id `after` (NULL = the first page). The text may end in "order by id asc"; another order, or a limit,
 * is ERR_CONFIG. Caller frees; NULL on error. */
char *coql_page(const char *query, const char *after, struct err *e);
#endif
