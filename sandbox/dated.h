/*
 * sandbox/dated.h — rules that a date or a time of the record sets off: when each is due.
 *
 * Due         the field's value plus `unit` periods (negative = before), kept as a "scheduled" happening with {"dated": true}; a later
 *             value of the field takes the place of the earlier one. What is past when it is written is not made up for.
 * At its time automation.c asks the rule's conditions of the record as it stands then; recur_cycle monthly and yearly come again.
 * Assumed     every write counts, whatever its trigger says: Zoho looks at the dates, not at the saves. A date without a time is
 *             0:00 UTC; execute_at is kept and not obeyed. A rule that is made or switched on takes the records that are there along.
 * Source      zoho-api.md 1.10; zoho.com/crm/developer/docs/api/v8/config-workflow (execute_when, date_or_datetime).
 */
#ifndef SANDBOX_DATED_H
#define SANDBOX_DATED_H
#include "sandbox/record.h"

/* After a record was written; before is NULL for a new one. */
void dated_follow(struct call *c, const struct record_module *m, const char *id, const json_t *before,
                  const json_t *body);
/* After a rule was made or changed; does nothing for other triggers. */
void dated_rule(struct call *c, const json_t *rule);
/* After it was due at `at`. */
void dated_again(struct call *c, const json_t *rule, const char *module, const char *id, int64_t at);
#endif
