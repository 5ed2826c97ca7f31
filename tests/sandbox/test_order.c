/* Who gets a record, what rules carry in themselves, who may move it and how long it may stay: each by its source. */
#include <string.h>

#include "base/sb.h"
#include "sandbox/inside.h"
#include "tests/sandbox/client.h"

#define AUTO "/crm/v8/settings/automation/"

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

static char *user(struct client *c, const char *email, const char *profile)
{
    assert_true(sandbox_user_with_profile(c->s, email, profile, NULL));
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/users?type=AllUsers");
    return mem_dup(js_str(pick(js_arr(a, "users"), "email", email), "id"));
}

static char *lead(struct client *c, const char *more, const char *beside)
{
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Last_Name\":\"TEST lead\",\"Company\":\"TEST\"%s}]%s}", more, beside);
    return client_made(c, 201, "POST", "/crm/v8/Leads", body);
}

static json_t *leads(struct client *c, const char *id)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Leads/%s", id);
    return json_incref(js_path(a, "data[0]"));
}

static void owned_by(struct client *c, const char *lead_id, const char *owner)
{
    AUTO_JSON json_t *r = leads(c, lead_id);
    assert_string_equal(js_str_or(js_obj(r, "Owner"), "id", ""), owner);
}

/* One rule on create with one inline action. */
static void rule(struct client *c, const char *action)
{
    AUTO_FREE char *body = mem_printf(
        "{\"workflow_rules\":[{\"name\":\"A rule\",\"module\":{\"api_name\":\"Leads\"},\"execute_when\":{"
        "\"type\":\"create\"},\"conditions\":[{\"sequence_number\":1,\"instant_actions\":{\"actions\":[%s]}}]}]}",
        action);
    free(client_made(c, 201, "POST", AUTO "workflow_rules", body));
}

static size_t count(struct client *c, const char *kind)
{
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    return json_array_size(js_arr(all, kind));
}

/* ---- inline actions: zoho-api.md 1.10; OAS26a workflow_rules ---- */

static void assign_owner_gives_the_record_to_the_user_it_names(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = user(c, "one@example.org", "Standard");
    AUTO_FREE char *action =
        mem_printf("{\"name\":\"to one\",\"type\":\"assign_owner\",\"details\":{\"module\":{"
                   "\"api_name\":\"Leads\"},\"assign_to\":[{\"type\":\"user\",\"resource\":{\"id\":"
                   "\"%s\"}}]}}",
                   one);
    rule(c, action);
    AUTO_FREE char *id = lead(c, "", "");
    owned_by(c, id, one);
}

static void a_profile_as_target_takes_turns(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = user(c, "one@example.org", "Standard"), *two = user(c, "two@example.org", "Standard");
    AUTO_JSON json_t *u = client_get(c, 200, "/crm/v8/users/%s", one);
    AUTO_FREE char *action =
        mem_printf("{\"name\":\"in turn\",\"type\":\"assign_owner\",\"details\":{\"module\":{"
                   "\"api_name\":\"Leads\"},\"assign_to\":[{\"type\":\"profile\",\"resource\":{\"id\":"
                   "\"%s\"}}]}}",
                   js_str(js_path(u, "users[0].profile"), "id"));
    rule(c, action);
    AUTO_FREE char *a = lead(c, "", ""), *b = lead(c, "", ""), *d = lead(c, "", "");
    owned_by(c, a, one);
    owned_by(c, b, two);
    owned_by(c, d, one);
}

static void a_rule_tags_a_record_and_takes_tags_off(void **state)
{
    struct client *c = *state;
    rule(c,
         "{\"name\":\"tag\",\"type\":\"add_tags\",\"details\":{\"module\":{\"api_name\":\"Leads\"},\"tags\":[{\"name\":"
         "\"hot\"},{\"name\":\"new\"}]}}");
    AUTO_FREE char *id = lead(c, "", "");
    AUTO_JSON json_t *r = leads(c, id);
    assert_int_equal(json_array_size(js_arr(r, "Tag")), 2);
    rule(c, "{\"name\":\"untag\",\"type\":\"remove_tags\",\"details\":{\"module\":{\"api_name\":\"Leads\"},\"tags\":[{"
            "\"name\":\"hot\"}]}}");
    AUTO_FREE char *two = lead(c, "", "");
    AUTO_JSON json_t *s = leads(c, two);
    assert_int_equal(json_array_size(js_arr(s, "Tag")), 1);
    assert_string_equal(js_str(js_path(s, "Tag[0]"), "name"), "new");
}

