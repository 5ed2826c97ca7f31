/*
 * The product's proof: a whole playbook applied to an org that fails by chance ends as it does in an org that never fails,
 * every object made once.
 */
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "tests/agent/orgdump.h"
#include "tests/agent/shell.h"
#include "tests/test.h"

enum { SEEDS = 20, RATE = 12, TRIES = 25 };
#define DB ".zagent/sandbox.db"

/* What a person does: plan until it works, apply, and resume until nothing is left open but hand steps. */
static int carry_through(const char *name)
{
    int tries = 0;
    struct run r = shell("zagent plan quote-bom");
    for (; r.status == 10 && tries < TRIES; tries++) {
        run_release(&r);
        r = shell("zagent plan quote-bom");
    }
    bool begun = false;
    while (r.status != 0 || !begun) {
        if (r.status != 0 && (tries++ >= TRIES || r.status == 7 || r.status == 8 || r.status == 2))
            fail_msg("%s, command %d: exit %d\n%s\n%s", name, tries, r.status, r.out, r.err);
        run_release(&r);
        r = shell(begun ? "zagent resume" : "zagent apply --yes");
        if (strstr(r.out, "No run is open")) { /* what failed, failed before it began */
            run_release(&r);
            r = shell("zagent apply --yes");
        }
        begun = true;
    }
    run_release(&r);
    return tries;
}

/* The first line that differs, for the message. */
static void same_org(const char *name, const char *want, const char *got)
{
    if (!strcmp(want, got))
        return;
    while (*want && *want == *got) {
        want++;
        got++;
    }
    fail_msg("%s: the org differs\nwant …%.400s\ngot  …%.400s", name, want, got);
}

static char *org_after(const char *name, const char *options, int *tries)
{
    shell_enter(name);
    setenv("ZAGENT_HURRY", "1", 1);
    shell_project();
    shell_sandbox_with(options);
    *tries = carry_through(name);
    shell_sandbox_stop();
    return orgdump(DB);
}

static void ends_with_the_same_org_through_twenty_seeds_of_chaos(void **state)
{
    (void)state;
    int tries, struck = 0;
    AUTO_FREE char *want = org_after("chaos-0", "", &tries);
    assert_int_equal(tries, 0);
    for (int seed = 1; seed <= SEEDS; seed++) {
        AUTO_FREE char *name = mem_printf("chaos-%d", seed);
        AUTO_FREE char *options = mem_printf("--chaos %d:%d", seed, RATE);
        AUTO_FREE char *got = org_after(name, options, &tries);
        same_org(name, want, got);
        struck += tries > 0;
    }
    assert_true(struck >= SEEDS / 2); /* else this chaos proves nothing */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_with_the_same_org_through_twenty_seeds_of_chaos)};
    return cmocka_run_group_tests_name("agent/chaos", tests, NULL, NULL);
}
