#include "agent/audit/fetched.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/audit/keep.h"
#include "agent/command_audit.h"
#include "agent/project.h"

/* Quiet; true when it worked. */
static bool run(const char *const *args)
{
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status = -1;
    bool begun = posix_spawnp(&child, args[0], &quiet, NULL, (char *const *)(uintptr_t)args, environ) == 0;
    posix_spawn_file_actions_destroy(&quiet);
    while (begun && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return begun && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path);
}

/* Below .zagent only, and never through a link. */
static void remove_tree(const char *path)
{
    if (fs_exists(path))
        nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int load_commit(struct app *a, const char *commit, const char *org, const char *slot, struct snapshot *s,
                       struct err *e)
{
    struct fs_root root = {.fd = -1};
    AUTO_FREE char *rel = mem_printf(".zagent/audit/commit-%s", slot);
    AUTO_FREE char *parent = project_path(a->project, ".zagent/audit");
    AUTO_FREE char *tree = project_path(a->project, rel);
    AUTO_FREE char *tar = mem_printf("%s/all.tar", tree);
    AUTO_FREE char *path = mem_printf(AUDIT_FOLDER "/%s", org);
    AUTO_FREE char *folder = mem_printf("%s/%s", tree, path);
    const char *const take[] = {"git", "-C", a->project->dir, "archive", "--format=tar", "-o", tar, commit, "--",
                                path,  NULL};
    const char *const lay[] = {"tar", "-xf", tar, "-C", tree, NULL};
    remove_tree(tree);
    if (fs_root_open(&root, parent, true, 0700, e) < 0)
        return -1;
    fs_root_close(&root);
    if (fs_root_open(&root, tree, true, 0700, e) < 0)
        return -1;
    fs_root_close(&root);
    int rc = 0;
    if (*commit == '-' || !run(take) || !run(lay)) {
        err_set(e, ERR_NOT_FOUND, "'%.100s' is no folder, and no commit that holds %s", commit, path);
        rc = err_fix(e, "name a folder of 'zagent audit', or a commit that git knows");
    }
    if (rc == 0)
        rc = keep_load(folder, s, NULL, e);
    remove_tree(tree);
    return rc;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int fetched_load(struct app *a, const char *word, const char *org, const char *slot, struct snapshot *s, struct err *e)
{
    AUTO_FREE char *named = mem_printf(AUDIT_FOLDER "/%s", word);
    AUTO_FREE char *kept = project_path(a->project, named);
    if (is_folder(word))
        return keep_load(word, s, NULL, e);
    if (*word != '.' && *word != '-' && !strchr(word, '/') && is_folder(kept))
        return keep_load(kept, s, NULL, e);
    return load_commit(a, word, org, slot, s, e);
}
