/*
 * sandbox/blueprint.c — Blueprints with their states and transitions. Source: zoho-api.md 1.14 (DOC:create-blueprint, [C14]; not in
 * any OpenAPI edition). Stored as one object; states and transitions are also reached on their own paths.
 */
#include "sandbox/blueprint.h"

#include "sandbox/plain.h"
#include "sandbox/route.h"

enum { PARTS_PER_CALL = 50 };

static const struct shape shape[] = {{"name", TEXT, true, 0, NULL},
                                     {"description", TEXT, false, 0, NULL},
                                     {"module", OBJECT, true, 0, NULL},
                                     {"layout", OBJECT, true, 0, NULL},
                                     {"field", OBJECT, true, 0, NULL},
                                     {"continuous", BOOL, false, 0, NULL}, /* is_continuous is silently ignored [C14] */
                                     {"owners", ARRAY, false, 0, NULL},
                                     {"entry_criteria", OBJECT, false, 0, NULL},
                                     {"states", ARRAY, false, 0, NULL},
                                     {"transitions", ARRAY, false, 0, NULL},
                                     {"connections", ARRAY, false, 0, NULL},
                                     {"chart_data", OBJECT, false, 0, NULL},
                                     {0}};
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

struct scope { /* what states and transitions are checked against */
    const char *module;
    const json_t *field; /* whole field object */
};

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

static void give_id(struct call *c, json_t *o)
{
    if (!js_str(o, "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set_str(o, "id", id);
    }
}

static json_t *state_check(struct call *c, const struct scope *sc, json_t *s, const char *base)
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
        give_id(c, o);
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

static json_t *transition_check(struct call *c, const struct scope *sc, json_t *t, const char *base)
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
        give_id(c, o);
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
        give_id(c, con);
    }
    (void)base;
    return NULL;
}

static json_t *body_check(struct call *c, json_t *b, const char *base)
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
    struct scope sc = {module, field};
    json_array_foreach (js_arr(b, "states"), i, v) {
        AUTO_FREE char *path = mem_printf("%s.states[%zu]", base, i);
        bad = bad ? bad : state_check(c, &sc, v, path);
    }
    json_array_foreach (js_arr(b, "transitions"), i, v) {
        AUTO_FREE char *path = mem_printf("%s.transitions[%zu]", base, i);
        bad = bad ? bad : transition_check(c, &sc, v, path);
    }
    return bad ? bad : connections_check(c, b, base);
}

static json_t *api_only(const struct call *c, const json_t *in)
{
    size_t i;
    json_t *t;
    if (c->person) {
        return NULL;
    }
    bool bad = json_object_get(in, "chart_data") != NULL; /* INVALID_DATA without detail on create (1.14) */
    json_array_foreach (js_arr(in, "transitions"), i, t) {
        bad = bad || json_array_size(js_arr(t, "actions")) > 0; /* actions come by PUT transitions */
    }
    return bad ? item_error("INVALID_DATA", "invalid data", NULL) : NULL;
}

/* Only one active Blueprint a module and layout. */
static void publish(struct call *c, json_t *b)
{
    const char *module = js_str(js_obj(b, "module"), "api_name"), *layout = js_str_or(js_obj(b, "layout"), "id", "");
    AUTO_JSON json_t *all = config_list(c->st, "blueprints", module);
    size_t i;
    json_t *o;
    json_array_foreach (all, i, o) {
        if (strcmp(js_str_or(o, "status", ""), "active") == 0 &&
            strcmp(js_str_or(js_obj(o, "layout"), "id", ""), layout) == 0 &&
            strcmp(js_str_or(o, "id", ""), js_str_or(b, "id", "")) != 0) {
            js_set_str(o, "status", "inactive");
            config_put(c->st, "blueprints", module, o);
        }
    }
    js_set_str(b, "status", "active");
}

static void store(struct call *c, json_t *b, bool created)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    if (created) {
        js_set_str(b, "created_time", now);
        js_set(b, "created_by", org_me(c->s));
    }
    js_set_str(b, "modified_time", now);
    js_set(b, "modified_by", org_me(c->s));
    config_put(c->st, "blueprints", js_str(js_obj(b, "module"), "api_name"), b);
}

