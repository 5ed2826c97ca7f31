/* sandbox/config.c — settings objects in the config table: Zoho's JSON plus the columns it is searched by. */
#include "sandbox/store.h"

static const char *name_of(const json_t *body)
{
    static const char *const keys[] = {"name", "field_label", "display_label", "plural_label", "full_name"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *t = js_str(body, keys[i]);
        if (t) {
            return t;
        }
    }
    return NULL;
}

void config_put(struct store *st, const char *kind, const char *module, const json_t *body)
{
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    const char *id = js_str_or(body, "id", "0");
    store_do(
        st,
        "INSERT INTO config(id,kind,module,api_name,name,body) VALUES(?1,?2,?3,?4,?5,?6) ON CONFLICT(id) DO UPDATE SET "
        "module=excluded.module, api_name=excluded.api_name, name=excluded.name, body=excluded.body",
        "isssss", (int64_t)strtoll(id, NULL, 10), kind, module, js_str(body, "api_name"), name_of(body), text);
}

json_t *config_list(struct store *st, const char *kind, const char *module)
{
    json_t *out = json_array();
    sqlite3_stmt *q =
        module ? store_q(st, "SELECT body FROM config WHERE kind=?1 AND module=?2 ORDER BY id", "ss", kind, module)
               : store_q(st, "SELECT body FROM config WHERE kind=?1 ORDER BY id", "s", kind);
    while (store_row(st, q)) {
        json_array_append_new(out, store_json(q, 0));
    }
    return out;
}

json_t *config_shared(struct store *st, const char *kind, const char *module)
{
    AUTO_FREE char *key = mem_printf("%s/%s", kind, module ? module : "");
    json_t *list = json_object_get(st->shared, key);
    if (!list) {
        list = config_list(st, kind, module);
        st->shared = st->shared ? st->shared : json_object();
        js_set(st->shared, key, list);
    }
    return json_incref(list);
}

static json_t *first(struct store *st, sqlite3_stmt *q)
{
    json_t *out = NULL;
    while (store_row(st, q)) {
        if (!out) {
            out = store_json(q, 0);
        }
    }
    return out;
}

static int64_t number(const char *id)
{
    char *end = NULL;
    long long v = id ? strtoll(id, &end, 10) : 0;
    return id && end != id && *end == '\0' ? (int64_t)v : 0;
}

json_t *config_by_id(struct store *st, const char *kind, const char *module, const char *id)
{
    return first(st, store_q(st, "SELECT body FROM config WHERE id=?1 AND kind=?2 AND (?3 IS NULL OR module=?3)", "iss",
                             number(id), kind, module));
}

json_t *config_by_api(struct store *st, const char *kind, const char *module, const char *api_name)
{
    return first(
        st,
        store_q(st, "SELECT body FROM config WHERE kind=?1 AND api_name=?2 AND (?3 IS NULL OR module=?3) ORDER BY id",
                "sss", kind, api_name, module));
}

json_t *config_by_name(struct store *st, const char *kind, const char *module, const char *name)
{
    return first(
        st, store_q(st, "SELECT body FROM config WHERE kind=?1 AND name=?2 AND (?3 IS NULL OR module=?3) ORDER BY id",
                    "sss", kind, name, module));
}

json_t *config_any(struct store *st, const char *kind, const char *module, const char *what)
{
    if (!what) {
        return NULL;
    }
    json_t *found = config_by_id(st, kind, module, what);
    if (!found) {
        found = config_by_api(st, kind, module, what);
    }
    return found ? found : config_by_name(st, kind, module, what);
}

char *config_module_of(struct store *st, const char *kind, const char *id)
{
    char *out = NULL;
    sqlite3_stmt *q = store_q(st, "SELECT module FROM config WHERE id=?1 AND kind=?2", "is", number(id), kind);
    while (store_row(st, q)) {
        out = mem_dup(store_text(q, 0));
    }
    return out;
}

bool config_remove(struct store *st, const char *kind, const char *id)
{
    return store_do(st, "DELETE FROM config WHERE id=?1 AND kind=?2", "is", number(id), kind) > 0;
}

int64_t config_count(struct store *st, const char *kind, const char *module)
{
    int64_t n = 0;
    sqlite3_stmt *q =
        store_q(st, "SELECT count(*) FROM config WHERE kind=?1 AND (?2 IS NULL OR module=?2)", "ss", kind, module);
    while (store_row(st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    return n;
}
