/*
 * plan/kind_records.c — existing records that get a value: which rows, read by COQL, and only those not right already.
 * Source: zoho-api.md 2.1 (update by id, 100 a call, 1 credit per 10) and 2.3 (COQL).
 *
 * A table     values that differ row by row are plan/records_table.c's.
 * Rows come with the fields to set as far as these exist; before the field does, with the id alone.
 *
 * Many rows  the snapshot may hold [{"@rows": {"records", "was", "want"}}] in their place: their number and the digests of the lines
 *            (plan_row_line) of all of them, as they are and as they are wanted. The lines themselves are with whoever read them,
 *            under the digest `was`. A tree then compares by its digest instead of row by row.
 * Given back a rollback's body names under `restore` the list of lines that its rows had before: each row has wanted values of its
 *            own, which whoever reads the rows puts beside them as "@want". Lines hold comparable text, so what is sent is made
 *            again by the field's type (`types`, from the fields the org has).
 */
#include "base/mem.h"
#include "base/sb.h"
#include "plan/kinds.h"
#include "plan/plan.h"
#include "plan/records_table.h"
#include "plan/records_value.h"

static const char *module_of(const struct resource *r)
{
    return js_str_or(r->body, "module", "");
}

/* The rows; the array itself stands for "the live object". */
json_t *records_find(const struct kind_view *v, const struct resource *r)
{
    AUTO_FREE char *list = mem_printf("records/%s", r->name);
    return module_exists(v, module_of(r)) ? snapshot_get(v->snapshot, list) : NULL;
}

void records_reads(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    (void)v;
    strset_addf(out, "records/%s", r->name);
}

static const json_t *spilled(const json_t *rows)
{
    return js_obj(json_array_get(rows, 0), "@rows");
}

static json_t *wanted_values(const struct kind_view *v, const struct resource *r)
{
    json_t *out = json_object(), *value;
    const char *field;
    json_object_foreach (js_obj(r->body, "set"), field, value)
        js_set(out, real_field(v, module_of(r), field), canon(value));
    return out;
}

static json_t *row_values(const json_t *row, json_t *wanted)
{
    json_t *out = json_object(), *value;
    const char *field;
    json_object_foreach (wanted, field, value) {
        json_t *have = json_object_get(row, field);
        js_set(out, field, json_is_object(have) && ref_name(have) ? json_string(ref_name(have)) : canon(have));
    }
    return out;
}

/* What this row is to hold: what all get, or in a rollback what it had. Borrowed. */
static json_t *wanted_of(const json_t *row, json_t *all)
{
    json_t *own = js_obj(row, "@want");
    return own ? own : all;
}

/* Ids of a saved step's rows, so that rows which appeared since are no business of it. NULL while planning. A table: there may be a
 * hundred thousand, each asked for once. */
static json_t *ids_of_step(const struct resource *r)
{
    json_t *rows = js_arr(r->body, "rows"), *id, *ids = rows ? json_object() : NULL;
    size_t i;
    json_array_foreach (rows, i, id)
        if (json_is_string(id))
            js_set_bool(ids, json_string_value(id), true);
    return ids;
}

/* {"records": {id: {field: value}}}: as they are, or as they are wanted. Rows that are right take no part in a plan. */
json_t *records_normalise(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    if (table_is(r))
        return table_normalise(v, r, live);
    AUTO_JSON json_t *wanted = wanted_values(v, r);
    AUTO_JSON json_t *ids = ids_of_step(r);
    json_t *rows = json_object(), *row, *out = json_object();
    size_t i;
    const json_t *many = spilled(records_find(v, r));
    if (many) {
        json_decref(rows);
        js_set_int(out, "records", js_int(many, "records", 0));
        js_set_str(out, "rows", js_str_or(many, live ? "was" : "want", ""));
        return out;
    }
    json_array_foreach (records_find(v, r), i, row) {
        const char *id = js_str_or(row, "id", "");
        json_t *mine = wanted_of(row, wanted);
        AUTO_JSON json_t *have = row_values(row, mine);
        if (ids ? !json_object_get(ids, id) : json_equal(have, mine))
            continue;
        json_object_set(rows, id, live ? have : mine);
    }
    js_set(out, "records", rows);
    return out;
}

