/* sandbox/process.c — GET and PUT /{Module}/{id}/actions/blueprint, and who is in process. */
#include "sandbox/process.h"

#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/happening.h"
#include "sandbox/period.h"
#include "sandbox/record_list.h"
#include "sandbox/route.h"

/* ---- states ---- */

static const char *field_of(const json_t *blueprint)
{
    return js_str_or(js_obj(blueprint, "field"), "api_name", "");
}

static json_t *by_id(const json_t *list, const char *id)
{
    size_t i;
    json_t *v;
    json_array_foreach (list, i, v) {
        if (strcmp(js_str_or(v, "id", ""), id) == 0) {
            return v;
        }
    }
    return NULL;
}

/* The state the record's field shows; borrowed, NULL when none. */
static json_t *state_of(const json_t *blueprint, const json_t *record)
{
    const char *value = js_str(record, field_of(blueprint));
    size_t i;
    json_t *s;
    json_array_foreach (js_arr(blueprint, "states"), i, s) {
        if (value && strcmp(js_str_or(js_obj(s, "pick_list_value"), "actual_value", ""), value) == 0) {
            return s;
        }
    }
    return NULL;
}

/* The connections that lead out of a state; new array. */
static json_t *ways_from(const json_t *blueprint, const json_t *state)
{
    json_t *out = json_array(), *con;
    size_t i;
    json_array_foreach (js_arr(blueprint, "connections"), i, con) {
        if (state && strcmp(js_str_or(js_obj(con, "from_state"), "id", ""), js_str_or(state, "id", "?")) == 0) {
            json_array_append(out, con);
        }
    }
    return out;
}

static json_t *transition_of(const json_t *blueprint, const json_t *connection)
{
    return by_id(js_arr(blueprint, "transitions"), js_str_or(js_obj(connection, "transitions"), "id", ""));
}

static bool on_its_way(const json_t *blueprint, const json_t *record)
{
    AUTO_JSON json_t *ways = ways_from(blueprint, state_of(blueprint, record));
    return strcmp(js_str_or(blueprint, "status", ""), "active") == 0 && json_array_size(ways) > 0;
}

/* ---- in process or not ---- */

/* The Blueprint the record is in; new reference, NULL when in none. */
static json_t *process_of(struct call *c, const json_t *record)
{
    AUTO_FREE char *id = happening_rule(c->st, "process", js_str_or(record, "id", ""));
    AUTO_JSON json_t *b = id ? config_by_id(c->st, "blueprints", NULL, id) : NULL;
    return b && on_its_way(b, record) ? json_incref(b) : NULL;
}

static json_t *entered(struct call *c, const struct record_module *m, const json_t *record)
{
    AUTO_JSON json_t *all = config_shared(c->st, "blueprints", m->api);
    struct record_env e;
    size_t i;
    json_t *b, *found = NULL;
    if (json_array_size(all) == 0) {
        return NULL;
    }
    record_env_init(&e, c, m);
    json_array_foreach (all, i, b) {
        if (!found && on_its_way(b, record) && criteria_match(js_obj(b, "entry_criteria"), record, &e.env)) {
            found = json_incref(b);
        }
    }
    record_env_release(&e);
    return found;
}

/* ---- how long a record may stay in a state (SLA) ---- */

/* state_escalation {period, value, trigger_details[{execute_type: before|on|after, period, value, actions}]} (zoho-api.md 1.14). */
static void schedule_escalation(struct call *c, const struct record_module *m, const json_t *b, const json_t *state,
                                const char *record)
{
    const json_t *esc = js_obj(state, "state_escalation");
    int64_t now = c->s->clock.now_s(c->s->clock.ctx), due = 0;
    size_t i;
    json_t *t;
    if (!esc || !period_add(now, js_str_or(esc, "period", ""), js_int(esc, "value", 0), &due)) {
        return;
    }
    json_array_foreach (js_arr(esc, "trigger_details"), i, t) {
        const char *type = js_str_or(t, "execute_type", "on");
        int64_t n = strcmp(type, "before") == 0 ? -js_int(t, "value", 0) : js_int(t, "value", 0), at_s = due;
        if (strcmp(type, "on") != 0 && !period_add(due, js_str_or(t, "period", ""), n, &at_s)) {
            continue;
        }
        struct happening h = {"scheduled", at_s, m->api, record, js_str(b, "id"), js_str(state, "id")};
        happening_put(c->st, &h,
                      json_pack("{s:O?,s:s}", "actions", js_arr(t, "actions"), "state", js_str_or(state, "id", "")));
        c->s->next_due = at_s < c->s->next_due ? at_s : c->s->next_due;
    }
}

