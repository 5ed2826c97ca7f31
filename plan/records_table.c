/* plan/records_table.c — see records_table.h. */
#include "plan/records_table.h"

#include "base/mem.h"
#include "base/sb.h"
#include "base/text.h"
#include "plan/check.h"
#include "plan/kinds.h"
#include "plan/records_value.h"
#include "plan/walk.h"

bool table_is(const struct resource *r)
{
    return r->kind->spec == &spec_records && json_object_get(r->body, "key") != NULL;
}

static const char *module_of(const struct resource *r)
{
    return js_str_or(r->body, "module", "");
}

static const char *key_of(const struct resource *r)
{
    return js_str_or(r->body, "key", "");
}

/* A cell as text, without blanks at its ends; numbers and truths too. Caller frees. */
char *table_cell(const json_t *value)
{
    AUTO_JSON json_t *text = value_comparable("text", value);
    return mem_dup(json_is_string(text) ? json_string_value(text) : "");
}

/* Fields the records set, in the order they are first named; the key is not among them. New reference. */
json_t *table_fields(const struct resource *r)
{
    json_t *out = json_object(), *row, *value;
    const char *field;
    size_t i;
    json_array_foreach (js_arr(r->body, "records"), i, row)
        json_object_foreach (row, field, value)
            if (strcmp(field, key_of(r)) != 0 && !json_object_get(out, field))
                js_set_bool(out, field, true);
    return out;
}

/* Of the field as the org has it, else as a resource of the plan wants it; "" when neither is known. Borrowed. */
const char *table_type(const struct kind_view *v, const char *module, const char *field)
{
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(v, module));
    AUTO_FREE char *address = address_make("field", module, field);
    const json_t *live = snapshot_find(v->snapshot, list, "api_name", real_field(v, module, field), false);
    const struct resource *planned = live || !v->desired ? NULL : desired_find(v->desired, address);
    return live ? js_str_or(live, "data_type", "") : planned ? js_str_or(planned->body, "data_type", "") : "";
}

/* 0 when nobody says. */
static int64_t length_of(const struct kind_view *v, const char *module, const char *field)
{
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(v, module));
    AUTO_FREE char *address = address_make("field", module, field);
    const json_t *live = snapshot_find(v->snapshot, list, "api_name", real_field(v, module, field), false);
    const struct resource *planned = v->desired ? desired_find(v->desired, address) : NULL;
    return js_int(live ? live : planned ? planned->body : NULL, "length", 0);
}

/* --- records beside the org's rows --- */

struct matching {
    const struct kind_view *v;
    const struct resource *r;
    bool asked;       /* the org's rows were read */
    const char *key;  /* in this org */
    json_t *types;    /* field → {"real", "type"} */
    json_t *exact;    /* key as it stands → array of rows */
    json_t *alike;    /* folded key → row */
    json_t *saved;    /* declared.rows as a table; NULL while planning */
    json_t *findings; /* NULL = nobody asks */
    json_t *rows;     /* key → {"want", "have", "id"}: what the step is about */
};

static void say(struct matching *m, const char *level, const char *text, ...) __attribute__((format(printf, 3, 4)));
static void say(struct matching *m, const char *level, const char *text, ...)
{
    va_list ap;
    if (!m->findings)
        return;
    va_start(ap, text);
    AUTO_FREE char *line = mem_vprintf(text, ap);
    va_end(ap);
    finding(m->findings, level, "records", "%s", line);
}

static void know_types(struct matching *m)
{
    AUTO_JSON json_t *fields = table_fields(m->r);
    const char *field;
    json_t *value;
    json_object_foreach (fields, field, value) {
        json_t *o = json_object();
        js_set_str(o, "real", real_field(m->v, module_of(m->r), field));
        js_set_str(o, "type", table_type(m->v, module_of(m->r), field));
        js_set_int(o, "length", length_of(m->v, module_of(m->r), field));
        js_set(m->types, field, o);
    }
}

