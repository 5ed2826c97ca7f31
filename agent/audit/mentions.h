/*
 * agent/audit/mentions.h — where a project's own playbooks speak of a thing of the org: file, line, text.
 *
 * How       by words: a line of a file below templates/ that holds the thing's name as a whole word. A name of one plain word
 *           that anybody might write ("Stage") counts only in files that name its module too.
 */
#ifndef AGENT_AUDIT_MENTIONS_H
#define AGENT_AUDIT_MENTIONS_H
#include "agent/project.h"
#include "base/js.h"

/* [{"file","line","code"}]; module may be NULL. New reference; NULL on error. */
json_t *mentions_find(const struct project *p, const char *module, const char *name, struct err *e);
#endif
