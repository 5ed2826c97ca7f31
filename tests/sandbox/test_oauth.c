/* The accounts host beyond refreshing: codes, consent, PKCE, devices, locations. Sources: zoho-api.md 3; ACC:devices. */
#include <string.h>

#include "sandbox/limits.h"
#include "tests/sandbox/client.h"

static const char form_type[] = "application/x-www-form-urlencoded";
#define SCOPES "ZohoCRM.modules.ALL,ZohoCRM.settings.READ,ZohoCRM.users.READ"
#define BACK   "http%3A%2F%2F127.0.0.1%3A9%2Fcb"

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

static json_t *post(struct client *c, long status, const char *path, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    AUTO_FREE char *more = mem_vprintf(fmt, ap);
    va_end(ap);
    AUTO_FREE char *form = mem_printf("client_id=%s&client_secret=%s&%s", js_str(c->info, "client_id"),
                                      js_str(c->info, "client_secret"), more);
    return client_send(c, status, "POST", path, form_type, form);
}

static void expect_error(struct client *c, const char *error, const char *path, const char *more)
{
    AUTO_JSON json_t *a = post(c, 200, path, "%s", more);
    assert_string_equal(js_str_or(a, "error", "(none)"), error);
}

/* The value of a hidden field on the page last shown, or what follows `mark` up to `end` in `text`. Caller frees. */
static char *between(const char *text, const char *mark, const char *end)
{
    const char *p = strstr(text, mark);
    assert_non_null(p);
    p += strlen(mark);
    return mem_dupn(p, strcspn(p, end));
}

/* The person opens the page and answers it; Location comes back. Caller frees. */
static char *consent(struct client *c, const char *more, const char *answer)
{
    AUTO_FREE char *query = mem_printf("response_type=code&client_id=%s&scope=%s&redirect_uri=%s%s",
                                       js_str(c->info, "client_id"), SCOPES, BACK, more);
    AUTO_FREE char *page = mem_printf("/oauth/v2/auth?%s", query);
    json_decref(client_get(c, 200, "%s", page));
    AUTO_FREE char *form_id = between(c->text, "name=\"form\" value=\"", "\"");
    AUTO_FREE char *form = mem_printf("%s&form=%s&answer=%s&user=admin%%40example.org", query, form_id, answer);
    json_decref(client_send(c, 302, "POST", "/oauth/v2/auth", form_type, form));
    return between(c->headers, "Location: ", "\r\n");
}

static void a_consent_ends_in_a_code_with_location_and_accounts_server(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *to = consent(c, "&state=a%20b&access_type=offline&prompt=consent", "accept");
    assert_memory_equal(to, "http://127.0.0.1:9/cb?code=1000.", 32);
    assert_non_null(strstr(to, "&location=us&accounts-server=http%3A%2F%2F127.0.0.1%3A"));
    assert_non_null(strstr(to, "&state=a%20b"));
    AUTO_FREE char *code = between(to, "code=", "&");
    AUTO_JSON json_t *a =
        post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
    assert_string_equal(js_str(a, "scope"), SCOPES);
    assert_string_equal(js_str(a, "api_domain"), js_str(c->info, "api_url"));
    AUTO_JSON json_t *b =
        post(c, 200, "/oauth/v2/token", "grant_type=refresh_token&refresh_token=%s", js_str(a, "refresh_token"));
    assert_non_null(js_str(b, "access_token"));
    assert_null(js_str(b, "refresh_token"));
    AUTO_JSON json_t *again =
        post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
    assert_string_equal(js_str(again, "error"), "invalid_code");
}

static void a_no_comes_back_as_access_denied(void **state)
{
    AUTO_FREE char *to = consent(*state, "&state=s", "deny");
    assert_string_equal(to, "http://127.0.0.1:9/cb?error=access_denied&state=s");
}

static void gives_no_refresh_token_unless_asked_and_on_a_repeat_only_with_prompt(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *more;
        bool refresh;
    } steps[] = {{"", false},
                 {"&access_type=offline", true},
                 {"&access_type=offline", false},
                 {"&access_type=offline&prompt=consent", true}};
    for (size_t i = 0; i < 4; i++) {
        AUTO_FREE char *to = consent(c, steps[i].more, "accept");
        AUTO_FREE char *code = between(to, "code=", "&");
        AUTO_JSON json_t *a =
            post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
        assert_non_null(js_str(a, "access_token"));
        assert_int_equal(js_str(a, "refresh_token") != NULL, steps[i].refresh);
    }
}

