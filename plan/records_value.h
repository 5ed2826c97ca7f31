/*
 * plan/records_value.h — a table's cell as a value of a field: what is compared, what is sent, by the field's data_type.
 *
 * Source  zoho-api.md 2.1: numbers are JSON numbers, a multi-select is an array, dates YYYY-MM-DD, moments with their offset.
 */
#ifndef PLAN_RECORDS_VALUE_H
#define PLAN_RECORDS_VALUE_H
#include "base/js.h"

/* The comparable form, of a cell or of what the org shows: text, or an array of text; json_null when empty. NULL when it is no value
 * of that type. New reference. */
json_t *value_comparable(const char *data_type, const json_t *value);
/* What goes into a request, from the comparable form: {"@decimal": text} where it is a number with a point (js_wire). New
 * reference. */
json_t *value_to_send(const char *data_type, const json_t *comparable);
/* What a value of this type looks like, for people: "a number like 12.50"; NULL when nothing of the type can be set from a table. */
const char *value_hint(const char *data_type);
#endif
