/* plan/kinds.c — the table of kinds. Ranks follow the order that dependencies usually have (zoho-api.md 7, point 2). */
#include "plan/kinds.h"

#define REFERENCE(name_, title_, in_module_, find_, kind_spec_)                                                        \
    {                                                                                                                  \
        .name = (name_), .title = (title_), .cls = KIND_REFERENCE, .in_module = (in_module_), .reads = spec_reads,     \
        .find = (find_), .normalise = spec_normalise, .needs = spec_needs, .body = spec_body, .spec = &(kind_spec_)    \
    }

const struct kind kinds[] = {
    {"module", "module", KIND_API, false, 10, 500, 1, 5, module_reads, spec_find, spec_normalise, spec_needs, spec_body,
     check_limits, &spec_module},
    {"global_picklist", "global picklist", KIND_API, false, 20, 1, 1, 4, spec_reads, spec_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_global_picklist},
    {"field", "field", KIND_API, true, 30, 1, 1, 3, spec_reads, spec_find, spec_normalise, spec_needs, spec_body,
     check_limits, &spec_field},
    {"picklist", "picklist values", KIND_API, true, 40, 1, 1, 3, spec_reads, picklist_find, spec_normalise,
     picklist_needs, picklist_body, check_limits, &spec_picklist},
    {"layout_section", "layout section", KIND_API, true, 50, 1, 1, 4, spec_reads, section_find, spec_normalise,
     section_needs, section_body, check_limits, &spec_layout_section},
    {"variable", "variable", KIND_API, false, 60, 1, 1, 2, spec_reads, spec_find, spec_normalise, spec_needs, spec_body,
     check_limits, &spec_variable},
    {"connection", "connection", KIND_ATTEST, false, 65, 0, 0, 5, spec_reads, nothing_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_attested},
    {"function", "function", KIND_GATED, false, 70, 1, 1, 6, function_reads, spec_find, function_normalise, spec_needs,
     spec_body, check_limits, &spec_function},
    {"function_wrapper", "function association", KIND_GATED, true, 80, 1, 1, 3, wrapper_reads, wrapper_find,
     spec_normalise, spec_needs, spec_body, check_limits, &spec_function_wrapper},
    {"field_update", "field update", KIND_API, true, 90, 1, 1, 3, spec_reads, spec_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_field_update},
    {"email_template", "e-mail template", KIND_HAND, true, 95, 0, 0, 4, spec_reads, spec_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_email_template},
    {"email_notification", "e-mail notification", KIND_API, true, 100, 1, 1, 3, spec_reads, spec_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_email_notification},
    {"workflow_rule", "workflow rule", KIND_API, true, 110, 1, 1, 6, spec_reads, spec_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_workflow_rule},
    {"validation_rule", "validation rule", KIND_HAND, true, 120, 0, 0, 5, spec_reads, spec_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_validation_rule},
    {"record_locking", "record locking", KIND_API, true, 130, 1, 1, 6, spec_reads, locking_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_record_locking},
    {"custom_view", "view", KIND_GATED, true, 140, 1, 1, 3, spec_reads, spec_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_custom_view},
    {"blueprint", "Blueprint", KIND_GATED, true, 150, 1, 1, 25, spec_reads, spec_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_blueprint},
    {"blueprint_publish", "publishing of a Blueprint", KIND_HAND, true, 155, 0, 0, 5, spec_reads, spec_find,
     spec_normalise, spec_needs, spec_body, check_limits, &spec_blueprint_publish},
    {"records", "existing records", KIND_API, false, 160, 1, 1, 15, records_reads, records_find, records_normalise,
     records_needs, records_body, check_limits, &spec_records},
    {"custom_button", "button", KIND_ATTEST, true, 162, 0, 0, 6, spec_reads, nothing_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_attested},
    {"schedule", "schedule", KIND_ATTEST, false, 163, 0, 0, 5, spec_reads, nothing_find, spec_normalise, spec_needs,
     spec_body, check_limits, &spec_attested},
    {"salesiq_workflow", "SalesIQ workflow", KIND_ATTEST, false, 164, 0, 0, 15, spec_reads, nothing_find,
     spec_normalise, spec_needs, spec_body, check_limits, &spec_attested},
    {"approval_process", "approval process", KIND_ATTEST, true, 165, 0, 0, 12, spec_reads, nothing_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_attested},
    {"n8n_workflow", "n8n workflow", KIND_ATTEST, false, 166, 0, 0, 20, spec_reads, nothing_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_attested},
    {"manual", "task for people", KIND_ATTEST, false, 170, 0, 0, 10, spec_reads, nothing_find, spec_normalise,
     spec_needs, spec_body, check_limits, &spec_attested},
    REFERENCE("profile", "permission profile", false, spec_find, spec_profile),
    REFERENCE("role", "role", false, spec_find, spec_role),
    REFERENCE("user", "user", false, user_find, spec_user),
    REFERENCE("group", "user group", false, spec_find, spec_group),
    REFERENCE("layout", "layout", true, spec_find, spec_layout),
    REFERENCE("section", "layout section", true, section_find, spec_section),
    REFERENCE("picklist_value", "picklist value", true, picklist_value_find, spec_picklist_value),
    REFERENCE("variable_group", "variable group", false, variable_group_find, spec_variable_group),
    REFERENCE("task", "task action", true, spec_find, spec_task),
    REFERENCE("webhook", "webhook", true, spec_find, spec_webhook),
};
const size_t kinds_n = sizeof kinds / sizeof *kinds;

const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; name && i < kinds_n; i++)
        if (!strcmp(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}
