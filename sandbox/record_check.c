/*
 * sandbox/record_check.c — values of record fields by data type. Source: zoho-api.md 2.1 (shapes, codes), 2.7 (line items).
 * Assumptions (docs/CONFORMANCE.md): decimals may come as text; values outside a picklist are taken; only system-mandatory fields are
 * demanded, not those a layout requires; keys that are no field are ignored without a word.
 */
#include <ctype.h>

#include "base/text.h"
#include "sandbox/check.h"
#include "sandbox/module.h"
#include "sandbox/record.h"

struct place {
    struct call *c;
    const struct record_module *m;
    const json_t *before;
    bool seed;
    const char *base;
};

static json_t *wrong(const char *expected, const struct place *p, const char *api)
{
    return error_invalid(expected, "%s.%s", p->base, api);
}

static json_t *text_value(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out)
{
    const char *t = json_string_value(v), *type = js_str_or(f, "data_type", "");
    int64_t max = js_int(f, "length", 0);
    if (!t) {
        return wrong("string", p, api);
    }
    if (strcmp(type, "textarea") == 0) {
        const char *size = js_str_or(js_obj(f, "textarea"), "type", "large");
        max = strcmp(size, "small") == 0 ? 2000 : strcmp(size, "rich_text") == 0 ? 50000 : 32000; /* zoho-api.md 1.5 */
    }
    size_t bad_at;
    if (!text_utf8_valid(t, strlen(t), &bad_at) || (max > 0 && utf8_length(t) > (size_t)max)) {
        json_t *d = at("%s.%s", p->base, api);
        js_set_int(d, "maximum_length", max);
        return item_error("INVALID_DATA", "the text is too long", d);
    }
    if (strcmp(type, "email") == 0 && *t && !strchr(t, '@')) {
        return wrong("email", p, api);
    }
    *out = *t ? json_incref(v) : json_null();
    return NULL;
}

static json_t *number_value(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out)
{
    const char *json_type = js_str_or(f, "json_type", "double"), *t = json_string_value(v);
    char *end = NULL;
    bool whole = strcmp(json_type, "integer") == 0;
    if (json_is_integer(v) || (json_is_real(v) && !whole)) {
        *out = json_incref(v);
        return NULL;
    }
    if (!t || !*t || isspace((unsigned char)*t)) {
        return wrong(json_type, p, api);
    }
    if (whole) {
        long long n = strtoll(t, &end, 10);
        *out = *end ? NULL : json_integer(n);
    } else {
        double d = strtod(t, &end);
        *out = *end || d != d || d - d != 0 ? NULL : json_real(d);
    }
    return *out ? NULL : wrong(json_type, p, api);
}

