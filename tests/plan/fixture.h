/*
 * tests/plan/fixture.h — a planning situation from one JSON object:
 *   snapshot {list: [objects]} or {list: {"@refused": {...}}}, names, capabilities, attested, checks, org, standards,
 *   unread true: lists that are not given were not read (else they are empty),
 *   target [..], exclude [..], desired [{address, body, needs, hand, artifact, playbook, because, file, line}].
 */
#ifndef TESTS_PLAN_FIXTURE_H
#define TESTS_PLAN_FIXTURE_H
#include "plan/plan.h"

struct fixture {
    json_t *doc;
    struct snapshot snapshot;
    struct desired desired;
    struct strset target, exclude;
    struct plan_input in;
};
/* Takes over doc. Fails the test when the fixture itself is wrong. */
void fixture_open(struct fixture *f, json_t *doc);
void fixture_open_text(struct fixture *f, const char *json);
void fixture_close(struct fixture *f);
/* The plan, or a failed test. Caller releases. */
json_t *fixture_plan(struct fixture *f);
struct kind_view fixture_view(const struct fixture *f);
/* Replaces one list of the snapshot by JSON text. */
void fixture_put(struct fixture *f, const char *list, const char *json);
/* Appends to `out` one line for each place where `have` is not as `want` says: objects by the keys of want, arrays whole,
 * "~text" for a string that contains text, null for absent. */
void fixture_compare(const json_t *want, const json_t *have, const char *path, json_t *out);
/* JSON text with ' for ", so that it reads well in C. New reference. */
json_t *json_of(const char *text);
#endif
