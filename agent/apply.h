/*
 * agent/apply.h — executes a saved plan, exactly it: intent → request → outcome → read-back, step by step.
 *
 * Call order  apply_open (lock, run, reads, reconcile, freshness) → apply_run → apply_close (log, summary).
 * Refuses     before any write: wrong org, a property that moved since the plan (ERR_STALE names it), and what agent/rails.h holds back.
 * Goes on     after a failure with steps that do not depend on it; dependants are skipped with the reason.
 * Results     address → {"outcome","text","id"?,"sent"?,"left"?}: the last word on every step of the plan in this run. sent: a write of
 *             ours reached the org, or may have; left: the digest (plan_step_digest) of what was read after it.
 * Crash       every boundary of base/crash.h apply_* lies here; resume reconciles open intents by reading, never by resending blindly.
 */
#ifndef AGENT_APPLY_H
#define AGENT_APPLY_H
#include "agent/org.h"
#include "plan/plan.h"

enum {
    APPLY_SETTLE_READS = 4
}; /* a lost create counts as absent only after this many reads, APPLY_SETTLE_MS apart and doubling */
enum { APPLY_SETTLE_MS = 250 };

/* What whoever opens a run agrees to beforehand; it is kept with the run, so that resume is held to the same. */
struct apply_leave {
    const json_t *raise; /* texts of --limit; NULL = none */
    bool deletions;      /* --allow-delete */
};

struct apply {
    struct app *app;
    struct state *st;
    struct org *org;
    const json_t *plan;
    const char *digest;
    int64_t run;
    bool resumed, stopped, nothing_to_do;
    struct err halted; /* set when HALT, budget or reserve (agent/rails.h) stopped the run in the middle */
    json_t *limits;    /* rails_limits, with what --limit raised when the run was opened */
    const struct apply_leave *leave;
    struct snapshot snapshot;
    json_t *names;
    /* address → {outcome, text, id, at}; "earlier" true and "seq" of its event when it is not of this invocation */
    json_t *results;
    struct desired nothing;
    struct kind_view view;
    size_t n_steps, i_step;
};

/* leave NULL: that of the run that goes on, or none. */
/* "apply", or "rollback" for a plan that takes a run back: under that name its run is journaled. */
const char *apply_command(const json_t *plan);
int apply_open(struct apply *ap, struct app *a, struct state *st, struct org *org, const json_t *plan,
               const char *digest, const struct apply_leave *leave, struct err *e);
int apply_run(struct apply *ap, struct err *e);
/* Writes BUILD_LOG.md, closes the run unless steps are open; fills app->data. */
int apply_finish(struct apply *ap, struct err *e);
void apply_release(struct apply *ap);

/* What the commands around a plan share (agent/cmd_apply.c): the question before it (options yes, production), every request and a
 * rehearsal without sending (option details), and the whole way from apply_open to apply_finish. */
struct session;
int apply_ask(struct app *a, const struct org *org, const json_t *plan, struct err *e);
int apply_dry(struct app *a, struct session *s, const json_t *plan, struct err *e);
int apply_plan(struct app *a, struct session *s, const json_t *plan, const char *digest,
               const struct apply_leave *leave, struct err *e);

/* One step by API: everything between its intent and its read-back. Fills the result. Only broken local state is an error. */
int apply_write(struct apply *ap, const json_t *step, struct err *e);
/* Reads the step's snapshot resources again. */
int apply_reread(struct apply *ap, const json_t *step, struct err *e);
/* A write of ours reached the org, or may have. */
void apply_sent(struct apply *ap, const json_t *step);
/* The snapshot was read after that write: what it shows is ours. */
int apply_left(struct apply *ap, const json_t *step, struct err *e);
/* Is the step true by the snapshot as it is now? diffs may be NULL. */
bool apply_true(struct apply *ap, const json_t *step, json_t *diffs);
void apply_result(struct apply *ap, const json_t *step, enum step_outcome o, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Outcome of an address in this run, or STEP_OUTCOME__MAX. */
enum step_outcome apply_outcome(const struct apply *ap, const char *address);
/* Learns id and api_name of what a step made; true when Zoho chose another api_name than planned. */
bool apply_learn(struct apply *ap, const json_t *step, const char *id, struct err *e);
#endif
