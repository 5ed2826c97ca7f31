/* Finding records: search, listing by custom view, counting. Sources: zoho-api.md 2.1, 2.2; OAS26a module_search, record_count. */
#include <string.h>

#include "base/sb.h"
#include "tests/sandbox/client.h"

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    static const char *const rows[] = {
        "{\"Last_Name\":\"Burns, B\",\"Company\":\"Acme (North)\",\"Email\":\"b@example.org\",\"Phone\":\"+49 "
        "(0)1-23\"}",
        "{\"Last_Name\":\"Moss\",\"Company\":\"Acme\",\"Email\":\"m@example.org\"}",
        "{\"Last_Name\":\"Stone\",\"Company\":\"Beta\",\"Lead_Source\":\"Chat\"}",
    };
    for (size_t i = 0; i < 3; i++) {
        AUTO_FREE char *body = mem_printf("{\"data\":[%s],\"trigger\":[]}", rows[i]);
        free(client_made(c, 201, "POST", "/crm/v8/Leads", body));
    }
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

/* Names found, joined by "|". */
static char *found(struct client *c, const char *what)
{
    AUTO_JSON json_t *a = client_get(c, 0, "/crm/v8/Leads/search?sort_order=asc&%s", what);
    char *out = mem_dup("");
    size_t i;
    json_t *r;
    json_array_foreach (js_arr(a, "data"), i, r) {
        char *more = mem_printf("%s%s%s", out, *out ? "|" : "", js_str(r, "Last_Name"));
        free(out);
        out = more;
    }
    return out;
}

static void search_takes_criteria_nested_and_escaped(void **state)
{
    static const struct {
        const char *criteria, *names;
    } rows[] = {
        {"(Last_Name:equals:moss)", "Moss"},
        {"(Last_Name:equals:Burns%5C%2C%20B)", "Burns, B"},
        {"(Company:equals:Acme%20%5C(North%5C))", "Burns, B"},
        {"((Company:starts_with:Acme)and(Last_Name:not_equal:Moss))", "Burns, B"},
        {"((Last_Name:equals:Stone)or((Company:equals:Acme)and(Email:equals:m@example.org)))", "Moss|Stone"},
        {"(Last_Name:in:Moss,Stone,Nobody)", "Moss|Stone"},
        {"(Lead_Source:equals:Chat)", "Stone"},
        {"(Owner:equals:Org%20Administrator)", "Burns, B|Moss|Stone"},
        {"(Created_Time:greater_than:2030-01-01T00:00:00Z)", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *what = mem_printf("criteria=%s", rows[i].criteria);
        AUTO_FREE char *names = found(*state, what);
        assert_string_equal(names, rows[i].names);
    }
}

static void search_by_word_email_and_phone(void **state)
{
    AUTO_FREE char *word = found(*state, "word=ACME"), *email = found(*state, "email=M@example.org"),
                   *phone = found(*state, "phone=490123"), *first = found(*state, "word=Beta&email=b@example.org");
    assert_string_equal(word, "Burns, B|Moss");
    assert_string_equal(email, "Moss");
    assert_string_equal(phone, "Burns, B");
    assert_string_equal(first, "Burns, B"); /* the address goes before the word */
}

static void search_names_what_is_wrong(void **state)
{
    static const struct {
        const char *query, *code;
    } rows[] = {
        {"", "EXPECTED_PARAM_MISSING"},
        {"criteria=Last_Name:equals:Moss", "INVALID_QUERY"},
        {"criteria=(Last_Name:equals:Moss", "INVALID_QUERY"},
        {"criteria=(Nothing:equals:Moss)", "INVALID_QUERY"},
        {"criteria=(Last_Name:like:Moss)", "INVALID_QUERY"},
        {"criteria=(Last_Name:between:A,B)", "INVALID_QUERY"},
        {"criteria=(Created_Time:greater_than:soon)", "INVALID_QUERY"},
        {"criteria=(Created_Time:between:2026-01-01T00:00:00Z)", "INVALID_QUERY"},
        {"word=x&page=11&per_page=200", "DISCRETE_PAGINATION_LIMIT_EXCEEDED"},
        {"word=x&per_page=201", "INVALID_DATA"},
        {"word=x&sort_by=Company", "INVALID_DATA"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *path = mem_printf("/crm/v8/Leads/search?%s", rows[i].query);
        client_refused(*state, 400, "GET", path, NULL, rows[i].code, NULL);
    }
    client_refused(*state, 400, "GET", "/crm/v8/Nowhere/search?word=x", NULL, "INVALID_MODULE", NULL);
}

static void sixteen_criteria_are_too_many(void **state)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    sb_add(&b, "/crm/v8/Leads/search?criteria=(");
    for (int i = 0; i < 16; i++) {
        sb_addf(&b, "%s(Last_Name:equals:x)", i ? "or" : "");
    }
    sb_add(&b, ")");
    const char *path = b.buf;
    client_refused(*state, 400, "GET", path, NULL, "INVALID_QUERY", NULL);
}

static void search_needs_both_scopes(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.refuse = "scope:ZohoSearch"};
    client_up(&c, &o);
    client_refused(&c, 401, "GET", "/crm/v8/Leads/search?word=x", NULL, "OAUTH_SCOPE_MISMATCH", NULL);
    client_refused(&c, 401, "GET", "/crm/v8/Leads/actions/count", NULL, "OAUTH_SCOPE_MISMATCH", NULL);
    client_down(&c);
}

