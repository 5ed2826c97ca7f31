#include "agent/duration.h"

#include <stddef.h>
#include <stdlib.h>

static const struct {
    char letter;
    int64_t seconds;
} units[] = {{'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 7 * 86400}};

int64_t duration_seconds(const char *text)
{
    char *end = NULL;
    if (text[0] != '+' || text[1] < '0' || text[1] > '9')
        return -1;
    long long n = strtoll(text + 1, &end, 10);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (*end == units[i].letter && !end[1] && n >= 0 && n <= DURATION_MAX_DAYS * 86400LL / units[i].seconds)
            return n * units[i].seconds;
    return -1;
}
