/* A SalesIQ portal: reading chats, first human answers, missed chats, webhooks into the outbox. Sources: salesiq/help/developer-section
 * get-conversation-list-details-v2, get-conversation-details-v2, rest-api-department-list, update-webhook-v2,
 * generate-public-key-webhook-v2, send-message-operator-conversation-v2, rest-api-v2; salesiq/help/webhook-events-conversation. */
#include <string.h>

#include "tests/sandbox/client.h"

#define PORTAL "/api/v2/example/"

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

/* HTTP 200 with an error in it: rest-api-v2. */
static void refused(struct client *c, const char *method, const char *path, const char *body, int code, const char *key)
{
    AUTO_JSON json_t *a = client_call(c, 200, method, path, body);
    const json_t *error = js_obj(a, "error");
    assert_int_equal(js_int(error, "code", 0), code);
    assert_non_null(js_str(error, "message"));
    if (key) {
        assert_string_equal(js_str_or(error, "json_key", js_str_or(error, "param", "")), key);
    }
}

static json_t *chats(struct client *c, const char *query, size_t n)
{
    json_t *a = client_get(c, 200, PORTAL "conversations%s", query);
    assert_int_equal(json_array_size(js_arr(a, "data")), n);
    return a;
}

static void chats_are_listed_by_status_department_and_time(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *query;
        size_t n;
    } rows[] = {{"", 3},
                {"?status=missed", 1},
                {"?status=waiting", 1},
                {"?status=open", 1},
                {"?status=closed", 1},
                {"?status=connected", 0},
                {"?email=two@example.org", 1},
                {"?from_time=1769983200000", 2},
                {"?from_time=1769983200000&to_time=1769983200000", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_decref(chats(c, rows[i].query, rows[i].n));
    }
    AUTO_JSON json_t *d = client_get(c, 200, PORTAL "departments");
    assert_string_equal(js_str(d, "object"), "list");
    assert_string_equal(js_str(d, "url"), PORTAL "departments");
    AUTO_FREE char *by_department =
        mem_printf("?department_id=%s", js_str(pick(js_arr(d, "data"), "name", "Service"), "id"));
    json_decref(chats(c, by_department, 1));
    refused(c, "GET", PORTAL "conversations?status=lost", NULL, 1000, "status");
}

static void a_page_says_whether_there_is_more(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *first = chats(c, "?limit=2", 2), *second = chats(c, "?limit=2&page=2", 1),
                     *from = chats(c, "?limit=2&index=3", 1);
    assert_true(js_bool(first, "more_data_available", false));
    assert_false(js_bool(second, "more_data_available", true));
    assert_true(json_equal(js_arr(second, "data"), js_arr(from, "data")));
    refused(c, "GET", PORTAL "conversations?limit=100", NULL, 1000, "limit");
}

/* attended_time is the bot's; whoever wants the first person reads the messages (zoho-api.md 5.1). */
static void the_first_human_answer_is_told_from_the_bots(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = chats(c, "?status=end", 1);
    const json_t *chat = json_array_get(js_arr(a, "data"), 0);
    assert_string_equal(js_str(chat, "start_time"), "1769936400000");
    assert_string_equal(js_str(chat, "attended_time"), "1769936402000");
    assert_string_equal(js_str(chat, "end_time"), "1769937600000");
    assert_false(js_bool(js_obj(chat, "attender"), "is_bot", true));
    AUTO_JSON json_t *m = client_get(c, 200, PORTAL "conversations/%s/messages", js_str(chat, "id"));
    const json_t *bot = json_array_get(js_arr(m, "data"), 0), *person = json_array_get(js_arr(m, "data"), 1);
    assert_string_equal(js_str(js_obj(bot, "sender"), "type"), "bot");
    assert_string_equal(js_str(js_obj(person, "sender"), "type"), "operator");
    assert_string_equal(js_str(person, "time"), "1769936700000");
    AUTO_JSON json_t *one = client_get(c, 200, PORTAL "conversations/%s", js_str(chat, "id"));
    assert_string_equal(js_str(one, "object"), "conversations");
    assert_true(json_equal(js_obj(one, "data"), chat));
    refused(c, "GET", PORTAL "conversations/1", NULL, 1000, NULL);
}

