/*
 * sandbox/run_function.h — runs a stored Deluge function in this org: the function_runner a sandbox starts with.
 *
 * Reads       zoho.crm tasks see this org's records, all fields, as the REST API shows them; searchRecords and getRecords go through
 *             every record of the module.
 * Writes      go through record_put: checks, locks, audit, and automation when the options' "trigger" asks for it. Without options
 *             none runs (zoho-api.md 6.14; the default differs between pages, deluge.md 2). Validation rules never stand before them
 *             (zoho-people-and-tools.md finding 5).
 * Lookups     may be written as plain ids, text or number (assumed, as scripts do).
 * Related     a list is found by the child module's api_name or by the label of the lookup that makes it, with underscores (assumed);
 *             Tasks and Notes belong to every module.
 * Mail        goes to the outbox. invokeurl, convertLead, attachFile and connectors are not here: the run ends with an error that says so.
 * Answer      {"status": "success", "returned": value} or {"status": "failure", "error": text with the place}.
 */
#ifndef SANDBOX_RUN_FUNCTION_H
#define SANDBOX_RUN_FUNCTION_H
#include "sandbox/call.h"

json_t *run_function(void *ctx, struct call *c, const json_t *function, const json_t *arguments);
#endif
