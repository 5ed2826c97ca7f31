/* What records set off: order, trigger, rules, actions, validation, locks, the clock. Sources: zoho-api.md 1.10, 1.11, 2.1;
 * zoho-people-and-tools.md 3.1, 3.2. */
#include <string.h>

#include "sandbox/automation.h"
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

#define AUTO  "/crm/v8/settings/automation/"
#define RULES AUTO "workflow_rules"

/* ---- what the tests are made of ---- */

static char *update_to(struct client *c, const char *field, const char *value)
{
    AUTO_FREE char *body =
        mem_printf("{\"field_updates\":[{\"name\":\"%s is %s\",\"module\":{\"api_name\":\"Deals\"},"
                   "\"feature_type\":\"workflow\",\"type\":\"static\",\"field\":{\"api_name\":\"%s\"},"
                   "\"value\":\"%s\"}]}",
                   field, value, field, value);
    return client_made(c, 201, "POST", AUTO "field_updates", body);
}

#define LEAF(f, cmp, v) "{\"field\":{\"api_name\":\"" f "\"},\"comparator\":\"" cmp "\",\"value\":\"" v "\"}"

/* One condition: criteria (JSON), one action, more keys after it. */
static char *rule(struct client *c, const char *when, const char *criteria, const char *action, const char *id,
                  const char *more)
{
    AUTO_FREE char *body = mem_printf("{\"workflow_rules\":[{\"name\":\"A "
                                      "rule\",\"module\":{\"api_name\":\"Deals\"},\"execute_when\":%s,\"conditions\":[{"
                                      "\"sequence_number\":1,\"criteria_details\":{\"criteria\":%s},\"instant_"
                                      "actions\":{\"actions\":[{\"type\":\"%s\","
                                      "\"id\":\"%s\"}]}%s}]}]}",
                                      when, criteria, action, id, more);
    return client_made(c, 201, "POST", RULES, body);
}

#define ON_CREATE "{\"type\":\"create\"}"
#define ON_EDIT   "{\"type\":\"edit\",\"details\":{\"repeat\":true}}"
#define ON_SAVE   "{\"type\":\"create_or_edit\",\"details\":{\"repeat\":true}}"

static char *deal(struct client *c, const char *more, const char *trigger)
{
    AUTO_FREE char *body = mem_printf("{\"data\":[{\"Deal_Name\":\"TEST deal\",\"Stage\":\"Qualification\","
                                      "\"Closing_Date\":\"2026-12-01\"%s}]%s}",
                                      more, trigger);
    return client_made(c, 201, "POST", "/crm/v8/Deals", body);
}

static void edit(struct client *c, const char *id, const char *fields, const char *trigger)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/Deals/%s", id);
    AUTO_FREE char *body = mem_printf("{\"data\":[{%s}]%s}", fields, trigger);
    free(client_made(c, 200, "PUT", path, body));
}

static char *value(struct client *c, const char *id, const char *field)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Deals/%s", id);
    return mem_dup(js_str_or(js_path(a, "data[0]"), field, ""));
}

static void has_value(struct client *c, const char *id, const char *field, const char *wanted)
{
    AUTO_FREE char *v = value(c, id, field);
    assert_string_equal(v, wanted);
}

static json_t *happened(struct client *c, const char *kind)
{
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    return json_incref(js_arr(all, kind));
}

static size_t count(struct client *c, const char *kind)
{
    AUTO_JSON json_t *list = happened(c, kind);
    return json_array_size(list);
}

/* ---- triggers ---- */

