/*
 * agent/command_deluge.h — rows of the command table for `zagent deluge …`, kept beside the code that serves them.
 *
 * Exit codes   check: 2 for a script that is no Deluge, 3 for errors or warnings, 0 for none or notes alone.
 *              lsp: 1 when the client leaves without shutdown, as the protocol says.
 *              check --syntax-only: 2 or 0.  fmt --check: 3 when a file would change.
 */
#ifndef AGENT_COMMAND_DELUGE_H
#define AGENT_COMMAND_DELUGE_H
#include "agent/command.h"
#include "deluge/switches.h"

extern const struct opt deluge_check_opts[];
extern const struct opt deluge_fmt_opts[];
extern const struct opt deluge_run_opts[];
extern const struct opt deluge_test_opts[];
extern const struct opt deluge_lsp_opts[];
int cmd_deluge_check(struct app *a, struct err *e);
int cmd_deluge_explain(struct app *a, struct err *e);
int cmd_deluge_fmt(struct app *a, struct err *e);
int cmd_deluge_run(struct app *a, struct err *e);
int cmd_deluge_test(struct app *a, struct err *e);
int cmd_deluge_lsp(struct app *a, struct err *e);

#define DELUGE_COMMANDS                                                                                                \
    {"deluge check",                                                                                                   \
     "FILES…",                                                                                                         \
     1,                                                                                                                \
     -1,                                                                                                               \
     "find mistakes before they reach an org",                                                                         \
     "Each finding names its rule; 'zagent deluge explain RULE' says why. A comment suppresses one: "                  \
     "// zagent:ignore DL036 because … A folder means every .dg and .deluge file below it, - standard input. "       \
     "Files that are checked together know each other's functions.",                                                   \
     "zagent deluge check quote.dg",                                                                                   \
     deluge_check_opts,                                                                                                \
     0,                                                                                                                \
     cmd_deluge_check},                                                                                                \
        {"deluge explain",                                                                                             \
         "[RULE]",                                                                                                     \
         0,                                                                                                            \
         1,                                                                                                            \
         "what a rule of 'deluge check' means",                                                                        \
         "Without RULE all of them, one a line.",                                                                      \
         "zagent deluge explain DL036",                                                                                \
         NULL,                                                                                                         \
         0,                                                                                                            \
         cmd_deluge_explain},                                                                                          \
        {"deluge fmt",                                                                                                 \
         "FILES…",                                                                                                     \
         1,                                                                                                            \
         -1,                                                                                                           \
         "the layout of Zoho's own editor",                                                                            \
         NULL,                                                                                                         \
         "zagent deluge fmt quote.dg",                                                                                 \
         deluge_fmt_opts,                                                                                              \
         0,                                                                                                            \
         cmd_deluge_fmt},                                                                                              \
        {"deluge run",                                                                                                 \
         "FILE",                                                                                                       \
         1,                                                                                                            \
         1,                                                                                                            \
         "run a Deluge script here and show what it reads, writes and sends; nothing leaves the machine",              \
         "Switches, the strict position first:" DG_SWITCH_TEXT,                                                        \
         "zagent deluge run quote.dg --input quote_id=5001",                                                           \
         deluge_run_opts,                                                                                              \
         0,                                                                                                            \
         cmd_deluge_run},                                                                                              \
        {"deluge test",                                                                                                \
         "[FILES…|PLAYBOOK]",                                                                                          \
         0,                                                                                                            \
         -1,                                                                                                           \
         "run function tests: quote.test.yaml beside quote.dg, or those of a playbook",                                \
         "A folder means every test file below it; without a name the tests of all playbooks "                         \
         "of the project. Exit 3 when a test fails.",                                                                  \
         "zagent deluge test quote-bom",                                                                               \
         deluge_test_opts,                                                                                             \
         MAY_PROJECT,                                                                                                  \
         cmd_deluge_test},                                                                                             \
        {"deluge lsp",                                                                                                 \
         "",                                                                                                           \
         0,                                                                                                            \
         0,                                                                                                            \
         "language server for editors, on standard input and output",                                                  \
         "An editor starts it: diagnostics, formatting, hover, completion and symbols. docs/EDITORS.md shows how.",    \
         "zagent deluge lsp --metadata org",                                                                           \
         deluge_lsp_opts,                                                                                              \
         0,                                                                                                            \
         cmd_deluge_lsp},
#endif
