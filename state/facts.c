/* state/facts.c — what was learnt beside the journal: before-images, capabilities, names, attestations, small facts. */
#include "state/db.h"

enum { CAPABILITY_DAYS = 30 };

static int64_t now(struct state *s)
{
    return s->clock.now_s(s->clock.ctx);
}

int state_before_put(struct state *s, int64_t run, const char *address, const json_t *image, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s, "INSERT INTO before_image(run, address, image, redacted, at) VALUES(?, ?, ?, ?, ?)", e);
    if (!q)
        return -1;
    bind_int(q, 1, run);
    bind_text(q, 2, address);
    bind_int(q, 4, bind_json(q, 3, image));
    bind_int(q, 5, now(s));
    return db_done(s, q, e);
}

static json_t *image_of(struct state *s, sqlite3_stmt *q, struct err *e)
{
    if (db_row(s, q, e) != 1)
        return NULL;
    json_t *image = col_json(q, 0);
    if (sqlite3_column_int(q, 1) && json_is_object(image))
        js_set_bool(image, "@redacted", true);
    return image;
}

json_t *state_before_run(struct state *s, int64_t run, const char *address, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s, "SELECT image, redacted FROM before_image WHERE run = ? AND address = ? ORDER BY id LIMIT 1", e);
    if (!q)
        return NULL;
    bind_int(q, 1, run);
    bind_text(q, 2, address);
    return image_of(s, q, e);
}

json_t *state_before_get(struct state *s, const char *address, bool first, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s,
                first ? "SELECT image, redacted FROM before_image WHERE address = ? ORDER BY id LIMIT 1"
                      : "SELECT image, redacted FROM before_image WHERE address = ? ORDER BY id DESC LIMIT 1",
                e);
    if (!q)
        return NULL;
    bind_text(q, 1, address);
    return image_of(s, q, e);
}

int state_capability_put(struct state *s, const char *org_zgid, const char *kind, const char *answer, const char *why,
                         const char *path, const char *code, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "INSERT OR REPLACE INTO capability VALUES(?, ?, ?, ?, ?, ?, ?)", e);
    if (!q)
        return -1;
    const char *text[] = {org_zgid, kind, answer, why, path, code};
    for (int i = 0; i < 6; i++)
        bind_text(q, i + 1, text[i]);
    bind_int(q, 7, now(s));
    return db_done(s, q, e);
}

/* Rows of (key, column…) as key → {column: value, …}. */
static json_t *keyed(struct state *s, sqlite3_stmt *q, struct err *e)
{
    AUTO_JSON json_t *all = json_object();
    int rc;
    while ((rc = db_row(s, q, e)) == 1)
        js_set(all, (const char *)sqlite3_column_text(q, 0), db_object(q, 1));
    return rc < 0 ? NULL : json_incref(all);
}

json_t *state_capabilities(struct state *s, const char *org_zgid, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(
        s, "SELECT kind, answer, why, path, code, at FROM capability WHERE org = ? AND at > ? ORDER BY kind", e);
    if (!q)
        return NULL;
    bind_text(q, 1, org_zgid);
    bind_int(q, 2, now(s) - (int64_t)CAPABILITY_DAYS * 86400);
    return keyed(s, q, e);
}

int state_name_put(struct state *s, const char *org_zgid, const char *address, const char *id, const char *api_name,
                   struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "INSERT OR REPLACE INTO name VALUES(?, ?, ?, ?, ?)", e);
    if (!q)
        return -1;
    const char *text[] = {org_zgid, address, id, api_name};
    for (int i = 0; i < 4; i++)
        bind_text(q, i + 1, text[i]);
    bind_int(q, 5, now(s));
    return db_done(s, q, e);
}

json_t *state_names(struct state *s, const char *org_zgid, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "SELECT address, id, api_name FROM name WHERE org = ? ORDER BY address", e);
    if (!q)
        return NULL;
    bind_text(q, 1, org_zgid);
    return keyed(s, q, e);
}

int state_attest_put(struct state *s, const char *org_zgid, const char *address, const char *by, const char *note,
                     const char *want_digest, struct err *e)
{
    if (!by || !*by) {
        err_set(e, ERR_USAGE, "an attestation needs the name of the person who did the step");
        return err_fix(e, "add --by NAME");
    }
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "INSERT OR REPLACE INTO attest VALUES(?, ?, ?, ?, ?, ?)", e);
    if (!q)
        return -1;
    const char *text[] = {org_zgid, address, by, note, want_digest};
    for (int i = 0; i < 5; i++)
        bind_text(q, i + 1, text[i]);
    bind_int(q, 6, now(s));
    return db_done(s, q, e);
}

json_t *state_attested(struct state *s, const char *org_zgid, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s, "SELECT address, by_whom AS \"by\", note, want, at FROM attest WHERE org = ? ORDER BY address", e);
    if (!q)
        return NULL;
    bind_text(q, 1, org_zgid);
    return keyed(s, q, e);
}

int state_fact_put(struct state *s, const char *key, const json_t *value, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s, value ? "INSERT OR REPLACE INTO fact VALUES(?, ?, ?)" : "DELETE FROM fact WHERE key = ?", e);
    if (!q)
        return -1;
    bind_text(q, 1, key);
    if (value) {
        bind_json(q, 2, value);
        bind_int(q, 3, now(s));
    }
    return db_done(s, q, e);
}

json_t *state_fact_get(struct state *s, const char *key, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "SELECT value FROM fact WHERE key = ?", e);
    if (!q)
        return NULL;
    bind_text(q, 1, key);
    return db_row(s, q, e) == 1 ? col_json(q, 0) : NULL;
}
