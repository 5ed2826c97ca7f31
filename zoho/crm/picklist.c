/*
 * Values of picklists: PATCH of the field, or of the global list (zoho.com/crm/developer/docs/api/v8/update-custom-field,
 * update-global-picklist).
 *
 * Body     picklist {field_id, new[], merged[]}; global_picklist create: Zoho's object, update: changed keys with
 *          pick_list_values_new and pick_list_values_merged.
 * Attempt  0 sends new values only: whether Zoho takes what is left out for dropped is unproven, so the list as it is comes second,
 *          with ids, and only when the read-back shows no new value. A live value that the list lacks stops it.
 */
#include "base/text.h"
#include "zoho/crm/kinds.h"

int crm_build_picklist(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const json_t *values = js_arr(c->body, c->attempt > 0 ? "merged" : "new");
    const char *field_id = js_str(c->body, "field_id");
    if (!field_id)
        return err_set(e, ERR_BUG, "picklist '%.80s' without the id of its field", c->name);
    if (json_array_size(values) == 0)
        return 0;
    json_t *copy;
    if (c->attempt == 0)
        copy = json_deep_copy(values);
    else if (crm_merged_values(values, js_arr(c->live, "pick_list_values"), c->name, &copy, e) < 0)
        return -1;
    json_t *object = json_object();
    js_set(object, "pick_list_values", copy);
    AUTO_FREE char *id = text_percent_encode(field_id);
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    crm_envelope(crm_push(requests, k, "PATCH", path, c->module, "idempotent"), k->plain.key, object);
    return 0;
}

int crm_build_global_picklist(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const json_t *merged = js_arr(c->body, "pick_list_values_merged");
    if (!crm_is_update(c) || (c->attempt > 0 && !merged))
        return crm_build_plain(k, c, requests, e);
    AUTO_JSON json_t *object = c->attempt > 0 ? json_object() : json_deep_copy(c->body);
    json_t *fresh = js_arr(c->body, "pick_list_values_new");
    json_object_del(object, "pick_list_values");
    json_object_del(object, "pick_list_values_new");
    json_object_del(object, "pick_list_values_merged");
    json_t *values = NULL;
    if (c->attempt > 0 && crm_merged_values(merged, js_arr(c->live, "pick_list_values"), c->name, &values, e) < 0)
        return -1;
    if (values)
        js_set(object, "pick_list_values", values);
    else if (json_array_size(fresh) > 0)
        json_object_set(object, "pick_list_values", fresh);
    if (json_object_size(object) == 0)
        return 0;
    AUTO_FREE char *id = crm_live_id(c, e);
    if (!id)
        return -1;
    AUTO_FREE char *path = mem_printf("%s/%s", k->plain.path, id);
    crm_envelope(crm_push(requests, k, "PATCH", path, NULL, "idempotent"), k->plain.key, json_incref(object));
    return 0;
}