/* zoho-api.md 2.1: omitted = all run, [] = none, else those named. */
static void a_write_sets_off_rules_unless_trigger_says_otherwise(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    free(rule(c, ON_CREATE, "null", "field_updates", u, ""));
    static const struct {
        const char *trigger, *next_step;
    } rows[] = {{"", "call"},
                {",\"trigger\":[]", ""},
                {",\"trigger\":[\"workflow\"]", "call"},
                {",\"trigger\":[\"approval\",\"blueprint\"]", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *id = deal(c, "", rows[i].trigger);
        has_value(c, id, "Next_Step", rows[i].next_step);
    }
}

static void every_kind_of_trigger_meets_its_own_events(void **state)
{
    struct client *c = *state;
    static const struct {
        const char *when;
        size_t create, edit, remove;
    } rows[] = {
        {ON_CREATE, 1, 0, 0},
        {ON_EDIT, 0, 1, 0},
        {ON_SAVE, 1, 1, 0},
        {"{\"type\":\"field_update\",\"details\":{\"criteria\":" LEAF("Stage", "equal", "${ANYVALUE}") "}}", 0, 1, 0},
        {"{\"type\":\"field_update\",\"details\":{\"criteria\":" LEAF("Stage", "equal", "Closed Lost") "}}", 0, 0, 0},
        {"{\"type\":\"delete\"}", 0, 0, 1},
    };
    AUTO_FREE char *hook =
        client_made(c, 201, "POST", AUTO "webhooks",
                    "{\"webhooks\":[{\"name\":\"tell\",\"module\":{\"api_name\":\"Deals\"},\"feature_type\":"
                    "\"workflow\",\"url\":\"https:"
                    "//erp.example.org/hook\",\"http_method\":\"POST\",\"authentication\":{\"type\":\"general\"}}]}");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *r = rule(c, rows[i].when, "null", "webhooks", hook, "");
        AUTO_FREE char *path = mem_printf(RULES "/%s", r);
        size_t was = count(c, "ran");
        AUTO_FREE char *id = deal(c, "", "");
        size_t created = count(c, "ran");
        edit(c, id, "\"Stage\":\"Needs Analysis\"", "");
        size_t edited = count(c, "ran");
        AUTO_FREE char *gone = mem_printf("/crm/v8/Deals/%s", id);
        free(client_made(c, 200, "DELETE", gone, NULL));
        if (created - was != rows[i].create || edited - created != rows[i].edit ||
            count(c, "ran") - edited != rows[i].remove) {
            fail_msg("row %zu: %zu %zu %zu", i, created - was, edited - created, count(c, "ran") - edited);
        }
        free(client_made(c, 200, "DELETE", path, NULL));
    }
    AUTO_JSON json_t *hooks = happened(c, "webhook");
    assert_int_equal(json_array_size(hooks), 6);
}

static void a_deletion_with_wf_trigger_false_sets_off_nothing(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *hook =
        client_made(c, 201, "POST", AUTO "webhooks",
                    "{\"webhooks\":[{\"name\":\"tell\",\"module\":{\"api_name\":\"Deals\"},\"feature_type\":"
                    "\"workflow\",\"url\":\"https:"
                    "//erp.example.org/hook\",\"http_method\":\"POST\",\"authentication\":{\"type\":\"general\"}}]}");
    free(rule(c, "{\"type\":\"delete\"}", "null", "webhooks", hook, ""));
    AUTO_FREE char *id = deal(c, "", "");
    AUTO_FREE char *path = mem_printf("/crm/v8/Deals?ids=%s&wf_trigger=false", id);
    free(client_made(c, 200, "DELETE", path, NULL));
    assert_int_equal(count(c, "ran"), 0);
}

static void a_rule_that_does_not_repeat_runs_once_a_record(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    free(rule(c, "{\"type\":\"edit\",\"details\":{\"repeat\":false}}", "null", "field_updates", u, ""));
    AUTO_FREE char *id = deal(c, "", "");
    edit(c, id, "\"Type\":\"New Business\"", "");
    has_value(c, id, "Next_Step", "call");
    edit(c, id, "\"Next_Step\":\"wait\"", "");
    has_value(c, id, "Next_Step", "wait");
    assert_int_equal(count(c, "ran"), 1);
}

/* zoho.com/crm/help/automation/workflow-implementation-checklist.html: the others that follow are left. */
static void of_several_conditions_the_first_in_sequence_wins(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *first = update_to(c, "Next_Step", "first"), *second = update_to(c, "Next_Step", "second");
    AUTO_FREE char *body = mem_printf(
        "{\"workflow_rules\":[{\"name\":\"Two\",\"module\":{\"api_name\":\"Deals\"},\"execute_when\":" ON_SAVE
        ",\"conditions\":[{\"sequence_number\":2,\"criteria_details\":{\"criteria\":null},\"instant_actions\":{"
        "\"actions\":[{"
        "\"type\":\"field_updates\",\"id\":\"%s\"}]}},{\"sequence_number\":1,\"criteria_details\":{\"criteria\":" LEAF(
            "Amount", "greater_than",
            "5000") "},\"instant_actions\":{\"actions\":[{\"type\":\"field_updates\",\"id\":\"%s\"}]}}]}]}",
        second, first);
    free(client_made(c, 201, "POST", RULES, body));
    AUTO_FREE char *big = deal(c, ",\"Amount\":9000", ""), *small = deal(c, ",\"Amount\":10", "");
    has_value(c, big, "Next_Step", "first");
    has_value(c, small, "Next_Step", "second");
    assert_int_equal(count(c, "ran"), 2);
}