static void a_code_dies_after_two_minutes_and_belongs_to_its_redirect(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *to = consent(c, "", "accept");
    AUTO_FREE char *code = between(to, "code=", "&");
    AUTO_FREE char *other =
        mem_printf("grant_type=authorization_code&redirect_uri=http%%3A%%2F%%2F127.0.0.1%%2Fother&code=%s", code);
    AUTO_FREE char *own = mem_printf("grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
    expect_error(c, "invalid_redirect_uri", "/oauth/v2/token", other);
    c->now += 121;
    expect_error(c, "invalid_code", "/oauth/v2/token", own);
}

/* RFC 7636 appendix B. */
static void a_code_with_a_challenge_needs_its_verifier(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *to =
        consent(c, "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256", "accept");
    AUTO_FREE char *code = between(to, "code=", "&");
    AUTO_FREE char *base = mem_printf("grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
    AUTO_FREE char *wrong = mem_printf("%s&code_verifier=wrong", base);
    expect_error(c, "invalid_code", "/oauth/v2/token", base);
    expect_error(c, "invalid_code", "/oauth/v2/token", wrong);
    AUTO_JSON json_t *a =
        post(c, 200, "/oauth/v2/token", "%s&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", base);
    assert_non_null(js_str(a, "access_token"));
}

static void sends_nobody_away_from_this_machine(void **state)
{
    struct client *c = *state;
    static const char *const bad[] = {"https://example.org/cb", "http://127.0.0.1.example.org/",
                                      "http://127.0.0.1:80@example.org/", "javascript:alert(1)",
                                      "http://localhost%0d%0aX:/"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_decref(client_get(c, 400, "/oauth/v2/auth?response_type=code&client_id=%s&scope=%s&redirect_uri=%s",
                               js_str(c->info, "client_id"), SCOPES, bad[i]));
        assert_non_null(strstr(c->text, "invalid_redirect_uri"));
    }
    json_decref(client_get(c, 400, "/oauth/v2/auth?response_type=code&client_id=%s&scope=nonsense&redirect_uri=%s",
                           js_str(c->info, "client_id"), BACK));
    assert_non_null(strstr(c->text, "invalid_scope"));
}

static void takes_no_answer_that_its_page_did_not_give(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *form =
        mem_printf("response_type=code&client_id=%s&scope=%s&redirect_uri=%s&answer=accept&user=admin%%40example.org",
                   js_str(c->info, "client_id"), SCOPES, BACK);
    json_decref(client_send(c, 400, "POST", "/oauth/v2/auth", form_type, form));
}

static void a_self_client_code_needs_no_redirect(void **state)
{
    struct client *c = *state;
    char *code = NULL;
    struct err e = {0};
    assert_int_equal(sandbox_self_client(c->s, SCOPES, NULL, 3, &code, &e), 0);
    AUTO_JSON json_t *a = post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&code=%s", code);
    assert_non_null(js_str(a, "refresh_token"));
    free(code);
    assert_int_equal(sandbox_self_client(c->s, SCOPES, NULL, 11, &code, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    e = (struct err){0};
    assert_int_equal(sandbox_self_client(c->s, SCOPES, "nobody@example.org", 3, &code, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void grants_only_the_scopes_of_the_code(void **state)
{
    struct client *c = *state;
    char *code = NULL;
    assert_int_equal(sandbox_self_client(c->s, "ZohoCRM.org.READ", NULL, 3, &code, NULL), 0);
    AUTO_JSON json_t *a = post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&code=%s", code);
    free(code);
    free(c->token);
    c->token = mem_dup(js_str(a, "access_token"));
    json_decref(client_get(c, 200, "/crm/v8/org"));
    client_refused(c, 401, "GET", "/crm/v8/settings/modules", NULL, "OAUTH_SCOPE_MISMATCH", NULL);
}

static void refreshes_by_form_multipart_and_query(void **state)
{
    struct client *c = *state;
    const char *id = js_str(c->info, "client_id"), *key = js_str(c->info, "client_secret");
    const char *refresh = js_str(c->info, "refresh_token");
    AUTO_FREE char *query = mem_printf(
        "/oauth/v2/token?grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s", id, key, refresh);
    AUTO_FREE char *parts =
        mem_printf("--xx\r\nContent-Disposition: form-data; "
                   "name=\"client_id\"\r\n\r\n%s\r\n--xx\r\nContent-Disposition: form-data; "
                   "name=\"client_secret\"\r\n\r\n%s\r\n--xx\r\nContent-Disposition: form-data; "
                   "name=\"grant_type\"\r\n\r\nrefresh_token\r\n"
                   "--xx\r\nContent-Disposition: form-data; name=\"refresh_token\"\r\n\r\n%s\r\n--xx--\r\n",
                   id, key, refresh);
    AUTO_JSON json_t *a = client_send(c, 200, "POST", query, form_type, "");
    AUTO_JSON json_t *b = client_send(c, 200, "POST", "/oauth/v2/token", "multipart/form-data; boundary=xx", parts);
    assert_non_null(js_str(a, "access_token"));
    assert_non_null(js_str(b, "access_token"));
}

static void the_twenty_first_refresh_token_kills_the_first_without_a_word(void **state)
{
    struct client *c = *state;
    char *first = NULL;
    for (int i = 0; i < 21; i++) {
        char *code = NULL;
        c->now += 61; /* five new ones a minute */
        assert_int_equal(sandbox_self_client(c->s, SCOPES, "admin@example.org", 3, &code, NULL), 0);
        AUTO_JSON json_t *a = post(c, 200, "/oauth/v2/token", "grant_type=authorization_code&code=%s", code);
        free(code);
        first = first ? first : mem_dup(js_str(a, "refresh_token"));
    }
    AUTO_FREE char *more = mem_printf("grant_type=refresh_token&refresh_token=%s", first);
    expect_error(c, "invalid_code", "/oauth/v2/token", more);
    free(first);
}

static void refuses_a_sixth_refresh_token_in_a_minute(void **state)
{
    struct client *c = *state;
    for (int i = 0; i < LIM_REFRESH_TOKENS_PER_MINUTE + 1; i++) {
        char *code = NULL;
        bool last = i == LIM_REFRESH_TOKENS_PER_MINUTE;
        assert_int_equal(sandbox_self_client(c->s, SCOPES, "admin@example.org", 3, &code, NULL), 0);
        AUTO_JSON json_t *a =
            post(c, last ? 400 : 200, "/oauth/v2/token", "grant_type=authorization_code&code=%s", code);
        assert_string_equal(js_str_or(a, "error", ""), last ? "Access Denied" : "");
        free(code);
    }
}

/* Both words are sent by clients in use; the answer says token_type Bearer. */
static void takes_both_words_before_a_token_and_no_third(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *word;
        long status;
    } words[] = {{"Zoho-oauthtoken", 200}, {"Bearer", 200}, {"Basic", 401}};
    for (size_t i = 0; i < 3; i++) {
        AUTO_FREE char *h = mem_printf("Authorization: %s %s", words[i].word, c->token);
        AUTO_FREE char *token = c->token;
        c->token = NULL; /* the header below replaces it */
        c->extra = curl_slist_append(NULL, h);
        AUTO_JSON json_t *a = client_get(c, words[i].status, "/crm/v8/org");
        assert_non_null(a);
        curl_slist_free_all(c->extra);
        c->extra = NULL;
        c->token = mem_dup(token);
    }
}

/* ---- devices ---- */

static json_t *ask_device(struct client *c)
{
    AUTO_FREE char *path =
        mem_printf("/oauth/v3/device/code?client_id=%s&grant_type=device_request&scope=%s&access_type=offline",
                   js_str(c->info, "client_id"), SCOPES);
    return client_send(c, 200, "POST", path, form_type, "");
}

static void person_answers(struct client *c, const char *user_code, const char *answer)
{
    json_decref(client_get(c, 200, "/oauth/v3/device?user_code=%s", user_code));
    AUTO_FREE char *form_id = between(c->text, "name=\"form\" value=\"", "\"");
    AUTO_FREE char *form =
        mem_printf("form=%s&user_code=%s&answer=%s&user=admin%%40example.org", form_id, user_code, answer);
    json_decref(client_send(c, 200, "POST", "/oauth/v3/device", form_type, form));
}

static void a_device_waits_for_the_person_and_polls_slowly(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *d = ask_device(c);
    AUTO_FREE char *poll = mem_printf("grant_type=device_token&code=%s", js_str(d, "device_code"));
    expect_error(c, "authorization_pending", "/oauth/v3/device/token", poll);
    c->now += 29;
    expect_error(c, "slow_down", "/oauth/v3/device/token", poll);
    person_answers(c, js_str(d, "user_code"), "accept");
    c->now += 30;
    AUTO_JSON json_t *a = post(c, 200, "/oauth/v3/device/token", "%s", poll);
    assert_non_null(js_str(a, "access_token"));
    assert_non_null(js_str(a, "refresh_token"));
    c->now += 30;
    expect_error(c, "invalid_code", "/oauth/v3/device/token", poll);
}

static void a_device_is_told_no_and_too_late(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *d = ask_device(c);
    AUTO_JSON json_t *late = ask_device(c);
    AUTO_FREE char *poll = mem_printf("grant_type=device_token&code=%s", js_str(d, "device_code"));
    AUTO_FREE char *poll_late = mem_printf("grant_type=device_token&code=%s", js_str(late, "device_code"));
    person_answers(c, js_str(d, "user_code"), "deny");
    expect_error(c, "access_denied", "/oauth/v3/device/token", poll);
    c->now += 301;
    expect_error(c, "expired", "/oauth/v3/device/token", poll_late);
}

static void a_user_of_another_data_centre_signs_in_there(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.dc = "eu"};
    client_up(&c, &o);
    client_down(&c);
    o.refuse = "other_dc";
    c = (struct client){0};
    client_up(&c, &o);
    AUTO_JSON json_t *d = ask_device(&c);
    AUTO_FREE char *poll = mem_printf("grant_type=device_token&code=%s", js_str(d, "device_code"));
    person_answers(&c, js_str(d, "user_code"), "accept");
    AUTO_JSON json_t *a = post(&c, 200, "/oauth/v3/device/token", "%s", poll);
    assert_string_equal(js_str(a, "error"), "other_dc");
    assert_string_equal(js_str(a, "user_location"), "eu");
    AUTO_FREE char *there = mem_printf("http://localhost:%lld", (long long)js_int(c.info, "port", 0));
    AUTO_FREE char *to = consent(&c, "", "accept");
    assert_non_null(strstr(to, "&location=eu&accounts-server=http%3A%2F%2Flocalhost%3A"));
    AUTO_FREE char *code = between(to, "code=", "&");
    AUTO_FREE char *take = mem_printf("grant_type=authorization_code&redirect_uri=%s&code=%s", BACK, code);
    expect_error(&c, "invalid_code", "/oauth/v2/token", take);
    js_set_str(c.info, "api_url", there);
    AUTO_JSON json_t *b = post(&c, 200, "/oauth/v2/token", "%s", take);
    assert_non_null(js_str(b, "access_token"));
    c.now += 30;
    AUTO_JSON json_t *e = post(&c, 200, "/oauth/v3/device/token", "%s", poll);
    assert_non_null(js_str(e, "access_token"));
    client_down(&c);
}

static void lists_locations_and_names_a_wrong_one(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = client_get(c, 200, "/oauth/serverinfo");
    assert_string_equal(js_str(js_obj(a, "locations"), "eu"), js_str(c->info, "accounts_url"));
    struct sandbox *s = NULL;
    struct err e = {0};
    struct sandbox_options o = {.dc = "ue", .clock = clock_system()};
    assert_int_equal(sandbox_open(&s, &o, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.fix, "eu"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_consent_ends_in_a_code_with_location_and_accounts_server),
        T(a_no_comes_back_as_access_denied),
        T(gives_no_refresh_token_unless_asked_and_on_a_repeat_only_with_prompt),
        T(a_code_dies_after_two_minutes_and_belongs_to_its_redirect),
        T(a_code_with_a_challenge_needs_its_verifier),
        T(sends_nobody_away_from_this_machine),
        T(takes_no_answer_that_its_page_did_not_give),
        T(a_self_client_code_needs_no_redirect),
        T(grants_only_the_scopes_of_the_code),
        T(refreshes_by_form_multipart_and_query),
        T(the_twenty_first_refresh_token_kills_the_first_without_a_word),
        T(refuses_a_sixth_refresh_token_in_a_minute),
        T(takes_both_words_before_a_token_and_no_third),
        T(a_device_waits_for_the_person_and_polls_slowly),
        T(a_device_is_told_no_and_too_late),
        cmocka_unit_test(a_user_of_another_data_centre_signs_in_there),
        T(lists_locations_and_names_a_wrong_one),
    };
    return cmocka_run_group_tests_name("sandbox/oauth", tests, NULL, NULL);
}
