/* What the user behind a token may see and write. Sources: sandbox/access.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "tests/sandbox/client.h"

static const char seed[] =
    "{\"schema\":\"zagent.sandbox-seed/1\",\"profiles\":[{\"name\":\"Sales\",\"description\":\"\"}],"
    "\"users\":[{\"full_name\":\"Seller One\",\"email\":\"seller@example.org\",\"role\":\"Manager\","
    "\"profile\":\"Sales\"}]}";
#define SCOPES                                                                                                         \
    "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.users.READ,ZohoCRM.coql.READ,ZohoSearch.securesearch.READ"

struct org {
    struct client c;
    char *admin, *seller, *product;
};

static char *token_of(struct client *c, const char *email)
{
    char *code = NULL;
    assert_int_equal(sandbox_self_client(c->s, SCOPES, email, 3, &code, NULL), 0);
    AUTO_FREE char *form = mem_printf("grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s",
                                      js_str(c->info, "client_id"), js_str(c->info, "client_secret"), code);
    AUTO_JSON json_t *a = client_send(c, 200, "POST", "/oauth/v2/token", "application/x-www-form-urlencoded", form);
    free(code);
    return mem_dup(js_str_or(a, "access_token", ""));
}

static void as(struct org *o, const char *token)
{
    free(o->c.token);
    o->c.token = mem_dup(token);
}

/* Products with a cost nobody in Sales may see and a grade they may only read. */
static int up(void **state)
{
    struct org *o = mem_zalloc(sizeof *o);
    char dir[] = "/tmp/zagent-seed-XXXXXX";
    struct fs_root r;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(fs_root_open(&r, dir, false, 0700, NULL), 0);
    assert_int_equal(fs_write_in(&r, "a.json", seed, strlen(seed), 0600, NULL), 0);
    struct sandbox_options options = {.seed_dir = dir};
    client_up(&o->c, &options);
    fs_remove_in(&r, "a.json", NULL);
    fs_root_close(&r);
    rmdir(dir);
    o->admin = token_of(&o->c, NULL);
    o->seller = token_of(&o->c, "seller@example.org");
    as(o, o->admin);
    AUTO_JSON json_t *profiles = client_get(&o->c, 200, "/crm/v8/settings/profiles");
    const char *sales = js_str(pick(js_arr(profiles, "profiles"), "name", "Sales"), "id");
    static const char *const fields[2][2] = {{"Cost", "hidden"}, {"Grade", "read_only"}};
    for (size_t i = 0; i < 2; i++) {
        AUTO_FREE char *body =
            mem_printf("{\"fields\":[{\"field_label\":\"%s\",\"data_type\":\"integer\",\"profiles\":[{\"id\":\"%s\","
                       "\"permission_type\":\"%s\"}]}]}",
                       fields[i][0], sales, fields[i][1]);
        free(client_made(&o->c, 201, "POST", "/crm/v8/settings/fields?module=Products", body));
    }
    o->product = client_made(&o->c, 201, "POST", "/crm/v8/Products",
                             "{\"data\":[{\"Product_Name\":\"A\",\"Cost\":40,\"Grade\":2}]}");
    *state = o;
    return 0;
}

static int down(void **state)
{
    struct org *o = *state;
    client_down(&o->c);
    free(o->admin);
    free(o->seller);
    free(o->product);
    free(o);
    return 0;
}

