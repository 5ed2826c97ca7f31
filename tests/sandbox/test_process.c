/* Records in a Blueprint. Sources: zoho-api.md 2.6, 1.14, 6.15; zoho-people-and-tools.md 3.1; OAS25 blueprint. */
#include <string.h>

#include "tests/sandbox/client.h"

#define LEAF(f, cmp, v) "{\"field\":{\"api_name\":\"" f "\"},\"comparator\":\"" cmp "\",\"value\":\"" v "\"}"
#define WAY(from, to, name)                                                                                            \
    "{\"from_state\":{\"api_name\":\"" from "\"},\"to_state\":{\"api_name\":\"" to                                     \
    "\"},\"transitions\":{\"name\":\"" name "\"}}"

/* Draft: Send (needs a team, asks Valid Till) to Delivered, or Check to Draft. Delivered: Confirm to Confirmed, the end. */
static const char entry[] = LEAF("Description", "not_equal", "old");
static const char states[] = "{\"api_name\":\"Draft\"},{\"api_name\":\"Delivered\"},{\"api_name\":\"Confirmed\"}";
static const char needs[] = LEAF("Team", "equal", "${NOTEMPTY}");
static const char filter[] = LEAF("Valid_Till", "greater_than", "${CURRENTTIME}");
static const char ways[] =
    WAY("Draft", "Delivered", "Send") "," WAY("Draft", "Draft", "Check") "," WAY("Delivered", "Confirmed", "Confirm");

static void click(struct client *c, const char *kind, const char *name, const char *body)
{
    struct err e = {0};
    AUTO_JSON json_t *b = json_loads(body, 0, NULL);
    assert_non_null(b);
    if (sandbox_ui(c->s, kind, "Quotes", name, b, NULL, false, &e)) {
        fail_msg("%s: %s", kind, e.what);
    }
}

static int up(void **state)
{
    struct client *c = mem_zalloc(sizeof *c);
    client_up(c, NULL);
    *state = c;
    click(c, "field_update", "sent",
          "{\"type\":\"static\",\"field\":{\"api_name\":\"Terms_and_Conditions\"},\"value\":\"as sent\"}");
    AUTO_FREE char *body = mem_printf(
        "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"entry_criteria\":%s,\"states\":"
        "[%s],"
        "\"transitions\":[{\"name\":\"Send\",\"criteria\":%s,\"during_inputs\":[{\"sequence\":1,\"type\":\"field\","
        "\"optional\":"
        "false,\"field\":{\"api_name\":\"Valid_Till\"},\"validation_filter\":{\"validation_message\":\"A day to come\","
        "\"criteria\":%s}},{\"sequence\":2,\"type\":\"field\",\"optional\":true,\"field\":{\"api_name\":\"Carrier\"}}],"
        "\"actions\":[{\"type\":\"field_updates\",\"name\":\"sent\"}]},{\"name\":\"Check\"},{\"name\":\"Confirm\"}],"
        "\"connections\":[%s]}",
        entry, states, needs, filter, ways);
    click(c, "blueprint", "Release", body);
    return 0;
}

static int down(void **state)
{
    client_down(*state);
    free(*state);
    return 0;
}

static char *quote(struct client *c, const char *more, const char *trigger)
{
    AUTO_FREE char *account = client_made(c, 201, "POST", "/crm/v8/Accounts",
                                          "{\"data\":[{\"Account_Name\":\"TEST account\"}],\"trigger\":[]}");
    AUTO_FREE char *product = client_made(c, 201, "POST", "/crm/v8/Products",
                                          "{\"data\":[{\"Product_Name\":\"TEST panel\"}],\"trigger\":[]}");
    AUTO_FREE char *body =
        mem_printf("{\"data\":[{\"Subject\":\"TEST "
                   "quote\",\"Quote_Stage\":\"Draft\",\"Account_Name\":{\"id\":\"%s\"},\"Quoted_Items\":[{"
                   "\"Product_Name\":{\"id\":\"%s\"},\"Quantity\":1}]%s}]%s}",
                   account, product, more, trigger);
    return client_made(c, 201, "POST", "/crm/v8/Quotes", body);
}

static json_t *look(struct client *c, long status, const char *id)
{
    return client_get(c, status, "/crm/v8/Quotes/%s/actions/blueprint", id);
}

