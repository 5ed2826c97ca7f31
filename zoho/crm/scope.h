/*
 * zoho/crm/scope.h — which OAuth scopes reading and writing need, and whether those granted reach.
 *
 * Grammar    Service.area[.part].OPERATION; ALL is every operation, a shorter stem covers the longer ones behind it, except that
 *            settings.ALL does not reach Blueprints and functions (zoho-api.md 1.2: asking for them by name is always safe).
 * Modules    ZohoCRM.modules.NAME.OP for the standard ones, ZohoCRM.modules.custom.OP for all custom ones
 *            (zoho.com/crm/developer/docs/api/v8/scopes).
 * Narrow     DELETE only where a deletion is meant (a tombstone, or a rollback that takes back what was made).
 */
#ifndef ZOHO_CRM_SCOPE_H
#define ZOHO_CRM_SCOPE_H
#include "base/js.h"
#include "base/strset.h"

/* Of the read of one snapshot name ("fields/Quotes"); NULL when nothing is read by API. Borrowed. */
const char *crm_read_scope(const char *snapshot_name);
/* Every readable resource's, for who wants to see all of an org. */
void crm_all_read_scopes(struct strset *out);
/* Of creating and changing one kind; nothing is added for kinds that the API does not write. module: of the address, may be NULL. */
void crm_write_scopes(const char *kind, const char *module, struct strset *out);
/* Of deleting one of that kind; NULL where the API deletes none. Caller frees. */
char *crm_delete_scope(const char *kind);
/* ZohoCRM.modules.X.OP. A module that is no standard one counts as custom. Caller frees. */
char *crm_module_scope(const char *module, const char *operation);
/* granted: comma separated. */
bool crm_scope_covers(const char *granted, const char *need);
#endif
