/* sandbox/seed_org.h — the built-in org and the pieces a seed file is made of. Inside a transaction. */
#ifndef SANDBOX_SEED_ORG_H
#define SANDBOX_SEED_ORG_H
#include "sandbox/org.h"

int seed_builtin(struct sandbox *s, struct err *e);
void seed_profile(struct sandbox *s, const char *name, const char *description, bool custom);
int seed_role(struct sandbox *s, const char *name, const char *reports_to, struct err *e);
int seed_user(struct sandbox *s, const char *full_name, const char *email, const char *role, const char *profile,
              struct err *e);
/* A related list of module `of` showing records of `module`; nothing when it is there. */
void seed_related_list(struct sandbox *s, const char *of, const char *api_name, const char *module, int sequence);
#endif
