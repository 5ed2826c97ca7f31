/* agent/audit/rules_blueprints.c — states that nobody leaves or reaches, buttons that nobody may press. */
#include <string.h>
#include <strings.h>

#include "agent/audit/rules.h"
#include "base/text.h"

static bool off(const json_t *blueprint)
{
    return !strcmp(js_str_or(blueprint, "status", "active"), "inactive");
}

static size_t ways(const json_t *blueprint, const char *side, const char *other, const char *state)
{
    const json_t *c;
    size_t i, n = 0;
    json_array_foreach (js_arr(blueprint, "connections"), i, c)
        n += !strcmp(js_str_or(js_obj(c, side), "api_name", ""), state) &&
             strcmp(js_str_or(js_obj(c, other), "api_name", ""), state) != 0;
    return n;
}

static const char *value_of(const json_t *state)
{
    return js_str_or(js_obj(state, "pick_list_value"), "actual_value", js_str_or(state, "api_name", ""));
}

static const json_t *driving(const struct audit *a, const struct thing *t)
{
    return org_field(a->s, t->module, js_str_or(js_obj(t->o, "field"), "api_name", ""));
}

/* A process ends where the deal is won or lost (its probability says so), or at a word that says so. */
static bool is_end(const json_t *field, const char *value)
{
    static const char *const words[] = {"closed", "won",      "lost",    "done",     "complete", "cancel", "reject",
                                        "paid",   "finished", "archive", "declined", "handed",   "expired"};
    const json_t *v = org_value(field, value), *p = json_object_get(v, "probability");
    if (org_has_list(field) && !v)
        return true; /* its value is gone: another finding */
    AUTO_FREE char *text = p ? json_dumps(p, JSON_ENCODE_ANY) : NULL;
    if (text && (!strcmp(text, "0") || !strcmp(text, "100") || !strcmp(text, "\"0\"") || !strcmp(text, "\"100\"")))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(value, words[i]))
            return true;
    const json_t *values = js_arr(field, "pick_list_values");
    return v &&
           v == json_array_get(values, json_array_size(values) - 1); /* the last of the list is where it leads to */
}

static void dead_end(struct audit *a, const struct thing *t)
{
    const json_t *state;
    size_t i;
    json_array_foreach (js_arr(t->o, "states"), i, state) {
        const char *name = js_str_or(state, "api_name", "");
        if (!off(t->o) && ways(t->o, "to_state", "from_state", name) && !ways(t->o, "from_state", "to_state", name) &&
            !is_end(driving(a, t), value_of(state)))
            audit_add(a, t->address, "state \"%s\": records come in, and no transition leads out", value_of(state));
    }
}

/* Where records begin: the default of the list, else its first value that is a state. */
static const char *start_of(const struct audit *a, const struct thing *t)
{
    const json_t *field = driving(a, t), *v, *state;
    size_t i, k;
    const char *begin = js_str(field, "default_value");
    json_array_foreach (js_arr(t->o, "states"), k, state)
        if (begin && !strcmp(value_of(state), begin))
            return begin;
    json_array_foreach (js_arr(field, "pick_list_values"), i, v)
        json_array_foreach (js_arr(t->o, "states"), k, state)
            if (!strcmp(value_of(state), js_str_or(v, "actual_value", "")))
                return value_of(state);
    return NULL;
}

static void unreached(struct audit *a, const struct thing *t)
{
    const json_t *state;
    size_t i;
    const char *start = start_of(a, t);
    json_array_foreach (js_arr(t->o, "states"), i, state)
        if (!off(t->o) && start && strcmp(value_of(state), start) != 0 &&
            !ways(t->o, "to_state", "from_state", js_str_or(state, "api_name", "")))
            audit_add(a, t->address, "state \"%s\": no transition leads to it, and records begin at \"%s\"",
                      value_of(state), start);
}

static void state_gone(struct audit *a, const struct thing *t)
{
    const json_t *state, *field = driving(a, t);
    size_t i;
    json_array_foreach (js_arr(t->o, "states"), i, state)
        if (field && org_has_list(field) && !org_value(field, value_of(state)))
            audit_add(a, t->address, "state \"%s\" is no value of %s", value_of(state),
                      js_str_or(field, "api_name", ""));
}

static void outside(struct audit *a, const struct thing *t)
{
    const json_t *v, *state, *field = driving(a, t);
    size_t i, k;
    if (off(t->o) || (js_obj(t->o, "entry_criteria") && json_object_size(js_obj(t->o, "entry_criteria"))))
        return; /* it means only some of the records */
    json_array_foreach (js_arr(field, "pick_list_values"), i, v) {
        const char *value = js_str_or(v, "actual_value", "");
        bool inside = !strcmp(js_str_or(v, "type", "used"), "unused") || !strcmp(value, "-None-");
        json_array_foreach (js_arr(t->o, "states"), k, state)
            inside = inside || !strcmp(value_of(state), value);
        if (!inside)
            audit_add(a, t->address, "\"%s\" is a value of %s and no state: records there are under no process", value,
                      js_str_or(field, "api_name", ""));
    }
}

/* Owners that are all users, and none of them works here. */
static void nobody(struct audit *a, const struct thing *t)
{
    const json_t *tr, *owner, *r;
    size_t i, k, m;
    json_array_foreach (js_arr(t->o, "transitions"), i, tr) {
        size_t users = 0, active = 0, others = 0;
        json_array_foreach (js_arr(tr, "owners"), k, owner) {
            const char *type = js_str_or(owner, "type", "");
            if (strcmp(type, "users") != 0 && strcmp(type, "user") != 0) {
                others++;
                continue;
            }
            json_array_foreach (js_arr(owner, "resources"), m, r) {
                users++;
                active += audit_active_user(a, js_str(r, "id"));
            }
        }
        if (users && !active && !others)
            audit_add(a, t->address, "transition \"%s\": only %s may, and %s active user", js_str_or(tr, "name", "?"),
                      users == 1 ? "one person" : "some persons", users == 1 ? "that is no" : "none of them is an");
    }
}

static const struct audit_rule rules[] = {
    {"AU601", AUDIT_WARNING, "state without exit", "Records pile up there; people ask an administrator to move them.",
     "draw the transition that is missing, or let the state's name say that it is an end", "blueprint", dead_end, NULL,
     false},
    {"AU602", AUDIT_NOTE, "state that no transition reaches", "Its checks and mandatory fields are passed by.",
     "draw the way to it, or take it out", "blueprint", unreached, NULL, false},
    {"AU603", AUDIT_ERROR, "state whose value is gone", "The Blueprint cannot be saved again.",
     "put the value back into the list, or take the state out", "blueprint", state_gone, NULL, false},
    {"AU604", AUDIT_ERROR, "transition that nobody may use", "Records stop there.", "name a role instead of a person",
     "blueprint", nobody, NULL, false},
    {"AU605", AUDIT_NOTE, "values outside the Blueprint", "Records with them go their way without any check.",
     "make them states, or take them out of the list", "blueprint", outside, NULL, false},
};
const struct audit_family audit_blueprints = {"Blueprints", rules, sizeof rules / sizeof *rules};
