/* agent/cmd_apply.c — apply, resume, verify: the commands around agent/apply.h. */
#include "agent/apply.h"
#include "agent/artifacts.h"
#include "agent/draft.h"
#include "agent/dryrun.h"
#include "agent/measure.h"
#include "agent/plan_print.h"
#include "agent/plans.h"
#include "agent/rails.h"
#include "agent/rehearse.h"
#include "agent/session.h"

int apply_dry(struct app *a, struct session *s, const json_t *plan, struct err *e)
{
    struct snapshot snap;
    AUTO_JSON json_t *steps = NULL, *report = NULL;
    snapshot_init(&snap);
    int rc = draft_read_plan(s->org, plan, js_obj(plan, "names"), &snap, e);
    AUTO_JSON json_t *states = rc == 0 ? state_steps(s->st, e) : NULL;
    if (rc == 0)
        rc = states ? dryrun(s->org, plan, &snap, &steps, e) : -1;
    if (rc == 0)
        rc = artifacts_write(a, plan, states, &snap, e);
    if (rc == 0) {
        dryrun_print(a, steps, app_flag(a, "details"));
        js_set(a->data, "steps", json_incref(steps));
        js_set_bool(a->data, "dry_run", true);
        /* What a rollback touches is a part of what stands there: no playbook's checks belong to it. */
        rc = js_obj(plan, "rollback") ? 0 : rehearse(a, s->org, plan, &snap, &report, e);
    }
    snapshot_release(&snap);
    if (rc == 0 && !report)
        app_print(a, "\nNothing was sent.\n");
    if (rc < 0 || !report)
        return rc;
    rehearse_print(a, report);
    js_set(a->data, "rehearsal", json_incref(report));
    app_print(a, "\nNothing was sent. The files it would leave are in %s/.\n", a->project->out_name);
    return rehearse_verdict(report, e);
}

static int64_t count_hand(const json_t *summary)
{
    int64_t n = 0;
    const char *channel;
    json_t *v;
    json_object_foreach (js_obj(summary, "hand"), channel, v)
        n += json_integer_value(v);
    return n;
}

/* The question names what a person must know before saying yes. */
int apply_ask(struct app *a, const struct org *org, const json_t *plan, struct err *e)
{
    bool production = js_bool(org->row, "production", false);
    const json_t *s = js_obj(plan, "summary");
    AUTO_FREE char *q = mem_printf(
        "Apply to %s (%s, %s): %lld changes by API, %lld credits, %lld existing records touched, %lld deleted, "
        "%lld steps by hand afterwards.",
        org->name, js_str_or(org->info, "name", "?"), js_str_or(org->info, "edition", "?"),
        (long long)js_int(s, "api", 0) + js_int(s, "wait", 0), (long long)js_int(s, "credits", 0),
        (long long)js_int(s, "records", 0), (long long)js_int(s, "delete", 0), (long long)count_hand(s));
    if (rails_production(a, org, q, e) < 0)
        return -1;
    return app_flag(a, "yes") || (production && !app_text(a, "production", NULL)) ? 0 : app_confirm(a, q, NULL, e);
}

int apply_plan(struct app *a, struct session *s, const json_t *plan, const char *digest,
               const struct apply_leave *leave, struct err *e)
{
    struct apply ap;
    measure_before(s, plan);
    int rc = apply_open(&ap, a, s->st, s->org, plan, digest, leave, e);
    if (rc == 0 && ap.nothing_to_do) {
        js_set_bool(a->data, "nothing_to_do", true);
        app_print(a, "Nothing to do: every step of this plan is in place.\n");
    } else if (rc == 0) {
        js_set_strf(a->meta, "run", "R%lld", (long long)ap.run);
        rc = apply_run(&ap, e);
        /* Also after a broken run: what was done belongs in the log. */
        if (rc == 0)
            rc = apply_finish(&ap, e);
    }
    apply_release(&ap);
    return rc;
}

