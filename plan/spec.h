/*
 * plan/spec.h — a kind described by tables: where its live objects are listed, what identifies one, which properties
 * count.
 *
 * Property    one key of Zoho's object. Its type knows three things: the comparable form of a wanted and of a live
 * value, which addresses the value refers to, and how it is sent (references as {"@ref":ADDRESS,"get":"id"}). A key
 * without a row is compared as PROP_ANY and sent as it stands. Comparable  the wanted side is in this org's names
 * (kind_view.names); the live side holds only what the wanted side speaks of, because servers add defaults (peers:
 * phantom differences). Empty       null, "" and absent are one value.
 */
#ifndef PLAN_SPEC_H
#define PLAN_SPEC_H
#include "plan/kind.h"

struct adopting;
struct prop_ctx {
    const struct kind_view *v;
    const struct resource *r;
    const struct prop *prop;
    bool live; /* the value at hand comes from the org */
};

/* What a playbook may write for a property; null always means empty. Anything else is a finding, and no kind falls over it. */
enum prop_shape {
    SHAPE_ANY,
    SHAPE_TEXT, /* text, number, true or false */
    SHAPE_LIST, /* of text */
    SHAPE_OBJECT,
    SHAPE_OBJECTS, /* a list of objects */
    SHAPE_NAME,    /* text, or an object with name or api_name */
    SHAPE_NAMES,   /* a list of those */
};

struct prop_type { /* norm and adopt are each other's inverse: what adopt says compares equal with what it came from */
    enum prop_shape shape;
    /* New reference; json_null for empty. `value` may be NULL; `want` is the wanted value, also when `value` is live.
     */
    json_t *(*norm)(const struct prop_ctx *c, const json_t *value, const json_t *want);
    void (*needs)(const struct prop_ctx *c, const json_t *value, struct strset *out); /* may be NULL */
    void (*send)(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create,
                 json_t *body); /* may be NULL */
    /* What a playbook writes for a live value (plan/adopt.h). New reference; json_null for nothing to say. */
    json_t *(*adopt)(const struct prop_ctx *c, const json_t *live);
};

enum prop_flag {
    PROP_CREATE = 1,  /* sent on create, later neither compared nor sent */
    PROP_FIXED = 2,   /* cannot be changed later: a difference blocks the step */
    PROP_SHOWN = 4,   /* for people only: neither compared nor sent */
    PROP_IMPLIED = 8, /* follows from the address or is always the same: a playbook need not say it */
};

struct prop {
    const char *key;
    const struct prop_type *type;
    unsigned flags;
    const char *arg; /* PROP_REF, PROP_REFS: the kind referred to */
};

struct kind_spec {
    const char *list;  /* snapshot list, "" when nothing can be read */
    bool per_module;   /* the list is list/MODULE */
    bool has_module;   /* one list for the org, each object names its module */
    bool whole;        /* an update sends every property, not only the changed ones */
    bool sparse;       /* live objects may not show all: what is not shown counts as wanted */
    bool update_only;  /* part of another object: always an update */
    const char *key;   /* what identifies a live object */
    const char *label; /* what people call it: body key for titles and for near names */
    const struct prop *props;
    size_t props_n;
    void (*finish)(const struct kind_view *v, const struct resource *r, const json_t *live,
                   json_t *body); /* may be NULL */
    /* Which objects of the list can be declared (plan/adopting.h); NULL: none, because nothing shows them whole. */
    void (*offer)(struct adopting *a, const struct kind *k, const char *module, json_t *listed);
    /* What the table of properties cannot say of one; may be NULL. */
    void (*adopt)(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body, json_t *notes);
    const char *own; /* " key key ": live members that Zoho keeps itself and nobody misses; may be NULL */
};
#define PROPS(table) .props = (table), .props_n = sizeof(table) / sizeof *(table)

