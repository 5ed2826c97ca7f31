#include "base/fs.h"
#include "base/mem.h"
#include "deluge/check.h"
#include "deluge/dump.h"
#include "deluge/format.h"
#include "deluge/parse.h"

#include "tests/test.h"

static bool parse(struct dg_script *s, struct dg_diags *d, const char *text)
{
    *d = (struct dg_diags){0};
    return dg_parse(s, "x.dg", text, strlen(text), d);
}

static void done(struct dg_script *s, struct dg_diags *d)
{
    dg_script_release(s);
    dg_diags_release(d);
}

static void assert_tree(const char *text, const char *tree)
{
    struct dg_script s;
    struct dg_diags d;
    AUTO_SB struct sb b = SB_INIT(1 << 20);
    bool ok = parse(&s, &d, text);
    if (!ok)
        print_message("%s: %s\n", text, d.item[0].message);
    assert_true(ok);
    dg_dump(&s, &b);
    assert_string_equal(b.buf, tree);
    done(&s, &d);
}

static void operators_bind_as_in_c(void **state)
{
    (void)state;
    assert_tree("a = 1 + 2 * 3 - 4;", "assign = a (- (+ 1 (* 2 3)) 4)\n");
    assert_tree("a = b || c && !d == e < f;", "assign = a (|| b (&& c (== (! d) (< e f))))\n");
    assert_tree("a = -b.c(1).d;", "assign = a (neg (call c on b 1).d)\n");
    assert_tree("a = (b + c) % 2;", "assign = a (% (paren (+ b c)) 2)\n");
}

static void a_single_equals_sign_inside_an_expression_compares(void **state)
{
    (void)state;
    assert_tree("x = null = null;", "assign = x (= null null)\n");
    assert_tree("if(a = \"b\"){}", "if (= a \"b\")\n");
}

static void if_is_a_value_too(void **state)
{
    (void)state;
    assert_tree("x = if(a,b,if(c,d,e)) + 1;", "assign = x (+ (if a b (if c d e)) 1)\n");
    assert_tree("if(a,f(),g());", "do (if a (call f) (call g))\n");
}

static void words_are_keywords_only_where_they_fit(void **state)
{
    (void)state;
    assert_tree("info = 1; list = List(); delete.add(info); return (list);",
                "assign = info 1\nassign = list (call List)\ndo (call add on delete info)\nreturn (paren list)\n");
}

static void two_word_heads_take_any_white_space(void **state)
{
    (void)state;
    assert_tree("for\n each  x   in y {} if(a){} else\n if(b){} cancel \t submit;",
                "each x y\nif a\nelse b\ncancel submit\n");
}

static void task_blocks_need_no_separators(void **state)
{
    (void)state;
    assert_tree(
        "x = invokeurl [ url : a + \"b\" type :GET headers : {\"k\":\"v\"} content-type:\"t\" ];",
        "assign = x (invokeurl (url (+ a \"b\")) (type <GET>) (headers (map \"k\":\"v\")) (content-type \"t\"))\n");
    assert_tree("sendmail [ from :a to :b,c reply to :d Attachments :file:e,file:f ]",
                "mail (sendmail (from a) (to b c) (reply to d) (attachments (file e) (file f)))\n");
    assert_tree("x = insert into F [ A=1\n B=a == b ];", "assign = x (insert F (A 1) (B (== a b)))\n");
}

/* Found by fuzz_deluge: the warning about the first word hid the error about the second. */
static void a_pasted_word_does_not_hide_a_pasted_text(void **state)
{
    (void)state;
    struct dg_script s;
    struct dg_diags d;
    assert_false(
        parse(&s, &d, "x = invokeurl\n[\nconnection:\xE2\x80\x9Dname\xE2\x80\x9D \xE2\x80\x9Dx y\xE2\x80\x9D\n];"));
    assert_int_equal(d.errors, 1);
    assert_int_equal(d.warnings, 1);
    done(&s, &d);
    assert_true(parse(&s, &d, "x = invokeurl\n[\nconnection:\xE2\x80\x9Dname\xE2\x80\x9D\n];"));
    assert_int_equal(d.warnings, 1);
    done(&s, &d);
}

