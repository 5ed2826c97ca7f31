#include "tests/test.h"

#include "base/mem.h"
#include "base/text.h"

static void knows_utf8_from_other_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t n, bad;
    } rows[] = {
        {"a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10, SIZE_MAX},
        {"", 0, SIZE_MAX},
        {"a\0b", 3, 1},
        {"ab\xC3", 3, 2},           /* cut */
        {"\xC0\xAF", 2, 0},         /* overlong '/' */
        {"x\xED\xA0\x80", 4, 1},    /* surrogate */
        {"\xF4\x90\x80\x80", 4, 0}, /* past U+10FFFF */
        {"\x80", 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t bad = SIZE_MAX;
        assert_int_equal(text_utf8_valid(rows[i].bytes, rows[i].n, &bad), rows[i].bad == SIZE_MAX);
        assert_int_equal(bad, rows[i].bad);
    }
}

static void check(char *got, const char *want)
{
    assert_string_equal(got, want);
    free(got);
}

static void normalises_and_repairs(void **state)
{
    (void)state;
    check(text_nfc("e\xCC\x81"), "\xC3\xA9");
    check(text_nfc("plain"), "plain");
    check(text_nfc("a\xFF\xC3\xA9"), "a\xEF\xBF\xBD\xC3\xA9");
    check(text_nfc("\xEF\xAC\x81"), "\xEF\xAC\x81"); /* the fi ligature is NFKC's business */
    check(text_repair("\xC3(\xE2\x82"), "\xEF\xBF\xBD(\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void measures_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width("abc"), 3);
    assert_int_equal(text_width("\xE6\xBC\xA2\xE5\xAD\x97"), 4);
    assert_int_equal(text_width("e\xCC\x81"), 1);
    assert_int_equal(text_width("\xF0\x9F\x98\x80"), 2);
    assert_int_equal(text_width("\xFF"), 1);
}

static void cleaned_text_cannot_drive_a_terminal(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"\x1B[31mred\x1B[0m", "^[[31mred^[[0m"},
        {"\x1B]0;title\x07", "^[]0;title^G"},
        {"a\rb\bc\x7F", "a^Mb^Hc^?"},
        {"\xC2\x9B"
         "31m",
         "<U+009B>31m"},                              /* C1 CSI */
        {"x\xE2\x80\xAEgnp.exe", "x<U+202E>gnp.exe"}, /* right-to-left override */
        {"a\xE2\x81\xA6"
         "b\xE2\x81\xA9",
         "a<U+2066>b<U+2069>"}, /* isolates */
        {"a\xE2\x80\x8B\xE2\x80\x8D\xEF\xBB\xBF", "a<U+200B><U+200D><U+FEFF>"},
        {"a\xE2\x80\xA8"
         "b\xE2\x80\xA9",
         "a<U+2028>b<U+2029>"},
        {"a\xC2\xAD"
         "b",
         "a<U+00AD>b"},
        {"\xF3\xA0\x81\x81", "<U+E0041>"}, /* tag letters */
        {"\xE3\x85\xA4", "<U+3164>"},
        {"\xFF", "\xEF\xBF\xBD"},
        {"caf\xC3\xA9 \xE2\x9C\x93 \xF0\x9F\x98\x80", "caf\xC3\xA9 \xE2\x9C\x93 \xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(text_clean(rows[i].in, false), rows[i].out);
    check(text_clean("a\n\tb", false), "a^J^Ib");
    check(text_clean("a\n\tb\r\n", true), "a\n\tb^M\n");
}

static void no_byte_string_yields_a_control_character(void **state)
{
    (void)state;
    unsigned seed = 12345;
    for (int round = 0; round < 2000; round++) {
        char in[24];
        for (size_t i = 0; i < sizeof in - 1; i++) {
            seed = seed * 1664525U + 1013904223U;
            in[i] = (char)(seed >> 24);
        }
        in[sizeof in - 1] = '\0';
        AUTO_FREE char *out = text_clean(in, false);
        assert_true(text_utf8_valid(out, strlen(out), NULL));
        for (const char *p = out; *p; p++)
            assert_false((unsigned char)*p < 0x20 || *p == 0x7F ||
                         ((unsigned char)*p == 0xC2 && (unsigned char)p[1] < 0xA0));
    }
}

static void makes_slugs(void **state)
{
    (void)state;
    check(text_slug("First quote & BOM"), "first_quote_bom");
    check(text_slug("  kWp (DC) "), "kwp_dc");
    check(text_slug("N\xC3\xBAmero de pi\xC3\xA8"
                    "ces"),
          "numero_de_pieces");
    check(text_slug("Stra\xC3\x9F"
                    "e 5"),
          "strasse_5");
    check(text_slug("\xE6\xBC\xA2"), "");
    check(text_slug("--"), "");
}

static void measures_likeness(void **state)
{
    (void)state;
    assert_int_equal(text_distance("plan", "PLAN", 3), 0);
    assert_int_equal(text_distance("paln", "plan", 3), 1);
    assert_int_equal(text_distance("kitten", "sitting", 5), 3);
    assert_int_equal(text_distance("kitten", "sitting", 2), 3);
    assert_int_equal(text_distance("", "abc", 5), 3);
    assert_int_equal(text_distance("a", "abcdefgh", 2), 3);
}

static void folds_what_people_call_the_same(void **state)
{
    (void)state;
    static const char *const same[] = {"PV-400",
                                       "pv-400",
                                       " PV-400\t",
                                       "PV -400",
                                       "PV\xc2\xa0-400",
                                       "PV\xe2\x80\x8b-400",
                                       "\xef\xbc\xb0V-\xef\xbc\x94"
                                       "00"};
    static const char *const other[] = {"PV-4000", "PV_400", "PV400", ""};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        AUTO_FREE char *folded = text_fold(same[i]);
        assert_string_equal(folded, "pv-400");
    }
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        AUTO_FREE char *folded = text_fold(other[i]);
        assert_string_not_equal(folded, "pv-400");
    }
    AUTO_FREE char *bad = text_fold("\xff"
                                    "A");
    assert_string_equal(bad, "\xef\xbf\xbd"
                             "a");
}

