/* The window: driven as a browser without script drives it. Sources: sandbox/page/page.h. */
#include <string.h>

#include "base/sb.h"
#include "base/text.h"
#include "tests/sandbox/client.h"

#define HOSTILE         "\\\"><img src=x onerror=alert(1)>'&<script>alert(2)</script>{{x}}"
#define HOSTILE_PLAIN   "\"><img src=x onerror=alert(1)>'&<script>alert(2)</script>{{x}}"
#define LEAF(f, cmp, v) "{\"field\":{\"api_name\":\"" f "\"},\"comparator\":\"" cmp "\",\"value\":\"" v "\"}"
#define WAY(from, to, name)                                                                                            \
    "{\"from_state\":{\"api_name\":\"" from "\"},\"to_state\":{\"api_name\":\"" to                                     \
    "\"},\"transitions\":{\"name\":\"" name "\"}}"

static void header(struct client *c, const char *text)
{
    c->extra = curl_slist_append(c->extra, text);
}

static void no_headers(struct client *c)
{
    curl_slist_free_all(c->extra);
    c->extra = NULL;
}

static const char *answered_header(const struct client *c, const char *name)
{
    const char *at = strstr(c->headers, name);
    return at ? at + strlen(name) : "";
}

/* The page_url's path, which signs in; the cookie goes with every later call. */
static char *cookie(struct client *c)
{
    const char *entry = strstr(js_str(c->info, "page_url"), "/page");
    json_decref(client_send(c, 303, "GET", entry, "text/plain", NULL));
    const char *set = answered_header(c, "Set-Cookie: ");
    return mem_printf("Cookie: %.*s", (int)strcspn(set, ";"), set);
}

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, &(struct sandbox_options){.seed_dir = "tests/sandbox/page-org"});
    AUTO_FREE char *in = cookie(c);
    header(c, in);
    *state = c;
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

static const char *look(struct client *c, long status, const char *path)
{
    json_decref(client_send(c, status, "GET", path, "text/plain", NULL));
    return c->text;
}

static char *token(const char *page)
{
    const char *at = strstr(page, "name=\"token\" value=\"");
    return at ? mem_dupn(at + 20, 64) : mem_dup("");
}

/* Sends a form as its page shows it: `fields` are name, value, …, NULL. */
static void submit(struct client *c, long status, const char *path, ...)
{
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    AUTO_FREE char *secret = token(look(c, 200, path));
    sb_addf(&b, "token=%s", secret);
    va_list ap;
    va_start(ap, path);
    for (const char *name; (name = va_arg(ap, const char *));) {
        AUTO_FREE char *value = text_percent_encode(va_arg(ap, const char *));
        sb_addf(&b, "&%s=%s", name, value);
    }
    va_end(ap);
    json_decref(client_send(c, status, "POST", path, "application/x-www-form-urlencoded", b.buf));
}

static void says(const struct client *c, const char *text)
{
    if (!strstr(c->text, text)) {
        fail_msg("'%s' is not on the page: %.3000s", text, c->text);
    }
}

static void went_to(const struct client *c, const char *path)
{
    assert_memory_equal(answered_header(c, "Location: "), path, strlen(path));
}

static char *user(struct client *c, const char *name)
{
    no_headers(c);
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/users?type=AllUsers");
    AUTO_FREE char *in = cookie(c);
    header(c, in);
    return mem_dup(js_str(pick(js_arr(a, "users"), "full_name", name), "id"));
}

static char *made(struct client *c, const char *module, const char *fields)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/%s", module), *body = mem_printf("{\"data\":[{%s}]}", fields);
    return client_made(c, 201, "POST", path, body);
}

static char *quote(struct client *c, const char *subject)
{
    AUTO_FREE char *account = made(c, "Accounts", "\"Account_Name\":\"" HOSTILE "\"");
    AUTO_FREE char *product = made(c, "Products", "\"Product_Name\":\"Panel\",\"Description\":\"" HOSTILE "\"");
    AUTO_FREE char *fields =
        mem_printf("\"Subject\":\"%s\",\"Quote_Stage\":\"Draft\",\"Account_Name\":{\"id\":\"%s\"},"
                   "\"Quoted_Items\":[{\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":2,\"List_Price\":10}]",
                   subject, account, product);
    return made(c, "Quotes", fields);
}

static void click(struct client *c, const char *kind, const char *module, const char *name, const char *body,
                  const char *source)
{
    struct err e = {0};
    AUTO_JSON json_t *b = json_loads(body, 0, NULL);
    assert_non_null(b);
    if (sandbox_ui(c->s, kind, module, name, b, source, false, &e)) {
        fail_msg("%s: %s", kind, e.what);
    }
}

