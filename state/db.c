#include "state/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/secret.h"

enum { BUSY_MS = 10000 };

static int damaged(struct state *s, const char *why, struct err *e)
{
    err_set(e, ERR_IO, "the journal is damaged: %s", why);
    err_at(e, "%s", s->path);
    return err_fix(
        e,
        "keep it aside (mv %s %s.damaged) and run the command again: plans are made from the live org, and names and "
        "attestations are asked anew",
        s->path, s->path);
}

int db_fail(struct state *s, int rc, struct err *e)
{
    const char *text = s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);
    switch (rc & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return damaged(s, text, e);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        err_set(e, ERR_LOCKED, "another zagent is writing to the journal");
        err_at(e, "%s", s->path);
        return err_fix(e, "wait for it, then run the command again");
    case SQLITE_CONSTRAINT:
        err_set(e, ERR_BUG, "the journal refused a record: %s", text);
        return err_at(e, "%s", s->path);
    default:
        err_set(e, ERR_IO, "the journal cannot be used: %s", text);
        err_at(e, "%s", s->path);
        return err_fix(e, "check free space and permissions of the folder .zagent");
    }
}

int db_exec(struct state *s, const char *sql, struct err *e)
{
    int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? 0 : db_fail(s, rc, e);
}

static int pragma_int(struct state *s, const char *sql, int *out, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, sql, e);
    if (!q)
        return -1;
    if (db_row(s, q, e) < 0)
        return -1;
    *out = sqlite3_column_int(q, 0);
    return 0;
}

static int refuse_newer(struct state *s, int version, struct err *e)
{
    err_set(e, ERR_CONFIG, "state.db has format %d, this zagent knows up to %d", version, schema_version);
    err_at(e, "%s", s->path);
    return err_fix(e, "use the newer zagent that wrote it");
}

/* The version is read again inside the write lock: two processes may open a new file at once. */
static int migrate_locked(struct state *s, struct err *e)
{
    int version = 0;
    if (pragma_int(s, "PRAGMA user_version", &version, e) < 0)
        return -1;
    for (; version < schema_version; version++) {
        if (db_exec(s, schema_steps[version], e) < 0)
            return -1;
    }
    AUTO_FREE char *sql =
        mem_printf("PRAGMA user_version = %d; PRAGMA application_id = %d;", schema_version, (int)SCHEMA_APPLICATION_ID);
    return db_exec(s, sql, e);
}

static int migrate(struct state *s, struct err *e)
{
    int version = 0, app = 0, tables = 0;
    if (pragma_int(s, "PRAGMA user_version", &version, e) < 0 || pragma_int(s, "PRAGMA application_id", &app, e) < 0 ||
        pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables, e) < 0)
        return -1;
    if (tables && app != SCHEMA_APPLICATION_ID) {
        err_set(e, ERR_CONFIG, "state.db belongs to another program");
        err_at(e, "%s", s->path);
        return err_fix(e, "move it out of the folder .zagent");
    }
    if (version > schema_version)
        return refuse_newer(s, version, e);
    if (version == schema_version)
        return 0;
    if (db_exec(s, "BEGIN IMMEDIATE", e) < 0)
        return -1;
    if (migrate_locked(s, e) == 0)
        return db_exec(s, "COMMIT", e);
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

/* Made here, private and never through a link, so that SQLite only ever opens a file of our own. */
static int touch_private(struct state *s, struct err *e)
{
    int fd = openat(s->dir.fd, "state.db", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0) {
        err_errno(e, errno, s->path, "cannot open the journal");
        return err_fix(e, "check that .zagent is a folder of yours and state.db a plain file in it");
    }
    struct stat st;
    int ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    close(fd);
    if (ok)
        return 0;
    err_set(e, ERR_IO, "the journal is not a plain file");
    return err_at(e, "%s", s->path);
}

int db_open(struct state *s, struct err *e)
{
    if (s->dir.path && touch_private(s, e) < 0)
        return -1;
    int rc = sqlite3_open_v2(s->path, &s->db, SQLITE_OPEN_READWRITE, NULL);
    if (rc != SQLITE_OK)
        return db_fail(s, rc, e);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, BUSY_MS);
    /* J1: FULL makes every commit reach the disk in WAL mode too (sqlite.org/pragma.html#pragma_synchronous). */
    if (db_exec(s,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema "
                "= OFF;",
                e) < 0)
        return -1;
    return migrate(s, e);
}

int db_check(struct state *s, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "PRAGMA quick_check(1)", e);
    if (!q || db_row(s, q, e) < 0)
        return -1;
    const char *text = (const char *)sqlite3_column_text(q, 0);
    return text && strcmp(text, "ok") == 0 ? 0 : damaged(s, text ? text : "unreadable", e);
}

