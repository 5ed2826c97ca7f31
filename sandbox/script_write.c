/* sandbox/script_write.c — a script's create, update and upsert, by record_put. */
#include "sandbox/script.h"

#include "sandbox/check.h"
#include "sandbox/record.h"

enum { BULK = 100 };

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
    AUTO_JSON json_t *options = script_json(q->options);
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

struct dv script_write(struct call *c, struct dg_arena *a, const struct dg_request *q)
{
    struct writing wr;
    size_t i;
    json_t *row;
    if (!writing_open(&wr, c, q)) {
        return script_answer(a, item_error("INVALID_MODULE", "the module name given seems to be invalid", NULL));
    }
    AUTO_JSON json_t *values = script_json(q->values);
    struct dv out;
    if (!json_is_array(values)) {
        out = script_answer(a, write_one(&wr, q->verb, q->verb == DG_UPDATE_RELATED ? q->related_id : q->id, values));
    } else if (json_array_size(values) > BULK) {
        out = script_answer(a, item_error("LIMIT_EXCEEDED", "too many records", json_pack("{s:i}", "limit", BULK)));
    } else {
        out = dv_box_new(a, DV_LIST);
        json_array_foreach (values, i, row) {
            dv_add(a, out, script_answer(a, write_one(&wr, q->verb, NULL, row)));
        }
    }
    writing_close(&wr);
    return out;
}
