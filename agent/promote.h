/*
 * agent/promote.h — what passed in one org, planned for the next.
 *
 * Passed    the newest apply run of exactly these playbooks in `from` that nobody took back, finished, still as planned when read
 *           again, and with its checks green in a rehearsal on a copy of that org.
 * The same  templates and context (without an org's own overlay) have the digests they had then. Otherwise what differs is named, by
 *           address, and nothing is planned.
 * Adopted   what `to` already has, equal, without a run of ours: a change set deployed it, or a person did. It is journaled as there,
 *           and never made again.
 * The plan  an ordinary one for `to`, saved, with promoted {from, run, plan}. Nothing is written to either org.
 */
#ifndef AGENT_PROMOTE_H
#define AGENT_PROMOTE_H
#include "agent/draft.h"
#include "agent/session.h"

/* Of two plans: addresses whose declared body or source is not the same, or that only one has. Records take their rows from the org and
 * are left out. Pure. New reference. */
json_t *promote_differences(const json_t *passed, const json_t *planned);
#endif
