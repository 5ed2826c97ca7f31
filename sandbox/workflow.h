/* sandbox/workflow.h — workflow rules: one object checked and stored, for the API and for sandbox_ui. */
#ifndef SANDBOX_WORKFLOW_H
#define SANDBOX_WORKFLOW_H
#include "sandbox/check.h"

json_t *workflow_make(struct call *c, const json_t *in, const char *base);
json_t *workflow_change(struct call *c, const char *id, const json_t *in, const char *base);
#endif
