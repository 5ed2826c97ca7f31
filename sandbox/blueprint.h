/* sandbox/blueprint.h — Blueprints: one checked and stored as a draft, or published by a person. */
#ifndef SANDBOX_BLUEPRINT_H
#define SANDBOX_BLUEPRINT_H
#include "sandbox/check.h"

/* published: sandbox_ui only; no activate call is known in the API (zoho-api.md 1.14). */
json_t *blueprint_make(struct call *c, const json_t *in, bool published, const char *base);
json_t *blueprint_change(struct call *c, const char *id, const json_t *in, bool publish, const char *base);
#endif
