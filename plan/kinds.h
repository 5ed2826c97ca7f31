/* plan/kinds.h — functions of kinds that are more than a table; plan/kinds.c puts them into rows. */
#ifndef PLAN_KINDS_H
#define PLAN_KINDS_H
#include "plan/spec.h"

void module_reads(const struct kind_view *v, const struct resource *r, struct strset *out);

/* What of its values a playbook does not say. */
void picks_note(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body, json_t *notes);
/* picklist/Module.Field: the values of a field that exists. */
json_t *picklist_find(const struct kind_view *v, const struct resource *r);
void picklist_needs(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *picklist_body(const struct kind_view *v, const struct resource *r, const json_t *live);

/* layout_section/Module.Layout/Section; also the reference kind section. */
json_t *section_find(const struct kind_view *v, const struct resource *r);
void section_needs(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *section_body(const struct kind_view *v, const struct resource *r, const json_t *live);

json_t *locking_find(const struct kind_view *v, const struct resource *r);

void function_reads(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *function_normalise(const struct kind_view *v, const struct resource *r, const json_t *live);
void wrapper_reads(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *wrapper_find(const struct kind_view *v, const struct resource *r);

void records_reads(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *records_find(const struct kind_view *v, const struct resource *r);
json_t *records_normalise(const struct kind_view *v, const struct resource *r, const json_t *live);
void records_needs(const struct kind_view *v, const struct resource *r, struct strset *out);
/* How many records a step's body changes. */
int64_t records_count(const json_t *body);
json_t *records_body(const struct kind_view *v, const struct resource *r, const json_t *live);

json_t *picklist_value_find(const struct kind_view *v, const struct resource *r);
json_t *user_find(const struct kind_view *v, const struct resource *r);
json_t *variable_group_find(const struct kind_view *v, const struct resource *r);
json_t *nothing_find(const struct kind_view *v, const struct resource *r);

/* Limits and names (plan/check.c). */
void check_limits(const struct kind_view *v, const struct resource *r, json_t *findings);
#endif
