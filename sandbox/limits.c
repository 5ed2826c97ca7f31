/* sandbox/limits.c — the table's rows, and the editions'. */
#include "sandbox/limits.h"

#include <string.h>

const struct limit_row limit_rows[] = {
#define X(name, value, what, source) {#name, value, what, source},
    SANDBOX_LIMITS(X)
#undef X
};
const size_t limit_rows_n = sizeof limit_rows / sizeof *limit_rows;

int64_t limit_value(const char *name)
{
    for (size_t i = 0; i < limit_rows_n; i++) {
        if (strcmp(limit_rows[i].name, name) == 0) {
            return limit_rows[i].value;
        }
    }
    return -1;
}

/* Credits and calls at once: zoho-api.md 4.1 (rate-limit page). Custom modules: help.zoho.com "Customize modules", the figures of 2025,
 * organization and team modules together. Subforms of a module: zoho-api.md 1.5 (DOC subforms). Custom fields of a module: no page we
 * can cite states all editions. */
const struct edition editions[] = {
    {"free", 5000, 0, 5000, 5, 0, -1, 0},
    {"standard", 50000, 250, 100000, 10, 10, -1, 0},
    {"professional", 50000, 500, 3000000, 15, 25, -1, 0},
    {"enterprise", 50000, 1000, 5000000, 20, 200, -1, 2},
    {"ultimate", 50000, 2000, 0, 25, 500, -1, 5},
};
const size_t editions_n = sizeof editions / sizeof *editions;

const struct edition *edition_named(const char *paid_type)
{
    for (size_t i = 0; i < editions_n; i++) {
        if (strcmp(editions[i].paid_type, paid_type) == 0) {
            return &editions[i];
        }
    }
    return &editions[0];
}
