#include "zoho/crm/kinds.h"

#include "base/text.h"
#include "zoho/limit.h"

#define S  "/crm/v8/settings/"
#define SA "/crm/v8/settings/automation/"
#define Z  "ZohoCRM.settings."

/* Sources: zoho.com/crm/developer/docs/api/v8/<resource> and the OpenAPI files of zoho/crm-oas; email_notification and blueprint are in
 * the documentation only, function_wrapper in neither (unproven: others saw it answer). */
const struct crm_kind crm_kinds[] = {
    {"module", crm_build_plain, S "modules", "POST", Z "modules.CREATE", {S "modules", "modules", "PUT", false, false}},
    {"field", crm_build_field, S "fields", "POST", Z "fields.CREATE", {S "fields", "fields", "PATCH", true, false}},
    {"picklist",
     crm_build_picklist,
     S "fields",
     "PATCH",
     Z "fields.UPDATE",
     {S "fields", "fields", "PATCH", true, false}},
    {"global_picklist",
     crm_build_global_picklist,
     S "global_picklists",
     "POST",
     Z "global_picklist.CREATE",
     {S "global_picklists", "global_picklists", "PATCH", false, false}},
    {"layout_section",
     crm_build_layout_section,
     S "layouts/{id}",
     "PATCH",
     Z "layouts.UPDATE",
     {S "layouts", "layouts", "PATCH", true, false}},
    {"custom_view",
     crm_build_plain,
     S "custom_views",
     "POST",
     Z "custom_views.CREATE",
     {S "custom_views", "custom_views", "PUT", true, false}},
    {"variable",
     crm_build_plain,
     S "variables",
     "POST",
     Z "variables.CREATE",
     {S "variables", "variables", "PUT", false, false}},
    {"record_locking",
     crm_build_plain,
     S "record_locking_configurations",
     "POST",
     Z "record_locking_configurations.CREATE",
     {S "record_locking_configurations", "record_locking_configurations", "PUT", true, true}},
    {"function",
     crm_build_function,
     S "functions",
     "POST",
     Z "functions.CREATE",
     {S "functions", "functions", "PUT", false, false}},
    {"function_wrapper",
     crm_build_plain,
     SA "functions",
     "POST",
     Z "automation_actions.CREATE",
     {SA "functions", "functions", "PUT", false, false}},
    {"field_update",
     crm_build_field_update,
     SA "field_updates",
     "POST",
     Z "automation_actions.CREATE",
     {SA "field_updates", "field_updates", "PUT", false, false}},
    {"email_notification",
     crm_build_plain,
     SA "email_notifications",
     "POST",
     Z "automation_actions.CREATE",
     {SA "email_notifications", "email_notifications", "PUT", false, false}},
    {"workflow_rule",
     crm_build_workflow_rule,
     SA "workflow_rules",
     "POST",
     Z "workflow_rules.CREATE",
     {SA "workflow_rules", "workflow_rules", "PUT", false, true}},
    {"blueprint",
     crm_build_blueprint,
     S "blueprints",
     "POST",
     Z "blueprint.CREATE",
     {S "blueprints", "blueprints", "PUT", false, false}},
    {"records",
     crm_build_records,
     "/crm/v8/{module_api_name}",
     "PUT",
     "ZohoCRM.modules.ALL",
     {"/crm/v8", "data", "PUT", false, false}},
};
const size_t crm_kinds_n = sizeof crm_kinds / sizeof *crm_kinds;

const struct crm_kind *crm_kind_find(const char *name)
{
    for (size_t i = 0; name && i < crm_kinds_n; i++)
        if (strcmp(crm_kinds[i].name, name) == 0)
            return &crm_kinds[i];
    return NULL;
}

json_t *crm_push(json_t *requests, const struct crm_kind *k, const char *method, const char *path, const char *module,
                 const char *retry)
{
    json_t *r = json_object();
    js_set_str(r, "method", method);
    js_set_str(r, "path", path);
    json_t *query = json_object();
    if (module)
        js_set_str(query, "module", module);
    js_set(r, "query", query);
    js_set_str(r, "retry", retry);
    js_set_str(r, "key", k->plain.key);
    js_set_str(r, "scope", k->scope);
    json_array_append_new(requests, r);
    return r;
}

void crm_envelope(json_t *request, const char *key, json_t *object)
{
    json_t *body = json_object();
    json_t *array = json_array();
    json_array_append_new(array, object);
    js_set(body, key, array);
    js_set(request, "body", body);
}

bool crm_is_update(const struct crm_change *c)
{
    return strcmp(c->action, "update") == 0;
}

