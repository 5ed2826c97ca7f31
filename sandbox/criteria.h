/*
 * sandbox/criteria.h — does a record meet a criteria tree? Pure: no store, no clock, no writes.
 *
 * Shape       a leaf {comparator, field{api_name}, value, type} or a group {group_operator, group[]}; NULL or {} is met by every
 *             record. Trees were checked when they were stored (check.h, criteria_check); a leaf nobody can read is not met.
 * Families    a field's data_type puts it in one family, and each family has its own table of comparators: text, number, time,
 *             boolean, reference (lookups and owners, by id, or by name when the value is no id), list (multi-select picklists, tags),
 *             rows (line items: empty or not). A field without metadata is compared by what its value is.
 * Values      one or an array: equal means any of them, not_equal none of them. Tokens: ${EMPTY}, ${NOTEMPTY}, ${ANYVALUE},
 *             ${CURRENTTIME}, ${CURRENTUSER}, ${CURRENTUSERROLE}. type "field" or "merge_field": the value names another field of the
 *             same record, as {"api_name"} or ${!Module.Field}.
 * Dotted      Account_Name.Industry reads the record behind the lookup through `related`.
 * Assumed     text is compared without case (ASCII); like means contains; not_equal and not_contains also find empty fields; between
 *             takes both ends; a date field equals ${CURRENTTIME} on that day. Listed in docs/CONFORMANCE.md.
 * Source      zoho-api.md 1.9 (OAS26a custom_views, workflow_rules; zoho.com/crm/developer/docs/api/v8/create-workflow-rule).
 */
#ifndef SANDBOX_CRITERIA_H
#define SANDBOX_CRITERIA_H
#include <stdint.h>

#include "base/js.h"

struct criteria_env {
    const json_t *fields; /* api_name → field object; may be NULL */
    int64_t now_s;        /* ${CURRENTTIME} */
    const char *today;    /* YYYY-MM-DD in the org's zone; may be NULL */
    const char *user;     /* id, ${CURRENTUSER}; may be NULL */
    const char *role;     /* id, ${CURRENTUSERROLE}; may be NULL */
    /* The record a lookup value {"id"} of this field points to, a new reference or NULL. May be NULL. */
    json_t *(*related)(void *ctx, const json_t *field, const json_t *value);
    void *ctx;
};

bool criteria_match(const json_t *tree, const json_t *record, const struct criteria_env *env);

/* The trigger field_update: a named field changed between before (NULL = no record yet) and after, and its new value fits the
 * leaf; ${ANYVALUE} fits every change. all: every leaf must have changed so, whatever the groups say. */
bool criteria_changed(const json_t *tree, bool all, const json_t *before, const json_t *after,
                      const struct criteria_env *env);

/* Null, absent, "", [] and {}. */
bool criteria_empty(const json_t *value);
#endif
