#include "tests/test.h"

#include <openssl/evp.h>

#include "base/mem.h"
#include "base/secret.h"
#include "base/text.h"

#define TOKEN "1000.0123456789abcdef0123456789abcdef.fedcba9876543210fedcba9876543210"

static void becomes(const char *in, const char *want)
{
    AUTO_FREE char *out = secret_redact(in);
    assert_string_equal(out, want);
    AUTO_FREE char *again = secret_redact(out);
    assert_string_equal(again, want);
}

static void shapes_of_credentials_are_removed(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"token " TOKEN " end", "token (secret) end"},
        {"\"" TOKEN "\"", "\"(secret)\""},
        {"Authorization: Zoho-oauthtoken " TOKEN, "Authorization: Zoho-oauthtoken (secret)"},
        {"authorization: zoho-oauthtoken short\r\nHost: x", "authorization: zoho-oauthtoken (secret)\r\nHost: x"},
        {"-H 'Bearer abc.def-ghi'", "-H 'Bearer (secret)'"},
        {"?client_secret=abc&x=1", "?client_secret=(secret)&x=1"},
        {"grant_type=refresh_token&refresh_token=abc&client_id=1",
         "grant_type=refresh_token&refresh_token=(secret)&client_id=1"},
        {"refresh_token%3Dabc", "refresh_token%3D(secret)"},
        {"{\"access_token\":\"abc\",\"expires_in\":3600}", "{\"access_token\":\"(secret)\",\"expires_in\":3600}"},
        {"{\"access_token\" : \"a\\\"b\"}", "{\"access_token\" : \"(secret)\"}"},
        {"\"body\":\"{\\\"device_code\\\":\\\"xyz\\\"}\"", "\"body\":\"{\\\"device_code\\\":\\\"(secret)\\\"}\""},
        {"{\"password\":1234}", "{\"password\":\"(secret)\"}"},
        {"{\"Password\":\"p\"}", "{\"Password\":\"(secret)\"}"},
        {"/callback?code=abc", "/callback?code=(secret)"},
        {"{\"code\":\"1000.abcdef0123456789\"}", "{\"code\":\"(secret)\"}"},
        {"https://user:pw@host/x", "https://(secret)@host/x"},
        {"https://a@b@host/x", "https://(secret)@host/x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        becomes(rows[i].in, rows[i].out);
}

static void what_only_looks_alike_stays(void **state)
{
    (void)state;
    static const char *const same[] = {
        "{\"code\":\"INVALID_DATA\",\"status\":\"error\"}",
        "{\"code\":\"LIMIT_REACHED_24\"}",
        "{\"code\":404}",
        "{\"password\":null,\"access_token\":true}",
        "postcode=12345678901234567",
        "version 1000.12.34",
        "https://host/a@b?c=d",
        "mailto:role@example.com",
        "the password is asked for once",
        "Bearer",
        "",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        becomes(same[i], same[i]);
}

/* Every way the value may be written, in the middle of other text. */
static void has_no_trace(const char *text)
{
    AUTO_FREE char *in = mem_printf("before %s after", text);
    AUTO_FREE char *out = secret_redact(in);
    assert_string_equal(out, "before (secret) after");
}

static void live_values_are_removed_in_every_encoding(void **state)
{
    (void)state;
    struct secret s = {0};
    secret_set(&s, "can/ary+\"1\" \xC3\xA9\\z");
    has_no_trace("can/ary+\"1\" \xC3\xA9\\z");
    AUTO_FREE char *percent = text_percent_encode(s.p);
    has_no_trace(percent);
    has_no_trace("can%2fary%2b%221%22+%c3%a9%5cz");
    has_no_trace("can/ary+\\\"1\\\" \xC3\xA9\\\\z");
    has_no_trace("can\\/ary\\u002B\\u00221\\\" \\u00e9\\\\z");
    secret_release(&s);
    becomes("can/ary+\"1\" \xC3\xA9\\z", "can/ary+\"1\" \xC3\xA9\\z");
}

static void a_live_value_inside_base64_is_removed_at_each_alignment(void **state)
{
    (void)state;
    struct secret s = {0};
    const char value[] = "s3cr3t>>>???value";
    secret_set(&s, value);
    for (int before = 0; before < 7; before++) {
        for (int after = 0; after < 4; after++) {
            AUTO_FREE char *raw = mem_printf("%.*s%s%.*s", before, "user-id:", value, after, "tail");
            unsigned char text[128];
            EVP_EncodeBlock(text, (const unsigned char *)raw, (int)strlen(raw));
            for (int alphabet = 0; alphabet < 2; alphabet++) {
                AUTO_FREE char *in = mem_printf("Basic %s.", (char *)text);
                AUTO_FREE char *out = secret_redact(in);
                assert_non_null(strstr(out, "(secret)"));
                /* What is left is at most the encoding of what stood before, and the text around. */
                assert_true(strlen(out) <= strlen("Basic (secret).") + (size_t)(before * 4 / 3) + 1);
                for (unsigned char *p = text; *p; p++)
                    *p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
            }
        }
    }
    secret_release(&s);
}

static void two_holders_of_one_value_are_counted(void **state)
{
    (void)state;
    struct secret a = {0}, b = {0}, tiny = {0};
    secret_set(&a, "canary-value-1");
    secret_set(&b, "canary-value-1");
    secret_release(&a);
    secret_release(&a);
    becomes("x canary-value-1", "x (secret)");
    secret_set(&b, "canary-value-2");
    becomes("canary-value-1 canary-value-2", "canary-value-1 (secret)");
    secret_release(&b);
    secret_set(&tiny, "short");
    becomes("short", "short");
    assert_int_equal(tiny.n, 5);
    secret_release(&tiny);
    assert_null(tiny.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_of_credentials_are_removed),
        cmocka_unit_test(what_only_looks_alike_stays),
        cmocka_unit_test(live_values_are_removed_in_every_encoding),
        cmocka_unit_test(a_live_value_inside_base64_is_removed_at_each_alignment),
        cmocka_unit_test(two_holders_of_one_value_are_counted),
    };
    return cmocka_run_group_tests_name("base/secret", tests, NULL, NULL);
}
