/* state/schema.c — the tables, and the journal's invariants (state/state.h) as constraints and triggers. */
#include "state/db.h"

/* The first step is what a new file gets; later formats append a step and never change an old one. */
const char *const schema_steps[] = {
    /* 0 → 1 */
    "CREATE TABLE run("
    "  run INTEGER PRIMARY KEY CHECK(run > 0), command TEXT NOT NULL, plan TEXT, facts TEXT NOT NULL,"
    "  opened_at INTEGER NOT NULL, closed_at INTEGER, summary TEXT) "
    "STRICT;"

    /* J2: UNIQUE(intent). An outcome without an intent (skipped, by hand, attested) has intent NULL. */
    "CREATE TABLE event("
    "  seq INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(run), kind TEXT NOT NULL CHECK(kind IN ('intent', "
    "'outcome')),"
    "  address TEXT NOT NULL, intent INTEGER UNIQUE REFERENCES event(seq), outcome TEXT, request_digest TEXT,"
    "  detail TEXT NOT NULL, at INTEGER NOT NULL,"
    "  CHECK((kind = 'outcome') = (outcome IS NOT NULL)), CHECK(kind = 'outcome' OR intent IS NULL)) STRICT;"
    "CREATE INDEX event_run ON event(run, seq);"
    "CREATE INDEX event_address ON event(address, seq) WHERE kind = 'outcome';"

    "CREATE TRIGGER event_gap BEFORE INSERT ON event"
    "  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)"
    "  BEGIN SELECT raise(ABORT, 'J3: seq has a gap'); END;"
    "CREATE TRIGGER event_final BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'J3: an event never changes'); END;"
    "CREATE TRIGGER event_kept BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'J3: an event is never removed'); END;"
    "CREATE TRIGGER event_pair BEFORE INSERT ON event"
    "  WHEN NEW.intent IS NOT NULL AND NOT EXISTS(SELECT 1 FROM event i WHERE i.seq = NEW.intent AND i.kind = 'intent'"
    "    AND i.run = NEW.run AND i.address = NEW.address)"
    "  BEGIN SELECT raise(ABORT, 'J2: the outcome belongs to no intent of this run and address'); END;"
    "CREATE TRIGGER event_closed BEFORE INSERT ON event"
    "  WHEN EXISTS(SELECT 1 FROM run r WHERE r.run = NEW.run AND r.closed_at IS NOT NULL)"
    "  BEGIN SELECT raise(ABORT, 'J5: the run is closed'); END;"
    "CREATE TRIGGER run_settled BEFORE UPDATE OF closed_at ON run"
    "  WHEN NEW.closed_at IS NOT NULL AND EXISTS(SELECT 1 FROM event i WHERE i.run = NEW.run AND i.kind = 'intent'"
    "    AND NOT EXISTS(SELECT 1 FROM event o WHERE o.intent = i.seq))"
    "  BEGIN SELECT raise(ABORT, 'J5: an intent has no outcome yet'); END;"
    "CREATE TRIGGER run_final BEFORE UPDATE ON run WHEN OLD.closed_at IS NOT NULL"
    "  BEGIN SELECT raise(ABORT, 'J5: the run is closed'); END;"
    "CREATE TRIGGER run_kept BEFORE DELETE ON run BEGIN SELECT raise(ABORT, 'J3: a run is never removed'); END;"

    "CREATE TABLE before_image("
    "  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(run), address TEXT NOT NULL,"
    "  image TEXT NOT NULL, redacted INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX before_address ON before_image(address, id);"
    "CREATE TRIGGER before_final BEFORE UPDATE ON before_image BEGIN SELECT raise(ABORT, 'a before-image never "
    "changes'); END;"
    "CREATE TRIGGER before_kept BEFORE DELETE ON before_image BEGIN SELECT raise(ABORT, 'a before-image is never "
    "removed'); END;"

    "CREATE TABLE capability("
    "  org TEXT NOT NULL, kind TEXT NOT NULL, answer TEXT NOT NULL CHECK(answer IN ('yes', 'no')), why TEXT, path "
    "TEXT, code TEXT,"
    "  at INTEGER NOT NULL, PRIMARY KEY(org, kind)) STRICT;"
    "CREATE TABLE name("
    "  org TEXT NOT NULL, address TEXT NOT NULL, id TEXT, api_name TEXT, at INTEGER NOT NULL, PRIMARY KEY(org, "
    "address)) STRICT;"
    "CREATE TABLE attest("
    "  org TEXT NOT NULL, address TEXT NOT NULL, by_whom TEXT NOT NULL CHECK(by_whom <> ''), note TEXT, want TEXT, at "
    "INTEGER NOT NULL,"
    "  PRIMARY KEY(org, address)) STRICT;"
    "CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL, at INTEGER NOT NULL) "
    "STRICT;",
};
const int schema_version = (int)(sizeof schema_steps / sizeof *schema_steps);
