/*
 * sandbox/tag.c — tags of a module, and on records. Source: OAS26a tags, tags_actions; zoho-api.md 1.16, 4.1 (a credit for 50 records).
 * A tag nobody made yet is made when it is put on a record. A record keeps its tags under Tag: [{name, id, color_code}]. Merging puts
 * the tag of the path into the one conflict_id names (which way round is unproven).
 */
#include "sandbox/tag.h"
#include "sandbox/automation.h"
#include "sandbox/check.h"
#include "sandbox/gate.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/record_list.h"
#include "sandbox/route.h"

static const struct shape shape[] = {
    {"name", TEXT, true, LIM_TAG_NAME, NULL}, {"color_code", TEXT, false, 0, NULL}, {0}};

static void stamp(struct call *c, json_t *t, bool created)
{
    char now[CLOCK_TEXT];
    org_time(c->s, c->s->clock.now_s(c->s->clock.ctx), now);
    AUTO_JSON json_t *me = org_me(c->s);
    json_object_del(me, "email");
    js_set_str(t, "modified_time", now);
    json_object_set(t, "modified_by", me);
    if (created) {
        js_set_str(t, "created_time", now);
        json_object_set(t, "created_by", me);
    }
}

/* SUCCESS with the whole tag as details (OAS26a tags). */
static json_t *done(const json_t *t, const char *message)
{
    return json_pack("{s:s,s:O,s:s,s:s}", "code", "SUCCESS", "details", t, "message", message, "status", "success");
}

static json_t *taken(struct call *c, const char *module, const char *name, const char *but_id, const char *base)
{
    AUTO_JSON json_t *same = name ? config_by_name(c->st, "tags", module, name) : NULL;
    if (!same || strcmp(js_str_or(same, "id", ""), but_id) == 0) {
        return NULL;
    }
    json_t *d = at("%s.name", base);
    js_set_str(d, "id", js_str(same, "id"));
    return item_error("DUPLICATE_DATA", "duplicate data", d);
}

/* A new tag, stored; new reference. */
static json_t *tag_make(struct call *c, const char *module, const char *name, const char *color)
{
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    json_t *t = json_pack("{s:s,s:s,s:s?}", "id", id, "name", name, "color_code", color);
    stamp(c, t, true);
    config_put(c->st, "tags", module, t);
    return t;
}

static json_t *create_one(struct call *c, const char *module, const json_t *in, const char *base)
{
    AUTO_JSON json_t *out = json_object();
    json_t *bad = shape_take(shape, in, out, true, base);
    bad = bad ? bad : taken(c, module, js_str(out, "name"), "", base);
    if (!bad && config_count(c->st, "tags", module) >= LIM_TAGS_PER_MODULE) {
        bad = item_error("LICENSE_LIMIT_EXCEEDED", "tags edition limit exceeded", NULL);
    }
    if (bad) {
        return bad;
    }
    AUTO_JSON json_t *t = tag_make(c, module, js_str(out, "name"), js_str(out, "color_code"));
    return done(t, "tags created successfully");
}

static json_t *update_one(struct call *c, const char *module, const json_t *in, const char *id, const char *base)
{
    AUTO_JSON json_t *t = id ? config_by_id(c->st, "tags", module, id) : NULL;
    AUTO_JSON json_t *out = json_object();
    json_t *bad = !id ? error_missing("%s.id", base) : !t ? error_invalid(NULL, "%s.id", base) : NULL;
    bad = bad ? bad : shape_take(shape, in, out, false, base);
    bad = bad ? bad : taken(c, module, js_str(out, "name"), id ? id : "", base);
    if (bad) {
        return bad;
    }
    json_object_update(t, out);
    stamp(c, t, false);
    config_put(c->st, "tags", module, t);
    return done(t, "tags updated successfully");
}

static void list(struct call *c)
{
    AUTO_JSON json_t *m = call_module(c);
    if (!m) {
        return;
    }
    json_t *all = config_list(c->st, "tags", js_str(m, "api_name"));
    int n = (int)json_array_size(all);
    if (n == 0) {
        json_decref(all);
        answer_none(c);
        return;
    }
    answer_json(c, 200,
                json_pack("{s:o,s:{s:i,s:i}}", "tags", all, "info", "count", n, "allowed_count", LIM_TAGS_PER_MODULE));
}

static void write_tags(struct call *c, bool create)
{
    AUTO_JSON json_t *m = call_module(c);
    json_t *items = m ? call_items(c, "tags", c->param[0] ? 1 : LIM_TAGS_PER_CALL) : NULL, *in;
    size_t i;
    if (!items) {
        return;
    }
    json_t *results = json_array();
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.tags[%zu]", i);
        const char *module = js_str(m, "api_name"), *id = c->param[0] ? c->param[0] : js_str(in, "id");
        json_array_append_new(results, create ? create_one(c, module, in, base) : update_one(c, module, in, id, base));
    }
    answer_results(c, create ? 201 : 200, "tags", results);
}

static void create(struct call *c)
{
    write_tags(c, true);
}

static void update(struct call *c)
{
    write_tags(c, false);
}

/* ---- on records ---- */

/* The place of a tag with this name or id in a record's tags; -1 when it is not there. */
static int place_of(const json_t *tags, const char *key, const char *value)
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

