/* OAuth, scopes, unknown paths, credits, faults. Sources: zoho-api.md 1.1, 1.2, 3.4-3.6, 4. */
#include <string.h>

#include "tests/sandbox/client.h"

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

static void with(struct client *c, const char *refuse, const char *fault)
{
    struct sandbox_options o = {.refuse = refuse, .fault = fault};
    *c = (struct client){0};
    client_up(c, &o);
}

static json_t *ask_token(struct client *c, long status, const char *id, const char *key, const char *refresh)
{
    AUTO_FREE char *form =
        mem_printf("grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
                   id ? id : js_str(c->info, "client_id"), key ? key : js_str(c->info, "client_secret"),
                   refresh ? refresh : js_str(c->info, "refresh_token"));
    return client_send(c, status, "POST", "/oauth/v2/token", "application/x-www-form-urlencoded", form);
}

static void mints_a_token_whose_api_domain_is_its_own_url(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = ask_token(c, 200, NULL, NULL, NULL);
    assert_string_equal(js_str(a, "api_domain"), js_str(c->info, "api_url"));
    assert_int_equal(js_int(a, "expires_in", 0), 3600);
    assert_string_equal(js_str(a, "token_type"), "Bearer");
    assert_null(json_object_get(a, "refresh_token"));
}

static void answers_oauth_errors_with_http_200(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *id = ask_token(c, 200, "1000.NOBODY", NULL, NULL);
    AUTO_JSON json_t *key = ask_token(c, 200, NULL, "wrong", NULL);
    AUTO_JSON json_t *code = ask_token(c, 200, NULL, NULL, "1000.a.b");
    assert_string_equal(js_str(id, "error"), "invalid_client");
    assert_string_equal(js_str(key, "error"), "invalid_client_secret");
    assert_string_equal(js_str(code, "error"), "invalid_code");
}

static void refuses_the_eleventh_mint_in_ten_minutes(void **state)
{
    struct client *c = *state;
    for (int i = 1; i < 10; i++) {
        json_decref(ask_token(c, 200, NULL, NULL, NULL));
    }
    AUTO_JSON json_t *a = ask_token(c, 400, NULL, NULL, NULL);
    assert_string_equal(js_str(a, "error"), "Access Denied");
    c->now += 601;
    AUTO_JSON json_t *b = ask_token(c, 200, NULL, NULL, NULL);
    assert_non_null(js_str(b, "access_token"));
}

