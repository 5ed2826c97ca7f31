/* plan/criteria.c — normal form, text, references of criteria trees. */
#include "plan/criteria.h"

#include <ctype.h>

#include "base/mem.h"
#include "base/sb.h"
#include "plan/spec.h"
#include "plan/walk.h"

static void set_cased(json_t *o, const char *key, const char *text, bool upper)
{
    AUTO_FREE char *s = mem_dup(text);
    for (char *p = s; *p; p++)
        *p = (char)(upper ? toupper((unsigned char)*p) : tolower((unsigned char)*p));
    js_set_str(o, key, s);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A list of values means the same in any order; ranges are told by their comparator and keep theirs. */
static json_t *value_list(const json_t *list, bool ordered);

static json_t *value_normal(const json_t *value, bool ordered)
{
    if (json_array_size(value) == 1) /* a list of one and its member mean the same */
        return value_normal(json_array_get(value, 0), ordered);
    if (json_is_array(value))
        return value_list(value, ordered);
    if (json_is_object(value)) {
        const char *name = ref_name(value);
        return name ? json_string(name) : canon(value);
    }
    return scalar_text(value);
}

static json_t *value_list(const json_t *list, bool ordered)
{
    json_t *out = json_array(), *item;
    size_t i;
    json_array_foreach (list, i, item)
        json_array_append_new(out, value_normal(item, ordered));
    if (!ordered)
        js_array_sort(out, NULL);
    return out;
}

static json_t *leaf_normal(const struct kind_view *v, const char *module, const json_t *leaf, bool live)
{
    json_t *out = json_object();
    const char *field = ref_name(json_object_get(leaf, "field"));
    const char *comparator = js_str_or(leaf, "comparator", "equal");
    const char *type = js_str_or(leaf, "type", "value");
    json_t *value = json_object_get(leaf, "value");
    js_set_str(out, "field", !field ? "" : live ? field : real_field(v, module, field));
    set_cased(out, "comparator", comparator, false);
    set_cased(out, "type", type, false);
    if (!strcmp(type, "field") && ref_name(value))
        js_set_str(out, "value", live ? ref_name(value) : real_field(v, module, ref_name(value)));
    else
        js_set(out, "value", value_normal(value, strstr(comparator, "between") != NULL));
    return out;
}

/* Members of an inner group of the same operator become members of the outer one. */
static void add_member(json_t *members, const char *operator, json_t * member)
{
    size_t i;
    json_t *inner;
    if (json_is_object(member) && js_str(member, "operator") && !strcmp(js_str(member, "operator"), operator)) {
        json_array_foreach (js_arr(member, "group"), i, inner)
            json_array_append(members, inner);
    } else if (!json_is_null(member)) {
        json_array_append(members, member);
    }
    json_decref(member);
}

static json_t *sorted_by_text(json_t *members)
{
    size_t n = json_array_size(members);
    char **text = mem_grow(NULL, n + 1, sizeof *text);
    json_t *by = json_object(), *out = json_array();
    for (size_t i = 0; i < n; i++) {
        text[i] = criteria_text(json_array_get(members, i));
        json_object_set(by, text[i], json_array_get(members, i));
    }
    qsort(text, n, sizeof *text, by_bytes);
    for (size_t i = 0; i < n; i++) {
        if (!i || strcmp(text[i], text[i - 1]) != 0) /* said twice is said once */
            json_array_append(out, json_object_get(by, text[i]));
    }
    for (size_t i = 0; i < n; i++)
        free(text[i]);
    free(text);
    json_decref(by);
    json_decref(members);
    return out;
}

json_t *criteria_normalise(const struct kind_view *v, const char *module, const json_t *criteria, bool live)
{
    if (!json_is_object(criteria) || !json_object_size(criteria))
        return json_null();
    json_t *group = js_arr(criteria, "group");
    if (!group)
        return leaf_normal(v, module, criteria, live);
    json_t *out = json_object(), *members = json_array(), *child;
    size_t i;
    set_cased(out, "operator", js_str_or(criteria, "group_operator", "AND"), true);
    json_array_foreach (group, i, child)
        add_member(members, js_str(out, "operator"), criteria_normalise(v, module, child, live));
    members = sorted_by_text(members);
    js_set(out, "group", members);
    if (json_array_size(members) > 1)
        return out;
    json_t *only = json_array_size(members) ? json_incref(json_array_get(members, 0)) : json_null();
    json_decref(out);
    return only;
}

static void add_value(struct sb *b, const json_t *value)
{
    AUTO_FREE char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    sb_add(b, text ? text : "null");
}

static void add_text(struct sb *b, const json_t *normal)
{
    json_t *group = js_arr(normal, "group"), *child;
    size_t i;
    if (!group) {
        const char *type = js_str_or(normal, "type", "value");
        sb_addf(b, "%s %s ", js_str_or(normal, "field", ""), js_str_or(normal, "comparator", ""));
        if (strcmp(type, "value") != 0)
            sb_addf(b, "%s ", type);
        add_value(b, json_object_get(normal, "value"));
        return;
    }
    json_array_foreach (group, i, child) {
        bool nested = js_arr(child, "group") != NULL;
        if (i)
            sb_addf(b, " %s ", js_str(normal, "operator"));
        if (nested)
            sb_addc(b, '(');
        add_text(b, child);
        if (nested)
            sb_addc(b, ')');
    }
}

char *criteria_text(const json_t *normal)
{
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    if (json_is_object(normal))
        add_text(&b, normal);
    return sb_take(&b, "criteria", NULL);
}

json_t *criteria_line(const struct kind_view *v, const char *module, const json_t *criteria, bool live)
{
    AUTO_JSON json_t *normal = criteria_normalise(v, module, criteria, live);
    AUTO_FREE char *text = criteria_text(normal);
    return *text ? json_string(text) : json_null();
}

void criteria_needs(const char *module, const json_t *criteria, struct strset *out)
{
    json_t *child;
    size_t i;
    if (!json_is_object(criteria))
        return;
    json_array_foreach (js_arr(criteria, "group"), i, child)
        criteria_needs(module, child, out);
    const char *field = ref_name(json_object_get(criteria, "field"));
    const char *type = js_str(criteria, "type");
    const char *other = type && !strcmp(type, "field") ? ref_name(json_object_get(criteria, "value")) : NULL;
    const char *named[] = {field, other};
    for (i = 0; i < 2; i++) {
        AUTO_FREE char *address = named[i] ? address_make("field", module, named[i]) : NULL;
        if (address)
            strset_add(out, address);
    }
}

json_t *criteria_body(const char *module, const json_t *criteria)
{
    if (!json_is_object(criteria) || !json_object_size(criteria))
        return json_null();
    json_t *out = json_object(), *value;
    const char *key;
    json_object_foreach (walk(criteria), key, value) {
        json_t *child, *list;
        size_t i;
        if (!strcmp(key, "group")) {
            list = json_array();
            json_array_foreach (value, i, child)
                json_array_append_new(list, criteria_body(module, child));
            js_set(out, key, list);
        } else if (!strcmp(key, "field") && ref_name(value)) {
            js_set(out, key, ref_field(module, ref_name(value)));
        } else {
            js_set(out, key, json_deep_copy(value));
        }
    }
    if (!js_arr(out, "group") && !js_str(out, "type"))
        js_set_str(out, "type", "value");
    return out;
}
