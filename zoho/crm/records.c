/*
 * Records: PUT /{Module} by id and POST /{Module}/upsert by key, 100 a request (zoho.com/crm/developer/docs/api/v8/update-records,
 * upsert-records).
 *
 * Body     {module, updates[{id, field…}], trigger[]} and, or, {module, upsert[…], key[field api_names], trigger[]}.
 * Trigger  must be stated: left out, Zoho runs every rule; [] runs none.
 */
#include "base/text.h"
#include "zoho/crm/kinds.h"

enum { ROWS_A_REQUEST = 100 };

static int check(const struct crm_change *c, const json_t *updates, const json_t *upsert, struct err *e)
{
    if (!js_arr(c->body, "trigger"))
        return err_set(e, ERR_BUG, "records '%.80s' do not say which automations run", c->name);
    if (!js_str(c->body, "module") || (!updates && !upsert))
        return err_set(e, ERR_BUG, "records '%.80s' without module or rows", c->name);
    if (json_array_size(upsert) && json_array_size(js_arr(c->body, "key")) == 0)
        return err_set(e, ERR_BUG, "records '%.80s' without the key that tells them apart", c->name);
    for (size_t i = 0; i < json_array_size(updates); i++)
        if (!js_str(json_array_get(updates, i), "id"))
            return err_set(e, ERR_BUG, "records '%.80s': row %zu has no id", c->name, i + 1);
    return 0;
}

static void push_rows(const struct crm_kind *k, const struct crm_change *c, const json_t *rows, bool by_key,
                      json_t *requests)
{
    AUTO_FREE char *module = text_percent_encode(js_str(c->body, "module"));
    AUTO_FREE char *path = mem_printf("%s/%s%s", k->plain.path, module, by_key ? "/upsert" : "");
    for (size_t from = 0; from < json_array_size(rows); from += ROWS_A_REQUEST) {
        json_t *body = json_object();
        json_t *data = json_array();
        for (size_t i = from; i < json_array_size(rows) && i < from + ROWS_A_REQUEST; i++)
            json_array_append(data, json_array_get(rows, i));
        js_set(body, "data", data);
        json_object_set(body, "trigger", js_arr(c->body, "trigger"));
        if (by_key)
            json_object_set(body, "duplicate_check_fields", js_arr(c->body, "key"));
        js_set(crm_push(requests, k, by_key ? "POST" : "PUT", path, NULL, "idempotent"), "body", body);
    }
}

int crm_build_records(const struct crm_kind *k, const struct crm_change *c, json_t *requests, struct err *e)
{
    const json_t *updates = js_arr(c->body, "updates");
    const json_t *upsert = js_arr(c->body, "upsert");
    if (check(c, updates, upsert, e) < 0)
        return -1;
    if (c->attempt > 0)
        return 0;
    push_rows(k, c, updates, false, requests);
    push_rows(k, c, upsert, true, requests);
    return 0;
}
