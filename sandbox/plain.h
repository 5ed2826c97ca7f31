/*
 * sandbox/plain.h — kinds of settings that need no more than a table row: list, one, create, update, delete over config.
 *
 * A row says which keys there are (a shape), where the module stands, how many go in one request, and a `complete` that checks
 * and fills references. Two people may make the same name twice where Zoho lets them (zoho-api.md 6.8).
 */
#ifndef SANDBOX_PLAIN_H
#define SANDBOX_PLAIN_H
#include "sandbox/check.h"

enum plain_module { MODULE_NONE, MODULE_QUERY, MODULE_BODY };
struct plain {
    const char *kind;     /* in the config table */
    const char *envelope; /* in requests and answers */
    const struct shape *shape;
    enum plain_module module;
    size_t per_post;
    int created; /* HTTP code of a create */
    bool unique_name, paged;
    /* Error element or NULL; `before` is the stored object on update, NULL on create. */
    json_t *(*complete)(struct call *c, const char *module, json_t *body, const json_t *before, const char *base);
    /* What this org refuses: true = already answered. NULL = nothing. */
    bool (*gate)(struct call *c);
};

/* Handlers; route.arg is a struct plain. */
void plain_list(struct call *c);
void plain_one(struct call *c);
void plain_create(struct call *c);
void plain_update(struct call *c); /* by id in the path or in the element */
void plain_delete(struct call *c); /* by id in the path or ?ids= (at most 10) */

/* Checks and stores one object; an element, SUCCESS or not. module NULL when the row takes it from the body. */
json_t *plain_make(struct call *c, const struct plain *p, const char *module, const json_t *in, const char *base);
/* Changes one stored object. */
json_t *plain_change(struct call *c, const struct plain *p, const char *id, const json_t *in, const char *base);
/* Completes the reference body[key] to one of `kind`, if it is there: NULL, or the error element. */
json_t *plain_ref(struct call *c, json_t *body, const char *key, const char *kind, const char *module,
                  const char *base);
/* True while a workflow rule, Blueprint or notification names this id. */
bool plain_in_use(struct store *st, const char *id);

extern const struct plain plain_email_templates, plain_validation_rules, plain_connections, plain_manual, plain_buttons,
    plain_approvals, plain_custom_views, plain_record_locking, plain_variables, plain_field_updates,
    plain_email_notifications, plain_tasks, plain_webhooks, plain_wrappers;
#endif