static void a_custom_view_lists_by_its_criteria_and_order_for_three_credits(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = client_made(
        c, 201, "POST", "/crm/v8/settings/custom_views?module=Leads",
        "{\"custom_views\":[{\"name\":\"Acme\",\"fields\":[{\"api_name\":\"Last_Name\"}],\"sort_by\":{\"api_name\":"
        "\"Last_Name\"},\"sort_order\":\"desc\",\"criteria\":{\"comparator\":\"starts_with\",\"field\":{\"api_name\":"
        "\"Company\"},\"value\":\"Acme\"}}]}");
    AUTO_JSON json_t *before = sandbox_status(c->s);
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Leads?fields=Last_Name&cvid=%s", id);
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_int_equal(json_array_size(js_arr(a, "data")), 2);
    assert_string_equal(js_str(js_path(a, "data[0]"), "Last_Name"), "Moss");
    assert_int_equal(js_int(after, "credits", 0) - js_int(before, "credits", 0), 3);
    AUTO_JSON json_t *n = client_get(c, 200, "/crm/v8/Leads/actions/count?cvid=%s", id);
    assert_int_equal(js_int(n, "count", 0), 2);
    AUTO_FREE char *both = mem_printf("/crm/v8/Leads?fields=Last_Name&cvid=%s&sort_by=id", id);
    client_refused(c, 400, "GET", both, NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "GET", "/crm/v8/Leads?fields=Last_Name&cvid=1", NULL, "INVALID_DATA", NULL);
}

static void counting_takes_the_same_questions(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *all = client_get(c, 200, "/crm/v8/Leads/actions/count");
    AUTO_JSON json_t *acme = client_get(c, 200, "/crm/v8/Leads/actions/count?criteria=(Company:equals:Acme)");
    assert_int_equal(js_int(all, "count", 0), 3);
    assert_int_equal(js_int(acme, "count", 0), 1);
    client_refused(c, 400, "GET", "/crm/v8/Products/actions/count?email=a@example.org", NULL, "FIELD_TYPE_UNAVAILABLE",
                   NULL);
    client_refused(c, 400, "GET", "/crm/v8/Leads/actions/count?criteria=(x", NULL, "INVALID_QUERY", NULL);
}

static void a_listing_since_a_time_answers_304_when_nothing_changed(void **state)
{
    struct client *c = *state;
    c->extra = curl_slist_append(NULL, "If-Modified-Since: 2026-01-01T00:00:00Z");
    AUTO_JSON json_t *some = client_get(c, 200, "/crm/v8/Leads?fields=Last_Name");
    assert_int_equal(json_array_size(js_arr(some, "data")), 3);
    curl_slist_free_all(c->extra);
    c->extra = curl_slist_append(NULL, "If-Modified-Since: 2030-01-01T00:00:00Z");
    json_decref(client_get(c, 304, "/crm/v8/Leads?fields=Last_Name"));
    curl_slist_free_all(c->extra);
    c->extra = curl_slist_append(NULL, "If-Modified-Since: yesterday");
    client_refused(c, 400, "GET", "/crm/v8/Leads?fields=Last_Name", NULL, "INVALID_DATA", NULL);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(search_takes_criteria_nested_and_escaped),
        T(search_by_word_email_and_phone),
        T(search_names_what_is_wrong),
        T(sixteen_criteria_are_too_many),
        cmocka_unit_test(search_needs_both_scopes),
        T(a_custom_view_lists_by_its_criteria_and_order_for_three_credits),
        T(counting_takes_the_same_questions),
        T(a_listing_since_a_time_answers_304_when_nothing_changed),
    };
    return cmocka_run_group_tests_name("sandbox/search", tests, NULL, NULL);
}