static void know_rows(struct matching *m)
{
    AUTO_FREE char *list = mem_printf("records/%s", m->r->name);
    json_t *row;
    size_t i;
    const json_t *rows = snapshot_get(m->v->snapshot, list);
    m->asked = rows != NULL;
    json_array_foreach (rows, i, row) {
        AUTO_JSON json_t *text = scalar_text(json_object_get(row, m->key));
        if (!json_is_string(text))
            continue;
        const char *key = json_string_value(text);
        AUTO_FREE char *folded = text_fold(key);
        if (!js_arr(m->exact, key))
            js_set(m->exact, key, json_array());
        json_array_append(js_arr(m->exact, key), row);
        if (!json_object_get(m->alike, folded))
            json_object_set(m->alike, folded, row);
    }
}

static bool too_long(const json_t *known, const char *text)
{
    static const char *const texts[] = {"text", "textarea", "email", "phone", "website"};
    int64_t most = js_int(known, "length", 0);
    bool is_text = false;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        is_text = is_text || !strcmp(js_str_or(known, "type", ""), texts[i]);
    return is_text && most > 0 && characters(text) > (size_t)most;
}

/* {real field: comparable value} of a record of the table; what is empty is left out. NULL when a value is not of its type. */
static json_t *wanted_of(struct matching *m, const char *key, const json_t *record)
{
    json_t *out = json_object(), *value;
    const char *field;
    bool bad = false;
    json_object_foreach (walk(record), field, value) {
        const json_t *known = js_obj(m->types, field);
        const char *type = js_str_or(known, "type", ""), *hint = value_hint(type);
        json_t *c = known ? value_comparable(type, value) : NULL;
        if (!known)
            continue; /* the key */
        if (!c) {
            AUTO_FREE char *shown = table_cell(value);
            say(m, "error", "%s of '%s' is '%.60s'; %s wants %s", field, key, shown, type,
                hint ? hint : "something that no table can give");
            bad = true;
        } else if (json_is_null(c)) {
            json_decref(c);
        } else if (json_is_string(c) && too_long(known, json_string_value(c))) {
            say(m, "error", "%s of '%s' is longer than the %d characters the field holds", field, key,
                (int)js_int(known, "length", 0));
            json_decref(c);
            bad = true;
        } else {
            js_set(out, js_str_or(known, "real", field), c);
        }
    }
    if (!bad)
        return out;
    json_decref(out);
    return NULL;
}

/* The same fields of a row, in comparable form. New reference. */
static json_t *live_of(const struct matching *m, const json_t *want, const json_t *row)
{
    json_t *out = json_object(), *known, *c;
    const char *field;
    json_object_foreach (m->types, field, known) {
        const char *real = js_str_or(known, "real", field);
        if (!json_object_get(want, real))
            continue;
        c = value_comparable(js_str_or(known, "type", ""), json_object_get(row, real));
        js_set(out, real, c ? c : canon(json_object_get(row, real)));
    }
    return out;
}

static void put(struct matching *m, const char *key, json_t *want, json_t *have, const char *id)
{
    json_t *o = json_object();
    js_set(o, "want", want);
    if (have)
        js_set(o, "have", have);
    if (id)
        js_set_str(o, "id", id);
    js_set(m->rows, key, o);
}

static void take_absent(struct matching *m, const char *key, json_t *want)
{
    AUTO_FREE char *folded = text_fold(key);
    const json_t *like = json_object_get(m->alike, folded);
    const char *module = module_of(m->r);
    if (like) {
        AUTO_JSON json_t *text = scalar_text(json_object_get(like, m->key));
        say(m, "warning", "'%s' is left alone: the org's %s has it as '%s' (id %s); make both the same", key, module,
            json_string_value(text), js_str_or(like, "id", "?"));
    } else if (!js_bool(m->r->body, "create", false)) {
        if (m->asked) /* without an org there is nothing to miss */
            say(m, "warning", "no record of %s has %s '%s': nothing is done for it", module, m->key, key);
    } else {
        put(m, key, json_incref(want), NULL, NULL);
    }
}

/* A record that is there keeps its own in the fields of only_new. A saved step's records have lost them (table_declared). */
static json_t *kept(const struct matching *m, const json_t *want)
{
    json_t *mine = json_copy((json_t *)(uintptr_t)want), *field;
    size_t i;
    json_array_foreach (js_arr(m->r->body, "only_new"), i, field)
        if (json_is_string(field))
            json_object_del(mine, real_field(m->v, module_of(m->r), json_string_value(field)));
    return mine;
}

