/*
 * base/clock.h — time, injectable. Times are epoch seconds UTC; durations are milliseconds on the monotonic clock.
 *
 * clock_system honours SOURCE_DATE_EPOCH: now() then stands still at that second (a reproducible run). In test builds ZAGENT_HURRY
 * makes sleeping take no time: the monotonic clock jumps ahead instead.
 * Zones are IANA names ("Europe/Madrid"); an unknown or empty one means UTC.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct clock {
    int64_t (*now_s)(void *ctx);
    int64_t (*mono_ms)(void *ctx);
    void (*sleep_ms)(void *ctx, int64_t ms);
    void *ctx;
};
struct clock clock_system(void);

enum { CLOCK_TEXT = 40 };
/* 2026-03-01T09:00:00Z */
void clock_rfc3339(int64_t t, char out[CLOCK_TEXT]);
/* 2026-03-01 10:00 in the zone; with_seconds adds :SS. */
void clock_local(int64_t t, const char *zone, int with_seconds, char out[CLOCK_TEXT]);
/* RFC 3339 with Z or offset, or a bare date (midnight UTC). */
int clock_parse(const char *text, int64_t *t, struct err *e);
#endif
