/* A session against the replay server: tokens, retries, refusals, hostile answers. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/replay.h"

#define TOKEN                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'1000."                                \
    "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd','expires_in':3600,'token_type':'Bearer'}}"
#define TOKENS                                                                                                         \
    "{'method':'POST','path':'/oauth/v2/"                                                                              \
    "token','times':0,'behave':'echo_token','text':'{\\u0022access_token\\u0022:\\u00221000."                          \
    "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd{n}\\u0022,\\u0022expires_in\\u0022:3600}'}"
#define ORG "{'path':'/crm/v8/org','body':{'org':[{'zgid':'77','company_name':'Example'}]}}"

static const struct zoho_request get_org = {.method = "GET", .path = "/crm/v8/org", .retry = ZOHO_SAFE};

static int call(struct rig *g, const struct zoho_request *rq, struct err *e)
{
    struct zoho_reply r = {0};
    int rc = zoho_call(g->z, rq, &r, e);
    zoho_reply_release(&r);
    if (rc < 0)
        assert_err_clean(e);
    return rc;
}

/* GET /org against these exchanges, which must fail; returns the error. */
static struct err fails(const char *exchanges, size_t *requests)
{
    struct replay *r = replay_start_text(exchanges);
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), -1);
    *requests = replay_count(r, "GET", "/crm/v8/org");
    rig_close(&g);
    replay_stop(r);
    return e;
}

static void reads_with_one_token_for_many_calls(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    for (int i = 0; i < 3; i++) {
        struct err e = {0};
        struct zoho_reply reply = {0};
        assert_int_equal(zoho_call(g.z, &get_org, &reply, &e), 0);
        assert_string_equal(js_str(js_path(reply.json, "org[0]"), "zgid"), "77");
        assert_true(reply.date_s > 1000000000);
        zoho_reply_release(&reply);
    }
    AUTO_JSON json_t *log = replay_log(r);
    const json_t *mint = json_array_get(log, 0);
    const json_t *first = json_array_get(log, 1);
    assert_string_equal(js_str(mint, "query"), ""); /* secrets stand in the body, URLs are logged by others */
    assert_non_null(strstr(js_str(mint, "body"), "grant_type=refresh_token"));
    assert_null(js_str(js_obj(mint, "headers"), "authorization"));
    assert_int_equal(strncmp(js_str(js_obj(first, "headers"), "authorization"), "Zoho-oauthtoken 1000.", 21), 0);
    assert_int_equal(zoho_counts(g.z).mints, 1);
    assert_int_equal(zoho_counts(g.z).calls, 3);
    assert_int_equal(zoho_counts(g.z).credits_known, 3);
    assert_non_null(strstr(g.trace->buf, "GET /crm/v8/org 200 OK"));
    AUTO_FREE char *cache = mem_printf("%s/token.json", g.dir);
    struct err e = {0};
    assert_int_equal(fs_private_check(cache, &e), 0);
    rig_close(&g);
    replay_stop(r);
}

static void every_refusal_of_the_sign_in_says_what_to_do(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum err_kind kind;
    } row[] = {
        {"'body':{'error':'invalid_code'}", ERR_AUTH},
        {"'body':{'error':'invalid_client'}", ERR_AUTH},
        {"'body':{'error':'invalid_client_secret'}", ERR_AUTH},
        {"'body':{'error':'something_else'}", ERR_AUTH},
        {"'body':{'error':'Access Denied','status':'failure','error_description':'too many requests'}", ERR_RATE},
        {"'status':400,'body':{'error':'Access Denied','status':'failure'}", ERR_RATE},
        {"'text':'<html>Login</html>','headers':{'Content-Type':'text/html'}", ERR_REMOTE},
        {"'text':'{not json'", ERR_REMOTE},
        {"'status':503", ERR_NET},
        {"'status':302,'headers':{'Location':'http://127.0.0.1:1/'}", ERR_REMOTE},
        {"'body':{'access_token':'bad\\r\\nX: y','expires_in':3600}", ERR_REMOTE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_FREE char *x = mem_printf("[{'method':'POST','path':'/oauth/v2/token','times':0,%s}]", row[i].answer);
        size_t n;
        struct err e = fails(x, &n);
        if (e.kind != row[i].kind)
            fail_msg("%s: %s", row[i].answer, e.what);
        assert_int_equal(n, 0);
    }
}

