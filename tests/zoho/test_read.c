/* Reading an org: resources, pages, details, refusals, COQL, who it is, what it allows. */
#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/golden.h"
#include "tests/zoho/replay.h"
#include "zoho/crm/coql.h"
#include "zoho/crm/crm.h"
#include "zoho/crm/resources.h"

#define TOKEN                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'tokentokentoken','expires_in':3600}}"

static struct strset names_of(const char *const *list)
{
    struct strset s = {0};
    for (size_t i = 0; list[i]; i++)
        strset_add(&s, list[i]);
    return s;
}

static void an_org_is_read_into_a_snapshot_with_pages_details_and_refusals(void **state)
{
    (void)state;
    static const char *const list[] = {"fields/Quotes",
                                       "fields/BOMs",
                                       "roles",
                                       "variables",
                                       "validation_rules/Quotes",
                                       "workflow_rules",
                                       "connections",
                                       "org",
                                       "records/open",
                                       "function_code/gone",
                                       "function_code/check_quote_bom",
                                       NULL};
    struct replay *r = replay_start("read.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct strset names = names_of(list);
    struct snapshot s;
    snapshot_init(&s);
    struct err e = {0};
    AUTO_JSON json_t *queries = json_object();
    js_set_str(queries, "records/open", "select Subject from Quotes where Stage = 'a order by b' order by id asc");
    if (crm_read(g.z, &names, queries, &s, &e) < 0)
        fail_msg("%s: %s", e.where, e.what);
    AUTO_FREE char *text = js_pretty(s.res, &e);
    golden_check("snapshot.txt", text);
    assert_null(snapshot_get(&s, "connections"));
    assert_null(snapshot_refused(&s, "connections"));
    assert_int_equal(json_array_size(snapshot_get(&s, "roles")), 0);
    assert_int_equal(replay_count(r, "GET", "/crm/v8/settings/validation_rules"),
                     3); /* undocumented: a 500, three times over, is its no */
    AUTO_JSON json_t *log = replay_log(r);
    size_t i;
    const json_t *rq;
    json_array_foreach (log, i, rq) { /* a reader's methods: GET, the token, COQL */
        const char *m = js_str(rq, "method");
        const char *p = js_str(rq, "path");
        assert_true(!strcmp(m, "GET") || !strcmp(p, "/oauth/v2/token") || !strcmp(p, "/crm/v8/coql"));
    }
    snapshot_release(&s);
    strset_release(&names);
    rig_close(&g);
    replay_stop(r);
}

/* Reads one resource from these exchanges; the result must be -1. */
static struct err read_fails(const char *exchanges, const char *name, const char *query)
{
    struct replay *r = replay_start_text(exchanges);
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    const char *const list[] = {name, NULL};
    struct strset names = names_of(list);
    struct snapshot s;
    snapshot_init(&s);
    AUTO_JSON json_t *queries = json_object();
    if (query)
        js_set_str(queries, name, query);
    struct err e = {0};
    assert_int_equal(crm_read(g.z, &names, queries, &s, &e), -1);
    assert_int_equal(json_object_size(s.res), 0);
    snapshot_release(&s);
    strset_release(&names);
    rig_close(&g);
    replay_stop(r);
    return e;
}

static void a_missing_envelope_key_is_a_failure_and_not_an_empty_list(void **state)
{
    (void)state;
    struct err e = read_fails("[" TOKEN ",{'path':'/crm/v8/settings/roles','body':{'other':[]}}]", "roles", NULL);
    assert_int_equal(e.kind, ERR_REMOTE);
    assert_err_clean(&e);
}

static void pages_without_end_end(void **state)
{
    (void)state;
    struct err e = read_fails(
        "[" TOKEN ",{'path':'/crm/v8/settings/roles','times':0,'body':{'roles':[],'info':{'more_records':true}}}]",
        "roles", NULL);
    assert_int_equal(e.kind, ERR_REMOTE);
}

static void rows_that_do_not_come_in_order_stop_the_query(void **state)
{
    (void)state;
    struct err e =
        read_fails("[" TOKEN ",{'method':'POST','path':'/crm/v8/coql','times':0,'body':{'data':[{'id':'5'}],'info':{"
                   "'more_records':true}}}]",
                   "records/x", "select Subject from Quotes");
    assert_int_equal(e.kind, ERR_REMOTE);
}

static int note_id(void *ctx, const char *name, const json_t *row, struct err *e)
{
    (void)e;
    sb_addf(ctx, "%s:%s ", name, js_str_or(row, "id", "?"));
    return 0;
}

static void rows_of_a_query_are_given_away_and_not_gathered(void **state)
{
    (void)state;
    struct replay *r =
        replay_start_text("[" TOKEN ",{'method':'POST','path':'/crm/v8/"
                          "coql','body':{'data':[{'id':'99'},{'id':'100'}],'info':{'more_records':true}}}"
                          ",{'method':'POST','path':'/crm/v8/coql','body_has':'id > "
                          "100','body':{'data':[{'id':'101'}],'info':{'more_records'"
                          ":false}}}]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    static const char *const list[] = {"records/open", NULL};
    struct strset names = names_of(list);
    struct snapshot s;
    snapshot_init(&s);
    AUTO_JSON json_t *queries = json_object();
    js_set_str(queries, "records/open", "select Subject from Quotes");
    AUTO_SB struct sb ids = SB_INIT(1000);
    struct crm_rows taker = {note_id, &ids};
    struct err e = {0};
    assert_int_equal(crm_read_rows(g.z, &names, queries, &taker, &s, &e), 0);
    assert_string_equal(ids.buf, "records/open:99 records/open:100 records/open:101 ");
    assert_int_equal(json_object_size(s.res), 0);
    snapshot_release(&s);
    strset_release(&names);
    rig_close(&g);
    replay_stop(r);
}

static void an_id_that_is_no_number_never_reaches_a_query(void **state)
{
    (void)state;
    struct err e = read_fails(
        "[" TOKEN ",{'method':'POST','path':'/crm/v8/coql','times':0,'body':{'data':[{'id':'5 or 1 = 1'}],'info':{"
        "'more_records':true}}}]",
        "records/x", "select Subject from Quotes");
    assert_int_equal(e.kind, ERR_REMOTE);
}

static void an_outage_is_an_error_and_not_a_refusal(void **state)
{
    (void)state;
    struct err e = read_fails("[" TOKEN ",{'path':'/crm/v8/settings/roles','times':0,'status':503}]", "roles", NULL);
    assert_int_equal(e.kind, ERR_NET);
}

static void a_query_is_paged_by_id(void **state)
{
    (void)state;
    static const char *const row[][3] = {
        {"select a from M", NULL, "select a from M where id is not null order by id asc limit 0, 2000"},
        {"select a from M", "7", "select a from M where id > 7 order by id asc limit 0, 2000"},
        {"select a from M where b = 'x where y' ORDER  BY id ASC ", "7",
         "select a from M where ((b = 'x where y') and id > 7) order by id asc limit 0, 2000"},
        {"select a from M where b = 'it\\'s limit 5'", NULL,
         "select a from M where b = 'it\\'s limit 5' order by id asc limit 0, 2000"},
        {"select a from M order by id", NULL, "select a from M where id is not null order by id asc limit 0, 2000"},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct err e = {0};
        AUTO_FREE char *q = coql_page(row[i][0], row[i][1], &e);
        assert_string_equal(q ? q : e.what, row[i][2]);
    }
    static const char *const bad[] = {"select a from M limit 5", "select a from M order by b",
                                      "select a from M order by id desc", "select a from M order by id asc, b asc"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        assert_null(coql_page(bad[i], NULL, &e));
        assert_int_equal(e.kind, ERR_CONFIG);
    }
}

static void every_resource_has_a_row_that_is_found_by_its_name(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(16 << 10);
    for (size_t i = 0; i < resource_rows_n; i++) {
        const struct resource_row *row = &resource_rows[i];
        bool named = row->form == RESOURCE_MODULE || row->form == RESOURCE_TEXT || row->form == RESOURCE_COQL;
        AUTO_FREE char *name = mem_printf("%s%s", row->name, named ? "/Some Name" : "");
        const char *rest;
        assert_ptr_equal(resource_row_find(name, &rest), row);
        assert_string_equal(rest, named ? "Some Name" : "");
        sb_addf(&b, "%-22s %-52s %-30s %s%s%s\n", name, row->path, row->key, row->scope, row->detail ? " details " : "",
                row->detail ? row->detail : "");
    }
    const char *rest;
    assert_null(resource_row_find("fields", &rest));
    assert_null(resource_row_find("org/x", &rest));
    assert_null(resource_row_find("nothing", &rest));
    golden_check("resources.txt", b.buf);
}

static void the_org_says_who_it_is_and_what_it_may_spend(void **state)
{
    (void)state;
    struct replay *r = replay_start("read.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    AUTO_JSON json_t *org = NULL;
    assert_int_equal(crm_org(g.z, &org, &e), 0);
    assert_string_equal(js_str(org, "zgid"), "77");
    assert_string_equal(js_str(org, "edition"), "Enterprise");
    assert_int_equal(js_int(org, "credits_per_day", 0), 74000);
    assert_false(js_bool(org, "trial", true));
    assert_int_equal(crm_rule_usage(g.z, "90", 1700000000 - 7 * 86400, 1700000000, &e), 12);
    rig_close(&g);
    replay_stop(r);
}

/* {module}/{record_id}/{related_list} is listed with GET alone: settings/automation/… has as many segments. */
static void a_listed_template_says_nothing_of_another_path(void **state)
{
    (void)state;
    struct replay *r = replay_start("read.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    AUTO_JSON json_t *caps = NULL;
    assert_int_equal(crm_capabilities(g.z, &caps, &e), 0);
    assert_string_equal(js_str(js_obj(caps, "field_update"), "answer"), "unknown");
    assert_string_equal(js_str(js_obj(caps, "custom_view"), "answer"), "unknown");
    assert_string_equal(js_str(js_obj(caps, "records"), "answer"), "unknown");
    rig_close(&g);
    replay_stop(r);
}

static void capabilities_are_yes_no_or_unknown_and_say_why(void **state)
{
    (void)state;
    struct replay *r = replay_start("read.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    AUTO_JSON json_t *caps = NULL;
    assert_int_equal(crm_capabilities(g.z, &caps, &e), 0);
    AUTO_FREE char *text = js_pretty(caps, &e);
    golden_check("capabilities.txt", text);
    assert_string_equal(js_str(js_obj(caps, "field"), "answer"), "yes");
    assert_string_equal(js_str(js_obj(caps, "blueprint"), "answer"), "no");
    assert_string_equal(js_str(js_obj(caps, "function"), "answer"), "no");
    assert_string_equal(js_str(js_obj(caps, "custom_view"), "answer"), "unknown");
    rig_close(&g);
    replay_stop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_org_is_read_into_a_snapshot_with_pages_details_and_refusals),
        cmocka_unit_test(a_missing_envelope_key_is_a_failure_and_not_an_empty_list),
        cmocka_unit_test(pages_without_end_end),
        cmocka_unit_test(rows_that_do_not_come_in_order_stop_the_query),
        cmocka_unit_test(rows_of_a_query_are_given_away_and_not_gathered),
        cmocka_unit_test(an_id_that_is_no_number_never_reaches_a_query),
        cmocka_unit_test(an_outage_is_an_error_and_not_a_refusal),
        cmocka_unit_test(a_query_is_paged_by_id),
        cmocka_unit_test(every_resource_has_a_row_that_is_found_by_its_name),
        cmocka_unit_test(the_org_says_who_it_is_and_what_it_may_spend),
        cmocka_unit_test(capabilities_are_yes_no_or_unknown_and_say_why),
        cmocka_unit_test(a_listed_template_says_nothing_of_another_path),
    };
    return cmocka_run_group_tests_name("zoho/read", tests, NULL, NULL);
}
