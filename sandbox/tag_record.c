/*
 * sandbox/tag_record.c — tags put on records and taken off. Source: OAS26a tags, tags_actions; zoho-api.md 1.16, 4.1 (a credit for 50
 * records).
 */
#include "sandbox/gate.h"
#include "sandbox/limits.h"
#include "sandbox/record_list.h"
#include "sandbox/route.h"
#include "sandbox/tag.h"

int tag_place(const json_t *tags, const char *key, const char *value)
{
    size_t i;
    json_t *t;
    json_array_foreach (tags, i, t) {
        if (strcasecmp(js_str_or(t, key, ""), value) == 0) {
            return (int)i;
        }
    }
    return -1;
}

json_t *tag_on_record(const json_t *tag)
{
    return json_pack("{s:O,s:O,s:O}", "name", json_object_get(tag, "name"), "id", json_object_get(tag, "id"),
                     "color_code", json_object_get(tag, "color_code"));
}

struct tagging {
    struct record_module m;
    json_t *tags; /* of the body */
    bool add, over_write;
};

/* The record's tags with those of the body put on or taken off; *names lists what is then there. NULL = too many. */
static json_t *tags_after(struct call *c, const struct tagging *g, const json_t *record)
{
    json_t *out =
        js_arr(record, "Tag") && !(g->add && g->over_write) ? json_deep_copy(js_arr(record, "Tag")) : json_array();
    json_t *in;
    size_t i;
    json_array_foreach (g->tags, i, in) {
        const char *name = js_str_or(in, "name", "");
        int at_n = tag_place(out, "name", name);
        if (!g->add && at_n >= 0) {
            json_array_remove(out, (size_t)at_n);
        } else if (g->add && at_n < 0) {
            json_t *t = config_by_name(c->st, "tags", g->m.api, name);
            t = t ? t : tag_make(c, g->m.api, name, js_str(in, "color_code"));
            json_array_append_new(out, tag_on_record(t));
            json_decref(t);
        }
    }
    if (json_array_size(out) > LIM_TAGS_PER_RECORD) {
        json_decref(out);
        return NULL;
    }
    return out;
}

static json_t *tag_record(struct call *c, const struct tagging *g, const char *id)
{
    AUTO_JSON json_t *r = id ? record_get(c->st, g->m.api, id) : NULL;
    if (!r) {
        return item_error("INVALID_DATA", "the id given seems to be invalid", json_pack("{s:s}", "id", id ? id : ""));
    }
    json_t *locked = gate_action(c, &g->m, r, "tags");
    if (locked) {
        return locked;
    }
    json_t *tags = tags_after(c, g, r);
    if (!tags) {
        return item_error("LIMIT_EXCEEDED", "too many tags on the record",
                          json_pack("{s:s,s:i}", "id", id, "limit", LIM_TAGS_PER_RECORD));
    }
    json_t *out = json_pack("{s:s,s:{s:s,s:O},s:s,s:s}", "code", "SUCCESS", "details", "id", id, "tags", tags,
                            "message", "tags updated successfully", "status", "success");
    record_set(c, &g->m, id, "Tag", tags);
    return out;
}

json_t *tag_put(struct call *c, const struct record_module *m, const char *id, const json_t *tags, bool add,
                bool over_write)
{
    struct tagging g = {*m, (json_t *)(uintptr_t)tags, add, over_write};
    json_t *r = tag_record(c, &g, id);
    if (item_failed(r)) {
        return r;
    }
    json_decref(r);
    return NULL;
}

/* Every tag of the body has a name that fits; false = answered. */
static bool tags_checked(struct call *c, struct tagging *g)
{
    json_t *in;
    size_t i;
    g->tags = call_items(c, "tags", LIM_TAGS_PER_CALL);
    json_array_foreach (g->tags, i, in) {
        AUTO_JSON json_t *scrap = json_object();
        AUTO_FREE char *base = mem_printf("$.tags[%zu]", i);
        json_t *bad = c->answered ? NULL : shape_take(tag_shape, in, scrap, true, base);
        if (bad) {
            answer_json(c, 400, bad);
        }
    }
    return !c->answered;
}

static void tag_records(struct call *c)
{
    struct tagging g = {.add = c->route->arg != NULL, .over_write = js_bool(c->json, "over_write", false)};
    AUTO_JSON json_t *one = c->param[1] ? json_pack("[s]", c->param[1]) : NULL;
    json_t *ids = one ? one : js_arr(c->json, "ids");
    if (!record_call_module(c, &g.m)) {
        return;
    }
    if (json_array_size(ids) == 0) {
        answer_error(c, 400, "REQUIRED_PARAM_MISSING", "One of the expected param is missing",
                     json_pack("{s:s}", "param_name", "ids"));
    } else if (json_array_size(ids) > LIM_TAGGED_PER_CALL) {
        answer_error(c, 400, "LIMIT_EXCEEDED", "too many ids",
                     json_pack("{s:s,s:i}", "param_name", "ids", "limit", LIM_TAGGED_PER_CALL));
    } else if (tags_checked(c, &g)) {
        json_t *results = json_array();
        size_t ok = 0;
        for (size_t i = 0; i < json_array_size(ids); i++) {
            json_t *r = tag_record(c, &g, json_string_value(json_array_get(ids, i)));
            ok += !item_failed(r);
            json_array_append_new(results, r);
        }
        c->extra_credits = (int64_t)(json_array_size(ids) - 1) / LIM_TAGGED_PER_CREDIT;
        answer_results(c, 200, "data", results);
        js_set_strf(c->answer, "success_count", "%zu", ok);
    }
    record_module_close(&g.m);
}

static const struct route rows[] = {
    {"POST", "/crm/v8/{Module}/actions/add_tags", "ZohoCRM.modules.{Module}", 1, tag_records, "add"},
    {"POST", "/crm/v8/{Module}/actions/remove_tags", "ZohoCRM.modules.{Module}", 1, tag_records, NULL},
    {"POST", "/crm/v8/{Module}/{record}/actions/add_tags", "ZohoCRM.modules.{Module}", 1, tag_records, "add"},
    {"POST", "/crm/v8/{Module}/{record}/actions/remove_tags", "ZohoCRM.modules.{Module}", 1, tag_records, NULL},
};
ROUTE_TABLE(routes_tag_record, rows);
