/* The journal's invariants J1–J5 (state/state.h), its rows, and what killing a writer leaves behind. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"
#include "state/buildlog.h"
#include "state/db.h"
#include "tests/state/help.h"

static int64_t open_run(struct state *s)
{
    AUTO_JSON json_t *facts = json_pack("{s:s, s:s}", "org", "embedded", "actor", "demo");
    int64_t run = 0;
    assert_int_equal(state_run_open(s, "apply quote-bom", "7f3c", facts, &run, NULL), 0);
    return run;
}

static int64_t intent(struct state *s, int64_t run, const char *address)
{
    int64_t seq = 0;
    struct err e = {0};
    if (state_intent(s, run, address, "d1", NULL, &seq, &e) < 0)
        fail_msg("%s", e.what);
    return seq;
}

static void refused(int rc, const struct err *e, const char *invariant)
{
    assert_int_equal(rc, -1);
    assert_int_equal(e->kind, ERR_BUG);
    assert_non_null(strstr(e->what, invariant));
}

static void j1_every_commit_reaches_the_disk(void **state)
{
    struct state *s = place_open(*state);
    sqlite3_stmt *q = db_prep(
        s, "SELECT (SELECT synchronous FROM pragma_synchronous), (SELECT journal_mode FROM pragma_journal_mode)", NULL);
    assert_int_equal(db_row(s, q, NULL), 1);
    assert_int_equal(sqlite3_column_int(q, 0), 2); /* FULL */
    assert_string_equal((const char *)sqlite3_column_text(q, 1), "wal");
    sqlite3_finalize(q);

    int64_t run = open_run(s);
    intent(s, run, "field/Quotes.BOM_Status");
    /* A second connection sees it at once: the commit is over when the call returns. */
    struct state *other = place_open(*state);
    AUTO_JSON json_t *open = state_open_intents(other, run, NULL);
    assert_int_equal(json_array_size(open), 1);
    assert_string_equal(js_str(json_array_get(open, 0), "request_digest"), "d1");
    state_close(other);
    state_close(s);
}

static void j2_an_intent_has_one_outcome_of_its_own(void **state)
{
    struct state *s = place_open(*state);
    int64_t run = open_run(s), other = open_run(s);
    int64_t seq = intent(s, run, "module/BOMs");
    struct err e = {0};
    refused(state_outcome(s, run, seq, "module/Other", STEP_DONE, NULL, &e), &e, "J2");
    err_clear(&e);
    refused(state_outcome(s, other, seq, "module/BOMs", STEP_DONE, NULL, &e), &e, "J2");
    err_clear(&e);
    refused(state_outcome(s, run, seq + 40, "module/BOMs", STEP_DONE, NULL, &e), &e, "J2");
    assert_int_equal(state_outcome(s, run, seq, "module/BOMs", STEP_DONE, NULL, NULL), 0);
    err_clear(&e);
    refused(state_outcome(s, run, seq, "module/BOMs", STEP_FAILED, NULL, &e), &e, "UNIQUE");
    /* A later finding about the same address stands on its own. */
    assert_int_equal(state_outcome(s, run, 0, "module/BOMs", STEP_VERIFIED, NULL, NULL), 0);
    state_close(s);
}

static void j3_seq_has_no_gap_and_events_stay(void **state)
{
    struct state *s = place_open(*state);
    int64_t run = open_run(s);
    for (int i = 1; i <= 5; i++)
        assert_int_equal(intent(s, run, "variable/X"), i);
    static const char *const attempts[] = {
        "INSERT INTO event(seq, run, kind, address, detail, at) VALUES(9, 1, 'intent', 'a', '{}', 0)",
        "INSERT INTO event(seq, run, kind, address, detail, at) VALUES(3, 1, 'intent', 'a', '{}', 0)",
        "UPDATE event SET at = 0 WHERE seq = 2",
        "DELETE FROM event WHERE seq = 5",
        "DELETE FROM run",
    };
    for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
        struct err e = {0};
        refused(db_exec(s, attempts[i], &e), &e, "J3");
    }
    AUTO_JSON json_t *events = state_events(s, run, NULL);
    assert_int_equal(json_array_size(events), 5);
    state_close(s);
}

static size_t bytes_with(struct place *p, const char *file, const char *needle)
{
    char *text = NULL;
    size_t len = 0, hits = 0;
    if (fs_read(place_file(p, file), 64 << 20, &text, &len, NULL) < 0)
        return 0;
    for (const char *at = text; (at = memmem(at, len - (size_t)(at - text), needle, strlen(needle))); at++)
        hits++;
    free(text);
    return hits;
}

