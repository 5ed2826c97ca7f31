/* Records and COQL. Sources: zoho-api.md 2.1-2.3, 2.7; OAS26a record, coql. */
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

static json_t *coql(struct client *c, long status, const char *query)
{
    AUTO_JSON json_t *body = json_pack("{s:s}", "select_query", query);
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    return client_call(c, status, "POST", "/crm/v8/coql", text);
}

static char *product(struct client *c, const char *name, const char *more)
{
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Product_Name\":\"%s\"%s}],\"trigger\":[]}", name, more);
    return client_made(c, 201, "POST", "/crm/v8/Products", body);
}

static char *quote(struct client *c, const char *product_id)
{
    AUTO_FREE char *account = client_made(c, 201, "POST", "/crm/v8/Accounts",
                                          "{\"data\":[{\"Account_Name\":\"Acme\",\"Industry\":\"Energy\"}]}");
    AUTO_FREE char *body = mem_printf(
        "{\"data\":[{\"Subject\":\"Q1\",\"Account_Name\":{\"id\":\"%s\"},\"Quote_Stage\":\"Draft\",\"Quoted_Items\":[{"
        "\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":3,\"List_Price\":10.5}]}]}",
        account, product_id);
    return client_made(c, 201, "POST", "/crm/v8/Quotes", body);
}

static json_t *get(struct client *c, const char *module, const char *id)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/%s/%s", module, id);
    return json_incref(js_path(a, "data[0]"));
}

static void a_quote_keeps_lookups_line_items_and_totals(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *p = product(c, "Panel", "");
    AUTO_FREE char *id = quote(c, p);
    AUTO_JSON json_t *q = get(c, "Quotes", id);
    assert_string_equal(js_str(js_obj(q, "Account_Name"), "name"), "Acme");
    assert_string_equal(js_str(js_path(q, "Quoted_Items[0].Product_Name"), "name"), "Panel");
    assert_true(json_number_value(json_object_get(q, "Grand_Total")) == 31.5);
    assert_string_equal(js_str(q, "Quote_Number"), "1");
    assert_string_equal(js_str(js_obj(q, "Owner"), "name"), "Org Administrator");
    assert_non_null(js_str(q, "Created_Time"));
    assert_true(json_is_null(json_object_get(q, "Team")));
}

static void line_items_not_sent_stay_and_delete_removes(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *p = product(c, "Panel", "");
    AUTO_FREE char *id = quote(c, p);
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s", id);
    AUTO_FREE char *add =
        mem_printf("{\"data\":[{\"Quoted_Items\":[{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":1}]}]}", p);
    free(client_made(c, 200, "PUT", path, add));
    AUTO_JSON json_t *two = get(c, "Quotes", id);
    assert_int_equal(json_array_size(js_arr(two, "Quoted_Items")), 2);
    AUTO_FREE char *drop = mem_printf("{\"data\":[{\"Quoted_Items\":[{\"id\":\"%s\",\"_delete\":null}]}]}",
                                      js_str(js_path(two, "Quoted_Items[1]"), "id"));
    free(client_made(c, 200, "PUT", path, drop));
    AUTO_JSON json_t *one = get(c, "Quotes", id);
    assert_int_equal(json_array_size(js_arr(one, "Quoted_Items")), 1);
    client_refused(c, 400, "PUT", path, "{\"data\":[{\"Quoted_Items\":[{\"id\":\"1\",\"Quantity\":1}]}]}",
                   "INVALID_DATA", "$.data[0].Quoted_Items[0].id");
    client_refused(c, 400, "PUT", path, "{\"data\":[{\"Quoted_Items\":[{\"Quantity\":1}]}]}", "MANDATORY_NOT_FOUND",
                   "$.data[0].Quoted_Items[0].Product_Name");
}

static void an_amount_reads_back_as_it_was_written(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = client_made(c, 201, "POST", "/crm/v8/Products",
                                     "{\"data\":[{\"Product_Name\":\"Dear\",\"Unit_Price\":8901.6}]}");
    json_decref(client_get(c, 200, "/crm/v8/Products/%s?fields=Unit_Price", id));
    assert_non_null(strstr(c->text, "\"Unit_Price\":8901.6,"));
}

