/*
 * agent/drift_repair.c — a saved plan that puts drifted things back as zagent left them.
 *
 * It holds everything zagent manages in this org, so that it can stand as its playbooks' latest plan; what has not drifted, was
 * accepted or was not asked for stays as it is. It is made from the steps of the runs, not from today's templates.
 */
#include "agent/drift.h"

#include "agent/draft.h"
#include "agent/plans.h"

/* Which actions only a person can associate is settled anew. */
static void forget_by_hand(json_t *j)
{
    const char *key;
    json_t *value;
    size_t i;
    json_object_del(j, "by_hand");
    json_object_foreach (j, key, value)
        forget_by_hand(value);
    json_array_foreach (j, i, value)
        forget_by_hand(value);
}

static bool left_alone(const struct drift *d, const struct strset *addresses, const char *address)
{
    const json_t *f = drift_finding(d, address);
    if (f)
        return !drift_chosen(addresses, f);
    return json_object_get(d->accepted, address) || js_array_has(d->off, address);
}

/* What is left as it is takes no part: what depends on it finds it in the org. */
static int fill(struct drift *d, struct draft *w, const struct strset *addresses, struct err *e)
{
    const char *address;
    json_t *step;
    json_object_foreach (d->m.steps, address, step) {
        struct resource r;
        if (!strcmp(js_str_or(step, "kind", ""), "records") || left_alone(d, addresses, address))
            continue;
        if (plan_step_resource(step, &r, e) < 0)
            return -1;
        json_t *body = json_deep_copy(r.body);
        forget_by_hand(body);
        json_decref(r.body);
        r.body = body;
        if (desired_add(&w->desired, &r, e) < 0)
            return -1;
    }
    return 0;
}

/* The guide pages as the runs had them. */
static void add_rendered(const struct drift *d, json_t *plan)
{
    json_t *rendered = json_object(), *name;
    size_t i;
    json_array_foreach (js_arr(plan, "playbooks"), i, name) {
        json_t *own = json_object_get(d->m.rendered, json_string_value(name));
        if (own)
            json_object_set(rendered, json_string_value(name), own);
    }
    js_set(plan, "rendered", rendered);
}

static int build(struct drift *d, struct draft *w, json_t **plan, struct err *e)
{
    AUTO_JSON json_t *attested = state_attested(d->s->st, d->s->org->zgid, e);
    const struct plan_input in = {.desired = &w->desired,
                                  .snapshot = &d->snapshot,
                                  .names = js_obj(d->m.plan, "names"),
                                  .capabilities = w->capabilities,
                                  .attested = attested,
                                  .org = d->s->org->info};
    return attested ? plan_build(&in, plan, e) : -1;
}

int drift_repair(struct drift *d, const struct strset *addresses, char digest[65], json_t **plan, struct err *e)
{
    struct draft w = {0};
    *plan = NULL;
    int rc = fill(d, &w, addresses, e);
    if (rc == 0)
        rc = draft_capabilities(&w, d->s->st, d->s->org, e);
    if (rc == 0)
        rc = build(d, &w, plan, e);
    if (rc == 0) {
        add_rendered(d, *plan);
        rc = plans_save(d->s->app->project, d->s->st, *plan, digest, e);
    }
    draft_release(&w);
    return rc;
}
