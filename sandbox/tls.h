/*
 * sandbox/tls.h — the sandbox's own certificate authority, so that clients which insist on TLS can be pointed at it.
 *
 * Files       sandbox-ca.pem (certificate) and sandbox-ca.key (0600), made in the given folder at the first start and used
 *             again later: a client that was told to trust the file goes on working. Both are made anew when one is missing,
 *             cannot be read or ends within 30 days.
 * Authority   P-256, name-constrained to localhost and 127.0.0.1: who steals the key can speak for nobody else.
 * Server      its key and certificate (localhost, 127.0.0.1) are made at every start and kept in memory only.
 * Source      RFC 5280 4.2.1.6, 4.2.1.10.
 */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H
#include <stdint.h>

#include "base/err.h"

struct tls_identity {
    char *ca_file;    /* absolute when dir is */
    char *cert, *key; /* PEM of the server; wiped on release */
};
/* now_s: real time, since clients check certificates against theirs. */
int tls_make(struct tls_identity *out, const char *dir, int64_t now_s, struct err *e);
void tls_release(struct tls_identity *t);
#endif
