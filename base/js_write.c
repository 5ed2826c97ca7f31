/* The writing half of base/js.h. jansson's own dump neither sorts by bytes after NFC nor refuses reals. */
#include <inttypes.h>
#include <string.h>

#include "base/digest.h"
#include "base/js.h"
#include "base/sb.h"
#include "base/text.h"

struct writer {
    struct sb out;
    bool pretty, wire;
    struct err *e;
};

struct member {
    char *key;
    json_t *value;
};

static void newline(struct writer *w, int depth)
{
    if (!w->pretty)
        return;
    sb_addc(&w->out, '\n');
    for (int i = 0; i < depth; i++)
        sb_add(&w->out, "  ");
}

static void write_string(struct sb *b, const char *s)
{
    sb_addc(b, '"');
    for (;; s++) {
        size_t plain = 0;
        while ((unsigned char)s[plain] >= 0x20 && s[plain] != '"' && s[plain] != '\\')
            plain++;
        sb_addn(b, s, plain);
        s += plain;
        if (!*s)
            break;
        unsigned char c = (unsigned char)*s;
        static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
        const char *named = strchr(escaped, c);
        if (named) {
            sb_addc(b, '\\');
            sb_addc(b, letters[named - escaped]);
        } else {
            sb_addf(b, "\\u%04x", c);
        }
    }
    sb_addc(b, '"');
}

static int by_key(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return strcmp(x->key, y->key);
}

static int write_value(struct writer *w, const json_t *j, int depth);

static int write_members(struct writer *w, const struct member *m, size_t n, int depth)
{
    sb_addc(&w->out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && strcmp(m[i - 1].key, m[i].key) == 0)
            return err_set(w->e, ERR_PARSE, "two keys of one object are the same text: '%s'", m[i].key);
        if (i > 0)
            sb_addc(&w->out, ',');
        newline(w, depth + 1);
        write_string(&w->out, m[i].key);
        sb_add(&w->out, w->pretty ? ": " : ":");
        if (write_value(w, m[i].value, depth + 1) < 0)
            return -1;
    }
    if (n > 0)
        newline(w, depth);
    sb_addc(&w->out, '}');
    return 0;
}

static int write_object(struct writer *w, const json_t *j, int depth)
{
    size_t n = 0, size = json_object_size(j);
    struct member *m = mem_grow(NULL, size, sizeof *m);
    void *it = json_object_iter((json_t *)(uintptr_t)j);
    for (; it; it = json_object_iter_next((json_t *)(uintptr_t)j, it))
        m[n++] = (struct member){text_nfc(json_object_iter_key(it)), json_object_iter_value(it)};
    if (n > 0)
        qsort(m, n, sizeof *m, by_key);
    int rc = write_members(w, m, n, depth);
    for (size_t i = 0; i < n; i++)
        free(m[i].key);
    free(m);
    return rc;
}

static int write_array(struct writer *w, const json_t *j, int depth)
{
    size_t n = json_array_size(j);
    sb_addc(&w->out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            sb_addc(&w->out, ',');
        newline(w, depth + 1);
        if (write_value(w, json_array_get(j, i), depth + 1) < 0)
            return -1;
    }
    if (n > 0)
        newline(w, depth);
    sb_addc(&w->out, ']');
    return 0;
}

static int write_text(struct writer *w, const json_t *j)
{
    if (json_string_length(j) != strlen(json_string_value(j)))
        return err_set(w->e, ERR_BUG, "a text with a NUL inside has no canonical JSON");
    AUTO_FREE char *normal = text_nfc(json_string_value(j));
    write_string(&w->out, normal);
    return 0;
}

/* {"@decimal": "12.50"}: the digits, without a double in between. */
static const char *decimal_of(const struct writer *w, const json_t *j)
{
    const char *s = w->wire && json_object_size(j) == 1 ? js_str(j, "@decimal") : NULL, *p = s;
    if (!s)
        return NULL;
    p += *p == '-';
    size_t whole = strspn(p, "0123456789"), part = p[whole] == '.' ? strspn(p + whole + 1, "0123456789") : 0;
    bool leading = whole > 1 && *p == '0';
    return whole && !leading && p[whole + (part ? part + 1 : 0)] == '\0' ? s : NULL;
}

static int write_value(struct writer *w, const json_t *j, int depth)
{
    if (depth > JS_MAX_DEPTH)
        return err_set(w->e, ERR_LIMIT, "JSON is nested more than %d deep", JS_MAX_DEPTH);
    if (!j)
        return err_set(w->e, ERR_BUG, "no value to write as JSON");
    switch (json_typeof(j)) {
    case JSON_OBJECT:
        if (decimal_of(w, j)) {
            sb_add(&w->out, decimal_of(w, j));
            return 0;
        }
        return write_object(w, j, depth);
    case JSON_ARRAY:
        return write_array(w, j, depth);
    case JSON_STRING:
        return write_text(w, j);
    case JSON_INTEGER:
        sb_addf(&w->out, "%" JSON_INTEGER_FORMAT, json_integer_value(j));
        return 0;
    case JSON_TRUE:
        sb_add(&w->out, "true");
        return 0;
    case JSON_FALSE:
        sb_add(&w->out, "false");
        return 0;
    case JSON_NULL:
        sb_add(&w->out, "null");
        return 0;
    case JSON_REAL:
        break;
    }
    return err_set(w->e, ERR_BUG, "a real number %g has no canonical JSON: carry it as text", json_real_value(j));
}

static char *write_whole(const json_t *j, bool pretty, bool wire, struct err *e)
{
    struct writer w = {SB_INIT(JS_MAX_BYTES), pretty, wire, e};
    if (write_value(&w, j, 0) < 0) {
        sb_release(&w.out);
        return NULL;
    }
    if (pretty)
        sb_addc(&w.out, '\n');
    return sb_take(&w.out, "JSON", e);
}

char *js_canonical(const json_t *j, struct err *e)
{
    return write_whole(j, false, false, e);
}

char *js_pretty(const json_t *j, struct err *e)
{
    return write_whole(j, true, false, e);
}

char *js_wire(const json_t *j, struct err *e)
{
    return write_whole(j, false, true, e);
}

int js_digest(const json_t *j, char hex[65], struct err *e)
{
    AUTO_FREE char *text = js_canonical(j, e);
    if (!text)
        return -1;
    digest_sha256(text, strlen(text), hex);
    return 0;
}
