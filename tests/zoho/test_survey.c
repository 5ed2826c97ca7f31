/* Many questions at once: each has its own answer, an org's no is one of them. */
#include "tests/test.h"
#include "tests/zoho/replay.h"
#include "zoho/crm/survey.h"

#define TOKEN                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'tokentokentoken','expires_in':3600}}"
#define USAGE "/crm/v8/settings/automation/workflow_rules/"

static void each_query_has_its_rows_none_or_a_refusal(void **state)
{
    static const char *const queries[] = {"select A from Deals", "select B from Leads", "select C from Nothing"};
    json_t *rows[3] = {0};
    struct err e = {0};
    struct rig g;
    (void)state;
    struct replay *r = replay_start_text(
        "[" TOKEN ",{'method':'POST','path':'/crm/v8/coql','body_has':'Deals','body':{'data':[{'id':'1','A':'x'}]}},"
        "{'method':'POST','path':'/crm/v8/coql','body_has':'Leads','status':204},"
        "{'method':'POST','path':'/crm/v8/"
        "coql','body_has':'Nothing','status':400,'body':{'code':'INVALID_QUERY','message':'no "
        "such module','status':'error','details':{}}}]");
    rig_open(&g, r, ZOHO_READER);
    assert_int_equal(crm_ask(g.z, queries, 3, rows, &e), 0);
    assert_string_equal(js_str(json_array_get(rows[0], 0), "A"), "x");
    assert_non_null(rows[1]);
    assert_int_equal(json_array_size(rows[1]), 0);
    assert_null(rows[2]);
    json_decref(rows[0]);
    json_decref(rows[1]);
    rig_close(&g);
    replay_stop(r);
}

static void a_lost_line_is_no_refusal(void **state)
{
    static const char *const queries[] = {"select A from Deals"};
    json_t *rows[1] = {0};
    struct err e = {0};
    struct rig g;
    (void)state;
    struct replay *r =
        replay_start_text("[" TOKEN ",{'method':'POST','path':'/crm/v8/coql','times':0,'behave':'drop'}]");
    rig_open(&g, r, ZOHO_READER);
    assert_int_equal(crm_ask(g.z, queries, 1, rows, &e), -1);
    assert_int_equal(e.kind, ERR_NET);
    assert_null(rows[0]);
    rig_close(&g);
    replay_stop(r);
}

static void a_rule_that_never_ran_is_told_from_one_the_org_does_not_speak_of(void **state)
{
    static const char *const ids[] = {"1", "2", "3"};
    int64_t runs[3] = {9, 9, 9};
    struct err e = {0};
    struct rig g;
    (void)state;
    struct replay *r = replay_start_text(
        "[" TOKEN ",{'method':'GET','path':'" USAGE
        "1/actions/usage','query':{'executed_from':'2026-05-25','executed_till':'2026-11-21'},"
        "'body':{'workflow_rules':[{'trigger_count':0}]}},"
        "{'method':'GET','path':'" USAGE "2/actions/usage','body':{'workflow_rules':[{'trigger_count':12}]}},"
        "{'method':'GET','path':'" USAGE
        "3/actions/usage','status':403,'body':{'code':'NO_PERMISSION','message':'no','status':"
        "'error','details':{}}}]");
    rig_open(&g, r, ZOHO_READER);
    assert_int_equal(crm_rule_runs(g.z, ids, 3, 1779667200, 1795219200, runs, &e), 0);
    assert_int_equal(runs[0], 0);
    assert_int_equal(runs[1], 12);
    assert_int_equal(runs[2], -1);
    rig_close(&g);
    replay_stop(r);
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_query_has_its_rows_none_or_a_refusal),
        cmocka_unit_test(a_lost_line_is_no_refusal),
        cmocka_unit_test(a_rule_that_never_ran_is_told_from_one_the_org_does_not_speak_of),
    };
    return cmocka_run_group_tests_name("zoho/survey", tests, NULL, NULL);
}
