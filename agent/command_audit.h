/*
 * agent/command_audit.h — rows of the command table for whoever must know an org before touching it: audit, its report and its
 * differences, where a thing is used.
 *
 * Exit codes   audit report and audit diff: 3 when there is something to read. where: 0, also when nothing uses it; 6 when there is no
 *              such thing.
 */
#ifndef AGENT_COMMAND_AUDIT_H
#define AGENT_COMMAND_AUDIT_H
#include "agent/command.h"

/* Where an org's settings are kept in a project: AUDIT_FOLDER/ORG. */
#define AUDIT_FOLDER "context/audit"

extern const struct opt audit_opts[];
extern const struct opt audit_report_opts[];
extern const struct opt audit_diff_opts[];
extern const struct opt where_opts[];
int cmd_audit(struct app *a, struct err *e);
int cmd_audit_report(struct app *a, struct err *e);
int cmd_audit_diff(struct app *a, struct err *e);
int cmd_where(struct app *a, struct err *e);
/* The folder of an org's snapshot, name NULL = the project's default; caller frees. */
int audit_folder(struct app *a, const char *name, char **folder, struct err *e);

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
     cmd_audit},                                                                                                       \
        {"audit report",                                                                                               \
         "[ORG]",                                                                                                      \
         0,                                                                                                            \
         1,                                                                                                            \
         "what an org's settings say to whoever takes it over: findings with evidence and what to do",                 \
         "From the snapshot that 'zagent audit' kept, without network; --count asks the org how records and rules "    \
         "use "                                                                                                        \
         "it, and later reports take that up. Written as Markdown and as one page that needs nothing beside it. What " \
         "may stay is accepted with a reason in context/audit/ORG.accepted.md. Exit 3 when something is found that "   \
         "nobody accepted.",                                                                                           \
         "zagent audit report",                                                                                        \
         audit_report_opts,                                                                                            \
         NEEDS_PROJECT,                                                                                                \
         cmd_audit_report},                                                                                            \
        {"audit diff",                                                                                                 \
         "[A [B]]",                                                                                                    \
         0,                                                                                                            \
         2,                                                                                                            \
         "what changed between two snapshots of an org, thing by thing",                                               \
         "A and B are folders of 'zagent audit', names of orgs, or commits: without B the snapshot as it lies there, " \
         "without A the last commit. A thing with the same id and a new name is renamed. Printed as Markdown. Exit 3 " \
         "when they differ.",                                                                                          \
         "zagent audit diff context/audit/embedded",                                                                   \
         audit_diff_opts,                                                                                              \
         NEEDS_PROJECT,                                                                                                \
         cmd_audit_diff},                                                                                              \
        {"where",                                                                                                      \
         "ADDRESS",                                                                                                    \
         1,                                                                                                            \
         1,                                                                                                            \
         "where a thing of the org is used, before anyone touches it",                                                 \
         "ADDRESS is field/Quotes.Quote_Stage, picklist_value/Quotes.Quote_Stage=Draft, function/NAME, module/Quotes " \
         "or any other thing. Told are rules, actions, layouts, views, Blueprints, locks, templates and the lines of " \
         "scripts in the snapshot that 'zagent audit' keeps, what runs an action that uses it, and the lines of this " \
         "project's playbooks.",                                                                                       \
         "zagent where field/Quotes.Quote_Stage",                                                                      \
         where_opts,                                                                                                   \
         NEEDS_PROJECT,                                                                                                \
         cmd_where},
#endif
