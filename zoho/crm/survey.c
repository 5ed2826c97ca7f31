/* zoho/crm/survey.c. Source: zoho.com/crm/developer/docs/api/v8/Get-Records-through-COQL-Query, zoho-api.md 1.10 (actions/usage). */
#include "zoho/crm/survey.h"

#include "base/clock.h"
#include "base/text.h"

/* What one of many did not get: the org's no is an answer, anything else stops all. */
static int settle(const struct err *failure, struct err *e)
{
    if (failure->kind == ERR_NONE || zoho_refused(failure) || failure->kind == ERR_PERMISSION ||
        failure->kind == ERR_NOT_FOUND || failure->http == 400)
        return 0;
    if (e && e->kind == ERR_NONE)
        *e = *failure;
    return -1;
}

int crm_ask(struct zoho *z, const char *const *query, size_t n, json_t **rows, struct err *e)
{
    struct zoho_request *rq = mem_zalloc((n + 1) * sizeof *rq);
    struct zoho_reply *reply = mem_zalloc((n + 1) * sizeof *reply);
    struct err *err = mem_zalloc((n + 1) * sizeof *err), any = {0};
    json_t *bodies = json_array();
    int rc = 0;
    for (size_t i = 0; i < n; i++) {
        json_t *body = json_object();
        js_set_str(body, "select_query", query[i]);
        json_array_append_new(bodies, body);
        rq[i] = (struct zoho_request){.method = "POST",
                                      .path = "/crm/v8/coql",
                                      .kind = ZOHO_JSON,
                                      .json = body,
                                      .retry = ZOHO_SAFE,
                                      .scope = "ZohoCRM.coql.READ"};
    }
    if (n)
        zoho_call_many(z, rq, n, reply, err, &any);
    for (size_t i = 0; i < n; i++) {
        const json_t *data = js_arr(reply[i].json, "data");
        rows[i] = err[i].kind != ERR_NONE ? NULL : data ? json_incref((json_t *)(uintptr_t)data) : json_array();
        if (settle(&err[i], e) < 0)
            rc = -1;
        zoho_reply_release(&reply[i]);
    }
    json_decref(bodies);
    free(rq);
    free(reply);
    free(err);
    return rc;
}

int crm_rule_runs(struct zoho *z, const char *const *id, size_t n, int64_t from_s, int64_t till_s, int64_t *runs,
                  struct err *e)
{
    struct zoho_request *rq = mem_zalloc((n + 1) * sizeof *rq);
    struct zoho_reply *reply = mem_zalloc((n + 1) * sizeof *reply);
    struct err *err = mem_zalloc((n + 1) * sizeof *err), any = {0};
    char **path = mem_zalloc((n + 1) * sizeof *path), day[CLOCK_TEXT];
    AUTO_JSON json_t *query = json_object();
    int rc = 0;
    clock_rfc3339(from_s, day);
    js_set_strf(query, "executed_from", "%.10s", day);
    clock_rfc3339(till_s, day);
    js_set_strf(query, "executed_till", "%.10s", day);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *safe = text_percent_encode(id[i]);
        path[i] = mem_printf("/crm/v8/settings/automation/workflow_rules/%s/actions/usage", safe);
        rq[i] = (struct zoho_request){.method = "GET",
                                      .path = path[i],
                                      .query = query,
                                      .retry = ZOHO_SAFE,
                                      .scope = "ZohoCRM.settings.workflow_rules.READ"};
    }
    if (n)
        zoho_call_many(z, rq, n, reply, err, &any);
    for (size_t i = 0; i < n; i++) {
        runs[i] = err[i].kind != ERR_NONE
                      ? -1
                      : js_int(js_path(reply[i].json, "workflow_rules[0]"), "trigger_count", reply[i].json ? -1 : 0);
        if (settle(&err[i], e) < 0)
            rc = -1;
        zoho_reply_release(&reply[i]);
        free(path[i]);
    }
    free(path);
    free(rq);
    free(reply);
    free(err);
    return rc;
}
