/*
 * plan/kind_blueprint.c — Blueprints: the draft, and the publishing that a person always does.
 * Source: zoho-api.md 1.14 (zoho.com/crm/developer/docs/api/v8/create-blueprint); publishing decides about records
 * already in the process (move_records, …/activate-blueprint), which is nobody's but a named person's choice.
 */
#include <ctype.h>

#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/criteria.h"
#include "plan/kinds.h"

/* Inputs asked for during a transition: fields as names, in their sequence. */
static json_t *inputs_plain(const struct prop_ctx *c, const json_t *inputs, bool live)
{
    json_t *out = json_deep_copy(inputs), *input;
    size_t i;
    json_array_foreach (out, i, input) {
        const char *field = ref_name(json_object_get(input, "field"));
        AUTO_FREE char *name = field ? mem_dup(live ? field : real_field(c->v, c->r->module, field)) : NULL;
        if (name)
            js_set_str(input, "field", name);
    }
    return out;
}

static json_t *inputs_norm(const struct prop_ctx *c, const json_t *want, const json_t *have)
{
    AUTO_JSON json_t *wanted = inputs_plain(c, want, false);
    AUTO_JSON json_t *live = inputs_plain(c, have, true);
    return c->live ? project(live, wanted) : canon(wanted);
}

static json_t *named(const json_t *list, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach (list, i, one)
        if (name && js_str(one, "name") && !strcmp(js_str(one, "name"), name))
            return one;
    return NULL;
}

/* Who may press: people, roles and groups are named here and sent by id. Source: create-blueprint-transitions, owners. */
static const struct {
    const char *type, *kind;
} owner_kinds[] = {{"users", "user"}, {"role", "role"}, {"group", "group"}};

static char *owner_address(const json_t *owner, const json_t *resource)
{
    const char *name = js_str(resource, "name");
    for (size_t i = 0; name && i < sizeof owner_kinds / sizeof *owner_kinds; i++)
        if (!strcmp(js_str_or(owner, "type", ""), owner_kinds[i].type))
            return address_make(owner_kinds[i].kind, NULL, name);
    return NULL;
}

static void owners_needs(const json_t *owners, struct strset *out)
{
    json_t *owner, *resource;
    size_t i, k;
    json_array_foreach (owners, i, owner)
        json_array_foreach (js_arr(owner, "resources"), k, resource) {
            AUTO_FREE char *address = owner_address(owner, resource);
            if (address)
                strset_add(out, address);
        }
}

static void owners_sent(json_t *owners)
{
    json_t *owner, *resource;
    size_t i, k;
    json_array_foreach (owners, i, owner)
        json_array_foreach (js_arr(owner, "resources"), k, resource) {
            AUTO_FREE char *address = owner_address(owner, resource);
            if (address)
                js_set(resource, "id", ref_new(address, "id"));
        }
}

static json_t *transition_norm(const struct prop_ctx *c, const json_t *want, const json_t *have)
{
    const json_t *side = c->live ? have : want;
    const json_t *owners = json_object_get(want, "owners");
    json_t *out = json_object();
    js_set(out, "criteria", criteria_line(c->v, c->r->module, json_object_get(side, "criteria"), c->live));
    js_set(out, "owners", c->live ? project(json_object_get(have, "owners"), owners) : canon(owners));
    js_set(out, "during",
           inputs_norm(c, json_object_get(want, "during_inputs"), json_object_get(have, "during_inputs")));
    js_set(out, "actions", action_lines(c, json_object_get(want, "actions"), json_object_get(have, "actions")));
    return out;
}

static json_t *transitions_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object(), *one;
    size_t i;
    json_array_foreach (want, i, one) {
        const char *name = js_str_or(one, "name", "");
        json_t *have = c->live ? named(value, name) : NULL;
        if (!c->live || have)
            js_set(out, name, transition_norm(c, one, have));
    }
    return out;
}

