/* plan/check_kind.c — rules about a body that no table of lengths can say. Sources stand at each rule. */
#include <ctype.h>

#include "base/mem.h"
#include "plan/check.h"
#include "plan/records_table.h"
#include "plan/spec.h"

/* --- fields --- */

/* What a type cannot be made without (zoho-api.md 1.5: DEPENDENT_FIELD_MISSING). */
static const struct {
    const char *type, *key, *or_key;
} required[] = {
    {"picklist", "pick_list_values", "global_picklist"},
    {"multiselectpicklist", "pick_list_values", "global_picklist"},
    {"lookup", "lookup", NULL},
    {"formula", "formula", NULL},
    {"rollup_summary", "rollup_summary", NULL},
    {"multiselectlookup", "multiselectlookup", NULL},
};

static void check_values(const json_t *values, json_t *findings)
{
    AUTO_JSON json_t *seen = json_array();
    json_t *value;
    size_t i;
    json_array_foreach (values, i, value) {
        const char *text = js_str_or(value, "actual_value", js_str_or(value, "display_value", ""));
        if (!*text)
            finding(findings, "error", "pick_list_values", "value %zu is empty", i + 1);
        if (characters(text) > 120) /* documented for global picklists (1.7), taken for local ones too: unproven */
            finding(findings, "error", "pick_list_values",
                    "'%s' is longer than 120 characters (create-global-picklist)", text);
        if (js_array_has(seen, text))
            finding(findings, "error", "pick_list_values", "'%s' stands there twice", text);
        js_array_add_unique(seen, text);
    }
}

/* Zoho derives the api_name from the label: spaces become underscores (zoho-api.md 1.5, unproven in detail). */
static void check_derived_name(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    const char *label = js_str_or(r->body, "field_label", "");
    AUTO_FREE char *derived = mem_dup(label);
    char *to = derived;
    for (const char *p = label; *p; p++)
        if (isalnum((unsigned char)*p))
            *to++ = *p;
        else if (to > derived && to[-1] != '_')
            *to++ = '_';
    *to = '\0';
    if (strcmp(derived, r->name) != 0 && !json_object_get(v->names, r->address))
        finding(findings, "warning", "field_label", "from '%s' Zoho will probably make the api_name '%s', not '%s'",
                label, derived, r->name);
}

/* While a Blueprint is active on a picklist its values cannot be edited (Blueprint FAQ, zoho-people-and-tools.md 2). */
static void check_in_blueprint(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    json_t *live, *values = js_arr(r->kind->find(v, r), "pick_list_values"), *value;
    size_t i, missing = 0;
    json_array_foreach (js_arr(r->body, "pick_list_values"), i, value)
        missing += !picks_have(values, js_str_or(value, "actual_value", js_str_or(value, "display_value", "")));
    if (!missing || !values)
        return;
    json_array_foreach (snapshot_get(v->snapshot, "blueprints"), i, live) {
        const char *module = ref_name(json_object_get(live, "module")),
                   *field = ref_name(json_object_get(live, "field"));
        if (module && field && !strcmp(js_str_or(live, "status", ""), "active") &&
            !strcmp(module, real_module(v, r->module)) && !strcmp(field, real_field(v, r->module, r->name)))
            finding(findings, "warning", "pick_list_values",
                    "Blueprint '%s' is active on this picklist, and Zoho refuses changes of its values while it is: by "
                    "hand, "
                    "switched off and published again; records in it keep their value",
                    js_str_or(live, "name", ""));
    }
}

static void check_field(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    const char *type = js_str_or(r->body, "data_type", "");
    bool exists = r->kind->find(v, r) != NULL;
    if (!js_str(r->body, "field_label") || !*type)
        finding(findings, "error", "", "a field needs field_label and data_type (create-custom-field)");
    for (size_t i = 0; !exists && i < sizeof required / sizeof *required; i++)
        if (!strcmp(type, required[i].type) && !json_object_get(r->body, required[i].key) &&
            !(required[i].or_key && json_object_get(r->body, required[i].or_key)))
            finding(findings, "error", required[i].key, "is needed for type %s (create-custom-field)", type);
    check_values(json_object_get(r->body, "pick_list_values"), findings);
    if (!exists)
        check_derived_name(v, r, findings);
    check_in_blueprint(v, r, findings);
}

