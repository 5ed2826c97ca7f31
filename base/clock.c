#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/mem.h"

static int64_t system_now(void *ctx)
{
    (void)ctx;
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    if (fixed && *fixed) {
        char *end;
        errno = 0;
        long long t = strtoll(fixed, &end, 10);
        if (*end == '\0' && errno == 0 && t >= 0)
            return t;
    }
    return (int64_t)time(NULL);
}

#ifdef ZAGENT_CRASH
/* Test builds: with ZAGENT_HURRY set waiting takes no time, the monotonic clock jumps instead. */
static int64_t skipped_ms;

static bool hurried(int64_t ms)
{
    bool hurry = getenv("ZAGENT_HURRY") != NULL;
    skipped_ms += hurry ? ms : 0;
    return hurry;
}
#else
enum { skipped_ms = 0 };

static bool hurried(int64_t ms)
{
    (void)ms;
    return false;
}
#endif

static int64_t system_mono(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + skipped_ms;
}

static void system_sleep(void *ctx, int64_t ms)
{
    (void)ctx;
    if (ms <= 0 || hurried(ms))
        return;
    struct timespec t = {ms / 1000, (ms % 1000) * 1000000};
    /* A signal ends the sleep early: whoever waits looks at the clock and at the signal, not at us. */
    nanosleep(&t, NULL);
}

struct clock clock_system(void)
{
    return (struct clock){system_now, system_mono, system_sleep, NULL};
}

/* What no calendar can say (a year past int) is shown as such instead of as half a date. */
static void unless_written(size_t written, char out[CLOCK_TEXT])
{
    if (written == 0)
        memcpy(out, "?", 2);
}

void clock_rfc3339(int64_t t, char out[CLOCK_TEXT])
{
    time_t when = (time_t)t;
    struct tm tm;
    unless_written(gmtime_r(&when, &tm) ? strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm) : 0, out);
}

/* A zone is a name below the zone folder and nothing else: TZ could also name any file, or carry a rule of its own. */
static bool zone_known(const char *zone)
{
    if (!zone || !*zone || *zone == '/' || strlen(zone) > 64 || strstr(zone, ".."))
        return false;
    for (const char *p = zone; *p; p++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/", *p))
            return false;
    AUTO_FREE char *path = mem_printf("/usr/share/zoneinfo/%s", zone);
    return access(path, R_OK) == 0;
}

/* The C library knows one zone at a time, held in TZ: it is changed and put back under a lock. */
static bool local_tm(time_t when, const char *zone, struct tm *tm)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&one);
    const char *was = getenv("TZ");
    AUTO_FREE char *before = was ? mem_dup(was) : NULL;
    setenv("TZ", zone, 1);
    tzset();
    bool ok = localtime_r(&when, tm) != NULL;
    if (before)
        setenv("TZ", before, 1);
    else
        unsetenv("TZ");
    tzset();
    pthread_mutex_unlock(&one);
    return ok;
}

void clock_local(int64_t t, const char *zone, int with_seconds, char out[CLOCK_TEXT])
{
    struct tm tm;
    size_t n = 0;
    if (local_tm((time_t)t, zone_known(zone) ? zone : "UTC0", &tm))
        n = with_seconds ? strftime(out, CLOCK_TEXT, "%Y-%m-%d %H:%M:%S", &tm)
                         : strftime(out, CLOCK_TEXT, "%Y-%m-%d %H:%M", &tm);
    unless_written(n, out);
}

/* Reads exactly n digits, at most `most`; -1 otherwise. */
static int number(const char **p, int n, int least, int most)
{
    int v = civil_digits(*p, n);
    if (v < least || v > most)
        return -1;
    *p += n;
    return v;
}

static bool mark(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

/* Z or +hh:mm or -hh:mm, as seconds east of UTC; false when it is neither. */
static bool offset(const char **p, int64_t *east)
{
    *east = 0;
    if (mark(p, 'Z') || mark(p, 'z'))
        return true;
    int sign = **p == '-' ? -1 : 1;
    if (!mark(p, '+') && !mark(p, '-'))
        return false;
    int h = number(p, 2, 0, 23);
    if (h < 0)
        return false;
    mark(p, ':'); /* Zoho writes both +02:00 and +0200 */
    int m = number(p, 2, 0, 59);
    if (m < 0)
        return false;
    *east = sign * (h * 3600 + m * 60);
    return true;
}

static bool time_of_day(const char **p, int64_t *seconds)
{
    int h = number(p, 2, 0, 23);
    if (h < 0 || !mark(p, ':'))
        return false;
    int m = number(p, 2, 0, 59);
    if (m < 0 || !mark(p, ':'))
        return false;
    int s = number(p, 2, 0, 60);
    if (s < 0)
        return false;
    if (mark(p, '.')) {
        if (number(p, 1, 0, 9) < 0)
            return false;
        while (**p >= '0' && **p <= '9')
            (*p)++;
    }
    int64_t east;
    if (!offset(p, &east))
        return false;
    *seconds = h * 3600 + m * 60 + s - east;
    return true;
}

static bool parse(const char *p, int64_t *t)
{
    int year = number(&p, 4, 1, 9999);
    if (year < 0 || !mark(&p, '-'))
        return false;
    int month = number(&p, 2, 1, 12);
    if (month < 0 || !mark(&p, '-'))
        return false;
    int day = number(&p, 2, 1, civil_month_days(year, month));
    if (day < 0)
        return false;
    int64_t seconds = 0;
    if (*p != '\0') {
        if (!mark(&p, 'T') && !mark(&p, 't') && !mark(&p, ' '))
            return false;
        if (!time_of_day(&p, &seconds) || *p != '\0')
            return false;
    }
    *t = civil_days(year, month, day) * 86400 + seconds;
    return true;
}

int clock_parse(const char *text, int64_t *t, struct err *e)
{
    if (parse(text, t))
        return 0;
    err_set(e, ERR_PARSE, "'%s' is not a time", text);
    return err_fix(e, "write it as 2026-03-01 or 2026-03-01T09:00:00Z");
}
