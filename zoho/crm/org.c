/* Who this organisation is: GET /org (zoho.com/crm/developer/docs/api/v8/get-org-data), and how often a rule ran. */
#include <inttypes.h>
#include <strings.h>

#include "base/text.h"
#include "zoho/crm/crm.h"

/* Credits per 24 hours: base + users × each, at most `most` (0 = no end). zoho.com/crm/developer/docs/api/v8/api-limits.
 * name is what people call the edition of license_details.paid_type. */
static const struct edition {
    const char *paid_type, *name;
    int64_t base, each, most;
} editions[] = {
    {"free", "Free", 5000, 0, 5000},
    {"standard", "Standard", 50000, 250, 100000},
    {"crmplusstarter", "Starter", 50000, 250, 100000},
    {"professional", "Professional", 50000, 500, 3000000},
    {"enterprise", "Enterprise", 50000, 1000, 5000000},
    {"zohooneenterprise", "Zoho One", 50000, 1000, 5000000},
    {"zohoonestandard", "Zoho One Standard", 50000, 250, 100000},
    {"ultimate", "Ultimate", 50000, 2000, 0},
    {"crmplus", "CRM Plus", 50000, 2000, 0},
};

static const struct edition *edition_find(const char *paid_type)
{
    for (size_t i = 0; paid_type && i < sizeof editions / sizeof *editions; i++)
        if (strcasecmp(editions[i].paid_type, paid_type) == 0)
            return &editions[i];
    return NULL;
}

int crm_org(struct zoho *z, json_t **org, struct err *e)
{
    *org = NULL;
    struct zoho_request rq = {.method = "GET", .path = "/crm/v8/org", .retry = ZOHO_SAFE, .scope = "ZohoCRM.org.READ"};
    struct zoho_reply r = {0};
    if (zoho_call(z, &rq, &r, e) < 0)
        return -1;
    const json_t *o = js_path(r.json, "org[0]");
    const json_t *license = js_obj(o, "license_details");
    if (!js_str(o, "zgid")) {
        zoho_reply_release(&r);
        err_set(e, ERR_REMOTE, "the answer does not say which organisation this is");
        err_at(e, "GET /crm/v8/org");
        return err_fix(e, "run the same command again; if it stays so, check the credentials");
    }
    const char *paid_type = js_str_or(license, "paid_type", "");
    const struct edition *ed = edition_find(paid_type);
    json_t *out = json_object();
    js_set_str(out, "zgid", js_str(o, "zgid"));
    /* One line everywhere it is shown: a break in it would pass for a line of ours. */
    AUTO_FREE char *name = text_clean(js_str_or(o, "company_name", ""), false);
    js_set_str(out, "name", name);
    js_set_str(out, "edition", ed ? ed->name : paid_type);
    js_set_str(out, "time_zone", js_str_or(o, "time_zone", ""));
    js_set_str(out, "currency", js_str_or(o, "iso_code", js_str_or(o, "currency", "")));
    js_set_str(out, "country", js_str_or(o, "country_code", js_str_or(o, "country", "")));
    js_set_bool(out, "trial", js_str(license, "trial_type") != NULL);
    if (ed) {
        int64_t credits = ed->base + ed->each * js_int(license, "users_license_purchased", 1);
        js_set_int(out, "credits_per_day", ed->most && credits > ed->most ? ed->most : credits);
    }
    *org = out;
    zoho_reply_release(&r);
    return 0;
}

int64_t crm_rule_usage(struct zoho *z, const char *rule_id, int64_t from_s, int64_t till_s, struct err *e)
{
    AUTO_FREE char *id = text_percent_encode(rule_id);
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/automation/workflow_rules/%s/actions/usage", id);
    AUTO_JSON json_t *query = json_object();
    char day[CLOCK_TEXT];
    clock_rfc3339(from_s, day);
    js_set_strf(query, "executed_from", "%.10s", day);
    clock_rfc3339(till_s, day);
    js_set_strf(query, "executed_till", "%.10s", day);
    struct zoho_request rq = {.method = "GET",
                              .path = path,
                              .query = query,
                              .retry = ZOHO_SAFE,
                              .scope = "ZohoCRM.settings.workflow_rules.READ"};
    struct zoho_reply r = {0};
    if (zoho_call(z, &rq, &r, e) < 0)
        return -1;
    int64_t n = js_int(js_path(r.json, "workflow_rules[0]"), "trigger_count", r.json ? -1 : 0);
    zoho_reply_release(&r);
    return n;
}
