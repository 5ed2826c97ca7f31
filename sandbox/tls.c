/* sandbox/tls.c — making and keeping the authority, and a server certificate at each start. */
#include "sandbox/tls.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/fs.h"
#include "base/mem.h"

enum { CA_DAYS = 3650, SERVER_DAYS = 90, RENEW_DAYS = 30, DAY_S = 86400, SERIAL_BYTES = 16, PEM_MAX = 16 << 10 };

static const char ca_name[] = "sandbox-ca.pem", key_name[] = "sandbox-ca.key";

struct authority {
    X509 *cert;
    EVP_PKEY *key;
};

static void authority_release(struct authority *a)
{
    X509_free(a->cert);
    EVP_PKEY_free(a->key);
    *a = (struct authority){0};
}

static int failed(struct err *e, const char *what)
{
    return err_set(e, ERR_IO, "the sandbox's certificate cannot be made: OpenSSL failed at %s", what);
}

/* ---- PEM ---- */

static char *pem_text(BIO *b, bool written)
{
    char *data = NULL;
    long n = written ? BIO_get_mem_data(b, &data) : 0;
    char *out = n > 0 ? mem_dupn(data, (size_t)n) : NULL;
    BIO_free(b);
    return out;
}

static char *pem_of_cert(X509 *x)
{
    BIO *b = BIO_new(BIO_s_mem());
    return pem_text(b, b && PEM_write_bio_X509(b, x) == 1);
}

static char *pem_of_key(EVP_PKEY *k)
{
    BIO *b = BIO_new(BIO_s_secmem());
    return pem_text(b, b && PEM_write_bio_PrivateKey(b, k, NULL, NULL, 0, NULL, NULL) == 1);
}

static void wipe(char **text)
{
    if (*text) {
        OPENSSL_cleanse(*text, strlen(*text));
        free(*text);
        *text = NULL;
    }
}

/* ---- one certificate ---- */

struct wanted {
    const char *common_name;
    int days;
    const char *extensions[6][2]; /* name, value as openssl.cnf writes it */
};
static const struct wanted wanted_ca = {
    "zagent sandbox authority",
    CA_DAYS,
    {{"basicConstraints", "critical,CA:TRUE,pathlen:0"},
     {"keyUsage", "critical,keyCertSign,cRLSign"},
     {"nameConstraints", "critical,permitted;DNS:localhost,permitted;IP:127.0.0.1/255.255.255.255"},
     {"subjectKeyIdentifier", "hash"},
     {NULL, NULL}},
};
static const struct wanted wanted_server = {
    "localhost",
    SERVER_DAYS,
    {{"basicConstraints", "critical,CA:FALSE"},
     {"keyUsage", "critical,digitalSignature"},
     {"extendedKeyUsage", "serverAuth"},
     {"subjectAltName", "DNS:localhost,IP:127.0.0.1"},
     {"authorityKeyIdentifier", "keyid"},
     {NULL, NULL}},
};

static bool add_extensions(X509 *x, X509 *issuer, const struct wanted *w)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    for (size_t i = 0; w->extensions[i][0]; i++) {
        X509_EXTENSION *ext = X509V3_EXT_conf(NULL, &ctx, w->extensions[i][0], w->extensions[i][1]);
        bool ok = ext && X509_add_ext(x, ext, -1) == 1;
        X509_EXTENSION_free(ext);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool set_serial(X509 *x)
{
    unsigned char bytes[SERIAL_BYTES];
    BIGNUM *n = RAND_bytes(bytes, sizeof bytes) == 1 ? BN_bin2bn(bytes, sizeof bytes, NULL) : NULL;
    bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x));
    BN_free(n);
    return ok;
}