static void transitions_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *one, *input;
    size_t i, k;
    json_array_foreach (value, i, one) {
        criteria_needs(c->r->module, json_object_get(one, "criteria"), out);
        actions_needs(c, json_object_get(one, "actions"), out);
        owners_needs(js_arr(one, "owners"), out);
        json_array_foreach (json_object_get(one, "during_inputs"), k, input)
            PROP_FIELD.needs(c, json_object_get(input, "field"), out);
    }
}

/* Letters and digits of a name joined by underscores: transitions and connections want an api_name of their own. */
static char *api_name_of(const char *text)
{
    char *out = mem_dup(text), *to = out;
    for (const char *p = text; *p; p++)
        if (isalnum((unsigned char)*p))
            *to++ = *p;
        else if (to > out && to[-1] != '_')
            *to++ = '_';
    while (to > out && to[-1] == '_')
        to--;
    *to = '\0';
    return out;
}

static void default_str(json_t *o, const char *key, const char *text)
{
    if (!js_str(o, key))
        js_set_str(o, key, text);
}

static json_t *transition_sent(const struct prop_ctx *c, const json_t *want)
{
    json_t *sent = copy_object(want), *input;
    size_t i;
    const char *layout = ref_name(json_object_get(c->r->body, "layout"));
    AUTO_FREE char *api_name = api_name_of(js_str_or(want, "name", ""));
    default_str(sent, "api_name", api_name);
    default_str(sent, "trigger_type", "manual");
    default_str(sent, "transition_type", "standalone_transition");
    js_set(sent, "module", ref_module(c->r->module));
    if (layout)
        js_set(sent, "layout", ref_named("layout", c->r->module, layout));
    if (json_is_object(json_object_get(want, "criteria")))
        js_set(sent, "criteria", criteria_body(c->r->module, json_object_get(want, "criteria")));
    json_array_foreach (json_object_get(sent, "during_inputs"), i, input) {
        if (!json_is_object(input)) /* a finding says so */
            continue;
        if (!json_object_get(input, "sequence")) /* their order will do */
            js_set_int(input, "sequence", (int64_t)i + 1);
        if (ref_name(json_object_get(input, "field")))
            js_set(input, "field", ref_field(c->r->module, ref_name(json_object_get(input, "field"))));
    }
    owners_sent(js_arr(sent, "owners"));
    if (json_object_get(want, "actions"))
        js_set(sent, "actions", actions_body(c, json_object_get(want, "actions")));
    return sent;
}

static void transitions_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create,
                             json_t *body)
{
    json_t *out = json_array(), *one;
    size_t i;
    (void)create;
    json_array_foreach (value, i, one) {
        json_t *sent = transition_sent(c, one);
        const char *id = js_str(named(live, js_str(one, "name")), "id");
        if (id)
            js_set_str(sent, "id", id);
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
/* Where it leads is said by the connections, its names by zagent. */
static json_t *transition_adopt(const struct prop_ctx *c, const json_t *live)
{
    static const char *const implied[] = {"module", "layout", "api_name"};
    static const char *const usual[][2] = {{"trigger_type", "manual"}, {"transition_type", "standalone_transition"}};
    json_t *o = adopt_value(c, live), *during = json_object_get(o, "during_inputs"), *input;
    size_t i;
    if (!json_is_object(o))
        return o;
    for (i = 0; i < sizeof implied / sizeof *implied; i++)
        json_object_del(o, implied[i]);
    for (i = 0; i < sizeof usual / sizeof *usual; i++)
        if (!strcmp(js_str_or(o, usual[i][0], ""), usual[i][1]))
            json_object_del(o, usual[i][0]);
    json_array_foreach (during, i, input)
        if (json_is_object(input) && ref_name(json_object_get(input, "field")))
            js_set(input, "field", adopt_named("api_name", ref_name(json_object_get(input, "field"))));
    js_set(o, "during_inputs", during ? json_incref(during) : json_array());
    js_set(o, "actions", adopt_actions(c, json_object_get(live, "actions")));
    return o;
}

static json_t *transitions_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, transition_adopt);
}
static const struct prop_type PROP_TRANSITIONS = {SHAPE_OBJECTS, transitions_norm, transitions_needs, transitions_send,
                                                  transitions_adopt};