/* zagent apply [PLAYBOOK|DIGEST]: a playbook's name stands for its latest saved plan. */
int cmd_apply(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    bool dry = app_flag(a, "dry-run");
    if (app_flag(a, "details") && !dry) {
        err_set(e, ERR_USAGE, "--details belongs to --dry-run");
        return err_fix(e, "'zagent apply --dry-run --details' shows the requests, 'zagent show --details' the changes");
    }
    int rc = session_open(&s, a, dry ? SESSION_READER : SESSION_WRITER | SESSION_LOCK, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, a->n_args ? a->args[0] : NULL, &plan, digest, e);
    if (rc == 0 && dry)
        rc = apply_dry(a, &s, plan, e);
    else if (rc == 0 && apply_ask(a, s.org, plan, e) == 0)
        rc = apply_plan(a, &s, plan, digest,
                        &(struct apply_leave){.raise = app_list(a, "limit"), .deletions = app_flag(a, "allow-delete")},
                        e);
    else
        rc = -1;
    session_close(&s);
    return rc;
}

int cmd_resume(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&s, a, SESSION_WRITER | SESSION_LOCK, e);
    int64_t run = rc == 0 ? state_run_find_open(s.st, "apply", NULL) : 0,
            back = rc == 0 ? state_run_find_open(s.st, "rollback", NULL) : 0;
    run = back > run ? back : run;
    if (rc == 0 && !run) {
        app_print(a, "No run is open: nothing to resume.\n");
        session_close(&s);
        return 0;
    }
    AUTO_JSON json_t *runs = rc == 0 ? state_runs(s.st, e) : NULL;
    const char *which = NULL;
    for (size_t i = 0; i < json_array_size(runs); i++)
        if (js_int(json_array_get(runs, i), "run", 0) == run)
            which = js_str(json_array_get(runs, i), "plan");
    if (rc == 0)
        rc = which ? plans_load(a->project, s.st, which, &plan, digest, e)
                   : err_set(e, ERR_IO, "run R%lld names no plan", (long long)run);
    if (rc == 0)
        rc = rails_production(a, s.org, "The open run goes on in production.", e);
    if (rc == 0)
        rc = apply_plan(a, &s, plan, digest, NULL, e);
    session_close(&s);
    return rc;
}

/* ---- verify ---- */

/* One line: what is not as planned, and how it differs. */
static void print_checked(struct app *a, const json_t *step, bool ok, const json_t *diff)
{
    const char *address = js_str_or(step, "address", ""), *path = js_str_or(diff, "path", "");
    AUTO_FREE char *name = address_for_people(address);
    AUTO_FREE char *want = diff ? js_canonical(json_object_get(diff, "want"), NULL) : NULL;
    AUTO_FREE char *have = diff ? js_canonical(json_object_get(diff, "have"), NULL) : NULL;
    app_print(a, "  %s%-7s%s  %s\n", app_paint(a, ok ? "green" : "red"), ok ? "ok" : "differs", app_paint(a, NULL),
              name);
    bool by_hand = strcmp(js_str_or(step, "channel", ""), "api") != 0;
    if (diff && !*path && json_is_null(json_object_get(diff, "have")))
        app_print(a, "           not in the org%s%s%s\n", by_hand ? ": made by hand, see the guide, step " : "",
                  by_hand ? js_str_or(step, "id", "") : "", by_hand ? "" : ": zagent apply makes it");
    else if (diff)
        app_print(a, "           %s is %.100s, planned %.100s\n", *path ? path : "it", have ? have : "absent",
                  want ? want : "absent");
    else if (!ok)
        app_print(a, "           not attested: zagent attest %s --by 'NAME'\n", address);
}

