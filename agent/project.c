#include "agent/project.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sb.h"
#include "base/text.h"
#include "plan/kind.h"

static int check_keys(const struct yaml *y, json_t *o, const char *pointer, const char *const *allowed, size_t n,
                      struct err *e)
{
    const char *key;
    json_t *v;
    json_object_foreach (o, key, v) {
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= !strcmp(allowed[i], key);
        if (known)
            continue;
        AUTO_FREE char *at = mem_printf("%s/%s", pointer, key);
        const char *near = text_nearest(key, allowed, n);
        yaml_err(e, y, at, ERR_CONFIG, "'%s' does not belong in zagent.yaml", key);
        if (near)
            return err_fix(e, "did you mean '%s'?", near);
        return err_fix(e, "hosts, keys and commands never come from a project folder; see 'zagent help init'");
    }
    return 0;
}

static int check_org(const struct yaml *y, const char *name, json_t *row, struct err *e)
{
    static const char *const keys[] = {"sandbox", "edition", "refuse", "dc", "zgid", "production", "context", "of"};
    AUTO_FREE char *at = mem_printf("/orgs/%s", name);
    if (!json_is_object(row))
        return yaml_err(e, y, at, ERR_CONFIG, "org '%s' needs {sandbox: true} or {dc: …}", name);
    if (check_keys(y, row, at, keys, sizeof keys / sizeof *keys, e) < 0)
        return -1;
    if (!js_bool(row, "sandbox", false) && !js_str(row, "dc")) {
        yaml_err(e, y, at, ERR_CONFIG, "org '%s' names neither 'sandbox: true' nor a data centre 'dc'", name);
        return err_fix(e, "write sandbox: true, or dc: eu (us, eu, in, …) as in docs/SIGN-IN.md");
    }
    const char *context = js_str(row, "context"), *of = js_str(row, "of");
    if (context && (context[0] == '/' || strstr(context, "..")))
        return yaml_err(e, y, at, ERR_CONFIG, "context '%s' of org '%s' leaves the project", context, name);
    if (of && (!strcmp(of, name) || !json_object_get(js_obj(y->root, "orgs"), of))) {
        yaml_err(e, y, at, ERR_CONFIG, "org '%s' is said to be the Zoho Sandbox of '%s', which is no other org here",
                 name, of);
        return err_fix(e, "of: names the org whose Zoho Sandbox this one is");
    }
    return 0;
}

/* A limit that is no number would be no limit. */
static int check_numbers(const struct yaml *y, json_t *o, const char *pointer, struct err *e)
{
    const char *key;
    json_t *v;
    json_object_foreach (o, key, v) {
        AUTO_FREE char *at = mem_printf("%s/%s", pointer, key);
        if (!json_is_object(v) && (!json_is_integer(v) || json_integer_value(v) < 0)) {
            yaml_err(e, y, at, ERR_CONFIG, "limit '%s' is not a number", key);
            return err_fix(e, "write a whole number from 0");
        }
    }
    return 0;
}

static int check_limits(const struct yaml *y, json_t *limits, struct err *e)
{
    static const char *const keys[] = {"parallel", "changes", "records", "deletes", "credits", "reserve", "kinds"};
    json_t *kinds_of = json_object_get(limits, "kinds"), *v;
    const char *kind;
    if (!limits)
        return 0;
    if (!json_is_object(limits) || (kinds_of && !json_is_object(kinds_of)))
        return yaml_err(e, y, "/limits", ERR_CONFIG, "limits, and kinds in it, are mappings of a name to a number");
    if (check_keys(y, limits, "/limits", keys, sizeof keys / sizeof *keys, e) < 0 ||
        check_numbers(y, limits, "/limits", e) < 0 || check_numbers(y, kinds_of, "/limits/kinds", e) < 0)
        return -1;
    json_object_foreach (kinds_of, kind, v)
        if (!kind_find(kind)) {
            AUTO_FREE char *at = mem_printf("/limits/kinds/%s", kind);
            yaml_err(e, y, at, ERR_CONFIG, "'%s' is not a kind", kind);
            return err_fix(e, "kinds are the first word of an address: field, workflow_rule, function, …");
        }
    return 0;
}

static int check_conf(const struct yaml *y, struct err *e)
{
    static const char *const keys[] = {"format", "orgs", "default_org", "output", "limits"};
    if (!json_is_object(y->root))
        return yaml_err(e, y, "", ERR_CONFIG, "zagent.yaml is not a mapping");
    if (check_keys(y, y->root, "", keys, sizeof keys / sizeof *keys, e) < 0)
        return -1;
    if (js_int(y->root, "format", 0) != 1) {
        yaml_err(e, y, "/format", ERR_CONFIG, "format is not 1");
        return err_fix(e, "write 'format: 1'; a newer format needs a newer zagent");
    }
    if (check_limits(y, json_object_get(y->root, "limits"), e) < 0)
        return -1;
    json_t *orgs = js_obj(y->root, "orgs");
    if (!orgs || !json_object_size(orgs))
        return yaml_err(e, y, "/orgs", ERR_CONFIG, "no org is named");
    const char *name;
    json_t *row;
    json_object_foreach (orgs, name, row) {
        if (check_org(y, name, row, e) < 0)
            return -1;
    }
    const char *def = js_str(y->root, "default_org");
    if (def && !json_object_get(orgs, def)) {
        yaml_err(e, y, "/default_org", ERR_CONFIG, "default_org '%s' is not among the orgs", def);
        return err_fix(e, "name one of the keys below orgs:");
    }
    return 0;
}

