#include "agent/deluge_files.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

static const char input_name[] = "stdin";

enum { FOLDERS_DEEP = 32 };

static bool ends_with(const char *name, const char *const *endings)
{
    size_t n = strlen(name);
    for (; *endings; endings++)
        if (n > strlen(*endings) && strcmp(name + n - strlen(*endings), *endings) == 0)
            return true;
    return false;
}

static void add(struct deluge_files *f, char *path)
{
    VEC_PUSH(f->path, f->n, f->cap, path);
}

static int add_folder(struct deluge_files *f, const char *folder, const char *const *endings, int depth, struct err *e)
{
    char **names;
    size_t n;
    int rc = 0;
    if (depth == FOLDERS_DEEP)
        return err_set(e, ERR_LIMIT, "folders below '%s' are more than %d deep", folder, FOLDERS_DEEP);
    if (fs_list(folder, &names, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n && rc == 0; i++) {
        bool slash = folder[strlen(folder) - 1] == '/';
        char *path =
            strcmp(folder, ".") == 0 ? mem_dup(names[i]) : mem_printf("%s%s%s", folder, slash ? "" : "/", names[i]);
        struct stat st;
        bool there = *names[i] != '.' && lstat(path, &st) == 0;
        if (there && S_ISDIR(st.st_mode))
            rc = add_folder(f, path, endings, depth + 1, e);
        if (there && S_ISREG(st.st_mode) && ends_with(path, endings))
            add(f, path);
        else
            free(path);
    }
    fs_list_free(names, n);
    return rc;
}

int deluge_files_below(struct deluge_files *f, const char *folder, const char *const *endings, struct err *e)
{
    return add_folder(f, folder, endings, 0, e);
}

static int read_input(struct deluge_files *f, struct err *e)
{
    size_t cap = 0;
    for (ssize_t got = 1; got > 0;) {
        if (f->input_len + 1 >= cap) {
            cap = cap ? cap * 2 : 1 << 16;
            f->input = mem_grow(f->input, cap, 1);
        }
        got = read(STDIN_FILENO, f->input + f->input_len, cap - f->input_len - 1);
        if (got < 0 && errno != EINTR)
            return err_errno(e, errno, input_name, "cannot read standard input");
        f->input_len += got > 0 ? (size_t)got : 0;
        got = got < 0 ? 1 : got;
        if (f->input_len > SCRIPT_MAX)
            return err_set(e, ERR_LIMIT, "standard input holds more than %d MB", SCRIPT_MAX >> 20);
    }
    f->input[f->input_len] = '\0';
    f->input_at = f->n;
    add(f, mem_dup(input_name));
    return 0;
}

static int add_argument(struct deluge_files *f, const char *arg, struct err *e)
{
    static const char *const scripts[] = {".dg", ".deluge", NULL};
    struct stat st;
    size_t before = f->n;
    if (strcmp(arg, "-") == 0)
        return f->input ? 0 : read_input(f, e);
    if (stat(arg, &st) < 0 || !S_ISDIR(st.st_mode)) {
        add(f, mem_dup(arg));
        return 0;
    }
    if (deluge_files_below(f, arg, scripts, e) < 0)
        return -1;
    if (f->n > before)
        return 0;
    err_set(e, ERR_NOT_FOUND, "no script stands below '%s'", arg);
    err_at(e, "%s", arg);
    return err_fix(e, "scripts are found by their ending: .dg or .deluge; name a file of another ending itself");
}

int deluge_files_find(struct deluge_files *f, char **args, int n_args, struct err *e)
{
    for (int i = 0; i < n_args; i++)
        if (add_argument(f, args[i], e) < 0)
            return -1;
    return 0;
}

bool deluge_files_is_input(const struct deluge_files *f, size_t i)
{
    return f->input && f->input_at == i;
}

int deluge_files_read(const struct deluge_files *f, size_t i, char **text, size_t *len, struct err *e)
{
    if (!deluge_files_is_input(f, i))
        return fs_read(f->path[i], SCRIPT_MAX, text, len, e);
    *text = mem_dupn(f->input, f->input_len);
    *len = f->input_len;
    return 0;
}

void deluge_files_release(struct deluge_files *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->path[i]);
    free(f->path);
    free(f->input);
    *f = (struct deluge_files){0};
}