static void finds_what_was_meant(void **state)
{
    (void)state;
    static const char *const names[] = {"plan", "apply", "attest", "status", "on", "off"};
    enum { N = sizeof names / sizeof *names };
    assert_string_equal(text_nearest("aply", names, N), "apply");
    assert_string_equal(text_nearest("stat", names, N), "status");
    assert_string_equal(text_nearest("plna", names, N), "plan");
    assert_null(text_nearest("xy", names, N));
    assert_null(text_nearest("a", names, N)); /* two begin so */
    assert_null(text_nearest("", names, N));
    assert_null(text_nearest("sandbox", names, N));
    assert_null(text_nearest("x", names, 0));
}

static void percent_goes_there_and_back(void **state)
{
    (void)state;
    check(text_percent_encode("Quotes.BOM Status/\xC3\xA9%"), "Quotes.BOM%20Status%2F%C3%A9%25");
    check(text_percent_decode("Quotes.BOM%20Status%2f%C3%A9%25"), "Quotes.BOM Status/\xC3\xA9%");
    assert_null(text_percent_decode("a%2"));
    assert_null(text_percent_decode("a%"));
    assert_null(text_percent_decode("a%zz"));
    assert_null(text_percent_decode("a%00b"));
    char all[256];
    for (int i = 1; i < 256; i++)
        all[i - 1] = (char)i;
    all[255] = '\0';
    AUTO_FREE char *there = text_percent_encode(all);
    check(text_percent_decode(there), all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_utf8_from_other_bytes),
        cmocka_unit_test(normalises_and_repairs),
        cmocka_unit_test(measures_columns),
        cmocka_unit_test(cleaned_text_cannot_drive_a_terminal),
        cmocka_unit_test(no_byte_string_yields_a_control_character),
        cmocka_unit_test(makes_slugs),
        cmocka_unit_test(measures_likeness),
        cmocka_unit_test(folds_what_people_call_the_same),
        cmocka_unit_test(finds_what_was_meant),
        cmocka_unit_test(percent_goes_there_and_back),
    };
    return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
