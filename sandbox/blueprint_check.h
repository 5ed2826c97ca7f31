/* sandbox/blueprint_check.h — what a Blueprint may hold. Each gives an error element or NULL, and completes references in place. */
#ifndef SANDBOX_BLUEPRINT_CHECK_H
#define SANDBOX_BLUEPRINT_CHECK_H
#include "sandbox/check.h"

struct blueprint_scope { /* what states and transitions are checked against */
    const char *module;
    const json_t *field; /* whole field object */
};
json_t *blueprint_state_check(struct call *c, const struct blueprint_scope *sc, json_t *state, const char *base);
json_t *blueprint_transition_check(struct call *c, const struct blueprint_scope *sc, json_t *transition,
                                   const char *base);
json_t *blueprint_body_check(struct call *c, json_t *blueprint, const char *base);
/* A new id unless it has one. */
void blueprint_give_id(struct call *c, json_t *o);
#endif
