/*
 * sandbox/tag.c — tags of a module: made, renamed, listed. Source: OAS26a tags; zoho-api.md 1.16.
 */
#include "sandbox/tag.h"
#include "sandbox/limits.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

const struct shape tag_shape[] = {{"name", TEXT, true, LIM_TAG_NAME, NULL}, {"color_code", TEXT, false, 0, NULL}, {0}};

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

json_t *tag_done(const json_t *t, const char *message)
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

json_t *tag_make(struct call *c, const char *module, const char *name, const char *color)
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
    json_t *bad = shape_take(tag_shape, in, out, true, base);
    bad = bad ? bad : taken(c, module, js_str(out, "name"), "", base);
    if (!bad && config_count(c->st, "tags", module) >= LIM_TAGS_PER_MODULE) {
        bad = item_error("LICENSE_LIMIT_EXCEEDED", "tags edition limit exceeded", NULL);
    }
    if (bad) {
        return bad;
    }
    AUTO_JSON json_t *t = tag_make(c, module, js_str(out, "name"), js_str(out, "color_code"));
    return tag_done(t, "tags created successfully");
}

static json_t *update_one(struct call *c, const char *module, const json_t *in, const char *id, const char *base)
{
    AUTO_JSON json_t *t = id ? config_by_id(c->st, "tags", module, id) : NULL;
    AUTO_JSON json_t *out = json_object();
    json_t *bad = !id ? error_missing("%s.id", base) : !t ? error_invalid(NULL, "%s.id", base) : NULL;
    bad = bad ? bad : shape_take(tag_shape, in, out, false, base);
    bad = bad ? bad : taken(c, module, js_str(out, "name"), id ? id : "", base);
    if (bad) {
        return bad;
    }
    json_object_update(t, out);
    stamp(c, t, false);
    config_put(c->st, "tags", module, t);
    return tag_done(t, "tags updated successfully");
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

#define TAGS  "/crm/v8/settings/tags"
#define SCOPE "ZohoCRM.settings.tags"
static const struct route rows[] = {
    {"GET", TAGS, SCOPE, 1, list, NULL},
    {"POST", TAGS, SCOPE, 1, create, NULL},
    {"PUT", TAGS, SCOPE, 1, update, NULL},
    {"PUT", TAGS "/{id}", SCOPE, 1, update, NULL},
};
ROUTE_TABLE(routes_tag, rows);
