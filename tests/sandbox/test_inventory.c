/* Inventory and Books: an item master with categories, and composite items as a BOM. Sources: zoho.com/inventory/api/v1 items,
 * compositeitems, pagination, errors; deluge/help/books/fetch-records (6041, code 2); zoho-api.md 5.2. */
#include <string.h>

#include "tests/sandbox/client.h"

#define V1 "/inventory/v1/"

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    struct sandbox_options o = {.seed_dir = "tests/sandbox/portal-org"};
    client_up(c, &o);
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

/* `path` may have a query; the organisation is added. */
static json_t *call(struct client *c, long status, const char *method, const char *path, const char *body)
{
    AUTO_FREE char *whole =
        mem_printf("%s%corganization_id=%s", path, strchr(path, '?') ? '&' : '?', js_str(c->info, "zgid"));
    return client_call(c, status, method, whole, body);
}

static json_t *done(struct client *c, long status, const char *method, const char *path, const char *body)
{
    json_t *a = call(c, status, method, path, body);
    if (js_int(a, "code", -1) != 0) {
        fail_msg("%s %s answered %s", method, path, c->text);
    }
    return a;
}

static void refused(struct client *c, long status, const char *method, const char *path, const char *body, int code)
{
    AUTO_JSON json_t *a = call(c, status, method, path, body);
    assert_int_equal(js_int(a, "code", 0), code);
    assert_non_null(js_str(a, "message"));
    assert_null(js_str(a, "status"));
}

/* Id of the item with that SKU; caller frees. */
static char *item(struct client *c, const char *sku)
{
    AUTO_FREE char *path = mem_printf(V1 "items?search_text=%s", sku);
    AUTO_JSON json_t *a = done(c, 200, "GET", path, NULL);
    return mem_dup(js_str(pick(js_arr(a, "items"), "sku", sku), "item_id"));
}

static char *category(struct client *c, const char *name)
{
    AUTO_JSON json_t *a = done(c, 200, "GET", V1 "categories", NULL);
    return mem_dup(js_str(pick(js_arr(a, "categories"), "name", name), "category_id"));
}

static void the_organisation_is_said_with_every_call(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *orgs = client_get(c, 200, V1 "organizations");
    assert_string_equal(js_str(json_array_get(js_arr(orgs, "organizations"), 0), "organization_id"),
                        js_str(c->info, "zgid"));
    AUTO_JSON json_t *none = client_get(c, 401, V1 "items"), *other = client_get(c, 401, V1 "items?organization_id=1");
    assert_int_equal(js_int(none, "code", 0), 6041);
    assert_int_equal(js_int(other, "code", 0), 6041);
}

static void items_come_in_pages(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *first = done(c, 200, "GET", V1 "items?per_page=2", NULL),
                     *last = done(c, 200, "GET", V1 "items?per_page=2&page=2", NULL);
    assert_int_equal(json_array_size(js_arr(first, "items")), 2);
    assert_int_equal(json_array_size(js_arr(last, "items")), 1);
    assert_true(js_bool(js_obj(first, "page_context"), "has_more_page", false));
    assert_false(js_bool(js_obj(last, "page_context"), "has_more_page", true));
    assert_int_equal(js_int(js_obj(last, "page_context"), "page", 0), 2);
    refused(c, 400, "GET", V1 "items?per_page=201", NULL, 2);
}

static void an_item_is_found_by_its_sku_and_by_what_it_lacks(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = item(c, "FR-A"), *path = mem_printf(V1 "items/%s", id), *parts = category(c, "Parts"),
                   *in_parts = mem_printf(V1 "items?category_id=%s", parts);
    AUTO_JSON json_t *one = done(c, 200, "GET", path, NULL), *filed = done(c, 200, "GET", in_parts, NULL),
                     *open = done(c, 200, "GET", V1 "items?filter_by=Status.Uncategorized", NULL);
    assert_string_equal(js_str(js_obj(one, "item"), "name"), "Frame A");
    assert_string_equal(js_str(js_obj(one, "item"), "status"), "active");
    assert_int_equal(json_array_size(js_arr(filed, "items")), 1);
    assert_true(has(js_arr(filed, "items"), "category_name", "Parts"));
    assert_int_equal(json_array_size(js_arr(open, "items")), 2);
    refused(c, 404, "GET", V1 "items/1", NULL, 1002);
    refused(c, 400, "GET", V1 "items?filter_by=Status.Odd", NULL, 2);
}

static void an_item_takes_a_category(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = item(c, "BE-1"), *path = mem_printf(V1 "items/%s", id), *parts = category(c, "Parts"),
                   *body = mem_printf("{\"name\":\"Bell\",\"category_id\":\"%s\"}", parts);
    AUTO_JSON json_t *a = done(c, 200, "PUT", path, body), *is = done(c, 200, "GET", path, NULL);
    assert_true(json_equal(js_obj(a, "item"), js_obj(is, "item")));
    assert_string_equal(js_str(js_obj(is, "item"), "category_id"), parts);
    assert_string_equal(js_str(js_obj(is, "item"), "sku"), "BE-1");
    refused(c, 404, "PUT", path, "{\"name\":\"Bell\",\"category_id\":\"77\"}", 1002);
    refused(c, 400, "PUT", path, "{\"rate\":5}", 2); /* a PUT needs the name */
}

