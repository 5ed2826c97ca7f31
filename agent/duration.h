/* agent/duration.h — "+90m", "+2h", "+3d", "+1w" in seconds: how people move a sandbox's clock. */
#ifndef AGENT_DURATION_H
#define AGENT_DURATION_H
#include <stdint.h>

enum { DURATION_MAX_DAYS = 3660 };
/* -1 when it is not of that form or longer than DURATION_MAX_DAYS. */
int64_t duration_seconds(const char *text);
#endif
