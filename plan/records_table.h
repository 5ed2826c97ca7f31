/*
 * plan/records_table.h — records whose values come row by row from a table, found in the org by a key.
 *
 * Body        {module, key: FIELD, records: [{FIELD: value, …}], create?, only_new?, where?, by_hand?, trigger[]}. Each record holds its key and the
 *             fields to set. An empty value changes nothing: a gap in a table never empties a field.
 * Found       the key is compared as it stands. A key that differs from the org's only in case, blanks, width or invisible
 *             characters (text_fold) is not taken for the same and not made anew: it is a finding, as is a key that no record or
 *             two records have.
 * Made        with create, what no record has goes through upsert with the key as duplicate_check_fields, so that sending it twice
 *             makes one record. Source: zoho-api.md 2.1 (zoho.com/crm/developer/docs/api/v8/upsert-records): only a unique field or
 *             the module's own duplicate-check field may be the key.
 *             only_new: fields that a record gets when it is made; one that is there keeps its own.
 * Compared    by the field's data_type: numbers by value, check boxes, moments, multi-select lists without order. A value that is
 *             not of its field's type is an error.
 * By hand     with by_hand the records come from elsewhere (another product's sync): a person sees to it, zagent reads them back.
 * Saved       a step keeps only the records it changes (declared.records) and their keys (declared.rows).
 */
#ifndef PLAN_RECORDS_TABLE_H
#define PLAN_RECORDS_TABLE_H
#include "plan/kind.h"

enum { TABLE_MAX = 20000, TABLE_FIELDS_MAX = 48 }; /* COQL selects 50 columns (zoho-api.md 2.3) */

bool table_is(const struct resource *r);
/* The parts of the kind that kind_records.c hands over when table_is. */
json_t *table_normalise(const struct kind_view *v, const struct resource *r, const json_t *live);
json_t *table_body(const struct kind_view *v, const struct resource *r);
void table_needs(const struct resource *r, struct strset *out);
void table_check(const struct kind_view *v, const struct resource *r, json_t *findings);
char *table_query(const struct kind_view *v, const struct resource *r);
/* {"key": field, "keys": {folded key: true}}: which rows their reader keeps (plan_rows). New reference. */
json_t *table_spec(const struct kind_view *v, const struct resource *r);
/* The declared body of a step: `want` is what it changes, `was` what is there of it. New reference. */
json_t *table_declared(const struct resource *r, const json_t *was, const json_t *want);
/* How many are made, and per field how many change, with the first of them: {path, to, records, text}. New reference. */
json_t *table_changes(const struct resource *r, const json_t *was, const json_t *want);

/* ---- shared by the files of the table ---- */

/* A cell as text without blanks at its ends; numbers and truths too. Caller frees. */
char *table_cell(const json_t *value);
/* {field: true} of what the records set, in the order they are first named; the key is not among them. New reference. */
json_t *table_fields(const struct resource *r);
/* data_type of a field, as the org has it, else as a resource of the plan wants it; "" when neither is known. Borrowed. */
const char *table_type(const struct kind_view *v, const char *module, const char *field);
/* The records beside the org's rows: {key: {"want", "have"?, "id"?}} of those the step is about; findings (may be NULL) gets the
 * others. New reference. */
json_t *table_match(const struct kind_view *v, const struct resource *r, json_t *findings);
#endif
