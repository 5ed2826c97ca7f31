/* The pure parts: data centres, retry table, limits, error table, results. */
#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/golden.h"
#include "zoho/dc.h"
#include "zoho/error.h"
#include "zoho/limit.h"
#include "zoho/retry.h"

static void takes_the_api_host_of_its_own_data_centre_and_its_test_orgs(void **state)
{
    (void)state;
    static const char *const good[][2] = {
        {"https://www.zohoapis.eu", "https://www.zohoapis.eu"},
        {"https://www.zohoapis.eu/", "https://www.zohoapis.eu"},
        {"https://www.zohoapis.eu:443", "https://www.zohoapis.eu"},
        {"https://sandbox.zohoapis.eu", "https://sandbox.zohoapis.eu"},
        {"https://developer.zohoapis.eu", "https://developer.zohoapis.eu"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct err e = {0};
        AUTO_FREE char *base = dc_api_base(dc_find("eu"), good[i][0], &e);
        assert_string_equal(base ? base : e.what, good[i][1]);
    }
}

/* What a token answer must not be able to do: name another host, in whatever spelling. */
static const char *const hostile[] = {
    "https://www.zohoapis.com", /* another data centre */
    "http://www.zohoapis.eu",   /* no TLS */
    "https://www.zohoapis.eu.evil.example",
    "https://www.zohoapis.eu@evil.example",
    "https://user:pw@www.zohoapis.eu",
    "https://@www.zohoapis.eu",
    "https://evil.example/www.zohoapis.eu",
    "https://evil.example#www.zohoapis.eu",
    "https://evil.example?www.zohoapis.eu",
    "https://www.zohoapis.eu:8443",
    "https://www.zohoapis.eu\\@evil.example",
    "https://www.zohoapis.eu.",
    "https://WWW.ZOHOAPIS.EU.",
    "https://www.zohoapis.eu/crm",
    "https://www.zohoapis.eu?x=1",
    "https://zohoapis.eu",
    "https://evil-www.zohoapis.eu",
    "https://www.zohoapis.eu%00.evil.example",
    "https://www.zoh\xD0\xBE"
    "apis.eu", /* Cyrillic o */
    "https://xn--www.zohoapis-x.eu",
    " https://www.zohoapis.eu",
    "https://www.zohoapis.eu\r\nHost: evil.example",
    "ftp://www.zohoapis.eu",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "//www.zohoapis.eu",
    "www.zohoapis.eu",
    "127.0.0.1",
    "https://[::1]",
    "https://0x7f.1",
    "",
};

static void refuses_every_hostile_spelling_of_an_api_host(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct err e = {0};
        char *base = dc_api_base(dc_find("eu"), hostile[i], &e);
        if (base)
            fail_msg("'%s' was taken as '%s'", hostile[i], base);
        assert_int_equal(e.kind, ERR_CONFIG);
        assert_true(*e.fix);
    }
}

static void loopback_is_only_127_0_0_1_with_the_port_of_the_config(void **state)
{
    (void)state;
    struct err e = {0};
    AUTO_FREE char *ok = dc_loopback_base("http://127.0.0.1:8080", "http://127.0.0.1:8080", &e);
    assert_string_equal(ok, "http://127.0.0.1:8080");
    static const char *const bad[] = {"http://127.0.0.1:8081",
                                      "https://127.0.0.1:8080",
                                      "http://localhost:8080",
                                      "http://127.1:8080",
                                      "http://0x7f.1:8080",
                                      "http://127.0.0.1:8080@evil.example",
                                      "http://127.0.0.1.evil.example:8080",
                                      "http://127.0.0.1:8080/x",
                                      "http://[::1]:8080"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err b = {0};
        char *base = dc_loopback_base(bad[i], "http://127.0.0.1:8080", &b);
        if (base)
            fail_msg("'%s' was taken", bad[i]);
        assert_int_equal(b.kind, ERR_CONFIG);
    }
}

static void same_origin_compares_pieces_and_not_prefixes(void **state)
{
    (void)state;
    assert_true(dc_same_origin("https://www.zohoapis.eu", "https://www.zohoapis.eu/crm/v8/org?x=1"));
    assert_false(dc_same_origin("https://www.zohoapis.eu", "https://www.zohoapis.eu.evil.example/crm"));
    assert_false(dc_same_origin("https://www.zohoapis.eu", "https://www.zohoapis.eu@evil.example/crm"));
    assert_false(dc_same_origin("https://www.zohoapis.eu", "http://www.zohoapis.eu/crm"));
    assert_false(dc_same_origin("https://www.zohoapis.eu", "https://www.zohoapis.eu:8443/crm"));
}

