/*
 * agent/experiment.h — what came of an experiment, from evidence: steps that were read back, measures, the log.
 *
 * context/experiments.md   a heading that holds the id in brackets ("### [K-1] Title"), below it a line that begins with
 *                          "**Expected Result" and the results as a list. They are counted from 1.
 * Claims                   a playbook says `experiments: {K-1: [2]}`; a measure may say `expected: 2`.
 * Result                   Markdown to be pasted as Actual Result. What nobody claims, and what was not measured, is said as such.
 */
#ifndef AGENT_EXPERIMENT_H
#define AGENT_EXPERIMENT_H
#include "agent/session.h"

#define EXPERIMENTS_FILE "context/experiments.md"
enum { EXPERIMENTS_MAX = 1 << 20 };
/* Titles of the expected results; ERR_NOT_FOUND without the file or the id, ERR_CONFIG without a list. Pure. New reference. */
json_t *experiment_expected(const char *text, const char *id, struct err *e);
/* Caller frees; NULL with e. data gets {experiment, results [{n, title, state, evidence[]}], log}. */
char *experiment_result(struct session *s, const char *id, json_t *data, struct err *e);
#endif
