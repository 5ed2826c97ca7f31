/* sandbox/function.h — functions: one made with its source, for the API and for sandbox_ui. */
#ifndef SANDBOX_FUNCTION_H
#define SANDBOX_FUNCTION_H
#include "sandbox/check.h"

json_t *function_make(struct call *c, const json_t *metadata, const char *source, const char *base);
/* metadata may be NULL. */
json_t *function_change(struct call *c, const char *id, const json_t *metadata, const char *source, const char *base);
#endif
