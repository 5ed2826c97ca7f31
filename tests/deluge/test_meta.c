#include "base/mem.h"
#include "deluge/check.h"
#include "deluge/parse.h"

#include "tests/test.h"

/* One module with three fields and a picklist; nothing is known about Leads but that it exists. */
static int module(void *ctx, const char *m)
{
    (void)ctx;
    return strcmp(m, "Deals") == 0 || strcmp(m, "Leads") == 0;
}

static int field(void *ctx, const char *m, const char *f)
{
    (void)ctx;
    if (strcmp(m, "Deals") != 0)
        return -1;
    return strcmp(f, "Stage") == 0 || strcmp(f, "Deal_Name") == 0 || strcmp(f, "Amount") == 0;
}

static int related(void *ctx, const char *m, const char *list)
{
    (void)ctx;
    return strcmp(m, "Deals") != 0 ? -1 : strcmp(list, "Quotes") == 0;
}

static int value(void *ctx, const char *m, const char *f, const char *v)
{
    (void)ctx, (void)m;
    return strcmp(f, "Stage") != 0 ? -1 : strcmp(v, "Won") == 0;
}

static const char *near_module(void *ctx, const char *m)
{
    (void)ctx;
    return strcmp(m, "Deal") == 0 ? "Deals" : NULL;
}

static const char *near_field(void *ctx, const char *m, const char *f)
{
    (void)ctx, (void)m;
    return strcmp(f, "Deal Name") == 0 ? "Deal_Name" : NULL;
}

static const char *near_list(void *ctx, const char *m, const char *list)
{
    (void)ctx, (void)m, (void)list;
    return NULL;
}

static const char *near_value(void *ctx, const char *m, const char *f, const char *v)
{
    (void)ctx, (void)m, (void)f, (void)v;
    return "Won";
}

static const struct dg_meta org = {NULL, module, field, related, value, near_module, near_field, near_list, near_value};

/* The findings of DL062 and DL063, one "rule line:column fix" a line. */
static void assert_found(const char *text, const char *wanted)
{
    struct dg_script s;
    struct dg_diags d = {0};
    struct dg_check_options o = {.meta = &org};
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    assert_true(dg_parse(&s, "x.dg", text, strlen(text), &d));
    dg_check(&s, &o, &d);
    for (size_t i = 0; i < d.n; i++) {
        const struct dg_diag *g = &d.item[i];
        if (strcmp(g->rule, "DL062") == 0 || strcmp(g->rule, "DL063") == 0)
            sb_addf(&b, "%s %u:%u %s\n", g->rule, g->span.line, g->span.col, g->fix ? g->fix : "");
    }
    assert_string_equal(b.buf, wanted);
    dg_script_release(&s);
    dg_diags_release(&d);
}

static void names_the_module_that_was_meant(void **state)
{
    (void)state;
    assert_found("x = zoho.crm.getRecordById(\"Deal\",1); info x.get(\"Anything\");",
                 "DL062 1:28 did you mean \"Deals\"?\n");
}

static void knows_the_fields_of_a_record_that_was_read(void **state)
{
    (void)state;
    assert_found("x = zoho.crm.getRecordById(\"Deals\",1); info x.get(\"Deal Name\"); info x.get(\"Amount\"); info "
                 "x.get(\"id\");",
                 "DL062 1:51 did you mean \"Deal_Name\"?\n");
}

static void knows_the_fields_and_values_of_a_record_that_is_written(void **state)
{
    (void)state;
    assert_found("m = Map(); m.put(\"Stage\",\"won\"); m.put(\"Nope\",1);\nx = "
                 "zoho.crm.v8.createRecord(\"Deals\",m,{\"trigger\":{}}); info x;",
                 "DL063 1:26 did you mean \"Won\"?\nDL062 1:40 use the API name as Setup shows it\n");
    assert_found("x = zoho.crm.updateRecord(\"Deals\",1,{\"Stage\":\"Won\",\"X\":2}); info x;",
                 "DL062 1:52 use the API name as Setup shows it\n");
}

static void reads_criteria_and_related_lists(void **state)
{
    (void)state;
    assert_found("x = zoho.crm.searchRecords(\"Deals\",\"((Stage:equals:Won) and (Nope:equals:1))\"); info x;",
                 "DL062 1:36 use the API name as Setup shows it\n");
    assert_found("x = zoho.crm.getRelatedRecords(\"Orders\",\"Deals\",1); info x;",
                 "DL062 1:32 use the API name as Setup shows it\n");
}

