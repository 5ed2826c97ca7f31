/*
 * agent/auth.h — what the commands of `zagent auth` share: whose org it is, and where its accounts host listens.
 *
 * A sandbox's org is signed in to like any other: on the server that 'zagent sandbox start' keeps running, else on one in this process.
 */
#ifndef AGENT_AUTH_H
#define AGENT_AUTH_H
#include "agent/org.h"
#include "zoho/signin.h"

struct auth_place {
    const char *org; /* borrowed from the project */
    const json_t *row;
    bool embedded;
    struct fs_root root; /* where its credentials lie */
    json_t *info;        /* a sandbox's start line */
    struct sandbox *sandbox;
};
/* name NULL as in project_org. server: a sandbox is needed to talk to. */
int auth_place_open(struct auth_place *p, struct app *a, const char *name, bool server, struct err *e);
/* Stops a sandbox of this process, whose store somebody else opens next. */
void auth_place_rest(struct auth_place *p);
void auth_place_close(struct auth_place *p);
/* Hosts of the config for a client registered in dc (NULL = the org's); what is borrowed lives as long as p. */
struct signin_config auth_place_config(const struct auth_place *p, const char *dc);
/* "https://api-console.zoho.eu" of a data centre. Caller frees. */
char *auth_console(const char *dc);
#endif
