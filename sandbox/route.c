/* sandbox/route.c — from a request line to its handler: table, token, scope, credits, transaction, counting. */
#include "sandbox/route.h"

#include <ctype.h>

#include "sandbox/access.h"
#include "sandbox/automation.h"
#include "sandbox/grant.h"
#include "sandbox/module.h"
#include "sandbox/service.h"
#include "sandbox/strike.h"

enum { COUNTED_PATHS = 1000 }; /* further ones are counted as "other" */

static const struct route_table *const tables[] = {
    &routes_oauth,         &routes_consent,        &routes_org,
    &routes_module,        &routes_field,          &routes_picklist,
    &routes_layout,        &routes_single,         &routes_mapping,
    &routes_pipeline,      &routes_assign_rule,    &routes_user,
    &routes_configuration, &routes_action,         &routes_variable,
    &routes_locking,       &routes_template,       &routes_validation,
    &routes_plain,         &routes_people,         &routes_workflow,
    &routes_function,      &routes_blueprint,      &routes_view,
    &routes_coql,          &routes_process,        &routes_composite,
    &routes_upload,        &routes_bulk_read,      &routes_bulk_write,
    &routes_tag,           &routes_tag_use,        &routes_tag_record,
    &routes_mass,          &routes_attachment,     &routes_record,
    &routes_related,       &routes_salesiq,        &routes_salesiq_webhook,
    &routes_finance,       &routes_inventory_item, &routes_inventory_composite,
};

size_t route_count(void)
{
    size_t n = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        n += tables[i]->n;
    }
    return n;
}

const struct route *route_at(size_t i)
{
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        if (i < tables[t]->n) {
            return &tables[t]->row[i];
        }
        i -= tables[t]->n;
    }
    return NULL;
}

/* First parts of paths that are no module, so that a wrong path below them is a wrong path and not a wrong module. */
static bool reserved(const char *segment, size_t len)
{
    static const char *const names[] = {
        "settings", "org", "users", "coql", "functions", "files", "actions", "upload", "workflow_configurations"};
    bool hit = *segment == '_';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        hit = hit || (strlen(names[i]) == len && strncmp(names[i], segment, len) == 0);
    }
    return hit;
}

