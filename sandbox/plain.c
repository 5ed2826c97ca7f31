/* sandbox/plain.c — the handlers shared by all kinds of sandbox/plain.h. */
#include "sandbox/plain.h"

#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

/* Variables, which belong to no module, do not say who made them (both OpenAPI editions). */
static void stamp(struct call *c, const struct plain *p, json_t *o, bool created)
{
    if (p->module == MODULE_NONE) {
        return;
    }
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    AUTO_JSON json_t *me = org_me(c->s);
    json_object_del(me, "email");
    if (created) {
        js_set_str(o, "created_time", now);
        json_object_set(o, "created_by", me);
    }
    js_set_str(o, "modified_time", now);
    json_object_set(o, "modified_by", me);
}

static json_t *body_module(struct call *c, json_t *body, bool create, const char *base)
{
    json_t *m = json_object_get(body, "module");
    if (!m) {
        return create ? error_missing("%s.module", base) : NULL;
    }
    AUTO_FREE char *path = mem_printf("%s.module", base);
    json_t *bad = ref_complete(c->st, m, "modules", NULL, path);
    json_object_del(m, "name");
    return bad;
}

static json_t *name_taken(struct call *c, const struct plain *p, const char *module, const json_t *body,
                          const char *but_id, const char *base)
{
    static const char *const keys[] = {"api_name", "name"};
    for (size_t i = 0; p->unique_name && i < 2; i++) {
        const char *v = js_str(body, keys[i]);
        AUTO_JSON json_t *same = !v                             ? NULL
                                 : strcmp(keys[i], "name") == 0 ? config_by_name(c->st, p->kind, module, v)
                                                                : config_by_api(c->st, p->kind, module, v);
        if (same && strcmp(js_str_or(same, "id", ""), but_id) != 0) {
            return item_error("DUPLICATE_DATA", "the name is taken", at("%s.%s", base, keys[i]));
        }
    }
    return NULL;
}

json_t *plain_ref(struct call *c, json_t *body, const char *key, const char *kind, const char *module, const char *base)
{
    AUTO_FREE char *path = mem_printf("%s.%s", base, key);
    json_t *v = json_object_get(body, key);
    return v && !json_is_null(v) ? ref_complete(c->st, v, kind, module, path) : NULL;
}

json_t *plain_make(struct call *c, const struct plain *p, const char *module, const json_t *in, const char *base)
{
    AUTO_JSON json_t *o = json_object();
    json_t *bad = shape_take(p->shape, in, o, true, base);
    if (!bad && p->module == MODULE_BODY) {
        bad = body_module(c, o, true, base);
        module = js_str(js_obj(o, "module"), "api_name");
    }
    bad = bad ? bad : name_taken(c, p, module, o, "", base);
    if (!bad && p->complete) {
        bad = p->complete(c, module, o, NULL, base);
    }
    if (bad) {
        return bad;
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    js_set_str(o, "id", id);
    stamp(c, p, o, true);
    config_put(c->st, p->kind, module, o);
    return item_ok(id, "created successfully");
}

json_t *plain_change(struct call *c, const struct plain *p, const char *id, const json_t *in, const char *base)
{
    AUTO_JSON json_t *o = id ? config_by_id(c->st, p->kind, NULL, id) : NULL;
    if (!o) {
        return id ? error_invalid(NULL, "%s.id", base) : error_missing("%s.id", base);
    }
    AUTO_JSON json_t *out = json_object();
    AUTO_FREE char *stored = config_module_of(c->st, p->kind, id);
    const char *module = stored && *stored ? stored : NULL;
    json_t *bad = shape_take(p->shape, in, out, false, base);
    if (!bad && p->module == MODULE_BODY) {
        bad = body_module(c, out, false, base);
    }
    bad = bad ? bad : name_taken(c, p, module, out, id, base);
    AUTO_JSON json_t *before = json_deep_copy(o);
    json_object_update(o, out);
    if (!bad && p->complete) {
        bad = p->complete(c, module, o, before, base);
    }
    if (bad) {
        return bad;
    }
    stamp(c, p, o, false);
    config_put(c->st, p->kind, module, o);
    return item_ok(id, "updated successfully");
}

/* The module the query names; 0 when there is none to name. */
static int query_module(struct call *c, const struct plain *p, json_t **m)
{
    *m = NULL;
    if (p->module == MODULE_QUERY || (p->module == MODULE_BODY && call_query(c, "module"))) {
        *m = call_module(c);
        return *m ? 0 : -1;
    }
    return 0;
}

void plain_list(struct call *c)
{
    const struct plain *p = c->route->arg;
    AUTO_JSON json_t *m = NULL;
    if (query_module(c, p, &m)) {
        return;
    }
    json_t *all = config_list(c->st, p->kind, js_str(m, "api_name"));
    if (p->paged) {
        answer_page(c, p->envelope, all);
    } else {
        answer_list(c, p->envelope, all);
    }
}

void plain_one(struct call *c)
{
    const struct plain *p = c->route->arg;
    json_t *o = config_by_id(c->st, p->kind, NULL, c->param[0]);
    if (!o && p->module == MODULE_NONE) { /* variables are also found by api_name */
        o = config_by_api(c->st, p->kind, NULL, c->param[0]);
    }
    if (!o) {
        answer_error(c, 400, "INVALID_DATA", "there is no such object", json_pack("{s:i}", "resource_path_index", 2));
        return;
    }
    answer_list(c, p->envelope, json_pack("[o]", o));
}

void plain_create(struct call *c)
{
    const struct plain *p = c->route->arg;
    AUTO_JSON json_t *m = NULL;
    if ((p->gate && p->gate(c)) || (p->module == MODULE_QUERY && query_module(c, p, &m))) {
        return;
    }
    json_t *items = call_items(c, p->envelope, p->per_post), *results = json_array(), *in;
    size_t i;
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.%s[%zu]", p->envelope, i);
        json_array_append_new(results, plain_make(c, p, js_str(m, "api_name"), in, base));
    }
    answer_results(c, p->created, p->envelope, results);
}