/* The folder with zagent.yaml, from dir upwards; NULL when there is none. */
static char *find_root(const char *dir)
{
    char *abs = realpath(dir, NULL);
    while (abs) {
        AUTO_FREE char *file = mem_printf("%s/zagent.yaml", strcmp(abs, "/") ? abs : "");
        if (fs_exists(file))
            return abs;
        char *slash = strrchr(abs, '/');
        if (!slash || !abs[1])
            break;
        slash[slash == abs ? 1 : 0] = '\0';
    }
    free(abs);
    return NULL;
}

static int open_parts(struct project *p, struct err *e)
{
    AUTO_FREE char *conf = project_path(p, "zagent.yaml");
    AUTO_FREE char *state = project_path(p, ".zagent");
    if (yaml_load(&p->conf, conf, "zagent.yaml", e) < 0 || check_conf(&p->conf, e) < 0 ||
        fs_root_open(&p->root, p->dir, false, 0755, e) < 0 || fs_root_open(&p->zagent, state, true, 0700, e) < 0)
        return -1;
    p->out_name = mem_dup(js_str_or(p->conf.root, "output", "generated"));
    if (p->out_name[0] == '/' || strstr(p->out_name, ".."))
        return yaml_err(e, &p->conf, "/output", ERR_CONFIG, "output '%s' leaves the project", p->out_name);
    AUTO_FREE char *gen = project_path(p, p->out_name);
    struct stat st;
    if (lstat(gen, &st) == 0 && S_ISLNK(st.st_mode)) {
        err_set(e, ERR_REFUSED, "the output folder is a symbolic link");
        err_at(e, "%s", p->out_name);
        return err_fix(e, "remove the link; files are written below the project only");
    }
    return fs_root_open(&p->out, gen, true, 0755, e);
}

int project_open(struct project **out, const char *dir, bool optional, struct err *e)
{
    *out = NULL;
    char *root = find_root(dir);
    if (!root && optional)
        return 0;
    if (!root) {
        err_set(e, ERR_NOT_FOUND, "no zagent.yaml here or in any folder above");
        err_at(e, "%s", dir);
        return err_fix(e, "run 'zagent init' to start a project, or name its folder with -C DIR");
    }
    struct project *p = mem_zalloc(sizeof *p);
    p->dir = root;
    p->root.fd = p->zagent.fd = p->out.fd = -1;
    if (open_parts(p, e) < 0) {
        project_close(p);
        return -1;
    }
    *out = p;
    return 0;
}

void project_close(struct project *p)
{
    if (!p)
        return;
    fs_root_close(&p->root);
    fs_root_close(&p->zagent);
    fs_root_close(&p->out);
    yaml_release(&p->conf);
    free(p->out_name);
    free(p->dir);
    free(p);
}

/* Where things are tried first: the only org that is the Zoho Sandbox of another. */
static const char *only_stage(json_t *orgs)
{
    const char *key, *found = NULL;
    json_t *row;
    size_t n = 0;
    json_object_foreach (orgs, key, row)
        if (js_str(row, "of") && ++n)
            found = key;
    return n == 1 ? found : NULL;
}

int project_org(const struct project *p, const char *name, const char **org_name, const json_t **row, struct err *e)
{
    json_t *orgs = js_obj(p->conf.root, "orgs"), *v;
    const char *key;
    AUTO_SB struct sb all = SB_INIT(400);
    json_object_foreach (orgs, key, v)
        sb_addf(&all, "%s%s", all.len ? ", " : "", key);
    const char *usual = js_str(p->conf.root, "default_org");
    /* Of several, only a sandbox's may go unnamed: nobody reaches a real org by forgetting --org. */
    if (!name && usual && (json_object_size(orgs) == 1 || js_bool(json_object_get(orgs, usual), "sandbox", false)))
        name = usual;
    if (!name && json_object_size(orgs) == 1)
        name = json_object_iter_key(json_object_iter(orgs));
    if (!name)
        name = only_stage(orgs);
    if (!name) {
        err_set(e, ERR_USAGE, "this project has several orgs: which one?");
        return err_fix(e, "say which: --org NAME (%s)", all.buf);
    }
    /* The iterator's key outlives this call, the caller's text may not. */
    json_object_foreach (orgs, key, v) {
        if (!strcmp(key, name)) {
            *org_name = key;
            *row = v;
            return 0;
        }
    }
    err_set(e, ERR_USAGE, "no org '%s' in zagent.yaml", name);
    return err_fix(e, "one of: %s", all.buf);
}

char *project_sandbox(const struct project *p, const char *org)
{
    const char *name, *first = NULL;
    json_t *row;
    json_object_foreach (js_obj(p->conf.root, "orgs"), name, row)
        first = !first && js_bool(row, "sandbox", false) ? name : first;
    if (!org || !first || !strcmp(org, first))
        return mem_dup("sandbox");
    AUTO_FREE char *slug = fs_slug(org);
    return mem_printf("sandbox-%s", slug);
}

char *project_path(const struct project *p, const char *rel)
{
    return mem_printf("%s/%s", strcmp(p->dir, "/") ? p->dir : "", rel);
}

char *project_data_dir(void)
{
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    if (n <= 0)
        return NULL;
    exe[n] = '\0';
    static const char *const below[] = {"", "/../share/zagent", "/../.."};
    char *slash = strrchr(exe, '/');
    *slash = '\0';
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        char *dir = mem_printf("%s%s", exe, below[i]);
        AUTO_FREE char *probe = mem_printf("%s/templates/_guide/en", dir);
        if (fs_exists(probe))
            return dir;
        free(dir);
    }
    return NULL;
}
