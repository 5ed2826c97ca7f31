/* What the rehearsal stands on: a copy of an org is that org, and a trial leaves nothing behind. */
#include "sandbox/inside.h"
#include "sandbox/load.h"
#include "tests/test.h"
#include "zoho/crm/crm.h"

struct opened {
    struct sandbox *s;
    struct zoho *z;
    struct secret secret, refresh;
    json_t *info; /* the client's texts live here */
};

static void open_org(struct opened *o, const json_t *snapshot)
{
    struct err e = {0};
    struct sandbox_options so = {.clock = clock_system()};
    *o = (struct opened){0};
    assert_int_equal(sandbox_open(&o->s, &so, &e), 0);
    if (snapshot)
        assert_int_equal(sandbox_load(o->s, snapshot, &e), 0);
    assert_int_equal(sandbox_serve(o->s, &e), 0);
    json_t *info = o->info = sandbox_info(o->s);
    secret_set(&o->secret, js_str(info, "client_secret"));
    secret_set(&o->refresh, js_str(info, "refresh_token"));
    struct zoho_config zc = {.api_url = js_str(info, "api_url"),
                             .accounts_url = js_str(info, "accounts_url"),
                             .client_id = js_str(info, "client_id"),
                             .client_secret = &o->secret,
                             .refresh_token = &o->refresh};
    struct clock clock = clock_system();
    assert_int_equal(zoho_open(&o->z, &zc, &clock, &e), 0);
}

static void close_org(struct opened *o)
{
    zoho_close(o->z);
    sandbox_close(o->s);
    secret_release(&o->secret);
    secret_release(&o->refresh);
    json_decref(o->info);
}

static void read_all(struct opened *o, struct snapshot *s)
{
    static const char *const names[] = {"org",
                                        "profiles",
                                        "roles",
                                        "modules",
                                        "fields/Quotes",
                                        "layouts/Quotes",
                                        "custom_views/Quotes",
                                        "fields/Visits",
                                        "variables",
                                        "variable_groups",
                                        "related_lists/Deals",
                                        "functions",
                                        "function_code/greet",
                                        "workflow_rules",
                                        "field_updates",
                                        "blueprints",
                                        "email_templates",
                                        "validation_rules/Deals"};
    struct strset set = {0};
    struct err e = {0};
    snapshot_init(s);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        strset_add(&set, names[i]);
    if (crm_read(o->z, &set, NULL, s, &e) < 0)
        fail_msg("%s %s", e.what, e.where);
    strset_release(&set);
}

static void ask(struct sandbox *s, int status, const char *method, const char *path, const char *body)
{
    AUTO_JSON json_t *in = body ? json_loads(body, 0, NULL) : NULL, *out = NULL;
    assert_true(!body || in);
    int got = sandbox_call(s, NULL, method, path, in, &out);
    AUTO_FREE char *text = out ? json_dumps(out, 0) : NULL;
    if (got != status)
        fail_msg("%s %s: %d %s", method, path, got, text ? text : "");
}

static void click(struct sandbox *s, const char *kind, const char *module, const char *name, const char *body,
                  const char *source)
{
    struct err e = {0};
    AUTO_JSON json_t *in = json_loads(body, 0, NULL);
    if (sandbox_ui(s, kind, module, name, in, source, false, &e) < 0)
        fail_msg("%s", e.what);
}

static void dress(struct sandbox *s)
{
    ask(s, 201, "POST", "/crm/v8/settings/modules",
        "{\"modules\":[{\"singular_label\":\"Visit\",\"plural_label\":\"Visits\",\"api_name\":\"Visits\",\"profiles\":["
        "{"
        "\"id\":\"5725767000000100002\"}],\"display_field\":{\"field_label\":\"Visit\",\"data_type\":\"text\"}}]}");
    click(s, "function", NULL, "greet", "{\"name\":\"greet\",\"category\":\"Automation\"}",
          "void automation.greet(String id)\n{\n\tinfo id;\n}\n");
    click(s, "email_template", "Deals", "Hello", "{\"subject\":\"Hello ${Deals.Deal Name}\",\"content\":\"x\"}", NULL);
    click(s, "validation_rule", "Deals", "Big",
          "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Amount\"},\"type\":\"criteria\",\"criteria\":{"
          "\"field\":{\"api_name\":\"Amount\"},\"comparator\":\"greater_than\",\"value\":\"5\"},\"message\":\"no\"}",
          NULL);
}