static void bots_are_no_operators(void **state)
{
    AUTO_JSON json_t *a = client_get(*state, 200, PORTAL "operators");
    assert_int_equal(json_array_size(js_arr(a, "data")), 2);
    assert_false(has(js_arr(a, "data"), "name", "Greeter"));
}

/* ---- webhooks ---- */

static char *hook(struct client *c, const char *events)
{
    AUTO_FREE char *body = mem_printf(
        "{\"type\":\"data\",\"url\":\"https://watch.example.org/salesiq\",\"events\":[%s],\"secured\":true}", events);
    AUTO_JSON json_t *a = client_call(c, 200, "POST", PORTAL "webhooks", body);
    assert_string_equal(js_str(a, "object"), "webhook");
    assert_string_equal(js_str(js_obj(a, "data"), "status"), "enabled");
    return mem_dup(js_str(js_obj(a, "data"), "id"));
}

static void does(struct client *c, const char *which, const char *text)
{
    AUTO_JSON json_t *body = json_loads(text, 0, NULL);
    struct err e = {0};
    if (sandbox_ui(c->s, "chat", NULL, which, body, NULL, false, &e)) {
        fail_msg("%s: %s", text, e.what);
    }
}

static void a_chat_reaches_the_outbox_event_by_event(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = hook(c, "\"conversation.created\",\"conversation.attender.updated\",\"conversation.operator."
                                 "replied\",\"conversation.missed\"");
    does(c, NULL,
         "{\"event\":\"conversation.created\",\"department\":\"Sales\",\"question\":\"Hello?\",\"visitor\":{\"name\":"
         "\"Visitor four\",\"email\":\"four@example.org\"}}");
    c->now += 90;
    does(c, "4", "{\"event\":\"conversation.attender.updated\",\"operator\":\"seller@example.org\"}");
    does(c, "4", "{\"event\":\"conversation.operator.replied\",\"text\":\"Good day.\"}");
    does(c, "4", "{\"event\":\"conversation.visitor.replied\",\"text\":\"At last.\"}");
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    const json_t *sent = js_arr(all, "webhook");
    assert_int_equal(json_array_size(sent), 3); /* what the visitor says nobody asked for */
    const json_t *first = json_array_get(sent, 0), *last = json_array_get(sent, 2), *payload = js_obj(last, "body");
    assert_string_equal(js_str(first, "url"), "https://watch.example.org/salesiq");
    assert_string_equal(js_str(first, "method"), "POST");
    assert_string_equal(js_str(first, "rule"), id);
    assert_string_equal(js_str(payload, "event"), "conversation.operator.replied");
    assert_string_equal(js_str(payload, "entity_type"), "conversation");
    assert_string_equal(js_str(payload, "entity_id"), js_str(js_obj(payload, "entity"), "id"));
    assert_string_equal(js_str(js_path(payload, "entity.message.sender"), "type"), "operator");
    assert_string_equal(js_str(js_path(payload, "entity.message"), "text"), "Good day.");
    assert_int_equal(js_int(last, "at", 0) - js_int(first, "at", 0), 90);
}

static void a_missed_chat_says_when_and_from_whom(void **state)
{
    struct client *c = *state;
    free(hook(c, "\"conversation.missed\""));
    does(c, "3", "{\"event\":\"conversation.missed\"}");
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    const json_t *entity = js_path(json_array_get(js_arr(all, "webhook"), 0), "body.entity");
    assert_string_equal(js_str(js_obj(entity, "visitor"), "email_id"), "three@example.org");
    assert_string_equal(js_str(entity, "question"), "It hums.");
    AUTO_FREE char *now = mem_printf("%lld000", (long long)c->now);
    assert_string_equal(js_str(entity, "missed_time"), now);
}

