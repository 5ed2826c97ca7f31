/*
 * tests/agent/shell.h — runs the built zagent as its user would: in a throw-away folder, through /bin/sh.
 *
 * Folder   shell_enter makes build/test-output/NAME anew (kept after the test for the canary search) and changes into it.
 * PATH     begins with the folder of the program under test; HOME and XDG_STATE_HOME lie inside the throw-away folder.
 * Sandbox  shell_sandbox serves the project's org in a process of its own, as a real org would be; it records every exchange
 *          in exchanges.jsonl and dies with the test.
 * Colour   NO_COLOR is set, TZ is UTC, SOURCE_DATE_EPOCH is fixed, ZAGENT_ACTOR is "CRM admin", ROOT is the repository.
 */
#ifndef TESTS_AGENT_SHELL_H
#define TESTS_AGENT_SHELL_H
#include <stddef.h>
#include <sys/types.h>

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
/* A project with the small playbook of tests/agent/crash: enough kinds to cross every boundary, quick to run. */
void shell_small_project(void);
/* Ready when it returns. fault as in sandbox/fault.h, NULL = none. */
void shell_sandbox(const char *fault);
/* The same with further options of sandbox start, on a clock that goes: "--chaos 7:10". */
void shell_sandbox_with(const char *options);
void shell_sandbox_stop(void);
/* What the sandbox recorded so far, one exchange an element. New reference. */
json_t *shell_exchanges(void);
/* A command in the background; shell_wait gives its exit code. */
pid_t shell_spawn(const char *cmd);
int shell_wait(pid_t pid);
/* The whole file; fails the test when it cannot be read. Caller frees. */
char *shell_file(const char *path);
void shell_write(const char *path, const char *text);
#endif
