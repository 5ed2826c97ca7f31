/*
 * base/crash.h — named points at which a test build kills itself, so that "loses nothing, duplicates nothing" is a
 * test.
 *
 * CRASH_POINT(name) is nothing in a release build. With -DZAGENT_CRASH it ends the process by SIGKILL when the
 * environment has ZAGENT_CRASH=name or ZAGENT_CRASH=name:N (the Nth time it is reached, from 1).
 * The list is here so that tests loop over it (crash_points).
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H
#include <stddef.h>

#define CRASH_POINTS(X)                                                                                                \
    X(apply_before_intent) /* nothing written yet */                                                                   \
    X(apply_after_intent)  /* the intent is durable, no request left */                                                \
    X(apply_after_send)    /* Zoho answered, nothing recorded */                                                       \
    X(apply_after_outcome) /* the outcome is durable, not read back */                                                 \
    X(apply_after_verify)  /* read back, next step not begun */                                                        \
    X(apply_before_log)    /* all steps done, BUILD_LOG not written */                                                 \
    X(apply_after_log)     /* BUILD_LOG written, run not closed */                                                     \
    X(fs_before_rename)    /* temp file complete, old file in place */                                                 \
    X(token_after_mint)    /* a token was minted, the cache not written */
enum crash_point {
#define X(name) CRASH_##name,
    CRASH_POINTS(X)
#undef X
        CRASH__MAX
};
extern const char *const crash_points[CRASH__MAX];

#ifdef ZAGENT_CRASH
void crash_at(enum crash_point p);
#define CRASH_POINT(name) crash_at(CRASH_##name)
#else
#define CRASH_POINT(name) ((void)0)
#endif
#endif
