/*
 * agent/audit/difference.h — two snapshots, thing by thing and property by property: what a person would call a change.
 *
 * Matching    DIFFERENCE_SAME_ORG: by id, so that a new name is a rename; else by address. DIFFERENCE_TWO_ORGS: by address alone, and
 *             ids, who made it and when say nothing.
 * Lists       elements are matched by what they are called, not by where they stand; another order alone is one change ("order").
 *             A layout is which field stands in which section and whether it is mandatory: the fields' own properties are the fields'.
 * Scripts     a change of lines, with the first that differs.
 * Silence     a list that only one side has read is not compared; lists are named in `unread`.
 * Result      [{"address","what": "added|removed|renamed|changed","from"?,"changes":[{path,from,to}],"detail"}] by address.
 * Purity      no I/O.
 */
#ifndef AGENT_AUDIT_DIFFERENCE_H
#define AGENT_AUDIT_DIFFERENCE_H
#include "plan/snapshot.h"

enum difference_mode { DIFFERENCE_SAME_ORG, DIFFERENCE_TWO_ORGS };
/* unread (may be NULL) takes names of lists. New reference. */
json_t *difference(const struct snapshot *old, const struct snapshot *now, enum difference_mode mode, json_t *unread);
#endif
