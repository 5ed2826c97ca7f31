/*
 * plan/kind.h — the pure half of each kind of configuration: one row a kind, in plan/kinds.c.
 *
 * To add a kind   1. a row here (plan/kind_NAME.c when it needs code of its own)   2. zoho/crm/NAME.c and its row in
 *                 zoho/crm/kinds.c unless only a person can do it   3. templates/_guide/en/NAME.md
 *                 4. sandbox/ routes   5. docs/PLAYBOOKS.md   6. tests/plan, tests/zoho, a scenario in tests/agent.
 * Normalise       brings a desired body and the live object to the same comparable tree: names instead of ids, only the
 *                 properties the desired body speaks of, lists whose order means nothing sorted, server defaults
 *                 filled in. Equal trees = nothing to do. It is for comparing, never for sending.
 * Purity          no I/O, no clock, no randomness; same inputs, same bytes.
 */
#ifndef PLAN_KIND_H
#define PLAN_KIND_H
#include "plan/resource.h"
#include "plan/snapshot.h"

enum kind_class {
    KIND_API,      /* the public API writes it */
    KIND_GATED,    /* documented but some orgs refuse: ask capability, else by hand */
    KIND_HAND,     /* a person does it, a GET shows it */
    KIND_ATTEST,   /* a person does it, nothing to read: attest */
    KIND_REFERENCE /* never planned, only referred to: profile, role, layout, user, picklist value … */
};

struct kind_view { /* what normalise, needs and check may look at */
    const struct snapshot *snapshot;
    const struct desired *desired;
    const json_t *names; /* address → api_name in this org */
};

struct kind_spec; /* plan/spec.h: kinds described by tables */

struct kind {
    const char *name;  /* "field" */
    const char *title; /* "field": for people */
    enum kind_class cls;
    bool in_module; /* address has a module part */
    int rank;       /* order among steps that do not depend on each other */
    int credits_create, credits_update;
    int minutes; /* by hand, when the playbook does not say */
    /* Snapshot resources that show whether r exists as wanted. */
    void (*reads)(const struct kind_view *v, const struct resource *r, struct strset *out);
    /* The live object of r, borrowed, NULL when absent. */
    json_t *(*find)(const struct kind_view *v, const struct resource *r);
    /* New reference. `live` NULL = normalise the desired body. */
    json_t *(*normalise)(const struct kind_view *v, const struct resource *r, const json_t *live);
    /* Addresses that r's body refers to (of planned and of reference kinds). */
    void (*needs)(const struct kind_view *v, const struct resource *r, struct strset *out);
    /* The request body to send: Zoho's shape with {"@ref":ADDRESS,"get":"id"} wherever an id goes. New reference.
     * `live` NULL = create. */
    json_t *(*body)(const struct kind_view *v, const struct resource *r, const json_t *live);
    /* Zoho's limits and names, checked at plan time: pushes {"level":"error|warning","text","path"} to findings. NULL =
     * none. */
    void (*check)(const struct kind_view *v, const struct resource *r, json_t *findings);
    const struct kind_spec *spec; /* list, key, properties; never NULL */
};

extern const struct kind kinds[];
extern const size_t kinds_n;
const struct kind *kind_find(const char *name); /* NULL when unknown */

/* Whether Zoho's API deletes things of this kind; *why_not (may be NULL) says why it does not. */
bool kind_deletable(const struct kind *k, const char **why_not);
/* The same of a live object: a published Blueprint is a person's to take down. why_not must not be NULL. */
bool live_deletable(const struct kind *k, const json_t *live, const char **why_not);
/* kind->normalise, or of a resource with a tombstone what says that it is this very thing that goes. New reference. */
json_t *resource_normalise(const struct kind_view *v, const struct resource *r, const json_t *live);

/* The api_name this org uses for the thing at `address`: names[address], else the name inside the address. Borrowed. */
/* `names` values are api_names, or objects with an api_name (state_names gives those). */
const char *kind_real_name(const struct kind_view *v, const char *address, const char *fallback);
/* Looks up an @ref: the text at `get` ("id", "api_name", …) of the live object at `address`; NULL while it does not
 * exist. Works for reference kinds too (profile/Standard, layout/Quotes.Standard,
 * picklist_value/Quotes.Quote_Stage=Draft). Borrowed. */
const char *kind_ref(const struct kind_view *v, const char *address, const char *get);
/* The live object an address speaks of, NULL when the org has none or was not asked. Borrowed. */
json_t *kind_live(const struct kind_view *v, const char *address);
/* What people call r: its label or name in the body, else the name in its address. Borrowed. */
const char *kind_title(const struct resource *r);
/* The snapshot list r is looked up in, in this org's names; NULL for kinds nothing can be read of. Caller frees. */
char *kind_list(const struct kind_view *v, const struct resource *r);
/* A copy of body with every @ref replaced; ERR_NOT_FOUND naming the address that does not exist yet. */
int kind_resolve(const struct kind_view *v, const json_t *body, json_t **out, struct err *e);
#endif
