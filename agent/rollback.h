/*
 * agent/rollback.h — what a run changed, taken back: an inverse plan from its before-images.
 *
 * The plan   an ordinary one (plan/plan.h), saved and applied like any other, with a member more:
 *            rollback {run, command, skipped[addresses], lost[{text, fix, address?}], stays[{address, text, fix}]}; each of its steps
 *            has undoes: true when what is taken back was done, false when it was itself a taking back.
 * Updated    gets back exactly the properties that the run changed, as the before-image has them; a function its source; records the
 *            values that exactly the rows touched had (agent/rows.h). What cannot be said by API in the way it was (the inverse
 *            body must mean the same as the image) stays and is listed.
 * Created    a workflow rule is switched off. Everything else stays and is listed, or goes with --delete-created where Zoho's API
 *            deletes that kind, each with a tombstone and with what is lost counted.
 * Refused    when something the run left is not as it left it: ERR_STALE names what moved and who, --skip leaves it out; while a
 *            write of the run has no known outcome; for a run of another org; twice.
 * Afterwards the steps of the playbook count as rolled back, the run is closed and remembers by which run it was taken back.
 */
#ifndef AGENT_ROLLBACK_H
#define AGENT_ROLLBACK_H
#include "agent/apply.h"
#include "agent/session.h"

struct rollback_how {
    bool delete_created;
    const json_t *skip; /* addresses or patterns; NULL = none */
};
/* run: "R3" or "3". Reads the org, writes nothing. *plan: new reference, not saved yet. */
int rollback_plan(struct session *s, const char *run, const struct rollback_how *how, json_t **plan, struct err *e);
/* What does not come back and what stays. */
void rollback_print(struct app *a, const json_t *plan);
/* After the run of such a plan: marks its steps and both runs. whole = no step is open any more. */
int rollback_finish(struct apply *ap, bool whole, struct err *e);

/* The body that gives `live` (a before-image) back: the properties of `declared` that differ between was and want, or all of them.
 * Pure. New reference. */
json_t *rollback_body(const json_t *declared, const json_t *was, const json_t *want, const json_t *live, bool all);
#endif
