/* sandbox/workflow_check.h — what a workflow rule may hold: triggers, conditions, actions and their limits. */
#ifndef SANDBOX_WORKFLOW_CHECK_H
#define SANDBOX_WORKFLOW_CHECK_H
#include "sandbox/check.h"

/* Each gives an error element or NULL, and completes references in place. */
json_t *trigger_check(struct call *c, const char *module, json_t *when, const char *base);
json_t *conditions_check(struct call *c, const char *module, const json_t *when, json_t *conditions, const char *base);
/* What there is, for GET /workflow_configurations. */
struct rule_trigger {
    const char *type, *category;
    bool repeat; /* details.repeat is mandatory */
};
struct rule_action {
    const char *type, *kind; /* kind: the settings object the id names; NULL = inline, with details */
    int limit;               /* of one rule */
    bool on_delete, scheduled;
};
extern const struct rule_trigger rule_triggers[];
extern const struct rule_action rule_actions[];
extern const size_t rule_triggers_n, rule_actions_n;
/* Triggers of one category may replace each other (zoho-api.md 1.10). */
const char *trigger_category(const char *type);
#endif
