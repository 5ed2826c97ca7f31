#include "agent/apply.h"

#include "agent/artifacts.h"
#include "agent/draft.h"
#include "agent/interrupt.h"
#include "agent/rails.h"
#include "agent/session.h"
#include "base/crash.h"
#include "state/buildlog.h"

void apply_result(struct apply *ap, const json_t *step, enum step_outcome o, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    AUTO_FREE char *text = mem_vprintf(fmt, args);
    va_end(args);
    const char *address = js_str(step, "address");
    json_t *r = json_object_get(ap->results, address);
    if (!r) {
        r = json_object();
        js_set(ap->results, address, r);
    }
    json_object_del(r, "earlier");
    js_set_str(r, "outcome", step_outcome_name(o));
    js_set_str(r, "text", text);
    js_set_int(r, "at", ap->app->clock.now_s(ap->app->clock.ctx));
}

enum step_outcome apply_outcome(const struct apply *ap, const char *address)
{
    const char *name = js_str(json_object_get(ap->results, address), "outcome");
    for (int o = 0; name && o < STEP_OUTCOME__MAX; o++)
        if (!strcmp(name, step_outcome_name((enum step_outcome)o)))
            return (enum step_outcome)o;
    return STEP_OUTCOME__MAX;
}

static bool settled(enum step_outcome o)
{
    return o == STEP_VERIFIED || o == STEP_ATTESTED;
}

bool apply_true(struct apply *ap, const json_t *step, json_t *diffs)
{
    AUTO_JSON json_t *mine = json_array();
    struct err quiet = {0};
    if (plan_step_verify(&ap->view, step, diffs ? diffs : mine, &quiet) < 0)
        return false;
    return json_array_size(diffs ? diffs : mine) == 0;
}

int apply_reread(struct apply *ap, const json_t *step, struct err *e)
{
    return draft_read_step(ap->org, ap->plan, step, ap->names, &ap->snapshot, e);
}

void apply_sent(struct apply *ap, const json_t *step)
{
    json_t *r = json_object_get(ap->results, js_str(step, "address"));
    js_set_bool(r, "sent", true);
    json_object_del(r, "left");
}

int apply_left(struct apply *ap, const json_t *step, struct err *e)
{
    char now[65];
    if (plan_step_digest(&ap->view, step, now, e) < 0)
        return -1;
    js_set_str(json_object_get(ap->results, js_str(step, "address")), "left", now);
    return 0;
}

/* What the org shows differs from the plan's before, but by our own hand: as we left it, or never read since we wrote. */
static bool own_write(struct apply *ap, const json_t *step)
{
    const json_t *r = json_object_get(ap->results, js_str(step, "address"));
    const char *left = js_str(r, "left");
    char now[65];
    return js_bool(r, "sent", false) &&
           (!left || (plan_step_digest(&ap->view, step, now, NULL) == 0 && strcmp(left, now) == 0));
}

/* ---- opening: the run, what it already did, the org as it is now ---- */

/* Outcomes recorded in this run so far become its results. */
static int load_results(struct apply *ap, struct err *e)
{
    AUTO_JSON json_t *events = state_events(ap->st, ap->run, e);
    json_t *ev;
    size_t i;
    if (!events)
        return -1;
    json_array_foreach (events, i, ev) {
        const char *outcome = js_str(ev, "outcome"), *address = js_str(ev, "address");
        if (!outcome || !address)
            continue;
        json_t *r = json_object();
        js_set_str(r, "outcome", outcome);
        js_set_str(r, "text", js_str_or(js_obj(ev, "detail"), "text", ""));
        js_set_int(r, "at", js_int(ev, "at", 0));
        js_set_int(r, "seq", js_int(ev, "seq", 0));
        js_set_bool(r, "earlier", true);
        js_set_bool(r, "sent", js_bool(js_obj(ev, "detail"), "sent", false));
        js_set_str(r, "left", js_str(js_obj(ev, "detail"), "left"));
        js_set(ap->results, address, r);
    }
    return 0;
}

