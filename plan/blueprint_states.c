/*
 * plan/blueprint_states.c — the states of a Blueprint: values of its pick list, and how long a record may stay in one.
 * Source: zoho-api.md 1.14 (zoho.com/crm/developer/docs/api/v8/create-blueprint-states).
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

static const char *state_value(const json_t *state)
{
    const char *value = js_str(js_obj(state, "pick_list_value"), "actual_value");
    return value ? value : js_str_or(state, "api_name", "");
}

static json_t *state_like(const json_t *list, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (!strcmp(state_value(one), name))
            return one;
    return NULL;
}

/* ---- how long a record may stay in a state: state_escalation{period, value, trigger_details[{execute_type: before|on|after, period,
 * value, actions}]} (zoho.com/crm/developer/docs/api/v8/create-blueprint-states) ---- */

static const json_t *triggers_of(const json_t *state)
{
    return js_arr(js_obj(state, "state_escalation"), "trigger_details");
}

/* "on", or "before 1 days". */
static char *trigger_name(const json_t *trigger)
{
    const char *type = js_str_or(trigger, "execute_type", "on");
    return !strcmp(type, "on") ? mem_dup(type)
                               : mem_printf("%s %lld %s", type, (long long)js_int(trigger, "value", 0),
                                            js_str_or(trigger, "period", ""));
}

static const json_t *trigger_like(const json_t *list, const char *name)
{
    const json_t *one;
    size_t i;
    json_array_foreach (list, i, one) {
        AUTO_FREE char *its = trigger_name(one);
        if (!strcmp(its, name))
            return one;
    }
    return NULL;
}

/* What the playbook says of the time in a state, as lines; a state about which it says nothing has none. */
static void escalation_lines(const struct prop_ctx *c, const json_t *want, const json_t *have, json_t *out)
{
    const json_t *time = js_obj(have, "state_escalation"), *trigger;
    const char *state = state_value(want);
    size_t i, k;
    if (!js_obj(want, "state_escalation") || !time)
        return;
    AUTO_FREE char *within =
        mem_printf("%s: %lld %s", state, (long long)js_int(time, "value", 0), js_str_or(time, "period", ""));
    js_array_add_unique(out, within);
    json_array_foreach (triggers_of(want), i, trigger) {
        AUTO_FREE char *name = trigger_name(trigger);
        const json_t *live = trigger_like(triggers_of(have), name), *line;
        AUTO_JSON json_t *lines = action_lines(c, js_arr(trigger, "actions"), js_arr(live, "actions"));
        json_array_foreach (lines, k, line) {
            AUTO_FREE char *text = mem_printf("%s: %s %s", state, name, json_string_value(line));
            js_array_add_unique(out, text);
        }
    }
}

static json_t *states_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *state;
    size_t i;
    json_array_foreach (value, i, state) {
        const json_t *wanted = state_like(want, state_value(state));
        js_array_add_unique(out, state_value(state));
        if (wanted)
            escalation_lines(c, wanted, state, out);
    }
    js_array_sort(out, NULL);
    return out;
}

static char *pick_address(const struct prop_ctx *c, const json_t *state)
{
    const char *field = ref_name(json_object_get(c->r->body, "field"));
    AUTO_FREE char *name = mem_printf("%s=%s", field ? field : "", state_value(state));
    return address_make("picklist_value", c->r->module, name);
}

static void states_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *state;
    size_t i;
    json_array_foreach (value, i, state) {
        AUTO_FREE char *address = pick_address(c, state);
        const json_t *trigger;
        size_t k;
        strset_add(out, address);
        json_array_foreach (triggers_of(state), k, trigger)
            actions_needs(c, js_arr(trigger, "actions"), out);
    }
}

static void states_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *out = json_array(), *state, *trigger;
    size_t i, k;
    (void)live, (void)create;
    json_array_foreach (value, i, state) {
        AUTO_FREE char *address = pick_address(c, state);
        json_t *sent = copy_object(state), *pick = json_object();
        json_array_foreach (triggers_of(sent), k, trigger)
            js_set(trigger, "actions", actions_body(c, js_arr(trigger, "actions")));
        js_set_str(pick, "actual_value", state_value(state));
        js_set(pick, "id", ref_new(address, "id"));
        js_set(sent, "pick_list_value", pick);
        js_set(sent, "module", ref_module(c->r->module));
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
/* The option of a state is looked up by its value; the state's own name says it where both are the same. */
static json_t *state_adopt(const struct prop_ctx *c, const json_t *live)
{
    const char *name = js_str_or(live, "api_name", state_value(live));
    json_t *o = adopt_value(c, live), *trigger;
    size_t i;
    if (!json_is_object(o))
        return o;
    json_object_del(o, "module");
    js_set_str(o, "api_name", name);
    if (strcmp(name, state_value(live)) != 0)
        js_set(o, "pick_list_value", adopt_named("actual_value", state_value(live)));
    else
        json_object_del(o, "pick_list_value");
    json_array_foreach (triggers_of(o), i, trigger)
        if (json_is_object(trigger))
            js_set(trigger, "actions", adopt_actions(c, js_arr(json_array_get(triggers_of(live), i), "actions")));
    return o;
}

static json_t *states_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, state_adopt);
}
const struct prop_type PROP_STATES = {SHAPE_OBJECTS, states_norm, states_needs, states_send, states_adopt};
