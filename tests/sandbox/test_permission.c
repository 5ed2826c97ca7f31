/* What the user behind a token may see and write, by every way there is. Sources: sandbox/access.h (DOC:create-custom-field, OAS26a
 * record, zoho-api.md 1.2, 2.4, 2.5). */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/sb.h"
#include "sandbox/inside.h"
#include "sandbox/zip_file.h"
#include "tests/sandbox/client.h"

static const char seed[] =
    "{\"schema\":\"zagent.sandbox-seed/1\",\"profiles\":[{\"name\":\"Sales\",\"description\":\"\"}],"
    "\"users\":[{\"full_name\":\"Seller One\",\"email\":\"seller@example.org\",\"role\":\"Manager\","
    "\"profile\":\"Sales\"}]}";
#define SCOPES                                                                                                         \
    "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.users.READ,ZohoCRM.coql.READ,ZohoSearch.securesearch.READ,"      \
    "ZohoCRM.bulk.ALL,ZohoFiles.files.ALL,ZohoCRM.mass_update.ALL,ZohoCRM.composite_requests.CUSTOM"

struct org {
    struct client c;
    char *admin, *seller, *product, *account, *quote, *line;
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

static void field(struct org *o, const char *module, const char *label, const char *type, const char *permission)
{
    AUTO_JSON json_t *profiles = client_get(&o->c, 200, "/crm/v8/settings/profiles");
    AUTO_FREE char *path = mem_printf("/crm/v8/settings/fields?module=%s", module);
    AUTO_FREE char *body =
        mem_printf("{\"fields\":[{\"field_label\":\"%s\",\"data_type\":\"%s\",\"profiles\":[{\"id\":\"%s\","
                   "\"permission_type\":\"%s\"}]}]}",
                   label, type, js_str(pick(js_arr(profiles, "profiles"), "name", "Sales"), "id"), permission);
    free(client_made(&o->c, 201, "POST", path, body));
}

/* A quote with a margin and one line that has a cost: neither for Sales. */
static void make_quote(struct org *o)
{
    field(o, "Quotes", "Margin", "integer", "hidden");
    field(o, "Quotes", "Released", "boolean", "hidden");
    field(o, "Quoted_Items", "Cost", "integer", "hidden");
    field(o, "Quoted_Items", "Grade", "integer", "read_only");
    o->account = client_made(&o->c, 201, "POST", "/crm/v8/Accounts", "{\"data\":[{\"Account_Name\":\"Acme\"}]}");
    AUTO_FREE char *body = mem_printf(
        "{\"data\":[{\"Subject\":\"Q\",\"Account_Name\":{\"id\":\"%s\"},\"Margin\":7654321,\"Released\":true,"
        "\"Quoted_Items\":[{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":1,\"Cost\":7654321,\"Grade\":3}]}]}",
        o->account, o->product);
    o->quote = client_made(&o->c, 201, "POST", "/crm/v8/Quotes", body);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "/crm/v8/Quotes/%s", o->quote);
    o->line = mem_dup(js_str(json_array_get(js_arr(js_path(q, "data[0]"), "Quoted_Items"), 0), "id"));
}

/* Products with a cost nobody in Sales may see and a grade they may only read; a quote of them. */
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
    field(o, "Products", "Cost", "integer", "hidden");
    field(o, "Products", "Grade", "integer", "read_only");
    o->product = client_made(&o->c, 201, "POST", "/crm/v8/Products",
                             "{\"data\":[{\"Product_Name\":\"A\",\"Cost\":40,\"Grade\":2}]}");
    make_quote(o);
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
    free(o->account);
    free(o->quote);
    free(o->line);
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

/* ---- every way to cost: what is hidden is 7654321 in a quote and in its line ---- */

static void shows_none(struct org *o, long status, const char *method, const char *path, const char *body)
{
    json_decref(client_call(&o->c, status, method, path, body));
    if (strstr(o->c.text, "7654321") || strstr(o->c.text, "\"Cost\":")) {
        fail_msg("%s %s shows what is hidden: %.900s", method, path, o->c.text);
    }
}

