/*
 * base/civil.h — days of the proleptic Gregorian calendar, without a zone. A day is counted from 1970-01-01 (day 0, a Thursday).
 *
 * year may be below 1 or above 9999; month is 1..12, day 1..31. Nothing here checks: who reads text asks civil_month_days first.
 */
#ifndef BASE_CIVIL_H
#define BASE_CIVIL_H
#include <stdint.h>

struct civil {
    int year, month, day, hour, minute, second;
};

int64_t civil_days(int year, int month, int day);
void civil_of(int64_t days, struct civil *c); /* sets year, month, day */
int civil_month_days(int year, int month);
int civil_weekday(int64_t days); /* 0 = Sunday */

/* n decimal digits at s as a number; -1 when one of them is none (the NUL included: it never reads past the end of a text). */
int civil_digits(const char *s, int n);
#endif
