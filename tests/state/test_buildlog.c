/* BUILD_LOG.md: its look (golden), its chain, its torn tail, its segments, and what text from outside may not do. */
#include <unistd.h>

#include "base/mem.h"
#include "base/secret.h"
#include "state/buildlog.h"
#include "state/chain.h"
#include "tests/state/help.h"

static const char journal_a[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", journal_b[] = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

static json_t *sample_rows(void)
{
    return json_pack("[{s:s,s:s,s:s,s:s,s:I},{s:s,s:s,s:s,s:s,s:s}]", "address", "field/Quotes.BOM_Status", "title",
                     "BOM status", "outcome", "verified", "detail", "created", "at", (json_int_t)1772355605, "address",
                     "email_template/Quotes.BOM%20differs", "title", "BOM differs", "outcome", "hand", "detail",
                     "no API can create one", "by", "admin");
}

static int append(struct place *p, int64_t run, const char *journal, char **notice)
{
    AUTO_JSON json_t *rows = sample_rows();
    struct buildlog_run r = {.run = run,
                             .command = "apply quote-bom",
                             .org = "embedded",
                             .edition = "Enterprise",
                             .actor = "demo",
                             .zone = "Europe/Madrid",
                             .at = 1772355600 + run * 60,
                             .sentence = {"Quotes now carry a BOM status.", "One e-mail template waits for admin.",
                                          "Run zagent off quote-bom."},
                             .rows = rows};
    struct err e = {0};
    int rc = buildlog_append(&p->root, &r, journal, notice, &e);
    if (rc < 0)
        fail_msg("%s", e.what);
    return rc;
}

static char *log_text(struct place *p, size_t *len)
{
    char *text = NULL;
    assert_int_equal(fs_read(place_file(p, "BUILD_LOG.md"), 1 << 20, &text, len, NULL), 0);
    return text;
}

/* How many findings; *info is a new reference. */
static size_t findings(const char *text, size_t len, const char *journal, json_t **info)
{
    AUTO_JSON json_t *list = json_array();
    AUTO_JSON json_t *about = json_object();
    assert_int_equal(buildlog_check(text, len, journal, list, about, NULL), 0);
    if (info)
        *info = json_incref(about);
    return json_array_size(list);
}

static void a_log_looks_as_people_read_it(void **state)
{
    struct place *p = *state;
    append(p, 1, journal_a, NULL);
    append(p, 2, journal_a, NULL);
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    static const char golden[] = "tests/golden/state/BUILD_LOG.md";
    if (getenv("ZAGENT_GOLDEN")) {
        FILE *f = fopen(golden, "wb");
        assert_non_null(f);
        fwrite(text, 1, len, f);
        fclose(f);
    }
    AUTO_FREE char *want = NULL;
    size_t n = 0;
    assert_int_equal(fs_read(golden, 1 << 20, &want, &n, NULL), 0);
    assert_string_equal(text, want);
    assert_int_equal(findings(text, len, journal_a, NULL), 0);
}

static void any_changed_bit_is_found(void **state)
{
    struct place *p = *state;
    for (int run = 1; run <= 3; run++)
        append(p, run, journal_a, NULL);
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    for (size_t at = 0; at < len; at++) {
        for (int bit = 0; bit < 8; bit += 5) { /* the lowest, and the one that swaps case */
            text[at] = (char)(text[at] ^ (1 << bit));
            if (findings(text, len, journal_a, NULL) == 0)
                fail_msg("a flip of bit %d at byte %zu was not found", bit, at);
            text[at] = (char)(text[at] ^ (1 << bit));
        }
    }
    assert_int_equal(findings(text, len, journal_a, NULL), 0);
}

static void any_removed_repeated_or_added_line_is_found(void **state)
{
    struct place *p = *state;
    for (int run = 1; run <= 3; run++)
        append(p, run, journal_a, NULL);
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    for (size_t at = 0; at < len;) {
        size_t line = (size_t)((char *)memchr(text + at, '\n', len - at) - text) + 1 - at;
        AUTO_FREE char *edit = mem_zalloc(2 * len);
        memcpy(edit, text, at);
        memcpy(edit + at, text + at + line, len - at - line);
        assert_true(findings(edit, len - line, journal_a, NULL) > 0);

        memcpy(edit, text, at + line);
        memcpy(edit + at + line, text + at, len - at);
        assert_true(findings(edit, len + line, journal_a, NULL) > 0);

        memcpy(edit, text, at);
        edit[at] = '\n';
        memcpy(edit + at + 1, text + at, len - at);
        assert_true(findings(edit, len + 1, journal_a, NULL) > 0);
        at += line;
    }
}

static void a_removed_section_is_found_where_it_was(void **state)
{
    struct place *p = *state;
    size_t end[3];
    for (int run = 1; run <= 3; run++) {
        append(p, run, journal_a, NULL);
        AUTO_FREE char *so_far = log_text(p, &end[run - 1]);
    }
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    memmove(text + end[0], text + end[1], end[2] - end[1]);
    AUTO_JSON json_t *list = json_array();
    AUTO_JSON json_t *info = json_object();
    assert_int_equal(buildlog_check(text, len - (end[1] - end[0]), journal_a, list, info, NULL), 0);
    assert_int_equal(json_array_size(list), 1);
    assert_non_null(strstr(js_str(json_array_get(list, 0), "text"), "R3 does not follow"));
    assert_true(js_int(json_array_get(list, 0), "line", 0) > 10);
}

static void sections_missing_at_the_end_show_in_the_last_hash(void **state)
{
    struct place *p = *state;
    append(p, 1, journal_a, NULL);
    size_t one = 0, two = 0;
    AUTO_FREE char *first = log_text(p, &one);
    append(p, 2, journal_a, NULL);
    AUTO_FREE char *both = log_text(p, &two);
    json_t *shorter = NULL, *whole = NULL;
    assert_int_equal(findings(first, one, journal_a, &shorter), 0);
    assert_int_equal(findings(both, two, journal_a, &whole), 0);
    assert_string_not_equal(js_str(shorter, "last_sha256"), js_str(whole, "last_sha256"));
    assert_int_equal(js_int(shorter, "runs", 0), 1);
    assert_int_equal(js_int(whole, "runs", 0), 2);
    json_decref(shorter);
    json_decref(whole);
}

static void a_tail_torn_at_any_byte_is_found_set_aside_and_the_chain_goes_on(void **state)
{
    struct place *p = *state;
    append(p, 1, journal_a, NULL);
    size_t one = 0, two = 0;
    AUTO_FREE char *first = log_text(p, &one);
    append(p, 2, journal_a, NULL);
    AUTO_FREE char *both = log_text(p, &two);
    for (size_t cut = one + 1; cut < two; cut += 37) {
        assert_true(findings(both, cut, journal_a, NULL) > 0);
        assert_int_equal(fs_write_in(&p->root, "BUILD_LOG.md", both, cut, 0644, NULL), 0);
        char *notice = NULL;
        append(p, 2, journal_a, &notice);
        assert_non_null(notice);
        size_t len = 0;
        AUTO_FREE char *mended = log_text(p, &len);
        assert_string_equal(mended, both);
        const char *name = strstr(notice, "BUILD_LOG.torn-");
        assert_non_null(name);
        AUTO_FREE char *aside = NULL;
        size_t n = 0;
        assert_int_equal(fs_read(place_file(p, name), 1 << 20, &aside, &n, NULL), 0);
        assert_int_equal(n, cut - one);
        assert_memory_equal(aside, both + one, n);
        free(notice);
    }
}

static void a_whole_log_gives_no_notice(void **state)
{
    struct place *p = *state;
    char *notice = NULL;
    append(p, 1, journal_a, &notice);
    assert_null(notice);
    append(p, 2, journal_a, &notice);
    assert_null(notice);
}

static void another_journal_opens_a_segment_that_continues_the_chain(void **state)
{
    struct place *p = *state;
    append(p, 1, journal_a, NULL);
    append(p, 2, journal_a, NULL);
    append(p, 1, journal_b, NULL);
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    static const struct {
        const char *journal, *says;
    } cases[] = {{journal_b, "same"}, {journal_a, "other"}, {NULL, "absent"}};
    for (size_t i = 0; i < 3; i++) {
        json_t *info = NULL;
        assert_int_equal(findings(text, len, cases[i].journal, &info), 0);
        assert_string_equal(js_str(info, "journal"), cases[i].says);
        assert_int_equal(js_int(info, "segments", 0), 2);
        assert_int_equal(js_int(info, "runs", 0), 3);
        json_decref(info);
    }
    assert_non_null(strstr(text, "A new journal begins here"));
}

static void changed_line_endings_are_named(void **state)
{
    struct place *p = *state;
    append(p, 1, journal_a, NULL);
    size_t len = 0, n = 0;
    AUTO_FREE char *text = log_text(p, &len);
    AUTO_FREE char *crlf = mem_zalloc(2 * len + 1);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            crlf[n++] = '\r';
        crlf[n++] = text[i];
    }
    AUTO_JSON json_t *list = json_array();
    AUTO_JSON json_t *info = json_object();
    assert_int_equal(buildlog_check(crlf, n, journal_a, list, info, NULL), 0);
    AUTO_FREE char *all = json_dumps(list, 0);
    assert_non_null(strstr(all, "CRLF"));
}

