/* sandbox/check.c — shapes, references and criteria of request bodies. */
#include "sandbox/check.h"

#include "base/text.h"
#include "sandbox/module.h"

static json_t *located(const char *code, const char *message, const char *key, json_t *value, const char *fmt,
                       va_list ap)
{
    AUTO_FREE char *path = mem_vprintf(fmt, ap);
    json_t *d = at("%s", path);
    if (key) {
        js_set(d, key, value);
    }
    return item_error(code, message, d);
}

json_t *error_missing(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    json_t *out = located("MANDATORY_NOT_FOUND", "required field not found", NULL, NULL, fmt, ap);
    va_end(ap);
    return out;
}

json_t *error_invalid(const char *expected, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    json_t *out = located("INVALID_DATA", "invalid data", expected ? "expected_data_type" : NULL,
                          expected ? json_string(expected) : NULL, fmt, ap);
    va_end(ap);
    return out;
}

json_t *choices(const char *list)
{
    json_t *out = json_array();
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, "|");
        json_array_append_new(out, json_stringn(p, n));
        p += n + (p[n] == '|');
    }
    return out;
}

json_t *error_choice(const char *oneof, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    json_t *out =
        located("INVALID_DATA", "the value is not one of those supported", "supported_values", choices(oneof), fmt, ap);
    va_end(ap);
    return out;
}

size_t utf8_length(const char *text)
{
    size_t n = 0;
    for (; *text; text++) {
        n += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return n;
}

bool one_of(const char *list, const char *text)
{
    size_t len = strlen(text);
    for (const char *p = list; *p;) {
        size_t n = strcspn(p, "|");
        if (n == len && strncmp(p, text, n) == 0) {
            return true;
        }
        p += n + (p[n] == '|');
    }
    return false;
}

static const struct {
    enum shape_type type;
    const char *zoho; /* expected_data_type as Zoho names it */
} types[] = {{TEXT, "string"},       {INTEGER, "integer"}, {NUMBER, "double"},        {BOOL, "boolean"},
             {OBJECT, "jsonobject"}, {ARRAY, "jsonarray"}, {TEXT_OR_NUMBER, "string"}};

static bool fits(enum shape_type t, const json_t *v)
{
    switch (t) {
    case TEXT:
        return json_is_string(v);
    case INTEGER:
        return json_is_integer(v);
    case NUMBER:
        return json_is_number(v);
    case BOOL:
        return json_is_boolean(v);
    case OBJECT:
        return json_is_object(v);
    case ARRAY:
        return json_is_array(v);
    case TEXT_OR_NUMBER:
        return json_is_string(v) || json_is_number(v);
    case ANY:
        break;
    }
    return true;
}

static const char *type_name(enum shape_type t)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (types[i].type == t) {
            return types[i].zoho;
        }
    }
    return "string";
}

static json_t *too_long(int max, const char *base, const char *key)
{
    json_t *d = at("%s.%s", base, key);
    js_set_int(d, "maximum_length", max);
    return item_error("INVALID_DATA", "the value is too long", d);
}

static json_t *one_key(const struct shape *k, const json_t *v, const char *base)
{
    if (json_is_null(v)) {
        return k->required ? error_missing("%s.%s", base, k->key) : NULL;
    }
    if (!fits(k->type, v)) {
        return error_invalid(type_name(k->type), "%s.%s", base, k->key);
    }
    if (json_is_string(v)) {
        const char *t = json_string_value(v);
        if (k->required && !*t) {
            return error_missing("%s.%s", base, k->key);
        }
        if (k->max && utf8_length(t) > (size_t)k->max) {
            return too_long(k->max, base, k->key);
        }
        if (k->oneof && !one_of(k->oneof, t)) {
            return error_choice(k->oneof, "%s.%s", base, k->key);
        }
    }
    if (json_is_array(v)) {
        if (k->max && json_array_size(v) > (size_t)k->max) {
            return item_error("LIMIT_EXCEEDED", "too many elements",
                              json_pack("{s:i,s:[o]}", "limit", k->max, "limit_due_to", at("%s.%s", base, k->key)));
        }
        for (size_t i = 0; k->oneof && i < json_array_size(v); i++) {
            const char *t = json_string_value(json_array_get(v, i));
            if (!t || !one_of(k->oneof, t)) {
                return error_choice(k->oneof, "%s.%s[%zu]", base, k->key, i);
            }
        }
    }
    return NULL;
}

json_t *shape_take(const struct shape *shape, const json_t *in, json_t *out, bool create, const char *base)
{
    for (; shape->key; shape++) {
        const json_t *v = json_object_get(in, shape->key);
        if (!v) {
            if (create && shape->required) {
                return error_missing("%s.%s", base, shape->key);
            }
            continue;
        }
        json_t *bad = one_key(shape, v, base);
        if (bad) {
            return bad;
        }
        js_set(out, shape->key, json_deep_copy(v));
    }
    return NULL;
}

