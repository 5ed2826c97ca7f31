/*
 * sandbox/crowd.h — calls at once: how many an edition takes, and how many heavy ones (sub-concurrency).
 *
 * At once     a call has its place from its headers' arrival until its answer is out (server.c). Calls to the API count, the page and the
 *             accounts host do not. Zoho counts by org and app; this org has one app.
 * Heavy       COQL, a search, a list with sort_by or cvid, a write of more than 10 records. The last is known once the body is in.
 * Too many    429 TOO_MANY_REQUESTS (route.c), after the token was looked at; no credit is taken (unproven), no Retry-After is sent. What
 *             is refused takes no place.
 * Source      zoho-api.md 4.1, 4.2; figures in limits.h.
 */
#ifndef SANDBOX_CROWD_H
#define SANDBOX_CROWD_H
#include <stdbool.h>

#include "base/js.h"

struct sandbox;
struct crowd {
    int calls, heavy;
};
/* A call's; zero before crowd_enter. */
struct crowd_place {
    bool taken, heavy, refused;
};

/* Pure. listed: sort_by or cvid is given; body: the parsed one, NULL before it is in. */
bool crowd_heavy(const char *method, const char *path, bool listed, const json_t *body);
/* Takes a place, or notes the refusal. Callers hold the sandbox's lock. */
void crowd_enter(struct sandbox *s, struct crowd_place *p, const char *path);
/* It turned out to be a heavy one. */
void crowd_weigh(struct sandbox *s, struct crowd_place *p);
void crowd_leave(struct sandbox *s, struct crowd_place *p);
#endif
