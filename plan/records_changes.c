/* plan/records_changes.c — what a table of records changes, in numbers and by its first row. See records_table.h. */
#include "base/mem.h"
#include "base/sb.h"
#include "plan/records_table.h"
#include "plan/walk.h"

static char *shown(const json_t *value)
{
    AUTO_FREE char *text = json_is_array(value) ? js_canonical(value, NULL) : table_cell(value);
    return mem_printf("\"%.60s\"", text ? text : "");
}

static void push_change(json_t *out, const char *path, size_t n, const char *text)
{
    json_t *o = json_object();
    js_set_str(o, "path", path);
    js_set_int(o, "records", (int64_t)n);
    js_set_strf(o, "to", "%zu values", n);
    js_set_str(o, "text", text);
    json_array_append_new(out, o);
}

static void changes_of(const json_t *was, const json_t *want, const char *field, json_t *out)
{
    AUTO_FREE char *first = NULL;
    const char *key;
    json_t *row;
    size_t n = 0;
    json_object_foreach (walk(want), key, row) {
        const json_t *have = js_obj(was, key), *to = json_object_get(row, field), *from = json_object_get(have, field);
        if (!have || !to || json_equal(to, from))
            continue;
        AUTO_FREE char *a = shown(from), *b = shown(to);
        if (!n++)
            first = mem_printf("%s: %s → %s", key, a, b);
    }
    AUTO_FREE char *text = mem_printf("%zu record%s: %s, each its own (%s%s)", n, n == 1 ? "" : "s", field,
                                      first ? first : "", n > 1 ? ", …" : "");
    if (n)
        push_change(out, field, n, text);
}

static void new_ones(const json_t *was, const json_t *want, const char *key_field, json_t *out)
{
    AUTO_SB struct sb names = SB_INIT(4096);
    const char *key;
    json_t *row;
    size_t n = 0;
    json_object_foreach (walk(want), key, row) {
        if (json_object_get(was, key))
            continue;
        if (++n <= 3)
            sb_addf(&names, "%s%.80s", n > 1 ? ", " : "", key);
    }
    AUTO_FREE char *text = mem_printf("%zu new record%s (%s%s)", n, n == 1 ? "" : "s", names.buf, n > 3 ? ", …" : "");
    if (n)
        push_change(out, key_field, n, text);
}

json_t *table_changes(const struct resource *r, const json_t *was, const json_t *want)
{
    AUTO_JSON json_t *fields = json_object();
    const json_t *before = js_obj(was, "records"), *after = js_obj(want, "records");
    json_t *out = json_array(), *row, *value;
    const char *key, *field;
    json_object_foreach (walk(after), key, row)
        json_object_update(fields, row);
    new_ones(before, after, js_str_or(r->body, "key", ""), out);
    json_object_foreach (fields, field, value)
        changes_of(before, after, field, out);
    return out;
}