/* The samples of Zoho's pages (v8/insert-records, v8/COQL-Overview) are curl -d without a Content-Type: curl says form. */
static void json_that_calls_itself_a_form_is_read_all_the_same(void **state)
{
    struct client *c = *state;
    const char *form = "application/x-www-form-urlencoded";
    const char *row = "{\"data\":[{\"Product_Name\":\"By curl\"}]}", *no_json = "data=5";
    json_decref(client_send(c, 201, "POST", "/crm/v8/Products", form, row));
    AUTO_JSON json_t *r = client_send(c, 400, "POST", "/crm/v8/Products", form, no_json);
    assert_string_equal(js_str(r, "code"), "INVALID_DATA");
}

static void every_record_error_has_its_code_and_place(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *row, *code, *path;
    } rows[] = {
        {"{}", "MANDATORY_NOT_FOUND", "$.data[0].Product_Name"},
        {"{\"Product_Name\":null}", "MANDATORY_NOT_FOUND", "$.data[0].Product_Name"},
        {"{\"Product_Name\":5}", "INVALID_DATA", "$.data[0].Product_Name"},
        {"{\"Product_Name\":\"A\",\"Unit_Price\":\"dear\"}", "INVALID_DATA", "$.data[0].Unit_Price"},
        {"{\"Product_Name\":\"A\",\"Product_Active\":\"yes\"}", "INVALID_DATA", "$.data[0].Product_Active"},
        {"{\"Product_Name\":\"A\",\"Vendor_Name\":\"Acme\"}", "INVALID_DATA", "$.data[0].Vendor_Name"},
        {"{\"Product_Name\":\"A\",\"Vendor_Name\":{\"id\":\"1\"}}", "INVALID_DATA", "$.data[0].Vendor_Name.id"},
        {"{\"Product_Name\":\"A\",\"Owner\":{\"id\":\"1\"}}", "INVALID_DATA", "$.data[0].Owner.id"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *body = mem_printf("{\"data\":[%s]}", rows[i].row);
        client_refused(c, 400, "POST", "/crm/v8/Products", body, rows[i].code, rows[i].path);
    }
    client_refused(c, 400, "POST", "/crm/v8/Nowhere", "{\"data\":[{}]}", "INVALID_MODULE", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Quoted_Items", "{\"data\":[{}]}", "NOT_SUPPORTED", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"A\"}],\"trigger\":[\"magic\"]}",
                   "INVALID_DATA", "$.trigger[0]");
    client_refused(c, 400, "PUT", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"A\"}]}", "MANDATORY_NOT_FOUND",
                   "$.data[0].id");
    client_refused(c, 400, "DELETE", "/crm/v8/Products", NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "POST", "/crm/v8/Deals",
                   "{\"data\":[{\"Deal_Name\":\"D\",\"Stage\":\"Qualification\",\"Closing_Date\":\"tomorrow\"}]}",
                   "INVALID_DATA", "$.data[0].Closing_Date");
}

static void inserts_are_element_wise_and_priced_by_ten(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *mixed =
        client_call(c, 207, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"A\"},{}]}");
    assert_string_equal(js_str(js_path(mixed, "data[0]"), "code"), "SUCCESS");
    assert_string_equal(js_str(js_path(mixed, "data[1].details"), "json_path"), "$.data[1].Product_Name");
    AUTO_JSON json_t *rows = json_array();
    for (int i = 0; i < 100; i++) {
        json_array_append_new(rows, json_pack("{s:s}", "Product_Name", "P"));
    }
    AUTO_JSON json_t *body = json_pack("{s:O}", "data", rows);
    AUTO_FREE char *text = json_dumps(body, JSON_COMPACT);
    AUTO_JSON json_t *before = sandbox_status(c->s);
    json_decref(client_call(c, 201, "POST", "/crm/v8/Products", text));
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_int_equal(js_int(after, "credits", 0) - js_int(before, "credits", 0), 10);
    json_array_append_new(rows, json_object());
    AUTO_FREE char *more = json_dumps(body, JSON_COMPACT);
    client_refused(c, 400, "POST", "/crm/v8/Products", more, "LIMIT_EXCEEDED", NULL);
    AUTO_JSON json_t *n = client_get(c, 200, "/crm/v8/Products/actions/count");
    assert_int_equal(js_int(n, "count", 0), 101);
}

static void a_unique_field_refuses_a_second_value(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = product(c, "A", ",\"Product_Code\":\"X-1\"");
    AUTO_JSON json_t *all = client_get(c, 200, "/crm/v8/settings/fields?module=Products");
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/fields/%s?module=Products",
                                      js_str(pick(js_arr(all, "fields"), "api_name", "Product_Code"), "id"));
    free(client_made(c, 200, "PATCH", path, "{\"fields\":[{\"unique\":{\"case_sensitive\":false}}]}"));
    client_refused(c, 400, "POST", "/crm/v8/Products", "{\"data\":[{\"Product_Name\":\"B\",\"Product_Code\":\"x-1\"}]}",
                   "DUPLICATE_DATA", "$.data[0].Product_Code");
    AUTO_JSON json_t *up_one = client_call(c, 200, "POST", "/crm/v8/Products/upsert",
                                           "{\"data\":[{\"Product_Name\":\"B\",\"Product_Code\":\"X-1\"},{\"Product_"
                                           "Name\":\"C\",\"Product_Code\":\"X-2\"}],"
                                           "\"duplicate_check_fields\":[\"Product_Code\"]}");
    assert_string_equal(js_str(js_path(up_one, "data[0]"), "action"), "update");
    assert_string_equal(js_str(js_path(up_one, "data[0]"), "duplicate_field"), "Product_Code");
    assert_string_equal(js_str(js_path(up_one, "data[0].details"), "id"), one);
    assert_string_equal(js_str(js_path(up_one, "data[1]"), "action"), "insert");
    client_refused(c, 400, "POST", "/crm/v8/Products/upsert",
                   "{\"data\":[{\"Product_Name\":\"B\"}],\"duplicate_check_fields\":[\"Unit_Price\"]}", "INVALID_DATA",
                   "$.duplicate_check_fields[0]");
}

