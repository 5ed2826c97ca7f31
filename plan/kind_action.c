/*
 * plan/kind_action.c — actions that rules and transitions start: field updates, e-mail notifications; and e-mail
 * templates. Source: zoho-api.md 1.11 (zoho.com/crm/developer/docs/api/v8/create-field-update,
 * …/create-email-notification), 1.17.
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

/* Zoho's word for a sort of associated action, and the kind it is. */
static const struct {
    const char *type, *kind;
} sorts[] = {{"field_updates", "field_update"},
             {"email_notifications", "email_notification"},
             {"functions", "function_wrapper"},
             {"tasks", "task"},
             {"webhooks", "webhook"}};

static const char *sort_of(const json_t *action)
{
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        if (!strcmp(js_str_or(action, "type", ""), sorts[i].type))
            return sorts[i].kind;
    return NULL;
}

char *action_address(const char *module, const json_t *action)
{
    const char *kind = sort_of(action), *name = js_str(action, "name");
    return kind && name ? address_make(kind, module, name) : NULL;
}

/* A live action may be an id alone. */
static const char *live_action_name(const struct prop_ctx *c, const json_t *action)
{
    const char *name = js_str(action, "name"), *kind = sort_of(action);
    if (name || !kind)
        return name;
    return js_str(snapshot_find(c->v->snapshot, kind_find(kind)->spec->list, "id", js_str(action, "id"), false),
                  "name");
}

json_t *action_line(const struct prop_ctx *c, const json_t *action, const json_t *want)
{
    const char *type = js_str_or(action, "type", "");
    const char *name = c->live ? live_action_name(c, action) : js_str(action, "name");
    const json_t *details = json_object_get(action, "details");
    /* An associated action is its name; answers may add empty details to it. */
    if (name && (sort_of(action) || !json_object_size(details))) {
        AUTO_FREE char *line = mem_printf("%s: %s", type, name);
        return json_string(line);
    }
    AUTO_JSON json_t *inner = c->live ? project(details, json_object_get(want, "details")) : canon(details);
    AUTO_FREE char *text = json_dumps(inner, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    AUTO_FREE char *line = mem_printf("%s %s", type, text ? text : "");
    return json_string(line);
}

static bool line_is(const struct prop_ctx *c, const json_t *action, const json_t *want, const json_t *line)
{
    AUTO_JSON json_t *own = action_line(c, action, want);
    return json_equal(own, line);
}

json_t *action_lines(const struct prop_ctx *c, const json_t *wanted, const json_t *live)
{
    json_t *out = json_array(), *want, *have;
    size_t i, k;
    const struct prop_ctx desired = {c->v, c->r, c->prop, false};
    json_array_foreach (wanted, i, want) {
        if (js_bool(want, "by_hand", false))
            continue;
        AUTO_JSON json_t *line = action_line(&desired, want, want);
        bool there = !c->live;
        json_array_foreach (live, k, have)
            there = there || line_is(c, have, want, line);
        if (there)
            js_array_add_unique(out, json_string_value(line));
    }
    js_array_sort(out, NULL);
    return json_array_size(out) ? out : (json_decref(out), json_null());
}

void actions_needs(const struct prop_ctx *c, const json_t *actions, struct strset *out)
{
    json_t *action;
    size_t i;
    json_array_foreach (actions, i, action) {
        AUTO_FREE char *address = js_bool(action, "by_hand", false) ? NULL : action_address(c->r->module, action);
        if (address)
            strset_add(out, address);
    }
}

json_t *actions_body(const struct prop_ctx *c, const json_t *actions)
{
    json_t *out = json_array(), *action;
    size_t i;
    json_array_foreach (actions, i, action) {
        if (js_bool(action, "by_hand", false))
            continue;
        AUTO_FREE char *address = action_address(c->r->module, action);
        json_t *sent = copy_object(action);
        if (address)
            js_set(sent, "id", ref_new(address, "id"));
        json_array_append_new(out, sent);
    }
    return out;
}

static json_t *action_adopt(const struct prop_ctx *c, const json_t *live)
{
    const char *name = live_action_name(c, live);
    json_t *o = adopt_value(c, live);
    if (name && json_is_object(o) && (sort_of(live) || !json_object_size(json_object_get(live, "details")))) {
        json_object_del(o, "id");
        json_object_del(o, "details");
        js_set_str(o, "name", name);
    }
    return o;
}

json_t *adopt_actions(const struct prop_ctx *c, const json_t *live)
{
    json_t *out = adopt_list(c, live, action_adopt);
    return json_is_null(out) ? (json_decref(out), json_array()) : out;
}

static void finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    (void)v, (void)live;
    js_set(body, "module", ref_module(r->module));
    js_set_str(body, "feature_type", "workflow");
}

static const struct prop update_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"field", &PROP_FIELD, 0, NULL},
    {"type", &PROP_WORD, 0, NULL},
    {"value", &PROP_ANY, 0, NULL},
    {"update_type", &PROP_WORD, 0, NULL},
    {"dependent_fields", &PROP_ANY, 0, NULL},

    {"feature_type", &PROP_WORD, PROP_CREATE | PROP_IMPLIED, NULL},
};
const struct kind_spec spec_field_update = {.list = "field_updates",
                                            .has_module = true,
                                            .whole = true,
                                            .key = "name",
                                            .label = "name",
                                            PROPS(update_props),
                                            .finish = finish,
                                            .offer = offer_named};

static const struct prop notification_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"template", &PROP_REF, 0, "email_template"},
    {"recipients", &PROP_ANY, 0, NULL},
    {"from_address", &PROP_ANY, 0, NULL},
    {"reply_to_address", &PROP_ANY, 0, NULL},
    {"feature_type", &PROP_WORD, PROP_CREATE | PROP_IMPLIED, NULL},
};
const struct kind_spec spec_email_notification = {.list = "email_notifications",
                                                  .has_module = true,
                                                  .whole = true,
                                                  .key = "name",
                                                  .label = "name",
                                                  PROPS(notification_props),
                                                  .finish = finish,
                                                  .offer = offer_named};

static json_t *name_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    return ref_name(value) ? json_string(ref_name(value)) : json_null();
}
static json_t *name_adopt(const struct prop_ctx *c, const json_t *live)
{
    return name_norm(c, live, NULL);
}
static const struct prop_type PROP_NAME = {SHAPE_NAME, name_norm, NULL, NULL, name_adopt};

/* The text of a mail is not compared: editors rewrite its markup, and the list does not show it. */
static const struct prop template_props[] = {
    {"name", &PROP_TEXT, 0, NULL},
    {"subject", &PROP_TEXT, 0, NULL},
    {"folder", &PROP_NAME, 0, NULL},
    {"module", &PROP_MODULE, PROP_IMPLIED, NULL},
    {"content", &PROP_TEXT, PROP_SHOWN, NULL},
};
const struct kind_spec spec_email_template = {.list = "email_templates",
                                              .has_module = true,
                                              .sparse = true,
                                              .key = "name",
                                              .label = "name",
                                              PROPS(template_props),
                                              .offer = offer_named,
                                              .own = " editor_mode "};
