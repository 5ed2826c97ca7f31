/*
 * agent/drift.h — what zagent manages, compared with the org as it is: what others changed, removed or took back.
 *
 * Finding     {address, kind, title, playbook, what: "changed"|"removed"|"undone", changes[{path, was, is}], by?, at?, run, file}
 *             undone: a thing a person made by hand that is no longer there. by and at are what Zoho's own answer says of the
 *             object (modified_by, modified_time): who touched it last, which need not be who made this very change.
 * Baseline    what the step's run read back, or what a person accepted since (drift_accept): an acceptance counts for exactly that
 *             wish, until a later run makes the thing as planned.
 * Seen        an object whose list the org refuses to show has not drifted: it stands in `unseen`.
 * Off         of a playbook that was switched off the functions and rules are left alone: that was zagent itself.
 * No write    to the org, ever: a repair is a saved plan for 'zagent apply'.
 */
#ifndef AGENT_DRIFT_H
#define AGENT_DRIFT_H
#include "agent/managed.h"
#include "agent/session.h"

struct drift {
    struct session *s;
    struct managed m;
    struct snapshot snapshot;
    json_t *accepted; /* address → {want digest, run, tree | gone, by, at, note} */
    json_t *findings, *unseen /* [{address, why}] */, *off /* addresses */;
    json_t *unmanaged /* addresses in the lists that were read */, *added /* of those, since the last look */;
    bool looked_before;
    int64_t zoho_own;
};
int drift_find(struct drift *d, struct session *s, struct err *e);
void drift_release(struct drift *d);
/* By address or step id; NULL when it has not drifted. Borrowed. */
const json_t *drift_finding(const struct drift *d, const char *address);
/* Does a filter of addresses, globs, kinds or step ids mean it? An empty one means all. */
bool drift_chosen(const struct strset *filter, const json_t *finding);

/* New findings go into the journal (as undone) and into BUILD_LOG.md as a section "not by zagent"; the same one is logged once. *run: 0 when
 * there was nothing new. */
int drift_log(struct drift *d, int64_t *run, struct err *e);
/* The org's value is what is wanted from now on, until the playbook wants something else. */
int drift_accept(struct drift *d, const struct strset *addresses, const char *note, int64_t *run, struct err *e);
/* A saved plan that puts back exactly these and leaves the rest as it is. */
int drift_repair(struct drift *d, const struct strset *addresses, char digest[65], json_t **plan, struct err *e);
#endif
