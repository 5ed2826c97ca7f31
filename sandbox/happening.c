/* sandbox/happening.c — the table of what automation did and has yet to do. */
#include "sandbox/happening.h"

static int64_t number(const char *id)
{
    return id ? strtoll(id, NULL, 10) : 0;
}

void happening_put(struct store *st, const struct happening *h, json_t *body)
{
    AUTO_JSON json_t *b = body;
    AUTO_FREE char *text = json_dumps(b, JSON_COMPACT);
    store_do(st, "INSERT INTO happening(kind,at,module,record,rule,part,body) VALUES(?1,?2,?3,?4,?5,?6,?7)", "sisiiis",
             h->kind, h->at, h->module, number(h->record), number(h->rule), number(h->part), text);
}

int64_t happening_count(struct store *st, const char *rule, const char *part, int64_t from, int64_t till)
{
    int64_t n = 0;
    sqlite3_stmt *q =
        store_q(st,
                "SELECT count(*) FROM happening WHERE kind='ran' AND rule=?1 AND (?2=0 OR part=?2) AND at "
                "BETWEEN ?3 AND ?4",
                "iiii", number(rule), number(part), from, till);
    while (store_row(st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}

bool happening_ran(struct store *st, const char *rule, const char *record)
{
    bool ran = false;
    sqlite3_stmt *q = store_q(st, "SELECT 1 FROM happening WHERE kind='ran' AND rule=?1 AND record=?2 LIMIT 1", "ii",
                              number(rule), number(record));
    while (store_row(st, q)) {
        ran = true;
    }
    return ran;
}

void happening_drop_rule(struct store *st, const char *kind, const char *rule)
{
    store_do(st, "DELETE FROM happening WHERE kind=?1 AND rule=?2", "si", kind, number(rule));
}

void happening_drop_record(struct store *st, const char *kind, const char *record)
{
    store_do(st, "DELETE FROM happening WHERE kind=?1 AND record=?2", "si", kind, number(record));
}

void happening_drop(struct store *st, const char *kind, const char *rule, const char *record)
{
    store_do(st, "DELETE FROM happening WHERE kind=?1 AND rule=?2 AND record=?3", "sii", kind, number(rule),
             number(record));
}

static char *id_text(sqlite3_stmt *q, int col)
{
    return mem_printf("%lld", (long long)sqlite3_column_int64(q, col));
}

bool happening_take_due(struct store *st, int64_t till, struct due *out)
{
    int64_t seq = 0;
    *out = (struct due){0};
    sqlite3_stmt *q = store_q(st,
                              "SELECT seq,at,module,record,rule,body FROM happening WHERE kind='scheduled' AND at<=?1 "
                              "ORDER BY at,seq LIMIT 1",
                              "i", till);
    while (store_row(st, q)) {
        seq = sqlite3_column_int64(q, 0);
        *out = (struct due){sqlite3_column_int64(q, 1), mem_dup(store_text(q, 2)), id_text(q, 3), id_text(q, 4),
                            store_json(q, 5)};
    }
    if (seq) {
        store_do(st, "DELETE FROM happening WHERE seq=?1", "i", seq);
    }
    return seq != 0;
}

void due_release(struct due *d)
{
    free(d->module);
    free(d->record);
    free(d->rule);
    json_decref(d->body);
    *d = (struct due){0};
}

int64_t happening_next_due(struct store *st)
{
    int64_t next = INT64_MAX;
    sqlite3_stmt *q = store_q(st, "SELECT at FROM happening WHERE kind='scheduled' ORDER BY at LIMIT 1", "");
    while (store_row(st, q)) {
        next = sqlite3_column_int64(q, 0);
    }
    return next;
}

json_t *happening_list(struct store *st, const char *kind)
{
    json_t *out = json_array();
    sqlite3_stmt *q =
        store_q(st, "SELECT at,module,record,rule,part,body FROM happening WHERE kind=?1 ORDER BY seq", "s", kind);
    while (store_row(st, q)) {
        AUTO_FREE char *record = id_text(q, 2), *rule = id_text(q, 3), *part = id_text(q, 4);
        json_t *o = store_json(q, 5);
        js_set_int(o, "at", sqlite3_column_int64(q, 0));
        js_set_str(o, "module", store_text(q, 1));
        js_set_str(o, "record", record);
        js_set_str(o, "rule", rule);
        js_set_str(o, "part", part);
        json_array_append_new(out, o);
    }
    return out;
}

json_t *happening_counts(struct store *st)
{
    json_t *out = json_object();
    sqlite3_stmt *q = store_q(st, "SELECT kind,count(*) FROM happening GROUP BY kind", "");
    while (store_row(st, q)) {
        js_set_int(out, store_text(q, 0), sqlite3_column_int64(q, 1));
    }
    return out;
}

char *happening_rule(struct store *st, const char *kind, const char *record)
{
    char *out = NULL;
    sqlite3_stmt *q = store_q(st, "SELECT rule FROM happening WHERE kind=?1 AND record=?2 ORDER BY seq DESC LIMIT 1",
                              "si", kind, number(record));
    while (store_row(st, q)) {
        out = id_text(q, 0);
    }
    return out;
}

char *happening_part(struct store *st, const char *kind, const char *record)
{
    char *out = NULL;
    sqlite3_stmt *q = store_q(st, "SELECT part FROM happening WHERE kind=?1 AND record=?2 ORDER BY seq DESC LIMIT 1",
                              "si", kind, number(record));
    while (store_row(st, q)) {
        out = id_text(q, 0);
    }
    return out;
}
