/* tests/oas.c — a small reader of OpenAPI 3.0 and 3.1 schemas. */
#include "tests/oas.h"

#include <string.h>

/* How far a value is from a form: an array for an object tells most, then a wrong constant. */
enum { DEPTH = 40, WRONG_VALUE = 1, WRONG_KEY = 10, WRONG_FORM = 1000, WRONG_KIND = 1 << 20 };

/* What an object may hold besides what is named: anything, what the schema says, nothing. */
enum closed { OPEN, AS_SAID, CLOSED };

struct check {
    const json_t *docs, *doc;
    json_t *findings;
    enum closed closed;
    int depth, wrong;
};

/* "/a/b~1c" inside a document. */
static const json_t *pointed(const json_t *at, const char *pointer)
{
    for (const char *p = pointer + (*pointer == '/'); *p;) {
        size_t n = strcspn(p, "/"), k = 0;
        AUTO_FREE char *part = mem_dupn(p, n);
        for (size_t j = 0; j < n; j++) {
            bool slash = part[j] == '~' && part[j + 1] == '1';
            part[k++] = slash ? '/' : part[j];
            j += slash;
        }
        part[k] = '\0';
        at = json_object_get(at, part);
        p += n + (p[n] == '/');
    }
    return at;
}

/* Follows $ref; *doc is the document it ended in. NULL when it dangles. */
static const json_t *resolved(const json_t *docs, const json_t **doc, const json_t *schema)
{
    const char *ref;
    for (int i = 0; i < DEPTH && (ref = js_str(schema, "$ref")); i++) {
        const char *hash = strchr(ref, '#');
        if (!hash) {
            return NULL;
        }
        if (hash > ref) {
            AUTO_FREE char *address = mem_dupn(ref, (size_t)(hash - ref));
            const char *slash = strrchr(address, '/');
            *doc = json_object_get(docs, slash ? slash + 1 : address);
        }
        schema = pointed(*doc, hash + 1);
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

static void note(struct check *c, int wrong, const char *path, const char *what, const char *more)
{
    AUTO_FREE char *line = mem_printf("%s: %s%s", path, what, more);
    js_array_add_unique(c->findings, line);
    c->wrong += wrong;
}

static void value_check(struct check *c, const json_t *schema, const json_t *v, const char *path);

/* One of several forms must fit; when none does, the nearest tells why. */
static void either_check(struct check *c, const json_t *list, const json_t *v, const char *path)
{
    AUTO_JSON json_t *best = NULL;
    int wrong = 0;
    size_t i;
    json_t *s;
    json_array_foreach (list, i, s) {
        AUTO_JSON json_t *scrap = json_array();
        struct check sub = {c->docs, c->doc, scrap, c->closed, c->depth + 1, 0};
        value_check(&sub, s, v, path);
        if (!best || sub.wrong < wrong) {
            json_decref(best);
            best = json_incref(scrap);
            wrong = sub.wrong;
        }
    }
    json_array_foreach (best, i, s) {
        js_array_add_unique(c->findings, json_string_value(s));
    }
    c->wrong += wrong;
}

static void object_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    const json_t *known = js_obj(schema, "properties"), *more = json_object_get(schema, "additionalProperties");
    bool closed = c->closed == CLOSED ? known && !more : c->closed == AS_SAID && json_is_false(more);
    size_t i;
    json_t *name, *inner;
    const char *k;
    json_array_foreach (js_arr(schema, "required"), i, name) {
        if (!json_object_get(v, json_string_value(name))) {
            AUTO_FREE char *at = mem_printf("%s.%s", path, json_string_value(name));
            note(c, WRONG_KEY, at, "is missing", "");
        }
    }
    json_object_foreach ((json_t *)(uintptr_t)v, k, inner) {
        const json_t *sub = json_object_get(known, k);
        AUTO_FREE char *at = mem_printf("%s.%s", path, k);
        if (sub || (json_is_object(more) && c->closed != OPEN)) {
            value_check(c, sub ? sub : more, inner, at);
        } else if (closed) {
            note(c, WRONG_KEY, at, "is not known", "");
        }
    }
}

static void enum_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    size_t i;
    json_t *one;
    const json_t *list = js_arr(schema, "enum"), *constant = json_object_get(schema, "const");
    bool found = constant ? json_equal(constant, v) : !list;
    json_array_foreach (list, i, one) {
        found = found || json_equal(one, v);
    }
    if (!found) {
        AUTO_FREE char *text = json_dumps(v, JSON_ENCODE_ANY);
        note(c, constant || json_array_size(list) == 1 ? WRONG_FORM : WRONG_VALUE, path,
             "is none of the values listed: ", text);
    }
}

static void shape_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    size_t i;
    json_t *one;
    if (json_is_null(v) && js_bool(schema, "nullable", false)) {
        return;
    }
    static const char *const either[] = {"oneOf", "anyOf"};
    for (i = 0; i < 2; i++) {
        either_check(c, js_arr(schema, either[i]), v, path);
    }
    json_array_foreach (js_arr(schema, "allOf"), i, one) {
        value_check(c, one, v, path);
    }
    if (!type_fits(json_object_get(schema, "type"), v)) {
        AUTO_FREE char *want = json_dumps(json_object_get(schema, "type"), JSON_ENCODE_ANY);
        bool kind = json_is_object(v) || json_is_array(v) || strstr(want, "object") || strstr(want, "array");
        note(c, kind ? WRONG_KIND : WRONG_VALUE, path, "is not of type ", want);
    } else if (json_is_object(v)) {
        object_check(c, schema, v, path);
    } else if (json_is_array(v)) {
        AUTO_FREE char *at = mem_printf("%s.*", path);
        json_array_foreach (v, i, one) {
            value_check(c, json_object_get(schema, "items"), one, at);
        }
    } else {
        enum_check(c, schema, v, path);
    }
}

