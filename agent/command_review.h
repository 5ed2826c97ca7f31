/*
 * agent/command_review.h — the row of the command table for decisions that people make in batches.
 *
 * Exit codes   3 when an imported sheet has rows that were refused; the others are taken all the same.
 */
#ifndef AGENT_COMMAND_REVIEW_H
#define AGENT_COMMAND_REVIEW_H
#include "agent/command.h"

extern const struct opt review_opts[];
int cmd_review(struct app *a, struct err *e);
/* Says what a plan cannot judge while records wait for a decision: `awaits:` of its playbooks, as last counted in this org. */
struct session;
struct draft;
void review_warn(struct app *a, struct session *s, const struct draft *w);
/* A line a review of the playbook for `status`, as last counted; into `row` as well. */
void review_status(struct app *a, struct session *s, const char *playbook, json_t *row);

#define REVIEW_COMMANDS                                                                                                \
    {"review",                                                                                                         \
     "PLAYBOOK",                                                                                                       \
     1,                                                                                                                \
     1,                                                                                                                \
     "hand out what people must decide, and take it back",                                                             \
     "Reads the org (never writes), proposes a value for each record by the rules in context, and writes the next "    \
     "worksheets: a sheet for a spreadsheet and a page for a browser, one for each reviewer. --import takes a filled " \
     "sheet or what the page saved: rows that fit are added to the decisions in context, the others are named. The "   \
     "next plan writes what was decided; a proposal alone changes nothing.",                                           \
     "zagent review item-categories",                                                                                  \
     review_opts,                                                                                                      \
     NEEDS_PROJECT,                                                                                                    \
     cmd_review},
#endif
