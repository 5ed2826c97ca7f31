#include "agent/audit/things.h"

#include <string.h>

#include "plan/resource.h"

enum where { OF_ORG, IN_NAME, IN_BODY };
static const struct row {
    const char *list, *kind, *key;
    enum where module;
} rows[] = {
    {"modules", "module", "api_name", OF_ORG},
    {"fields", "field", "api_name", IN_NAME},
    {"layouts", "layout", "name", IN_NAME},
    {"custom_views", "custom_view", "name", IN_NAME},
    {"related_lists", "related_list", "api_name", IN_NAME},
    {"record_locking", "record_locking", "id", IN_NAME},
    {"validation_rules", "validation_rule", "name", IN_NAME},
    {"global_picklists", "global_picklist", "api_name", OF_ORG},
    {"variable_groups", "variable_group", "api_name", OF_ORG},
    {"variables", "variable", "api_name", OF_ORG},
    {"functions", "function", "api_name", OF_ORG},
    {"function_wrappers", "function_wrapper", "name", IN_BODY},
    {"field_updates", "field_update", "name", IN_BODY},
    {"email_notifications", "email_notification", "name", IN_BODY},
    {"tasks", "task", "name", IN_BODY},
    {"webhooks", "webhook", "name", IN_BODY},
    {"email_templates", "email_template", "name", IN_BODY},
    {"workflow_rules", "workflow_rule", "name", IN_BODY},
    {"assignment_rules", "assignment_rule", "name", IN_BODY},
    {"blueprints", "blueprint", "name", IN_BODY},
    {"profiles", "profile", "name", OF_ORG},
    {"roles", "role", "name", OF_ORG},
    {"users", "user", "id", OF_ORG},
    {"user_groups", "user_group", "name", OF_ORG},
    {"org", "org", "zgid", OF_ORG},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

/* A lock is called by its first rule, as plans do. */
static const char *name_of(const struct row *r, const json_t *o)
{
    const char *inner = js_str(json_array_get(js_arr(o, "locking_rules"), 0), "name");
    const char *name = !strcmp(r->kind, "record_locking") && inner ? inner : js_str(o, r->key);
    return name ? name : js_str(o, "name") ? js_str(o, "name") : js_str(o, "id");
}

static void see_list(const struct row *r, const char *list, const char *module, const json_t *objects,
                     void (*see)(const struct thing *, void *), void *ctx)
{
    const json_t *o;
    size_t i;
    json_array_foreach (objects, i, o) {
        const char *own = r->module == IN_BODY ? js_str_or(js_obj(o, "module"), "api_name", "") : module;
        struct thing t = {.kind = r->kind, .list = list, .module = own, .name = name_of(r, o), .o = o};
        if (!t.name)
            continue;
        t.address = address_make(r->kind, own && *own ? own : NULL, t.name);
        see(&t, ctx);
        free(t.address);
    }
}

static void see_row(const struct snapshot *s, const struct row *r, void (*see)(const struct thing *, void *), void *ctx)
{
    struct strset names = {0};
    const char *name;
    json_t *value;
    size_t n = strlen(r->list);
    if (r->module != IN_NAME) {
        see_list(r, r->list, NULL, snapshot_get(s, r->list), see, ctx);
        return;
    }
    json_object_foreach (s->res, name, value)
        if (!strncmp(name, r->list, n) && name[n] == '/')
            strset_add(&names, name);
    for (size_t i = 0; i < names.n; i++)
        see_list(r, names.item[i], names.item[i] + n + 1, snapshot_get(s, names.item[i]), see, ctx);
    strset_release(&names);
}

void things_each(const struct snapshot *s, void (*see)(const struct thing *t, void *ctx), void *ctx)
{
    for (size_t i = 0; i < N_ROWS; i++)
        see_row(s, &rows[i], see, ctx);
}

void things_of(const struct snapshot *s, const char *kind, void (*see)(const struct thing *t, void *ctx), void *ctx)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (!strcmp(rows[i].kind, kind))
            see_row(s, &rows[i], see, ctx);
}

char *thing_by_id(const struct snapshot *s, const char *kind, const char *module, const char *id)
{
    for (size_t i = 0; id && i < N_ROWS; i++) {
        if (strcmp(rows[i].kind, kind) != 0)
            continue;
        AUTO_FREE char *list =
            rows[i].module == IN_NAME ? mem_printf("%s/%s", rows[i].list, module ? module : "") : mem_dup(rows[i].list);
        const json_t *o = snapshot_find(s, list, "id", id, false);
        const char *own = rows[i].module == IN_BODY ? js_str(js_obj(o, "module"), "api_name") : module;
        if (o && name_of(&rows[i], o))
            return address_make(kind, rows[i].module == OF_ORG ? NULL : own, name_of(&rows[i], o));
    }
    return NULL;
}

static const json_t *field_by(const struct snapshot *s, const char *module, const char *key, const char *value)
{
    AUTO_FREE char *list = mem_printf("fields/%s", module ? module : "");
    return value ? snapshot_find(s, list, key, value, false) : NULL;
}

const json_t *org_field(const struct snapshot *s, const char *module, const char *field)
{
    return field_by(s, module, "api_name", field);
}

const json_t *org_field_by_id(const struct snapshot *s, const char *module, const char *id)
{
    return field_by(s, module, "id", id);
}

const json_t *org_module(const struct snapshot *s, const char *module)
{
    return module ? snapshot_find(s, "modules", "api_name", module, false) : NULL;
}

bool org_has_list(const json_t *field)
{
    return json_array_size(js_arr(field, "pick_list_values")) > 0;
}

const json_t *org_value(const json_t *field, const char *value)
{
    const json_t *v;
    size_t i;
    json_array_foreach (js_arr(field, "pick_list_values"), i, v)
        if (!strcmp(js_str_or(v, "actual_value", ""), value) || !strcmp(js_str_or(v, "display_value", ""), value))
            return v;
    return NULL;
}

bool org_filled_by_people(const json_t *field)
{
    static const char *const types[] = {"text",   "textarea", "email",   "phone",     "picklist", "multiselectpicklist",
                                        "date",   "datetime", "integer", "currency",  "percent",  "bigint",
                                        "double", "website",  "lookup",  "userlookup"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(js_str_or(field, "data_type", ""), types[i]))
            return true;
    return false;
}