/* %s in a path stands for the quote. Caller frees. */
static char *with_quote(const struct org *o, const char *path)
{
    const char *at = strstr(path, "%s");
    return at ? mem_printf("%.*s%s%s", (int)(at - path), path, o->quote, at + 2) : mem_dup(path);
}

static void reads_show_none(struct org *o)
{
    static const struct {
        long status;
        const char *method, *path, *body;
    } reads[] = {
        {200, "GET", "/crm/v8/Quotes/%s", NULL},
        {200, "GET", "/crm/v8/Quotes?fields=Subject,Margin,Quoted_Items", NULL},
        {200, "GET", "/crm/v8/Quotes?ids=%s&fields=Margin,Quoted_Items", NULL},
        {200, "GET", "/crm/v8/Quotes/search?criteria=(Subject:equals:Q)", NULL},
        {400, "GET", "/crm/v8/Quotes/search?criteria=(Margin:equals:7654321)", NULL},
        {400, "GET", "/crm/v8/Quotes/actions/count?criteria=(Margin:equals:7654321)", NULL},
        {400, "POST", "/crm/v8/coql", "{\"select_query\":\"select Margin from Quotes where id > 0\"}"},
        {400, "POST", "/crm/v8/coql", "{\"select_query\":\"select sum(Margin) from Quotes where id > 0\"}"},
        {400, "POST", "/crm/v8/coql", "{\"select_query\":\"select id from Quotes where id > 0 order by Margin\"}"},
        {400, "POST", "/crm/bulk/v8/read",
         "{\"query\":{\"module\":{\"api_name\":\"Quotes\"},\"fields\":[\"Margin\"]}}"},
        {400, "POST", "/crm/bulk/v8/read",
         "{\"query\":{\"module\":{\"api_name\":\"Quotes\"},\"criteria\":{\"group_operator\":\"or\",\"group\":["
         "{\"field\":{\"api_name\":\"Subject\"},\"comparator\":\"equal\",\"value\":\"Q\"},"
         "{\"field\":{\"api_name\":\"Margin\"},\"comparator\":\"equal\",\"value\":\"1\"}]}}}"},
    };
    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++) {
        AUTO_FREE char *path = with_quote(o, reads[i].path);
        shows_none(o, reads[i].status, reads[i].method, path, reads[i].body);
    }
    AUTO_FREE char *list = mem_printf("/crm/v8/Accounts/%s/Quotes", o->account);
    AUTO_FREE char *fields = mem_printf("%s?fields=Subject,Margin,Quoted_Items", list),
                   *one = mem_printf("%s/%s", list, o->quote);
    shows_none(o, 200, "GET", fields, NULL);
    shows_none(o, 200, "GET", one, NULL);
}

/* The CSV of a bulk read; caller frees. */
static char *exported(struct org *o, const char *id)
{
    size_t n = 0;
    json_decref(client_get(&o->c, 200, "/crm/bulk/v8/read/%s", id));
    AUTO_FREE char *path = mem_printf("/crm/bulk/v8/read/%s/result", id), *name = mem_printf("%s.csv", id);
    json_decref(client_call(&o->c, 200, "GET", path, NULL));
    return zip_content(o->c.text, o->c.text_len, name, 1 << 20, &n);
}

static char *export(struct org *o, const char *fields)
{
    AUTO_FREE char *body = mem_printf("{\"query\":{\"module\":{\"api_name\":\"Quotes\"}%s}}", fields);
    return client_made(&o->c, 201, "POST", "/crm/bulk/v8/read", body);
}

static void bulk_reads_show_none(struct org *o)
{
    static const char *const asked[] = {"", ",\"fields\":[\"Subject\",\"Quoted_Items\"]"};
    as(o, o->admin);
    AUTO_FREE char *whole = export(o, ",\"fields\":[\"Margin\"]"), *seen = exported(o, whole);
    assert_non_null(strstr(seen, "7654321"));
    as(o, o->seller);
    AUTO_FREE char *job = mem_printf("/crm/bulk/v8/read/%s", whole), *file = mem_printf("%s/result", job);
    shows_none(o, 404, "GET", job, NULL); /* somebody else's */
    shows_none(o, 404, "GET", file, NULL);
    for (size_t i = 0; i < 2; i++) {
        AUTO_FREE char *id = export(o, asked[i]), *csv = exported(o, id);
        assert_non_null(strstr(csv, "Subject"));
        assert_null(strstr(csv, "7654321"));
        assert_null(strstr(csv, "Margin"));
    }
}

