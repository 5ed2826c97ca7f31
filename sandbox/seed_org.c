/* sandbox/seed_org.c — the built-in org: facts, profiles, role, user, standard modules with fields, layouts, related
 * lists. */
#include "sandbox/seed_org.h"

#include "sandbox/field.h"
#include "sandbox/layout.h"
#include "sandbox/module.h"
#include "sandbox/standard.h"

static void org_facts(struct sandbox *s)
{
    AUTO_FREE char *type = store_meta(&s->store, "paid_type");
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    bool paid = type && strcmp(type, "free") != 0;
    AUTO_JSON json_t *org = json_pack(
        "{s:n,s:n,s:n,s:n,s:s,s:s,s:b,s:b,s:b,s:n,s:s,s:n,s:s,s:s,s:s,s:n,s:s,s:s,s:s,s:s,s:s,s:b,s:n,s:b,s:b,s:b}",
        "country", "photo_id", "city", "description", "type", "production", "created_time", "2026-01-01T09:00:00+00:00",
        "mc_status", 0, "gapps_enabled", 0, "translation_enabled", 0, "alias", "currency", "Euro - EUR",
        "employee_count", "iso_code", "EUR", "currency_symbol", "€", "currency_locale", "en_IE", "phone", "time_zone",
        "UTC", "zgid", "700000042", "company_name", "Example Company", "domain_name", "org700000042", "primary_email",
        "admin@example.org", "deletable_org_account", 0, "country_code", "privacy_settings", 0,
        "hipaa_compliance_enabled", 0, "lite_users_enabled", 0);
    js_set_str(org, "id", id);
    js_set(org, "hierarchy_preferences", json_pack("{s:s}", "type", "Role_Hierarchy"));
    js_set(org, "license_details",
           json_pack("{s:n,s:i,s:n,s:n,s:b,s:s,s:i}", "paid_expiry", "users_license_purchased", paid ? 24 : 3,
                     "trial_type", "trial_expiry", "paid", (int)paid, "paid_type", type ? type : "enterprise",
                     "portal_users_license_purchased", 0));
    org_set(s, org);
}

void seed_profile(struct sandbox *s, const char *name, const char *description, bool custom)
{
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    AUTO_JSON json_t *p = json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:n,s:n,s:n,s:n}", "id", id, "name", name, "api_name",
                                    name, "display_label", name, "custom", (int)custom, "type", "normal_profile",
                                    "created_time", "modified_time", "created_by", "modified_by");
    js_set_str(p, "description", description);
    AUTO_FREE char *api = field_api_name(name);
    js_set_str(p, "api_name", api);
    config_put(&s->store, "profiles", NULL, p);
}

int seed_role(struct sandbox *s, const char *name, const char *reports_to, struct err *e)
{
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    AUTO_JSON json_t *above = reports_to ? config_by_name(&s->store, "roles", NULL, reports_to) : NULL;
    if (reports_to && !above) {
        return err_set(e, ERR_CONFIG, "the role '%s' reports to '%s', which is not made yet", name, reports_to);
    }
    AUTO_FREE char *api = field_api_name(name);
    AUTO_JSON json_t *r = json_pack("{s:s,s:s,s:s,s:s,s:b,s:n,s:n,s:n,s:n}", "id", id, "name", name, "api_name", api,
                                    "display_label", name, "share_with_peers", 0, "description", "forecast_manager",
                                    "created_time__s", "modified_time__s");
    js_set_str(r, "created_by__s", NULL); /* made before there is anybody */
    js_set_str(r, "modified_by__s", NULL);
    js_set(r, "reporting_to",
           above ? json_pack("{s:s,s:s}", "id", js_str(above, "id"), "name", js_str(above, "name")) : json_null());
    config_put(&s->store, "roles", NULL, r);
    return 0;
}

int seed_user(struct sandbox *s, const char *full_name, const char *email, const char *role, const char *profile,
              struct err *e)
{
    AUTO_JSON json_t *r = config_by_name(&s->store, "roles", NULL, role);
    AUTO_JSON json_t *p = config_by_name(&s->store, "profiles", NULL, profile);
    if (!r || !p) {
        return err_set(e, ERR_CONFIG, "the user '%s' has an unknown role '%s' or profile '%s'", full_name, role,
                       profile);
    }
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    const char *last = strrchr(full_name, ' ');
    AUTO_FREE char *first = mem_dupn(full_name, last ? (size_t)(last - full_name) : 0);
    AUTO_JSON json_t *u = json_pack(
        "{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:s,s:{s:s,s:s},s:{s:s,s:s}}", "id", id, "full_name", full_name, "first_name",
        first, "last_name", last ? last + 1 : full_name, "email", email, "status", "active", "confirm", 1, "type__s",
        "Regular User", "time_zone", js_str_or(org_object(s), "time_zone", "UTC"), "role", "id", js_str(r, "id"),
        "name", js_str(r, "name"), "profile", "id", js_str(p, "id"), "name", js_str(p, "name"));
    config_put(&s->store, "users", NULL, u);
    return 0;
}

