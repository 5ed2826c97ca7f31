/* plan/snapshot.c — sorted, stripped, indexed answers of an org. */
#include "plan/snapshot.h"

#include <ctype.h>

#include "base/mem.h"
#include "base/text.h"
#include "plan/walk.h"

#define SOURCES "function_code"
#define SOURCE  ".dg"

/* Who touched something last, and when it ran, moves without the configuration moving. */
static const char *const volatile_keys[] = {
    "modified_time",      "modified_by",     "last_modified_time", "last_modified_by",        "last_executed_time",
    "last_accessed_time", "last_usage_time", "last_executed",      "last_version_statistics", "actions_performed",
};
/* Values under these keys open something. A webhook's custom parameters are where people put API keys. */
static const char *const secret_keys[] = {"zapikey",    "api_key",      "apikey",        "token",
                                          "auth_token", "access_token", "refresh_token", "client_secret",
                                          "secret",     "password",     "authorization"};
/* A list of {name, value}: what it is called stays, so that a reader can tell a key from a label. */
static const char *const secret_lists[] = {"custom_parameters"};

static bool listed(const char *key, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((key[0] | 0x20) == list[i][0] && !text_casecmp(key, list[i])) /* every key of every answer passes here */
            return true;
    return false;
}
#define LISTED(key, list) listed(key, list, sizeof(list) / sizeof *(list))

static void strip(json_t *j);

static void strip_values(json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one)
        if (json_is_object(one) && json_object_get(one, "value"))
            json_object_set_new(one, "value", json_string("(secret)"));
}

static void strip_secret(json_t *o, const char *key, json_t *value)
{
    if (LISTED(key, secret_lists) && json_is_array(value))
        strip_values(value);
    else if (!json_is_null(value))
        json_object_set_new(o, key, json_string("(secret)"));
}

static void strip(json_t *j)
{
    size_t i;
    const char *key;
    json_t *value;
    void *next;
    if (json_is_array(j)) {
        json_array_foreach (j, i, value)
            strip(value);
        return;
    }
    if (!json_is_object(j))
        return;
    json_object_foreach_safe (j, next, key, value) {
        if (LISTED(key, volatile_keys))
            json_object_del(j, key);
        else if (LISTED(key, secret_keys) || LISTED(key, secret_lists))
            strip_secret(j, key, value);
        else
            strip(value);
    }
}

void snapshot_init(struct snapshot *s)
{
    s->res = json_object();
    s->index = json_object();
    s->touched = NULL;
}

void snapshot_keep_touched(struct snapshot *s)
{
    if (!s->touched)
        s->touched = json_object();
}

static void note_touched(struct snapshot *s, const json_t *object)
{
    const json_t *who = json_object_get(object, "modified_by");
    const char *by = json_is_string(who) ? json_string_value(who) : js_str(who, "name"),
               *at = js_str(object, "modified_time"), *id = js_str(object, "id");
    json_t *section;
    size_t i;
    if (!id || (!by && !at))
        return;
    json_t *o = json_object();
    js_set_str(o, "by", by);
    js_set_str(o, "at", at);
    json_array_foreach (js_arr(object, "sections"), i, section)
        if (js_str(section, "id"))
            json_object_set(s->touched, js_str(section, "id"), o);
    json_object_set_new(s->touched, id, o);
}

const json_t *snapshot_touched(const struct snapshot *s, const json_t *object)
{
    return js_str(object, "id") ? js_obj(s->touched, js_str(object, "id")) : NULL;
}

void snapshot_release(struct snapshot *s)
{
    json_decref(s->res);
    json_decref(s->index);
    json_decref(s->touched);
    s->res = s->index = s->touched = NULL;
}

json_t *snapshot_get(const struct snapshot *s, const char *name)
{
    return s ? js_arr(s->res, name) : NULL;
}

json_t *snapshot_refused(const struct snapshot *s, const char *name)
{
    return s ? js_obj(js_obj(s->res, name), "@refused") : NULL;
}

void snapshot_put(struct snapshot *s, const char *name, json_t *array)
{
    bool rows = !strncmp(name, "records/", 8); /* records are data: their fields are nobody's volatile facts */
    json_t *object;
    size_t i;
    json_array_foreach (s->touched && !rows ? array : NULL, i, object)
        note_touched(s, object);
    if (!rows)
        strip(array);
    const json_t *first = json_array_get(array, 0);
    js_array_sort(array, js_str(first, "id") ? "id" : "api_name");
    json_object_set_new(s->res, name, array);
}

void snapshot_put_refused(struct snapshot *s, const char *name, const char *code, long http)
{
    json_t *why = json_object(), *entry = json_object();
    js_set_str(why, "code", code);
    js_set_int(why, "http", http);
    js_set(entry, "@refused", why);
    json_object_set_new(s->res, name, entry);
}