static void no_way_shows_a_seller_cost(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    reads_show_none(o);
    bulk_reads_show_none(o);
    as(o, o->admin);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "/crm/v8/Quotes/%s", o->quote);
    const json_t *line = json_array_get(js_arr(js_path(q, "data[0]"), "Quoted_Items"), 0);
    assert_int_equal(js_int(line, "Cost", 0), 7654321);
}

static void kept(struct org *o)
{
    as(o, o->admin);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "/crm/v8/Quotes/%s", o->quote);
    const json_t *all = js_path(q, "data[0]"), *line = json_array_get(js_arr(all, "Quoted_Items"), 0);
    assert_int_equal(json_array_size(js_arr(all, "Quoted_Items")), 1);
    assert_int_equal(js_int(all, "Margin", 0), 7654321);
    assert_int_equal(js_int(line, "Cost", 0), 7654321);
    assert_int_equal(js_int(line, "Grade", 0), 3);
    as(o, o->seller);
}

/* A bulk update of one CSV; the answer. */
static json_t *import(struct org *o, long status, const char *csv, const char *module)
{
    static const char head[] = "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.zip\"\r\n\r\n";
    size_t n = 0;
    AUTO_FREE char *zip = zip_pack("f.csv", csv, strlen(csv), &n);
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    AUTO_FREE char *org = mem_printf("X-CRM-ORG: %s", js_str(o->c.info, "zgid"));
    o->c.extra = curl_slist_append(curl_slist_append(NULL, "feature: bulk-write"), org);
    sb_add(&b, head);
    sb_addn(&b, zip, n);
    sb_add(&b, "\r\n--XX--\r\n");
    o->c.body_len = b.len;
    AUTO_JSON json_t *a = client_send(&o->c, 200, "POST", "/crm/v8/upload", "multipart/form-data; boundary=XX", b.buf);
    curl_slist_free_all(o->c.extra);
    o->c.extra = NULL;
    AUTO_FREE char *body =
        mem_printf("{\"operation\":\"update\",\"resource\":[{\"type\":\"data\",\"module\":{\"api_name\":\"%s\"},"
                   "\"file_id\":\"%s\",\"find_by\":\"id\"}]}",
                   module, js_str(js_obj(a, "details"), "file_id"));
    return client_call(&o->c, status, "POST", "/crm/bulk/v8/write", body);
}

static void bulk_writes_change_none(struct org *o)
{
    AUTO_FREE char *margin = mem_printf("id,Margin\n%s,1\n", o->quote),
                   *grade = mem_printf("id,Grade\n%s,9\n", o->product);
    AUTO_JSON json_t *hidden = import(o, 400, margin, "Quotes");
    assert_string_equal(js_str(hidden, "code"), "INVALID_FIELD");
    AUTO_JSON json_t *job = import(o, 201, grade, "Products");
    const char *id = js_str(js_obj(job, "details"), "id");
    json_decref(client_get(&o->c, 200, "/crm/bulk/v8/write/%s", id));
    AUTO_JSON json_t *end = client_get(&o->c, 200, "/crm/bulk/v8/write/%s", id);
    assert_int_equal(js_int(js_obj(js_path(end, "resource[0]"), "file"), "skipped_count", 0), 1);
    kept(o);
}

