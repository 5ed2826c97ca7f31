/*
 * What a broken proxy, a wrong host or somebody hostile may answer: each ends soon, with an error worth reading, and nothing of it
 * drives the terminal or reaches another host. Redirects and hosts stand in test_session.c, the sign-in in test_signin.c.
 */
#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/replay.h"

#define TOKEN                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'1000."                                \
    "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd','expires_in':3600,'token_type':'Bearer'}}"

static const struct zoho_request get_org = {.method = "GET", .path = "/crm/v8/org", .retry = ZOHO_SAFE};

/* GET /org, answered so; the error, which says what, where and what to do, in printable characters. */
static struct err asked(const char *answer, long patience_ms)
{
    AUTO_FREE char *x = mem_printf("[" TOKEN ",{'path':'/crm/v8/org','times':0,%s}]", answer);
    struct replay *r = replay_start_text(x);
    struct rig g;
    struct err e = {0};
    struct zoho_reply reply = {0};
    rig_open(&g, r, ZOHO_READER);
    struct clock c = fake_clock(&g.time);
    zoho_close(g.z);
    g.config.patience_ms = patience_ms;
    assert_int_equal(zoho_open(&g.z, &g.config, &c, &e), 0);
    if (zoho_call(g.z, &get_org, &reply, &e) == 0)
        fail_msg("%s was believed", answer);
    rig_close(&g);
    replay_stop(r);
    assert_err_clean(&e);
    assert_string_equal(e.where, "GET /crm/v8/org");
    assert_true(e.what[0] && e.fix[0]);
    for (const char *p = e.what; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            fail_msg("byte %d in: %s", *p, e.what);
    assert_null(strstr(e.what, "\xe2\x80\xae"));
    return e;
}

static void says(struct err e, enum err_kind kind, const char *what)
{
    if (e.kind != kind || !strstr(e.what, what))
        fail_msg("%s: %s", err_kind_name(e.kind), e.what);
}

static void control_characters_in_a_message_are_shown_and_never_sent_to_the_terminal(void **state)
{
    (void)state;
    /* ESC ]52 (clipboard), C1 CSI, right-to-left override, a line break that would forge a line of ours. */
    struct err e = asked("'status':400,'body':{'code':'INVALID_DATA','details':{},'message':'a\\u001b]52;c;eA==\\u0007b"
                         "\\u009b31mc\\u202ed\\nzagent: all is well','status':'error'}",
                         0);
    says(e, ERR_REMOTE, "52;c;eA==");
}

static void an_error_under_200_is_an_error(void **state)
{
    (void)state;
    says(asked("'body':{'code':'INVALID_MODULE','details':{},'message':'the module name given seems to be invalid',"
               "'status':'error'}",
               0),
         ERR_NOT_FOUND, "invalid");
}

static void a_web_page_is_no_answer(void **state)
{
    (void)state;
    static const char *const page[] = {
        "'text':'<html><script>x</script></html>','headers':{'Content-Type':'text/html'}",
        "'text':'  <!doctype html>','headers':{'Content-Type':'application/json'}",
        "'text':'{}','headers':{'Content-Type':'text/html'}"};
    for (size_t i = 0; i < sizeof page / sizeof *page; i++)
        says(asked(page[i], 0), ERR_REMOTE, "web page");
}

static void a_body_that_never_ends_is_cut_at_the_limit(void **state)
{
    (void)state;
    says(asked("'behave':'endless'", 0), ERR_LIMIT, "longer than 32 MiB");
}

static void a_body_that_claims_a_terabyte_is_not_waited_for(void **state)
{
    (void)state;
    says(asked("'behave':'claims'", 0), ERR_LIMIT, "longer than 32 MiB");
}

static void headers_that_never_end_are_cut_at_their_limit(void **state)
{
    (void)state;
    struct err e = asked("'behave':'heads'", 0);
    assert_true(e.kind == ERR_LIMIT || e.kind == ERR_NET); /* later curls have a limit of their own */
}

static void an_answer_that_drips_ends_when_patience_does(void **state)
{
    (void)state;
    says(asked("'behave':'drip'", 100), ERR_NET, "did not end");
}

/* 64 MiB of blanks behind a few bytes: refused by its header, never unpacked. */
static void a_gzip_bomb_is_not_unpacked(void **state)
{
    (void)state;
    says(asked("'behave':'gzip','text':'{}'", 0), ERR_REMOTE, "compressed");
}

static char *nested(const char *open, size_t depth)
{
    size_t n = strlen(open);
    char *text = mem_zalloc(n * depth + 1);
    for (size_t i = 0; i < depth; i++)
        memcpy(text + i * n, open, n);
    return text;
}

static void json_nested_without_end_is_refused_and_breaks_no_stack(void **state)
{
    (void)state;
    static const struct {
        const char *open;
        size_t depth;
    } row[] = {{"[", 200}, {"[", 200000}, {"{\\u0022a\\u0022:", 200}, {"{\\u0022a\\u0022:", 100000}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_FREE char *text = nested(row[i].open, row[i].depth);
        AUTO_FREE char *answer = mem_printf("'text':'%s'", text);
        says(asked(answer, 0), ERR_REMOTE, "JSON");
    }
}

static void a_wrong_content_length_is_no_whole_answer(void **state)
{
    (void)state;
    says(asked("'behave':'short','body':{'org':[{'zgid':'77','company_name':'Example'}]}", 0), ERR_REMOTE,
         "not whole JSON");
    says(asked("'behave':'cut','body':{'org':[{'zgid':'77'}]}", 0), ERR_NET, "broke before");
}

static void numbers_of_no_size_and_text_behind_the_end_are_refused(void **state)
{
    (void)state;
    says(asked("'text':'{\\u0022a\\u0022: 1e400000}'", 0), ERR_REMOTE, "JSON");
    says(asked("'text':'{\\u0022a\\u0022: 99999999999999999999999999}'", 0), ERR_REMOTE, "JSON");
    says(asked("'text':'{} {}'", 0), ERR_REMOTE, "JSON");
}

/* The last one counts, as in every browser; a first one that a checker saw must not be what is used. */
static void of_duplicate_keys_one_counts_and_always_the_same(void **state)
{
    (void)state;
    struct replay *r =
        replay_start_text("[" TOKEN ",{'path':'/crm/v8/org','times':0,'text':'{\\u0022org\\u0022:[{"
                          "\\u0022zgid\\u0022:\\u002277\\u0022,\\u0022zgid\\u0022:\\u002288\\u0022}]}'}]");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct clock c = fake_clock(&g.time);
    struct err e = {0};
    zoho_close(g.z);
    g.config.org_zgid = "77";
    assert_int_equal(zoho_open(&g.z, &g.config, &c, &e), 0);
    struct zoho_request rq = {.method = "POST", .path = "/crm/v8/settings/fields", .retry = ZOHO_CREATE};
    struct zoho_reply reply = {0};
    assert_int_equal(zoho_call(g.z, &rq, &reply, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_non_null(strstr(e.what, "88"));
    assert_int_equal(replay_count(r, "POST", "/crm/v8/settings/fields"), 0);
    rig_close(&g);
    replay_stop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_in_a_message_are_shown_and_never_sent_to_the_terminal),
        cmocka_unit_test(an_error_under_200_is_an_error),
        cmocka_unit_test(a_web_page_is_no_answer),
        cmocka_unit_test(a_body_that_never_ends_is_cut_at_the_limit),
        cmocka_unit_test(a_body_that_claims_a_terabyte_is_not_waited_for),
        cmocka_unit_test(headers_that_never_end_are_cut_at_their_limit),
        cmocka_unit_test(an_answer_that_drips_ends_when_patience_does),
        cmocka_unit_test(a_gzip_bomb_is_not_unpacked),
        cmocka_unit_test(json_nested_without_end_is_refused_and_breaks_no_stack),
        cmocka_unit_test(a_wrong_content_length_is_no_whole_answer),
        cmocka_unit_test(numbers_of_no_size_and_text_behind_the_end_are_refused),
        cmocka_unit_test(of_duplicate_keys_one_counts_and_always_the_same),
    };
    return cmocka_run_group_tests_name("zoho/hostile", tests, NULL, NULL);
}