static bool looks_like(const char *text, const char *pattern) /* 9 = digit, others themselves */
{
    for (; *pattern; text++, pattern++) {
        if (*pattern == '9' ? !isdigit((unsigned char)*text) : *text != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static json_t *time_value(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out)
{
    const char *t = json_string_value(v), *type = js_str_or(f, "data_type", "");
    int64_t at_s;
    bool date = strcmp(type, "date") == 0;
    if (!t || (date ? !looks_like(t, "9999-99-99") : !strchr(t, 'T')) || clock_parse(t, &at_s, NULL)) {
        return wrong(type, p, api);
    }
    *out = json_incref(v);
    return NULL;
}

static json_t *lookup_value(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out)
{
    const char *id = json_is_object(v) ? js_str(v, "id") : NULL, *type = js_str_or(f, "data_type", "");
    if (!id) {
        return wrong("jsonobject", p, api);
    }
    if (strcmp(type, "lookup") != 0) {
        AUTO_JSON json_t *u = config_by_id(p->c->st, "users", NULL, id);
        if (!u) {
            return error_invalid(NULL, "%s.%s.id", p->base, api);
        }
        *out = json_pack("{s:s,s:s,s:s}", "name", js_str_or(u, "full_name", ""), "id", id, "email",
                         js_str_or(u, "email", ""));
        return NULL;
    }
    const char *given = js_str(js_obj(js_obj(f, "lookup"), "module"), "api_name");
    AUTO_FREE char *target = given ? mem_dup(given) : record_module_name(p->c->st, id);
    AUTO_JSON json_t *r = target ? record_get(p->c->st, target, id) : NULL;
    AUTO_JSON json_t *m = r ? module_get(p->c->st, target) : NULL;
    if (!m) {
        return error_invalid(NULL, "%s.%s.id", p->base, api);
    }
    *out = json_pack("{s:s,s:s}", "name", js_str_or(r, module_display_field(m), js_str_or(v, "name", "")), "id", id);
    if (!given && strcmp(api, "Parent_Id") == 0) { /* of a note: v8 names the module too (OAS26a notes) */
        js_set(*out, "module", json_pack("{s:s,s:s}", "api_name", target, "id", js_str_or(m, "id", "")));
    }
    return NULL;
}

static json_t *list_value(const struct place *p, const char *api, json_t *v, json_t **out)
{
    size_t i;
    json_t *one;
    if (!json_is_array(v)) {
        return wrong("jsonarray", p, api);
    }
    json_array_foreach (v, i, one) {
        if (!json_is_string(one) && !json_is_object(one)) {
            return error_invalid("string", "%s.%s[%zu]", p->base, api, i);
        }
    }
    *out = json_incref(v);
    return NULL;
}

/* A row sent: its own fields checked as a record's are. */
static json_t *row_value(const struct place *p, const struct record_module *rows, const json_t *in, json_t *old,
                         json_t *into, const char *path)
{
    AUTO_JSON json_t *out = json_object();
    json_t *bad = record_check(p->c, rows, in, old, out, p->seed, path);
    if (bad) {
        return bad;
    }
    json_t *row = old ? old : json_object(), *v;
    const char *k;
    json_object_foreach (out, k, v) {
        if (json_is_null(v)) {
            json_object_del(row, k);
        } else {
            json_object_set(row, k, v);
        }
    }
    if (!old) {
        char id[STORE_ID_TEXT];
        store_new_id(p->c->st, id);
        js_set_str(row, "id", id);
        json_array_append_new(into, row);
    }
    return NULL;
}

/* A row with id changes, one without joins, one with "_delete" leaves, those not sent stay (zoho-api.md 2.7, unproven). */
static json_t *subform_value(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out)
{
    struct record_module rows;
    const char *module = js_str_or(js_obj(f, "associated_module"), "module", api);
    if (!json_is_array(v)) {
        return wrong("jsonarray", p, api);
    }
    if (!record_module_open(p->c->st, module, &rows)) {
        return wrong(NULL, p, api);
    }
    json_t *list = p->before && js_arr(p->before, api) ? json_deep_copy(js_arr(p->before, api)) : json_array();
    json_t *bad = NULL, *in, *o;
    size_t i, k;
    json_array_foreach (v, i, in) {
        AUTO_FREE char *path = mem_printf("%s.%s[%zu]", p->base, api, i);
        const char *id = js_str(in, "id");
        json_t *old = NULL;
        size_t where = 0;
        json_array_foreach (list, k, o) {
            if (id && strcmp(js_str_or(o, "id", ""), id) == 0) {
                old = o;
                where = k;
            }
        }
        if (bad || !json_is_object(in) || (id && !old)) {
            bad = bad ? bad : error_invalid(json_is_object(in) ? NULL : "jsonobject", "%s.id", path);
        } else if (json_object_get(in, "_delete")) {
            json_array_remove(list, where);
        } else {
            bad = row_value(p, &rows, in, old, list, path);
        }
    }
    record_module_close(&rows);
    if (bad) {
        json_decref(list);
        return bad;
    }
    *out = list;
    return NULL;
}

static const struct {
    const char *types;
    json_t *(*take)(const struct place *p, const json_t *f, const char *api, json_t *v, json_t **out);
} takers[] = {
    {"text|textarea|email|phone|website|picklist|bigint|profileimage", text_value},
    {"integer|double|currency|percent", number_value},
    {"date|datetime", time_value},
    {"lookup|ownerlookup|userlookup", lookup_value},
    {"subform", subform_value},
};

static json_t *one_value(const struct place *p, const json_t *f, json_t *v, json_t **out)
{
    const char *type = js_str_or(f, "data_type", ""), *api = js_str_or(f, "api_name", "");
    if (json_is_null(v)) {
        *out = json_null();
        return NULL;
    }
    if (strcmp(type, "boolean") == 0) {
        *out = json_is_boolean(v) ? json_incref(v) : NULL;
        return *out ? NULL : wrong("boolean", p, api);
    }
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++) {
        if (one_of(takers[i].types, type)) {
            return takers[i].take(p, f, api, v, out);
        }
    }
    return list_value(p, api, v, out);
}

/* Computed and system-kept values are ignored when sent. */
static bool writable(const json_t *f, bool seed)
{
    const char *type = js_str_or(f, "data_type", ""), *api = js_str_or(f, "api_name", "");
    if (seed && one_of("Created_Time|Modified_Time", api)) {
        return true;
    }
    return !one_of("formula|rollup_summary|autonumber", type) && !js_bool(f, "read_only", false);
}

json_t *record_check(struct call *c, const struct record_module *m, const json_t *in, const json_t *before, json_t *out,
                     bool seed, const char *base)
{
    struct place p = {c, m, before, seed, base};
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        json_t *v = json_object_get(in, api), *value = NULL;
        bool mandatory = js_bool(f, "system_mandatory", false);
        if (!v || !writable(f, seed)) {
            if (mandatory && !before && writable(f, seed)) {
                return error_missing("%s.%s", base, api);
            }
            continue;
        }
        json_t *bad = one_value(&p, f, v, &value);
        if (!bad && mandatory && (json_is_null(value) || (json_is_array(value) && json_array_size(value) == 0))) {
            bad = error_missing("%s.%s", base, api);
        }
        if (bad) {
            json_decref(value);
            return bad;
        }
        json_object_set_new(out, api, value);
    }
    return NULL;
}