static void no_way_lets_a_seller_write_cost(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s", o->quote),
                   *row = mem_printf("{\"data\":[{\"Quoted_Items\":[{\"id\":\"%s\",\"Cost\":1}]}]}", o->line),
                   *fixed = mem_printf("{\"data\":[{\"Quoted_Items\":[{\"id\":\"%s\",\"Grade\":1}]}]}", o->line),
                   *fresh =
                       mem_printf("{\"data\":[{\"Subject\":\"N\",\"Account_Name\":{\"id\":\"%s\"},\"Quoted_Items\":["
                                  "{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":1,\"Cost\":1}]}]}",
                                  o->account, o->product),
                   *list = mem_printf("/crm/v8/Accounts/%s/Quotes/%s", o->account, o->quote),
                   *mass = mem_printf("{\"data\":[{\"Margin\":1}],\"ids\":[\"%s\"]}", o->quote),
                   *upsert = mem_printf("{\"data\":[{\"id\":\"%s\",\"Margin\":1}]}", o->quote);
    static const char line0[] = "$.data[0].Quoted_Items[0].Cost", margin[] = "$.data[0].Margin";
    client_refused(&o->c, 400, "PUT", path, row, "NO_PERMISSION", line0);
    client_refused(&o->c, 400, "PUT", path, fixed, "NO_PERMISSION", "$.data[0].Quoted_Items[0].Grade");
    client_refused(&o->c, 400, "POST", "/crm/v8/Quotes", fresh, "NO_PERMISSION", line0);
    client_refused(&o->c, 400, "PUT", list, row, "NO_PERMISSION", line0);
    client_refused(&o->c, 400, "PUT", list, "{\"data\":[{\"Margin\":1}]}", "NO_PERMISSION", margin);
    client_refused(&o->c, 400, "POST", "/crm/v8/Quotes/actions/mass_update", mass, "NO_PERMISSION", margin);
    client_refused(&o->c, 400, "POST", "/crm/v8/Quotes/upsert", upsert, "NO_PERMISSION", margin);
    kept(o);
    bulk_writes_change_none(o);
    AUTO_JSON json_t *body = json_pack("{s:i}", "Margin", 1);
    AUTO_JSON json_t *form = sandbox_form(o->c.s, "seller@example.org", "Quotes", o->quote, body);
    assert_string_equal(js_str(form, "code"), "NO_PERMISSION");
    AUTO_FREE char *open = mem_printf("{\"data\":[{\"Quoted_Items\":[{\"id\":\"%s\",\"Quantity\":2}]}]}", o->line);
    free(client_made(&o->c, 200, "PUT", path, open)); /* what is open stays open */
    kept(o);
}

/* A copy is made of what its maker may write. */
static void a_seller_clones_without_cost(void **state)
{
    struct org *o = *state;
    as(o, o->seller);
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s/actions/clone", o->quote);
    AUTO_FREE char *id = client_made(&o->c, 201, "POST", path, "{\"data\":[{\"Subject\":\"Copy\"}]}");
    as(o, o->admin);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "/crm/v8/Quotes/%s", id);
    const json_t *all = js_path(q, "data[0]");
    assert_true(json_is_null(json_object_get(all, "Margin")));
    assert_null(json_object_get(json_array_get(js_arr(all, "Quoted_Items"), 0), "Cost"));
}

/* What a rule writes is the rule's, whoever set it off (access.h). */
static void a_rule_writes_what_its_user_may_not(void **state)
{
    struct org *o = *state;
    static const char update[] = "{\"field_updates\":[{\"name\":\"Set "
                                 "margin\",\"module\":{\"api_name\":\"Quotes\"},\"feature_type\":\"workflow\","
                                 "\"type\":\"static\",\"field\":{\"api_name\":\"Margin\"},\"value\":\"5\"}]}";
    AUTO_FREE char *action = client_made(&o->c, 201, "POST", "/crm/v8/settings/automation/field_updates", update);
    AUTO_FREE char *rule = mem_printf(
        "{\"workflow_rules\":[{\"name\":\"Rule\",\"module\":{\"api_name\":\"Quotes\"},\"execute_when\":{\"type\":"
        "\"create_or_edit\",\"details\":{\"repeat\":true}},\"conditions\":[{\"sequence_number\":1,\"criteria_details\":"
        "{"
        "\"criteria\":{\"comparator\":\"equal\",\"field\":{\"api_name\":\"Subject\"},\"value\":\"R\"}},"
        "\"instant_actions\":{\"actions\":[{\"type\":\"field_updates\",\"id\":\"%s\"}]}}]}]}",
        action);
    free(client_made(&o->c, 201, "POST", "/crm/v8/settings/automation/workflow_rules", rule));
    as(o, o->seller);
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s", o->quote);
    free(client_made(&o->c, 200, "PUT", path, "{\"data\":[{\"Subject\":\"R\"}]}"));
    as(o, o->admin);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "%s", path);
    assert_int_equal(js_int(js_path(q, "data[0]"), "Margin", 0), 5);
}

