/*
 * base/fs_walk.h — down from a root to the folder of a file, never through a link. Used by base/fs*.c only.
 *
 * Call order  fs_walk → work with spot.dir and spot.name → fs_walk_end.
 * Errors      ERR_REFUSED for a path that is not a plain relative one or passes through a link (CWE-22, CWE-59);
 *             ERR_NOT_FOUND for a missing folder unless `create`.
 */
#ifndef BASE_FS_WALK_H
#define BASE_FS_WALK_H
#include <stdbool.h>

#include "base/err.h"
#include "base/fs.h"

struct fs_spot {
    int dir;
    char *name; /* the last component */
};
int fs_walk(struct fs_spot *spot, const struct fs_root *r, const char *rel, bool create, struct err *e);
void fs_walk_end(struct fs_spot *spot);
/* The one wording for "there is a link where a file or folder should be". Returns -1. */
int fs_refuse_link(const char *where, struct err *e);
#endif
