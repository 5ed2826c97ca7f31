/* Drift, through the program: what others did to what zagent manages, told once, accepted or put back; nothing is sent. */
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

#define S "/crm/v8/settings/"
#define A S "automation/"

static const char by_hand[] =
    "  - address: custom_view/Deals.Open%20handovers\n"
    "    body: {name: Open handovers, access_type: public, fields: [{api_name: Deal_Name}, {api_name: "
    "Handover_State}], criteria: "
    "{field: {api_name: Handover_State}, comparator: equal, value: Open}, sort_by: {api_name: Deal_Name}, sort_order: "
    "asc}\n"
    "  - address: validation_rule/Deals.Day%20is%20set\n"
    "    body: {name: Day is set, layout: {name: Standard}, field: {api_name: Handover_State}, type: criteria, "
    "criteria: {field: "
    "{api_name: Handover_State}, comparator: equal, value: \"${EMPTY}\"}, message: Say how far it is.}\n"
    "    hand: {owner: admin, expected: a, negative: b, test_record: c, test_as: d, cleanup: e}\n";

static json_t *note; /* of the sandbox that serves */

static void stranger(struct client *c)
{
    AUTO_FREE char *text = shell_file(".zagent/sandbox.json");
    json_decref(note);
    note = json_loads(text, 0, NULL);
    assert_non_null(note);
    client_join(c, note);
}

/* Applied, with its step by hand done. */
static void applied(const char *name)
{
    shell_enter(name);
    shell_small_project();
    AUTO_FREE char *playbook = shell_file("templates/small/playbook.yaml");
    AUTO_FREE char *more = mem_printf("%s%s", playbook, by_hand);
    shell_write("templates/small/playbook.yaml", more);
    shell_sandbox(NULL);
    struct run r =
        shell("zagent plan small -q && zagent apply --yes -q && zagent sandbox ui -q && zagent apply --yes -q");
    if (r.status)
        print_error("%s%s", r.out, r.err);
    assert_int_equal(r.status, 0);
    run_release(&r);
}

static void over(void)
{
    shell_sandbox_stop();
    json_decref(note);
    note = NULL;
}

/* The id of an object of a list, through the API. Caller frees. */
static char *id_of(struct client *c, const char *list, const char *key, const char *name, const char *value)
{
    AUTO_JSON json_t *all = client_get(c, 200, "%s", list);
    return mem_dup(js_str(pick(js_arr(all, key), name, value), "id"));
}

static void retouch(struct client *c, const char *tooltip)
{
    AUTO_FREE char *id = id_of(c, S "fields?module=Deals", "fields", "api_name", "Handover_State");
    AUTO_FREE char *path = mem_printf(S "fields/%s?module=Deals", id);
    AUTO_FREE char *body = mem_printf("{\"fields\":[{\"field_label\":\"%s\"}]}", tooltip);
    json_decref(client_call(c, 200, "PATCH", path, body));
}

static void describe_rule(struct client *c, const char *text)
{
    AUTO_FREE char *id = id_of(c, A "workflow_rules", "workflow_rules", "name", "New deals start open");
    AUTO_FREE char *path = mem_printf(A "workflow_rules/%s", id);
    AUTO_FREE char *body = mem_printf("{\"workflow_rules\":[{\"id\":\"%s\",\"description\":\"%s\"}]}", id, text);
    json_decref(client_call(c, 200, "PUT", path, body));
}

static void delete_view(struct client *c)
{
    AUTO_FREE char *id = id_of(c, S "custom_views?module=Deals", "custom_views", "name", "Open handovers");
    AUTO_FREE char *path = mem_printf(S "custom_views/%s?module=Deals", id);
    json_decref(client_call(c, 200, "DELETE", path, NULL));
}

static const json_t *finding(const json_t *envelope, const char *address)
{
    json_t *f;
    size_t i;
    json_array_foreach (js_path(envelope, "data.findings"), i, f)
        if (!strcmp(js_str_or(f, "address", ""), address))
            return f;
    return NULL;
}

static size_t findings(const json_t *envelope)
{
    return json_array_size(js_path(envelope, "data.findings"));
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static size_t sections(void)
{
    AUTO_FREE char *log = shell_file("BUILD_LOG.md");
    return count(log, "not by zagent");
}

static void an_org_nobody_applied_to_has_not_drifted(void **state)
{
    (void)state;
    shell_enter("drift-none");
    shell_small_project();
    AUTO_JSON json_t *all = shell_json(0, "drift");
    assert_int_equal(js_int(js_obj(all, "data"), "managed", -1), 0);
    struct run r = shell("zagent drift && test ! -e BUILD_LOG.md");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "manages nothing here yet"));
    run_release(&r);
}

