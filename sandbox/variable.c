/* sandbox/variable.c — variables and their groups (zoho-api.md 1.16; OAS26a). */
#include "sandbox/plain.h"

#include "sandbox/route.h"

/* Types: the union of both OpenAPI editions (1.16). */
static const struct shape variable_shape[] = {
    {"name", TEXT, true, 0, NULL},
    {"api_name", TEXT, true, 0, NULL},
    {"description", TEXT, false, 0, NULL},
    {"type", TEXT, true, 0,
     "text|textarea|integer|long|double|percent|currency|date|datetime|email|phone|website|checkbox|boolean|float"},
    {"variable_group", OBJECT, true, 0, NULL},
    {"value", ANY, false, 0, NULL},
    {0}};

static json_t *variable_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    if (before && strcmp(js_str_or(o, "type", ""), js_str_or(before, "type", "")) != 0) {
        return item_error("NOT_ALLOWED", "the type of a variable cannot be changed", at("%s.type", base));
    }
    json_t *bad = plain_ref(c, o, "variable_group", "variable_groups", NULL, base), *v = json_object_get(o, "value");
    if (json_is_integer(v)) { /* GET shows text (OAS26a) */
        js_set_strf(o, "value", "%lld", (long long)json_integer_value(v));
    }
    if (!before) {
        js_set_bool(o, "read_only", false);
        js_set_str(o, "source", "crm");
        js_set_str(o, "description", js_str(o, "description"));
    }
    return bad;
}

static const struct shape group_shape[] = {{"name", TEXT, false, 0, NULL}, {"description", TEXT, false, 0, NULL}, {0}};

const struct plain plain_variables = {"variables", "variables", variable_shape, MODULE_NONE,       100,
                                      201,         true,        false,          variable_complete, NULL};
static const struct plain variable_groups = {
    "variable_groups", "variable_groups", group_shape, MODULE_NONE, 100, 201, true, false, NULL, NULL};

#define VARIABLES "/crm/v8/settings/variables"

static const struct route rows[] = {
    {"GET", VARIABLES, "ZohoCRM.settings.variables", 1, plain_list, &plain_variables},
    {"POST", VARIABLES, "ZohoCRM.settings.variables", 1, plain_create, &plain_variables},
    {"PUT", VARIABLES, "ZohoCRM.settings.variables", 1, plain_update, &plain_variables},
    {"DELETE", VARIABLES, "ZohoCRM.settings.variables", 1, plain_delete, &plain_variables},
    {"GET", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_one, &plain_variables},
    {"PUT", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_update, &plain_variables},
    {"DELETE", VARIABLES "/{id}", "ZohoCRM.settings.variables", 1, plain_delete, &plain_variables},
    {"GET", "/crm/v8/settings/variable_groups", "ZohoCRM.settings.variable_groups", 1, plain_list, &variable_groups},
    {"GET", "/crm/v8/settings/variable_groups/{id}", "ZohoCRM.settings.variable_groups", 1, plain_one,
     &variable_groups},
    {"PUT", "/crm/v8/settings/variable_groups/{id}", "ZohoCRM.settings.variable_groups", 1, plain_update,
     &variable_groups},
};
ROUTE_TABLE(routes_variable, rows);