static void j4_no_secret_reaches_the_file(void **state)
{
    struct place *p = *state;
    static const char canary[] = "canary-5f0e1d2c3b4a";
    struct secret live = {0};
    secret_set(&live, canary);
    struct state *s = place_open(p);
    AUTO_JSON json_t *j = json_pack("{s:s, s:[s], s:{s:s}, s:s}", "text", canary, "list", canary, "deep", canary, "x",
                                    "refresh_token", "short");
    int64_t run = 0, seq = 0;
    assert_int_equal(state_run_open(s, canary, canary, j, &run, NULL), 0);
    assert_int_equal(state_intent(s, run, canary, canary, j, &seq, NULL), 0);
    assert_int_equal(state_outcome(s, run, 0, canary, STEP_FAILED, j, NULL), 0);
    assert_int_equal(state_before_put(s, run, "function/f", j, NULL), 0);
    assert_int_equal(state_capability_put(s, canary, canary, "no", canary, canary, canary, NULL), 0);
    assert_int_equal(state_name_put(s, canary, canary, canary, canary, NULL), 0);
    assert_int_equal(state_attest_put(s, canary, canary, canary, canary, canary, NULL), 0);
    assert_int_equal(state_fact_put(s, canary, j, NULL), 0);
    assert_int_equal(state_outcome(s, run, seq, canary, STEP_FAILED, j, NULL), 0);
    assert_int_equal(state_run_close(s, run, j, NULL), 0);
    AUTO_JSON json_t *image = state_before_get(s, "function/f", true, NULL);
    assert_true(js_bool(image, "@redacted", false));
    assert_string_equal(js_str(image, "refresh_token"), "(secret)");
    assert_int_equal(bytes_with(p, "state.db", canary) + bytes_with(p, "state.db-wal", canary), 0);
    assert_true(bytes_with(p, "state.db", "(secret)") + bytes_with(p, "state.db-wal", "(secret)") > 0);
    state_close(s);
    assert_int_equal(bytes_with(p, "state.db", canary), 0);
    secret_release(&live);
}

static void j5_a_closed_run_is_settled_and_final(void **state)
{
    struct state *s = place_open(*state);
    int64_t run = open_run(s);
    int64_t seq = intent(s, run, "module/BOMs");
    struct err e = {0};
    refused(state_run_close(s, run, NULL, &e), &e, "J5");
    assert_int_equal(state_outcome(s, run, seq, "module/BOMs", STEP_UNKNOWN, NULL, NULL), 0);
    assert_int_equal(state_run_close(s, run, NULL, NULL), 0);
    err_clear(&e);
    refused(state_intent(s, run, "module/BOMs", "d2", NULL, &seq, &e), &e, "J5");
    err_clear(&e);
    refused(state_outcome(s, run, 0, "module/BOMs", STEP_DONE, NULL, &e), &e, "J5");
    err_clear(&e);
    refused(state_run_close(s, run, NULL, &e), &e, "J5");
    AUTO_JSON json_t *open = state_open_intents(s, run, NULL);
    assert_int_equal(json_array_size(open), 0);
    assert_int_equal(state_run_find_open(s, NULL, NULL), 0);
    state_close(s);
}

static void closing_an_unknown_run_names_it(void **state)
{
    struct state *s = place_open(*state);
    struct err e = {0};
    assert_int_equal(state_run_close(s, 12, NULL, &e), -1);
    assert_int_equal(e.kind, ERR_NOT_FOUND);
    assert_non_null(strstr(e.what, "R12"));
    state_close(s);
}

static void runs_are_numbered_and_found_by_their_plan(void **state)
{
    struct place *p = *state;
    struct state *s = place_open(p);
    assert_int_equal(state_run_find_open(s, NULL, NULL), 0);
    assert_int_equal(open_run(s), 1);
    int64_t second = 0;
    assert_int_equal(state_run_open(s, "apply other", "aaaa", NULL, &second, NULL), 0);
    assert_int_equal(second, 2);
    assert_int_equal(state_run_find_open(s, NULL, NULL), 2);
    assert_int_equal(state_run_find_open(s, NULL, "7f3c"), 1);
    assert_int_equal(state_run_find_open(s, NULL, "none"), 0);
    assert_int_equal(state_run_find_open(s, "apply other", NULL), 2);
    assert_int_equal(state_run_find_open(s, "off", NULL), 0);
    p->now += 60;
    AUTO_JSON json_t *summary = json_pack("{s:i}", "done", 3);
    assert_int_equal(state_run_close(s, 1, summary, NULL), 0);
    AUTO_JSON json_t *runs = state_runs(s, NULL);
    AUTO_FREE char *text = json_dumps(runs, JSON_SORT_KEYS | JSON_COMPACT);
    assert_string_equal(
        text, "[{\"closed_at\":1772355660,\"command\":\"apply quote-bom\",\"facts\":{\"actor\":\"demo\","
              "\"org\":\"embedded\"},\"opened_at\":1772355600,\"plan\":\"7f3c\",\"run\":1,\"summary\":{\"done\":3}},"
              "{\"closed_at\":null,\"command\":\"apply other\",\"facts\":{},\"opened_at\":1772355600,\"plan\":\"aaaa\","
              "\"run\":2,\"summary\":null}]");
    state_close(s);
}