static void new_events_of_a_webhook_replace_the_old(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = hook(c, "\"conversation.created\""), *path = mem_printf(PORTAL "webhooks/%s", id);
    AUTO_JSON json_t *a = client_call(c, 200, "PUT", path, "{\"type\":\"data\",\"events\":[\"conversation.missed\"]}");
    const json_t *events = js_arr(js_obj(a, "data"), "events");
    assert_int_equal(json_array_size(events), 1);
    assert_true(js_array_has(events, "conversation.missed"));
    assert_string_equal(js_str(js_obj(a, "data"), "url"), "https://watch.example.org/salesiq");
    refused(c, "PUT", path, "{\"events\":[\"conversation.missed\"]}", 1000, "type");
    json_decref(client_call(c, 200, "DELETE", path, NULL));
    refused(c, "GET", path, NULL, 1000, NULL);
    AUTO_JSON json_t *none = client_get(c, 200, PORTAL "webhooks");
    assert_int_equal(json_array_size(js_arr(none, "data")), 0);
}

static void a_webhook_needs_a_known_event_and_an_address(void **state)
{
    static const struct {
        const char *body, *key;
    } rows[] = {{"{\"url\":\"https://a.example.org\",\"events\":[\"conversation.missed\"]}", "type"},
                {"{\"type\":\"data\",\"events\":[\"conversation.missed\"]}", "url"},
                {"{\"type\":\"data\",\"url\":\"watch\",\"events\":[\"conversation.missed\"]}", "url"},
                {"{\"type\":\"other\",\"url\":\"https://a.example.org\",\"events\":[\"conversation.missed\"]}", "type"},
                {"{\"type\":\"data\",\"url\":\"https://a.example.org\",\"events\":[\"conversation.lost\"]}", "events"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        refused(*state, "POST", PORTAL "webhooks", rows[i].body, 1000, rows[i].key);
    }
}

/* ---- who may, and when ---- */

static void a_chat_goes_from_state_to_state(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *which, *body;
    } rows[] = {
        {"1", "{\"event\":\"conversation.missed\"}"},
        {"2", "{\"event\":\"conversation.attender.updated\",\"operator\":\"seller@example.org\"}"},
        {"3", "{\"event\":\"conversation.operator.replied\",\"operator\":\"helper@example.org\",\"text\":\"a\"}"},
        {"3", "{\"event\":\"conversation.attender.updated\",\"operator\":\"nobody@example.org\"}"},
        {"9", "{\"event\":\"conversation.missed\"}"},
        {NULL, "{\"event\":\"conversation.created\",\"department\":\"Nowhere\",\"question\":\"a\"}"},
        {"3", "{\"event\":\"conversation.forgotten\"}"},
        {"3", "{\"event\":\"conversation.missed\",\"time\":\"noon\"}"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_JSON json_t *body = json_loads(rows[i].body, 0, NULL);
        struct err e = {0};
        assert_int_equal(sandbox_ui(c->s, "chat", NULL, rows[i].which, body, NULL, false, &e), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
    }
    json_decref(chats(c, "?status=waiting", 1));
}

static void who_is_no_operator_writes_no_message(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *a = chats(c, "?status=waiting", 1);
    AUTO_FREE char *path =
        mem_printf(PORTAL "conversations/%s/messages", js_str(json_array_get(js_arr(a, "data"), 0), "id"));
    does(c, "3", "{\"event\":\"conversation.attender.updated\",\"operator\":\"helper@example.org\"}");
    refused(c, "POST", path, "{\"text\":\"hello\"}", 1000, NULL);
    refused(c, "POST", path, "{}", 1000, "text");
}

/* In place of the administrator, who is no operator, calls that person from now on. */
static void sign_in(struct client *c, const char *email)
{
    char *code = NULL;
    assert_int_equal(sandbox_self_client(c->s, "SalesIQ.conversations.ALL", email, 3, &code, NULL), 0);
    AUTO_FREE char *form = mem_printf("grant_type=authorization_code&client_id=%s&client_secret=%s&code=%s",
                                      js_str(c->info, "client_id"), js_str(c->info, "client_secret"), code);
    AUTO_JSON json_t *a = client_send(c, 200, "POST", "/oauth/v2/token", "application/x-www-form-urlencoded", form);
    free(code);
    free(c->token);
    c->token = mem_dup(js_str_or(a, "access_token", ""));
}

/* "If the department id is not mentioned, then the operator's current department ID will be considered." */
static void an_operator_sees_the_own_department_and_writes_there(void **state)
{
    struct client *c = *state;
    does(c, "3", "{\"event\":\"conversation.attender.updated\",\"operator\":\"helper@example.org\"}");
    free(hook(c, "\"conversation.operator.replied\""));
    sign_in(c, "helper@example.org");
    AUTO_JSON json_t *own = chats(c, "", 1);
    AUTO_FREE char *path =
        mem_printf(PORTAL "conversations/%s/messages", js_str(json_array_get(js_arr(own, "data"), 0), "id"));
    AUTO_JSON json_t *a = client_call(c, 200, "POST", path, "{\"text\":\"Is it plugged in?\"}");
    assert_string_equal(js_str(js_path(a, "data.sender"), "name"), "Helper One");
    AUTO_JSON json_t *all = sandbox_happenings(c->s), *said = client_get(c, 200, "%s", path);
    assert_int_equal(json_array_size(js_arr(all, "webhook")), 1);
    assert_string_equal(js_str(js_path(said, "data[0].message"), "text"), "Is it plugged in?");
}

static void another_portal_and_unknown_paths_are_invalid_urls(void **state)
{
    struct client *c = *state;
    refused(c, "GET", "/api/v2/other/conversations", NULL, 1006, NULL);
    refused(c, "GET", PORTAL "articles", NULL, 1006, NULL);
    AUTO_JSON json_t *status = sandbox_status(c->s);
    assert_int_equal(js_int(js_obj(status, "unknown"), "GET " PORTAL "articles", 0), 1);
}

static void a_token_without_the_scope_is_refused_in_salesiq_s_words(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.seed_dir = "tests/sandbox/portal-org", .refuse = "scope:SalesIQ.webhooks"};
    client_up(&c, &o);
    json_decref(chats(&c, "", 3));
    refused(&c, "GET", PORTAL "webhooks", NULL, 1000, NULL);
    client_down(&c);
}

static void an_ordered_failure_keeps_its_status(void **state)
{
    (void)state;
    struct client c = {0};
    struct sandbox_options o = {.seed_dir = "tests/sandbox/portal-org", .fault = "GET /conversations status=503"};
    client_up(&c, &o);
    AUTO_JSON json_t *a = client_get(&c, 503, PORTAL "conversations");
    assert_non_null(js_obj(a, "error"));
    json_decref(chats(&c, "", 3));
    client_down(&c);
}

static void chats_cost_no_credits_of_crm(void **state)
{
    struct client *c = *state;
    AUTO_JSON json_t *before = sandbox_status(c->s);
    json_decref(chats(c, "", 3));
    AUTO_JSON json_t *after = sandbox_status(c->s);
    assert_int_equal(js_int(before, "credits", -1), js_int(after, "credits", -2));
}

#define T(name) cmocka_unit_test_setup_teardown(name, up, down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(chats_are_listed_by_status_department_and_time),
        T(a_page_says_whether_there_is_more),
        T(the_first_human_answer_is_told_from_the_bots),
        T(bots_are_no_operators),
        T(a_chat_reaches_the_outbox_event_by_event),
        T(a_missed_chat_says_when_and_from_whom),
        T(new_events_of_a_webhook_replace_the_old),
        T(a_webhook_needs_a_known_event_and_an_address),
        T(a_chat_goes_from_state_to_state),
        T(who_is_no_operator_writes_no_message),
        T(an_operator_sees_the_own_department_and_writes_there),
        T(another_portal_and_unknown_paths_are_invalid_urls),
        cmocka_unit_test(a_token_without_the_scope_is_refused_in_salesiq_s_words),
        cmocka_unit_test(an_ordered_failure_keeps_its_status),
        T(chats_cost_no_credits_of_crm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
