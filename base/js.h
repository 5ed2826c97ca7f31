/*
 * base/js.h — JSON as this project uses it: strict in, canonical out.
 *
 * In     duplicate keys, NUL, trailing text, a BOM-less non-UTF-8 byte and depth over JS_MAX_DEPTH are errors with
 *        name:line:column. js_parse_remote is for servers' answers: duplicate keys take the last value, and every
 *        real number becomes text with the digits needed to read it back ("12.5"), so no double is compared later.
 * Out    js_canonical: keys in byte order, compact, NFC, no reals (ERR_BUG if one is found). Same value, same bytes.
 *        js_pretty: the same order, two spaces, a final newline: for files people read and diff.
 * Ids    Zoho's ids pass 2^53: they are strings everywhere. js_parse_remote leaves integers as integers.
 * Paths  "a.b[2].c"; a missing part gives NULL.
 * Ownership  getters borrow; functions returning json_t * from text give a new reference.
 */
#ifndef BASE_JS_H
#define BASE_JS_H
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

enum { JS_MAX_DEPTH = 128, JS_MAX_BYTES = 64 << 20 };

json_t *js_parse(const char *text, size_t len, const char *name, struct err *e);
json_t *js_parse_remote(const char *text, size_t len, const char *name, struct err *e);
json_t *js_load(const char *path, struct err *e);

char *js_canonical(const json_t *j, struct err *e); /* caller frees; NULL on error */
char *js_pretty(const json_t *j, struct err *e);
/* As js_canonical, for a request: {"@decimal": "12.50"} is written as the number 12.50, digit by digit. */
char *js_wire(const json_t *j, struct err *e);
/* SHA-256 of js_canonical, 64 lower-case hex digits and NUL. */
int js_digest(const json_t *j, char hex[65], struct err *e);

/* Borrowed; NULL (or the default) when absent or of another type. */
const char *js_str(const json_t *o, const char *key);
const char *js_str_or(const json_t *o, const char *key, const char *fallback);
int64_t js_int(const json_t *o, const char *key, int64_t fallback);
bool js_bool(const json_t *o, const char *key, bool fallback);
json_t *js_arr(const json_t *o, const char *key); /* borrowed array or NULL */
json_t *js_obj(const json_t *o, const char *key); /* borrowed object or NULL */
json_t *js_path(const json_t *j, const char *path);

/* Setters copy or steal as jansson's *_new do; text that is not UTF-8 is repaired with U+FFFD. NULL text sets null. */
void js_set_str(json_t *o, const char *key, const char *text);
void js_set_strf(json_t *o, const char *key, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void js_set_int(json_t *o, const char *key, int64_t v);
void js_set_bool(json_t *o, const char *key, bool v);
void js_set(json_t *o, const char *key, json_t *stolen);
void js_push_str(json_t *array, const char *text);
bool js_array_has(const json_t *array, const char *text);
/* Appends unless present. */
void js_array_add_unique(json_t *array, const char *text);
/* Objects of the array share what the object before them holds alike under the same key: an org's lists repeat most of what they
 * say, and half of the memory goes. What is shared must not be changed in place afterwards, or for all alike. */
void js_share(json_t *array);
/* Sorts an array of strings by bytes, or of objects by the string at `key`. */
void js_array_sort(json_t *array, const char *key);

/* An error about a place in a document: where = "name (path)". */
int js_err(struct err *e, const char *name, const char *path, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
#endif
