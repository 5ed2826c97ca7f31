/*
 * agent/click.h — does the hand steps of a plan in the sandbox, as the person in Setup would.
 *
 * Used by     `zagent sandbox ui`, and by the rehearsal, which plays that person between two runs of apply.
 * Order       as planned; each click may be what the next one needs to see, so the org is read before each.
 * On screen   the playbook's body in the names and ids this org uses; what no answer shows (the text of an e-mail template) is typed
 *             all the same. A step that nothing shows afterwards is attested.
 */
#ifndef AGENT_CLICK_H
#define AGENT_CLICK_H
#include "agent/org.h"

struct sandbox;
struct clicking {
    struct app *app;  /* data.done gets the addresses */
    struct state *st; /* which steps wait; takes attestations */
    struct org *org;  /* the sandbox's, read before each click */
    struct sandbox *sb;
    const json_t *plan;
    char **only; /* ids or addresses; NULL = those that wait */
    int n_only;
    bool undo;
};
int click_all(const struct clicking *c, struct err *e);
#endif
