#include "base/mem.h"
#include "deluge/format.h"
#include "deluge/parse.h"

#include "tests/test.h"

static void assert_formatted(const char *text, const char *wanted)
{
    struct dg_script s;
    struct dg_diags d = {0};
    AUTO_SB struct sb out = SB_INIT(1 << 20);
    assert_true(dg_parse(&s, "x.dg", text, strlen(text), &d));
    assert_int_equal(dg_format(&s, &out, NULL), 0);
    assert_string_equal(out.buf, wanted);
    dg_script_release(&s);
    dg_diags_release(&d);
}

/* The text is as the editor writes it: formatting it changes nothing. */
static void assert_stays(const char *text)
{
    assert_formatted(text, text);
}

static void writes_blocks_as_the_editor_does(void **state)
{
    (void)state;
    assert_formatted(
        "void  automation . f( Int id , String s ) { if ( id>1 ){ info  id ; } else if(true) {} else { return ; } }",
        "void automation.f(Int id,String s)\n{\n\tif(id > 1)\n\t{\n\t\tinfo id;\n\t}\n\telse if(true)\n\t{\n\t}\n"
        "\telse\n\t{\n\t\treturn;\n\t}\n}\n");
    assert_formatted("for each x in y { try { a = -1; } catch( e ) { throw e ; } }",
                     "for each  x in y\n{\n\ttry\n\t{\n\t\ta = -1;\n\t}\n\tcatch (e)\n\t{\n\t\tthrow e;\n\t}\n}\n");
}

static void writes_task_blocks_as_the_editor_does(void **state)
{
    (void)state;
    assert_stays("x = invokeurl\n[\n\turl :\"u\" + id\n\ttype :GET\n\tparameters:m.toString()\n\tconnection:\"c\"\n];\n"
                 "sendmail\n[\n\tfrom :zoho.adminuserid\n\tto :a,b\n\tcontent type:HTML\n\tAttachments :file:f\n]\n"
                 "y = insert into F\n[\n\tA=1\n\tB=a + b\n];\n");
}

static void joins_a_statement_to_one_line(void **state)
{
    (void)state;
    assert_formatted("a = b\n\t.c( 1 ,\n 2 )\n\t.d() ;\n\n\n x={ \"k\" : 1 , \"l\" : { } } ;",
                     "a = b.c(1,2).d();\nx = {\"k\":1,\"l\":{}};\n");
}

static void comments_stay_where_they_are(void **state)
{
    (void)state;
    assert_stays(
        "// first\nif(a)\n{\n\t// inside\n\tb = 1; // behind\n\t/* two\n   lines */\n\tc = 2;\n\t// last\n}\n// end\n");
    assert_stays("x = {\"a\":1, // one\n\t\"b\":2};\n");
    assert_formatted("a = 1; // behind   \r\nb = 2;\r\n", "a = 1; // behind\nb = 2;\n");
}

static void rare_spellings_are_stable(void **state)
{
    (void)state;
    assert_stays("list:string ns.f(list:int a)\n{\n\tthrows \"a\";\n\treload;\n}\n");
    assert_stays("x = F[A is not null && B not contains \"c\"];\n");
    assert_stays("x = insert into F\n[\n\tAddress.city=a.b\n];\n");
    assert_stays("sendmail\n[\n\tto :a\n\tAttachments :template:T:r.ID as PDF,file:f\n]\n");
    assert_stays("a = 1;;\n");
}

static void two_signs_in_a_row_stay_apart(void **state)
{
    (void)state;
    assert_stays("a = - -b;\n");
    assert_stays("a = b - -c;\n");
}

static void refuses_a_script_with_a_lost_quote(void **state)
{
    (void)state;
    struct dg_script s;
    struct dg_diags d = {0};
    struct err e = {0};
    AUTO_SB struct sb out = SB_INIT(1 << 20);
    assert_false(dg_parse(&s, "x.dg", "a = \"b;", 7, &d));
    assert_int_equal(dg_format(&s, &out, &e), -1);
    assert_int_equal(e.kind, ERR_PARSE);
    dg_script_release(&s);
    dg_diags_release(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_blocks_as_the_editor_does),   cmocka_unit_test(writes_task_blocks_as_the_editor_does),
        cmocka_unit_test(joins_a_statement_to_one_line),      cmocka_unit_test(comments_stay_where_they_are),
        cmocka_unit_test(rare_spellings_are_stable),          cmocka_unit_test(two_signs_in_a_row_stay_apart),
        cmocka_unit_test(refuses_a_script_with_a_lost_quote),
    };
    return cmocka_run_group_tests_name("deluge/format", tests, NULL, NULL);
}
