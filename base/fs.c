#include "base/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/digest.h"
#include "base/fs_walk.h"
#include "base/mem.h"

static int make_folders(const char *path, mode_t mode, struct err *e)
{
    AUTO_FREE char *copy = mem_dup(path);
    for (char *p = copy + 1; *copy; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        bool last = *p == '\0';
        *p = '\0';
        if (mkdir(copy, mode) < 0 && errno != EEXIST)
            return err_errno(e, errno, path, "cannot make the folder '%s'", copy);
        if (last)
            break;
        *p = '/';
    }
    return 0;
}

int fs_root_open(struct fs_root *r, const char *path, bool create, mode_t dir_mode, struct err *e)
{
    *r = (struct fs_root){-1, NULL};
    if (create && make_folders(path, dir_mode, e) < 0)
        return -1;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        err_set(e, ERR_NOT_FOUND, "the folder '%s' does not exist", path);
        return err_at(e, "%s", path);
    }
    if (fd < 0)
        return err_errno(e, errno, path, "cannot open the folder '%s'", path);
    r->fd = fd;
    r->path = mem_dup(path);
    return 0;
}

void fs_root_close(struct fs_root *r)
{
    if (r->path)
        close(r->fd);
    free(r->path);
    *r = (struct fs_root){-1, NULL};
}

/* Takes the descriptor. where: the path for messages. */
static int read_all(int fd, const char *where, size_t max, char **out, size_t *len, struct err *e)
{
    struct stat st;
    int rc = -1;
    char *buf = NULL;
    size_t n = 0, cap = 0;
    if (fstat(fd, &st) < 0) {
        err_errno(e, errno, where, "cannot read the file");
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        err_set(e, ERR_IO, "'%s' is not a regular file", where);
        goto out;
    }
    for (;;) {
        if (cap - n < 2) {
            /* The size is a hint only: a file may grow, and those of the kernel say 0. */
            size_t hint = cap == 0 && st.st_size > 0 && (size_t)st.st_size <= max ? (size_t)st.st_size + 2 : 4096;
            cap = cap == 0 ? hint : cap * 2;
            buf = mem_grow(buf, cap, 1);
        }
        ssize_t got = read(fd, buf + n, cap - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            err_errno(e, errno, where, "cannot read the file");
            goto out;
        }
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > max) {
            err_set(e, ERR_LIMIT, "the file is longer than %zu bytes", max);
            goto out;
        }
    }
    buf[n] = '\0';
    *out = buf;
    if (len)
        *len = n;
    buf = NULL;
    rc = 0;
out:
    free(buf);
    close(fd);
    return rc < 0 ? err_at(e, "%s", where) : 0;
}

