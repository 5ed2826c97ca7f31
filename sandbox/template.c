/* sandbox/template.c — e-mail templates: people make them, the API reads them (zoho-api.md 1.17; OAS26a). */
#include "sandbox/plain.h"

#include "sandbox/route.h"

static const struct shape template_shape[] = {{"name", TEXT, true, 0, NULL},
                                              {"module", OBJECT, true, 0, NULL},
                                              {"subject", TEXT, true, 0, NULL},
                                              {"content", TEXT, false, 0, NULL},
                                              {"folder", ANY, false, 0, NULL},
                                              {"editor_mode", TEXT, false, 0, "plain_text|rich_text|gallery"},
                                              {"category", TEXT, false, 0, "normal|draft"},
                                              {"attachments", ARRAY, false, 0, NULL},
                                              {0}};

static json_t *template_complete(struct call *c, const char *module, json_t *o, const json_t *before, const char *base)
{
    (void)module;
    (void)base;
    json_t *folder = json_object_get(o, "folder");
    AUTO_FREE char *name = mem_dup(json_is_string(folder) ? json_string_value(folder)
                                                          : js_str_or(folder, "name", "Public Email Templates"));
    if (!js_str(js_obj(o, "folder"), "id")) {
        char id[STORE_ID_TEXT];
        store_new_id(c->st, id);
        js_set(o, "folder", json_pack("{s:s,s:s}", "name", name, "id", id));
    }
    if (!before) {
        js_set_str(o, "editor_mode", js_str_or(o, "editor_mode", "rich_text"));
        js_set_str(o, "category", js_str_or(o, "category", "normal"));
        js_set_bool(o, "favorite", false);
        js_set_bool(o, "associated", false);
        js_set_bool(o, "active", true);
        js_set_bool(o, "consent_linked", false);
        js_set(o, "attachments", json_array());
        js_set_str(o, "last_usage_time", NULL);
        js_set(o, "last_version_statistics",
               json_pack("{s:i,s:i,s:i,s:i,s:i,s:i}", "tracked", 0, "delivered", 0, "opened", 0, "bounced", 0, "sent",
                         0, "clicked", 0));
    }
    return NULL;
}

const struct plain plain_email_templates = {
    "email_templates", "email_templates", template_shape, MODULE_BODY, 1, 201, true, true, template_complete, NULL};

static const struct route rows[] = {
    {"GET", "/crm/v8/settings/email_templates", "ZohoCRM.templates.email", 1, plain_list, &plain_email_templates},
    {"GET", "/crm/v8/settings/email_templates/{id}", "ZohoCRM.templates.email", 1, plain_one, &plain_email_templates},
};
ROUTE_TABLE(routes_template, rows);