static void keeps_ten_tokens_alive_and_drops_the_oldest(void **state)
{
    struct client *c = *state;
    for (int i = 0; i < 9; i++) {
        c->now += 61;
        json_decref(ask_token(c, 200, NULL, NULL, NULL));
    }
    json_decref(client_get(c, 200, "/crm/v8/org"));
    c->now += 61;
    json_decref(ask_token(c, 200, NULL, NULL, NULL));
    client_refused(c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
}

static void refuses_expired_and_missing_tokens(void **state)
{
    struct client *c = *state;
    c->now += 3601;
    client_refused(c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
    c->extra = curl_slist_append(NULL, "Authorization:");
    client_refused(c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
}

static void revoking_the_refresh_token_ends_everything(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *form = mem_printf("token=%s", js_str(c->info, "refresh_token"));
    AUTO_JSON json_t *a =
        client_send(c, 200, "POST", "/oauth/v2/token/revoke", "application/x-www-form-urlencoded", form);
    assert_string_equal(js_str(a, "status"), "success");
    client_refused(c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
    AUTO_JSON json_t *b = ask_token(c, 200, NULL, NULL, NULL);
    assert_string_equal(js_str(b, "error"), "invalid_code");
}

static void names_a_missing_scope(void **state)
{
    (void)state;
    struct client c;
    with(&c, "scope:ZohoCRM.settings.ALL", NULL);
    client_refused(&c, 401, "GET", "/crm/v8/settings/modules", NULL, "OAUTH_SCOPE_MISMATCH", NULL);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_down(&c);
}

static void answers_and_counts_unknown_paths(void **state)
{
    struct client *c = *state;
    client_refused(c, 404, "GET", "/crm/v8/settings/no_such_thing", NULL, "INVALID_URL_PATTERN", NULL);
    client_refused(c, 404, "GET", "/crm/v8/settings/no_such_thing", NULL, "INVALID_URL_PATTERN", NULL);
    client_refused(c, 405, "DELETE", "/crm/v8/org", NULL, "INVALID_REQUEST_METHOD", NULL);
    AUTO_JSON json_t *st = sandbox_status(c->s);
    assert_int_equal(js_int(js_obj(st, "unknown"), "GET /crm/v8/settings/no_such_thing", 0), 2);
    assert_int_equal(js_int(js_obj(st, "unknown"), "DELETE /crm/v8/org", 0), 1);
}

/* zoho-api.md 0.3: workflow rules came with v8. */
static void serves_older_versions_but_not_what_came_later(void **state)
{
    struct client *c = *state;
    json_decref(client_get(c, 200, "/crm/v2/org"));
    json_decref(client_get(c, 200, "/crm/v2.1/settings/fields?module=Leads"));
    AUTO_JSON json_t *a = client_get(c, 400, "/crm/v7/settings/automation/workflow_rules?module=Leads");
    assert_string_equal(js_str(a, "code"), "API_NOT_SUPPORTED");
    assert_int_equal(js_int(js_obj(a, "details"), "supported_version", 0), 8);
    client_refused(c, 404, "GET", "/crm/v1/org", NULL, "INVALID_URL_PATTERN", NULL);
}

static void counts_credits_by_price_and_warns_after_half(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.edition = "Free"}; /* 5,000 a day */
    client_up(&c, &o);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    assert_null(strstr(c.headers, "X-API-CREDITS-REMAINING"));
    AUTO_JSON json_t *profiles = client_get(&c, 200, "/crm/v8/settings/profiles");
    const char *pid = js_str(js_path(profiles, "profiles[0]"), "id");
    for (int i = 0; i < 9; i++) {
        AUTO_FREE char *body =
            mem_printf("{\"modules\":[{\"singular_label\":\"Site %c\",\"plural_label\":\"Sites %c\",\"api_name\":"
                       "\"Sites%c\",\"profiles\":[{\"id\":\"%s\"}]}]}",
                       'A' + i, 'A' + i, 'A' + i, pid);
        /* a free org has no room for modules; a refused call costs what it costs */
        client_refused(&c, 400, "POST", "/crm/v8/settings/modules", body, "LIMIT_EXCEEDED", NULL);
    }
    assert_non_null(strstr(c.headers, "X-API-CREDITS-REMAINING: 498"));
    AUTO_JSON json_t *st = sandbox_status(c.s);
    assert_int_equal(js_int(st, "credits", 0), 4502);
    client_refused(&c, 429, "POST", "/crm/v8/settings/modules", "{}", "TOO_MANY_REQUESTS", NULL);
    c.now += 25 * 3600;
    client_mint(&c);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_down(&c);
}

static const char variable[] =
    "{\"global_picklists\":[{\"display_label\":\"Zones\",\"pick_list_values\":[{\"display_value\":\"A\"}]}]}";

static void a_fault_before_commit_leaves_nothing(void **state)
{
    (void)state;
    struct client c;
    with(&c, NULL, "POST /global_picklists drop");
    assert_int_not_equal(client_try(&c, "POST", "/crm/v8/settings/global_picklists", variable), CURLE_OK);
    json_decref(client_get(&c, 204, "/crm/v8/settings/global_picklists"));
    client_down(&c);
}

static void a_fault_after_commit_swallows_the_answer_only(void **state)
{
    (void)state;
    struct client c;
    with(&c, NULL, "POST /global_picklists nth=1 after-commit drop; GET /org status=503");
    assert_int_not_equal(client_try(&c, "POST", "/crm/v8/settings/global_picklists", variable), CURLE_OK);
    json_decref(client_get(&c, 200, "/crm/v8/settings/global_picklists"));
    client_refused(&c, 503, "GET", "/crm/v8/org", NULL, "INTERNAL_ERROR", NULL);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_down(&c);
}

static void names_bad_switches_faults_and_editions(void **state)
{
    (void)state;
    const struct sandbox_options bad[] = {{.refuse = "bluprint"}, {.fault = "POST /x"}, {.edition = "Enterprse"}};
    for (size_t i = 0; i < 3; i++) {
        struct sandbox *s = NULL;
        struct sandbox_options o = bad[i];
        struct err e = {0};
        o.clock = clock_system();
        assert_int_equal(sandbox_open(&s, &o, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_true(*e.fix != '\0');
    }
}

static void lists_its_own_routes_with_scope_and_price(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/__apis");
    json_t *m = pick(js_arr(a, "__apis"), "path", "/crm/v8/settings/modules");
    json_t *post = pick(js_arr(m, "operation_types"), "method", "POST");
    assert_string_equal(js_str(post, "oauth_scope"), "ZohoCRM.settings.modules.CREATE");
    assert_int_equal(js_int(post, "max_credits", 0), 500);
}

static void says_who_the_org_is(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/org");
    assert_string_equal(js_str(js_path(a, "org[0]"), "zgid"), js_str(c->info, "zgid"));
    assert_string_equal(js_str(js_path(a, "org[0].license_details"), "paid_type"), "enterprise");
    AUTO_JSON json_t *f = client_get(c, 200, "/crm/v8/__features/blueprint");
    assert_true(has(js_arr(f, "__features"), "api_name", "blueprint"));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(mints_a_token_whose_api_domain_is_its_own_url),
        T(answers_oauth_errors_with_http_200),
        T(refuses_the_eleventh_mint_in_ten_minutes),
        T(keeps_ten_tokens_alive_and_drops_the_oldest),
        T(refuses_expired_and_missing_tokens),
        T(revoking_the_refresh_token_ends_everything),
        cmocka_unit_test(names_a_missing_scope),
        T(answers_and_counts_unknown_paths),
        T(serves_older_versions_but_not_what_came_later),
        cmocka_unit_test(counts_credits_by_price_and_warns_after_half),
        cmocka_unit_test(a_fault_before_commit_leaves_nothing),
        cmocka_unit_test(a_fault_after_commit_swallows_the_answer_only),
        cmocka_unit_test(names_bad_switches_faults_and_editions),
        T(lists_its_own_routes_with_scope_and_price),
        T(says_who_the_org_is),
    };
    return cmocka_run_group_tests_name("sandbox/access", tests, NULL, NULL);
}
