/* Records whose values come from a table, found by a key. Source: plan/records_table.h. */
#include <stdlib.h>
#include <string.h>

#include "base/sb.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

/* A project whose one playbook gives prices and categories to products, from context/items.csv. */
static void project_of(const char *name, const char *table, const char *seed, const char *create)
{
    shell_enter(name);
    struct run r = shell("zagent init --quiet && mkdir -p context/sandbox templates/items");
    assert_int_equal(r.status, 0);
    run_release(&r);
    const char *unique = strcmp(create, "true") ? ""
                                                : "  - address: field/Products.Product_Code\n    body: {field_label: "
                                                  "Product Code, data_type: text, unique: {casesensitive: false}}\n";
    AUTO_FREE char *playbook = mem_printf(
        "format: 1\nname: items\ntitle: T\nsolves: [P1]\ninputs:\n  items: {type: table, from: items.csv}\nresources:\n"
        "%s  - address: records/Items\n    body:\n      module: Products\n      key: Product_Code\n      create: %s\n"
        "      trigger: []\n      records: {$each: items, $item: {Product_Code: \"{{code}}\", Product_Name: "
        "\"{{name}}\", "
        "Unit_Price: \"{{price}}\", Product_Active: \"{{active}}\"}}\n",
        unique, create);
    AUTO_FREE char *records = mem_printf("{\"schema\": \"zagent.sandbox-seed/1\", \"records\": [{\"module\": "
                                         "\"Products\", \"rows\": [%s]}]}",
                                         seed);
    shell_write("templates/items/playbook.yaml", playbook);
    shell_write("context/items.csv", table);
    shell_write("context/sandbox/50-items.json", records);
}

static json_t *plan_step_of_file(void)
{
    struct run r = shell("cat \"$(ls -t .zagent/plans/*.json | head -1)\"");
    AUTO_JSON json_t *plan = json_loads(r.out, 0, NULL);
    run_release(&r);
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step)
        if (!strcmp(js_str_or(step, "address", ""), "records/Items"))
            return json_incref(step);
    fail_msg("no step records/Items");
    return NULL;
}