static void upsert_falls_back_to_the_modules_own_duplicate_field(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = product(c, "Panel", "");
    AUTO_JSON json_t *a = client_call(c, 200, "POST", "/crm/v8/Products/upsert",
                                      "{\"data\":[{\"Product_Name\":\"Panel\",\"Unit_Price\":\"12.50\"}]}");
    assert_string_equal(js_str(js_path(a, "data[0].details"), "id"), id);
    AUTO_JSON json_t *p = get(c, "Products", id);
    assert_true(json_number_value(json_object_get(p, "Unit_Price")) == 12.5);
}

static void a_record_modified_meanwhile_is_not_overwritten(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = product(c, "A", "");
    AUTO_FREE char *path = mem_printf("/crm/v8/Products/%s", id);
    c->now += 100;
    free(client_made(c, 200, "PUT", path, "{\"data\":[{\"Unit_Price\":1}]}"));
    c->extra = curl_slist_append(NULL, "If-Unmodified-Since: 2026-02-02T02:40:50+00:00");
    client_refused(c, 412, "PUT", path, "{\"data\":[{\"Unit_Price\":2}]}", "ALREADY_MODIFIED", NULL);
    curl_slist_free_all(c->extra);
    c->extra = curl_slist_append(NULL, "If-Modified-Since: 2026-02-02T03:00:00+00:00");
    json_decref(client_get(c, 304, "/crm/v8/Products/%s", id));
}

static void deleted_records_are_gone_and_listed_as_deleted(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = product(c, "A", "");
    AUTO_FREE char *path = mem_printf("/crm/v8/Products?ids=%s,1", id);
    AUTO_JSON json_t *a = client_call(c, 207, "DELETE", path, NULL);
    assert_string_equal(js_str(js_path(a, "data[1]"), "code"), "INVALID_DATA");
    json_decref(client_get(c, 204, "/crm/v8/Products/%s", id));
    AUTO_JSON json_t *d = client_get(c, 200, "/crm/v8/Products/deleted");
    assert_string_equal(js_str(js_path(d, "data[0]"), "display_name"), "A");
}

