/*
 * agent/command_results.h — rows of the command table for what came of it: measures, reports, experiments.
 */
#ifndef AGENT_COMMAND_RESULTS_H
#define AGENT_COMMAND_RESULTS_H
#include "agent/command.h"

extern const struct opt measure_opts[];
int cmd_measure(struct app *a, struct err *e);
int cmd_report(struct app *a, struct err *e);
/* zagent status --experiment ID */
int cmd_status_experiment(struct app *a, const char *id, struct err *e);

#define RESULTS_COMMANDS                                                                                               \
    {"measure",                                                                                                        \
     "PLAYBOOK",                                                                                                       \
     1,                                                                                                                \
     1,                                                                                                                \
     "read the numbers that a playbook should move",                                                                   \
     "Takes a reading of each measure by queries that change nothing, keeps it, and compares it with the first one. "  \
     "The first reading is best taken before the first apply, which takes it when nobody did.",                        \
     "zagent measure quote-bom",                                                                                       \
     measure_opts,                                                                                                     \
     NEEDS_PROJECT,                                                                                                    \
     cmd_measure},                                                                                                     \
        {"report",                                                                                                     \
         "RUN",                                                                                                        \
         1,                                                                                                            \
         1,                                                                                                            \
         "one run as a page for the client: what changed and why, who agreed, what is open, how to undo it",           \
         "RUN is a number of BUILD_LOG.md, as R1. The page stands in the output folder, needs nothing beside it and "  \
         "prints well.",                                                                                               \
         "zagent report R1",                                                                                           \
         measure_opts,                                                                                                 \
         NEEDS_PROJECT,                                                                                                \
         cmd_report},
#endif
