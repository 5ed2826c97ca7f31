/* base/digest.h — SHA-256 as lower-case hex (64 digits and NUL), and random bytes. Through OpenSSL. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include <stddef.h>

void digest_sha256(const void *data, size_t len, char hex[65]);
/* Digest of several parts without joining them: feed each, then finish (which frees). */
struct digest;
struct digest *digest_new(void);
void digest_feed(struct digest *d, const void *data, size_t len);
void digest_finish(struct digest *d, char hex[65]);
/* n random bytes as 2n hex digits and NUL. */
void digest_random_hex(char *out, size_t n);
#endif
