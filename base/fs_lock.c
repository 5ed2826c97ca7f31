/* Locks of base/fs.h. The kernel's flock, not a file's existence: it ends with its holder, however that ends. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/fs_walk.h"
#include "base/mem.h"
#include "base/text.h"

enum { NOTE_LONGEST = 200, POLL_MS = 25 };

static int open_lock(const struct fs_root *r, const char *rel, struct err *e)
{
    struct fs_spot spot;
    if (fs_walk(&spot, r, rel, true, e) < 0)
        return -1;
    int fd = openat(spot.dir, spot.name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
    int why = errno;
    fs_walk_end(&spot);
    AUTO_FREE char *where = mem_printf("%s/%s", r->path, rel);
    if (fd < 0)
        return why == ELOOP ? fs_refuse_link(where, e) : err_errno(e, why, where, "cannot open the lock");
    /* Never 0 to 2: a struct fs_lock of zeros then means "none held". */
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    why = errno;
    close(fd);
    return high < 0 ? err_errno(e, why, where, "cannot open the lock") : high;
}

static int taken(int fd, const struct fs_root *r, const char *rel, struct err *e)
{
    char note[NOTE_LONGEST + 1];
    ssize_t n = pread(fd, note, NOTE_LONGEST, 0);
    note[n > 0 ? n : 0] = '\0';
    AUTO_FREE char *holder = text_clean(note, false);
    err_set(e, ERR_LOCKED, "%s holds the lock", *holder ? holder : "another process");
    err_fix(e, "wait until it has ended, then run the command again");
    return err_at(e, "%s/%s", r->path, rel);
}

int fs_lock(struct fs_lock *l, const struct fs_root *r, const char *rel, const char *note, int wait_ms, struct err *e)
{
    l->fd = -1;
    int fd = open_lock(r, rel, e);
    if (fd < 0)
        return -1;
    for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0;) {
        int why = errno;
        bool again = why == EINTR || (why == EWOULDBLOCK && waited < wait_ms);
        if (!again) {
            int rc = why == EWOULDBLOCK ? taken(fd, r, rel, e) : err_errno(e, why, rel, "cannot take the lock");
            close(fd);
            return rc;
        }
        nanosleep(&(struct timespec){0, POLL_MS * 1000000L}, NULL);
        waited += POLL_MS;
    }
    /* The note serves a message only: a full disk must not keep anybody from working. */
    size_t n = strnlen(note, NOTE_LONGEST);
    if (ftruncate(fd, 0) == 0 && pwrite(fd, note, n, 0) < 0)
        (void)!ftruncate(fd, 0);
    l->fd = fd;
    return 0;
}

void fs_unlock(struct fs_lock *l)
{
    if (l->fd >= 3) {
        /* The file stays: removing it would let two processes lock two files of one name. */
        (void)!ftruncate(l->fd, 0);
        close(l->fd);
    }
    l->fd = -1;
}