sqlite3_stmt *db_prep(struct state *s, const char *sql, struct err *e)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &q, NULL);
    if (rc == SQLITE_OK)
        return q;
    db_fail(s, rc, e);
    return NULL;
}

void db_auto_finalize(sqlite3_stmt **q)
{
    sqlite3_finalize(*q);
}

int db_row(struct state *s, sqlite3_stmt *q, struct err *e)
{
    int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : db_fail(s, rc, e);
}

int db_done(struct state *s, sqlite3_stmt *q, struct err *e)
{
    int rc = sqlite3_step(q);
    return rc == SQLITE_DONE || rc == SQLITE_ROW ? 0 : db_fail(s, rc, e);
}

bool bind_text(sqlite3_stmt *q, int at, const char *text)
{
    if (!text) {
        sqlite3_bind_null(q, at);
        return false;
    }
    char *clean = secret_redact(text);
    bool changed = strcmp(clean, text) != 0;
    sqlite3_bind_text(q, at, clean, -1, free);
    return changed;
}

/* Keys whose value is a credential whatever it looks like. "code" is not one here: Zoho's error codes bear that name. */
static bool secret_key(const char *key)
{
    static const char *const keys[] = {"access_token", "refresh_token", "client_secret",
                                       "device_code",  "password",      "authorization"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcasecmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* Value by value, so that redaction can never tear the JSON around it. */
static json_t *redacted(const json_t *v, bool *changed)
{
    if (json_is_string(v)) {
        AUTO_FREE char *clean = secret_redact(json_string_value(v));
        if (strcmp(clean, json_string_value(v)) != 0)
            *changed = true;
        return json_string(clean);
    }
    if (json_is_array(v)) {
        json_t *out = json_array();
        size_t i;
        json_t *item;
        json_array_foreach (v, i, item) {
            json_array_append_new(out, redacted(item, changed));
        }
        return out;
    }
    if (!json_is_object(v))
        return json_deep_copy(v);
    json_t *out = json_object();
    for (void *it = json_object_iter((json_t *)(uintptr_t)v); it;
         it = json_object_iter_next((json_t *)(uintptr_t)v, it)) {
        const char *key = json_object_iter_key(it);
        const json_t *value = json_object_iter_value(it);
        AUTO_FREE char *clean_key = secret_redact(key);
        bool hide = secret_key(key) && json_is_string(value);
        if (hide || strcmp(clean_key, key) != 0)
            *changed = true;
        json_object_set_new(out, clean_key, hide ? json_string("(secret)") : redacted(value, changed));
    }
    return out;
}

bool bind_json(sqlite3_stmt *q, int at, const json_t *value)
{
    bool changed = false;
    AUTO_JSON json_t *clean = value ? redacted(value, &changed) : json_object();
    char *text = json_dumps(clean, JSON_ENCODE_ANY | JSON_SORT_KEYS | JSON_COMPACT);
    sqlite3_bind_text(q, at, text, -1, free);
    return changed;
}

void bind_int(sqlite3_stmt *q, int at, int64_t v)
{
    sqlite3_bind_int64(q, at, v);
}

json_t *col_json(sqlite3_stmt *q, int at)
{
    const char *text = (const char *)sqlite3_column_text(q, at);
    json_t *v = text ? json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL) : NULL;
    return v ? v : json_null();
}

static bool holds_json(const char *column)
{
    return !strcmp(column, "detail") || !strcmp(column, "facts") || !strcmp(column, "summary");
}

static json_t *col_value(sqlite3_stmt *q, int at)
{
    int type = sqlite3_column_type(q, at);
    if (type == SQLITE_NULL)
        return json_null();
    if (type == SQLITE_INTEGER)
        return json_integer(sqlite3_column_int64(q, at));
    return holds_json(sqlite3_column_name(q, at)) ? col_json(q, at)
                                                  : json_string((const char *)sqlite3_column_text(q, at));
}

json_t *db_object(sqlite3_stmt *q, int first)
{
    json_t *row = json_object();
    for (int i = first; i < sqlite3_column_count(q); i++)
        js_set(row, sqlite3_column_name(q, i), col_value(q, i));
    return row;
}

json_t *db_objects(struct state *s, sqlite3_stmt *q, struct err *e)
{
    AUTO_JSON json_t *rows = json_array();
    int rc;
    while ((rc = db_row(s, q, e)) == 1)
        json_array_append_new(rows, db_object(q, 0));
    return rc < 0 ? NULL : json_incref(rows);
}