static void lists_page_by_number_and_by_token(void **state)
{
    struct client *c = *state;
    for (int i = 0; i < 5; i++) {
        free(product(c, "P", ""));
    }
    AUTO_JSON json_t *one = client_get(c, 200, "/crm/v8/Products?fields=Product_Name&per_page=2");
    assert_int_equal(json_array_size(js_arr(one, "data")), 2);
    assert_int_equal(json_object_size(js_path(one, "data[0]")), 2); /* the field and id */
    assert_true(js_bool(js_obj(one, "info"), "more_records", false));
    const char *token = js_str(js_obj(one, "info"), "next_page_token");
    AUTO_JSON json_t *two = client_get(c, 200, "/crm/v8/Products?fields=Product_Name&per_page=2&page_token=%s", token);
    assert_string_not_equal(js_str(js_path(one, "data[0]"), "id"), js_str(js_path(two, "data[0]"), "id"));
    AUTO_FREE char *other = mem_printf("/crm/v8/Products?fields=Unit_Price&per_page=2&page_token=%s", token);
    client_refused(c, 400, "GET", other, NULL, "TOKEN_BOUND_DATA_MISMATCH", NULL);
    AUTO_JSON json_t *last = client_get(c, 200, "/crm/v8/Products?fields=Product_Name&per_page=2&page=3");
    assert_false(js_bool(js_obj(last, "info"), "more_records", true));
    json_decref(client_get(c, 204, "/crm/v8/Leads?fields=Email"));
    client_refused(c, 400, "GET", "/crm/v8/Products", NULL, "REQUIRED_PARAM_MISSING", NULL);
    client_refused(c, 400, "GET", "/crm/v8/Products?fields=id&per_page=201", NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "GET", "/crm/v8/Products?fields=id&page=11", NULL, "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                   NULL);
    client_refused(c, 400, "GET", "/crm/v8/Products?fields=id&sort_by=Unit_Price", NULL, "INVALID_DATA", NULL);
    c->now += 86401;
    client_mint(c);
    AUTO_FREE char *late = mem_printf("/crm/v8/Products?fields=Product_Name&per_page=2&page_token=%s", token);
    client_refused(c, 400, "GET", late, NULL, "EXPIRED_VALUE", NULL);
}

static size_t rows(struct client *c, const char *query)
{
    AUTO_JSON json_t *a = coql(c, 0, query);
    assert_true(c->status == 200 || c->status == 204);
    return json_array_size(js_arr(a, "data"));
}

static void coql_finds_by_every_operator(void **state)
{
    struct client *c = *state;
    free(product(c, "Alpha", ",\"Unit_Price\":5,\"Product_Active\":true,\"Product_Code\":\"A\""));
    free(product(c, "Beta", ",\"Unit_Price\":7.5,\"Product_Active\":false"));
    free(product(c, "Gamma", ",\"Unit_Price\":10"));
    static const struct {
        const char *where;
        size_t n;
    } t[] = {
        {"Product_Name = 'Alpha'", 1},
        {"Product_Name != 'Alpha'", 2},
        {"Unit_Price > 5", 2},
        {"Unit_Price >= 5", 3},
        {"Unit_Price < 7.5", 1},
        {"Unit_Price <= 7.5", 2},
        {"Product_Name in ('Alpha','Gamma')", 2},
        {"Product_Name not in ('Alpha')", 2},
        {"Product_Name like '%a%'", 3},
        {"Product_Name not like 'G%'", 2},
        {"Unit_Price between 6 and 11", 2},
        {"Unit_Price not between 6 and 11", 1},
        {"Product_Code is null", 2},
        {"Product_Code is not null", 1},
        {"Product_Active = true", 1},
        {"((Unit_Price > 1 and Unit_Price < 6) or Product_Name = 'Gamma')", 2},
        {"Created_Time > '2026-01-01T00:00:00+00:00'", 3},
        {"Created_Time < '2026-01-01T00:00:00+00:00'", 0},
        {"id > 0", 3},
        {"Owner.id is not null", 3},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        AUTO_FREE char *q = mem_printf("select Product_Name from Products where %s limit 0, 2000", t[i].where);
        if (rows(c, q) != t[i].n) {
            fail_msg("%s: %s", t[i].where, c->text);
        }
    }
}

static void coql_orders_pages_joins_and_counts(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *p = product(c, "Alpha", ",\"Unit_Price\":5");
    free(product(c, "Beta", ",\"Unit_Price\":7"));
    AUTO_FREE char *q = quote(c, p);
    AUTO_JSON json_t *a =
        coql(c, 200, "select Product_Name, Unit_Price from Products where id > 0 order by Unit_Price desc limit 1");
    assert_string_equal(js_str(js_path(a, "data[0]"), "Product_Name"), "Beta");
    assert_true(js_bool(js_obj(a, "info"), "more_records", false));
    AUTO_JSON json_t *j =
        coql(c, 200,
             "select Subject, Account_Name, Account_Name.Industry from Quotes where Account_Name.Industry = 'Energy'");
    assert_string_equal(js_str(js_path(j, "data[0]"), "Account_Name.Industry"), "Energy");
    assert_string_equal(js_str(js_path(j, "data[0]"), "id"), q);
    AUTO_JSON json_t *n = coql(c, 200, "select count(id), sum(Unit_Price) as total from Products where id > 0");
    assert_int_equal(js_int(js_path(n, "data[0]"), "count(id)", 0), 2);
    assert_true(json_number_value(json_object_get(js_path(n, "data[0]"), "total")) == 12);
    AUTO_JSON json_t *g =
        coql(c, 200, "select Unit_Price, count(id) from Products group by Unit_Price order by Unit_Price");
    assert_int_equal(json_array_size(js_arr(g, "data")), 2);
}

static void coql_errors_say_where(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *query, *code;
    } t[] = {
        {"selec id from Products", "SYNTAX_ERROR"},
        {"select id from Products where id > 0 and id > 1 and id > 2", "SYNTAX_ERROR"},
        {"select id from Products where id >", "SYNTAX_ERROR"},
        {"select id from Products limit 5 please", "SYNTAX_ERROR"},
        {"select Nothing from Products", "INVALID_QUERY"},
        {"select id from Nowhere", "INVALID_QUERY"},
        {"select id from Products where Description = 'x'", "INVALID_QUERY"},
        {"select id from Products where id > 0 limit 0, 2001", "LIMIT_EXCEEDED"},
        {"select id from Products where id > 0 limit 99999, 2", "LIMIT_EXCEEDED"},
    };
    for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
        AUTO_JSON json_t *a = coql(c, 400, t[i].query);
        if (strcmp(js_str_or(a, "code", ""), t[i].code) != 0) {
            fail_msg("%s: %s", t[i].query, c->text);
        }
    }
}

