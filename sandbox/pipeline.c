/*
 * sandbox/pipeline.c — pipelines of a Deals layout: named rows of stages. Source: zoho-api.md 1.7; OAS26a pipeline.
 * Every layout of Deals has one pipeline, Standard, with all stages, until somebody makes more; stages are values of Deals.Stage.
 */
#include "sandbox/check.h"
#include "sandbox/module.h"
#include "sandbox/route.h"

static json_t *stage_field(struct call *c)
{
    return config_by_api(c->st, "fields", "Deals", "Stage");
}

/* Open, Closed Won or Closed Lost, by the stage's name: Zoho's own stages are named so. */
static const char *forecast(const char *stage)
{
    return strstr(stage, "Closed Won") ? "Closed Won" : strstr(stage, "Lost") ? "Closed Lost" : "Open";
}

static json_t *map_of(const json_t *stage, int64_t sequence)
{
    const char *type = forecast(js_str_or(stage, "actual_value", ""));
    json_t *m =
        json_pack("{s:O,s:I,s:s,s:{s:s,s:O},s:O,s:O,s:s}", "display_value", json_object_get(stage, "display_value"),
                  "sequence_number", (json_int_t)sequence, "colour_code", "#dce4f5", "forecast_category", "name", type,
                  "id", json_object_get(stage, "id"), "actual_value", json_object_get(stage, "actual_value"), "id",
                  json_object_get(stage, "id"), "forecast_type", type);
    return m;
}

static const json_t *stage_by_id(const json_t *field, const char *id)
{
    size_t i;
    json_t *v;
    json_array_foreach (js_arr(field, "pick_list_values"), i, v) {
        if (strcmp(js_str_or(v, "id", ""), id) == 0) {
            return v;
        }
    }
    return NULL;
}

static void make_standard(struct call *c, const char *layout)
{
    AUTO_JSON json_t *f = stage_field(c);
    json_t *maps = json_array(), *v;
    size_t i;
    char id[STORE_ID_TEXT];
    bool reading = sqlite3_get_autocommit(c->st->db) != 0; /* a GET: the new id needs a transaction */
    if (reading) {
        store_begin(c->st);
    }
    json_array_foreach (js_arr(f, "pick_list_values"), i, v) {
        json_array_append_new(maps, map_of(v, (int64_t)i + 1));
    }
    store_new_id(c->st, id);
    AUTO_JSON json_t *p = json_pack("{s:s,s:s,s:s,s:b,s:o}", "id", id, "display_value", "Standard", "actual_value",
                                    "Standard", "default", 1, "maps", maps);
    config_put(c->st, "pipeline", layout, p);
    if (reading) {
        store_commit(c->st, NULL);
    }
}

/* The layout of the query; NULL = answered. */
static const char *layout_of(struct call *c)
{
    const char *id = call_query(c, "layout_id");
    AUTO_JSON json_t *l = id ? config_by_id(c->st, "layouts", "Deals", id) : NULL;
    if (!l) {
        answer_error(c, 400, id ? "INVALID_DATA" : "REQUIRED_PARAM_MISSING", "layout_id names a layout of Deals",
                     json_pack("{s:s}", "param_name", "layout_id"));
        return NULL;
    }
    if (config_count(c->st, "pipeline", id) == 0) {
        make_standard(c, id);
    }
    return id;
}

static void list(struct call *c)
{
    const char *layout = layout_of(c);
    if (layout) {
        answer_list(c, "pipeline", config_list(c->st, "pipeline", layout));
    }
}

static void one(struct call *c)
{
    const char *layout = layout_of(c);
    json_t *p = layout ? config_by_id(c->st, "pipeline", layout, c->param[0]) : NULL;
    if (p) {
        answer_list(c, "pipeline", json_pack("[o]", p));
    } else if (layout) {
        answer_none(c);
    }
}

static const struct shape shape[] = {
    {"display_value", TEXT, true, 0, NULL}, {"default", BOOL, false, 0, NULL}, {"maps", ARRAY, true, 0, NULL}, {0}};

/* Changes p's maps by those sent: known ones stay or leave ("_delete"), new ones join. Error element or NULL. */
static json_t *merge_maps(json_t *p, const json_t *sent, const json_t *field, const char *base)
{
    json_t *maps = js_arr(p, "maps"), *m, *old;
    size_t i, k;
    json_array_foreach (sent, i, m) {
        const char *id = js_str_or(m, "id", "");
        const json_t *stage = stage_by_id(field, id);
        size_t where = json_array_size(maps);
        if (!stage) {
            return *id ? error_invalid(NULL, "%s.maps[%zu].id", base, i) : error_missing("%s.maps[%zu].id", base, i);
        }
        json_array_foreach (maps, k, old) {
            where = strcmp(js_str_or(old, "id", ""), id) == 0 ? k : where;
        }
        if (json_object_get(m, "_delete")) {
            json_array_remove(maps, where);
        } else if (where == json_array_size(maps)) {
            json_array_append_new(maps, map_of(stage, js_int(m, "sequence_number", (int64_t)where + 1)));
        } else {
            js_set_int(json_array_get(maps, where), "sequence_number",
                       js_int(m, "sequence_number", js_int(json_array_get(maps, where), "sequence_number", 1)));
        }
    }
    return json_array_size(maps) > 0 ? NULL : error_missing("%s.maps", base);
}