json_t *ref_complete(struct store *st, json_t *what, const char *kind, const char *module, const char *path)
{
    if (!json_is_object(what)) {
        return error_invalid("jsonobject", "%s", path);
    }
    static const char *const keys[] = {"id", "api_name", "name"};
    AUTO_JSON json_t *found = NULL;
    const char *key = NULL;
    for (size_t i = 0; i < 3 && !key; i++) {
        key = js_str(what, keys[i]) ? keys[i] : NULL;
    }
    if (!key) {
        return error_missing("%s.id", path);
    }
    const char *value = js_str(what, key);
    found = key == keys[0]   ? config_by_id(st, kind, module, value)
            : key == keys[1] ? config_by_api(st, kind, module, value)
                             : config_by_name(st, kind, module, value);
    if (!found) {
        return error_invalid(NULL, "%s.%s", path, key);
    }
    for (size_t i = 0; i < 3; i++) {
        const char *t = js_str(found, keys[i]);
        if (t) {
            js_set_str(what, keys[i], t);
        }
    }
    return NULL;
}

/* zoho-api.md 1.9: comparators seen in views; which of them a data type takes is checked where it matters. */
static const char comparators[] = "equal|not_equal|like|not_like|contains|not_contains|starts_with|ends_with|include_"
                                  "all|include_any|exclude_all|exclude_any|"
                                  "greater_than|greater_equal|less_than|less_equal|between|not_between";
static const char text_only[] = "contains|not_contains|starts_with|ends_with|like|not_like";
static const char order_only[] = "greater_than|greater_equal|less_than|less_equal|between|not_between";

static const char *allowed(const char *data_type)
{
    static const struct {
        const char *types, *list;
    } rows[] = {
        {"boolean", "equal"},
        {"picklist", "equal|not_equal|contains|not_contains|starts_with|ends_with|like|not_like"},
        {"integer|bigint|double|currency|percent|date|datetime|formula|autonumber",
         "equal|not_equal|greater_than|greater_equal|less_than|less_equal|between|not_between"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (one_of(rows[i].types, data_type)) {
            return rows[i].list;
        }
    }
    return NULL;
}

static json_t *leaf_check(struct store *st, const char *module, json_t *leaf, const char *path)
{
    const char *cmp = js_str(leaf, "comparator");
    json_t *field = json_object_get(leaf, "field");
    if (!cmp) {
        return error_missing("%s.comparator", path);
    }
    if (!one_of(comparators, cmp)) {
        return error_choice(comparators, "%s.comparator", path);
    }
    if (!field) {
        return error_missing("%s.field", path);
    }
    if (!json_object_get(leaf, "value")) {
        return error_missing("%s.value", path);
    }
    AUTO_FREE char *where = mem_printf("%s.field", path);
    const char *api = js_str(field, "api_name");
    if (api && strchr(api, '.')) { /* a field of a looked-up record: its module is not ours to check here */
        return NULL;
    }
    json_t *bad = ref_complete(st, field, "fields", module, where);
    if (bad) {
        return bad;
    }
    AUTO_JSON json_t *f = config_by_id(st, "fields", module, js_str(field, "id"));
    const char *type = js_str_or(f, "data_type", "text"), *list = allowed(type);
    if (!js_str(leaf, "type")) {
        js_set_str(leaf, "type", "value");
    }
    bool ordered_text = !list && one_of(order_only, cmp) && one_of("text|textarea|email|phone|website|picklist", type);
    if ((list && !one_of(list, cmp)) || ordered_text) {
        json_t *d = json_pack("{s:o,s:o}", "dependee", at("%s.field", path), "supported_values",
                              choices(list ? list : text_only));
        js_set_str(d, "api_name", "comparator");
        js_set_strf(d, "json_path", "%s.comparator", path);
        return item_error("DEPENDENT_MISMATCH", "the comparator does not suit the field's data type", d);
    }
    return NULL;
}

json_t *criteria_check(struct store *st, const char *module, json_t *tree, const char *path)
{
    json_t *group = json_object_get(tree, "group");
    if (!json_is_object(tree)) {
        return error_invalid("jsonobject", "%s", path);
    }
    if (!group) {
        return leaf_check(st, module, tree, path);
    }
    const char *op = js_str(tree, "group_operator");
    if (!op) {
        return error_missing("%s.group_operator", path);
    }
    if (!one_of("AND|OR|and|or", op)) {
        return error_choice("AND|OR", "%s.group_operator", path);
    }
    if (!json_is_array(group) || json_array_size(group) == 0) {
        return error_invalid("jsonarray", "%s.group", path);
    }
    for (size_t i = 0; i < json_array_size(group); i++) {
        AUTO_FREE char *sub = mem_printf("%s.group[%zu]", path, i);
        json_t *bad = criteria_check(st, module, json_array_get(group, i), sub);
        if (bad) {
            return bad;
        }
    }
    return NULL;
}
