/*
 * sandbox/automation.h — what a saved record sets off: workflow rules, then its Blueprint.
 *
 * Order       validation rules and record locks before the save (gate.h) → assignment (assign.h) → save → workflow rules → Blueprint.
 *             Zoho's whole order is assignment, review, scoring, workflow, approval, Blueprint, scoring, CommandCenter
 *             (zoho-people-and-tools.md 3.1); the others are not in this sandbox.
 * trigger     absent: all run; an array: those named; [] none (zoho-api.md 2.1).
 * Rules       oldest first, each asked about the record as it was saved; of a rule's conditions, in sequence, the first that is met
 *             counts, the rest are left (zoho.com/crm/help/automation/workflow-implementation-checklist.html). `repeat: false`: once a
 *             record.
 * Loops       what a rule itself writes sets off no rule (assumed). What a function writes does when it asks for it, until
 *             AUTOMATION_DEPTH writes deep; then the rule is noted as failed.
 * Dates       rules that a date of the record sets off: dated.h.
 * Not here    triggers score_*, section_update, rollup_summary_update, mail_*, call; the action convert: it is noted
 *             as "failed" with error null.
 */
#ifndef SANDBOX_AUTOMATION_H
#define SANDBOX_AUTOMATION_H
#include "sandbox/criteria.h"
#include "sandbox/record.h"

enum { AUTOMATION_DEPTH = 10 };
enum automation_event { RECORD_CREATED, RECORD_EDITED, RECORD_DELETED };

/* after: as saved; of a deleted record, as it was. */
void automation_run(struct call *c, const struct record_module *m, enum automation_event what, const char *id,
                    const json_t *before, const json_t *after, const json_t *trigger);
/* Does what is scheduled up to `till`, each at its time: the clock moves along. */
void automation_due(struct call *c, int64_t till);
/* The same, the clock at `till` afterwards. */
void automation_clock(struct call *c, int64_t till);
/* Does what is due by now, in a transaction of its own: before anybody looks. */
void automation_catch_up(struct call *c);
/* A rule that is gone or switched off with delete_schedule_action takes what it scheduled along. */
void automation_forget(struct store *st, const char *rule);

/* Criteria asked of records of m in this org, now. */
struct record_env {
    struct criteria_env env;
    json_t *me; /* the acting user, whole, shared (org_actor); owned */
    char today[CLOCK_TEXT];
    struct store *st;
};
void record_env_init(struct record_env *e, struct call *c, const struct record_module *m);
void record_env_release(struct record_env *e);

/* One rule's or transition's actions on one record (automation_act.c). */
struct occasion {
    struct call *c;
    const struct record_module *m;
    const char *id;
    json_t *record;     /* as it stands; owned by the caller, replaced by field updates */
    const char *source; /* "workflow_rule", "blueprint": with the rule's id the audit's actor */
    const char *rule, *part;
};
void automation_act(struct occasion *o, const json_t *actions);
/* Owner, tags, new records (automation_inline.c); false when the action is none of these. */
bool automation_inline(struct occasion *o, const json_t *action);
/* Notes an action that could not be done; error (a text or an element) is stolen. */
void automation_failed(const struct occasion *o, const json_t *action, json_t *error);
/* Writes as the rule; a refusal is noted. id NULL = a new record. */
void automation_write(struct occasion *o, const struct record_module *m, const char *id, const json_t *values,
                      const json_t *action);
/* Notes a function as run or to run; its answer, a new reference, or NULL when there is no interpreter. */
json_t *automation_function(struct occasion *o, const json_t *function, json_t *arguments_stolen);
#endif
