/*
 * sandbox/page/html.h — writing HTML so that a value can never become markup.
 *
 * Shape       every %s of html() is escaped, for text and for double-quoted attributes alike: & < > " ' and control characters, which
 *             a page shows as U+FFFD. There is no way to write a value unescaped: markup stands in the format, and only there.
 * Formats     %s %d %lld %zu %%. gcc checks them as printf's.
 * Addresses   a value inside an address is percent-encoded first (html_path); no address begins with a value.
 * Errors      as struct sb: too much sets `bad`, which whoever answers looks at once.
 */
#ifndef SANDBOX_PAGE_HTML_H
#define SANDBOX_PAGE_HTML_H
#include "base/sb.h"

enum { HTML_MAX = 16 << 20 };

void html(struct sb *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One value, escaped; NULL = nothing. */
void html_text(struct sb *out, const char *text);
/* The first n characters (not bytes) of a value and "…" when there were more. */
void html_short(struct sb *out, const char *text, size_t n);
#endif
