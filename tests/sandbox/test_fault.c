/* Faults by rule and by chance. Sources: sandbox/fault.h. */
#include <string.h>

#include "sandbox/fault.h"
#include "tests/sandbox/client.h"

static const char picklist[] = "{\"global_picklists\":[{\"display_label\":\"Zones\",\"description\":\"where\",\"pick_"
                               "list_values\":[{\"display_value\":\"A\"}]}]}";
#define LIST "/crm/v8/settings/global_picklists"

static void with(struct client *c, const char *fault)
{
    struct sandbox_options o = {.fault = fault};
    *c = (struct client){0};
    client_up(c, &o);
}

static void cuts_mislabels_and_doubles_answers(void **state)
{
    (void)state;
    struct client c;
    with(&c, "GET /org cut; GET /org nth=2 mislabel; GET /org nth=3 twice");
    assert_int_equal(client_try(&c, "GET", "/crm/v8/org", NULL), CURLE_PARTIAL_FILE);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    assert_non_null(strstr(c.headers, "text/html"));
    assert_int_equal(client_try(&c, "GET", "/crm/v8/org", NULL), CURLE_OK);
    size_t half = strlen(c.text) / 2;
    assert_memory_equal(c.text, c.text + half, half);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_down(&c);
}

static void answers_any_status_with_and_without_retry_after(void **state)
{
    (void)state;
    struct client c;
    with(&c, "GET /org nth=1 status=429; GET /org nth=2 status=429 retry-after=7; GET /org nth=3 status=502");
    client_refused(&c, 429, "GET", "/crm/v8/org", NULL, "TOO_MANY_REQUESTS", NULL);
    assert_null(strstr(c.headers, "Retry-After"));
    client_refused(&c, 429, "GET", "/crm/v8/org", NULL, "TOO_MANY_REQUESTS", NULL);
    assert_non_null(strstr(c.headers, "Retry-After: 7"));
    client_refused(&c, 502, "GET", "/crm/v8/org", NULL, "INTERNAL_ERROR", NULL);
    client_down(&c);
}

static void strikes_every_third_call(void **state)
{
    (void)state;
    struct client c;
    with(&c, "GET /org every=3 status=503");
    for (int i = 1; i <= 6; i++) {
        json_decref(client_get(&c, i % 3 ? 200 : 503, "/crm/v8/org"));
    }
    client_down(&c);
}

static void says_success_and_keeps_nothing(void **state)
{
    (void)state;
    struct client c;
    with(&c, "POST /global_picklists lie");
    free(client_made(&c, 201, "POST", LIST, picklist));
    json_decref(client_get(&c, 204, LIST));
    free(client_made(&c, 201, "POST", LIST, picklist));
    json_decref(client_get(&c, 200, LIST));
    client_down(&c);
}

static void drops_a_key_without_a_word(void **state)
{
    (void)state;
    struct client c;
    with(&c, "POST /global_picklists forget=description");
    free(client_made(&c, 201, "POST", LIST, picklist));
    AUTO_JSON json_t *a = client_get(&c, 200, LIST);
    assert_null(js_str(js_path(a, "global_picklists[0]"), "description"));
    client_down(&c);
}

static void shows_what_was_made_only_after_some_reads(void **state)
{
    (void)state;
    struct client c;
    with(&c, "POST /global_picklists late=2");
    free(client_made(&c, 201, "POST", LIST, picklist));
    json_decref(client_get(&c, 204, LIST));
    json_decref(client_get(&c, 204, LIST));
    json_decref(client_get(&c, 200, LIST));
    client_down(&c);
}

