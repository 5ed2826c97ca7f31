/*
 * zoho/crm/sample.h — samples of an org's records, whole: what a rehearsal shows the effect of a plan on.
 *
 * Which      the newest by Modified_Time, `limit` at most (CRM_SAMPLE_MAX). Lists leave out subforms, so each record is read alone
 *            (zoho-api.md 2.1, 2.2): one credit a record and one per 200.
 */
#ifndef ZOHO_CRM_SAMPLE_H
#define ZOHO_CRM_SAMPLE_H
#include "zoho/zoho.h"

enum { CRM_SAMPLE_MAX = 2000 }; /* as far as paging by number goes (zoho-api.md 2.2) */
/* *rows: Zoho's record objects, sorted by id. New reference. */
int crm_samples(struct zoho *z, const char *module, int limit, json_t **rows, struct err *e);
/* The records of these ids, whole, as far as they are there: the first CRM_SAMPLE_MAX of them. One credit each. New reference. */
int crm_whole(struct zoho *z, const char *module, const json_t *ids, json_t **rows, struct err *e);
#endif
