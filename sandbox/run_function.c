/* sandbox/run_function.c — the interpreter's host over this org's store. */
#include "sandbox/run_function.h"

#include "deluge/parse.h"
#include "sandbox/check.h"
#include "sandbox/happening.h"
#include "sandbox/related.h"
#include "sandbox/script.h"

enum { FAULT_BYTES = 8192 };

struct script_call { /* ctx of the host */
    struct call *c;
    const char *function; /* id */
};

/* ---- tasks ---- */

static bool related(struct call *c, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why)
{
    AUTO_FREE char *module = NULL, *field = NULL;
    if (!related_find(c->st, q->module, q->list, &module, &field)) {
        *why = dg_arena_printf(a, "%s has no related list %s in this org", q->module, q->list);
        return false;
    }
    struct dg_request there = *q;
    there.module = module;
    *answer = q->verb == DG_GET_RELATED ? script_select(c, a, q, module, field) : script_write(c, a, &there);
    return true;
}

static struct dv variable(struct call *c, struct dg_arena *a, const char *name)
{
    AUTO_JSON json_t *v = config_by_api(c->st, "variables", NULL, name);
    return script_dv(a, json_object_get(v, "value"));
}

static bool record(void *ctx, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why)
{
    struct call *c = ((struct script_call *)ctx)->c;
    switch (q->verb) {
    case DG_GET_RECORD:
        *answer = script_get(c, a, q);
        return true;
    case DG_SEARCH_RECORDS:
        if (!dg_criteria_valid(q->criteria)) {
            *answer = script_answer(a, item_error("INVALID_QUERY", "invalid query formed", NULL));
            return true;
        }
        *answer = script_select(c, a, q, q->module, NULL);
        return true;
    case DG_GET_RECORDS:
        *answer = script_select(c, a, q, q->module, NULL);
        return true;
    case DG_CREATE_RECORD:
    case DG_UPDATE_RECORD:
    case DG_UPSERT:
    case DG_BULK_CREATE:
    case DG_BULK_UPDATE:
        *answer = script_write(c, a, q);
        return true;
    case DG_GET_RELATED:
    case DG_UPDATE_RELATED:
        return related(c, a, q, answer, why);
    case DG_ORG_VARIABLE:
        *answer = variable(c, a, q->name);
        return true;
    case DG_CONVERT_LEAD:
    case DG_ATTACH_FILE:
    case DG_INVOKE_CONNECTOR:
        break;
    }
    *why = dg_arena_printf(a, "this sandbox has no %s", q->task);
    return false;
}

static bool http(void *ctx, struct dg_arena *a, const struct dg_http *q, struct dg_http_answer *answer,
                 const char **why)
{
    (void)ctx;
    (void)answer;
    *why = dg_arena_printf(a, "the sandbox calls nobody, so nobody answered %s", q->method);
    return false;
}

static bool mail(void *ctx, struct dg_arena *a, struct dv what, const char **why)
{
    struct script_call *sc = ctx;
    struct happening h = {"mail", sc->c->s->clock.now_s(sc->c->s->clock.ctx), NULL, NULL, sc->function, NULL};
    (void)a;
    (void)why;
    json_t *body = script_json(what);
    happening_put(sc->c->st, &h, json_is_object(body) ? body : json_pack("{s:o}", "mail", body));
    return true;
}

/* ---- one run ---- */

static json_t *outcome(struct dg_run *r, bool done, struct dv result)
{
    if (done) {
        return json_pack("{s:s,s:o}", "status", "success", "returned", script_json(result));
    }
    struct sb b = SB_INIT(FAULT_BYTES);
    dg_fault_print(&r->error, &b);
    json_t *out = json_pack("{s:s}", "status", "failure");
    js_set_str(out, "error", b.buf);
    sb_release(&b);
    return out;
}

static json_t *run_script(struct call *c, const json_t *function, const struct dg_script *s, const json_t *arguments)
{
    AUTO_JSON json_t *me = org_me(c->s);
    struct script_call sc = {c, js_str_or(function, "id", "0")};
    struct deluge_host host = {.ctx = &sc,
                               .now = c->s->clock.now_s(c->s->clock.ctx),
                               .zone = js_str_or(org_object(c->s), "time_zone", "UTC"),
                               .user = js_str_or(me, "email", ""),
                               .user_name = js_str_or(me, "name", ""),
                               .admin = js_str_or(org_object(c->s), "primary_email", ""),
                               .record = record,
                               .http = http,
                               .mail = mail};
    struct dg_run r;
    struct dv result;
    dg_run_init(&r, &host);
    r.limit = dg_limits_crm();
    struct dv inputs = arguments ? script_dv(&r.arena, arguments) : dv_box_new(&r.arena, DV_MAP);
    bool done = dg_run_call(&r, s, NULL, inputs, &result);
    json_t *out = outcome(&r, done, result);
    dg_run_release(&r);
    return out;
}

json_t *run_function(void *ctx, struct call *c, const json_t *function, const json_t *arguments)
{
    AUTO_FREE char *key = mem_printf("function_source/%s", js_str_or(function, "id", ""));
    AUTO_FREE char *source = store_meta(c->st, key);
    struct dg_script s;
    struct dg_diags d = {0};
    (void)ctx;
    bool read =
        dg_parse(&s, js_str_or(function, "api_name", ""), source ? source : "", source ? strlen(source) : 0, &d);
    json_t *out = read
                      ? run_script(c, function, &s, arguments)
                      : json_pack("{s:s,s:s}", "status", "failure", "error", "the script has mistakes: it was not run");
    dg_script_release(&s);
    dg_diags_release(&d);
    return out;
}
