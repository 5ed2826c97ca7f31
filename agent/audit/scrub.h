/*
 * agent/audit/scrub.h — what of an org's settings may be kept in a repository: credentials and people taken out, order made steady.
 *
 * Credentials  become "(secret)": what base/secret.h knows; values beside a name that says so (a variable, a parameter of a URL, the
 *              text after it in a script); runs of 24 and more letters and digits that no word looks like; the whole value of a
 *              webhook's own parameters (plan/snapshot.h). Ids, dates, e-mail domains and merge fields (${!Deals.id}) are none.
 *              What is found in the text is gone; where it stood can still be seen, so that the report names it.
 * People       unless wanted: a user keeps id, status, role and profile; elsewhere an object that is a user keeps its id; an e-mail
 *              address anywhere becomes "(e-mail)".
 * Order        lists whose order says nothing (profiles, shared_to) are sorted by id: two readings are the same bytes.
 * Purity       no I/O.
 */
#ifndef AGENT_AUDIT_SCRUB_H
#define AGENT_AUDIT_SCRUB_H
#include <stdbool.h>

#include "base/js.h"
#include "base/strset.h"

#define SCRUB_SECRET "(secret)"
#define SCRUB_PERSON "(e-mail)"

struct scrub {
    bool people;         /* names and addresses stay */
    struct strset users; /* ids, learnt by scrub_learn; owned */
};
/* users: the resource of that name. */
void scrub_learn(struct scrub *s, const json_t *users);
void scrub_release(struct scrub *s);
/* A copy of the resource's array without what must go. New reference. */
json_t *scrub_resource(const struct scrub *s, const char *name, const json_t *array);

/* Does the name say that its value is a credential: "X-Api-Key", "client_secret"? */
bool scrub_secret_name(const char *name, size_t n);
/* Text without credentials (and addresses, unless people); caller frees. */
char *scrub_text(const struct scrub *s, const char *text);
/* The same for a URL: parameters by their names, parts of the path that nobody could guess. */
char *scrub_url(const struct scrub *s, const char *url);
/* The same for a script: literals only, and what stands beside a telling name. */
char *scrub_script(const struct scrub *s, const char *code);
#endif
