/* plan/kind_module.c — custom modules. Source: zoho-api.md 1.4
 * (zoho.com/crm/developer/docs/api/v8/create-custom-module-api). */
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

const struct kind_spec spec_module = {
    .list = "modules", .key = "api_name", .label = "plural_label", PROPS(props), .finish = finish};