static void a_copy_of_an_org_answers_as_the_org_does(void **state)
{
    (void)state;
    struct opened a, b;
    struct snapshot sa, sb;
    open_org(&a, NULL);
    dress(a.s);
    read_all(&a, &sa);
    open_org(&b, sa.res);
    read_all(&b, &sb);
    const char *name;
    json_t *v;
    json_object_foreach (sa.res, name, v) {
        AUTO_FREE char *one = json_dumps(v, JSON_INDENT(1) | JSON_SORT_KEYS);
        AUTO_FREE char *two = json_dumps(json_object_get(sb.res, name), JSON_INDENT(1) | JSON_SORT_KEYS);
        if (!two || strcmp(one, two) != 0)
            fail_msg("%s:\n%.3000s\n%.3000s", name, one, two ? two : "nothing");
    }
    assert_int_equal(json_object_size(sa.res), json_object_size(sb.res));
    snapshot_release(&sa);
    snapshot_release(&sb);
    close_org(&a);
    close_org(&b);
}

static json_t *deal(struct sandbox *s, const char *amount)
{
    AUTO_JSON json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "Deal_Name", "TEST deal", "Stage", "Qualification",
                                       "Closing_Date", "2026-12-01", "Amount", amount);
    return sandbox_form(s, NULL, "Deals", NULL, body);
}

static void a_trial_takes_back_rows_ids_and_the_clock(void **state)
{
    (void)state;
    struct opened o;
    struct err e = {0};
    open_org(&o, NULL);
    AUTO_JSON json_t *before = sandbox_status(o.s);
    sandbox_trial_begin(o.s);
    AUTO_JSON json_t *one = deal(o.s, "1");
    assert_string_equal(js_str(one, "code"), "SUCCESS");
    assert_int_equal(sandbox_clock_advance(o.s, 86400, &e), 0);
    sandbox_trial_end(o.s);
    AUTO_JSON json_t *after = sandbox_status(o.s);
    assert_int_equal(js_int(after, "clock_ahead_s", -1), js_int(before, "clock_ahead_s", -2));
    assert_false(sandbox_has(o.s, js_str(js_obj(one, "details"), "id")));
    AUTO_JSON json_t *two = deal(o.s, "1");
    assert_string_equal(js_str(js_obj(two, "details"), "id"), js_str(js_obj(one, "details"), "id"));
    close_org(&o);
}

static void a_refused_save_inside_a_trial_leaves_the_trial_whole(void **state)
{
    (void)state;
    struct opened o;
    open_org(&o, NULL);
    dress(o.s);
    sandbox_trial_begin(o.s);
    AUTO_JSON json_t *good = deal(o.s, "1");
    AUTO_JSON json_t *bad = deal(o.s, "9");
    assert_string_equal(js_str(bad, "message"), "no");
    assert_true(sandbox_has(o.s, js_str(js_obj(good, "details"), "id")));
    sandbox_trial_end(o.s);
    assert_false(sandbox_has(o.s, js_str(js_obj(good, "details"), "id")));
    close_org(&o);
}

static void loaded_records_count_with_numbers_and_keep_their_ids(void **state)
{
    (void)state;
    struct opened o;
    struct err e = {0};
    open_org(&o, NULL);
    AUTO_JSON json_t *rows =
        json_loads("[{\"id\":\"9001\",\"Deal_Name\":\"TEST deal\",\"Amount\":\"12.5\",\"$x\":1}]", 0, NULL);
    assert_int_equal(sandbox_load_records(o.s, "Deals", rows, &e), 0);
    AUTO_JSON json_t *out = NULL;
    assert_int_equal(sandbox_call(o.s, NULL, "GET", "/crm/v8/Deals/9001", NULL, &out), 200);
    const json_t *r = js_path(out, "data[0]");
    assert_true(json_number_value(json_object_get(r, "Amount")) > 12.4);
    assert_null(json_object_get(r, "$x"));
    assert_int_equal(sandbox_load_records(o.s, "Nothing", rows, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    close_org(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_of_an_org_answers_as_the_org_does),
        cmocka_unit_test(a_trial_takes_back_rows_ids_and_the_clock),
        cmocka_unit_test(a_refused_save_inside_a_trial_leaves_the_trial_whole),
        cmocka_unit_test(loaded_records_count_with_numbers_and_keep_their_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
