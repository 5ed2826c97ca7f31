/*
 * agent/ask.h — asking the person at the terminal for what may not stand on a command line: secrets, without echo.
 *
 * Terminal     standard input must be one; --no-input or a pipe is ERR_REFUSED, naming the option that takes a file instead.
 * Passphrase   --passphrase-fd N, --passphrase-file FILE, $ZAGENT_PASSPHRASE_FILE (a path, never the passphrase), else the terminal. A
 *              file must be private to its owner. One line; the end of line is no part of it.
 */
#ifndef AGENT_ASK_H
#define AGENT_ASK_H
#include "agent/command.h"
#include "base/secret.h"

/* instead: what the message says to do without a terminal. *out: caller frees. */
int ask_line(struct app *a, const char *question, const char *instead, char **out, struct err *e);
int ask_secret(struct app *a, const char *question, const char *instead, struct secret *out, struct err *e);
/* is_new: asked twice on a terminal, and 12 bytes at least. */
int ask_passphrase(struct app *a, const char *what, bool is_new, struct secret *out, struct err *e);
/* The first line of a private file (or of standard input when path is "-"). */
int ask_file(const char *path, size_t max, struct secret *out, struct err *e);
#endif