/* An intent without outcome: the request may or may not have reached the org. Reading decides. */
static int reconcile_one(struct apply *ap, const json_t *intent, struct err *e)
{
    const json_t *step = plan_step(ap->plan, js_str_or(intent, "address", ""));
    int64_t seq = js_int(intent, "seq", 0);
    json_t *detail = json_object();
    int rc = 0;
    bool is_true = false;
    for (int i = 0; step && i < APPLY_SETTLE_READS && !is_true && rc == 0; i++) {
        if (i)
            ap->app->clock.sleep_ms(ap->app->clock.ctx, APPLY_SETTLE_MS << i);
        rc = apply_reread(ap, step, e);
        is_true = rc == 0 && apply_true(ap, step, NULL);
    }
    if (rc == 0 && step && is_true) {
        apply_learn(ap, step, NULL, e);
        js_set_str(detail, "text", "found in the org after an interruption");
        apply_result(ap, step, STEP_VERIFIED, "found in the org after an interruption");
        rc = state_outcome(ap->st, ap->run, seq, js_str(step, "address"), STEP_VERIFIED, detail, e);
    } else if (rc == 0) {
        js_set_str(detail, "text", "not in the org after an interruption: will be sent again");
        if (step) { /* a part of it may be there */
            apply_result(ap, step, STEP_SKIPPED, "%s", js_str(detail, "text"));
            apply_sent(ap, step);
            rc = apply_left(ap, step, e);
            js_set_bool(detail, "sent", true);
            js_set_str(detail, "left", js_str(json_object_get(ap->results, js_str(step, "address")), "left"));
        }
        if (rc == 0)
            rc = state_outcome(ap->st, ap->run, seq, js_str_or(intent, "address", ""), STEP_SKIPPED, detail, e);
    }
    json_decref(detail);
    return rc;
}

static int reconcile(struct apply *ap, struct err *e)
{
    AUTO_JSON json_t *open = state_open_intents(ap->st, ap->run, e);
    json_t *intent;
    size_t i;
    if (!open)
        return -1;
    json_array_foreach (open, i, intent) {
        if (reconcile_one(ap, intent, e) < 0)
            return -1;
    }
    return 0;
}

/* The plan was made against this org in this state, or nothing is written. */
static int check_fresh(struct apply *ap, struct err *e)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        struct err local = {0};
        if (strcmp(js_str_or(step, "channel", ""), "api") != 0 || !strcmp(js_str_or(step, "action", ""), "none") ||
            !strcmp(js_str_or(step, "state", ""), "blocked") || settled(apply_outcome(ap, js_str(step, "address"))))
            continue;
        if (plan_step_fresh(&ap->view, step, &local) == 0 || apply_true(ap, step, NULL) || own_write(ap, step))
            continue;
        *e = local;
        return err_fix(e, "run 'zagent plan' again and review what changed");
    }
    return 0;
}

static const json_t *run_facts(const json_t *runs, int64_t number)
{
    const json_t *run;
    size_t i;
    json_array_foreach (runs, i, run)
        if (js_int(run, "run", 0) == number)
            return js_obj(run, "facts");
    return NULL;
}

/* A run is held to what it was opened with, also when it goes on later. */
static int take_leave(struct apply *ap, bool *deletions, struct err *e)
{
    AUTO_JSON json_t *runs = ap->run ? state_runs(ap->st, e) : json_array();
    if (!runs)
        return -1;
    const json_t *facts = run_facts(runs, ap->run);
    const json_t *raise = ap->run ? js_arr(facts, "limit") : ap->leave ? ap->leave->raise : NULL;
    *deletions = ap->run ? js_bool(facts, "allow_delete", false) : ap->leave && ap->leave->deletions;
    ap->limits = rails_limits(ap->app->project->conf.root, raise, e);
    return ap->limits ? 0 : -1;
}