/* zoho-api.md 5.2: category_id is not in the item's OpenAPI, so try it with one item and read it back. */
static void an_org_may_drop_the_category_without_a_word(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.seed_dir = "tests/sandbox/portal-org", .refuse = "item_category"};
    client_up(&c, &o);
    AUTO_FREE char *id = item(&c, "BE-1"), *path = mem_printf(V1 "items/%s", id), *sets = category(&c, "Sets"),
                   *body = mem_printf("{\"name\":\"Bell\",\"category_id\":\"%s\"}", sets);
    json_decref(done(&c, 200, "PUT", path, body));
    AUTO_JSON json_t *is = done(&c, 200, "GET", path, NULL);
    assert_string_equal(js_str(js_obj(is, "item"), "category_id"), "");
    client_down(&c);
}

static void names_and_skus_are_unique(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a =
        done(c, 201, "POST", V1 "items", "{\"name\":\"Lamp\",\"sku\":\"LA-1\",\"rate\":9.99,\"unknown\":1}");
    assert_string_equal(js_str(js_obj(a, "item"), "sku"), "LA-1");
    assert_null(json_object_get(js_obj(a, "item"), "unknown"));
    refused(c, 400, "POST", V1 "items", "{\"name\":\"Lamp\"}", 1001);
    json_decref(done(c, 201, "POST", V1 "items", "{\"name\":\"Lamp without\",\"sku\":null,\"category_id\":null}"));
    refused(c, 400, "POST", V1 "items", NULL, 2);
    refused(c, 400, "POST", V1 "items", "{\"name\":\"Lamp 2\",\"sku\":\"la-1\"}", 1001);
    refused(c, 400, "POST", V1 "items", "{\"sku\":\"LA-2\"}", 2);
    refused(c, 400, "POST", V1 "items", "{\"name\":\"Lamp 3\",\"rate\":\"much\"}", 2);
    refused(c, 400, "POST", V1 "items", "{\"name\":\"Lamp 3\",\"product_type\":\"thing\"}", 2);
}

static void an_item_is_put_aside_and_back(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = item(c, "BE-1"), *off = mem_printf(V1 "items/%s/inactive", id),
                   *on = mem_printf(V1 "items/%s/active", id);
    json_decref(done(c, 200, "POST", off, "{}"));
    AUTO_JSON json_t *aside = done(c, 200, "GET", V1 "items?filter_by=Status.Inactive", NULL);
    assert_true(has(js_arr(aside, "items"), "sku", "BE-1"));
    json_decref(done(c, 200, "POST", on, "{}"));
    AUTO_JSON json_t *active = done(c, 200, "GET", V1 "items?filter_by=Status.Active", NULL);
    assert_int_equal(json_array_size(js_arr(active, "items")), 3);
}

static void books_shows_the_same_items(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = item(c, "WH-20"), *path = mem_printf("/books/v3/items/%s", id),
                   *same = mem_printf(V1 "items/%s", id);
    json_decref(done(c, 200, "PUT", path, "{\"name\":\"Wheel 20 inch\"}"));
    AUTO_JSON json_t *is = done(c, 200, "GET", same, NULL);
    assert_string_equal(js_str(js_obj(is, "item"), "name"), "Wheel 20 inch");
    refused(c, 404, "GET", "/books/v3/compositeitems", NULL, 5);
}

static void categories_hang_below_the_root(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *parts = category(c, "Parts"),
                   *body = mem_printf("{\"name\":\"Wheels\",\"parent_category_id\":\"%s\"}", parts);
    AUTO_JSON json_t *a = done(c, 201, "POST", V1 "categories", body),
                     *all = done(c, 200, "GET", V1 "categories", NULL);
    assert_string_equal(js_str(js_obj(a, "category"), "parent_category_id"), parts);
    assert_true(has(js_arr(all, "categories"), "category_id", "-1"));
    assert_string_equal(js_str(pick(js_arr(all, "categories"), "name", "Parts"), "parent_category_id"), "-1");
    refused(c, 400, "POST", V1 "categories", "{\"name\":\"Wheels\"}", 1001);
    refused(c, 404, "POST", V1 "categories", "{\"name\":\"Tyres\",\"parent_category_id\":\"77\"}", 1002);
}

