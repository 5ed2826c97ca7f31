/*
 * sandbox/merge.h — values taken from a record: tokens in texts, mapped values of actions.
 *
 * Tokens      ${!Module.Api_Name} (webhooks, function arguments; zoho-api.md 1.11) and ${Module.Label} (templates), of the module at
 *             hand; Id is the record's id, Lookup.id a lookup's; a lookup alone gives its name (zoho-api.md 6.22, unproven). A token of
 *             another module, or of no field, stays as it is.
 * Mapped      {type: static | merge_field | execution_time, value} becomes a value of the target field (zoho-api.md 1.10).
 */
#ifndef SANDBOX_MERGE_H
#define SANDBOX_MERGE_H
#include "sandbox/record.h"

/* Caller frees. */
char *merge_text(const struct record_module *m, const json_t *record, const char *text);
/* A copy with every text in it merged; new reference. */
json_t *merge_json(const struct record_module *m, const json_t *record, const json_t *tree);
/* The value a mapping gives `field` (of any module), a new reference; json null clears. */
json_t *merge_mapped(struct call *c, const struct record_module *m, const json_t *record, const json_t *field,
                     const json_t *mapping);
#endif
