/* sandbox/gate.c — validation rules and record locks, before a save. */
#include "sandbox/gate.h"

#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/process.h"

static json_t *refusal(const json_t *rule, const char *message, const char *base)
{
    json_t *d = at("%s.%s", base, js_str_or(js_obj(rule, "field"), "api_name", ""));
    js_set_str(d, "validation_rule", js_str(rule, "name"));
    return item_error("INVALID_DATA", message, d);
}

/* A validation function is given the record and answers {"status", "message"} (zoho-people-and-tools.md 3.2). */
static json_t *by_function(struct call *c, const struct record_module *m, const json_t *rule, const json_t *after,
                           const char *base)
{
    AUTO_JSON json_t *f = config_by_id(c->st, "functions", NULL, js_str_or(js_obj(rule, "function"), "id", ""));
    struct occasion o = {c, m, js_str_or(after, "id", "0"), NULL, "validation_rule", js_str(rule, "id"), NULL};
    AUTO_JSON json_t *request = json_pack("{s:O}", "record", after);
    AUTO_FREE char *text = json_dumps(request, JSON_COMPACT);
    AUTO_JSON json_t *answer = automation_function(&o, f, json_pack("{s:s}", "crmAPIRequest", text));
    const json_t *said = js_obj(answer, "returned");
    return strcmp(js_str_or(said, "status", ""), "error") == 0 ? refusal(rule, js_str_or(said, "message", ""), base)
                                                               : NULL;
}

static json_t *validate(struct call *c, const struct record_module *m, const json_t *after,
                        const struct criteria_env *env, const char *base)
{
    AUTO_JSON json_t *rules = config_shared(c->st, "validation_rules", m->api);
    json_t *rule, *bad = NULL;
    size_t i;
    json_array_foreach (rules, i, rule) {
        if (bad || !js_bool(rule, "active", true)) {
            continue;
        }
        if (strcmp(js_str_or(rule, "type", ""), "function") == 0) {
            bad = by_function(c, m, rule, after, base);
        } else if (criteria_match(js_obj(rule, "criteria"), after, env)) {
            bad = refusal(rule, js_str_or(rule, "message", ""), base);
        }
    }
    return bad;
}

/* ---- locks ---- */

static bool excluded(const json_t *config, const json_t *me)
{
    const char *profile = js_str_or(js_obj(me, "profile"), "id", "");
    size_t i;
    json_t *p;
    if (strcmp(js_str_or(config, "locked_for", ""), "all_profiles") == 0) {
        return false;
    }
    json_array_foreach (js_arr(config, "lock_excluded_profiles"), i, p) {
        if (strcmp(js_str_or(p, "id", ""), profile) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_in(const json_t *fields, const char *api_name)
{
    size_t i;
    json_t *f;
    json_array_foreach (fields, i, f) {
        if (strcmp(js_str_or(f, "api_name", ""), api_name) == 0) {
            return true;
        }
    }
    return false;
}

static bool only_free_fields(const json_t *config, const json_t *changes)
{
    const char *k;
    json_t *v;
    json_object_foreach ((json_t *)(uintptr_t)changes, k, v) {
        if (!is_in(js_arr(config, "excluded_fields"), k)) {
            return false;
        }
    }
    return changes != NULL;
}

/* The name of the rule that locks the record for this action; borrowed from config, NULL when free. */
static const char *locked_by(const json_t *config, const char *action, const json_t *before, const json_t *changes,
                             const struct record_env *e)
{
    size_t i;
    json_t *rule;
    if (strcmp(js_str_or(config, "lock_type", ""), "manual") == 0 ||
        !js_array_has(js_arr(config, "restricted_actions"), action) || excluded(config, e->me) ||
        only_free_fields(config, changes)) {
        return NULL;
    }
    json_array_foreach (js_arr(config, "locking_rules"), i, rule) {
        if (criteria_match(js_obj(rule, "criteria"), before, &e->env)) {
            return js_str_or(rule, "name", "");
        }
    }
    return NULL;
}

static json_t *lock_check(const json_t *all, const char *action, const json_t *before, const json_t *changes,
                          const struct record_env *e)
{
    size_t i;
    json_t *config;
    json_array_foreach (all, i, config) {
        const char *rule = locked_by(config, action, before, changes, e);
        if (rule) {
            return item_error("RECORD_LOCKED", "the record is locked",
                              json_pack("{s:s,s:s}", "id", js_str_or(before, "id", ""), "rule", rule));
        }
    }
    return NULL;
}

json_t *gate_save(struct call *c, const struct record_module *m, const json_t *before, const json_t *changes,
                  const json_t *after, const struct record_write *w, const char *base)
{
    struct record_env e;
    AUTO_JSON json_t *locks = before ? config_shared(c->st, "record_locking_configurations", m->api) : NULL;
    bool validated = w->person || (c->s->on[SWITCH_validation_api] && !w->script);
    if (json_array_size(locks) == 0 && !validated) {
        return NULL;
    }
    record_env_init(&e, c, m);
    json_t *bad = lock_check(locks, "update", before, changes, &e);
    if (!bad && before && w->person) {
        bad = process_guard(c, before, changes, base);
    }
    if (!bad && validated) {
        bad = validate(c, m, after, &e.env, base);
    }
    record_env_release(&e);
    return bad;
}

json_t *gate_action(struct call *c, const struct record_module *m, const json_t *before, const char *action)
{
    struct record_env e;
    AUTO_JSON json_t *locks = config_shared(c->st, "record_locking_configurations", m->api);
    record_env_init(&e, c, m);
    json_t *bad = lock_check(locks, action, before, NULL, &e);
    record_env_release(&e);
    return bad;
}
