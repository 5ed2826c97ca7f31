/* How full an org is, from what it says of itself; an org that does not say leaves its row out. */
#include "tests/test.h"
#include "tests/zoho/replay.h"
#include "zoho/crm/room.h"
#include "zoho/crm/scope.h"

#define TOKEN                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'1000."                                \
    "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd','expires_in':3600,'token_type':'Bearer'}}"

static json_t *room(const char *exchanges)
{
    AUTO_FREE char *x = mem_printf("[" TOKEN "%s]", exchanges);
    struct replay *r = replay_start_text(x);
    struct rig g;
    struct err e = {0};
    struct strset modules = {0};
    json_t *out = NULL;
    AUTO_JSON json_t *rules = json_pack("[{s:{s:s}},{s:{s:s}},{s:{s:s}}]", "module", "api_name", "Quotes", "module",
                                        "api_name", "Deals", "module", "api_name", "Quotes");
    strset_add(&modules, "Quotes");
    rig_open(&g, r, ZOHO_READER);
    if (crm_room(g.z, &modules, rules, &out, &e) < 0)
        fail_msg("%s", e.what);
    strset_release(&modules);
    rig_close(&g);
    replay_stop(r);
    return out;
}

static void counts_fields_and_rules_as_the_org_tells_them(void **state)
{
    (void)state;
    AUTO_JSON json_t *got = room(
        ",{'path':'/crm/v8/__features','query':{'module':'Quotes','api_names':'custom_field'},'body':{'__features':[{"
        "'api_name':'custom_field','details':{'limits':{'total':300},'used_count':{'total':41},'available_count':{"
        "'total':259}}}]}},{'path':'/crm/v8/settings/automation/workflow_rules/actions/"
        "rules_count','body':{'rules_count'"
        ":{'total_rules_limit':1000,'total_rules_configured':12,'total_rules_limit_per_module':50}}}");
    AUTO_JSON json_t *want =
        json_pack("[{s:s,s:n,s:i,s:i},{s:s,s:s,s:i,s:i},{s:s,s:s,s:i,s:i}]", "what", "workflow rules", "module", "used",
                  12, "limit", 1000, "what", "workflow rules", "module", "Quotes", "used", 2, "limit", 50, "what",
                  "custom fields", "module", "Quotes", "used", 41, "limit", 300);
    assert_true(json_equal(got, want));
}

static void an_org_that_does_not_say_leaves_its_rows_out(void **state)
{
    (void)state;
    static const char *const silent[] = {
        ",{'path':'/crm/v8/"
        "__features','times':0,'status':404,'body':{'code':'INVALID_URL_PATTERN','details':{},'message':"
        "'m','status':'error'}},{'path':'/crm/v8/settings/automation/workflow_rules/actions/rules_count','status':403,"
        "'body':{'code':'NO_PERMISSION','details':{},'message':'m','status':'error'}}",
        ",{'path':'/crm/v8/__features','times':0,'body':{'__features':[{'api_name':'custom_field','details':null}]}},"
        "{'path':'/crm/v8/settings/automation/workflow_rules/actions/rules_count','body':{'rules_count':{}}}"};
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        AUTO_JSON json_t *got = room(silent[i]);
        assert_int_equal(json_array_size(got), 0);
    }
}

static void a_scope_reaches_what_its_stem_and_operation_say(void **state)
{
    (void)state;
    static const struct {
        const char *granted, *need;
        bool reaches;
    } row[] = {
        {"ZohoCRM.settings.fields.READ", "ZohoCRM.settings.fields.READ", true},
        {"ZohoCRM.settings.fields.READ", "ZohoCRM.settings.fields.UPDATE", false},
        {"ZohoCRM.settings.fields.ALL", "ZohoCRM.settings.fields.UPDATE", true},
        {"ZohoCRM.settings.ALL", "ZohoCRM.settings.fields.UPDATE", true},
        {"ZohoCRM.settings.READ", "ZohoCRM.settings.fields.READ", true},
        {"ZohoCRM.settings.ALL", "ZohoCRM.settings.functions.READ", false},
        {"ZohoCRM.settings.ALL", "ZohoCRM.settings.blueprint.READ", false},
        {"ZohoCRM.modules.ALL", "ZohoCRM.modules.custom.READ", true},
        {"ZohoCRM.modules.quotes.WRITE", "ZohoCRM.modules.quotes.UPDATE", true},
        {"ZohoCRM.modules.quotes.WRITE", "ZohoCRM.modules.quotes.READ", false},
        {"ZohoCRM.org.READ,ZohoCRM.users.READ", "ZohoCRM.users.READ", true},
        {"ZohoCRM.users.READ ZohoCRM.org.READ", "ZohoCRM.org.READ", true},
        {"ZohoCRM.set.ALL", "ZohoCRM.settings.fields.READ", false},
        {"", "ZohoCRM.org.READ", false},
        {",,,", "ZohoCRM.org.READ", false},
        {"ALL", "ZohoCRM.org.READ", false},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (crm_scope_covers(row[i].granted, row[i].need) != row[i].reaches)
            fail_msg("'%s' for %s", row[i].granted, row[i].need);
    AUTO_FREE char *standard = crm_module_scope("Sales_Orders", "READ");
    AUTO_FREE char *custom = crm_module_scope("Repairs", "UPDATE");
    assert_string_equal(standard, "ZohoCRM.modules.salesorders.READ");
    assert_string_equal(custom, "ZohoCRM.modules.custom.UPDATE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_fields_and_rules_as_the_org_tells_them),
        cmocka_unit_test(an_org_that_does_not_say_leaves_its_rows_out),
        cmocka_unit_test(a_scope_reaches_what_its_stem_and_operation_say),
    };
    return cmocka_run_group_tests_name("zoho/room", tests, NULL, NULL);
}
