#include "zoho/crm/scope.h"

#include <strings.h>

#include "zoho/crm/kinds.h"
#include "zoho/crm/resources.h"

const char *crm_read_scope(const char *snapshot_name)
{
    const char *rest;
    const struct resource_row *r = resource_row_find(snapshot_name, &rest);
    return r && *r->scope ? r->scope : NULL;
}

void crm_all_read_scopes(struct strset *out)
{
    for (size_t i = 0; i < resource_rows_n; i++)
        if (*resource_rows[i].scope)
            strset_add(out, resource_rows[i].scope);
}

/* zoho.com/crm/developer/docs/api/v8/scopes, "modules": small letters, no underscores. */
static const struct {
    const char *api_name, *scope;
} standard[] = {
    {"Leads", "leads"},
    {"Accounts", "accounts"},
    {"Contacts", "contacts"},
    {"Deals", "deals"},
    {"Campaigns", "campaigns"},
    {"Tasks", "tasks"},
    {"Cases", "cases"},
    {"Events", "events"},
    {"Calls", "calls"},
    {"Solutions", "solutions"},
    {"Products", "products"},
    {"Vendors", "vendors"},
    {"Price_Books", "pricebooks"},
    {"Quotes", "quotes"},
    {"Sales_Orders", "salesorders"},
    {"Purchase_Orders", "purchaseorders"},
    {"Invoices", "invoices"},
    {"Notes", "notes"},
};

char *crm_module_scope(const char *module, const char *operation)
{
    for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
        if (strcasecmp(standard[i].api_name, module) == 0)
            return mem_printf("ZohoCRM.modules.%s.%s", standard[i].scope, operation);
    return mem_printf("ZohoCRM.modules.custom.%s", operation);
}

void crm_write_scopes(const char *kind, const char *module, struct strset *out)
{
    const struct crm_kind *k = crm_kind_find(kind);
    if (!k)
        return;
    if (strcmp(kind, "records") == 0) {
        AUTO_FREE char *scope = crm_module_scope(module ? module : "", "UPDATE");
        strset_add(out, scope);
        return;
    }
    const char *end = strrchr(k->scope, '.');
    size_t stem = (size_t)(end - k->scope);
    if (strcmp(k->ask_method, "POST") == 0)
        strset_addf(out, "%.*s.CREATE", (int)stem, k->scope);
    strset_addf(out, "%.*s.UPDATE", (int)stem, k->scope);
}

char *crm_delete_scope(const char *kind)
{
    const struct crm_kind *k = crm_kind_find(kind);
    const char *end = k ? strrchr(k->scope, '.') : NULL;
    if (!end || !kind_deletable(kind_find(kind), NULL))
        return NULL;
    return mem_printf("%.*s.DELETE", (int)(end - k->scope), k->scope);
}

/* Of one granted scope, n bytes long: its operation and whether its stem begins the needed one's. */
static bool one_covers(const char *granted, size_t n, const char *need)
{
    static const char settings[] = "ZohoCRM.settings.";
    static const char *const apart[] = {"blueprint", "functions"};
    size_t stem = n;
    while (stem > 0 && granted[stem - 1] != '.')
        stem--;
    const char *need_op = strrchr(need, '.');
    if (stem == 0 || !need_op)
        return false;
    size_t op = n - stem;
    bool all = op == 3 && strncmp(granted + stem, "ALL", 3) == 0;
    bool write = op == 5 && strncmp(granted + stem, "WRITE", 5) == 0 && strcmp(need_op, ".READ") != 0;
    bool same = op == strlen(need_op + 1) && strncmp(granted + stem, need_op + 1, op) == 0;
    if ((!all && !write && !same) || strncasecmp(granted, need, stem) != 0)
        return false;
    bool whole = stem == sizeof settings - 1 && strncmp(granted, settings, stem) == 0;
    for (size_t i = 0; whole && i < sizeof apart / sizeof *apart; i++)
        if (strncmp(need + stem, apart[i], strlen(apart[i])) == 0)
            return false;
    return true;
}

bool crm_scope_covers(const char *granted, const char *need)
{
    for (const char *p = granted; *p;) {
        size_t n = strcspn(p, ", ");
        if (one_covers(p, n, need))
            return true;
        p += n;
        p += strspn(p, ", ");
    }
    return false;
}
