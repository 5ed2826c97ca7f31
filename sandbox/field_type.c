/* sandbox/field_type.c — the data types, their required properties and lengths; api_names from labels. */
#include <ctype.h>

#include "base/sb.h"
#include "sandbox/field.h"

/* Types a POST takes: OAS26a fields, enum of data_type. Lengths: zoho-api.md 1.5 for textarea; the others are the
 * published field-type page's figures as recalled, unproven. */
static const struct field_type types[] = {
    {"text", "string", 255, 255, NULL, true, true},
    {"textarea", "string", 2000, 50000, NULL, true, false},
    {"email", "string", 100, 100, NULL, true, true},
    {"phone", "string", 30, 30, NULL, true, true},
    {"website", "string", 450, 450, NULL, true, true},
    {"picklist", "string", 120, 120, "pick_list_values", true, false},
    {"multiselectpicklist", "jsonarray", 765, 765, "pick_list_values", true, false},
    {"date", "string", 20, 0, NULL, true, false},
    {"datetime", "string", 120, 0, NULL, true, false},
    {"integer", "integer", 9, 9, NULL, true, true},
    {"bigint", "string", 18, 18, NULL, true, true},
    {"double", "double", 16, 16, NULL, true, true},
    {"currency", "double", 16, 16, NULL, true, true},
    {"percent", "double", 5, 5, NULL, true, true},
    {"boolean", "boolean", 5, 0, NULL, true, false},
    {"autonumber", "string", 15, 0, "auto_number", true, false},
    {"fileupload", "jsonarray", 120, 0, NULL, true, false},
    {"imageupload", "jsonarray", 120, 0, NULL, true, false},
    {"lookup", "jsonobject", 120, 0, "lookup", true, false},
    {"userlookup", "jsonobject", 120, 0, NULL, true, false},
    {"multiselectlookup", "jsonarray", 120, 0, "multiselectlookup", true, false},
    {"multiuserlookup", "jsonarray", 120, 0, NULL, true, false},
    {"formula", "string", 120, 0, "formula", true, false},
    {"rollup_summary", "string", 120, 0, "rollup_summary", true, false},
    {"address", "jsonobject", 120, 0, NULL, true, false},
    {"ownerlookup", "jsonobject", 120, 0, NULL, false, false},
    {"subform", "jsonarray", 120, 0, NULL, false, false}, /* never 0: the official SDK takes such a field for none */
    {"profileimage", "string", 255, 0, NULL, false, false},
};

const struct field_type *field_type(const char *data_type)
{
    for (size_t i = 0; data_type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].name, data_type) == 0) {
            return &types[i];
        }
    }
    return NULL;
}

/* HELP:api-names: letters, digits, underscore; starts with a letter; no two underscores in a row; none at the end. */
char *field_api_name(const char *label)
{
    AUTO_SB struct sb b = SB_INIT(200);
    bool gap = false;
    for (const char *p = label; *p; p++) {
        if (!isalnum((unsigned char)*p)) {
            gap = b.len > 0;
            continue;
        }
        if (b.len == 0 && isdigit((unsigned char)*p)) {
            sb_add(&b, "F");
        }
        if (gap) {
            sb_addc(&b, '_');
        }
        gap = false;
        sb_addc(&b, *p);
    }
    return mem_dup(b.len ? b.buf : "Field");
}
