/*
 * agent/audit/fetched.h — a snapshot named on a command line: a folder, or a commit of the project's own repository.
 *
 * Commit     any word git takes (HEAD, main~3, a tag, a hash); context/audit/ORG of it is laid out below .zagent/audit/ by 'git archive'
 *            and 'tar', and taken away again: neither the repository's index nor its work tree is touched.
 */
#ifndef AGENT_AUDIT_FETCHED_H
#define AGENT_AUDIT_FETCHED_H
#include "agent/command.h"
#include "plan/snapshot.h"

/* slot: "a" or "b", where a commit is laid out. ERR_NOT_FOUND when the word is neither. */
int fetched_load(struct app *a, const char *word, const char *org, const char *slot, struct snapshot *s, struct err *e);
#endif