static void add_field(struct sandbox *s, const struct standard_field *f)
{
    AUTO_JSON json_t *given = json_pack("{s:s,s:s,s:s,s:b}", "api_name", f->api_name, "field_label", f->label,
                                        "data_type", f->data_type, "required", (int)f->required);
    if (f->extra && strcmp(f->data_type, "picklist") == 0) {
        json_t *values = json_array();
        for (const char *p = f->extra; *p;) {
            size_t n = strcspn(p, "|");
            json_array_append_new(values, json_stringn(p, n));
            p += n + (p[n] == '|');
        }
        js_set(given, "pick_list_values", values);
    } else if (f->extra) {
        js_set(given, "lookup", json_pack("{s:{s:s}}", "module", "api_name", f->extra));
        if (strcmp(f->data_type, "subform") == 0) {
            json_object_del(given, "lookup");
            AUTO_JSON json_t *rows = config_by_api(&s->store, "modules", NULL, f->extra);
            js_set(given, "associated_module",
                   json_pack("{s:s,s:s}", "module", f->extra, "id", js_str_or(rows, "id", "")));
        }
    }
    json_decref(field_make(s, f->module, given, false));
}

static void add_module(struct sandbox *s, const struct standard_module *m)
{
    AUTO_JSON json_t *given =
        json_pack("{s:s,s:s,s:s,s:s,s:b,s:b,s:{s:s}}", "api_name", m->api_name, "singular_label", m->singular,
                  "plural_label", m->plural, "generated_type", m->subform ? "subform" : "default", "show_as_tab",
                  (int)!m->subform, "deletable", 0, "display_field", "api_name", m->display_field);
    if (m->parent) {
        AUTO_JSON json_t *parent = config_by_api(&s->store, "modules", NULL, m->parent);
        js_set(given, "parent_module",
               json_pack("{s:s,s:s}", "api_name", m->parent, "id", js_str_or(parent, "id", "")));
    }
    json_decref(module_make(s, given));
}

static void related_lists(struct sandbox *s)
{
    int n = 0;
    for (size_t i = 0; i < standard_fields_n; i++) {
        const struct standard_field *f = &standard_fields[i];
        if (strcmp(f->data_type, "lookup") == 0 && f->extra && !standard_module(f->module)->subform) {
            seed_related_list(s, f->extra, f->module, f->module, ++n);
        }
    }
}

void seed_related_list(struct sandbox *s, const char *of, const char *api_name, const char *module, int sequence)
{
    AUTO_JSON json_t *taken = config_by_api(&s->store, "related_lists", of, api_name);
    AUTO_JSON json_t *m = config_by_api(&s->store, "modules", NULL, module);
    if (taken || !m) {
        return;
    }
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    AUTO_JSON json_t *r = json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s},s:n,s:s,s:s,s:b,s:b,s:b,s:s}", "id", id,
                                    "api_name", api_name, "name", js_str(m, "plural_label"), "display_label",
                                    js_str(m, "plural_label"), "type", "default", "module", "api_name", module, "id",
                                    js_str(m, "id"), "action", "href", "", "status", "visible", "customize_sort", 1,
                                    "customize_fields", 1, "customize_display_label", 1, "connectedlookupApiName", "");
    js_set_strf(r, "sequence_number", "%d", sequence);
    config_put(&s->store, "related_lists", of, r);
}

int seed_builtin(struct sandbox *s, struct err *e)
{
    org_facts(s);
    seed_profile(s, "Administrator", "This profile will have all the permissions.", false);
    seed_profile(s, "Standard", "This profile will have all the permissions except administrative privileges.", false);
    if (seed_role(s, "CEO", NULL, e) || seed_role(s, "Manager", "CEO", e) ||
        seed_user(s, "Org Administrator", "admin@example.org", "CEO", "Administrator", e)) {
        return -1;
    }
    for (size_t i = 0; i < standard_modules_n; i++) {
        add_module(s, &standard_modules[i]);
    }
    for (size_t i = 0; i < standard_fields_n; i++) {
        add_field(s, &standard_fields[i]);
    }
    for (size_t i = 0; i < standard_modules_n; i++) {
        if (!standard_modules[i].subform) {
            field_make_system(s, standard_modules[i].api_name);
            AUTO_JSON json_t *m = config_by_api(&s->store, "modules", NULL, standard_modules[i].api_name);
            layout_make_standard(s, m);
        }
    }
    related_lists(s);
    char id[STORE_ID_TEXT];
    store_new_id(&s->store, id);
    AUTO_JSON json_t *g = json_pack("{s:s,s:s,s:s,s:s,s:n}", "id", id, "name", "General", "api_name", "General",
                                    "display_label", "General", "description");
    js_set_str(g, "rid", id);
    config_put(&s->store, "variable_groups", NULL, g);
    return 0;
}
