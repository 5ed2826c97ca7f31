/*
 * sandbox/function.c — functions: catalogue, source download, multipart create and update, delete. Deluge is live at save.
 * Source: zoho-api.md 1.12; an existing name gives name1 (6.8). Sources are kept, not compiled, in this slice.
 */
#include "sandbox/function.h"

#include "base/text.h"
#include "sandbox/field.h"
#include "sandbox/limits.h"
#include "sandbox/multipart.h"
#include "sandbox/plain.h"
#include "sandbox/route.h"

static const char categories[] = "Automation|Button|Schedule|Related List|Signals|Validation Rule|Standalone";
static const struct shape shape[] = {{"name", TEXT, true, 0, NULL},
                                     {"api_name", TEXT, false, 0, NULL},
                                     {"display_name", TEXT, false, 0, NULL},
                                     {"category", TEXT, true, 0, NULL},
                                     {"runtime", TEXT, false, 0, NULL},
                                     {"language", TEXT, false, 0, NULL},
                                     {"description", TEXT, false, 0, NULL},
                                     {"rest_api_mode", ANY, false, 0, NULL},
                                     {"arguments", ANY, false, 0, NULL},
                                     {"return_type", TEXT, false, 0, NULL},
                                     {0}};

/* The category as Zoho spells it, whatever the case or the underscore sent; NULL when there is none. */
static char *category(const char *given)
{
    AUTO_JSON json_t *all = choices(categories);
    AUTO_FREE char *plain = mem_dup(given);
    for (char *p = plain; *p; p++) {
        *p = *p == '_' ? ' ' : *p;
    }
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *one = json_string_value(json_array_get(all, i));
        if (text_casecmp(one, plain) == 0) {
            return mem_dup(one);
        }
    }
    return NULL;
}

static void save_source(struct call *c, const char *id, const char *source)
{
    AUTO_FREE char *key = mem_printf("function_source/%s", id);
    store_set_meta(c->st, key, source);
}

static char *free_name(struct call *c, const char *wanted)
{
    char *api = mem_dup(wanted);
    for (int n = 1;; n++) {
        AUTO_JSON json_t *taken = config_by_api(c->st, "functions", NULL, api);
        if (!taken) {
            return api;
        }
        free(api);
        api = mem_printf("%s%d", wanted, n);
    }
}

static void stamp(struct call *c, json_t *f, bool created)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    if (created) {
        js_set_str(f, "created_time", now);
        js_set(f, "created_by", org_me(c->s));
    }
    js_set_str(f, "modified_time", now);
    js_set(f, "modified_by", org_me(c->s));
}