json_t *blueprint_make(struct call *c, const json_t *in, bool published, const char *base)
{
    AUTO_JSON json_t *b = json_object();
    json_t *bad = api_only(c, in);
    bad = bad ? bad : shape_take(shape, in, b, true, base);
    static const char *const lists[] = {"states", "transitions", "connections"};
    for (size_t i = 0; i < 3; i++) {
        if (!js_arr(b, lists[i])) {
            js_set(b, lists[i], json_array());
        }
    }
    bad = bad ? bad : body_check(c, b, base);
    if (bad) {
        return bad;
    }
    give_id(c, b);
    js_set_str(b, "status", "draft");
    js_set_bool(b, "continuous", js_bool(b, "continuous", false));
    if (published) {
        publish(c, b);
    }
    store(c, b, true);
    return item_ok(js_str(b, "id"), "blueprint created successfully");
}

json_t *blueprint_change(struct call *c, const char *id, const json_t *in, bool do_publish, const char *base)
{
    AUTO_JSON json_t *b = id ? config_by_id(c->st, "blueprints", NULL, id) : NULL;
    if (!b) {
        return id ? error_invalid(NULL, "%s.id", base) : error_missing("%s.id", base);
    }
    AUTO_JSON json_t *out = json_object();
    json_t *bad = shape_take(shape, in, out, false, base);
    json_object_update(b, out);
    bad = bad ? bad : body_check(c, b, base);
    if (bad) {
        return bad;
    }
    if (do_publish) {
        publish(c, b);
    }
    store(c, b, false);
    return item_ok(id, "blueprint updated successfully");
}

/* ---- paths ---- */

static bool refused(struct call *c)
{
    if (c->s->on[SWITCH_blueprint]) { /* one org, Apr 2026: writes refused while GET worked [C1] */
        answer_error(c, 400, "API_NOT_SUPPORTED", "the API is not supported in this org",
                     json_pack("{s:i}", "supported_version", 9));
    }
    return c->answered;
}

static void create(struct call *c)
{
    json_t *items = refused(c) ? NULL : call_items(c, "blueprints", 1);
    if (items) {
        answer_results(c, 201, "blueprints",
                       json_pack("[o]", blueprint_make(c, json_array_get(items, 0), false, "$.blueprints[0]")));
    }
}

static void update(struct call *c)
{
    json_t *items = refused(c) ? NULL : call_items(c, "blueprints", 1), *in = json_array_get(items, 0);
    if (items) {
        const char *id = c->param[0] ? c->param[0] : js_str(in, "id");
        answer_results(c, 200, "blueprints", json_pack("[o]", blueprint_change(c, id, in, false, "$.blueprints[0]")));
    }
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_query(c, "module") ? call_module(c) : NULL;
    if (c->answered) {
        return;
    }
    const char *status = call_query(c, "status");
    json_t *all = config_list(c->st, "blueprints", js_str(m, "api_name"));
    for (size_t i = json_array_size(all); status && i-- > 0;) {
        if (strcmp(js_str_or(json_array_get(all, i), "status", ""), status) != 0) {
            json_array_remove(all, i);
        }
    }
    answer_page(c, "blueprints", all);
}

static json_t *by_path(struct call *c)
{
    json_t *b = config_by_id(c->st, "blueprints", NULL, c->param[0]);
    if (!b) {
        answer_error(c, 400, "INVALID_DATA", "there is no such Blueprint",
                     json_pack("{s:i}", "resource_path_index", 2));
    }
    return b;
}

static void one(struct call *c)
{
    json_t *b = by_path(c);
    if (b) {
        answer_list(c, "blueprints", json_pack("[o]", b));
    }
}

static void delete_one(struct call *c)
{
    AUTO_JSON json_t *b = refused(c) ? NULL : by_path(c);
    if (!b) {
        return;
    }
    bool active = strcmp(js_str_or(b, "status", ""), "active") == 0;
    if (!active) {
        config_remove(c->st, "blueprints", c->param[0]);
    }
    answer_results(c, 200, "blueprints",
                   json_pack("[o]", active ? item_error("NOT_ALLOWED", "the Blueprint is active",
                                                        json_pack("{s:s}", "id", c->param[0]))
                                           : item_ok(c->param[0], "blueprint deleted successfully")));
}

static void states(struct call *c)
{
    AUTO_JSON json_t *b = by_path(c);
    if (b) {
        answer_list(c, "states", json_incref(js_arr(b, "states")));
    }
}

