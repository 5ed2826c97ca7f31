/* deluge/builtin_crypto.c — zoho.encryption.*: digests, base64, URL escapes, AES. help/functions/encryption, help/encryption */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/mem.h"
#include "base/text.h"
#include "deluge/builtin.h"

enum { AES_BLOCK = 16, MAX_BINARY = 1 << 20 };

static const struct {
    const char *name;
    const EVP_MD *(*md)(void);
    bool keyed;
} digests[] = {{"md5", EVP_md5, false},          {"sha1", EVP_sha1, false},       {"sha256", EVP_sha256, false},
               {"sha512", EVP_sha512, false},    {"hmacmd5", EVP_md5, true},      {"hmacsha1", EVP_sha1, true},
               {"hmacsha256", EVP_sha256, true}, {"hmacsha512", EVP_sha512, true}};

static bool count_wrong(struct dg_frame *f, const char *name)
{
    return dg_fail(f, "Number of Arguments mismatches for the function %s", name);
}

/* A digest as text: hex (the default), "base64", or "binary", where each byte is eight digits (its shape is unproven). */
static bool written(struct dg_frame *f, const unsigned char *p, size_t n, const struct dv *type, struct dv *out)
{
    AUTO_SB struct sb b = SB_INIT(8 * EVP_MAX_MD_SIZE);
    unsigned char text[2 * EVP_MAX_MD_SIZE];
    if (type && !dv_is_text(*type, "hex") && !dv_is_text(*type, "base64") && !dv_is_text(*type, "binary"))
        return dg_fail(f, "'%.20s' is no output type: it is hex, base64 or binary", type->t.s);
    if (type && type->t.s[0] == 'b' && type->t.s[1] == 'a') {
        *out = dv_textn(&f->run->arena, (const char *)text, (size_t)EVP_EncodeBlock(text, p, (int)n));
        return true;
    }
    for (size_t i = 0; i < n; i++)
        if (!type || *type->t.s == 'h')
            sb_addf(&b, "%02x", p[i]);
        else
            for (int bit = 7; bit >= 0; bit--)
                sb_addc(&b, p[i] >> bit & 1 ? '1' : '0');
    *out = dg_take(f, &b);
    return true;
}

/* sha256(text[, type]); hmac…(key, text[, type]). */
static bool digest(struct dg_frame *f, size_t row, struct dv *arg, size_t n, struct dv *out)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    size_t need = digests[row].keyed ? 2 : 1;
    if (n < need || n > need + 1)
        return count_wrong(f, digests[row].name);
    const struct dv *text = &arg[need - 1];
    bool ok = need == 2 ? HMAC(digests[row].md(), arg[0].t.s, (int)arg[0].t.n, (const unsigned char *)text->t.s,
                               text->t.n, bytes, &size) != NULL
                        : EVP_Digest(text->t.s, text->t.n, bytes, &size, digests[row].md(), NULL) == 1;
    if (!ok)
        return dg_fail(f, "An error occurred while performing this action: %s", digests[row].name);
    if (n > need && dv_is_text(arg[need], "binary") && text->t.n > MAX_BINARY)
        return dg_fail(f, "%s takes at most 1 MB when its output is binary", digests[row].name);
    return written(f, bytes, size, n > need ? &arg[need] : NULL, out);
}

/* ── Base64 and URL escapes ─────────────────────────────────────────────────────────────────────────────────────── */

static struct dv encoded(struct dg_frame *f, const unsigned char *p, size_t n)
{
    unsigned char *to = dg_arena_alloc(&f->run->arena, n * 2 + 8);
    return dv_textn(&f->run->arena, (const char *)to, (size_t)EVP_EncodeBlock(to, p, (int)n));
}

/* Bytes in the arena; NULL when the text is no base64. */
static unsigned char *decoded(struct dg_frame *f, struct dv t, size_t *size)
{
    unsigned char *to = dg_arena_alloc(&f->run->arena, t.t.n + 8);
    size_t n = t.t.n;
    int got = n % 4 ? -1 : EVP_DecodeBlock(to, (const unsigned char *)t.t.s, (int)n);
    while (got > 0 && n && t.t.s[n - 1] == '=')
        n--, got--;
    *size = got < 0 ? 0 : (size_t)got;
    return got < 0 ? NULL : to;
}

static bool text_of(struct dg_frame *f, const unsigned char *p, size_t n, struct dv *out)
{
    if (!text_utf8_valid((const char *)p, n, NULL))
        return dg_fail(f, "An error occurred while performing this action: the decoded bytes are no text");
    *out = dv_textn(&f->run->arena, (const char *)p, n);
    return true;
}

static bool base64_encode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    (void)name;
    (void)n;
    *out = encoded(f, (const unsigned char *)arg[0].t.s, arg[0].t.n);
    return true;
}

static bool base64_decode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    size_t size;
    const unsigned char *p = decoded(f, arg[0], &size);
    (void)name;
    (void)n;
    return p ? text_of(f, p, size, out)
             : dg_fail(f, "An error occurred while performing this action: the text is not base64");
}

static bool url_encode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    static const struct dg_name encode = {"encodeUrl", "encodeurl", 9, 0};
    (void)name;
    return dg_builtin_call(f, &encode, arg, n, out);
}