/* The record's state is noted; in a new one its time begins, and what the one before had scheduled is off. */
static void note_state(struct call *c, const struct record_module *m, const json_t *b, const json_t *record)
{
    const char *id = js_str_or(record, "id", ""), *rule = js_str_or(b, "id", "");
    const json_t *state = state_of(b, record);
    AUTO_FREE char *was = happening_part(c->st, "process", id);
    AUTO_FREE char *in = happening_rule(c->st, "process", id);
    if (was && in && strcmp(in, rule) == 0 && strcmp(was, js_str_or(state, "id", "")) == 0) {
        return;
    }
    if (in) {
        happening_drop(c->st, "scheduled", in, id);
    }
    happening_drop_record(c->st, "process", id);
    struct happening h = {"process", c->s->clock.now_s(c->s->clock.ctx), m->api, id, rule, js_str(state, "id")};
    happening_put(c->st, &h, json_object());
    schedule_escalation(c, m, b, state, id);
}

bool process_stands(struct store *st, const char *blueprint, const char *state, const json_t *record)
{
    AUTO_JSON json_t *b = config_by_id(st, "blueprints", NULL, blueprint);
    return b && on_its_way(b, record) && strcmp(js_str_or(state_of(b, record), "id", ""), state) == 0;
}

void process_enter(struct call *c, const struct record_module *m, const char *id)
{
    if (config_count(c->st, "blueprints", m->api) == 0) {
        return;
    }
    AUTO_JSON json_t *record = record_get(c->st, m->api, id);
    AUTO_JSON json_t *in = record ? process_of(c, record) : NULL;
    AUTO_JSON json_t *b = in ? json_incref(in) : record ? entered(c, m, record) : NULL;
    if (b) {
        note_state(c, m, b, record);
        return;
    }
    AUTO_FREE char *left = happening_rule(c->st, "process", id);
    if (left) {
        happening_drop(c->st, "scheduled", left, id);
    }
    happening_drop_record(c->st, "process", id);
}

json_t *process_guard(struct call *c, const json_t *before, const json_t *changes, const char *base)
{
    AUTO_JSON json_t *b = process_of(c, before);
    const json_t *to = json_object_get(changes, field_of(b));
    return b && to && !json_equal(to, json_object_get(before, field_of(b)))
               ? item_error("RECORD_IN_BLUEPRINT", "the Blueprint moves this field", at("%s.%s", base, field_of(b)))
               : NULL;
}

/* ---- GET ---- */

/* The record of the path and its Blueprint; false = answered. */
static bool open_process(struct call *c, struct record_module *m, json_t **record, json_t **blueprint)
{
    *record = *blueprint = NULL;
    if (!record_call_module(c, m)) {
        return false;
    }
    *record = record_get(c->st, m->api, c->param[1]);
    *blueprint = *record ? process_of(c, *record) : NULL;
    if (!*record) {
        answer_error(c, 400, "INVALID_DATA", "the id given seems to be invalid",
                     json_pack("{s:i}", "resource_path_index", 1));
    } else if (!*blueprint) {
        answer_error(c, 400, "RECORD_NOT_IN_PROCESS", "record not in process", NULL);
    }
    if (c->answered) {
        json_decref(*record);
        record_module_close(m);
        return false;
    }
    return true;
}

