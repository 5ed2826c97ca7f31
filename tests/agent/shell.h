/*
 * tests/agent/shell.h — runs the built zagent as its user would: in a throw-away folder, through /bin/sh.
 *
 * Folder   shell_enter makes build/test-output/NAME anew (kept after the test for the canary search) and changes into it.
 * PATH     begins with the folder of the program under test; HOME and XDG_STATE_HOME lie inside the throw-away folder.
 * Colour   NO_COLOR is set, TZ is UTC, SOURCE_DATE_EPOCH is fixed, ZAGENT_ACTOR is "CRM admin".
 */
#ifndef TESTS_AGENT_SHELL_H
#define TESTS_AGENT_SHELL_H
#include <stddef.h>

#include "base/fs.h"
#include "base/js.h"

struct run {
    int status; /* exit code, or 128 + signal */
    char *out, *err;
};

/* The repository's root, absolute. */
const char *shell_root(void);
void shell_enter(const char *name);
struct run shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void run_release(struct run *r);
/* Runs `zagent ARGS --json`, asserts the exit code, returns the envelope (new reference). */
json_t *shell_json(int status, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A project with the repository's own context and templates. */
void shell_project(void);
#endif
