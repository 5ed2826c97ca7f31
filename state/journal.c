/* state/journal.c — runs and their events: what was about to be sent, and what came of it. Invariants J1–J5: state/state.h. */
#include "base/digest.h"
#include "state/buildlog.h"
#include "state/db.h"

static const char *const outcome_names[STEP_OUTCOME__MAX] = {
    [STEP_DONE] = "done",         [STEP_VERIFIED] = "verified",
    [STEP_FAILED] = "failed",     [STEP_SKIPPED] = "skipped",
    [STEP_UNKNOWN] = "unknown",   [STEP_HAND] = "hand",
    [STEP_ATTESTED] = "attested", [STEP_REFUSED] = "refused",
    [STEP_UNDONE] = "undone",     [STEP_ROLLED_BACK] = "rolled_back",
};

const char *step_outcome_name(enum step_outcome o)
{
    return (unsigned)o < STEP_OUTCOME__MAX ? outcome_names[o] : "?";
}

int state_run_open(struct state *s, const char *command, const char *plan_digest, const json_t *facts, int64_t *run,
                   struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(
        s,
        "INSERT INTO run(run, command, plan, facts, opened_at) SELECT coalesce(max(run), 0) + 1, ?, ?, ?, ? FROM run"
        " RETURNING run",
        e);
    if (!q)
        return -1;
    bind_text(q, 1, command);
    bind_text(q, 2, plan_digest);
    bind_json(q, 3, facts);
    bind_int(q, 4, s->clock.now_s(s->clock.ctx));
    if (db_row(s, q, e) < 0)
        return -1;
    *run = sqlite3_column_int64(q, 0);
    return db_done(s, q, e); /* the row is stored when the statement has ended */
}

int64_t state_run_find_open(struct state *s, const char *command, const char *plan_digest)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s,
                "SELECT max(run) FROM run WHERE closed_at IS NULL AND (?1 IS NULL OR plan = ?1) AND "
                "(?2 IS NULL OR command = ?2) AND (?3 IS NULL OR json_extract(facts, '$.zgid') = ?3)",
                NULL);
    if (!q)
        return 0;
    bind_text(q, 1, plan_digest);
    bind_text(q, 2, command);
    bind_text(q, 3, s->scope);
    return db_row(s, q, NULL) == 1 ? sqlite3_column_int64(q, 0) : 0;
}

int state_run_close(struct state *s, int64_t run, const json_t *summary, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "UPDATE run SET closed_at = ?, summary = ? WHERE run = ?", e);
    if (!q)
        return -1;
    bind_int(q, 1, s->clock.now_s(s->clock.ctx));
    bind_json(q, 2, summary);
    bind_int(q, 3, run);
    if (db_done(s, q, e) < 0)
        return -1;
    if (sqlite3_changes(s->db) == 1)
        return 0;
    return err_set(e, ERR_NOT_FOUND, "there is no run R%lld", (long long)run);
}

json_t *state_runs(struct state *s, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s, "SELECT run, command, plan, opened_at, closed_at, facts, summary FROM run ORDER BY run", e);
    if (!q)
        return NULL;
    return db_objects(s, q, e);
}

/* One statement, one commit: seq is taken inside it, so two writers cannot take the same one (J3). */
static const char event_sql[] =
    "INSERT INTO event(seq, run, kind, address, intent, outcome, request_digest, detail, at)"
    " SELECT coalesce(max(seq), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM event RETURNING seq";

static int event_put(struct state *s, sqlite3_stmt *q, int64_t run, const char *kind, const char *address,
                     const json_t *detail, int64_t *seq, struct err *e)
{
    bind_int(q, 1, run);
    bind_text(q, 2, kind);
    bind_text(q, 3, address);
    bind_json(q, 7, detail);
    bind_int(q, 8, s->clock.now_s(s->clock.ctx));
    if (db_row(s, q, e) < 0)
        return -1;
    if (seq)
        *seq = sqlite3_column_int64(q, 0);
    return db_done(s, q, e); /* J1: committed and on disk when this returns */
}

int state_intent(struct state *s, int64_t run, const char *address, const char *request_digest, const json_t *detail,
                 int64_t *seq, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, event_sql, e);
    if (!q)
        return -1;
    bind_text(q, 6, request_digest);
    return event_put(s, q, run, "intent", address, detail, seq, e);
}

int state_outcome(struct state *s, int64_t run, int64_t intent_seq, const char *address, enum step_outcome o,
                  const json_t *detail, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, event_sql, e);
    if (!q)
        return -1;
    if (intent_seq)
        bind_int(q, 4, intent_seq);
    bind_text(q, 5, step_outcome_name(o));
    return event_put(s, q, run, "outcome", address, detail, NULL, e);
}

json_t *state_open_intents(struct state *s, int64_t run, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s,
                "SELECT seq, address, request_digest, detail FROM event i WHERE run = ? AND kind = 'intent'"
                " AND NOT EXISTS(SELECT 1 FROM event o WHERE o.intent = i.seq) ORDER BY seq",
                e);
    if (!q)
        return NULL;
    bind_int(q, 1, run);
    return db_objects(s, q, e);
}

void state_scope(struct state *s, const char *org_zgid)
{
    free(s->scope);
    s->scope = org_zgid ? mem_dup(org_zgid) : NULL;
}

json_t *state_steps(struct state *s, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q =
        db_prep(s,
                "SELECT address, outcome, detail, run, at, EXISTS(SELECT 1 FROM event h WHERE h.address = o.address"
                " AND h.outcome IN ('hand', 'refused', 'attested')) AS by_hand FROM event o WHERE seq IN"
                " (SELECT max(seq) FROM event JOIN run USING(run) WHERE kind = 'outcome' AND"
                " (?1 IS NULL OR json_extract(facts, '$.zgid') = ?1) GROUP BY address)",
                e);
    if (!q)
        return NULL;
    bind_text(q, 1, s->scope);
    AUTO_JSON json_t *steps = json_object();
    int rc;
    while ((rc = db_row(s, q, e)) == 1) {
        json_t *row = db_object(q, 1);
        js_set_bool(row, "by_hand", sqlite3_column_int(q, 5) != 0);
        js_set(steps, (const char *)sqlite3_column_text(q, 0), row);
    }
    return rc < 0 ? NULL : json_incref(steps);
}

json_t *state_events(struct state *s, int64_t run, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(
        s,
        "SELECT seq, kind, address, intent, outcome, request_digest, detail, at FROM event WHERE run = ? ORDER BY seq",
        e);
    if (!q)
        return NULL;
    bind_int(q, 1, run);
    return db_objects(s, q, e);
}

int state_journal_id(struct state *s, char id[33], struct err *e)
{
    memset(id, '0', 32);
    id[32] = 0;
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "SELECT command, plan, facts, opened_at FROM run WHERE run = 1", e);
    if (!q)
        return -1;
    int rc = db_row(s, q, e);
    if (rc <= 0)
        return rc;
    struct digest *d = digest_new();
    for (int i = 0; i < 4; i++) {
        const char *text = (const char *)sqlite3_column_text(q, i);
        digest_feed(d, text ? text : "", (text ? strlen(text) : 0) + 1);
    }
    char hex[65];
    digest_finish(d, hex);
    memcpy(id, hex, 32);
    return 0;
}
