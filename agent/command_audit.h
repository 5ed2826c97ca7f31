/*
 * agent/command_audit.h — rows of the command table for whoever must know an org before touching it: audit, its report and its
 * differences, where a thing is used.
 *
 * Exit codes   audit report and audit diff: 3 when there is something to read. where: 3 when nothing uses it is no finding: 0.
 */
#ifndef AGENT_COMMAND_AUDIT_H
#define AGENT_COMMAND_AUDIT_H
#include "agent/command.h"

/* Where an org's settings are kept in a project: AUDIT_FOLDER/ORG. */
#define AUDIT_FOLDER "context/audit"

extern const struct opt audit_opts[];
int cmd_audit(struct app *a, struct err *e);

#define AUDIT_COMMANDS                                                                                                 \
    {"audit",                                                                                                          \
     "",                                                                                                               \
     0,                                                                                                                \
     0,                                                                                                                \
     "read an org's settings, all that the API shows, into context/audit/ORG",                                         \
     "Made to be committed every night: one file a list, the same bytes while nothing changed, without credentials "   \
     "and, unless --people, without names and addresses of people. What it will cost is said first; broken off, the "  \
     "next one goes on there. --snapshot writes modules, fields, layouts and related lists alone to a folder, for "    \
     "'deluge check --metadata', the language server and 'sandbox load'; three credits a module. --records keeps "     \
     "samples in .zagent/samples/, readable for you alone, never in context/, one credit a record: the rehearsal "     \
     "then says what a plan would do to them: \"17 of 212 would be refused on their next save\".",                     \
     "zagent audit --yes",                                                                                             \
     audit_opts,                                                                                                       \
     NEEDS_PROJECT,                                                                                                    \
     cmd_audit},
#endif