static void kills_the_access_token_or_all_of_the_grant(void **state)
{
    (void)state;
    struct client c;
    with(&c, "GET /org nth=1 expire; GET /org nth=3 revoke");
    client_refused(&c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
    client_refused(&c, 401, "GET", "/crm/v8/settings/modules", NULL, "INVALID_TOKEN", NULL);
    client_mint(&c);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    client_refused(&c, 401, "GET", "/crm/v8/org", NULL, "INVALID_TOKEN", NULL);
    AUTO_FREE char *form =
        mem_printf("grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
                   js_str(c.info, "client_id"), js_str(c.info, "client_secret"), js_str(c.info, "refresh_token"));
    AUTO_JSON json_t *a = client_send(&c, 200, "POST", "/oauth/v2/token", "application/x-www-form-urlencoded", form);
    assert_string_equal(js_str(a, "error"), "invalid_code");
    client_down(&c);
}

static void sets_the_date_of_an_answer_off(void **state)
{
    (void)state;
    struct client c;
    with(&c, "GET /org skew=86400");
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    assert_non_null(strstr(c.headers, "Date: Tue, 03 Feb 2026")); /* the test's clock stands at 2026-02-02 */
    client_down(&c);
}

static void names_the_place_of_a_bad_rule(void **state)
{
    (void)state;
    static const struct {
        const char *rule, *where;
    } bad[] = {{"POST /x", "column 1 "},
               {"POST /x nth=2 dorp", "column 15 "},
               {"GET /a drop; POST /x status=99", "column 22 "},
               {"POST x drop", "column 6 "},
               {"post /x drop", "column 1 "},
               {"POST /x drop cut", "column 14 "},
               {"POST /x forget=", "column 9 "}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct faults f = {0};
        struct err e = {0};
        assert_int_equal(faults_parse(&f, bad[i].rule, &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_memory_equal(e.where, bad[i].where, strlen(bad[i].where));
    }
    static const char *const chaos[] = {"x", "7:", "7:0", "7:91", "-1", "7:10x"};
    for (size_t i = 0; i < sizeof chaos / sizeof *chaos; i++) {
        struct chaos c = {0};
        struct err e = {0};
        assert_int_equal(chaos_parse(&c, chaos[i], &e), -1);
        assert_int_equal(e.kind, ERR_USAGE);
        assert_non_null(strstr(e.where, "column "));
    }
}

/* What 200 calls of one seed suffer, as a text. Caller frees. */
static char *suffered(const char *seed, int first)
{
    struct faults f = {0};
    char *out = mem_dup("");
    assert_int_equal(chaos_parse(&f.chaos, seed, NULL), 0);
    for (int i = 0; i < 200; i++) {
        AUTO_FREE char *path = mem_printf("/p%d", (i + first) % 20);
        const struct fault *hit = faults_hit(&f, i % 2 ? "POST" : "GET", path, NULL);
        AUTO_FREE char *old = out;
        out = mem_printf("%s%c", old, hit ? 'a' + (int)hit->action : '.');
    }
    faults_release(&f);
    return out;
}

static void chance_is_the_same_for_the_same_seed(void **state)
{
    (void)state;
    AUTO_FREE char *a = suffered("7:30", 0);
    AUTO_FREE char *b = suffered("7:30", 0);
    AUTO_FREE char *c = suffered("8:30", 0);
    assert_string_equal(a, b);
    assert_string_not_equal(a, c);
}

static void chance_never_strikes_one_call_three_times_in_a_row(void **state)
{
    (void)state;
    struct chaos c;
    int row = 0, strikes = 0;
    assert_int_equal(chaos_parse(&c, "3:90", NULL), 0);
    for (int i = 0; i < 1000; i++) {
        row = chaos_hit(&c, "POST", "/x", NULL) ? row + 1 : 0;
        strikes += row > 0;
        assert_in_range(row, 0, 2);
    }
    assert_in_range(strikes, 500, 670);
    json_decref(c.calls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cuts_mislabels_and_doubles_answers),
        cmocka_unit_test(answers_any_status_with_and_without_retry_after),
        cmocka_unit_test(strikes_every_third_call),
        cmocka_unit_test(says_success_and_keeps_nothing),
        cmocka_unit_test(drops_a_key_without_a_word),
        cmocka_unit_test(shows_what_was_made_only_after_some_reads),
        cmocka_unit_test(kills_the_access_token_or_all_of_the_grant),
        cmocka_unit_test(sets_the_date_of_an_answer_off),
        cmocka_unit_test(names_the_place_of_a_bad_rule),
        cmocka_unit_test(chance_is_the_same_for_the_same_seed),
        cmocka_unit_test(chance_never_strikes_one_call_three_times_in_a_row),
    };
    return cmocka_run_group_tests_name("sandbox/fault", tests, NULL, NULL);
}
