/*
 * zoho/error.h — Zoho's error codes as ours: one row a code, in zoho/error.c (tests/golden/zoho/errors.txt prints every row).
 *
 * Source  zoho.com/crm/developer/docs/api/v8/status-codes and the error lists of the pages of each resource.
 *         message texts are not stable and are only shown; codes are compared.
 */
#ifndef ZOHO_ERROR_H
#define ZOHO_ERROR_H
#include "base/err.h"
#include "base/js.h"

struct zoho_code {
    const char *code;
    enum err_kind kind;
    bool retryable;
    bool refused; /* "this org will not do that by API": a person does it instead */
    const char *fix;
};
extern const struct zoho_code zoho_codes[];
extern const size_t zoho_codes_n;
const struct zoho_code *zoho_code_find(const char *code); /* NULL when unknown */

/* The object that carries code/message/details in an answer, whichever envelope it came in: borrowed, NULL when there is none.
 * *index is its place in the array, -1 for a whole-request error. */
json_t *zoho_error_object(json_t *answer, int *index);

/* Fills `e` from an error object (may be NULL) of `method path`; scope may be NULL. Returns -1. */
int zoho_error_fill(struct err *e, const json_t *object, long http, const char *method, const char *path,
                    const char *scope);
#endif
