/* sandbox/blob.h — files the org keeps: attachments, uploads, results of bulk jobs. By the id of what they belong to. */
#ifndef SANDBOX_BLOB_H
#define SANDBOX_BLOB_H
#include "sandbox/store.h"

struct blob {
    char *name, *data; /* owned; data has a NUL behind len */
    size_t len;
};
void blob_put(struct store *st, const char *id, const char *name, const void *data, size_t len);
/* False when there is none. */
bool blob_get(struct store *st, const char *id, struct blob *out);
void blob_remove(struct store *st, const char *id);
void blob_release(struct blob *b);
#endif
