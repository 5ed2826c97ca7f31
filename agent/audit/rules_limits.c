/* agent/audit/rules_limits.c — what is nearly full. */
#include <string.h>
#include <strings.h>

#include "agent/audit/rules.h"

enum { NEAR_PER_CENT = 90, GLOBAL_VALUES = 5000, VIEW_COLUMNS = 250, SCHEDULED = 5, LOCKS = 5 };

/* By license_details.paid_type. Subforms: zoho-api.md 1.5. Modules: as zoho.com/crm/help (custom modules) is told by others: unproven.
 * Fields: unproven, and only said as such. */
static const struct {
    const char *paid_type;
    int64_t modules, fields, subforms;
} editions[] = {
    {"standard", 10, 0, 0},      {"professional", 25, 155, 0},
    {"enterprise", 200, 300, 2}, {"zohooneenterprise", 200, 300, 2},
    {"ultimate", 500, 500, 5},   {"crmplus", 500, 500, 5},
};

static size_t edition(const struct audit *a)
{
    const json_t *org = json_array_get(snapshot_get(a->s, "org"), 0);
    const char *type = js_str_or(js_obj(org, "license_details"), "paid_type", "");
    size_t i = 0;
    while (i < sizeof editions / sizeof *editions && strcasecmp(type, editions[i].paid_type) != 0)
        i++;
    return i;
}

static bool near_to(int64_t n, int64_t most)
{
    return most > 0 && n * 100 >= most * NEAR_PER_CENT;
}

static void fields_of(struct audit *a, const struct thing *t)
{
    AUTO_FREE char *list = mem_printf("fields/%s", t->name);
    const json_t *f;
    size_t i, e = edition(a);
    int64_t custom = 0, subforms = 0;
    json_array_foreach (snapshot_get(a->s, list), i, f) {
        custom += js_bool(f, "custom_field", false);
        subforms += js_bool(f, "custom_field", false) && !strcmp(js_str_or(f, "data_type", ""), "subform");
    }
    if (e == sizeof editions / sizeof *editions)
        return;
    if (near_to(custom, editions[e].fields))
        audit_add(a, t->address, "%lld custom fields of about %lld", (long long)custom, (long long)editions[e].fields);
    if (subforms > 0 && subforms >= editions[e].subforms && editions[e].subforms > 0)
        audit_add(a, t->address, "%lld subforms of %lld", (long long)subforms, (long long)editions[e].subforms);
}

static void modules(struct audit *a, const struct thing *t)
{
    const json_t *m;
    size_t i, e = edition(a);
    int64_t custom = 0;
    json_array_foreach (snapshot_get(a->s, "modules"), i, m)
        custom += !strcmp(js_str_or(m, "generated_type", ""), "custom");
    if (e < sizeof editions / sizeof *editions && near_to(custom, editions[e].modules))
        audit_add(a, t->address, "%lld custom modules of about %lld", (long long)custom,
                  (long long)editions[e].modules);
}

static void values(struct audit *a, const struct thing *t)
{
    size_t n = json_array_size(js_arr(t->o, "pick_list_values"));
    if (near_to((int64_t)n, GLOBAL_VALUES)) /* zoho-api.md 1.7 */
        audit_add(a, t->address, "%zu values of %d", n, GLOBAL_VALUES);
}

static void columns(struct audit *a, const struct thing *t)
{
    size_t n = json_array_size(js_arr(t->o, "fields"));
    if (near_to((int64_t)n, VIEW_COLUMNS)) /* zoho-api.md 1.8 */
        audit_add(a, t->address, "%zu columns of %d", n, VIEW_COLUMNS);
}

static void scheduled(struct audit *a, const struct thing *t)
{
    const json_t *c;
    size_t i;
    json_array_foreach (js_arr(t->o, "conditions"), i, c) { /* zoho-api.md 1.10 */
        size_t n = json_array_size(js_arr(c, "scheduled_actions"));
        if (near_to((int64_t)n, SCHEDULED))
            audit_add(a, t->address, "condition %zu has %zu scheduled blocks of %d", i + 1, n, SCHEDULED);
    }
}

static void locks(struct audit *a, const struct thing *t)
{
    size_t n = json_array_size(js_arr(t->o, "locking_rules")); /* zoho-api.md 1.16 */
    if (near_to((int64_t)n, LOCKS))
        audit_add(a, t->address, "%zu rules of %d", n, LOCKS);
}

#define NEAR(id_, kind_, look_)                                                                                        \
    {                                                                                                                  \
        id_, AUDIT_NOTE, "nearly full", "The next wish needs a place that is not there.",                              \
            "free a place before it is needed: the other findings say what is not used", kind_, look_, NULL, false     \
    }
static const struct audit_rule rules[] = {
    NEAR("AU801", "module", fields_of),        NEAR("AU802", "org", modules),
    NEAR("AU803", "global_picklist", values),  NEAR("AU804", "custom_view", columns),
    NEAR("AU805", "workflow_rule", scheduled), NEAR("AU806", "record_locking", locks),
};
const struct audit_family audit_limits = {"Limits", rules, sizeof rules / sizeof *rules};

/* ---- compared with another org ---- */

static void differs(struct audit *a)
{
    const json_t *d;
    size_t i;
    json_array_foreach (a->compared, i, d)
        audit_add(a, js_str_or(d, "address", ""), "%s%s%s", js_str_or(d, "what", ""), js_str(d, "detail") ? ": " : "",
                  js_str_or(d, "detail", ""));
}

static const struct audit_rule compared[] = {
    {"AU901", AUDIT_NOTE, "differs from the org it is compared with",
     "What was tried there behaves in another way here.",
     "bring it over on purpose: 'zagent promote', or take it back there", NULL, NULL, differs, false},
};
const struct audit_family audit_compared = {"Compared with another org", compared, 1};
