/*
 * Signing in at real host names over TLS, every one of them led to this machine: whose data centre is believed, what leaves for
 * where, and which answers are refused.
 */
#include "tests/test.h"
#include "tests/zoho/replay.h"
#include "zoho/signin.h"

#define REFRESH "1000.eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee.ffffffffffffffffffffffffffffffff"
#define ACCESS  "1000.cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd"
#define GRANT                                                                                                          \
    "{'method':'POST','path':'/oauth/v2/token','times':0,'body':{'access_token':'" ACCESS                              \
    "','refresh_token':'" REFRESH "','scope':'ZohoCRM.org.READ ZohoCRM.users.READ','api_domain':'%s','expires_in':"    \
    "3600}}"
#define START                                                                                                          \
    "{'method':'POST','path':'/oauth/v3/device/code','body':{'user_code':'AB12-CD34','device_code':'1004.devicecode'," \
    "'verification_url':'%s','interval':30000,'expires_in':300000}}"

static const char *const hosts[] = {"accounts.zoho.com", "accounts.zoho.eu", "evil.example", NULL};

struct stage {
    struct replay *r;
    struct secret client_secret;
    struct signin_config c;
    struct signin *s;
    char to[3][80];
    const char *list[4];
};

/* A client registered in us. */
static void up(struct stage *g, const char *exchanges)
{
    struct err e = {0};
    *g = (struct stage){0};
    g->r = replay_start_tls(exchanges, hosts);
    for (size_t i = 0; hosts[i]; i++) {
        snprintf(g->to[i], sizeof g->to[i], "%s:443:127.0.0.1:%d", hosts[i], replay_port(g->r));
        g->list[i] = g->to[i];
    }
    secret_set(&g->client_secret, canary_secret);
    g->c = (struct signin_config){.dc = "us",
                                  .ca_file = replay_ca_file(g->r),
                                  .client_id = "1000.CLIENT",
                                  .client_secret = &g->client_secret,
                                  .connect_to = g->list};
    assert_int_equal(signin_open(&g->s, &g->c, &e), 0);
}

static void down(struct stage *g)
{
    signin_close(g->s);
    secret_release(&g->client_secret);
    replay_stop(g->r);
}

/* The host that the last request was for; NULL without one. */
static char *last_host(struct stage *g)
{
    AUTO_JSON json_t *log = replay_log(g->r);
    const json_t *last = json_array_get(log, json_array_size(log) - 1);
    return js_str(last, "tls_host") ? mem_dup(js_str(last, "tls_host")) : NULL;
}

static char *grant_at(const char *api_domain)
{
    return mem_printf("[" GRANT "]", api_domain);
}

/* The browser comes back with this query; S in it stands for the state. */
static int comes_back(struct stage *g, struct signin_ask *a, const char *query, struct secret *code, struct err *e)
{
    const char *mark = strstr(query, "$S");
    AUTO_FREE char *full =
        mark ? mem_printf("%.*s%s%s", (int)(mark - query), query, a->state, mark + 2) : mem_dup(query);
    return signin_redirect(g->s, a, full, code, e);
}

static void a_code_is_redeemed_at_the_users_data_centre_with_everything_in_the_body(void **state)
{
    (void)state;
    struct stage g;
    struct signin_ask a;
    struct signin_grant grant;
    struct secret code = {0};
    struct err e = {0};
    AUTO_FREE char *x = grant_at("https://www.zohoapis.eu");
    up(&g, x);
    assert_int_equal(signin_ask(g.s, "ZohoCRM.org.READ,ZohoCRM.users.READ", "http://localhost:8793/callback", &a, &e),
                     0);
    assert_int_equal(
        strncmp(a.url, "https://accounts.zoho.com/oauth/v2/auth?response_type=code&client_id=1000.CLIENT&", 81), 0);
    assert_null(strstr(a.url, canary_secret));
    assert_null(strstr(a.url, a.verifier));
    assert_non_null(strstr(a.url, "access_type=offline&prompt=consent"));
    assert_int_equal(comes_back(&g, &a,
                                "code=1000.code&location=eu&accounts-server=https%3A%2F%2Faccounts.zoho.eu&state=$S",
                                &code, &e),
                     0);
    if (signin_redeem(g.s, code.p, &a, &grant, &e) < 0)
        fail_msg("%s", e.what);
    assert_string_equal(grant.refresh_token.p, REFRESH);
    assert_string_equal(grant.scope, "ZohoCRM.org.READ,ZohoCRM.users.READ");
    assert_string_equal(grant.dc, "eu");
    AUTO_FREE char *host = last_host(&g);
    assert_string_equal(host, "accounts.zoho.eu");
    AUTO_JSON json_t *log = replay_log(g.r);
    const json_t *rq = json_array_get(log, 0);
    assert_string_equal(js_str(rq, "query"), "");
    assert_non_null(strstr(js_str(rq, "body"), "redirect_uri=http%3A%2F%2Flocalhost%3A8793%2Fcallback"));
    assert_non_null(strstr(js_str(rq, "body"), a.verifier));
    signin_grant_release(&grant);
    signin_ask_release(&a);
    secret_release(&code);
    down(&g);
}

