/*
 * plan/criteria.h — Zoho's criteria trees, compared by meaning.
 *
 * Shape   leaf {"field":{"api_name"},"comparator","value","type"}; group {"group_operator","group":[…]}
 * (zoho-api.md 1.9). Normal  api_name only; comparators lower case, group operators upper case; type "value" when
 * absent; groups in groups of the same operator flattened, a group of one is its member, members sorted; scalars as
 * text; {id,name} values as the name. Text    one line that says the same as the normal tree and nothing more: equal
 * trees, equal text. That is what plans show.
 */
#ifndef PLAN_CRITERIA_H
#define PLAN_CRITERIA_H
#include "plan/kind.h"

/* New reference; json_null for no criteria. live: names are this org's already. */
json_t *criteria_normalise(const struct kind_view *v, const char *module, const json_t *criteria, bool live);
/* Caller frees. */
char *criteria_text(const json_t *normal);
/* normalise, then text, as JSON: text or null. New reference. */
json_t *criteria_line(const struct kind_view *v, const char *module, const json_t *criteria, bool live);
/* Addresses of the fields a tree speaks of. */
void criteria_needs(const char *module, const json_t *criteria, struct strset *out);
/* The tree to send: fields as {"api_name":@ref,"id":@ref}. New reference. */
json_t *criteria_body(const char *module, const json_t *criteria);
#endif