static json_t *process_info(const struct record_module *m, const json_t *b, const json_t *record)
{
    const json_t *f = json_object_get(m->by_api, field_of(b)), *state = js_obj(state_of(b, record), "pick_list_value");
    bool continuous = js_bool(b, "continuous", false);
    return json_pack("{s:s,s:b,s:s,s:b,s:s,s:s,s:n,s:s,s:s,s:s,s:n,s:{s:s,s:s}}", "field_id", js_str_or(f, "id", ""),
                     "is_continuous", continuous, "api_name", field_of(b), "continuous", continuous, "field_label",
                     js_str_or(f, "field_label", ""), "name", js_str_or(b, "name", ""), "column_name", "field_value",
                     js_str_or(record, field_of(b), ""), "id", js_str_or(b, "id", ""), "field_name",
                     js_str_or(f, "field_label", ""), "escalation", "current_picklist", "id",
                     js_str_or(state, "id", ""), "value", js_str_or(state, "display_value", ""));
}

static bool is_field(const json_t *input)
{
    return strcmp(js_str_or(input, "type", ""), "field") == 0;
}

/* The asked fields, whole, with "mandatory"; their values of now in data. */
static json_t *asked(const struct record_module *m, const json_t *transition, const json_t *record, json_t *data)
{
    json_t *out = json_array(), *in;
    size_t i;
    json_array_foreach (js_arr(transition, "during_inputs"), i, in) {
        const char *api = js_str_or(js_obj(in, "field"), "api_name", "");
        const json_t *f = json_object_get(m->by_api, api), *v = json_object_get(record, api);
        if (is_field(in) && f && !record_hides(m->limits, api)) {
            json_t *copy = json_deep_copy(f);
            js_set_bool(copy, "mandatory", !js_bool(in, "optional", false));
            json_array_append_new(out, copy);
            js_set(data, api, v ? json_deep_copy(v) : json_null());
        }
    }
    return out;
}

/* One of the transition's owners; nobody named = everybody. The sandbox has no groups and no portal. */
static bool owned(const json_t *transition, const json_t *record, const struct record_env *e)
{
    const json_t *owners = js_arr(transition, "owners");
    size_t i, k;
    json_t *o, *r;
    json_array_foreach (owners, i, o) {
        const char *type = js_str_or(o, "type", ""), *me = js_str_or(e->me, "id", "");
        const char *mine = one_of("role|roles", type)         ? js_str_or(js_obj(e->me, "role"), "id", "")
                           : one_of("profile|profiles", type) ? js_str_or(js_obj(e->me, "profile"), "id", "")
                           : one_of("user|users", type)       ? me
                                                              : NULL;
        if (strcmp(type, "record_owner") == 0 && strcmp(js_str_or(js_obj(record, "Owner"), "id", ""), me) == 0) {
            return true;
        }
        json_array_foreach (js_arr(o, "resources"), k, r) {
            if (mine && strcmp(js_str_or(r, "id", ""), mine) == 0) {
                return true;
            }
        }
    }
    return json_array_size(owners) == 0;
}

static bool offered(const json_t *transition, const json_t *record, const struct record_env *e)
{
    return criteria_match(js_obj(transition, "criteria"), record, &e->env);
}

static const json_t *state_after(const json_t *blueprint, const json_t *connection)
{
    return by_id(js_arr(blueprint, "states"), js_str_or(js_obj(connection, "to_state"), "id", ""));
}

static const char *value_after(const json_t *blueprint, const json_t *connection)
{
    return js_str_or(js_obj(state_after(blueprint, connection), "pick_list_value"), "actual_value", "");
}

static json_t *following(const json_t *b, const json_t *connection, const json_t *record, const struct record_env *e)
{
    AUTO_JSON json_t *ways = ways_from(b, state_after(b, connection));
    json_t *out = json_array(), *con;
    size_t i;
    json_array_foreach (ways, i, con) {
        const json_t *t = transition_of(b, con);
        json_array_append_new(out, json_pack("{s:s,s:s,s:b,s:s}", "id", js_str_or(t, "id", ""), "name",
                                             js_str_or(t, "name", ""), "criteria_matched", (int)offered(t, record, e),
                                             "type", js_str_or(t, "trigger_type", "manual")));
    }
    return out;
}

