#include "sandbox/load.h"

#include "sandbox/check.h"
#include "sandbox/org.h"
#include "sandbox/record.h"

enum where { NO_MODULE, IN_NAME, IN_BODY }; /* of the resource's name, or of each object */
static const struct {
    const char *name, *kind;
    enum where module;
} resources[] = {
    {"profiles", "profiles", NO_MODULE},
    {"roles", "roles", NO_MODULE},
    {"users", "users", NO_MODULE},
    {"modules", "modules", NO_MODULE},
    {"fields", "fields", IN_NAME},
    {"layouts", "layouts", IN_NAME},
    {"custom_views", "custom_views", IN_NAME},
    {"related_lists", "related_lists", IN_NAME},
    {"record_locking", "record_locking_configurations", IN_NAME},
    {"validation_rules", "validation_rules", IN_NAME},
    {"global_picklists", "global_picklists", NO_MODULE},
    {"variable_groups", "variable_groups", NO_MODULE},
    {"variables", "variables", NO_MODULE},
    {"functions", "functions", NO_MODULE},
    {"function_wrappers", "automation_functions", IN_BODY},
    {"field_updates", "field_updates", IN_BODY},
    {"tasks", "tasks", IN_BODY},
    {"webhooks", "webhooks", IN_BODY},
    {"email_templates", "email_templates", IN_BODY},
    {"email_notifications", "email_notifications", IN_BODY},
    {"workflow_rules", "workflow_rules", IN_BODY},
    {"assignment_rules", "assignment_rules", IN_BODY},
    {"blueprints", "blueprints", IN_BODY},
};
enum { N_RESOURCES = sizeof resources / sizeof *resources };

static int64_t number(const json_t *o)
{
    const char *id = js_str(o, "id");
    char *end = NULL;
    long long n = id ? strtoll(id, &end, 10) : 0;
    return id && *id && *end == '\0' && n > 0 ? n : 0;
}

/* New ids count on above the highest that came in. */
static void keep_above(struct store *st, int64_t id)
{
    st->next_id = id >= st->next_id ? id + 1 : st->next_id;
}

static int take(struct store *st, size_t row, const char *module, const json_t *list, const char *name, struct err *e)
{
    size_t i;
    json_t *o;
    if (module && resources[row].module == IN_NAME) {
        store_do(st, "DELETE FROM config WHERE kind=?1 AND module=?2", "ss", resources[row].kind, module);
    } else {
        store_do(st, "DELETE FROM config WHERE kind=?1", "s", resources[row].kind);
    }
    json_array_foreach (list, i, o) {
        int64_t id = number(o);
        if (!id) {
            err_set(e, ERR_CONFIG, "an object of the snapshot has no id");
            return err_at(e, "%s[%zu]", name, i);
        }
        store_do(st, "DELETE FROM config WHERE id=?1", "i", id); /* a built-in thing may bear it */
        const char *own = resources[row].module == IN_BODY ? js_str(js_obj(o, "module"), "api_name") : module;
        config_put(st, resources[row].kind, own, o);
        keep_above(st, id);
    }
    return 0;
}

/* Splits "fields/Quotes"; N_RESOURCES when no row fits. */
static size_t row_of(const char *name, const char **module)
{
    size_t n = strcspn(name, "/");
    *module = name[n] ? name + n + 1 : NULL;
    for (size_t i = 0; i < N_RESOURCES; i++) {
        if (strlen(resources[i].name) == n && strncmp(resources[i].name, name, n) == 0 &&
            (resources[i].module == IN_NAME) == (*module != NULL)) {
            return i;
        }
    }
    return N_RESOURCES;
}

static void take_sources(struct store *st, const json_t *snapshot)
{
    const char *name;
    json_t *list;
    json_object_foreach ((json_t *)(uintptr_t)snapshot, name, list) {
        const char *code = js_str(json_array_get(list, 0), "code");
        AUTO_JSON json_t *f =
            strncmp(name, "function_code/", 14) == 0 ? config_by_api(st, "functions", NULL, name + 14) : NULL;
        if (f && code) {
            AUTO_FREE char *key = mem_printf("function_source/%s", js_str_or(f, "id", ""));
            store_set_meta(st, key, code);
        }
    }
}

static json_t *first_named(struct store *st, const char *kind, const char *name)
{
    json_t *o = config_by_name(st, kind, NULL, name);
    if (!o) {
        AUTO_JSON json_t *all = config_list(st, kind, NULL);
        o = json_incref(json_array_get(all, 0));
    }
    return o;
}

static void set_part(json_t *user, const char *key, const json_t *of)
{
    if (of) {
        js_set(user, key, json_pack("{s:s,s:s}", "id", js_str_or(of, "id", ""), "name", js_str_or(of, "name", "")));
    }
}

/* The administrator who acts here is nobody of that org, but has its profile and the first of its roles. Among that org's users it
 * takes an id below theirs, because the first user is who acts. */