void plain_update(struct call *c)
{
    const struct plain *p = c->route->arg;
    if (p->gate && p->gate(c)) {
        return;
    }
    json_t *items = call_items(c, p->envelope, c->param[0] ? 1 : p->per_post), *results = json_array(), *in;
    size_t i;
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.%s[%zu]", p->envelope, i);
        json_array_append_new(results, plain_change(c, p, c->param[0] ? c->param[0] : js_str(in, "id"), in, base));
    }
    answer_results(c, 200, p->envelope, results);
}

bool plain_in_use(struct store *st, const char *id)
{
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", id);
    sqlite3_stmt *q =
        store_q(st,
                "SELECT 1 FROM config WHERE id<>?2 AND kind IN ('workflow_rules','blueprints','email_notifications',"
                "'automation_functions','validation_rules') AND body LIKE ?1",
                "si", like, (int64_t)strtoll(id, NULL, 10));
    bool used = false;
    while (store_row(st, q)) {
        used = true;
    }
    return used;
}

static json_t *remove_one(struct call *c, const struct plain *p, const char *id)
{
    AUTO_JSON json_t *o = config_by_id(c->st, p->kind, NULL, id);
    if (!o) {
        return item_error("INVALID_DATA", "there is no such object", json_pack("{s:s}", "id", id));
    }
    if (plain_in_use(c->st, id)) {
        return item_error("NOT_ALLOWED", "it is in use", json_pack("{s:s}", "id", id));
    }
    config_remove(c->st, p->kind, id);
    return item_ok(id, "deleted successfully");
}

void plain_delete(struct call *c)
{
    const struct plain *p = c->route->arg;
    const char *ids = c->param[0] ? c->param[0] : call_query(c, "ids");
    if (p->gate && p->gate(c)) {
        return;
    }
    if (!ids) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "the parameter ids is missing",
                     json_pack("{s:s}", "param_name", "ids"));
        return;
    }
    json_t *results = json_array();
    for (const char *q = ids; *q;) {
        size_t n = strcspn(q, ",");
        AUTO_FREE char *id = mem_dupn(q, n);
        json_array_append_new(results, remove_one(c, p, id));
        q += n + (q[n] == ',');
    }
    if (json_array_size(results) > LIM_IDS_PER_SETTINGS_DELETE) {
        json_decref(results);
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many ids",
                     json_pack("{s:s,s:i}", "param_name", "ids", "limit", LIM_IDS_PER_SETTINGS_DELETE));
        return;
    }
    answer_results(c, 200, p->envelope, results);
}
