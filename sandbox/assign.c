/* sandbox/assign.c — who a rule gives a record to. */
#include "sandbox/assign.h"

#include "sandbox/check.h"

static bool active(const json_t *user)
{
    return strcmp(js_str_or(user, "status", "active"), "active") == 0;
}

/* Users that one resource stands for, added to ids. */
static void candidates(struct call *c, const char *type, const char *id, json_t *ids)
{
    AUTO_JSON json_t *users = config_list(c->st, "users", NULL);
    size_t i;
    json_t *u;
    bool role = one_of("role|roles", type), profile = one_of("profile|profiles", type);
    json_array_foreach (users, i, u) {
        const char *key = role      ? js_str_or(js_obj(u, "role"), "id", "")
                          : profile ? js_str_or(js_obj(u, "profile"), "id", "")
                                    : js_str_or(u, "id", "");
        if (active(u) && strcmp(key, id) == 0 && one_of("user|users|role|roles|profile|profiles", type)) {
            js_array_add_unique(ids, js_str_or(u, "id", ""));
        }
    }
}

/* Each in turn, also over a restart. */
static char *next_of(struct call *c, const json_t *ids, const char *turn)
{
    size_t n = json_array_size(ids);
    AUTO_FREE char *key = mem_printf("turn/%s", turn);
    AUTO_FREE char *last = store_meta(c->st, key);
    size_t at_n = last ? (size_t)strtoull(last, NULL, 10) + 1 : 0;
    if (n == 0) {
        return NULL;
    }
    AUTO_FREE char *now = mem_printf("%zu", at_n % n);
    store_set_meta(c->st, key, now);
    return mem_dup(json_string_value(json_array_get(ids, at_n % n)));
}

char *assign_to_one(struct call *c, const struct record_module *m, const json_t *to, const json_t *record,
                    const char *turn)
{
    const char *type = js_str_or(to, "type", "");
    AUTO_JSON json_t *ids = json_array();
    size_t i;
    json_t *r;
    if (strcmp(type, "merge_field") == 0) {
        const char *id = js_str(js_obj(record, js_str_or(js_obj(to, "details"), "api_name", "")), "id");
        AUTO_JSON json_t *u = id ? config_by_id(c->st, "users", NULL, id) : NULL;
        return u ? mem_dup(id) : NULL;
    }
    if (strcmp(type, "assignment_rule") == 0) {
        const json_t *entry;
        AUTO_JSON json_t *rule =
            config_by_id(c->st, "assignment_rules", m->api, js_str_or(js_obj(to, "resource"), "id", ""));
        return rule ? assign_by_rule(c, m, rule, record, &entry) : NULL;
    }
    candidates(c, type, js_str_or(js_obj(to, "resource"), "id", ""), ids);
    json_array_foreach (js_arr(to, "resources"), i, r) {
        candidates(c, type, js_str_or(r, "id", ""), ids);
    }
    return next_of(c, ids, turn);
}

char *assign_by_rule(struct call *c, const struct record_module *m, const json_t *rule, const json_t *record,
                     const json_t **entry)
{
    struct record_env e;
    size_t i;
    json_t *one;
    *entry = NULL;
    record_env_init(&e, c, m);
    json_array_foreach (js_arr(rule, "rule_entries"), i, one) {
        if (!*entry && criteria_match(js_obj(one, "criteria"), record, &e.env)) {
            *entry = one;
        }
    }
    record_env_release(&e);
    const json_t *to = *entry ? js_obj(*entry, "assign_to") : js_obj(rule, "default_assignee");
    return to ? assign_to_one(c, m, to, record, js_str_or(*entry ? *entry : rule, "id", "")) : NULL;
}