static void every_data_centre_has_its_own_hosts(void **state)
{
    (void)state;
    for (size_t i = 0; i < dc_table_n; i++) {
        assert_ptr_equal(dc_find(dc_table[i].name), &dc_table[i]);
        assert_int_equal(strncmp(dc_table[i].api, "www.zohoapis.", 13), 0);
        assert_int_equal(strncmp(dc_table[i].accounts, "accounts.", 9), 0);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(dc_table[i].api, dc_table[k].api);
            assert_string_not_equal(dc_table[i].accounts, dc_table[k].accounts);
        }
    }
    assert_null(dc_find("xx"));
    assert_null(dc_find(NULL));
}

static void the_retry_table_reads_as_written(void **state)
{
    (void)state;
    static const char *const cls[] = {"safe", "idempotent", "create"};
    AUTO_SB struct sb b = SB_INIT(8192);
    sb_add(&b, "outcome     class        verdict   at the last try\n");
    for (int o = 0; o < RETRY__MAX; o++)
        for (int c = 0; c < 3; c++)
            sb_addf(&b, "%-11s %-12s %-9s %s\n", retry_outcome_name((enum retry_outcome)o), cls[c],
                    retry_verdict_name(retry_decide((enum zoho_retry)c, (enum retry_outcome)o)),
                    retry_verdict_name(retry_last((enum zoho_retry)c, (enum retry_outcome)o)));
    golden_check("retry.txt", b.buf);
}

static void a_create_that_may_have_happened_is_never_sent_again(void **state)
{
    (void)state;
    static const enum retry_outcome maybe[] = {RETRY_NO_ANSWER, RETRY_SERVER, RETRY_GARBLED};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(retry_decide(ZOHO_CREATE, maybe[i]), VERDICT_UNKNOWN);
        assert_int_equal(retry_last(ZOHO_IDEMPOTENT, maybe[i]), VERDICT_UNKNOWN);
    }
}

static void delays_are_fully_jittered_and_capped(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int attempt = 0; attempt < 12; attempt++) {
        int64_t below = attempt < 6 ? 500LL << attempt : 30000;
        int64_t least = INT64_MAX;
        int64_t most = 0;
        for (int i = 0; i < 2000; i++) {
            int64_t ms = retry_delay_ms(attempt, retry_random(&seed), 0);
            least = ms < least ? ms : least;
            most = ms > most ? ms : most;
        }
        assert_true(least >= 0 && least < below / 50 && most <= below && most > below - below / 50);
    }
    assert_int_equal(retry_delay_ms(0, 3, 7), 7000);
    assert_int_equal(retry_delay_ms(0, 3, 86400), 30000);
}

static void the_retry_budget_is_ten_and_a_tenth_of_the_requests(void **state)
{
    (void)state;
    struct retry_budget b;
    retry_budget_init(&b);
    for (int i = 0; i < 10; i++)
        assert_true(retry_budget_take(&b));
    assert_false(retry_budget_take(&b));
    for (int i = 0; i < 10; i++)
        retry_budget_request(&b);
    assert_true(retry_budget_take(&b));
    assert_false(retry_budget_take(&b));
}

static struct zoho_request get(const char *path)
{
    return (struct zoho_request){.method = "GET", .path = path};
}

static void a_write_runs_alone_and_reads_run_four_at_a_time(void **state)
{
    (void)state;
    struct limit l;
    limit_init(&l, 0);
    struct zoho_request r = get("/crm/v8/org");
    struct zoho_request w = {.method = "POST", .path = "/crm/v8/settings/fields"};
    for (int i = 0; i < 4; i++)
        assert_true(limit_start(&l, &r));
    assert_false(limit_start(&l, &r));
    assert_false(limit_start(&l, &w));
    for (int i = 0; i < 4; i++)
        limit_end(&l, &r);
    assert_true(limit_start(&l, &w));
    assert_false(limit_start(&l, &r));
    limit_end(&l, &w);
    assert_true(limit_start(&l, &r));
}

static void heavy_requests_stop_at_ten(void **state)
{
    (void)state;
    struct limit l;
    limit_init(&l, 20);
    struct zoho_request coql = {.method = "POST", .path = "/crm/v8/coql"};
    struct zoho_request light = get("/crm/v8/org");
    for (int i = 0; i < 10; i++)
        assert_true(limit_start(&l, &coql));
    assert_false(limit_start(&l, &coql));
    assert_true(limit_start(&l, &light));
}