static void knows_the_records_of_a_list(void **state)
{
    (void)state;
    assert_found("all = ifnull(zoho.crm.searchRecords(\"Deals\",\"(Stage:equals:Won)\"),List());\n"
                 "for each  one in all { info one.get(\"Amount\"); info one.get(\"Deal Name\"); }\n"
                 "first = all.get(0); info first.get(\"Nope\");\n"
                 "for each  index i in all { deal = all.get(i); info deal.get(\"Nope\"); }",
                 "DL062 2:61 did you mean \"Deal_Name\"?\nDL062 3:36 use the API name as Setup shows it\n"
                 "DL062 4:61 use the API name as Setup shows it\n");
    /* what a related list holds is nowhere written; a list that is filled by hand may hold anything */
    assert_found("l = zoho.crm.getRelatedRecords(\"Quotes\",\"Deals\",1); for each  q in l { info q.get(\"Nope\"); }\n"
                 "m = {1,2}; for each  n in m { info n.get(\"Nope\"); }",
                 "");
}

/* Found by the scenario odd-names: one name served for the body of one module and for rows of another. */
static void a_new_map_is_another_body(void **state)
{
    (void)state;
    assert_found(
        "m = Map(); m.put(\"Nope\",1); x = zoho.crm.updateRecord(\"Leads\",1,m); m = Map();\n"
        "m.put(\"Nope\",1); y = zoho.crm.updateRecord(\"Deals\",1,m); m = Map(); m.put(\"Nope\",2); info m + x + y;",
        "DL062 2:7 use the API name as Setup shows it\n");
}

static void takes_what_every_record_has(void **state)
{
    (void)state;
    assert_found(
        "x = zoho.crm.getRelatedRecords(\"Tasks\",\"Deals\",1); info x; d = zoho.crm.getRecordById(\"Deals\",1); "
        "info d.get(\"Product_Details\"); info d.get(\"$approved\"); info d.get(\"code\");",
        "");
}

struct seen {
    struct sb text;
};

static void see(const char *module, bool lists, void *ctx)
{
    struct seen *k = ctx;
    sb_addf(&k->text, "%s%s ", module, lists ? "+" : "");
}

static void names_the_modules_a_script_needs(void **state)
{
    (void)state;
    const char *text = "x = zoho.crm.getRecordById(\"Deals\",1); y = zoho.crm.getRelatedRecords(\"A\",\"Leads\",1); "
                       "z = zoho.crm.getRecords(x); info x + y + z;";
    struct dg_script s;
    struct dg_diags d = {0};
    struct seen k = {SB_INIT(1 << 10)};
    assert_true(dg_parse(&s, "x.dg", text, strlen(text), &d));
    dg_modules(&s, see, &k);
    assert_string_equal(k.text.buf, "Deals Leads+ ");
    sb_release(&k.text);
    dg_script_release(&s);
    dg_diags_release(&d);
}

static void is_silent_where_nothing_is_known(void **state)
{
    (void)state;
    assert_found(
        "x = zoho.crm.getRecordById(\"Leads\",1); info x.get(\"Whatever\"); m = input.m; info m.get(\"Nope\");", "");
    /* a variable that holds records of two modules belongs to neither */
    assert_found("x = zoho.crm.getRecordById(\"Deals\",1); info x; x = zoho.crm.getRecordById(\"Leads\",1); info "
                 "x.get(\"Nope\");",
                 "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_module_that_was_meant),
        cmocka_unit_test(knows_the_fields_of_a_record_that_was_read),
        cmocka_unit_test(knows_the_fields_and_values_of_a_record_that_is_written),
        cmocka_unit_test(reads_criteria_and_related_lists),
        cmocka_unit_test(knows_the_records_of_a_list),
        cmocka_unit_test(a_new_map_is_another_body),
        cmocka_unit_test(takes_what_every_record_has),
        cmocka_unit_test(names_the_modules_a_script_needs),
        cmocka_unit_test(is_silent_where_nothing_is_known),
    };
    return cmocka_run_group_tests_name("deluge/meta", tests, NULL, NULL);
}