static void a_rule_makes_a_record_from_its_mappings(void **state)
{
    struct client *c = *state;
    rule(
        c,
        "{\"name\":\"make\",\"type\":\"create_record\",\"details\":{\"module\":{\"api_name\":\"Accounts\"},\"layout\":{"
        "\"name\":\"Standard\"},\"field_mappings\":[{\"field\":{\"api_name\":\"Account_Name\"},\"type\":\"merge_"
        "field\","
        "\"value\":\"${!Leads.Company}\"}]}}");
    free(lead(c, "", ""));
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Accounts?fields=Account_Name");
    assert_string_equal(js_str(js_path(a, "data[0]"), "Account_Name"), "TEST");
    assert_int_equal(count(c, "failed"), 0);
}

static void an_action_that_cannot_be_done_is_noted_with_its_reason(void **state)
{
    struct client *c = *state;
    rule(c, "{\"name\":\"nobody\",\"type\":\"assign_owner\",\"details\":{\"module\":{\"api_name\":\"Leads\"},\"assign_"
            "to\":[{"
            "\"type\":\"user\",\"resource\":{\"id\":\"1\"}}]}}");
    free(lead(c, "", ""));
    AUTO_JSON json_t *all = sandbox_happenings(c->s);
    assert_string_equal(js_str(js_path(all, "failed[0]"), "error"), "nobody to assign it to");
}

/* ---- assignment rules: zoho-api.md 1.15, 2.1 (lar_id); zoho-people-and-tools.md 3.7 ---- */

static char *north(struct client *c, const char *one, const char *other)
{
    AUTO_FREE char *body = mem_printf("{\"assignment_rules\":[{\"name\":\"North\",\"default_assignee\":{\"type\":"
                                      "\"user\",\"resource\":{\"id\":\"%s\"}},"
                                      "\"rule_entries\":[{\"criteria\":{\"field\":{\"api_name\":\"City\"},"
                                      "\"comparator\":\"equal\",\"value\":\"Kiel\"},"
                                      "\"assign_to\":{\"type\":\"users\",\"resources\":[{\"id\":\"%s\"}]}}]}]}",
                                      other, one);
    return client_made(c, 201, "POST", AUTO "assignment_rules?module=Leads", body);
}

static void an_assignment_rule_named_by_lar_id_decides_who_owns_the_record(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = user(c, "one@example.org", "Standard"), *two = user(c, "two@example.org", "Standard");
    AUTO_FREE char *id = north(c, one, two);
    AUTO_FREE char *with = mem_printf(",\"lar_id\":\"%s\"", id);
    AUTO_FREE char *kiel = lead(c, ",\"City\":\"Kiel\"", with), *bonn = lead(c, ",\"City\":\"Bonn\"", with);
    owned_by(c, kiel, one);
    owned_by(c, bonn, two);
    AUTO_FREE char *plain = lead(c, ",\"City\":\"Kiel\"", ""); /* not named, not applied */
    AUTO_JSON json_t *r = leads(c, plain);
    assert_string_not_equal(js_str(js_obj(r, "Owner"), "id"), one);
}

/* zoho-people-and-tools.md 3.1: Assignment > Review > Scoring > Workflow > Approval > Blueprint. */
static void assignment_comes_before_the_rules(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = user(c, "one@example.org", "Standard"), *two = user(c, "two@example.org", "Standard");
    AUTO_FREE char *id = north(c, one, two);
    free(client_made(
        c, 201, "POST", AUTO "tasks",
        "{\"tasks\":[{\"name\":\"Call\",\"module\":{\"api_name\":\"Leads\"},\"feature_type\":\"workflow\","
        "\"field_mappings\":[{\"field\":{\"api_name\":\"Subject\"},\"type\":\"static\",\"value\":\"Call\"}]}]}"));
    AUTO_JSON json_t *tasks = client_get(c, 200, AUTO "tasks");
    AUTO_FREE char *action = mem_printf("{\"type\":\"tasks\",\"id\":\"%s\"}", js_str(js_path(tasks, "tasks[0]"), "id"));
    rule(c, action);
    AUTO_FREE char *with = mem_printf(",\"lar_id\":\"%s\"", id);
    free(lead(c, ",\"City\":\"Kiel\"", with));
    AUTO_JSON json_t *made = client_get(c, 200, "/crm/v8/Tasks?fields=Owner,Subject");
    assert_string_equal(js_str(js_path(made, "data[0].Owner"), "id"), one); /* the rule saw the new owner */
}