static void check_picklist(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    check_values(json_object_get(r->body, "pick_list_values"), findings);
    if (r->module)
        check_in_blueprint(v, r, findings);
}

/* --- workflow rules (create-workflow-rule; counts per rule from an example org, so they warn) --- */

static const struct {
    const char *type;
    size_t max;
} per_rule[] = {{"functions", 1},     {"webhooks", 1},    {"field_updates", 5}, {"email_notifications", 5},
                {"assign_owner", 3},  {"add_tags", 1},    {"remove_tags", 1},   {"create_record", 1},
                {"schedule_call", 1}, {"add_meeting", 1}, {"convert", 1}};

static size_t actions_of(const json_t *rule, const char *type)
{
    json_t *condition, *action;
    size_t i, k, n = 0;
    json_array_foreach (js_arr(rule, "conditions"), i, condition)
        json_array_foreach (js_arr(js_obj(condition, "instant_actions"), "actions"), k, action)
            n += !strcmp(js_str_or(action, "type", ""), type);
    return n;
}

static void check_schedule(const json_t *rule, bool repeats, json_t *findings)
{
    json_t *condition;
    size_t i;
    json_array_foreach (js_arr(rule, "conditions"), i, condition) {
        size_t blocks = json_array_size(js_arr(condition, "scheduled_actions"));
        if (blocks > 5)
            finding(findings, "error", "conditions", "has %zu scheduled blocks, Zoho allows 5", blocks);
        if (blocks && repeats)
            finding(findings, "error", "conditions", "a rule that repeats cannot have scheduled actions");
        if (!json_array_size(js_arr(js_obj(condition, "instant_actions"), "actions")) && !blocks)
            finding(findings, "error", "conditions", "condition %zu has no action; at least one is mandatory", i + 1);
    }
}

static void check_rule(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    json_t *when = js_obj(r->body, "execute_when"), *details = js_obj(when, "details");
    const char *type = js_str_or(when, "type", "");
    (void)v;
    if (!*type)
        finding(findings, "error", "execute_when", "type is missing (create, edit, create_or_edit, field_update, …)");
    if ((!strcmp(type, "edit") || !strcmp(type, "create_or_edit")) && !json_object_get(details, "repeat"))
        finding(findings, "error", "execute_when", "repeat must be said for %s", type);
    check_schedule(r->body, js_bool(details, "repeat", false), findings);
    for (size_t i = 0; i < sizeof per_rule / sizeof *per_rule; i++) {
        size_t n = actions_of(r->body, per_rule[i].type);
        if (n > per_rule[i].max)
            finding(findings, "warning", "conditions", "has %zu %s; the one org whose limits are known allows %zu", n,
                    per_rule[i].type, per_rule[i].max);
    }
}

/* --- Blueprints (create-blueprint) --- */

static bool names_state(const json_t *states, const char *name)
{
    json_t *state;
    size_t i;
    json_array_foreach (states, i, state)
        if (!strcmp(js_str_or(state, "api_name", ""), name))
            return true;
    return false;
}

static bool names_transition(const json_t *transitions, const char *name)
{
    json_t *one;
    size_t i;
    json_array_foreach (transitions, i, one)
        if (!strcmp(js_str_or(one, "name", ""), name))
            return true;
    return false;
}

static void check_connections(const struct resource *r, json_t *findings)
{
    json_t *one, *states = js_arr(r->body, "states"), *transitions = js_arr(r->body, "transitions");
    size_t i;
    json_array_foreach (js_arr(r->body, "connections"), i, one) {
        const char *from = js_str_or(js_obj(one, "from_state"), "api_name", "");
        const char *to = js_str_or(js_obj(one, "to_state"), "api_name", "");
        const char *by = js_str_or(js_obj(one, "transitions"), "name", "");
        if (!names_state(states, from) || !names_state(states, to))
            finding(findings, "error", "connections", "'%s → %s' names a state that is not among the states", from, to);
        if (!names_transition(transitions, by))
            finding(findings, "error", "connections", "'%s → %s' names the unknown transition '%s'", from, to, by);
    }
}