static char *fold(const char *text, bool nocase)
{
    char *s = mem_dup(text);
    for (char *p = s; nocase && *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return s;
}

/* The table value → object of one list; made anew when the list behind it is another one. */
static json_t *table(const struct snapshot *s, const char *name, json_t *list, const char *key, bool nocase)
{
    AUTO_FREE char *slot = mem_printf("%s\n%s\n%d", name, key, nocase);
    json_t *known = json_object_get(s->index, slot);
    if (known && json_object_get(known, "of") == list && (size_t)js_int(known, "n", -1) == json_array_size(list))
        return json_object_get(known, "by");
    json_t *by = json_object(), *object;
    size_t i;
    json_array_foreach (list, i, object) {
        const char *text = js_str(object, key);
        AUTO_FREE char *value = text ? fold(text, nocase) : NULL;
        if (value && !json_object_get(by, value))
            json_object_set(by, value, object);
    }
    known = json_object();
    json_object_set(known, "of", list);
    js_set_int(known, "n", (int64_t)json_array_size(list));
    js_set(known, "by", by);
    json_object_set_new(s->index, slot, known);
    return by;
}

json_t *snapshot_find(const struct snapshot *s, const char *name, const char *key, const char *value, bool nocase)
{
    json_t *list = snapshot_get(s, name);
    if (!list || !value)
        return NULL;
    AUTO_FREE char *want = fold(value, nocase);
    return json_object_get(table(s, name, list, key, nocase), want);
}

/* The source of a function is kept as what it is: people read it, and what differs in it line by line. */
static const char *source_of(const char *name, const json_t *value)
{
    return strncmp(name, SOURCES "/", sizeof SOURCES) == 0 && json_array_size(value) == 1
               ? js_str(json_array_get(value, 0), "code")
               : NULL;
}

char *snapshot_file(const char *name, const json_t *value, char **text, struct err *e)
{
    const char *slash = strchr(name, '/'), *source = source_of(name, value);
    AUTO_FREE char *group = slash ? mem_dupn(name, (size_t)(slash - name)) : NULL;
    AUTO_FREE char *leaf = text_percent_encode(slash ? slash + 1 : name);
    AUTO_FREE char *folder = group ? text_percent_encode(group) : NULL;
    *text = source ? mem_dup(source) : js_pretty(value, e);
    return *text ? mem_printf("%s%s%s%s", folder ? folder : "", folder ? "/" : "", leaf, source ? SOURCE : ".json")
                 : NULL;
}

int snapshot_save(const struct snapshot *s, const struct fs_root *root, const char *dir, struct err *e)
{
    const char *name;
    json_t *value;
    json_object_foreach (s->res, name, value) {
        AUTO_FREE char *text = NULL;
        AUTO_FREE char *file = snapshot_file(name, value, &text, e);
        AUTO_FREE char *path = mem_printf("%s%s%s", dir ? dir : "", dir ? "/" : "", file ? file : "");
        if (!file || fs_write_in(root, path, text, strlen(text), 0600, e) < 0)
            return -1;
    }
    return 0;
}

static int load_file(struct snapshot *s, const char *path, const char *name, struct err *e)
{
    json_t *j = js_load(path, e);
    if (!j)
        return -1;
    json_t *why = js_obj(j, "@refused");
    if (json_is_array(j)) {
        snapshot_put(s, name, j);
        return 0;
    }
    if (why)
        snapshot_put_refused(s, name, js_str_or(why, "code", ""), (long)js_int(why, "http", 0));
    json_decref(j);
    if (why)
        return 0;
    err_set(e, ERR_CONFIG, "snapshot file is neither a list nor a refusal");
    err_at(e, "%s", path);
    return err_fix(e, "read the org again, or remove the file");
}

static int load_source(struct snapshot *s, const char *path, const char *name, const char *leaf, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read(path, JS_MAX_BYTES, &text, &len, e) < 0)
        return -1;
    json_t *list = json_array(), *one = json_object();
    js_set_str(one, "api_name", leaf);
    js_set_str(one, "code", text);
    json_array_append_new(list, one);
    snapshot_put(s, name, list);
    return 0;
}

static bool ends(const char *name, const char *with)
{
    size_t n = strlen(name), k = strlen(with);
    return n > k && !strcmp(name + n - k, with);
}

static int load_folder(struct snapshot *s, const char *dir, const char *group, struct err *e)
{
    char **names;
    size_t n;
    if (fs_list(dir, &names, &n, e) < 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; i < n && rc == 0; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", dir, names[i]);
        bool json = ends(names[i], ".json"), source = group && !strcmp(group, SOURCES) && ends(names[i], SOURCE);
        AUTO_FREE char *stem = mem_dupn(names[i], strlen(names[i]) - (json ? 5 : source ? strlen(SOURCE) : 0));
        AUTO_FREE char *leaf = text_percent_decode(stem);
        if (!leaf || (!group && !strcmp(names[i], SNAPSHOT_MANIFEST)))
            continue;
        AUTO_FREE char *name = group ? mem_printf("%s/%s", group, leaf) : mem_dup(leaf);
        if (json)
            rc = load_file(s, path, name, e);
        else if (source)
            rc = load_source(s, path, name, leaf, e);
        else if (!group && !strchr(leaf, '.'))
            rc = load_folder(s, path, leaf, e);
    }
    fs_list_free(names, n);
    return rc;
}

int snapshot_load(struct snapshot *s, const char *dir, struct err *e)
{
    return load_folder(s, dir, NULL, e);
}
