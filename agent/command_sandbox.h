/*
 * agent/command_sandbox.h — rows of the command table for what handles a sandbox's store and clock, and what those commands
 * share with the other `zagent sandbox …`.
 *
 * Running    chat, clock, fault, play, save, status and ui also work while `sandbox start` serves: the server follows with its next request. load,
 *            branch and reset put another store in its place and want it stopped (ERR_LOCKED names the process).
 */
#ifndef AGENT_COMMAND_SANDBOX_H
#define AGENT_COMMAND_SANDBOX_H
#include "agent/command.h"

struct sandbox;
extern const struct opt sandbox_load_opts[];
extern const struct opt rehearse_opts[];
int cmd_rehearse(struct app *a, struct err *e);
int cmd_sandbox_clock(struct app *a, struct err *e);
extern const struct opt sandbox_fault_opts[];
int cmd_sandbox_fault(struct app *a, struct err *e);
extern const struct opt sandbox_chat_opts[];
int cmd_sandbox_chat(struct app *a, struct err *e);
int cmd_sandbox_play(struct app *a, struct err *e);
int cmd_sandbox_save(struct app *a, struct err *e);
int cmd_sandbox_load(struct app *a, struct err *e);
int cmd_sandbox_branch(struct app *a, struct err *e);

struct sandbox_options;
/* The project's store, opened here. A new one is made as zagent.yaml says, unless edition or refuse say otherwise. */
int sandbox_project_open(struct app *a, const struct sandbox_options *o, struct sandbox **sb, struct err *e);
/* ERR_LOCKED while `sandbox start` serves this project. */
int sandbox_refuse_running(struct app *a, struct err *e);
/* Takes the store and the state of its org away; BUILD_LOG.md stays. */
int sandbox_throw_away(struct app *a, struct err *e);

/* Behind apply in the table. */
#define REHEARSAL_COMMANDS                                                                                             \
    {"rehearse",                                                                                                       \
     "[PLAN]",                                                                                                         \
     0,                                                                                                                \
     1,                                                                                                                \
     "apply a saved plan to a copy of the org in memory, with hand steps and checks",                                  \
     "The copy is made of what the plan reads and of the samples that 'zagent audit --records' keeps. The org is "     \
     "read, nothing in it changes. Exit 3 when a step does not come true or a check of a playbook fails. "             \
     "'apply --dry-run' does the same and shows every request.",                                                       \
     "zagent rehearse",                                                                                                \
     rehearse_opts,                                                                                                    \
     NEEDS_PROJECT,                                                                                                    \
     cmd_rehearse},

#define SANDBOX_COMMANDS                                                                                                 \
    {"sandbox clock",                                                                                                    \
     "[+N{m,h,d,w}|TIME]",                                                                                               \
     0,                                                                                                                  \
     1,                                                                                                                  \
     "tell its time, or move it on: what was scheduled happens on the way",                                              \
     "+3d, +90m, or a time (2026-12-10, 2026-12-10T09:00:00+01:00). Its clock never goes back; 'sandbox load' "          \
     "brings an earlier org back with its time.",                                                                        \
     "zagent sandbox clock +3d",                                                                                         \
     NULL,                                                                                                               \
     NEEDS_PROJECT,                                                                                                      \
     cmd_sandbox_clock},                                                                                                 \
        {"sandbox fault",                                                                                                \
         "[RULES|off]",                                                                                                  \
         0,                                                                                                              \
         1,                                                                                                              \
         "make it fail on order, also while it runs",                                                                    \
         "RULES as for 'sandbox start --fault'; they replace those ordered before. Without RULES what is ordered is "    \
         "told, off ends it.",                                                                                           \
         "zagent sandbox fault off",                                                                                     \
         sandbox_fault_opts,                                                                                             \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_fault},                                                                                             \
        {"sandbox chat",                                                                                                 \
         "[WORD [CHAT] [TEXT]]",                                                                                         \
         0,                                                                                                              \
         3,                                                                                                              \
         "be the visitor or the operator in its website chat (SalesIQ)",                                                 \
         "start TEXT --department NAME, attend CHAT --operator ADDRESS, answer CHAT TEXT, ask CHAT TEXT (the "           \
         "visitor), "                                                                                                    \
         "miss CHAT, end CHAT; CHAT is its number. Without WORD the chats are listed. What webhooks would be sent is "   \
         "in "                                                                                                           \
         "the outbox.",                                                                                                  \
         "zagent sandbox chat start 'Anybody there?' --department Sales",                                                \
         sandbox_chat_opts,                                                                                              \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_chat},                                                                                              \
        {"sandbox play",                                                                                                 \
         "FILE",                                                                                                         \
         1,                                                                                                              \
         1,                                                                                                              \
         "tell a story there: people and programs do things, what came of it is shown and stays",                        \
         "FILE is written like the checks of a playbook, with access (who is who) and checks: {follow: true, cases}. "   \
         "Ends with 3 at the first case that goes otherwise.",                                                           \
         "zagent sandbox play context/sandbox/story.yaml",                                                               \
         NULL,                                                                                                           \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_play},                                                                                              \
        {"sandbox save",                                                                                                 \
         "NAME",                                                                                                         \
         1,                                                                                                              \
         1,                                                                                                              \
         "keep its org as it is now, with the state of this project",                                                    \
         "The same NAME again replaces what was kept.",                                                                  \
         "zagent sandbox save before-go-live",                                                                           \
         NULL,                                                                                                           \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_save},                                                                                              \
        {"sandbox load",                                                                                                 \
         "NAME|FOLDER",                                                                                                  \
         1,                                                                                                              \
         1,                                                                                                              \
         "put a saved org, or a snapshot of a real one, in its place",                                                   \
         "A snapshot is a folder of JSON files, one a resource: modules.json, fields/Quotes.json, … What it does not " \
         "hold is as in a fresh org. The org that was there is gone, unless it was saved.",                              \
         "zagent sandbox load before-go-live --yes",                                                                     \
         sandbox_load_opts,                                                                                              \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_load},                                                                                              \
        {"sandbox branch",                                                                                               \
         "[NAME]",                                                                                                       \
         0,                                                                                                              \
         1,                                                                                                              \
         "go on in a copy named NAME, or back to it; nothing is lost",                                                   \
         "What is there now is kept under the name of its own branch (the first is called main). Without NAME the "      \
         "branches are listed.",                                                                                         \
         "zagent sandbox branch try-out",                                                                                \
         NULL,                                                                                                           \
         NEEDS_PROJECT,                                                                                                  \
         cmd_sandbox_branch},
#endif
