/* agent/audit/rules_automation.c — workflow rules and their actions: those that never run, loop, do nothing, do it twice, or miss a part. */
#include <string.h>

#include "agent/audit/rules.h"
#include "base/clock.h"
#include "plan/resource.h"

enum { YOUNG_DAYS = 60, DAY_S = 86400 };

/* ---- never ran ---- */

static void never_ran(struct audit *a, const struct thing *t)
{
    const json_t *runs = js_obj(a->readings, "runs");
    int64_t n = js_int(runs, js_str_or(t->o, "id", ""), -1), made = 0, at = js_int(a->readings, "at", 0);
    struct err quiet = {0};
    if (!audit_rule_active(t->o) || n != 0)
        return;
    if (js_str(t->o, "created_time") && clock_parse(js_str(t->o, "created_time"), &made, &quiet) == 0 &&
        at - made < (int64_t)YOUNG_DAYS * DAY_S)
        return;
    audit_add(a, t->address, "active, and did not run once in %lld days",
              (long long)js_int(a->readings, "runs_days", 0));
}

/* ---- loops ---- */

static const json_t *finding_of(const struct audit *a, const char *function, const char *rule)
{
    const json_t *f;
    size_t i;
    json_array_foreach (js_arr(js_obj(a->scripts, function), "findings"), i, f)
        if (!strcmp(js_str_or(f, "rule", ""), rule))
            return f;
    return NULL;
}

static bool runs_on_edit(const json_t *rule)
{
    const json_t *when = js_obj(rule, "execute_when");
    const char *type = js_str_or(when, "type", "");
    bool edit = !strcmp(type, "edit") || !strcmp(type, "create_or_edit") || !strcmp(type, "field_update");
    return edit && js_bool(js_obj(when, "details"), "repeat", true);
}

/* A write of a function runs rules only when it asks for it (deluge.md 1.10): DL057 says that it does, on the record it was called
 * with. A rule that runs once a record (repeat false) ends there. What a field update does is not certain: not a finding. */
static void loop_by(struct audit *a, const struct thing *t, const json_t *action)
{
    const json_t *w = snapshot_find(a->s, "function_wrappers", "id", js_str_or(action, "id", ""), false);
    const char *name = js_str(js_obj(w, "function"), "api_name");
    const json_t *f = name && !strcmp(js_str_or(action, "type", ""), "functions") ? finding_of(a, name, "DL057") : NULL;
    if (f)
        audit_add(a, t->address,
                  "it runs on every edit and calls function %s, whose line %lld runs the rules of the same record "
                  "again: %s",
                  name, (long long)js_int(f, "line", 0), js_str_or(f, "code", ""));
}

static void each_action(struct audit *a, const struct thing *t,
                        void (*see)(struct audit *, const struct thing *, const json_t *))
{
    const json_t *condition, *action, *later;
    size_t i, k, n;
    json_array_foreach (js_arr(t->o, "conditions"), i, condition) {
        json_array_foreach (js_arr(js_obj(condition, "instant_actions"), "actions"), k, action)
            see(a, t, action);
        json_array_foreach (js_arr(condition, "scheduled_actions"), n, later)
            json_array_foreach (js_arr(later, "actions"), k, action)
                see(a, t, action);
    }
}

static void loops(struct audit *a, const struct thing *t)
{
    if (audit_rule_active(t->o) && runs_on_edit(t->o))
        each_action(a, t, loop_by);
}

/* ---- owners, parts ---- */

static void no_owner(struct audit *a, const struct thing *t)
{
    const char *id = js_str(js_obj(t->o, "created_by"), "id");
    if (audit_rule_active(t->o) && id && !audit_active_user(a, id))
        audit_add(a, t->address, "made by user %s, who is no active user any more", id);
}

static size_t actions_of(const json_t *condition)
{
    const json_t *later;
    size_t i, n = json_array_size(js_arr(js_obj(condition, "instant_actions"), "actions"));
    json_array_foreach (js_arr(condition, "scheduled_actions"), i, later)
        n += json_array_size(js_arr(later, "actions"));
    return n;
}

static void does_nothing(struct audit *a, const struct thing *t)
{
    const json_t *condition;
    size_t i;
    if (!audit_rule_active(t->o))
        return;
    json_array_foreach (js_arr(t->o, "conditions"), i, condition)
        if (!actions_of(condition))
            audit_add(a, t->address, "its condition %lld has no action",
                      (long long)js_int(condition, "sequence_number", 1));
}

