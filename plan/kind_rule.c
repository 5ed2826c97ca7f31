/*
 * plan/kind_rule.c — workflow rules and validation rules.
 * Source: zoho-api.md 1.10 (zoho.com/crm/developer/docs/api/v8/create-workflow-rule); validation rules: 1.17,
 * undocumented GET.
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/criteria.h"
#include "plan/kinds.h"

/* One property of execute_when.details; references become names, criteria one line, the rest is structure. */
static json_t *detail_norm(const struct prop_ctx *c, const char *key, const json_t *value, const json_t *want)
{
    if (!strcmp(key, "trigger_module"))
        return PROP_MODULE.norm(c, value, want);
    if (!strcmp(key, "criteria"))
        return criteria_line(c->v, c->r->module, value, c->live);
    if (!strcmp(key, "field"))
        return PROP_FIELD.norm(c, value, want);
    return c->live ? project(value, want) : canon(value);
}

static json_t *trigger_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object(), *wanted;
    const char *key;
    js_set(out, "type", PROP_WORD.norm(c, json_object_get(value, "type"), NULL));
    json_object_foreach (js_obj(want, "details"), key, wanted)
        js_set(out, key, detail_norm(c, key, json_object_get(js_obj(value, "details"), key), wanted));
    return out;
}

static void trigger_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *details = js_obj(value, "details");
    PROP_MODULE.needs(c, json_object_get(details, "trigger_module"), out);
    criteria_needs(c->r->module, json_object_get(details, "criteria"), out);
    PROP_FIELD.needs(c, json_object_get(details, "field"), out);
}

static void trigger_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *out = copy_object(value), *details = js_obj(out, "details");
    (void)live, (void)create;
    const char *module = ref_name(json_object_get(details, "trigger_module")),
               *field = ref_name(json_object_get(details, "field"));
    if (module)
        js_set(details, "trigger_module", ref_module(module));
    if (field)
        js_set(details, "field", ref_field(c->r->module, field));
    if (json_is_object(json_object_get(details, "criteria")))
        js_set(details, "criteria", criteria_body(c->r->module, json_object_get(details, "criteria")));
    js_set(body, c->prop->key, out);
}
static const struct prop_type PROP_TRIGGER = {SHAPE_OBJECT, trigger_norm, trigger_needs, trigger_send, adopt_value};

static int64_t number_of(const json_t *condition, size_t i)
{
    return js_int(condition, "sequence_number", (int64_t)i + 1);
}

static json_t *numbered(const json_t *conditions, int64_t number)
{
    json_t *condition;
    size_t i;
    json_array_foreach (conditions, i, condition)
        if (number_of(condition, i) == number)
            return condition;
    return NULL;
}

static json_t *instant(const json_t *condition)
{
    return js_arr(js_obj(condition, "instant_actions"), "actions");
}

static json_t *criteria_of(const json_t *condition)
{
    return json_object_get(js_obj(condition, "criteria_details"), "criteria");
}

/* "after 3 days" names a block of scheduled actions. */
static char *delay(const json_t *block)
{
    json_t *after = js_obj(block, "execute_after");
    AUTO_JSON json_t *unit = scalar_text(json_object_get(after, "unit"));
    return mem_printf("after %s %s", json_is_null(unit) ? "0" : json_string_value(unit),
                      js_str_or(after, "period", ""));
}

static json_t *block_like(const json_t *blocks, const char *name)
{
    json_t *block;
    size_t i;
    json_array_foreach (blocks, i, block) {
        AUTO_FREE char *own = delay(block);
        if (!strcmp(own, name))
            return block;
    }
    return NULL;
}

static json_t *condition_norm(const struct prop_ctx *c, const json_t *want, const json_t *have)
{
    json_t *out = json_object(), *block;
    size_t i;
    const json_t *side = c->live ? have : want;
    js_set(out, "criteria", criteria_line(c->v, c->r->module, criteria_of(side), c->live));
    js_set(out, "actions", action_lines(c, instant(want), instant(have)));
    json_array_foreach (js_arr(want, "scheduled_actions"), i, block) {
        AUTO_FREE char *name = delay(block);
        json_t *live = block_like(js_arr(have, "scheduled_actions"), name);
        js_set(out, name, action_lines(c, js_arr(block, "actions"), js_arr(live, "actions")));
    }
    return out;
}

static json_t *conditions_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object(), *condition;
    size_t i;
    json_array_foreach (want, i, condition) {
        int64_t number = number_of(condition, i);
        json_t *have = c->live ? numbered(value, number) : NULL;
        AUTO_FREE char *key = mem_printf("%d", (int)number);
        if (!c->live || have)
            js_set(out, key, condition_norm(c, condition, have));
    }
    return out;
}

static void conditions_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *condition, *block;
    size_t i, k;
    json_array_foreach (value, i, condition) {
        criteria_needs(c->r->module, criteria_of(condition), out);
        actions_needs(c, instant(condition), out);
        json_array_foreach (js_arr(condition, "scheduled_actions"), k, block)
            actions_needs(c, js_arr(block, "actions"), out);
    }
}

