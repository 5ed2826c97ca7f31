/*
 * sandbox/gate.h — what may refuse a save: validation rules, record locks, a Blueprint.
 *
 * Validation  a rule refuses when its criteria are met (or its function answers status "error"). Rules stand before what people save;
 *             what the API and imports write passes them, unless the switch validation_api says otherwise: the facts disagree
 *             (zoho-api.md 6.15 unproven; zoho-people-and-tools.md finding 5). Refusal: INVALID_DATA at the rule's field with the rule's
 *             message; the code is unproven.
 * Blueprint   a person cannot change the field of a record in process (process.h).
 * Locks       automatic and both: while a rule of the module's configuration is met by the record as stored, the restricted action is
 *             RECORD_LOCKED, except for excluded profiles and when only excluded fields change. With lock_existing_records false,
 *             too: this sandbox does not keep since when (assumed). Manual locking has no call here.
 * Source      zoho-api.md 1.16, 2.1; OAS26a record, record_locking_configuration.
 */
#ifndef SANDBOX_GATE_H
#define SANDBOX_GATE_H
#include "sandbox/record.h"

/* Error element or NULL. before NULL = insert; changes: the checked fields sent; after: the record as it would be. */
json_t *gate_save(struct call *c, const struct record_module *m, const json_t *before, const json_t *changes,
                  const json_t *after, const struct record_write *w, const char *base);
/* The other restricted actions: "delete", "tags", "change_owner". */
json_t *gate_action(struct call *c, const struct record_module *m, const json_t *before, const char *action);
#endif
