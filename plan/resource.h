/*
 * plan/resource.h — what a playbook wants to be true, one resource at a time.
 *
 * Address     kind/Name or kind/Module.Name, each part percent-encoded ("field/Quotes.BOM_Status",
 *             "custom_view/Quotes.Quotes%20not%20aligned"). It is the identity of a resource across plans.
 *             In names "/" and "=" stay as they are (layout_section/Quotes.Standard/Check,
 * picklist_value/Quotes.Stage=Won); what is written with other bytes unencoded is accepted and becomes this form in
 * desired_add. Body        Zoho's own shape for that kind with api_names instead of ids; what each kind takes is
 * docs/PLAYBOOKS.md. Names       api_names in a body are the playbook's; plan_input.names maps an address to the name
 * the org really uses. Ownership   struct desired owns everything; desired_add takes over the resource's members.
 */
#ifndef PLAN_RESOURCE_H
#define PLAN_RESOURCE_H
#include "base/err.h"
#include "base/js.h"
#include "base/strset.h"

struct kind;

struct resource {
    char *address;
    const struct kind *kind;
    char *module; /* decoded; NULL for org-wide kinds */
    char *name;   /* decoded */
    char *playbook;
    struct strset also;  /* further playbooks that want it: shared, planned once */
    json_t *body;        /* object */
    json_t *because;     /* array of {"id","text","where"} */
    struct strset needs; /* explicit dependencies: addresses, also of other playbooks' resources */
    struct strset after; /* addresses that come before it where they are planned too */
    json_t *hand;        /* object: data for the hand wording (minutes, owner, test, …), may be NULL */
    json_t *tombstone;   /* {"why","where"|"by"}: it is to be gone (plan/bury.c); NULL otherwise. body is empty then */
    json_t *artifact;    /* functions and files: {"path","sha256","source","language"}; NULL otherwise */
    char *file;          /* where it was declared: file:line:col for messages */
    int line, col;
};

struct desired {
    struct resource *r;
    size_t n, cap;
    json_t *index; /* address → position; kept by desired_add */
};

/* Splits an address; ERR_CONFIG for an unknown kind (with the nearest name), a bad escape, a missing module. */
int address_parse(const char *address, const struct kind **kind, char **module, char **name, struct err *e);
/* kind/Module.Name with encoding; module NULL for org-wide kinds. Caller frees. */
char *address_make(const char *kind, const char *module, const char *name);
/* First 8 hex digits of SHA-256(address): the step id a guide's ticks refer to. */
void address_step_id(const char *address, char id[9]);

/* The canonical form of an address as somebody wrote it; NULL with `e` filled. Caller frees. */
char *address_canonical(const char *written, struct err *e);

/* Takes over *r (also on failure). kind, module and name are filled from the address when the caller left them NULL.
 * ERR_CONFIG on a duplicate address, naming both places. */
int desired_add(struct desired *d, struct resource *r, struct err *e);
const struct resource *desired_find(const struct desired *d, const char *address);
/* An independent copy; JSON members are shared references. */
void resource_copy(struct resource *to, const struct resource *from);
/* "file:line:col", or "" when it was not declared in a file. Caller frees. */
char *resource_where(const struct resource *r);
void resource_release(struct resource *r);
void desired_release(struct desired *d);
#endif
