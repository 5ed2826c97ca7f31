/* TLS with the sandbox's own authority. Source: RFC 5280 4.2.1.10 (name constraints). */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"
#include "sandbox/tls.h"
#include "tests/sandbox/client.h"

static char *folder(void)
{
    char path[] = "/tmp/zagent-tls-XXXXXX";
    assert_non_null(mkdtemp(path));
    return mem_dup(path);
}

static void remove_folder(const char *dir)
{
    struct fs_root r;
    assert_int_equal(fs_root_open(&r, dir, false, 0700, NULL), 0);
    fs_remove_in(&r, "sandbox-ca.pem", NULL);
    fs_remove_in(&r, "sandbox-ca.key", NULL);
    fs_root_close(&r);
    rmdir(dir);
}

static void serves_clients_that_trust_its_authority_and_only_those(void **state)
{
    (void)state;
    AUTO_FREE char *dir = folder();
    struct client c = {0};
    struct sandbox_options o = {.tls_dir = dir};
    client_up(&c, &o); /* mints, so speaks TLS already */
    assert_memory_equal(js_str(c.info, "api_url"), "https://127.0.0.1:", 18);
    json_decref(client_get(&c, 200, "/crm/v8/org"));
    js_set_str(c.info, "ca_file", NULL);
    assert_int_equal(client_try(&c, "GET", "/crm/v8/org", NULL), CURLE_PEER_FAILED_VERIFICATION);
    client_down(&c);
    remove_folder(dir);
}

static void keeps_its_authority_with_a_private_key_and_changes_the_server_part(void **state)
{
    (void)state;
    AUTO_FREE char *dir = folder();
    AUTO_FREE char *key_path = mem_printf("%s/sandbox-ca.key", dir);
    struct tls_identity a, b;
    struct err e = {0};
    assert_int_equal(tls_make(&a, dir, 1770000000, &e), 0);
    AUTO_FREE char *before = NULL;
    AUTO_FREE char *after = NULL;
    size_t n;
    assert_int_equal(fs_read(a.ca_file, 1 << 16, &before, &n, &e), 0);
    struct stat st;
    assert_int_equal(stat(key_path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(tls_make(&b, dir, 1770000000, &e), 0);
    assert_int_equal(fs_read(b.ca_file, 1 << 16, &after, &n, &e), 0);
    assert_string_equal(before, after);
    assert_string_not_equal(a.key, b.key);
    tls_release(&a);
    tls_release(&b);
    remove_folder(dir);
}

static void makes_another_authority_when_the_old_one_is_broken_or_ends_soon(void **state)
{
    (void)state;
    AUTO_FREE char *dir = folder();
    AUTO_FREE char *before = NULL;
    AUTO_FREE char *later = NULL;
    AUTO_FREE char *mended = NULL;
    struct tls_identity t;
    struct fs_root r;
    struct err e = {0};
    size_t n;
    assert_int_equal(tls_make(&t, dir, 1770000000, &e), 0);
    assert_int_equal(fs_read(t.ca_file, 1 << 16, &before, &n, &e), 0);
    tls_release(&t);
    assert_int_equal(tls_make(&t, dir, 1770000000 + INT64_C(3630) * 86400, &e), 0);
    assert_int_equal(fs_read(t.ca_file, 1 << 16, &later, &n, &e), 0);
    assert_string_not_equal(before, later);
    tls_release(&t);
    assert_int_equal(fs_root_open(&r, dir, false, 0700, &e), 0);
    assert_int_equal(fs_write_in(&r, "sandbox-ca.key", "no key", 6, 0600, &e), 0);
    fs_root_close(&r);
    assert_int_equal(tls_make(&t, dir, 1770000000, &e), 0);
    assert_int_equal(fs_read(t.ca_file, 1 << 16, &mended, &n, &e), 0);
    assert_string_not_equal(later, mended);
    tls_release(&t);
    remove_folder(dir);
}

static void says_which_folder_cannot_hold_its_authority(void **state)
{
    (void)state;
    struct tls_identity t;
    struct err e = {0};
    assert_int_equal(tls_make(&t, "/proc/nowhere/at-all", 1770000000, &e), -1);
    assert_true(*e.what != '\0');
    tls_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_clients_that_trust_its_authority_and_only_those),
        cmocka_unit_test(keeps_its_authority_with_a_private_key_and_changes_the_server_part),
        cmocka_unit_test(makes_another_authority_when_the_old_one_is_broken_or_ends_soon),
        cmocka_unit_test(says_which_folder_cannot_hold_its_authority),
    };
    return cmocka_run_group_tests_name("sandbox/tls", tests, NULL, NULL);
}