static json_t *connections_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *one;
    size_t i;
    (void)c, (void)want;
    json_array_foreach (value, i, one) {
        const json_t *transition = json_object_get(one, "transitions");
        AUTO_FREE char *line =
            mem_printf("%s → %s: %s", js_str_or(js_obj(one, "from_state"), "api_name", ""),
                       js_str_or(js_obj(one, "to_state"), "api_name", ""), js_str_or(transition, "name", ""));
        js_array_add_unique(out, line);
    }
    js_array_sort(out, NULL);
    return out;
}

static void connections_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create,
                             json_t *body)
{
    json_t *out = json_array(), *one;
    size_t i;
    (void)live, (void)create;
    json_array_foreach (value, i, one) {
        json_t *sent = copy_object(one), *transition = js_obj(sent, "transitions");
        AUTO_FREE char *name = api_name_of(js_str_or(transition, "name", ""));
        AUTO_FREE char *ends = mem_printf("%s to %s by %s", js_str_or(js_obj(one, "from_state"), "api_name", ""),
                                          js_str_or(js_obj(one, "to_state"), "api_name", ""), name);
        AUTO_FREE char *api_name = api_name_of(ends);
        default_str(sent, "api_name", api_name);
        if (transition)
            default_str(transition, "api_name", name);
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
static json_t *connection_adopt(const struct prop_ctx *c, const json_t *live)
{
    static const char *const ends[] = {"from_state", "to_state"};
    json_t *o = json_object();
    (void)c;
    for (size_t i = 0; i < 2; i++)
        js_set(o, ends[i], adopt_named("api_name", js_str_or(js_obj(live, ends[i]), "api_name", "")));
    js_set(o, "transitions", adopt_named("name", js_str_or(js_obj(live, "transitions"), "name", "")));
    return o;
}

static json_t *connections_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, connection_adopt);
}
static const struct prop_type PROP_CONNECTIONS = {SHAPE_OBJECTS, connections_norm, NULL, connections_send,
                                                  connections_adopt};

static const struct prop props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"layout", &PROP_REF, 0, "layout"},
    {"field", &PROP_FIELD, 0, NULL},
    {"entry_criteria", &PROP_CRITERIA, 0, NULL},
    {"continuous", &PROP_BOOL, 0, NULL},
    {"states", &PROP_STATES, 0, NULL},
    {"transitions", &PROP_TRANSITIONS, 0, NULL},
    {"connections", &PROP_CONNECTIONS, 0, NULL},
    {"status", &PROP_WORD, PROP_IMPLIED, NULL}, /* it is to be published */
};

static void finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    (void)v;
    json_object_del(body, "status"); /* a create makes a draft; publishing is a person's */
    if (live)
        return;
    js_set(body, "module", ref_module(r->module));
    if (!json_object_get(body, "continuous"))
        js_set_bool(body, "continuous", false);
}

static void connections_note(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                             json_t *notes)
{
    (void)v, (void)r, (void)body;
    adopt_note_members(notes, "connections", js_arr(live, "connections"),
                       " id api_name from_state to_state transitions ");
}

const struct kind_spec spec_blueprint = {.list = "blueprints",
                                         .has_module = true,
                                         .sparse = true,
                                         .key = "name",
                                         .label = "name",
                                         PROPS(props),
                                         .finish = finish,
                                         .offer = offer_blueprint,
                                         .adopt = connections_note};

static const struct prop publish_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"status", &PROP_WORD, 0, NULL},
};
const struct kind_spec spec_blueprint_publish = {
    .list = "blueprints", .has_module = true, .key = "name", .label = "name", PROPS(publish_props)};
