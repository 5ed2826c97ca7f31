/*
 * agent/command_playbook.h — rows of the command table for those who write playbooks, kept beside the code that serves them.
 *
 * Exit codes   playbook check: 3 for errors, 0 for warnings alone or nothing.
 */
#ifndef AGENT_COMMAND_PLAYBOOK_H
#define AGENT_COMMAND_PLAYBOOK_H
#include "agent/command.h"

int cmd_playbook_new(struct app *a, struct err *e);
int cmd_playbook_check(struct app *a, struct err *e);
extern const struct opt playbook_remove_opts[];
int cmd_playbook_remove(struct app *a, struct err *e);
int cmd_schema(struct app *a, struct err *e);

#define PLAYBOOK_COMMANDS                                                                                              \
    {"playbook new",                                                                                                   \
     "NAME",                                                                                                           \
     1,                                                                                                                \
     1,                                                                                                                \
     "start a playbook that checks and plans clean",                                                                   \
     "Writes templates/NAME/ with a field, a rule that a person makes, the pages of its "                              \
     "guide and a measure, ready to be changed; and templates/playbook.schema.json, so "                               \
     "that an editor knows the keys.",                                                                                 \
     "zagent playbook new on-time",                                                                                    \
     NULL,                                                                                                             \
     NEEDS_PROJECT,                                                                                                    \
     cmd_playbook_new},                                                                                                \
        {"playbook check",                                                                                             \
         "[NAME…]",                                                                                                    \
         0,                                                                                                            \
         -1,                                                                                                           \
         "is a playbook fit to be handed over?",                                                                       \
         "Without an org: keys, credentials, inputs, Zoho's limits, naming standards, what "                           \
         "each step by hand must say, and the pages of the guide, each finding as "                                    \
         "file:line:column; then what collides between playbooks. Without a name all playbooks "                       \
         "of the project. Exit 3 when something must be mended.",                                                      \
         "zagent playbook check",                                                                                      \
         NULL,                                                                                                         \
         NEEDS_PROJECT,                                                                                                \
         cmd_playbook_check},                                                                                          \
        {"playbook remove",                                                                                            \
         "NAME",                                                                                                       \
         1,                                                                                                            \
         1,                                                                                                            \
         "write down how to take back what only this playbook made",                                                   \
         "Writes templates/NAME-removal/, a playbook of steps by hand: effects first, data "                           \
         "last. What another playbook wants too, and what was there before, stays. With "                              \
         "--tombstones what Zoho's API can delete goes when that playbook is applied with "                            \
         "--allow-delete.",                                                                                            \
         "zagent playbook remove quote-bom",                                                                           \
         playbook_remove_opts,                                                                                         \
         NEEDS_PROJECT,                                                                                                \
         cmd_playbook_remove},                                                                                         \
        {"schema",                                                                                                     \
         "WHAT",                                                                                                       \
         1,                                                                                                            \
         1,                                                                                                            \
         "print the JSON Schema of a file, for editors; WHAT is playbook",                                             \
         "docs/PLAYBOOKS.md says how an editor takes it.",                                                             \
         "zagent schema playbook",                                                                                     \
         NULL,                                                                                                         \
         0,                                                                                                            \
         cmd_schema},
#endif