static char *way_to(struct client *c, const char *id, const char *name)
{
    AUTO_JSON json_t *a = look(c, 200, id);
    return mem_dup(js_str(pick(js_path(a, "blueprint.transitions"), "name", name), "id"));
}

static json_t *go(struct client *c, long status, const char *id, const char *transition, const char *data)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s/actions/blueprint", id);
    AUTO_FREE char *body = mem_printf("{\"blueprint\":[{\"transition_id\":\"%s\",\"data\":%s}]}", transition, data);
    return client_call(c, status, "PUT", path, body);
}

static void edit(struct client *c, const char *id, const char *fields)
{
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s", id), *body = mem_printf("{\"data\":[{%s}]}", fields);
    free(client_made(c, 200, "PUT", path, body));
}

static void refused(struct client *c, const char *id, const char *transition, const char *data, const char *code,
                    const char *json_path)
{
    AUTO_JSON json_t *a = go(c, 400, id, transition, data);
    assert_string_equal(js_str_or(a, "code", ""), code);
    assert_string_equal(js_str_or(js_obj(a, "details"), "json_path", ""), json_path);
}

static void has_value(struct client *c, const char *id, const char *field, const char *wanted)
{
    AUTO_JSON json_t *a = client_get(c, 200, "/crm/v8/Quotes/%s", id);
    assert_string_equal(js_str_or(js_path(a, "data[0]"), field, ""), wanted);
}

static void a_record_shows_its_state_and_its_ways_on(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, "", "");
    AUTO_JSON json_t *a = look(c, 200, id);
    const json_t *info = js_path(a, "blueprint.process_info"), *list = js_path(a, "blueprint.transitions");
    assert_string_equal(js_str(info, "api_name"), "Quote_Stage");
    assert_string_equal(js_str(info, "field_value"), "Draft");
    assert_string_equal(js_str(info, "name"), "Release");
    assert_int_equal(json_array_size(list), 2);
    const json_t *send = pick(list, "name", "Send");
    assert_string_equal(js_str(send, "next_field_value"), "Delivered");
    assert_string_equal(js_str(js_path(send, "next_transitions[0]"), "name"), "Confirm");
    assert_true(js_bool(pick(js_arr(send, "fields"), "api_name", "Valid_Till"), "mandatory", false));
    assert_false(js_bool(pick(js_arr(send, "fields"), "api_name", "Carrier"), "mandatory", true));
}

static void a_way_whose_criteria_are_not_met_is_shown_so_and_refused(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, "", ""), *send = way_to(c, id, "Send");
    AUTO_JSON json_t *before = look(c, 200, id);
    assert_false(js_bool(pick(js_path(before, "blueprint.transitions"), "name", "Send"), "criteria_matched", true));
    assert_true(js_bool(pick(js_path(before, "blueprint.transitions"), "name", "Check"), "criteria_matched", false));
    refused(c, id, send, "{\"Valid_Till\":\"2026-12-01\"}", "INVALID_DATA", "$.blueprint[0].transition_id");
    edit(c, id, "\"Team\":\"north\"");
    AUTO_JSON json_t *after = look(c, 200, id);
    assert_true(js_bool(pick(js_path(after, "blueprint.transitions"), "name", "Send"), "criteria_matched", false));
}

static void every_refusal_of_a_transition_has_its_code_and_place(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, ",\"Team\":\"north\"", ""), *send = way_to(c, id, "Send");
    refused(c, id, "1", "{}", "INVALID_DATA", "$.blueprint[0].transition_id");
    refused(c, id, send, "{}", "MANDATORY_NOT_FOUND", "$.blueprint[0].data.Valid_Till");
    refused(c, id, send, "{\"Valid_Till\":\"soon\"}", "INVALID_DATA", "$.blueprint[0].data.Valid_Till");
    refused(c, id, send, "{\"Valid_Till\":\"2020-01-01\"}", "INVALID_DATA", "$.blueprint[0].data.Valid_Till");
    AUTO_FREE char *path = mem_printf("/crm/v8/Quotes/%s/actions/blueprint", id);
    client_refused(c, 400, "PUT", path, "{\"blueprint\":[{\"data\":{}}]}", "MANDATORY_NOT_FOUND",
                   "$.blueprint[0].transition_id");
    json_decref(client_call(c, 400, "PUT", path, "{}"));
    client_refused(c, 400, "GET", "/crm/v8/Quotes/1/actions/blueprint", NULL, "INVALID_DATA", NULL);
    client_refused(c, 400, "GET", "/crm/v8/Nowhere/1/actions/blueprint", NULL, "INVALID_MODULE", NULL);
    has_value(c, id, "Quote_Stage", "Draft");
}

