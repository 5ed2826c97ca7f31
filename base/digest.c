#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

struct digest {
    EVP_MD_CTX *ctx;
};

/* OpenSSL fails here only without memory or with a broken installation: neither leaves anything sensible to do. */
static void must(int ok)
{
    if (ok == 1)
        return;
    fprintf(stderr, "zagent: OpenSSL cannot compute SHA-256 or random bytes\n");
    exit(1);
}

static void to_hex(const unsigned char *raw, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[raw[i] >> 4];
        out[2 * i + 1] = digits[raw[i] & 15];
    }
    out[2 * n] = '\0';
}

void digest_sha256(const void *data, size_t len, char hex[65])
{
    struct digest *d = digest_new();
    digest_feed(d, data, len);
    digest_finish(d, hex);
}

struct digest *digest_new(void)
{
    struct digest *d = mem_alloc(sizeof *d);
    d->ctx = EVP_MD_CTX_new();
    must(d->ctx != NULL);
    must(EVP_DigestInit_ex(d->ctx, EVP_sha256(), NULL));
    return d;
}

void digest_feed(struct digest *d, const void *data, size_t len)
{
    if (len > 0)
        must(EVP_DigestUpdate(d->ctx, data, len));
}

void digest_finish(struct digest *d, char hex[65])
{
    unsigned char raw[32];
    must(EVP_DigestFinal_ex(d->ctx, raw, NULL));
    to_hex(raw, sizeof raw, hex);
    EVP_MD_CTX_free(d->ctx);
    free(d);
}

void digest_random_hex(char *out, size_t n)
{
    unsigned char raw[64];
    for (size_t done = 0; done < n;) {
        size_t part = n - done < sizeof raw ? n - done : sizeof raw;
        must(RAND_bytes(raw, (int)part));
        to_hex(raw, part, out + 2 * done);
        done += part;
    }
    out[2 * n] = '\0';
}
