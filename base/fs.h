/*
 * base/fs.h — files: read whole with a limit, written atomically inside a root, locked by the kernel.
 *
 * Writes      temp file beside the target (O_EXCL|O_NOFOLLOW|O_CLOEXEC) → write all → fsync → rename → fsync(dir).
 *             Any failure leaves the old file as it was and no temp file behind.
 * Root        every path component below the root is opened with O_NOFOLLOW; "..", absolute paths, empty components,
 *             control characters and names over 200 bytes are refused with ERR_REFUSED. Missing folders are made (mode
 * of the root). Modes       files are 0644 or 0600 as asked; the caller's umask applies. Faults
 * CRASH_POINT(fs_before_rename) in test builds (base/crash.h).
 */
#ifndef BASE_FS_H
#define BASE_FS_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct fs_root {
    int fd;
    char *path;
};

int fs_root_open(struct fs_root *r, const char *path, bool create, mode_t dir_mode, struct err *e);
void fs_root_close(struct fs_root *r);

/* *out is NUL-terminated, caller frees. ERR_NOT_FOUND when absent, ERR_LIMIT past max. Regular files only. */
int fs_read(const char *path, size_t max, char **out, size_t *len, struct err *e);
int fs_read_in(const struct fs_root *r, const char *rel, size_t max, char **out, size_t *len, struct err *e);
int fs_write_in(const struct fs_root *r, const char *rel, const void *data, size_t len, mode_t mode, struct err *e);
int fs_append_in(const struct fs_root *r, const char *rel, const void *data, size_t len, mode_t mode, struct err *e);
int fs_remove_in(const struct fs_root *r, const char *rel, struct err *e); /* absent is fine */
bool fs_exists(const char *path);
/* Names in a folder, sorted by bytes, without . and ..; caller frees each and the array. */
int fs_list(const char *path, char ***names, size_t *n, struct err *e);
void fs_list_free(char **names, size_t n);

/* A kernel lock held until fs_unlock or exit. Writes `note` (who, pid, command) into the file for the message of
 * whoever finds it taken: ERR_LOCKED with that note. wait_ms 0 = try once. */
struct fs_lock {
    int fd;
};
int fs_lock(struct fs_lock *l, const struct fs_root *r, const char *rel, const char *note, int wait_ms, struct err *e);
void fs_unlock(struct fs_lock *l);

/* Owner is this user and no bits for others: for token files. ERR_REFUSED otherwise. */
int fs_private_check(const char *path, struct err *e);

/* A name made of [a-z0-9-], 1 to 64 long, never empty: for file names from foreign text. Caller frees. */
char *fs_slug(const char *text);
#endif