static void ids_keep_all_their_digits(void **state)
{
    (void)state;
    assert_tree("a = 9223372036854775807; b = 0.10;", "assign = a 9223372036854775807\nassign = b 0.10\n");
    struct dg_script s;
    struct dg_diags d;
    assert_false(parse(&s, &d, "a = 9223372036854775808;"));
    assert_int_equal(d.n, 1);
    done(&s, &d);
}

static void escapes_are_resolved_and_unknown_ones_kept(void **state)
{
    (void)state;
    struct dg_script s;
    struct dg_diags d;
    assert_true(parse(&s, &d, "a = \"\\\"\\\\\\n\\d\";"));
    const struct dg_expr *e = s.body.stmt[0]->assign.value;
    assert_string_equal(e->text.s, "\"\\\n\\d");
    done(&s, &d);
}

static void a_mark_at_the_beginning_and_crlf_are_accepted(void **state)
{
    (void)state;
    struct dg_script s;
    struct dg_diags d;
    assert_true(parse(&s, &d, "\xEF\xBB\xBF// é\r\na = 1;\r\n\r\n  b = \"ü\" + c;\r\n"));
    assert_int_equal(s.body.stmt[1]->span.line, 4);
    assert_int_equal(s.body.stmt[1]->span.col, 3);
    assert_int_equal(s.body.stmt[1]->assign.value->binary.right->span.col, 13);
    done(&s, &d);
}

static void signatures_may_lack_types_and_have_any_case(void **state)
{
    (void)state;
    assert_tree("Map validation_rule.f(String crmAPIRequest){return {};}\nVOID g.h(int a, b){}",
                "function Map validation_rule.f crmAPIRequest:String\n  return {}\nfunction VOID g.h a:int b:?\n");
}

static char *repeat(const char *text, size_t n, const char *end)
{
    AUTO_SB struct sb b = SB_INIT((size_t)32 << 20);
    while (n--)
        sb_add(&b, text);
    sb_add(&b, end);
    return sb_take(&b, "test", NULL);
}

static void insert_into_names_parts_of_a_field_and_forms_of_an_application(void **state)
{
    (void)state;
    assert_tree("x = insert into F [ A=zoho.loginuser\nAddress.city=b.c\nName.last=\"d\" ];",
                "assign = x (insert F (A zoho.loginuser) (Address.city b.c) (Name.last \"d\"))\n");
    assert_tree("insert into app.F [ A=1 ]", "do (insert F (A 1))\n");
}

static void mails_attach_reports_and_templates(void **state)
{
    (void)state;
    assert_tree("sendmail [ to :a Attachments :template:T:r.ID as PDF,view:V as \"x.pdf\",file:f ]",
                "mail (sendmail (to a) (attachments (file r.ID) (file V) (file f)))\n");
}

static void a_comment_does_not_hide_where_a_line_begins(void **state)
{
    (void)state;
    assert_tree("sendmail [ to :a,\nb\n/* c */ subject :d ]", "mail (sendmail (to a b) (subject d))\n");
}

static void a_typed_list_in_a_task_block_is_no_key(void **state)
{
    (void)state;
    assert_tree("sendmail [ to :a,List:String(b)\nsubject :c ]",
                "mail (sendmail (to a List:String( b)) (subject c))\n");
}

static void helpers_may_lack_a_type_and_lists_may_have_one(void **state)
{
    (void)state;
    assert_tree("list:string ns.f(list:int a, map b)\n{\nreturn a;\n}",
                "function list ns.f a:list b:map\n  return a\n");
    assert_tree("build(a, b)\n{\nreturn a;\n}", "function ? .build a:? b:?\n  return a\n");
}

static void criteria_negate_with_not(void **state)
{
    (void)state;
    assert_tree("x = F[A is not null && B not contains \"c\"];",
                "assign = x (query F (&& (! (is A null)) (! (contains B \"c\"))))\n");
}

static void rare_spellings_are_accepted(void **state)
{
    (void)state;
    assert_tree("throws \"a\";", "throw \"a\"\n");
    assert_tree("reload;", "form reload\n");
    assert_tree("a = 1;;\nvoid f()\n{\n};", "assign = a 1\nfunction void .f\n");
}

