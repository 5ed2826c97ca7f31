/*
 * sandbox/mapping.h — dependent picklists: which values of one list go with which of another.
 *
 * Writes      a value of the child that the parent's value does not map to is MAPPING_MISMATCH (the code: OAS26a mass_update; that plain
 *             writes answer it too is our reading). A parent's value without maps binds nothing.
 * Source      zoho-api.md 1.7; OAS26a map_dependency.
 */
#ifndef SANDBOX_MAPPING_H
#define SANDBOX_MAPPING_H
#include "sandbox/record.h"

/* Error element or NULL. changes: the fields sent; after: the record as it would be. */
json_t *mapping_check(struct call *c, const struct record_module *m, const json_t *changes, const json_t *after,
                      const char *base);
#endif
