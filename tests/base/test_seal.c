/* What is closed under a passphrase opens with it, and with nothing else. One key costs a second: few cases, each telling. */
#include "base/seal.h"
#include "tests/test.h"

static const char text[] = "{\"refresh_token\":\"sealedCanaryToken\"}";
static const char about[] = "{\"org\":\"main\"}";

static void opens_with_its_passphrase_and_shows_nothing_before(void **state)
{
    (void)state;
    struct secret pass = {0};
    struct secret out = {0};
    struct err e = {0};
    secret_set(&pass, "correct horse battery");
    AUTO_JSON json_t *a = seal_close(text, &pass, about, &e);
    AUTO_JSON json_t *b = seal_close(text, &pass, about, &e);
    assert_non_null(a);
    assert_string_not_equal(js_str(a, "text"), js_str(b, "text")); /* another salt and nonce each time */
    AUTO_FREE char *shown = js_canonical(a, &e);
    assert_null(strstr(shown, "sealedCanary"));
    assert_int_equal(seal_open(a, &pass, about, &out, &e), 0);
    assert_string_equal(out.p, text);
    secret_release(&out);
    secret_release(&pass);
}

static void a_wrong_passphrase_and_any_changed_byte_are_one_refusal(void **state)
{
    (void)state;
    struct secret pass = {0};
    struct secret wrong = {0};
    struct secret out = {0};
    secret_set(&pass, "correct horse battery");
    secret_set(&wrong, "correct horse batterz");
    struct err e = {0};
    AUTO_JSON json_t *a = seal_close(text, &pass, about, &e);
    AUTO_JSON json_t *changed = json_deep_copy(a);
    AUTO_FREE char *bytes = mem_dup(js_str(a, "text"));
    bytes[3] = bytes[3] == '0' ? '1' : '0';
    js_set_str(changed, "text", bytes);
    const struct {
        const json_t *sealed;
        const struct secret *pass;
        const char *about;
    } row[] = {{a, &wrong, about}, {changed, &pass, about}, {a, &pass, "{\"org\":\"other\"}"}};
    char what[sizeof e.what] = "";
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        err_clear(&e);
        assert_int_equal(seal_open(row[i].sealed, row[i].pass, row[i].about, &out, &e), -1);
        assert_int_equal(e.kind, ERR_AUTH);
        assert_null(out.p);
        assert_true(!*what || strcmp(what, e.what) == 0);
        snprintf(what, sizeof what, "%s", e.what);
    }
    secret_release(&pass);
    secret_release(&wrong);
}

/* The numbers stand in a file: nobody's machine computes for an hour because a file says so. */
static void costs_that_a_file_asks_for_are_not_paid(void **state)
{
    (void)state;
    static const char *const sealed[] = {
        "{\"cipher\":\"aes-256-gcm\",\"kdf\":\"scrypt\",\"n\":1073741824,\"r\":8,\"p\":1,\"salt\":"
        "\"00000000000000000000000000000000\",\"nonce\":\"000000000000000000000000\",\"text\":"
        "\"000000000000000000000000000000000000\"}",
        "{\"cipher\":\"none\",\"kdf\":\"scrypt\",\"n\":65536,\"r\":8,\"p\":1,\"salt\":\"00\",\"nonce\":\"00\",\"text\":"
        "\"00\"}",
        "{}"};
    struct secret pass = {0};
    struct secret out = {0};
    secret_set(&pass, "correct horse battery");
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
        struct err e = {0};
        AUTO_JSON json_t *s = js_parse(sealed[i], strlen(sealed[i]), "sealed", &e);
        assert_non_null(s);
        assert_int_equal(seal_open(s, &pass, about, &out, &e), -1);
        assert_int_equal(e.kind, ERR_CONFIG);
    }
    secret_release(&pass);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_with_its_passphrase_and_shows_nothing_before),
        cmocka_unit_test(a_wrong_passphrase_and_any_changed_byte_are_one_refusal),
        cmocka_unit_test(costs_that_a_file_asks_for_are_not_paid),
    };
    return cmocka_run_group_tests_name("base/seal", tests, NULL, NULL);
}
