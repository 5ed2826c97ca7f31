/*
 * agent/session.h — what most commands need open at once: the state, an org, the lock.
 */
#ifndef AGENT_SESSION_H
#define AGENT_SESSION_H
#include "agent/org.h"

enum session_want { SESSION_STATE = 0, SESSION_READER = 1, SESSION_WRITER = 2, SESSION_LOCK = 4 };
struct session {
    struct app *app;
    struct state *st;
    struct org *org; /* what was asked of it stands in meta.api when the session is closed: {calls, credits, retries} */
    bool locked;
};
/* The org is the one of --org where the command has that option, else the project's default. */
int session_open(struct session *s, struct app *a, unsigned want, struct err *e);
void session_close(struct session *s);
/* The open run of that plan, or a new one of this command; *opened says whether the caller must close it. */
int session_run(struct session *s, const char *command, const char *plan_digest, int64_t *run, bool *opened,
                struct err *e);
/* Who acts: ZAGENT_ACTOR, else the login name. Borrowed. */
const char *session_actor(void);
#endif
