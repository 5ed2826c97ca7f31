/* agent/audit/scripts.h — every function of an org, checked once: what several rules ask about. */
#ifndef AGENT_AUDIT_SCRIPTS_H
#define AGENT_AUDIT_SCRIPTS_H
#include "plan/snapshot.h"

/* function → {"sound": bool, "findings": [{rule,level,line,message,fix,code}], "shape": digest of what it does, "size": tokens}. The
 * snapshot's names are checked too. New reference. */
json_t *scripts_check(struct snapshot *s);
#endif
