#include "agent/managed.h"

#include "agent/plans.h"

/* step NULL: managed no more. */
static void stands(struct managed *m, const char *address, const json_t *step, int64_t run)
{
    json_t *entry = json_object();
    js_set_int(entry, "run", run);
    if (!json_object_get(m->history, address))
        js_set(m->history, address, json_array());
    json_array_append_new(json_object_get(m->history, address), entry);
    if (!step) {
        json_object_del(m->steps, address);
        return;
    }
    json_t *own = json_copy((json_t *)(uintptr_t)step);
    js_set_int(own, "run", run);
    json_object_set(entry, "step", own);
    js_set(m->steps, address, own);
}

/* As it was before the run that was taken back, which may have been a taking back itself. */
static void go_back(struct managed *m, const char *address, int64_t before, int64_t run)
{
    const json_t *past = json_object_get(m->history, address), *step = NULL, *entry;
    size_t i;
    json_array_foreach (past, i, entry)
        if (js_int(entry, "run", 0) < before)
            step = js_obj(entry, "step");
    AUTO_JSON json_t *own = json_incref((json_t *)(uintptr_t)step);
    stands(m, address, own, run);
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
    const char *named = js_str_or(js_obj(plan, "rollback"), "run", "");
    int64_t taken_back = *named == 'R' ? strtoll(named + 1, NULL, 10) : number;
    AUTO_JSON json_t *events = state_events(st, number, e);
    json_t *one;
    size_t i;
    if (!events)
        return -1;
    json_array_foreach (js_arr(plan, "steps"), i, one)
        if (!back && !strcmp(js_str_or(one, "action", ""), "none"))
            stands(m, js_str_or(one, "address", ""), one, number);
    json_array_foreach (events, i, one) {
        const json_t *step = plan_step(plan, js_str_or(one, "address", ""));
        if (!is_true(js_str_or(one, "outcome", "")))
            continue;
        if (back)
            go_back(m, js_str_or(one, "address", ""), taken_back, number);
        else if (!strcmp(js_str_or(step, "action", ""), "delete"))
            stands(m, js_str_or(one, "address", ""), NULL, number);
        else if (step)
            stands(m, js_str_or(step, "address", ""), step, number);
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
    *m = (struct managed){
        .steps = json_object(), .history = json_object(), .plan = json_object(), .rendered = json_object()};
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
    json_decref(m->history);
    json_decref(m->plan);
    json_decref(m->rendered);
    memset(m, 0, sizeof *m);
}