static void a_rule_switched_off_does_nothing(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    AUTO_FREE char *r = rule(c, ON_CREATE, "null", "field_updates", u, "");
    AUTO_FREE char *path = mem_printf(RULES "/%s", r);
    free(client_made(c, 200, "PUT", path, "{\"workflow_rules\":[{\"status\":{\"active\":false}}]}"));
    AUTO_FREE char *id = deal(c, "", "");
    has_value(c, id, "Next_Step", "");
}

static void what_a_rule_writes_sets_off_no_rule(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = update_to(c, "Next_Step", "call"), *two = update_to(c, "Description", "seen");
    free(rule(c, ON_CREATE, "null", "field_updates", one, ""));
    free(rule(c, ON_EDIT, "null", "field_updates", two, ""));
    AUTO_FREE char *id = deal(c, "", "");
    has_value(c, id, "Next_Step", "call");
    has_value(c, id, "Description", "");
    assert_int_equal(count(c, "ran"), 1);
}

static void upserts_and_batches_set_off_rules_for_each_record(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    free(rule(c, ON_SAVE, "null", "field_updates", u, ""));
    json_decref(
        client_call(c, 200, "POST", "/crm/v8/Deals/upsert",
                    "{\"data\":[{\"Deal_Name\":\"TEST a\",\"Stage\":\"Qualification\",\"Closing_Date\":\"2026-12-01\"}"
                    ",{\"Deal_Name\":\"TEST b\",\"Stage\":\"Qualification\",\"Closing_Date\":\"2026-12-01\"}]}"));
    json_decref(client_call(c, 200, "POST", "/crm/v8/Deals/upsert",
                            "{\"data\":[{\"Deal_Name\":\"TEST a\",\"Amount\":1}],\"trigger\":[\"workflow\"]}"));
    assert_int_equal(count(c, "ran"), 3);
}

/* ---- actions ---- */

static void a_task_is_made_for_the_record_with_its_due_date(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *t = client_made(
        c, 201, "POST", AUTO "tasks",
        "{\"tasks\":[{\"name\":\"Call "
        "back\",\"module\":{\"api_name\":\"Deals\"},\"feature_type\":\"workflow\",\"notify\":true,"
        "\"field_mappings\":[{\"field\":{\"api_name\":\"Subject\"},\"type\":\"merge_field\",\"value\":\"Call about "
        "${!Deals.Deal_Name}\"},{\"field\":{\"api_name\":\"Due_Date\"},\"type\":\"execution_time\",\"value\":{"
        "\"period\":"
        "\"days\",\"unit\":\"2\",\"sign\":\"plus\",\"trigger_field\":\"${CURRENTTIME}\"}}]}]}");
    free(rule(c, ON_CREATE, "null", "tasks", t, ""));
    AUTO_FREE char *id = deal(c, "", "");
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Tasks?fields=Subject,Due_Date,What_Id,Owner");
    const json_t *task = js_path(a, "data[0]");
    assert_string_equal(js_str(task, "Subject"), "Call about TEST deal");
    assert_string_equal(js_str(task, "Due_Date"), "2026-02-04"); /* the tests' clock stands on 2026-02-02 */
    assert_string_equal(js_str(js_obj(task, "What_Id"), "id"), id);
    assert_int_equal(count(c, "failed"), 0);
}

static void a_mail_goes_to_the_outbox_with_its_template_filled_in(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_JSON json_t *t =
        json_pack("{s:s,s:s}", "subject", "About ${Deals.Deal Name}", "content", "${Deals.Stage}, ${Leads.X}");
    assert_int_equal(sandbox_ui(c->s, "email_template", "Deals", "About", t, NULL, false, &e), 0);
    AUTO_FREE char *n = client_made(c, 201, "POST", AUTO "email_notifications",
                                    "{\"email_notifications\":[{\"name\":\"tell\",\"feature_type\":\"workflow\","
                                    "\"module\":{\"api_name\":\"Deals\"},"
                                    "\"template\":{\"name\":\"About\"},\"recipients\":[{\"type\":\"emails\","
                                    "\"details\":{\"emails\":[\"desk@example.org\"]}"
                                    "},{\"type\":\"record_owner\"},{\"type\":\"lead_source\"}]}]}");
    free(rule(c, ON_CREATE, "null", "email_notifications", n, ""));
    free(deal(c, "", ""));
    AUTO_JSON json_t *mails = happened(c, "mail");
    const json_t *m = json_array_get(mails, 0);
    assert_string_equal(js_str(m, "subject"), "About TEST deal");
    assert_string_equal(js_str(m, "content"), "Qualification, ${Leads.X}");
    assert_true(js_array_has(js_arr(m, "to"), "desk@example.org"));
    assert_int_equal(json_array_size(js_arr(m, "to")), 2);
    assert_int_equal(json_array_size(js_arr(m, "unresolved")), 1);
}

