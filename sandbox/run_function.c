/* sandbox/run_function.c — the interpreter's host over this org's store. */
#include "sandbox/run_function.h"
#include "sandbox/related.h"

#include "base/text.h"
#include "deluge/host_select.h"
#include "deluge/parse.h"
#include "deluge/run.h"
#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/field.h"
#include "sandbox/happening.h"

enum { VALUE_BYTES = 16 << 20, FAULT_BYTES = 8192, BULK = 100 };

struct script_call { /* ctx of the host */
    struct call *c;
    const char *function; /* id */
};

/* ---- values ---- */

static struct dv dv_of(struct dg_arena *a, const json_t *j)
{
    struct dv v = dv_null();
    AUTO_FREE char *text = j ? json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) : NULL;
    if (text && !dv_from_json(a, text, strlen(text), &v)) {
        v = dv_null();
    }
    return v;
}

static json_t *json_of(struct dv v)
{
    struct sb b = SB_INIT(VALUE_BYTES);
    dv_json(&b, v, NULL);
    json_t *j = b.bad ? NULL : json_loads(b.buf, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    sb_release(&b);
    return j ? j : json_null();
}

/* A copy with texts of its own: dv_copy shares them. */
static struct dv moved(struct dg_arena *to, struct dv v)
{
    struct sb b = SB_INIT(VALUE_BYTES);
    struct dv out = dv_null();
    dv_json(&b, v, NULL);
    if (b.bad || !dv_from_json(to, b.buf, b.len, &out)) {
        out = dv_null();
    }
    sb_release(&b);
    return out;
}

/* A result element of the REST API as a task answers it: the details on success, else the element. */
static struct dv answered(struct dg_arena *a, json_t *stolen)
{
    AUTO_JSON json_t *r = stolen;
    return dv_of(a, item_failed(r) ? r : js_obj(r, "details"));
}

/* ---- writing ---- */

struct writing {
    struct call *c;
    struct record_module m;
    json_t *trigger, *by; /* owned */
    struct record_write w;
};

static bool writing_open(struct writing *wr, struct call *c, const struct dg_request *q)
{
    *wr = (struct writing){.c = c};
    if (!record_module_open(c->st, q->module, &wr->m)) {
        return false;
    }
    AUTO_JSON json_t *options = json_of(q->options);
    json_t *t = js_arr(options, "trigger"), *by = js_arr(options, "duplicate_check_fields");
    wr->trigger = t ? json_incref(t) : json_array(); /* nothing said: nothing runs */
    wr->by = by ? json_incref(by) : json_array();
    wr->w = (struct record_write){.trigger = wr->trigger, .script = true};
    return true;
}

static void writing_close(struct writing *wr)
{
    record_module_close(&wr->m);
    json_decref(wr->trigger);
    json_decref(wr->by);
}

static char *duplicate_of(struct writing *wr, const json_t *values)
{
    char *id = NULL;
    if (wr->m.duplicate) {
        js_array_add_unique(wr->by, wr->m.duplicate);
    }
    for (size_t i = 0; !id && i < json_array_size(wr->by); i++) {
        const char *field = json_string_value(json_array_get(wr->by, i));
        id = field ? record_find(wr->c->st, &wr->m, field, json_object_get(values, field), NULL) : NULL;
    }
    return id;
}

/* Scripts write a lookup as its plain id too, text or number: as the REST API wants it. New reference. */
static json_t *with_lookups(const struct record_module *m, const json_t *values)
{
    json_t *out = json_copy((json_t *)(uintptr_t)values), *v;
    const char *k;
    json_object_foreach ((json_t *)(uintptr_t)values, k, v) {
        const char *type = js_str_or(json_object_get(m->by_api, k), "data_type", "");
        if (!one_of("lookup|ownerlookup|userlookup", type) || !(json_is_string(v) || json_is_integer(v))) {
            continue;
        }
        json_t *to = json_object();
        if (json_is_string(v)) {
            js_set_str(to, "id", json_string_value(v));
        } else {
            js_set_strf(to, "id", "%lld", (long long)json_integer_value(v));
        }
        js_set(out, k, to);
    }
    return out;
}

static json_t *write_one(struct writing *wr, enum dg_verb verb, const char *id, const json_t *values)
{
    AUTO_JSON json_t *in = with_lookups(&wr->m, values);
    AUTO_FREE char *found = verb == DG_UPSERT ? duplicate_of(wr, values) : NULL;
    bool update = verb == DG_UPDATE_RECORD || verb == DG_BULK_UPDATE || verb == DG_UPDATE_RELATED;
    const char *which = found ? found : update ? (id ? id : js_str_or(values, "id", "")) : NULL;
    return json_is_object(values) ? record_put(wr->c, &wr->m, which, in, &wr->w, "$.data[0]")
                                  : item_error("INVALID_DATA", "a record is a map",
                                               json_pack("{s:s}", "expected_data_type", "jsonobject"));
}

static struct dv write_records(struct call *c, struct dg_arena *a, const struct dg_request *q)
{
    struct writing wr;
    size_t i;
    json_t *row;
    if (!writing_open(&wr, c, q)) {
        return answered(a, item_error("INVALID_MODULE", "the module name given seems to be invalid", NULL));
    }
    AUTO_JSON json_t *values = json_of(q->values);
    struct dv out;
    if (!json_is_array(values)) {
        out = answered(a, write_one(&wr, q->verb, q->verb == DG_UPDATE_RELATED ? q->related_id : q->id, values));
    } else if (json_array_size(values) > BULK) {
        out = answered(a, item_error("LIMIT_EXCEEDED", "too many records", json_pack("{s:i}", "limit", BULK)));
    } else {
        out = dv_box_new(a, DV_LIST);
        json_array_foreach (values, i, row) {
            dv_add(a, out, answered(a, write_one(&wr, q->verb, NULL, row)));
        }
    }
    writing_close(&wr);
    return out;
}

/* ---- reading ---- */

/* Records of a module in order that fit; `field` = "the lookup that must point to q->id". */
static struct dv select_records(struct call *c, struct dg_arena *a, const struct dg_request *q, const char *module,
                                const char *field)
{
    struct record_module m;
    if (!record_module_open(c->st, module, &m)) {
        return dv_box_new(a, DV_LIST);
    }
    struct dg_arena scratch = {0};
    struct dv found = dv_box_new(&scratch, DV_LIST);
    sqlite3_stmt *st =
        store_q(c->st, "SELECT id,body FROM record WHERE module=?1 AND deleted IS NULL ORDER BY id", "s", m.api);
    while (store_row(c->st, st)) {
        AUTO_JSON json_t *body = store_json(st, 1);
        if (field && strcmp(js_str_or(js_obj(body, field), "id", ""), q->id) != 0) {
            continue;
        }
        js_set_str(body, "id", store_text(st, 0));
        AUTO_JSON json_t *shown = record_show(&m, body, NULL);
        struct dv row = dv_of(&scratch, shown);
        if (!q->criteria || dg_criteria_match(q->criteria, row)) {
            dv_add(&scratch, found, row);
        }
    }
    struct dv out = moved(a, dg_select_page(&scratch, found, q));
    dg_arena_release(&scratch);
    record_module_close(&m);
    return out;
}

static struct dv one_record(struct call *c, struct dg_arena *a, const struct dg_request *q)
{
    struct record_module m;
    AUTO_JSON json_t *stored = record_get(c->st, q->module, q->id);
    if (!stored || !record_module_open(c->st, q->module, &m)) {
        return dv_null();
    }
    AUTO_JSON json_t *shown = record_show(&m, stored, NULL);
    record_module_close(&m);
    struct dg_arena scratch = {0};
    struct dv out = moved(a, dg_select_fields(&scratch, dv_of(&scratch, shown), q->options));
    dg_arena_release(&scratch);
    return out;
}

static bool related(struct call *c, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why)
{
    AUTO_FREE char *module = NULL, *field = NULL;
    if (!related_find(c->st, q->module, q->list, &module, &field)) {
        *why = dg_arena_printf(a, "%s has no related list %s in this org", q->module, q->list);
        return false;
    }
    struct dg_request there = *q;
    there.module = module;
    *answer = q->verb == DG_GET_RELATED ? select_records(c, a, q, module, field) : write_records(c, a, &there);
    return true;
}

static struct dv variable(struct call *c, struct dg_arena *a, const char *name)
{
    AUTO_JSON json_t *v = config_by_api(c->st, "variables", NULL, name);
    return dv_of(a, json_object_get(v, "value"));
}

static bool record(void *ctx, struct dg_arena *a, const struct dg_request *q, struct dv *answer, const char **why)
{
    struct call *c = ((struct script_call *)ctx)->c;
    switch (q->verb) {
    case DG_GET_RECORD:
        *answer = one_record(c, a, q);
        return true;
    case DG_SEARCH_RECORDS:
        if (!dg_criteria_valid(q->criteria)) {
            *answer = answered(a, item_error("INVALID_QUERY", "invalid query formed", NULL));
            return true;
        }
        *answer = select_records(c, a, q, q->module, NULL);
        return true;
    case DG_GET_RECORDS:
        *answer = select_records(c, a, q, q->module, NULL);
        return true;
    case DG_CREATE_RECORD:
    case DG_UPDATE_RECORD:
    case DG_UPSERT:
    case DG_BULK_CREATE:
    case DG_BULK_UPDATE:
        *answer = write_records(c, a, q);
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
    json_t *body = json_of(what);
    happening_put(sc->c->st, &h, json_is_object(body) ? body : json_pack("{s:o}", "mail", body));
    return true;
}

/* ---- one run ---- */

static json_t *outcome(struct dg_run *r, bool done, struct dv result)
{
    if (done) {
        return json_pack("{s:s,s:o}", "status", "success", "returned", json_of(result));
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
    struct dv inputs = arguments ? dv_of(&r.arena, arguments) : dv_box_new(&r.arena, DV_MAP);
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