static void value_check(struct check *c, const json_t *schema, const json_t *v, const char *path)
{
    const json_t *home = c->doc;
    schema = resolved(c->docs, &c->doc, schema);
    if (json_is_object(schema) && c->depth < DEPTH) {
        c->depth++;
        shape_check(c, schema, v, path);
        c->depth--;
    }
    c->doc = home;
}

/* The first schema of a "content" member, whatever the media type. */
static const json_t *json_schema(const json_t *body)
{
    const json_t *content = js_obj(body, "content"), *json = js_obj(content, "application/json");
    return json_object_get(json ? json : json_object_iter_value(json_object_iter((json_t *)(uintptr_t)content)),
                           "schema");
}

int oas_check(const json_t *doc, const char *path, const char *method, long status, const json_t *value,
              json_t *findings)
{
    char code[8];
    snprintf(code, sizeof code, "%ld", status);
    const json_t *op = json_object_get(js_obj(js_obj(doc, "paths"), path), method);
    const json_t *schema = json_schema(resolved(NULL, &doc, json_object_get(js_obj(op, "responses"), code)));
    struct check c = {NULL, doc, findings, OPEN, 0, 0};
    if (!schema) {
        return -1;
    }
    value_check(&c, schema, value, "$");
    return 0;
}

/* A parameter comes as text: the value that its schema means. New reference. */
static json_t *typed(const json_t *schema, const char *text)
{
    AUTO_JSON json_t *as_json = json_loads(text, JSON_DECODE_ANY, NULL);
    const char *type = js_str_or(schema, "type", "");
    return as_json && strcmp(type, "string") != 0 && *type ? json_incref(as_json) : json_string(text);
}

/* The older edition never says that an object is closed: what it does not name it does not know. */
static struct check check_of(const struct oas_op *op, json_t *findings)
{
    return (struct check){op->docs, op->doc, findings, strcmp(op->edition, "v8.0") == 0 ? CLOSED : AS_SAID, 0, 0};
}

void oas_query(const struct oas_op *op, const json_t *query, json_t *findings)
{
    AUTO_JSON json_t *known = json_object();
    const json_t *lists[] = {js_arr(op->item, "parameters"), js_arr(op->op, "parameters")};
    size_t i;
    json_t *one;
    const char *k;
    for (size_t l = 0; l < 2; l++) {
        json_array_foreach (lists[l], i, one) {
            struct check c = check_of(op, findings);
            const json_t *p = resolved(op->docs, &c.doc, one);
            const char *name = js_str_or(p, "name", "");
            const char *sent = js_str(query, name);
            if (strcmp(js_str_or(p, "in", ""), "query") != 0) {
                continue;
            }
            json_object_set_new(known, name, json_true());
            AUTO_FREE char *at = mem_printf("?%s", name);
            const json_t *schema = resolved(op->docs, &c.doc, json_object_get(p, "schema"));
            AUTO_JSON json_t *value = sent ? typed(schema, sent) : NULL;
            if (value && strcmp(js_str_or(schema, "type", ""), "array") != 0) {
                value_check(&c, schema, value, at);
            } else if (!sent && js_bool(p, "required", false)) {
                note(&c, WRONG_KEY, at, "is missing", "");
            }
        }
    }
    json_object_foreach ((json_t *)(uintptr_t)query, k, one) {
        struct check c = check_of(op, findings);
        if (!json_object_get(known, k)) {
            AUTO_FREE char *at = mem_printf("?%s", k);
            note(&c, WRONG_KEY, at, "is not known", "");
        }
    }
}

void oas_request(const struct oas_op *op, const json_t *value, json_t *findings)
{
    struct check c = check_of(op, findings);
    const json_t *body = resolved(op->docs, &c.doc, json_object_get(op->op, "requestBody"));
    const json_t *schema = json_schema(body);
    if (value && schema) {
        value_check(&c, schema, value, "$");
    } else if (value) {
        note(&c, WRONG_KEY, "$", "is not described", "");
    } else if (js_bool(body, "required", false)) {
        note(&c, WRONG_KEY, "$", "is missing", "");
    }
}

void oas_response(const struct oas_op *op, long status, const json_t *value, json_t *findings)
{
    char code[8];
    snprintf(code, sizeof code, "%ld", status);
    struct check c = check_of(op, findings);
    const json_t *all = js_obj(op->op, "responses"), *one = json_object_get(all, code);
    const json_t *schema = json_schema(resolved(op->docs, &c.doc, one));
    if (!one) {
        note(&c, WRONG_KEY, "$", "is not described with status ", code);
    } else if (value && schema) {
        value_check(&c, schema, value, "$");
    } else if (value && json_object_size(value)) {
        note(&c, WRONG_KEY, "$", "is not described", "");
    } else if (schema && !value) {
        note(&c, WRONG_KEY, "$", "is missing", "");
    }
}
