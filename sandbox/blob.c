/* sandbox/blob.c — the table of files. */
#include "sandbox/blob.h"

static int64_t number(const char *id)
{
    return id ? strtoll(id, NULL, 10) : 0;
}

void blob_put(struct store *st, const char *id, const char *name, const void *data, size_t len)
{
    sqlite3_stmt *q = store_q(st, "INSERT OR REPLACE INTO blob(id,name,data) VALUES(?1,?2,?3)", "is", number(id), name);
    if (q) {
        sqlite3_bind_blob64(q, 3, data, len, SQLITE_TRANSIENT);
    }
    while (store_row(st, q)) {
    }
}

bool blob_get(struct store *st, const char *id, struct blob *out)
{
    *out = (struct blob){0};
    sqlite3_stmt *q = store_q(st, "SELECT name,data FROM blob WHERE id=?1", "i", number(id));
    while (store_row(st, q)) {
        const void *data = sqlite3_column_blob(q, 1);
        out->name = mem_dup(store_text(q, 0));
        out->len = (size_t)sqlite3_column_bytes(q, 1);
        out->data = mem_dupn(data ? data : "", out->len);
    }
    return out->data != NULL;
}

void blob_remove(struct store *st, const char *id)
{
    store_do(st, "DELETE FROM blob WHERE id=?1", "i", number(id));
}

void blob_release(struct blob *b)
{
    free(b->name);
    free(b->data);
    *b = (struct blob){0};
}
