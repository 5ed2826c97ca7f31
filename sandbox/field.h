/*
 * sandbox/field.h — fields: types and their required properties, complete field objects, api_names chosen by the
 * server. Source: zoho-api.md 1.5, OAS26a fields.
 */
#ifndef SANDBOX_FIELD_H
#define SANDBOX_FIELD_H
#include "sandbox/org.h"

struct field_type {
    const char *name, *json_type;
    int length, max_length; /* default and largest; 0 = the type has none */
    const char *needs;      /* property that must come with the type, or NULL */
    bool creatable;         /* by POST /settings/fields */
    bool unique;            /* may be unique */
};
const struct field_type *field_type(const char *data_type); /* NULL when unknown */
/* auto_number.start_number is sent as text and answered as a number (OAS26a). */
void field_number(json_t *f);
/* What an answer says of a lookup besides what was sent: the module's name and id, the list. Also after a PATCH that sends it anew. */
void field_complete_lookup(struct store *st, json_t *f, const char *module, const char *id);

/* "BOM status" → "BOM_status": letters, digits, single underscores, a letter first. Caller frees. */
char *field_api_name(const char *label);
/* Makes, stores and returns (new reference) the complete object around `given` (checked already). "api_name" in given
 * is kept. custom: custom_field and removable. */
json_t *field_make(struct sandbox *s, const char *module, const json_t *given, bool custom);
/* Owner, Created By … of a module with records. */
void field_make_system(struct sandbox *s, const char *module);
/* pick_list_values of a request (objects, or texts in seeds) as complete entries with ids, after the `from` existing
 * ones. */
json_t *picklist_entries(struct store *st, const json_t *values, size_t from);
bool picklist_has(const json_t *values, const char *actual_value);
struct call;
/* Applies a PATCH's pick_list_values to a field or global list object: error element or NULL (sandbox/picklist.c). */
json_t *picklist_patch(struct call *c, json_t *owner, const json_t *values, const char *base);
#endif
