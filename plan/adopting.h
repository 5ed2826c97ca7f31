/*
 * plan/adopting.h — for the kinds: offering live objects to plan_adopt (plan/adopt.h), and values as playbooks write them.
 */
#ifndef PLAN_ADOPTING_H
#define PLAN_ADOPTING_H
#include "plan/spec.h"

struct offer {
    char *address, *module, *name;
    const struct kind *kind;
    json_t *live;      /* borrowed from the snapshot */
    const char *why;   /* why it cannot be declared; NULL = it can */
    const char *owner; /* the playbook that wants it already */
    bool asked, taken;
};
struct adopting {
    struct kind_view v;
    struct offer *offer;
    size_t n, cap;
    json_t *index; /* address → position */
    int64_t own;   /* objects that Zoho made */
};
/* `why` NULL offers the object, a reason leaves it out with that; both are static text. */
void adopt_offer(struct adopting *a, const struct kind *k, const char *module, const char *name, json_t *live,
                 const char *why);

/* Every object of a list under the kind's key, but those that Zoho defined. */
void offer_named(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_module(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_field(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_picklist(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_sections(struct adopting *a, const struct kind *k, const char *module, json_t *layout);
void offer_function(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_locking(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_validation(struct adopting *a, const struct kind *k, const char *module, json_t *object);
void offer_blueprint(struct adopting *a, const struct kind *k, const char *module, json_t *object);

/* Names members of the list's objects that a playbook does not say; `known`: " key key ". */
void adopt_note_members(json_t *notes, const char *path, const json_t *list, const char *known);
/* {path, why} */
void adopt_note(json_t *notes, const char *path, const char *why, ...) __attribute__((format(printf, 3, 4)));
/* Values of live properties as a playbook writes them; new references, json_null for nothing to say.
 * A structure goes without what only this org knows: ids of things that have a name, empty members, times. */
json_t *adopt_scalar(const struct prop_ctx *c, const json_t *live);
json_t *adopt_value(const struct prop_ctx *c, const json_t *live);
json_t *adopt_list(const struct prop_ctx *c, const json_t *live,
                   json_t *(*one)(const struct prop_ctx *c, const json_t *live));
/* {"api_name"} or {"name"}. */
json_t *adopt_named(const char *key, const char *name);
/* Actions of rules and transitions: associated ones by type and name, inline ones with their details. */
json_t *adopt_actions(const struct prop_ctx *c, const json_t *live);
#endif
