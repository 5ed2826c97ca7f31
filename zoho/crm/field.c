/*
 * Fields: POST and PATCH /settings/fields (zoho.com/crm/developer/docs/api/v8/create-custom-field, update-custom-field).
 *
 * Body     create: one Zoho field object, no api_name (Zoho chooses it), profiles [{id, permission_type}], lookup.module {api_name, id}.
 *          update: the changed keys; picklists as pick_list_values_new and pick_list_values_merged, never pick_list_values.
 * Attempt  0 sends new values only. 1 (the read-back differs) sends the merged list with ids, or after a create the profiles again.
 */
#include "zoho/crm/kinds.h"

/* PATCHes the field with what stands in `object` (stolen), unless that is nothing. */
static int patch(const struct crm_kind *k, const struct crm_change *c, json_t *object, json_t *requests, struct err *e)
{
    AUTO_FREE char *id = json_object_size(object) ? crm_live_id(c, e) : NULL;
    if (!id) {
        int rc = json_object_size(object) ? -1 : 0;
        json_decref(object);
        return rc;
    }
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    crm_envelope(crm_push(requests, k, "PATCH", path, c->module, "idempotent"), k->plain.key, object);
    return 0;
}

static int second_attempt(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    if (!js_str(c->live, "id"))
        return 0;
    json_t *object = json_object();
    json_t *profiles = js_arr(c->body, "profiles");
    const json_t *merged = js_arr(c->body, "pick_list_values_merged");
    if (profiles)
        json_object_set(object, "profiles", profiles);
    if (merged) {
        json_t *values;
        if (crm_merged_values(merged, js_arr(c->live, "pick_list_values"), c->name, &values, e) < 0) {
            json_decref(object);
            return -1;
        }
        js_set(object, "pick_list_values", values);
    }
    return patch(k, c, object, requests, e);
}

int crm_build_field(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    if (c->attempt > 0)
        return second_attempt(k, c, requests, e);
    json_t *object = json_deep_copy(c->body);
    json_t *fresh = js_arr(c->body, "pick_list_values_new");
    json_object_del(object, "pick_list_values_new");
    json_object_del(object, "pick_list_values_merged");
    if (crm_is_update(c)) {
        json_object_del(
            object, "pick_list_values"); /* a whole list could drop a value: only the two above may speak of values */
        if (json_array_size(fresh) > 0)
            json_object_set(object, "pick_list_values", fresh);
        return patch(k, c, object, requests, e);
    }
    crm_envelope(crm_push(requests, k, "POST", k->plain.path, c->module, "create"), k->plain.key, object);
    return 0;
}