static void a_checklist_is_ticked_item_by_item(void **state)
{
    struct client *c = *state;
    click(c, "blueprint", "Release",
          "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"states\":[{\"api_name\":"
          "\"Draft\"},{\"api_name\":\"Delivered\"}],\"transitions\":[{\"name\":\"Send\",\"during_inputs\":[{"
          "\"sequence\":1,\"type\":\"checklist\",\"optional\":false,\"items\":[{\"name\":\"Read\"},{\"name\":"
          "\"Signed\"}]}]}],\"connections\":[" WAY("Draft", "Delivered", "Send") "]}");
    AUTO_FREE char *id = quote(c, "", ""), *send = way_to(c, id, "Send");
    refused(c, id, send, "{}", "MANDATORY_NOT_FOUND", "$.blueprint[0].data.CheckLists[0].Read");
    refused(c, id, send, "{\"CheckLists\":[{\"Read\":true},{\"Signed\":false}]}", "MANDATORY_NOT_FOUND",
            "$.blueprint[0].data.CheckLists[1].Signed");
    json_decref(go(c, 200, id, send, "{\"CheckLists\":[{\"Read\":true},{\"Signed\":true}]}"));
    has_value(c, id, "Quote_Stage", "Delivered");
}

static void a_transition_writes_its_data_moves_the_state_and_acts(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, ",\"Team\":\"north\"", ""), *send = way_to(c, id, "Send");
    AUTO_JSON json_t *a =
        go(c, 200, id, send, "{\"Valid_Till\":\"2026-12-01\",\"Carrier\":\"UPS\",\"Subject\":\"other\"}");
    assert_string_equal(js_str(a, "code"), "SUCCESS");
    assert_string_equal(js_str(a, "message"), "transition updated successfully");
    has_value(c, id, "Quote_Stage", "Delivered");
    has_value(c, id, "Valid_Till", "2026-12-01");
    has_value(c, id, "Carrier", "UPS");
    has_value(c, id, "Subject", "TEST quote"); /* not asked */
    has_value(c, id, "Terms_and_Conditions", "as sent");
}

static void at_the_end_the_record_leaves_the_process(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, ",\"Team\":\"north\"", ""), *send = way_to(c, id, "Send");
    json_decref(go(c, 200, id, send, "{\"Valid_Till\":\"2026-12-01\"}"));
    AUTO_FREE char *confirm = way_to(c, id, "Confirm");
    json_decref(go(c, 200, id, confirm, "{}"));
    has_value(c, id, "Quote_Stage", "Confirmed");
    AUTO_JSON json_t *a = look(c, 400, id);
    assert_string_equal(js_str(a, "code"), "RECORD_NOT_IN_PROCESS");
}

