/*
 * The findings set: tests/agent/findings/org is an org with planted problems and with as many things that look like them and are fine;
 * expected.txt says which is which. Recall is what was found of the planted; a false alarm is a look-alike that was reported, and
 * whatever else was reported without being planted.
 */
#include "agent/audit/rules.h"
#include "base/fs.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

enum { RULES_WITHOUT_CASE_MAX = 6 };

struct set {
    struct snapshot s;
    struct audit audit;
    json_t *readings;
    char *expected;
};

static char *path_of(const char *file)
{
    return mem_printf("%s/tests/agent/findings/%s", shell_root(), file);
}

static void set_open(struct set *t)
{
    AUTO_FREE char *org = path_of("org"), *readings = path_of("readings.json"), *expected = path_of("expected.txt");
    struct err e = {0};
    size_t len;
    snapshot_init(&t->s);
    assert_int_equal(snapshot_load(&t->s, org, &e), 0);
    t->readings = js_load(readings, &e);
    assert_non_null(t->readings);
    assert_int_equal(fs_read(expected, 1 << 20, &t->expected, &len, &e), 0);
    t->audit = (struct audit){.s = &t->s, .readings = t->readings};
    audit_run(&t->audit);
}

static void set_close(struct set *t)
{
    audit_release(&t->audit);
    snapshot_release(&t->s);
    json_decref(t->readings);
    free(t->expected);
}

static json_t *found(const struct set *t, const char *rule, const char *address)
{
    json_t *f;
    size_t i;
    json_array_foreach (t->audit.findings, i, f)
        if (!strcmp(js_str(f, "rule"), rule) && !strcmp(js_str(f, "address"), address))
            return f;
    return NULL;
}

struct tally {
    int planted, recalled, fine, alarms, others;
};

static void one_line(struct set *t, struct tally *n, char *line)
{
    char word[16], rule[16], address[300];
    if (sscanf(line, "%15s %15s %299s", word, rule, address) != 3 || *word == '#')
        return;
    json_t *f = found(t, rule, address);
    if (!strcmp(word, "problem")) {
        n->planted++;
        n->recalled += f != NULL;
        if (!f)
            print_message("missed: %s %s\n", rule, address);
        else
            js_set_bool(f, "planted", true);
    } else {
        n->fine++;
        n->alarms += f != NULL;
        if (f)
            print_message("false alarm: %s %s: %s\n", rule, address, js_str(f, "evidence"));
    }
}

static void every_planted_problem_is_found_and_nothing_else(void **state)
{
    struct set t = {0};
    struct tally n = {0};
    json_t *f;
    size_t i;
    (void)state;
    set_open(&t);
    for (char *save = NULL, *line = strtok_r(t.expected, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        one_line(&t, &n, line);
    json_array_foreach (t.audit.findings, i, f)
        if (!js_bool(f, "planted", false)) {
            n.others++;
            print_message("not planted: %s %s: %s\n", js_str(f, "rule"), js_str(f, "address"), js_str(f, "evidence"));
        }
    print_message("recall %d/%d, false alarms %d/%d, other findings %d\n", n.recalled, n.planted, n.alarms, n.fine,
                  n.others);
    assert_true(n.planted >= 40 && n.fine >= 40);
    assert_int_equal(n.recalled, n.planted);
    assert_int_equal(n.alarms, 0);
    assert_int_equal(n.others, 0);
    set_close(&t);
}

/* Rules whose bound is too wide for a set that people read (5,000 values, 200 modules) or that need a second org. */
static void every_rule_has_a_planted_problem_and_stands_in_the_document(void **state)
{
    struct set t = {0};
    int without = 0;
    (void)state;
    set_open(&t);
    AUTO_FREE char *path = mem_printf("%s/docs/AUDIT.md", shell_root());
    AUTO_FREE char *doc = shell_file(path);
    for (size_t k = 0; k < audit_families_n(); k++)
        for (size_t i = 0; i < audit_family_at(k)->n; i++) {
            const struct audit_rule *r = &audit_family_at(k)->rule[i];
            AUTO_FREE char *line = mem_printf("problem %s ", r->id);
            bool planted = strstr(t.expected, line) != NULL;
            without += !planted;
            if (!planted && (r->id[2] != '8' && r->id[2] != '9'))
                fail_msg("no problem is planted for %s, %s", r->id, r->title);
            assert_true(*r->title && *r->why && *r->fix && !strchr(r->fix, '\n'));
            if (!strstr(doc, r->id) || !strstr(doc, r->title))
                fail_msg("docs/AUDIT.md does not have %s, %s", r->id, r->title);
            assert_true((r->look != NULL) != (r->whole != NULL) && (r->kind != NULL) == (r->look != NULL));
        }
    assert_true(without <= RULES_WITHOUT_CASE_MAX);
    set_close(&t);
}

static void what_was_not_read_is_no_finding(void **state)
{
    struct snapshot s;
    struct audit a = {.s = &s};
    (void)state;
    snapshot_init(&s);
    snapshot_put(&s, "modules", json_loads("[{\"id\":\"1\",\"api_name\":\"Deals\"}]", 0, NULL));
    snapshot_put_refused(&s, "users", "NO_PERMISSION", 403);
    snapshot_put(
        &s, "workflow_rules",
        json_loads(
            "[{\"id\":\"2\",\"name\":\"R\",\"module\":{\"api_name\":\"Deals\"},\"created_by\":{\"id\":\"9\"},"
            "\"conditions\":[{\"criteria_details\":{\"criteria\":{\"field\":{\"api_name\":\"X\"},\"comparator\":"
            "\"equal\",\"value\":\"a\"}},\"instant_actions\":{\"actions\":[{\"type\":\"tasks\",\"id\":\"5\"}]}}]}]",
            0, NULL));
    audit_run(&a);
    assert_int_equal(json_array_size(a.findings), 0);
    audit_release(&a);
    snapshot_release(&s);
}

int main(void)
{
    mem_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_planted_problem_is_found_and_nothing_else),
        cmocka_unit_test(every_rule_has_a_planted_problem_and_stands_in_the_document),
        cmocka_unit_test(what_was_not_read_is_no_finding),
    };
    return cmocka_run_group_tests_name("agent/audit_findings", tests, NULL, NULL);
}