static const char release[] =
    "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"entry_criteria\":" LEAF(
        "Subject", "not_equal",
        "none") ",\"states\":[{"
                "\"api_name\":\"Draft\"},{\"api_name\":\"Delivered\"},{\"api_name\":\"Confirmed\"}],\"transitions\":[{"
                "\"name\":"
                "\"Send\",\"during_inputs\":[{\"sequence\":1,\"type\":\"field\",\"optional\":false,\"field\":{\"api_"
                "name\":"
                "\"Valid_Till\"}}]},{\"name\":\"Hurry\",\"criteria\":" LEAF(
                    "Team", "equal", HOSTILE) "},{\"name\":\"Confirm\"}],"
                                              "\"connections\":[" WAY("Draft", "Delivered", "Send") "," WAY(
                                                  "Draft", "Confirmed", "Hurry") "," WAY("Delivered", "Confirmed",
                                                                                         "Confirm") "]}";

/* ---- who may ---- */

static void without_its_key_there_is_no_page(void **state)
{
    struct client *c = *state;
    no_headers(c);
    look(c, 403, "/page");
    says(c, "zagent sandbox start");
    assert_null(strstr(c->text, "Quotes"));
    look(c, 403, "/page?key=00000000000000000000000000000000");
    look(c, 403, "/page/requests");
    AUTO_FREE char *wrong = mem_printf("Cookie: zagent_page_%d=%064d", (int)js_int(c->info, "port", 0), 0);
    header(c, wrong);
    look(c, 403, "/page");
    json_decref(client_send(c, 403, "POST", "/page", "application/x-www-form-urlencoded", "do=clock&by=1"));
    look(c, 200, "/page/style.css");
}

static void the_cookie_stays_with_the_page(void **state)
{
    struct client *c = *state;
    free(cookie(c));
    const char *set = answered_header(c, "Set-Cookie: ");
    static const char *const wanted[] = {"; Path=/page;", "; HttpOnly", "; SameSite=Strict"};
    for (size_t i = 0; i < 3; i++) {
        assert_non_null(strstr(set, wanted[i]));
    }
    const char *key = strstr(js_str(c->info, "page_url"), "key=") + 4;
    assert_null(strstr(c->headers, key));
    assert_null(strstr(look(c, 200, "/page"), key));
}

static void a_name_that_someone_points_at_this_machine_is_refused(void **state)
{
    struct client *c = *state;
    header(c, "Host: rebound.example");
    look(c, 421, "/page");
    no_headers(c);
    AUTO_FREE char *other = mem_printf("Host: 127.0.0.1:%d", (int)js_int(c->info, "port", 0) + 1), *in = cookie(c);
    header(c, in);
    header(c, other);
    look(c, 421, "/page");
}

static void every_page_forbids_what_is_not_its_own(void **state)
{
    struct client *c = *state;
    static const char *const wanted[] = {
        "Content-Security-Policy: default-src 'none'; style-src 'self'; form-action 'self'", "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff", "Cache-Control: no-store"};
    static const char *const paths[] = {"/page", "/page/nowhere", "/page/style.css"};
    for (size_t i = 0; i < 3; i++) {
        look(c, i == 1 ? 404 : 200, paths[i]);
        for (size_t k = 0; k < 4; k++) {
            assert_non_null(strstr(c->headers, wanted[k]));
        }
        assert_null(strstr(c->text, "<script"));
        assert_null(strstr(c->text, " style="));
    }
}

static void a_form_from_elsewhere_does_nothing(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, "kept"), *path = mem_printf("/page/record/Quotes/%s", id);
    AUTO_FREE char *mine = token(look(c, 200, path)), *other = token(look(c, 200, "/page"));
    AUTO_FREE char *bare = mem_dup("do=delete"), *foreign = mem_printf("do=delete&token=%s", other),
                   *right = mem_printf("do=delete&token=%s", mine);
    static const char form[] = "application/x-www-form-urlencoded";
    json_decref(client_send(c, 403, "POST", path, form, bare));
    json_decref(client_send(c, 403, "POST", path, form, foreign));
    static const char *const bad[] = {"Origin: http://rebound.example", "Origin: null", "Sec-Fetch-Site: cross-site",
                                      "Sec-Fetch-Site: same-site"};
    for (size_t i = 0; i < 4; i++) {
        AUTO_FREE char *in = cookie(c);
        no_headers(c);
        header(c, in);
        header(c, bad[i]);
        json_decref(client_send(c, 403, "POST", path, form, right));
    }
    json_decref(client_get(c, 200, "/crm/v8/Quotes/%s", id));
    AUTO_FREE char *in = cookie(c), *origin = mem_printf("Origin: %s", js_str(c->info, "api_url"));
    no_headers(c);
    header(c, in);
    header(c, origin);
    header(c, "Sec-Fetch-Site: same-origin");
    json_decref(client_send(c, 303, "POST", path, form, right));
    went_to(c, "/page/module/Quotes?done=deleted");
    json_decref(client_get(c, 204, "/crm/v8/Quotes/%s", id));
}

