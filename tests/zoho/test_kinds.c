/* Request builders: every kind's exact requests (golden), how they are sent, what cannot be asked for. */
#include "base/sb.h"
#include "tests/test.h"
#include "tests/zoho/golden.h"
#include "tests/zoho/replay.h"
#include "zoho/crm/kinds.h"

static struct crm_change change_of(const json_t *j)
{
    return (struct crm_change){.kind = js_str(j, "kind"),
                               .action = js_str(j, "action"),
                               .module = js_str(j, "module"),
                               .name = js_str(j, "name"),
                               .body = js_obj(j, "body"),
                               .live = js_obj(j, "live"),
                               .source = js_str(j, "source"),
                               .tombstone = js_str(j, "tombstone"),
                               .attempt = (int)js_int(j, "attempt", 0)};
}

static json_t *load_changes(void)
{
    struct err e = {0};
    json_t *j = js_load("tests/zoho/changes.json", &e);
    if (!j)
        fail_msg("%s %s", e.where, e.what);
    return j;
}

static void each_kind_sends_exactly_these_requests(void **state)
{
    (void)state;
    AUTO_JSON json_t *changes = load_changes();
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    size_t i;
    const json_t *j;
    json_array_foreach (changes, i, j) {
        struct crm_change c = change_of(j);
        struct err e = {0};
        AUTO_JSON json_t *requests = json_array();
        sb_addf(&b, "## %s %s %s attempt %d\n", c.kind, c.action, c.name, c.attempt);
        if (crm_requests(&c, requests, &e) < 0) {
            sb_addf(&b, "refused: %s: %s\n", err_kind_name(e.kind), e.what);
            assert_int_equal(json_array_size(requests), 0);
            continue;
        }
        AUTO_FREE char *text = js_pretty(requests, &e);
        sb_add(&b, text);
    }
    golden_check("requests.txt", b.buf);
}