void records_needs(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    json_t *value;
    const char *field;
    (void)v;
    strset_addf(out, "module/%s", module_of(r));
    if (table_is(r))
        table_needs(r, out);
    json_object_foreach (js_obj(r->body, "set"), field, value) {
        AUTO_FREE char *address = address_make("field", module_of(r), field);
        strset_add(out, address);
    }
}

static json_t *update_of(const struct resource *r, const char *id)
{
    json_t *o = json_object(), *value;
    const char *field;
    js_set_str(o, "id", id);
    json_object_foreach (js_obj(r->body, "set"), field, value)
        js_set(o, field, json_deep_copy(value));
    return o;
}

/* What is set, under the names this org uses. */
static json_t *set_in_org(const struct kind_view *v, const struct resource *r)
{
    json_t *out = json_object(), *value;
    const char *field;
    json_object_foreach (js_obj(r->body, "set"), field, value)
        js_set(out, real_field(v, module_of(r), field), json_deep_copy(value));
    return out;
}

/* Field → its type in this org, of those that are set. */
static json_t *types_of(const struct kind_view *v, const struct resource *r)
{
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(v, module_of(r)));
    json_t *out = json_object(), *value;
    const char *field;
    json_object_foreach (js_obj(r->body, "set"), field, value) {
        const char *real = real_field(v, module_of(r), field);
        js_set_str(out, real,
                   js_str_or(snapshot_find(v->snapshot, list, "api_name", real, false), "data_type", "text"));
    }
    return out;
}

/* A check box has no empty state, everything else has (zoho-api.md 2.1). */
static json_t *typed(const char *type, const json_t *value)
{
    if (!strcmp(type, "boolean"))
        return json_boolean(json_is_string(value) && !strcmp(json_string_value(value), "true"));
    return json_is_null(value) ? json_null() : value_to_send(type, value);
}

json_t *plan_row_restore(const char *id, const json_t *values, const json_t *types)
{
    json_t *out = json_object(), *value;
    const char *field;
    js_set_str(out, "id", id);
    json_object_foreach ((json_t *)(uintptr_t)values, field, value)
        js_set(out, field, typed(js_str_or(types, field, "text"), value));
    return out;
}

/* Fields stand under their planned names here; a record's keys cannot be references, so apply plans again when one is
 * renamed. */
json_t *records_body(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    if (table_is(r))
        return table_body(v, r);
    json_t *body = json_object(), *updates, *value, *set;
    const char *id, *field;
    const json_t *many = spilled(live);
    json_t *trigger = js_arr(r->body, "trigger");
    js_set_str(body, "module", real_module(v, module_of(r)));
    js_set(body, "trigger", trigger ? json_deep_copy(trigger) : json_array());
    const char *restore = js_str(r->body, "restore");
    AUTO_JSON json_t *types = restore ? types_of(v, r) : NULL;
    if (restore && many) {
        js_set_str(body, "restore", restore);
        json_object_set(body, "types", types);
    }
    if (many) {
        js_set_int(body, "records", js_int(many, "records", 0));
        js_set_str(body, "rows", js_str_or(many, "was", ""));
        js_set(body, "set", set_in_org(v, r));
        return body;
    }
    AUTO_JSON json_t *normal = records_normalise(v, r, NULL);
    updates = json_array();
    json_object_foreach (js_obj(normal, "records"), id, value) {
        if (restore) {
            json_array_append_new(updates, plan_row_restore(id, value, types));
            continue;
        }
        AUTO_JSON json_t *raw = update_of(r, id);
        json_t *o = json_object();
        json_object_foreach (raw, field, set)
            json_object_set(o, strcmp(field, "id") ? real_field(v, module_of(r), field) : field, set);
        json_array_append_new(updates, o);
    }
    js_set(body, "updates", updates);
    return body;
}