static void many_columns_and_values_are_refused(void **state)
{
    struct client *c = *state;
    char query[4000] = "select id", in[4000] = "select id from Products where Product_Name in ('a'";
    size_t n = strlen(query), m = strlen(in);
    for (int i = 0; i < 50; i++) {
        n += (size_t)snprintf(query + n, sizeof query - n, ", id");
        m += (size_t)snprintf(in + m, sizeof in - m, ",'b'");
    }
    snprintf(query + n, sizeof query - n, " from Products");
    snprintf(in + m, sizeof in - m, ")");
    AUTO_JSON json_t *a = coql(c, 400, query), *b = coql(c, 400, in);
    assert_string_equal(js_str(a, "code"), "LIMIT_EXCEEDED");
    assert_string_equal(js_str(b, "code"), "LIMIT_EXCEEDED");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_quote_keeps_lookups_line_items_and_totals),
        T(line_items_not_sent_stay_and_delete_removes),
        T(an_amount_reads_back_as_it_was_written),
        T(json_that_calls_itself_a_form_is_read_all_the_same),
        T(every_record_error_has_its_code_and_place),
        T(inserts_are_element_wise_and_priced_by_ten),
        T(a_unique_field_refuses_a_second_value),
        T(upsert_falls_back_to_the_modules_own_duplicate_field),
        T(a_record_modified_meanwhile_is_not_overwritten),
        T(deleted_records_are_gone_and_listed_as_deleted),
        T(lists_page_by_number_and_by_token),
        T(coql_finds_by_every_operator),
        T(coql_orders_pages_joins_and_counts),
        T(coql_errors_say_where),
        T(many_columns_and_values_are_refused),
    };
    return cmocka_run_group_tests_name("sandbox/records", tests, NULL, NULL);
}
