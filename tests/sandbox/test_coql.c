/* COQL beyond plain rows: sums, groups, joins, names, scopes, limits, each error. Sources: zoho-api.md 2.3; OAS26a coql;
 * zoho.com/crm/developer/docs/api/v8/COQL-Limitations. */
#include <string.h>

#include "base/sb.h"
#include "tests/sandbox/client.h"

static json_t *ask(struct client *c, long status, const char *query, const char *more)
{
    AUTO_FREE char *body = mem_printf("{\"select_query\":\"%s\"%s}", query, more);
    return client_call(c, status, "POST", "/crm/v8/coql", body);
}

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    AUTO_FREE char *acme = client_made(c, 201, "POST", "/crm/v8/Accounts",
                                       "{\"data\":[{\"Account_Name\":\"Acme\",\"Industry\":\"Energy\"}]}");
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Last_Name\":\"A\",\"Account_Name\":{\"id\":\"%s\"}},{\"Last_Name\":\"B\","
                   "\"Account_Name\":{\"id\":\"%s\"}},{\"Last_Name\":\"C\"}]}",
                   acme, acme);
    free(client_made(c, 201, "POST", "/crm/v8/Contacts", body));
    free(client_made(
        c, 201, "POST", "/crm/v8/Products",
        "{\"data\":[{\"Product_Name\":\"P\",\"Unit_Price\":2,\"Product_Active\":true},{\"Product_Name\":\"Q\","
        "\"Unit_Price\":4,\"Product_Active\":true},{\"Product_Name\":\"R\",\"Unit_Price\":6,\"Product_Active\":"
        "false}]}"));
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

static void sums_and_groups_keep_their_types(void **state)
{
    AUTO_JSON json_t *a =
        ask(*state, 200,
            "select Product_Active, sum(Unit_Price) as total, max(Created_Time) as last from Products where "
            "id > 0 group by Product_Active order by Product_Active desc",
            "");
    const json_t *yes = js_path(a, "data[0]");
    assert_true(json_is_true(json_object_get(yes, "Product_Active")));
    assert_true(json_number_value(json_object_get(yes, "total")) == 6);
    assert_non_null(strchr(js_str(yes, "last"), 'T'));
    AUTO_JSON json_t *by =
        ask(*state, 200,
            "select Account_Name, count(id) as n from Contacts where Account_Name is not null group by "
            "Account_Name",
            "");
    assert_non_null(js_str(js_obj(js_path(by, "data[0]"), "Account_Name"), "id"));
    assert_int_equal(js_int(js_path(by, "data[0]"), "n", 0), 2);
}

static void a_lookup_is_followed_in_columns_criteria_and_order(void **state)
{
    AUTO_JSON json_t *a =
        ask(*state, 200,
            "select Last_Name, Account_Name.Industry from Contacts where Account_Name.Account_Name = 'Acme' "
            "order by Account_Name.Account_Name, Last_Name desc",
            "");
    assert_string_equal(js_str(js_path(a, "data[0]"), "Last_Name"), "B");
    assert_string_equal(js_str(js_path(a, "data[0]"), "Account_Name.Industry"), "Energy");
}

static void include_meta_tells_of_the_columns(void **state)
{
    AUTO_JSON json_t *a =
        ask(*state, 200, "select Unit_Price as price from Products where id > 0", ",\"include_meta\":[\"fields\"]");
    assert_string_equal(js_str(js_obj(js_obj(a, "fields"), "price"), "data_type"), "currency");
    AUTO_JSON json_t *none = ask(*state, 400, "select id from Products where id > 0", ",\"include_meta\":[\"all\"]");
    assert_string_equal(js_str(none, "code"), "INVALID_DATA");
}

