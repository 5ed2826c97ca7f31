/* Decisions that people make from worksheets: proposed, handed out, taken back, written. Source: agent/review/review.h. */
#include <string.h>

#include "agent/review/review.h"
#include "base/civil.h"
#include "base/digest.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

/* ---- the pure parts ---- */

static json_t *of(const char *text)
{
    AUTO_FREE char *copy = mem_dup(text);
    for (char *p = copy; *p; p++)
        *p = *p == '\'' ? '"' : *p;
    json_t *j = json_loads(copy, 0, NULL);
    assert_non_null(j);
    return j;
}

static json_t *proposed(const char *rules, const char *shown)
{
    struct err e = {0};
    AUTO_JSON json_t *rows = of(rules), *what = of(shown);
    struct rules *r = rules_new(rows, &e);
    assert_non_null(r);
    json_t *out = rules_propose(r, what);
    rules_free(r);
    return out;
}

#define RULE(p, v, c) "{'field':'N','pattern':'" p "','value':'" v "','confidence':'" c "','reason':'because " v "'}"

static void the_surest_rule_proposes_and_disagreement_proposes_nothing(void **state)
{
    (void)state;
    AUTO_JSON json_t *a = proposed("[" RULE("module", "PV", "medium") "," RULE("battery", "BAT", "high") "]",
                                   "{'N':'Battery MODULE 5 kWh'}");
    assert_string_equal(js_str(a, "value"), "BAT");
    assert_string_equal(js_str(a, "reason"), "because BAT");
    AUTO_JSON json_t *b =
        proposed("[" RULE("module", "PV", "high") "," RULE("battery", "BAT", "high") "]", "{'N':'Battery module'}");
    assert_null(js_str(b, "value"));
    assert_string_equal(js_str(b, "reason"), "the rules disagree: PV, or BAT");
    AUTO_JSON json_t *c = proposed("[" RULE("module", "PV", "high") "]", "{'N':'Sundries','M':'module'}");
    assert_null(js_str(c, "value"));
    AUTO_JSON json_t *d =
        proposed("[" RULE("module", "PV", "low") ",{'field':'*','pattern':'old','value':'','reason':'retire?'}]",
                 "{'N':'\xef\xbc\xad\xef\xbd\x8f\xef\xbd\x84\xef\xbd\x95\xef\xbd\x8c\xef\xbd\x85','M':'old'}");
    assert_string_equal(js_str(d, "value"), "PV"); /* wide letters read as a person reads them */
    assert_string_equal(json_string_value(json_array_get(js_arr(d, "remarks"), 0)), "retire?");
}

static void a_rule_that_is_none_is_named_and_one_that_never_ends_says_nothing(void **state)
{
    (void)state;
    static const char *const bad[] = {"[" RULE("(", "PV", "high") "]", "[" RULE("a", "PV", "sure") "]",
                                      "[{'field':'','pattern':'a','value':'b','confidence':'low'}]"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {0};
        AUTO_JSON json_t *rows = of(bad[i]);
        assert_null(rules_new(rows, &e));
        assert_int_equal(e.kind, ERR_CONFIG);
    }
    AUTO_JSON json_t *slow =
        proposed("[" RULE("^(a+)+$", "PV", "high") "]",
                 "{'N':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'}");
    assert_null(js_str(slow, "value"));
}

#define REVIEW                                                                                                         \
    "{'id':'c','key':'K','field':'F','done':'D','show':['N'],'values':['A','B'],'reviewers':['Buyer','Planner'],"      \
    "'rules':[" RULE("x", "A", "high") "],'decisions':'d.csv','deadline':'2026-12-04','batch':2,'separator':';'"

static json_t *queue_of(const char *rows, const char *uses, const char *decisions)
{
    struct err e = {0};
    AUTO_JSON json_t *review = of(REVIEW "}"), *done = of(decisions);
    AUTO_FREE char *text = mem_printf("{'rows':%s,'uses':%s}", rows, uses);
    AUTO_JSON json_t *org = of(text);
    json_t *out = queue_build(review, org, done, &e);
    assert_non_null(out);
    return out;
}

