#include "tests/test.h"

#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/sb.h"

static void grows_and_hands_over(void **state)
{
    (void)state;
    struct sb b = SB_INIT(1 << 20);
    for (int i = 0; i < 1000; i++)
        sb_addf(&b, "%d,", i);
    sb_addc(&b, '!');
    assert_int_equal(strlen(b.buf), b.len);
    struct err e = {0};
    char *text = sb_take(&b, "numbers", &e);
    assert_non_null(text);
    assert_int_equal(strncmp(text, "0,1,2,", 6), 0);
    assert_string_equal(text + strlen(text) - 5, "999,!");
    assert_int_equal(b.len, 0);
    sb_add(&b, "again");
    assert_string_equal(b.buf, "again");
    free(text);
    sb_release(&b);
}

static void an_empty_one_gives_an_empty_text(void **state)
{
    (void)state;
    struct sb b = SB_INIT(10);
    sb_add(&b, "");
    sb_addf(&b, "%s", "");
    char *text = sb_take(&b, "nothing", NULL);
    assert_string_equal(text, "");
    free(text);
}

static void stops_at_its_maximum(void **state)
{
    (void)state;
    struct sb b = SB_INIT(5);
    sb_add(&b, "12345");
    struct err e = {0};
    assert_int_equal(sb_check(&b, "digits", &e), 0);
    sb_addc(&b, '6');
    sb_truncate(&b, 1);
    sb_add(&b, "x");
    assert_string_equal(b.buf, "1");
    assert_null(sb_take(&b, "digits", &e));
    assert_int_equal(e.kind, ERR_LIMIT);
    assert_string_equal(e.what, "digits is longer than 5 bytes");
    sb_addf(&b, "%s", "1234567");
    assert_true(b.bad);
    sb_clear(&b);
    sb_add(&b, "ok");
    assert_string_equal(b.buf, "ok");
    sb_release(&b);
}

static void writes_every_length_of_utf8(void **state)
{
    (void)state;
    AUTO_SB struct sb b = SB_INIT(100);
    const unsigned points[] = {0x41, 0xE9, 0x20AC, 0x1F600, 0xD800, 0x110000};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++)
        sb_add_utf8(&b, points[i]);
    assert_string_equal(b.buf, "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void memory_that_cannot_be_had_ends_the_program_with_1(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(2);
        volatile size_t huge = SIZE_MAX / 2;
        void *p = mem_grow(NULL, huge, 3); /* overflows: never reaches malloc */
        _exit(p ? 0 : 9);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
}

static void memory_helpers_copy_and_print(void **state)
{
    (void)state;
    AUTO_FREE char *a = mem_dup("text");
    AUTO_FREE char *b = mem_dupn("text", 2);
    AUTO_FREE char *c = mem_printf("%s-%d", b, 7);
    AUTO_FREE int *list = NULL;
    size_t n = 0, cap = 0;
    for (int i = 0; i < 100; i++)
        VEC_PUSH(list, n, cap, i);
    assert_string_equal(a, "text");
    assert_string_equal(c, "te-7");
    assert_int_equal(list[99], 99);
    AUTO_FREE char *zero = mem_zalloc(8);
    assert_int_equal(zero[7], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_hands_over),
        cmocka_unit_test(an_empty_one_gives_an_empty_text),
        cmocka_unit_test(stops_at_its_maximum),
        cmocka_unit_test(writes_every_length_of_utf8),
        cmocka_unit_test(memory_that_cannot_be_had_ends_the_program_with_1),
        cmocka_unit_test(memory_helpers_copy_and_print),
    };
    return cmocka_run_group_tests_name("base/sb", tests, NULL, NULL);
}
