#include "sandbox/button.h"

#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/record.h"

static bool is_shown(struct call *c, const json_t *button)
{
    AUTO_JSON json_t *me = org_me(c->s);
    AUTO_JSON json_t *user = config_by_id(c->st, "users", NULL, js_str_or(me, "id", ""));
    const char *mine = js_str_or(js_obj(user, "profile"), "name", "");
    json_t *p;
    size_t i;
    json_array_foreach (js_arr(button, "profiles"), i, p)
        if (strcmp(js_str_or(p, "name", ""), mine) == 0)
            return true;
    return json_array_size(js_arr(button, "profiles")) == 0;
}

static json_t *run(struct call *c, const struct record_module *m, const char *id, const json_t *button)
{
    const char *name = js_str_or(js_obj(button, "function"), "api_name", "");
    AUTO_JSON json_t *function = config_by_api(c->st, "functions", NULL, name), *record = record_get(c->st, m->api, id);
    json_t *arguments, *a;
    size_t i;
    if (!function || !record)
        return item_error("INVALID_DATA", function ? "there is no such record" : "the button's function is not there",
                          json_pack("{s:s}", "api_name", name));
    arguments = json_object();
    json_array_foreach (js_arr(button, "arguments"), i, a)
        js_set_str(arguments, js_str_or(a, "name", ""), id);
    struct occasion o = {c, m, id, json_deep_copy(record), "button", NULL, NULL};
    AUTO_JSON json_t *answer = automation_function(&o, function, arguments);
    json_decref(o.record);
    const json_t *returned = json_object_get(answer, "returned");
    if (!json_is_string(returned))
        return item_error("INTERNAL_ERROR", js_str_or(answer, "error", "the function returned no text"), NULL);
    return item_ok(id, json_string_value(returned));
}

json_t *button_press(struct call *c, const char *module, const char *id, const char *name)
{
    struct record_module m;
    AUTO_JSON json_t *button = config_by_name(c->st, "custom_buttons", module, name);
    if (!button || !is_shown(c, button) || !record_module_open(c->st, module, &m))
        return NULL;
    json_t *r = run(c, &m, id, button);
    record_module_close(&m);
    return r;
}
