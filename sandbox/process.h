/*
 * sandbox/process.h — a record in its Blueprint: when it enters, which ways lead on, what a transition asks and does.
 *
 * Enters      after the rules of a save whose trigger lets Blueprints run: the first active Blueprint of the module, in order, whose entry
 *             criteria the record meets and whose states have its field's value. It stays until the field's value is no state, or one
 *             without a way out.
 * Ways        the transitions out of the state the field shows; criteria_matched says whether their criteria are met now. One whose
 *             criteria are not met, or of another state, is "invalid transition".
 * Asks        during_inputs of type field: those not optional must be in `data` (MANDATORY_NOT_FOUND); a validation_filter's criteria must be
 *             met by the record with the data, else INVALID_DATA with its message. Other keys of `data` are ignored.
 * Does        writes data and the next state as an edit by the user, with all automation; then the transition's actions.
 * By hand     a person cannot change the field on the form while the record is in process (RECORD_IN_BLUEPRINT); the API can
 *             (zoho-api.md 6.15).
 * Owners      a transition that names owners is shown to them alone: record_owner, users, role, profile (zoho-people-and-tools.md 3.1).
 * SLA         state_escalation: its actions happen when the time in the state is up, before or after it (zoho-api.md 1.14).
 * Not here    groups as owners, checklists, widgets, parallel transitions; automatic transitions are never taken, because the key of
 *             their time is published nowhere.
 * Source      zoho-api.md 2.6, 1.14; zoho-people-and-tools.md 3.1; OAS25 blueprint.
 */
#ifndef SANDBOX_PROCESS_H
#define SANDBOX_PROCESS_H
#include "sandbox/record.h"

/* Also takes a deleted record out. */
void process_enter(struct call *c, const struct record_module *m, const char *id);
/* Is the record still in that state of an active Blueprint? */
bool process_stands(struct store *st, const char *blueprint, const char *state, const json_t *record);
/* RECORD_IN_BLUEPRINT when these changes move the field of a record in process; else NULL. */
json_t *process_guard(struct call *c, const json_t *before, const json_t *changes, const char *base);
#endif