static void a_webhook_is_captured_with_its_tokens_filled_in(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *w = client_made(
        c, 201, "POST", AUTO "webhooks",
        "{\"webhooks\":[{\"name\":\"tell\",\"module\":{\"api_name\":\"Deals\"},\"feature_type\":\"workflow\",\"url\":"
        "\"https:"
        "//erp.example.org/"
        "${!Deals.Id}\",\"http_method\":\"PUT\",\"authentication\":{\"type\":\"general\"},\"body\":{\"type\":"
        "\"raw\",\"format\":\"JSON\",\"raw_data_content\":\"{\\\"amount\\\":${!Deals.Amount}}\"}}]}");
    free(rule(c, ON_CREATE, "null", "webhooks", w, ""));
    AUTO_FREE char *id = deal(c, ",\"Amount\":12.5", "");
    AUTO_FREE char *url = mem_printf("https://erp.example.org/%s", id);
    AUTO_JSON json_t *hooks = happened(c, "webhook");
    const json_t *h = json_array_get(hooks, 0);
    assert_string_equal(js_str(h, "url"), url);
    assert_string_equal(js_str(h, "method"), "PUT");
    assert_string_equal(js_str(js_obj(h, "body"), "raw_data_content"), "{\"amount\":12.5}");
}

static char *wrapped_function(struct client *c)
{
    struct err e = {0};
    assert_int_equal(
        sandbox_ui(c->s, "function", NULL, "check_deal", NULL, "void automation.check_deal(){}", false, &e), 0);
    AUTO_JSON json_t *w = json_pack("{s:{s:s},s:[{s:s,s:s}]}", "function", "api_name", "check_deal", "arguments",
                                    "name", "deal_id", "value", "${!Deals.Id}");
    assert_int_equal(sandbox_ui(c->s, "function_wrapper", "Deals", "Check deal", w, NULL, false, &e), 0);
    AUTO_JSON json_t *all = client_get(c, 200, AUTO "functions");
    return mem_dup(js_str(js_path(all, "functions[0]"), "id"));
}

static void a_function_without_an_interpreter_is_noted_as_to_run(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *w = wrapped_function(c);
    c->s->functions.run = NULL;
    free(rule(c, ON_CREATE, "null", "functions", w, ""));
    AUTO_FREE char *id = deal(c, "", "");
    AUTO_JSON json_t *log = happened(c, "function");
    const json_t *f = json_array_get(log, 0);
    assert_string_equal(js_str(f, "function"), "check_deal");
    assert_string_equal(js_str(f, "status"), "to run");
    assert_string_equal(js_str(js_obj(f, "arguments"), "deal_id"), id);
}

/* A stand-in for the interpreter: writes the record again, with the trigger the test says. */
static json_t *writes_back(void *ctx, struct call *c, const json_t *function, const json_t *arguments)
{
    struct record_module m;
    AUTO_JSON json_t *in = json_pack("{s:s}", "Description", js_str_or(function, "api_name", ""));
    struct record_write w = {.trigger = ctx};
    assert_true(record_module_open(c->st, "Deals", &m));
    json_decref(record_put(c, &m, js_str(arguments, "deal_id"), in, &w, "$"));
    record_module_close(&m);
    return json_pack("{s:s}", "status", "success");
}

/* Deluge's default is none (zoho-api.md 6.14); asked for, rules run again, and a loop ends. */
static void a_function_writes_through_the_same_engine(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *w = wrapped_function(c);
    free(rule(c, ON_SAVE, "null", "functions", w, ""));
    AUTO_JSON json_t *none = json_array(), *all = json_pack("[s]", "workflow");
    c->s->functions = (struct function_runner){writes_back, none};
    AUTO_FREE char *id = deal(c, "", "");
    has_value(c, id, "Description", "check_deal");
    assert_int_equal(count(c, "ran"), 1);
    c->s->functions.ctx = all;
    edit(c, id, "\"Type\":\"New Business\"", "");
    assert_int_equal(count(c, "ran"), 1 + AUTOMATION_DEPTH);
    AUTO_JSON json_t *failed = happened(c, "failed");
    assert_int_equal(json_array_size(failed), 1);
    assert_non_null(strstr(js_str_or(json_array_get(failed, 0), "error", ""), "too often"));
}