static json_t *name_taken(struct call *c, const char *layout, const char *name, const char *but_id, const char *base)
{
    AUTO_JSON json_t *all = config_list(c->st, "pipeline", layout);
    size_t i;
    json_t *p;
    json_array_foreach (all, i, p) {
        if (name && strcasecmp(js_str_or(p, "display_value", ""), name) == 0 &&
            strcmp(js_str_or(p, "id", ""), but_id) != 0) {
            return item_error("DUPLICATE_DATA", "another pipeline has this name", at("%s.display_value", base));
        }
    }
    return NULL;
}

/* One default a layout. */
static void make_default(struct call *c, const char *layout, const char *id)
{
    AUTO_JSON json_t *all = config_list(c->st, "pipeline", layout);
    size_t i;
    json_t *p;
    json_array_foreach (all, i, p) {
        js_set_bool(p, "default", strcmp(js_str_or(p, "id", ""), id) == 0);
        config_put(c->st, "pipeline", layout, p);
    }
}

static json_t *write_one(struct call *c, const char *layout, const json_t *in, const char *id, const char *base)
{
    AUTO_JSON json_t *f = stage_field(c);
    AUTO_JSON json_t *p = id ? config_by_id(c->st, "pipeline", layout, id) : json_pack("{s:b}", "default", 0);
    AUTO_JSON json_t *out = json_object();
    char fresh[STORE_ID_TEXT];
    if (!p) {
        return error_invalid(NULL, "%s.id", base);
    }
    json_t *bad = shape_take(shape, in, out, !id, base);
    bad = bad ? bad : name_taken(c, layout, js_str(out, "display_value"), id ? id : "", base);
    if (!js_arr(p, "maps")) {
        js_set(p, "maps", json_array());
    }
    bad = bad ? bad : js_arr(out, "maps") ? merge_maps(p, js_arr(out, "maps"), f, base) : NULL;
    if (bad) {
        return bad;
    }
    if (!id) {
        store_new_id(c->st, fresh);
        js_set_str(p, "id", fresh);
        js_set_str(p, "actual_value", js_str(out, "display_value"));
    }
    js_set_str(p, "display_value", js_str_or(out, "display_value", js_str_or(p, "display_value", "")));
    config_put(c->st, "pipeline", layout, p);
    if (js_bool(out, "default", false)) {
        make_default(c, layout, js_str(p, "id"));
    }
    return item_ok(js_str(p, "id"), id ? "pipeline updated" : "pipeline created");
}

static void write_all(struct call *c, bool create)
{
    const char *layout = layout_of(c);
    json_t *items = layout ? call_items(c, "pipeline", c->param[0] ? 1 : 10) : NULL, *in; /* "few" (1.3): 10 is ours */
    size_t i;
    if (!items) {
        return;
    }
    json_t *results = json_array();
    json_array_foreach (items, i, in) {
        AUTO_FREE char *base = mem_printf("$.pipeline[%zu]", i);
        const char *id = create ? NULL : c->param[0] ? c->param[0] : js_str_or(in, "id", "");
        json_array_append_new(results, write_one(c, layout, in, id, base));
    }
    answer_results(c, create ? 201 : 200, "pipeline", results);
}

static void create(struct call *c)
{
    write_all(c, true);
}

static void update(struct call *c)
{
    write_all(c, false);
}

/* Deleting a pipeline is moving it into another one. */
static json_t *transfer_one(struct call *c, const char *layout, const json_t *in, size_t i)
{
    const char *from = js_str_or(js_obj(in, "pipeline"), "from", ""), *to = js_str_or(js_obj(in, "pipeline"), "to", "");
    AUTO_JSON json_t *a = config_by_id(c->st, "pipeline", layout, from);
    AUTO_JSON json_t *b = config_by_id(c->st, "pipeline", layout, to);
    if (!a || !b || strcmp(from, to) == 0) {
        return error_invalid(NULL, "$.transfer_pipeline[%zu].pipeline.%s", i, a ? "to" : "from");
    }
    if (js_bool(a, "default", false)) {
        return item_error("CANNOT_DELETE", "the default pipeline stays",
                          at("$.transfer_pipeline[%zu].pipeline.from", i));
    }
    char id[STORE_ID_TEXT];
    store_new_id(c->st, id);
    config_remove(c->st, "pipeline", from);
    return json_pack("{s:s,s:{s:s},s:s,s:s}", "code", "SUCCESS", "details", "job_id", id, "message",
                     "transfer scheduled", "status", "success");
}

static void transfer(struct call *c)
{
    const char *layout = layout_of(c);
    json_t *items = layout ? call_items(c, "transfer_pipeline", 1) : NULL;
    if (items) {
        answer_results(c, 200, "transfer_pipeline",
                       json_pack("[o]", transfer_one(c, layout, json_array_get(items, 0), 0)));
    }
}

#define PATH  "/crm/v8/settings/pipeline"
#define SCOPE "ZohoCRM.settings.pipeline"
static const struct route rows[] = {
    {"POST", PATH "/actions/transfer", SCOPE, 1, transfer, NULL},
    {"GET", PATH, SCOPE, 1, list, NULL},
    {"POST", PATH, SCOPE, 1, create, NULL},
    {"PUT", PATH, SCOPE, 1, update, NULL},
    {"PATCH", PATH, SCOPE, 1, update, NULL},
    {"GET", PATH "/{id}", SCOPE, 1, one, NULL},
    {"PUT", PATH "/{id}", SCOPE, 1, update, NULL},
    {"PATCH", PATH "/{id}", SCOPE, 1, update, NULL},
};
ROUTE_TABLE(routes_pipeline, rows);
