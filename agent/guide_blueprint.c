/* agent/guide_blueprint.c — a Blueprint for people: its states, its transitions, its drawing. */
#include "agent/diagram.h"
#include "agent/guide_parts.h"

static const char *state_label(const json_t *state)
{
    const char *name = js_str(state, "api_name");
    return name ? name : js_str_or(state, "name", "");
}

static json_t *states_of(const json_t *body)
{
    json_t *out = json_array();
    const json_t *states = js_arr(body, "states");
    size_t i;
    json_t *s;
    json_array_foreach (states, i, s) {
        json_t *v = guide_value(state_label(s), js_str(s, "api_name"));
        js_set_bool(v, "first", i == 0);
        js_set_bool(v, "last", i + 1 == json_array_size(states));
        json_array_append_new(out, v);
    }
    return out;
}

static json_t *owners_of(struct guide *g, const json_t *transition)
{
    json_t *out = json_array();
    size_t i, k;
    json_t *owner, *one;
    json_array_foreach (js_arr(transition, "owners"), i, owner) {
        const json_t *resources = js_arr(owner, "resources");
        if (!json_array_size(resources))
            json_array_append_new(out, guide_value(guide_word(g, "owners", js_str_or(owner, "type", "")), NULL));
        json_array_foreach (resources, k, one) {
            const char *name = json_is_string(one) ? json_string_value(one) : js_str_or(one, "name", "");
            json_array_append_new(out, guide_value(name, NULL));
        }
    }
    return out;
}

static json_t *items_of(const json_t *input)
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (js_arr(input, "items"), i, item) {
        const char *name = json_is_string(item) ? json_string_value(item) : js_str_or(item, "name", "");
        json_array_append_new(out, guide_value(name, NULL));
    }
    return out;
}

static json_t *asks_of(struct guide *g, const char *module, const json_t *transition)
{
    json_t *out = json_array();
    size_t i;
    json_t *input;
    json_array_foreach (js_arr(transition, "during_inputs"), i, input) {
        json_t *ask = json_object();
        const char *field = js_str(js_obj(input, "field"), "api_name"), *message = js_str(input, "message");
        js_set(ask, "field", field ? guide_field(g, module, field) : json_null());
        js_set(ask, "message", message ? guide_value(message, NULL) : json_null());
        js_set_str(ask, "type", guide_word(g, "inputs", js_str_or(input, "type", "field")));
        json_t *items = items_of(input);
        js_set_bool(ask, "mandatory", (field || json_array_size(items)) && !js_bool(input, "optional", false));
        js_set_bool(ask, "has_items", json_array_size(items) > 0);
        js_set(ask, "items", items);
        js_set_str(ask, "validation", js_str(js_obj(input, "validation_filter"), "validation_message"));
        json_array_append_new(out, ask);
    }
    return out;
}

/* Of a transition, or of a trigger of a state's time. */
static json_t *after_of(struct guide *g, const json_t *of)
{
    json_t *out = json_array();
    size_t i;
    json_t *action;
    json_array_foreach (js_arr(of, "actions"), i, action) {
        json_t *a = json_object();
        js_set_str(a, "type", guide_word(g, "type", js_str_or(action, "type", "")));
        js_set(a, "name", guide_value(js_str_or(action, "name", ""), NULL));
        json_array_append_new(out, a);
    }
    return out;
}

/* Arrows from more states than this are drawn as one, from a box that says how many: a fan of them hides the path. */
enum { COMMON_FROM = 3 };

static void connect(struct guide *g, const json_t *body, const char *transition, json_t *out)
{
    json_t *from = json_array(), *to = NULL, *c;
    size_t i;
    json_array_foreach (js_arr(body, "connections"), i, c) {
        if (strcmp(js_str_or(js_obj(c, "transitions"), "name", ""), transition) != 0)
            continue;
        const json_t *start = js_obj(c, "from_state"), *end = js_obj(c, "to_state");
        json_array_append_new(from, guide_value(state_label(start), js_str(start, "api_name")));
        if (!to)
            to = guide_value(state_label(end), js_str(end, "api_name"));
    }
    size_t n = json_array_size(from);
    json_array_foreach (from, i, c)
        js_set_bool(c, "last", i + 1 == n);
    if (n > COMMON_FROM)
        js_set_strf(out, "common", "%s (%zu)", guide_word(g, "diagram", "common"), n);
    else
        js_set(out, "common", json_null());
    js_set(out, "from", from);
    js_set(out, "to", to ? to : guide_value("", NULL));
}

