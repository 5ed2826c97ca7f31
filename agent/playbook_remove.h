/*
 * agent/playbook_remove.h — taking a playbook back: offered, never done.
 *
 * Writes templates/NAME-removal/: one step by hand for each thing that only this playbook wants, effects first, data last, each with
 * what to look at. It is an ordinary playbook: whoever decides strikes lines, plans it, and attests. With tombstones, kinds that
 * Zoho's API deletes stand under `removed:` instead, and go when that playbook is applied with --allow-delete.
 * What it made    from the latest saved plan of NAME, whether its folder is still there or not.
 * What stays      what another playbook of the project wants too; records; what was there before (updated, not created).
 */
#ifndef AGENT_PLAYBOOK_REMOVE_H
#define AGENT_PLAYBOOK_REMOVE_H
#include "agent/draft.h"

/* plan: the latest of NAME. known: state_steps. others: what the other playbooks want. result: {files[], steps[], tombstones[], kept[{address,
 * why}]}. */
int playbook_remove(const struct project *p, const json_t *plan, const json_t *known, const char *name,
                    const struct desired *others, bool tombstones, json_t *result, struct err *e);
#endif
