/* agent/experiment_claims.c — what a playbook says it brings to an experiment, held against the experiment. */
#include "agent/experiment.h"
#include "agent/playbook_check.h"
#include "agent/playbook_keys.h"

struct claims {
    const struct playbook *pb;
    const char *file; /* text of context/experiments.md */
    json_t *findings;
};

/* Every number of the list is one of the n results. */
static void check_numbers(const struct claims *c, const char *id, const json_t *list, size_t n)
{
    size_t i;
    json_t *one;
    json_array_foreach (list, i, one) {
        json_int_t number = json_integer_value(one);
        AUTO_FREE char *at = mem_printf("/experiments/%s/%zu", id, i);
        AUTO_FREE char *fix = mem_printf("write numbers from 1 to %zu, in the order of " EXPERIMENTS_FILE, n);
        if (!json_is_integer(one) || number < 1 || (size_t)number > n)
            playbook_finding(c->findings, &c->pb->y, at, "error", fix, "experiment '%s' has no such expected result",
                             id);
    }
}

static bool claimed(const json_t *experiments, int64_t number)
{
    const char *id;
    json_t *list, *one;
    size_t i;
    json_object_foreach ((json_t *)(uintptr_t)experiments, id, list)
        json_array_foreach (list, i, one)
            if (json_integer_value(one) == (json_int_t)number)
                return true;
    return false;
}

static void check_measures(const struct claims *c, const json_t *experiments)
{
    size_t i;
    json_t *m;
    json_array_foreach (js_arr(c->pb->y.root, "measures"), i, m) {
        AUTO_FREE char *at = mem_printf("/measures/%zu/expected", i);
        if (json_object_get(m, "expected") && !claimed(experiments, js_int(m, "expected", 0)))
            playbook_finding(c->findings, &c->pb->y, at, "error",
                             "write it under 'experiments: {ID: [N]}' too, or leave 'expected' out",
                             "measure '%s' speaks for an expected result that the playbook does not claim",
                             js_str_or(m, "id", ""));
    }
}

void playbook_check_experiments(const struct playbook *pb, const struct project *p, json_t *findings)
{
    const json_t *experiments = js_obj(pb->y.root, "experiments");
    AUTO_FREE char *text = NULL;
    const char *id;
    json_t *list;
    size_t len;
    struct err none = {0};
    struct claims c = {pb, NULL, findings};
    check_measures(&c, experiments);
    if (!json_object_size(experiments))
        return;
    if (fs_read_in(&p->root, EXPERIMENTS_FILE, EXPERIMENTS_MAX, &text, &len, &none) < 0)
        return; /* a company that writes down no experiments: nothing to hold the claims against */
    c.file = text;
    json_object_foreach ((json_t *)(uintptr_t)experiments, id, list) {
        struct err why = {0};
        AUTO_JSON json_t *expected = experiment_expected(c.file, id, &why);
        AUTO_FREE char *at = mem_printf("/experiments/%s", id);
        if (!expected)
            playbook_finding(findings, &pb->y, at, "error", why.fix, "%s", why.what);
        else if (!json_is_array(list))
            playbook_finding(findings, &pb->y, at, "error", "write [1] or [1, 3]", "this is not a list of numbers");
        else
            check_numbers(&c, id, list, json_array_size(expected));
    }
}