static void says(const char *cmd, int status, const char *text)
{
    struct run r = shell("%s", cmd);
    if (r.status != status || (!strstr(r.out, text) && !strstr(r.err, text)))
        fail_msg("%s: exit %d, wanted %d and '%s'\n%s%s", cmd, r.status, status, text, r.out, r.err);
    run_release(&r);
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"
#define HEAD "code,name,price,active\n"
#define SEED                                                                                                           \
    "{\"Product_Code\":\"A-1\",\"Product_Name\":\"One\",\"Unit_Price\":10.5,\"Product_Active\":true},"                 \
    "{\"Product_Code\":\"A-2\",\"Product_Name\":\"Two\",\"Unit_Price\":20,\"Product_Active\":true},"                   \
    "{\"Product_Code\":\"a-3 \",\"Product_Name\":\"Three\",\"Unit_Price\":1,\"Product_Active\":true}"
#define TWICE                                                                                                          \
    ",{\"Product_Code\":\"A-4\",\"Product_Name\":\"Four\",\"Unit_Price\":1},"                                          \
    "{\"Product_Code\":\"A-4\",\"Product_Name\":\"Four again\",\"Unit_Price\":2}"

static void changes_only_what_differs_and_makes_what_is_missing(void **state)
{
    (void)state;
    project_of("table-differs", HEAD "A-1,One,10.50,true\nA-2,Two,020.25,\nB-1,New,0.1,false\nB-2,Plain,,\n", SEED,
               "true");
    AUTO_JSON json_t *out = shell_json(0, "plan items");
    AUTO_JSON json_t *step = plan_step_of_file();
    AUTO_JSON json_t *want = json_loads(
        "{\"key\":[\"Product_Code\"],\"module\":\"Products\",\"trigger\":[],\"updates\":[{\"Unit_Price\":{\"@decimal\":"
        "\"20.25\"}}],\"upsert\":[{\"Product_Code\":\"B-1\",\"Product_Name\":\"New\",\"Unit_Price\":{\"@decimal\":"
        "\"0.1\"},\"Product_Active\":false},{\"Product_Code\":\"B-2\",\"Product_Name\":\"Plain\"}]}",
        0, NULL);
    json_object_del(json_array_get(js_path(step, "body.updates"), 0), "id");
    assert_true(json_equal(js_obj(step, "body"), want));
    assert_int_equal(json_array_size(js_path(step, "declared.records")), 3);
    shell_sandbox(NULL);
    json_decref(shell_json(0, "apply --yes"));
    AUTO_FREE char *exchanges = shell_file("exchanges.jsonl");
    assert_non_null(strstr(exchanges, "\\\"Unit_Price\\\":20.25}")); /* a number, and nothing else of that record */
    assert_non_null(strstr(exchanges, "\\\"duplicate_check_fields\\\":[\\\"Product_Code\\\"]"));
    json_decref(shell_json(0, "verify items"));
    says("zagent plan items --check", 0, "Nothing to do");
    shell_sandbox_stop();
}

static void names_every_row_it_leaves_alone(void **state)
{
    (void)state;
    project_of("table-named", HEAD "A-3,Three,2,\nA-4,Four,3,\nA-9,Nine,9,\nA-1,One,11,\n", SEED TWICE, "false");
    says("zagent plan items", 0, "'A-3' is left alone: the org's Products has it as 'a-3 '");
    says("zagent plan items", 0, "2 records of Products have Product_Code 'A-4'");
    says("zagent plan items", 0, "no record of Products has Product_Code 'A-9': nothing is done for it");
    json_decref(shell_json(0, "apply --yes"));
    says("zagent plan items --check", 0, "Nothing to do by this plan; see what is said above");
    says("zagent plan items", 0, "no record of Products has Product_Code 'A-9'");
}

/* What looks the same to people is not made a second time. */
static void does_not_make_a_near_double(void **state)
{
    (void)state;
    project_of("table-near", HEAD "\xef\xbc\xa1-1,Wide,2,\nA\xc2\xa0-2,Blank,3,\n", SEED, "true");
    says("zagent plan items", 0, "'\xef\xbc\xa1-1' is left alone: the org's Products has it as 'A-1'");
    AUTO_JSON json_t *step = plan_step_of_file();
    assert_string_equal(js_str(step, "action"), "none");
}

static void refuses_what_is_no_value_of_its_field(void **state)
{
    (void)state;
    project_of("table-bad",
               HEAD "A-1,One,10 EUR,true\n,No code,1,\nA-2,Two,1,\nA-2,Two,2,\nB-1,New,\"1,5\",\n"
                    "B-2,Yes,=1+1,yes\n"
                    "B-3,A name of two hundred and one letters " LONG LONG LONG LONG ",1,\n",
               SEED, "true");
    says("zagent plan items", 0, "Unit_Price of 'A-1' is '10 EUR'; currency wants a number like 12.50");
    says("zagent plan items", 0, "record 2 of the table has no Product_Code");
    says("zagent plan items", 0, "the table says two different things of 'A-2'");
    says("zagent plan items", 0, "Unit_Price of 'B-1' is '1,5'");
    says("zagent plan items", 0, "Unit_Price of 'B-2' is '=1+1'");
    says("zagent plan items", 0, "Product_Active of 'B-2' is 'yes'; boolean wants true or false");
    says("zagent plan items", 0, "Product_Name of 'B-3' is longer than the");
    AUTO_JSON json_t *step = plan_step_of_file();
    assert_string_equal(js_str(step, "state"), "blocked");
}

enum { MANY = 3000 };

static size_t count_of(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p++)
        n++;
    return n;
}

/* Three thousand rows, the answers to two requests lost on the way: each record once. */
static void makes_thousands_once_though_answers_are_lost(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    sb_add(&b, HEAD);
    for (int i = 0; i < MANY; i++)
        sb_addf(&b, "M-%04d,Item %d,%d.%02d,true\n", i, i, i, i % 100);
    project_of("table-many", b.buf, SEED, "true");
    setenv("ZAGENT_HURRY", "1", 1);
    shell_sandbox_with("--chaos 3:15");
    struct run r = shell("zagent plan items");
    for (int i = 0; i < 20 && (r.status != 0 || !strstr(r.out, "Nothing to do")); i++) {
        run_release(&r);
        r = shell("zagent plan items --quiet; zagent apply --yes --quiet; zagent plan items");
    }
    assert_non_null(strstr(r.out, "Nothing to do"));
    run_release(&r);
    shell_sandbox_stop();
    unsetenv("ZAGENT_HURRY");
    r = shell("sqlite3 .zagent/sandbox.db \"select json_extract(body,'$.Product_Code') from record where "
              "module='Products'\"");
    assert_int_equal(count_of(r.out, "M-"), MANY);
    run_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_only_what_differs_and_makes_what_is_missing),
        cmocka_unit_test(names_every_row_it_leaves_alone),
        cmocka_unit_test(does_not_make_a_near_double),
        cmocka_unit_test(refuses_what_is_no_value_of_its_field),
        cmocka_unit_test(makes_thousands_once_though_answers_are_lost),
    };
    return cmocka_run_group_tests_name("agent/table", tests, NULL, NULL);
}
