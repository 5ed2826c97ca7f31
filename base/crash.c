#include "base/crash.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const crash_points[CRASH__MAX] = {
#define X(name) #name,
    CRASH_POINTS(X)
#undef X
};

#ifdef ZAGENT_CRASH
void crash_at(enum crash_point p)
{
    static long reached[CRASH__MAX];
    const char *want = getenv("ZAGENT_CRASH");
    size_t n = strlen(crash_points[p]);
    if (!want || strncmp(want, crash_points[p], n) != 0 || (want[n] != '\0' && want[n] != ':'))
        return;
    long nth = want[n] == ':' ? strtol(want + n + 1, NULL, 10) : 1;
    if (++reached[p] == nth)
        kill(getpid(), SIGKILL);
}
#endif