/* ---- the page ---- */

static char *seller_id(struct org *o)
{
    as(o, o->admin);
    AUTO_JSON json_t *a = client_get(&o->c, 200, "/crm/v8/users?type=AllUsers");
    return mem_dup(js_str(pick(js_arr(a, "users"), "full_name", "Seller One"), "id"));
}

static void sign_in(struct org *o)
{
    json_decref(client_send(&o->c, 303, "GET", strstr(js_str(o->c.info, "page_url"), "/page"), "text/plain", NULL));
    const char *set = strstr(o->c.headers, "Set-Cookie: ") + strlen("Set-Cookie: ");
    AUTO_FREE char *line = mem_printf("Cookie: %.*s", (int)strcspn(set, ";"), set);
    o->c.extra = curl_slist_append(NULL, line);
}

static void save_page(struct org *o, long status, const char *path, const char *fields)
{
    json_decref(client_send(&o->c, 200, "GET", path, "text/plain", NULL));
    const char *at = strstr(o->c.text, "name=\"token\" value=\"");
    assert_non_null(at);
    AUTO_FREE char *body = mem_printf("token=%.64s&do=save&%s", at + 20, fields);
    json_decref(client_send(&o->c, status, "POST", path, "application/x-www-form-urlencoded", body));
}

static void the_page_shows_and_saves_as_the_chosen_user(void **state)
{
    struct org *o = *state;
    AUTO_FREE char *seller = seller_id(o);
    AUTO_FREE char *edit = mem_printf("/page/edit/Quotes/%s", o->quote);
    static const char *const pages[] = {"/page/record/Quotes/%s", "/page/edit/Quotes/%s", "/page/module/Quotes"};
    sign_in(o);
    for (size_t i = 0; i < 3; i++) {
        AUTO_FREE char *path = with_quote(o, pages[i]), *as = mem_printf("%s?as=%s", path, seller);
        json_decref(client_send(&o->c, 200, "GET", path, "text/plain", NULL));
        assert_true(i == 2 || strstr(o->c.text, "7654321"));
        json_decref(client_send(&o->c, 200, "GET", as, "text/plain", NULL));
        assert_null(strstr(o->c.text, "7654321"));
        assert_null(strstr(o->c.text, "Margin"));
        assert_null(strstr(o->c.text, "Cost"));
    }
    AUTO_FREE char *cost = mem_printf("as=%s&Quoted_Items.0.id=%s&Quoted_Items.0.Cost=1", seller, o->line),
                   *margin = mem_printf("as=%s&Margin=1", seller), *subject = mem_printf("as=%s&Subject=S", seller);
    save_page(o, 422, edit, cost);
    assert_non_null(strstr(o->c.text, "NO_PERMISSION"));
    assert_null(strstr(o->c.text, "7654321"));
    save_page(o, 422, edit, margin);
    save_page(o, 303, edit, subject); /* and the hidden tick that no form of theirs has stays */
    curl_slist_free_all(o->c.extra);
    o->c.extra = NULL;
    kept(o);
    as(o, o->admin);
    AUTO_JSON json_t *q = client_get(&o->c, 200, "/crm/v8/Quotes/%s", o->quote);
    assert_true(js_bool(js_path(q, "data[0]"), "Released", false));
    assert_string_equal(js_str(js_obj(js_path(q, "data[0]"), "Modified_By"), "name"), "Seller One");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_seller_cannot_read_cost),
        T(a_seller_writes_neither_hidden_nor_read_only_fields),
        T(settings_are_for_administrators),
        T(a_module_is_closed_to_profiles_it_does_not_list),
        T(no_way_shows_a_seller_cost),
        T(no_way_lets_a_seller_write_cost),
        T(a_seller_clones_without_cost),
        T(a_rule_writes_what_its_user_may_not),
        T(the_page_shows_and_saves_as_the_chosen_user),
        T(the_current_user_is_the_one_behind_the_token),
    };
    return cmocka_run_group_tests_name("sandbox/permission", tests, NULL, NULL);
}
