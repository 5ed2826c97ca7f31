/*
 * sandbox/fault.h — failures on order, for tests: which request, when, how.
 *
 * Rule        METHOD PATH [nth=N] [before-commit|after-commit] drop | garbage | status=N | delay=MS   several joined by ';'
 *             PATH is a part of the request's path ("/settings/fields"); "*" as METHOD or PATH means any.
 *             nth counts matching requests from 1 (default 1); nth=0 means each of them.
 * drop        closes the connection without an answer. before-commit (default): nothing was written. after-commit: it
 * was.
 * garbage     HTTP 200 with a page that is no JSON, as a proxy or an outage answers.
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H
#include "base/err.h"

enum { FAULT_MAX = 16, FAULT_TEXT = 120 };
struct fault {
    char method[FAULT_TEXT], path[FAULT_TEXT];
    int nth, seen;
    bool after_commit, drop, garbage;
    int status, delay_ms;
};
struct faults {
    struct fault item[FAULT_MAX];
    int n;
};
int faults_parse(struct faults *f, const char *text, struct err *e);
/* The rule that strikes this request (counting it), or NULL. */
const struct fault *faults_hit(struct faults *f, const char *method, const char *path);
#endif