static void mixed_up_data_centres_are_refused_before_the_secret_leaves(void **state)
{
    (void)state;
    static const char *const query[] = {
        "code=c&state=$S&location=in&accounts-server=https%3A%2F%2Faccounts.zoho.eu",
        "code=c&state=$S&location=moon",
        "code=c&state=$S&accounts-server=https%3A%2F%2Fevil.example",
        "code=c&state=$S&accounts-server=http%3A%2F%2Faccounts.zoho.eu",
        "code=c&state=$S&accounts-server=https%3A%2F%2Faccounts.zoho.eu%40evil.example",
        "code=c&state=$S&accounts-server=https%3A%2F%2Faccounts.zoho.eu.evil.example",
        "code=c&state=$S&accounts-server=https%3A%2F%2Faccounts.zoho.eu%3A8443",
        "code=c&state=$S&accounts-server=https%3A%2F%2Faccounts.zoho.eu%2Fx",
        "code=c&state=$S&accounts-server=https%3A%2F%2Faccounts.zoho.eu.",
        "code=c&state=$S&accounts-server=%1b%5d52",
        "code=c&state=$S&accounts-server=javascript%3Aalert(1)",
    };
    for (size_t i = 0; i < sizeof query / sizeof *query; i++) {
        struct stage g;
        struct signin_ask a;
        struct secret code = {0};
        struct err e = {0};
        up(&g, "[]");
        assert_int_equal(signin_ask(g.s, "ZohoCRM.org.READ", "http://localhost:1/callback", &a, &e), 0);
        if (comes_back(&g, &a, query[i], &code, &e) == 0)
            fail_msg("%s was believed", query[i]);
        assert_int_equal(e.kind, ERR_REFUSED);
        assert_non_null(strstr(e.fix, "nothing was sent"));
        assert_null(strchr(e.what, 0x1b));
        assert_int_equal(replay_count(g.r, NULL, NULL), 0);
        secret_release(&code);
        signin_ask_release(&a);
        down(&g);
    }
}

static void a_replayed_wrong_or_missing_state_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"code=c",           "code=c&state=",     "code=c&state=0",
                                      "code=c&state=$S0", "state=$S&state=$S", "code=c&state=%00$S"};
    struct stage g;
    struct signin_ask a;
    struct secret code = {0};
    struct err e = {0};
    up(&g, "[]");
    assert_int_equal(signin_ask(g.s, "ZohoCRM.org.READ", "http://localhost:1/callback", &a, &e), 0);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err_clear(&e);
        if (comes_back(&g, &a, bad[i], &code, &e) == 0)
            fail_msg("%s was believed", bad[i]);
        assert_int_equal(e.kind, ERR_REFUSED);
    }
    AUTO_FREE char *good = mem_printf("code=c&state=%s", a.state);
    assert_int_equal(signin_redirect(g.s, &a, good, &code, &e), 0);
    err_clear(&e);
    assert_int_equal(signin_redirect(g.s, &a, good, &code, &e), -1);
    assert_int_equal(e.kind, ERR_REFUSED);
    assert_non_null(strstr(e.what, "already"));
    secret_release(&code);
    signin_ask_release(&a);
    down(&g);
}