static void take_found(struct matching *m, const char *key, const json_t *all, const json_t *rows)
{
    const json_t *row = json_array_get(rows, 0);
    AUTO_JSON json_t *want = kept(m, all);
    if (json_array_size(rows) > 1) {
        say(m, "warning", "%zu records of %s have %s '%s' (ids %s, %s%s): none of them is changed",
            json_array_size(rows), module_of(m->r), m->key, key, js_str_or(row, "id", "?"),
            js_str_or(json_array_get(rows, 1), "id", "?"), json_array_size(rows) > 2 ? ", …" : "");
        return;
    }
    json_t *have = live_of(m, want, row);
    if (m->saved ? json_object_get(m->saved, key) != NULL : !json_equal(have, want))
        put(m, key, json_incref(want), have, js_str_or(row, "id", ""));
    else
        json_decref(have);
}

static void take(struct matching *m, json_t *seen, const json_t *record, size_t i)
{
    AUTO_FREE char *key = table_cell(json_object_get(record, key_of(m->r)));
    AUTO_JSON json_t *want = *key ? wanted_of(m, key, record) : NULL;
    const json_t *before = *key ? json_object_get(seen, key) : NULL;
    if (!*key)
        say(m, "error", "record %zu of the table has no %s", i + 1, key_of(m->r));
    if (want && before && !json_equal(before, want))
        say(m, "error", "the table says two different things of '%s'", key);
    if (!want || before)
        return;
    json_object_set(seen, key, want);
    const json_t *rows = js_arr(m->exact, key);
    if (rows)
        take_found(m, key, want, rows);
    else
        take_absent(m, key, want);
}

/* {key: {"want", "have"?, "id"?}}. New reference. */
json_t *table_match(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    AUTO_JSON json_t *seen = json_object();
    struct matching m = {.v = v,
                         .r = r,
                         .key = real_field(v, module_of(r), key_of(r)),
                         .types = json_object(),
                         .exact = json_object(),
                         .alike = json_object(),
                         .findings = findings,
                         .rows = json_object()};
    json_t *record, *key;
    size_t i;
    if (js_arr(r->body, "rows")) {
        m.saved = json_object();
        json_array_foreach (js_arr(r->body, "rows"), i, key)
            js_set_bool(m.saved, json_string_value(key) ? json_string_value(key) : "", true);
    }
    know_types(&m);
    if (module_exists(v, module_of(r)))
        know_rows(&m);
    json_array_foreach (js_arr(r->body, "records"), i, record)
        take(&m, seen, record, i);
    json_decref(m.types);
    json_decref(m.exact);
    json_decref(m.alike);
    json_decref(m.saved);
    return m.rows;
}

/* --- the parts of the kind --- */

json_t *table_normalise(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    AUTO_JSON json_t *rows = table_match(v, r, NULL);
    json_t *out = json_object(), *side = json_object(), *o;
    const char *key;
    json_object_foreach (rows, key, o)
        if (json_object_get(o, live ? "have" : "want"))
            json_object_set(side, key, json_object_get(o, live ? "have" : "want"));
    js_set(out, "records", side);
    return out;
}

static json_t *type_by_real(const struct kind_view *v, const struct resource *r)
{
    AUTO_JSON json_t *fields = table_fields(r);
    json_t *out = json_object(), *value;
    const char *field;
    json_object_foreach (fields, field, value)
        js_set_str(out, real_field(v, module_of(r), field), table_type(v, module_of(r), field));
    return out;
}

