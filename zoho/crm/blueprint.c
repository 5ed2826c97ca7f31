/*
 * Blueprints: POST /settings/blueprints makes a draft with states, transitions and connections; actions of transitions follow by PUT
 * /settings/blueprints/transitions, because the create refuses them (zoho.com/crm/developer/docs/api/v8/create-blueprint, transitions).
 * Publishing is a person's: no activating call is documented, and none is made here.
 *
 * Body  {name, module, layout{id}, field, entry_criteria, continuous, states[], transitions[{…, actions?}], connections[]};
 *       an update holds the changed keys.
 */
#include "zoho/crm/kinds.h"

/* Takes `actions` out of the transitions and returns what must follow: [{name, api_name?, actions}]. */
static json_t *split_actions(json_t *blueprint)
{
    json_t *later = json_array();
    size_t i;
    json_t *t;
    json_array_foreach (js_arr(blueprint, "transitions"), i, t) {
        json_t *actions = js_arr(t, "actions");
        if (json_array_size(actions) > 0) {
            static const char *const keep[] = {"id", "name", "api_name", "module", "layout", "actions"};
            json_t *one = json_object();
            for (size_t k = 0; k < sizeof keep / sizeof *keep; k++)
                if (json_object_get(t, keep[k]))
                    json_object_set(one, keep[k], json_object_get(t, keep[k]));
            json_array_append_new(later, one);
        }
        json_object_del(t, "actions");
    }
    return later;
}

static void push_actions(const struct crm_kind *k, const char *blueprint_path, json_t *later, json_t *requests)
{
    json_t *rq = crm_push(requests, k, "PUT", "/crm/v8/settings/blueprints/transitions", NULL, "idempotent");
    json_t *body = json_object();
    js_set(body, "transitions", later);
    js_set(rq, "body", body);
    js_set_str(rq, "key", "transitions");
    js_set_str(rq, "scope", "ZohoCRM.settings.blueprint.transitions.UPDATE");
    json_t *find = json_object();
    js_set_str(find, "path", blueprint_path);
    js_set(find, "query", json_object());
    js_set_str(find, "list", "blueprints[0].transitions");
    js_set_str(find, "into", "transitions");
    js_set(rq, "find", find);
}

int crm_build_blueprint(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    if (c->attempt > 0)
        return 0;
    AUTO_FREE char *id = crm_is_update(c) ? crm_live_id(c, e) : mem_dup("{id}");
    if (!id)
        return -1;
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    AUTO_JSON json_t *blueprint = json_deep_copy(c->body);
    json_object_del(blueprint, "status"); /* a draft stays one */
    json_t *later = split_actions(blueprint);
    struct crm_change clean = *c;
    clean.body = blueprint;
    int rc = crm_build_plain(k, &clean, requests, e);
    if (rc == 0 && json_array_size(later) > 0)
        push_actions(k, path, later, requests);
    else
        json_decref(later);
    return rc;
}