/* ---- hostile values, every link ---- */

static void hostile_org(struct client *c)
{
    click(c, "email_template", "Quotes", HOSTILE_PLAIN, "{\"subject\":\"" HOSTILE "\",\"content\":\"" HOSTILE "\"}",
          NULL);
    click(c, "email_notification", "Quotes", HOSTILE_PLAIN,
          "{\"template\":{\"name\":\"" HOSTILE "\"},\"recipients\":[{\"type\":\"emails\",\"details\":{\"emails\":[\""
          "a@example.org\"]}},{\"type\":\"" HOSTILE "\"}]}",
          NULL);
    click(c, "function", NULL, "fails", "{\"category\":\"Automation\"}",
          "void fails(){\ninfo \"" HOSTILE "\";\nx = 1/0;\n}");
    click(c, "function_wrapper", "Quotes", HOSTILE_PLAIN,
          "{\"function\":{\"name\":\"fails\"},\"language\":\"deluge\",\"arguments\":[]}", NULL);
    click(c, "workflow_rule", "Quotes", HOSTILE_PLAIN,
          "{\"execute_when\":{\"type\":\"create\",\"details\":{\"trigger_module\":{\"api_name\":\"Quotes\"},\"repeat\":"
          "true}},"
          "\"conditions\":[{\"sequence_number\":1,\"criteria_details\":{\"criteria\":" LEAF(
              "Subject", "not_equal",
              HOSTILE "2") "},\"instant_actions\":{\"actions\":[{\"type\":\"email_notifications\",\"name\":\"" HOSTILE
                           "\"},{\"type\":\"functions\",\"name\":\"" HOSTILE "\"}]}}]}",
          NULL);
    click(c, "blueprint", "Quotes", HOSTILE_PLAIN, release, NULL);
    click(c, "validation_rule", "Accounts", HOSTILE_PLAIN,
          "{\"layout\":{\"name\":\"Standard\"},\"type\":\"criteria\",\"field\":{\"api_name\":\"Phone\"},"
          "\"criteria\":" LEAF("Phone", "equal", HOSTILE) ",\"message\":\"" HOSTILE "\"}",
          NULL);
    free(quote(c, HOSTILE));
    json_decref(client_get(c, 404, "/crm/v8/settings/%%22%%3E%%3Cimg%%3E"));
}

static void add_links(json_t *todo, const char *page)
{
    for (const char *at = page; (at = strstr(at, "href=\""));) {
        at += 6;
        AUTO_SB struct sb link = SB_INIT(4096);
        size_t n = strcspn(at, "\"");
        for (size_t i = 0; i < n; i++) { /* the one entity an address of ours has */
            sb_addc(&link, at[i]);
            i += strncmp(at + i, "&amp;", 5) == 0 ? 4 : 0;
        }
        if (strncmp(link.buf, "/page", 5) == 0) {
            js_array_add_unique(todo, link.buf);
        }
    }
}

static void every_link_leads_to_a_page_and_no_value_becomes_markup(void **state)
{
    struct client *c = *state;
    hostile_org(c);
    AUTO_JSON json_t *todo = json_pack("[s]", "/page");
    bool seen = false;
    for (size_t i = 0; i < json_array_size(todo) && i < 300; i++) {
        const char *path = json_string_value(json_array_get(todo, i));
        look(c, 200, path);
        if (strcmp(path, "/page/style.css") == 0) {
            continue;
        }
        seen = seen || strstr(c->text, "&lt;img src=x onerror=alert(1)&gt;");
        static const char *const markup[] = {"<img", "<script", "\">'", "='"};
        for (size_t k = 0; k < 4; k++) {
            if (strstr(c->text, markup[k])) {
                fail_msg("%s has %s", path, strstr(c->text, markup[k]));
            }
        }
        add_links(todo, c->text);
    }
    assert_true(seen);
    assert_true(json_array_size(todo) > 40);
}

