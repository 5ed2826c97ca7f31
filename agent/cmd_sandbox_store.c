/* agent/cmd_sandbox_store.c — sandbox save, load, branch: whole orgs put aside and brought back, each with its project's state. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "agent/command_sandbox.h"
#include "agent/project.h"
#include "plan/snapshot.h"
#include "sandbox/load.h"
#include "state/state.h"

static const char store_name[] = "sandbox.db", state_name[] = "state.db", fresh_store[] = "sandbox.new",
                  fresh_state[] = "state.new", branch_note[] = "branch";

const struct opt sandbox_load_opts[] = {{"yes", 'y', OPT_FLAG, NULL, "do not ask"}, {NULL, 0, OPT_FLAG, NULL, NULL}};

/* ---- .zagent/sandboxes/NAME ---- */

static int check_name(const char *name, struct err *e)
{
    AUTO_FREE char *slug = fs_slug(name);
    if (!strcmp(slug, name))
        return 0;
    err_set(e, ERR_USAGE, "'%s' is not a name for a saved sandbox", name);
    return err_fix(e, "use small letters, digits and dashes, for example %s", slug);
}

static char *saved_path(struct app *a, const char *name)
{
    AUTO_FREE char *rel = mem_printf(".zagent/sandboxes%s%s", name ? "/" : "", name ? name : "");
    return project_path(a->project, rel);
}

static bool is_saved(struct app *a, const char *name)
{
    AUTO_FREE char *rel = mem_printf(".zagent/sandboxes/%s/%s", name, store_name);
    AUTO_FREE char *path = project_path(a->project, rel);
    return fs_exists(path);
}

static int open_folder(struct app *a, const char *name, struct fs_root *out, struct err *e)
{
    AUTO_FREE char *all = saved_path(a, NULL), *own = saved_path(a, name);
    struct fs_root parent = {.fd = -1};
    if (fs_root_open(&parent, all, true, 0700, e) < 0)
        return -1;
    fs_root_close(&parent);
    return name ? fs_root_open(out, own, true, 0700, e) : fs_root_open(out, all, true, 0700, e);
}

static int put_in_place(const struct fs_root *dir, const char *from, const char *to, struct err *e)
{
    AUTO_FREE char *a = mem_printf("%s/%s", dir->path, from), *b = mem_printf("%s/%s", dir->path, to);
    return rename(a, b) == 0 ? 0 : err_errno(e, errno, b, "cannot put the copy in place");
}

/* What the project holds now, whole, into the folder of that name. */
static int save_as(struct app *a, const char *name, struct err *e)
{
    struct fs_root dir = {.fd = -1};
    struct sandbox *sb = NULL;
    struct state *st = NULL;
    int rc = open_folder(a, name, &dir, e);
    AUTO_FREE char *store = mem_printf("%s/%s", dir.path ? dir.path : "", fresh_store);
    AUTO_FREE char *state = mem_printf("%s/%s", dir.path ? dir.path : "", fresh_state);
    if (rc == 0)
        rc = fs_remove_in(&dir, fresh_store, e) < 0 || fs_remove_in(&dir, fresh_state, e) < 0 ? -1 : 0;
    if (rc == 0)
        rc = sandbox_project_open(a, NULL, &sb, e);
    if (rc == 0)
        rc = state_open(&st, &a->project->zagent, &a->clock, e);
    if (rc == 0)
        rc = sandbox_copy(sb, store, e) < 0 || state_copy(st, state, e) < 0 ? -1 : 0;
    if (rc == 0)
        rc = put_in_place(&dir, fresh_state, state_name, e);
    if (rc == 0)
        rc = put_in_place(&dir, fresh_store, store_name, e);
    state_close(st);
    sandbox_close(sb);
    fs_root_close(&dir);
    return rc;
}

/* The new files are ready beside the old ones before those go. */
static int swap_in(struct app *a, bool with_state, struct err *e)
{
    if (sandbox_throw_away(a, e) < 0 || put_in_place(&a->project->zagent, fresh_store, store_name, e) < 0)
        return -1;
    return with_state ? put_in_place(&a->project->zagent, fresh_state, state_name, e) : 0;
}

static int fresh_paths(struct app *a, char **store, char **state, struct err *e)
{
    *store = mem_printf("%s/%s", a->project->zagent.path, fresh_store);
    *state = mem_printf("%s/%s", a->project->zagent.path, fresh_state);
    return fs_remove_in(&a->project->zagent, fresh_store, e) < 0 ||
                   fs_remove_in(&a->project->zagent, fresh_state, e) < 0
               ? -1
               : 0;
}

static int load_saved(struct app *a, const char *name, struct err *e)
{
    struct fs_root dir = {.fd = -1};
    struct sandbox *sb = NULL;
    struct state *st = NULL;
    AUTO_FREE char *store = NULL, *state = NULL;
    int rc = fresh_paths(a, &store, &state, e);
    if (rc == 0)
        rc = open_folder(a, name, &dir, e);
    AUTO_FREE char *from = mem_printf("%s/%s", dir.path ? dir.path : "", store_name);
    struct sandbox_options so = {.db_path = from, .clock = a->clock};
    if (rc == 0)
        rc = sandbox_open(&sb, &so, e);
    if (rc == 0)
        rc = state_open(&st, &dir, &a->clock, e);
    if (rc == 0)
        rc = sandbox_copy(sb, store, e) < 0 || state_copy(st, state, e) < 0 ? -1 : 0;
    state_close(st);
    sandbox_close(sb);
    fs_root_close(&dir);
    return rc < 0 ? -1 : swap_in(a, true, e);
}

