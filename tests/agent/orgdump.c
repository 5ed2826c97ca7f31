#include "tests/agent/orgdump.h"

#include <sqlite3.h>
#include <string.h>

#include "base/js.h"
#include "base/sb.h"
#include "base/strset.h"
#include "tests/test.h"

enum { DUMP_MAX = 64 << 20, ID_DIGITS = 19 };

static const char *label_of(const json_t *o)
{
    static const char *const keys[] = {"api_name",    "name", "display_label", "actual_value", "full_name",
                                       "field_label", "Name", "Subject",       "Product_Name", "Last_Name"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (js_str(o, keys[i]))
            return js_str(o, keys[i]);
    return NULL;
}

/* id → what bears it, by every object that has both an id and a name. */
static void learn(json_t *names, const json_t *o)
{
    const char *k, *id = json_is_object(o) ? js_str(o, "id") : NULL;
    json_t *v;
    size_t i;
    if (id && label_of(o) && !json_object_get(names, id))
        js_set_str(names, id, label_of(o));
    json_object_foreach ((json_t *)(uintptr_t)o, k, v)
        learn(names, v);
    json_array_foreach (o, i, v)
        learn(names, v);
}

static bool is_moment(const char *key)
{
    size_t n = strlen(key);
    return (n > 5 && (!strcmp(key + n - 5, "_time") || !strcmp(key + n - 5, "_Time"))) ||
           !strcmp(key, "created_time__s") || !strcmp(key, "modified_time__s") || !strcmp(key, "sequence_number") ||
           !strcmp(key, "rid");
}

static json_t *without_ids(const json_t *names, const json_t *o)
{
    const char *k;
    json_t *v;
    size_t i;
    if (json_is_string(o)) {
        const char *t = json_string_value(o);
        bool id = strlen(t) == ID_DIGITS && strspn(t, "0123456789") == ID_DIGITS;
        return id ? json_sprintf("<%s>", js_str_or(names, t, "made")) : json_string(t);
    }
    if (json_is_object(o)) {
        json_t *out = json_object();
        json_object_foreach ((json_t *)(uintptr_t)o, k, v)
            if (!is_moment(k))
                js_set(out, k, without_ids(names, v));
        return out;
    }
    if (json_is_array(o)) { /* fields stand in a layout as they were made */
        struct strset sorted = {0};
        json_t *out = json_array();
        json_array_foreach (o, i, v) {
            AUTO_JSON json_t *one = without_ids(names, v);
            AUTO_FREE char *text = json_dumps(one, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
            for (int copy = 1; !strset_addf(&sorted, "%s #%d", text, copy); copy++)
                ;
        }
        for (i = 0; i < sorted.n; i++)
            json_array_append_new(out, json_string(sorted.item[i]));
        strset_release(&sorted);
        return out;
    }
    return json_deep_copy(o);
}

struct row {
    char *what;
    json_t *body;
};

static size_t read_rows(sqlite3 *db, const char *sql, struct row *rows, size_t n, json_t *names)
{
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        assert_true(n < 20000);
        const char *what = (const char *)sqlite3_column_text(q, 0), *id = (const char *)sqlite3_column_text(q, 1);
        rows[n].what = mem_dup(what);
        rows[n].body = json_loads((const char *)sqlite3_column_text(q, 2), 0, NULL);
        assert_non_null(rows[n].body);
        if (!js_str(rows[n].body, "id"))
            js_set_str(rows[n].body, "id", id);
        learn(names, rows[n].body);
        n++;
    }
    sqlite3_finalize(q);
    return n;
}

char *orgdump(const char *db_path)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(db_path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    struct row *rows = mem_zalloc(20000 * sizeof *rows);
    AUTO_JSON json_t *names = json_object();
    size_t n = read_rows(db, "SELECT kind || ' ' || coalesce(module,''), id, body FROM config", rows, 0, names);
    n = read_rows(db, "SELECT 'record ' || module, id, body FROM record WHERE deleted IS NULL", rows, n, names);
    sqlite3_close(db);
    struct sb lines = SB_INIT(DUMP_MAX);
    struct strset sorted = {0};
    for (size_t i = 0; i < n; i++) {
        AUTO_JSON json_t *body = without_ids(names, rows[i].body);
        AUTO_FREE char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
        /* the same line twice stays twice */
        for (int copy = 1; !strset_addf(&sorted, "%s #%d %s", rows[i].what, copy, text); copy++)
            ;
        free(rows[i].what);
        json_decref(rows[i].body);
    }
    for (size_t i = 0; i < sorted.n; i++)
        sb_addf(&lines, "%s\n", sorted.item[i]);
    strset_release(&sorted);
    free(rows);
    char *out = sb_take(&lines, "dump", NULL);
    assert_non_null(out);
    return out;
}
