#include "base/js.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/sb.h"
#include "base/text.h"

/* jansson's own depth limit is fixed at 2048 when it is compiled: ours is smaller, so it is looked at first. */
static int check_depth(const char *text, size_t len, const char *name, struct err *e)
{
    int depth = 0, line = 1;
    size_t line_start = 0;
    bool quoted = false;
    static const bool mark[256] = {
        ['\n'] = true, ['"'] = true, ['\\'] = true, ['{'] = true, ['['] = true, ['}'] = true, [']'] = true};
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (!mark[(unsigned char)c])
            continue;
        if (c == '\n') {
            line++;
            line_start = i + 1;
        }
        if (quoted) {
            if (c == '\\')
                i++;
            else if (c == '"')
                quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > JS_MAX_DEPTH) {
                err_set(e, ERR_LIMIT, "JSON is nested more than %d deep", JS_MAX_DEPTH);
                return err_at(e, "%s:%d:%zu", name, line, i - line_start + 1);
            }
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return 0;
}

static json_t *parse(const char *text, size_t len, size_t flags, enum err_kind kind, const char *name, struct err *e)
{
    if (len > JS_MAX_BYTES) {
        err_set(e, ERR_LIMIT, "JSON of %zu bytes is longer than %d", len, (int)JS_MAX_BYTES);
        err_at(e, "%s", name);
        return NULL;
    }
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (check_depth(text, len, name, e) < 0)
        return NULL;
    json_error_t je;
    json_t *j = json_loadb(text, len, flags | JSON_DECODE_ANY, &je);
    if (!j) {
        err_set(e, kind, "not valid JSON: %s", je.text);
        err_at(e, "%s:%d:%d", name, je.line > 0 ? je.line : 1, je.column > 0 ? je.column : 1);
    }
    return j;
}

json_t *js_parse(const char *text, size_t len, const char *name, struct err *e)
{
    return parse(text, len, JSON_REJECT_DUPLICATES, ERR_PARSE, name, e);
}

/* The fewest digits that read back as the same double, written without an exponent where a person would. */
static json_t *real_text(double v)
{
    char digits[40];
    for (int precision = 0; precision < 17; precision++) {
        snprintf(digits, sizeof digits, "%.*e", precision, v);
        if (strtod(digits, NULL) == v)
            break;
    }
    char *mark = strchr(digits, 'e');
    long exponent = strtol(mark + 1, NULL, 10);
    if (exponent < -7 || exponent > 20)
        return json_string(digits);
    char mantissa[40];
    size_t n = 0;
    for (const char *p = digits; p < mark; p++)
        if (*p >= '0' && *p <= '9')
            mantissa[n++] = *p;
    AUTO_SB struct sb b = SB_INIT(64);
    if (signbit(v) && fpclassify(v) != FP_ZERO)
        sb_addc(&b, '-');
    if (exponent < 0) {
        sb_add(&b, "0.");
        for (long i = -1; i > exponent; i--)
            sb_addc(&b, '0');
    }
    for (size_t i = 0; i < n || (long)i <= exponent; i++) {
        if (exponent >= 0 && (long)i == exponent + 1)
            sb_addc(&b, '.');
        sb_addc(&b, i < n ? mantissa[i] : '0');
    }
    return json_string(b.buf);
}

/* Reals inside become text; nothing else is touched: most answers hold none. */
static void replace_reals(json_t *j)
{
    const char *key;
    json_t *value;
    size_t i;
    if (json_is_object(j)) {
        json_object_foreach (j, key, value)
            if (json_is_real(value))
                json_object_set_new(j, key, real_text(json_real_value(value)));
            else
                replace_reals(value);
    } else if (json_is_array(j)) {
        json_array_foreach (j, i, value)
            if (json_is_real(value))
                json_array_set_new(j, i, real_text(json_real_value(value)));
            else
                replace_reals(value);
    }
}

json_t *js_parse_remote(const char *text, size_t len, const char *name, struct err *e)
{
    json_t *j = parse(text, len, 0, ERR_REMOTE, name, e);
    if (!j)
        return NULL;
    if (json_is_real(j)) {
        json_t *digits = real_text(json_real_value(j));
        json_decref(j);
        return digits;
    }
    replace_reals(j);
    return j;
}

json_t *js_load(const char *path, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len = 0;
    if (fs_read(path, JS_MAX_BYTES, &text, &len, e) < 0)
        return NULL;
    return js_parse(text, len, path, e);
}

