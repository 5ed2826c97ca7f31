/*
 * agent/doctor.h — can zagent do its work here, and if not, what exactly is to be asked of whom: one row a question.
 *
 * Levels   ok; warn = it works, but look; fail = something of zagent's work does not go here. Every warn and fail says what to do, and
 *          who can do it.
 * Order    this machine → the way to Zoho → the org → what zagent may do there → room left. A row that needs an earlier one is left out
 *          when that one failed.
 * Reads    GET only: org, the current user, a list an area, features, counts.
 */
#ifndef AGENT_DOCTOR_H
#define AGENT_DOCTOR_H
#include "agent/session.h"

struct doctor {
    struct app *a;
    const char *org; /* its name in zagent.yaml */
    const json_t *row;
    struct session s;
    struct snapshot snapshot; /* what was read on the way */
    json_t *checks;           /* borrowed from a->data: [{level, area, check, found, do, ask}] */
    size_t warn, fail;
    struct err first; /* of the first fail that has an error behind it */
};
enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };
/* remedy, ask "" when ok. Text is kept as given; what is printed is cleaned. */
void doctor_row(struct doctor *d, enum doctor_level level, const char *area, const char *check, const char *found,
                const char *remedy, const char *ask);
void doctor_print(const struct doctor *d);

void doctor_machine(struct doctor *d);
void doctor_way(struct doctor *d);
/* The rest, with the org open; each reads on, so an outage in between is an error. */
int doctor_org(struct doctor *d, struct err *e);
int doctor_may(struct doctor *d, struct err *e);
int doctor_room(struct doctor *d, struct err *e);
/* Nearly full from 9 tenths on: rows of crm_room. */
void doctor_room_rows(struct doctor *d, const json_t *room);

/* The rows for support: names of the org and of people, ids and paths left out. New reference. */
json_t *doctor_bundle(const json_t *checks);
/* doctor --open-questions (templates/_probes). */
int doctor_questions(struct app *a, struct err *e);
#endif
