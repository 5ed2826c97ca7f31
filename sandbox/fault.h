/*
 * sandbox/fault.h — failures on order and by chance: which request, when, how.
 *
 * Rule        METHOD PATH [nth=N | every=N] [before-commit | after-commit] ACTION, several joined by ';'.
 *             PATH is a part of the request's path ("/settings/fields"); "*" as METHOD or PATH means any.
 *             nth counts matching requests from 1 (default 1; 0 = each of them); every=N strikes each N-th.
 *             before-commit (default): the call was not done. after-commit: it was, only its answer suffers.
 * Actions     FAULT_ACTIONS below; delay=MS and retry-after=S may stand beside another one.
 * Chaos       "SEED" or "SEED:RATE": each call is struck by a chance of RATE per cent (default 10), decided by the seed, the call
 *             (method, path, query) and how often it came: the same calls suffer the same, in whatever order they come. The same call
 *             is never struck more than twice in a row, so that who tries again gets through. Never: revoke, a delay above 50 ms.
 * Source      what of this was seen in the wild: zoho-api.md 4.2 (5xx, HTML), 6.5-6.9 (silent loss, late metadata, swallowed
 *             answers), 1.7 (a picklist PATCH that says SUCCESS and does nothing).
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H
#include "base/err.h"
#include "base/js.h"

/* Name, argument in the rule ("" = none), what happens. */
#define FAULT_ACTIONS(X)                                                                                               \
    X(drop, "", "closes the connection without an answer")                                                             \
    X(cut, "", "breaks off in the middle of the answer")                                                               \
    X(garbage, "", "answers HTTP 200 with a web page")                                                                 \
    X(mislabel, "", "labels the right answer text/html")                                                               \
    X(twice, "", "sends the body twice in one answer")                                                                 \
    X(status, "=N", "answers HTTP N with Zoho's error, e.g. 401, 429, 500, 502, 503")                                  \
    X(delay, "=MS", "answers late")                                                                                    \
    X(lie, "", "says SUCCESS and keeps nothing")                                                                       \
    X(forget, "=KEY", "drops a key of the body without a word")                                                        \
    X(late, "=N", "leaves what the call made out of the next N reads")                                                 \
    X(expire, "", "kills the access token: 401 INVALID_TOKEN")                                                         \
    X(revoke, "", "kills the refresh token and its access tokens")                                                     \
    X(skew, "=S", "sets the answer's Date S seconds off")

enum fault_action {
#define X(name, argument, what) FAULT_##name,
    FAULT_ACTIONS(X)
#undef X
        FAULT__NONE
};
/* "drop: closes …; cut: …" for a help text. */
#define FAULT_HELP_ROW(name, argument, what) #name argument " " what "; "
#define FAULT_HELP                           FAULT_ACTIONS(FAULT_HELP_ROW)

enum { FAULT_MAX = 16, FAULT_TEXT = 120 };
struct fault {
    char method[FAULT_TEXT], path[FAULT_TEXT];
    int nth, every, seen;
    bool after_commit;
    enum fault_action action; /* FAULT__NONE: only a delay */
    int number;               /* of the action */
    char text[FAULT_TEXT];
    int delay_ms, retry_after_s;
};
struct chaos {
    bool on;
    uint64_t seed;
    int rate;      /* per cent */
    json_t *calls; /* "METHOD path?query" → {seen, row} */
    struct fault now;
};
struct faults {
    struct fault item[FAULT_MAX];
    int n;
    struct chaos chaos;
    json_t *hidden; /* id → reads it is left out of */
};
/* ERR_USAGE names the column in the text. Both take NULL. */
int faults_parse(struct faults *f, const char *text, struct err *e);
int chaos_parse(struct chaos *c, const char *text, struct err *e);
void faults_release(struct faults *f);
/* The rule that strikes this request (counting it), or what chance says, or NULL. query: object of texts. */
const struct fault *faults_hit(struct faults *f, const char *method, const char *path, const json_t *query);
/* What chance says; NULL = nothing. */
const struct fault *chaos_hit(struct chaos *c, const char *method, const char *path, const json_t *query);
#endif
