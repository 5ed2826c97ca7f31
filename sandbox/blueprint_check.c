/* sandbox/blueprint_check.c — states, transitions, connections and the whole Blueprint. Source: zoho-api.md 1.14 [C14]. */
#include "sandbox/blueprint_check.h"

static const struct shape state_shape[] = {{"module", OBJECT, true, 0, NULL},
                                           {"api_name", TEXT, true, 0, NULL},
                                           {"pick_list_value", OBJECT, true, 0, NULL},
                                           {"state_escalation", ANY, false, 0, NULL},
                                           {"name", TEXT, false, 0, NULL},
                                           {0}};
static const struct shape transition_shape[] = {
    {"api_name", TEXT, true, 0, NULL},
    {"name", TEXT, true, 0, NULL},
    {"module", OBJECT, true, 0, NULL},
    {"layout", OBJECT, true, 0, NULL},
    {"description", TEXT, false, 0, NULL},
    {"criteria", OBJECT, false, 0, NULL},
    {"owners", ARRAY, false, 0, NULL},
    {"during_inputs", ARRAY, false, 0, NULL},
    {"actions", ARRAY, false, 0, NULL},
    {"color_code", TEXT, false, 0, NULL},
    {"common_source", BOOL, false, 0, NULL},
    {"trigger_type", TEXT, false, 0, "manual|automatic"},
    {"transition_type", TEXT, false, 0, "standalone_transition|parallel_transition|child_transition"},
    {0}};

static json_t *refs(struct call *c, json_t *o, bool layout, const char *base)
{
    AUTO_FREE char *m = mem_printf("%s.module", base), *l = mem_printf("%s.layout", base);
    json_t *bad = ref_complete(c->st, js_obj(o, "module"), "modules", NULL, m);
    json_object_del(js_obj(o, "module"), "name");
    if (!bad && layout) {
        bad = ref_complete(c->st, js_obj(o, "layout"), "layouts", js_str(js_obj(o, "module"), "api_name"), l);
        json_object_del(js_obj(o, "layout"), "api_name");
    }
    return bad;
}

