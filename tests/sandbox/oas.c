/* tests/sandbox/oas.c — a small reader of OpenAPI 3.1 schemas. */
#include "tests/sandbox/oas.h"

#include <string.h>

enum { DEPTH = 40 };

struct check {
    const json_t *doc;
    json_t *findings;
    int depth;
};

json_t *oas_load(const char *file)
{
    const char *shared = getenv("ZAGENT_SHARED");
    AUTO_FREE char *path = mem_printf("%s/oas/v8.0-3.1/%s.json", shared ? shared : "../shared", file);
    return js_load(path, NULL);
}

/* Follows "#/a/b~1c". */
static const json_t *resolved(const json_t *doc, const json_t *schema)
{
    const char *ref;
    for (int i = 0; i < DEPTH && (ref = js_str(schema, "$ref")); i++) {
        schema = doc;
        for (const char *p = ref + 2; *p;) {
            size_t n = strcspn(p, "/"), k = 0;
            AUTO_FREE char *part = mem_dupn(p, n);
            for (size_t j = 0; j < n; j++) {
                bool slash = part[j] == '~' && part[j + 1] == '1';
                part[k++] = slash ? '/' : part[j];
                j += slash;
            }
            part[k] = '\0';
            schema = json_object_get(schema, part);
            p += n + (p[n] == '/');
        }
    }
    return schema;
}

static bool is_type(const char *type, const json_t *v)
{
    return (strcmp(type, "string") == 0 && json_is_string(v)) || (strcmp(type, "integer") == 0 && json_is_integer(v)) ||
           (strcmp(type, "number") == 0 && json_is_number(v)) || (strcmp(type, "boolean") == 0 && json_is_boolean(v)) ||
           (strcmp(type, "object") == 0 && json_is_object(v)) || (strcmp(type, "array") == 0 && json_is_array(v)) ||
           (strcmp(type, "null") == 0 && json_is_null(v));
}

static bool type_fits(const json_t *type, const json_t *v)
{
    size_t i;
    json_t *t;
    if (!type || json_is_string(type)) {
        return !type || is_type(json_string_value(type), v);
    }
    json_array_foreach (type, i, t) {
        if (is_type(json_string_value(t), v)) {
            return true;
        }
    }
    return false;
}

static void note(struct check *c, const char *path, const char *what, const char *name)
{
    AUTO_FREE char *line = mem_printf("%s: %s %s", path, what, name);
    js_array_add_unique(c->findings, line);
}

static void value_check(struct check *c, const json_t *schema, const json_t *v, const char *path);

static bool any_fits(struct check *c, const json_t *list, const json_t *v, const char *path)
{
    size_t i;
    json_t *s;
    json_array_foreach (list, i, s) {
        AUTO_JSON json_t *scrap = json_array();
        struct check sub = {c->doc, scrap, c->depth + 1};
        value_check(&sub, s, v, path);
        if (json_array_size(scrap) == 0) {
            return true;
        }
    }
    return false;
}

static void object_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    size_t i;
    json_t *name, *sub;
    const char *k;
    json_array_foreach (js_arr(schema, "required"), i, name) {
        if (!json_object_get(v, json_string_value(name))) {
            note(c, path, "lacks", json_string_value(name));
        }
    }
    json_object_foreach (js_obj(schema, "properties"), k, sub) {
        const json_t *inner = json_object_get(v, k);
        AUTO_FREE char *at = mem_printf("%s.%s", path, k);
        if (inner) {
            value_check(c, sub, inner, at);
        }
    }
}

static void enum_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    size_t i;
    json_t *one;
    const json_t *list = js_arr(schema, "enum");
    bool found = !list;
    json_array_foreach (list, i, one) {
        found = found || json_equal(one, v);
    }
    if (!found) {
        AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY);
        note(c, path, "is none of the values listed:", text);
    }
}

static void value_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    size_t i;
    json_t *one;
    schema = resolved(c->doc, schema);
    if (!json_is_object(schema) || ++c->depth > DEPTH) {
        return;
    }
    static const char *const either[] = {"oneOf", "anyOf"};
    for (i = 0; i < 2; i++) {
        const json_t *list = js_arr(schema, either[i]);
        if (list && !any_fits(c, list, v, path)) {
            note(c, path, "fits none of", either[i]);
        }
    }
    json_array_foreach (js_arr(schema, "allOf"), i, one) {
        value_check(c, one, v, path);
    }
    if (!type_fits(json_object_get(schema, "type"), v)) {
        AUTO_FREE char *want = json_dumps(json_object_get(schema, "type"), JSON_ENCODE_ANY);
        note(c, path, "is not of type", want);
    } else if (json_is_object(v)) {
        object_check(c, schema, v, path);
    } else if (json_is_array(v)) {
        json_array_foreach (v, i, one) {
            value_check(c, json_object_get(schema, "items"), one, path);
        }
    } else {
        enum_check(c, schema, v, path);
    }
    c->depth--;
}

int oas_check(const json_t *doc, const char *path, const char *method, long status, const json_t *value,
              json_t *findings)
{
    char code[8];
    snprintf(code, sizeof code, "%ld", status);
    const json_t *op = json_object_get(js_obj(js_obj(doc, "paths"), path), method);
    const json_t *answer = resolved(doc, json_object_get(js_obj(op, "responses"), code));
    const json_t *schema = json_object_get(js_obj(js_obj(answer, "content"), "application/json"), "schema");
    struct check c = {doc, findings, 0};
    if (!schema) {
        return -1;
    }
    value_check(&c, schema, value, "$");
    return 0;
}
