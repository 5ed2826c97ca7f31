/*
 * sandbox/inside.h — the org asked from inside this process: what people and programs do to records, without token, credits, faults.
 *
 * Actor       user: the e-mail address of who acts, NULL = the first user (the administrator).
 * Form        what a person saves: validation rules and the Blueprint stand before it, automation follows.
 * Call        a request as it would come over HTTP; the API's own rules hold.
 * Trial       between begin and end everything is as it was afterwards: rows, ids, clock. Not nested, and only for a store nobody
 *             else has open (memory).
 */
#ifndef SANDBOX_INSIDE_H
#define SANDBOX_INSIDE_H
#include "sandbox/sandbox.h"

/* A result element as Zoho answers it: {"code","status","message","details"}; id NULL = a new record, body NULL = delete. New reference. */
json_t *sandbox_form(struct sandbox *s, const char *user, const char *module, const char *id, const json_t *body);
/* Presses a custom button on the record's page; its message is what the function said. NULL when that person sees no such button. */
json_t *sandbox_press(struct sandbox *s, const char *user, const char *module, const char *id, const char *button);
/* path may hold a query. The HTTP status; *answer is a new reference, NULL for 204. */
int sandbox_call(struct sandbox *s, const char *user, const char *method, const char *path, const json_t *body,
                 json_t **answer);
/* A user for tests of what a permission profile may do; false when there is no such profile. In the role of that name; in the first one
 * when it is NULL or the org has none such (a copy holds roles only where a plan speaks of them). The same address again is the same
 * user. */
bool sandbox_user_with_profile(struct sandbox *s, const char *email, const char *profile, const char *role);
bool sandbox_has(struct sandbox *s, const char *record_id);
void sandbox_trial_begin(struct sandbox *s);
void sandbox_trial_end(struct sandbox *s);
#endif
