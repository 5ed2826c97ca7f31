/* Opening the file: new, newer, foreign, damaged, locked; and the small tables beside the journal. */
#include <sys/stat.h>
#include <unistd.h>

#include "state/db.h"
#include "tests/state/help.h"

static int open_fails(struct place *p, struct err *e)
{
    struct state *s = NULL;
    struct clock c = place_clock(p);
    int rc = state_open(&s, &p->root, &c, e);
    if (rc == 0)
        state_close(s);
    return rc;
}

static void sql(struct place *p, const char *text)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(place_file(p, "state.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void a_new_file_is_private_and_of_the_current_format(void **state)
{
    struct place *p = *state;
    struct state *s = place_open(p);
    struct stat st;
    assert_int_equal(stat(place_file(p, "state.db"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(place_file(p, "state.db-wal"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    sqlite3_stmt *q = db_prep(s, "PRAGMA user_version", NULL);
    assert_int_equal(db_row(s, q, NULL), 1);
    assert_int_equal(sqlite3_column_int(q, 0), schema_version);
    sqlite3_finalize(q);
    state_close(s);
}

static void every_table_is_strict(void **state)
{
    struct state *s = place_open(*state);
    sqlite3_stmt *q = db_prep(
        s, "SELECT count(*), sum(strict) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%'",
        NULL);
    assert_int_equal(db_row(s, q, NULL), 1);
    assert_int_equal(sqlite3_column_int(q, 0), 7);
    assert_int_equal(sqlite3_column_int(q, 1), 7);
    sqlite3_finalize(q);
    state_close(s);
}

static void refuses_a_newer_format_by_name(void **state)
{
    struct place *p = *state;
    state_close(place_open(p));
    sql(p, "PRAGMA user_version = 99");
    struct err e = {0};
    assert_int_equal(open_fails(p, &e), -1);
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_non_null(strstr(e.what, "format 99"));
    assert_non_null(strstr(e.fix, "newer zagent"));
}

static void refuses_the_file_of_another_program(void **state)
{
    struct place *p = *state;
    sql(p, "CREATE TABLE theirs(x)");
    struct err e = {0};
    assert_int_equal(open_fails(p, &e), -1);
    assert_int_equal(e.kind, ERR_CONFIG);
    assert_non_null(strstr(e.what, "another program"));
}

static void refuses_a_link_in_place_of_the_file(void **state)
{
    struct place *p = *state;
    assert_int_equal(symlink("/dev/null", place_file(p, "state.db")), 0);
    struct err e = {0};
    assert_int_equal(open_fails(p, &e), -1);
    assert_int_equal(e.kind, ERR_IO);
}

static void overwrite(struct place *p, long at, size_t n)
{
    FILE *f = fopen(place_file(p, "state.db"), "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    for (size_t i = 0; i < n; i++)
        fputc('x', f);
    assert_int_equal(fclose(f), 0);
}

static void a_file_of_rubbish_says_what_to_do(void **state)
{
    struct place *p = *state;
    state_close(place_open(p));
    overwrite(p, 0, 100);
    struct err e = {0};
    assert_int_equal(open_fails(p, &e), -1);
    assert_int_equal(e.kind, ERR_IO);
    assert_non_null(strstr(e.what, "damaged"));
    assert_non_null(strstr(e.fix, "mv "));
    assert_non_null(strstr(e.where, "state.db"));
}

static void damaged_pages_are_found_before_a_writer_starts(void **state)
{
    struct place *p = *state;
    struct state *s = place_open(p);
    int64_t run = 0;
    assert_int_equal(state_run_open(s, "apply", "d", NULL, &run, NULL), 0);
    AUTO_FREE char *long_text = mem_zalloc(8192);
    memset(long_text, 'a', 8000);
    AUTO_JSON json_t *detail = json_pack("{s:s}", "text", long_text);
    for (int i = 0; i < 40; i++)
        assert_int_equal(state_outcome(s, run, 0, "field/Quotes.BOM_Status", STEP_SKIPPED, detail, NULL), 0);
    state_close(s);
    struct stat st;
    assert_int_equal(stat(place_file(p, "state.db"), &st), 0);
    /* The schema lies in the first pages, the events behind it. */
    for (long page = st.st_size * 3 / 4 / 4096 * 4096; page < st.st_size; page += 4096)
        overwrite(p, page, 64);
    s = place_open(p);
    struct err e = {0};
    assert_int_equal(state_lock(s, "apply", 0, &e), -1);
    assert_int_equal(e.kind, ERR_IO);
    assert_non_null(strstr(e.fix, "mv "));
    state_close(s);
}

static void one_writer_at_a_time_and_the_other_learns_who(void **state)
{
    struct state *a = place_open(*state), *b = place_open(*state);
    assert_int_equal(state_lock(a, "apply quote-bom", 0, NULL), 0);
    struct err e = {0};
    assert_int_equal(state_lock(b, "off quote-bom", 0, &e), -1);
    assert_int_equal(e.kind, ERR_LOCKED);
    assert_true(strstr(e.what, "apply quote-bom") || strstr(e.where, "apply quote-bom") ||
                strstr(e.fix, "apply quote-bom"));
    /* Readers take no lock. */
    AUTO_JSON json_t *runs = state_runs(b, NULL);
    assert_non_null(runs);
    state_unlock(a);
    assert_int_equal(state_lock(b, "off quote-bom", 0, NULL), 0);
    state_close(b);
    assert_int_equal(state_lock(a, "apply", 0, NULL), 0); /* closing freed it */
    state_close(a);
}

static void before_images_keep_the_first_and_the_newest(void **state)
{
    struct state *s = place_open(*state);
    int64_t run = 0;
    state_run_open(s, "apply", NULL, NULL, &run, NULL);
    for (int i = 1; i <= 3; i++) {
        AUTO_JSON json_t *image = json_pack("{s:i, s:s}", "n", i, "code", "SUCCESS");
        assert_int_equal(state_before_put(s, run, "function/f", image, NULL), 0);
    }
    AUTO_JSON json_t *first = state_before_get(s, "function/f", true, NULL);
    AUTO_JSON json_t *newest = state_before_get(s, "function/f", false, NULL);
    assert_int_equal(js_int(first, "n", 0), 1);
    assert_int_equal(js_int(newest, "n", 0), 3);
    assert_string_equal(js_str(first, "code"), "SUCCESS"); /* Zoho's error codes are no secret */
    assert_null(json_object_get(first, "@redacted"));
    struct err e = {0};
    assert_null(state_before_get(s, "function/g", true, &e));
    assert_int_equal(e.kind, ERR_NONE);
    e = (struct err){0};
    assert_int_equal(db_exec(s, "UPDATE before_image SET image = '{}'", &e), -1);
    e = (struct err){0};
    assert_int_equal(db_exec(s, "DELETE FROM before_image", &e), -1);
    state_close(s);
}

static void capabilities_expire_after_thirty_days(void **state)
{
    struct place *p = *state;
    struct state *s = place_open(p);
    assert_int_equal(
        state_capability_put(s, "900", "blueprint", "no", "refused", "/settings/blueprints", "API_NOT_SUPPORTED", NULL),
        0);
    assert_int_equal(state_capability_put(s, "900", "function", "no", "refused", NULL, NULL, NULL), 0);
    assert_int_equal(state_capability_put(s, "900", "function", "yes", NULL, NULL, NULL, NULL), 0);
    AUTO_JSON json_t *now = state_capabilities(s, "900", NULL);
    AUTO_JSON json_t *elsewhere = state_capabilities(s, "901", NULL);
    assert_int_equal(json_object_size(now), 2);
    assert_int_equal(json_object_size(elsewhere), 0);
    assert_string_equal(js_str(json_object_get(now, "blueprint"), "code"), "API_NOT_SUPPORTED");
    assert_string_equal(js_str(json_object_get(now, "function"), "answer"), "yes");
    p->now += (int64_t)30 * 86400;
    AUTO_JSON json_t *later = state_capabilities(s, "900", NULL);
    assert_int_equal(json_object_size(later), 0);
    struct err e = {0};
    assert_int_equal(state_capability_put(s, "900", "x", "perhaps", NULL, NULL, NULL, &e), -1);
    assert_int_equal(e.kind, ERR_BUG);
    state_close(s);
}

static void names_and_attestations_are_kept_per_org(void **state)
{
    struct state *s = place_open(*state);
    assert_int_equal(state_name_put(s, "900", "field/Quotes.BOM_Status", "1", "BOM_Status1", NULL), 0);
    assert_int_equal(state_attest_put(s, "900", "manual/Tell", "admin", "said so", "abcd", NULL), 0);
    AUTO_JSON json_t *names = state_names(s, "900", NULL);
    assert_string_equal(js_str(json_object_get(names, "field/Quotes.BOM_Status"), "api_name"), "BOM_Status1");
    AUTO_JSON json_t *attested = state_attested(s, "900", NULL);
    json_t *a = json_object_get(attested, "manual/Tell");
    assert_string_equal(js_str(a, "by"), "admin");
    assert_string_equal(js_str(a, "want"), "abcd");
    assert_int_equal(js_int(a, "at", 0), 1772355600);
    AUTO_JSON json_t *other = state_names(s, "901", NULL);
    assert_int_equal(json_object_size(other), 0);
    struct err e = {0};
    assert_int_equal(state_attest_put(s, "900", "manual/Tell", "", NULL, NULL, &e), -1);
    assert_int_equal(e.kind, ERR_USAGE);
    assert_non_null(strstr(e.fix, "--by"));
    state_close(s);
}

static void facts_are_put_read_and_removed(void **state)
{
    struct state *s = place_open(*state);
    AUTO_JSON json_t *zgid = json_string("900");
    assert_int_equal(state_fact_put(s, "org_pin/embedded", zgid, NULL), 0);
    AUTO_JSON json_t *got = state_fact_get(s, "org_pin/embedded", NULL);
    assert_true(json_equal(got, zgid));
    assert_int_equal(state_fact_put(s, "org_pin/embedded", NULL, NULL), 0);
    struct err e = {0};
    assert_null(state_fact_get(s, "org_pin/embedded", &e));
    assert_int_equal(e.kind, ERR_NONE);
    state_close(s);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        T(a_new_file_is_private_and_of_the_current_format),
        T(every_table_is_strict),
        T(refuses_a_newer_format_by_name),
        T(refuses_the_file_of_another_program),
        T(refuses_a_link_in_place_of_the_file),
        T(a_file_of_rubbish_says_what_to_do),
        T(damaged_pages_are_found_before_a_writer_starts),
        T(one_writer_at_a_time_and_the_other_learns_who),
        T(before_images_keep_the_first_and_the_newest),
        T(capabilities_expire_after_thirty_days),
        T(names_and_attestations_are_kept_per_org),
        T(facts_are_put_read_and_removed),
    };
    return cmocka_run_group_tests_name("state/state", tests, NULL, NULL);
}
