#include "base/secret.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/sb.h"
#include "base/secret_shape.h"

enum { SHORTEST = 8, ALIGNMENTS = 3 };

/* One live value and what its bytes look like inside base64 text. Where the value starts at 0, 1 or 2 bytes past a
 * group of three, other characters result; those that also hold foreign bits are left out of the pattern. */
struct live {
    char *plain;
    char *base64[ALIGNMENTS];
    size_t uses;
    struct live *next;
};
static struct live *all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static char *base64_middle(const char *value, size_t n, size_t before)
{
    size_t raw_len = before + n;
    unsigned char *raw = mem_zalloc(raw_len + 1);
    memcpy(raw + before, value, n);
    unsigned char *text = mem_alloc(4 * (raw_len / 3 + 1) + 1);
    EVP_EncodeBlock(text, raw, (int)raw_len);
    size_t from = before == 0 ? 0 : before + 1; /* 1 foreign byte reaches 2 characters, 2 reach 3 */
    size_t upto = raw_len * 8 / 6;              /* whole characters only */
    char *middle = mem_dupn((char *)text + from, upto - from);
    OPENSSL_cleanse(raw, raw_len);
    OPENSSL_cleanse(text, strlen((char *)text));
    free(raw);
    free(text);
    return middle;
}

static void wipe(char *text)
{
    if (text)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}

static struct live **find(const char *value)
{
    struct live **at = &all;
    while (*at && strcmp((*at)->plain, value) != 0)
        at = &(*at)->next;
    return at;
}

void secret_set(struct secret *s, const char *value)
{
    secret_release(s);
    s->n = strlen(value);
    s->p = mem_dupn(value, s->n);
    if (s->n < SHORTEST)
        return;
    pthread_mutex_lock(&lock);
    struct live **at = find(value);
    if (!*at) {
        *at = mem_zalloc(sizeof **at);
        (*at)->plain = mem_dup(value);
        for (size_t i = 0; i < ALIGNMENTS; i++)
            (*at)->base64[i] = base64_middle(value, s->n, i);
    }
    (*at)->uses++;
    pthread_mutex_unlock(&lock);
}

void secret_release(struct secret *s)
{
    if (!s->p)
        return;
    pthread_mutex_lock(&lock);
    struct live **at = find(s->p);
    struct live *l = *at;
    if (l && --l->uses == 0) {
        *at = l->next;
        wipe(l->plain);
        for (size_t i = 0; i < ALIGNMENTS; i++)
            wipe(l->base64[i]);
        free(l);
    }
    pthread_mutex_unlock(&lock);
    OPENSSL_cleanse(s->p, s->n);
    free(s->p);
    *s = (struct secret){0};
}

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Each reader takes one byte of the value from text as its encoding may write it, or leaves 0 read. */
typedef size_t (*reader)(const char *text, unsigned char want);

static size_t read_percent(const char *text, unsigned char want)
{
    if ((unsigned char)*text == want || (*text == '+' && want == ' '))
        return 1;
    if (*text != '%' || hex(text[1]) < 0 || hex(text[2]) < 0)
        return 0;
    return hex(text[1]) * 16 + hex(text[2]) == want ? 3 : 0;
}

/* The alphabet of RFC 4648 section 5 beside that of section 4, and either percent-encoded. */
static size_t read_base64(const char *text, unsigned char want)
{
    if ((*text == '-' && want == '+') || (*text == '_' && want == '/'))
        return 1;
    return read_percent(text, want);
}

static size_t match(const char *text, const char *value, reader read)
{
    const char *p = text;
    for (; *value; value++) {
        size_t used = read(p, (unsigned char)*value);
        if (used == 0)
            return 0;
        p += used;
    }
    return (size_t)(p - text);
}

/* The four digits of \uXXXX, or -1. */
static int unit(const char *text)
{
    if (text[0] != '\\' || text[1] != 'u')
        return -1;
    int v = 0;
    for (int i = 2; i < 6; i++) {
        if (hex(text[i]) < 0)
            return -1;
        v = v * 16 + hex(text[i]);
    }
    return v;
}

/* What one JSON escape at text stands for, as UTF-8 in `out`; its length in text, 0 when it is none. */
static size_t unescape(const char *text, struct sb *out)
{
    static const char names[] = "bfnrt", values[] = "\b\f\n\r\t";
    if (text[0] != '\\' || text[1] == '\0')
        return 0;
    const char *name = strchr(names, text[1]);
    if (text[1] != 'u') {
        sb_addc(out, name ? values[name - names] : text[1]);
        return 2;
    }
    int high = unit(text), low = high >= 0xD800 && high < 0xDC00 ? unit(text + 6) : -1;
    if (high < 0)
        return 0;
    bool pair = low >= 0xDC00 && low < 0xE000;
    sb_add_utf8(out, pair ? 0x10000U + ((unsigned)(high - 0xD800) << 10) + (unsigned)(low - 0xDC00) : (unsigned)high);
    return pair ? 12 : 6;
}

/* Any character may be written as \uXXXX in JSON, and '/' often is \/. */
static size_t match_json(const char *text, const char *value)
{
    const char *p = text;
    while (*value) {
        char bytes[8] = "";
        struct sb one = {bytes, 0, sizeof bytes, sizeof bytes - 1, false};
        size_t used = unescape(p, &one);
        if (used == 0 && *p == *value) {
            p++;
            value++;
        } else if (used > 0 && strncmp(value, bytes, one.len) == 0) {
            p += used;
            value += one.len;
        } else {
            return 0;
        }
    }
    return (size_t)(p - text);
}

static bool base64_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("+/-_=", c) != NULL);
}

/* Length of a live value at text in any encoding, 0 when there is none. *inside: it is part of base64 text. */
static size_t live_here(const char *text, bool *inside)
{
    *inside = false;
    for (const struct live *l = all; l; l = l->next) {
        size_t n = match(text, l->plain, read_percent);
        if (n == 0)
            n = match_json(text, l->plain);
        if (n > 0)
            return n;
        for (size_t i = 0; i < ALIGNMENTS && n == 0; i++)
            n = match(text, l->base64[i], read_base64);
        if (n == 0)
            continue;
        *inside = true;
        while (base64_char(text[n]))
            n++;
        return n;
    }
    return 0;
}

static const char replacement[] = "(secret)";

static char *without_live(const char *text)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    pthread_mutex_lock(&lock);
    while (*text) {
        bool inside;
        size_t n = live_here(text, &inside);
        if (n == 0) {
            sb_addc(&b, *text++);
            continue;
        }
        /* The character before holds some of the value's bits when the value does not start a group. */
        if (inside && b.len > 0 && base64_char(b.buf[b.len - 1]))
            sb_truncate(&b, b.len - 1);
        sb_add(&b, replacement);
        text += n;
    }
    pthread_mutex_unlock(&lock);
    return sb_take(&b, "text", NULL);
}

char *secret_redact(const char *text)
{
    AUTO_FREE char *half = without_live(text);
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX / 2);
    for (const char *p = half; *p;) {
        struct secret_shape found;
        if (!secret_shape_at(half, p, &found)) {
            sb_addc(&b, *p++);
            continue;
        }
        sb_addn(&b, p, found.keep);
        sb_add(&b, found.quote ? "\"(secret)\"" : replacement);
        p += found.keep + found.drop;
    }
    return sb_take(&b, "text", NULL);
}

bool secret_found(const char *line, size_t *at)
{
    AUTO_FREE char *safe = secret_redact(line);
    size_t i = 0;
    while (line[i] && line[i] == safe[i])
        i++;
    *at = i;
    return line[i] != '\0';
}
