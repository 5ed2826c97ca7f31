/*
 * state/state.h — .zagent/state.db: the journal, before-images, capabilities, outcomes, attestations. SQLite, synchronous=FULL.
 *
 * Invariants  J1 an intent is durable before its request leaves.   J2 each intent has at most one outcome.
 *             J3 seq has no gaps, and no event changes or goes.   J4 no secret bytes (everything passes secret_redact).
 *             J5 replaying a finished journal sends nothing: a closed run has no intent without outcome and takes no more events.
 *             Held by constraints and triggers of the file itself (state/schema.c); breaking one is ERR_BUG with its number.
 * Damage      a file that is not a journal fails state_open; damaged pages fail state_lock, which reads the file whole before
 *             anyone writes; both ERR_IO with what to do.
 * Losing it   never causes a wrong write: plans are made from the live org; names and attestations are re-learnt or re-asked.
 * Versions    PRAGMA user_version, forward-only migrations; a newer file is refused by name.
 * Locks       state_lock (apply, attest, off/on) for writers; readers take none.
 * Times       epoch seconds from the clock given to state_open.
 */
#ifndef STATE_STATE_H
#define STATE_STATE_H
#include "base/clock.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/js.h"

struct state;
/* zagent_dir NULL: in memory, for a rehearsal; it takes no lock. */
int state_open(struct state **out, const struct fs_root *zagent_dir, const struct clock *clock, struct err *e);
/* A consistent copy in a new file. */
int state_copy(struct state *s, const char *to, struct err *e);
void state_close(struct state *s);

/* One run = one execution of a plan: R1, R2, … A run stays open until run_close. */
int state_run_open(struct state *s, const char *command, const char *plan_digest,
                   const json_t *facts /* org, actor, playbooks */, int64_t *run, struct err *e);
/* The newest open run of that command (NULL: any) and plan digest (NULL: any), 0 when none. */
int64_t state_run_find_open(struct state *s, const char *command, const char *plan_digest);
int state_run_close(struct state *s, int64_t run, const json_t *summary, struct err *e);
/* {run, command, plan, opened_at, closed_at|null, facts, summary} rows, oldest first. New reference. */
json_t *state_runs(struct state *s, struct err *e);

enum step_outcome {
    STEP_DONE,     /* the API said success */
    STEP_VERIFIED, /* read back and equal */
    STEP_FAILED,
    STEP_SKIPPED,
    STEP_UNKNOWN, /* no answer: reconcile by reading */
    STEP_HAND,    /* waiting for a person */
    STEP_ATTESTED,
    STEP_REFUSED,     /* the org refused this by API: by hand now */
    STEP_UNDONE,      /* verify found it no longer so */
    STEP_ROLLED_BACK, /* done in one run, taken back by this one */
    STEP_OUTCOME__MAX
};
const char *step_outcome_name(enum step_outcome o);

/* Durable on return. request_digest names what is about to be sent. */
int state_intent(struct state *s, int64_t run, const char *address, const char *request_digest, const json_t *detail,
                 int64_t *seq, struct err *e);
int state_outcome(struct state *s, int64_t run, int64_t intent_seq /* 0 = none */, const char *address,
                  enum step_outcome o, const json_t *detail /* id, api_name, code, message, by, … */, struct err *e);
/* Intents without outcome of a run: [{seq,address,request_digest,detail}]. New reference. */
json_t *state_open_intents(struct state *s, int64_t run, struct err *e);
/* Latest outcome of each address over all runs of this project: address → {outcome,detail,run,at,by_hand}.
 * by_hand: it was a person's at some time (waited for one, was refused by API, or attested). New reference. */
json_t *state_steps(struct state *s, struct err *e);
/* From now on state_steps and state_run_find_open speak of the runs in this org only: one project may have several. NULL = of all. */
void state_scope(struct state *s, const char *org_zgid);
/* All events of a run in order. New reference. */
json_t *state_events(struct state *s, int64_t run, struct err *e);

/* An image from which a secret had to be removed (J4) comes back with "@redacted": true: it must not be written back to an org. */
int state_before_put(struct state *s, int64_t run, const char *address, const json_t *image, struct err *e);
/* The oldest (first = true) or newest before-image of an address; NULL with e->kind == ERR_NONE when there is none. */
json_t *state_before_get(struct state *s, const char *address, bool first, struct err *e);

/* The first one that a run took of an address: how it was before that run. NULL with e->kind == ERR_NONE when there is none. */
json_t *state_before_run(struct state *s, int64_t run, const char *address, struct err *e);

/* Capabilities learnt: answer yes/no with path, code, date. They expire after 30 days. kind → {answer,why,path,code,at}. */
int state_capability_put(struct state *s, const char *org_zgid, const char *kind, const char *answer, const char *why,
                         const char *path, const char *code, struct err *e);
json_t *state_capabilities(struct state *s, const char *org_zgid, struct err *e);

/* address → {id, api_name}: what Zoho called what we made. */
int state_name_put(struct state *s, const char *org_zgid, const char *address, const char *id, const char *api_name,
                   struct err *e);
json_t *state_names(struct state *s, const char *org_zgid, struct err *e);

int state_attest_put(struct state *s, const char *org_zgid, const char *address, const char *by, const char *note,
                     const char *want_digest, struct err *e);
json_t *state_attested(struct state *s, const char *org_zgid, struct err *e);

/* Small facts of the project: "org_pin/NAME" → zgid, "off/PLAYBOOK" → …. NULL deletes / means absent. */
int state_fact_put(struct state *s, const char *key, const json_t *value, struct err *e);
json_t *state_fact_get(struct state *s, const char *key, struct err *e);

/* The project's writer lock. who goes into the message of whoever finds it taken. */
int state_lock(struct state *s, const char *who, int wait_ms, struct err *e);
void state_unlock(struct state *s);
#endif
