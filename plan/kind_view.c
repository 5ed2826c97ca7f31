/*
 * plan/kind_view.c — custom views and variables.
 * Source: zoho-api.md 1.8 (zoho.com/crm/developer/docs/api/v8/custom-views) and 1.16 (…/create-variables).
 */
#include "base/mem.h"
#include "base/text.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

/* shared_to: who a view is shared with, by Zoho's word for the sort of thing. Territories have no kind here and pass as
 * given. */
static const struct {
    const char *type, *kind;
} shared[] = {{"users", "user"}, {"roles", "role"}, {"groups", "group"}};

static char *shared_address(const json_t *entry)
{
    const char *type = js_str_or(entry, "type", ""), *name = js_str(entry, "name");
    for (size_t i = 0; name && i < sizeof shared / sizeof *shared; i++)
        if (!text_casecmp(type, shared[i].type))
            return address_make(shared[i].kind, NULL, name);
    return NULL;
}

/* Servers may answer an id alone: its name stands in the list of that sort. Borrowed, NULL when nobody knows. */
static const char *shared_name(const struct prop_ctx *c, const json_t *entry)
{
    const char *type = js_str_or(entry, "type", ""), *id = js_str(entry, "id"), *name = js_str(entry, "name");
    for (size_t i = 0; !name && id && i < sizeof shared / sizeof *shared; i++)
        if (!text_casecmp(type, shared[i].type)) {
            const struct kind_spec *spec = kind_find(shared[i].kind)->spec;
            name = js_str(snapshot_find(c->v->snapshot, spec->list, "id", id, false), spec->key);
        }
    return name;
}

static json_t *shared_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_array(), *entry;
    size_t i;
    (void)want;
    json_array_foreach (value, i, entry) {
        const char *name = shared_name(c, entry);
        AUTO_FREE char *text =
            mem_printf("%s %s%s", js_str_or(entry, "type", ""), name ? name : js_str_or(entry, "id", ""),
                       js_bool(entry, "subordinates", false) ? " and subordinates" : "");
        js_array_add_unique(out, text);
    }
    js_array_sort(out, NULL);
    return json_array_size(out) ? out : (json_decref(out), json_null());
}

static void shared_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *entry;
    size_t i;
    (void)c;
    json_array_foreach (value, i, entry) {
        AUTO_FREE char *address = shared_address(entry);
        if (address)
            strset_add(out, address);
    }
}

static void shared_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *out = json_array(), *entry;
    size_t i;
    (void)live, (void)create;
    json_array_foreach (value, i, entry) {
        AUTO_FREE char *address = shared_address(entry);
        json_t *sent = copy_object(entry);
        if (address)
            js_set(sent, "id", ref_new(address, "id"));
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
static json_t *share_adopt(const struct prop_ctx *c, const json_t *live)
{
    json_t *o = adopt_value(c, live);
    const char *name = shared_name(c, live);
    if (name) {
        js_set_str(o, "name", name);
        json_object_del(o, "id");
    }
    return o;
}

static json_t *shared_adopt(const struct prop_ctx *c, const json_t *live)
{
    return adopt_list(c, live, share_adopt);
}
static const struct prop_type PROP_SHARED = {SHAPE_OBJECTS, shared_norm, shared_needs, shared_send, shared_adopt};

static const struct prop view_props[] = {
    {"name", &PROP_TEXT, 0, NULL},        {"fields", &PROP_FIELDS, 0, NULL},     {"criteria", &PROP_CRITERIA, 0, NULL},
    {"sort_by", &PROP_FIELD, 0, NULL},    {"sort_order", &PROP_WORD, 0, NULL},   {"access_type", &PROP_WORD, 0, NULL},
    {"shared_to", &PROP_SHARED, 0, NULL}, {"cross_filters", &PROP_ANY, 0, NULL}, {"locked", &PROP_ANY, 0, NULL},
    {"wrap_text", &PROP_ANY, 0, NULL},    {"favorite", &PROP_ANY, 0, NULL},
};
const struct kind_spec spec_custom_view = {.list = "custom_views",
                                           .per_module = true,
                                           .whole = true,
                                           .key = "name",
                                           .label = "name",
                                           PROPS(view_props),
                                           .offer = offer_named,
                                           .own = " category default "};

static const struct prop variable_props[] = {
    {"name", &PROP_TEXT, 0, NULL},          {"api_name", &PROP_TEXT, PROP_CREATE, NULL},
    {"type", &PROP_WORD, PROP_FIXED, NULL}, {"value", &PROP_TEXT, 0, NULL},
    {"description", &PROP_TEXT, 0, NULL},   {"variable_group", &PROP_REF, 0, "variable_group"},
};
/* Variables are where people keep keys: by their name, since a key looks like any text. */
static void value_adopt(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                        json_t *notes)
{
    static const char *const words[] = {"token",  "secret",  "password", "passwd",
                                        "apikey", "api_key", "authkey",  "auth_key"};
    AUTO_FREE char *name = text_slug(r->name);
    (void)v, (void)live;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(name, words[i]) && json_object_del(body, "value") == 0)
            adopt_note(notes, "value", "left out: by its name it may be a secret; a person fills it in");
}

const struct kind_spec spec_variable = {.list = "variables",
                                        .key = "api_name",
                                        .label = "name",
                                        PROPS(variable_props),
                                        .offer = offer_named,
                                        .adopt = value_adopt};