/* Signed by `by`, or by itself when by has no certificate. NULL when OpenSSL fails. */
static X509 *make_cert(const struct wanted *w, EVP_PKEY *key, const struct authority *by, int64_t now_s)
{
    X509 *x = X509_new(), *issuer = by->cert ? by->cert : x;
    X509_NAME *name = x ? X509_get_subject_name(x) : NULL;
    const unsigned char *cn = (const unsigned char *)w->common_name;
    bool ok = x && X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
              ASN1_TIME_set(X509_getm_notBefore(x), now_s - DAY_S) &&
              ASN1_TIME_set(X509_getm_notAfter(x), now_s + (int64_t)w->days * DAY_S) &&
              X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, cn, -1, -1, 0) == 1 &&
              X509_set_issuer_name(x, X509_get_subject_name(issuer)) == 1 && X509_set_pubkey(x, key) == 1 &&
              add_extensions(x, issuer, w) && X509_sign(x, by->key, EVP_sha256()) > 0;
    if (!ok) {
        X509_free(x);
        return NULL;
    }
    return x;
}

/* ---- the authority, kept ---- */

static bool load(struct authority *a, const struct fs_root *dir, int64_t now_s)
{
    AUTO_FREE char *cert = NULL;
    char *key = NULL;
    size_t n;
    BIO *c = NULL, *k = NULL;
    if (fs_read_in(dir, ca_name, PEM_MAX, &cert, &n, NULL) == 0 &&
        fs_read_in(dir, key_name, PEM_MAX, &key, &n, NULL) == 0) {
        c = BIO_new_mem_buf(cert, -1);
        k = BIO_new_mem_buf(key, -1);
        a->cert = PEM_read_bio_X509(c, NULL, NULL, NULL);
        a->key = PEM_read_bio_PrivateKey(k, NULL, NULL, NULL);
    }
    BIO_free(c);
    BIO_free(k);
    wipe(&key);
    time_t soon = (time_t)(now_s + (int64_t)RENEW_DAYS * DAY_S);
    if (a->cert && a->key && X509_check_private_key(a->cert, a->key) == 1 &&
        X509_cmp_time(X509_get0_notAfter(a->cert), &soon) > 0) {
        return true;
    }
    authority_release(a);
    return false;
}

static int make_authority(struct authority *a, const struct fs_root *dir, int64_t now_s, struct err *e)
{
    a->key = EVP_EC_gen("P-256");
    struct authority self = {NULL, a->key};
    a->cert = a->key ? make_cert(&wanted_ca, a->key, &self, now_s) : NULL;
    AUTO_FREE char *cert = a->cert ? pem_of_cert(a->cert) : NULL;
    char *key = a->cert ? pem_of_key(a->key) : NULL;
    int rc = -1;
    if (!cert || !key) {
        failed(e, "its authority");
    } else if (fs_write_in(dir, key_name, key, strlen(key), 0600, e) == 0) {
        rc = fs_write_in(dir, ca_name, cert, strlen(cert), 0644, e);
    }
    wipe(&key);
    return rc;
}

static int make_server(struct tls_identity *out, const struct authority *a, int64_t now_s, struct err *e)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = key ? make_cert(&wanted_server, key, a, now_s) : NULL;
    out->cert = cert ? pem_of_cert(cert) : NULL;
    out->key = cert ? pem_of_key(key) : NULL;
    X509_free(cert);
    EVP_PKEY_free(key);
    return out->cert && out->key ? 0 : failed(e, "the server's part");
}

int tls_make(struct tls_identity *out, const char *dir, int64_t now_s, struct err *e)
{
    struct fs_root root;
    struct authority a = {0};
    *out = (struct tls_identity){0};
    if (fs_root_open(&root, dir, true, 0700, e)) {
        return -1;
    }
    int rc = load(&a, &root, now_s) ? 0 : make_authority(&a, &root, now_s, e);
    if (rc == 0) {
        rc = make_server(out, &a, now_s, e);
    }
    if (rc == 0) {
        out->ca_file = mem_printf("%s/%s", root.path, ca_name);
    }
    authority_release(&a);
    fs_root_close(&root);
    return rc;
}

void tls_release(struct tls_identity *t)
{
    wipe(&t->key);
    free(t->cert);
    free(t->ca_file);
    *t = (struct tls_identity){0};
}
