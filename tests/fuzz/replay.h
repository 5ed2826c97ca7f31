/* tests/fuzz/replay.h — a cmocka test that gives each file of a corpus to LLVMFuzzerTestOneInput, cut at every 7th byte
 * too. Include after the fuzz_*.c under test. */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H
#include "tests/test.h"

#include "base/fs.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void every_corpus_file_ends_well(void **state)
{
    const char *dir = *state;
    char **names;
    size_t n;
    assert_int_equal(fs_list(dir, &names, &n, NULL), 0);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        AUTO_FREE char *path = mem_printf("%s/%s", dir, names[i]);
        AUTO_FREE char *text = NULL;
        size_t len;
        assert_int_equal(fs_read(path, 1 << 20, &text, &len, NULL), 0);
        for (size_t cut = len % 7; cut <= len; cut += 7) {
            AUTO_FREE char *exact = mem_dupn(text, cut); /* so that ASan sees a read past the end */
            assert_int_equal(LLVMFuzzerTestOneInput((const uint8_t *)exact, cut), 0);
        }
    }
    fs_list_free(names, n);
}

static int replay(const char *name, const char *dir)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(every_corpus_file_ends_well, (void *)(uintptr_t)dir)};
    mem_init();
    return cmocka_run_group_tests_name(name, tests, NULL, NULL);
}
#endif