static void a_refused_token_is_renewed_once_and_the_call_repeated_once(void **state)
{
    (void)state;
    static const char *const code[] = {"INVALID_TOKEN", "AUTHENTICATION_FAILURE"};
    for (size_t i = 0; i < 2; i++) {
        AUTO_FREE char *x =
            mem_printf("[" TOKENS ",{'path':'/crm/v8/org','status':401,'body':{'code':'%s','details':{},'message':'m',"
                       "'status':'error'}}," ORG "]",
                       code[i]);
        struct replay *r = replay_start_text(x);
        struct rig g;
        rig_open(&g, r, ZOHO_READER);
        struct err e = {0};
        assert_int_equal(call(&g, &get_org, &e), 0);
        assert_int_equal(zoho_counts(g.z).mints, 2);
        assert_int_equal(replay_count(r, "GET", "/crm/v8/org"), 2);
        rig_close(&g);
        replay_stop(r);
    }
    size_t n;
    struct err e = fails("[" TOKENS ",{'path':'/crm/v8/org','times':0,'status':401,'body':{'code':'INVALID_TOKEN',"
                         "'details':{},'message':'m','status':'error'}}]",
                         &n);
    assert_int_equal(e.kind, ERR_AUTH);
    assert_int_equal(n, 2);
}

static void a_missing_scope_is_not_a_reason_to_renew_the_token(void **state)
{
    (void)state;
    size_t n;
    struct err e =
        fails("[" TOKEN ",{'path':'/crm/v8/org','times':0,'status':401,'body':{'code':'OAUTH_SCOPE_MISMATCH',"
              "'details':{},'message':'m','status':'error'}}]",
              &n);
    assert_int_equal(e.kind, ERR_PERMISSION);
    assert_int_equal(n, 1);
}

static void twenty_processes_mint_one_token(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    pid_t child[20];
    for (int i = 0; i < 20; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            struct err e = {0};
            struct zoho_reply reply = {0};
            struct zoho *z = NULL;
            struct clock c = fake_clock(&g.time);
            int rc = zoho_open(&z, &g.config, &c, &e) == 0 && zoho_call(z, &get_org, &reply, &e) == 0 ? 0 : 1;
            _exit(rc);
        }
    }
    for (int i = 0; i < 20; i++) {
        int status;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(replay_count(r, "POST", "/oauth/v2/token"), 1);
    assert_int_equal(replay_count(r, "GET", "/crm/v8/org"), 20);
    rig_close(&g);
    replay_stop(r);
}

static void the_eleventh_sign_in_in_ten_minutes_is_not_sent_also_after_a_restart(void **state)
{
    (void)state;
    struct replay *r =
        replay_start_text("[{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'error':'invalid_code'}}]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct clock c = fake_clock(&g.time);
    for (int i = 0; i < 12; i++) {
        struct err e = {0};
        zoho_close(g.z);
        assert_int_equal(zoho_open(&g.z, &g.config, &c, &e), 0);
        assert_int_equal(call(&g, &get_org, &e), -1);
        assert_int_equal(e.kind, i < 10 ? ERR_AUTH : ERR_RATE);
    }
    assert_int_equal(replay_count(r, "POST", "/oauth/v2/token"), 10);
    g.time.now_s += 601;
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), -1);
    assert_int_equal(e.kind, ERR_AUTH);
    rig_close(&g);
    replay_stop(r);
}