static void the_outbox_and_the_failures_are_there_to_read(void **state)
{
    struct client *c = *state;
    hostile_org(c);
    look(c, 200, "/page/outbox");
    says(c, "a@example.org");
    look(c, 200, "/page");
    says(c, "<td>fails</td>");
    look(c, 200, "/page/functions");
    says(c, "<span class=\"tag bad\">failure</span>");
    look(c, 200, "/page/requests");
    says(c, "/crm/v8/settings/&quot;&gt;&lt;img&gt;");
}

static void an_empty_org_says_what_to_do_next(void **state)
{
    struct client *c = *state;
    static const char *const pages[][2] = {
        {"/page/blueprints", "No Blueprint yet"}, {"/page/rules", "No workflow rule yet"},
        {"/page/functions", "No function yet"},   {"/page/outbox", "Nothing would have been sent"},
        {"/page/module/Leads", "No records yet"}, {"/page", "Nothing has failed"}};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        look(c, 200, pages[i][0]);
        says(c, pages[i][1]);
    }
}

/* ---- forms ---- */

static void a_record_is_saved_as_the_chosen_user_and_validation_rules_bind(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *seller = user(c, "Seller One");
    submit(c, 303, "/page/setup/validation_rule/Accounts", "name", "No test phones", "field", "Phone", "message",
           "Give a real number", "join", "and", "field.0", "Phone", "comparator.0", "starts_with", "value.0", "000",
           NULL);
    submit(c, 422, "/page/edit/Accounts", "as", seller, "Account_Name", "Acme", "Phone", "0001", NULL);
    says(c, "Give a real number (validation rule “No test phones”)</p></div>");
    says(c, "aria-invalid=\"true\" aria-errormessage=\"Phone-error\"");
    says(c, "value=\"0001\"");
    submit(c, 303, "/page/edit/Accounts", "as", seller, "Account_Name", "Acme", "Phone", "1234", "Description",
           "two\r\nlines", NULL);
    went_to(c, "/page/record/Accounts/");
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Accounts?fields=Account_Name,Phone,Created_By,Owner,Description");
    const json_t *r = pick(js_arr(a, "data"), "Account_Name", "Acme");
    assert_string_equal(js_str(js_obj(r, "Created_By"), "name"), "Seller One");
    assert_string_equal(js_str(js_obj(r, "Owner"), "name"), "Seller One");
    assert_string_equal(js_str(r, "Description"), "two\nlines");
    submit(c, 422, "/page/edit/Accounts", "as", "1", "Account_Name", "Acme", NULL);
    says(c, "Choose one of the users.");
}

static void line_items_change_join_and_leave_on_the_form(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *seller = user(c, "Seller One"), *id = quote(c, "Q"), *path = mem_printf("/page/edit/Quotes/%s", id);
    AUTO_FREE char *product = made(c, "Products", "\"Product_Name\":\"Cable\"");
    submit(c, 422, path, "as", seller, "Subject", "Q", "Quote_Stage", "Draft", "Quoted_Items.2.Quantity", "3", NULL);
    says(c, "id=\"Quoted_Items.2.Product_Name-error\">This is required.");
    AUTO_JSON json_t *before = client_get(c, 200, "/crm/v8/Quotes/%s", id);
    const json_t *row = js_path(before, "data[0].Quoted_Items[0]"), *account = js_path(before, "data[0].Account_Name");
    submit(c, 303, path, "as", seller, "Subject", "Q2", "Quote_Stage", "Draft", "Account_Name", js_str(account, "id"),
           "Quoted_Items.0.id", js_str(row, "id"), "Quoted_Items.0.Product_Name",
           js_str(js_obj(row, "Product_Name"), "id"), "Quoted_Items.0.Quantity", "5", "Quoted_Items.0.List_Price", "10",
           "Quoted_Items.1.Product_Name", product, "Quoted_Items.1.Quantity", "1", "Quoted_Items.1.List_Price", "7",
           NULL);
    AUTO_JSON json_t *after = client_get(c, 200, "/crm/v8/Quotes/%s", id);
    assert_int_equal(json_array_size(js_path(after, "data[0].Quoted_Items")), 2);
    assert_true(json_number_value(js_path(after, "data[0].Grand_Total")) == 57);
    assert_string_equal(js_str(js_path(after, "data[0]"), "Subject"), "Q2");
    submit(c, 303, path, "as", seller, "Subject", "Q2", "Quote_Stage", "Draft", "Account_Name", js_str(account, "id"),
           "Quoted_Items.0.remove", "true", "Quoted_Items.1.Product_Name", product, "Quoted_Items.1.Quantity", "1",
           "Quoted_Items.1.List_Price", "7", NULL);
    AUTO_JSON json_t *last = client_get(c, 200, "/crm/v8/Quotes/%s", id);
    assert_int_equal(json_array_size(js_path(last, "data[0].Quoted_Items")), 1);
}

