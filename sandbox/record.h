/*
 * sandbox/record.h — records: what one looks like stored and shown, how one is checked and written.
 *
 * Stored      the fields that are not null, as Zoho shows them; lookups as {"id","name"}; line items with ids of their own.
 * Writes      check (record_check.c), then put (record_write.c): row, unique keys, one audit row with the trigger as sent and the actor.
 * Source      zoho-api.md 2.1, 2.2; OAS26a record.
 */
#ifndef SANDBOX_RECORD_H
#define SANDBOX_RECORD_H
#include "sandbox/call.h"

struct record_module {
    json_t *module, *fields; /* owned; fields are shared (config_shared) */
    json_t *by_api;          /* api_name → field, owned */
    const char *api;
    const char *duplicate; /* system duplicate-check field, NULL = none */
    json_t *limits;        /* api_name → "hidden" | "read_only" for who calls (access.h), owned; NULL = none */
    json_t *row_limits;    /* subform's api_name → the same of its lines, owned; NULL = none */
};
/* By api_name; false when there is no such module. */
bool record_module_open(struct store *st, const char *name, struct record_module *m);
void record_module_close(struct record_module *m);
/* Of m->limits or one of m->row_limits (NULL = none): must this field not be seen? */
bool record_hides(const json_t *limits, const char *api_name);

/* The stored body with "id", or NULL: absent, deleted or another module's. New reference. module NULL = any. */
json_t *record_get(struct store *st, const char *module, const char *id);
/* The module of a living record; caller frees, NULL when there is none. */
char *record_module_name(struct store *st, const char *id);
/* All fields of the module with null where unset; `only` (array of names, NULL = all) limits them. New reference. */
json_t *record_show(const struct record_module *m, const json_t *stored, const json_t *only);

/* Checks and converts the sent fields into out (a null removes). before NULL = insert, with the mandatory fields required.
 * Error element or NULL. seed: read-only times may be set. */
json_t *record_check(struct call *c, const struct record_module *m, const json_t *in, const json_t *before, json_t *out,
                     bool seed, const char *base);
struct record_write {
    const json_t *trigger; /* as sent; NULL = all run */
    const char *assign;    /* lar_id: the assignment rule to apply; NULL = none */
    bool seed;             /* sample records: no gate, no automation */
    bool person;           /* saved on its form: validation rules stand before it */
    bool script;           /* by a Deluge task: validation rules never stand before it */
    /* "workflow_rule/ID": automation writes; no gate, sets off nothing, the audit's actor. NULL = the user. */
    const char *by;
};
/* Insert (id NULL) or update, with what may refuse it (gate.h) before and what it sets off (automation.h) after; a result
 * element as Zoho answers it. */
json_t *record_put(struct call *c, const struct record_module *m, const char *id, const json_t *in,
                   const struct record_write *w, const char *base);
/* Id of another record with this value in a unique or duplicate-check field; caller frees, NULL when none. */
char *record_find(struct store *st, const struct record_module *m, const char *field, const json_t *value,
                  const char *but_id);
/* Keeps the record's values as keys, in place of those it had. */
void record_keys(struct store *st, const struct record_module *m, int64_t id, const json_t *body);
/* DUPLICATE_DATA for a value another record has, or NULL. */
json_t *record_duplicate(struct call *c, const struct record_module *m, const json_t *out, const char *id,
                         const char *base);
bool record_unique_field(const struct record_module *m, const char *api_name);
json_t *record_delete(struct call *c, const struct record_module *m, const char *id, const json_t *trigger);
/* Keeps one value of a record as it is, with nothing before and nothing after it (tags). The record exists; value is stolen. */
void record_set(struct call *c, const struct record_module *m, const char *id, const char *key, json_t *value);
/* Values already stored become keys when a field turns unique. */
void record_index_field(struct store *st, const char *module, const char *field);
#endif
