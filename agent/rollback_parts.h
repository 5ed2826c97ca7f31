/* agent/rollback_parts.h — what the files of agent/rollback*.c share: one rollback while its plan is made. */
#ifndef AGENT_ROLLBACK_PARTS_H
#define AGENT_ROLLBACK_PARTS_H
#include "agent/draft.h"
#include "agent/rollback.h"

struct back {
    struct session *s;
    const struct rollback_how *how;
    int64_t run;
    json_t *row;     /* of state_runs */
    json_t *forward; /* the run's plan */
    json_t *touched; /* address → {outcome, left, step}: what the run wrote */
    json_t *by_hand; /* addresses of what people did in it */
    json_t *lost, *stays, *skipped, *moved;
    json_t *graves; /* addresses of what the run made and --delete-created asks to go */
    json_t *names, *checks, *words;
    struct yaml y;
    struct desired d;
    struct snapshot snapshot;
    struct kind_view view;
};

/* An entry of lost, stays or moved; fix may be NULL. */
void back_say(json_t *list, const char *address, const char *fix, const char *text, ...)
    __attribute__((format(printf, 4, 5)));
/* The step's resource, without what belongs to its playbook. Release or add it. */
struct resource back_resource(const json_t *step);
/* Somebody changed it since: into b->moved, with who. */
void back_moved(struct back *b, const char *address, const char *what);

/* One step that the run wrote (agent/rollback_step.c, rollback_records.c): into b->d, or said why not. */
int back_step(struct back *b, const json_t *step, const json_t *touched, struct err *e);
int back_records(struct back *b, const json_t *step, const json_t *image, struct err *e);
/* The rows must hold what the run gave them: others' changes are not thrown away. Asked of the plan that was made. */
void back_records_moved(struct back *b, const json_t *plan);
void back_done_by_people(struct back *b);
/* Tombstones for b->graves, but for what something that stays still uses: Zoho would refuse that (zoho-api.md 1.5, 1.10). */
int back_bury(struct back *b, struct err *e);
#endif
