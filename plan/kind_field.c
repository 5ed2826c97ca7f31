/*
 * plan/kind_field.c — fields with their permission-profile access.
 * Source: zoho-api.md 1.5 (zoho.com/crm/developer/docs/api/v8/create-custom-field, …/update-custom-field).
 */
#include "base/mem.h"
#include "plan/adopting.h"
#include "plan/kinds.h"

/* profiles: [{name, permission_type}] → profile name → permission, of the profiles the playbook speaks of. */
static const char *profile_of(const struct prop_ctx *c, const json_t *entry)
{
    const char *name = js_str(entry, "name");
    return name ? name : js_str(snapshot_find(c->v->snapshot, "profiles", "id", js_str(entry, "id"), false), "name");
}

static json_t *access_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    json_t *out = json_object(), *entry;
    size_t i;
    AUTO_JSON json_t *spoken = json_object();
    json_array_foreach (want, i, entry)
        js_set_bool(spoken, js_str_or(entry, "name", ""), true);
    json_array_foreach (value, i, entry) {
        const char *name = profile_of(c, entry);
        if (name && json_object_get(spoken, name))
            js_set_str(out, name, js_str_or(entry, "permission_type", "read_write"));
    }
    return out;
}

static void access_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    json_t *entry;
    size_t i;
    (void)c;
    json_array_foreach (value, i, entry) {
        AUTO_FREE char *address = address_make("profile", NULL, js_str_or(entry, "name", ""));
        strset_add(out, address);
    }
}

static void access_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    json_t *out = json_array(), *entry;
    size_t i;
    (void)live, (void)create;
    json_array_foreach (value, i, entry) {
        AUTO_FREE char *address = address_make("profile", NULL, js_str_or(entry, "name", ""));
        json_t *sent = json_object();
        js_set(sent, "id", ref_new(address, "id"));
        js_set_str(sent, "permission_type", js_str_or(entry, "permission_type", "read_write"));
        json_array_append_new(out, sent);
    }
    js_set(body, c->prop->key, out);
}
/* Profiles that may read and write are Zoho's default: a field where all may says nothing about them. */
static json_t *access_adopt(const struct prop_ctx *c, const json_t *live)
{
    json_t *out = json_array(), *entry;
    size_t i, limited = 0;
    json_array_foreach (live, i, entry) {
        const char *name = profile_of(c, entry), *permission = js_str_or(entry, "permission_type", "read_write");
        if (!name)
            continue;
        json_t *o = adopt_named("name", name);
        limited += strcmp(permission, "read_write") != 0;
        js_set_str(o, "permission_type", permission);
        json_array_append_new(out, o);
    }
    js_array_sort(out, "name");
    return limited ? out : (json_decref(out), json_null());
}
static const struct prop_type PROP_ACCESS = {SHAPE_OBJECTS, access_norm, access_needs, access_send, access_adopt};

/* Of a lookup its target counts; the label of the related list is given once, on create. */
static const char *target(const json_t *lookup)
{
    return ref_name(json_object_get(lookup, "module"));
}

static json_t *lookup_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)want;
    const char *module = target(value);
    if (!module)
        return json_null();
    return json_string(c->live ? module : real_module(c->v, module));
}

static void lookup_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    (void)c;
    if (target(value))
        strset_addf(out, "module/%s", target(value));
}

static void lookup_send(const struct prop_ctx *c, const json_t *value, const json_t *live, bool create, json_t *body)
{
    (void)live, (void)create;
    json_t *out = copy_object(value);
    if (target(value))
        js_set(out, "module", ref_module(target(value)));
    js_set(body, c->prop->key, out);
}
static json_t *lookup_adopt(const struct prop_ctx *c, const json_t *live)
{
    if (!target(live))
        return json_null();
    json_t *out = adopt_value(c, live);
    js_set(out, "module", adopt_named("api_name", target(live)));
    json_object_del(out, "api_name"); /* of the related list: made from its label */
    json_object_del(out, "id");
    return out;
}
static const struct prop_type PROP_LOOKUP = {SHAPE_OBJECT, lookup_norm, lookup_needs, lookup_send, lookup_adopt};

