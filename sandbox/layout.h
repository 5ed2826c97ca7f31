/* sandbox/layout.h — layouts: the Standard one of each module, placing fields in sections. */
#ifndef SANDBOX_LAYOUT_H
#define SANDBOX_LAYOUT_H
#include "sandbox/org.h"

/* The Standard layout with a section "<Singular> Information" holding the module's fields that name no other section.
 */
void layout_make_standard(struct sandbox *s, const json_t *module);
/* Puts a field on the module's Standard layout; section NULL = the first. Makes the section when missing. */
void layout_place(struct sandbox *s, const char *module, const char *section, const char *field_api, bool required);
/* Takes a field off every layout of the module. */
void layout_forget(struct sandbox *s, const char *module, const char *field_id);
#endif
