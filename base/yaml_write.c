#include "base/yaml_write.h"

#include <string.h>

enum { LINE_WIDTH = 110, STEP = 2 };

/* Words that a reader of YAML may take for something else than text: 1.1 is still about. */
static bool reserved(const char *s)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t k = 0;
        while (s[k] && (s[k] | 0x20) == words[i][k])
            k++;
        if (!s[k] && !words[i][k])
            return true;
    }
    return false;
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool plain(const char *s)
{
    size_t n = strlen(s);
    if (!n || !letter(*s) || s[n - 1] == ' ' || reserved(s))
        return false;
    for (const char *p = s; *p; p++)
        if (!letter(*p) && !strchr("0123456789_ .()/+%-", *p))
            return false;
    return true;
}

/* U+007F to U+009F, U+2028, U+2029, U+FEFF: valid UTF-8 that nobody sees, or that some readers end a line at. */
static size_t unseen(const unsigned char *p, unsigned *point)
{
    if (*p == 0x7f)
        return *point = 0x7f, 1;
    if (*p == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
        return *point = p[1], 2;
    if (*p == 0xe2 && p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
        return *point = p[2] == 0xa8 ? 0x2028 : 0x2029, 3;
    if (*p == 0xef && p[1] == 0xbb && p[2] == 0xbf)
        return *point = 0xfeff, 3;
    return 0;
}

void yaml_write_text(struct sb *b, const char *text)
{
    unsigned point;
    if (plain(text)) {
        sb_add(b, text);
        return;
    }
    sb_addc(b, '"');
    for (const char *p = text; *p; p++) {
        size_t n = unseen((const unsigned char *)p, &point);
        if (n) {
            sb_addf(b, "\\u%04x", point);
            p += n - 1;
        } else if (*p == '"' || *p == '\\') {
            sb_addf(b, "\\%c", *p);
        } else if (*p == '\n') {
            sb_add(b, "\\n");
        } else if (*p == '\t') {
            sb_add(b, "\\t");
        } else if ((unsigned char)*p < 0x20) {
            sb_addf(b, "\\x%02x", (unsigned)(unsigned char)*p);
        } else {
            sb_addc(b, *p);
        }
    }
    sb_addc(b, '"');
}

static void write_scalar(struct sb *b, const json_t *v)
{
    if (json_is_string(v))
        yaml_write_text(b, json_string_value(v));
    else if (json_is_integer(v))
        sb_addf(b, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    else
        sb_add(b, json_is_true(v) ? "true" : json_is_false(v) ? "false" : "null");
}

static bool scalar(const json_t *v)
{
    return !json_is_object(v) && !json_is_array(v);
}

/* Fit to stand on one line: no list of mappings with more than one member, no list in a list. */
static bool simple(const json_t *v)
{
    const char *key;
    json_t *one;
    size_t i;
    json_object_foreach ((json_t *)(uintptr_t)v, key, one)
        if (!simple(one))
            return false;
    json_array_foreach (v, i, one)
        if (!scalar(one) && (json_object_size(one) != 1 || !simple(one)))
            return false;
    return true;
}

static void write_flow(struct sb *b, const json_t *v)
{
    const char *key, *gap = "";
    json_t *one;
    size_t i;
    if (scalar(v)) {
        write_scalar(b, v);
        return;
    }
    sb_addc(b, json_is_object(v) ? '{' : '[');
    json_object_foreach ((json_t *)(uintptr_t)v, key, one) {
        sb_add(b, gap);
        yaml_write_text(b, key);
        sb_add(b, ": ");
        write_flow(b, one);
        gap = ", ";
    }
    json_array_foreach (v, i, one) {
        sb_add(b, gap);
        write_flow(b, one);
        gap = ", ";
    }
    sb_addc(b, json_is_object(v) ? '}' : ']');
}

static bool on_one_line(struct sb *b, const json_t *v, int indent)
{
    if (!scalar(v) && !simple(v))
        return false;
    AUTO_SB struct sb line = SB_INIT(SIZE_MAX);
    write_flow(&line, v);
    bool empty = json_is_object(v) ? !json_object_size(v) : !json_array_size(v);
    if (!scalar(v) && !empty && line.len + (size_t)indent > LINE_WIDTH)
        return false;
    sb_addn(b, line.buf, line.len);
    sb_addc(b, '\n');
    return true;
}

static void write_indent(struct sb *b, int indent)
{
    sb_addf(b, "%*s", indent, "");
}

/* A mapping's members; `begun` = the first stands on a line that has its indent already. */
static void write_members(struct sb *b, const json_t *o, int indent, bool begun)
{
    const char *key;
    json_t *value;
    json_object_foreach ((json_t *)(uintptr_t)o, key, value) {
        if (!begun)
            write_indent(b, indent);
        begun = false;
        yaml_write_text(b, key);
        sb_addc(b, ':');
        yaml_write(b, value, indent + STEP);
    }
}

void yaml_write(struct sb *b, const json_t *value, int indent)
{
    json_t *one;
    size_t i, start = b->len;
    sb_addc(b, ' ');
    if (on_one_line(b, value, indent))
        return;
    sb_truncate(b, start);
    sb_addc(b, '\n');
    if (json_is_object(value))
        write_members(b, value, indent, false);
    json_array_foreach (value, i, one) {
        write_indent(b, indent);
        sb_add(b, "- ");
        if (on_one_line(b, one, indent + STEP))
            continue;
        if (json_is_object(one)) {
            write_members(b, one, indent + STEP, true);
        } else {
            sb_truncate(b, b->len - 1);
            yaml_write(b, one, indent + STEP);
        }
    }
}
