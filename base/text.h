/*
 * base/text.h — UTF-8 text: valid, normal, measured, safe for a terminal.
 *
 * Source  widths and NFC by utf8proc; CWE-150 for what term cleaning removes.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H
#include <stdbool.h>
#include <stddef.h>

/* True when the bytes are UTF-8 without NUL; *bad_offset says where it stops being so. */
bool text_utf8_valid(const char *s, size_t n, size_t *bad_offset);
/* A copy in which each invalid byte has become U+FFFD. Caller frees. */
char *text_repair(const char *s);
/* NFC; invalid bytes become U+FFFD. Caller frees. */
char *text_nfc(const char *s);
/* Compatibility form: wide "Ａ１" becomes "A1", "²" becomes "2". For matching, never for writing. Caller frees. */
char *text_compat(const char *s);
/* What people would call the same text is the same bytes: compatibility form (wide "Ａ" is "A"), case folded, without blanks and
 * invisible characters. For finding near doubles, never for writing. Caller frees. */
char *text_fold(const char *s);
/* Columns on a terminal. */
size_t text_width(const char *s);
/* What a person may safely see: C0/C1, ESC, bidi controls, zero-width and U+2028/9 become visible (^[, <U+202E>);
 * newline and tab stay when keep_lines. Caller frees. */
char *text_clean(const char *s, bool keep_lines);
/* "First quote & BOM" → "first_quote_bom": [a-z0-9_], for context columns and headings. Caller frees. */
char *text_slug(const char *s);
/* Damerau-Levenshtein distance ignoring ASCII case, at most `cap` (returns cap + 1 past it). */
size_t text_distance(const char *a, const char *b, size_t cap);
/* The nearest of n names within distance 2 (or a unique prefix), NULL when none. */
const char *text_nearest(const char *want, const char *const *names, size_t n);
/* Percent-encodes all but [A-Za-z0-9._-]; decoding refuses bad escapes and NUL (NULL). Caller frees. */
char *text_percent_encode(const char *s);
char *text_percent_decode(const char *s);
int text_casecmp(const char *a, const char *b); /* ASCII */
#endif
