/*
 * agent/marked.h — lines of text that a page of ours made and a person mailed, quoted or pasted: between two marks, with a check.
 *
 * Format      -----BEGIN ZAGENT NAME-----, lines, "check: " and 16 hex digits of the SHA-256 over the lines joined by one line feed,
 *             -----END ZAGENT NAME-----. Blank lines, "> " of quoting and carriage returns do not count.
 * Check       finds what a mail program or a person changed on the way. It is no signature: whoever has the page can make one.
 * Purity      no I/O.
 */
#ifndef AGENT_MARKED_H
#define AGENT_MARKED_H
#include "base/err.h"

/* The lines, each with its line feed; caller frees. what: "ticks" for messages. ERR_PARSE without the marks, ERR_REFUSED when the
 * check does not fit. NULL on error. */
char *marked_text(const char *text, const char *name, const char *what, struct err *e);
/* One line without its end and the quotation marks of mails; *at goes on to the next. Caller frees. */
char *marked_line(const char **at);
#endif
