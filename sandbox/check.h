/*
 * sandbox/check.h — checking request bodies by table: which keys an object has, of which type, within what.
 *
 * A shape is a whitelist: shape_take copies only what it lists (Zoho ignores keys it does not know without a word,
 * zoho-api.md 6.6), so a mistyped key is found by reading back, here as there.
 */
#ifndef SANDBOX_CHECK_H
#define SANDBOX_CHECK_H
#include "sandbox/call.h"

enum shape_type { ANY, TEXT, INTEGER, NUMBER, BOOL, OBJECT, ARRAY, TEXT_OR_NUMBER };
struct shape {
    const char *key; /* NULL ends the list */
    enum shape_type type;
    bool required;     /* on create */
    int max;           /* characters of a text, elements of an array; 0 = none known */
    const char *oneof; /* "a|b|c" or NULL */
};

/* Copies the known keys of `in` to `out`. An error element (new reference) naming base.key, or NULL. */
json_t *shape_take(const struct shape *shape, const json_t *in, json_t *out, bool create, const char *base);

json_t *error_missing(const char *path_fmt, ...) __attribute__((format(printf, 1, 2)));
json_t *error_invalid(const char *expected_data_type, const char *path_fmt, ...) __attribute__((format(printf, 2, 3)));
json_t *error_choice(const char *oneof, const char *path_fmt, ...) __attribute__((format(printf, 2, 3)));
/* Characters, not bytes: what Zoho's lengths count. */
size_t utf8_length(const char *text);
bool one_of(const char *list, const char *text);
json_t *choices(const char *list); /* array of the texts in "a|b|c" */

/* Completes a reference {id} or {api_name} or {name} to {id, api_name, name} of a settings object; an error element
 * when it is not there. `what` is replaced in place. */
json_t *ref_complete(struct store *st, json_t *what, const char *kind, const char *module, const char *path);
/* Criteria tree (zoho-api.md 1.9): checks comparators, groups and fields of `module`, fills in field ids. Error element
 * or NULL. */
json_t *criteria_check(struct store *st, const char *module, json_t *tree, const char *path);
#endif
