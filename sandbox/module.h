/* sandbox/module.h — modules: finding them, making them, what a module object looks like. */
#ifndef SANDBOX_MODULE_H
#define SANDBOX_MODULE_H
#include "sandbox/org.h"

/* By api_name or id; line items also by the names the fields API uses (QuotedItems for Quoted_Items). New reference. */
json_t *module_get(struct store *st, const char *name);
/* A complete GET object around the given keys (api_name, singular_label, plural_label, generated_type …), stored, with
 * an id; new reference. */
json_t *module_make(struct sandbox *s, const json_t *given);
/* A whole custom module as POST makes one: its name field, system fields and Standard layout. `given` is checked. */
void module_create(struct sandbox *s, const json_t *given);
/* Fields of a module, a new array in creation order. */
json_t *module_fields(struct store *st, const char *module);
/* The display field's api_name ("Deal_Name"); never NULL. */
const char *module_display_field(const json_t *module);
#endif
