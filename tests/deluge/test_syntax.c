/* tests/deluge/syntax/NAME.dg holds mistakes, NAME.txt what a person reads about them: one mistake, one message.
 * ZAGENT_GOLDEN=1 rewrites the texts; review the difference. */
#include "base/fs.h"
#include "base/mem.h"
#include "deluge/parse.h"

#include "tests/test.h"

static const char folder[] = "tests/deluge/syntax";

static void render(const char *name, struct sb *out)
{
    AUTO_FREE char *path = mem_printf("%s/%s", folder, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    struct err e = {0};
    struct dg_script s;
    struct dg_diags d = {0};
    assert_int_equal(fs_read(path, 1 << 20, &text, &len, &e), 0);
    assert_false(dg_parse(&s, name, text, len, &d));
    for (size_t i = 0; i < d.n; i++)
        dg_diag_render(&s, &d.item[i], out);
    dg_script_release(&s);
    dg_diags_release(&d);
}

static bool same_as_golden(const char *name)
{
    AUTO_SB struct sb got = SB_INIT(1 << 20);
    AUTO_FREE char *golden = mem_printf("%.*s.txt", (int)strlen(name) - 3, name);
    AUTO_FREE char *path = mem_printf("%s/%s", folder, golden);
    AUTO_FREE char *want = NULL;
    size_t len;
    struct err e = {0};
    render(name, &got);
    if (getenv("ZAGENT_GOLDEN")) {
        struct fs_root root;
        assert_int_equal(fs_root_open(&root, folder, false, 0755, &e), 0);
        assert_int_equal(fs_write_in(&root, golden, got.buf, got.len, 0644, &e), 0);
        fs_root_close(&root);
        return true;
    }
    assert_int_equal(fs_read(path, 1 << 20, &want, &len, &e), 0);
    if (len == got.len && memcmp(want, got.buf, len) == 0)
        return true;
    print_message("%s differs; now:\n%s", golden, got.buf);
    return false;
}

static void every_mistake_reads_as_reviewed(void **state)
{
    (void)state;
    char **names;
    size_t n, scripts = 0, wrong = 0;
    struct err e = {0};
    assert_int_equal(fs_list(folder, &names, &n, &e), 0);
    for (size_t i = 0; i < n; i++)
        if (strstr(names[i], ".dg")) {
            scripts++;
            wrong += !same_as_golden(names[i]);
        }
    fs_list_free(names, n);
    assert_true(scripts >= 25);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_mistake_reads_as_reviewed)};
    return cmocka_run_group_tests_name("deluge/syntax", tests, NULL, NULL);
}