/* Matches and, with params, copies what the wildcards took. */
static bool matches(const char *pattern, const char *path, char **params)
{
    int n = 0;
    while (*pattern && *path) {
        if (*pattern == '{') {
            size_t len = strcspn(path, "/");
            bool digits = strncmp(pattern, "{record}", 8) == 0 && strspn(path, "0123456789") != len;
            if (len == 0 || n == CALL_PARAMS || digits ||
                (strncmp(pattern, "{Module}", 8) == 0 && reserved(path, len))) {
                return false;
            }
            if (params) {
                params[n] = mem_dupn(path, len);
            }
            n++;
            path += len;
            pattern += strcspn(pattern, "}") + 1;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *pattern == '\0' && *path == '\0';
}

/* Older versions of the same paths are served as v8 is, answers and all (docs/CONFORMANCE.md). Caller frees. */
static char *as_v8(const char *path, bool *older)
{
    static const char *const versions[] = {"v2", "v2.1", "v3", "v4", "v5", "v6", "v7"};
    for (size_t i = 0; strncmp(path, "/crm/", 5) == 0 && i < sizeof versions / sizeof *versions; i++) {
        size_t n = strlen(versions[i]);
        if (strncmp(path + 5, versions[i], n) == 0 && path[5 + n] == '/') {
            *older = true;
            return mem_printf("/crm/v8%s", path + 5 + n);
        }
    }
    return mem_dup(path);
}

static const struct route *find(struct call *c, bool *other_method, bool *older)
{
    const struct route *r;
    AUTO_FREE char *path = as_v8(c->path, older);
    for (size_t i = 0; (r = route_at(i)); i++) {
        if (!matches(r->pattern, path, NULL)) {
            continue;
        }
        if (strcmp(r->method, c->method) == 0) {
            matches(r->pattern, path, c->param);
            return r;
        }
        *other_method = true;
    }
    return NULL;
}

void route_count_call(json_t *counters, const char *method, const char *what)
{
    bool full = json_object_size(counters) >= COUNTED_PATHS;
    AUTO_FREE char *key = mem_printf("%s %s", method, what);
    if (full && !json_object_get(counters, key)) {
        free(key);
        key = mem_dup("other");
    }
    js_set_int(counters, key, js_int(counters, key, 0) + 1);
}

static const char *operation(const char *method)
{
    return strcmp(method, "GET") == 0      ? "READ"
           : strcmp(method, "POST") == 0   ? "CREATE"
           : strcmp(method, "DELETE") == 0 ? "DELETE"
                                           : "UPDATE";
}

/* One part of a row's scope, n characters of it. */
static char *needed_scope(const struct call *c, const char *part, size_t n)
{
    bool fixed = n > 2 && strncmp(part + n - 2, ".=", 2) == 0;
    AUTO_FREE char *stem = mem_dupn(part, fixed ? n - 2 : n);
    AUTO_JSON json_t *m = c->param[0] ? module_get(c->s ? &c->s->store : c->st, c->param[0]) : NULL;
    const char *brace = strchr(stem, '{'), *rest = brace ? strchr(brace, '}') + 1 : "";
    return mem_printf("%.*s%s%s%s%s", brace ? (int)(brace - stem) : (int)strlen(stem), stem,
                      brace ? js_str_or(m, "api_name", c->param[0]) : "", rest, fixed ? "" : ".",
                      fixed ? "" : operation(c->method));
}

/* One granted scope against the needed one: equal, or the granted stem (with the same operation or ALL) is a prefix of
 * it. settings.ALL does not reach blueprint and functions (zoho-api.md 1.2). */
static bool covers(const char *granted, size_t n, const char *need)
{
    const char *need_op = strrchr(need, '.');
    size_t stem = n;
    while (stem > 0 && granted[stem - 1] != '.') {
        stem--;
    }
    if (!need_op || stem == 0) {
        return false;
    }
    size_t op = n - stem;
    bool op_fits = (op == 3 && strncmp(granted + stem, "ALL", 3) == 0) ||
                   (op == strlen(need_op + 1) && strncmp(granted + stem, need_op + 1, op) == 0);
    if (!op_fits || strncmp(granted, need, stem) != 0) {
        return op_fits && strlen(need) == n && strncmp(granted, need, n) == 0;
    }
    static const char settings[] = "ZohoCRM.settings.";
    bool whole_settings = stem == sizeof settings - 1 && strncmp(granted, settings, stem) == 0;
    return !whole_settings || (strncmp(need + stem, "blueprint", 9) != 0 && strncmp(need + stem, "functions", 9) != 0);
}

static bool covered(const char *scopes, const char *need)
{
    for (const char *p = scopes; *p;) {
        size_t n = strcspn(p, ",");
        if (covers(p, n, need) || (strlen(need) == n && strncmp(p, need, n) == 0)) {
            return true;
        }
        p += n + (p[n] == ',');
    }
    return false;
}

/* A module's records go by its api_name, by the documented name (salesorders) or, for modules people made, by "custom" (DOC:scopes). */
static bool granted(const struct call *c, const char *need)
{
    static const char modules[] = "ZohoCRM.modules.";
    const char *module = need + sizeof modules - 1, *op = strrchr(need, '.');
    if (covered(c->scopes, need) || strncmp(need, modules, sizeof modules - 1) != 0 || op < module) {
        return covered(c->scopes, need);
    }
    AUTO_FREE char *name = mem_dupn(module, (size_t)(op - module));
    AUTO_JSON json_t *m = module_get(c->s ? &c->s->store : c->st, name);
    char *to = name;
    for (const char *p = name; *p; p++) {
        if (*p != '_') {
            *to++ = (char)tolower((unsigned char)*p);
        }
    }
    *to = '\0';
    bool custom = strcmp(js_str_or(m, "generated_type", ""), "custom") == 0;
    AUTO_FREE char *documented = mem_printf("%s%s%s", modules, custom ? "custom" : name, op);
    return covered(c->scopes, documented);
}

bool route_granted(const struct call *c, const char *need)
{
    return c->person || !c->scopes || granted(c, need);
}

/* "Bearer" too: token_type says so, and clients that live on it send it (tests/peers). NULL: neither. */
static const char *bearer(const char *header)
{
    static const char *const prefixes[] = {"Zoho-oauthtoken ", "Bearer "};
    for (size_t i = 0; header && i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(header, prefixes[i], n) == 0) {
            return header + n;
        }
    }
    return NULL;
}

static bool authorised(struct call *c)
{
    if (!c->route->scope) {
        return true;
    }
    const char *token = bearer(call_header(c, "authorization"));
    if (!token) {
        answer_error(c, 401, "AUTHENTICATION_FAILURE", "Authentication failed", NULL);
        return false;
    }
    AUTO_FREE char *user = NULL;
    if (!grant_of_token(c->s, token, &user, &c->scopes)) {
        answer_error(c, 401, "INVALID_TOKEN", "invalid oauth token", NULL);
        return false;
    }
    snprintf(c->s->actor, sizeof c->s->actor, "%s", user);
    for (const char *p = c->route->scope; *p;) {
        size_t n = strcspn(p, "&");
        AUTO_FREE char *need = needed_scope(c, p, n);
        if (!granted(c, need)) {
            answer_error(c, 401, "OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL", NULL);
            return false;
        }
        p += n + (p[n] == '&');
    }
    return true;
}

static bool affordable(struct call *c)
{
    if (c->route->scope && service_of(c->path) == SERVICE_CRM &&
        org_credits_used(c->s) + c->route->credits > org_credit_limit(c->s)) {
        answer_error(c, 429, "TOO_MANY_REQUESTS", "the credits of the last 24 hours are used up", NULL);
        return false;
    }
    return true;
}

static bool has_room(struct call *c)
{
    if (c->place && c->place->refused) {
        answer_error(c, 429, "TOO_MANY_REQUESTS", "too many calls at once", NULL);
    }
    return !c->answered;
}

static bool weighed(struct call *c)
{
    if (c->place && crowd_heavy(c->method, c->path, false, c->json)) {
        crowd_weigh(c->s, c->place);
    }
    return has_room(c);
}

/* Zoho's own samples send JSON with curl -d, which calls it a form (v8/insert-records, v8/COQL-Overview): only sign-in takes
   forms of that kind, everywhere else the body is read as JSON whatever it is called. */
static bool is_form(const struct call *c)
{
    const char *type = call_header(c, "content-type");
    return type && (strstr(type, "multipart/") || (strstr(type, "x-www-form") && !c->route->scope));
}

static bool parsed(struct call *c)
{
    if (c->body_len == 0 || strcmp(c->method, "GET") == 0 || is_form(c)) {
        return true;
    }
    json_error_t je;
    c->json = json_loadb(c->body, c->body_len, JSON_DECODE_ANY, &je);
    if (!json_is_object(c->json)) {
        json_t *d = json_pack("{s:s}", "expected_data_type", "jsonobject");
        answer_error(c, 400, "INVALID_DATA", "the body is not a JSON object", d);
        return false;
    }
    return true;
}

static void no_such_path(struct call *c, bool other_method)
{
    answer_error(c, other_method ? 405 : 404, other_method ? "INVALID_REQUEST_METHOD" : "INVALID_URL_PATTERN",
                 other_method ? "The http request method type is not a valid one"
                              : "Please check if the URL trying to access is a correct one",
                 NULL);
}

void route_inner(struct call *c)
{
    bool other = false, older = false;
    c->route = find(c, &other, &older);
    if (c->route) {
        c->route->handler(c);
    } else {
        no_such_path(c, other);
    }
}

static void run(struct call *c)
{
    bool other = false, older = false;
    c->route = find(c, &other, &older);
    if (!c->route) {
        route_count_call(c->s->unknown, c->method, c->path);
        no_such_path(c, other);
        return;
    }
    route_count_call(c->s->by_path, c->method, c->route->pattern);
    if (!authorised(c) || !has_room(c) || !affordable(c) || !access_setup(c)) {
        return;
    }
    if (older && strstr(c->route->pattern, "/settings/automation/")) { /* zoho-api.md 0.3: only v8 and later [C2] */
        answer_error(c, 400, "API_NOT_SUPPORTED", "this version of the API does not have it",
                     json_pack("{s:i}", "supported_version", 8));
    } else if (parsed(c) && weighed(c)) {
        strike_body(c);
        c->route->handler(c);
    }
    if (c->route->scope && !(c->place && c->place->refused)) {
        org_spend(c->s, c->route->credits + c->extra_credits);
    }
}

void route_sub(struct call *c)
{
    bool other = false, older = false;
    c->route = find(c, &other, &older);
    if (!c->route) {
        route_count_call(c->s->unknown, c->method, c->path);
        no_such_path(c, other);
        return;
    }
    route_count_call(c->s->by_path, c->method, c->route->pattern);
    if (authorised(c) && access_setup(c) && parsed(c)) {
        c->route->handler(c);
    }
    if (!c->answered) {
        answer_error(c, 500, "INTERNAL_ERROR", "the sandbox left this call unanswered", NULL);
    }
}

static void note_credits(struct call *c)
{
    int64_t limit = org_credit_limit(c->s), used = org_credits_used(c->s);
    bool of_crm = c->route && c->route->scope && service_of(c->path) == SERVICE_CRM;
    if (of_crm && used * 2 >= limit) { /* zoho-api.md 4.1: only once half is used */
        js_set_strf(c->out_headers, "X-API-CREDITS-REMAINING", "%lld", (long long)(limit > used ? limit - used : 0));
    }
}

/* Commits, or says that the store failed. A refused request leaves nothing behind. */
static void settle(struct call *c, bool writes)
{
    struct err e = c->st->e;
    if (writes && (c->status >= 400 || !strike_keeps(c))) {
        store_rollback(c->st);
        return;
    }
    if (writes) {
        counters_save(c->s);
        e = (struct err){0};
        store_commit(c->st, &e);
    }
    if (e.kind != ERR_NONE) {
        c->st->e = (struct err){0};
        strike_status(c, 500);
        js_set_str(c->answer, "message", "the sandbox could not keep this");
        js_set_str(js_obj(c->answer, "details"), "store", e.what);
    }
}

static void serve(struct call *c, bool *drop)
{
    struct sandbox *s = c->s;
    org_refresh(s);
    c->fault = faults_hit(&s->faults, c->method, c->path, c->query);
    s->requests++;
    c->out_headers = json_object();
    if (strike_before(c, drop)) {
        service_shape(c);
        return;
    }
    automation_catch_up(c);
    bool writes = strcmp(c->method, "GET") != 0;
    if (writes) {
        store_begin(c->st);
    }
    run(c);
    s->actor[0] = '\0';
    if (!c->answered) {
        answer_error(c, 500, "INTERNAL_ERROR", "the sandbox left this call unanswered", NULL);
    }
    settle(c, writes);
    strike_reads(c);
    strike_after(c, drop);
    service_shape(c);
    note_credits(c);
}

void route_run(struct call *c, bool *drop)
{
    serve(c, drop);
    if (c->s->counted != c->s->requests) { /* a read, or a write that left nothing */
        counters_keep(c->s);
    }
}