static int check_deletions(const struct apply *ap, bool leave, struct err *e)
{
    const json_t *step;
    size_t i, n = 0;
    const char *first = NULL;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step)
        if (!strcmp(js_str_or(step, "action", ""), "delete") && strcmp(js_str_or(step, "state", ""), "blocked") != 0) {
            first = first ? first : js_str(step, "address");
            n++;
        }
    if (!n || leave || ap->org->throwaway)
        return 0;
    err_set(e, ERR_REFUSED, "the plan deletes %zu thing%s, the first is %s", n, n == 1 ? "" : "s", first);
    return err_fix(e, "read what is lost with 'zagent show', then add --allow-delete");
}

static int check_rails(struct apply *ap, struct err *e)
{
    if (ap->org->throwaway)
        return 0;
    AUTO_JSON json_t *protections = rails_protections(ap->st, e);
    AUTO_JSON json_t *findings = protections ? rails_find(ap->plan, ap->limits, protections) : NULL;
    return findings ? rails_refuse(findings, e) : -1;
}

/* Between two steps: is there still leave to write, and something to pay the next one with? */
static bool may_go_on(struct apply *ap, const json_t *step)
{
    if (ap->org->throwaway || ap->halted.kind != ERR_NONE)
        return ap->halted.kind == ERR_NONE;
    bool writes = !strcmp(js_str_or(step, "channel", ""), "api") &&
                  strcmp(js_str_or(step, "action", ""), "none") != 0 &&
                  !settled(apply_outcome(ap, js_str_or(step, "address", "")));
    return rails_halted(ap->app->project, &ap->halted) == 0 &&
           (!writes || rails_purse(ap->org, ap->limits, js_int(step, "credits", 1), &ap->halted) == 0);
}

/* A log or a guide that cannot be written must stop the run before the org is changed, not after. */
static int outputs_writable(struct apply *ap, struct err *e)
{
    if (ap->org->throwaway) /* what happens on a copy is in nobody's guide */
        return 0;
    AUTO_JSON json_t *steps = state_steps(ap->st, e);
    return !steps || buildlog_writable(&ap->app->project->root, e) < 0 ||
                   artifacts_write(ap->app, ap->plan, steps, &ap->snapshot, e) < 0
               ? -1
               : 0;
}

const char *apply_command(const json_t *plan)
{
    return js_obj(plan, "rollback") ? "rollback" : "apply";
}

static int open_run(struct apply *ap, struct err *e)
{
    AUTO_JSON json_t *facts = json_object();
    js_set_str(facts, "org", ap->org->name);
    js_set_str(facts, "zgid", ap->org->zgid);
    js_set_str(facts, "actor", session_actor());
    js_set(facts, "playbooks", json_incref(js_arr(ap->plan, "playbooks")));
    if (ap->leave && ap->leave->raise)
        json_object_set(facts, "limit", (json_t *)(uintptr_t)ap->leave->raise);
    if (ap->leave && ap->leave->deletions)
        js_set_bool(facts, "allow_delete", true);
    return state_run_open(ap->st, apply_command(ap->plan), ap->digest, facts, &ap->run, e);
}

/* Every step of the plan true already: then there is nothing to run and nothing to log. */
static int in_place(struct apply *ap, bool *all, struct err *e)
{
    AUTO_JSON json_t *attested = state_attested(ap->st, ap->org->zgid, e);
    json_t *step;
    size_t i;
    *all = attested != NULL;
    if (!attested)
        return -1;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        char want[65];
        if (!strcmp(js_str_or(step, "channel", ""), "attest")) {
            if (js_digest(json_object_get(step, "want"), want, e) < 0)
                return -1;
            *all &= !strcmp(js_str_or(json_object_get(attested, js_str_or(step, "address", "")), "want", ""), want);
        } else {
            *all &= apply_true(ap, step, NULL);
        }
    }
    return 0;
}

