/*
 * agent/audit/things.h — a snapshot as a list of things with addresses: what findings, differences and uses are about.
 *
 * Address    as in plan/resource.h where a kind has one (field/Quotes.Stage), else the same form (related_list/, assignment_rule/,
 *            user_group/). A user's name is its id: who it is stays out of what is kept.
 * Order      of the table in things.c, then of the snapshot: steady.
 */
#ifndef AGENT_AUDIT_THINGS_H
#define AGENT_AUDIT_THINGS_H
#include "plan/snapshot.h"

struct thing {
    const char *kind;   /* "field" */
    const char *list;   /* the snapshot's resource: "fields/Quotes" */
    const char *module; /* NULL for what belongs to the org */
    const char *name;
    char *address;
    const json_t *o;
};
/* Calls `see` for each thing; the thing and its texts are borrowed until it returns. */
void things_each(const struct snapshot *s, void (*see)(const struct thing *t, void *ctx), void *ctx);
/* The same of one kind. */
void things_of(const struct snapshot *s, const char *kind, void (*see)(const struct thing *t, void *ctx), void *ctx);
/* What bears the id in the list of that kind, as an address; NULL when nothing does. module NULL: wherever. Caller frees. */
char *thing_by_id(const struct snapshot *s, const char *kind, const char *module, const char *id);

/* Short cuts over a snapshot. Borrowed, NULL when it does not say. */
const json_t *org_field(const struct snapshot *s, const char *module, const char *field);
const json_t *org_field_by_id(const struct snapshot *s, const char *module, const char *id);
const json_t *org_module(const struct snapshot *s, const char *module);
/* A value of a picklist field, by actual or display value. NULL also when the field has no list. */
const json_t *org_value(const json_t *field, const char *value);
bool org_has_list(const json_t *field);
/* A type that people fill and a query can show (zoho-api.md 1.5, 2.3): the others are never empty, or nobody's to fill. */
bool org_filled_by_people(const json_t *field);
#endif