int64_t records_count(const json_t *body)
{
    if (js_str(body, "rows"))
        return js_int(body, "records", 0);
    return (int64_t)(json_array_size(js_arr(body, "updates")) + json_array_size(js_arr(body, "upsert")));
}

static char *records_query(const struct resource *r, const json_t *names, const struct snapshot *s)
{
    const struct kind_view v = {.snapshot = s, .names = names};
    const char *module = real_module(&v, module_of(r)), *where = js_str(r->body, "where"), *field;
    AUTO_FREE char *list = mem_printf("fields/%s", module);
    json_t *value;
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    sb_add(&b, "select id");
    json_object_foreach (js_obj(r->body, "set"), field, value) {
        const char *real = real_field(&v, module_of(r), field);
        if (snapshot_find(s, list, "api_name", real, false))
            sb_addf(&b, ", %s", real);
    }
    /* only_empty: what somebody or something has filled in since is left alone. A saved step keeps its rows. COQL wants conditions in
     * pairs (zoho-api.md 2.3). */
    AUTO_FREE char *cond = mem_dup(where && *where ? where : "id is not null");
    const bool fill = js_bool(r->body, "only_empty", false) && !json_object_get(r->body, "rows");
    json_object_foreach (fill ? js_obj(r->body, "set") : NULL, field, value) {
        const char *real = real_field(&v, module_of(r), field);
        char *more = snapshot_find(s, list, "api_name", real, false) ? mem_printf("(%s and %s is null)", cond, real)
                                                                     : mem_dup(cond);
        free(cond);
        cond = more;
    }
    sb_addf(&b, " from %s where %s order by id asc", module, cond);
    return sb_take(&b, "query", NULL);
}

json_t *plan_rows(const struct desired *d, const json_t *names, const struct snapshot *s)
{
    json_t *out = json_object();
    const struct kind_view v = {.snapshot = s, .names = names};
    for (size_t i = 0; i < d->n; i++) {
        const struct resource *r = &d->r[i];
        json_t *rows = json_object_get(r->body, "rows"), *spec = json_object();
        AUTO_FREE char *name = mem_printf("records/%s", r->name);
        if (table_is(r)) {
            js_set(out, name, table_spec(&v, r));
        } else if (r->kind->spec == &spec_records) {
            js_set(spec, "set", wanted_values(&v, r));
            if (js_str(r->body, "restore"))
                js_set_str(spec, "restore", js_str(r->body, "restore"));
            if (rows)
                js_set(spec, "rows", json_is_string(rows) ? json_incref(rows) : ids_of_step(r));
            js_set(out, name, json_incref(spec));
        }
        json_decref(spec);
    }
    return out;
}

char *plan_row_line(const json_t *set, const json_t *row, bool wanted)
{
    json_t *mine = wanted_of(row, (json_t *)(uintptr_t)set);
    AUTO_JSON json_t *have = wanted ? NULL : row_values(row, mine);
    AUTO_FREE char *text = js_canonical(wanted ? mine : have, NULL);
    return mem_printf("%s\t%s\n", js_str_or(row, "id", ""), text ? text : "");
}

json_t *plan_queries(const struct desired *d, const json_t *names, const struct snapshot *s)
{
    json_t *out = json_object();
    const struct kind_view v = {.snapshot = s, .names = names};
    for (size_t i = 0; i < d->n; i++) {
        const struct resource *r = &d->r[i];
        if (r->kind->spec != &spec_records || !module_exists(&v, module_of(r)))
            continue;
        AUTO_FREE char *name = mem_printf("records/%s", r->name);
        AUTO_FREE char *query = table_is(r) ? table_query(&v, r) : records_query(r, names, s);
        js_set_str(out, name, query);
    }
    return out;
}

const struct kind_spec spec_records = {.list = "", .update_only = true, .key = "id"};
