/* Rules, actions, functions, Blueprints, views and what people make. Sources: zoho-api.md 1.8-1.17, OAS26a/b. */
#include <string.h>

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

static void with(struct client *c, const char *refuse)
{
    struct sandbox_options o = {.refuse = refuse};
    *c = (struct client){0};
    client_up(c, &o);
}

#define AUTO    "/crm/v8/settings/automation/"
#define RULES   AUTO "workflow_rules"
#define UPDATES AUTO "field_updates"
static const char update_body[] =
    "{\"field_updates\":[{\"name\":\"Set "
    "draft\",\"module\":{\"api_name\":\"Quotes\"},\"feature_type\":\"workflow\",\"type\":\"static\","
    "\"field\":{\"api_name\":\"Quote_Stage\"},\"value\":\"Draft\"}]}";

static char *field_update(struct client *c)
{
    return client_made(c, 201, "POST", UPDATES, update_body);
}

static char *rule_with(const char *type, const char *details, const char *action_type, const char *id, const char *more)
{
    return mem_printf("{\"workflow_rules\":[{\"name\":\"Rule\",\"module\":{\"api_name\":\"Quotes\"},\"execute_when\":{"
                      "\"type\":\"%s\",\"details\":{"
                      "%s}},\"conditions\":[{\"sequence_number\":1,\"criteria_details\":{\"criteria\":{\"comparator\":"
                      "\"equal\",\"field\":{\"api_"
                      "name\":\"Quote_Stage\"},\"value\":\"Draft\"}},\"instant_actions\":{\"actions\":[{\"type\":\"%"
                      "s\",\"id\":\"%s\"}]}%s}]}]}",
                      type, details, action_type, id, more);
}

static void a_rule_is_made_read_back_and_switched_off(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *fu = field_update(c);
    AUTO_FREE char *body = rule_with("create_or_edit", "\"repeat\":true", "field_updates", fu, "");
    AUTO_FREE char *id = client_made(c, 201, "POST", RULES, body);
    AUTO_JSON json_t *full = client_get(c, 200, RULES "/%s", id);
    json_t *cond = js_path(full, "workflow_rules[0].conditions[0]");
    assert_non_null(js_str(js_path(cond, "criteria_details.criteria.field"), "id"));
    assert_string_equal(js_str(js_path(cond, "instant_actions.actions[0]"), "name"), "Set draft");
    AUTO_JSON json_t *outline = client_get(c, 200, RULES "?module=Quotes");
    assert_null(js_str(js_path(outline, "workflow_rules[0].conditions[0].instant_actions.actions[0]"), "name"));
    AUTO_JSON json_t *inner = client_get(c, 200, RULES "?module=Quotes&include_inner_details=x");
    assert_non_null(js_str(js_path(inner, "workflow_rules[0].conditions[0].instant_actions.actions[0]"), "name"));
    AUTO_FREE char *path = mem_printf(RULES "/%s", id);
    free(client_made(c, 200, "PUT", path,
                     "{\"workflow_rules\":[{\"status\":{\"active\":false,\"delete_schedule_action\":false}}]}"));
    json_decref(client_get(c, 204, RULES "?status_active=true"));
    client_refused(c, 400, "DELETE", UPDATES "/0", NULL, "INVALID_DATA", NULL);
    AUTO_FREE char *fu_path = mem_printf(UPDATES "?ids=%s", fu);
    client_refused(c, 400, "DELETE", fu_path, NULL, "NOT_ALLOWED", NULL);
    free(client_made(c, 200, "DELETE", path, NULL));
    free(client_made(c, 200, "DELETE", fu_path, NULL));
}

static void an_action_is_dropped_and_another_added_by_put(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *one = field_update(c), *two = field_update(c);
    AUTO_FREE char *body = rule_with("create", "", "field_updates", one, "");
    AUTO_FREE char *id = client_made(c, 201, "POST", RULES, body);
    AUTO_FREE char *put = mem_printf(
        "{\"workflow_rules\":[{\"id\":\"%s\",\"conditions\":[{\"sequence_number\":1,\"instant_actions\":{\"actions\":[{"
        "\"type\":\"field_updates\",\"id\":\"%s\",\"_delete\":null},{\"type\":\"field_updates\",\"id\":\"%s\"}]}}]}]}",
        id, one, two);
    free(client_made(c, 200, "PUT", RULES, put));
    AUTO_JSON json_t *full = client_get(c, 200, RULES "/%s", id);
    json_t *list = js_path(full, "workflow_rules[0].conditions[0].instant_actions.actions");
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(js_str(json_array_get(list, 0), "id"), two);
}

