/*
 * tests/agent/shape.c — the rows. DOC:page = zoho.com/crm/developer/docs/api/v8/page.html; OAS25 = folder v8.0, OAS26a = folder
 * v8.0-3.1 of ../shared/oas, OAS26b = the yaml edition of zoho/crm-oas.
 */
#include "tests/agent/shape.h"

const struct shape_row shape_sources[] = {
    {"POST /oauth/v2/token", "zoho.com/accounts/protocol/oauth, refresh access token; zoho-api.md 3.4"},
    {"GET /crm/v8/settings/functions", "DOC:create-function and its neighbours; zoho-api.md 1.12"},
    {"GET /crm/v8/settings/functions/*/code", "DOC, Download Function Code; zoho-api.md 1.12"},
    {"POST /crm/v8/settings/functions", "DOC:create-function; multipart; zoho-api.md 1.12"},
    {"* /crm/v8/settings/automation/functions", "undocumented, seen to answer; zoho-api.md 1.13"},
    {"* /crm/v8/settings/automation/email_notifications", "DOC:create-email-notification; zoho-api.md 1.11"},
    {"GET /crm/v8/settings/validation_rules", "undocumented, seen to answer; zoho-api.md 1.17"},
    {"POST /crm/v8/settings/custom_views", "OAS26b custom_views, which the two editions here lack; zoho-api.md 1.8"},
    {"* /crm/v8/settings/blueprints", "DOC:create-blueprint; zoho-api.md 1.14"},
    {"GET /crm/v8/settings/blueprints/*", "DOC:create-blueprint; zoho-api.md 1.14"},
    {"PUT /crm/v8/settings/blueprints/transitions", "DOC, Blueprint transitions; zoho-api.md 1.14"},
};
const size_t shape_sources_n = sizeof shape_sources / sizeof *shape_sources;

const struct shape_row shape_deviations[] = {
    {"GET /settings/automation/workflow_rules 204 $: is not described with status 204",
     "an empty list answers 204 (DOC:status-codes; zoho-api.md 0.3); the file names it for the actions beside it"},
    {"GET /__features query ?per_page: is none of the values listed: \"200\"",
     "OAS26a lists the one value of its sample, 10; values of samples are filler (zoho-api.md 0.2); 200 is unproven "
     "here"},
    {"GET /settings/custom_views 204 $: is not described with status 204",
     "an empty list answers 204 (DOC:status-codes); a real org has system views, ours has none until a view is made"},
    {"POST /settings/variables request $.variables.*.value: is not of type *",
     "both editions contradict themselves: a variable of type text gets a text (the answer of OAS26a; zoho-api.md "
     "1.16)"},
    {"GET /settings/record_locking_configurations 200 $.record_locking_configurations.*.locking_rules.*.criteria.*: is "
     "missing",
     "a group of conditions has no comparator and no field of its own; OAS25 describes group and asks for both at "
     "once"},
    {"* /settings/automation/workflow_rules * $.workflow_rules.*.criteria.group.*.value: is not of type \"string\"",
     "a check box is compared with true or false (zoho-api.md 1.9: text, number, bool, list); text only is unproven"},
};
const size_t shape_deviations_n = sizeof shape_deviations / sizeof *shape_deviations;
