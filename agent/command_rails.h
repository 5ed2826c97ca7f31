/*
 * agent/command_rails.h — rows of the command table for what holds changes back and takes them back.
 */
#ifndef AGENT_COMMAND_RAILS_H
#define AGENT_COMMAND_RAILS_H
#include "agent/command.h"

extern const struct opt halt_opts[];
extern const struct opt protect_opts[];
extern const struct opt promote_opts[];
int cmd_promote(struct app *a, struct err *e);
extern const struct opt rollback_opts[];
int cmd_rollback(struct app *a, struct err *e);
int cmd_halt(struct app *a, struct err *e);
int cmd_protect(struct app *a, struct err *e);
int cmd_unprotect(struct app *a, struct err *e);

#define RAILS_COMMANDS                                                                                                 \
    {"halt",                                                                                                           \
     "",                                                                                                               \
     0,                                                                                                                \
     0,                                                                                                                \
     "stop every change to any org of this project, also a running one",                                               \
     "Writes .zagent/HALT, which is looked for before every single write: a running apply stops before its next one "  \
     "and can be resumed. A file HALT beside zagent.yaml does the same. --lift lets changes go on.",                   \
     "zagent halt --reason 'audit until Friday'",                                                                      \
     halt_opts,                                                                                                        \
     NEEDS_PROJECT,                                                                                                    \
     cmd_halt},                                                                                                        \
        {"protect",                                                                                                    \
         "[ADDRESS]",                                                                                                  \
         0,                                                                                                            \
         1,                                                                                                            \
         "refuse every plan that touches an address; alone: list what is protected",                                   \
         "ADDRESS may be a pattern, as 'field/Quotes.*'. It is kept in the project's state, so no change of a "        \
         "playbook "                                                                                                   \
         "takes it away. A field's values, a Blueprint's publishing and a layout's sections are covered with it.",     \
         "zagent protect field/Quotes.Quote_Stage --note 'finance counts by it'",                                      \
         protect_opts,                                                                                                 \
         NEEDS_PROJECT,                                                                                                \
         cmd_protect},                                                                                                 \
        {"unprotect",                                                                                                  \
         "ADDRESS",                                                                                                    \
         1,                                                                                                            \
         1,                                                                                                            \
         "let plans touch it again",                                                                                   \
         NULL,                                                                                                         \
         "zagent unprotect field/Quotes.Quote_Stage",                                                                  \
         NULL,                                                                                                         \
         NEEDS_PROJECT,                                                                                                \
         cmd_unprotect},                                                                                               \
        {"promote",                                                                                                    \
         "[PLAYBOOK…]",                                                                                                \
         0,                                                                                                            \
         -1,                                                                                                           \
         "plan for one org exactly what passed in another",                                                            \
         "Takes the newest finished run of these playbooks in --from, reads it back there, runs their checks on a "    \
         "copy, and plans the "                                                                                        \
         "same for --to; when templates or context changed since, it says what differs and stops. What --to has "      \
         "already, equal (a "                                                                                          \
         "change set was deployed), is adopted, not made again. Nothing is written to an org: apply does that.",       \
         "zagent promote quote-bom --from stage --to main",                                                            \
         promote_opts,                                                                                                 \
         NEEDS_PROJECT,                                                                                                \
         cmd_promote},                                                                                                 \
        {"rollback",                                                                                                   \
         "RUN",                                                                                                        \
         1,                                                                                                            \
         1,                                                                                                            \
         "take back what a run changed, as far as it comes back",                                                      \
         "Makes a plan from the run's before-images, shows it with what does not come back and what a person can do "  \
         "about that, asks, and applies it like any plan. RUN is a number of BUILD_LOG.md, as R3. Refuses when "       \
         "something moved since, naming it. Rules the run made are switched off; the rest it made stays, or goes "     \
         "with "                                                                                                       \
         "--delete-created. A rollback can be rolled back.",                                                           \
         "zagent rollback R1 --dry-run",                                                                               \
         rollback_opts,                                                                                                \
         NEEDS_PROJECT,                                                                                                \
         cmd_rollback},
#endif
