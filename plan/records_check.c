/* plan/records_check.c — what of a table of records cannot be written, told before anything is. See records_table.h. */
#include "base/mem.h"
#include "plan/check.h"
#include "plan/kinds.h"
#include "plan/records_table.h"
#include "plan/records_value.h"

static const char *module_of(const struct resource *r)
{
    return js_str_or(r->body, "module", "");
}

static const char *key_of(const struct resource *r)
{
    return js_str_or(r->body, "key", "");
}

/* An option that neither the org nor the plan has: Zoho would store it all the same, and no view finds it. */
static void check_option(const struct kind_view *v, const struct resource *r, const char *field, json_t *findings)
{
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(v, module_of(r)));
    AUTO_FREE char *address = address_make("field", module_of(r), field);
    AUTO_FREE char *values = address_make("picklist", module_of(r), field);
    const struct resource *made = v->desired ? desired_find(v->desired, address) : NULL;
    const struct resource *added = v->desired ? desired_find(v->desired, values) : NULL;
    json_t *live = snapshot_find(v->snapshot, list, "api_name", real_field(v, module_of(r), field), false), *record;
    const json_t *options[] = {js_arr(live, "pick_list_values"), made ? js_arr(made->body, "pick_list_values") : NULL,
                               added ? js_arr(added->body, "pick_list_values") : NULL};
    AUTO_JSON json_t *told = json_array();
    size_t i;
    if (!options[0] && !options[1] && !options[2])
        return;
    json_array_foreach (js_arr(r->body, "records"), i, record) {
        AUTO_FREE char *value = table_cell(json_object_get(record, field));
        bool known = !*value;
        for (size_t k = 0; k < 3 && !known; k++)
            known = options[k] && picks_have(options[k], value);
        if (known || js_array_has(told, value))
            continue;
        AUTO_FREE char *key = table_cell(json_object_get(record, key_of(r)));
        js_push_str(told, value);
        finding(findings, "error", "records", "'%s' of '%s' is no option of %s", value, key, field);
    }
}

static void check_key(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    const char *type = table_type(v, module_of(r), key_of(r));
    if (!json_is_string(json_object_get(r->body, "key")) || !*key_of(r))
        finding(findings, "error", "key", "name the one field that tells these records apart");
    else if (*type && (!value_hint(type) || !strcmp(type, "textarea") || !strcmp(type, "multiselectpicklist")))
        finding(findings, "error", "key", "%s is a %s, by which no record can be found", key_of(r), type);
}

/* A module's own duplicate-check field. Source: zoho.com/crm/developer/docs/api/v8/upsert-records. */
static const char *own_key(const char *module)
{
    static const char *const known[][2] = {
        {"Leads", "Email"},
        {"Accounts", "Account_Name"},
        {"Contacts", "Email"},
        {"Deals", "Deal_Name"},
        {"Campaigns", "Campaign_Name"},
        {"Cases", "Subject"},
        {"Solutions", "Solution_Title"},
        {"Products", "Product_Name"},
        {"Vendors", "Vendor_Name"},
        {"Price_Books", "Price_Book_Name"},
        {"Quotes", "Subject"},
        {"Sales_Orders", "Subject"},
        {"Purchase_Orders", "Subject"},
        {"Invoices", "Subject"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(module, known[i][0]))
            return known[i][1];
    return "Name";
}

/* Without it Zoho refuses the key, or makes the record again. */
static void check_unique(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    AUTO_FREE char *list = mem_printf("fields/%s", real_module(v, module_of(r)));
    AUTO_FREE char *address = address_make("field", module_of(r), key_of(r));
    const json_t *live = snapshot_find(v->snapshot, list, "api_name", real_field(v, module_of(r), key_of(r)), false);
    const struct resource *planned = v->desired ? desired_find(v->desired, address) : NULL;
    if (!js_bool(r->body, "create", false) || !strcmp(own_key(module_of(r)), key_of(r)) ||
        json_object_size(js_obj(live, "unique")) || json_object_size(js_obj(planned ? planned->body : NULL, "unique")))
        return;
    finding(
        findings, "error", "key",
        "records can only be made by a field whose values are unique: tick \"Do not allow duplicate values\" on %s.%s, "
        "or use %s, or leave create out",
        module_of(r), key_of(r), own_key(module_of(r)));
}

void table_check(const struct kind_view *v, const struct resource *r, json_t *findings)
{
    AUTO_JSON json_t *fields = table_fields(r);
    size_t n = json_array_size(js_arr(r->body, "records")), before = json_array_size(findings), i;
    const char *field;
    json_t *value;
    check_key(v, r, findings);
    check_unique(v, r, findings);
    if (!js_arr(r->body, "records"))
        finding(findings, "error", "records", "with a key, records are a list: {$each: TABLE, $item: {FIELD: value}}");
    if (json_object_get(r->body, "set"))
        finding(findings, "error", "set", "with a key, each record says what is set on it");
    json_array_foreach (js_arr(r->body, "only_new"), i, value)
        if (!json_is_string(value) || !json_object_get(fields, json_string_value(value)))
            finding(findings, "error", "only_new", "name fields that the records set, and not the key");
    if (n > TABLE_MAX)
        finding(findings, "error", "records", "%zu records are more than a plan holds (%d)", n, TABLE_MAX);
    if (json_object_size(fields) > TABLE_FIELDS_MAX)
        finding(findings, "error", "records", "more than %d fields are set", TABLE_FIELDS_MAX);
    if (json_array_size(findings) > before)
        return;
    json_object_foreach (fields, field, value)
        if (!strcmp(table_type(v, module_of(r), field), "picklist"))
            check_option(v, r, field, findings);
    json_decref(table_match(v, r, findings));
}
