#include "agent/playbook.h"

#include <sys/stat.h>

#include "agent/playbook_keys.h"
#include "base/digest.h"
#include "base/secret.h"
#include "base/text.h"
#include "render/render.h"

enum { PLAYBOOK_FILE_MAX = 1 << 20, PLAYBOOK_FOLDER_DEPTH = 4 };

int playbook_list(const struct project *p, char ***names, size_t *n, struct err *e)
{
    AUTO_FREE char *dir = project_path(p, "templates");
    *names = NULL;
    *n = 0;
    if (!fs_exists(dir))
        return 0;
    if (fs_list(dir, names, n, e) < 0)
        return -1;
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        AUTO_FREE char *file = mem_printf("%s/%s/playbook.yaml", dir, (*names)[i]);
        if (fs_exists(file))
            (*names)[kept++] = (*names)[i];
        else
            free((*names)[i]);
    }
    *n = kept;
    return 0;
}

static int unknown_playbook(const struct project *p, const char *name, struct err *e)
{
    char **names;
    size_t n;
    AUTO_SB struct sb all = SB_INIT(240);
    if (playbook_list(p, &names, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        sb_addf(&all, "%s%s", i ? ", " : "", names[i]);
    const char *near = text_nearest(name, (const char *const *)names, n);
    err_set(e, ERR_NOT_FOUND, "no playbook '%s'", name);
    err_at(e, "templates/%s/playbook.yaml", name);
    if (near)
        err_fix(e, "did you mean '%s'?", near);
    else if (n)
        err_fix(e, "there are: %s", all.buf);
    else
        err_fix(e, "write templates/%s/playbook.yaml; docs/PLAYBOOKS.md is the reference", name);
    fs_list_free(names, n);
    return -1;
}

bool playbook_name_good(const char *name)
{
    return *name && strlen(name) <= 64 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name) &&
           *name != '-';
}

/* ---- files of the folder ---- */

typedef int (*each_file)(void *ctx, const char *rel, const char *text, size_t len);

static int walk_folder(const struct playbook *pb, const char *rel, int depth, each_file f, void *ctx, struct err *e)
{
    AUTO_FREE char *dir = *rel ? mem_printf("%s/%s", pb->dir, rel) : mem_dup(pb->dir);
    char **names;
    size_t n;
    int rc = 0;
    if (depth > PLAYBOOK_FOLDER_DEPTH)
        return err_set(e, ERR_LIMIT, "folders in playbook '%s' are nested more than %d deep", pb->name,
                       PLAYBOOK_FOLDER_DEPTH);
    if (fs_list(dir, &names, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n && rc == 0; i++) {
        AUTO_FREE char *sub = *rel ? mem_printf("%s/%s", rel, names[i]) : mem_dup(names[i]);
        AUTO_FREE char *path = mem_printf("%s/%s", pb->dir, sub);
        struct stat st;
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
            rc = walk_folder(pb, sub, depth + 1, f, ctx, e);
            continue;
        }
        AUTO_FREE char *text = NULL;
        size_t len;
        rc = fs_read_in(&pb->root, sub, PLAYBOOK_FILE_MAX, &text, &len, e);
        if (rc == 0)
            rc = f(ctx, sub, text, len);
    }
    fs_list_free(names, n);
    return rc;
}

struct secrets {
    const struct playbook *pb;
    json_t *findings;
};

/* Line by line, as context is looked at. */
static int find_secrets(void *ctx, const char *rel, const char *text, size_t len)
{
    struct secrets *s = ctx;
    int line = 1;
    for (const char *p = text; p < text + len; line++) {
        size_t n = strcspn(p, "\n"), at;
        AUTO_FREE char *one = mem_dupn(p, n);
        if (secret_found(one, &at)) {
            json_t *f = json_object();
            js_set_str(f, "level", "error");
            js_set_strf(f, "file", "templates/%s/%s", s->pb->name, rel);
            js_set_int(f, "line", line);
            js_set_int(f, "col", (int64_t)at + 1);
            js_set_str(f, "text", SECRET_FOUND);
            js_set_str(f, "fix", SECRET_FIX);
            json_array_append_new(s->findings, f);
        }
        p += n + 1;
    }
    return 0;
}

int playbook_findings(const struct playbook *pb, json_t *findings, struct err *e)
{
    struct secrets s = {pb, findings};
    playbook_keys_check(&pb->y, findings);
    return walk_folder(pb, "", 0, find_secrets, &s, e);
}

static int refuse_findings(const struct playbook *pb, struct err *e)
{
    AUTO_JSON json_t *findings = json_array();
    if (playbook_findings(pb, findings, e) < 0)
        return -1;
    const json_t *f = json_array_get(findings, 0);
    if (!f)
        return 0;
    err_set(e, ERR_CONFIG, "%s", js_str_or(f, "text", ""));
    err_at(e, "%s:%d:%d", js_str_or(f, "file", ""), (int)js_int(f, "line", 1), (int)js_int(f, "col", 1));
    return js_str(f, "fix") ? err_fix(e, "%s", js_str(f, "fix")) : -1;
}

int playbook_load(struct playbook *pb, const struct project *p, const char *name, struct err *e)
{
    memset(pb, 0, sizeof *pb);
    pb->root.fd = -1;
    if (!playbook_name_good(name)) {
        err_set(e, ERR_USAGE, "'%s' is not a playbook's name", name);
        return err_fix(e, "names are small letters, digits and dashes");
    }
    AUTO_FREE char *rel = mem_printf("templates/%s", name);
    pb->name = mem_dup(name);
    pb->dir = project_path(p, rel);
    pb->file = mem_printf("%s/playbook.yaml", rel);
    AUTO_FREE char *path = mem_printf("%s/playbook.yaml", pb->dir);
    if (!fs_exists(path))
        return unknown_playbook(p, name, e);
    if (fs_root_open(&pb->root, pb->dir, false, 0755, e) < 0 || yaml_load(&pb->y, path, pb->file, e) < 0)
        return -1;
    if (!json_is_object(pb->y.root))
        return yaml_err(e, &pb->y, "", ERR_CONFIG, "the playbook is not a mapping");
    if (js_int(pb->y.root, "format", 0) != 1) {
        yaml_err(e, &pb->y, "/format", ERR_CONFIG, "format is not 1");
        return err_fix(e, "write 'format: 1'; a newer format needs a newer zagent");
    }
    if (refuse_findings(pb, e) < 0)
        return -1;
    if (strcmp(js_str_or(pb->y.root, "name", ""), name) != 0)
        return yaml_err(e, &pb->y, "/name", ERR_CONFIG, "name is '%s' but the folder is '%s'",
                        js_str_or(pb->y.root, "name", ""), name);
    return 0;
}

void playbook_release(struct playbook *pb)
{
    yaml_release(&pb->y);
    json_decref(pb->data);
    json_decref(pb->because);
    if (pb->root.path)
        fs_root_close(&pb->root);
    free(pb->name);
    free(pb->dir);
    free(pb->file);
    memset(pb, 0, sizeof *pb);
    pb->root.fd = -1;
}

struct partials {
    const struct playbook *pb;
    char *text;
};

static const char *load_partial(void *ctx, const char *name, size_t *len)
{
    struct partials *ps = ctx;
    struct err quiet = {0};
    free(ps->text);
    ps->text = NULL;
    return fs_read_in(&ps->pb->root, name, PLAYBOOK_FILE_MAX, &ps->text, len, &quiet) < 0 ? NULL : ps->text;
}

char *playbook_render(const struct playbook *pb, const char *file, const json_t *extra, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read_in(&pb->root, file, PLAYBOOK_FILE_MAX, &text, &len, e) < 0) {
        err_at(e, "templates/%s/%s", pb->name, file);
        return NULL;
    }
    AUTO_JSON json_t *data = json_copy(pb->data);
    if (extra)
        json_object_update(data, (json_t *)(uintptr_t)extra);
    AUTO_FREE char *name = mem_printf("templates/%s/%s", pb->name, file);
    struct partials ps = {.pb = pb};
    struct render_options o = {.target = render_target_for(file), .strict = true, .partial = load_partial, .ctx = &ps};
    char *out = render(name, text, len, data, &o, e);
    free(ps.text);
    return out;
}

static int digest_file(void *ctx, const char *rel, const char *text, size_t len)
{
    struct digest *d = ctx;
    digest_feed(d, rel, strlen(rel) + 1);
    digest_feed(d, &len, sizeof len);
    digest_feed(d, text, len);
    return 0;
}

int playbook_digest(const struct playbook *pb, char hex[65], struct err *e)
{
    struct digest *d = digest_new();
    int rc = walk_folder(pb, "", 0, digest_file, d, e);
    digest_finish(d, hex);
    return rc;
}