json_t *function_make(struct call *c, const json_t *metadata, const char *source, const char *base)
{
    AUTO_JSON json_t *f = json_object();
    json_t *bad = shape_take(shape, metadata, f, true, base);
    AUTO_FREE char *cat = bad ? NULL : category(js_str(f, "category"));
    if (!bad && !cat) {
        bad = error_choice(categories, "%s.category", base);
    }
    if (!bad && config_count(c->st, "functions", NULL) >= LIM_FUNCTIONS_PER_ORG) {
        bad = item_error("LIMIT_EXCEEDED", "too many functions", json_pack("{s:i}", "limit", LIM_FUNCTIONS_PER_ORG));
    }
    if (bad) {
        return bad;
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    AUTO_FREE char *wanted = js_str(f, "api_name") ? mem_dup(js_str(f, "api_name")) : field_api_name(js_str(f, "name"));
    AUTO_FREE char *api = free_name(c, wanted);
    js_set_str(f, "id", id);
    js_set_str(f, "api_name", api);
    js_set_str(f, "category", cat);
    js_set_str(f, "runtime", js_str_or(f, "runtime", "Deluge 1.0"));
    js_set_str(f, "display_name", js_str_or(f, "display_name", js_str(f, "name")));
    js_set_str(f, "description", js_str(f, "description"));
    stamp(c, f, true);
    config_put(c->st, "functions", NULL, f);
    save_source(c, id, source);
    return item_ok(id, "function created successfully");
}

json_t *function_change(struct call *c, const char *id, const json_t *metadata, const char *source, const char *base)
{
    AUTO_JSON json_t *f = config_any(c->st, "functions", NULL, id);
    AUTO_JSON json_t *out = json_object();
    if (!f) {
        return item_error("INVALID_DATA", "there is no such function", json_pack("{s:i}", "resource_path_index", 2));
    }
    json_t *bad = metadata ? shape_take(shape, metadata, out, false, base) : NULL;
    static const char *const fixed[] = {"api_name", "runtime", "category"};
    for (size_t i = 0; !bad && i < 3; i++) {
        const char *now = js_str(out, fixed[i]), *was = js_str_or(f, fixed[i], "");
        AUTO_FREE char *cat = now && i == 2 ? category(now) : NULL;
        if (now && strcmp(cat ? cat : now, was) != 0) {
            bad =
                item_error("NOT_ALLOWED", "this property of a function cannot be changed", at("%s.%s", base, fixed[i]));
        }
        json_object_del(out, fixed[i]);
    }
    if (bad) {
        return bad;
    }
    json_object_update(f, out);
    stamp(c, f, false);
    config_put(c->st, "functions", NULL, f);
    if (source) {
        save_source(c, js_str(f, "id"), source);
    }
    return item_ok(js_str(f, "id"), "function updated successfully");
}

static bool refused(struct call *c)
{
    if (c->s->on[SWITCH_functions]) {
        answer_error(c, 403, "FEATURE_NOT_SUPPORTED", "the feature is not in this edition", NULL);
    }
    return c->answered;
}

static void missing_part(struct call *c, const char *name)
{
    answer_error(c, 400, "EXPECTED_PARAM_MISSING", "a part of the request is missing",
                 json_pack("{s:s}", "param_name", name));
}

/* Both parts of the request: *metadata (new reference, may stay NULL on update) and *source. -1 = answered. */
static int parts(struct call *c, bool create, json_t **metadata, char **source)
{
    struct part meta, code;
    const char *type = call_header(c, "content-type");
    bool has_meta = multipart_find(type, c->body, c->body_len, "metadata", &meta);
    bool has_code = multipart_find(type, c->body, c->body_len, "code", &code);
    if ((create && !has_meta) || (!has_meta && !has_code)) {
        missing_part(c, "metadata");
        return -1;
    }
    if (create && !has_code) {
        missing_part(c, "code");
        return -1;
    }
    size_t n = has_code ? strlen(code.filename) : 0;
    if (has_code && (n < 4 || strcmp(code.filename + n - 3, ".ds") != 0)) {
        answer_error(c, 415, "INVALID_FILE_EXTENSION", "a Deluge file ends in .ds",
                     json_pack("{s:s}", "param_name", "code"));
        return -1;
    }
    AUTO_JSON json_t *doc = has_meta ? json_loadb(meta.data, meta.len, 0, NULL) : NULL;
    json_t *first = json_array_get(js_arr(doc, "functions"), 0);
    if (has_meta && !json_is_object(first)) {
        answer_error(c, 400, "INVALID_DATA", "the metadata is not {\"functions\":[{…}]}", at("$.functions"));
        return -1;
    }
    *metadata = json_incref(first);
    *source = has_code ? mem_dupn(code.data, code.len) : NULL;
    return 0;
}

static void create(struct call *c)
{
    AUTO_JSON json_t *meta = NULL;
    AUTO_FREE char *source = NULL;
    if (!refused(c) && parts(c, true, &meta, &source) == 0) {
        answer_results(c, 201, "functions", json_pack("[o]", function_make(c, meta, source, "$.functions[0]")));
    }
}

static void update(struct call *c)
{
    AUTO_JSON json_t *meta = NULL;
    AUTO_FREE char *source = NULL;
    if (!refused(c) && parts(c, false, &meta, &source) == 0) {
        answer_results(c, 200, "functions",
                       json_pack("[o]", function_change(c, c->param[0], meta, source, "$.functions[0]")));
    }
}

static void list(struct call *c)
{
    answer_page(c, "functions", config_list(c->st, "functions", NULL));
}

static json_t *by_path(struct call *c)
{
    json_t *f = config_any(c->st, "functions", NULL, c->param[0]);
    if (!f) {
        answer_error(c, 404, "RESOURCE_NOT_FOUND", "there is no such function",
                     json_pack("{s:i}", "resource_path_index", 2)); /* zoho-api.md 4.2 */
    }
    return f;
}

static void one(struct call *c)
{
    json_t *f = by_path(c);
    if (f) {
        answer_list(c, "functions", json_pack("[o]", f));
    }
}

static void code(struct call *c)
{
    AUTO_JSON json_t *f = by_path(c);
    if (f) {
        AUTO_FREE char *key = mem_printf("function_source/%s", js_str_or(f, "id", ""));
        AUTO_FREE char *source = store_meta(c->st, key);
        answer_text(c, "text/plain;charset=UTF-8", source ? source : "");
    }
}

static void delete_one(struct call *c)
{
    AUTO_JSON json_t *f = refused(c) ? NULL : by_path(c);
    if (!f) {
        return;
    }
    const char *id = js_str_or(f, "id", "");
    bool used = plain_in_use(c->st, id);
    if (!used) {
        AUTO_FREE char *key = mem_printf("function_source/%s", id);
        store_do(c->st, "DELETE FROM meta WHERE key=?1", "s", key);
        config_remove(c->st, "functions", id);
    }
    answer_results(c, 200, "functions",
                   json_pack("[o]", used ? item_error("CANNOT_PERFORM_ACTION", "the function is associated",
                                                      json_pack("{s:s}", "id", id))
                                         : item_ok(id, "function deleted successfully")));
}

#define FUNCTIONS "/crm/v8/settings/functions"
static const struct route rows[] = {
    {"GET", FUNCTIONS, "ZohoCRM.settings.functions", 1, list, NULL},
    {"POST", FUNCTIONS, "ZohoCRM.settings.functions", 1, create, NULL},
    {"GET", FUNCTIONS "/{api_name}/code", "ZohoCRM.settings.functions", 1, code, NULL},
    {"GET", FUNCTIONS "/{api_name}", "ZohoCRM.settings.functions", 1, one, NULL},
    {"PUT", FUNCTIONS "/{api_name}", "ZohoCRM.settings.functions", 1, update, NULL},
    {"DELETE", FUNCTIONS "/{api_name}", "ZohoCRM.settings.functions", 1, delete_one, NULL},
};
ROUTE_TABLE(routes_function, rows);
