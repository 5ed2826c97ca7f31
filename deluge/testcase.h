/*
 * deluge/testcase.h — unit tests of a function: YAML cases in, results, coverage and reports out.
 *
 * Format      docs/PLAYBOOKS.md#function-tests. Cases run on the memory host; each gets a fresh one.
 * Call order  dg_suite_read → dg_suite_run → (dg_results_lcov, dg_results_junit) → dg_results_release → dg_suite_release.
 * Source      the text of the function is asked for by inputs, because a playbook's function is a template.
 * Calls       standalone.NAME(…) and automation.NAME(…) reach the functions of the script itself and of `with`.
 * Watching    what was not asserted fails a case: a write, a mail or a request nobody expected.
 * Coverage    of the cases without inputs of their own: a line is hit when a statement that begins there ran; a branch is one
 *             outcome of the test of an if, else if or if(…).
 */
#ifndef DELUGE_TESTCASE_H
#define DELUGE_TESTCASE_H
#include "base/yaml.h"
#include "deluge/host_memory.h"
#include "deluge/run.h"

/* Another script whose functions the tested one may call by name. Texts owned by whoever set them. */
struct dg_with {
    const char *file, *text;
};
struct dg_suite {
    struct yaml y;
    char *function;
    const struct dg_with *with; /* set by the caller before dg_suite_run; NULL when there are none */
    size_t n_with;
};
int dg_suite_read(struct dg_suite *s, const char *text, size_t len, const char *name, struct err *e);
void dg_suite_release(struct dg_suite *s);

struct dg_case_result {
    char *name;
    int line;  /* in the test file */
    char *why; /* NULL when it passed; else lines without a final newline */
    struct dg_counts count;
};
struct dg_line_hits {
    uint32_t line;
    uint64_t hits;
};
struct dg_branch_hits {
    uint32_t line, col;
    uint64_t yes, no;
};
struct dg_results {
    char *file; /* of the script */
    struct dg_case_result *item;
    size_t n, cap, passed;
    struct dg_line_hits *line; /* by line */
    size_t n_lines, cap_lines;
    struct dg_branch_hits *branch;
    size_t n_branches, cap_branches;
};

/* inputs (may be NULL): of the file, or of the file with those of the case on top. *source: caller frees. */
typedef int (*dg_source_fn)(void *ctx, const json_t *inputs, char **source, struct err *e);
/* -1 only when the cases cannot be run at all (no source, the script cannot be read). file: for messages. */
int dg_suite_run(const struct dg_suite *s, const char *file, dg_source_fn source, void *ctx, struct dg_results *out,
                 struct err *e);
void dg_results_release(struct dg_results *r);
/* Both outcomes of each test count. 100 when there is none. */
int dg_results_branch_percent(const struct dg_results *r);
int dg_results_line_percent(const struct dg_results *r);
/* Fills line and branch from the counters. */
void dg_results_cover(struct dg_results *r, const struct dg_cover *c);
void dg_results_lcov(const struct dg_results *r, struct sb *out);
void dg_results_junit(const struct dg_results *r, struct sb *out); /* one <testsuite> */

/* testcase_world.c: the parts of a test file that describe the world. */
struct dg_world {
    struct dg_memory memory;
    struct deluge_host host;
    char *texts[4]; /* zone, user, name: owned */
};
/* ERR_CONFIG with its place for a key that would do nothing: of a file with records and the like, or of a whole test file. */
int dg_world_check(const struct yaml *y, struct err *e);
/* file and over (may be NULL): objects with records, remove, related, variables, faults, http, clock, zone, user. */
int dg_world_init(struct dg_world *w, const json_t *file, const json_t *over, struct err *e);
void dg_world_release(struct dg_world *w);
/* Plain texts that read as a decimal become one: YAML keeps 65.60 as text. */
struct dv dg_world_value(struct dg_arena *a, const json_t *j);

/* testcase_compare.c: appends a line a difference to `why`. */
void dg_expect(const struct dg_run *r, bool ok, struct dv result, const json_t *expect, const json_t *limits,
               struct sb *why);
#endif