static void an_action_this_sandbox_has_not_is_noted_not_lost(void **state)
{
    struct client *c = *state;
    free(client_made(
        c, 201, "POST", RULES,
        "{\"workflow_rules\":[{\"name\":\"Convert\",\"module\":{\"api_name\":\"Deals\"},\"execute_when\":" ON_CREATE
        ",\"conditions\":[{\"sequence_number\":1,\"instant_actions\":{\"actions\":[{\"type\":\"convert\","
        "\"details\":{}}]}}]}]}"));
    free(deal(c, "", ""));
    AUTO_JSON json_t *failed = happened(c, "failed");
    assert_string_equal(js_str(js_obj(json_array_get(failed, 0), "action"), "type"), "convert");
}

static void usage_counts_the_rules_that_ran(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    AUTO_FREE char *r = rule(c, ON_CREATE, LEAF("Amount", "greater_than", "10"), "field_updates", u, "");
    free(deal(c, ",\"Amount\":11", ""));
    free(deal(c, ",\"Amount\":9", ""));
    AUTO_JSON json_t *a =
        client_get(c, 200, RULES "/%s/actions/usage?executed_from=2026-02-02&executed_till=2026-02-03", r);
    assert_int_equal(js_int(js_path(a, "workflow_rules[0]"), "trigger_count", -1), 1);
    assert_int_equal(js_int(js_path(a, "workflow_rules[0].conditions[0]"), "usage_count", -1), 1);
    AUTO_JSON json_t *before =
        client_get(c, 200, RULES "/%s/actions/usage?executed_from=2026-01-02&executed_till=2026-01-03", r);
    assert_int_equal(js_int(js_path(before, "workflow_rules[0]"), "trigger_count", -1), 0);
    json_decref(client_get(c, 400, RULES "/%s/actions/usage?executed_from=soon&executed_till=2026-01-03", r));
}

static void the_audit_says_who_wrote_user_or_rule(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    AUTO_FREE char *r = rule(c, ON_CREATE, "null", "field_updates", u, "");
    free(deal(c, "", ""));
    AUTO_FREE char *actor = mem_printf("workflow_rule/%s", r);
    AUTO_JSON json_t *users = client_get(c, 200, "/crm/v8/users");
    const char *me = js_str(js_path(users, "users[0]"), "id");
    const char *wanted[] = {me, actor};
    size_t n = 0;
    sqlite3_stmt *q = store_q(&c->s->store, "SELECT actor FROM audit WHERE module='Deals' ORDER BY seq", "");
    while (store_row(&c->s->store, q)) {
        assert_true(n < 2);
        assert_string_equal(store_text(q, 0), wanted[n++]);
    }
    assert_int_equal(n, 2);
}

/* ---- the clock ---- */