static void a_seller_cannot_read_cost(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    AUTO_JSON json_t *one = client_get(&o->c, 200, "/crm/v8/Products/%s", o->product);
    AUTO_JSON json_t *list = client_get(&o->c, 200, "/crm/v8/Products?fields=Product_Name,Cost,Grade");
    const json_t *both[] = {js_path(one, "data[0]"), js_path(list, "data[0]")};
    for (size_t i = 0; i < 2; i++) {
        assert_null(json_object_get(both[i], "Cost"));
        assert_int_equal(js_int(both[i], "Grade", 0), 2);
    }
    client_refused(&o->c, 400, "POST", "/crm/v8/coql", "{\"select_query\":\"select Cost from Products where id > 0\"}",
                   "INVALID_QUERY", NULL);
    client_refused(&o->c, 400, "POST", "/crm/v8/coql",
                   "{\"select_query\":\"select Product_Name from Products where Cost > 0\"}", "INVALID_QUERY", NULL);
    json_decref(client_get(&o->c, 400, "/crm/v8/Products/search?criteria=(Cost:equals:40)"));
    json_decref(client_get(&o->c, 200, "/crm/v8/Products/search?criteria=(Grade:equals:2)"));
    as(o, o->admin);
    AUTO_JSON json_t *whole = client_get(&o->c, 200, "/crm/v8/Products/%s", o->product);
    assert_int_equal(js_int(js_path(whole, "data[0]"), "Cost", 0), 40);
}

static void a_seller_writes_neither_hidden_nor_read_only_fields(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    AUTO_FREE char *path = mem_printf("/crm/v8/Products/%s", o->product);
    client_refused(&o->c, 400, "PUT", path, "{\"data\":[{\"Grade\":9}]}", "NO_PERMISSION", "$.data[0].Grade");
    client_refused(&o->c, 400, "PUT", path, "{\"data\":[{\"Cost\":1}]}", "NO_PERMISSION", "$.data[0].Cost");
    free(client_made(&o->c, 200, "PUT", path, "{\"data\":[{\"Product_Name\":\"B\"}]}"));
    as(o, o->admin);
    AUTO_JSON json_t *one = client_get(&o->c, 200, "%s", path);
    assert_int_equal(js_int(js_path(one, "data[0]"), "Cost", 0), 40);
    assert_string_equal(js_str(js_obj(js_path(one, "data[0]"), "Modified_By"), "name"), "Seller One");
}

static void settings_are_for_administrators(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    json_decref(client_get(&o->c, 200, "/crm/v8/settings/fields?module=Products"));
    AUTO_JSON json_t *a = client_call(&o->c, 403, "POST", "/crm/v8/settings/fields?module=Products", "{}");
    assert_string_equal(js_str(a, "code"), "NO_PERMISSION");
    assert_true(js_array_has(js_arr(js_obj(a, "details"), "permissions"), "Crm_Implied_Customize_Zoho_CRM"));
}

static void a_module_is_closed_to_profiles_it_does_not_list(void **state)
{
    struct org *o = *state;
    AUTO_JSON json_t *profiles = client_get(&o->c, 200, "/crm/v8/settings/profiles");
    AUTO_FREE char *body =
        mem_printf("{\"modules\":[{\"singular_label\":\"Margin\",\"plural_label\":\"Margins\",\"api_name\":\"Margins\","
                   "\"profiles\":[{\"id\":\"%s\"}]}]}",
                   js_str(pick(js_arr(profiles, "profiles"), "name", "Administrator"), "id"));
    free(client_made(&o->c, 201, "POST", "/crm/v8/settings/modules", body));
    as(o, o->seller);
    AUTO_JSON json_t *a = client_call(&o->c, 403, "GET", "/crm/v8/Margins?fields=Name", NULL);
    assert_string_equal(js_str(a, "code"), "NO_PERMISSION");
    assert_true(js_array_has(js_arr(js_obj(a, "details"), "permissions"), "Crm_Implied_View_Margins"));
}

static void the_current_user_is_the_one_behind_the_token(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    AUTO_JSON json_t *a = client_get(&o->c, 200, "/crm/v8/users?type=CurrentUser");
    assert_int_equal(json_array_size(js_arr(a, "users")), 1);
    assert_string_equal(js_str(js_path(a, "users[0]"), "email"), "seller@example.org");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_seller_cannot_read_cost),
        T(a_seller_writes_neither_hidden_nor_read_only_fields),
        T(settings_are_for_administrators),
        T(a_module_is_closed_to_profiles_it_does_not_list),
        T(the_current_user_is_the_one_behind_the_token),
    };
    return cmocka_run_group_tests_name("sandbox/permission", tests, NULL, NULL);
}
