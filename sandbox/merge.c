/* sandbox/merge.c — merge tokens and mapped values. */
#include "sandbox/merge.h"

#include "base/sb.h"
#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/period.h"

enum { MERGED_BYTES = 1 << 20 };

/* By api_name, else by label; NULL when there is none. */
static const json_t *field_named(const struct record_module *m, const char *name)
{
    size_t i;
    json_t *f = json_object_get(m->by_api, name);
    if (f) {
        return f;
    }
    json_array_foreach (m->fields, i, f) {
        if (text_casecmp(js_str_or(f, "field_label", ""), name) == 0) {
            return f;
        }
    }
    return NULL;
}

static char *value_text(const json_t *v)
{
    return json_is_string(v)    ? mem_dup(json_string_value(v))
           : json_is_integer(v) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
           : json_is_real(v)    ? mem_printf("%.15g", json_real_value(v))
           : json_is_boolean(v) ? mem_dup(json_is_true(v) ? "true" : "false")
           : json_is_object(v)  ? mem_dup(js_str_or(v, "name", ""))
           : json_is_array(v)   ? json_dumps(v, JSON_COMPACT)
                                : mem_dup("");
}

/* What stands for the token's name ("Amount", "Id", "Deal.id"); NULL = no such field. Caller frees. */
static char *named_text(const struct record_module *m, const json_t *record, const char *name)
{
    if (text_casecmp(name, "Id") == 0) {
        return mem_dup(js_str_or(record, "id", ""));
    }
    const char *dot = strchr(name, '.');
    AUTO_FREE char *first = mem_dupn(name, dot ? (size_t)(dot - name) : strlen(name));
    const json_t *f = field_named(m, first), *v = json_object_get(record, js_str_or(f, "api_name", ""));
    if (!f) {
        return NULL;
    }
    if (dot) {
        return text_casecmp(dot, ".id") == 0 ? mem_dup(js_str_or(v, "id", "")) : NULL;
    }
    return value_text(v);
}

/* The token at p ("${…}"): what it gives, or NULL; *len its length. */
static char *token_at(const struct record_module *m, const json_t *record, const char *p, size_t *len)
{
    const char *end = strncmp(p, "${", 2) == 0 ? strchr(p, '}') : NULL;
    if (!end) {
        return NULL;
    }
    const char *name = p + 2 + (p[2] == '!');
    size_t n = strlen(m->api);
    *len = (size_t)(end - p) + 1;
    if ((size_t)(end - name) <= n || strncmp(name, m->api, n) != 0 || name[n] != '.') {
        return NULL;
    }
    AUTO_FREE char *rest = mem_dupn(name + n + 1, (size_t)(end - name) - n - 1);
    return named_text(m, record, rest);
}

char *merge_text(const struct record_module *m, const json_t *record, const char *text)
{
    struct sb out = SB_INIT(MERGED_BYTES);
    for (const char *p = text; *p;) {
        size_t len = 1;
        AUTO_FREE char *v = token_at(m, record, p, &len);
        if (v) {
            sb_addn(&out, v, strlen(v));
            p += len;
        } else {
            sb_addn(&out, p++, 1);
        }
    }
    char *done = mem_dup(out.bad ? text : out.buf);
    sb_release(&out);
    return done;
}

json_t *merge_json(const struct record_module *m, const json_t *record, const json_t *tree)
{
    const char *k;
    json_t *v, *out;
    size_t i;
    if (json_is_string(tree)) {
        AUTO_FREE char *t = merge_text(m, record, json_string_value(tree));
        return json_string(t);
    }
    if (json_is_array(tree)) {
        out = json_array();
        json_array_foreach (tree, i, v) {
            json_array_append_new(out, merge_json(m, record, v));
        }
        return out;
    }
    if (json_is_object(tree)) {
        out = json_object();
        json_object_foreach ((json_t *)(uintptr_t)tree, k, v) {
            js_set(out, k, merge_json(m, record, v));
        }
        return out;
    }
    return json_deep_copy(tree);
}

/* ---- mapped values ---- */

/* {"period","unit","sign","trigger_field"}: from now or from a field of the record. */
static json_t *execution_time(struct call *c, const struct record_module *m, const json_t *record, const json_t *field,
                              const json_t *v)
{
    int64_t from = c->s->clock.now_s(c->s->clock.ctx), to = 0;
    const char *start = js_str_or(v, "trigger_field", "${CURRENTTIME}"), *unit = js_str(v, "unit");
    AUTO_FREE char *at = merge_text(m, record, start);
    if (strcmp(start, "${CURRENTTIME}") != 0 && clock_parse(at, &from, NULL)) {
        return json_null();
    }
    int64_t n = unit ? strtoll(unit, NULL, 10) : js_int(v, "unit", 0);
    if (!period_add(from, js_str_or(v, "period", ""), strcmp(js_str_or(v, "sign", "plus"), "minus") == 0 ? -n : n,
                    &to)) {
        return json_null();
    }
    char text[CLOCK_TEXT];
    org_time(c->s, to, text);
    if (strcmp(js_str_or(field, "data_type", ""), "date") == 0) {
        text[10] = '\0';
    }
    return json_string(text);
}

/* "${!Deals.Amount}" keeps its type; a text with more than a token is text. */
static json_t *merge_field(const struct record_module *m, const json_t *record, const json_t *value)
{
    const char *t = json_is_object(value) ? js_str_or(value, "api_name", "") : json_string_value(value);
    size_t n = strlen(m->api), len = t ? strlen(t) : 0;
    if (t && strncmp(t, "${", 2) == 0 && strchr(t, '}') == t + len - 1) {
        const char *name = t + 2 + (t[2] == '!');
        if (strncmp(name, m->api, n) == 0 && name[n] == '.') {
            AUTO_FREE char *api = mem_dupn(name + n + 1, strlen(name + n + 1) - 1);
            json_t *v = json_object_get(record, js_str_or(field_named(m, api), "api_name", ""));
            return v ? json_deep_copy(v) : merge_json(m, record, value);
        }
    }
    json_t *v = json_object_get(record, t ? t : "");
    return v ? json_deep_copy(v) : merge_json(m, record, value);
}

json_t *merge_mapped(struct call *c, const struct record_module *m, const json_t *record, const json_t *field,
                     const json_t *mapping)
{
    const char *how = js_str_or(mapping, "type", "static"), *type = js_str_or(field, "data_type", "");
    const json_t *value = json_object_get(mapping, "value");
    json_t *out = strcmp(how, "execution_time") == 0 ? execution_time(c, m, record, field, value)
                  : strcmp(how, "merge_field") == 0  ? merge_field(m, record, value)
                  : value                            ? json_deep_copy(value)
                                                     : json_null();
    if (json_is_string(out) && strcmp(type, "boolean") == 0) {
        json_t *b = json_boolean(text_casecmp(json_string_value(out), "true") == 0);
        json_decref(out);
        return b;
    }
    if (json_is_string(out) && (*json_string_value(out) == '\0' || strcmp(json_string_value(out), "${EMPTY}") == 0)) {
        json_decref(out);
        return json_null();
    }
    return out;
}
