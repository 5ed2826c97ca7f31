/*
 * sandbox/related.h — records that hang on another one: related lists, notes.
 *
 * Name        a related list is called by the child module's api_name, or by the label of the lookup that makes it, with underscores.
 * Linking     PUT lets the child's lookup point to the parent, DELETE clears it: lists that a lookup makes. Lists between two modules
 *             without a lookup (Price_Books and Products, Campaigns and Leads) are not here: NOT_SUPPORTED.
 * Source      OAS26a related_records, related_notes, notes; zoho-api.md 2.7.
 */
#ifndef SANDBOX_RELATED_H
#define SANDBOX_RELATED_H
#include "sandbox/record.h"

/* The child module and its lookup behind a related list; both owned by the caller. False when there is none. */
bool related_find(struct store *st, const char *parent, const char *list, char **module, char **field);
#endif
