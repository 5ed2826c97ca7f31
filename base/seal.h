/*
 * base/seal.h — a small text closed under a passphrase, and opened again.
 *
 * Cipher   AES-256-GCM; the key by scrypt N=2^16 r=8 p=1 (64 MiB, about a second), salt of 16 bytes and nonce of 12, both new each
 *          time. `about` is what stands beside it in the clear: not hidden, but a changed byte of it no longer opens.
 * Shape    {"cipher":"aes-256-gcm","kdf":"scrypt","n":65536,"r":8,"p":1,"salt":hex,"nonce":hex,"text":hex}
 * Opening  the numbers come from a file: only the ones above are computed, whatever it asks for. A wrong passphrase and a
 *          changed file are one error: nobody can tell them apart.
 * Source   RFC 7914 (scrypt), NIST SP 800-38D (GCM).
 */
#ifndef BASE_SEAL_H
#define BASE_SEAL_H
#include "base/err.h"
#include "base/js.h"
#include "base/secret.h"

/* New reference, NULL on error. */
json_t *seal_close(const char *text, const struct secret *passphrase, const char *about, struct err *e);
/* ERR_AUTH when it does not open. */
int seal_open(const json_t *sealed, const struct secret *passphrase, const char *about, struct secret *out,
              struct err *e);
#endif