static bool url_decode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    static const struct dg_name decode = {"decodeUrl", "decodeurl", 9, 0};
    (void)name;
    return dg_builtin_call(f, &decode, arg, n, out);
}

/* ── AES ────────────────────────────────────────────────────────────────────────────────────────────────────────── */

/* The shape of Zoho's own sample texts without a vector: AES in CBC mode, the key's bytes filled up with zeros, the vector in
 * front of the cipher text, all in base64. With a vector given the samples follow another, unpublished way to the key: here
 * it is the same key and nothing in front (unproven, docs/CONFORMANCE.md). */
struct aes {
    const EVP_CIPHER *cipher;
    unsigned char key[32], iv[AES_BLOCK];
    bool given; /* the vector */
};

static bool aes_open(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct aes *a)
{
    bool small = strstr(name, "128") != NULL;
    *a = (struct aes){.cipher = small ? EVP_aes_128_cbc() : EVP_aes_256_cbc(), .given = n >= 3 && arg[2].t.n};
    size_t most = small ? 16 : 32;
    if (arg[0].t.n > most)
        return dg_fail(f, "%s takes a key of at most %zu characters", name, most);
    memcpy(a->key, arg[0].t.s, arg[0].t.n);
    if (a->given && arg[2].t.n != AES_BLOCK)
        return dg_fail(f, "%s takes an initialization vector of 16 characters", name);
    if (n == 4 && !dv_is_text(arg[3], "0"))
        return dg_fail(f, "%s with an iteration count is not part of this interpreter", name);
    if (a->given)
        memcpy(a->iv, arg[2].t.s, AES_BLOCK);
    return true;
}

/* A vector that differs from run to run would make tests depend on chance: it is the digest of key and text. */
static bool aes_encode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    struct aes a;
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!aes_open(f, name, arg, n, &a))
        return false;
    unsigned char *to = dg_arena_alloc(&f->run->arena, arg[1].t.n + 3 * AES_BLOCK);
    if (!a.given && HMAC(EVP_sha256(), a.key, sizeof a.key, (const unsigned char *)arg[1].t.s, arg[1].t.n, hash, &size))
        memcpy(a.iv, hash, AES_BLOCK);
    size_t head = a.given ? 0 : AES_BLOCK;
    memcpy(to, a.iv, head);
    int body = 0, rest = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c && EVP_EncryptInit_ex(c, a.cipher, NULL, a.key, a.iv) == 1 &&
              EVP_EncryptUpdate(c, to + head, &body, (const unsigned char *)arg[1].t.s, (int)arg[1].t.n) == 1 &&
              EVP_EncryptFinal_ex(c, to + head + body, &rest) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!ok)
        return dg_fail(f, "An error occurred while performing this action: %s", name);
    *out = encoded(f, to, head + (size_t)body + (size_t)rest);
    return true;
}

static bool aes_decode(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out)
{
    struct aes a;
    size_t size;
    if (!aes_open(f, name, arg, n, &a))
        return false;
    const unsigned char *p = decoded(f, arg[1], &size);
    size_t head = a.given ? 0 : AES_BLOCK;
    if (!p || size < head + AES_BLOCK || size % AES_BLOCK)
        return dg_fail(f, "An error occurred while performing this action: the text is not encrypted by %s",
                       strstr(name, "128") ? "aesEncode128" : "aesEncode");
    if (!a.given)
        memcpy(a.iv, p, AES_BLOCK);
    unsigned char *to = dg_arena_alloc(&f->run->arena, size + AES_BLOCK);
    int body = 0, rest = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool ok = c && EVP_DecryptInit_ex(c, a.cipher, NULL, a.key, a.iv) == 1 &&
              EVP_DecryptUpdate(c, to, &body, p + head, (int)(size - head)) == 1 &&
              EVP_DecryptFinal_ex(c, to + body, &rest) == 1;
    EVP_CIPHER_CTX_free(c);
    return ok ? text_of(f, to, (size_t)body + (size_t)rest, out)
              : dg_fail(f, "An error occurred while performing this action: the key does not fit the text");
}

/* ── The table ──────────────────────────────────────────────────────────────────────────────────────────────────── */

static const struct {
    const char *name;
    uint8_t min, max;
    bool (*fn)(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out);
} codecs[] = {{"urlencode", 1, 1, url_encode},       {"urldecode", 1, 1, url_decode},
              {"base64encode", 1, 1, base64_encode}, {"base64decode", 1, 1, base64_decode},
              {"aesencode", 2, 3, aes_encode},       {"aesdecode", 2, 3, aes_decode},
              {"aesencode128", 2, 4, aes_encode},    {"aesdecode128", 2, 4, aes_decode}};

bool dg_encryption(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out, bool *known)
{
    *known = true;
    for (size_t i = 0; i < n; i++) {
        if (arg[i].kind == DV_NULL)
            return dg_fail(f, "Value is empty and '%s' function cannot be applied", name);
        arg[i] = dg_text(f, arg[i]);
    }
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        if (!strcmp(name, digests[i].name))
            return digest(f, i, arg, n, out);
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++)
        if (!strcmp(name, codecs[i].name))
            return n < codecs[i].min || n > codecs[i].max ? count_wrong(f, name)
                                                          : codecs[i].fn(f, codecs[i].name, arg, n, out);
    *known = false;
    return true;
}