static void an_empty_log_is_whole(void **state)
{
    (void)state;
    json_t *info = NULL;
    assert_int_equal(findings("", 0, NULL, &info), 0);
    assert_int_equal(js_int(info, "runs", -1), 0);
    json_decref(info);
}

static void text_from_outside_opens_no_markup_and_holds_no_secret(void **state)
{
    struct place *p = *state;
    static const char evil[] = "a|b\n## R9 <!-- x --> [l](http://e.example) `c` **d** <script> \x1b[31m &amp;";
    struct secret live = {0};
    secret_set(&live, "canary-5f0e1d2c3b4a");
    AUTO_JSON json_t *rows = json_pack("[{s:s,s:s,s:s,s:{s:s}}]", "address", evil, "title", evil, "by",
                                       "canary-5f0e1d2c3b4a", "detail", "k", "canary-5f0e1d2c3b4a");
    struct buildlog_run r = {.run = 1,
                             .command = evil,
                             .org = evil,
                             .actor = evil,
                             .zone = evil,
                             .sentence = {evil, NULL, ""},
                             .rows = rows};
    assert_int_equal(buildlog_append(&p->root, &r, journal_a, NULL, NULL), 0);
    size_t len = 0;
    AUTO_FREE char *text = log_text(p, &len);
    assert_int_equal(findings(text, len, journal_a, NULL), 0);
    assert_null(strstr(text, "canary"));
    assert_null(strstr(text, "<script>"));
    assert_null(strstr(text, "a|b"));
    assert_null(strstr(text, "\n## R9"));
    assert_null(strstr(text, " <!-- x"));
    assert_null(strstr(text, "http://"));
    assert_null(strchr(text, 0x1b));
    secret_release(&live);
}