static void the_latest_outcome_of_an_address_counts(void **state)
{
    struct place *p = *state;
    struct state *s = place_open(p);
    int64_t first = open_run(s);
    AUTO_JSON json_t *by = json_pack("{s:s}", "by", "admin");
    state_outcome(s, first, 0, "manual/Tell", STEP_HAND, NULL, NULL);
    state_outcome(s, first, 0, "module/BOMs", STEP_VERIFIED, NULL, NULL);
    p->now += 5;
    int64_t second = open_run(s);
    state_outcome(s, second, 0, "manual/Tell", STEP_ATTESTED, by, NULL);
    AUTO_JSON json_t *steps = state_steps(s, NULL);
    AUTO_FREE char *text = json_dumps(steps, JSON_SORT_KEYS | JSON_COMPACT);
    assert_string_equal(
        text,
        "{\"manual/"
        "Tell\":{\"at\":1772355605,\"by_hand\":true,\"detail\":{\"by\":\"admin\"},\"outcome\":\"attested\",\"run\":2},"
        "\"module/BOMs\":{\"at\":1772355600,\"by_hand\":false,\"detail\":{},\"outcome\":\"verified\",\"run\":1}}");
    state_close(s);
}

static void every_outcome_has_its_own_name(void **state)
{
    (void)state;
    for (int a = 0; a < STEP_OUTCOME__MAX; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(step_outcome_name((enum step_outcome)a), step_outcome_name((enum step_outcome)b));
}

static void the_journal_id_comes_from_its_first_run(void **state)
{
    struct state *s = place_open(*state);
    char none[33], id[33], later[33];
    assert_int_equal(state_journal_id(s, none, NULL), 0);
    assert_string_equal(none, "00000000000000000000000000000000");
    int64_t run = open_run(s);
    assert_int_equal(state_journal_id(s, id, NULL), 0);
    assert_string_not_equal(id, none);
    open_run(s);
    state_run_close(s, run, NULL, NULL);
    assert_int_equal(state_journal_id(s, later, NULL), 0);
    assert_string_equal(id, later);
    state_close(s);
}

/* The writer reports each durable call through the pipe, with one byte, and goes on until it is killed. */
static void write_until_killed(struct place *p, int out)
{
    struct state *s = place_open(p);
    int64_t run = open_run(s);
    for (;;) {
        int64_t seq = 0;
        if (state_intent(s, run, "module/BOMs", "d", NULL, &seq, NULL) < 0 || write(out, "i", 1) != 1)
            _exit(1);
        if (state_outcome(s, run, seq, "module/BOMs", STEP_DONE, NULL, NULL) < 0 || write(out, "o", 1) != 1)
            _exit(1);
    }
}

static void a_killed_writer_leaves_what_it_reported(void **state)
{
    struct place *p = *state;
    for (int point = 1; point <= 12; point++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0)
            write_until_killed(p, ends[1]);
        close(ends[1]);
        char said;
        int64_t reported = 0;
        while (reported < point && read(ends[0], &said, 1) == 1)
            reported++;
        kill(child, SIGKILL);
        while (read(ends[0], &said, 1) == 1)
            reported++;
        int status = 0;
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        close(ends[0]);

        struct state *s = place_open(p);
        int64_t run = state_run_find_open(s, NULL, "7f3c");
        assert_int_equal(run, point);
        AUTO_JSON json_t *events = state_events(s, run, NULL);
        AUTO_JSON json_t *open = state_open_intents(s, run, NULL);
        int64_t n = (int64_t)json_array_size(events);
        /* All that was reported is there; at most the one call that was under way is more. */
        assert_in_range(n, reported, reported + 1);
        assert_int_equal(json_array_size(open), n % 2);
        assert_int_equal(js_int(json_array_get(events, (size_t)n - 1), "seq", 0) -
                             js_int(json_array_get(events, 0), "seq", 0),
                         n - 1);
        state_close(s);
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, place_setup, place_teardown)
    const struct CMUnitTest tests[] = {
        T(j1_every_commit_reaches_the_disk),
        T(j2_an_intent_has_one_outcome_of_its_own),
        T(j3_seq_has_no_gap_and_events_stay),
        T(j4_no_secret_reaches_the_file),
        T(j5_a_closed_run_is_settled_and_final),
        T(closing_an_unknown_run_names_it),
        T(runs_are_numbered_and_found_by_their_plan),
        T(the_latest_outcome_of_an_address_counts),
        T(every_outcome_has_its_own_name),
        T(the_journal_id_comes_from_its_first_run),
        T(a_killed_writer_leaves_what_it_reported),
    };
    return cmocka_run_group_tests_name("state/journal", tests, NULL, NULL);
}
