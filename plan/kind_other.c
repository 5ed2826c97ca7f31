/* plan/kind_other.c — what only people attest to, and what is only referred to: profiles, roles, users, layouts,
 * values. */
#include "base/mem.h"
#include "base/text.h"
#include "plan/kinds.h"

json_t *nothing_find(const struct kind_view *v, const struct resource *r)
{
    (void)v, (void)r;
    return NULL;
}

/* picklist_value/Module.Field=Value */
json_t *picklist_value_find(const struct kind_view *v, const struct resource *r)
{
    const char *equals = strchr(r->name, '=');
    if (!equals || !module_exists(v, r->module))
        return NULL;
    AUTO_FREE char *list = kind_list(v, r);
    AUTO_FREE char *field = mem_dupn(r->name, (size_t)(equals - r->name));
    json_t *live = snapshot_find(v->snapshot, list, "api_name", real_field(v, r->module, field), false), *value;
    size_t i;
    json_array_foreach (js_arr(live, "pick_list_values"), i, value)
        if (!strcmp(js_str_or(value, "actual_value", js_str_or(value, "display_value", "")), equals + 1))
            return value;
    return NULL;
}

/* A person is named by e-mail address or by full name. */
json_t *user_find(const struct kind_view *v, const struct resource *r)
{
    json_t *found = snapshot_find(v->snapshot, "users", "email", r->name, true);
    return found ? found : snapshot_find(v->snapshot, "users", "full_name", r->name, true);
}

json_t *variable_group_find(const struct kind_view *v, const struct resource *r)
{
    json_t *found = snapshot_find(v->snapshot, "variable_groups", "name", r->name, true);
    return found ? found : snapshot_find(v->snapshot, "variable_groups", "api_name", r->name, true);
}

const struct kind_spec spec_attested = {.list = "", .key = "name", .label = "name"};
const struct kind_spec spec_profile = {.list = "profiles", .key = "name"};
const struct kind_spec spec_role = {.list = "roles", .key = "name"};
const struct kind_spec spec_user = {.list = "users", .key = "full_name"};
const struct kind_spec spec_group = {.list = "user_groups", .key = "name"};
const struct kind_spec spec_layout = {.list = "layouts", .per_module = true, .key = "name"};
const struct kind_spec spec_picklist_value = {.list = "fields", .per_module = true, .key = "actual_value"};
const struct kind_spec spec_variable_group = {.list = "variable_groups", .key = "name"};
const struct kind_spec spec_task = {.list = "tasks", .has_module = true, .key = "name"};
const struct kind_spec spec_webhook = {.list = "webhooks", .has_module = true, .key = "name"};
