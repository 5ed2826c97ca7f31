/* sandbox/workflow_check.h — what a workflow rule may hold: triggers, conditions, actions and their limits. */
#ifndef SANDBOX_WORKFLOW_CHECK_H
#define SANDBOX_WORKFLOW_CHECK_H
#include "sandbox/check.h"

/* Each gives an error element or NULL, and completes references in place. */
json_t *trigger_check(struct call *c, const char *module, json_t *when, const char *base);
json_t *conditions_check(struct call *c, const char *module, const json_t *when, json_t *conditions, const char *base);
/* Triggers of one category may replace each other (zoho-api.md 1.10). */
const char *trigger_category(const char *type);
#endif
