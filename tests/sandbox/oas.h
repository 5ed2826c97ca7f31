/*
 * tests/sandbox/oas.h — checks an answer against Zoho's published OpenAPI files (../shared/oas, ZAGENT_SHARED elsewhere).
 * Reads type, required, properties, items, enum, const, oneOf, anyOf, allOf, $ref; bounds are left out: many are filler
 * (zoho-api.md 0.2).
 */
#ifndef TESTS_SANDBOX_OAS_H
#define TESTS_SANDBOX_OAS_H
#include "base/js.h"

/* The document, NULL when the folder is not there. New reference. */
json_t *oas_load(const char *file);
/* Pushes one line for every place where `value` differs from the answer's schema; -1 when the file does not cover it. */
int oas_check(const json_t *doc, const char *path, const char *method, long status, const json_t *value,
              json_t *findings);
#endif