static void a_transition_asks_for_its_fields_and_moves_the_record(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *seller = user(c, "Seller One");
    click(c, "blueprint", "Quotes", "Release", release, NULL);
    AUTO_FREE char *id = quote(c, "Q"), *path = mem_printf("/page/record/Quotes/%s", id);
    AUTO_JSON json_t *ways = client_get(c, 200, "/crm/v8/Quotes/%s/actions/blueprint", id);
    const char *way = js_str(pick(js_path(ways, "blueprint.transitions"), "name", "Send"), "id");
    const char *shut = js_str(pick(js_path(ways, "blueprint.transitions"), "name", "Hurry"), "id");
    look(c, 200, path);
    says(c, "not offered now");
    AUTO_FREE char *input = mem_printf("T%s.Valid_Till", way),
                   *error = mem_printf("id=\"%s-error\">This is required.", input);
    submit(c, 422, path, "do", "transition", "transition", way, "as", seller, NULL);
    says(c, error);
    submit(c, 422, path, "do", "transition", "transition", shut, "as", seller, NULL);
    says(c, "invalid transition");
    submit(c, 303, path, "do", "transition", "transition", way, "as", seller, input, "2026-12-01", NULL);
    AUTO_JSON json_t *r = client_get(c, 200, "/crm/v8/Quotes/%s", id);
    assert_string_equal(js_str(js_path(r, "data[0]"), "Quote_Stage"), "Delivered");
    assert_string_equal(js_str(js_path(r, "data[0].Modified_By"), "name"), "Seller One");
}

static void what_only_a_person_can_do_is_done_in_setup(void **state)
{
    struct client *c = *state;
    submit(c, 303, "/page/setup/email_template/Quotes", "name", "Differs", "subject", "${!Quotes.Subject} differs",
           "content", "Look.", NULL);
    submit(c, 303, "/page/setup/connection", "name", "mailer", "service", "Zoho Mail", "scopes", "one\ntwo", NULL);
    submit(c, 303, "/page/setup/other", "kind", "variable", "name", "Limit", "body",
           "{\"api_name\":\"limit\",\"type\":\"integer\",\"value\":\"5\",\"variable_group\":{\"name\":\"General\"}}",
           NULL);
    submit(c, 422, "/page/setup/other", "kind", "variable", "name", "Limit", "body", "{", NULL);
    says(c, "id=\"body-error\">Line 1");
    submit(c, 422, "/page/setup/email_template/Quotes", "name", "", "subject", "kept", NULL);
    says(c, "id=\"name-error\">This is required.");
    says(c, "value=\"kept\"");
    AUTO_JSON json_t *t = client_get(c, 200, "/crm/v8/settings/email_templates");
    assert_true(has(js_arr(t, "email_templates"), "name", "Differs"));
}

/* The hand-over's commonest step: a function picked in a rule that is there, twice saved and once run. */
static void a_function_is_picked_in_a_rule_in_setup(void **state)
{
    struct client *c = *state;
    click(c, "function", NULL, "mark", "{\"name\":\"Mark\",\"category\":\"automation\"}",
          "void automation.mark(String quote_id)\n{\n\tinfo quote_id;\n}");
    click(c, "field_update", "Quotes", "U",
          "{\"field\":{\"api_name\":\"Description\"},\"type\":\"static\",\"value\":\"seen\"}", NULL);
    click(
        c, "workflow_rule", "Quotes", "On create",
        "{\"execute_when\":{\"type\":\"create\",\"details\":{\"trigger_module\":{\"api_name\":\"Quotes\"},\"repeat\":"
        "true}},\"conditions\":[{\"sequence_number\":1,"
        "\"criteria_details\":null,\"instant_actions\":{\"actions\":[{\"type\":\"field_updates\",\"name\":\"U\"}]}}]}",
        NULL);
    look(c, 200, "/page/setup/function_wrapper/Quotes");
    says(c, "value=\"workflow_rule/1/On%20create\"");
    submit(c, 422, "/page/setup/function_wrapper/Quotes", "name", "Run mark", NULL);
    says(c, "id=\"function-error\">This is required.");
    for (int i = 0; i < 2; i++) {
        submit(c, 303, "/page/setup/function_wrapper/Quotes", "name", "Run mark", "function", "mark", "argument.0",
               "quote_id", "given.0", "${!Quotes.Id}", "places", "workflow_rule/1/On%20create", NULL);
    }
    AUTO_JSON json_t *rules = client_get(c, 200,
                                         "/crm/v8/settings/automation/workflow_rules?include_inner_details="
                                         "conditions.instant_actions.actions.name");
    assert_int_equal(json_array_size(js_path(rules, "workflow_rules[0].conditions[0].instant_actions.actions")), 2);
    free(quote(c, "Q"));
    look(c, 200, "/page/functions");
    says(c, "good");
}

