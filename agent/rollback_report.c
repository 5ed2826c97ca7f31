/* agent/rollback_report.c — what a rollback says before, and what it marks after. */
#include "agent/rollback.h"

enum { HOW_EACH = 3 }; /* of more alike things only the names are listed */

static size_t alike(const json_t *rows, const char *text)
{
    const json_t *row;
    size_t i, n = 0;
    json_array_foreach (rows, i, row)
        n += !strcmp(js_str_or(row, "text", ""), text);
    return n;
}

static void print_alike(struct app *a, const json_t *rows, const char *text)
{
    bool each = alike(rows, text) <= HOW_EACH;
    const json_t *row;
    size_t i;
    app_print(a, "  %s\n", text);
    json_array_foreach (rows, i, row) {
        if (strcmp(js_str_or(row, "text", ""), text) != 0)
            continue;
        AUTO_FREE char *name = address_for_people(js_str_or(row, "address", ""));
        app_print(a, "      %s\n", name);
        if (each && js_str(row, "fix"))
            app_print(a, "          what a person can do: %s\n", js_str(row, "fix"));
    }
}

/* What happens to them in the same way stands together. */
static void print_list(struct app *a, const json_t *rows, const char *head)
{
    AUTO_JSON json_t *said = json_object();
    const json_t *row;
    size_t i;
    if (json_array_size(rows))
        app_print(a, "\n%s\n", head);
    json_array_foreach (rows, i, row) {
        const char *text = js_str_or(row, "text", "");
        if (json_object_get(said, text))
            continue;
        js_set_bool(said, text, true);
        print_alike(a, rows, text);
    }
}

void rollback_print(struct app *a, const json_t *plan)
{
    const json_t *b = js_obj(plan, "rollback");
    const json_t *address;
    size_t i;
    print_list(a, js_arr(b, "lost"), "What does not come back:");
    print_list(a, js_arr(b, "stays"), "What is not taken back by API:");
    if (json_array_size(js_arr(b, "skipped")))
        app_print(a, "\nLeft as it is, as asked:\n");
    json_array_foreach (js_arr(b, "skipped"), i, address) {
        AUTO_FREE char *name = address_for_people(json_string_value(address));
        app_print(a, "  %s\n", name);
    }
    js_set(a->data, "rollback", json_deep_copy(b));
}

/* Verified by the rollback: in its playbook the step is not in place any more, or again. */
static int mark(struct apply *ap, const json_t *step, struct err *e)
{
    const char *address = js_str_or(step, "address", "");
    AUTO_JSON json_t *detail = json_object();
    if (apply_outcome(ap, address) != STEP_VERIFIED || !js_bool(step, "undoes", false))
        return 0;
    js_set_strf(detail, "text", "taken back: %s", js_str_or(js_obj(ap->plan, "rollback"), "run", "?"));
    return state_outcome(ap->st, ap->run, 0, address, STEP_ROLLED_BACK, detail, e);
}

static int64_t number(const char *run)
{
    return run ? strtoll(run + 1, NULL, 10) : 0;
}

static int close_open(struct apply *ap, int64_t run, struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(ap->st, e);
    AUTO_JSON json_t *summary = json_object();
    json_t *one;
    size_t i;
    js_set_strf(summary, "rolled_back", "R%lld", (long long)ap->run);
    json_array_foreach (runs, i, one)
        if (js_int(one, "run", 0) == run && json_is_null(json_object_get(one, "closed_at")))
            return state_run_close(ap->st, run, summary, e);
    return runs ? 0 : -1;
}

int rollback_finish(struct apply *ap, bool whole, struct err *e)
{
    const json_t *b = js_obj(ap->plan, "rollback");
    int64_t run = number(js_str(b, "run")), of = number(js_str(b, "of"));
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step)
        if (mark(ap, step, e) < 0)
            return -1;
    if (!whole)
        return 0;
    AUTO_FREE char *key = mem_printf("rolled_back/R%lld", (long long)run);
    AUTO_FREE char *first = mem_printf("rolled_back/R%lld", (long long)of);
    AUTO_JSON json_t *by = json_integer(ap->run);
    /* A rollback of a rollback: what the first run did is in place again, and may be taken back again. */
    return close_open(ap, run, e) < 0 || state_fact_put(ap->st, key, by, e) < 0 ||
                   (of && state_fact_put(ap->st, first, NULL, e) < 0)
               ? -1
               : 0;
}