static void scheduled_actions_happen_when_the_clock_has_moved(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *now = update_to(c, "Description", "new"), *later = update_to(c, "Next_Step", "call");
    AUTO_FREE char *more =
        mem_printf(",\"scheduled_actions\":[{\"execute_after\":{\"period\":\"days\",\"unit\":3},\"actions\":"
                   "[{\"type\":\"field_updates\",\"id\":\"%s\"}]}]",
                   later);
    AUTO_FREE char *r = rule(c, ON_CREATE, "null", "field_updates", now, more);
    AUTO_FREE char *id = deal(c, "", ""), *gone = deal(c, "", "");
    AUTO_FREE char *path = mem_printf("/crm/v8/Deals/%s", gone);
    free(client_made(c, 200, "DELETE", path, NULL));
    assert_int_equal(sandbox_clock_advance(c->s, 3 * 86400 - 1, &e), 0);
    client_mint(c);
    has_value(c, id, "Next_Step", "");
    assert_int_equal(sandbox_clock_advance(c->s, 10 * 86400, &e), 0);
    client_mint(c);
    has_value(c, id, "Next_Step", "call");
    AUTO_FREE char *at = value(c, id, "Modified_Time");
    assert_string_equal(at, "2026-02-05T02:40:00+00:00"); /* at its time, not when the clock stopped */
    assert_int_equal(count(c, "scheduled"), 0);
    assert_int_equal(count(c, "failed"), 0);
    assert_int_equal(sandbox_clock_advance(c->s, -1, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    (void)r;
}

static void scheduled_actions_happen_by_themselves_as_time_goes_by(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *now = update_to(c, "Description", "new"), *later = update_to(c, "Next_Step", "call");
    AUTO_FREE char *more =
        mem_printf(",\"scheduled_actions\":[{\"execute_after\":{\"period\":\"minutes\",\"unit\":\"5\"},"
                   "\"actions\":[{\"type\":\"field_updates\",\"id\":\"%s\"}]}]",
                   later);
    AUTO_FREE char *r = rule(c, ON_CREATE, "null", "field_updates", now, more);
    AUTO_FREE char *id = deal(c, "", ""), *path = mem_printf(RULES "/%s", r);
    c->now += 301;
    has_value(c, id, "Next_Step", "call");
    AUTO_FREE char *other = deal(c, "", "");
    free(client_made(c, 200, "PUT", path,
                     "{\"workflow_rules\":[{\"status\":{\"active\":false,\"delete_schedule_action\":true}}]}"));
    assert_int_equal(count(c, "scheduled"), 0);
    c->now += 301;
    has_value(c, other, "Next_Step", "");
}

/* [C4] in zoho-api.md 1.10: two minutes at the least. */
static void a_scheduled_action_waits_two_minutes_at_the_least(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *now = update_to(c, "Description", "new"), *w = wrapped_function(c);
    AUTO_FREE char *more = mem_printf(",\"scheduled_actions\":[{\"execute_after\":{\"period\":\"minutes\",\"unit\":0},"
                                      "\"actions\":[{\"type\":\"functions\",\"id\":\"%s\"}]}]",
                                      w);
    AUTO_JSON json_t *all = json_pack("[s]", "workflow");
    c->s->functions = (struct function_runner){writes_back, all};
    free(rule(c,
              "{\"type\":\"field_update\",\"details\":{\"criteria\":" LEAF("Closing_Date", "equal", "${ANYVALUE}") "}}",
              "null", "field_updates", now, more));
    AUTO_FREE char *id = deal(c, "", "");
    edit(c, id, "\"Closing_Date\":\"2027-01-01\"", "");
    assert_int_equal(sandbox_clock_advance(c->s, 119, &e), 0);
    assert_int_equal(count(c, "function"), 0);
    assert_int_equal(sandbox_clock_advance(c->s, 1, &e), 0);
    assert_int_equal(count(c, "function"), 1);
}

/* ---- validation rules ---- */

static void no_big_deal_without_next_step(struct client *c)
{
    struct err e = {0};
    AUTO_JSON json_t *v =
        json_loads("{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Next_Step\"},\"type\":"
                   "\"criteria\",\"criteria\":{\"group_operator\":\"AND\",\"group\":[" LEAF(
                       "Amount", "greater_than", "5000") "," LEAF("Next_Step", "equal",
                                                                  "${EMPTY}") "]},"
                                                                              "\"message\":\"Say the next step\"}",
                   0, NULL);
    assert_int_equal(sandbox_ui(c->s, "validation_rule", "Deals", "Next step", v, NULL, false, &e), 0);
}

static int person_saves(struct client *c, const char *id, const char *fields, struct err *e)
{
    AUTO_JSON json_t *body = json_loads(fields, 0, NULL);
    *e = (struct err){0};
    return sandbox_ui(c->s, "record", "Deals", id, body, NULL, false, e);
}

/* Before the save and before any rule: nothing is left of a refused save. */
static void a_validation_rule_refuses_what_a_person_saves(void **state)
{
    struct client *c = *state;
    struct err e;
    AUTO_FREE char *u = update_to(c, "Description", "ran");
    free(rule(c, ON_SAVE, "null", "field_updates", u, ""));
    AUTO_FREE char *id = deal(c, "", ",\"trigger\":[]");
    no_big_deal_without_next_step(c);
    assert_int_equal(person_saves(c, id, "{\"Amount\":9000}", &e), -1);
    assert_non_null(strstr(e.what, "Say the next step"));
    has_value(c, id, "Description", "");
    assert_int_equal(person_saves(c, id, "{\"Amount\":9000,\"Next_Step\":\"call\"}", &e), 0);
    has_value(c, id, "Description", "ran");
}

/* The documented default of this sandbox; zoho-api.md 6.15 [U] has the other reading, behind the switch. */
static void a_validation_rule_lets_api_writes_pass_unless_switched(void **state)
{
    (void)state;
    static const char big[] = "{\"data\":[{\"Deal_Name\":\"TEST big\",\"Stage\":\"Qualification\",\"Closing_Date\":"
                              "\"2026-12-01\",\"Amount\":9000}]}";
    for (int i = 0; i < 2; i++) {
        struct client c = {0};
        struct sandbox_options o = {.refuse = i ? "validation_api" : NULL};
        client_up(&c, &o);
        no_big_deal_without_next_step(&c);
        if (i) {
            client_refused(&c, 400, "POST", "/crm/v8/Deals", big, "INVALID_DATA", "$.data[0].Next_Step");
        } else {
            free(client_made(&c, 201, "POST", "/crm/v8/Deals", big));
        }
        client_down(&c);
    }
}

static json_t *says_no(void *ctx, struct call *c, const json_t *function, const json_t *arguments)
{
    (void)ctx;
    (void)c;
    (void)function;
    bool got = strstr(js_str_or(arguments, "crmAPIRequest", ""), "\"record\":{") != NULL;
    return json_pack("{s:s,s:{s:s,s:s}}", "status", "success", "returned", "status", got ? "error" : "success",
                     "message", "BOM differs");
}

static void a_validation_function_is_asked_with_the_record(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_JSON json_t *f = json_pack("{s:s}", "category", "validation_rule");
    assert_int_equal(
        sandbox_ui(c->s, "function", NULL, "may_save", f, "map validation_rule.may_save(String r){}", false, &e), 0);
    AUTO_JSON json_t *v = json_pack("{s:{s:s},s:{s:s},s:s,s:{s:s}}", "layout", "name", "Standard", "field", "api_name",
                                    "Stage", "type", "function", "function", "api_name", "may_save");
    assert_int_equal(sandbox_ui(c->s, "validation_rule", "Deals", "May save", v, NULL, false, &e), 0);
    c->s->functions.run = NULL;
    AUTO_FREE char *id = deal(c, "", "");
    assert_int_equal(person_saves(c, id, "{\"Amount\":1}", &e), 0);
    assert_int_equal(count(c, "function"), 1); /* no interpreter: noted, and the save passes */
    c->s->functions.run = says_no;
    assert_int_equal(person_saves(c, id, "{\"Amount\":2}", &e), -1);
    assert_non_null(strstr(e.what, "BOM differs"));
}

/* ---- locks ---- */

static void lock_won_deals(struct client *c, const char *excluded_profile)
{
    struct err e = {0};
    AUTO_FREE char *text = mem_printf(
        "{\"lock_type\":\"automatic\",\"locked_for\":\"all_profiles_except_excluded_profiles\",\"lock_excluded_"
        "profiles\":[%s],"
        "\"restricted_actions\":[\"update\",\"delete\"],\"excluded_fields\":[{\"api_name\":\"Next_Step\"}],\"locking_"
        "rules\":[{"
        "\"name\":\"won\",\"lock_existing_records\":false,\"criteria\":" LEAF("Stage", "equal", "Closed Won") "}]}",
        excluded_profile);
    AUTO_JSON json_t *body = json_loads(text, 0, NULL);
    assert_int_equal(sandbox_ui(c->s, "record_locking", "Deals", "won", body, NULL, false, &e), 0);
}

/* zoho-api.md 1.16, 2.1; OAS26a record lists RECORD_LOCKED for update and delete. */
static void a_locked_record_refuses_update_and_delete_but_not_the_free_fields(void **state)
{
    struct client *c = *state;
    lock_won_deals(c, "");
    AUTO_FREE char *id = deal(c, "", ""), *path = mem_printf("/crm/v8/Deals/%s", id);
    edit(c, id, "\"Stage\":\"Closed Won\"", "");
    client_refused(c, 400, "PUT", path, "{\"data\":[{\"Amount\":5}]}", "RECORD_LOCKED", NULL);
    client_refused(c, 400, "PUT", path, "{\"data\":[{\"Amount\":5,\"Next_Step\":\"x\"}]}", "RECORD_LOCKED", NULL);
    client_refused(c, 400, "DELETE", path, NULL, "RECORD_LOCKED", NULL);
    edit(c, id, "\"Next_Step\":\"file it\"", "");
}

static void a_lock_leaves_excluded_profiles_and_rules_alone(void **state)
{
    struct client *c = *state;
    lock_won_deals(c, "{\"name\":\"Administrator\"}");
    AUTO_FREE char *id = deal(c, "", "");
    edit(c, id, "\"Stage\":\"Closed Won\"", "");
    edit(c, id, "\"Amount\":5", "");
}

/* ---- dates of the record ---- */

#define ON_DATE(unit, period, more)                                                                                    \
    "{\"type\":\"date_or_datetime\",\"details\":{\"field\":{\"api_name\":\"Closing_Date\"},\"unit\":" unit             \
    ",\"period\":\"" period "\"" more "}}"

static void days_on(struct client *c, int64_t days)
{
    struct err e = {0};
    assert_int_equal(sandbox_clock_advance(c->s, days * 86400, &e), 0);
    client_mint(c);
}

/* The test's clock stands on 2026-02-02. */
static void a_date_sets_off_its_rule_wherever_it_was_moved_to(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    AUTO_FREE char *before = deal(c, ",\"Description\":\"there before\"", "");
    AUTO_FREE char *r =
        rule(c, ON_DATE("2", "days", ""), LEAF("Stage", "equal", "Qualification"), "field_updates", u, "");
    AUTO_FREE char *moved = deal(c, ",\"Closing_Date\":\"2026-02-04\"", ",\"trigger\":[]"),
                   *other = deal(c, ",\"Closing_Date\":\"2026-02-04\"", "");
    edit(c, moved, "\"Closing_Date\":\"2026-02-10\"", ",\"trigger\":[]");
    edit(c, other, "\"Stage\":\"Closed Won\"", "");
    days_on(c, 5);
    has_value(c, moved, "Next_Step", "");
    has_value(c, other, "Next_Step", ""); /* the condition is asked on the day */
    days_on(c, 7);
    has_value(c, moved, "Next_Step", "call");
    has_value(c, before, "Next_Step", "");
    edit(c, moved, "\"Next_Step\":\"\"", ",\"trigger\":[]"); /* another write of what is past */
    days_on(c, 365);
    has_value(c, moved, "Next_Step", "");
    has_value(c, before, "Next_Step", "call");
    assert_int_equal(count(c, "failed"), 0);
    (void)r;
}

static void a_date_may_come_again_and_a_rule_that_is_off_lets_it_pass(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *u = update_to(c, "Next_Step", "call");
    AUTO_FREE char *r =
                       rule(c, ON_DATE("-1", "b_days", ",\"recur_cycle\":\"monthly\""), "null", "field_updates", u, ""),
                   *path = mem_printf(RULES "/%s", r);
    AUTO_FREE char *id = deal(c, ",\"Closing_Date\":\"2026-02-09\"", "");
    days_on(c, 5); /* Saturday: the last working day before Monday has passed */
    has_value(c, id, "Next_Step", "call");
    free(client_made(c, 200, "PUT", path, "{\"workflow_rules\":[{\"status\":{\"active\":false}}]}"));
    edit(c, id, "\"Next_Step\":\"\"", ",\"trigger\":[]");
    days_on(c, 28);
    has_value(c, id, "Next_Step", "");
    free(client_made(c, 200, "PUT", path, "{\"workflow_rules\":[{\"status\":{\"active\":true}}]}"));
    edit(c, id, "\"Closing_Date\":\"2026-03-16\"", ",\"trigger\":[]");
    days_on(c, 10);
    has_value(c, id, "Next_Step", "call");
    edit(c, id, "\"Next_Step\":\"\"", ",\"trigger\":[]");
    days_on(c, 31);
    has_value(c, id, "Next_Step", "call");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_write_sets_off_rules_unless_trigger_says_otherwise),
        T(every_kind_of_trigger_meets_its_own_events),
        T(a_deletion_with_wf_trigger_false_sets_off_nothing),
        T(a_rule_that_does_not_repeat_runs_once_a_record),
        T(of_several_conditions_the_first_in_sequence_wins),
        T(a_rule_switched_off_does_nothing),
        T(what_a_rule_writes_sets_off_no_rule),
        T(upserts_and_batches_set_off_rules_for_each_record),
        T(a_task_is_made_for_the_record_with_its_due_date),
        T(a_mail_goes_to_the_outbox_with_its_template_filled_in),
        T(a_webhook_is_captured_with_its_tokens_filled_in),
        T(a_function_without_an_interpreter_is_noted_as_to_run),
        T(a_function_writes_through_the_same_engine),
        T(an_action_this_sandbox_has_not_is_noted_not_lost),
        T(usage_counts_the_rules_that_ran),
        T(the_audit_says_who_wrote_user_or_rule),
        T(a_date_sets_off_its_rule_wherever_it_was_moved_to),
        T(a_date_may_come_again_and_a_rule_that_is_off_lets_it_pass),
        T(scheduled_actions_happen_when_the_clock_has_moved),
        T(scheduled_actions_happen_by_themselves_as_time_goes_by),
        T(a_scheduled_action_waits_two_minutes_at_the_least),
        T(a_validation_rule_refuses_what_a_person_saves),
        cmocka_unit_test(a_validation_rule_lets_api_writes_pass_unless_switched),
        T(a_validation_function_is_asked_with_the_record),
        T(a_locked_record_refuses_update_and_delete_but_not_the_free_fields),
        T(a_lock_leaves_excluded_profiles_and_rules_alone),
    };
    return cmocka_run_group_tests_name("sandbox/engine", tests, NULL, NULL);
}