static void depth_and_length_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *part, *end;
    } rows[] = {{"(", "1"},     {"{", ""},          {"!", "a"},     {"if(a){", ""},     {"a=[", ""},
                {"1 + ", "1;"}, {"a.b().", "c();"}, {"if(a,", "b"}, {"if(a) ", "b=1;"}, {"x -> ", "y"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO_FREE char *text = repeat(rows[i].part, 20000, rows[i].end);
        struct dg_script s;
        struct dg_diags d;
        assert_false(parse(&s, &d, text));
        assert_in_range(d.n, 1, DG_MAX_ERRORS + 1);
        done(&s, &d);
    }
}

static void a_script_over_the_limit_is_refused_at_once(void **state)
{
    (void)state;
    AUTO_FREE char *text = repeat("a=1;", DG_MAX_SOURCE / 4 + 1, "");
    struct dg_script s;
    struct dg_diags d;
    assert_false(parse(&s, &d, text));
    assert_int_equal(d.n, 1);
    assert_string_equal(d.item[0].rule, "DL099");
    done(&s, &d);
}

/* Whatever the bytes: no crash, and what parses goes through checker and formatter. */
static void use_prefix(const char *text, size_t len)
{
    struct dg_script s, again;
    struct dg_diags d = {0}, d2 = {0};
    AUTO_SB struct sb out = SB_INIT(1 << 22);
    if (dg_parse(&s, "x.dg", text, len, &d)) {
        dg_check(&s, NULL, &d);
        assert_int_equal(dg_format(&s, &out, NULL), 0);
        assert_true(dg_parse(&again, "x.dg", out.buf, out.len, &d2));
        assert_true(dg_same(&s, &again));
        done(&again, &d2);
    }
    done(&s, &d);
}

static void every_prefix_of_the_cases_is_survived(void **state)
{
    (void)state;
    static const char *const folders[] = {"tests/deluge/cases", "tests/deluge/syntax"};
    for (size_t k = 0; k < 2; k++) {
        char **names;
        size_t n;
        assert_int_equal(fs_list(folders[k], &names, &n, NULL), 0);
        for (size_t i = 0; i < n; i++) {
            AUTO_FREE char *path = mem_printf("%s/%s", folders[k], names[i]);
            AUTO_FREE char *text = NULL;
            size_t len;
            assert_int_equal(fs_read(path, 1 << 20, &text, &len, NULL), 0);
            for (size_t cut = 0; cut <= len; cut += 3)
                use_prefix(text, cut);
        }
        fs_list_free(names, n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_c),
        cmocka_unit_test(a_single_equals_sign_inside_an_expression_compares),
        cmocka_unit_test(if_is_a_value_too),
        cmocka_unit_test(words_are_keywords_only_where_they_fit),
        cmocka_unit_test(two_word_heads_take_any_white_space),
        cmocka_unit_test(task_blocks_need_no_separators),
        cmocka_unit_test(a_pasted_word_does_not_hide_a_pasted_text),
        cmocka_unit_test(ids_keep_all_their_digits),
        cmocka_unit_test(escapes_are_resolved_and_unknown_ones_kept),
        cmocka_unit_test(a_mark_at_the_beginning_and_crlf_are_accepted),
        cmocka_unit_test(signatures_may_lack_types_and_have_any_case),
        cmocka_unit_test(insert_into_names_parts_of_a_field_and_forms_of_an_application),
        cmocka_unit_test(mails_attach_reports_and_templates),
        cmocka_unit_test(a_comment_does_not_hide_where_a_line_begins),
        cmocka_unit_test(a_typed_list_in_a_task_block_is_no_key),
        cmocka_unit_test(helpers_may_lack_a_type_and_lists_may_have_one),
        cmocka_unit_test(criteria_negate_with_not),
        cmocka_unit_test(rare_spellings_are_accepted),
        cmocka_unit_test(depth_and_length_are_bounded),
        cmocka_unit_test(a_script_over_the_limit_is_refused_at_once),
        cmocka_unit_test(every_prefix_of_the_cases_is_survived),
    };
    return cmocka_run_group_tests_name("deluge/parse", tests, NULL, NULL);
}
