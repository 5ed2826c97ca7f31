/* agent/check_parts.h — inside the checks: one case as it runs, and what its steps and expectations do (check.h). */
#ifndef AGENT_CHECK_PARTS_H
#define AGENT_CHECK_PARTS_H
#include "agent/check.h"
#include "sandbox/inside.h"

struct check_case {
    struct sandbox *sb;
    const json_t *profiles; /* role → {profile, zoho_role?} */
    const json_t *names;    /* address → api_name */
    json_t *keys;           /* key of a record → {module, id} */
    json_t *before;         /* happenings when the case began */
    json_t *differences;    /* texts */
    json_t *shown;          /* {record, values} of what is to be looked at */
};
void check_differs(struct check_case *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* This org's api_name of a module, of its field. Borrowed. */
const char *check_module(const struct check_case *c, const char *module);
/* A record of the case; NULL is a difference already. Borrowed. */
const json_t *check_key(struct check_case *c, const char *key);
/* A copy with field names of this org and {"id": …} for "$key"; new reference. */
json_t *check_values(struct check_case *c, const char *module, const json_t *values);
/* The address of a user who has that role's profile: caller frees. NULL: the administrator, or, as a difference, no such role. */
char *check_user(struct check_case *c, const json_t *step);
/* The record as that user's GET shows it; new reference, NULL when it cannot be read. */
json_t *check_read(struct check_case *c, const json_t *key, const char *user);
/* What a person reads of a value: text as it is, a lookup's name, else JSON. Caller frees. */
char *check_text(const json_t *v);
/* The ways on that the record's Blueprint shows; new array. */
json_t *check_buttons(struct check_case *c, const json_t *key, const char *user);

/* check_names.c: ERR_CONFIG at the case that speaks of a record it has not made, a role nobody has or a time nobody can wait. */
int check_names(const struct playbook *pb, const json_t *rendered, struct err *e);

/* Steps (check_do.c) and expectations (check_expect.c), each by the key that names it. */
struct check_verb {
    const char *name, *keys; /* "|"-separated: what else it may say */
    void (*run)(struct check_case *c, const json_t *step);
};
extern const struct check_verb check_steps[], check_expectations[];
extern const size_t check_steps_n, check_expectations_n;
/* The row whose name is a key of the step; NULL when none is. */
const struct check_verb *check_verb_of(const struct check_verb *rows, size_t n, const json_t *step);
/* Equal, for people: numbers by value, lookups by id, "$any", "$empty", {contains}, {starts_with}. */
bool check_same(const json_t *have, const json_t *want);
void check_expect_all(struct check_case *c, const json_t *list);
#endif
