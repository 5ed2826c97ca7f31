/*
 * sandbox/seed.h — what a new org holds before anybody calls it.
 *
 * Built in      sandbox/standard.c: the standard modules, their fields and Standard layouts, line items, related lists,
 *               the profiles Administrator and Standard, one role, one user. Zoho's own defaults, no business of
 * anybody. Seed folder   the .json files of a folder, read in byte order of their names, on top of the built-in org. Data, never code.
 *
 * The format (schema "zagent.sandbox-seed/1"); every key is optional, unknown keys are an error with the file's name:
 *   {
 *     "schema": "zagent.sandbox-seed/1",
 *     "org":      {"company_name": "…", "time_zone": "Europe/Madrid", "iso_code": "EUR", …},   any key of GET /org
 *     "profiles": [{"name": "Sales", "description": "…"}],
 *     "roles":    [{"name": "Seller", "reporting_to": "CEO"}],                         a name, made before its reports
 *     "users":    [{"full_name": "Seller One", "email": "seller@example.org", "role": "Seller", "profile": "Sales"}],
 *     "modules":  [{"api_name": "Visits", "singular_label": "Visit", "plural_label": "Visits",
 *                   "fields": [{"api_name": "Grade", "field_label": "Grade", "data_type": "picklist",
 *                               "pick_list_values": ["A", "B"], "required": true, "section": "Details"}]}],
 *                 a module that exists only gains the fields it lacks; field bodies are those of POST /settings/fields
 * plus api_name (kept as written), required (on the Standard layout), section (made when missing), and pick_list_values
 * may be plain texts "ui":       [{"kind": "email_template", "module": "Quotes", "name": "…", "body": {…}, "source":
 * "…"}], done as sandbox_ui does it "records":  [{"module": "Products", "rows": [{"$key": "inv-5k", "Product_Name":
 * "…", "Unit_Price": "640.00", "Vendor_Name": {"$ref": "Vendors/acme"}}]}] rows are those of POST /{Module}, checked
 * the same way; "$key" names a row, {"$ref": "Module/key"} is a lookup to a row named earlier (in this file or one
 * before it); "Owner": {"$user": "email"} an owner. "Created_Time" and "Modified_Time" may be given (RFC 3339). No
 * automation runs.
 *     "salesiq":   departments, operators and chats of a SalesIQ portal (sandbox/salesiq.h)
 *     "inventory": categories, items and composite items of Inventory and Books (sandbox/finance.h)
 *   }
 */
#ifndef SANDBOX_SEED_H
#define SANDBOX_SEED_H
#include "base/err.h"

struct sandbox;
/* Fills an empty store; dir may be NULL. One transaction: all or nothing. */
int seed_org(struct sandbox *s, const char *dir, struct err *e);
#endif
