/*
 * sandbox/access.h — what the user behind a token may do: modules and fields by permission profile.
 *
 * Who         the org's first user and whoever has the profile Administrator may do everything; so may what nobody signed in for
 *             (Setup, automation, functions).
 * Module      a custom module whose `profiles` do not list the user's answers NO_PERMISSION; standard ones are open to all.
 * Field       a field's `profiles` say read_write, read_only or hidden (DOC:create-custom-field). hidden: not in any answer, unknown
 *             to COQL, searches, lists and bulk jobs; hidden and read_only: a write that names it is NO_PERMISSION at that field (the
 *             code for a field is unproven; OAS26a record names it for records). The same holds in each line of a subform, by the
 *             `profiles` of the subform's own fields.
 * Automation  what rules and functions write is theirs, not the user's: nothing here binds them.
 * Jobs        a bulk job and its file are shown to whoever started it and to who may do everything (unproven).
 * Setup       settings are written by Administrators only: NO_PERMISSION with Crm_Implied_Customize_Zoho_CRM (zoho-api.md 1.2).
 */
#ifndef SANDBOX_ACCESS_H
#define SANDBOX_ACCESS_H
#include "sandbox/record.h"

/* Does nothing bind who calls? */
bool access_everything(const struct call *c);
bool access_hides(const struct call *c, const json_t *field);
/* From now on m shows and takes what the caller may see and write. False = the caller may not enter the module. */
bool access_bind(struct call *c, struct record_module *m);
/* The same; false = answered. */
bool access_limit(struct call *c, struct record_module *m);
/* Error element when `in` names a field the caller may not write; NULL for who may, and for modules nobody limited. */
json_t *access_refuses(const struct record_module *m, const json_t *in, const char *base);
/* False = answered: a write of settings by somebody who may not. */
bool access_setup(struct call *c);
#endif
