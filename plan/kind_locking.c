/*
 * plan/kind_locking.c — record locking. A configuration has no name of its own: its locking rules do.
 * Source: zoho-api.md 1.16; the OpenAPI file record_locking_configuration (v8.0).
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/criteria.h"
#include "plan/kinds.h"

static json_t *rule_named(const json_t *rules, const char *name)
{
    json_t *rule;
    size_t i;
    json_array_foreach (rules, i, rule)
        if (name && js_str(rule, "name") && !strcmp(js_str(rule, "name"), name))
            return rule;
    return NULL;
}

/* The configuration that holds one of our rules; a manual one has no rules and is told by its type. */
json_t *locking_find(const struct kind_view *v, const struct resource *r)
{
    AUTO_FREE char *list = kind_list(v, r);
    json_t *ours = js_arr(r->body, "locking_rules"), *config, *rule;
    const char *type = js_str_or(r->body, "lock_type", "automatic");
    size_t i, k;
    json_array_foreach (module_exists(v, r->module) ? snapshot_get(v->snapshot, list) : NULL, i, config) {
        json_t *rules = js_arr(config, "locking_rules");
        bool same_type = !r->tombstone && !strcmp(js_str_or(config, "lock_type", ""), type);
        if (!json_array_size(ours) && (rule_named(rules, r->name) || same_type))
            return config;
        json_array_foreach (ours, k, rule)
            if (rule_named(rules, js_str(rule, "name")))
                return config;
    }
    return NULL;
}

static json_t *rules_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object(), *rule;
    size_t i;
    json_array_foreach (want, i, rule) {
        const char *name = js_str_or(rule, "name", "");
        json_t *side = c->live ? rule_named(value, name) : rule;
        if (!side)
            continue;
        json_t *o = json_object();
        js_set_bool(o, "lock_existing_records", js_bool(side, "lock_existing_records", false));
        js_set(o, "criteria", criteria_line(c->v, c->r->module, json_object_get(side, "criteria"), c->live));
        js_set(out, name, o);
    }
    return out;
}

static void rules_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *rule;
    size_t i;
    json_array_foreach (value, i, rule)
        criteria_needs(c->r->module, json_object_get(rule, "criteria"), out);
}

/* Rules that others added to the same configuration are sent back as they are: an update must not drop them. */
static void rules_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *out = json_array(), *rule;
    size_t i;
    (void)create;
    json_array_foreach (value, i, rule) {
        json_t *sent = copy_object(rule), *have = rule_named(live, js_str(rule, "name"));
        js_set(sent, "criteria", criteria_body(c->r->module, json_object_get(rule, "criteria")));
        if (js_str(have, "id"))
            js_set_str(sent, "id", js_str(have, "id"));
        json_array_append_new(out, sent);
    }
    json_array_foreach (live, i, rule)
        if (!rule_named(value, js_str(rule, "name")))
            json_array_append_new(out, json_deep_copy(rule));
    js_set(body, c->prop->key, out);
}
static const struct prop_type PROP_LOCK_RULES = {SHAPE_OBJECTS, rules_norm, rules_needs, rules_send, adopt_value};

static const struct prop props[] = {
    {"lock_type", &PROP_WORD, 0, NULL},
    {"locked_for", &PROP_WORD, 0, NULL},
    {"lock_excluded_profiles", &PROP_REFS, 0, "profile"},
    {"restricted_actions", &PROP_WORDS, 0, NULL},
    {"restricted_communications", &PROP_WORDS, 0, NULL},
    {"excluded_fields", &PROP_FIELD_SET, 0, NULL},
    {"lock_for_portal_users", &PROP_BOOL, 0, NULL},
    {"restricted_custom_buttons", &PROP_ANY, 0, NULL},
    {"feature_type", &PROP_WORD, PROP_CREATE | PROP_IMPLIED, NULL},
    {"locking_rules", &PROP_LOCK_RULES, 0, NULL},
};

static void finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    (void)v, (void)r, (void)live;
    js_set_str(body, "feature_type", "record_locking");
}

const struct kind_spec spec_record_locking = {.list = "record_locking",
                                              .per_module = true,
                                              .whole = true,
                                              .key = "name",
                                              .label = NULL,
                                              PROPS(props),
                                              .finish = finish,
                                              .offer = offer_locking};