static json_t *way(const struct record_module *m, const json_t *b, const json_t *con, const json_t *record,
                   const struct record_env *e)
{
    const json_t *t = transition_of(b, con);
    json_t *data = json_object(), *fields = asked(m, t, record, data);
    json_t *o = json_pack("{s:s,s:s,s:s,s:s,s:b,s:n,s:o,s:o,s:o,s:f,s:n}", "id", js_str_or(t, "id", ""), "name",
                          js_str_or(t, "name", ""), "type", js_str_or(t, "trigger_type", "manual"), "next_field_value",
                          value_after(b, con), "criteria_matched", (int)offered(t, record, e), "criteria_message",
                          "next_transitions", following(b, con, record, e), "fields", fields, "data", data,
                          "percent_partial_save", 0.0, "text_color_code");
    js_set_str(o, "color_code", js_str(t, "color_code"));
    return o;
}

static void process_get(struct call *c)
{
    struct record_module m;
    struct record_env e;
    json_t *r, *bp, *ways = json_array(), *con;
    size_t i;
    if (!open_process(c, &m, &r, &bp)) {
        json_decref(ways);
        return;
    }
    AUTO_JSON json_t *record = r, *b = bp;
    AUTO_JSON json_t *out = ways_from(b, state_of(b, record));
    record_env_init(&e, c, &m);
    json_array_foreach (out, i, con) {
        if (owned(transition_of(b, con), record, &e)) {
            json_array_append_new(ways, way(&m, b, con, record, &e));
        }
    }
    answer_json(
        c, 200,
        json_pack("{s:{s:o,s:o}}", "blueprint", "process_info", process_info(&m, b, record), "transitions", ways));
    record_env_release(&e);
    record_module_close(&m);
}

/* ---- PUT ---- */

struct step {
    const struct record_module *m;
    const json_t *blueprint, *record, *connection, *transition;
    const json_t *sent; /* data */
};

/* The way out with this transition whose criteria are met; false when there is none. */
static bool find_step(struct step *s, const char *id, const struct record_env *e)
{
    AUTO_JSON json_t *ways = ways_from(s->blueprint, state_of(s->blueprint, s->record));
    size_t i;
    json_t *con;
    json_array_foreach (ways, i, con) {
        const json_t *t = transition_of(s->blueprint, con);
        if (t && strcmp(js_str_or(t, "id", ""), id) == 0 && owned(t, s->record, e) && offered(t, s->record, e)) {
            s->connection = con;
            s->transition = t;
            return true;
        }
    }
    return false;
}

/* Every item of a mandatory checklist is ticked: data{"CheckLists":[{"ITEM":true}]} (zoho.com/crm/developer/docs/api/v8/
 * update-blueprint; that items bear a name is unproven). */
static json_t *take_checklist(const struct step *s, const json_t *in)
{
    size_t i, k;
    json_t *item, *sent;
    json_array_foreach (js_arr(in, "items"), i, item) {
        const char *name = json_is_string(item) ? json_string_value(item) : js_str_or(item, "name", "");
        bool ticked = js_bool(in, "optional", false);
        json_array_foreach (js_arr(s->sent, "CheckLists"), k, sent) {
            ticked = ticked || js_bool(sent, name, false);
        }
        if (!ticked) {
            return error_missing("$.blueprint[0].data.CheckLists[%zu].%s", i, name);
        }
    }
    return NULL;
}