static void each_coql_error_has_its_code(void **state)
{
    static const struct {
        const char *query, *code;
    } rows[] = {
        {"select Nothing from Products where id > 0", "INVALID_QUERY"},
        {"select id from Nowhere where id > 0", "INVALID_QUERY"},
        {"select id from Products where Nothing = 1", "INVALID_QUERY"},
        {"select id from Products where id > 0 order by Nothing", "INVALID_QUERY"},
        {"select count(id) from Products where id > 0 group by Nothing", "INVALID_QUERY"},
        {"select id from Products where Description = 'x'", "INVALID_QUERY"},
        {"select id from Products where Unit_Price like '1%'", "INVALID_QUERY"},
        {"select sum(Product_Name) from Products where id > 0", "INVALID_QUERY"},
        {"select Product_Name, count(id) from Products where id > 0", "INVALID_QUERY"},
        {"select Product_Name, count(id) from Products where id > 0 group by Unit_Price", "INVALID_QUERY"},
        {"select id from Products where id > 0 order by id, id", "DUPLICATE_DATA"},
        {"select count(id) from Products where id > 0 group by Unit_Price, Unit_Price", "DUPLICATE_DATA"},
        {"select count(id), count(id) from Products where id > 0", "DUPLICATE_DATA"},
        {"select Product_Name as a, Unit_Price as a from Products where id > 0", "DUPLICATE_ALIAS"},
        {"select Product_Name as a.b from Products where id > 0", "INVALID_ALIAS"},
        {"update Products set x = 1", "SYNTAX_ERROR"},
        {"select id from Products where id > 0 and id > 1 and id > 2", "SYNTAX_ERROR"},
        {"select id from Products where id >", "SYNTAX_ERROR"},
        {"select id from Products where id > 0 limit 2001", "LIMIT_EXCEEDED"},
        {"select id from Products where id > 0 limit 100000, 1", "LIMIT_EXCEEDED"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_JSON json_t *a = ask(*state, 400, rows[i].query, "");
        if (strcmp(js_str_or(a, "code", ""), rows[i].code) != 0) {
            fail_msg("%s: %s where %s was expected", rows[i].query, js_str_or(a, "code", ""), rows[i].code);
        }
    }
    client_refused(*state, 400, "POST", "/crm/v8/coql", "{}", "MANDATORY_NOT_FOUND", "$.select_query");
}

/* "select id, id …" with n times `one`. */
/* "What_Id support" of v8/Get-Records-through-COQL-Query: the record a task belongs to may be of any module. */
static void what_a_task_belongs_to_is_followed_by_its_module(void **state)
{
    AUTO_FREE char *deal =
        client_made(*state, 201, "POST", "/crm/v8/Deals",
                    "{\"data\":[{\"Deal_Name\":\"Roof\",\"Stage\":\"Closed Won\",\"Closing_Date\":\"2026-12-01\"}]}");
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Subject\":\"of the deal\",\"What_Id\":{\"id\":\"%s\"},"
                                      "\"$se_module\":\"Deals\"},{\"Subject\":\"of nothing\"}]}",
                                      deal);
    free(client_made(*state, 201, "POST", "/crm/v8/Tasks", body));
    AUTO_JSON json_t *won = ask(*state, 200,
                                "select Subject, 'What_Id->Deals.Closing_Date' from Tasks where "
                                "'What_Id->Deals.Stage' = 'Closed Won'",
                                "");
    assert_int_equal(json_array_size(js_arr(won, "data")), 1);
    assert_string_equal(js_str(js_path(won, "data[0]"), "What_Id->Deals.Closing_Date"), "2026-12-01");
    AUTO_JSON json_t *lead =
        ask(*state, 200, "select 'What_Id->Leads.Last_Name' from Tasks where Subject = 'of the deal'", "");
    assert_true(json_is_null(json_object_get(js_path(lead, "data[0]"), "What_Id->Leads.Last_Name")));
    static const char *const wrong[] = {"select 'What_Id->Deals.Nowhere' from Tasks where id > 0",
                                        "select 'What_Id->Deals' from Tasks where id > 0",
                                        "select 'Account_Name->Accounts.Industry' from Contacts where id > 0"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO_JSON json_t *a = ask(*state, 400, wrong[i], "");
        assert_string_equal(js_str(a, "code"), "INVALID_QUERY");
    }
}

static json_t *many(struct client *c, const char *head, const char *one, const char *join, int n, const char *tail)
{
    AUTO_SB struct sb b = SB_INIT(16384);
    sb_add(&b, head);
    for (int i = 0; i < n; i++) {
        sb_addf(&b, "%s%s", i ? join : "", one);
    }
    sb_add(&b, tail);
    return ask(c, 0, b.buf, "");
}

static void each_coql_limit_is_met_exactly(void **state)
{
    static const struct {
        const char *head, *one, *join, *tail;
        int most;
    } rows[] = {
        {"select ", "Product_Name", ",", " from Products where id > 0", 50},
        {"select id from Products where id in (", "1", ",", ")", 50},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_JSON json_t *fits = many(*state, rows[i].head, rows[i].one, rows[i].join, rows[i].most, rows[i].tail);
        AUTO_JSON json_t *over = many(*state, rows[i].head, rows[i].one, rows[i].join, rows[i].most + 1, rows[i].tail);
        assert_string_not_equal(js_str_or(fits, "code", ""), "LIMIT_EXCEEDED");
        assert_string_equal(js_str_or(over, "code", ""), "LIMIT_EXCEEDED");
    }
    AUTO_JSON json_t *sums =
        ask(*state, 400,
            "select count(id), sum(Unit_Price), min(Unit_Price), max(Unit_Price), avg(Unit_Price), "
            "max(id) from Products where id > 0",
            "");
    assert_string_equal(js_str(sums, "code"), "LIMIT_EXCEEDED");
    AUTO_JSON json_t *groups = ask(*state, 400,
                                   "select count(id) from Products where id > 0 group by Product_Name, Unit_Price, "
                                   "Product_Code, Usage_Unit, Taxable",
                                   "");
    assert_string_equal(js_str(groups, "code"), "LIMIT_EXCEEDED");
}

static void more_than_five_lookups_in_criteria_are_too_many(void **state)
{
    AUTO_JSON json_t *a =
        ask(*state, 400,
            "select id from Quotes where ((((((Account_Name.Industry = 'a') or (Deal_Name.Stage = 'a')) or "
            "(Contact_Name.Email = 'a')) or (Deal_Name.Account_Name.Industry = 'a')) or "
            "(Deal_Name.Contact_Name.Email = 'a')) or (Contact_Name.Account_Name.Industry = 'a'))",
            "");
    assert_string_equal(js_str(a, "code"), "LIMIT_EXCEEDED");
}

static void a_query_needs_the_modules_scope_too(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.refuse = "scope:ZohoCRM.modules"};
    client_up(&c, &o);
    AUTO_JSON json_t *a = ask(&c, 401, "select id from Products where id > 0", "");
    assert_string_equal(js_str(a, "code"), "OAUTH_SCOPE_MISMATCH");
    client_down(&c);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(sums_and_groups_keep_their_types),
        T(a_lookup_is_followed_in_columns_criteria_and_order),
        T(what_a_task_belongs_to_is_followed_by_its_module),
        T(include_meta_tells_of_the_columns),
        T(each_coql_error_has_its_code),
        T(each_coql_limit_is_met_exactly),
        T(more_than_five_lookups_in_criteria_are_too_many),
        cmocka_unit_test(a_query_needs_the_modules_scope_too),
    };
    return cmocka_run_group_tests_name("sandbox/coql", tests, NULL, NULL);
}