static const char *state_of(const json_t *queue, const char *id)
{
    json_t *item;
    size_t i;
    json_array_foreach (queue, i, item)
        if (!strcmp(js_str_or(item, "id", ""), id))
            return js_str(item, "state");
    return "absent";
}

static void says_of_each_record_where_it_stands_used_ones_first(void **state)
{
    (void)state;
    AUTO_JSON json_t *q = queue_of(
        "[{'id':'1','K':'k1','N':'x'},{'id':'2','K':'k2','N':'y'},{'id':'3','K':'k3','N':'z','F':'A','D':'2026-11-01'},"
        "{'id':'4','K':'k4','F':'A'},{'id':'5','K':'k5','F':'B'},{'id':'6','N':'no key'},{'id':'7','K':'twice'},"
        "{'id':'8','K':'twice'},{'id':'9','K':'=1+1'}]",
        "{'2':3}", "[{'key':'k4','value':'A'},{'key':'k5','value':'B'}]");
    static const char *const want[][2] = {{"1", "open"},    {"2", "open"},    {"3", "written"},
                                          {"4", "decided"}, {"5", "decided"}, {"6", "stuck"},
                                          {"7", "stuck"},   {"8", "stuck"},   {"9", "stuck"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(state_of(q, want[i][0]), want[i][1]);
    assert_string_equal(js_str(json_array_get(q, 0), "id"), "2");
}

static void hands_no_record_out_twice(void **state)
{
    (void)state;
    AUTO_JSON json_t *review = of(REVIEW "}"), *reg = json_object();
    AUTO_JSON json_t *q = queue_of("[{'id':'1','K':'a'},{'id':'2','K':'b'},{'id':'3','K':'c'}]", "{}", "[]");
    AUTO_JSON json_t *first = batches_next(reg, review, q, 1, 0), *second = batches_next(reg, review, q, 1, 0),
                     *third = batches_next(reg, review, q, 1, 0);
    assert_int_equal(json_array_size(first), 1);
    assert_int_equal(json_array_size(second), 1);
    assert_int_equal(json_array_size(third), 0);
    assert_int_equal(json_array_size(js_path(reg, "batches.c-001.rows")), 2);
    assert_int_equal(json_array_size(js_path(reg, "batches.c-002.rows")), 1);
    AUTO_JSON json_t *changed = queue_of("[{'id':'1','K':'a','N':'new name'},{'id':'2','K':'b'},{'id':'3','K':'c'}]",
                                         "{}", "[{'key':'b','value':'A'},{'key':'c','value':'A'}]");
    AUTO_JSON json_t *again = batches_next(reg, review, changed, 1, 0);
    assert_int_equal(json_array_size(again), 1); /* the record changed: its sheet is written anew */
    assert_null(js_path(reg, "batches.c-002"));  /* decided: nothing is left of it */
    assert_int_equal(json_array_size(js_path(reg, "batches.c-001.rows")), 2); /* the numbers stay */
}

static void tells_pace_finish_and_whether_it_is_late(void **state)
{
    (void)state;
    AUTO_JSON json_t *review = of(REVIEW ",'holidays':[{'date':'2026-12-01'}]}");
    AUTO_JSON json_t *q =
        queue_of("[{'id':'1','K':'a'},{'id':'2','K':'b'},{'id':'3','K':'c'},{'id':'4','K':'d'}]", "{'1':1}", "[]");
    AUTO_JSON json_t *done = of("[{'key':'x','decided_on':'2026-11-26'},{'key':'y','decided_on':'2026-11-27'}]");
    /* Friday 2026-11-27: two decisions in two working days, so four more on Mon, Wed, Thu, Fri */
    AUTO_JSON json_t *p = progress_of(review, q, done, civil_days(2026, 11, 27));
    assert_string_equal(js_str(p, "pace"), "1.0");
    assert_string_equal(js_str(p, "finish"), "2026-12-04");
    assert_int_equal(js_int(p, "days_left", 0), 4);
    assert_int_equal(js_int(p, "first", 0), 1);
    assert_false(js_bool(p, "late", true));
    AUTO_JSON json_t *later = progress_of(review, q, done, civil_days(2026, 11, 30));
    assert_true(js_bool(later, "late", false));
    AUTO_JSON json_t *none = of("[]");
    AUTO_JSON json_t *silent = progress_of(review, q, none, civil_days(2026, 11, 27));
    assert_null(js_str(silent, "pace"));
    assert_null(js_str(silent, "finish"));
}

/* ---- as its user sees it ---- */

static void says(const char *cmd, int status, const char *text)
{
    struct run r = shell("%s", cmd);
    if (r.status != status || (!strstr(r.out, text) && !strstr(r.err, text)))
        fail_msg("%s: exit %d, wanted %d and '%s'\n%s%s", cmd, r.status, status, text, r.out, r.err);
    run_release(&r);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    assert_non_null(at);
    return mem_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

#define SHEET "generated/item-categories/review/category-001.csv"

static void handed_out(const char *name)
{
    shell_enter(name);
    shell_project();
    json_decref(shell_json(0, "review item-categories"));
}

static void a_sheet_opens_safely_and_a_proposal_alone_changes_nothing(void **state)
{
    (void)state;
    shell_enter("review-safe");
    shell_project();
    shell_write(
        "context/sandbox/60-evil.json",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"records\":[{\"module\":\"Products\",\"rows\":[{\"Product_Code\":"
        "\"EVIL\",\"Product_Name\":\"=HYPERLINK(1) cable <script>alert(1)</script>\",\"Product_Active\":true}]}]}");
    json_decref(shell_json(0, "review item-categories --batches 9"));
    AUTO_FREE char *sheet = shell_file("generated/item-categories/review/category-001.csv");
    AUTO_FREE char *page = shell_file("generated/item-categories/review/category-001.html");
    assert_memory_equal(sheet, "\xef\xbb\xbfRow;", 7);
    assert_null(strstr(sheet, ";=HYPERLINK"));
    assert_non_null(strstr(sheet, "'=HYPERLINK"));
    assert_null(strstr(page, "<script>alert"));
    assert_non_null(strstr(page, "&lt;script&gt;alert"));
    struct run r = shell("zagent plan item-categories");
    assert_null(strstr(r.out, "Changes in Products"));
    run_release(&r);
}

static void only_what_was_decided_is_written_with_who_and_when(void **state)
{
    (void)state;
    handed_out("review-written");
    AUTO_FREE char *sheet = shell_file(SHEET);
    AUTO_FREE char *one =
        replaced(sheet, "protection or metering by name;perhaps a set entered as one item;;Purchasing;;",
                 "protection or metering by name;perhaps a set entered as one item;Accessory;Purchasing;a "
                 "kit, no part;");
    shell_write("back.csv", one);
    says("zagent review item-categories --import back.csv", 0,
         "1 decisions added to context/item-decisions.csv: 0 as proposed, 1 "
         "otherwise");
    AUTO_FREE char *file = shell_file("context/item-decisions.csv");
    assert_non_null(strstr(file, "SPD,Accessory,Purchasing,"));
    assert_non_null(strstr(file, ",Protection and metering,changed,category-001,\"a kit, no part\",r"));
    says("zagent plan item-categories", 0, "1 record: Product_Category, each its own (SPD: \"\" → \"Accessory\")");
    json_decref(shell_json(0, "apply --yes"));
    says("zagent review item-categories --status", 0, "1 in the org as decided");
    says("zagent review item-categories --import back.csv", 0, "1 rows were decided the same before");
}

static void names_every_row_it_does_not_take(void **state)
{
    (void)state;
    handed_out("review-refused");
    AUTO_FREE char *sheet = shell_file(SHEET);
    AUTO_FREE char *check = mem_dup(strstr(sheet, ";k") + 1);
    check[strcspn(check, "\r")] = '\0';
    AUTO_FREE char *rows = mem_printf(
        "Row,Decision,Decided by,Check\n"
        "category-001/1, wallBOX ,Purchasing,%s\ncategory-001/1,Service,Purchasing,%s\ncategory-001/"
        "2,Spaceship,Purchasing,%s\n"
        "category-001/2,Service,,%s\ncategory-001/2,Service,Designer,%s\ncategory-001/2,Service,Purchasing,k0\n"
        "category-001/99,Service,Purchasing,%s\ncategory-777/1,Service,Purchasing,%s\n,Service,Purchasing,\n",
        check, check, check, check, check, check, check);
    shell_write("back.csv", rows);
    static const char *const want[] = {
        "1 decisions added",
        "line 3: SPD was decided as 'Wallbox' by Purchasing on this sheet, now as 'Service'",
        "line 4: INST 'Spaceship' is none of the values",
        "line 5: INST nobody says to have decided it",
        "line 6: INST is on a sheet of Purchasing, and Designer decided it",
        "line 7: INST has changed since the sheet was written",
        "line 8: category-001 the sheet has no such row",
        "line 9: category-777 no open sheet is called so",
    };
    struct run r = shell("zagent review item-categories --import back.csv");
    assert_int_equal(r.status, 3);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        if (!strstr(r.out, want[i]))
            fail_msg("not said: %s\n%s", want[i], r.out);
    run_release(&r);
    shell_write("latin.csv", "Row,Decision,Decided by,Check\ncategory-001/3,K\xe4se,Purchasing,k1\n");
    says("zagent review item-categories --import latin.csv", 2, "CSV UTF-8");
    shell_write("other.csv", "Item,Category\nSPD,Service\n");
    says("zagent review item-categories --import other.csv", 2, "the sheet has no column 'Row'");
}

static void a_page_comes_back_unchanged_or_not_at_all(void **state)
{
    (void)state;
    handed_out("review-page");
    AUTO_FREE char *page = shell_file("generated/item-categories/review/category-001.html");
    AUTO_FREE char *org = mem_dup(strstr(page, "data-org=\"") + 10),
                   *check = mem_dup(strstr(page, "data-check=\"") + 12);
    org[strcspn(org, "\"")] = check[strcspn(check, "\"")] = '\0';
    AUTO_FREE char *lines =
        mem_printf("playbook: item-categories\nreview: category\norg: %s\nbatch: category-001\n"
                   "by: Purchasing\ndate: 2026-11-21\nrow: 1 %s Cable and small part\nremark: 1 why not",
                   org, check);
    char hex[65];
    digest_sha256(lines, strlen(lines), hex);
    AUTO_FREE char *text = mem_printf("Hi,\n> -----BEGIN ZAGENT DECISIONS-----\r\n%s\ncheck: %.16s\n> -----END ZAGENT "
                                      "DECISIONS-----\nbye",
                                      lines, hex);
    AUTO_FREE char *forged = replaced(text, "Cable and small part", "Battery");
    shell_write("forged.txt", forged);
    says("zagent review item-categories --import forged.txt", 8, "changed after the page made them");
    shell_write("back.txt", text);
    says("zagent review item-categories --import back.txt", 0, "1 decisions added");
    AUTO_FREE char *elsewhere = replaced(text, "review: category", "review: other");
    shell_write("elsewhere.txt", elsewhere);
    says("zagent review item-categories --import elsewhere.txt", 8, "changed after the page made them");
}

static void a_rule_that_proposes_no_value_of_the_list_is_found_before(void **state)
{
    (void)state;
    shell_enter("review-rules");
    shell_project();
    shell_write("context/item-rules.csv", "Field,Pattern,Value,Confidence,Reason,Reviewer,Source\n"
                                          "Product_Name,cable,Kabel,high,says cable,Nobody,x\n");
    says("zagent playbook check item-categories", 3, "the rule in line 2 proposes 'Kabel', which is no value");
    says("zagent playbook check item-categories", 3, "the rule in line 2 names 'Nobody', who reviews nothing");
    shell_write("context/item-rules.csv", "Field,Pattern,Value,Confidence,Reason,Reviewer,Source\n"
                                          "Product_Name,(cable,Service,high,says cable,,x\n");
    says("zagent playbook check item-categories", 3, "a pattern that cannot be read: '(cable'");
    says("zagent review item-categories", 2, "a pattern that cannot be read: '(cable'");
}

/* Whoever reviews no more leaves nothing behind; a record somebody decided in the org itself needs no sheet. */
static void a_sheet_of_somebody_who_left_is_handed_out_again(void **state)
{
    (void)state;
    AUTO_JSON json_t *review = of(REVIEW "}"), *reg = json_object();
    AUTO_JSON json_t *q = queue_of("[{'id':'1','K':'a'},{'id':'2','K':'b','F':'A','D':'2026-01-01'}]", "{}", "[]");
    json_decref(batches_next(reg, review, q, 1, 0));
    js_set_str(js_path(reg, "batches.c-001"), "reviewer", "Left");
    AUTO_JSON json_t *again = batches_next(reg, review, q, 1, 0);
    assert_int_equal(json_array_size(again), 1);
    assert_string_equal(js_str(js_path(reg, "batches.c-002"), "reviewer"), "Buyer");
    assert_null(js_path(reg, "batches.c-001"));
    assert_int_equal(json_array_size(js_path(reg, "batches.c-002.rows")), 1);
}

/* Nothing of it is about items: another trade, another module, two values, no rule that fits and no order. */
static void a_review_of_old_customers_needs_no_word_of_c(void **state)
{
    (void)state;
    shell_enter("review-customers");
    struct run r = shell("zagent init --quiet && mkdir -p context/sandbox templates/customers");
    assert_int_equal(r.status, 0);
    run_release(&r);
    shell_write("context/care.md",
                "# Care\n\n## Standing\n\n| Standing | Source |\n| --- | --- |\n| Active | us |\n| "
                "Acquired | us |\n\n## Who\n\n| Reviewer | Source |\n| --- | --- |\n| Front desk | "
                "us |\n\n## Rules\n\n| Field | Pattern | Value | Confidence | Reason |\n| --- | --- | "
                "--- | --- | --- |\n| Account_Name | closed | Acquired | low | says so |\n");
    shell_write(
        "context/sandbox/10.json",
        "{\"schema\":\"zagent.sandbox-seed/1\",\"records\":[{\"module\":\"Accounts\",\"rows\":[{\"Account_Name\":"
        "\"Bell shop\"},{\"Account_Name\":\"Chain ltd, closed\"}]}]}");
    shell_write(
        "templates/customers/playbook.yaml",
        "format: 1\nname: customers\ntitle: T\nsolves: [P1]\ninputs:\n"
        "  standing: {type: table, from: \"care.md#Standing\"}\n  who: {type: table, from: \"care.md#Who\"}\n"
        "  rules: {type: table, from: \"care.md#Rules\"}\n  told: {type: table, from: told.csv, default: []}\n"
        "resources:\n  - address: field/Accounts.Standing\n    body: {field_label: Standing, data_type: text, length: "
        "40}\n  - address: records/Standing\n    body: {module: Accounts, key: Account_Name, trigger: [], records: "
        "{$each: told, $item: {Account_Name: \"{{key}}\", Standing: \"{{value}}\"}}}\n"
        "reviews:\n  - {id: standing, title: Standing, module: Accounts, key: Account_Name, field: Standing, show: "
        "[Account_Name], values: standing, value: standing, rules: rules, reviewers: who, decisions: told.csv}\n");
    says("zagent review customers", 0, "standing-001 for Front desk");
    AUTO_FREE char *sheet = shell_file("generated/customers/review/standing-001.csv");
    AUTO_FREE char *back = replaced(sheet, ",Acquired,low,says so,,,", ",Acquired,low,says so,,Acquired,");
    shell_write("back.csv", back);
    says("zagent review customers --import back.csv", 0, "1 decisions added to context/told.csv: 1 as proposed");
    json_decref(shell_json(0, "plan customers"));
    json_decref(shell_json(0, "apply --yes"));
    says("zagent review customers --status", 0, "1 in the org as decided, 0 decided and not written yet, 1 open");
}

enum { MANY = 3000 };

/* Three thousand items as an old list leaves them: each is on one sheet or named, none is lost, and the formula never gets out. */
static void thousands_of_dirty_items_are_all_accounted_for(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(1 << 22);
    static const char *const dirt[] = {"Module %d W",  "module %dW glass",  "\xef\xbc\xad\xef\xbd\x8f\xef\xbd\x84 %d",
                                       "Cable %d mm2", "=1+%d cable",       "Battery %d kWh, old",
                                       "Sundries %d",  "Inverter %d kW set"};
    shell_enter("review-many");
    shell_project();
    sb_add(&b, "{\"schema\":\"zagent.sandbox-seed/1\",\"records\":[{\"module\":\"Products\",\"rows\":[");
    for (int i = 0; i < MANY; i++) {
        AUTO_FREE char *name = replaced(dirt[i % 8], "%d", "4");
        sb_addf(&b, "%s{\"Product_Code\":%s%d%s,\"Product_Name\":\"%s\",\"Product_Active\":true}", i ? "," : "",
                i % 50 == 1 ? "\"T-" : "\"M-", i % 100 == 1 ? 1 : i, "\"", name);
    }
    sb_add(&b, "]}]}");
    shell_write("context/sandbox/60-many.json", b.buf);
    AUTO_JSON json_t *out = shell_json(0, "review item-categories --batches 1000");
    const json_t *p = js_path(out, "data.progress");
    int64_t open = js_int(p, "open", 0), stuck = js_int(p, "stuck", 0);
    assert_int_equal(js_int(p, "total", 0), MANY + 60);
    assert_int_equal(open + stuck, MANY + 60);
    assert_int_equal(stuck, 3 + MANY / 100);
    json_t *sheet;
    size_t i;
    int64_t rows = 0;
    json_array_foreach (js_path(out, "data.worksheets"), i, sheet)
        rows += js_int(sheet, "rows", 0);
    assert_int_equal(rows, open);
    struct run r = shell("grep -l ';=' generated/item-categories/review/*.csv");
    assert_string_equal(r.out, "");
    run_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_surest_rule_proposes_and_disagreement_proposes_nothing),
        cmocka_unit_test(a_rule_that_is_none_is_named_and_one_that_never_ends_says_nothing),
        cmocka_unit_test(says_of_each_record_where_it_stands_used_ones_first),
        cmocka_unit_test(hands_no_record_out_twice),
        cmocka_unit_test(tells_pace_finish_and_whether_it_is_late),
        cmocka_unit_test(a_sheet_opens_safely_and_a_proposal_alone_changes_nothing),
        cmocka_unit_test(only_what_was_decided_is_written_with_who_and_when),
        cmocka_unit_test(names_every_row_it_does_not_take),
        cmocka_unit_test(a_page_comes_back_unchanged_or_not_at_all),
        cmocka_unit_test(a_rule_that_proposes_no_value_of_the_list_is_found_before),
        cmocka_unit_test(a_sheet_of_somebody_who_left_is_handed_out_again),
        cmocka_unit_test(a_review_of_old_customers_needs_no_word_of_c),
        cmocka_unit_test(thousands_of_dirty_items_are_all_accounted_for),
    };
    return cmocka_run_group_tests_name("agent/review", tests, NULL, NULL);
}
