/*
 * agent/auth_need.h — the OAuth scopes that a project's playbooks need, each with the reason: no more is asked for.
 *
 * Reader   which org this is, what it allows, and every list that planning these playbooks reads.
 * Writer   the same (apply reads before and after each write), and creating and changing of the kinds they declare; deleting only of
 *          what has a tombstone.
 * Audit    also every list that can be read at all, for audit and adopt.
 * Undo     also deleting of the kinds they declare, for 'rollback --delete-created'.
 */
#ifndef AGENT_AUTH_NEED_H
#define AGENT_AUTH_NEED_H
#include "agent/command.h"
#include "zoho/zoho.h"

enum auth_more { AUTH_PLAYBOOKS = 0, AUTH_AUDIT = 1, AUTH_UNDO = 2 };
/* [{scope, why, playbooks[]}] by scope. A project without playbooks needs only the first few. New reference. */
int auth_need(struct app *a, enum zoho_role role, unsigned more, json_t **out, struct err *e);
/* "A,B,C" of auth_need's array. Caller frees. */
char *auth_scope_list(const json_t *needs);
/* Those of needs that `granted` (comma separated) does not reach, as auth_need's elements. New reference. */
json_t *auth_missing(const json_t *needs, const char *granted);
#endif
