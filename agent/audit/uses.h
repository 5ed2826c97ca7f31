/*
 * agent/audit/uses.h — who uses what: fields, values, modules, functions, actions, templates, users, as an org's settings name them.
 *
 * Shape      target address → [{"by": address, "place": text, "line"?, "code"?, "sure": bool}], in the order of things_each.
 * Sources    criteria, triggers and actions of rules; field updates, tasks, webhooks, notifications and their merge fields; function
 *            wrappers; Deluge (by its parser: reads, writes, searches, calls, with the line); layouts, views, related lists; Blueprints;
 *            record locks; validation and assignment rules; lookups, formulas and rollups.
 * Sure       false: a script names the field in a text, without saying of which module the record is.
 * Not here   what Zoho shows nowhere: buttons, schedules, layout rules, reports, approvals (zoho-api.md 1.17).
 */
#ifndef AGENT_AUDIT_USES_H
#define AGENT_AUDIT_USES_H
#include "plan/snapshot.h"

struct uses {
    json_t *of;
};
void uses_build(struct uses *u, struct snapshot *s);
void uses_release(struct uses *u);
/* Borrowed array, NULL when nothing was found. */
const json_t *uses_of(const struct uses *u, const char *target);
#endif
