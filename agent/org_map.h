/*
 * agent/org_map.h — proposals for context/org-map.csv: this org may have it already, under another name.
 *
 * A proposed row has nobody in its confirmed_by: it counts only once a person writes a name there.
 */
#ifndef AGENT_ORG_MAP_H
#define AGENT_ORG_MAP_H
#include "agent/project.h"

/* rows: [{address, api_name}]. Adds those whose address the file does not have yet to it and to `added`; makes the file when there
 * is none. */
int org_map_propose(const struct project *p, const json_t *rows, json_t *added, struct err *e);
#endif