/* ---- a snapshot ---- */

static int load_snapshot(struct app *a, const char *dir, struct err *e)
{
    struct snapshot snap;
    struct sandbox *sb = NULL;
    AUTO_FREE char *store = NULL, *state = NULL;
    snapshot_init(&snap);
    int rc = snapshot_load(&snap, dir, e);
    if (rc == 0 && !snapshot_get(&snap, "modules")) {
        err_set(e, ERR_CONFIG, "this folder holds no snapshot of an org: modules.json is missing");
        rc = err_at(e, "%s", dir);
    }
    if (rc == 0)
        rc = fresh_paths(a, &store, &state, e);
    struct sandbox_options so = {.db_path = store, .clock = a->clock};
    if (rc == 0)
        rc = sandbox_open(&sb, &so, e);
    if (rc == 0)
        rc = sandbox_load(sb, snap.res, e);
    js_set_int(a->data, "resources", (int64_t)json_object_size(snap.res));
    sandbox_close(sb);
    snapshot_release(&snap);
    return rc < 0 ? -1 : swap_in(a, false, e);
}

/* ---- the commands ---- */

int cmd_sandbox_save(struct app *a, struct err *e)
{
    const char *name = a->args[0];
    if (check_name(name, e) < 0 || save_as(a, name, e) < 0)
        return -1;
    js_set_str(a->data, "name", name);
    app_print(a, "Kept as '%s'; 'zagent sandbox load %s' brings it back.\n", name, name);
    return 0;
}

static int nothing_of_that_name(struct app *a, const char *name, struct err *e)
{
    AUTO_FREE char *all = saved_path(a, NULL);
    char **names = NULL;
    size_t n = 0;
    AUTO_SB struct sb list = SB_INIT(400);
    struct err quiet = {0};
    if (fs_exists(all) && fs_list(all, &names, &n, &quiet) == 0) {
        for (size_t i = 0; i < n; i++)
            if (is_saved(a, names[i]))
                sb_addf(&list, "%s%s", *list.buf ? ", " : "", names[i]);
        fs_list_free(names, n);
    }
    err_set(e, ERR_NOT_FOUND, "'%s' is neither a saved sandbox nor a folder", name);
    return err_fix(e, *list.buf ? "saved are: %s" : "'zagent sandbox save NAME' keeps one%s", list.buf);
}

int cmd_sandbox_load(struct app *a, struct err *e)
{
    const char *name = a->args[0];
    AUTO_FREE char *slug = fs_slug(name);
    bool saved = !strcmp(slug, name) && is_saved(a, name);
    if (!saved && !fs_exists(name))
        return nothing_of_that_name(a, name, e);
    if (sandbox_refuse_running(a, e) < 0)
        return -1;
    if (!app_flag(a, "yes") &&
        app_confirm(a, "This puts another org in the place of the sandbox's; what is not saved is gone.", NULL, e) < 0)
        return -1;
    if ((saved ? load_saved(a, name, e) : load_snapshot(a, name, e)) < 0)
        return -1;
    js_set_str(a->data, saved ? "name" : "folder", name);
    app_print(a, "The sandbox is now %s %s.\n", saved ? "as it was kept as" : "loaded from", name);
    return 0;
}

static char *current_branch(struct app *a)
{
    char *text = NULL;
    size_t len;
    struct err quiet = {0};
    AUTO_FREE char *rel = mem_printf("sandboxes/%s", branch_note);
    if (fs_read_in(&a->project->zagent, rel, 100, &text, &len, &quiet) == 0 && *text)
        return text;
    free(text);
    return mem_dup("main");
}

static int list_branches(struct app *a, const char *current, struct err *e)
{
    AUTO_FREE char *all = saved_path(a, NULL);
    char **names = NULL;
    size_t n = 0;
    json_t *list = json_array();
    js_set_str(a->data, "current", current);
    js_set(a->data, "saved", list);
    if (fs_exists(all) && fs_list(all, &names, &n, e) < 0)
        return -1;
    app_print(a, "* %s\n", current);
    for (size_t i = 0; i < n; i++) {
        if (is_saved(a, names[i]) && strcmp(names[i], current) != 0) {
            js_push_str(list, names[i]);
            app_print(a, "  %s\n", names[i]);
        }
    }
    fs_list_free(names, n);
    return 0;
}

int cmd_sandbox_branch(struct app *a, struct err *e)
{
    AUTO_FREE char *current = current_branch(a);
    if (!a->n_args)
        return list_branches(a, current, e);
    const char *to = a->args[0];
    bool there = is_saved(a, to), same = !strcmp(to, current);
    if (check_name(to, e) < 0 || sandbox_refuse_running(a, e) < 0)
        return -1;
    if (!same && (save_as(a, current, e) < 0 || (there && load_saved(a, to, e) < 0)))
        return -1;
    AUTO_FREE char *rel = mem_printf("sandboxes/%s", branch_note);
    if (fs_write_in(&a->project->zagent, rel, to, strlen(to), 0600, e) < 0)
        return -1;
    js_set_str(a->data, "from", current);
    js_set_str(a->data, "current", to);
    js_set_bool(a->data, "new", !same && !there);
    app_print(a,
              same    ? "The sandbox is on branch %s already.\n"
              : there ? "Back on branch %s; the org that was here is kept.\n"
                      : "On the new branch %s, a copy of what was here.\n",
              to);
    return 0;
}