static void keep_administrator(struct store *st, json_t *me, bool among_others)
{
    AUTO_JSON json_t *profile = first_named(st, "profiles", "Administrator");
    AUTO_JSON json_t *role = first_named(st, "roles", "CEO");
    set_part(me, "profile", profile);
    set_part(me, "role", role);
    if (among_others) {
        js_set_str(me, "id", "1");
    }
    config_put(st, "users", NULL, me);
}

static void take_org(struct sandbox *s, const json_t *org)
{
    AUTO_JSON json_t *all = json_deep_copy(org_object(s));
    json_object_update_recursive(all, (json_t *)(uintptr_t)org);
    org_set(s, all);
    const char *type = js_str(js_obj(all, "license_details"), "paid_type");
    if (type) {
        store_set_meta(&s->store, "paid_type", type);
    }
}

static int take_all(struct sandbox *s, const json_t *snapshot, struct err *e)
{
    const char *name, *module;
    json_t *list;
    AUTO_JSON json_t *users = config_list(&s->store, "users", NULL);
    AUTO_JSON json_t *me = json_deep_copy(json_array_get(users, 0));
    if (json_array_size(js_arr(snapshot, "org"))) {
        take_org(s, json_array_get(js_arr(snapshot, "org"), 0));
    }
    json_object_foreach ((json_t *)(uintptr_t)snapshot, name, list) {
        size_t row = row_of(name, &module);
        if (row < N_RESOURCES && json_is_array(list) && take(&s->store, row, module, list, name, e)) {
            return -1;
        }
    }
    take_sources(&s->store, snapshot);
    keep_administrator(&s->store, me, js_arr(snapshot, "users") != NULL);
    return 0;
}

int sandbox_load(struct sandbox *s, const json_t *snapshot, struct err *e)
{
    pthread_mutex_lock(&s->lock);
    store_begin(&s->store);
    int rc = take_all(s, snapshot, e);
    if (rc) {
        store_rollback(&s->store);
    } else {
        rc = store_commit(&s->store, e);
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}

/* ---- records ---- */

static json_t *stored(struct store *st, const struct record_module *m, const json_t *in, int depth);

/* Decimals come as text, so that no digit is lost on the way (base/js.h); the store counts with numbers. */
static json_t *stored_value(struct store *st, const json_t *field, json_t *v, int depth)
{
    const char *type = js_str_or(field, "data_type", ""), *text = json_string_value(v);
    const char *module = js_str(js_obj(field, "associated_module"), "module");
    char *end = NULL;
    double d = text ? strtod(text, &end) : 0;
    struct record_module rows;
    if (text && *text && *end == '\0' && one_of("double|currency|percent|formula|rollup_summary", type)) {
        return json_real(d);
    }
    if (!json_is_array(v) || depth > 0 || !module || !record_module_open(st, module, &rows)) {
        return json_incref(v);
    }
    json_t *out = json_array(), *row;
    size_t i;
    json_array_foreach (v, i, row) {
        json_t *one = stored(st, &rows, row, depth + 1);
        js_set_str(one, "id", js_str(row, "id"));
        json_array_append_new(out, one);
    }
    record_module_close(&rows);
    return out;
}

static json_t *stored(struct store *st, const struct record_module *m, const json_t *in, int depth)
{
    json_t *body = json_object(), *v;
    const char *k;
    json_object_foreach ((json_t *)(uintptr_t)in, k, v) {
        if (k[0] != '$' && strcmp(k, "id") != 0 && !json_is_null(v)) {
            js_set(body, k, stored_value(st, json_object_get(m->by_api, k), v, depth));
        }
    }
    return body;
}

static void put_record(struct store *st, const struct record_module *m, const json_t *in)
{
    int64_t id = number(in), created = 0, modified = 0;
    AUTO_JSON json_t *body = stored(st, m, in, 0);
    clock_parse(js_str_or(body, "Created_Time", ""), &created, NULL);
    clock_parse(js_str_or(body, "Modified_Time", ""), &modified, NULL);
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    store_do(st,
             "INSERT INTO record(id,module,created,modified,deleted,body) VALUES(?1,?2,?3,?4,NULL,?5) ON CONFLICT(id) "
             "DO UPDATE SET body=json_patch(body,excluded.body)",
             "isiis", id, m->api, created, modified, text);
    keep_above(st, id);
}

int sandbox_load_records(struct sandbox *s, const char *module, const json_t *records, struct err *e)
{
    struct record_module m;
    size_t i;
    json_t *r;
    pthread_mutex_lock(&s->lock);
    store_begin(&s->store);
    int rc = 0;
    if (!record_module_open(&s->store, module, &m)) {
        rc = err_set(e, ERR_NOT_FOUND, "the snapshot has no module '%s'", module);
        store_rollback(&s->store);
    } else {
        json_array_foreach (records, i, r) {
            if (number(r)) {
                put_record(&s->store, &m, r);
            }
        }
        size_t k;
        json_t *f;
        json_array_foreach (m.fields, k, f) {
            if (record_unique_field(&m, js_str_or(f, "api_name", ""))) {
                record_index_field(&s->store, m.api, js_str_or(f, "api_name", ""));
            }
        }
        record_module_close(&m);
        rc = store_commit(&s->store, e);
    }
    pthread_mutex_unlock(&s->lock);
    return rc;
}