int apply_open(struct apply *ap, struct app *a, struct state *st, struct org *org, const json_t *plan,
               const char *digest, const struct apply_leave *leave, struct err *e)
{
    *ap = (struct apply){.app = a, .st = st, .org = org, .plan = plan, .digest = digest, .leave = leave};
    snapshot_init(&ap->snapshot);
    ap->results = json_object();
    const json_t *planned = js_obj(plan, "org");
    if (strcmp(js_str_or(planned, "zgid", ""), org->zgid) != 0) {
        err_set(e, ERR_REFUSED, "the plan was made for org %s (%s), this is %s (%s)", js_str_or(planned, "name", "?"),
                js_str_or(planned, "zgid", "?"), js_str_or(org->info, "name", "?"), org->zgid);
        return err_fix(e, "name the org of the plan with --org, or plan again");
    }
    bool deletions = false;
    ap->names = js_obj(plan, "names") ? json_deep_copy(js_obj(plan, "names")) : json_object();
    ap->view = (struct kind_view){.snapshot = &ap->snapshot, .desired = &ap->nothing, .names = ap->names};
    ap->run = state_run_find_open(st, apply_command(plan), digest);
    ap->resumed = ap->run != 0;
    if ((!org->throwaway && rails_halted(a->project, e) < 0) || take_leave(ap, &deletions, e) < 0 ||
        check_deletions(ap, deletions, e) < 0 || check_rails(ap, e) < 0 ||
        draft_read_plan(org, plan, ap->names, &ap->snapshot, e) < 0)
        return -1;
    if (ap->resumed && (load_results(ap, e) < 0 || reconcile(ap, e) < 0))
        return -1;
    if (!ap->resumed && in_place(ap, &ap->nothing_to_do, e) < 0)
        return -1;
    if (ap->nothing_to_do)
        return 0;
    if (check_fresh(ap, e) < 0)
        return -1;
    return outputs_writable(ap, e) < 0 || (!ap->resumed && open_run(ap, e) < 0) ? -1 : 0;
}

/* ---- running ---- */

/* The first dependency that is not there yet; NULL when all are. */
static const char *missing_need(const struct apply *ap, const json_t *step)
{
    json_t *need;
    size_t i;
    json_array_foreach (js_arr(step, "needs"), i, need) {
        const char *address = json_string_value(need);
        const json_t *other = plan_step(ap->plan, address);
        if (!other || !strcmp(js_str_or(other, "action", ""), "none"))
            continue;
        if (!settled(apply_outcome(ap, address)))
            return address;
    }
    return NULL;
}

/* A person's step: true already, or waiting since the first run that met it. */
static int by_hand(struct apply *ap, const json_t *step, struct err *e)
{
    const char *address = js_str(step, "address");
    AUTO_JSON json_t *detail = json_object();
    if (!strcmp(js_str_or(step, "channel", ""), "attest")) {
        AUTO_JSON json_t *attested = state_attested(ap->st, ap->org->zgid, e);
        const json_t *row = attested ? json_object_get(attested, address) : NULL;
        char want[65];
        if (!attested || js_digest(json_object_get(step, "want"), want, e) < 0)
            return -1;
        if (row && !strcmp(js_str_or(row, "want", ""), want)) {
            apply_result(ap, step, STEP_ATTESTED, "attested by %s", js_str_or(row, "by", "?"));
            js_set_strf(detail, "text", "attested by %s", js_str_or(row, "by", "?"));
            return state_outcome(ap->st, ap->run, 0, address, STEP_ATTESTED, detail, e);
        }
    } else if (apply_true(ap, step, NULL)) {
        apply_learn(ap, step, NULL, e);
        apply_result(ap, step, STEP_VERIFIED, "done by hand, read back");
        js_set_str(detail, "text", "done by hand, read back");
        return state_outcome(ap->st, ap->run, 0, address, STEP_VERIFIED, detail, e);
    }
    const char *owner = js_str_or(js_obj(step, "hand"), "owner", "admin");
    bool known = apply_outcome(ap, address) == STEP_HAND || apply_outcome(ap, address) == STEP_REFUSED;
    apply_result(ap, step, STEP_HAND, "waits for %s, %lld min", owner, (long long)js_int(step, "minutes", 0));
    js_set_strf(detail, "text", "waits for %s", owner);
    js_set_str(detail, "owner", owner);
    return known ? 0 : state_outcome(ap->st, ap->run, 0, address, STEP_HAND, detail, e);
}

