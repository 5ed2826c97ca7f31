/*
 * sandbox/store.h — the org's memory: one SQLite file, or memory.
 *
 * Tables      config(id, kind, module, api_name, name, body)    every settings object as Zoho's own JSON plus what we
 * search by record(id, module, created, modified, deleted, body)   a record; body holds the fields that are not null
 *             keyed(module, field, value, record)               values of unique fields, for duplicates and upsert
 *             audit(seq, at, actor, action, module, record, trigger, before, after)    one row a record write
 *             happening(seq, kind, at, module, record, rule, part, body)    what automation did (happening.h)
 *             blob(id, name, data)                              files (blob.h)
 *             oauth_grant, oauth_code, token (grant.h), meta
 * Durability  WAL with synchronous=NORMAL: once COMMIT returned, the write is with the operating system and survives kill -9 of this
 *             process; only a loss of power may take the last ones. FULL would wait for the disk at each request, for an org that
 *             stands for another. The log goes into the file every 16 MiB.
 * Errors      sticky: the first SQLite failure is kept in `e`, later calls do nothing, and store_commit reports it. So handlers read
 *             straight on and one place answers 500.
 * Ids         count up from STORE_FIRST_ID; the counter commits with the write that used it.
 * Statements  are cached by the address of their SQL text: pass literals.
 * Threads     callers hold the sandbox's lock.
 */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H
#include <sqlite3.h>

#include "base/err.h"
#include "base/js.h"

#define STORE_FIRST_ID 5725767000000100001
enum { STORE_VERSION = 1, STORE_ID_TEXT = 24, STORE_STMTS = 256 };

struct store {
    sqlite3 *db;
    int64_t next_id, saved_id;
    int64_t seen; /* SQLite's data_version */
    bool trial;
    struct err e;
    json_t *shared; /* config_shared's lists by kind and module; NULL = none read since settings last changed */
    struct {
        const char *sql;
        sqlite3_stmt *st;
    } cache[STORE_STMTS];
    int n_cache;
};

/* *fresh: nothing in it yet. ERR_CONFIG when a newer zagent wrote it. */
int store_open(struct store *st, const char *path, bool *fresh, struct err *e);
void store_close(struct store *st);
/* True when another process has written since this was last asked. */
bool store_changed(struct store *st);
/* A consistent copy of the store as it is now, also while it is written; `to` must not exist. */
int store_copy(struct store *st, const char *to, struct err *e);
/* on: all transactions from now on lie inside one that off takes back whole. */
void store_trial(struct store *st, bool on);
void store_begin(struct store *st);
int store_commit(struct store *st, struct err *e);
void store_rollback(struct store *st);
/* A part of the transaction that may be taken back alone: mark, then store_unmark with what to do about it. Marks nest. */
void store_mark(struct store *st);
void store_unmark(struct store *st, bool keep);
/* A new id as text. */
void store_new_id(struct store *st, char out[STORE_ID_TEXT]);

/* A bound statement, ready for store_row. types: one letter an argument: s text (NULL = SQL NULL), i int64_t. */
sqlite3_stmt *store_q(struct store *st, const char *sql, const char *types, ...);
/* The next row; false at the end or on error, when the statement is free for others again. */
bool store_row(struct store *st, sqlite3_stmt *q);
/* Runs to the end; the number of rows changed. */
int store_do(struct store *st, const char *sql, const char *types, ...);
/* Column text, never NULL. */
const char *store_text(sqlite3_stmt *q, int col);
/* Column parsed as JSON, new reference; NULL when it is not. */
json_t *store_json(sqlite3_stmt *q, int col);

char *store_meta(struct store *st, const char *key); /* caller frees, NULL when unset */
void store_set_meta(struct store *st, const char *key, const char *value);

/* Settings objects. `module` NULL = any (or none, on put). Objects come back as new references, ids inside. */
void config_put(struct store *st, const char *kind, const char *module, const json_t *body);
json_t *config_list(struct store *st, const char *kind, const char *module);
/* The same list, parsed once and kept until any settings object changes, here or by another process: for what each record asks
 * again. A new reference to what others hold too: it must not be changed. */
json_t *config_shared(struct store *st, const char *kind, const char *module);
json_t *config_by_id(struct store *st, const char *kind, const char *module, const char *id);
json_t *config_by_api(struct store *st, const char *kind, const char *module, const char *api_name);
/* By name, ignoring ASCII case. */
json_t *config_by_name(struct store *st, const char *kind, const char *module, const char *name);
/* By id or api_name or name, in this order. */
json_t *config_any(struct store *st, const char *kind, const char *module, const char *what);
char *config_module_of(struct store *st, const char *kind, const char *id); /* caller frees; NULL when absent */
bool config_remove(struct store *st, const char *kind, const char *id);
int64_t config_count(struct store *st, const char *kind, const char *module);
#endif