static void an_assignment_rule_is_checked_and_limited(void **state)
{
    struct client *c = *state;
    client_refused(c, 400, "POST", AUTO "assignment_rules?module=Leads",
                   "{\"assignment_rules\":[{\"name\":\"x\",\"rule_entries\":[{\"criteria\":null}]}]}",
                   "MANDATORY_NOT_FOUND", "$.assignment_rules[0].rule_entries[0].assign_to");
    AUTO_SB struct sb b = SB_INIT(4000);
    for (int i = 0; i < 11; i++)
        sb_addf(&b, "%s{\"assign_to\":{\"type\":\"users\",\"resources\":[]}}", i ? "," : "");
    AUTO_FREE char *many = mem_printf("{\"assignment_rules\":[{\"name\":\"x\",\"rule_entries\":[%s]}]}", b.buf);
    client_refused(c, 400, "POST", AUTO "assignment_rules?module=Leads", many, "LIMIT_EXCEEDED", NULL);
}

/* ---- Blueprint: owners and time, zoho-api.md 1.14; zoho-people-and-tools.md 3.1 ---- */

static void draw(struct client *c, const char *escalation, const char *owners)
{
    struct err e = {0};
    AUTO_FREE char *body = mem_printf("{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Lead_Status\"},"
                                      "\"states\":[{\"api_name\":\"Contacted\""
                                      "%s},{\"api_name\":\"Lost Lead\"}],\"transitions\":[{\"name\":\"Give "
                                      "up\"%s}],\"connections\":[{\"from_state\":{"
                                      "\"api_name\":\"Contacted\"},\"to_state\":{\"api_name\":\"Lost "
                                      "Lead\"},\"transitions\":{\"name\":\"Give up\"}}]}",
                                      escalation, owners);
    AUTO_JSON json_t *b = json_loads(body, 0, NULL);
    assert_non_null(b);
    if (sandbox_ui(c->s, "blueprint", "Leads", "Way", b, NULL, false, &e) < 0)
        fail_msg("%s", e.what);
}

static void a_transition_is_shown_to_its_owners_alone(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = user(c, "one@example.org", "Standard");
    draw(c, "", ",\"owners\":[{\"type\":\"record_owner\"}]");
    AUTO_FREE char *mine = lead(c, ",\"Lead_Status\":\"Contacted\"", "");
    AUTO_FREE char *owner = mem_printf(",\"Lead_Status\":\"Contacted\",\"Owner\":{\"id\":\"%s\"}", one);
    AUTO_FREE char *theirs = lead(c, owner, "");
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Leads/%s/actions/blueprint", mine);
    assert_int_equal(json_array_size(js_path(a, "blueprint.transitions")), 1);
    const char *id = js_str(js_path(a, "blueprint.transitions[0]"), "id");
    AUTO_JSON json_t *b = client_get(c, 200, "/crm/v8/Leads/%s/actions/blueprint", theirs);
    assert_int_equal(json_array_size(js_path(b, "blueprint.transitions")), 0);
    AUTO_FREE char *path = mem_printf("/crm/v8/Leads/%s/actions/blueprint", theirs);
    AUTO_FREE char *body = mem_printf("{\"blueprint\":[{\"transition_id\":\"%s\",\"data\":{}}]}", id);
    client_refused(c, 400, "PUT", path, body, "INVALID_DATA", "$.blueprint[0].transition_id");
}

/* Two days in the state: one mail an hour before they are up, one when they are. */
static char *two_days(const char *mail)
{
    return mem_printf(",\"state_escalation\":{\"period\":\"days\",\"value\":2,\"trigger_details\":[{"
                      "\"execute_type\":\"before\",\"period\":\"hours\",\"value\":1,\"actions\":[{\"type\":"
                      "\"email_notifications\",\"id\":\"%s\"}]},{\"execute_type\":\"on\",\"actions\":[{\"type\":"
                      "\"email_notifications\",\"id\":\"%s\"}]}]}",
                      mail, mail);
}