/* Whether what is missing comes by itself, once somebody has done a hand step. */
static bool only_waits(const struct apply *ap, const char *address)
{
    enum step_outcome o = apply_outcome(ap, address);
    if (o == STEP_SKIPPED)
        return !strncmp(js_str_or(json_object_get(ap->results, address), "text", ""), "waits for", 9);
    return o != STEP_FAILED && o != STEP_UNKNOWN;
}

static int one_step(struct apply *ap, const json_t *step, struct err *e)
{
    const char *address = js_str(step, "address");
    enum step_outcome so_far = apply_outcome(ap, address);
    if (!strcmp(js_str_or(step, "action", ""), "none") || settled(so_far))
        return 0;
    if (!strcmp(js_str_or(step, "state", ""), "blocked")) {
        apply_result(ap, step, STEP_SKIPPED, "blocked: %s",
                     js_str_or(js_obj(step, "blocked"), "why", "see 'zagent show'"));
        return 0;
    }
    if (!strncmp(js_str_or(json_object_get(ap->results, address), "text", ""), "stale:", 6))
        return 0;
    const char *need = missing_need(ap, step);
    if (need) {
        AUTO_FREE char *other = address_for_people(need);
        apply_result(ap, step, STEP_SKIPPED, only_waits(ap, need) ? "waits for %s" : "needs %s, which is not there",
                     other);
        return 0;
    }
    bool refused_before = so_far == STEP_REFUSED || so_far == STEP_HAND;
    if (strcmp(js_str_or(step, "channel", ""), "api") != 0 || refused_before)
        return by_hand(ap, step, e);
    return apply_write(ap, step, e);
}

int apply_run(struct apply *ap, struct err *e)
{
    json_t *step;
    ap->n_steps = json_array_size(js_arr(ap->plan, "steps"));
    json_array_foreach (js_arr(ap->plan, "steps"), ap->i_step, step) {
        if (interrupt_asked() || !may_go_on(ap, step)) {
            ap->stopped = true;
            return 0;
        }
        if (one_step(ap, step, e) < 0)
            return -1;
    }
    return 0;
}

bool apply_learn(struct apply *ap, const json_t *step, const char *id, struct err *e)
{
    struct resource r = {0};
    struct err quiet = {0};
    bool other = false;
    if (plan_step_resource(step, &r, &quiet) < 0) {
        resource_release(&r);
        return false;
    }
    json_t *live = NULL, *o;
    json_t *name;
    size_t i, k;
    /* By id first: Zoho may have given another api_name than the one we would look for. */
    if (id)
        json_array_foreach (js_arr(step, "reads"), i, name) {
            json_array_foreach (snapshot_get(&ap->snapshot, json_string_value(name)), k, o)
                if (!strcmp(js_str_or(o, "id", ""), id))
                    live = o;
        }
    if (!live)
        live = r.kind->find(&ap->view, &r);
    const char *api = js_str(live, "api_name");
    if (api &&
        (!strcmp(r.kind->name, "field") || !strcmp(r.kind->name, "module") || !strcmp(r.kind->name, "function"))) {
        other = strcmp(kind_real_name(&ap->view, r.address, r.name), api) != 0;
        if (other)
            js_set_str(ap->names, r.address, api);
    }
    if (live)
        state_name_put(ap->st, ap->org->zgid, r.address, js_str_or(live, "id", id ? id : ""), other ? api : NULL, e);
    resource_release(&r);
    return other;
}

void apply_release(struct apply *ap)
{
    snapshot_release(&ap->snapshot);
    json_decref(ap->names);
    json_decref(ap->results);
    json_decref(ap->limits);
    memset(ap, 0, sizeof *ap);
}