static void prices_are_those_of_the_limits_page(void **state)
{
    (void)state;
    struct zoho_request module = {.method = "POST", .path = "/crm/v8/settings/modules"};
    struct zoho_request org = get("/crm/v8/org");
    assert_int_equal(limit_price(&module), 500);
    assert_int_equal(limit_price(&org), 1);
    AUTO_JSON json_t *rows = json_object();
    json_t *data = json_array();
    for (int i = 0; i < 21; i++)
        json_array_append_new(data, json_object());
    js_set(rows, "data", data);
    struct zoho_request put = {.method = "PUT", .path = "/crm/v8/Quotes", .kind = ZOHO_JSON, .json = rows};
    assert_int_equal(limit_price(&put), 3);
    assert_int_equal(limit_price_rows(200), 1);
    assert_int_equal(limit_price_rows(201), 2);
    assert_int_equal(limit_price_rows(1001), 3);
}

static void what_cannot_be_afforded_is_not_sent(void **state)
{
    (void)state;
    struct limit l;
    limit_init(&l, 0);
    struct zoho_request module = {.method = "POST", .path = "/crm/v8/settings/modules"};
    struct err e = {0};
    assert_int_equal(limit_afford(&l, &module, &e), 0);
    limit_seen(&l, 499);
    limit_seen(&l, -1);
    assert_int_equal(limit_afford(&l, &module, &e), -1);
    assert_int_equal(e.kind, ERR_RATE);
    assert_true(*e.fix);
}

static void the_error_table_reads_as_written(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(32 << 10);
    for (size_t i = 0; i < zoho_codes_n; i++) {
        const struct zoho_code *c = &zoho_codes[i];
        sb_addf(&b, "%-36s %-18s exit %-3d %s%s\n    %s\n", c->code, err_kind_name(c->kind), err_exit_code(c->kind),
                c->retryable ? "retryable " : "", c->refused ? "by hand" : "", c->fix);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(c->code, zoho_codes[k].code);
    }
    golden_check("errors.txt", b.buf);
}

/* One real-shaped answer an envelope: what a person reads is held in a golden file. */
static const struct {
    long http;
    const char *answer;
} envelopes[] = {
    {400, "{\"code\":\"INVALID_MODULE\",\"details\":{\"resource_path_index\":1},\"message\":\"the module name given "
          "seems to be invalid\","
          "\"status\":\"error\"}"},
    {400, "{\"fields\":[{\"code\":\"DUPLICATE_DATA\",\"details\":{\"api_name\":\"field_label\",\"json_path\":\"$."
          "fields[0].field_label\"},"
          "\"message\":\"duplicate data\",\"status\":\"error\"}]}"},
    {401, "{\"code\":\"OAUTH_SCOPE_MISMATCH\",\"details\":{},\"message\":\"invalid oauth scope to access this "
          "URL\",\"status\":\"error\"}"},
    {403, "{\"code\":\"NO_PERMISSION\",\"details\":{\"permissions\":[\"Crm_Implied_Customize_Zoho_CRM\"]},\"message\":"
          "\"permission "
          "denied\",\"status\":\"error\"}"},
    {400, "{\"code\":\"API_NOT_SUPPORTED\",\"details\":{\"supported_version\":8},\"message\":\"The API is supported "
          "from V8\",\"status\":"
          "\"error\"}"},
    {400, "{\"custom_views\":[{\"code\":\"DEPENDENT_MISMATCH\",\"details\":{\"supported_values\":[\"equal\",\"not_"
          "equal\"],\"json_path\":"
          "\"$.custom_views[0].criteria.comparator\"},\"message\":\"comparator\",\"status\":\"error\"}]}"},
    {429, "{\"code\":\"TOO_MANY_REQUESTS\",\"details\":{},\"message\":\"slow\",\"status\":\"error\"}"},
    {500, "{\"code\":\"INTERNAL_ERROR\",\"details\":{},\"message\":\"Internal Server Error\",\"status\":\"error\"}"},
    {400, "{\"code\":\"SOMETHING_NEW\",\"details\":{},\"message\":\"a code no table has\",\"status\":\"error\"}"},
    {400, "{\"code\":\"INVALID_DATA\",\"details\":{},\"message\":\"\\u001b]52;c;aGk=\\u0007 "
          "1000.cccccccccccccccccccccccccccccccc.dddddddddddddddddddddddddddddddd\",\"status\":\"error\"}"},
    {502, "null"},
};