json_t *table_body(const struct kind_view *v, const struct resource *r)
{
    AUTO_JSON json_t *rows = table_match(v, r, NULL), *types = type_by_real(v, r);
    json_t *body = json_object(), *updates = json_array(), *upsert = json_array(), *keys = json_array(), *o, *value;
    const char *key, *field, *key_field = real_field(v, module_of(r), key_of(r));
    json_t *trigger = js_arr(r->body, "trigger");
    json_object_foreach (rows, key, o) {
        const char *id = js_str(o, "id");
        json_t *one = json_object();
        js_set_str(one, id ? "id" : key_field, id ? id : key);
        json_object_foreach (js_obj(o, "want"), field, value)
            if (!json_equal(value, json_object_get(js_obj(o, "have"), field)))
                js_set(one, field, value_to_send(js_str_or(types, field, ""), value));
        json_array_append_new(id ? updates : upsert, one);
    }
    js_push_str(keys, key_field);
    js_set_str(body, "module", real_module(v, module_of(r)));
    js_set(body, "key", keys);
    js_set(body, "trigger", trigger ? json_deep_copy(trigger) : json_array());
    js_set(body, "updates", updates);
    js_set(body, "upsert", upsert);
    return body;
}

void table_needs(const struct resource *r, struct strset *out)
{
    AUTO_JSON json_t *fields = table_fields(r);
    json_t *value;
    const char *field;
    js_set_bool(fields, key_of(r), true);
    json_object_foreach (fields, field, value) {
        AUTO_FREE char *address = address_make("field", module_of(r), field);
        strset_add(out, address);
    }
}

char *table_query(const struct kind_view *v, const struct resource *r)
{
    AUTO_JSON json_t *fields = table_fields(r);
    const char *module = real_module(v, module_of(r)), *key = real_field(v, module_of(r), key_of(r));
    const char *where = js_str_or(r->body, "where", ""), *field;
    AUTO_FREE char *list = mem_printf("fields/%s", module);
    bool known = snapshot_find(v->snapshot, list, "api_name", key, false) != NULL;
    json_t *value;
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    sb_addf(&b, "select id%s%s", known ? ", " : "", known ? key : "");
    json_object_foreach (fields, field, value) {
        const char *real = real_field(v, module_of(r), field);
        if (snapshot_find(v->snapshot, list, "api_name", real, false))
            sb_addf(&b, ", %s", real);
    }
    sb_addf(&b, " from %s where ", module);
    if (known && *where)
        sb_addf(&b, "(%s is not null) and (%s)", key, where);
    else
        sb_addf(&b, "%s is not null", known ? key : "id");
    sb_add(&b, " order by id asc");
    return sb_take(&b, "query", NULL);
}

json_t *table_spec(const struct kind_view *v, const struct resource *r)
{
    json_t *out = json_object(), *keys = json_object(), *record;
    size_t i;
    js_set_str(out, "key", real_field(v, module_of(r), key_of(r)));
    json_array_foreach (js_arr(r->body, "records"), i, record) {
        AUTO_FREE char *key = table_cell(json_object_get(record, key_of(r)));
        AUTO_FREE char *folded = text_fold(key);
        js_set_bool(keys, folded, true);
    }
    js_set(out, "keys", keys);
    return out;
}

static json_t *without(const json_t *record, const json_t *fields)
{
    json_t *out = json_copy((json_t *)(uintptr_t)record), *field;
    size_t i;
    json_array_foreach (fields, i, field)
        if (json_is_string(field))
            json_object_del(out, json_string_value(field));
    return out;
}

json_t *table_declared(const struct resource *r, const json_t *was, const json_t *want)
{
    json_t *body = json_copy(r->body), *records = json_array(), *rows = json_array(), *record, *value;
    AUTO_JSON json_t *left = json_copy(js_obj(want, "records"));
    const char *key;
    size_t i;
    json_object_foreach (js_obj(want, "records"), key, value)
        js_push_str(rows, key);
    json_array_foreach (js_arr(r->body, "records"), i, record) {
        AUTO_FREE char *own = table_cell(json_object_get(record, key_of(r)));
        if (json_object_get(left, own)) {
            bool there = json_object_get(js_obj(was, "records"), own);
            json_array_append_new(records, there ? without(record, js_arr(r->body, "only_new")) : json_incref(record));
            json_object_del(left, own);
        }
    }
    json_object_del(body, "only_new");
    js_array_sort(rows, NULL);
    js_set(body, "records", records);
    js_set(body, "rows", rows);
    return body;
}