static void action_gone_of(struct audit *a, const struct thing *t, const json_t *action)
{
    static const struct {
        const char *type, *list;
    } lists[] = {{"field_updates", "field_updates"},
                 {"email_notifications", "email_notifications"},
                 {"tasks", "tasks"},
                 {"webhooks", "webhooks"},
                 {"functions", "function_wrappers"}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (!strcmp(js_str_or(action, "type", ""), lists[i].type) && snapshot_get(a->s, lists[i].list) &&
            js_str(action, "id") && !snapshot_find(a->s, lists[i].list, "id", js_str(action, "id"), false))
            audit_add(a, t->address, "its action \"%s\" (%s) is not there any more", js_str_or(action, "name", "?"),
                      lists[i].type);
}

static void action_gone(struct audit *a, const struct thing *t)
{
    each_action(a, t, action_gone_of);
}

/* Zoho asks the conditions in their order and takes the first that is met
 * (zoho.com/crm/help/automation/workflow-implementation-checklist.html). */
static void never_reached(struct audit *a, const struct thing *t)
{
    const json_t *condition;
    size_t i, n = json_array_size(js_arr(t->o, "conditions"));
    json_array_foreach (js_arr(t->o, "conditions"), i, condition) {
        const json_t *criteria = json_object_get(js_obj(condition, "criteria_details"), "criteria");
        if (i + 1 < n && (!criteria || json_is_null(criteria))) {
            audit_add(a, t->address, "condition %zu takes every record: what comes after it never counts", i + 1);
            return;
        }
    }
}

/* ---- fields that are not there ---- */

/* Functions, webhooks, templates and layouts have rules of their own. */
static void missing_fields(struct audit *a)
{
    static const char *const others[] = {"function/", "webhook/", "email_template/", "layout/", NULL};
    audit_missing_fields(a, others, false);
}

/* ---- twice ---- */

static json_t *asked(const json_t *j)
{
    const char *k;
    json_t *v, *out;
    size_t i;
    if (json_is_array(j)) {
        out = json_array();
        json_array_foreach (j, i, v)
            json_array_append_new(out, asked(v));
        return out;
    }
    if (!json_is_object(j))
        return json_incref((json_t *)(uintptr_t)j);
    out = json_object();
    json_object_foreach ((json_t *)(uintptr_t)j, k, v)
        if (strcmp(k, "id") != 0 && strcmp(k, "instant_actions") != 0 && strcmp(k, "scheduled_actions") != 0)
            js_set(out, k, asked(v));
    return out;
}

static bool share_action(const json_t *one, const json_t *other)
{
    const json_t *p, *q, *c, *d;
    size_t i, k, m, n;
    json_array_foreach (js_arr(one, "conditions"), i, c)
        json_array_foreach (js_arr(js_obj(c, "instant_actions"), "actions"), k, p)
            json_array_foreach (js_arr(other, "conditions"), m, d)
                json_array_foreach (js_arr(js_obj(d, "instant_actions"), "actions"), n, q)
                    if (js_str(p, "id") && !strcmp(js_str(p, "id"), js_str_or(q, "id", "")))
                        return true;
    return false;
}

static void twice(struct audit *a, const struct thing *t)
{
    const json_t *other;
    size_t i;
    AUTO_JSON json_t *when = asked(json_object_get(t->o, "execute_when"));
    AUTO_JSON json_t *conditions = asked(json_object_get(t->o, "conditions"));
    json_array_foreach (snapshot_get(a->s, "workflow_rules"), i, other) {
        if (other == t->o)
            return; /* those before it: each pair once */
        if (strcmp(js_str_or(js_obj(other, "module"), "api_name", ""), t->module) != 0 || !audit_rule_active(other) ||
            !audit_rule_active(t->o))
            continue;
        AUTO_JSON json_t *its_when = asked(json_object_get(other, "execute_when"));
        AUTO_JSON json_t *its = asked(json_object_get(other, "conditions"));
        if (json_equal(when, its_when) && json_equal(conditions, its) && share_action(t->o, other))
            audit_add(a, t->address, "rule \"%s\" runs at the same moment under the same conditions and does the same",
                      js_str_or(other, "name", "?"));
    }
}

/* ---- actions ---- */

static void not_run(struct audit *a, const struct thing *t)
{
    const char *feature = js_str_or(t->o, "feature_type", "workflow");
    if (!strcmp(feature, "workflow") && snapshot_get(a->s, "workflow_rules") && !uses_of(&a->uses, t->address))
        audit_add(a, t->address, "no workflow rule and no Blueprint runs it");
}

static void template_gone(struct audit *a, const struct thing *t)
{
    const json_t *template = js_obj(t->o, "template");
    if (js_str(template, "id") && snapshot_get(a->s, "email_templates") &&
        !snapshot_find(a->s, "email_templates", "id", js_str(template, "id"), false))
        audit_add(a, t->address, "its template \"%s\" is not there any more", js_str_or(template, "name", "?"));
}

/* Who is meant stands as an id in recipients, owners and assignments; a user that is gone is in no list. */
static void find_gone_user(struct audit *a, const struct thing *t, const json_t *j)
{
    const char *k, *type = js_str_or(j, "type", ""), *id = js_str(j, "id");
    json_t *v;
    size_t i;
    bool user = !strcmp(type, "user") || !strcmp(type, "users");
    if (user && id && !audit_active_user(a, id))
        audit_add(a, t->address, "it names user %s, who is no active user", id);
    if (user)
        json_array_foreach (js_arr(j, "resources"), i, v)
            if (js_str(v, "id") && !audit_active_user(a, js_str(v, "id")))
                audit_add(a, t->address, "it names user %s, who is no active user", js_str(v, "id"));
    json_object_foreach ((json_t *)(uintptr_t)j, k, v)
        find_gone_user(a, t, v);
    json_array_foreach (j, i, v)
        find_gone_user(a, t, v);
}

static void gone_user(struct audit *a, const struct thing *t)
{
    find_gone_user(a, t, t->o);
}

#define NOT_RUN(kind_)                                                                                                 \
    {                                                                                                                  \
        "AU308", AUDIT_NOTE, "action that nothing runs", "Whoever changes it believes that it changes something.",     \
            "look whether an approval or a button runs it, which the API does not show; then delete it", kind_,        \
            not_run, NULL, false                                                                                       \
    }
#define GONE_USER(kind_)                                                                                               \
    {                                                                                                                  \
        "AU310", AUDIT_ERROR, "work or mail for somebody who is gone", "It reaches nobody, and nobody is told.",       \
            "name a role or a group instead of a person", kind_, gone_user, NULL, false                                \
    }
static const struct audit_rule rules[] = {
    {"AU301", AUDIT_WARNING, "rule that never runs", "Its criteria are never met, or what it watched for is gone.",
     "read its criteria with whoever asked for it; switch it off for a month, then delete it", "workflow_rule",
     never_ran, NULL, true},
    {"AU302", AUDIT_ERROR, "rule that sets itself off again",
     "It runs until Zoho stops it: credits, mails and the record's history grow with each round.",
     "write without {\"trigger\": {\"workflow\"}}, let the rule run once a record, or make its criteria untrue by the "
     "write",
     "workflow_rule", loops, NULL, false},
    {"AU303", AUDIT_NOTE, "rule without an owner", "Nobody is there to say what it is for.",
     "give it an owner: a role, written into its description", "workflow_rule", no_owner, NULL, false},
    {"AU304", AUDIT_WARNING, "condition without an action", "It looks as if something were done.",
     "give it its action or delete it", "workflow_rule", does_nothing, NULL, false},
    {"AU305", AUDIT_ERROR, "criteria over a field that does not exist", "The condition is never met, or always.",
     "choose the field that took its place; 'zagent where' shows what else uses it", NULL, NULL, missing_fields, false},
    {"AU306", AUDIT_WARNING, "two rules that do the same", "Everything happens twice.", "keep one", "workflow_rule",
     twice, NULL, false},
    {"AU307", AUDIT_WARNING, "condition that never counts", "An earlier condition takes every record.",
     "put the condition for all records last", "workflow_rule", never_reached, NULL, false},
    NOT_RUN("field_update"),
    NOT_RUN("email_notification"),
    NOT_RUN("webhook"),
    NOT_RUN("task"),
    NOT_RUN("function_wrapper"),
    {"AU309", AUDIT_ERROR, "notification without its template", "No mail leaves.", "choose another template",
     "email_notification", template_gone, NULL, false},
    GONE_USER("email_notification"),
    GONE_USER("workflow_rule"),
    GONE_USER("assignment_rule"),
    {"AU311", AUDIT_ERROR, "rule with an action that is not there", "It stops there, or does half of its work.",
     "take the action out and put in the one that took its place", "workflow_rule", action_gone, NULL, false},
};
const struct audit_family audit_automation = {"Automation", rules, sizeof rules / sizeof *rules};
