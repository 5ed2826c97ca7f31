/* tests/oas_find.c — the folders of OpenAPI files and which operation a sent path is. */
#include <string.h>

#include "base/fs.h"
#include "tests/oas.h"

static const char *const editions[] = {"v8.0-3.1", "v8.0"};

json_t *oas_load(const char *file)
{
    const char *shared = getenv("ZAGENT_SHARED");
    AUTO_FREE char *path = mem_printf("%s/oas/v8.0-3.1/%s.json", shared ? shared : "../shared", file);
    return js_load(path, NULL);
}

static int open_edition(struct oas *o, const char *name)
{
    const char *shared = getenv("ZAGENT_SHARED");
    AUTO_FREE char *dir = mem_printf("%s/oas/%s", shared ? shared : "../shared", name);
    char **files;
    size_t n;
    if (fs_list(dir, &files, &n, NULL) < 0) {
        return -1;
    }
    json_t *docs = json_object();
    json_object_set_new(o->editions, name, docs);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", dir, files[i]);
        json_t *doc = json_load_file(path, 0, NULL); /* the older edition has keys twice */
        if (doc) {
            json_object_set_new(docs, files[i], doc);
        }
    }
    fs_list_free(files, n);
    return 0;
}

int oas_open(struct oas *o)
{
    o->editions = json_object();
    for (size_t i = 0; i < sizeof editions / sizeof *editions; i++) {
        if (open_edition(o, editions[i]) < 0) {
            oas_close(o);
            return -1;
        }
    }
    return 0;
}

void oas_close(struct oas *o)
{
    json_decref(o->editions);
    o->editions = NULL;
}

/* The path of the document's server: "/crm/{version}" of https://zohoapis.{dc}/crm/{version}; v8 is the only one described. */
static char *server_path(const json_t *doc)
{
    const char *url = js_str_or(json_array_get(js_arr(doc, "servers"), 0), "url", "");
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    const char *version = path ? strstr(path, "{version}") : NULL;
    return version ? mem_printf("%.*sv8", (int)(version - path), path) : mem_dup(path ? path : "");
}

static size_t part_len(const char *p)
{
    return strcspn(p, "/");
}

/* How well a templated path fits: a digit for each part, 2 = literal, 1 = {part}; "" when it does not. */
static void rank(const char *tmpl, const char *path, char out[32])
{
    size_t n = 0;
    out[0] = '\0';
    while (*tmpl == '/' && *path == '/' && n < 31) {
        size_t a = part_len(++tmpl), b = part_len(++path);
        bool literal = a == b && strncmp(tmpl, path, a) == 0;
        if (!literal && *tmpl != '{') {
            out[0] = '\0';
            return;
        }
        out[n++] = literal ? '2' : '1';
        tmpl += a;
        path += b;
    }
    out[*tmpl || *path ? 0 : n] = '\0';
}

/* Whether any document has a path that begins literally with the first n bytes of `path`. */
static bool known_start(const json_t *docs, const char *path, size_t n)
{
    const char *file, *tmpl;
    json_t *doc, *item;
    json_object_foreach ((json_t *)(uintptr_t)docs, file, doc) {
        AUTO_FREE char *base = server_path(doc);
        json_object_foreach (js_obj(doc, "paths"), tmpl, item) {
            AUTO_FREE char *whole = mem_printf("%s%s", base, tmpl);
            if (strncmp(whole, path, n) == 0 && (whole[n] == '/' || !whole[n])) {
                return true;
            }
        }
    }
    return false;
}

/* /crm/v8/settings/functions must not be record "functions" of a module "settings". */
static bool reserved(const json_t *docs, const char *path, const char *ranks)
{
    const char *p = path;
    for (size_t i = 0; ranks[i]; i++) {
        p += 1 + part_len(p + 1);
        if (ranks[i] == '1') {
            return known_start(docs, path, (size_t)(p - path));
        }
    }
    return false;
}

static bool find_in(const json_t *docs, const char *verb, const char *path, struct oas_op *found)
{
    char best[32] = "", now[32] = "";
    const char *file, *tmpl;
    json_t *doc, *item;
    json_object_foreach ((json_t *)(uintptr_t)docs, file, doc) {
        AUTO_FREE char *base = server_path(doc);
        json_object_foreach (js_obj(doc, "paths"), tmpl, item) {
            AUTO_FREE char *whole = mem_printf("%s%s", base, tmpl);
            rank(whole, path, now);
            if (json_object_get(item, verb) && strcmp(now, best) > 0) {
                memcpy(best, now, sizeof best);
                found->file = file;
                found->path = tmpl;
                found->docs = docs;
                found->doc = doc;
                found->item = item;
                found->op = json_object_get(item, verb);
            }
        }
    }
    return *best && !reserved(docs, path, best);
}

bool oas_find(const struct oas *o, const char *edition, const char *method, const char *path, struct oas_op *found)
{
    AUTO_FREE char *verb = mem_dup(method);
    for (char *p = verb; *p; p++) {
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    }
    for (size_t i = 0; i < sizeof editions / sizeof *editions; i++) {
        found->edition = editions[i];
        if ((!edition || strcmp(edition, editions[i]) == 0) &&
            find_in(json_object_get(o->editions, editions[i]), verb, path, found)) {
            return true;
        }
    }
    return false;
}