static void a_composite_item_is_made_of_items(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *all = done(c, 200, "GET", V1 "compositeitems", NULL);
    const json_t *bicycle = pick(js_arr(all, "composite_items"), "sku", "BI-20");
    assert_null(json_object_get(bicycle, "mapped_items"));
    AUTO_FREE char *path = mem_printf(V1 "compositeitems/%s", js_str(bicycle, "composite_item_id"));
    AUTO_JSON json_t *is = done(c, 200, "GET", path, NULL);
    const json_t *lines = js_arr(js_obj(is, "composite_item"), "mapped_items");
    assert_int_equal(json_array_size(lines), 2);
    assert_int_equal(js_int(pick(lines, "sku", "WH-20"), "quantity", 0), 2);
    assert_true(js_bool(js_obj(is, "composite_item"), "is_combo_product", false));
    AUTO_FREE char *bell = item(c, "BE-1"),
                   *body = mem_printf(
                       "{\"name\":\"Bicycle 20\",\"mapped_items\":[{\"item_id\":\"%s\",\"quantity\":1}]}", bell);
    AUTO_JSON json_t *now = done(c, 200, "PUT", path, body);
    lines = js_arr(js_obj(now, "composite_item"), "mapped_items");
    assert_int_equal(json_array_size(lines), 1);
    assert_string_equal(js_str(json_array_get(lines, 0), "name"), "Bell");
}

static void a_composite_item_needs_items_and_quantities(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *bell = item(c, "BE-1"),
                   *none =
                       mem_printf("{\"name\":\"Set\",\"mapped_items\":[{\"item_id\":\"%s\",\"quantity\":0}]}", bell),
                   *good =
                       mem_printf("{\"name\":\"Set\",\"mapped_items\":[{\"item_id\":\"%s\",\"quantity\":1.5}]}", bell);
    refused(c, 400, "POST", V1 "compositeitems", "{\"name\":\"Set\"}", 2);
    refused(c, 400, "POST", V1 "compositeitems", "{\"name\":\"Set\",\"mapped_items\":[]}", 2);
    refused(c, 400, "POST", V1 "compositeitems", none, 2);
    refused(c, 404, "POST", V1 "compositeitems", "{\"name\":\"Set\",\"mapped_items\":[{\"item_id\":7,\"quantity\":1}]}",
            1002);
    json_decref(done(c, 201, "POST", V1 "compositeitems", good));
    refused(c, 400, "POST", V1 "compositeitems", good, 1001);
}

static void a_hundred_calls_a_minute_and_no_more(void **state)
{
    struct client *c = *state;
    for (int i = 0; i < 100; i++) {
        json_decref(done(c, 200, "GET", V1 "items?per_page=1", NULL));
    }
    refused(c, 429, "GET", V1 "items?per_page=1", NULL, 44);
    c->now += 60;
    json_decref(done(c, 200, "GET", V1 "items?per_page=1", NULL));
}

static void tokens_and_scopes_are_refused_in_finance_s_words(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.seed_dir = "tests/sandbox/portal-org", .refuse = "scope:ZohoInventory.items"};
    client_up(&c, &o);
    refused(&c, 401, "GET", V1 "items", NULL, 57);
    json_decref(done(&c, 200, "GET", V1 "compositeitems", NULL));
    c.token[6] = c.token[6] == 'a' ? 'b' : 'a';
    refused(&c, 401, "GET", V1 "compositeitems", NULL, 57);
    free(c.token);
    c.token = NULL;
    refused(&c, 401, "GET", V1 "compositeitems", NULL, 14);
    client_down(&c);
}

static void crm_does_not_list_the_paths_of_other_services(void **state)
{
    AUTO_JSON json_t *a = client_get(*state, 200, "/crm/v8/__apis");
    size_t i;
    json_t *row;
    json_array_foreach (js_arr(a, "__apis"), i, row) {
        assert_non_null(strstr(js_str_or(row, "path", ""), "/crm/"));
    }
}

static void a_seed_that_does_not_fit_says_where(void **state)
{
    (void)state;
    struct sandbox *s = NULL;
    struct err e = {0};
    struct sandbox_options o = {.seed_dir = "tests/sandbox/broken-portal", .clock = clock_system()};
    assert_int_equal(sandbox_open(&s, &o, &e), -1);
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_non_null(strstr(e.what, "composite_items[0]"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_organisation_is_said_with_every_call),
        T(items_come_in_pages),
        T(an_item_is_found_by_its_sku_and_by_what_it_lacks),
        T(an_item_takes_a_category),
        cmocka_unit_test(an_org_may_drop_the_category_without_a_word),
        T(names_and_skus_are_unique),
        T(an_item_is_put_aside_and_back),
        T(books_shows_the_same_items),
        T(categories_hang_below_the_root),
        T(a_composite_item_is_made_of_items),
        T(a_composite_item_needs_items_and_quantities),
        T(a_hundred_calls_a_minute_and_no_more),
        cmocka_unit_test(tokens_and_scopes_are_refused_in_finance_s_words),
        T(crm_does_not_list_the_paths_of_other_services),
        cmocka_unit_test(a_seed_that_does_not_fit_says_where),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
