/*
 * agent/n8n_check.h — is a file fit to be imported into n8n by hand? Everything that can be said without n8n.
 *
 * Looks at    shape (name, nodes, connections, not active) · each node's id and name, once · type and typeVersion against the table
 *             of n8n_check.c · credentials by placeholder, never by id or value · connections from and to nodes that are there, the
 *             model's by ai_languageModel · texts that look like a credential (base/secret.h).
 * Table       node types and versions of n8n 2.8.4, the last version that runs on Node 20 (n8n-nodes-base and
 *             @n8n/n8n-nodes-langchain 2.8.1, dist/types/nodes.json); not all of them: a type that is not in it is a warning.
 * Source      docs.n8n.io/workflows/export-import; zoho-people-and-tools.md 4.
 */
#ifndef AGENT_N8N_CHECK_H
#define AGENT_N8N_CHECK_H
#include "base/js.h"

/* What the id of a credential is until somebody chooses one. */
#define N8N_PLACEHOLDER "REPLACE_ME"

/* Appends {level "error"|"warning", text, fix} to problems for whatever is wrong with the file's text. */
void n8n_check(const char *text, json_t *problems);
#endif
