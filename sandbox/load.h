/*
 * sandbox/load.h — a sandbox takes the place of another org: that org's own GET answers become its settings.
 *
 * Snapshot    an object: resource name → array of Zoho's objects exactly as answered. Names: org · profiles · roles · users · modules ·
 *             fields/M · layouts/M · custom_views/M · related_lists/M · record_locking/M · validation_rules/M · global_picklists ·
 *             variables · variable_groups · functions · function_code/API_NAME · function_wrappers · field_updates · tasks · webhooks ·
 *             email_notifications · email_templates · workflow_rules · assignment_rules · blueprints. Others, and refusals (objects), are
 *             left aside.
 * Ids         stay: what was planned against that org names the same things here.
 * Gaps        what the snapshot does not hold stays as in a fresh org: a resource that is there replaces the built-in one of its
 *             name (and module) whole.
 * Records     as GET /{Module}/{id} shows them; not checked, no automation. `$` keys of Zoho's stay out. One that is there already
 *             keeps what the new one does not say.
 * Acting user the sandbox's administrator stays, with the org's Administrator profile.
 */
#ifndef SANDBOX_LOAD_H
#define SANDBOX_LOAD_H
#include "sandbox/sandbox.h"

/* One transaction: all or nothing. ERR_CONFIG names the resource that cannot be taken. */
int sandbox_load(struct sandbox *s, const json_t *snapshot, struct err *e);
/* ERR_NOT_FOUND when there is no such module. */
int sandbox_load_records(struct sandbox *s, const char *module, const json_t *records, struct err *e);
#endif
