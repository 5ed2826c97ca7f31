/*
 * zoho/crm/survey.h — many small questions at once: COQL pages and how often rules ran, in parallel, each with its own refusal.
 *
 * Credits    of a COQL page 1 to 3, by its rows (zoho-api.md 4.1); of a rule's runs 1.
 */
#ifndef ZOHO_CRM_SURVEY_H
#define ZOHO_CRM_SURVEY_H
#include "zoho/zoho.h"

/* rows[i]: what query i answered, a new reference ([] for none), NULL when the org refused it. ERR_* for anything but a refusal. */
int crm_ask(struct zoho *z, const char *const *query, size_t n, json_t **rows, struct err *e);
/* runs[i] of rule i between two times (days count), -1 when the org does not say. */
int crm_rule_runs(struct zoho *z, const char *const *id, size_t n, int64_t from_s, int64_t till_s, int64_t *runs,
                  struct err *e);
#endif