/* What is asked and sent goes into values; an error element when something mandatory is missing. */
static json_t *take_data(const struct step *s, json_t *values)
{
    size_t i;
    json_t *in;
    json_array_foreach (js_arr(s->transition, "during_inputs"), i, in) {
        const char *api = js_str_or(js_obj(in, "field"), "api_name", "");
        json_t *v = json_object_get(s->sent, api);
        if (strcmp(js_str_or(in, "type", ""), "checklist") == 0) {
            json_t *bad = take_checklist(s, in);
            if (bad) {
                return bad;
            }
        }
        if (!is_field(in)) {
            continue;
        }
        if (criteria_empty(v) && !js_bool(in, "optional", false)) {
            return error_missing("$.blueprint[0].data.%s", api);
        }
        if (v) {
            json_object_set(values, api, v);
        }
    }
    return NULL;
}

/* Each validation_filter on the record as it would be. */
static json_t *validate(struct call *c, const struct step *s, const json_t *values, const struct record_env *e)
{
    AUTO_JSON json_t *would = json_deep_copy(s->record), *checked = json_object();
    size_t i;
    json_t *in;
    json_t *bad = record_check(c, s->m, values, s->record, checked, false, "$.blueprint[0].data");
    json_object_update(would, checked);
    json_array_foreach (js_arr(s->transition, "during_inputs"), i, in) {
        const json_t *filter = js_obj(in, "validation_filter");
        if (!bad && !criteria_match(js_obj(filter, "criteria"), would, &e->env)) {
            const char *api = js_str_or(js_obj(in, "field"), "api_name", "");
            bad = item_error("INVALID_DATA", js_str_or(filter, "validation_message", "invalid data"),
                             at("$.blueprint[0].data.%s", api));
        }
    }
    return bad;
}

static void act(struct call *c, const struct step *s)
{
    json_t *now = record_get(c->st, s->m->api, js_str_or(s->record, "id", ""));
    struct occasion o = {c,
                         s->m,
                         c->param[1],
                         now ? now : json_deep_copy(s->record),
                         "blueprint",
                         js_str(s->blueprint, "id"),
                         js_str(s->transition, "id")};
    automation_act(&o, js_arr(s->transition, "actions"));
    json_decref(o.record);
}

/* NULL, or why not. */
static json_t *perform(struct call *c, struct step *s, const json_t *in)
{
    struct record_env e;
    const char *id = js_str(in, "transition_id");
    AUTO_JSON json_t *values = json_object();
    s->sent = js_obj(in, "data");
    record_env_init(&e, c, s->m);
    json_t *bad = !id ? error_missing("$.blueprint[0].transition_id")
                  : !find_step(s, id, &e)
                      ? item_error("INVALID_DATA", "invalid transition", at("$.blueprint[0].transition_id"))
                      : NULL;
    bad = bad ? bad : take_data(s, values);
    bad = bad ? bad : validate(c, s, values, &e);
    record_env_release(&e);
    if (bad) {
        return bad;
    }
    struct record_write w = {0};
    js_set_str(values, field_of(s->blueprint), value_after(s->blueprint, s->connection));
    json_t *r = record_put(c, s->m, c->param[1], values, &w, "$.blueprint[0].data");
    if (item_failed(r)) {
        return r;
    }
    json_decref(r);
    act(c, s);
    return NULL;
}

static void process_put(struct call *c)
{
    struct record_module m;
    json_t *r, *bp;
    if (!open_process(c, &m, &r, &bp)) {
        return;
    }
    AUTO_JSON json_t *record = r, *b = bp;
    const json_t *items = call_items(c, "blueprint", 1);
    if (items) {
        struct step s = {.m = &m, .blueprint = b, .record = record};
        json_t *bad = perform(c, &s, json_array_get(items, 0));
        answer_json(c, bad ? 400 : 200,
                    bad ? bad
                        : json_pack("{s:s,s:{},s:s,s:s}", "code", "SUCCESS", "details", "message",
                                    "transition updated successfully", "status", "success"));
    }
    record_module_close(&m);
}

#define PATH "/crm/v8/{Module}/{id}/actions/blueprint"
static const struct route rows[] = {
    {"GET", PATH, "ZohoCRM.modules.{Module}", 1, process_get, NULL},
    {"PUT", PATH, "ZohoCRM.modules.{Module}", 1, process_put, NULL},
};
ROUTE_TABLE(routes_process, rows);
