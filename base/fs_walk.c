#include "base/fs_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

enum { NAME_LONGEST = 200 }; /* 255 is the kernel's; the rest is room for suffixes */

static const char *wrong(const char *rel)
{
    if (*rel == '\0')
        return "is empty";
    if (*rel == '/')
        return "is absolute";
    for (const char *p = rel; *p;) {
        size_t n = strcspn(p, "/");
        if (n == 0)
            return "has an empty part";
        if ((n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
            return "has a part '.' or '..'";
        if (n > NAME_LONGEST)
            return "has a part longer than 200 bytes";
        for (size_t i = 0; i < n; i++)
            if ((unsigned char)p[i] < 0x20 || p[i] == 0x7F)
                return "has a control character";
        p += n;
        if (*p == '/' && *++p == '\0')
            return "ends in '/'";
    }
    return NULL;
}

int fs_refuse_link(const char *where, struct err *e)
{
    err_set(e, ERR_REFUSED, "'%s' is a symbolic link: nothing is read or written through one", where);
    err_fix(e, "remove the link or name another folder");
    return err_at(e, "%s", where);
}

static bool is_link(int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode);
}

/* Opens (makes) one folder below dir. -1 with errno; a link gives ELOOP. */
static int step(int dir, const char *name, bool create, mode_t mode)
{
    enum { FLAGS = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
    int fd = openat(dir, name, FLAGS);
    if (fd < 0 && errno == ENOENT && create) {
        if (mkdirat(dir, name, mode) < 0 && errno != EEXIST)
            return -1;
        /* The new name must be as durable as the file that goes into it; EINVAL: cannot be synced at all. */
        if (fsync(dir) < 0 && errno != EINVAL)
            return -1;
        fd = openat(dir, name, FLAGS);
    }
    if (fd < 0 && errno == ENOTDIR)
        errno = is_link(dir, name) ? ELOOP : ENOTDIR;
    return fd;
}

static int failed(int why, const struct fs_root *r, const char *rel, size_t upto, struct err *e)
{
    AUTO_FREE char *where = mem_printf("%s/%.*s", r->path, (int)upto, rel);
    if (why == ELOOP)
        return fs_refuse_link(where, e);
    if (why == ENOENT) {
        err_set(e, ERR_NOT_FOUND, "the folder '%s' does not exist", where);
        return err_at(e, "%s", where);
    }
    return err_errno(e, why, where, "cannot open the folder '%s'", where);
}

int fs_walk(struct fs_spot *spot, const struct fs_root *r, const char *rel, bool create, struct err *e)
{
    *spot = (struct fs_spot){-1, NULL};
    const char *why = wrong(rel);
    if (why) {
        err_set(e, ERR_REFUSED, "the path '%s' %s: only plain paths below %s are used", rel, why, r->path);
        return err_at(e, "%s", r->path);
    }
    struct stat st;
    int dir = fcntl(r->fd, F_DUPFD_CLOEXEC, 3);
    if (dir < 0 || fstat(dir, &st) < 0) {
        err_errno(e, errno, r->path, "cannot use the folder");
        if (dir >= 0)
            close(dir);
        return -1;
    }
    const char *p = rel;
    for (const char *slash; (slash = strchr(p, '/')); p = slash + 1) {
        AUTO_FREE char *name = mem_dupn(p, (size_t)(slash - p));
        int next = step(dir, name, create, st.st_mode & 07777);
        int errno_value = errno;
        close(dir);
        if (next < 0)
            return failed(errno_value, r, rel, (size_t)(slash - rel), e);
        dir = next;
    }
    spot->dir = dir;
    spot->name = mem_dup(p);
    return 0;
}

void fs_walk_end(struct fs_spot *spot)
{
    if (spot->name)
        close(spot->dir);
    free(spot->name);
    *spot = (struct fs_spot){-1, NULL};
}
