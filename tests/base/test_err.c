#include "tests/test.h"

#include "base/err.h"
#include "base/sb.h"
#include "base/text.h"

static void keeps_the_first_error(void **state)
{
    (void)state;
    struct err e = {0};
    assert_int_equal(err_set(&e, ERR_PARSE, "line %d", 3), -1);
    err_at(&e, "inner");
    err_fix(&e, "mend it");
    err_set(&e, ERR_IO, "later");
    err_at(&e, "outer");
    err_fix(&e, "other");
    err_errno(&e, 2, "path", "later still");
    assert_int_equal(e.kind, ERR_PARSE);
    assert_string_equal(e.what, "line 3");
    assert_string_equal(e.where, "inner");
    assert_string_equal(e.fix, "mend it");
    err_clear(&e);
    assert_int_equal(e.kind, ERR_NONE);
    assert_string_equal(e.what, "");
}

static void accepts_no_error_value(void **state)
{
    (void)state;
    assert_int_equal(err_set(NULL, ERR_IO, "x"), -1);
    assert_int_equal(err_at(NULL, "x"), -1);
    assert_int_equal(err_fix(NULL, "x"), -1);
    assert_int_equal(err_errno(NULL, 1, NULL, "x"), -1);
    err_clear(NULL);
}

static void cuts_long_text_between_characters(void **state)
{
    (void)state;
    /* Odd and even starts, so that the cut meets each byte of a two-byte character. */
    for (size_t shift = 0; shift < 2; shift++) {
        AUTO_SB struct sb b = SB_INIT(4000);
        sb_add(&b, shift ? "x" : "");
        for (int i = 0; i < 900; i++)
            sb_add(&b, "é");
        sb_add(&b, "end");
        const char *text = b.buf;
        struct err e = {0};
        err_set(&e, ERR_PARSE, "%s", text);
        err_at(&e, "%s", text);
        assert_true(text_utf8_valid(e.what, strlen(e.what), NULL));
        assert_true(text_utf8_valid(e.where, strlen(e.where), NULL));
        assert_true(strlen(e.what) > sizeof e.what - 6);
        assert_int_equal(strncmp(e.where, "…", 3), 0);
        assert_non_null(strstr(e.where, "end"));
        assert_non_null(strstr(e.what, "…"));
    }
}

static void says_what_the_system_said(void **state)
{
    (void)state;
    struct err e = {0};
    err_errno(&e, 28, "/some/file", "cannot write '%s'", "file");
    assert_int_equal(e.kind, ERR_IO);
    assert_string_equal(e.what, "cannot write 'file': No space left on device");
    assert_string_equal(e.where, "/some/file");
}

static void every_kind_has_a_row(void **state)
{
    (void)state;
    for (int i = 0; i < ERR__MAX; i++) {
        enum err_kind kind = (enum err_kind)i;
        assert_true(strlen(err_kind_name(kind)) > 1);
        assert_non_null(err_side_effects(kind));
        assert_true((err_exit_code(kind) == 0) == (kind == ERR_NONE));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(err_kind_name(kind), err_kind_name((enum err_kind)j));
        struct err e = {0};
        if (kind != ERR_NONE)
            err_set(&e, kind, "x");
        assert_int_equal(e.retryable, err_kind_retryable(kind));
    }
    assert_int_equal(err_exit_code(ERR_FINDINGS), 3);
    assert_int_equal(err_exit_code(ERR_INTERRUPTED), 130);
    assert_int_equal(err_exit_code(ERR__MAX), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_first_error),
        cmocka_unit_test(accepts_no_error_value),
        cmocka_unit_test(cuts_long_text_between_characters),
        cmocka_unit_test(says_what_the_system_said),
        cmocka_unit_test(every_kind_has_a_row),
    };
    return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