char *crm_live_id(const struct crm_change *c, struct err *e)
{
    const char *id = js_str(c->live, "id");
    if (id)
        return text_percent_encode(id);
    err_set(e, ERR_BUG, "an update of %s '%.80s' without the live object's id", c->kind, c->name);
    return NULL;
}

int crm_merged_values(const json_t *merged, const json_t *live_values, const char *what, json_t **out, struct err *e)
{
    size_t i;
    size_t k;
    const json_t *live;
    const json_t *sent;
    json_array_foreach (live_values, i, live) {
        const char *id = js_str(live, "id");
        bool kept = !id || strcmp(js_str_or(live, "actual_value", ""), "-None-") == 0;
        json_array_foreach (merged, k, sent) {
            kept = kept || strcmp(js_str_or(sent, "id", ""), id) == 0;
        }
        if (!kept) {
            err_set(e, ERR_REFUSED, "sending these values would drop '%.60s' from %.80s",
                    js_str_or(live, "display_value", "?"), what);
            return err_fix(e, "plan again: somebody added a value meanwhile");
        }
    }
    *out = json_deep_copy(merged);
    return 0;
}

int crm_build_plain(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const struct crm_plain *p = &k->plain;
    const char *module = p->module_query ? c->module : NULL;
    if (c->attempt > 0) /* one request says it all: sending it again says nothing new */
        return 0;
    json_t *object = json_deep_copy(c->body);
    if (!crm_is_update(c)) {
        crm_envelope(crm_push(requests, k, "POST", p->path, module, "create"), p->key, object);
        return 0;
    }
    AUTO_FREE char *id = crm_live_id(c, e);
    if (!id) {
        json_decref(object);
        return -1;
    }
    if (p->id_in_body)
        js_set_str(object, "id", js_str(c->live, "id"));
    AUTO_FREE char *path = mem_printf("%s/%s", p->path, id);
    crm_envelope(crm_push(requests, k, p->update, path, module, "idempotent"), p->key, object);
    return 0;
}

/* True when a key of that name stands anywhere inside. */
static bool holds_key(const json_t *j, const char *name)
{
    const char *key;
    json_t *v;
    size_t i;
    json_object_foreach ((json_t *)(uintptr_t)j, key, v)
        if (strcmp(key, name) == 0 || holds_key(v, name))
            return true;
    json_array_foreach (j, i, v)
        if (holds_key(v, name))
            return true;
    return false;
}

static int price_of(const json_t *request)
{
    struct zoho_request rq = {.method = js_str(request, "method"),
                              .path = js_str(request, "path"),
                              .query = js_obj(request, "query"),
                              .json = js_obj(request, "body")};
    return limit_price(&rq);
}

/* One DELETE by id. The member "tombstone" says why; without it nothing of the sort leaves (zoho/zoho.h). */
static int build_deletion(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    if (!c->tombstone || !kind_deletable(kind_find(c->kind), NULL))
        return err_set(e, ERR_BUG, "a deletion of %s '%.80s' without tombstone", c->kind, c->name);
    if (c->attempt > 0)
        return 0;
    AUTO_FREE char *id = crm_live_id(c, e);
    if (!id)
        return -1;
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    json_t *rq = crm_push(requests, k, "DELETE", path, k->plain.module_query ? c->module : NULL, "idempotent");
    const char *dot = strrchr(k->scope, '.');
    js_set_strf(rq, "scope", "%.*s.DELETE", (int)(dot ? dot - k->scope : 0), k->scope);
    js_set_str(rq, "tombstone", c->tombstone);
    js_set_int(rq, "credits", price_of(rq));
    return 0;
}

int crm_requests(const struct crm_change *c, json_t *requests, struct err *e)
{
    const struct crm_kind *k = crm_kind_find(c->kind);
    if (!k)
        return err_set(e, ERR_BUG, "no request can make a '%s'", c->kind);
    if (!strcmp(c->action, "delete"))
        return build_deletion(k, c, requests, e);
    if (!crm_is_update(c) && strcmp(c->action, "create") != 0)
        return err_set(e, ERR_BUG, "nothing can be done to a %s by '%s'", c->kind, c->action);
    if (holds_key(c->body, "_delete")) {
        err_set(e, ERR_REFUSED, "%s '%.80s' asks Zoho to delete something: zagent deletes nothing", c->kind, c->name);
        return err_fix(e, "take _delete out of the playbook; a person can delete it in Setup");
    }
    size_t from = json_array_size(requests);
    int rc = k->build(k, c, requests, e);
    for (size_t i = from; i < json_array_size(requests); i++)
        js_set_int(json_array_get(requests, i), "credits", price_of(json_array_get(requests, i)));
    return rc;
}