static void states_add(struct call *c)
{
    AUTO_JSON json_t *b = refused(c) ? NULL : by_path(c);
    json_t *items = b ? call_items(c, "states", PARTS_PER_CALL) : NULL, *results, *v;
    if (!items) {
        return;
    }
    const char *module = js_str(js_obj(b, "module"), "api_name");
    AUTO_JSON json_t *field = config_by_id(c->st, "fields", module, js_str_or(js_obj(b, "field"), "id", ""));
    struct scope sc = {module, field};
    results = json_array();
    size_t i;
    json_array_foreach (items, i, v) {
        AUTO_FREE char *path = mem_printf("$.states[%zu]", i);
        json_t *bad = state_check(c, &sc, v, path);
        if (!bad) {
            json_array_append(js_arr(b, "states"), v);
        }
        json_array_append_new(results, bad ? bad : item_ok(js_str(v, "id"), "state created successfully"));
    }
    store(c, b, false);
    answer_results(c, 201, "states", results);
}

/* The Blueprint that holds a transition, and its place in it; NULL when none does. */
static json_t *holder(struct call *c, const char *id, size_t *where)
{
    AUTO_JSON json_t *all = config_list(c->st, "blueprints", NULL);
    size_t i, k;
    json_t *b, *t;
    json_array_foreach (all, i, b) {
        json_array_foreach (js_arr(b, "transitions"), k, t) {
            if (strcmp(js_str_or(t, "id", ""), id) == 0) {
                *where = k;
                return json_incref(b);
            }
        }
    }
    return NULL;
}

static void transitions(struct call *c)
{
    AUTO_JSON json_t *all = config_list(c->st, "blueprints", NULL);
    json_t *out = json_array(), *b, *t;
    size_t i, k;
    json_array_foreach (all, i, b) {
        json_array_foreach (js_arr(b, "transitions"), k, t) {
            if (!c->param[0] || strcmp(js_str_or(t, "id", ""), c->param[0]) == 0) {
                json_array_append(out, t);
            }
        }
    }
    answer_page(c, "transitions", out);
}

static json_t *transition_change(struct call *c, const json_t *in, const char *base)
{
    size_t where = 0;
    const char *id = js_str(in, "id");
    AUTO_JSON json_t *b = id ? holder(c, id, &where) : NULL;
    if (!b) {
        return id ? error_invalid(NULL, "%s.id", base) : error_missing("%s.id", base);
    }
    json_t *t = json_array_get(js_arr(b, "transitions"), where);
    json_object_update(t, (json_t *)(uintptr_t)in);
    struct scope sc = {js_str(js_obj(b, "module"), "api_name"), NULL};
    json_t *bad = transition_check(c, &sc, t, base);
    if (!bad) {
        store(c, b, false);
    }
    return bad ? bad : item_ok(id, "transition updated successfully");
}

static void transitions_update(struct call *c)
{
    json_t *items = refused(c) ? NULL : call_items(c, "transitions", PARTS_PER_CALL), *results, *v;
    if (!items) {
        return;
    }
    results = json_array();
    size_t i;
    json_array_foreach (items, i, v) {
        AUTO_FREE char *path = mem_printf("$.transitions[%zu]", i);
        if (c->param[0] && !js_str(v, "id")) {
            js_set_str(v, "id", c->param[0]);
        }
        json_array_append_new(results, transition_change(c, v, path));
    }
    answer_results(c, 200, "transitions", results);
}

#define BLUEPRINTS "/crm/v8/settings/blueprints"
#define SCOPE      "ZohoCRM.settings.blueprint"
static const struct route rows[] = {
    {"GET", BLUEPRINTS, SCOPE, 1, list, NULL},
    {"POST", BLUEPRINTS, SCOPE, 1, create, NULL},
    {"PUT", BLUEPRINTS, SCOPE, 1, update, NULL},
    {"GET", BLUEPRINTS "/transitions", SCOPE, 1, transitions, NULL},
    {"PUT", BLUEPRINTS "/transitions", SCOPE, 1, transitions_update, NULL},
    {"GET", BLUEPRINTS "/transitions/{id}", SCOPE, 1, transitions, NULL},
    {"PUT", BLUEPRINTS "/transitions/{id}", SCOPE, 1, transitions_update, NULL},
    {"GET", BLUEPRINTS "/{id}", SCOPE, 1, one, NULL},
    {"PUT", BLUEPRINTS "/{id}", SCOPE, 1, update, NULL},
    {"DELETE", BLUEPRINTS "/{id}", SCOPE, 1, delete_one, NULL},
    {"GET", BLUEPRINTS "/{id}/states", SCOPE, 1, states, NULL},
    {"POST", BLUEPRINTS "/{id}/states", SCOPE, 1, states_add, NULL},
};
ROUTE_TABLE(routes_blueprint, rows);
