/*
 * agent/deluge_planned.h — an org as the checker of a plan's functions must see it: what is live, and what the plan makes.
 *
 * Planned     modules, fields and picklist values that the plan adds count as there, under the names of this org.
 * Not known   fields of a module that is not live yet (its system fields are Zoho's), and the related lists of a module that a
 *             planned lookup or module brings (Zoho names them): the checker is silent about those.
 * Ownership   the result holds references into live; release it with snapshot_release.
 */
#ifndef AGENT_DELUGE_PLANNED_H
#define AGENT_DELUGE_PLANNED_H
#include "plan/resource.h"
#include "plan/snapshot.h"

void deluge_planned(struct snapshot *out, const struct snapshot *live, const struct desired *d, const json_t *names);
#endif
