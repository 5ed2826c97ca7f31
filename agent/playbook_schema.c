/*
 * agent/playbook_schema.c — the table of keys as JSON Schema 2020-12, for editors.
 *
 * Bodies: an address decides its kind, so each kind's properties hang on an `if` over the address. A value may everywhere be a
 * text with tags, and a list may be {$each, $item}: the schema says so instead of underlining it. Keys of a body that have no row
 * are Zoho's own and stay allowed.
 * Source  json-schema.org/draft/2020-12 (if/then, $defs).
 */
#include "agent/playbook_keys.h"
#include "base/mem.h"
#include "plan/spec.h"

static json_t *types(const char *const *names)
{
    json_t *list = json_array(), *s = json_object();
    for (; *names; names++)
        js_push_str(list, *names);
    js_set(s, "type", list);
    return s;
}

static json_t *type(const char *name)
{
    json_t *s = json_object();
    js_set_str(s, "type", name);
    return s;
}

static json_t *scalar(void)
{
    static const char *const names[] = {"string", "number", "boolean", "null", NULL};
    return types(names);
}

static json_t *ref(const char *name)
{
    json_t *s = json_object();
    js_set_strf(s, "$ref", "#/$defs/%s", name);
    return s;
}

static json_t *mapping(const struct playbook_key *table);

static json_t *value(const struct playbook_key *k)
{
    static const json_int_t format = 1;
    json_t *s = NULL, *words;
    switch (k->type) {
    case KEY_TEXT:
        s = type("string");
        break;
    case KEY_SCALAR:
        s = scalar();
        break;
    case KEY_NUMBER:
        s = json_pack("{s:[s,s],s:s}", "type", "number", "string", "pattern", "\\{\\{|^-?[0-9]+([.][0-9]+)?$");
        break;
    case KEY_INTEGER:
        s = type("integer");
        break;
    case KEY_BOOLEAN:
        s = type("boolean");
        break;
    case KEY_TEXTS: {
        static const char *const text_or_each[] = {"string", "object", NULL};
        s = type("array");
        js_set(s, "items", types(text_or_each));
        break;
    }
    case KEY_OBJECT:
        s = k->inside ? mapping(k->inside) : type("object");
        break;
    case KEY_LIST:
        s = type("array");
        js_set(s, "items", mapping(k->inside));
        break;
    case KEY_MAP:
        s = type("object");
        js_set(s, "additionalProperties", k->inside ? mapping(k->inside) : json_true());
        break;
    case KEY_ANY:
        s = json_object();
        break;
    }
    if (k->words) {
        js_set(s, "enum", words = json_array());
        for (const char *const *w = k->words; *w; w++)
            js_push_str(words, *w);
    }
    if (k->pattern)
        js_set_str(s, "pattern", k->pattern);
    if (!strcmp(k->name, "format"))
        js_set_int(s, "const", format);
    js_set_str(s, "description", k->help);
    return s;
}

static json_t *mapping(const struct playbook_key *table)
{
    json_t *s = type("object"), *properties = json_object(), *required = json_array();
    js_set(s, "properties", properties);
    for (const struct playbook_key *k = table; k->name; k++) {
        js_set(properties, k->name, value(k));
        if (k->required)
            js_push_str(required, k->name);
    }
    if (json_array_size(required))
        js_set(s, "required", required);
    else
        json_decref(required);
    js_set_bool(s, "additionalProperties", false);
    return s;
}

/* ---- bodies ---- */

static json_t *property(enum prop_shape shape)
{
    static const char *const text_or_object[] = {"string", "object", "null", NULL};
    static const char *const list[] = {"array", "object", "string", "null", NULL};
    switch (shape) {
    case SHAPE_ANY:
        return json_object();
    case SHAPE_TEXT:
        return scalar();
    case SHAPE_OBJECT:
    case SHAPE_NAME:
        return types(text_or_object);
    case SHAPE_LIST:
    case SHAPE_OBJECTS:
    case SHAPE_NAMES:
        return types(list);
    }
    return json_object();
}

static json_t *body_of(const struct kind *kind)
{
    json_t *s = type("object"), *properties = json_object();
    js_set(s, "properties", properties);
    for (size_t i = 0; i < kind->spec->props_n; i++)
        js_set(properties, kind->spec->props[i].key, property(kind->spec->props[i].type->shape));
    return s;
}

/* {if: address of this kind, then: its body} */
static json_t *condition(const struct kind *kind)
{
    json_t *c = json_object(), *address = json_object(), *body = json_object(), *o;
    js_set_strf(address, "pattern", "^%s/", kind->name);
    js_set(c, "if", o = json_object());
    js_set(o, "properties", json_pack("{s:o}", "address", address));
    js_set(c, "then", o = json_object());
    AUTO_FREE char *name = mem_printf("body_%s", kind->name);
    js_set(body, "body", ref(name));
    js_set(o, "properties", body);
    return c;
}

static json_t *address_pattern(void)
{
    char *all = mem_dup("");
    for (size_t i = 0; i < kinds_n; i++) {
        if (kinds[i].cls == KIND_REFERENCE)
            continue;
        char *more = mem_printf("%s%s%s", all, *all ? "|" : "", kinds[i].name);
        free(all);
        all = more;
    }
    json_t *s = json_object();
    js_set_strf(s, "pattern", "^(%s)/", all);
    free(all);
    return s;
}

/* A resource has an address, or is {$each, $where, $item} with a resource inside. */
static void add_each(json_t *resource)
{
    json_t *either = json_array();
    for (const struct playbook_key *k = playbook_each_keys; k->name; k++) {
        json_t *s = strcmp(k->name, "$item") != 0 ? value(k) : ref("resource");
        js_set_str(s, "description", k->help);
        js_set(js_obj(resource, "properties"), k->name, s);
    }
    json_array_append_new(either, json_pack("{s:[s]}", "required", "address"));
    json_array_append_new(either, json_pack("{s:[s,s]}", "required", "$each", "$item"));
    json_object_del(resource, "required");
    js_set(resource, "anyOf", either);
}

json_t *playbook_schema(void)
{
    json_t *s = mapping(playbook_keys), *defs = json_object(), *conditions = json_array();
    js_set_str(s, "$schema", "https://json-schema.org/draft/2020-12/schema");
    js_set_str(s, "title", "zagent playbook");
    js_set(s, "$defs", defs);
    json_t *resource = js_path(s, "properties.resources.items");
    json_object_update_new(js_path(resource, "properties.address"), address_pattern());
    add_each(resource);
    for (size_t i = 0; i < kinds_n; i++) {
        if (kinds[i].cls == KIND_REFERENCE)
            continue;
        AUTO_FREE char *name = mem_printf("body_%s", kinds[i].name);
        js_set(defs, name, body_of(&kinds[i]));
        json_array_append_new(conditions, condition(&kinds[i]));
    }
    js_set(resource, "allOf", conditions);
    json_object_set(defs, "resource", resource);
    json_object_set_new(js_path(s, "properties.resources"), "items", ref("resource"));
    return s;
}
