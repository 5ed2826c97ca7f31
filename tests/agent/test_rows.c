/* Records steps whose rows are too many for a plan: kept as a list in .zagent/rows. Source: agent/rows.h. */
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/sandbox/client.h"
#include "tests/test.h"

enum {
    ROWS = 2210
}; /* of which every tenth is right already, and 1,989 are few enough for a plan: 2,000 is the border */

/* An org of `n` products, every tenth of them with the wanted value. */
static void project_of(const char *name, int n)
{
    struct sb b = SB_INIT(1 << 20);
    shell_enter(name);
    struct run r = shell("zagent init --quiet && mkdir -p context/sandbox templates/many && printf 'format: 1\\nname: "
                         "many\\ntitle: T\\nsolves: [P1]\\nresources:\\n  - address: records/Old%%%%20ones\\n    body: "
                         "{module: Products, where: \"Product_Name != %s\", set: {Description: new}, trigger: []}\\n' "
                         ">templates/many/playbook.yaml",
                         "'\"''\"'");
    assert_int_equal(r.status, 0);
    run_release(&r);
    sb_add(&b, "{\"schema\": \"zagent.sandbox-seed/1\", \"records\": [{\"module\": \"Products\", \"rows\": [");
    for (int i = 0; i < n; i++)
        sb_addf(&b, "%s{\"Product_Name\": \"P%d\", \"Description\": \"%s\"}", i ? "," : "", i, i % 10 ? "old" : "new");
    sb_add(&b, "]}]}");
    shell_write("context/sandbox/50-many.json", b.buf);
    sb_release(&b);
}

/* The only file of .zagent/rows; NULL when there is none. Caller frees. */
static char *list_file(void)
{
    DIR *d = opendir(".zagent/rows");
    char *out = NULL;
    for (struct dirent *f; d && (f = readdir(d));)
        if (f->d_name[0] != '.') {
            assert_null(out);
            out = mem_printf(".zagent/rows/%s", f->d_name);
        }
    if (d)
        closedir(d);
    return out;
}

static json_t *planned_step(void)
{
    json_decref(shell_json(0, "plan many"));
    struct run r = shell("cat .zagent/plans/*.json");
    AUTO_JSON json_t *plan = json_loads(r.out, 0, NULL);
    run_release(&r);
    json_t *step = js_path(plan, "steps[0]");
    assert_non_null(step);
    return json_incref(step);
}

static void many_rows_are_a_list_beside_the_plan(void **state)
{
    (void)state;
    project_of("rows-many", ROWS * 2);
    AUTO_JSON json_t *step = planned_step();
    AUTO_FREE char *path = list_file();
    assert_non_null(path);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    assert_int_equal(js_int(js_obj(step, "body"), "records", 0), ROWS * 2 * 9 / 10);
    assert_string_equal(js_str(js_obj(step, "body"), "rows"), strrchr(path, '/') + 1);
    assert_null(json_object_get(js_obj(step, "body"), "updates"));
    assert_int_equal(js_int(step, "credits", 0), (ROWS * 2 * 9 / 10 + 9) / 10);
    json_decref(shell_json(0, "apply --yes"));
    json_decref(shell_json(0, "verify many"));
    AUTO_JSON json_t *again = shell_json(0, "plan many");
    AUTO_FREE char *text = json_dumps(again, JSON_SORT_KEYS);
    assert_non_null(strstr(text, "\"unchanged\": 1"));
}

static void few_rows_stand_in_the_plan(void **state)
{
    (void)state;
    project_of("rows-few", 2210);
    AUTO_JSON json_t *step = planned_step();
    assert_null(list_file());
    assert_int_equal(json_array_size(js_arr(js_obj(step, "body"), "updates")), 1989);
}

