/*
 * agent/playbook_check.h — is a playbook fit to be handed over? Everything that can be said without an org.
 *
 * Looks at    keys and credentials (playbook_findings) · inputs, rendering, addresses, Zoho's limits, one by one ·
 *             the house's naming standards · the contract of hand steps (zoho-people-and-tools 3.14): who, how long, what must work,
 *             what must be refused, test record and user, clean-up, way back, and wording for the kind · pages of the guide ·
 *             measures · the expected results of experiments it claims · what collides with other playbooks of the project.
 * Contract    how much a playbook must say itself depends on the kind's risk in templates/_guide/en/strings.yaml: a slip in a
 *             validation rule stops people's work, one in a view does not.
 * Findings    {level "error"|"warning", file, line, col, text, fix}, in the file's order.
 */
#ifndef AGENT_PLAYBOOK_CHECK_H
#define AGENT_PLAYBOOK_CHECK_H
#include "agent/playbook.h"

struct playbook_check {
    const struct project *p;
    const struct context *context;
    const char *wording; /* folder of the guides' wording */
    json_t *standards;   /* rows kind, pattern, text, where; or NULL */
    const struct desired
        *together; /* all playbooks of the project put together: a part is judged in its whole; or NULL */
};
/* ERR only when something cannot be read at all; a broken playbook is findings. */
int playbook_check(const struct playbook_check *c, const char *name, json_t *findings, struct err *e);
/* What is wrong with the measures of a manifest: value against of, from, to, whole. */
void playbook_check_measures(const struct playbook *pb, json_t *findings);
/* Experiments it claims that are not in context/experiments.md, expected results they do not have. */
void playbook_check_experiments(const struct playbook *pb, const struct project *p, json_t *findings);
/* The measures with their queries in this org's names; {{since}} and {{until}} stay for whoever measures. New reference. */
json_t *playbook_measures(const struct playbook *pb, struct err *e);
/* What is wrong with the imports of a manifest, after playbook_data. */
void playbook_check_imports(const struct playbook *pb, json_t *findings);
/* One import, expanded and whole (agent/import.h). New reference; ERR_NOT_FOUND names what there is. */
json_t *playbook_import(const struct playbook *pb, const char *name, struct err *e);
/* Pages, open questions and artifacts render and say something; note: what stands behind an unproven menu path. */
void playbook_check_pages(const struct playbook *pb, const char *note, bool by_hand, json_t *findings);
/* Appends {level, text, fix} for a file a hand step names (body.file): no artifact makes it, or n8n would not take it (n8n_check.h). */
void playbook_file_problems(const struct playbook *pb, const struct resource *r, json_t *problems);
/* A word of the command line: no playbook may bear it. */
bool playbook_name_reserved(const char *name);

/* templates/NAME/ with a playbook that checks and plans clean. files collects the paths written. */
int playbook_new(const struct project *p, const struct context *c, const char *name, json_t *files, struct err *e);
#endif