static char *warning(struct client *c)
{
    struct err e = {0};
    AUTO_JSON json_t *t = json_pack("{s:s,s:s}", "subject", "Too long", "content", "${Leads.Last Name}");
    assert_int_equal(sandbox_ui(c->s, "email_template", "Leads", "Late", t, NULL, false, &e), 0);
    return client_made(
        c, 201, "POST", AUTO "email_notifications",
        "{\"email_notifications\":[{\"name\":\"late\",\"feature_type\":\"workflow\",\"module\":{\"api_name\":"
        "\"Leads\"},\"template\":{\"name\":\"Late\"},\"recipients\":[{\"type\":\"record_owner\"}]}]}");
}

static void a_record_that_stays_too_long_escalates_before_and_on_time(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *mail = warning(c);
    AUTO_FREE char *time = two_days(mail);
    draw(c, time, "");
    free(lead(c, ",\"Lead_Status\":\"Contacted\"", ""));
    assert_int_equal(count(c, "scheduled"), 2);
    assert_int_equal(sandbox_clock_advance(c->s, 47 * 3600 + 60, &e), 0);
    assert_int_equal(count(c, "mail"), 1);
    assert_int_equal(sandbox_clock_advance(c->s, 3600, &e), 0);
    assert_int_equal(count(c, "mail"), 2);
}

static void a_record_that_moves_on_in_time_does_not_escalate(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *mail = warning(c);
    AUTO_FREE char *time = two_days(mail);
    draw(c, time, "");
    AUTO_FREE char *id = lead(c, ",\"Lead_Status\":\"Contacted\"", "");
    AUTO_FREE char *path = mem_printf("/crm/v8/Leads/%s", id);
    free(client_made(c, 200, "PUT", path, "{\"data\":[{\"Lead_Status\":\"Lost Lead\"}]}"));
    assert_int_equal(count(c, "scheduled"), 0);
    assert_int_equal(sandbox_clock_advance(c->s, 3 * 86400, &e), 0);
    assert_int_equal(count(c, "mail"), 0);
}

/* ---- the function log and the audit ---- */

static void a_function_that_fails_is_in_the_log_with_its_line(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_JSON json_t *f = json_pack("{s:s,s:s}", "name", "broken", "category", "Automation");
    assert_int_equal(sandbox_ui(c->s, "function", NULL, "broken", f,
                                "void automation.broken(String id)\n{\n\tinfo 1 / 0;\n}\n", false, &e),
                     0);
    AUTO_JSON json_t *w = json_pack("{s:s,s:{s:s},s:[{s:s,s:s}]}", "name", "broken", "function", "api_name", "broken",
                                    "arguments", "name", "id", "value", "${!Leads.Id}");
    assert_int_equal(sandbox_ui(c->s, "function_wrapper", "Leads", "broken", w, NULL, false, &e), 0);
    AUTO_JSON json_t *all = client_get(c, 200, AUTO "functions");
    AUTO_FREE char *action =
        mem_printf("{\"type\":\"functions\",\"id\":\"%s\"}", js_str(js_path(all, "functions[0]"), "id"));
    rule(c, action);
    free(lead(c, "", ""));
    AUTO_JSON json_t *log = sandbox_happenings(c->s);
    const json_t *row = js_path(log, "function[0]");
    assert_string_equal(js_str(row, "status"), "failure");
    assert_non_null(strstr(js_str_or(row, "error", ""), ":3:"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(assign_owner_gives_the_record_to_the_user_it_names),
        T(a_profile_as_target_takes_turns),
        T(a_rule_tags_a_record_and_takes_tags_off),
        T(a_rule_makes_a_record_from_its_mappings),
        T(an_action_that_cannot_be_done_is_noted_with_its_reason),
        T(an_assignment_rule_named_by_lar_id_decides_who_owns_the_record),
        T(assignment_comes_before_the_rules),
        T(an_assignment_rule_is_checked_and_limited),
        T(a_transition_is_shown_to_its_owners_alone),
        T(a_record_that_stays_too_long_escalates_before_and_on_time),
        T(a_record_that_moves_on_in_time_does_not_escalate),
        T(a_function_that_fails_is_in_the_log_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
