/*
 * tests/oas.h — checks requests and answers against Zoho's published OpenAPI files (../shared/oas, ZAGENT_SHARED elsewhere).
 *
 * Two editions  "v8.0-3.1" is asked first; "v8.0" (older, other errors) covers what the first lacks. Neither is faultless, see
 *               the folder's SOURCE.md; oas_find tells which edition was taken.
 * Paths         a literal part wins over a {part}, from the left: /settings/functions is no record of a module "settings".
 * Schemas       type, nullable, required, properties, additionalProperties, items, enum, const, oneOf, anyOf, allOf, $ref
 *               (into another file too); of several forms none of which fits, the nearest speaks. Bounds are left out: many are
 *               filler (zoho-api.md 0.2). Depth is bounded.
 * Findings      one line for every place that differs, "$.fields.*.length: is not of type \"integer\"", each once.
 */
#ifndef TESTS_OAS_H
#define TESTS_OAS_H
#include "base/js.h"

/* One document of "v8.0-3.1" by name, NULL when the folder is not there. New reference. */
json_t *oas_load(const char *file);
/* Pushes what differs in an answer; -1 when the document does not cover it. */
int oas_check(const json_t *doc, const char *path, const char *method, long status, const json_t *value,
              json_t *findings);

/* Every document of both editions. */
struct oas {
    json_t *editions; /* {"v8.0-3.1": {"fields.json": document}} */
};

/* One operation; everything is borrowed from the struct oas. */
struct oas_op {
    const char *edition, *file, *path; /* path as the document has it, with {parts} */
    const json_t *docs, *doc, *item, *op;
};

/* -1 when the folder is not there. */
int oas_open(struct oas *o);
void oas_close(struct oas *o);
/* edition NULL = the first that covers it. The path is as sent, "/crm/v8/settings/fields". */
bool oas_find(const struct oas *o, const char *edition, const char *method, const char *path, struct oas_op *found);

/* query: object of texts. Tells parameters that are unknown, missing or of another type. */
void oas_query(const struct oas_op *op, const json_t *query, json_t *findings);
/* value NULL = no body. */
void oas_request(const struct oas_op *op, const json_t *value, json_t *findings);
void oas_response(const struct oas_op *op, long status, const json_t *value, json_t *findings);
#endif
