/*
 * sandbox/standard.h — the modules every new org has: names, fields, line items, related lists. Zoho's own defaults.
 * Source: the standard modules' fields as the CRM help and the OAS26a record samples name them; a working subset, not
 * all.
 */
#ifndef SANDBOX_STANDARD_H
#define SANDBOX_STANDARD_H
#include <stdbool.h>
#include <stddef.h>

struct standard_module {
    const char *api_name, *singular, *plural, *display_field;
    const char *unique_field; /* system duplicate check of upsert (DOC:upsert-records), NULL = none */
    bool subform;             /* line items: no tab, no layout, fields API only */
    const char *parent;       /* of line items */
};
struct standard_field {
    const char *module, *api_name, *label, *data_type;
    const char *extra; /* picklist: values joined by '|'; lookup, subform: the module */
    bool required;
};
extern const struct standard_module standard_modules[];
extern const size_t standard_modules_n;
extern const struct standard_field standard_fields[];
extern const size_t standard_fields_n;
/* NULL when not a standard module. */
const struct standard_module *standard_module(const char *api_name);
#endif