/* zoho-api.md 2.1 trigger, 2.6 RECORD_NOT_IN_PROCESS. */
static void who_does_not_enter_is_not_in_process(void **state)
{
    struct client *c = *state;
    static const char *const rows[][2] = {
        {"", ",\"trigger\":[]"}, {"", ",\"trigger\":[\"workflow\"]"}, {",\"Description\":\"old\"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *id = quote(c, rows[i][0], rows[i][1]);
        AUTO_JSON json_t *a = look(c, 400, id);
        assert_string_equal(js_str(a, "code"), "RECORD_NOT_IN_PROCESS");
    }
    AUTO_FREE char *in = quote(c, "", ",\"trigger\":[\"blueprint\"]");
    json_decref(look(c, 200, in));
}

/* Order: workflow before Blueprint (zoho-people-and-tools.md 3.1): what a rule writes decides about the entry. */
static void rules_run_before_the_record_enters(void **state)
{
    struct client *c = *state;
    click(c, "field_update", "is old",
          "{\"type\":\"static\",\"field\":{\"api_name\":\"Description\"},\"value\":\"old\"}");
    click(c, "workflow_rule", "Make old",
          "{\"execute_when\":{\"type\":\"create\"},\"conditions\":[{\"sequence_number\":1,\"instant_actions\":{"
          "\"actions\":[{"
          "\"type\":\"field_updates\",\"name\":\"is old\"}]}}]}");
    AUTO_FREE char *id = quote(c, "", "");
    json_decref(look(c, 400, id));
}

static void a_transition_sets_off_the_rules_of_an_edit(void **state)
{
    struct client *c = *state;
    click(c, "field_update", "seen",
          "{\"type\":\"static\",\"field\":{\"api_name\":\"Billing_City\"},\"value\":\"seen\"}");
    click(c, "workflow_rule", "On stage",
          "{\"execute_when\":{\"type\":\"field_update\",\"details\":{\"criteria\":{\"field\":{\"api_name\":\"Quote_"
          "Stage\"},"
          "\"comparator\":\"equal\",\"value\":\"Delivered\"}}},\"conditions\":[{\"sequence_number\":1,\"instant_"
          "actions\":{"
          "\"actions\":[{\"type\":\"field_updates\",\"name\":\"seen\"}]}}]}");
    AUTO_FREE char *id = quote(c, ",\"Team\":\"north\"", ""), *send = way_to(c, id, "Send");
    json_decref(go(c, 200, id, send, "{\"Valid_Till\":\"2026-12-01\"}"));
    has_value(c, id, "Billing_City", "seen");
    has_value(c, id, "Terms_and_Conditions", "as sent");
}

/* zoho-api.md 6.15: the guards of the form do not bind the API. */
static void a_person_cannot_move_the_field_by_hand_but_the_api_can(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *id = quote(c, "", "");
    AUTO_JSON json_t *move = json_pack("{s:s}", "Quote_Stage", "Delivered"),
                     *same = json_pack("{s:s}", "Quote_Stage", "Draft");
    assert_int_equal(sandbox_ui(c->s, "record", "Quotes", id, move, NULL, false, &e), -1);
    assert_non_null(strstr(e.what, "RECORD_IN_BLUEPRINT"));
    e = (struct err){0};
    assert_int_equal(sandbox_ui(c->s, "record", "Quotes", id, same, NULL, false, &e), 0);
    edit(c, id, "\"Quote_Stage\":\"Delivered\"");
    free(way_to(c, id, "Confirm"));
}

static void a_deleted_record_is_in_no_process(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = quote(c, "", ""), *path = mem_printf("/crm/v8/Quotes/%s", id);
    AUTO_JSON json_t *before = sandbox_happenings(c->s);
    assert_int_equal(json_array_size(js_arr(before, "process")), 1);
    free(client_made(c, 200, "DELETE", path, NULL));
    AUTO_JSON json_t *after = sandbox_happenings(c->s);
    assert_int_equal(json_array_size(js_arr(after, "process")), 0);
}

static void a_blueprint_switched_off_holds_nobody(void **state)
{
    struct client *c = *state;
    struct err e = {0};
    AUTO_FREE char *id = quote(c, "", "");
    assert_int_equal(sandbox_ui(c->s, "blueprint_publish", "Quotes", "Release", NULL, NULL, true, &e), 0);
    json_decref(look(c, 400, id));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_record_shows_its_state_and_its_ways_on),
        T(a_way_whose_criteria_are_not_met_is_shown_so_and_refused),
        T(every_refusal_of_a_transition_has_its_code_and_place),
        T(a_checklist_is_ticked_item_by_item),
        T(a_transition_writes_its_data_moves_the_state_and_acts),
        T(at_the_end_the_record_leaves_the_process),
        T(who_does_not_enter_is_not_in_process),
        T(rules_run_before_the_record_enters),
        T(a_transition_sets_off_the_rules_of_an_edit),
        T(a_person_cannot_move_the_field_by_hand_but_the_api_can),
        T(a_deleted_record_is_in_no_process),
        T(a_blueprint_switched_off_holds_nobody),
    };
    return cmocka_run_group_tests_name("sandbox/process", tests, NULL, NULL);
}
