/* plan/kind_module.c — custom modules. Source: zoho-api.md 1.4
 * (zoho.com/crm/developer/docs/api/v8/create-custom-module-api). */
#include "plan/adopting.h"
#include "plan/kinds.h"

static const struct prop props[] = {
    {"singular_label", &PROP_TEXT, 0, NULL},     {"plural_label", &PROP_TEXT, 0, NULL},
    {"api_name", &PROP_TEXT, PROP_CREATE, NULL}, {"display_field", &PROP_ANY, PROP_CREATE, NULL},
    {"profiles", &PROP_REFS, 0, "profile"},
};

void module_reads(const struct kind_view *v, const struct resource *r, struct strset *out)
{
    spec_reads(v, r, out);
    strset_add(out, "profiles");
}

/* At least one permission profile is required; without a wish every profile gets the module. */
static void finish(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body)
{
    json_t *profile, *out;
    size_t i;
    if (live)
        return;
    if (!js_str(body, "api_name"))
        js_set_str(body, "api_name", r->name);
    if (js_arr(body, "profiles"))
        return;
    out = json_array();
    json_array_foreach (snapshot_get(v->snapshot, "profiles"), i, profile) {
        if (!js_str(profile, "name"))
            continue;
        json_t *sent = ref_named("profile", NULL, js_str(profile, "name"));
        json_object_del(sent, "name");
        json_array_append_new(out, sent);
    }
    js_set(body, "profiles", out);
}

/* A module is made with the field that names its records; later answers give only that field's api_name. Profiles are worth a
 * word where not all of them have the module. */
static void display_adopt(const struct kind_view *v, const struct resource *r, const json_t *live, json_t *body,
                          json_t *notes)
{
    static const char *const kept[] = {"field_label", "data_type"};
    AUTO_FREE char *list = mem_printf("fields/%s", r->name);
    const char *name = ref_name(json_object_get(live, "display_field"));
    const json_t *field = snapshot_find(v->snapshot, list, "api_name", name ? name : "Name", false);
    json_t *display = json_object();
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (js_str(field, kept[i]))
            js_set_str(display, kept[i], js_str(field, kept[i]));
    json_t *number = adopt_value(NULL, json_object_get(field, "auto_number"));
    if (json_is_object(number))
        js_set(display, "auto_number", json_incref(number));
    json_decref(number);
    (void)notes;
    json_object_del(body, "display_field");
    if (field)
        js_set(body, "display_field", json_incref(display));
    json_decref(display);
    if (json_array_size(js_arr(body, "profiles")) >= json_array_size(snapshot_get(v->snapshot, "profiles")))
        json_object_del(body, "profiles");
}

const struct kind_spec spec_module = {
    .list = "modules",
    .key = "api_name",
    .label = "plural_label",
    PROPS(props),
    .finish = finish,
    .offer = offer_module,
    .adopt = display_adopt,
    .own = " access_type actual_plural_label actual_singular_label api_supported business_card_field_limit creatable "
           "emailTemplate_support filter_supported generated_type global_search_supported isBlueprintSupported "
           "module_name module_type presence_sub_menu profile_count quick_create recycle_bin_on_delete "
           "scoring_supported sequence_number show_as_tab sub_menu_available triggers_supported viewable visibility "
           "webform_supported visible has_more_profiles "};
