/*
 * plan/adopt.h — the way back: what a playbook must say so that the org, as it is, needs nothing. Pure.
 *
 * Inverse     each property type has the inverse of its norm (prop_type.adopt), each kind says which objects of a list are
 *             its own (kind_spec.offer). What is declared is normalised and compared with the live object before it is given
 *             away: a property that would not compare equal is left out and named, so that a plan of the result is empty.
 * Left        nothing is lost in silence: an object that cannot be declared stands in `left` with the reason, a property in
 *             the resource's `notes`. What Zoho makes itself (standard fields, its own views and sections) is counted.
 * Needs       what a resource refers to comes along, unless another playbook wants it already or Zoho made it.
 * Reading     plan_adopt can say all only when what it asks for is read: call it again after reading `unread`, until it is
 *             empty. Lists that the org refuses are named in `refused`.
 * Result      {"resources": [{address, kind, title, body, source?, asked, notes[{path, why}]}] in the order of kinds and
 *             addresses, "left": [{address, why}], "wanted": [{address, playbook}] of other playbooks, "stands_on":
 *             [{address, by}] things that no playbook makes and who refers to them, "refused": [{list, code}], "own": how many are Zoho's}
 */
#ifndef PLAN_ADOPT_H
#define PLAN_ADOPT_H
#include "plan/kind.h"

struct adopt_wish {
    const struct strset *patterns; /* addresses, globs over addresses, or kinds */
    const struct desired *others;  /* what playbooks want already, in their names; may be NULL */
    const json_t *names;           /* address → api_name for those */
};
/* *out stays NULL while something is unread. ERR_USAGE for a pattern that matches nothing once everything is read. */
int plan_adopt(const struct snapshot *s, const struct adopt_wish *w, struct strset *unread, json_t **out,
               struct err *e);
/* Addresses of what the lists that were read hold and no resource of `others` is, sorted; values of Zoho's own pick lists aside. *own
 * counts what Zoho made. New reference. */
json_t *plan_offered(const struct snapshot *s, const struct desired *others, const json_t *names, int64_t *own);
/* Does an address, a glob over addresses or a kind's name mean this address? */
bool address_matches(const char *pattern, const char *kind, const char *address);
#endif
