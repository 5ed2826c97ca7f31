/*
 * sandbox/blueprint.c — Blueprints with their states and transitions. Source: zoho-api.md 1.14 (DOC:create-blueprint, [C14]; not in
 * any OpenAPI edition). Stored as one object; states and transitions are also reached on their own paths.
 */
#include "sandbox/blueprint.h"

#include "sandbox/blueprint_check.h"
#include "sandbox/limits.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"

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
    bad = bad ? bad : blueprint_body_check(c, b, base);
    if (bad) {
        return bad;
    }
    blueprint_give_id(c, b);
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
    bad = bad ? bad : blueprint_body_check(c, b, base);
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
    json_t *items = b ? call_items(c, "states", LIM_BLUEPRINT_PARTS_PER_CALL) : NULL, *results, *v;
    if (!items) {
        return;
    }
    const char *module = js_str(js_obj(b, "module"), "api_name");
    AUTO_JSON json_t *field = config_by_id(c->st, "fields", module, js_str_or(js_obj(b, "field"), "id", ""));
    struct blueprint_scope sc = {module, field};
    results = json_array();
    size_t i;
    json_array_foreach (items, i, v) {
        AUTO_FREE char *path = mem_printf("$.states[%zu]", i);
        json_t *bad = blueprint_state_check(c, &sc, v, path);
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
    struct blueprint_scope sc = {js_str(js_obj(b, "module"), "api_name"), NULL};
    json_t *bad = blueprint_transition_check(c, &sc, t, base);
    if (!bad) {
        store(c, b, false);
    }
    return bad ? bad : item_ok(id, "transition updated successfully");
}

static void transitions_update(struct call *c)
{
    json_t *items = refused(c) ? NULL : call_items(c, "transitions", LIM_BLUEPRINT_PARTS_PER_CALL), *results, *v;
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