static void what_others_changed_removed_and_took_back_is_told_once_and_nothing_is_sent(void **state)
{
    struct client c;
    (void)state;
    applied("drift-found");
    AUTO_JSON json_t *clean = shell_json(0, "drift");
    assert_int_equal(findings(clean), 0);
    assert_int_equal(sections(), 0);
    stranger(&c);
    describe_rule(&c, "Mine");
    delete_view(&c);
    AUTO_FREE char *made = client_made(&c, 201, "POST", S "fields?module=Deals",
                                       "{\"fields\":[{\"field_label\":\"Theirs\",\"data_type\":\"text\"}]}");
    struct run undo = shell("zagent sandbox ui --undo validation_rule/Deals.Day%%20is%%20set");
    assert_int_equal(undo.status, 0);
    run_release(&undo);
    AUTO_JSON json_t *so_far = shell_exchanges();
    AUTO_JSON json_t *drifted = shell_json(3, "drift");
    assert_int_equal(findings(drifted), 3);
    const json_t *rule = finding(drifted, "workflow_rule/Deals.New%20deals%20start%20open");
    assert_string_equal(js_str(rule, "what"), "changed");
    assert_string_equal(js_str(json_array_get(js_arr(rule, "changes"), 0), "is"), "Mine");
    assert_string_equal(js_str(json_array_get(js_arr(rule, "changes"), 0), "was"),
                        "Sets the handover state of every new deal");
    assert_string_equal(js_str(rule, "by"), "Org Administrator");
    assert_non_null(js_str(rule, "at"));
    assert_string_equal(js_str(finding(drifted, "custom_view/Deals.Open%20handovers"), "what"), "removed");
    assert_string_equal(js_str(finding(drifted, "validation_rule/Deals.Day%20is%20set"), "what"), "undone");
    assert_string_equal(json_string_value(json_array_get(js_path(drifted, "data.added"), 0)), "field/Deals.Theirs");
    AUTO_JSON json_t *exchanges = shell_exchanges();
    for (size_t i = json_array_size(so_far); i < json_array_size(exchanges); i++) {
        const json_t *x = json_array_get(exchanges, i);
        if (strcmp(js_str_or(x, "method", ""), "GET") != 0 && !strstr(js_str_or(x, "path", ""), "/oauth/"))
            fail_msg("drift sent %s %s", js_str(x, "method"), js_str(x, "path"));
    }
    assert_int_equal(sections(), 1);
    AUTO_JSON json_t *again = shell_json(3, "drift");
    assert_null(js_str(js_obj(again, "meta"), "run"));
    assert_int_equal(sections(), 1);
    struct run r = shell("zagent log --check && zagent status");
    assert_int_equal(r.status, 0);
    assert_int_equal(count(r.out, "is no longer so"), 3);
    run_release(&r);
    client_down(&c);
    over();
}

static void what_is_accepted_is_silent_until_it_moves_again_or_a_run_makes_it_as_planned(void **state)
{
    struct client c;
    (void)state;
    applied("drift-accepted");
    stranger(&c);
    retouch(&c, "How far");
    json_decref(shell_json(3, "drift"));
    json_decref(shell_json(2, "drift --accept field/Deals.Handover_State"));
    json_decref(shell_json(6, "drift --accept field/Visits2.Visit_Day --note no"));
    struct run r = shell("zagent drift --accept field/Deals.Handover_State --note 'sales calls it so'");
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "templates/small/playbook.yaml:"));
    assert_non_null(strstr(r.out, "make field_label say \"How far\""));
    run_release(&r);
    json_decref(shell_json(0, "drift"));
    json_decref(shell_json(3, "plan small --check")); /* the playbook still says otherwise */
    retouch(&c, "How far it is");
    AUTO_JSON json_t *moved = shell_json(3, "drift");
    const json_t *change = json_array_get(js_arr(finding(moved, "field/Deals.Handover_State"), "changes"), 0);
    assert_string_equal(js_str(change, "was"), "How far");
    struct run apply = shell("zagent plan small -q && zagent apply --yes -q");
    assert_int_equal(apply.status, 0);
    run_release(&apply);
    json_decref(shell_json(0, "drift"));
    struct run log = shell("zagent log --check");
    assert_int_equal(log.status, 0);
    run_release(&log);
    client_down(&c);
    over();
}

static void a_repair_puts_back_what_is_asked_for_and_leaves_the_rest(void **state)
{
    struct client c;
    (void)state;
    applied("drift-repaired");
    stranger(&c);
    describe_rule(&c, "Mine");
    delete_view(&c);
    retouch(&c, "How far");
    json_decref(shell_json(3, "drift"));
    json_decref(shell_json(0, "drift --accept field/Deals.Handover_State --note ours"));
    AUTO_JSON json_t *plan = shell_json(0, "drift --repair 'custom_view/*'");
    assert_int_equal(js_int(js_path(plan, "data.plan.summary"), "api", -1), 1);
    AUTO_JSON json_t *whole = shell_json(0, "drift --repair");
    assert_int_equal(js_int(js_path(whole, "data.plan.summary"), "api", -1), 2);
    struct run r = shell("zagent apply --yes -q && zagent drift");
    assert_int_equal(r.status, 0);
    run_release(&r);
    AUTO_JSON json_t *fields = client_get(&c, 200, S "fields?module=Deals");
    assert_true(has(js_arr(fields, "fields"), "field_label", "How far"));
    AUTO_FREE char *view = id_of(&c, S "custom_views?module=Deals", "custom_views", "name", "Open handovers");
    assert_non_null(view);
    assert_int_equal(sections(), 1); /* put back by a run that has its own section */
    client_down(&c);
    over();
}

