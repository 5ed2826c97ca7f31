/*
 * zoho/crm/room.h — how full the org is: fields of a module, workflow rules of the org and of a module.
 *
 * Fields   GET /__features?api_names=custom_field&module=M: details {limits, used_count, available_count}, each {total}.
 * Rules    GET …/workflow_rules/actions/rules_count: total_rules_limit, total_rules_configured, total_rules_limit_per_module.
 * Source   zoho.com/crm/developer/docs/api/v8/workflow-limits; OpenAPI files features, workflow_rules of zoho/crm-oas. Best effort: an
 *          org that does not say leaves its row out.
 */
#ifndef ZOHO_CRM_ROOM_H
#define ZOHO_CRM_ROOM_H
#include "base/strset.h"
#include "zoho/zoho.h"

/* [{what, module|null, used, limit}]; rules: the org's workflow_rules as read, or NULL. New reference. */
int crm_room(struct zoho *z, const struct strset *modules, const json_t *rules, json_t **out, struct err *e);
#endif
