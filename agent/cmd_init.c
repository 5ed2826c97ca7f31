/* agent/cmd_init.c — starts a project: zagent.yaml, a context to fill in, and with --example the installation's own example. */
#include <sys/stat.h>

#include "agent/command.h"
#include "agent/project.h"

static const struct {
    const char *path, *text;
} skeleton[] = {
    {"zagent.yaml",
     "# One project, one or more orgs. 'embedded' is zagent's own sandbox: no account needed.\n"
     "format: 1\norgs:\n  embedded: {sandbox: true, edition: Enterprise}\ndefault_org: embedded\noutput: generated\n"},
    {".gitignore", ".zagent/\n"},
    {"context/pain-points.md",
     "# What goes wrong\n\nWhat goes wrong today, one row each. A playbook says which of these it solves.\n\n"
     "## Pain points\n\n| id | title | what goes wrong | who notices | wanted result |\n| --- | --- | --- | --- | --- "
     "|\n"
     "| P1 | Describe it in a few words | What happens today | Role | What should happen |\n"},
    {"context/roles.md",
     "# Who works here\n\n## Roles\n\n| role | profile | what they do |\n| --- | --- | --- |\n| admin | "
     "Administrator | keeps the CRM |\n"
     "| sales | Standard | sells |\n\n## Field permissions\n\n| role | module | field | permission "
     "|\n| --- | --- | --- | --- |\n"
     "| admin | Deals | * | read_write |\n| sales | Deals | * | read_write |\n"},
    {"context/zoho-standards.md",
     "# How things are named in our CRM\n\n## Rules\n\n| kind | pattern | text |\n| --- | --- | --- |\n"
     "| workflow_rule | ^[A-Z] | names of rules begin with a capital letter |\n"},
    {"context/org-map.csv", "address,api_name,confirmed_by\n"},
};

static int write_new(const struct fs_root *root, const char *path, const char *text, struct app *a, struct err *e)
{
    AUTO_FREE char *full = mem_printf("%s/%s", root->path, path);
    if (fs_exists(full)) {
        app_print(a, "  kept     %s\n", path);
        return 0;
    }
    if (fs_write_in(root, path, text, strlen(text), 0644, e) < 0)
        return -1;
    js_push_str(js_arr(a->data, "files"), path);
    app_print(a, "  written  %s\n", path);
    return 0;
}

enum { COPY_DEPTH = 5, COPY_FILE_MAX = 4 << 20 };

static int copy_tree(const struct fs_root *root, const char *from, const char *rel, int depth, struct app *a,
                     struct err *e)
{
    AUTO_FREE char *dir = mem_printf("%s/%s", from, rel);
    char **names;
    size_t n;
    int rc = 0;
    if (depth > COPY_DEPTH || fs_list(dir, &names, &n, e) < 0)
        return depth > COPY_DEPTH ? 0 : -1;
    for (size_t i = 0; i < n && rc == 0; i++) {
        AUTO_FREE char *sub = mem_printf("%s/%s", rel, names[i]);
        AUTO_FREE char *path = mem_printf("%s/%s", from, sub);
        AUTO_FREE char *text = NULL;
        size_t len;
        struct stat st;
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            rc = copy_tree(root, from, sub, depth + 1, a, e);
        else if (S_ISREG(st.st_mode))
            rc = fs_read(path, COPY_FILE_MAX, &text, &len, e) < 0 ? -1 : write_new(root, sub, text, a, e);
    }
    fs_list_free(names, n);
    return rc;
}

static int copy_example(const struct fs_root *root, struct app *a, struct err *e)
{
    AUTO_FREE char *data = project_data_dir();
    if (!data) {
        err_set(e, ERR_NOT_FOUND, "this installation has no example");
        return err_fix(e, "install zagent with 'make install', or run it from its checkout");
    }
    if (copy_tree(root, data, "context", 0, a, e) < 0 || copy_tree(root, data, "templates", 0, a, e) < 0)
        return -1;
    for (size_t i = 0; i < 2; i++)
        if (write_new(root, skeleton[i].path, skeleton[i].text, a, e) < 0)
            return -1;
    return 0;
}

int cmd_init(struct app *a, struct err *e)
{
    struct fs_root root;
    const char *dir = a->n_args ? a->args[0] : ".";
    js_set(a->data, "files", json_array());
    if (fs_root_open(&root, dir, true, 0755, e) < 0)
        return -1;
    int rc = 0;
    if (app_flag(a, "example"))
        rc = copy_example(&root, a, e);
    for (size_t i = 0; i < sizeof skeleton / sizeof *skeleton && rc == 0 && !app_flag(a, "example"); i++)
        rc = write_new(&root, skeleton[i].path, skeleton[i].text, a, e);
    fs_root_close(&root);
    bool elsewhere = strcmp(dir, ".") != 0;
    if (rc == 0)
        app_print(a, "\nnext: %s%s%s%s\n", elsewhere ? "cd " : "", elsewhere ? dir : "", elsewhere ? " && " : "",
                  app_flag(a, "example") ? "zagent plan"
                                         : "fill in context/, then zagent playbook new NAME (docs/PLAYBOOKS.md: your "
                                           "first playbook in ten minutes)");
    return rc;
}