static void each_request_carries_a_hundred_of_the_list(void **state)
{
    (void)state;
    project_of("rows-requests", ROWS * 2);
    json_decref(planned_step());
    json_decref(shell_json(0, "rehearse")); /* its copy of the org has none of these records */
    AUTO_JSON json_t *dry = shell_json(0, "apply --dry-run");
    AUTO_FREE char *text = json_dumps(dry, 0);
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, "\"PUT\"")); p++)
        n++;
    assert_int_equal(n, (ROWS * 2 * 9 / 10 + 99) / 100);
    shell_sandbox(NULL);
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *sent = shell_exchanges();
    size_t i, puts = 0, rows = 0;
    json_t *x;
    json_array_foreach (sent, i, x) {
        AUTO_JSON json_t *body =
            strcmp(js_str_or(x, "method", ""), "PUT") == 0 ? json_loads(js_str_or(x, "body", ""), 0, NULL) : NULL;
        puts += body != NULL;
        rows += json_array_size(js_arr(body, "data"));
        assert_true(json_array_size(js_arr(body, "data")) <= 100);
    }
    assert_int_equal(puts, n);
    assert_int_equal(rows, ROWS * 2 * 9 / 10);
    shell_sandbox_stop();
}

static void must_say(int status, const char *cmd, const char *text)
{
    struct run r = shell("%s", cmd);
    if (r.status != status || !strstr(r.err, text) || !strstr(r.err, "fix:"))
        fail_msg("%s: exit %d, wanted %d and '%s'\n%s%s", cmd, r.status, status, text, r.out, r.err);
    run_release(&r);
}

static void a_list_that_was_changed_or_is_gone_stops_the_plan_before_a_write(void **state)
{
    (void)state;
    project_of("rows-changed", ROWS * 2);
    json_decref(planned_step());
    AUTO_FREE char *path = list_file(), *text = shell_file(path);
    AUTO_FREE char *fewer = mem_dup(strchr(text, '\n') + 1);
    shell_write(path, fewer);
    must_say(7, "zagent apply --yes", "was changed after it was made");
    assert_int_equal(unlink(path), 0);
    struct run r = shell("zagent apply --yes");
    assert_int_not_equal(r.status, 0);
    assert_non_null(strstr(r.err, "is gone"));
    run_release(&r);
    AUTO_JSON json_t *plan = shell_json(0, "plan many");
    AUTO_FREE char *back = list_file();
    AUTO_FREE char *same = shell_file(back);
    assert_string_equal(same, text); /* nothing was written to the org: the same rows, the same list */
}

/* Somebody else at work in the org of .zagent/sandbox.json. */
static void somebody(const char *method, const char *fields)
{
    AUTO_FREE char *note = shell_file(".zagent/sandbox.json");
    AUTO_JSON json_t *info = json_loads(note, 0, NULL);
    AUTO_FREE char *body = mem_printf("{\"data\":[{%s}]}", fields);
    struct client c;
    client_join(&c, info);
    json_decref(client_call(&c, 0, method, "/crm/v8/Products", body));
    assert_non_null(strstr(c.text, "SUCCESS"));
    client_down(&c);
}

static void a_row_that_moved_since_stops_the_plan_and_a_new_one_is_left_alone(void **state)
{
    (void)state;
    project_of("rows-moved", ROWS * 2);
    json_decref(planned_step());
    AUTO_FREE char *path = list_file(), *text = shell_file(path), *id = mem_dupn(text, strcspn(text, "\t"));
    AUTO_FREE char *other = mem_printf("\"id\":\"%s\",\"Description\":\"by hand\"", id),
                   *back = mem_printf("\"id\":\"%s\",\"Description\":\"old\"", id);
    shell_sandbox(NULL);
    somebody("POST", "\"Product_Name\":\"late\",\"Description\":\"old\"");
    somebody("PUT", other);
    must_say(7, "zagent apply --yes", "moved");
    somebody("PUT", back);
    json_decref(shell_json(0, "apply --yes"));
    AUTO_JSON json_t *again = shell_json(0, "plan many");
    AUTO_FREE char *left = json_dumps(again, JSON_SORT_KEYS);
    assert_non_null(strstr(left, "\"records\": 1")); /* the one that came late */
    shell_sandbox_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_rows_are_a_list_beside_the_plan),
        cmocka_unit_test(few_rows_stand_in_the_plan),
        cmocka_unit_test(each_request_carries_a_hundred_of_the_list),
        cmocka_unit_test(a_list_that_was_changed_or_is_gone_stops_the_plan_before_a_write),
        cmocka_unit_test(a_row_that_moved_since_stops_the_plan_and_a_new_one_is_left_alone),
    };
    return cmocka_run_group_tests_name("agent/rows", tests, NULL, NULL);
}
