/*
 * sandbox/tag.h — tags of a module (tag.c), on records (tag_record.c), and what becomes of records when a tag goes (tag_use.c).
 *
 * Made        by POST, or when a tag nobody made yet is put on a record.
 * Kept        a record keeps its tags under Tag: [{name, id, color_code}].
 * Source      OAS26a tags, tags_actions; zoho-api.md 1.16, 4.1.
 */
#ifndef SANDBOX_TAG_H
#define SANDBOX_TAG_H
#include "sandbox/check.h"
#include "sandbox/record.h"

/* What a body may say of a tag. */
extern const struct shape tag_shape[];
/* A new tag, stored; new reference. */
json_t *tag_make(struct call *c, const char *module, const char *name, const char *color);
/* SUCCESS with the whole tag as details (OAS26a tags). New reference. */
json_t *tag_done(const json_t *t, const char *message);
/* The place of a tag with this name or id in a record's tags; -1 when it is not there. */
int tag_place(const json_t *tags, const char *key, const char *value);
/* The tag as a record keeps it; new reference. */
json_t *tag_on_record(const json_t *tag);

/* Put on or taken off by automation, as the API does it. tags: [{name}]. Error element, or NULL when done. */
json_t *tag_put(struct call *c, const struct record_module *m, const char *id, const json_t *tags, bool add,
                bool over_write);
#endif
