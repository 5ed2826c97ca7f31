/*
 * agent/keyring.h — the desktop's keyring through libsecret's own tool, secret-tool: no library, no secret in an argument.
 *
 * Entry   attributes service=zagent, org=NAME, role=reader|writer; the secret goes in by standard input and comes back by standard output.
 * Tool    looked for in the absolute folders of $PATH only, started without a shell.
 */
#ifndef AGENT_KEYRING_H
#define AGENT_KEYRING_H
#include <stdbool.h>

#include "base/err.h"
#include "base/secret.h"

bool keyring_present(void);
int keyring_store(const char *org, const char *role, const char *text, struct err *e);
/* ERR_AUTH when the keyring has none, or is locked. */
int keyring_lookup(const char *org, const char *role, struct secret *out, struct err *e);
int keyring_clear(const char *org, const char *role, struct err *e);
#endif