static void what_is_granted_for_another_host_or_without_end_is_not_kept(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        enum err_kind kind;
    } row[] = {
        {"'body':{'access_token':'" ACCESS "','refresh_token':'" REFRESH "','api_domain':'https://www.zohoapis.eu'}",
         ERR_CONFIG},
        {"'body':{'access_token':'" ACCESS "','refresh_token':'" REFRESH "','api_domain':'https://evil.example'}",
         ERR_CONFIG},
        {"'body':{'access_token':'" ACCESS "','api_domain':'https://www.zohoapis.com'}", ERR_AUTH},
        {"'body':{'access_token':'" ACCESS "','refresh_token':'a\\r\\nX: y','api_domain':'https://www.zohoapis.com'}",
         ERR_AUTH},
        {"'body':{'error':'invalid_code'}", ERR_AUTH},
        {"'body':{'error':'invalid_client_secret'}", ERR_AUTH},
        {"'body':{'error':'invalid_redirect_uri'}", ERR_AUTH},
        {"'body':{'error':'\\u001b]0;x\\u0007'}", ERR_AUTH},
        {"'body':{}", ERR_AUTH},
        {"'text':'<html>','headers':{'Content-Type':'text/html'}", ERR_REMOTE},
        {"'status':302,'headers':{'Location':'https://evil.example/'}", ERR_REMOTE},
        {"'status':503", ERR_NET},
        {"'behave':'endless'", ERR_LIMIT},
        {"'behave':'gzip','text':'{}'", ERR_REMOTE},
        {"'text':'{'", ERR_REMOTE},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        AUTO_FREE char *x = mem_printf("[{'method':'POST','path':'/oauth/v2/token','times':0,%s}]", row[i].answer);
        struct stage g;
        struct signin_grant grant;
        struct err e = {0};
        up(&g, x);
        assert_int_equal(signin_redeem(g.s, "1000.code", NULL, &grant, &e), -1);
        if (e.kind != row[i].kind)
            fail_msg("%s: %s, %s", row[i].answer, err_kind_name(e.kind), e.what);
        assert_true(e.fix[0] || e.kind == ERR_LIMIT);
        assert_null(strchr(e.what, 0x1b));
        assert_err_clean(&e);
        assert_null(grant.refresh_token.p);
        assert_int_equal(replay_count(g.r, NULL, NULL), 1);
        signin_grant_release(&grant);
        down(&g);
    }
}

static void a_device_whose_user_lives_elsewhere_goes_on_there(void **state)
{
    (void)state;
    struct stage g;
    struct signin_device d;
    struct signin_grant grant;
    struct err e = {0};
    up(&g, "[{'method':'POST','path':'/oauth/v3/device/code','body':{'user_code':'AB12-CD34','device_code':"
           "'1004.devicecode','verification_url':'https://accounts.zoho.com/oauth/v3/device','interval':30000,"
           "'expires_in':300000}},"
           "{'method':'POST','path':'/oauth/v3/device/token','body':{'error':'authorization_pending'}},"
           "{'method':'POST','path':'/oauth/v3/device/token','body':{'error':'slow_down'}},"
           "{'method':'POST','path':'/oauth/v3/device/token','status':503},"
           "{'method':'POST','path':'/oauth/v3/device/token','body':{'error':'other_dc','user_location':'eu'}},"
           "{'method':'POST','path':'/oauth/v3/device/token','body':{'access_token':'" ACCESS
           "','refresh_token':'" REFRESH "','api_domain':'https://www.zohoapis.eu'}}]");
    assert_int_equal(signin_device_start(g.s, "ZohoCRM.org.READ", &d, &e), 0);
    assert_string_equal(d.user_code, "AB12-CD34");
    assert_int_equal(d.interval_s, 30);
    assert_int_equal(d.expires_s, 300);
    assert_int_equal(signin_device_poll(g.s, &d, &grant, &e), 0);
    assert_int_equal(signin_device_poll(g.s, &d, &grant, &e), 0);
    assert_int_equal(d.interval_s, 35);
    assert_int_equal(signin_device_poll(g.s, &d, &grant, &e), 0); /* an outage ends no wait */
    assert_int_equal(signin_device_poll(g.s, &d, &grant, &e), 0);
    AUTO_FREE char *before = last_host(&g);
    assert_string_equal(before, "accounts.zoho.com");
    if (signin_device_poll(g.s, &d, &grant, &e) != 1)
        fail_msg("%s", e.what);
    AUTO_FREE char *after = last_host(&g);
    assert_string_equal(after, "accounts.zoho.eu");
    assert_string_equal(grant.dc, "eu");
    signin_grant_release(&grant);
    signin_device_release(&d);
    down(&g);
}

static void a_device_sent_to_no_data_centre_of_zoho_stops(void **state)
{
    (void)state;
    static const char *const answer[] = {"'error':'other_dc','user_location':'moon'", "'error':'other_dc'",
                                         "'error':'access_denied'", "'error':'expired'", "'error':'unheard of'"};
    for (size_t i = 0; i < sizeof answer / sizeof *answer; i++) {
        AUTO_FREE char *x = mem_printf("[" START ",{'method':'POST','path':'/oauth/v3/device/token','body':{%s}}]",
                                       "https://accounts.zoho.com/oauth/v3/device", answer[i]);
        struct stage g;
        struct signin_device d;
        struct signin_grant grant;
        struct err e = {0};
        up(&g, x);
        assert_int_equal(signin_device_start(g.s, "ZohoCRM.org.READ", &d, &e), 0);
        assert_int_equal(signin_device_poll(g.s, &d, &grant, &e), -1);
        assert_true(e.kind == ERR_REFUSED || e.kind == ERR_AUTH);
        assert_true(e.fix[0]);
        signin_device_release(&d);
        down(&g);
    }
}

