#include "deluge/check.h"
#include "deluge/library.h"
#include "deluge/parse.h"

#include "tests/test.h"

struct scripts {
    struct dg_script s;
    struct dg_diags d;
};

static void read_script(struct scripts *one, const char *file, const char *text)
{
    memset(one, 0, sizeof *one);
    assert_true(dg_parse(&one->s, file, text, strlen(text), &one->d));
}

static void release(struct scripts *one)
{
    dg_script_release(&one->s);
    dg_diags_release(&one->d);
}

static void learn(struct dg_library *l, const char *file, const char *text)
{
    struct scripts one;
    read_script(&one, file, text);
    dg_library_add(l, &one.s);
    release(&one);
}

/* Findings of the rules about calls between scripts, one "rule line:column message" a line. */
static void assert_found(const struct dg_library *l, const char *text, const char *wanted)
{
    static const char *const rules[] = {"DL029", "DL058", "DL080", "DL084"};
    struct scripts one;
    AUTO_SB struct sb b = SB_INIT(1 << 16);
    read_script(&one, "x.dg", text);
    dg_check(&one.s, &(struct dg_check_options){.library = l}, &one.d);
    for (size_t i = 0; i < one.d.n; i++)
        for (size_t k = 0; k < 4; k++)
            if (strcmp(one.d.item[i].rule, rules[k]) == 0)
                sb_addf(&b, "%s %u:%u %s; %s\n", rules[k], one.d.item[i].span.line, one.d.item[i].span.col,
                        one.d.item[i].message, one.d.item[i].fix);
    assert_string_equal(b.buf, wanted);
    release(&one);
}

static void a_call_into_another_file_is_held_against_its_declaration(void **state)
{
    (void)state;
    struct dg_library l = {0};
    learn(&l, "a.dg", "void automation.note(Map what)\n{\ninfo what;\n}");
    learn(&l, "b.dg", "\nstring orders.label(int n)\n{\nreturn n;\n}");
    assert_found(&l, "x = Automation.NOTE(Map());\nautomation.note();\ninfo thisapp.orders.label(1,2);",
                 "DL029 1:16 'NOTE' is void: it has no value; call it in a statement of its own, or let it return one "
                 "(a.dg:1)\nDL084 2:12 'note' takes 1 argument, not 0; see a.dg:1\n"
                 "DL084 3:21 'label' takes 1 argument, not 2; see b.dg:2\n");
    dg_library_release(&l);
}

static void two_declarations_of_one_name_are_not_judged(void **state)
{
    (void)state;
    struct dg_library l = {.complete = true};
    learn(&l, "a.dg", "void automation.note(Map what)\n{\ninfo what;\n}");
    learn(&l, "old/a.dg", "string automation.note(Map what,int n)\n{\nreturn n + what;\n}");
    assert_found(&l, "x = automation.note(1,2,3);", "");
    dg_library_release(&l);
}

static void a_missing_function_is_told_only_of_a_complete_set(void **state)
{
    (void)state;
    struct dg_library l = {0};
    learn(&l, "a.dg", "void automation.notify(Map what)\n{\ninfo what;\n}");
    dg_library_name(&l, "standalone.known");
    assert_found(&l, "automation.notifi(1); x.f(1); zoho.crm.f(1);", "");
    l.complete = true;
    assert_found(&l, "automation.notifi(1);\nstandalone.known(1);\nx = Map(); info x.get(1); button.zzzzzzzzz();",
                 "DL080 1:12 no script here declares 'automation.notifi'; did you mean automation.notify?\n"
                 "DL080 3:34 no script here declares 'button.zzzzzzzzz'; check that file too, or take the call out\n");
    dg_library_release(&l);
}

static void a_circle_of_calls_is_found_through_other_files(void **state)
{
    (void)state;
    struct dg_library l = {0};
    const char *one = "void automation.one()\n{\nautomation.two();\nautomation.apart();\n}";
    learn(&l, "one.dg", one);
    learn(&l, "two.dg", "void automation.two()\n{\nautomation.three();\n}");
    learn(&l, "three.dg", "void automation.three()\n{\nautomation.one();\n}");
    learn(&l, "apart.dg", "void automation.apart()\n{\nautomation.two();\nautomation.nowhere();\n}");
    assert_true(dg_library_reaches(&l, "automation.one", "automation.one"));
    assert_true(dg_library_reaches(&l, "automation.apart", "automation.two"));
    assert_false(dg_library_reaches(&l, "automation.two", "automation.apart2"));
    assert_found(&l, one,
                 "DL058 3:12 'two' calls this function again; make sure that it ends: a run may make 75 calls\n"
                 "DL058 4:12 'apart' calls this function again; make sure that it ends: a run may make 75 "
                 "calls\n");
    dg_library_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_into_another_file_is_held_against_its_declaration),
        cmocka_unit_test(two_declarations_of_one_name_are_not_judged),
        cmocka_unit_test(a_missing_function_is_told_only_of_a_complete_set),
        cmocka_unit_test(a_circle_of_calls_is_found_through_other_files),
    };
    return cmocka_run_group_tests_name("deluge/library", tests, NULL, NULL);
}
