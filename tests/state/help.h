/* tests/state/help.h — a throw-away folder and a clock that the test sets. */
#ifndef TESTS_STATE_HELP_H
#define TESTS_STATE_HELP_H
#include "base/clock.h"
#include "base/fs.h"
#include "state/state.h"
#include "tests/test.h"

struct place {
    char path[64];
    struct fs_root root;
    int64_t now; /* what the clock says */
};
/* cmocka fixtures: *state is a struct place *. */
int place_setup(void **state);
int place_teardown(void **state);
struct clock place_clock(struct place *p);
struct state *place_open(struct place *p);
/* Path of a file in the folder; valid until the next call. */
const char *place_file(struct place *p, const char *name);
#endif
