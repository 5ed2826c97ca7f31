/* agent/rollback_records.c — records get back the values they had: of exactly the rows that the run touched. */
#include "agent/rollback_parts.h"
#include "agent/rows.h"

/* ---- records ---- */

/* Only the rows of the step; the image holds what its query gave. */
static json_t *rows_of_step(const json_t *step, const json_t *live)
{
    json_t *ids = json_object(), *rows = json_array(), *row, *id;
    size_t i;
    json_array_foreach (js_arr(js_obj(step, "declared"), "rows"), i, id)
        js_set_bool(ids, json_string_value(id), true);
    json_array_foreach (live, i, row)
        if (json_object_get(ids, js_str_or(row, "id", "")))
            json_array_append(rows, row);
    json_decref(ids);
    return rows;
}

static char *key_text(const json_t *row, const char *key)
{
    const json_t *v = json_object_get(row, key);
    return json_is_integer(v) ? mem_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v))
                              : mem_dup(json_is_string(v) ? json_string_value(v) : "");
}

static const json_t *with_key(const json_t *rows, const char *field, const char *key)
{
    const json_t *row;
    size_t i;
    json_array_foreach (rows, i, row) {
        AUTO_FREE char *own = key_text(row, field);
        if (!strcmp(own, key))
            return row;
    }
    return NULL;
}

/* Of a table each record set its own fields: the rows there were before, each with those it gets back. `set` collects the fields,
 * *made counts the records that had no row. */
static json_t *rows_of_table(const json_t *step, const json_t *live, json_t *set, size_t *made)
{
    const json_t *declared = js_obj(step, "declared"), *record;
    const char *key = js_str_or(declared, "key", ""), *field;
    json_t *out = json_array(), *value;
    size_t i;
    json_array_foreach (js_arr(declared, "records"), i, record) {
        AUTO_FREE char *text = key_text(record, key);
        json_t *row = json_copy((json_t *)(uintptr_t)with_key(live, key, text)), *fields = json_object();
        *made += !row;
        json_object_foreach ((json_t *)(uintptr_t)record, field, value)
            if (row && strcmp(field, key) != 0) {
                js_set(fields, field, json_null());
                js_set(set, field, json_null());
            }
        if (row) {
            js_set(row, "@want", fields);
            json_array_append_new(out, row);
        } else {
            json_decref(fields);
        }
    }
    return out;
}

static int by_id(const void *a, const void *b)
{
    const char *x = js_str_or(*(json_t *const *)a, "id", ""), *y = js_str_or(*(json_t *const *)b, "id", "");
    size_t nx = strlen(x), ny = strlen(y);
    return nx != ny ? (nx > ny ? 1 : -1) : strcmp(x, y);
}

/* Lists are in the order of ids (agent/rows.h). */
static json_t *in_order(json_t *rows)
{
    size_t n = json_array_size(rows), i;
    json_t **all = mem_grow(NULL, n + 1, sizeof(json_t *)), *row, *out = json_array();
    json_array_foreach (rows, i, row)
        all[i] = row;
    qsort(all, n, sizeof(json_t *), by_id);
    for (i = 0; i < n; i++)
        json_array_append(out, all[i]);
    free(all);
    json_decref(rows);
    return out;
}

/* References to other records hold names in a list of rows, and names are no way to give them back. */
static const char *refers(const struct back *b, const struct resource *r, json_t *set)
{
    static const char *const types[] = {"lookup", "ownerlookup", "userlookup", "multiselectlookup", "multiuserlookup"};
    AUTO_FREE char *list = mem_printf("fields/%s", js_str_or(r->body, "module", ""));
    json_t *value;
    const char *field;
    json_object_foreach (set, field, value) {
        const char *type = js_str_or(snapshot_find(&b->snapshot, list, "api_name", field, false), "data_type", "text");
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (!strcmp(type, types[i]))
                return field;
    }
    return NULL;
}

static int restore(struct back *b, struct resource *r, json_t *set, const char *digest, const char *first,
                   const char *last, int64_t n, struct err *e)
{
    json_t *body = json_object();
    json_object_set(body, "module", json_object_get(r->body, "module"));
    json_object_set(body, "set", set);
    js_set(body, "trigger", json_array());
    if (first)
        js_set_strf(body, "where", "id >= '%s' and id <= '%s'", first, last);
    js_set_str(body, "restore", digest);
    back_say(b->lost, r->address, NULL,
             "Modified Time and Modified By of %lld records: giving their values back moves both once more",
             (long long)n);
    json_decref(r->body);
    r->body = body;
    return desired_add(&b->d, r, e);
}

int back_records(struct back *b, const json_t *step, const json_t *image, struct err *e)
{
    const json_t *live = json_object_get(image, "live"), *many = js_obj(json_array_get(live, 0), "@rows");
    struct resource r = back_resource(step);
    bool table = js_str(r.body, "key") != NULL;
    AUTO_JSON json_t *set = table ? json_object() : json_incref(js_obj(r.body, "set"));
    size_t made = 0;
    AUTO_JSON json_t *rows = many    ? json_array()
                             : table ? in_order(rows_of_table(step, live, set, &made))
                                     : rows_of_step(step, live);
    size_t n = json_array_size(rows);
    const char *field = refers(b, &r, set);
    char digest[65] = "";
    if (made)
        back_say(b->stays, r.address, "delete them in the module's list view, if nobody uses them",
                 "%zu record%s that the run made: zagent deletes no records", made, made == 1 ? "" : "s");
    if (field || js_bool(image, "@redacted", false) || (!many && !n)) {
        if (field || n)
            back_say(b->stays, r.address,
                     "the values from before are in the state's before-image; a person can set them",
                     field ? "%s refers to other records and is not given back" : "%s cannot be given back whole",
                     field ? field : "the image from before held a secret: it");
        resource_release(&r);
        return 0;
    }
    if (json_array_size(js_arr(r.body, "trigger")))
        back_say(b->lost, r.address, NULL, "what automation did when these records were changed, mails included");
    if (many)
        return restore(b, &r, set, js_str_or(many, "was", ""), NULL, NULL, js_int(many, "records", 0), e);
    if (rows_keep(b->s->org, set, rows, digest, e) < 0) {
        resource_release(&r);
        return -1;
    }
    return restore(b, &r, set, digest, js_str_or(json_array_get(rows, 0), "id", "0"),
                   js_str_or(json_array_get(rows, n - 1), "id", "0"), (int64_t)n, e);
}

void back_records_moved(struct back *b, const json_t *plan)
{
    json_t *step, *row, *value;
    size_t i;
    const char *id, *field;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const json_t *forward = plan_step(b->forward, js_str_or(step, "address", "")), *then = js_obj(forward, "want"),
                     *now = js_obj(step, "was");
        size_t n = 0;
        if (strcmp(js_str_or(step, "kind", ""), "records") != 0 || !strcmp(js_str_or(step, "action", ""), "none") ||
            js_str(js_obj(forward, "declared"), "key")) /* asked before, by its keys */
            continue;
        if (js_str(then, "rows")) {
            n = strcmp(js_str(then, "rows"), js_str_or(now, "rows", "")) != 0;
        } else {
            json_object_foreach (js_obj(now, "records"), id, row) {
                bool same = true;
                json_object_foreach (row, field, value)
                    same &= json_equal(value, json_object_get(js_obj(js_obj(then, "records"), id), field));
                n += !same;
            }
        }
        AUTO_FREE char *what = mem_printf("%zu of its records hold another value now", n);
        if (n)
            back_moved(b, js_str(step, "address"),
                       js_str(then, "rows") ? "some of its records hold another value" : what);
    }
}