static void a_link_of_another_host_is_never_shown(void **state)
{
    (void)state;
    static const char *const link[] = {"https://evil.example/device",
                                       "javascript:alert(1)",
                                       "file:///etc/passwd",
                                       "https://accounts.zoho.com@evil.example/",
                                       "-oProxyCommand=x",
                                       ""};
    for (size_t i = 0; i < sizeof link / sizeof *link; i++) {
        AUTO_FREE char *x = mem_printf("[" START "]", link[i]);
        struct stage g;
        struct signin_device d;
        struct err e = {0};
        up(&g, x);
        assert_int_equal(signin_device_start(g.s, "ZohoCRM.org.READ", &d, &e), 0);
        assert_string_equal(d.url, "https://accounts.zoho.com/oauth/v3/device");
        assert_null(d.complete);
        signin_device_release(&d);
        down(&g);
    }
}

static void revoking_what_is_dead_already_is_no_error(void **state)
{
    (void)state;
    struct stage g;
    struct err e = {0};
    up(&g, "[{'method':'POST','path':'/oauth/v2/token/revoke','body':{'status':'success'}},"
           "{'method':'POST','path':'/oauth/v2/token/revoke','body':{'error':'invalid_code'}},"
           "{'method':'POST','path':'/oauth/v2/token/revoke','body':{'error':'general_error'}}]");
    assert_int_equal(signin_revoke(g.s, REFRESH, &e), 0);
    assert_int_equal(signin_revoke(g.s, REFRESH, &e), 0);
    assert_int_equal(signin_revoke(g.s, REFRESH, &e), -1);
    assert_int_equal(e.kind, ERR_NET);
    assert_err_clean(&e);
    down(&g);
}

static void a_company_proxy_and_its_own_authority_are_used_as_the_environment_says(void **state)
{
    (void)state;
    struct stage g;
    struct err e = {0};
    struct replay *proxy = replay_start_text("[]");
    up(&g, "[{'method':'POST','path':'/oauth/v2/token/revoke','times':0,'body':{'status':'success'}}]");
    setenv("HTTPS_PROXY", replay_url(proxy), 1);
    assert_int_equal(signin_revoke(g.s, REFRESH, &e), -1); /* this proxy lets nobody through */
    assert_int_equal(e.kind, ERR_NET);
    assert_non_null(strstr(e.what, "proxy"));
    assert_true(replay_count(proxy, "CONNECT", NULL) > 0);
    AUTO_JSON json_t *seen = replay_log(proxy);
    AUTO_FREE char *text = json_dumps(seen, 0);
    assert_no_canary(text);
    size_t before = replay_count(proxy, NULL, NULL);
    setenv("NO_PROXY", "accounts.zoho.com", 1);
    err_clear(&e);
    assert_int_equal(signin_revoke(g.s, REFRESH, &e), 0);
    assert_int_equal(replay_count(proxy, NULL, NULL), before);
    unsetenv("HTTPS_PROXY");
    unsetenv("NO_PROXY");
    /* Without a file in code: the one that ZAGENT_CA names, before any other. */
    signin_close(g.s);
    g.c.ca_file = NULL;
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    setenv("ZAGENT_CA", replay_ca_file(g.r), 1);
    assert_int_equal(signin_open(&g.s, &g.c, &e), 0);
    unsetenv("ZAGENT_CA");
    unsetenv("SSL_CERT_FILE");
    if (signin_revoke(g.s, REFRESH, &e) < 0)
        fail_msg("%s", e.what);
    down(&g);
    replay_stop(proxy);
}

int main(void)
{
    static const char *const env[] = {"ZAGENT_CA",   "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "https_proxy",
                                      "HTTPS_PROXY", "ALL_PROXY",      "all_proxy",     "NO_PROXY",     "no_proxy"};
    for (size_t i = 0; i < sizeof env / sizeof *env; i++)
        unsetenv(env[i]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_redeemed_at_the_users_data_centre_with_everything_in_the_body),
        cmocka_unit_test(mixed_up_data_centres_are_refused_before_the_secret_leaves),
        cmocka_unit_test(a_replayed_wrong_or_missing_state_is_refused),
        cmocka_unit_test(what_is_granted_for_another_host_or_without_end_is_not_kept),
        cmocka_unit_test(a_device_whose_user_lives_elsewhere_goes_on_there),
        cmocka_unit_test(a_device_sent_to_no_data_centre_of_zoho_stops),
        cmocka_unit_test(a_link_of_another_host_is_never_shown),
        cmocka_unit_test(a_company_proxy_and_its_own_authority_are_used_as_the_environment_says),
        cmocka_unit_test(revoking_what_is_dead_already_is_no_error),
    };
    return cmocka_run_group_tests_name("zoho/signin", tests, NULL, NULL);
}
