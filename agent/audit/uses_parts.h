/* agent/audit/uses_parts.h — what uses.c and uses_script.c share. */
#ifndef AGENT_AUDIT_USES_PARTS_H
#define AGENT_AUDIT_USES_PARTS_H
#include "agent/audit/uses.h"

/* line 0 and code NULL: not of a script. */
void uses_note(struct uses *u, const char *target, const char *by, const char *place, int64_t line, const char *code,
               bool sure);
/* What the sources in function_code/ do. */
void uses_of_scripts(struct uses *u, struct snapshot *s);
#endif
