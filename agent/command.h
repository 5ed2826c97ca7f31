/*
 * agent/command.h — one invocation of the program: its command row, its options, and the only way out to a person.
 *
 * To add a command   1. a row in agent/commands.c (name, arguments, help, example, options, needs)   2. int cmd_NAME(struct app *,
 *                    struct err *) in agent/cmd_*.c   3. a test in tests/agent. Dispatch, --help, the man page and the
 *                    completions come from the row.
 * Output contract    stdout is data, stderr is talk. With --json stdout carries exactly one envelope
 *                    {schema, ok, command, data, warnings, error, meta}; app_print is silent then and app->data is what counts.
 *                    Everything printed passes secret_redact and text_clean.
 * Errors             a command returns -1 with e filled; main prints it and maps err_kind to the exit code. A command never exits.
 */
#ifndef AGENT_COMMAND_H
#define AGENT_COMMAND_H
#include "base/clock.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/js.h"
#include "base/sb.h"

enum opt_kind { OPT_FLAG, OPT_TEXT, OPT_INT, OPT_LIST /* may be given more than once */ };
struct opt {
    const char *name; /* long, without dashes */
    char letter;      /* 0 = none */
    enum opt_kind kind;
    const char *value; /* "FILE", NULL for flags */
    const char *help;
};

enum command_needs {
    NEEDS_PROJECT = 1 << 0, /* zagent.yaml in -C DIR, the current folder, or above */
    MAY_PROJECT = 1 << 1    /* used when there is one */
};

struct app;
struct command {
    const char *name;       /* "plan", "sandbox start" */
    const char *args;       /* "[PLAYBOOK…]", "" for none */
    int min_args, max_args; /* max -1 = any number */
    const char *help;       /* one line, no full stop */
    const char *detail;     /* paragraphs for --help and the man page, or NULL */
    const char *example;    /* run by the tests */
    const struct opt *opts; /* ends with a zeroed row; NULL = none */
    unsigned needs;
    int (*run)(struct app *a, struct err *e);
};
extern const struct command commands[];
extern const size_t commands_n;
extern const struct opt global_opts[];
const struct command *command_find(const char *name);

struct project; /* agent/project.h */
struct app {
    const struct command *cmd;
    json_t *opts; /* parsed options: name → true | text | integer | array */
    char **args;  /* positional, borrowed from argv */
    int n_args;
    struct clock clock;
    bool json, color, no_input, quiet;
    json_t *data;            /* result, goes into the envelope; never NULL */
    json_t *warnings;        /* array of text */
    json_t *meta;            /* org, run … */
    struct project *project; /* NULL without one */
};

/* An option of the command or a global one; asking for an undeclared name is a bug (assert). */
bool app_flag(const struct app *a, const char *name);
const char *app_text(const struct app *a, const char *name, const char *fallback);
int64_t app_int(const struct app *a, const char *name, int64_t fallback);
const json_t *app_list(const struct app *a, const char *name); /* array or NULL */

/* To stdout, unless --json. Lines may hold text of others: it is cleaned. */
void app_print(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same for text that is ours to the byte (a generated file, a completion script): only redacted. */
void app_write(struct app *a, const char *text);
/* Talk, to stderr; silent with --quiet. */
void app_say(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A warning: to stderr and into the envelope. */
void app_warn(struct app *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "workflow_rule/Quotes.A%20b" → "workflow_rule Quotes.A b". Caller frees. */
char *address_for_people(const char *address);
/* Adds the text and blanks up to `width` columns of a terminal, two at least: the next column never touches it. */
void add_column(struct sb *b, const char *text, size_t width);
/* Asks on a terminal; ERR_REFUSED without one (naming --yes). Returns 0 for yes. must_type NULL = "yes". */
int app_confirm(struct app *a, const char *question, const char *must_type, struct err *e);
/* Colour codes around a fixed word of ours, or "" without colour: app_paint(a, "red"), …, app_paint(a, NULL) ends it. */
const char *app_paint(const struct app *a, const char *color);

/* Every command of agent/cmd_*.c. */
int cmd_init(struct app *a, struct err *e);
int cmd_context_check(struct app *a, struct err *e);
int cmd_context_show(struct app *a, struct err *e);
int cmd_context_import(struct app *a, struct err *e);
int cmd_plan(struct app *a, struct err *e);
int cmd_show(struct app *a, struct err *e);
int cmd_apply(struct app *a, struct err *e);
int cmd_resume(struct app *a, struct err *e);
int cmd_verify(struct app *a, struct err *e);
int cmd_off(struct app *a, struct err *e);
int cmd_on(struct app *a, struct err *e);
int cmd_guide(struct app *a, struct err *e);
int cmd_attest(struct app *a, struct err *e);
int cmd_status(struct app *a, struct err *e);
int cmd_log(struct app *a, struct err *e);
int cmd_sandbox_start(struct app *a, struct err *e);
int cmd_sandbox_code(struct app *a, struct err *e);
int cmd_sandbox_reset(struct app *a, struct err *e);
int cmd_sandbox_status(struct app *a, struct err *e);
int cmd_sandbox_ui(struct app *a, struct err *e);
int cmd_completion(struct app *a, struct err *e);
int cmd_help(struct app *a, struct err *e);
int cmd_version(struct app *a, struct err *e);
#endif