/* `from` (an id) becomes `to` (a tag, NULL: nothing) on every record of the module. */
static void replace_everywhere(struct call *c, const struct record_module *m, const char *from, const json_t *to)
{
    AUTO_JSON json_t *ids = json_array();
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", from);
    sqlite3_stmt *q = store_q(c->st, "SELECT id FROM record WHERE module=?1 AND deleted IS NULL AND body LIKE ?2", "ss",
                              m->api, like);
    while (store_row(c->st, q)) {
        js_push_str(ids, store_text(q, 0));
    }
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const char *id = json_string_value(json_array_get(ids, i));
        AUTO_JSON json_t *r = record_get(c->st, m->api, id);
        json_t *tags = json_deep_copy(js_arr(r, "Tag"));
        int at_n = place_of(tags, "id", from);
        if (at_n < 0) {
            json_decref(tags);
            continue;
        }
        json_array_remove(tags, (size_t)at_n);
        if (to && place_of(tags, "id", js_str_or(to, "id", "")) < 0) {
            json_array_append_new(tags, json_pack("{s:O,s:O,s:O}", "name", json_object_get(to, "name"), "id",
                                                  json_object_get(to, "id"), "color_code",
                                                  json_object_get(to, "color_code")));
        }
        record_set(c, m, id, "Tag", tags);
    }
}

/* The tag the path names and its module, opened; NULL = answered. */
static json_t *by_path(struct call *c, struct record_module *m)
{
    AUTO_FREE char *module = config_module_of(c->st, "tags", c->param[0]);
    json_t *t = module ? config_by_id(c->st, "tags", module, c->param[0]) : NULL;
    if (!t || !record_module_open(c->st, module, m)) {
        json_decref(t);
        answer_error(c, 400, "INVALID_DATA", "tags not found", json_pack("{s:s}", "id", c->param[0]));
        return NULL;
    }
    return t;
}

static void delete_one(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    if (t) {
        replace_everywhere(c, &m, c->param[0], NULL);
        config_remove(c->st, "tags", c->param[0]);
        answer_results(c, 200, "tags", json_pack("[o]", done(t, "tags deleted successfully")));
    }
    record_module_close(&m);
}

static void merge(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    json_t *items = t ? call_items(c, "tags", 1) : NULL;
    const char *into = js_str(json_array_get(items, 0), "conflict_id");
    AUTO_JSON json_t *other = into ? config_by_id(c->st, "tags", m.api, into) : NULL;
    if (items && other) {
        replace_everywhere(c, &m, c->param[0], other);
        config_remove(c->st, "tags", c->param[0]);
        answer_results(c, 200, "tags", json_pack("[o]", done(other, "tags merged successfully")));
    } else if (items) {
        answer_results(c, 200, "tags",
                       json_pack("[o]", into ? error_invalid(NULL, "$.tags[0].conflict_id")
                                             : error_missing("$.tags[0].conflict_id")));
    }
    record_module_close(&m);
}

static void records_count(struct call *c)
{
    struct record_module m = {0};
    AUTO_JSON json_t *t = by_path(c, &m);
    int64_t n = 0;
    AUTO_FREE char *like = mem_printf("%%\"id\":\"%s\"%%", c->param[0]);
    sqlite3_stmt *q =
        t ? store_q(c->st, "SELECT count(*) FROM record WHERE module=?1 AND deleted IS NULL AND body LIKE ?2", "ss",
                    m.api, like)
          : NULL;
    while (q && store_row(c->st, q)) {
        n = sqlite3_column_int64(q, 0);
    }
    json_t *out = json_object();
    js_set_strf(out, "count", "%lld", (long long)n);
    answer_json(c, 200, out);
    record_module_close(&m);
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
        int at_n = place_of(out, "name", name);
        if (!g->add && at_n >= 0) {
            json_array_remove(out, (size_t)at_n);
        } else if (g->add && at_n < 0) {
            json_t *t = config_by_name(c->st, "tags", g->m.api, name);
            t = t ? t : tag_make(c, g->m.api, name, js_str(in, "color_code"));
            json_array_append_new(out,
                                  json_pack("{s:O,s:O,s:O}", "name", json_object_get(t, "name"), "id",
                                            json_object_get(t, "id"), "color_code", json_object_get(t, "color_code")));
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
        json_t *bad = c->answered ? NULL : shape_take(shape, in, scrap, true, base);
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

#define TAGS  "/crm/v8/settings/tags"
#define SCOPE "ZohoCRM.settings.tags"
static const struct route rows[] = {
    {"GET", TAGS, SCOPE, 1, list, NULL},
    {"POST", TAGS, SCOPE, 1, create, NULL},
    {"PUT", TAGS, SCOPE, 1, update, NULL},
    {"PUT", TAGS "/{id}", SCOPE, 1, update, NULL},
    {"DELETE", TAGS "/{id}", SCOPE, 1, delete_one, NULL},
    {"POST", TAGS "/{id}/actions/merge", SCOPE, 1, merge, NULL},
    {"GET", TAGS "/{id}/actions/records_count", SCOPE, 1, records_count, NULL},
    {"POST", "/crm/v8/{Module}/actions/add_tags", "ZohoCRM.modules.{Module}", 1, tag_records, "add"},
    {"POST", "/crm/v8/{Module}/actions/remove_tags", "ZohoCRM.modules.{Module}", 1, tag_records, NULL},
    {"POST", "/crm/v8/{Module}/{record}/actions/add_tags", "ZohoCRM.modules.{Module}", 1, tag_records, "add"},
    {"POST", "/crm/v8/{Module}/{record}/actions/remove_tags", "ZohoCRM.modules.{Module}", 1, tag_records, NULL},
};
ROUTE_TABLE(routes_tag, rows);