static json_t *transition_of(struct guide *g, const char *module, const json_t *body, const json_t *t, size_t n)
{
    json_t *out = json_object();
    const char *name = js_str_or(t, "name", "");
    js_set_int(out, "n", (int64_t)n);
    js_set(out, "name", guide_value(name, NULL));
    connect(g, body, name, out);
    js_set(out, "who", owners_of(g, t));
    json_t *criteria = guide_criteria(g, module, js_obj(t, "criteria"));
    js_set(out, "criteria", criteria ? criteria : json_null());
    json_t *asks = asks_of(g, module, t), *after = after_of(g, t);
    js_set_bool(out, "has_asks", json_array_size(asks) > 0);
    js_set_bool(out, "has_after", json_array_size(after) > 0);
    js_set(out, "asks", asks);
    js_set(out, "after", after);
    return out;
}

/* One row a trigger: how long a record may stay in a state, and what happens then. */
static json_t *times_of(struct guide *g, const json_t *body)
{
    json_t *out = json_array(), *s, *t;
    size_t i, k;
    json_array_foreach (js_arr(body, "states"), i, s) {
        const json_t *time = js_obj(s, "state_escalation");
        json_array_foreach (js_arr(time, "trigger_details"), k, t) {
            json_t *row = json_object();
            const char *when = js_str_or(t, "execute_type", "on");
            js_set(row, "state", guide_value(state_label(s), js_str(s, "api_name")));
            js_set_strf(row, "within", "%lld %s", (long long)js_int(time, "value", 0),
                        guide_word(g, "periods", js_str_or(time, "period", "")));
            if (!strcmp(when, "on"))
                js_set_str(row, "when", guide_word(g, "periods", when));
            else
                js_set_strf(row, "when", "%lld %s %s", (long long)js_int(t, "value", 0),
                            guide_word(g, "periods", js_str_or(t, "period", "")), guide_word(g, "periods", when));
            js_set(row, "after", after_of(g, t));
            json_array_append_new(out, row);
        }
    }
    return out;
}

static void add_arrow(json_t *arrows, const char *from, const json_t *transition)
{
    json_t *a = json_object();
    js_set_str(a, "from", from);
    js_set_str(a, "to", js_str(js_obj(transition, "to"), "text"));
    js_set_str(a, "label", js_str(js_obj(transition, "name"), "text"));
    json_array_append_new(arrows, a);
}

json_t *guide_blueprint_diagram(const json_t *blueprint)
{
    json_t *d = json_object(), *states = json_array(), *dashed = json_array(), *arrows = json_array(), *s, *t, *from;
    size_t i, k;
    json_array_foreach (js_arr(blueprint, "states"), i, s)
        js_push_str(states, js_str(s, "text"));
    json_array_foreach (js_arr(blueprint, "transitions"), i, t) {
        const char *common = js_str(t, "common");
        if (common) {
            js_array_add_unique(states, common);
            js_array_add_unique(dashed, common);
            add_arrow(arrows, common, t);
            continue;
        }
        json_array_foreach (js_arr(t, "from"), k, from)
            add_arrow(arrows, js_str_or(from, "text", ""), t);
    }
    js_set(d, "dashed", dashed);
    js_set_str(d, "start", json_string_value(json_array_get(states, 0)));
    js_set(d, "states", states);
    js_set(d, "arrows", arrows);
    return d;
}

json_t *guide_blueprint(struct guide *g, const char *module, const json_t *body, struct err *e)
{
    AUTO_JSON json_t *b = json_object();
    const char *field = js_str(js_obj(body, "field"), "api_name"), *layout = js_str(js_obj(body, "layout"), "name");
    js_set(b, "field", field ? guide_field(g, module, field) : json_null());
    js_set(b, "layout", layout ? guide_value(layout, NULL) : json_null());
    js_set(b, "states", states_of(body));
    json_t *list = json_array(), *t;
    js_set(b, "transitions", list);
    json_t *times = times_of(g, body);
    js_set_bool(b, "has_times", json_array_size(times) > 0);
    js_set(b, "times", times);
    size_t i;
    json_array_foreach (js_arr(body, "transitions"), i, t)
        json_array_append_new(list, transition_of(g, module, body, t, i + 1));
    AUTO_JSON json_t *d = guide_blueprint_diagram(b);
    AUTO_FREE char *mermaid = diagram_mermaid(d, e);
    if (!mermaid)
        return NULL;
    AUTO_FREE char *block = mem_printf("```mermaid\n%s```\n", mermaid);
    js_set_str(b, "mermaid", block);
    return json_incref(b);
}