static void nothing_is_deleted_without_a_tombstone(void **state)
{
    (void)state;
    AUTO_JSON json_t *changes = load_changes();
    size_t i;
    size_t k;
    json_t *j;
    json_t *rq;
    json_array_foreach (changes, i, j) {
        struct crm_change c = change_of(j);
        struct err e = {0};
        AUTO_JSON json_t *requests = json_array();
        if (!c.tombstone && crm_requests(&c, requests, &e) == 0) {
            json_array_foreach (requests, k, rq) {
                const char *m = js_str(rq, "method");
                assert_true(!strcmp(m, "POST") || !strcmp(m, "PUT") || !strcmp(m, "PATCH"));
            }
        }
        err_clear(&e);
        c.action = "delete";
        c.tombstone = NULL;
        assert_int_equal(crm_requests(&c, requests, &e), -1);
        c.action = "update";
        AUTO_JSON json_t *body = json_deep_copy(c.body);
        js_set(body, "_delete", json_null());
        c.body = body;
        err_clear(&e);
        assert_int_equal(crm_requests(&c, requests, &e), -1);
    }
    AUTO_JSON json_t *rq_delete = json_pack("{s:s,s:s,s:s,s:s}", "method", "DELETE", "path",
                                            "/crm/v8/settings/fields/1", "retry", "idempotent", "key", "fields");
    struct replay *r = replay_start("org.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct err e = {0};
    json_t *outcome;
    assert_int_equal(crm_send(g.z, rq_delete, &outcome, &e), -1);
    assert_int_equal(e.kind, ERR_BUG);
    assert_int_equal(replay_count(r, NULL, NULL), 0);
    rig_close(&g);
    replay_stop(r);
}

static void every_kind_of_the_table_has_a_change_in_the_test(void **state)
{
    (void)state;
    AUTO_JSON json_t *changes = load_changes();
    for (size_t k = 0; k < crm_kinds_n; k++) {
        bool seen = false;
        size_t i;
        const json_t *j;
        json_array_foreach (changes, i, j) {
            seen = seen || strcmp(js_str(j, "kind"), crm_kinds[k].name) == 0;
        }
        if (!seen)
            fail_msg("no change for %s", crm_kinds[k].name);
    }
}

static void records_go_a_hundred_at_a_time_and_cost_a_credit_for_ten(void **state)
{
    (void)state;
    AUTO_JSON json_t *body = json_object();
    json_t *rows = json_array();
    for (int i = 0; i < 212; i++) {
        json_t *row = json_object();
        js_set_strf(row, "id", "%d", 1000 + i);
        json_array_append_new(rows, row);
    }
    js_set_str(body, "module", "Quotes");
    js_set(body, "updates", rows);
    js_set(body, "trigger", json_array());
    struct crm_change c = {.kind = "records", .action = "update", .name = "x", .body = body};
    struct err e = {0};
    AUTO_JSON json_t *requests = json_array();
    assert_int_equal(crm_requests(&c, requests, &e), 0);
    static const int sizes[] = {100, 100, 12};
    static const int credits[] = {10, 10, 2};
    assert_int_equal(json_array_size(requests), 3);
    for (size_t i = 0; i < 3; i++) {
        json_t *rq = json_array_get(requests, i);
        assert_int_equal(json_array_size(js_arr(js_obj(rq, "body"), "data")), sizes[i]);
        assert_int_equal(js_int(rq, "credits", 0), credits[i]);
        assert_true(json_is_array(json_object_get(js_obj(rq, "body"), "trigger")));
    }
}

static void records_that_are_there_go_by_id_and_new_ones_by_their_key(void **state)
{
    (void)state;
    AUTO_JSON json_t *body = json_pack("{s:s,s:[{s:s,s:i}],s:[{s:s,s:i}],s:[s],s:[]}", "module", "Products", "updates",
                                       "id", "7", "Qty", 1, "upsert", "Code", "A", "Qty", 2, "key", "Code", "trigger");
    struct crm_change c = {.kind = "records", .action = "update", .name = "x", .body = body};
    struct err e = {0};
    AUTO_JSON json_t *requests = json_array();
    assert_int_equal(crm_requests(&c, requests, &e), 0);
    assert_int_equal(json_array_size(requests), 2);
    assert_string_equal(js_str(json_array_get(requests, 0), "method"), "PUT");
    assert_null(js_path(requests, "[0].body.duplicate_check_fields"));
    assert_string_equal(js_str(json_array_get(requests, 1), "path"), "/crm/v8/Products/upsert");
    assert_string_equal(json_string_value(js_path(requests, "[1].body.duplicate_check_fields[0]")), "Code");
    js_set(body, "key", json_array());
    assert_int_equal(crm_requests(&c, requests, &e), -1);
    assert_int_equal(e.kind, ERR_BUG);
}

/* Builds the change, sends all requests as apply does, returns the last return code. */
static int build_and_send(struct rig *g, const char *kind, const char *action, json_t *body, const char *source,
                          json_t **outcome, struct err *e)
{
    struct crm_change c = {
        .kind = kind, .action = action, .module = "Quotes", .name = "x", .body = body, .source = source};
    AUTO_JSON json_t *requests = json_array();
    *outcome = NULL;
    int rc = crm_requests(&c, requests, e);
    for (size_t i = 0; i < json_array_size(requests) && rc == 0; i++) {
        json_t *rq = json_array_get(requests, i);
        if (js_str(*outcome, "id"))
            js_set_str(rq, "id", js_str(*outcome, "id"));
        json_decref(*outcome);
        rc = crm_send(g->z, rq, outcome, e);
    }
    return rc;
}

static void a_function_goes_out_as_metadata_and_code(void **state)
{
    (void)state;
    struct replay *r = replay_start("writes.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct err e = {0};
    AUTO_JSON json_t *body = json_pack("{s:s,s:s,s:s}", "name", "Check", "api_name", "check", "language", "deluge");
    AUTO_JSON json_t *outcome = NULL;
    if (build_and_send(&g, "function", "create", body, "info \"a\";\n", &outcome, &e) < 0)
        fail_msg("%s", e.what);
    assert_string_equal(js_str(outcome, "id"), "900000000000060");
    AUTO_JSON json_t *log = replay_log(r);
    const json_t *rq = json_array_get(log, json_array_size(log) - 1);
    const char *sent = js_str(rq, "body");
    assert_non_null(strstr(js_str(js_obj(rq, "headers"), "content-type"), "multipart/form-data"));
    assert_non_null(strstr(sent, "name=\"metadata\""));
    assert_non_null(strstr(sent, "name=\"code\"; filename=\"check.ds\""));
    assert_non_null(strstr(sent, "info \"a\";\n"));
    assert_non_null(strstr(sent, "Deluge 1.0"));
    assert_null(strstr(sent, "language"));
    rig_close(&g);
    replay_stop(r);
}

static void a_blueprints_actions_follow_with_the_ids_of_its_transitions(void **state)
{
    (void)state;
    struct replay *r = replay_start("writes.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct err e = {0};
    AUTO_JSON json_t *body = json_loads(
        "{\"name\":\"Quote release\",\"transitions\":[{\"name\":\"Send quote\",\"actions\":[{\"id\":\"70\"}]}]}", 0,
        NULL);
    AUTO_JSON json_t *outcome = NULL;
    if (build_and_send(&g, "blueprint", "create", body, NULL, &outcome, &e) < 0)
        fail_msg("%s: %s", e.where, e.what);
    AUTO_JSON json_t *log = replay_log(r);
    const json_t *last = json_array_get(log, json_array_size(log) - 1);
    assert_string_equal(js_str(last, "path"), "/crm/v8/settings/blueprints/transitions");
    assert_string_equal(js_str(last, "body"),
                        "{\"transitions\":[{\"actions\":[{\"id\":\"70\"}],\"id\":\"951\",\"name\":\"Send quote\"}]}");
    rig_close(&g);
    replay_stop(r);
}

static void a_partly_refused_batch_says_how_many_and_gives_the_elements(void **state)
{
    (void)state;
    struct replay *r = replay_start("writes.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct err e = {0};
    AUTO_JSON json_t *body =
        json_loads("{\"module\":\"Quotes\",\"updates\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"trigger\":[]}", 0, NULL);
    AUTO_JSON json_t *outcome = NULL;
    assert_int_equal(build_and_send(&g, "records", "update", body, NULL, &outcome, &e), -1);
    assert_int_equal(e.kind, ERR_PARTIAL);
    assert_int_equal(json_array_size(js_arr(outcome, "results")), 2);
    assert_err_clean(&e);
    rig_close(&g);
    replay_stop(r);
}

static void a_refusal_of_the_org_can_be_told_from_a_mistake(void **state)
{
    (void)state;
    struct replay *r = replay_start("writes.json");
    struct rig g;
    rig_open(&g, r, ZOHO_WRITER);
    struct err e = {0};
    AUTO_JSON json_t *body = json_object();
    AUTO_JSON json_t *outcome = NULL;
    assert_int_equal(build_and_send(&g, "custom_view", "create", body, NULL, &outcome, &e), -1);
    assert_true(zoho_refused(&e));
    json_decref(outcome);
    err_clear(&e);
    assert_int_equal(build_and_send(&g, "field_update", "create", body, NULL, &outcome, &e), -1);
    assert_false(zoho_refused(&e));
    assert_string_equal(e.code, "MANDATORY_NOT_FOUND");
    rig_close(&g);
    replay_stop(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_sends_exactly_these_requests),
        cmocka_unit_test(nothing_is_deleted_without_a_tombstone),
        cmocka_unit_test(every_kind_of_the_table_has_a_change_in_the_test),
        cmocka_unit_test(records_go_a_hundred_at_a_time_and_cost_a_credit_for_ten),
        cmocka_unit_test(records_that_are_there_go_by_id_and_new_ones_by_their_key),
        cmocka_unit_test(a_function_goes_out_as_metadata_and_code),
        cmocka_unit_test(a_blueprints_actions_follow_with_the_ids_of_its_transitions),
        cmocka_unit_test(a_partly_refused_batch_says_how_many_and_gives_the_elements),
        cmocka_unit_test(a_refusal_of_the_org_can_be_told_from_a_mistake),
    };
    return cmocka_run_group_tests_name("zoho/kinds", tests, NULL, NULL);
}