int fs_read(const char *path, size_t max, char **out, size_t *len, struct err *e)
{
    /* O_NONBLOCK: opening a pipe must not wait for its writer. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        err_set(e, ERR_NOT_FOUND, "the file '%s' does not exist", path);
        return err_at(e, "%s", path);
    }
    if (fd < 0)
        return err_errno(e, errno, path, "cannot open the file");
    return read_all(fd, path, max, out, len, e);
}

int fs_read_in(const struct fs_root *r, const char *rel, size_t max, char **out, size_t *len, struct err *e)
{
    struct fs_spot spot;
    if (fs_walk(&spot, r, rel, false, e) < 0)
        return -1;
    AUTO_FREE char *where = mem_printf("%s/%s", r->path, rel);
    int fd = openat(spot.dir, spot.name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
    int why = errno;
    fs_walk_end(&spot);
    if (fd >= 0)
        return read_all(fd, where, max, out, len, e);
    if (why == ENOENT) {
        err_set(e, ERR_NOT_FOUND, "the file '%s' does not exist", rel);
        return err_at(e, "%s", where);
    }
    if (why == ELOOP)
        return fs_refuse_link(where, e);
    return err_errno(e, why, where, "cannot open the file");
}

static int write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0) {
            errno = ENOSPC;
            return -1;
        }
        data += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Some file systems cannot sync a folder and say EINVAL: there is nothing more to be done on them. */
static int sync_folder(int dir)
{
    return fsync(dir) < 0 && errno != EINVAL ? -1 : 0;
}

/* What stands at the target must be a plain file or nothing: rename would put a file in place of a link. */
static int target_plain(const struct fs_spot *spot, const char *where, struct err *e)
{
    struct stat st;
    if (fstatat(spot->dir, spot->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return errno == ENOENT ? 0 : err_errno(e, errno, where, "cannot look at the file");
    if (S_ISLNK(st.st_mode))
        return fs_refuse_link(where, e);
    if (S_ISREG(st.st_mode))
        return 0;
    err_set(e, ERR_REFUSED, "'%s' is not a regular file", where);
    err_fix(e, "move it away");
    return err_at(e, "%s", where);
}

static int write_temp(int dir, const char *temp, const void *data, size_t len, mode_t mode)
{
    int fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0)
        return -1;
    int rc = write_all(fd, data, len);
    if (rc == 0)
        rc = fsync(fd);
    int why = errno;
    if (close(fd) < 0 && rc == 0)
        return -1;
    errno = why;
    return rc;
}

int fs_write_in(const struct fs_root *r, const char *rel, const void *data, size_t len, mode_t mode, struct err *e)
{
    struct fs_spot spot;
    if (fs_walk(&spot, r, rel, true, e) < 0)
        return -1;
    AUTO_FREE char *where = mem_printf("%s/%s", r->path, rel);
    char suffix[17];
    digest_random_hex(suffix, 8);
    AUTO_FREE char *temp = mem_printf(".zagent-%s.tmp", suffix);
    int rc = target_plain(&spot, where, e);
    if (rc == 0) {
        rc = write_temp(spot.dir, temp, data, len, mode);
        if (rc == 0) {
            CRASH_POINT(fs_before_rename);
            rc = renameat(spot.dir, temp, spot.dir, spot.name);
        }
        int why = errno;
        if (rc < 0 && why != EEXIST)
            unlinkat(spot.dir, temp, 0);
        if (rc == 0 && sync_folder(spot.dir) < 0) {
            why = errno;
            rc = -1;
        }
        if (rc < 0)
            err_errno(e, why, where, "cannot write the file");
    }
    fs_walk_end(&spot);
    return rc;
}

int fs_append_in(const struct fs_root *r, const char *rel, const void *data, size_t len, mode_t mode, struct err *e)
{
    struct fs_spot spot;
    if (fs_walk(&spot, r, rel, true, e) < 0)
        return -1;
    AUTO_FREE char *where = mem_printf("%s/%s", r->path, rel);
    struct stat st = {0};
    int rc = target_plain(&spot, where, e), fd = -1;
    if (rc == 0) {
        fd = openat(spot.dir, spot.name, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode);
        if (fd < 0 || fstat(fd, &st) < 0)
            rc = err_errno(e, errno, where, "cannot open the file");
    }
    if (rc == 0 && (write_all(fd, data, len) < 0 || fsync(fd) < 0)) {
        rc = err_errno(e, errno, where, "cannot append to the file");
        /* Half a line at the end would be taken for a record: back to what stood there. */
        if (ftruncate(fd, st.st_size) < 0)
            err_fix(e, "cut %s back to %lld bytes", where, (long long)st.st_size);
    }
    if (fd >= 0)
        close(fd);
    if (rc == 0 && st.st_size == 0 && sync_folder(spot.dir) < 0)
        rc = err_errno(e, errno, where, "cannot write the folder");
    fs_walk_end(&spot);
    return rc;
}

int fs_remove_in(const struct fs_root *r, const char *rel, struct err *e)
{
    struct err absent = {0};
    struct fs_spot spot;
    if (fs_walk(&spot, r, rel, false, &absent) < 0) {
        if (absent.kind == ERR_NOT_FOUND)
            return 0;
        if (e && e->kind == ERR_NONE)
            *e = absent;
        return -1;
    }
    int rc = 0;
    if (unlinkat(spot.dir, spot.name, 0) < 0 && errno != ENOENT) {
        AUTO_FREE char *where = mem_printf("%s/%s", r->path, rel);
        rc = err_errno(e, errno, where, "cannot remove the file");
    }
    fs_walk_end(&spot);
    return rc;
}

bool fs_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int fs_list(const char *path, char ***names, size_t *n, struct err *e)
{
    *names = NULL;
    *n = 0;
    DIR *d = opendir(path);
    if (!d && (errno == ENOENT || errno == ENOTDIR)) {
        err_set(e, ERR_NOT_FOUND, "the folder '%s' does not exist", path);
        return err_at(e, "%s", path);
    }
    if (!d)
        return err_errno(e, errno, path, "cannot open the folder '%s'", path);
    size_t cap = 0;
    struct dirent *entry;
    for (errno = 0; (entry = readdir(d)); errno = 0)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            VEC_PUSH(*names, *n, cap, mem_dup(entry->d_name));
    int why = errno;
    closedir(d);
    if (why) {
        fs_list_free(*names, *n);
        *names = NULL;
        *n = 0;
        return err_errno(e, why, path, "cannot read the folder '%s'", path);
    }
    if (*n > 0)
        qsort(*names, *n, sizeof **names, by_bytes);
    return 0;
}

void fs_list_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}

int fs_private_check(const char *path, struct err *e)
{
    struct stat st;
    if (lstat(path, &st) < 0) {
        if (errno != ENOENT)
            return err_errno(e, errno, path, "cannot look at the file");
        err_set(e, ERR_NOT_FOUND, "the file '%s' does not exist", path);
        return err_at(e, "%s", path);
    }
    if (!S_ISREG(st.st_mode)) {
        err_set(e, ERR_REFUSED, "a file for secrets must be a regular file");
    } else if (st.st_uid != geteuid()) {
        err_set(e, ERR_REFUSED, "a file for secrets must belong to the user who runs zagent");
    } else if (st.st_mode & 077) {
        err_set(e, ERR_REFUSED, "a file for secrets is open to others (mode %04o)", (unsigned)(st.st_mode & 07777));
        err_fix(e, "chmod 600 '%s'", path);
    } else {
        return 0;
    }
    return err_at(e, "%s", path);
}

char *fs_slug(const char *text)
{
    enum { LONGEST = 64 };
    char out[LONGEST + 1];
    size_t n = 0;
    bool gap = false;
    for (const char *p = text; *p && n < LONGEST; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (word && gap && n > 0)
            out[n++] = '-';
        if (word && n < LONGEST)
            out[n++] = c;
        gap = !word;
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    return n > 0 ? mem_dupn(out, n) : mem_dup("x");
}
