/* sandbox/page/fields.h — a record's fields as inputs, and what was typed as values that record_check takes. */
#ifndef SANDBOX_PAGE_FIELDS_H
#define SANDBOX_PAGE_FIELDS_H
#include "sandbox/page/form.h"
#include "sandbox/page/parts.h"

/* Computed and kept by the system, or of a type a form cannot hold (files, pictures). */
bool field_on_form(const json_t *field);
/* The input `name` for a field; value as stored, may be NULL. */
void field_input(struct page *p, const json_t *field, const char *name, const json_t *value, bool required);
/* What was typed under `name`: a new value, null for an emptied input, NULL when the form had no such input. An unticked box and a
 * list with nothing chosen are not sent by browsers: they are false and []. */
json_t *field_typed(const struct page *p, const json_t *field, const char *name);
/* True when what was typed says something else than the stored value. */
bool field_changed(const json_t *field, const json_t *stored, const json_t *typed);
/* The select of who saves; at first whoever looks. */
void user_input(struct page *p, const char *label);
/* Who looks: ?as=ID (after a refused save: who was to save), else the administrator. From here on m shows what that user may see.
 * False = this user may not enter the module; then the page says so. */
bool viewer_opens(struct page *p, struct record_module *m);
/* The choice of who looks. */
void viewer_form(struct page *p);
/* For links to what the same user shall see: lead ("?" or "&") and as=ID, or "". Caller frees. */
char *viewer_query(const struct page *p, const char *lead);
/* Lets the chosen user act; false with an error at the select when there is no such user. */
bool user_acts(struct page *p);
/* A refusal of the record engine, at its field: json_path behind `prefix` becomes the input's name, dots for brackets. */
void refusal_shown(struct page *p, const json_t *item, const json_t *by_api, const char *prefix,
                   const char *name_prefix);
#endif
