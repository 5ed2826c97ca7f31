/*
 * sandbox/assign.h — assignment rules: who gets a record.
 *
 * When        a write by API that names the rule as `lar_id` (zoho-api.md 2.1), and the action assign_owner of a workflow rule. What a
 *             person makes on a form is theirs (zoho-people-and-tools.md 3.7). Assignment comes before everything else that a save
 *             sets off (3.1).
 * Which entry the first, in order, whose criteria the record meets; else default_assignee; else it stays with whom it had.
 * To whom     user(s), or the active users of a role, profile; several take turns. Availability, thresholds and groups are not here.
 * Follow-up   tasks of the entry, once the record is saved.
 * Source      zoho-api.md 1.15; OAS26b assignment_rules; OAS26a workflow_rules AssignOwnerDetailsSchema.
 */
#ifndef SANDBOX_ASSIGN_H
#define SANDBOX_ASSIGN_H
#include "sandbox/automation.h"

/* The new owner's id, NULL when nobody is found; caller frees. *entry: the entry that decided, borrowed from rule, or NULL. */
char *assign_by_rule(struct call *c, const struct record_module *m, const json_t *rule, const json_t *record,
                     const json_t **entry);
/* One of an assign_to: {type, resource | resources | details}. turn: a name under which turns are kept. Caller frees, NULL = nobody. */
char *assign_to_one(struct call *c, const struct record_module *m, const json_t *to, const json_t *record,
                    const char *turn);
#endif