static int verify_step(struct app *a, const struct kind_view *v, const json_t *attested, const json_t *known,
                       const json_t *step, int *bad, struct err *e)
{
    const char *address = js_str_or(step, "address", "");
    const char *was = js_str_or(json_object_get(known, address), "outcome", "");
    AUTO_JSON json_t *diffs = json_array();
    json_t *row = json_object();
    bool ok;
    if (!strcmp(js_str_or(step, "channel", ""), "attest")) {
        char want[65];
        if (js_digest(json_object_get(step, "want"), want, e) < 0)
            return -1;
        ok = !strcmp(js_str_or(json_object_get(attested, address), "want", ""), want);
    } else {
        struct err local = {0};
        ok = plan_step_verify(v, step, diffs, &local) == 0 && json_array_size(diffs) == 0;
    }
    js_set_str(row, "address", address);
    js_set_bool(row, "ok", ok);
    json_object_set(row, "diffs", diffs);
    json_array_append_new(js_arr(a->data, "steps"), row);
    if (!ok || app_flag(a, "details"))
        print_checked(a, step, ok, json_array_get(diffs, 0));
    if (ok)
        return 0;
    ++*bad;
    if (strcmp(was, step_outcome_name(STEP_VERIFIED)) != 0 && strcmp(was, step_outcome_name(STEP_ATTESTED)) != 0)
        return 0;
    js_set_str(row, "was", was);
    return 0;
}

/* Steps that were in place and are no more go into the journal, so that status and the guide show them as open again. */
static int note_undone(struct app *a, struct session *s, const char *digest, struct err *e)
{
    int64_t run = 0;
    bool opened = false;
    json_t *row;
    size_t i;
    AUTO_JSON json_t *detail = json_object();
    js_set_str(detail, "text", "verify found it no longer so");
    json_array_foreach (js_arr(a->data, "steps"), i, row) {
        if (!js_str(row, "was"))
            continue;
        if ((!run && session_run(s, "verify", digest, &run, &opened, e) < 0) ||
            state_outcome(s->st, run, 0, js_str(row, "address"), STEP_UNDONE, detail, e) < 0)
            return -1;
    }
    return opened ? state_run_close(s->st, run, detail, e) : 0;
}

static int verify_plan(struct app *a, struct session *s, const json_t *plan, const char *digest, struct err *e)
{
    struct snapshot snap;
    struct desired nothing = {0};
    int bad = 0;
    snapshot_init(&snap);
    int rc = draft_read_plan(s->org, plan, js_obj(plan, "names"), &snap, e);
    AUTO_JSON json_t *attested = rc == 0 ? state_attested(s->st, s->org->zgid, e) : NULL;
    AUTO_JSON json_t *known = attested ? state_steps(s->st, e) : NULL;
    AUTO_JSON json_t *names = js_obj(plan, "names") ? json_deep_copy(js_obj(plan, "names")) : json_object();
    struct kind_view v = {.snapshot = &snap, .desired = &nothing, .names = names};
    js_set(a->data, "steps", json_array());
    json_t *step;
    size_t i;
    rc = known ? 0 : -1;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        if (rc == 0)
            rc = verify_step(a, &v, attested, known, step, &bad, e);
    }
    snapshot_release(&snap);
    if (rc < 0 || note_undone(a, s, digest, e) < 0)
        return -1;
    js_set_int(a->data, "bad", bad);
    plans_warn_off(a, s->st, plan);
    app_print(a, "%s%zu of %zu as planned.\n", bad || app_flag(a, "details") ? "\n" : "",
              json_array_size(js_arr(plan, "steps")) - (size_t)bad, json_array_size(js_arr(plan, "steps")));
    if (!bad)
        return 0;
    err_set(e, ERR_FINDINGS, "%d step%s not as planned", bad, bad == 1 ? " is" : "s are");
    return err_fix(e, "zagent plan shows what would put it right");
}

int cmd_verify(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, a->n_args ? a->args[0] : NULL, &plan, digest, e);
    if (rc == 0)
        rc = verify_plan(a, &s, plan, digest, e);
    session_close(&s);
    return rc;
}
