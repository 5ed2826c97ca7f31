/*
 * agent/compose.h — several playbooks that want the same thing: planned once, put together, or a conflict that names both places.
 *
 * Shared      the same address in two playbooks is one resource: reasons and dependencies are joined, the words for the person are
 *             the first playbook's, what it leaves out the next one says.
 * Parts       lists that people add to are joined: options of a pick list, profiles of a field, fields of a section, and of a
 *             Blueprint its states, transitions, connections; of one transition what is asked and what happens afterwards. So a
 *             playbook may declare only its part of a Blueprint: the transition it adds, or a field asked for in one that
 *             another playbook makes.
 * Conflict    any other property that both give and give differently: ERR_CONFIG with both places.
 * Order       compose_order: `after` becomes a need where what it names is wanted too.
 * Whole       compose_check: a Blueprint put together must hang together.
 */
#ifndef AGENT_COMPOSE_H
#define AGENT_COMPOSE_H
#include "plan/resource.h"

/* As desired_add: takes over *r, also on failure. Twice in one playbook stays an error. */
int compose_add(struct desired *d, struct resource *r, struct err *e);
int compose_order(struct desired *d, struct err *e);
int compose_check(const struct desired *d, struct err *e);
#endif