static void a_folder_in_place_of_the_log_is_an_error(void **state)
{
    struct place *p = *state;
    assert_int_equal(fs_write_in(&p->root, "BUILD_LOG.md/x", "", 0, 0644, NULL), 0);
    struct buildlog_run r = {.run = 1, .command = "apply", .org = "o", .actor = "a", .zone = "UTC"};
    struct err e = {0};
    assert_int_equal(buildlog_append(&p->root, &r, journal_a, NULL, &e), -1);
    assert_int_not_equal(e.kind, ERR_NONE);
}

static void only_the_very_line_is_a_closing_line(void **state)
{
    (void)state;
    struct chain_link l = {.run = 7}, got;
    memcpy(l.journal, journal_a, sizeof l.journal);
    memcpy(l.prev, CHAIN_ZERO, sizeof l.prev);
    chain_seal(&l, "x", 1);
    AUTO_SB struct sb b = SB_INIT(1000);
    chain_print(&l, &b);
    size_t len = b.len - 1;
    assert_true(chain_parse(b.buf, len, &got));
    assert_int_equal(got.run, 7);
    assert_string_equal(got.sha256, l.sha256);
    static const char *const wrong[] = {"<!--  zagent:log/1", "<!-- zagent:log/2", " <!-- zagent:log/1",
                                        "<!-- zagent:log/1 run=R+7"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO_FREE char *line = mem_printf("%s%s", wrong[i], b.buf + strlen("<!-- zagent:log/1"));
        assert_false(chain_parse(line, strlen(line) - 1, &got));
    }
    assert_false(chain_parse(b.buf, len - 1, &got));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        T(a_log_looks_as_people_read_it),
        T(any_changed_bit_is_found),
        T(any_removed_repeated_or_added_line_is_found),
        T(a_removed_section_is_found_where_it_was),
        T(sections_missing_at_the_end_show_in_the_last_hash),
        T(a_tail_torn_at_any_byte_is_found_set_aside_and_the_chain_goes_on),
        T(a_whole_log_gives_no_notice),
        T(another_journal_opens_a_segment_that_continues_the_chain),
        T(changed_line_endings_are_named),
        T(an_empty_log_is_whole),
        T(text_from_outside_opens_no_markup_and_holds_no_secret),
        T(a_folder_in_place_of_the_log_is_an_error),
        T(only_the_very_line_is_a_closing_line),
    };
    return cmocka_run_group_tests_name("state/buildlog", tests, NULL, NULL);
}
