/* sandbox/validation.c — validation rules: people make them, the API reads them (zoho-api.md 1.17). */
#include "sandbox/plain.h"

#include "sandbox/limits.h"
#include "sandbox/route.h"

/* The shape of this read is our assumption: no document shows it (docs/CONFORMANCE.md, Sandbox). */
static const struct shape validation_shape[] = {{"name", TEXT, true, 0, NULL},
                                                {"description", TEXT, false, 0, NULL},
                                                {"layout", OBJECT, true, 0, NULL},
                                                {"field", OBJECT, true, 0, NULL},
                                                {"type", TEXT, true, 0, "criteria|function"},
                                                {"function", OBJECT, false, 0, NULL},
                                                {"criteria", OBJECT, false, 0, NULL},
                                                {"message", TEXT, false, LIM_VALIDATION_MESSAGE, NULL},
                                                {"active", BOOL, false, 0, NULL},
                                                {0}};

static json_t *validation_complete(struct call *c, const char *module, json_t *o, const json_t *before,
                                   const char *base)
{
    (void)before;
    bool function = strcmp(js_str_or(o, "type", ""), "function") == 0;
    json_t *bad = plain_ref(c, o, "layout", "layouts", module, base);
    bad = bad ? bad : plain_ref(c, o, "field", "fields", module, base);
    bad = bad ? bad : plain_ref(c, o, "function", "functions", NULL, base);
    if (!bad && !json_object_get(o, function ? "function" : "criteria")) {
        json_t *d = at("%s.%s", base, function ? "function" : "criteria");
        js_set(d, "dependee", at("%s.type", base));
        bad = item_error("DEPENDENT_FIELD_MISSING", "the type needs this property", d);
    }
    AUTO_FREE char *path = mem_printf("%s.criteria", base);
    json_t *criteria = js_obj(o, "criteria");
    bad = bad ? bad : criteria ? criteria_check(c->st, module, criteria, path) : NULL;
    AUTO_JSON json_t *m = config_by_api(c->st, "modules", NULL, module);
    js_set(o, "module", json_pack("{s:s,s:s}", "api_name", module, "id", js_str_or(m, "id", "")));
    js_set_bool(o, "active", js_bool(o, "active", true));
    return bad;
}

static void validation_list(struct call *c)
{
    if (c->s->on[SWITCH_validation_read]) {
        answer_error(c, 404, "INVALID_URL_PATTERN", "Please check if the URL trying to access is a correct one", NULL);
        return;
    }
    plain_list(c);
}

static void validation_post(struct call *c)
{
    answer_error(c, 500, "INTERNAL_ERROR", "Internal Server Error", NULL); /* seen: POST answers 500 [C2] */
}

const struct plain plain_validation_rules = {"validation_rules",
                                             "validation_rules",
                                             validation_shape,
                                             MODULE_QUERY,
                                             1,
                                             201,
                                             true,
                                             false,
                                             validation_complete,
                                             NULL};

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/validation_rules", "ZohoCRM.settings.validation_rules", 1, validation_list,
     &plain_validation_rules},
    {"POST", "/crm/v8/settings/validation_rules", "ZohoCRM.settings.validation_rules", 1, validation_post,
     &plain_validation_rules},
};
ROUTE_TABLE(routes_validation, rows);
