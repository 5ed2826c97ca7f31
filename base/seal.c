#include "base/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

enum { COST = 1 << 16, BLOCK = 8, LANES = 1, SALT = 16, NONCE = 12, KEY = 32, TAG = 16, TEXT_MAX = 64 << 10 };

static char *to_hex(const unsigned char *p, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    char *out = mem_zalloc(2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digit[p[i] >> 4];
        out[2 * i + 1] = digit[p[i] & 15];
    }
    return out;
}

/* NULL unless it is n bytes (any number up to TEXT_MAX when n is 0). Caller frees. */
static unsigned char *from_hex(const char *text, size_t n, size_t *len)
{
    size_t digits = text ? strlen(text) : 0;
    if (!digits || digits % 2 || digits / 2 > TEXT_MAX || (n && digits != 2 * n) ||
        strspn(text, "0123456789abcdef") != digits)
        return NULL;
    unsigned char *out = mem_zalloc(digits / 2);
    for (size_t i = 0; i < digits; i++) {
        int v = text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10;
        out[i / 2] = (unsigned char)(out[i / 2] * 16 + v);
    }
    *len = digits / 2;
    return out;
}

static int derive(const struct secret *passphrase, const unsigned char *salt, unsigned char key[KEY], struct err *e)
{
    uint64_t memory = (uint64_t)128 * COST * BLOCK + (1 << 20);
    if (EVP_PBE_scrypt(passphrase->p, passphrase->n, salt, SALT, COST, BLOCK, LANES, memory, key, KEY) == 1)
        return 0;
    err_set(e, ERR_IO, "not enough memory for the passphrase's key (64 MiB are needed)");
    return err_fix(e, "free some memory, then run the same command again");
}

/* One pass of AES-256-GCM; tag is written when closing, checked when opening. */
static bool cipher(bool closing, const unsigned char key[KEY], const unsigned char *nonce, const char *about,
                   const unsigned char *in, size_t n, unsigned char *out, unsigned char tag[TAG])
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int len;
    bool ok = c && EVP_CipherInit_ex(c, EVP_aes_256_gcm(), NULL, key, nonce, closing) == 1 &&
              (closing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) == 1) &&
              EVP_CipherUpdate(c, NULL, &len, (const unsigned char *)about, (int)strlen(about)) == 1 &&
              EVP_CipherUpdate(c, out, &len, in, (int)n) == 1 && EVP_CipherFinal_ex(c, out + n, &len) == 1 &&
              (!closing || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG, tag) == 1);
    EVP_CIPHER_CTX_free(c);
    return ok;
}

json_t *seal_close(const char *text, const struct secret *passphrase, const char *about, struct err *e)
{
    unsigned char salt[SALT];
    unsigned char nonce[NONCE];
    unsigned char key[KEY];
    size_t n = strlen(text);
    if (n == 0 || n > TEXT_MAX - TAG || RAND_bytes(salt, SALT) != 1 || RAND_bytes(nonce, NONCE) != 1) {
        err_set(e, ERR_BUG, "nothing that can be sealed, or no randomness");
        return NULL;
    }
    if (derive(passphrase, salt, key, e) < 0)
        return NULL;
    unsigned char *out = mem_zalloc(n + TAG);
    bool ok = cipher(true, key, nonce, about, (const unsigned char *)text, n, out, out + n);
    OPENSSL_cleanse(key, sizeof key);
    json_t *sealed = NULL;
    if (ok) {
        AUTO_FREE char *s = to_hex(salt, SALT);
        AUTO_FREE char *o = to_hex(nonce, NONCE);
        AUTO_FREE char *t = to_hex(out, n + TAG);
        sealed = json_pack("{s:s,s:s,s:i,s:i,s:i,s:s,s:s,s:s}", "cipher", "aes-256-gcm", "kdf", "scrypt", "n", COST,
                           "r", BLOCK, "p", LANES, "salt", s, "nonce", o, "text", t);
    } else {
        err_set(e, ERR_BUG, "the text could not be sealed");
    }
    free(out);
    return sealed;
}

static bool is_known(const json_t *sealed)
{
    return strcmp(js_str_or(sealed, "cipher", ""), "aes-256-gcm") == 0 &&
           strcmp(js_str_or(sealed, "kdf", ""), "scrypt") == 0 && js_int(sealed, "n", 0) == COST &&
           js_int(sealed, "r", 0) == BLOCK && js_int(sealed, "p", 0) == LANES;
}

int seal_open(const json_t *sealed, const struct secret *passphrase, const char *about, struct secret *out,
              struct err *e)
{
    size_t n = 0;
    size_t unused;
    unsigned char key[KEY];
    AUTO_FREE unsigned char *salt = from_hex(js_str(sealed, "salt"), SALT, &unused);
    AUTO_FREE unsigned char *nonce = from_hex(js_str(sealed, "nonce"), NONCE, &unused);
    AUTO_FREE unsigned char *text = from_hex(js_str(sealed, "text"), 0, &n);
    if (!is_known(sealed) || !salt || !nonce || !text || n <= TAG) {
        err_set(e, ERR_CONFIG, "this is not sealed in a way that this zagent knows");
        return err_fix(e, "run 'zagent auth login' again; a newer zagent may have written it");
    }
    if (derive(passphrase, salt, key, e) < 0)
        return -1;
    n -= TAG;
    char *plain = mem_zalloc(n + 1);
    bool ok = cipher(false, key, nonce, about, text, n, (unsigned char *)plain, text + n);
    OPENSSL_cleanse(key, sizeof key);
    if (ok)
        secret_set(out, plain);
    OPENSSL_cleanse(plain, n);
    free(plain);
    if (ok)
        return 0;
    err_set(e, ERR_AUTH, "it does not open: the passphrase is wrong, or the file was changed");
    return err_fix(e, "type the passphrase again; a lost one cannot be found: run 'zagent auth login --writer' anew");
}
