#include "zoho/crm/resources.h"

#include <string.h>

#define S  "/crm/v8/settings/"
#define SA "/crm/v8/settings/automation/"
#define Z  "ZohoCRM."

/* Paths, keys, page sizes: zoho.com/crm/developer/docs/api/v8/<resource>, OpenAPI files of zoho/crm-oas.
 * function_wrappers and validation_rules are undocumented reads others have seen answering, and what a missing function
 * answers on /code is not documented: best effort. */
const struct resource_row resource_rows[] = {
    {"org", RESOURCE_LIST, "/crm/v8/org", "org", "", 0, NULL, false, Z "org.READ"},
    {"features", RESOURCE_LIST, "/crm/v8/__features", "__features", "", 200, NULL, false, Z "features.READ"},
    {"apis", RESOURCE_LIST, "/crm/v8/__apis", "__apis", "", 0, NULL, false, Z "apis.READ"},
    {"profiles", RESOURCE_LIST, S "profiles", "profiles", "", 0, NULL, false, Z "settings.profiles.READ"},
    {"roles", RESOURCE_LIST, S "roles", "roles", "", 0, NULL, false, Z "settings.roles.READ"},
    {"users", RESOURCE_LIST, "/crm/v8/users", "users", "", 200, NULL, false, Z "users.READ"},
    {"user_groups", RESOURCE_LIST, S "user_groups", "user_groups", "", 0, NULL, false, Z "settings.user_groups.READ"},
    {"modules", RESOURCE_LIST, S "modules", "modules", "", 0, NULL, false, Z "settings.modules.READ"},
    {"fields", RESOURCE_MODULE, S "fields", "fields", "type=all", 0, NULL, false, Z "settings.fields.READ"},
    {"layouts", RESOURCE_MODULE, S "layouts", "layouts", "", 0, NULL, false, Z "settings.layouts.READ"},
    {"custom_views", RESOURCE_MODULE, S "custom_views", "custom_views", "", 200, "fields", false,
     Z "settings.custom_views.READ"},
    {"related_lists", RESOURCE_MODULE, S "related_lists", "related_lists", "", 0, NULL, false,
     Z "settings.related_lists.READ"},
    {"global_picklists", RESOURCE_LIST, S "global_picklists", "global_picklists", "include=pick_list_values", 0,
     "pick_list_values", false, Z "settings.global_picklist.READ"},
    {"variables", RESOURCE_LIST, S "variables", "variables", "", 0, NULL, false, Z "settings.variables.READ"},
    {"variable_groups", RESOURCE_LIST, S "variable_groups", "variable_groups", "", 0, NULL, false,
     Z "settings.variable_groups.READ"},
    {"record_locking", RESOURCE_MODULE, S "record_locking_configurations", "record_locking_configurations", "", 0, NULL,
     false, Z "settings.record_locking_configurations.READ"},
    {"functions", RESOURCE_LIST, S "functions", "functions", "", 0, NULL, false, Z "settings.functions.READ"},
    {"function_code", RESOURCE_TEXT, S "functions/%s/code", "code", "", 0, NULL, true, Z "settings.functions.READ"},
    {"function_wrappers", RESOURCE_LIST, SA "functions", "functions", "", 0, NULL, true,
     Z "settings.automation_actions.READ"},
    {"field_updates", RESOURCE_LIST, SA "field_updates", "field_updates", "", 200, NULL, false,
     Z "settings.automation_actions.READ"},
    {"email_notifications", RESOURCE_LIST, SA "email_notifications", "email_notifications", "", 200, NULL, false,
     Z "settings.automation_actions.READ"},
    {"tasks", RESOURCE_LIST, SA "tasks", "tasks", "", 200, NULL, false, Z "settings.automation_actions.READ"},
    {"webhooks", RESOURCE_LIST, SA "webhooks", "webhooks", "", 200, NULL, false, Z "settings.automation_actions.READ"},
    {"workflow_rules", RESOURCE_LIST, SA "workflow_rules", "workflow_rules", "include_inner_details=true", 200,
     "conditions", false, Z "settings.workflow_rules.READ"},
    {"assignment_rules", RESOURCE_LIST, SA "assignment_rules", "assignment_rules", "", 0, NULL, false,
     Z "settings.assignment_rules.READ"},
    {"email_templates", RESOURCE_LIST, S "email_templates", "email_templates", "", 100, NULL, false,
     Z "templates.email.READ"},
    {"validation_rules", RESOURCE_MODULE, S "validation_rules", "validation_rules", "", 0, NULL, true,
     Z "settings.READ"},
    {"blueprints", RESOURCE_LIST, S "blueprints", "blueprints", "", 0, "transitions", true,
     Z "settings.blueprint.READ"},
    {"connections", RESOURCE_NEVER, "", "", "", 0, NULL, false, ""},
    {"records", RESOURCE_COQL, "/crm/v8/coql", "data", "", 0, NULL, false, Z "coql.READ"},
};
const size_t resource_rows_n = sizeof resource_rows / sizeof *resource_rows;

const struct resource_row *resource_row_find(const char *name, const char **rest)
{
    size_t n = strcspn(name, "/");
    *rest = name[n] ? name + n + 1 : "";
    for (size_t i = 0; i < resource_rows_n; i++) {
        const struct resource_row *r = &resource_rows[i];
        bool wants_rest = r->form == RESOURCE_MODULE || r->form == RESOURCE_TEXT || r->form == RESOURCE_COQL;
        if (strlen(r->name) == n && strncmp(r->name, name, n) == 0 && wants_rest == (**rest != '\0'))
            return r;
    }
    return NULL;
}