static void a_blueprint_is_switched_off_and_published_by_its_page(void **state)
{
    struct client *c = *state;
    click(c, "blueprint", "Quotes", "Release", release, NULL);
    AUTO_JSON json_t *all = client_get(c, 200, "/crm/v8/settings/blueprints");
    AUTO_FREE char *path = mem_printf("/page/blueprint/%s", js_str(js_path(all, "blueprints[0]"), "id"));
    submit(c, 303, path, "do", "off", NULL);
    look(c, 200, path);
    says(c, "It is a draft or switched off");
    free(quote(c, "before"));
    submit(c, 303, path, "do", "publish", NULL);
    free(quote(c, "after"));
    look(c, 200, path);
    says(c, "It is published");
    says(c, "<span>Draft</span> <b>1</b>");
}

static void the_clock_moves_on_and_never_back(void **state)
{
    struct client *c = *state;
    submit(c, 303, "/page", "do", "clock", "by", "3", "unit", "86400", NULL);
    look(c, 200, "/page?done=clock");
    says(c, "The clock was moved on");
    says(c, "2026-02-05");
    submit(c, 422, "/page", "do", "clock", "by", "-3", "unit", "86400", NULL);
    says(c, "the clock does not go back");
}

static void looking_costs_no_credits_and_is_no_request(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *before = sandbox_status(c->s);
    look(c, 200, "/page/module/Quotes?q=%22%27%25&n=2");
    look(c, 404, "/page/module/Nowhere");
    look(c, 404, "/page/record/Quotes/abc");
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_true(json_equal(before, after));
}

static void the_request_log_keeps_no_secret(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *path =
        mem_printf("/oauth/v2/token?grant_type=refresh_token&client_id=%s&client_secret=%s&refresh_token=%s",
                   js_str(c->info, "client_id"), js_str(c->info, "client_secret"), js_str(c->info, "refresh_token"));
    json_decref(client_call(c, 200, "POST", path, NULL));
    AUTO_FREE char *long_path = mem_printf("/crm/v8/Quotes?fields=%0300d", 1);
    json_decref(client_call(c, 204, "GET", long_path, NULL));
    look(c, 200, "/page/requests");
    says(c, "/oauth/v2/token</code>");
    says(c, "/crm/v8/Quotes?fields=");
    static const char *const secrets[] = {"client_secret", "refresh_token"};
    for (size_t i = 0; i < 2; i++) {
        assert_null(strstr(c->text, js_str(c->info, secrets[i])));
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(without_its_key_there_is_no_page),
        T(the_cookie_stays_with_the_page),
        T(a_name_that_someone_points_at_this_machine_is_refused),
        T(every_page_forbids_what_is_not_its_own),
        T(a_form_from_elsewhere_does_nothing),
        T(every_link_leads_to_a_page_and_no_value_becomes_markup),
        T(the_outbox_and_the_failures_are_there_to_read),
        T(an_empty_org_says_what_to_do_next),
        T(a_record_is_saved_as_the_chosen_user_and_validation_rules_bind),
        T(line_items_change_join_and_leave_on_the_form),
        T(a_transition_asks_for_its_fields_and_moves_the_record),
        T(what_only_a_person_can_do_is_done_in_setup),
        T(a_function_is_picked_in_a_rule_in_setup),
        T(a_blueprint_is_switched_off_and_published_by_its_page),
        T(the_clock_moves_on_and_never_back),
        T(looking_costs_no_credits_and_is_no_request),
        T(the_request_log_keeps_no_secret),
    };
    return cmocka_run_group_tests_name("sandbox/page", tests, NULL, NULL);
}
