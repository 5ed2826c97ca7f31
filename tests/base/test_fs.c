#include "tests/test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

struct place {
    char path[64];
    struct fs_root root;
};

static int set_up(void **state)
{
    struct place *p = mem_zalloc(sizeof *p);
    memcpy(p->path, "/tmp/zagent-fs-XXXXXX", 22);
    if (!mkdtemp(p->path) || fs_root_open(&p->root, p->path, false, 0, NULL) < 0)
        return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    fs_root_close(&p->root);
    AUTO_FREE char *command = mem_printf("rm -rf '%s'", p->path);
    int rc = system(command);
    free(p);
    return rc;
}

static void holds(const struct place *p, const char *rel, const char *want)
{
    AUTO_FREE char *text = NULL;
    size_t len = 0;
    struct err e = {0};
    assert_int_equal(fs_read_in(&p->root, rel, 100000, &text, &len, &e), 0);
    assert_string_equal(text, want);
    assert_int_equal(len, strlen(want));
}

static size_t entries(const struct place *p)
{
    char **names;
    size_t n;
    assert_int_equal(fs_list(p->path, &names, &n, NULL), 0);
    fs_list_free(names, n);
    return n;
}

static void writes_whole_files_into_new_folders(void **state)
{
    struct place *p = *state;
    struct err e = {0};
    assert_int_equal(fs_write_in(&p->root, "a/b/c.txt", "one", 3, 0644, &e), 0);
    holds(p, "a/b/c.txt", "one");
    assert_int_equal(fs_write_in(&p->root, "a/b/c.txt", "longer text", 11, 0600, &e), 0);
    holds(p, "a/b/c.txt", "longer text");
    assert_int_equal(fs_write_in(&p->root, "empty", "", 0, 0644, &e), 0);
    holds(p, "empty", "");
    AUTO_FREE char *path = mem_printf("%s/a/b/c.txt", p->path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(entries(p), 2);
}

static void refuses_paths_that_leave_the_root(void **state)
{
    struct place *p = *state;
    char deep[300];
    memset(deep, 'n', sizeof deep);
    deep[201] = '\0';
    const char *const bad[] = {"",    "/etc/x", "../x", "a/../../x", "a//b",  "a/", ".",
                               "./a", "a/..",   "a\nb", "\x1b[2J",   "a/./b", deep, "a\x7F"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        char *text = NULL;
        assert_int_equal(fs_write_in(&p->root, bad[i], "x", 1, 0644, &e), -1);
        assert_int_equal(e.kind, ERR_REFUSED);
        assert_int_equal(fs_append_in(&p->root, bad[i], "x", 1, 0644, NULL), -1);
        assert_int_equal(fs_remove_in(&p->root, bad[i], NULL), -1);
        assert_int_equal(fs_read_in(&p->root, bad[i], 10, &text, NULL, NULL), -1);
    }
    assert_int_equal(entries(p), 0);
    deep[200] = '\0';
    assert_int_equal(fs_write_in(&p->root, deep, "x", 1, 0644, NULL), 0);
    assert_int_equal(fs_write_in(&p->root, "..a", "x", 1, 0644, NULL), 0);
}

static void refuses_links_anywhere_below_the_root(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *outside = mem_printf("%s-outside", p->path);
    AUTO_FREE char *folder_link = mem_printf("%s/sub", p->path);
    AUTO_FREE char *file_link = mem_printf("%s/file", p->path);
    AUTO_FREE char *target = mem_printf("%s/target", outside);
    assert_int_equal(mkdir(outside, 0700), 0);
    assert_int_equal(symlink(outside, folder_link), 0);
    assert_int_equal(symlink(target, file_link), 0);
    static const char *const through[] = {"sub/target", "sub/new/target", "file"};
    for (size_t i = 0; i < sizeof through / sizeof *through; i++) {
        struct err e = {0}, e2 = {0}, e3 = {0}, e4 = {0};
        char *text = NULL;
        struct fs_lock l;
        assert_int_equal(fs_write_in(&p->root, through[i], "x", 1, 0644, &e), -1);
        assert_int_equal(e.kind, ERR_REFUSED);
        assert_non_null(strstr(e.what, "symbolic link"));
        assert_true(e.fix[0] != '\0');
        assert_int_equal(fs_append_in(&p->root, through[i], "x", 1, 0644, &e2), -1);
        assert_int_equal(e2.kind, ERR_REFUSED);
        assert_int_equal(fs_read_in(&p->root, through[i], 10, &text, NULL, &e3), -1);
        assert_int_equal(e3.kind, ERR_REFUSED);
        assert_int_equal(fs_lock(&l, &p->root, through[i], "me", 0, &e4), -1);
        assert_int_equal(e4.kind, ERR_REFUSED);
        fs_unlock(&l);
    }
    assert_false(fs_exists(target));
    assert_int_equal(rmdir(outside), 0);
}

static void reads_only_regular_files_up_to_a_limit(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *path = mem_printf("%s/f", p->path);
    AUTO_FREE char *pipe_path = mem_printf("%s/pipe", p->path);
    char *text = NULL;
    size_t len = 0;
    struct err absent = {0}, big = {0}, folder = {0}, fifo = {0};
    assert_int_equal(fs_read(path, 10, &text, &len, &absent), -1);
    assert_int_equal(absent.kind, ERR_NOT_FOUND);
    assert_string_equal(absent.where, path);
    assert_int_equal(fs_write_in(&p->root, "f",
                                 "12345\0"
                                 "789",
                                 9, 0644, NULL),
                     0);
    assert_int_equal(fs_read(path, 8, &text, &len, &big), -1);
    assert_int_equal(big.kind, ERR_LIMIT);
    assert_int_equal(fs_read(path, 9, &text, &len, NULL), 0);
    assert_int_equal(len, 9);
    assert_memory_equal(text,
                        "12345\0"
                        "789",
                        10);
    free(text);
    text = NULL;
    assert_int_equal(fs_read(p->path, 10, &text, &len, &folder), -1);
    assert_int_equal(folder.kind, ERR_IO);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_int_equal(fs_read(pipe_path, 10, &text, &len, &fifo), -1);
    assert_int_equal(fifo.kind, ERR_IO);
    assert_null(text);
    /* The kernel's files say size 0. */
    assert_int_equal(fs_read("/proc/self/status", 100000, &text, &len, NULL), 0);
    assert_true(len > 100);
    free(text);
}

/* Runs `write` in a child that may write at most `limit` bytes a file; 1 when it failed with ERR_IO. */
typedef int (*write_fn)(const struct fs_root *, const char *, const void *, size_t, mode_t, struct err *);
static int write_under_limit(const struct place *p, write_fn write, size_t limit)
{
    pid_t child = fork();
    if (child == 0) {
        signal(SIGXFSZ, SIG_IGN);
        struct rlimit l = {limit, limit};
        setrlimit(RLIMIT_FSIZE, &l);
        struct err e = {0};
        int rc = write(&p->root, "f", "0123456789", 10, 0644, &e);
        _exit(rc == 0 ? 0 : e.kind == ERR_IO ? 1 : 2);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void a_write_that_fails_at_any_byte_leaves_the_old_file(void **state)
{
    struct place *p = *state;
    assert_int_equal(fs_write_in(&p->root, "f", "old", 3, 0644, NULL), 0);
    for (size_t limit = 0; limit < 10; limit++) {
        assert_int_equal(write_under_limit(p, fs_write_in, limit), 1);
        holds(p, "f", "old");
        assert_int_equal(entries(p), 1);
    }
    assert_int_equal(write_under_limit(p, fs_write_in, 10), 0);
    holds(p, "f", "0123456789");
}

static void an_append_that_fails_at_any_byte_leaves_the_old_file(void **state)
{
    struct place *p = *state;
    assert_int_equal(fs_append_in(&p->root, "f", "old\n", 4, 0644, NULL), 0);
    for (size_t limit = 4; limit < 14; limit++) {
        assert_int_equal(write_under_limit(p, fs_append_in, limit), 1);
        holds(p, "f", "old\n");
    }
    assert_int_equal(write_under_limit(p, fs_append_in, 14), 0);
    holds(p, "f", "old\n0123456789");
}

static void a_full_disk_leaves_the_old_file(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *command = mem_printf("mount -t tmpfs -o size=16k tmpfs '%s' 2>/dev/null", p->path);
    if (geteuid() != 0 || system(command) != 0) {
        printf("skipped: a full disk needs the right to mount\n");
        skip();
    }
    AUTO_FREE char *off = mem_printf("umount '%s'", p->path);
    struct fs_root small;
    struct err e = {0};
    AUTO_FREE char *big = mem_zalloc(100000);
    int opened = fs_root_open(&small, p->path, false, 0, &e);
    int first = fs_write_in(&small, "f", "old", 3, 0644, &e);
    int second = fs_write_in(&small, "f", big, 100000, 0644, &e);
    AUTO_FREE char *text = NULL;
    size_t len = 0, n = 0;
    int read = fs_read_in(&small, "f", 100, &text, &len, NULL);
    char **names = NULL;
    int listed = fs_list(p->path, &names, &n, NULL);
    fs_list_free(names, n);
    fs_root_close(&small);
    assert_int_equal(system(off), 0);
    assert_int_equal(opened, 0);
    assert_int_equal(first, 0);
    assert_int_equal(second, -1);
    assert_int_equal(e.kind, ERR_IO);
    assert_non_null(strstr(e.what, "No space left"));
    assert_int_equal(read, 0);
    assert_string_equal(text, "old");
    assert_int_equal(listed, 0);
    assert_int_equal(n, 1);
}

static void killed_before_the_rename_the_old_file_stands(void **state)
{
    struct place *p = *state;
    assert_int_equal(fs_write_in(&p->root, "f", "old", 3, 0644, NULL), 0);
    pid_t child = fork();
    if (child == 0) {
        setenv("ZAGENT_CRASH", "fs_before_rename", 1);
        fs_write_in(&p->root, "f", "new", 3, 0644, NULL);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    holds(p, "f", "old");
}

static void what_is_not_a_file_is_not_replaced(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *path = mem_printf("%s/d", p->path);
    assert_int_equal(mkdir(path, 0700), 0);
    struct err e = {0}, e2 = {0};
    assert_int_equal(fs_write_in(&p->root, "d", "x", 1, 0644, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_int_equal(fs_write_in(&p->root, "f", "x", 1, 0644, NULL), 0);
    assert_int_equal(fs_write_in(&p->root, "f/g", "x", 1, 0644, &e2), -1);
    assert_int_equal(e2.kind, ERR_IO);
}

static void removing_what_is_absent_is_fine(void **state)
{
    struct place *p = *state;
    assert_int_equal(fs_remove_in(&p->root, "no/such/file", NULL), 0);
    assert_int_equal(fs_write_in(&p->root, "f", "x", 1, 0644, NULL), 0);
    assert_int_equal(fs_remove_in(&p->root, "f", NULL), 0);
    assert_int_equal(fs_remove_in(&p->root, "f", NULL), 0);
    assert_int_equal(entries(p), 0);
}

static void roots_are_made_or_missed(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *path = mem_printf("%s/x/y/z", p->path);
    struct fs_root r;
    struct err e = {0}, e2 = {0};
    assert_int_equal(fs_root_open(&r, path, false, 0, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    fs_root_close(&r);
    assert_int_equal(fs_root_open(&r, path, true, 0700, NULL), 0);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(fs_write_in(&r, "in/f", "x", 1, 0644, NULL), 0);
    AUTO_FREE char *made = mem_printf("%s/in", path);
    assert_int_equal(stat(made, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    fs_root_close(&r);
    AUTO_FREE char *under_file = mem_printf("%s/in/f/sub", path);
    assert_int_equal(fs_root_open(&r, under_file, true, 0700, &e2), -1);
    assert_int_equal(e2.kind, ERR_IO);
}

static void lists_names_in_byte_order(void **state)
{
    struct place *p = *state;
    static const char *const made[] = {"b", "a", "B", ".hidden"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(fs_write_in(&p->root, made[i], "", 0, 0644, NULL), 0);
    char **names;
    size_t n;
    assert_int_equal(fs_list(p->path, &names, &n, NULL), 0);
    assert_int_equal(n, 4);
    static const char *const sorted[] = {".hidden", "B", "a", "b"};
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(names[i], sorted[i]);
    fs_list_free(names, n);
    struct err e = {0};
    assert_int_equal(fs_list("/nonexistent", &names, &n, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void a_taken_lock_names_its_holder(void **state)
{
    struct place *p = *state;
    struct fs_lock mine, other, none = {0};
    struct err e = {0};
    fs_unlock(&none);
    assert_int_equal(fs_lock(&mine, &p->root, "run/lock", "apply by role:sales, pid 7\x1b[2J", 0, NULL), 0);
    assert_int_equal(fs_lock(&other, &p->root, "run/lock", "other", 30, &e), -1);
    assert_int_equal(e.kind, ERR_LOCKED);
    assert_true(e.retryable);
    assert_non_null(strstr(e.what, "apply by role:sales, pid 7^[[2J"));
    fs_unlock(&other);
    fs_unlock(&mine);
    fs_unlock(&mine);
    assert_int_equal(fs_lock(&other, &p->root, "run/lock", "other", 0, NULL), 0);
    fs_unlock(&other);
}

static void a_lock_ends_with_its_holder(void **state)
{
    struct place *p = *state;
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct fs_lock l;
        char ok = fs_lock(&l, &p->root, "lock", "child", 0, NULL) == 0 ? 'y' : 'n';
        if (write(ready[1], &ok, 1) == 1)
            pause();
        _exit(0);
    }
    char ok = 0;
    assert_int_equal(read(ready[0], &ok, 1), 1);
    assert_int_equal(ok, 'y');
    struct fs_lock l;
    assert_int_equal(fs_lock(&l, &p->root, "lock", "me", 0, NULL), -1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    assert_int_equal(fs_lock(&l, &p->root, "lock", "me", 0, NULL), 0);
    fs_unlock(&l);
    close(ready[0]);
    close(ready[1]);
}

static void files_for_secrets_are_private(void **state)
{
    struct place *p = *state;
    AUTO_FREE char *path = mem_printf("%s/token", p->path);
    AUTO_FREE char *link_path = mem_printf("%s/link", p->path);
    struct err e = {0}, e2 = {0}, e3 = {0};
    assert_int_equal(fs_private_check(path, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_int_equal(fs_write_in(&p->root, "token", "x", 1, 0600, NULL), 0);
    assert_int_equal(fs_private_check(path, NULL), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(fs_private_check(path, &e2), -1);
    assert_int_equal(e2.kind, ERR_REFUSED);
    assert_non_null(strstr(e2.fix, "chmod 600"));
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(symlink(path, link_path), 0);
    assert_int_equal(fs_private_check(link_path, &e3), -1);
    assert_int_equal(e3.kind, ERR_REFUSED);
}

static void slugs_are_safe_names(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"Quote & BOM", "quote-bom"}, {"../../etc", "etc"}, {"", "x"}, {"\xC3\xA9", "x"}, {"-a-", "a"}, {"A1", "a1"},
        {"con\ntrol", "con-trol"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *slug = fs_slug(rows[i].in);
        assert_string_equal(slug, rows[i].out);
    }
    char text[200];
    for (size_t cut = 60; cut < 70; cut++) {
        memset(text, 'a', sizeof text);
        text[cut] = ' ';
        text[199] = '\0';
        AUTO_FREE char *slug = fs_slug(text);
        assert_true(strlen(slug) <= 64);
        assert_true(slug[strlen(slug) - 1] == 'a');
    }
}

#define IN_PLACE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(writes_whole_files_into_new_folders),
        IN_PLACE(refuses_paths_that_leave_the_root),
        IN_PLACE(refuses_links_anywhere_below_the_root),
        IN_PLACE(reads_only_regular_files_up_to_a_limit),
        IN_PLACE(a_write_that_fails_at_any_byte_leaves_the_old_file),
        IN_PLACE(an_append_that_fails_at_any_byte_leaves_the_old_file),
        IN_PLACE(a_full_disk_leaves_the_old_file),
        IN_PLACE(killed_before_the_rename_the_old_file_stands),
        IN_PLACE(what_is_not_a_file_is_not_replaced),
        IN_PLACE(removing_what_is_absent_is_fine),
        IN_PLACE(roots_are_made_or_missed),
        IN_PLACE(lists_names_in_byte_order),
        IN_PLACE(a_taken_lock_names_its_holder),
        IN_PLACE(a_lock_ends_with_its_holder),
        IN_PLACE(files_for_secrets_are_private),
        cmocka_unit_test(slugs_are_safe_names),
    };
    return cmocka_run_group_tests_name("base/fs", tests, NULL, NULL);
}
