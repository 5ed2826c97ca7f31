/* sandbox/store.c — SQLite: schema, transactions, cached statements, settings objects. */
#include "sandbox/store.h"

#include <inttypes.h>
#include <sys/stat.h>

static const char schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE token(seq INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, refresh TEXT NOT NULL, scope TEXT NOT "
    "NULL,"
    " minted INTEGER NOT NULL, expires INTEGER NOT NULL);"
    "CREATE TABLE config(id INTEGER PRIMARY KEY, kind TEXT NOT NULL, module TEXT, api_name TEXT,"
    " name TEXT COLLATE NOCASE, body TEXT NOT NULL);"
    "CREATE INDEX config_kind ON config(kind, module, id);"
    "CREATE INDEX config_api ON config(kind, api_name);"
    "CREATE INDEX config_name ON config(kind, name);"
    "CREATE TABLE record(id INTEGER PRIMARY KEY, module TEXT NOT NULL, created INTEGER NOT NULL,"
    " modified INTEGER NOT NULL, deleted INTEGER, body TEXT NOT NULL);"
    "CREATE INDEX record_module ON record(module, deleted, id);"
    "CREATE TABLE keyed(module TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL COLLATE NOCASE,"
    " record INTEGER NOT NULL, PRIMARY KEY(module, field, value, record)) WITHOUT ROWID;"
    "CREATE INDEX keyed_record ON keyed(record);"
    "CREATE TABLE audit(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,"
    " module TEXT NOT NULL, record INTEGER NOT NULL, trigger TEXT, before TEXT, after TEXT);"
    "PRAGMA user_version = 1;";
/* Younger than version 1; a store without them gets them when opened, and an older zagent does not mind them. */
static const char happening[] =
    "CREATE TABLE IF NOT EXISTS happening(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, at INTEGER NOT NULL, module "
    "TEXT,"
    " record INTEGER NOT NULL, rule INTEGER NOT NULL, part INTEGER NOT NULL, body TEXT NOT NULL);"
    "CREATE INDEX IF NOT EXISTS happening_rule ON happening(kind, rule, record);"
    "CREATE INDEX IF NOT EXISTS happening_record ON happening(kind, record);"
    "CREATE INDEX IF NOT EXISTS happening_at ON happening(kind, at);";
static const char oauth[] =
    "CREATE TABLE IF NOT EXISTS oauth_grant(key TEXT PRIMARY KEY, user TEXT NOT NULL, scope TEXT NOT NULL,"
    " made INTEGER NOT NULL, offline INTEGER NOT NULL, revoked INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS oauth_code(code TEXT PRIMARY KEY, user_code TEXT UNIQUE, state TEXT NOT NULL,"
    " user TEXT NOT NULL, scope TEXT NOT NULL, redirect TEXT, challenge TEXT, method TEXT, offline INTEGER NOT NULL,"
    " expires INTEGER NOT NULL, polled INTEGER NOT NULL);";
static const char files[] =
    "CREATE TABLE IF NOT EXISTS blob(id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB NOT NULL);";

static void fail(struct store *st, const char *what)
{
    err_set(&st->e, ERR_IO, "the sandbox's store failed while %s: '%s'", what,
            st->db ? sqlite3_errmsg(st->db) : "no memory");
}

static void run(struct store *st, const char *sql)
{
    if (st->e.kind == ERR_NONE && sqlite3_exec(st->db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail(st, "running a statement");
    }
}

static int version_of(struct store *st)
{
    sqlite3_stmt *q = NULL;
    int v = -1;
    if (sqlite3_prepare_v2(st->db, "PRAGMA user_version", -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW) {
        v = sqlite3_column_int(q, 0);
    }
    sqlite3_finalize(q);
    return v;
}

static int check_version(struct store *st, const char *path, bool *fresh, struct err *e)
{
    int v = version_of(st);
    *fresh = v == 0;
    if (v < 0) {
        fail(st, "reading its version");
        err_at(&st->e, "%s", path);
        *e = st->e;
        return err_fix(e, "give another --db file: this one is not a sandbox store");
    }
    if (v > STORE_VERSION) {
        err_set(e, ERR_CONFIG, "this sandbox store has version %d, newer than this zagent knows (%d)", v,
                STORE_VERSION);
        err_at(e, "%s", path);
        return err_fix(e, "use the newer zagent, or run 'zagent sandbox reset'");
    }
    return 0;
}

static void load_next_id(struct store *st)
{
    char *next = store_meta(st, "next_id");
    st->next_id = st->saved_id = next ? strtoll(next, NULL, 10) : STORE_FIRST_ID;
    free(next);
}

static void forget_shared(struct store *st)
{
    json_decref(st->shared);
    st->shared = NULL;
}

static void on_change(void *ctx, int how, const char *database, const char *table, sqlite3_int64 row)
{
    (void)how, (void)database, (void)row;
    if (strcmp(table, "config") == 0) {
        forget_shared(ctx);
    }
}

int store_open(struct store *st, const char *path, bool *fresh, struct err *e)
{
    *st = (struct store){0};
    if (sqlite3_open(path ? path : ":memory:", &st->db) != SQLITE_OK) {
        fail(st, "opening");
        err_at(&st->e, "%s", path ? path : ":memory:");
        *e = st->e;
        store_close(st);
        return -1;
    }
    if (path) {
        chmod(path, 0600); /* it holds this org's made-up credentials */
    }
    sqlite3_busy_timeout(st->db, 5000);
    if (check_version(st, path ? path : ":memory:", fresh, e)) {
        store_close(st);
        return -1;
    }
    sqlite3_update_hook(st->db, on_change, st);
    run(st, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;"
            "PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=4096");
    if (*fresh) {
        run(st, "BEGIN IMMEDIATE");
        run(st, schema);
        run(st, "COMMIT");
    }
    run(st, happening);
    run(st, oauth);
    run(st, files);
    load_next_id(st);
    /* A store whose first seeding died has its tables and no org: seed it again. */
    char *seeded = store_meta(st, "seeded");
    *fresh = seeded == NULL;
    free(seeded);
    if (st->e.kind != ERR_NONE) {
        err_at(&st->e, "%s", path ? path : ":memory:");
        *e = st->e;
        store_close(st);
        return -1;
    }
    return 0;
}

void store_close(struct store *st)
{
    forget_shared(st);
    for (int i = 0; i < st->n_cache; i++) {
        sqlite3_finalize(st->cache[i].st);
    }
    sqlite3_close(st->db);
    *st = (struct store){0};
}

void store_trial(struct store *st, bool on)
{
    st->e = (struct err){0};
    st->trial = on;
    run(st, on ? "BEGIN IMMEDIATE" : "ROLLBACK");
    forget_shared(st);
    load_next_id(st);
}

bool store_changed(struct store *st)
{
    int64_t now = st->seen;
    sqlite3_stmt *q = store_q(st, "PRAGMA data_version", "");
    while (store_row(st, q)) {
        now = sqlite3_column_int64(q, 0);
    }
    bool changed = now != st->seen;
    st->seen = now;
    if (changed) {
        forget_shared(st);
    }
    return changed;
}

int store_copy(struct store *st, const char *to, struct err *e)
{
    st->e = (struct err){0};
    store_do(st, "VACUUM INTO ?1", "s", to);
    if (st->e.kind != ERR_NONE) {
        *e = st->e;
        st->e = (struct err){0};
        return err_at(e, "%s", to);
    }
    chmod(to, 0600);
    return 0;
}

void store_begin(struct store *st)
{
    st->e = (struct err){0};
    run(st, st->trial ? "SAVEPOINT step" : "BEGIN IMMEDIATE");
    load_next_id(st); /* another process may have written since */
}

int store_commit(struct store *st, struct err *e)
{
    if (st->next_id != st->saved_id) {
        char text[STORE_ID_TEXT];
        snprintf(text, sizeof text, "%" PRId64, st->next_id);
        store_set_meta(st, "next_id", text);
    }
    run(st, st->trial ? "RELEASE step" : "COMMIT");
    if (st->e.kind != ERR_NONE) {
        if (e) {
            *e = st->e;
        }
        store_rollback(st);
        return -1;
    }
    st->saved_id = st->next_id;
    return 0;
}

void store_rollback(struct store *st)
{
    st->e = (struct err){0};
    if (st->trial) {
        run(st, "ROLLBACK TO step; RELEASE step");
    } else if (!sqlite3_get_autocommit(st->db)) {
        run(st, "ROLLBACK");
    }
    forget_shared(st);
    st->next_id = st->saved_id;
}

void store_mark(struct store *st)
{
    run(st, "SAVEPOINT part");
}

void store_unmark(struct store *st, bool keep)
{
    run(st, keep ? "RELEASE part" : "ROLLBACK TO part; RELEASE part");
    if (!keep) {
        forget_shared(st);
    }
}

void store_new_id(struct store *st, char out[STORE_ID_TEXT])
{
    snprintf(out, STORE_ID_TEXT, "%" PRId64, st->next_id++);
}

static sqlite3_stmt *prepared(struct store *st, const char *sql)
{
    for (int i = 0; i < st->n_cache; i++) {
        if (st->cache[i].sql == sql) {
            return st->cache[i].st;
        }
    }
    sqlite3_stmt *q = NULL;
    if (st->n_cache == STORE_STMTS || sqlite3_prepare_v2(st->db, sql, -1, &q, NULL) != SQLITE_OK) {
        fail(st, "preparing a statement");
        return NULL;
    }
    st->cache[st->n_cache].sql = sql;
    st->cache[st->n_cache++].st = q;
    return q;
}

static void bind_all(sqlite3_stmt *q, const char *types, va_list ap)
{
    for (int i = 0; types[i]; i++) {
        if (types[i] == 'i') {
            sqlite3_bind_int64(q, i + 1, va_arg(ap, int64_t));
        } else {
            sqlite3_bind_text(q, i + 1, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
        }
    }
}

sqlite3_stmt *store_q(struct store *st, const char *sql, const char *types, ...)
{
    if (st->e.kind != ERR_NONE) {
        return NULL;
    }
    sqlite3_stmt *q = prepared(st, sql);
    if (q) {
        sqlite3_reset(q);
        va_list ap;
        va_start(ap, types);
        bind_all(q, types, ap);
        va_end(ap);
    }
    return q;
}

bool store_row(struct store *st, sqlite3_stmt *q)
{
    if (!q) {
        return false;
    }
    int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW) {
        return true;
    }
    if (rc != SQLITE_DONE) {
        fail(st, "reading or writing");
    }
    sqlite3_reset(q);
    return false;
}

int store_do(struct store *st, const char *sql, const char *types, ...)
{
    sqlite3_stmt *q = st->e.kind == ERR_NONE ? prepared(st, sql) : NULL;
    if (!q) {
        return 0;
    }
    sqlite3_reset(q);
    va_list ap;
    va_start(ap, types);
    bind_all(q, types, ap);
    va_end(ap);
    while (store_row(st, q)) {
    }
    return sqlite3_changes(st->db);
}

const char *store_text(sqlite3_stmt *q, int col)
{
    const unsigned char *t = sqlite3_column_text(q, col);
    return t ? (const char *)t : "";
}

json_t *store_json(sqlite3_stmt *q, int col)
{
    return json_loads(store_text(q, col), JSON_DECODE_ANY, NULL);
}

char *store_meta(struct store *st, const char *key)
{
    char *out = NULL;
    sqlite3_stmt *q = store_q(st, "SELECT value FROM meta WHERE key=?1", "s", key);
    while (store_row(st, q)) {
        out = mem_dup(store_text(q, 0));
    }
    return out;
}

void store_set_meta(struct store *st, const char *key, const char *value)
{
    store_do(st, "INSERT INTO meta(key,value) VALUES(?1,?2) ON CONFLICT(key) DO UPDATE SET value=excluded.value", "ss",
             key, value);
}
