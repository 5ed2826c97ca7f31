#include "zoho/crm/room.h"

static void add(json_t *out, const char *what, const char *module, int64_t used, int64_t limit)
{
    if (used < 0 || limit <= 0)
        return;
    json_t *row = json_object();
    js_set_str(row, "what", what);
    js_set_str(row, "module", module);
    js_set_int(row, "used", used);
    js_set_int(row, "limit", limit);
    json_array_append_new(out, row);
}

static void add_fields(json_t *out, const json_t *answer, const char *module)
{
    size_t i;
    const json_t *f;
    json_array_foreach (js_arr(answer, "__features"), i, f) {
        const json_t *d = js_obj(f, "details");
        int64_t limit = js_int(js_obj(d, "limits"), "total", 0);
        int64_t left = js_int(js_obj(d, "available_count"), "total", -1);
        int64_t used = js_int(js_obj(d, "used_count"), "total", left >= 0 ? limit - left : -1);
        if (strcmp(js_str_or(f, "api_name", ""), "custom_field") == 0)
            add(out, "custom fields", module, used, limit);
    }
}

static int64_t rules_of(const json_t *rules, const char *module)
{
    size_t i;
    const json_t *r;
    int64_t n = 0;
    json_array_foreach (rules, i, r)
        n += strcmp(js_str_or(js_obj(r, "module"), "api_name", ""), module) == 0;
    return n;
}

static void add_rules(json_t *out, const json_t *answer, const struct strset *modules, const json_t *rules)
{
    const json_t *c = js_obj(answer, "rules_count");
    int64_t each = js_int(c, "total_rules_limit_per_module", 0);
    add(out, "workflow rules", NULL, js_int(c, "total_rules_configured", -1), js_int(c, "total_rules_limit", 0));
    for (size_t i = 0; rules && i < modules->n; i++)
        add(out, "workflow rules", modules->item[i], rules_of(rules, modules->item[i]), each);
}

int crm_room(struct zoho *z, const struct strset *modules, const json_t *rules, json_t **out, struct err *e)
{
    size_t n = modules->n + 1;
    struct zoho_request *rq = mem_zalloc(n * sizeof *rq);
    struct zoho_reply *reply = mem_zalloc(n * sizeof *reply);
    struct err *err = mem_zalloc(n * sizeof *err);
    json_t *queries = json_array();
    int rc = 0;
    rq[0] = (struct zoho_request){.method = "GET",
                                  .path = "/crm/v8/settings/automation/workflow_rules/actions/rules_count",
                                  .retry = ZOHO_SAFE,
                                  .best_effort = true,
                                  .scope = "ZohoCRM.settings.workflow_rules.READ"};
    for (size_t i = 1; i < n; i++) {
        json_t *query = json_object();
        js_set_str(query, "api_names", "custom_field");
        js_set_str(query, "module", modules->item[i - 1]);
        json_array_append_new(queries, query);
        rq[i] = (struct zoho_request){.method = "GET",
                                      .path = "/crm/v8/__features",
                                      .query = query,
                                      .retry = ZOHO_SAFE,
                                      .best_effort = true,
                                      .scope = "ZohoCRM.features.READ"};
    }
    struct err any = {0};
    zoho_call_many(z, rq, n, reply, err, &any);
    *out = json_array();
    for (size_t i = 0; i < n; i++) {
        if (err[i].kind == ERR_NET || err[i].kind == ERR_AUTH) {
            rc = -1;
            if (e && e->kind == ERR_NONE)
                *e = err[i];
        }
        if (i == 0)
            add_rules(*out, reply[i].json, modules, rules);
        else
            add_fields(*out, reply[i].json, modules->item[i - 1]);
        zoho_reply_release(&reply[i]);
    }
    if (rc < 0) {
        json_decref(*out);
        *out = NULL;
    }
    json_decref(queries);
    free(rq);
    free(reply);
    free(err);
    return rc;
}