static void every_envelope_becomes_one_readable_error(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(32 << 10);
    for (size_t i = 0; i < sizeof envelopes / sizeof *envelopes; i++) {
        AUTO_JSON json_t *j = json_loads(envelopes[i].answer, JSON_DECODE_ANY, NULL);
        assert_non_null(j);
        int index;
        struct err e = {0};
        zoho_error_fill(&e, zoho_error_object(j, &index), envelopes[i].http, "POST", "/crm/v8/settings/fields",
                        "ZohoCRM.settings.fields.CREATE");
        sb_addf(&b, "%ld %s%s\n  %s\n  where: %s\n  fix:   %s\n", e.http, err_kind_name(e.kind),
                zoho_refused(&e) ? " by hand" : "", e.what, e.where, e.fix);
        assert_null(strstr(e.what, "cccccccc"));
    }
    golden_check("envelopes.txt", b.buf);
}

static void results_are_told_apart_element_by_element(void **state)
{
    (void)state;
    struct err e = {0};
    json_t *j = json_loads("{\"data\":[{\"code\":\"SUCCESS\",\"status\":\"success\",\"message\":\"record "
                           "updated\",\"details\":{\"id\":\"900\"}},"
                           "{\"code\":\"MANDATORY_NOT_FOUND\",\"status\":\"error\",\"message\":\"required\","
                           "\"details\":{\"api_name\":\"X\"}},"
                           "{\"code\":\"SUCCESS\",\"status\":\"success\",\"message\":\"\",\"details\":{\"id\":901}}]}",
                           0, NULL);
    struct zoho_reply r = {.http = 200, .json = j};
    AUTO_JSON json_t *out = NULL;
    assert_int_equal(zoho_results(&r, "data", "PUT /crm/v8/Quotes", &out, &e), 0);
    AUTO_FREE char *text = js_pretty(out, &e);
    golden_check("results.txt", text);
    json_decref(j);
}

static void a_missing_key_is_an_error_and_only_204_is_empty(void **state)
{
    (void)state;
    struct err e = {0};
    json_t *j = json_loads("{\"other\":[]}", 0, NULL);
    struct zoho_reply r = {.http = 200, .json = j};
    json_t *out = NULL;
    assert_int_equal(zoho_results(&r, "fields", "POST /crm/v8/settings/fields", &out, &e), -1);
    assert_int_equal(e.kind, ERR_REMOTE);
    assert_string_equal(e.where, "POST /crm/v8/settings/fields");
    json_decref(j);
    struct zoho_reply none = {.http = 204};
    err_clear(&e);
    assert_int_equal(zoho_results(&none, "fields", "GET /x", &out, &e), 0);
    assert_int_equal(json_array_size(out), 0);
    json_decref(out);
}

static void a_whole_request_error_under_http_200_is_an_error(void **state)
{
    (void)state;
    struct err e = {0};
    json_t *j =
        json_loads("{\"code\":\"INVALID_DATA\",\"details\":{},\"message\":\"no\",\"status\":\"error\"}", 0, NULL);
    struct zoho_reply r = {.http = 200, .json = j};
    json_t *out = NULL;
    assert_int_equal(zoho_results(&r, "data", "PUT /crm/v8/Quotes", &out, &e), -1);
    assert_string_equal(e.code, "INVALID_DATA");
    assert_string_equal(e.where, "PUT /crm/v8/Quotes");
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_the_api_host_of_its_own_data_centre_and_its_test_orgs),
        cmocka_unit_test(refuses_every_hostile_spelling_of_an_api_host),
        cmocka_unit_test(loopback_is_only_127_0_0_1_with_the_port_of_the_config),
        cmocka_unit_test(same_origin_compares_pieces_and_not_prefixes),
        cmocka_unit_test(every_data_centre_has_its_own_hosts),
        cmocka_unit_test(the_retry_table_reads_as_written),
        cmocka_unit_test(a_create_that_may_have_happened_is_never_sent_again),
        cmocka_unit_test(delays_are_fully_jittered_and_capped),
        cmocka_unit_test(the_retry_budget_is_ten_and_a_tenth_of_the_requests),
        cmocka_unit_test(a_write_runs_alone_and_reads_run_four_at_a_time),
        cmocka_unit_test(heavy_requests_stop_at_ten),
        cmocka_unit_test(prices_are_those_of_the_limits_page),
        cmocka_unit_test(what_cannot_be_afforded_is_not_sent),
        cmocka_unit_test(the_error_table_reads_as_written),
        cmocka_unit_test(every_envelope_becomes_one_readable_error),
        cmocka_unit_test(results_are_told_apart_element_by_element),
        cmocka_unit_test(a_missing_key_is_an_error_and_only_204_is_empty),
        cmocka_unit_test(a_whole_request_error_under_http_200_is_an_error),
    };
    return cmocka_run_group_tests_name("zoho/rules", tests, NULL, NULL);
}
