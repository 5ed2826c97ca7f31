/* Replays the corpus of the template fuzzer: what once was found stays found. */
#include "tests/fuzz/fuzz_template.c"

#include "base/fs.h"
#include "base/mem.h"
#include "tests/test.h"

static void every_corpus_file_ends_well(void **s)
{
    (void)s;
    static const char dir[] = "tests/fuzz/corpus/template";
    struct err e = {0};
    char **names;
    size_t n;
    assert_int_equal(fs_list(dir, &names, &n, &e), 0);
    assert_true(n >= 10);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", dir, names[i]);
        AUTO_FREE char *text = NULL;
        size_t len;
        assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
        assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)text, len), 0);
    }
    fs_list_free(names, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_corpus_file_ends_well)};
    return cmocka_run_group_tests_name("render/fuzz_template", tests, NULL, NULL);
}