static json_t *condition_sent(const struct prop_ctx *c, const json_t *condition, const json_t *live)
{
    json_t *out = copy_object(condition), *block, *actions;
    size_t i;
    if (js_str(live, "id"))
        js_set_str(out, "id", js_str(live, "id"));
    json_t *details = js_obj(out, "criteria_details");
    if (details && json_is_object(criteria_of(condition)))
        js_set(details, "criteria", criteria_body(c->r->module, criteria_of(condition)));
    actions = json_object();
    js_set(actions, "actions", actions_body(c, instant(condition)));
    js_set(out, "instant_actions", actions);
    json_array_foreach (js_arr(out, "scheduled_actions"), i, block)
        if (json_is_object(block))
            js_set(block, "actions", actions_body(c, js_arr(block, "actions")));
    return out;
}

static void conditions_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create,
                            json_t *body)
{
    json_t *out = json_array(), *condition;
    size_t i;
    (void)create;
    json_array_foreach (value, i, condition)
        json_array_append_new(out, condition_sent(c, condition, numbered(live, number_of(condition, i))));
    js_set(body, c->prop->key, out);
}
static json_t *block_adopt(const struct prop_ctx *c, const json_t *live)
{
    json_t *o = adopt_value(c, live);
    if (!json_is_object(o))
        return o;
    js_set(o, "actions", adopt_actions(c, js_arr(live, "actions")));
    return o;
}

static json_t *condition_adopt(const struct prop_ctx *c, const json_t *live)
{
    json_t *o = adopt_value(c, live), *actions, *details = js_obj(o, "criteria_details");
    if (!json_is_object(o))
        return o;
    if (!details)
        js_set(o, "criteria_details", details = json_object());
    if (!json_object_get(details, "criteria"))
        js_set(details, "criteria", json_null()); /* all records: Zoho wants to be told */
    if (!js_obj(o, "instant_actions"))
        js_set(o, "instant_actions", json_object());
    actions = js_obj(o, "instant_actions");
    js_set(actions, "actions", adopt_actions(c, instant(live)));
    js_set(o, "scheduled_actions", adopt_list(c, js_arr(live, "scheduled_actions"), block_adopt));
    return o;
}

static json_t *conditions_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, condition_adopt);
}
static const struct prop_type PROP_CONDITIONS = {SHAPE_OBJECTS, conditions_norm, conditions_needs, conditions_send,
                                                 conditions_adopt};

/* On or off; what else stands there is about the switching. */
static json_t *status_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object();
    (void)c, (void)want;
    if (json_object_get(value, "active"))
        js_set_str(out, "active", js_bool(value, "active", true) ? "true" : "false");
    return out;
}
static const struct prop_type PROP_STATUS = {SHAPE_OBJECT, status_norm, NULL, NULL, adopt_value};

static const struct prop workflow_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"description", &PROP_TEXT, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"execute_when", &PROP_TRIGGER, 0, NULL},
    {"conditions", &PROP_CONDITIONS, 0, NULL},
    {"status", &PROP_STATUS, 0, NULL},
};

static void workflow_finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    (void)v;
    if (!live)
        js_set(body, "module", ref_module(r->module));
}

/* A rule is made active: only one that is off says so. */
static void status_adopt(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                         json_t *notes)
{
    (void)v, (void)r, (void)notes;
    json_object_del(body, "status");
    if (js_bool(js_obj(live, "status"), "active", true))
        return;
    json_t *status = json_object();
    js_set_bool(status, "active", false);
    js_set_bool(status, "delete_schedule_action", false);
    js_set(body, "status", status);
}

const struct kind_spec spec_workflow_rule = {.list = "workflow_rules",
                                             .has_module = true,
                                             .key = "name",
                                             .label = "name",
                                             PROPS(workflow_props),
                                             .finish = workflow_finish,
                                             .offer = offer_named,
                                             .adopt = status_adopt,
                                             .own = " lock "};

/* A function writes its own message, so the rule's text is compared for criteria rules only. */
static json_t *message_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)want;
    return strcmp(js_str_or(c->r->body, "type", ""), "function") ? scalar_text(value) : json_null();
}
static const struct prop_type PROP_MESSAGE = {SHAPE_TEXT, message_norm, NULL, NULL, adopt_scalar};

static const struct prop validation_props[] = {
    {"name", &PROP_TEXT, 0, NULL},       {"layout", &PROP_REF, 0, "layout"},     {"field", &PROP_FIELD, 0, NULL},
    {"type", &PROP_WORD, 0, NULL},       {"function", &PROP_REF, 0, "function"}, {"criteria", &PROP_CRITERIA, 0, NULL},
    {"message", &PROP_MESSAGE, 0, NULL},
};
const struct kind_spec spec_validation_rule = {.list = "validation_rules",
                                               .per_module = true,
                                               .sparse = true,
                                               .key = "name",
                                               .label = "name",
                                               PROPS(validation_props),
                                               .offer = offer_validation};
