/*
 * agent/fed.h — whether the context has what a playbook needs: another business has other pains and other tables.
 *
 * Lacks    a pain point that pain-points.md has no row for; an input without default whose file, heading, row or value is absent.
 *          A value that is there and cannot be read is no lack: whoever wrote it meant the playbook, and is told the mistake.
 */
#ifndef AGENT_FED_H
#define AGENT_FED_H
#include "agent/playbook.h"

/* Adds to `lacks` one text for each thing to write ("pain point P2", "design.md#Limits", "rollout.md#Settings deal_gate"); none means the playbook can be planned. */
int fed_lacks(const struct project *p, const struct context *c, const char *name, json_t *lacks, struct err *e);
#endif