static const char *layout_of(const json_t *blueprint)
{
    const char *name = ref_name(json_object_get(blueprint, "layout"));
    return name ? name : "Standard";
}

/* Only one active Blueprint per module and layout. */
static void check_only_one(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    json_t *live;
    size_t i;
    json_array_foreach (snapshot_get(v->snapshot, "blueprints"), i, live) {
        const char *module = ref_name(json_object_get(live, "module")), *name = js_str_or(live, "name", "");
        if (module && !strcmp(module, real_module(v, r->module)) && !strcmp(js_str_or(live, "status", ""), "active") &&
            !strcmp(layout_of(live), layout_of(r->body)) && strcmp(name, js_str_or(r->body, "name", r->name)) != 0)
            finding(findings, "error", "layout", "Blueprint '%s' is active on %s, layout %s; only one can be", name,
                    module, layout_of(live));
    }
    for (i = 0; v->desired && i < v->desired->n; i++) {
        const struct resource *other = &v->desired->r[i];
        if (other->kind == r->kind && strcmp(other->address, r->address) < 0 && !strcmp(other->module, r->module) &&
            !strcmp(layout_of(other->body), layout_of(r->body)))
            finding(findings, "error", "layout", "%s is planned for the same module and layout; only one can be active",
                    other->address);
    }
}

static void check_blueprint(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    if (json_object_get(r->body, "is_continuous"))
        finding(findings, "error", "is_continuous", "Zoho ignores this key without a word; the key is 'continuous'");
    if (!ref_name(json_object_get(r->body, "field")))
        finding(findings, "error", "field", "a Blueprint needs the picklist whose values are its states");
    check_connections(r, findings);
    check_only_one(v, r, findings);
}

/* --- records --- */

static bool has_word(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; (p = strstr(p, word)); p += n) {
        bool starts = p == text || !(isalnum((unsigned char)p[-1]) || p[-1] == '_');
        if (starts && !isalnum((unsigned char)p[n]) && p[n] != '_')
            return true;
    }
    return false;
}

static void check_records(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    const char *where = js_str_or(r->body, "where", ""), *field;
    json_t *value;
    bool table = table_is(r);
    if (!js_str(r->body, "module") || (!table && !json_object_size(js_obj(r->body, "set"))))
        finding(findings, "error", "", "records need module and set, or module, key and records");
    if (!js_arr(r->body, "trigger")) /* REST writes start automation unless told otherwise (zoho-api.md 6, point 14) */
        finding(findings, "error", "trigger",
                "say which automation may follow: [] for none, or [workflow, blueprint, …]");
    json_object_foreach (js_obj(r->body, "set"), field, value)
        if (has_word(where, field))
            finding(findings, "error", "where",
                    "names '%s', which is set here: what was changed could not be found again to check it", field);
    if (table)
        table_check(v, r, findings);
}

/* --- the rest --- */

static void check_notification(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    (void)v;
    if (!ref_name(json_object_get(r->body, "template")))
        finding(findings, "error", "template", "an e-mail notification needs its template");
    if (!json_array_size(js_arr(r->body, "recipients")))
        finding(findings, "error", "recipients", "an e-mail notification needs a recipient");
}

static void check_section(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    int64_t columns = js_int(r->body, "column_count", 2);
    (void)v;
    if (columns < 1 || columns > 2)
        finding(findings, "error", "column_count", "a section has 1 or 2 columns (update-layout)");
    if (!strchr(r->name, '/'))
        finding(findings, "error", "", "write layout_section/Module.Layout/Section");
}

static const struct {
    const struct kind_spec *spec;
    void (*check)(const struct kind_view *v, const struct resource *r, json_t *findings);
} checks[] = {
    {&spec_field, check_field},
    {&spec_picklist, check_picklist},
    {&spec_global_picklist, check_picklist},
    {&spec_workflow_rule, check_rule},
    {&spec_blueprint, check_blueprint},
    {&spec_records, check_records},
    {&spec_email_notification, check_notification},
    {&spec_layout_section, check_section},
};

void check_kind(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i].spec == r->kind->spec)
            checks[i].check(v, r, findings);
}
