/*
 * agent/draft.h — everything a plan is made from, loaded once: context, playbooks, names, desired resources, the live snapshot.
 *
 * Call order  draft_load (offline) → draft_read (asks the org) → draft_plan.
 * Sharing     playbooks of one plan share resources (agent/compose.h). When only some are planned, what others that were applied
 *             to this org put into the same resources is put in as well: planning one never takes back what another did.
 * Names       context/org-map.csv (confirmed by a person) first, then what Zoho chose when we created things.
 */
#ifndef AGENT_DRAFT_H
#define AGENT_DRAFT_H
#include "agent/org.h"
#include "agent/playbook.h"

/* How many records hold a value in a field, by COQL; -1 when the org does not say. */
int64_t draft_values(const struct org *org, const char *module, const char *field);
/* Says in `checks` what is lost with each field that has a tombstone and is there. */
void draft_losses(const struct org *org, const struct desired *d, const json_t *names, const struct snapshot *s,
                  json_t *checks);

struct draft {
    struct context context;
    bool context_loaded;
    struct playbook *pb;
    size_t n, cap;
    struct playbook *shared_by; /* applied before, not planned now: only their parts of shared resources count */
    size_t shared_n, shared_cap;
    json_t *gone;     /* names of playbooks that were applied and have no folder any more */
    json_t *left_out; /* [{playbook, lacks: [text]}]: nobody named them, and the context has not what they need */
    bool strict;      /* set before draft_load: leave none out */
    struct desired desired;
    json_t *names;     /* address → api_name */
    json_t *standards; /* rows kind, pattern, text, @line */
    struct snapshot snapshot;
    json_t *capabilities; /* kind → {answer, why} */
    json_t *checks;       /* address → {text, blocked?} */
    json_t *missing;      /* inputs without value; NULL = such an input is an error */
};

/* playbooks: n_names names; 0 = all of the project, in the order of their names, but those whose inputs or pain points the
 * context does not have (left_out). One that was applied to this org, or whose value is there and malformed, is an error. org may be NULL (offline: names from the map only). */
int draft_load(struct draft *w, struct app *a, struct state *st, const struct org *org, char **names, int n_names,
               struct err *e);
/* Reads what the desired resources need; capabilities from the org and from what it answered before. */
int draft_read(struct draft *w, struct state *st, struct org *org, struct err *e);
/* The first part of draft_read: what the org says of itself and what it answered before, as w->capabilities. */
int draft_capabilities(struct draft *w, struct state *st, struct org *org, struct err *e);
/* Builds the plan; target and exclude are arrays of text or NULL. */
int draft_plan(struct draft *w, struct state *st, const struct org *org, const json_t *target, const json_t *exclude,
               json_t **plan, struct err *e);
void draft_release(struct draft *w);
/* Reads into s what the steps of a saved plan stand on and refer to; draft_read_step only what shows one step's object. */
int draft_read_plan(const struct org *org, const json_t *plan, const json_t *names, struct snapshot *s, struct err *e);
int draft_read_step(const struct org *org, const json_t *plan, const json_t *step, const json_t *names,
                    struct snapshot *s, struct err *e);
/* Only the lists in which what the step refers to is looked up. */
int draft_read_resolves(const struct org *org, const json_t *step, struct snapshot *s, struct err *e);
#endif