static void every_rule_error_has_its_code_and_place(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *fu = field_update(c);
    static const struct {
        const char *type, *details, *action, *more, *code, *path;
    } rows[] = {
        {"edit", "", "field_updates", "", "DEPENDENT_FIELD_MISSING", "$.workflow_rules[0].execute_when.details.repeat"},
        {"whenever", "", "field_updates", "", "INVALID_DATA", "$.workflow_rules[0].execute_when.type"},
        {"create", "", "functions", "", "INVALID_DATA",
         "$.workflow_rules[0].conditions[0].instant_actions.actions[0].id"},
        {"create", "", "dance", "", "INVALID_DATA",
         "$.workflow_rules[0].conditions[0].instant_actions.actions[0].type"},
        {"delete", "", "field_updates", "", "NOT_ALLOWED",
         "$.workflow_rules[0].conditions[0].instant_actions.actions[0].type"},
        {"date_or_datetime", "\"unit\":1", "field_updates", "", "DEPENDENT_FIELD_MISSING",
         "$.workflow_rules[0].execute_when.details.field"},
        {"edit", "\"repeat\":true", "field_updates",
         ",\"scheduled_actions\":[{\"execute_after\":{\"period\":\"days\",\"unit\":1},\"actions\":[]}]", "NOT_ALLOWED",
         "$.workflow_rules[0].conditions[0].scheduled_actions"},
        {"create", "", "field_updates", ",\"scheduled_actions\":[{},{},{},{},{},{}]", "LIMIT_EXCEEDED", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *body = rule_with(rows[i].type, rows[i].details, rows[i].action, fu, rows[i].more);
        client_refused(c, 400, "POST", RULES, body, rows[i].code, rows[i].path);
    }
    client_refused(c, 400, "POST", RULES, "{\"workflow_rules\":[{\"name\":\"R\"}]}", "MANDATORY_NOT_FOUND",
                   "$.workflow_rules[0].module");
    client_refused(c, 400, "POST", RULES,
                   "{\"workflow_rules\":[{\"name\":\"50%\",\"module\":{\"api_name\":\"Quotes\"},\"execute_when\":{"
                   "\"type\":\"create\"},"
                   "\"conditions\":[]}]}",
                   "INVALID_DATA", "$.workflow_rules[0].name");
    client_refused(c, 400, "POST", RULES,
                   "{\"workflow_rules\":[{\"name\":\"R\",\"status\":{\"active\":false},\"module\":{\"api_name\":"
                   "\"Quotes\"},\"execute_when\":{"
                   "\"type\":\"create\"},\"conditions\":[]}]}",
                   "INVALID_DATA", "$.workflow_rules[0].status.active");
}

static void the_trigger_stays_in_its_category(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *fu = field_update(c);
    AUTO_FREE char *body = rule_with("create", "", "field_updates", fu, "");
    AUTO_FREE char *id = client_made(c, 201, "POST", RULES, body);
    AUTO_FREE char *path = mem_printf(RULES "/%s", id);
    client_refused(c, 400, "PUT", path, "{\"workflow_rules\":[{\"execute_when\":{\"type\":\"mail_sent\"}}]}",
                   "NOT_ALLOWED", "$.workflow_rules[0].execute_when.type");
}

static void usage_needs_its_period(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *fu = field_update(c);
    AUTO_FREE char *body = rule_with("create", "", "field_updates", fu, "");
    AUTO_FREE char *id = client_made(c, 201, "POST", RULES, body);
    AUTO_JSON json_t *a =
        client_get(c, 200, RULES "/%s/actions/usage?executed_from=2026-01-01&executed_till=2026-01-08", id);
    assert_int_equal(js_int(js_path(a, "workflow_rules[0]"), "trigger_count", -1), 0);
    AUTO_FREE char *path = mem_printf(RULES "/%s/actions/usage", id);
    client_refused(c, 400, "GET", path, NULL, "REQUIRED_PARAM_MISSING", NULL);
}

static void comparators_must_suit_the_data_type(void **state)
{
    client_refused(*state, 400, "POST", "/crm/v8/settings/custom_views?module=Deals",
                   "{\"custom_views\":[{\"name\":\"V\",\"fields\":[{\"api_name\":\"Deal_Name\"}],\"criteria\":{"
                   "\"field\":{\"api_name\":\"Amount\"},"
                   "\"comparator\":\"contains\",\"value\":5}}]}",
                   "DEPENDENT_MISMATCH", "$.custom_views[0].criteria.comparator");
}

static void field_updates_and_tasks_are_checked(void **state)
{
    struct client *c = *state;
    client_refused(c, 400, "POST", UPDATES,
                   "{\"field_updates\":[{\"name\":\"X\",\"module\":{\"api_name\":\"Quotes\"},\"feature_type\":"
                   "\"workflow\",\"type\":\"static\","
                   "\"field\":{\"api_name\":\"Quote_Stage\"},\"value\":\"Nowhere\"}]}",
                   "INVALID_DATA", "$.field_updates[0].value");
    client_refused(c, 400, "POST", UPDATES, "{\"field_updates\":[{},{}]}", "LIMIT_EXCEEDED", NULL);
    AUTO_FREE char *id = client_made(c, 201, "POST", AUTO "tasks",
                                     "{\"tasks\":[{\"name\":\"T\",\"module\":{\"api_name\":\"Quotes\"},\"feature_"
                                     "type\":\"workflow\",\"field_mappings\":[{\"field\":{\"api_name\":"
                                     "\"Subject\"},\"type\":\"static\",\"value\":\"Call\"},{\"field\":{\"api_name\":"
                                     "\"Description\"},\"type\":\"merge_field\",\"value\":\"x\"}]}]}");
    AUTO_JSON json_t *t = client_get(c, 200, AUTO "tasks/%s", id);
    assert_int_equal(json_array_size(js_path(t, "tasks[0].field_mappings")), 1); /* silently dropped [C1] */
    client_refused(c, 400, "POST", AUTO "webhooks",
                   "{\"webhooks\":[{\"name\":\"W\",\"module\":{\"api_name\":\"Quotes\"},\"feature_type\":\"workflow\","
                   "\"url\":\"http://127.0.0.1/"
                   "x\",\"http_method\":\"POST\",\"authentication\":{\"type\":\"general\"}}]}",
                   "INVALID_DATA", "$.webhooks[0].url");
}

static void a_trial_refuses_tasks_and_wrappers(void **state)
{
    (void)state;
    struct client c;
    with(&c, "trial");
    client_refused(&c, 400, "POST", AUTO "tasks", "{\"tasks\":[{}]}", "INVALID_REQUEST", NULL);
    client_refused(&c, 400, "POST", AUTO "functions", "{\"functions\":[{}]}", "NOT_ALLOWED", NULL);
    AUTO_JSON json_t *org = client_get(&c, 200, "/crm/v8/org");
    assert_false(js_bool(js_path(org, "org[0].license_details"), "paid", true));
    client_down(&c);
}

#define FUNCTIONS "/crm/v8/settings/functions"
#define BOUNDARY  "multipart/form-data; boundary=xyz"
static char *upload(const char *metadata, const char *filename, const char *code)
{
    return mem_printf(
        "--xyz\r\nContent-Disposition: form-data; name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n%s\r\n"
        "--xyz\r\nContent-Disposition: form-data; name=\"code\"; filename=\"%s\"\r\n\r\n%s\r\n--xyz--\r\n",
        metadata, filename, code);
}

static const char metadata[] = "{\"functions\":[{\"name\":\"Check\",\"api_name\":\"check_it\",\"category\":"
                               "\"Automation\",\"runtime\":\"Deluge 1.0\"}]}";

static char *function_id(struct client *c, const char *file, const char *code)
{
    AUTO_FREE char *body = upload(metadata, file, code);
    AUTO_JSON json_t *a = client_send(c, 201, "POST", FUNCTIONS, BOUNDARY, body);
    return mem_dup(js_str(js_path(a, "functions[0].details"), "id"));
}

static void a_function_keeps_its_source_to_the_byte(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *id = function_id(c, "check_it.ds", "info \"a\r\nb\";\n");
    json_decref(client_get(c, 200, FUNCTIONS "/check_it/code"));
    assert_string_equal(c->text, "info \"a\r\nb\";\n");
    AUTO_FREE char *body = upload("{\"functions\":[{\"description\":\"new\"}]}", "x.ds", "info 2;");
    AUTO_FREE char *path = mem_printf(FUNCTIONS "/%s", id);
    json_decref(client_send(c, 200, "PUT", path, BOUNDARY, body));
    json_decref(client_get(c, 200, FUNCTIONS "/check_it/code"));
    assert_string_equal(c->text, "info 2;");
    AUTO_FREE char *other = upload("{\"functions\":[{\"category\":\"Button\"}]}", "x.ds", "info 3;");
    AUTO_JSON json_t *no = client_send(c, 400, "PUT", path, BOUNDARY, other);
    assert_string_equal(js_str(js_path(no, "functions[0]"), "code"), "NOT_ALLOWED");
}

static void a_second_function_of_the_same_name_gets_a_number(void **state)
{
    struct client *c = *state;
    free(function_id(c, "a.ds", "info 1;"));
    free(function_id(c, "a.ds", "info 1;"));
    AUTO_JSON json_t *all = client_get(c, 200, FUNCTIONS);
    pick(js_arr(all, "functions"), "api_name", "check_it");
    pick(js_arr(all, "functions"), "api_name", "check_it1");
}

static void function_requests_are_checked(void **state)
{
    struct client *c = *state;
    client_refused(c, 404, "GET", FUNCTIONS "/nobody/code", NULL, "RESOURCE_NOT_FOUND", NULL);
    client_refused(c, 400, "POST", FUNCTIONS, metadata, "EXPECTED_PARAM_MISSING", NULL);
    AUTO_FREE char *body = upload(metadata, "check_it.txt", "info 1;");
    AUTO_JSON json_t *a = client_send(c, 415, "POST", FUNCTIONS, BOUNDARY, body);
    assert_string_equal(js_str(a, "code"), "INVALID_FILE_EXTENSION");
    AUTO_FREE char *odd = upload("{\"functions\":[{\"name\":\"A\",\"category\":\"Magic\"}]}", "a.ds", "x");
    AUTO_JSON json_t *b = client_send(c, 400, "POST", FUNCTIONS, BOUNDARY, odd);
    assert_string_equal(js_str(js_path(b, "functions[0]"), "code"), "INVALID_DATA");
}

static void a_rule_takes_the_wrapper_not_the_function(void **state)
{
    struct client *c = *state;
    AUTO_FREE char *fn = function_id(c, "a.ds", "info 1;");
    AUTO_FREE char *wrap = mem_printf(
        "{\"functions\":[{\"name\":\"Check\",\"feature_type\":\"workflow\",\"language\":\"deluge\",\"module\":{\"api_"
        "name\":"
        "\"Quotes\"},\"function\":{\"id\":\"%s\"},\"arguments\":[{\"name\":\"id\",\"value\":\"${!Quotes.Id}\"}]}]}",
        fn);
    AUTO_FREE char *wid = client_made(c, 201, "POST", AUTO "functions", wrap);
    AUTO_FREE char *bad = rule_with("create", "", "functions", fn, ""),
                   *good = rule_with("create", "", "functions", wid, "");
    client_refused(c, 400, "POST", RULES, bad, "INVALID_DATA",
                   "$.workflow_rules[0].conditions[0].instant_actions.actions[0].id");
    free(client_made(c, 201, "POST", RULES, good));
    AUTO_FREE char *path = mem_printf(FUNCTIONS "/%s", fn);
    client_refused(c, 400, "DELETE", path, NULL, "CANNOT_PERFORM_ACTION", NULL);
}

static void switched_off_apis_answer_as_orgs_did(void **state)
{
    (void)state;
    struct client c;
    with(&c, "blueprint,functions,wrapper,custom_views,validation_read,record_locking");
    client_refused(&c, 400, "POST", "/crm/v8/settings/blueprints", "{\"blueprints\":[{}]}", "API_NOT_SUPPORTED", NULL);
    json_decref(client_get(&c, 204, "/crm/v8/settings/blueprints"));
    client_refused(&c, 403, "POST", FUNCTIONS, "{}", "FEATURE_NOT_SUPPORTED", NULL);
    json_decref(client_get(&c, 204, FUNCTIONS));
    client_refused(&c, 400, "POST", AUTO "functions", "{\"functions\":[{}]}", "NOT_ALLOWED", NULL);
    client_refused(&c, 405, "POST", "/crm/v8/settings/custom_views?module=Deals", "{\"custom_views\":[{}]}",
                   "INVALID_REQUEST_METHOD", NULL);
    client_refused(&c, 404, "GET", "/crm/v8/settings/validation_rules?module=Quotes", NULL, "INVALID_URL_PATTERN",
                   NULL);
    client_refused(&c, 403, "POST", "/crm/v8/settings/record_locking_configurations?module=Quotes",
                   "{\"record_locking_configurations\":[{}]}", "FEATURE_NOT_SUPPORTED", NULL);
    AUTO_JSON json_t *apis = client_get(&c, 200, "/crm/v8/__apis");
    json_t *listed = pick(js_arr(apis, "__apis"), "path", FUNCTIONS);
    assert_int_equal(json_array_size(js_arr(listed, "operation_types")), 1); /* GET alone */
    client_down(&c);
}

static void views_variables_and_locking_round_trip(void **state)
{
    struct client *c = *state;
#define VIEWS "/crm/v8/settings/custom_views?module=Quotes"
    static const char view[] =
        "{\"custom_views\":[{\"name\":\"Not "
        "aligned\",\"access_type\":\"shared\",\"shared_to\":[{\"name\":\"CEO\",\"type\":\"roles\","
        "\"subordinates\":true}],\"fields\":[{\"api_name\":\"Subject\"}],\"criteria\":{\"group_operator\":\"and\","
        "\"group\":[{\"field\":{\"api_"
        "name\":\"Quote_Stage\"},\"comparator\":\"not_equal\",\"value\":\"Draft\"}]},\"sort_by\":{\"api_name\":"
        "\"Modified_Time\"},\"sort_order\":"
        "\"desc\"}]}";
    free(client_made(c, 201, "POST", VIEWS, view));
    client_refused(c, 400, "POST", VIEWS, view, "DUPLICATE_DATA", "$.custom_views[0].name");
    AUTO_JSON json_t *v = client_get(c, 200, VIEWS);
    assert_non_null(js_str(js_path(v, "custom_views[0].shared_to[0]"), "id"));
    static const char variable[] =
        "{\"variables\":[{\"name\":\"Max\",\"api_name\":\"max_discount\",\"type\":\"integer\",\"value\":15,"
        "\"variable_group\":{\"name\":\"General\"}}]}";
    AUTO_FREE char *vid = client_made(c, 201, "POST", "/crm/v8/settings/variables", variable);
    client_refused(c, 400, "POST", "/crm/v8/settings/variables", variable, "DUPLICATE_DATA", "$.variables[0].api_name");
    AUTO_FREE char *put = mem_printf("{\"variables\":[{\"id\":\"%s\",\"value\":\"20\"}]}", vid);
    free(client_made(c, 200, "PUT", "/crm/v8/settings/variables", put));
    AUTO_JSON json_t *got = client_get(c, 200, "/crm/v8/settings/variables/max_discount");
    assert_string_equal(js_str(js_path(got, "variables[0]"), "value"), "20");
#define LOCKS "/crm/v8/settings/record_locking_configurations?module=Quotes"
    free(client_made(
        c, 201, "POST", LOCKS,
        "{\"record_locking_configurations\":[{\"lock_type\":\"automatic\",\"locked_for\":\"all_profiles\",\"feature_"
        "type\":\"record_"
        "locking\",\"restricted_communications\":[\"send_mail\"],\"locking_rules\":[{\"name\":\"r\",\"lock_existing_"
        "records\":false,"
        "\"criteria\":{\"field\":{\"api_name\":\"Quote_Stage\"},\"comparator\":\"equal\",\"value\":\"Draft\"}}]}]}"));
    client_refused(c, 400, "POST", LOCKS,
                   "{\"record_locking_configurations\":[{\"lock_type\":\"automatic\",\"locked_for\":\"all_profiles\","
                   "\"feature_type\":\"record_"
                   "locking\",\"restricted_actions\":[\"fly\"]}]}",
                   "INVALID_DATA", "$.record_locking_configurations[0].restricted_actions[0]");
}

static json_t *json(const char *text)
{
    json_t *j = json_loads(text, 0, NULL);
    assert_non_null(j);
    return j;
}

static void click(struct client *c, const char *kind, const char *module, const char *name, const char *body,
                  const char *source)
{
    struct err e = {0};
    AUTO_JSON json_t *b = json(body);
    if (sandbox_ui(c->s, kind, module, name, b, source, false, &e)) {
        fail_msg("%s (%s)", e.what, e.where);
    }
}

static const char blueprint[] =
    "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"states\":[{\"api_name\":\"Draft\"},"
    "{\"api_name\":\"Delivered\"}],"
    "\"transitions\":[{\"name\":\"Send "
    "quote\",\"criteria\":{\"field\":{\"api_name\":\"Quote_Stage\"},\"comparator\":\"equal\",\"value\":\"Draft\"}}],"
    "\"connections\":[{\"from_state\":{\"api_name\":\"Draft\"},\"to_state\":{\"api_name\":\"Delivered\"},"
    "\"transitions\":{\"name\":\"Send quote\"}}]}";

static void a_person_makes_what_no_api_can(void **state)
{
    struct client *c = *state;
    click(c, "email_template", "Quotes", "BOM differs",
          "{\"subject\":\"S\",\"content\":\"<p>x</p>\",\"folder\":\"zagent\"}", NULL);
    AUTO_JSON json_t *t = client_get(c, 200, "/crm/v8/settings/email_templates?module=Quotes");
    assert_string_equal(js_str(js_path(t, "email_templates[0].folder"), "name"), "zagent");
    free(client_made(c, 201, "POST", AUTO "email_notifications",
                     "{\"email_notifications\":[{\"name\":\"Tell\",\"feature_type\":\"workflow\",\"module\":{\"api_"
                     "name\":\"Quotes\"},\"template\":{\"name\":"
                     "\"BOM differs\"},\"recipients\":[{\"type\":\"record_owner\"}]}]}"));
    click(c, "validation_rule", "Quotes", "Ready",
          "{\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"type\":\"criteria\","
          "\"criteria\":{\"field\":{\"api_name\":\"Quote_"
          "Stage\"},\"comparator\":\"equal\",\"value\":\"Delivered\"},\"message\":\"no\"}",
          NULL);
    AUTO_JSON json_t *v = client_get(c, 200, "/crm/v8/settings/validation_rules?module=Quotes");
    assert_string_equal(js_str(js_path(v, "validation_rules[0].field"), "api_name"), "Quote_Stage");
    client_refused(c, 500, "POST", "/crm/v8/settings/validation_rules?module=Quotes", "{}", "INTERNAL_ERROR", NULL);
    click(c, "blueprint", "Quotes", "Quote release", blueprint, NULL);
    AUTO_JSON json_t *b = client_get(c, 200, "/crm/v8/settings/blueprints?status=active");
    assert_string_equal(js_str(js_path(b, "blueprints[0]"), "name"), "Quote release");
    click(c, "connection", NULL, "n8n", "{\"service\":\"n8n\"}", NULL);
}

static void a_person_may_undo_and_meets_the_same_checks(void **state)
{
    struct client *c = *state;
    struct err e = {0}, e2 = {0}, e3 = {0};
    click(c, "email_template", "Quotes", "T", "{\"subject\":\"S\"}", NULL);
    assert_int_equal(sandbox_ui(c->s, "email_template", "Quotes", "T", NULL, NULL, true, &e), 0);
    json_decref(client_get(c, 204, "/crm/v8/settings/email_templates"));
    assert_int_equal(sandbox_ui(c->s, "email_template", "Quotes", "T", NULL, NULL, true, &e), -1);
    AUTO_JSON json_t *bad =
        json("{\"layout\":{\"name\":\"Nowhere\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"type\":\"criteria\"}");
    assert_int_equal(sandbox_ui(c->s, "validation_rule", "Quotes", "R", bad, NULL, false, &e2), -1);
    assert_non_null(strstr(e2.what, "layout"));
    assert_int_equal(sandbox_ui(c->s, "teleport", NULL, "R", NULL, NULL, false, &e3), -1);
    assert_int_equal(e3.kind, ERR_USAGE);
}

static void a_person_does_what_the_switched_off_api_refused(void **state)
{
    (void)state;
    struct client c;
    with(&c, "blueprint,functions,wrapper,custom_views");
    click(&c, "function", NULL, "check_it", "{\"name\":\"Check\",\"category\":\"automation\",\"language\":\"deluge\"}",
          "info 1;");
    click(&c, "function", NULL, "check_it", "{\"name\":\"Check\",\"category\":\"automation\"}", "info 2;");
    click(&c, "function_wrapper", "Quotes", "Check", "{\"function\":{\"api_name\":\"check_it\"},\"arguments\":[]}",
          NULL);
    AUTO_JSON json_t *w = client_get(&c, 200, AUTO "functions?module=Quotes");
    assert_int_equal(json_array_size(js_arr(w, "functions")), 1);
    click(&c, "workflow_rule", "Quotes", "On edit",
          "{\"execute_when\":{\"type\":\"edit\",\"details\":{\"repeat\":true}},\"conditions\":[{\"sequence_number\":1,"
          "\"criteria_details\":{\"criteria\":"
          "null},\"instant_actions\":{\"actions\":[{\"type\":\"functions\",\"name\":\"Check\"}]}}]}",
          NULL);
    AUTO_JSON json_t *r = client_get(&c, 200, RULES "?include_inner_details=true");
    assert_string_equal(js_str(js_path(r, "workflow_rules[0].conditions[0].instant_actions.actions[0]"), "name"),
                        "Check");
    click(&c, "custom_view", "Quotes", "V", "{\"fields\":[{\"api_name\":\"Subject\"}]}", NULL);
    json_decref(client_get(&c, 200, "/crm/v8/settings/custom_views?module=Quotes"));
    client_down(&c);
}

static void a_person_picks_the_function_where_the_plan_says(void **state)
{
    (void)state;
    struct client c;
    with(&c, "functions,wrapper");
    static const char rule[] =
        "{\"execute_when\":{\"type\":\"create\"},\"conditions\":[{\"sequence_number\":1,\"criteria_details\":{"
        "\"criteria\":"
        "null},\"instant_actions\":{\"actions\":[{\"type\":\"field_updates\",\"name\":\"Set draft\"},{\"type\":"
        "\"functions\",\"name\":\"Check\",\"by_hand\":true}]}}]}";
    free(field_update(&c));
    click(&c, "workflow_rule", "Quotes", "On edit", rule, NULL);
    click(&c, "function", NULL, "check_it", "{\"name\":\"Check\"}", "info 1;");
    AUTO_FREE char *wrapper =
        mem_printf("{\"function\":{\"api_name\":\"check_it\"},\"associate_in\":[{\"address\":\"workflow_rule/"
                   "Quotes.On%%20edit\",\"body\":%s}]}",
                   rule);
    AUTO_JSON json_t *before = client_get(&c, 200, RULES "?include_inner_details=x");
    assert_int_equal(json_array_size(js_path(before, "workflow_rules[0].conditions[0].instant_actions.actions")), 1);
    click(&c, "function_wrapper", "Quotes", "Check", wrapper, NULL);
    AUTO_JSON json_t *after = client_get(&c, 200, RULES "?include_inner_details=x");
    json_t *a = js_path(after, "workflow_rules[0].conditions[0].instant_actions.actions");
    assert_string_equal(js_str(pick(a, "type", "functions"), "name"), "Check");
    client_down(&c);
}

static void a_blueprint_is_drafted_by_api_then_published_by_a_person(void **state)
{
    struct client *c = *state;
#define BP  "/crm/v8/settings/blueprints"
#define MOD "\"module\":{\"api_name\":\"Quotes\"}"
    static const char body[] =
        "{\"blueprints\":[{\"name\":\"Release\"," MOD
        ",\"layout\":{\"name\":\"Standard\"},\"field\":{\"api_name\":\"Quote_Stage\"},\"is_continuous\":true,"
        "\"states\":[{" MOD ",\"api_name\":\"Draft\",\"pick_list_value\":{\"actual_value\":\"Draft\"}},{" MOD
        ",\"api_name\":\"Sent\",\"pick_list_value\":{\"actual_value\":\"Delivered\"}}],\"transitions\":[{\"api_name\":"
        "\"Send\",\"name\":\"Send\"," MOD ",\"layout\":{\"name\":\"Standard\"}}],\"connections\":[{\"api_name\":\"a\","
        "\"from_state\":{\"api_name\":\"Draft\"},\"to_state\":{\"api_name\":"
        "\"Sent\"},\"transitions\":{\"api_name\":\"Send\"}}]}]}";
    AUTO_FREE char *id = client_made(c, 201, "POST", BP, body);
    AUTO_JSON json_t *got = client_get(c, 200, BP "/%s", id);
    json_t *b = js_path(got, "blueprints[0]");
    assert_string_equal(js_str(b, "status"), "draft");
    assert_false(js_bool(b, "continuous", true)); /* is_continuous is ignored [C14] */
    AUTO_FREE char *fu = field_update(c);
    AUTO_FREE char *put =
        mem_printf("{\"transitions\":[{\"id\":\"%s\",\"actions\":[{\"id\":\"%s\",\"type\":\"field_updates\"}]}]}",
                   js_str(js_path(b, "transitions[0]"), "id"), fu);
    free(client_made(c, 200, "PUT", BP "/transitions", put));
    AUTO_JSON json_t *again = client_get(c, 200, BP "/%s", id);
    assert_int_equal(json_array_size(js_path(again, "blueprints[0].transitions[0].actions")), 1);
    click(c, "blueprint_publish", "Quotes", "Release", "{\"status\":\"active\"}", NULL);
    AUTO_JSON json_t *done = client_get(c, 200, BP "/%s", id);
    assert_string_equal(js_str(js_path(done, "blueprints[0]"), "status"), "active");
    AUTO_FREE char *path = mem_printf(BP "/%s", id);
    client_refused(c, 400, "DELETE", path, NULL, "NOT_ALLOWED", NULL);
}

static void blueprint_errors_have_their_codes(void **state)
{
    struct client *c = *state;
#define HEAD "{\"blueprints\":[{\"name\":\"R\"," MOD ",\"layout\":{\"name\":\"Standard\"},"
    client_refused(c, 400, "POST", BP, HEAD "\"field\":{\"api_name\":\"Subject\"}}]}", "INVALID_DATA",
                   "$.blueprints[0].field.id");
    client_refused(c, 400, "POST", BP, HEAD "\"field\":{\"api_name\":\"Quote_Stage\"},\"chart_data\":{}}]}",
                   "INVALID_DATA", NULL);
    client_refused(c, 400, "POST", BP, HEAD "\"field\":{\"api_name\":\"Quote_Stage\"},\"continuous\":true}]}",
                   "DEPENDENT_FIELD_MISSING", "$.blueprints[0].owners");
    client_refused(c, 400, "POST", BP,
                   HEAD "\"field\":{\"api_name\":\"Quote_Stage\"},\"states\":[{" MOD
                        ",\"api_name\":\"Z\",\"pick_list_value\":{\"actual_value\":\"Zzz\"}}]}]}",
                   "INVALID_DATA", "$.blueprints[0].states[0].pick_list_value.actual_value");
    client_refused(c, 400, "POST", BP,
                   HEAD "\"field\":{\"api_name\":\"Quote_Stage\"},\"states\":[{\"api_name\":\"Z\"}]}]}",
                   "MANDATORY_NOT_FOUND", "$.blueprints[0].states[0].module");
}

static void settings_all_does_not_reach_functions(void **state)
{
    (void)state;
    struct client c;
    with(&c, "scope:ZohoCRM.settings.functions");
    client_refused(&c, 401, "GET", "/crm/v8/settings/functions", NULL, "OAUTH_SCOPE_MISMATCH", NULL);
    client_down(&c);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, up, down)
    const struct CMUnitTest tests[] = {
        T(a_rule_is_made_read_back_and_switched_off),
        T(an_action_is_dropped_and_another_added_by_put),
        T(every_rule_error_has_its_code_and_place),
        T(the_trigger_stays_in_its_category),
        T(usage_needs_its_period),
        T(comparators_must_suit_the_data_type),
        T(field_updates_and_tasks_are_checked),
        cmocka_unit_test(a_trial_refuses_tasks_and_wrappers),
        T(a_function_keeps_its_source_to_the_byte),
        T(a_second_function_of_the_same_name_gets_a_number),
        T(function_requests_are_checked),
        T(a_rule_takes_the_wrapper_not_the_function),
        cmocka_unit_test(switched_off_apis_answer_as_orgs_did),
        T(views_variables_and_locking_round_trip),
        T(a_person_makes_what_no_api_can),
        T(a_person_may_undo_and_meets_the_same_checks),
        cmocka_unit_test(a_person_does_what_the_switched_off_api_refused),
        cmocka_unit_test(a_person_picks_the_function_where_the_plan_says),
        T(a_blueprint_is_drafted_by_api_then_published_by_a_person),
        T(blueprint_errors_have_their_codes),
        cmocka_unit_test(settings_all_does_not_reach_functions),
    };
    return cmocka_run_group_tests_name("sandbox/automation", tests, NULL, NULL);
}