static void what_somebody_put_back_is_told_too(void **state)
{
    struct client c;
    (void)state;
    applied("drift-again");
    stranger(&c);
    describe_rule(&c, "Mine");
    json_decref(shell_json(3, "drift"));
    describe_rule(&c, "Sets the handover state of every new deal");
    json_decref(shell_json(0, "drift"));
    AUTO_FREE char *log = shell_file("BUILD_LOG.md");
    assert_non_null(strstr(log, "is again as zagent left it"));
    json_decref(shell_json(0, "drift"));
    assert_int_equal(sections(), 2);
    struct run r = shell("zagent status");
    assert_null(strstr(r.out, "is no longer so"));
    run_release(&r);
    client_down(&c);
    over();
}

static void what_cannot_be_seen_has_not_been_removed(void **state)
{
    (void)state;
    applied("drift-unseen");
    shell_sandbox_stop();
    shell_sandbox("GET /settings/custom_views nth=0 status=403");
    AUTO_JSON json_t *all = shell_json(0, "drift");
    assert_int_equal(findings(all), 0);
    assert_string_equal(js_str(json_array_get(js_path(all, "data.unseen"), 0), "address"),
                        "custom_view/Deals.Open%20handovers");
    over();
}

/* An org that was set back: the lists of a module that is gone are refused, and its fields are gone with it. */
static void the_fields_of_a_module_that_is_gone_are_gone(void **state)
{
    (void)state;
    shell_enter("drift-gone");
    shell_small_project();
    struct run r =
        shell("zagent plan small -q && cp .zagent/sandbox.db sandbox.db.before && zagent apply --yes -q && rm "
              ".zagent/sandbox.db* && cp "
              "sandbox.db.before .zagent/sandbox.db");
    assert_int_equal(r.status, 0);
    run_release(&r);
    AUTO_JSON json_t *all = shell_json(3, "drift");
    assert_string_equal(js_str(finding(all, "module/Visits2"), "what"), "removed");
    assert_string_equal(js_str(finding(all, "field/Visits2.Visit_Day"), "what"), "removed");
    assert_int_equal(json_array_size(js_path(all, "data.unseen")), 0);
    struct run again = shell("zagent drift --repair && zagent apply --yes -q && zagent drift");
    if (again.status)
        print_error("%s%s", again.out, again.err);
    assert_int_equal(again.status, 0);
    run_release(&again);
}

static void after_a_rollback_the_run_before_it_is_what_counts(void **state)
{
    (void)state;
    shell_enter("drift-rolled-back");
    shell_small_project();
    struct run r = shell(
        "zagent plan small -q && zagent apply --yes -q && sed -i 's/every new deal/each new deal/; s/singular_label: "
        "Visit,/singular_label: Call,/' templates/small/playbook.yaml && zagent plan small -q && zagent apply --yes -q "
        "&& "
        "zagent rollback R2 --yes -q && zagent drift --json");
    if (r.status)
        print_error("%s%s", r.out, r.err);
    assert_int_equal(r.status, 0);
    assert_non_null(strstr(r.out, "\"findings\":[]"));
    assert_non_null(strstr(r.out, "\"managed\":5"));
    run_release(&r);
}

static void what_zagent_switched_off_itself_is_no_drift(void **state)
{
    (void)state;
    applied("drift-off");
    struct run r = shell("zagent off small -q");
    assert_int_equal(r.status, 0);
    run_release(&r);
    AUTO_JSON json_t *all = shell_json(0, "drift");
    assert_string_equal(json_string_value(json_array_get(js_path(all, "data.off"), 0)),
                        "workflow_rule/Deals.New%20deals%20start%20open");
    over();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_org_nobody_applied_to_has_not_drifted),
        cmocka_unit_test(what_others_changed_removed_and_took_back_is_told_once_and_nothing_is_sent),
        cmocka_unit_test(what_is_accepted_is_silent_until_it_moves_again_or_a_run_makes_it_as_planned),
        cmocka_unit_test(a_repair_puts_back_what_is_asked_for_and_leaves_the_rest),
        cmocka_unit_test(what_somebody_put_back_is_told_too),
        cmocka_unit_test(what_cannot_be_seen_has_not_been_removed),
        cmocka_unit_test(the_fields_of_a_module_that_is_gone_are_gone),
        cmocka_unit_test(after_a_rollback_the_run_before_it_is_what_counts),
        cmocka_unit_test(what_zagent_switched_off_itself_is_no_drift),
    };
    return cmocka_run_group_tests_name("agent/drift", tests, NULL, NULL);
}
