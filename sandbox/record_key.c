/* sandbox/record_key.c — values by which records are found: unique fields, the module's duplicate-check field, another module's by
 * preference. Source: zoho-api.md 2.1; DOC:upsert-records; OAS26a duplicate_check_preference. */
#include "sandbox/check.h"
#include "sandbox/record.h"

static bool is_unique(const json_t *field)
{
    return json_object_size(js_obj(field, "unique")) > 0 || json_is_true(json_object_get(field, "unique"));
}

bool record_unique_field(const struct record_module *m, const char *api_name)
{
    return (m->duplicate && strcmp(api_name, m->duplicate) == 0) || is_unique(json_object_get(m->by_api, api_name));
}

/* The text under which a value is compared; caller frees, NULL for what has none. */
static char *key_text(const json_t *v)
{
    if (json_is_string(v)) {
        return *json_string_value(v) ? mem_dup(json_string_value(v)) : NULL;
    }
    return json_is_integer(v) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
           : json_is_real(v)  ? mem_printf("%.15g", json_real_value(v))
                              : NULL;
}

char *record_find(struct store *st, const struct record_module *m, const char *field, const json_t *value,
                  const char *but_id)
{
    AUTO_FREE char *text = key_text(value);
    char *out = NULL;
    if (!text) {
        return NULL;
    }
    sqlite3_stmt *q = store_q(
        st, "SELECT record FROM keyed WHERE module=?1 AND field=?2 AND value=?3 AND record<>?4 ORDER BY record LIMIT 1",
        "sssi", m->api, field, text, (int64_t)strtoll(but_id ? but_id : "0", NULL, 10));
    while (store_row(st, q)) {
        out = mem_dup(store_text(q, 0));
    }
    return out;
}

void record_keys(struct store *st, const struct record_module *m, int64_t id, const json_t *body)
{
    size_t i;
    json_t *f;
    store_do(st, "DELETE FROM keyed WHERE record=?1", "i", id);
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        AUTO_FREE char *text = record_unique_field(m, api) ? key_text(json_object_get(body, api)) : NULL;
        if (text) {
            store_do(st, "INSERT OR IGNORE INTO keyed(module,field,value,record) VALUES(?1,?2,?3,?4)", "sssi", m->api,
                     api, text, id);
        }
    }
}

void record_index_field(struct store *st, const char *module, const char *field)
{
    AUTO_FREE char *path = mem_printf("$.\"%s\"", field);
    store_do(st,
             "INSERT OR IGNORE INTO keyed(module,field,value,record) SELECT ?1,?2,json_extract(body,?3),id FROM record "
             "WHERE module=?1 "
             "AND deleted IS NULL AND json_extract(body,?3) IS NOT NULL",
             "sss", module, field, path);
}

static json_t *duplicate(const char *base, const char *api, const char *other, const char *module)
{
    json_t *d = at("%s.%s", base, api);
    js_set_str(d, "id", other);
    js_set(d, "duplicate_record", json_pack("{s:s,s:{s:s}}", "id", other, "module", "api_name", module));
    return item_error("DUPLICATE_DATA", "duplicate data", d);
}

/* A value that a record of the mapped module has already, as the module's duplicate-check preference asks (OAS26a
 * duplicate_check_preference; that the refusal is the same DUPLICATE_DATA is our reading). */
static json_t *preferred_check(struct call *c, const struct record_module *m, const json_t *out, const char *base)
{
    AUTO_JSON json_t *all = config_list(c->st, "duplicate_check_preference", m->api);
    const json_t *list = js_arr(json_array_get(all, 0), "type_configurations");
    json_t *one, *pair, *bad = NULL;
    size_t i, k;
    json_array_foreach (list, i, one) {
        struct record_module to;
        const char *module = js_str_or(js_obj(one, "mapped_module"), "api_name", "");
        if (bad || !record_module_open(c->st, module, &to)) {
            continue;
        }
        json_array_foreach (js_arr(one, "field_mappings"), k, pair) {
            const char *mine = js_str_or(js_obj(pair, "current_field"), "api_name", ""),
                       *its = js_str_or(js_obj(pair, "mapped_field"), "api_name", "");
            AUTO_FREE char *other = bad ? NULL : record_find(c->st, &to, its, json_object_get(out, mine), NULL);
            bad = other ? duplicate(base, mine, other, module) : bad;
        }
        record_module_close(&to);
    }
    return bad;
}

json_t *record_duplicate(struct call *c, const struct record_module *m, const json_t *out, const char *id,
                         const char *base)
{
    size_t i;
    json_t *f;
    json_array_foreach (m->fields, i, f) {
        const char *api = js_str_or(f, "api_name", "");
        AUTO_FREE char *other = is_unique(f) ? record_find(c->st, m, api, json_object_get(out, api), id) : NULL;
        if (other) {
            return duplicate(base, api, other, m->api);
        }
    }
    return id ? NULL : preferred_check(c, m, out, base);
}
