#include "agent/audit/keep.h"

#include "base/digest.h"

enum { FILE_MAX = 64 << 20 };

static json_t *manifest_of(const struct fs_root *dir)
{
    AUTO_FREE char *path = mem_printf("%s/%s", dir->path, SNAPSHOT_MANIFEST);
    struct err quiet = {0};
    return fs_exists(path) ? js_load(path, &quiet) : NULL;
}

static bool same_bytes(const struct fs_root *dir, const char *file, const char *text, size_t n)
{
    AUTO_FREE char *old = NULL;
    size_t len;
    struct err quiet = {0};
    return fs_read_in(dir, file, FILE_MAX, &old, &len, &quiet) == 0 && len == n && !memcmp(old, text, n);
}

static int write_one(const struct fs_root *dir, const char *file, const char *text, struct keep_count *n, struct err *e)
{
    size_t len = strlen(text);
    n->files++;
    if (same_bytes(dir, file, text, len))
        return 0;
    n->written++;
    return fs_write_in(dir, file, text, len, 0644, e);
}

static int remove_gone(const struct fs_root *dir, const json_t *files, struct keep_count *n, struct err *e)
{
    AUTO_JSON json_t *old = manifest_of(dir);
    const char *file;
    json_t *hex;
    json_object_foreach (js_obj(old, "files"), file, hex) {
        if (json_object_get(files, file))
            continue;
        if (fs_remove_in(dir, file, e) < 0)
            return -1;
        n->removed++;
    }
    return 0;
}

int keep_write(const struct fs_root *dir, const struct snapshot *s, const json_t *org, bool people,
               const json_t *refused, struct keep_count *n, struct err *e)
{
    AUTO_JSON json_t *m = json_object();
    json_t *files = json_object(), *value;
    const char *name;
    *n = (struct keep_count){0};
    js_set(m, "files", files);
    json_object_foreach (s->res, name, value) {
        AUTO_FREE char *text = NULL;
        AUTO_FREE char *file = snapshot_file(name, value, &text, e);
        char hex[65];
        if (!file || write_one(dir, file, text, n, e) < 0)
            return -1;
        digest_sha256(text, strlen(text), hex);
        js_set_str(files, file, hex);
    }
    if (remove_gone(dir, files, n, e) < 0)
        return -1;
    js_set_str(m, "schema", "zagent.audit/1");
    json_object_set(m, "org", (json_t *)(uintptr_t)org);
    js_set_bool(m, "people", people);
    json_object_set(m, "refused", (json_t *)(uintptr_t)refused);
    AUTO_FREE char *text = js_pretty(m, e);
    n->files--; /* the manifest is not one of those it lists */
    return text ? write_one(dir, SNAPSHOT_MANIFEST, text, n, e) : -1;
}

static int check_file(const char *dir, const char *file, const char *want, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", dir, file);
    AUTO_FREE char *text = NULL;
    size_t len;
    char hex[65];
    if (fs_read(path, FILE_MAX, &text, &len, e) < 0)
        return -1;
    digest_sha256(text, len, hex);
    if (!strcmp(hex, want))
        return 0;
    err_set(e, ERR_CONFIG, "this file is not as its audit left it");
    err_at(e, "%s", path);
    return err_fix(e, "run 'zagent audit' again, or take the folder from version control whole");
}

int keep_load(const char *dir, struct snapshot *s, json_t **manifest, struct err *e)
{
    AUTO_FREE char *path = mem_printf("%s/%s", dir, SNAPSHOT_MANIFEST);
    AUTO_JSON json_t *m = NULL;
    const char *file;
    json_t *hex;
    if (!fs_exists(dir)) {
        err_set(e, ERR_NOT_FOUND, "no snapshot of an org is here");
        err_at(e, "%s", dir);
        return err_fix(e, "run 'zagent audit' first");
    }
    if (fs_exists(path) && !(m = js_load(path, e)))
        return -1;
    json_object_foreach (js_obj(m, "files"), file, hex)
        if (check_file(dir, file, json_string_value(hex) ? json_string_value(hex) : "", e) < 0)
            return -1;
    if (snapshot_load(s, dir, e) < 0)
        return -1;
    if (!snapshot_get(s, "modules")) {
        err_set(e, ERR_CONFIG, "this folder holds no snapshot of an org: modules.json is missing");
        err_at(e, "%s", dir);
        return err_fix(e, "run 'zagent audit' first");
    }
    if (manifest)
        *manifest = m ? json_incref(m) : json_null();
    return 0;
}
