/*
 * agent/artifacts.h — what a plan leaves in generated/PLAYBOOK/: function sources, free-form files, the guide, MANIFEST.json.
 *
 * All of it is already in the plan (plan.rendered), so that templates may change without changing what was approved.
 * MANIFEST.json says what made each file: path, sha256, template, plan digest. Writes are atomic and stay below the output root.
 */
#ifndef AGENT_ARTIFACTS_H
#define AGENT_ARTIFACTS_H
#include "agent/draft.h"

/* Puts {title, summary, guide, pages, artifacts, measures, open_questions} of each playbook into plan.rendered: before the digest is taken. */
int artifacts_render(const struct draft *w, json_t *plan, struct err *e);
/* steps: state_steps() or NULL. snapshot may be NULL (offline). */
int artifacts_write(struct app *a, const json_t *plan, const json_t *steps, const struct snapshot *s, struct err *e);
/* The folder of the guides' wording: the project's own wins over the installed one; NULL when there is neither. Caller frees. */
char *artifacts_wording(struct app *a);
#endif