static void a_throttled_sign_in_is_left_alone_for_ten_minutes(void **state)
{
    (void)state;
    struct replay *r = replay_start_text(
        "[{'method':'POST','path':'/oauth/v2/token','times':1,'body':{'error':'Access Denied'}}," TOKEN "," ORG "]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    for (int i = 0; i < 3; i++) {
        struct err e = {0};
        assert_int_equal(call(&g, &get_org, &e), -1);
        assert_int_equal(e.kind, ERR_RATE);
    }
    assert_int_equal(replay_count(r, "POST", "/oauth/v2/token"), 1);
    g.time.now_s += 601;
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), 0);
    rig_close(&g);
    replay_stop(r);
}

static void a_token_file_others_can_read_is_refused(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    assert_int_equal(fs_write_in(&g.cache, "token.json", "{}", 2, 0644, &e), 0);
    assert_int_equal(call(&g, &get_org, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_int_equal(replay_count(r, NULL, NULL), 0);
    rig_close(&g);
    replay_stop(r);
}

static void an_outage_is_waited_out_with_jitter_and_ends(void **state)
{
    (void)state;
    struct replay *r = replay_start_text("[" TOKEN ",{'path':'/crm/v8/org','times':3,'status':503}," ORG "]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), 0);
    assert_int_equal(zoho_counts(g.z).retries, 3);
    assert_in_range(g.time.slept_ms, 1, 3500);
    rig_close(&g);
    replay_stop(r);
    size_t n;
    e = fails("[" TOKEN ",{'path':'/crm/v8/org','times':0,'status':503}]", &n);
    assert_int_equal(e.kind, ERR_NET);
    assert_int_equal(n, 5);
}

static void too_many_requests_waits_as_long_as_it_is_told(void **state)
{
    (void)state;
    struct replay *r =
        replay_start_text("[" TOKEN ",{'path':'/crm/v8/org','status':429,'headers':{'Retry-After':'7'},'body':{'code':"
                          "'TOO_MANY_REQUESTS','details':{},'message':'m','status':'error'}}," ORG "]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), 0);
    assert_true(g.time.slept_ms >= 7000);
    assert_int_equal(zoho_counts(g.z).throttled, 1);
    rig_close(&g);
    replay_stop(r);
}

static void a_create_whose_answer_is_lost_is_unknown_and_sent_once(void **state)
{
    (void)state;
    static const char *const fate[] = {"'behave':'drop'",
                                       "'status':500,'body':{'code':'INTERNAL_ERROR','details':{},'message':'m',"
                                       "'status':'error'}",
                                       "'behave':'cut','text':'{'", "'text':'<html>'"};
    for (size_t i = 0; i < sizeof fate / sizeof *fate; i++) {
        AUTO_FREE char *x =
            mem_printf("[" TOKEN ",{'path':'/crm/v8/org','times':0,'body':{'org':[{'zgid':'77'}]}},{'method':'POST',"
                       "'path':'/crm/v8/settings/fields','times':0,%s}]",
                       fate[i]);
        struct replay *r = replay_start_text(x);
        struct rig g;
        rig_open(&g, r, ZOHO_WRITER);
        AUTO_JSON json_t *body = json_object();
        struct zoho_request post = {
            .method = "POST", .path = "/crm/v8/settings/fields", .kind = ZOHO_JSON, .json = body, .retry = ZOHO_CREATE};
        struct err e = {0};
        /* A connection that is already open: curl would send again on its own, were the write not on a fresh one. */
        assert_int_equal(call(&g, &get_org, &e), 0);
        assert_int_equal(call(&g, &post, &e), -1);
        assert_int_equal(e.kind, ERR_UNKNOWN);
        assert_non_null(strstr(e.fix, "resume"));
        assert_int_equal(replay_count(r, "POST", "/crm/v8/settings/fields"), 1);
        rig_close(&g);
        replay_stop(r);
    }
}

static void the_reader_cannot_write_and_nobody_can_delete(void **state)
{
    (void)state;
    static const char *const method[] = {"POST", "PUT", "PATCH", "DELETE"};
    for (int role = 0; role < 2; role++) {
        struct replay *r = replay_start("org.json");
        struct rig g;
        rig_open(&g, r, role ? ZOHO_WRITER : ZOHO_READER);
        for (size_t i = role ? 3 : 0; i < 4; i++) {
            struct zoho_request rq = {.method = method[i], .path = "/crm/v8/settings/fields", .retry = ZOHO_CREATE};
            struct err e = {0};
            struct zoho_reply reply = {0};
            assert_int_equal(zoho_call(g.z, &rq, &reply, &e), -1);
            assert_int_equal(e.kind, ERR_BUG);
        }
        assert_int_equal(replay_count(r, NULL, NULL), 0);
        rig_close(&g);
        replay_stop(r);
    }
}

static void a_writer_of_another_org_writes_nothing(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct clock c = fake_clock(&g.time);
    struct err e = {0};
    zoho_close(g.z);
    g.config.org_zgid = "88";
    assert_int_equal(zoho_open(&g.z, &g.config, &c, &e), 0);
    struct zoho_request rq = {.method = "POST", .path = "/crm/v8/settings/fields", .retry = ZOHO_CREATE};
    assert_int_equal(call(&g, &rq, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_int_equal(replay_count(r, "POST", "/crm/v8/settings/fields"), 0);
    rig_close(&g);
    replay_stop(r);
}

static void no_path_leads_off_the_host(void **state)
{
    (void)state;
    static const char *const path[] = {"@evil.example/",
                                       "//evil.example/",
                                       "/crm/../../x/../y",
                                       "/crm\\@evil",
                                       "/crm?x",
                                       "/crm#x",
                                       "/crm v8",
                                       "https://evil.example/",
                                       "",
                                       "/a@b"};
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        struct zoho_request rq = {.method = "GET", .path = path[i], .retry = ZOHO_SAFE};
        struct err e = {0};
        struct zoho_reply reply = {0};
        assert_int_equal(zoho_call(g.z, &rq, &reply, &e), -1);
        assert_int_equal(e.kind, ERR_BUG);
    }
    assert_int_equal(replay_count(r, NULL, NULL), 0);
    rig_close(&g);
    replay_stop(r);
}

static void unusable_answers_are_errors_that_can_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum err_kind kind;
    } row[] = {
        {"'text':'<html>down</html>','headers':{'Content-Type':'text/html'}", ERR_REMOTE},
        {"'text':'{\\\\u0022org\\\\u0022'", ERR_REMOTE},
        {"'text':'[1,2'", ERR_REMOTE},
        {"'text':''", ERR_REMOTE},
        {"'behave':'endless'", ERR_LIMIT},
        {"'behave':'cut','text':'[]'", ERR_NET},
        {"'behave':'drop'", ERR_NET},
        {"'status':302,'headers':{'Location':'http://127.0.0.1:9/'}", ERR_REMOTE},
        {"'status':200,'body':{'code':'INVALID_DATA','details':{},'message':'\\u001b[31mred','status':'error'}",
         ERR_REMOTE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_FREE char *x = mem_printf("[" TOKEN ",{'path':'/crm/v8/org','times':0,%s}]", row[i].answer);
        size_t n;
        struct err e = fails(x, &n);
        if (e.kind != row[i].kind)
            fail_msg("%s: kind %s, %s", row[i].answer, err_kind_name(e.kind), e.what);
        assert_null(strchr(e.what, 0x1b));
        assert_string_equal(e.where, "GET /crm/v8/org");
    }
}

static void duplicate_keys_and_big_numbers_in_an_answer_are_read(void **state)
{
    (void)state;
    struct replay *r = replay_start_text(
        "[" TOKEN ",{'path':'/crm/v8/org','text':'{\\u0022a\\u0022:1,\\u0022a\\u0022:2,\\u0022b\\u0022:12.50}'}]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    struct zoho_reply reply = {0};
    if (zoho_call(g.z, &get_org, &reply, &e) < 0)
        fail_msg("%s", e.what);
    assert_int_equal(js_int(reply.json, "a", 0), 2);
    assert_non_null(js_str(reply.json, "b"));
    zoho_reply_release(&reply);
    rig_close(&g);
    replay_stop(r);
}

static void two_hundred_and_four_is_empty_and_not_an_error(void **state)
{
    (void)state;
    struct replay *r = replay_start_text("[" TOKEN ",{'path':'/crm/v8/org','status':204}]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct err e = {0};
    struct zoho_reply reply = {0};
    assert_int_equal(zoho_call(g.z, &get_org, &reply, &e), 0);
    assert_null(reply.json);
    assert_int_equal(reply.http, 204);
    rig_close(&g);
    replay_stop(r);
}

static void nobody_listening_is_retried_and_then_said(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    replay_stop(r);
    struct err e = {0};
    assert_int_equal(call(&g, &get_org, &e), -1);
    assert_int_equal(e.kind, ERR_NET);
    assert_true(g.time.sleeps >= 2);
    rig_close(&g);
}

static void an_outage_of_the_sign_in_is_asked_once_for_a_whole_batch(void **state)
{
    (void)state;
    struct replay *r = replay_start_text("[{'method':'POST','path':'/oauth/v2/token','times':0,'status':503}]");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    struct zoho_request rq[20];
    struct zoho_reply reply[20];
    struct err err[20];
    struct err e = {0};
    for (int i = 0; i < 20; i++)
        rq[i] = get_org;
    assert_int_equal(zoho_call_many(g.z, rq, 20, reply, err, &e), -1);
    assert_int_equal(replay_count(r, "POST", "/oauth/v2/token"), 3);
    for (int i = 0; i < 20; i++)
        assert_int_equal(err[i].kind, ERR_NET);
    rig_close(&g);
    replay_stop(r);
}

static void being_offline_does_not_use_up_the_sign_ins(void **state)
{
    (void)state;
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    replay_stop(r);
    for (int i = 0; i < 12; i++) {
        struct err e = {0};
        assert_int_equal(call(&g, &get_org, &e), -1);
        assert_int_equal(e.kind, ERR_NET);
    }
    rig_close(&g);
}

static void a_redirect_is_never_followed_even_with_a_netrc_for_its_host(void **state)
{
    (void)state;
    struct replay *target = replay_start("org.json");
    struct replay *plain = replay_start("org.json");
    const char *const to[] = {replay_url(target), replay_url(plain), "http://localhost"};
    for (size_t i = 0; i < 3; i++) {
        AUTO_FREE char *x = mem_printf(
            "[" TOKEN ",{'path':'/crm/v8/org','times':0,'status':302,'headers':{'Location':'%s/crm/v8/org'}}]", to[i]);
        struct replay *r = replay_start_text(x);
        struct rig g;
        rig_open(&g, r, ZOHO_READER);
        struct err e = {0};
        static const char netrc[] = "machine 127.0.0.1 login someone password netrcpassword\n";
        assert_int_equal(fs_write_in(&g.cache, ".netrc", netrc, strlen(netrc), 0600, &e), 0);
        setenv("HOME", g.dir, 1);
        assert_int_equal(call(&g, &get_org, &e), -1);
        assert_int_equal(e.kind, ERR_REMOTE);
        AUTO_JSON json_t *log = replay_log(r);
        AUTO_FREE char *seen = json_dumps(log, 0);
        assert_null(strstr(seen, "Basic "));
        fs_remove_in(&g.cache, ".netrc", &e);
        rig_close(&g);
        replay_stop(r);
    }
    assert_int_equal(replay_count(target, NULL, NULL) + replay_count(plain, NULL, NULL), 0);
    replay_stop(target);
    replay_stop(plain);
}

static void hostile_api_domains_get_no_request_at_all(void **state)
{
    (void)state;
    static const char *const domain[] = {"https://evil.example",
                                         "http://127.0.0.1:1",
                                         "http://127.0.0.1",
                                         "http://localhost:80",
                                         "https://www.zohoapis.com",
                                         "http://127.0.0.1@evil.example",
                                         "http://user@127.0.0.1:80",
                                         "http://127.1:80",
                                         "http://0x7f.1:80",
                                         "http://[::1]:80",
                                         "http://2130706433:80",
                                         "ftp://127.0.0.1:80",
                                         "//127.0.0.1:80",
                                         "127.0.0.1:80",
                                         "http://127.0.0.1:80/x",
                                         "http://127.0.0.1:80?x",
                                         "http://127.0.0.1:80#x",
                                         "http://127.0.0.1.:80",
                                         " http://127.0.0.1:80",
                                         "http://127.0.0.1%00:80",
                                         "javascript:alert(1)",
                                         "file:///etc/passwd",
                                         ""};
    for (size_t i = 0; i < sizeof domain / sizeof *domain; i++) {
        AUTO_FREE char *x =
            mem_printf("[{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'1000."
                       "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd','expires_in':3600,"
                       "'api_domain':'%s'}}," ORG "]",
                       domain[i]);
        struct replay *r = replay_start_text(x);
        struct rig g;
        rig_open(&g, r, ZOHO_READER);
        struct err e = {0};
        if (call(&g, &get_org, &e) == 0)
            fail_msg("'%s' was believed", domain[i]);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_int_equal(replay_authorized(r), 0);
        rig_close(&g);
        replay_stop(r);
    }
}

/* Real host names over TLS on loopback: every name leads to the replay server, which sees who was asked for. */
enum trust { TRUST_NONE, TRUST_CONFIG, TRUST_ENV };
static int over_tls(const char *api_domain, enum trust trust, struct err *e, size_t *authorized,
                    struct zoho_counts *counts)
{
    static const char *const hosts[] = {"accounts.zoho.eu", "www.zohoapis.eu", "www.zohoapis.com", "evil.example",
                                        NULL};
    AUTO_FREE char *x =
        mem_printf("[{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'1000."
                   "cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd','expires_in':3600000,"
                   "'expires_in_sec':3600,'api_domain':'%s'}}," ORG "]",
                   api_domain);
    struct replay *r = replay_start_tls(x, hosts);
    struct rig g;
    rig_open(&g, r, ZOHO_READER);
    char to[5][80];
    const char *list[6] = {0};
    for (size_t i = 0; hosts[i]; i++) {
        snprintf(to[i], sizeof to[i], "%s:443:127.0.0.1:%d", hosts[i], replay_port(r));
        list[i] = to[i];
    }
    g.config.api_url = g.config.accounts_url = NULL;
    g.config.dc = "eu";
    g.config.connect_to = list;
    g.config.ca_file = trust == TRUST_CONFIG ? replay_ca_file(r) : NULL;
    if (trust == TRUST_ENV)
        setenv("SSL_CERT_FILE", replay_ca_file(r), 1);
    zoho_close(g.z);
    struct clock c = fake_clock(&g.time);
    assert_int_equal(zoho_open(&g.z, &g.config, &c, e), 0);
    int rc = call(&g, &get_org, e);
    *authorized = replay_authorized(r);
    *counts = zoho_counts(g.z);
    unsetenv("SSL_CERT_FILE");
    rig_close(&g);
    replay_stop(r);
    return rc;
}

static void a_real_data_centre_is_spoken_to_over_tls_only_at_its_own_host(void **state)
{
    (void)state;
    struct err e = {0};
    size_t authorized;
    struct zoho_counts counts;
    int rc = over_tls("https://www.zohoapis.eu", TRUST_CONFIG, &e, &authorized, &counts);
    if (rc < 0)
        fail_msg("%s", e.what);
    assert_int_equal(authorized, 1);
    static const char *const bad[] = {"https://www.zohoapis.com", "https://evil.example",
                                      "https://www.zohoapis.eu@evil.example", "http://www.zohoapis.eu",
                                      "https://www.zohoapis.eu.evil.example"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&e);
        assert_int_equal(over_tls(bad[i], TRUST_CONFIG, &e, &authorized, &counts), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_int_equal(authorized, 0);
    }
}

static void a_certificate_nobody_trusts_ends_it_with_a_fix(void **state)
{
    (void)state;
    struct err e = {0};
    size_t authorized;
    struct zoho_counts counts;
    assert_int_equal(over_tls("https://www.zohoapis.eu", TRUST_NONE, &e, &authorized, &counts), -1);
    assert_int_equal(e.kind, ERR_NET);
    assert_non_null(strstr(e.what, "certificate"));
    assert_non_null(strstr(e.fix, "SSL_CERT_FILE"));
    assert_int_equal(counts.mints, 1);
}

static void the_certificates_of_the_environment_are_used(void **state)
{
    (void)state;
    struct err e = {0};
    size_t authorized;
    struct zoho_counts counts;
    if (over_tls("https://www.zohoapis.eu", TRUST_ENV, &e, &authorized, &counts) < 0)
        fail_msg("%s", e.what);
    assert_int_equal(authorized, 1);
}

static void a_proxy_that_is_not_there_is_named_without_its_password(void **state)
{
    (void)state;
    struct err e = {0};
    size_t authorized;
    struct zoho_counts counts;
    setenv("https_proxy", "http://user:proxypassword@127.0.0.1:1", 1);
    assert_int_equal(over_tls("https://www.zohoapis.eu", TRUST_CONFIG, &e, &authorized, &counts), -1);
    unsetenv("https_proxy");
    assert_int_equal(e.kind, ERR_NET);
    assert_null(strstr(e.what, "proxypassword"));
    assert_null(strstr(e.fix, "proxypassword"));
    assert_int_equal(authorized, 0);
}

int main(void)
{
    unsetenv("CURL_CA_BUNDLE");
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
    unsetenv("https_proxy");
    unsetenv("HTTPS_PROXY");
    unsetenv("ALL_PROXY");
    unsetenv("all_proxy");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_with_one_token_for_many_calls),
        cmocka_unit_test(every_refusal_of_the_sign_in_says_what_to_do),
        cmocka_unit_test(a_refused_token_is_renewed_once_and_the_call_repeated_once),
        cmocka_unit_test(a_missing_scope_is_not_a_reason_to_renew_the_token),
        cmocka_unit_test(twenty_processes_mint_one_token),
        cmocka_unit_test(the_eleventh_sign_in_in_ten_minutes_is_not_sent_also_after_a_restart),
        cmocka_unit_test(a_throttled_sign_in_is_left_alone_for_ten_minutes),
        cmocka_unit_test(a_token_file_others_can_read_is_refused),
        cmocka_unit_test(an_outage_is_waited_out_with_jitter_and_ends),
        cmocka_unit_test(too_many_requests_waits_as_long_as_it_is_told),
        cmocka_unit_test(a_create_whose_answer_is_lost_is_unknown_and_sent_once),
        cmocka_unit_test(the_reader_cannot_write_and_nobody_can_delete),
        cmocka_unit_test(a_writer_of_another_org_writes_nothing),
        cmocka_unit_test(no_path_leads_off_the_host),
        cmocka_unit_test(unusable_answers_are_errors_that_can_be_read),
        cmocka_unit_test(duplicate_keys_and_big_numbers_in_an_answer_are_read),
        cmocka_unit_test(two_hundred_and_four_is_empty_and_not_an_error),
        cmocka_unit_test(nobody_listening_is_retried_and_then_said),
        cmocka_unit_test(an_outage_of_the_sign_in_is_asked_once_for_a_whole_batch),
        cmocka_unit_test(being_offline_does_not_use_up_the_sign_ins),
        cmocka_unit_test(a_redirect_is_never_followed_even_with_a_netrc_for_its_host),
        cmocka_unit_test(hostile_api_domains_get_no_request_at_all),
        cmocka_unit_test(a_real_data_centre_is_spoken_to_over_tls_only_at_its_own_host),
        cmocka_unit_test(a_certificate_nobody_trusts_ends_it_with_a_fix),
        cmocka_unit_test(the_certificates_of_the_environment_are_used),
        cmocka_unit_test(a_proxy_that_is_not_there_is_named_without_its_password),
    };
    return cmocka_run_group_tests_name("zoho/session", tests, NULL, NULL);
}
