/* digest, strset, crash: three modules of a screen each. */
#include "tests/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/digest.h"
#include "base/strset.h"

/* FIPS 180-4's examples. */
static void digests_the_published_examples(void **state)
{
    (void)state;
    char hex[65], parts[65];
    digest_sha256("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct digest *d = digest_new();
    digest_feed(d, "a", 1);
    digest_feed(d, NULL, 0);
    digest_feed(d, "bc", 2);
    digest_finish(d, parts);
    assert_string_equal(hex, parts);
    digest_sha256("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void random_text_differs_and_has_its_length(void **state)
{
    (void)state;
    char a[201], b[201];
    digest_random_hex(a, 100);
    digest_random_hex(b, 100);
    assert_int_equal(strlen(a), 200);
    assert_int_equal(strspn(a, "0123456789abcdef"), 200);
    assert_string_not_equal(a, b);
    digest_random_hex(a, 0);
    assert_string_equal(a, "");
}

static void a_set_is_sorted_and_unique(void **state)
{
    (void)state;
    struct strset s = {0}, other = {0};
    assert_true(strset_add(&s, "b"));
    assert_true(strset_addf(&s, "%c", 'a'));
    assert_false(strset_add(&s, "b"));
    for (int i = 99; i >= 0; i--)
        strset_addf(&other, "n%02d", i);
    strset_merge(&s, &other);
    strset_merge(&s, &other);
    assert_int_equal(s.n, 102);
    for (size_t i = 1; i < s.n; i++)
        assert_true(strcmp(s.item[i - 1], s.item[i]) < 0);
    assert_true(strset_has(&s, "n50"));
    assert_false(strset_has(&s, "n100"));
    strset_release(&s);
    strset_release(&other);
    assert_false(strset_has(&s, "a"));
}

static int status_of_child_reaching(const char *env, int times)
{
    pid_t child = fork();
    if (child == 0) {
        setenv("ZAGENT_CRASH", env, 1);
        for (int i = 0; i < times; i++)
            CRASH_POINT(apply_after_send);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void crash_points_kill_at_the_nth_reach(void **state)
{
    (void)state;
    assert_int_equal(status_of_child_reaching("apply_after_send", 1), SIGKILL);
    assert_int_equal(status_of_child_reaching("apply_after_send:3", 2), 0);
    assert_int_equal(status_of_child_reaching("apply_after_send:3", 3), SIGKILL);
    assert_int_equal(status_of_child_reaching("apply_after", 5), 0);
    assert_int_equal(status_of_child_reaching("apply_before_intent", 5), 0);
    assert_string_equal(crash_points[CRASH_token_after_mint], "token_after_mint");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_the_published_examples),
        cmocka_unit_test(random_text_differs_and_has_its_length),
        cmocka_unit_test(a_set_is_sorted_and_unique),
        cmocka_unit_test(crash_points_kill_at_the_nth_reach),
    };
    return cmocka_run_group_tests_name("base/small", tests, NULL, NULL);
}
