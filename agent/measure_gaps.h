/*
 * agent/measure_gaps.h — which records lack what they should have by now: the measure `incomplete`.
 *
 * requires    [{when {COLUMN: text}, field, is?}]: a row whose columns have these texts needs the field; with `is`, it needs that value.
 *             Zero is a value; empty text, null and an empty list are not.
 * Honest      a field that the org has not yet is not counted against anybody and is named in `absent`; there is no value then, only
 *             what the others say: a number made of fewer fields is no baseline.
 */
#ifndef AGENT_MEASURE_GAPS_H
#define AGENT_MEASURE_GAPS_H
#include "base/js.h"

/* The query with the columns that `requires` names and the org has (fields: the module's list) added to it. Caller frees. */
char *gaps_query(const char *query, const json_t *requires, const json_t *fields);
/* The module the query reads, as text. Caller frees; "" when it names none. */
char *gaps_module(const char *query);
/* {value, n, why?, by [{name, n, of}] (most gaps first), rows [{id, name, by, missing [label]}], absent [label]}. users: the org's, to name
 * owners; may be NULL. Pure. New reference. */
json_t *gaps_value(const json_t *measure, const json_t *rows, const json_t *fields, const json_t *users);
#endif
