#include "agent/managed.h"

#include "agent/plans.h"

static void keep(struct managed *m, const json_t *step, int64_t run, int64_t at)
{
    json_t *own = json_copy((json_t *)(uintptr_t)step);
    js_set_int(own, "run", run);
    js_set_int(own, "verified_at", at);
    js_set(m->steps, js_str_or(step, "address", ""), own);
}

static bool is_true(const char *outcome)
{
    return !strcmp(outcome, step_outcome_name(STEP_VERIFIED)) || !strcmp(outcome, step_outcome_name(STEP_ATTESTED));
}

/* Outcomes in the order they came; a step that was in place when the plan was made stands from the beginning. */
static int take_run(struct managed *m, struct state *st, const json_t *run, const json_t *plan, struct err *e)
{
    int64_t number = js_int(run, "run", 0);
    bool back = !strcmp(js_str_or(run, "command", ""), "rollback");
    AUTO_JSON json_t *events = state_events(st, number, e);
    json_t *one;
    size_t i;
    if (!events)
        return -1;
    json_array_foreach (js_arr(plan, "steps"), i, one)
        if (!back && !strcmp(js_str_or(one, "action", ""), "none"))
            keep(m, one, number, js_int(run, "opened_at", 0));
    json_array_foreach (events, i, one) {
        const json_t *step = plan_step(plan, js_str_or(one, "address", ""));
        if (!is_true(js_str_or(one, "outcome", "")))
            continue;
        if (back || !strcmp(js_str_or(step, "action", ""), "delete"))
            json_object_del(m->steps, js_str_or(one, "address", ""));
        else if (step)
            keep(m, step, number, js_int(one, "at", 0));
    }
    return 0;
}

static bool executes_plans(const char *command)
{
    return !strcmp(command, "apply") || !strcmp(command, "rollback");
}

static void to_read(struct managed *m)
{
    json_t *steps = js_arr(m->plan, "steps"), *step;
    const char *address;
    json_object_foreach (m->steps, address, step)
        if (!strcmp(js_str_or(step, "channel", ""), "attest"))
            m->attested++;
        else if (!strcmp(js_str_or(step, "kind", ""), "records"))
            m->records++;
        else
            json_array_append(steps, step);
    js_array_sort(steps, "address");
}

/* Names: what each plan was made with, over that what Zoho chose. */
static int add_names(struct managed *m, struct state *st, const struct org *org, struct err *e)
{
    AUTO_JSON json_t *made = state_names(st, org->zgid, e);
    const char *address;
    json_t *v;
    if (!made)
        return -1;
    json_object_foreach (made, address, v)
        if (js_str(v, "api_name"))
            js_set_str(js_obj(m->plan, "names"), address, js_str(v, "api_name"));
    return 0;
}

int managed_load(struct managed *m, const struct project *p, struct state *st, const struct org *org, struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(st, e);
    json_t *run;
    size_t i;
    *m = (struct managed){.steps = json_object(), .plan = json_object(), .rendered = json_object()};
    js_set(m->plan, "steps", json_array());
    js_set(m->plan, "names", json_object());
    if (!runs)
        return -1;
    json_array_foreach (runs, i, run) {
        AUTO_JSON json_t *plan = NULL;
        char digest[65];
        struct err gone = {0};
        if (!executes_plans(js_str_or(run, "command", "")) || !js_str(run, "plan") ||
            strcmp(js_str_or(js_obj(run, "facts"), "zgid", ""), org->zgid) != 0)
            continue;
        if (plans_load(p, st, js_str(run, "plan"), &plan, digest, &gone) < 0) {
            m->lost_plans++;
            continue;
        }
        json_object_update(js_obj(m->plan, "names"), js_obj(plan, "names"));
        if (js_obj(plan, "rendered"))
            json_object_update(m->rendered, js_obj(plan, "rendered"));
        if (take_run(m, st, run, plan, e) < 0)
            return -1;
    }
    to_read(m);
    return add_names(m, st, org, e);
}

void managed_release(struct managed *m)
{
    json_decref(m->steps);
    json_decref(m->plan);
    json_decref(m->rendered);
    memset(m, 0, sizeof *m);
}
