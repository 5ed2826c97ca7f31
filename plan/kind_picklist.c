/*
 * plan/kind_picklist.c — values of picklists, of one field or global. Values are only ever added: what the org has
 * besides stays. Source: zoho-api.md 1.7; a full list without ids may lose values, so both forms to send are prepared:
 * the new values alone, and the live ones with their ids followed by the new ones.
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/kinds.h"
#include "plan/walk.h"

static const char *actual(const json_t *value)
{
    const char *text = js_str(value, "actual_value");
    return text ? text : js_str_or(value, "display_value", "");
}

static bool in_use(const json_t *value) /* an unused value waits in the pool and cannot be picked */
{
    return strcmp(js_str_or(value, "type", "used"), "unused") != 0;
}

bool picks_have(const json_t *values, const char *wanted)
{
    json_t *value;
    size_t i;
    json_array_foreach (values, i, value)
        if (in_use(value) && !strcmp(actual(value), wanted))
            return true;
    return false;
}

static json_t *picks_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *one;
    size_t i;
    json_array_foreach (want, i, one)
        if (!c->live || picks_have(value, actual(one)))
            js_array_add_unique(out, actual(one));
    return out;
}

static json_t *value_new(const json_t *value)
{
    json_t *o = copy_object(value);
    js_set_str(o, "display_value", js_str_or(value, "display_value", actual(value)));
    js_set_str(o, "actual_value", actual(value));
    return o;
}

static json_t *missing(const json_t *want, const json_t *live)
{
    json_t *out = json_array(), *one;
    size_t i;
    json_array_foreach (want, i, one)
        if (!picks_have(live, actual(one)))
            json_array_append_new(out, value_new(one));
    return out;
}

static json_t *merged(const json_t *added, const json_t *live)
{
    static const char *const kept[] = {"id", "display_value", "actual_value"};
    json_t *out = json_array(), *one;
    size_t i;
    json_array_foreach (live, i, one) {
        json_t *o = json_object();
        for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
            if (js_str(one, kept[k]))
                js_set_str(o, kept[k], js_str(one, kept[k]));
        json_array_append_new(out, o);
    }
    json_array_extend(out, walk(added));
    return out;
}

static void picks_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *added = missing(value, live);
    if (create) {
        js_set(body, c->prop->key, added);
        return;
    }
    js_set(body, "pick_list_values_merged", merged(added, live));
    js_set(body, "pick_list_values_new", added);
}
/* "-None-" is Zoho's own first line. */
static json_t *pick_adopt(const struct prop_ctx *c, const json_t *live)
{
    (void)c;
    if (!in_use(live) || !strcmp(actual(live), "-None-"))
        return json_null();
    json_t *o = adopt_named("display_value", js_str_or(live, "display_value", actual(live)));
    js_set_str(o, "actual_value", actual(live));
    if (js_str(live, "colour_code"))
        js_set_str(o, "colour_code", js_str(live, "colour_code"));
    return o;
}

static json_t *picks_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, pick_adopt);
}
void picks_note(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body, json_t *notes)
{
    (void)v, (void)r;
    if (json_object_get(body, "pick_list_values"))
        adopt_note_members(notes, "pick_list_values", js_arr(live, "pick_list_values"),
                           " id display_value actual_value reference_value sequence_number colour_code type ");
}
const struct prop_type PROP_PICKS = {SHAPE_OBJECTS, picks_norm, NULL, picks_send, picks_adopt};

static const struct prop local_props[] = {{"pick_list_values", &PROP_PICKS, 0, NULL}};
static const struct prop global_props[] = {
    {"display_label", &PROP_TEXT, 0, NULL},
    {"description", &PROP_TEXT, 0, NULL},
    {"api_name", &PROP_TEXT, PROP_CREATE, NULL},
    {"pick_list_values", &PROP_PICKS, 0, NULL},
};

static char *field_address(const struct resource *r)
{
    return address_make("field", r->module, r->name);
}

json_t *picklist_find(const struct kind_view *v, const struct resource *r)
{
    AUTO_FREE char *list = kind_list(v, r);
    AUTO_FREE char *field = field_address(r);
    if (!module_exists(v, r->module))
        return NULL;
    return snapshot_find(v->snapshot, list, "api_name", kind_real_name(v, field, r->name), false);
}

void picklist_needs(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    AUTO_FREE char *field = field_address(r);
    strset_add(out, field);
    spec_needs(v, r, out);
}

json_t *picklist_body(const struct kind_view *v, const struct resource *r, const json_t *live)
{
    (void)v;
    const json_t *want = json_object_get(r->body, "pick_list_values");
    const json_t *have = json_object_get(live, "pick_list_values");
    AUTO_FREE char *field = field_address(r);
    json_t *body = json_object(), *added = missing(want, have);
    js_set(body, "field_id", ref_new(field, "id"));
    js_set(body, "merged", merged(added, have));
    js_set(body, "new", added);
    return body;
}

const struct kind_spec spec_picklist = {.list = "fields",
                                        .per_module = true,
                                        .update_only = true,
                                        .key = "api_name",
                                        PROPS(local_props),
                                        .offer = offer_picklist,
                                        .adopt = picks_note,
                                        .own = "*"}; /* the field is Zoho's own: only its values count */
const struct kind_spec spec_global_picklist = {.list = "global_picklists",
                                               .key = "api_name",
                                               .label = "display_label",
                                               PROPS(global_props),
                                               .offer = offer_named,
                                               .adopt = picks_note};
