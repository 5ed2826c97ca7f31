/*
 * agent/import.h — a real-world sheet becomes clean rows of context, or names what is wrong with it. Pure: a description and a sheet in,
 * rows and defects out.
 *
 * Description  one of `imports:` of a playbook.yaml, expanded (docs/PLAYBOOKS.md "Sheets that come in"):
 *              {title, table, key [columns], numbers "auto|point|comma", currency [words], per [words], columns {NAME: {headers, type,
 *              required, max_length, places, min, max, unit, units {word: factor}, words [{word, also}], per COLUMN}},
 *              bases [{word, kind, holds, also}], rules [{rule: range|neighbours|ratio|basis, …}]}. import_check says what is wrong with it.
 * Nothing is   guessed, rounded or repaired by meaning. What is read without doubt though it looks odd (a blank of another width, a
 *              decimal comma, a unit that the cell itself names) is read and told as a note; everything else is a defect of that row.
 * A row        with a defect is not taken. Rows with the same key: equal ones count once, differing ones are all defects.
 * Result       {header: line, delimiter, rows, good, same, columns [{name, header}], unread [header],
 *              defects [{line, column?, header?, cell?, text, fix}] by line, notes [{text, n, lines [line], cell: the first}],
 *              table [{COLUMN: text, @line}] in the sheet's order}.
 * Exact        numbers stay decimal128 and leave as text; a conversion that needs more places than the column has is a defect.
 */
#ifndef AGENT_IMPORT_H
#define AGENT_IMPORT_H
#include "agent/sheet.h"
#include "base/js.h"

/* Calls back for each thing wrong with a description; pointer is relative to it ("/columns/price/per"). Returns how many. */
typedef void import_problem(void *ctx, const char *pointer, const char *text, const char *fix);
size_t import_check(const json_t *spec, import_problem *said, void *ctx);

/* spec must have passed import_check. numbers (may be NULL) lies over the description's. ERR_CONFIG when no row of the sheet can be
 * the header. New reference in *result. */
int import_run(const json_t *spec, const char *numbers, const struct sheet *s, const char *name, json_t **result,
               struct err *e);
/* The table of a result as CSV for context/: the description's columns, then Source ("NAME:LINE"). Caller frees. */
char *import_csv(const json_t *spec, const json_t *result, const char *name);
/* The defects as CSV that a person opens: guarded against formulas. Caller frees. */
char *import_defects_csv(const json_t *result);
#endif
