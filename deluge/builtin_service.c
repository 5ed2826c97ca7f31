/* deluge/builtin_service.c — zoho.encryption.*, old requests by function, files, windows. help/functions/encryption */
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/mem.h"
#include "base/text.h"
#include "deluge/builtin.h"

static struct dv hex_of(struct dg_frame *f, const unsigned char *p, size_t n)
{
    AUTO_SB struct sb b = SB_INIT(256);
    for (size_t i = 0; i < n; i++)
        sb_addf(&b, "%02x", p[i]);
    return dg_take(f, &b);
}

static const struct {
    const char *name;
    const EVP_MD *(*md)(void);
    bool keyed;
} digests[] = {{"md5", EVP_md5, false},         {"sha1", EVP_sha1, false},  {"sha256", EVP_sha256, false},
               {"sha512", EVP_sha512, false},   {"hmacmd5", EVP_md5, true}, {"hmacsha1", EVP_sha1, true},
               {"hmacsha256", EVP_sha256, true}};

/* hmac…(key, text[, "hex" | "base64"]); hex is the default (unproven). */
static bool digest(struct dg_frame *f, size_t row, struct dv *arg, size_t n, struct dv *out)
{
    unsigned char bytes[EVP_MAX_MD_SIZE], text[2 * EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool keyed = digests[row].keyed;
    if (n < (keyed ? 2u : 1u) || n > (keyed ? 3u : 1u))
        return dg_fail(f, "Number of Arguments mismatches for the function %s", digests[row].name);
    const struct dv *last = &arg[keyed];
    bool ok = keyed ? HMAC(digests[row].md(), arg[0].t.s, (int)arg[0].t.n, (const unsigned char *)last->t.s, last->t.n,
                           bytes, &size) != NULL
                    : EVP_Digest(last->t.s, last->t.n, bytes, &size, digests[row].md(), NULL) == 1;
    if (!ok)
        return dg_fail(f, "An error occurred while performing this action: %s", digests[row].name);
    *out = hex_of(f, bytes, size);
    if (n == 3 && dv_is_text(arg[2], "base64"))
        *out = dv_textn(&f->run->arena, (const char *)text, (size_t)EVP_EncodeBlock(text, bytes, (int)size));
    return true;
}

static bool base64(struct dg_frame *f, bool encode, struct dv t, struct dv *out)
{
    unsigned char *to = dg_arena_alloc(&f->run->arena, t.t.n * 2 + 8);
    size_t n = t.t.n;
    if (encode) {
        *out = dv_textn(&f->run->arena, (const char *)to,
                        (size_t)EVP_EncodeBlock(to, (const unsigned char *)t.t.s, (int)n));
        return true;
    }
    int got = n % 4 ? -1 : EVP_DecodeBlock(to, (const unsigned char *)t.t.s, (int)n);
    if (got < 0)
        return dg_fail(f, "An error occurred while performing this action: the text is not base64");
    while (n && t.t.s[n - 1] == '=' && got > 0)
        n--, got--;
    if (!text_utf8_valid((const char *)to, (size_t)got, NULL))
        return dg_fail(f, "An error occurred while performing this action: the decoded bytes are no text");
    *out = dv_textn(&f->run->arena, (const char *)to, (size_t)got);
    return true;
}

static bool url_decode(struct dg_frame *f, struct dv t, struct dv *out)
{
    AUTO_FREE char *plus = mem_dup(t.t.s);
    for (char *p = plus; *p; p++)
        *p = *p == '+' ? ' ' : *p;
    AUTO_FREE char *plain = text_percent_decode(plus);
    if (!plain)
        return dg_fail(f, "An error occurred while performing this action: the text is not URL-encoded");
    *out = dv_text(&f->run->arena, plain);
    return true;
}

bool dg_encryption(struct dg_frame *f, const char *name, struct dv *arg, size_t n, struct dv *out, bool *known)
{
    static const char *const codecs[] = {"urlencode", "urldecode", "base64encode", "base64decode"};
    *known = true;
    for (size_t i = 0; i < n; i++) {
        if (arg[i].kind == DV_NULL)
            return dg_fail(f, "Value is empty and '%s' function cannot be applied", name);
        arg[i] = dg_text(f, arg[i]);
    }
    for (size_t i = 0; i < sizeof digests / sizeof *digests; i++)
        if (!strcmp(name, digests[i].name))
            return digest(f, i, arg, n, out);
    for (size_t i = 0; i < sizeof codecs / sizeof *codecs; i++) {
        if (strcmp(name, codecs[i]) != 0)
            continue;
        if (n != 1)
            return dg_fail(f, "Number of Arguments mismatches for the function %s", name);
        static const struct dg_name encode = {"encodeUrl", "encodeurl", 9, 0};
        return i == 0   ? dg_builtin_call(f, &encode, arg, 1, out)
               : i == 1 ? url_decode(f, arg[0], out)
                        : base64(f, i == 2, arg[0], out);
    }
    *known = false;
    return true;
}

static bool get_url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    bool post = *c->name == 'p';
    struct dg_http q = {.method = post ? "POST" : "GET", .url = dg_text(f, c->arg[0]).t.s, .connection = ""};
    if (post && c->n > 1)
        q.parameters = c->arg[1];
    if (c->n > (post ? 2u : 1u) && dv_is_map(c->arg[c->n - 1]))
        q.headers = c->arg[c->n - 1];
    return dg_http_call(f, &q, false, out);
}

/* A window opens in front of the user; here it is only noted. */
static bool open_url(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    dv_add(&f->run->arena, f->run->opened, dg_text(f, c->arg[0]));
    *out = dv_null();
    return true;
}

/* Names the form part of an upload: the content stays the same. */
static bool file_name(struct dg_frame *f, struct dg_call *c, struct dv *out)
{
    (void)f;
    *out = c->arg[0];
    return true;
}

const struct dg_builtin dg_service_rows[] = {
    {"geturl", ON_TEXT, 1, 3, get_url},
    {"posturl", ON_TEXT, 1, 4, get_url},
    {"openurl", ON_TEXT, 1, 3, open_url},
    {"setparamname", ON_FILE | ON_TEXT, 2, 2, file_name},
    {"setfilename", ON_FILE | ON_TEXT, 2, 2, file_name},
    {"setfiletype", ON_FILE | ON_TEXT, 2, 2, file_name},
    {NULL, 0, 0, 0, NULL},
};