/* Operands of a formula, ${Module.Field}, come first (zoho-api.md 1.5; the syntax is unproven). */
static void formula_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    const char *p = js_str_or(value, "expression", "");
    (void)c;
    while ((p = strstr(p, "${"))) {
        p += 2;
        size_t n = strcspn(p, "}"), dot = strcspn(p, ".}");
        if (dot == n || !p[n])
            continue;
        AUTO_FREE char *module = mem_dupn(p, dot);
        AUTO_FREE char *field = mem_dupn(p + dot + 1, n - dot - 1);
        AUTO_FREE char *address = address_make("field", module, field);
        strset_add(out, address);
    }
}

static json_t *structure_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    return PROP_ANY.norm(c, value, want);
}
static const struct prop_type PROP_FORMULA = {SHAPE_OBJECT, structure_norm, formula_needs, NULL, adopt_value};

/* What a roll-up counts: records of a module that must be there. */
static void rollup_needs(const struct prop_ctx *c, const json_t *value, struct strset *out)
{
    const char *module = ref_name(json_object_get(value, "based_on_module"));
    (void)c;
    if (module)
        strset_addf(out, "module/%s", module);
}
static const struct prop_type PROP_ROLLUP = {SHAPE_OBJECT, structure_norm, rollup_needs, NULL, adopt_value};

/* A field that is not unique answers {} or null, a unique one an object that says how. */
static json_t *unique_norm(const struct prop_ctx *c, const json_t *value, const json_t *want)
{
    (void)c, (void)want;
    return json_boolean(json_is_true(value) || json_object_size(value) > 0);
}
static const struct prop_type PROP_UNIQUE = {SHAPE_ANY, unique_norm, NULL, NULL, adopt_value};

static const struct prop props[] = {
    {"field_label", &PROP_TEXT, 0, NULL},
    {"data_type", &PROP_WORD, PROP_FIXED, NULL}, /* "cannot be changed": …/update-custom-field */
    {"length", &PROP_NUMBER, 0, NULL},
    {"decimal_place", &PROP_NUMBER, 0, NULL},
    {"default_value", &PROP_TEXT, 0, NULL},
    {"pick_list_values", &PROP_PICKS, 0, NULL},
    {"global_picklist", &PROP_REF, PROP_FIXED, "global_picklist"},
    {"lookup", &PROP_LOOKUP, PROP_FIXED, NULL},
    {"tooltip", &PROP_ANY, 0, NULL},
    {"textarea", &PROP_ANY, 0, NULL},
    {"currency", &PROP_ANY, 0, NULL},
    {"precision", &PROP_ANY, 0, NULL},
    {"number_separator", &PROP_ANY, 0, NULL},
    {"rounding_option", &PROP_ANY, 0, NULL},
    {"external", &PROP_ANY, 0, NULL},
    {"crypt", &PROP_ANY, 0, NULL},
    {"private", &PROP_ANY, 0, NULL},
    {"enable_colour_code", &PROP_ANY, 0, NULL},
    {"pick_list_values_sorted_lexically", &PROP_ANY, 0, NULL},
    {"history_tracking", &PROP_ANY, 0, NULL},
    {"formula", &PROP_FORMULA, 0, NULL},
    {"rollup_summary", &PROP_ROLLUP, 0, NULL},
    {"multiselectlookup", &PROP_ANY, PROP_CREATE, NULL},
    {"auto_number", &PROP_ANY, PROP_CREATE, NULL}, /* the live start number moves with every record */
    {"unique", &PROP_UNIQUE, 0, NULL},
    {"profiles", &PROP_ACCESS, 0, NULL},
};

/* Every field answers a length; only these types are made with one. Values of a global list are the list's (both:
 * create-custom-field). */
static void type_adopt(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                       json_t *notes)
{
    static const char with[] = " text email phone website integer bigint double percent currency ";
    AUTO_FREE char *type = mem_printf(" %s ", js_str_or(live, "data_type", ""));
    if (!strstr(with, type))
        json_object_del(body, "length");
    picks_note(v, r, live, body, notes);
    if (json_object_get(body, "global_picklist"))
        json_object_del(body, "pick_list_values");
}

const struct kind_spec spec_field = {
    .list = "fields",
    .per_module = true,
    .key = "api_name",
    .label = "field_label",
    PROPS(props),
    .offer = offer_field,
    .adopt = type_adopt,
    .own = " associated_module businesscard_supported convert_mapping created_source custom_field display_label "
           "display_type email_parser filterable json_type mass_update operation_type searchable sortable type ui_type "
           "view_type visible webhook association_details layout_associations history_tracking_enabled "
           "quick_sequence_number sequence_number section_id column_name blueprint_supported available_in_user_layout "
           "read_only field_read_only separator customizable_properties "};
