/* sandbox/tag.h — tags put on a record or taken off by automation, as the API does it (tag.c). */
#ifndef SANDBOX_TAG_H
#define SANDBOX_TAG_H
#include "sandbox/record.h"

/* tags: [{name}]. Error element, or NULL when done. */
json_t *tag_put(struct call *c, const struct record_module *m, const char *id, const json_t *tags, bool add,
                bool over_write);
#endif
