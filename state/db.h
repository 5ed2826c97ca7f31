/*
 * state/db.h — inside this room: the SQLite file, its migrations, and SQLite's answers as our errors.
 *
 * Call order  db_prep → bind_* → db_row (1 = a row, 0 = done, -1 = error) … → sqlite3_finalize; or db_exec for one statement without rows.
 * Redaction   everything that is text goes in through bind_text or bind_json: the one place where J4 holds.
 * Errors      damaged file ERR_IO with what to do · busy ERR_LOCKED · full or read-only disk ERR_IO · a broken invariant
 *             (trigger or constraint of state/schema.c) ERR_BUG with its text.
 */
#ifndef STATE_DB_H
#define STATE_DB_H
#include <sqlite3.h>

#include "state/state.h"

struct state {
    sqlite3 *db;
    struct clock clock;
    struct fs_root dir;
    struct fs_lock lock;
    bool locked;
    char *scope; /* zgid that state_steps speaks of; NULL = every org */
    char *path;  /* of state.db, for messages */
};

/* Forward-only: schema_steps[i] brings user_version i to i + 1. */
extern const char *const schema_steps[];
extern const int schema_version;
enum { SCHEMA_APPLICATION_ID = 0x5a414754 /* "ZAGT" */ };

/* Fills e from the connection's last answer. Returns -1. */
int db_fail(struct state *s, int rc, struct err *e);
int db_exec(struct state *s, const char *sql, struct err *e);
/* Opens .zagent/state.db, sets its pragmas and migrates it. */
int db_open(struct state *s, struct err *e);
/* The whole file read once: damaged pages are found before anything is written. */
int db_check(struct state *s, struct err *e);

/* NULL on error. */
sqlite3_stmt *db_prep(struct state *s, const char *sql, struct err *e);
void db_auto_finalize(sqlite3_stmt **q);
#define AUTO_STMT __attribute__((cleanup(db_auto_finalize)))
int db_row(struct state *s, sqlite3_stmt *q, struct err *e);
/* Runs a statement that gives no rows. */
int db_done(struct state *s, sqlite3_stmt *q, struct err *e);

/* NULL binds NULL. Returns true when redaction changed the value. */
bool bind_text(sqlite3_stmt *q, int at, const char *text);
bool bind_json(sqlite3_stmt *q, int at, const json_t *value);
void bind_int(sqlite3_stmt *q, int at, int64_t v);

/* The row's columns from `first` on as {name: value}: numbers and texts as SQLite holds them, NULL as JSON null, and the
 * columns whose text is JSON (detail, facts, summary, and a lone value through col_json) as what they hold. New references. */
json_t *db_object(sqlite3_stmt *q, int first);
/* All rows of q, each a db_object; NULL on error. */
json_t *db_objects(struct state *s, sqlite3_stmt *q, struct err *e);
json_t *col_json(sqlite3_stmt *q, int at);
#endif
