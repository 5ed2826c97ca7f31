/*
 * deluge/builtin_time.h — shared by the date functions (builtin_time.c, builtin_business.c).
 *
 * Errors      false after dg_fail: a result outside the years 1 to 9999.
 */
#ifndef DELUGE_BUILTIN_TIME_H
#define DELUGE_BUILTIN_TIME_H
#include "deluge/builtin.h"

/* A DATE stays one; a DATE-TIME keeps its wall clock: a day across a change of the clock has 23 or 25 hours. */
bool dg_time_add_days(struct dg_frame *f, struct dv v, int64_t n, struct dv *out);
/* v itself when it lies within the years. */
bool dg_time_checked(struct dg_frame *f, struct dv v, struct dv *out);
/* The day of a DATE or DATE-TIME in the run's zone, since 1970. */
int64_t dg_time_day(const struct dg_frame *f, struct dv v);
/* "Monday" in any letter case: 0 = Sunday. */
bool dg_weekday(struct dg_frame *f, struct dv name, int *day);
#endif
