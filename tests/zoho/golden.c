#include "tests/zoho/golden.h"

#include "base/fs.h"
#include "base/mem.h"
#include "tests/test.h"

void golden_check(const char *name, const char *text)
{
    AUTO_FREE char *path = mem_printf("tests/golden/zoho/%s", name);
    const char *rewrite = getenv("ZAGENT_GOLDEN");
    if (rewrite && strcmp(rewrite, "1") == 0) {
        FILE *f = fopen(path, "w");
        assert_non_null(f);
        assert_true(fputs(text, f) >= 0);
        assert_int_equal(fclose(f), 0);
        return;
    }
    struct err e = {0};
    AUTO_FREE char *want = NULL;
    size_t len;
    if (fs_read(path, 1 << 20, &want, &len, &e) < 0)
        fail_msg("%s: %s (ZAGENT_GOLDEN=1 writes it)", path, e.what);
    assert_string_equal(text, want);
}
