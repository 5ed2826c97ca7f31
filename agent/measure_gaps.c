#include "agent/measure_gaps.h"

#include "base/mem.h"
#include "base/sb.h"
#include "base/strset.h"

static const json_t *field_called(const json_t *fields, const char *name)
{
    const json_t *f;
    size_t i;
    json_array_foreach (fields, i, f)
        if (!strcmp(js_str_or(f, "api_name", ""), name))
            return f;
    return NULL;
}

char *gaps_module(const char *query)
{
    const char *from = strstr(query, " from ");
    from = from ? from + strlen(" from ") : "";
    return mem_dupn(from, strcspn(from, " "));
}

/* Is the name a column of the select list already? */
static bool selected(const char *columns, size_t n, const char *name)
{
    const size_t len = strlen(name);
    for (const char *p = columns; p + len <= columns + n; p++)
        if (!strncmp(p, name, len) && (p == columns || strchr(" ,", p[-1])) &&
            (p + len == columns + n || strchr(" ,", p[len])))
            return true;
    return false;
}

char *gaps_query(const char *query, const json_t *requires, const json_t *fields)
{
    const char *from = strstr(query, " from ");
    struct strset add = {0};
    const json_t *one;
    size_t i;
    if (!from)
        return mem_dup(query);
    json_array_foreach (requires, i, one) {
        const char *name = js_str_or(one, "field", "");
        if (field_called(fields, name) && !selected(query, (size_t)(from - query), name))
            strset_add(&add, name);
    }
    AUTO_SB struct sb b = SB_INIT(SIZE_MAX);
    sb_addn(&b, query, (size_t)(from - query));
    for (i = 0; i < add.n; i++)
        sb_addf(&b, ", %s", add.item[i]);
    sb_add(&b, from);
    strset_release(&add);
    return sb_take(&b, "query", NULL);
}

/* ---- one row ---- */

static bool empty(const json_t *v)
{
    const char *text = json_string_value(v);
    return !v || json_is_null(v) || (text && !*text) || (json_is_array(v) && !json_array_size(v));
}

/* As people read it: a lookup by its name, a user by the list of users. Caller frees. */
static char *shown(const json_t *v, const json_t *users)
{
    const json_t *u;
    size_t i;
    if (json_is_object(v) && js_str(v, "name"))
        return mem_dup(js_str(v, "name"));
    json_array_foreach (users, i, u)
        if (json_is_object(v) && !strcmp(js_str_or(u, "id", ""), js_str_or(v, "id", "?")))
            return mem_dup(js_str_or(u, "full_name", "?"));
    if (json_is_object(v))
        return mem_dup(js_str_or(v, "id", "?"));
    if (json_is_string(v))
        return mem_dup(json_string_value(v));
    return v && !json_is_null(v) ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : mem_dup("");
}

static bool same(const json_t *have, const json_t *want)
{
    AUTO_FREE char *a = shown(have, NULL), *b = shown(want, NULL);
    return !strcmp(a, b);
}

static bool concerns(const json_t *one, const json_t *row)
{
    const char *column;
    json_t *want;
    json_object_foreach (js_obj(one, "when"), column, want)
        if (!same(json_object_get(row, column), want))
            return false;
    return true;
}

static json_t *missing_of(const json_t *requires, const json_t *row, const json_t *fields)
{
    json_t *out = json_array();
    const json_t *one;
    size_t i;
    json_array_foreach (requires, i, one) {
        const char *name = js_str_or(one, "field", "");
        const json_t *f = field_called(fields, name), *have = json_object_get(row, name),
                     *is = json_object_get(one, "is");
        if (f && concerns(one, row) && (empty(have) || (is && !same(have, is))))
            js_array_add_unique(out, js_str_or(f, "field_label", name));
    }
    return out;
}

/* ---- all of them ---- */

static void count_by(json_t *by, const char *name, bool gap)
{
    json_t *one;
    size_t i;
    json_array_foreach (by, i, one)
        if (!strcmp(js_str_or(one, "name", ""), name)) {
            js_set_int(one, "n", js_int(one, "n", 0) + gap);
            js_set_int(one, "of", js_int(one, "of", 0) + 1);
            return;
        }
    json_array_append_new(by, json_pack("{s:s,s:i,s:i}", "name", name, "n", (int)gap, "of", 1));
}

/* Most gaps first, then by name. */
static void sort_by_gaps(json_t *by)
{
    js_array_sort(by, "name");
    for (size_t i = 1; i < json_array_size(by); i++)
        for (size_t k = i; k > 0 && js_int(json_array_get(by, k), "n", 0) > js_int(json_array_get(by, k - 1), "n", 0);
             k--) {
            AUTO_JSON json_t *a = json_incref(json_array_get(by, k - 1)), *b = json_incref(json_array_get(by, k));
            json_array_set(by, k - 1, b);
            json_array_set(by, k, a);
        }
}

static json_t *absent_of(const json_t *requires, const json_t *fields)
{
    json_t *out = json_array();
    const json_t *one;
    size_t i;
    json_array_foreach (requires, i, one)
        if (!field_called(fields, js_str_or(one, "field", "")))
            js_array_add_unique(out, js_str_or(one, "field", ""));
    return out;
}

json_t *gaps_value(const json_t *m, const json_t *rows, const json_t *fields, const json_t *users)
{
    const json_t *requires = js_arr(m, "requires"), *row;
    json_t *out = json_object(), *by = json_array(), *list = json_array(), *absent = absent_of(requires, fields);
    size_t i;
    json_array_foreach (rows, i, row) {
        AUTO_JSON json_t *missing = missing_of(requires, row, fields);
        AUTO_FREE char *who = shown(json_object_get(row, js_str_or(m, "by", "")), users);
        AUTO_FREE char *name = shown(json_object_get(row, js_str_or(m, "of", "id")), users);
        count_by(by, who, json_array_size(missing) > 0);
        if (json_array_size(missing))
            json_array_append_new(list, json_pack("{s:s,s:s,s:s,s:O}", "id", js_str_or(row, "id", ""), "name", name,
                                                  "by", who, "missing", missing));
    }
    sort_by_gaps(by);
    /* A number made of fewer fields is no baseline for one made of all. */
    bool whole = !json_array_size(absent);
    AUTO_FREE char *text = whole ? mem_printf("%zu", json_array_size(list)) : NULL;
    js_set_str(out, "value", text);
    js_set_int(out, "n", (int64_t)json_array_size(rows));
    if (!whole)
        js_set_strf(out, "why", "fields are not there yet; of those that are, %zu of %zu records lack one",
                    json_array_size(list), json_array_size(rows));
    js_set(out, "by", by);
    js_set(out, "rows", list);
    js_set(out, "absent", absent);
    return out;
}
