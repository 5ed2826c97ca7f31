/* state/state.c — opening and closing the project's memory, and its one writer at a time. */
#include "state/state.h"

#include <sys/stat.h>
#include <unistd.h>

#include "state/db.h"

int state_open(struct state **out, const struct fs_root *zagent_dir, const struct clock *clock, struct err *e)
{
    struct state *s = mem_zalloc(sizeof *s);
    s->clock = *clock;
    s->dir.fd = -1;
    s->path = zagent_dir ? mem_printf("%s/state.db", zagent_dir->path) : mem_dup(":memory:");
    if ((!zagent_dir || fs_root_open(&s->dir, zagent_dir->path, false, 0700, e) == 0) && db_open(s, e) == 0) {
        *out = s;
        return 0;
    }
    state_close(s);
    return -1;
}

void state_close(struct state *s)
{
    if (!s)
        return;
    state_unlock(s);
    sqlite3_close(s->db);
    fs_root_close(&s->dir);
    free(s->scope);
    free(s->path);
    free(s);
}

int state_copy(struct state *s, const char *to, struct err *e)
{
    AUTO_STMT sqlite3_stmt *q = db_prep(s, "VACUUM INTO ?1", e);
    if (!q)
        return -1;
    sqlite3_bind_text(q, 1, to, -1, SQLITE_TRANSIENT);
    if (db_done(s, q, e) < 0)
        return err_at(e, "%s", to);
    chmod(to, 0600);
    return 0;
}

int state_lock(struct state *s, const char *who, int wait_ms, struct err *e)
{
    AUTO_FREE char *note = mem_printf("%s (process %ld)", who, (long)getpid());
    if (fs_lock(&s->lock, &s->dir, "lock", note, wait_ms, e) < 0)
        return -1;
    s->locked = true;
    if (db_check(s, e) == 0)
        return 0;
    state_unlock(s);
    return -1;
}

void state_unlock(struct state *s)
{
    if (s->locked)
        fs_unlock(&s->lock);
    s->locked = false;
}