const char *js_str(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

const char *js_str_or(const json_t *o, const char *key, const char *fallback)
{
    const char *s = js_str(o, key);
    return s ? s : fallback;
}

int64_t js_int(const json_t *o, const char *key, int64_t fallback)
{
    json_t *v = json_object_get(o, key);
    return json_is_integer(v) ? (int64_t)json_integer_value(v) : fallback;
}

bool js_bool(const json_t *o, const char *key, bool fallback)
{
    json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_boolean_value(v) : fallback;
}

json_t *js_arr(const json_t *o, const char *key)
{
    json_t *v = json_object_get(o, key);
    return json_is_array(v) ? v : NULL;
}

json_t *js_obj(const json_t *o, const char *key)
{
    json_t *v = json_object_get(o, key);
    return json_is_object(v) ? v : NULL;
}

json_t *js_path(const json_t *j, const char *path)
{
    json_t *at = (json_t *)(uintptr_t)j; /* borrowed and as mutable as the caller's own document */
    for (const char *p = path; at && *p;) {
        if (*p == '[') {
            char *end;
            unsigned long i = strtoul(p + 1, &end, 10);
            if (end == p + 1 || *end != ']' || p[1] == '-' || p[1] == '+')
                return NULL;
            at = json_array_get(at, i);
            p = end + 1;
        } else {
            size_t n = strcspn(p, ".[");
            if (n == 0)
                return NULL;
            AUTO_FREE char *key = mem_dupn(p, n);
            at = json_object_get(at, key);
            p += n;
        }
        if (*p == '.' && p[1] != '\0')
            p++;
        else if (*p != '\0' && *p != '[')
            return NULL;
    }
    return at;
}

static json_t *text_value(const char *text)
{
    if (!text)
        return json_null();
    json_t *v = json_string(text);
    if (v)
        return v;
    AUTO_FREE char *valid = text_repair(text);
    return json_string(valid);
}

void js_set(json_t *o, const char *key, json_t *stolen)
{
    assert(json_is_object(o));
    json_t *v = stolen ? stolen : json_null();
    if (text_utf8_valid(key, strlen(key), NULL)) {
        json_object_set_new(o, key, v);
        return;
    }
    AUTO_FREE char *valid = text_repair(key);
    json_object_set_new(o, valid, v);
}

void js_set_str(json_t *o, const char *key, const char *text)
{
    js_set(o, key, text_value(text));
}

void js_set_strf(json_t *o, const char *key, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, ap);
    va_end(ap);
    js_set_str(o, key, text);
}

void js_set_int(json_t *o, const char *key, int64_t v)
{
    js_set(o, key, json_integer((json_int_t)v));
}

void js_set_bool(json_t *o, const char *key, bool v)
{
    js_set(o, key, json_boolean(v));
}

void js_push_str(json_t *array, const char *text)
{
    assert(json_is_array(array));
    json_array_append_new(array, text_value(text));
}

bool js_array_has(const json_t *array, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *s = json_string_value(json_array_get(array, i));
        if (s && strcmp(s, text) == 0)
            return true;
    }
    return false;
}

void js_array_add_unique(json_t *array, const char *text)
{
    if (!js_array_has(array, text))
        js_push_str(array, text);
}

struct sort_item {
    const char *by;
    size_t was; /* keeps equal ones in their order: qsort alone would not */
    json_t *value;
};

static int by_text(const void *a, const void *b)
{
    const struct sort_item *x = a, *y = b;
    int c = strcmp(x->by, y->by);
    return c ? c : (x->was > y->was) - (x->was < y->was);
}

void js_array_sort(json_t *array, const char *key)
{
    size_t n = json_array_size(array);
    AUTO_FREE struct sort_item *items = mem_grow(NULL, n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        json_t *v = json_array_get(array, i);
        const char *by = key ? js_str(v, key) : json_string_value(v);
        items[i] = (struct sort_item){by ? by : "", i, json_incref(v)};
    }
    if (n > 0)
        qsort(items, n, sizeof *items, by_text);
    for (size_t i = 0; i < n; i++)
        json_array_set_new(array, i, items[i].value);
}

int js_err(struct err *e, const char *name, const char *path, const char *what, ...)
{
    va_list ap;
    va_start(ap, what);
    AUTO_FREE char *text = mem_vprintf(what, ap);
    va_end(ap);
    err_set(e, ERR_PARSE, "%s", text);
    return err_at(e, "%s (%s)", name, path);
}

void js_share(json_t *array)
{
    for (size_t i = 1; i < json_array_size(array); i++) {
        json_t *before = json_array_get(array, i - 1);
        json_t *object = json_array_get(array, i), *value;
        void *beside = json_object_iter(before); /* keys mostly come in the same order: then nothing is looked up */
        const char *key;
        json_object_foreach (object, key, value) {
            bool same = beside && strcmp(json_object_iter_key(beside), key) == 0;
            json_t *known = same ? json_object_iter_value(beside) : json_object_get(before, key);
            if (known && known != value && json_equal(known, value))
                json_object_set(object, key, known);
            beside = beside ? json_object_iter_next(before, beside) : NULL;
        }
    }
}
