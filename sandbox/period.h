/*
 * sandbox/period.h — a time some periods later, as rules write it: {"period": "days", "unit": 3}.
 *
 * Periods     minutes, hours, days, weeks, months, years; business_days (also b_days) and business_hours count Monday to Friday only,
 *             all day, UTC: this org has no business-hours settings (assumed, docs/CONFORMANCE.md). A month later keeps the day, or
 *             takes the month's last.
 * Source      zoho-api.md 1.10 (scheduled_actions, date_or_datetime, execution_time).
 */
#ifndef SANDBOX_PERIOD_H
#define SANDBOX_PERIOD_H
#include <stdbool.h>
#include <stdint.h>

/* t, t + n periods: epoch seconds. n may be negative. False when the period is unknown. */
bool period_add(int64_t t, const char *period, int64_t n, int64_t *out);
#endif