void blueprint_give_id(struct call *c, json_t *o)
{
    if (!js_str(o, "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set_str(o, "id", id);
    }
}

json_t *blueprint_state_check(struct call *c, const struct blueprint_scope *sc, json_t *s, const char *base)
{
    AUTO_JSON json_t *o = json_object();
    json_t *bad = shape_take(state_shape, s, o, true, base), *v;
    bad = bad ? bad : refs(c, o, false, base);
    const json_t *want = js_obj(o, "pick_list_value");
    size_t i;
    bool found = false;
    json_array_foreach (js_arr(sc->field, "pick_list_values"), i, v) {
        bool hit = js_str(want, "id")
                       ? strcmp(js_str(want, "id"), js_str_or(v, "id", "")) == 0
                       : strcmp(js_str_or(want, "actual_value", ""), js_str_or(v, "actual_value", "?")) == 0;
        if (!bad && hit && !found) {
            found = true;
            js_set(o, "pick_list_value",
                   json_pack("{s:s,s:s,s:s}", "id", js_str(v, "id"), "actual_value", js_str(v, "actual_value"),
                             "display_value", js_str_or(v, "display_value", "")));
            want = NULL;
        }
    }
    if (!bad && !found) {
        bad = error_invalid(NULL, "%s.pick_list_value.%s", base, js_str(want, "id") ? "id" : "actual_value");
    }
    if (!bad) {
        if (js_str(s, "id")) {
            js_set_str(o, "id", js_str(s, "id"));
        }
        blueprint_give_id(c, o);
        json_object_clear(s);
        json_object_update(s, o);
    }
    return bad;
}

/* {type, name} or {type, id}: the action must be there (types of workflow actions, zoho-api.md 1.11). */
static json_t *actions_check(struct call *c, json_t *actions, const char *base)
{
    static const char *const kinds[][2] = {{"functions", "automation_functions"},
                                           {"field_updates", "field_updates"},
                                           {"tasks", "tasks"},
                                           {"email_notifications", "email_notifications"},
                                           {"webhooks", "webhooks"}};
    size_t i, k;
    json_t *a, *bad = NULL;
    json_array_foreach (actions, i, a) {
        AUTO_FREE char *path = mem_printf("%s.actions[%zu]", base, i);
        for (k = 0; !bad && k < sizeof kinds / sizeof *kinds; k++) {
            if (strcmp(js_str_or(a, "type", ""), kinds[k][0]) == 0) {
                bad = ref_complete(c->st, a, kinds[k][1], NULL, path);
            }
        }
    }
    return bad;
}

json_t *blueprint_transition_check(struct call *c, const struct blueprint_scope *sc, json_t *t, const char *base)
{
    AUTO_JSON json_t *o = json_object();
    AUTO_FREE char *cpath = mem_printf("%s.criteria", base);
    json_t *bad = shape_take(transition_shape, t, o, true, base), *in;
    size_t i;
    bad = bad ? bad : refs(c, o, true, base);
    bad = bad ? bad : actions_check(c, js_arr(o, "actions"), base);
    if (!bad && js_obj(o, "criteria")) {
        bad = criteria_check(c->st, sc->module, js_obj(o, "criteria"), cpath);
    }
    json_array_foreach (js_arr(o, "during_inputs"), i, in) {
        AUTO_FREE char *path = mem_printf("%s.during_inputs[%zu].field", base, i);
        json_t *f = json_object_get(in, "field");
        if (!bad && f && !json_is_null(f)) {
            bad = ref_complete(c->st, f, "fields", sc->module, path);
        }
        if (!bad && json_array_size(js_arr(in, "items")) > 10) { /* checklist (1.14) */
            bad = item_error("LIMIT_EXCEEDED", "too many checklist items", json_pack("{s:i}", "limit", 10));
        }
    }
    if (!bad) {
        if (js_str(t, "id")) {
            js_set_str(o, "id", js_str(t, "id"));
        }
        blueprint_give_id(c, o);
        js_set_str(o, "trigger_type", js_str_or(o, "trigger_type", "manual"));
        js_set_str(o, "transition_type", js_str_or(o, "transition_type", "standalone_transition"));
        json_object_clear(t);
        json_object_update(t, o);
    }
    return bad;
}

static json_t *named(const json_t *list, const json_t *ref)
{
    static const char *const keys[] = {"id", "api_name", "name"};
    size_t i, k;
    json_t *v;
    json_array_foreach (list, i, v) {
        for (k = 0; k < 3; k++) {
            const char *want = js_str(ref, keys[k]);
            if (want && strcmp(want, js_str_or(v, keys[k], "")) == 0) {
                return v;
            }
        }
    }
    return NULL;
}

/* connections[].transitions is one object; keys are from_state and to_state (1.14). */
static json_t *connections_check(struct call *c, json_t *b, const char *base)
{
    size_t i, k;
    json_t *con;
    static const struct {
        const char *key, *list;
    } ends[] = {{"from_state", "states"}, {"to_state", "states"}, {"transitions", "transitions"}};
    json_array_foreach (js_arr(b, "connections"), i, con) {
        for (k = 0; k < 3; k++) {
            json_t *end = js_obj(con, ends[k].key), *to = named(js_arr(b, ends[k].list), end);
            if (!end || !to) { /* no json_path here [6.7] */
                return item_error("INVALID_DATA", "a connection names no state or transition", NULL);
            }
            json_object_set(end, "id", json_object_get(to, "id"));
            json_object_set(end, "api_name", json_object_get(to, "api_name"));
        }
        blueprint_give_id(c, con);
    }
    (void)base;
    return NULL;
}

json_t *blueprint_body_check(struct call *c, json_t *b, const char *base)
{
    AUTO_FREE char *fpath = mem_printf("%s.field", base), *epath = mem_printf("%s.entry_criteria", base);
    json_t *bad = refs(c, b, true, base), *v;
    const char *module = js_str(js_obj(b, "module"), "api_name");
    size_t i;
    bad = bad ? bad : ref_complete(c->st, js_obj(b, "field"), "fields", module, fpath);
    AUTO_JSON json_t *field = bad ? NULL : config_by_id(c->st, "fields", module, js_str(js_obj(b, "field"), "id"));
    if (field && strcmp(js_str_or(field, "data_type", ""), "picklist") != 0) {
        bad = error_invalid(NULL, "%s.id", fpath);
    }
    if (!bad && js_obj(b, "entry_criteria")) {
        bad = criteria_check(c->st, module, js_obj(b, "entry_criteria"), epath);
    }
    if (!bad && js_bool(b, "continuous", false) && json_array_size(js_arr(b, "owners")) == 0) {
        json_t *d = at("%s.owners", base);
        js_set(d, "dependee", at("%s.continuous", base));
        bad = item_error("DEPENDENT_FIELD_MISSING", "a continuous Blueprint has owners", d);
    }
    struct blueprint_scope sc = {module, field};
    json_array_foreach (js_arr(b, "states"), i, v) {
        AUTO_FREE char *path = mem_printf("%s.states[%zu]", base, i);
        bad = bad ? bad : blueprint_state_check(c, &sc, v, path);
    }
    json_array_foreach (js_arr(b, "transitions"), i, v) {
        AUTO_FREE char *path = mem_printf("%s.transitions[%zu]", base, i);
        bad = bad ? bad : blueprint_transition_check(c, &sc, v, path);
    }
    return bad ? bad : connections_check(c, b, base);
}
