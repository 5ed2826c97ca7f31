/*
 * base/err.h — one error value: what failed, where, and how to fix it.
 *
 * Shape       struct err lives on the caller's stack, is bounded, and needs no release.
 * Call order  struct err e = {0}; call(..., &e) → on -1 read e. Passing up is `return -1`.
 * Rules       The first error wins: later err_set calls on a filled value change nothing.
 *             The innermost place wins too: err_at fills `where` only when it is empty.
 *             A failure that is handled (an optional file, a retry) goes into a local struct err.
 *             Library code never prints; only agent/main.c does, through term_clean().
 * Wording     what: lower case, no full stop, text of others in 'single quotes'.
 *             where: file:line:column, a JSON path, or "POST /crm/v8/settings/fields".
 *             fix: an imperative with the exact command or edit.
 * NULL        every function accepts e == NULL and then only returns -1.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include <stdbool.h>

/* One row a kind: enum, stable name (JSON `code` when Zoho gave none), exit code, retryable, side effects.
 * The exit codes are a contract with scripts: docs/man/zagent.1 lists them from this table. */
#define ERR_KINDS(X)                                                                                                   \
    X(NONE, "OK", 0, false, "complete")                                                                                \
    X(BUG, "INTERNAL", 1, false, "unknown")                                                                            \
    X(USAGE, "USAGE", 2, false, "none")       /* command line */                                                       \
    X(CONFIG, "CONFIG", 2, false, "none")     /* zagent.yaml, playbook, context content */                             \
    X(PARSE, "PARSE", 2, false, "none")       /* malformed text */                                                     \
    X(LIMIT, "LIMIT", 2, false, "none")       /* too big, too deep, too many */                                        \
    X(FINDINGS, "FINDINGS", 3, false, "none") /* a check found something */                                            \
    X(AUTH, "AUTH_REQUIRED", 4, false, "none")                                                                         \
    X(PERMISSION, "PERMISSION", 5, false, "none") /* scope, profile, edition */                                        \
    X(NOT_FOUND, "NOT_FOUND", 6, false, "none")                                                                        \
    X(STALE, "STALE_PLAN", 7, false, "none")                                                                           \
    X(REFUSED, "REFUSED", 8, false, "none") /* approval missing, HALT, protected */                                    \
    X(RATE, "RATE_LIMITED", 9, true, "none")                                                                           \
    X(NET, "REMOTE_UNAVAILABLE", 10, true, "none")                                                                     \
    X(REMOTE, "REMOTE_ERROR", 10, false, "none") /* the server answered something unusable */                          \
    X(PARTIAL, "PARTIAL", 11, false, "partial")                                                                        \
    X(UNKNOWN, "UNKNOWN_OUTCOME", 12, false, "unknown")                                                                \
    X(IO, "LOCAL_IO", 13, false, "partial")                                                                            \
    X(LOCKED, "LOCKED", 14, true, "none")                                                                              \
    X(INTERRUPTED, "INTERRUPTED", 130, false, "partial")

enum err_kind {
#define X(id, name, exit, retry, effects) ERR_##id,
    ERR_KINDS(X)
#undef X
        ERR__MAX
};

struct err {
    enum err_kind kind;
    bool retryable; /* the same call may succeed later */
    long http;      /* HTTP status, 0 when no answer was involved */
    char code[48];  /* Zoho's own code (INVALID_DATA, …), "" when none */
    char what[280];
    char where[280]; /* a long text keeps its end: "…tail" */
    char fix[280];
};

/* Each returns -1, so that a caller writes `return err_set(...)`. */
int err_set(struct err *e, enum err_kind kind, const char *what, ...) __attribute__((format(printf, 3, 4)));
int err_at(struct err *e, const char *where, ...) __attribute__((format(printf, 2, 3)));
int err_fix(struct err *e, const char *fix, ...) __attribute__((format(printf, 2, 3)));
/* err_set with ERR_IO and strerror(errno_value) appended; `path` becomes `where`. */
int err_errno(struct err *e, int errno_value, const char *path, const char *what, ...)
    __attribute__((format(printf, 4, 5)));
/* Makes `e` empty again. */
void err_clear(struct err *e);

/* Rows of ERR_KINDS. */
const char *err_kind_name(enum err_kind kind);
int err_exit_code(enum err_kind kind);
const char *err_side_effects(enum err_kind kind);
bool err_kind_retryable(enum err_kind kind);
#endif
