/*
 * sandbox/happening.h — what automation did and has yet to do: one row each in the table `happening`.
 *
 * Kinds       ran       a rule's condition was met; body {}
 *             mail      what would have been sent: {notification, template, subject, content, to[], unresolved[]}
 *             webhook   what would have been called: {name, method, url, parameters, headers, body}
 *             function  {function, arguments, status: "to run" | what the interpreter answered}
 *             failed    an action that could not be done: {action, error}; or one this sandbox has not: {action, error: null}
 *             scheduled actions not due yet; `at` is when: {source, actions[]}
 *             process   the record is in the Blueprint `rule`, in the state `part`; body {}
 * Times       epoch seconds of the sandbox's clock.
 */
#ifndef SANDBOX_HAPPENING_H
#define SANDBOX_HAPPENING_H
#include "sandbox/org.h"

struct happening {
    const char *kind;
    int64_t at;
    const char *module, *record; /* record: id */
    const char *rule, *part;     /* ids of the rule or Blueprint and of its condition or transition; may be NULL */
};
/* body is stolen. */
void happening_put(struct store *st, const struct happening *h, json_t *body);
/* How often a rule ran from `from` to `till` (both included); part NULL: whatever its condition. */
int64_t happening_count(struct store *st, const char *rule, const char *part, int64_t from, int64_t till);
bool happening_ran(struct store *st, const char *rule, const char *record);
void happening_drop_rule(struct store *st, const char *kind, const char *rule);
void happening_drop_record(struct store *st, const char *kind, const char *record);
/* Rows of a kind that this rule has for this record. */
void happening_drop(struct store *st, const char *kind, const char *rule, const char *record);
/* Takes out the scheduled row that is due first, not after `till`; false when there is none. Release with its own call. */
struct due {
    int64_t at;
    char *module, *record, *rule;
    json_t *body;
};
bool happening_take_due(struct store *st, int64_t till, struct due *out);
void due_release(struct due *d);
int64_t happening_next_due(struct store *st); /* INT64_MAX when nothing waits */
/* kind → how many; new reference. */
json_t *happening_counts(struct store *st);
/* {at, module, record, rule, part, body's keys} of one kind in order; new reference. */
json_t *happening_list(struct store *st, const char *kind);
/* The rule of the newest row of a kind for a record; caller frees, NULL when none. */
char *happening_rule(struct store *st, const char *kind, const char *record);
/* The part of that row; caller frees, NULL when none. */
char *happening_part(struct store *st, const char *kind, const char *record);
#endif