extern const struct prop_type PROP_TEXT;      /* text as it is */
extern const struct prop_type PROP_WORD;      /* an enumeration: case means nothing */
extern const struct prop_type PROP_WORDS;     /* a set of words */
extern const struct prop_type PROP_BOOL;      /* null is false */
extern const struct prop_type PROP_NUMBER;    /* 5, "5" and "5.0" are one */
extern const struct prop_type PROP_ANY;       /* structure; list order means nothing */
extern const struct prop_type PROP_FIELD;     /* {api_name} of a field of the resource's module */
extern const struct prop_type PROP_FIELDS;    /* the same, in order */
extern const struct prop_type PROP_FIELD_SET; /* the same, without order */
extern const struct prop_type PROP_MODULE;    /* {api_name} */
extern const struct prop_type PROP_STATES;    /* of a Blueprint: plan/blueprint_states.c */
extern const struct prop_type PROP_REF;       /* {name} or {api_name} of a thing of kind `arg` */
extern const struct prop_type PROP_REFS;      /* a set of those */
extern const struct prop_type PROP_CRITERIA;  /* zoho-api.md 1.9 */

/* The functions of a struct kind for kinds that are tables only. */
void spec_reads(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *spec_find(const struct kind_view *v, const struct resource *r);
json_t *spec_normalise(const struct kind_view *v, const struct resource *r, const json_t *live);
void spec_needs(const struct kind_view *v, const struct resource *r, struct strset *out);
json_t *spec_body(const struct kind_view *v, const struct resource *r, const json_t *live);

/* {"@ref":ADDRESS,"get":GET}. New reference. */
json_t *ref_new(const char *address, const char *get);
/* {"api_name":@ref,"id":@ref} of a field / module, and {"name":NAME,"id":@ref} of anything else. New references. */
json_t *ref_field(const char *module, const char *api_name);
json_t *ref_module(const char *module);
json_t *ref_named(const char *kind, const char *module, const char *name);
/* The name in {"api_name"}, {"name"} or plain text; NULL. Borrowed. */
const char *ref_name(const json_t *value);

/* This org's api_name of a playbook's module or field. Borrowed. */
const char *real_module(const struct kind_view *v, const char *module);
const char *real_field(const struct kind_view *v, const char *module, const char *field);
/* False only when the modules were read and this one is not among them. */
bool module_exists(const struct kind_view *v, const char *module);
/* A deep copy of an object; an empty object for anything else. New reference. */
json_t *copy_object(const json_t *value);
/* A scalar as comparable text; json_null for null, "" and NULL. New reference. */
json_t *scalar_text(const json_t *value);
/* Wanted structure in comparable form, and a live one cut down to what `want` speaks of. New references. */
json_t *canon(const json_t *want);
json_t *project(const json_t *have, const json_t *want);

/* Actions of rules and transitions: {"type","name"} for associated ones, {"type","details"} for inline ones
 * (zoho-api.md 1.10). */
char *action_address(const char *module, const json_t *action); /* NULL for inline ones. Caller frees. */
/* One comparable line; `want` is the wanted action a live inline one is cut down to. New reference. */
json_t *action_line(const struct prop_ctx *c, const json_t *action, const json_t *want);
/* Lines of `wanted` that `live` has, or of `wanted` itself when live is NULL; sorted. What the org has besides is left
 * alone. */
json_t *action_lines(const struct prop_ctx *c, const json_t *wanted, const json_t *live);
void actions_needs(const struct prop_ctx *c, const json_t *actions, struct strset *out);
json_t *actions_body(const struct prop_ctx *c, const json_t *actions);

/* Values a picklist body wants, by actual value; and whether `pick_list_values` holds one. */
bool picks_have(const json_t *values, const char *actual);
extern const struct prop_type PROP_PICKS;

/* Parts of kinds with code of their own. */
extern const struct kind_spec spec_module, spec_field, spec_picklist, spec_global_picklist, spec_layout_section,
    spec_custom_view, spec_variable, spec_record_locking, spec_function, spec_function_wrapper, spec_field_update,
    spec_email_template, spec_email_notification, spec_workflow_rule, spec_validation_rule, spec_blueprint,
    spec_blueprint_publish, spec_records, spec_attested, spec_profile, spec_role, spec_user, spec_group, spec_layout,
    spec_section, spec_picklist_value, spec_variable_group, spec_task, spec_webhook;
#endif
