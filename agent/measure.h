/*
 * agent/measure.h — numbers that should move, read from the org by COQL: before the first apply, and again whenever somebody asks.
 *
 * A reading   {at, phase "before"|"after", values {ID: {value (decimal text) | null, n (rows it is made of), why (text, when there is
 *             no value)}}}. Readings stand in the state, per org and playbook, oldest first; the first one with a value is what a
 *             measure is compared with.
 * Honest      a measure that cannot be read (its field is not there yet, the org refuses) has no value and says why; it never
 *             becomes 0. A share of nothing and a median of nothing have none either.
 * Order       measures (playbook_measures, or plan.rendered[NAME].measures) → measure_take → measure_rows → whoever shows them.
 * Arithmetic  sums of decimals and times in long double, shown with at most two digits; counts are exact.
 */
#ifndef AGENT_MEASURE_H
#define AGENT_MEASURE_H
#include "agent/session.h"

/* One value from rows as the org gave them. now, in epoch seconds, stands for `to: now`. whole: rows of the query `whole`, or NULL.
 * New reference {value, n, why?}. Pure. */
json_t *measure_value(const json_t *measure, const json_t *rows, const json_t *whole, int64_t now);

/* Reads every measure and adds the reading to the state; the session holds the lock. gaps (may be NULL): gets {ID: rows with gaps} of
 * measures of value incomplete (agent/measure_gaps.h), which are not kept. */
int measure_take(struct session *s, const char *playbook, const json_t *measures, json_t *gaps, struct err *e);
/* Takes the reading before the first apply, when there is none yet. What cannot be read is said, and is no error. */
void measure_before(struct session *s, const json_t *plan);
/* The readings kept, oldest first; an empty array when there are none. New reference. */
json_t *measure_readings(struct session *s, const char *playbook);
/* [{id, title, unit, better, target, expected, first {value,n,at,phase}|null, last {…}|null, change, verdict}]: verdict is better,
 * worse, same, "no value", or "one reading". Pure. New reference. */
json_t *measure_rows(const json_t *measures, const json_t *readings);
#endif
