/* agent/cmd_promote.c — promote: what passed in one org, planned for the next. */
#include "agent/artifacts.h"
#include "agent/command_rails.h"
#include "agent/plan_print.h"
#include "agent/plans.h"
#include "agent/promote.h"
#include "agent/rails.h"
#include "agent/rehearse.h"
#include "state/buildlog.h"

const struct opt promote_opts[] = {
    {"from", 0, OPT_TEXT, "ORG", "where it passed (default: the Zoho Sandbox of --to, or the only other org)"},
    {"to", 0, OPT_TEXT, "ORG", "where it goes (default: the only production org)"},
    {"details", 'd', OPT_FLAG, NULL, "every change, property by property"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

struct promotion {
    struct app *a;
    struct session s; /* org: first the one it passed in, then the one it goes to */
    const char *from, *to;
    struct strset playbooks;
    int64_t run;
    json_t *passed; /* the plan of that run */
    char digest[65];
};

/* ---- which orgs ---- */

static int choose(struct promotion *p, struct err *e)
{
    json_t *orgs = js_obj(p->a->project->conf.root, "orgs"), *row;
    const char *name, *other = NULL, *stage = NULL;
    size_t n = 0;
    p->to = app_text(p->a, "to", NULL);
    p->from = app_text(p->a, "from", NULL);
    json_object_foreach (orgs, name, row)
        if (!p->to && js_bool(row, "production", false) && ++n)
            other = name;
    p->to = p->to ? p->to : n == 1 ? other : NULL;
    if (!p->to) {
        err_set(e, ERR_USAGE, "no org is production, or several are: which one is meant?");
        return err_fix(e, "--to ORG, or production: true at one org of zagent.yaml");
    }
    n = 0;
    json_object_foreach (orgs, name, row) {
        if (!strcmp(name, p->to))
            continue;
        n++;
        other = name;
        stage = !strcmp(js_str_or(row, "of", ""), p->to) ? name : stage;
    }
    p->from = p->from ? p->from : stage ? stage : n == 1 ? other : NULL;
    if (p->from && strcmp(p->from, p->to) != 0)
        return 0;
    err_set(e, ERR_USAGE, "where did it pass?");
    return err_fix(e, "--from ORG, or of: %s at the org that is its Zoho Sandbox", p->to);
}

/* ---- what passed there ---- */

static bool same_playbooks(const struct promotion *p, const json_t *facts)
{
    const json_t *ran = js_arr(facts, "playbooks");
    for (size_t i = 0; i < p->playbooks.n; i++)
        if (!js_array_has(ran, p->playbooks.item[i]))
            return false;
    return json_array_size(ran) == p->playbooks.n;
}

static char *all_names(const struct promotion *p)
{
    AUTO_SB struct sb b = SB_INIT(4096);
    for (size_t i = 0; i < p->playbooks.n; i++)
        sb_addf(&b, "%s%s", i ? " " : "", p->playbooks.item[i]);
    return mem_dup(b.buf);
}

static int name_playbooks(struct promotion *p, struct err *e)
{
    char **all;
    size_t n;
    for (int i = 0; i < p->a->n_args; i++)
        strset_add(&p->playbooks, p->a->args[i]);
    if (p->a->n_args)
        return 0;
    if (playbook_list(p->a->project, &all, &n, e) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        strset_add(&p->playbooks, all[i]);
    fs_list_free(all, n);
    return 0;
}

static int find_run(struct promotion *p, struct err *e)
{
    AUTO_JSON json_t *runs = state_runs(p->s.st, e);
    AUTO_FREE char *names = all_names(p);
    json_t *run;
    size_t i;
    bool open = false;
    const char *plan = NULL;
    if (!runs)
        return -1;
    json_array_foreach (runs, i, run) {
        const json_t *facts = js_obj(run, "facts");
        AUTO_FREE char *key = mem_printf("rolled_back/R%lld", (long long)js_int(run, "run", 0));
        AUTO_JSON json_t *back = state_fact_get(p->s.st, key, NULL);
        if (back || strcmp(js_str_or(run, "command", ""), "apply") != 0 ||
            strcmp(js_str_or(facts, "zgid", ""), p->s.org->zgid) != 0 || !same_playbooks(p, facts))
            continue;
        p->run = js_int(run, "run", 0);
        plan = js_str(run, "plan");
        open = json_is_null(json_object_get(run, "closed_at"));
    }
    if (!plan) {
        err_set(e, ERR_REFUSED, "%s was not applied in '%s' in one plan", names, p->from);
        return err_fix(e, "zagent plan %s --org %s, then apply and verify it there", names, p->from);
    }
    if (open) {
        err_set(e, ERR_REFUSED, "R%lld in '%s' is not finished: steps of it are open", (long long)p->run, p->from);
        return err_fix(e, "zagent status --org %s says what waits for whom", p->from);
    }
    return plans_load(p->a->project, p->s.st, plan, &p->passed, p->digest, e);
}

/* Read again: every step as planned, and the checks green on a copy. */
static int still_green(struct promotion *p, const struct snapshot *snap, struct err *e)
{
    struct desired nothing = {0};
    const struct kind_view v = {.snapshot = snap, .desired = &nothing, .names = js_obj(p->passed, "names")};
    AUTO_JSON json_t *attested = state_attested(p->s.st, p->s.org->zgid, e);
    json_t *step;
    size_t i, bad = 0;
    const char *first = NULL;
    if (!attested)
        return -1;
    json_array_foreach (js_arr(p->passed, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        AUTO_JSON json_t *diffs = json_array();
        struct err quiet = {0};
        bool word = !strcmp(js_str_or(step, "channel", ""), "attest");
        bool ok = word ? json_object_get(attested, address) != NULL
                       : plan_step_verify(&v, step, diffs, &quiet) == 0 && !json_array_size(diffs);
        first = ok || first ? first : address;
        bad += !ok;
    }
    if (!bad)
        return 0;
    err_set(e, ERR_FINDINGS, "%zu step%s of R%lld not as planned any more in '%s', the first is %s", bad,
            bad == 1 ? " is" : "s are", (long long)p->run, p->from, first);
    return err_fix(e, "zagent verify %.12s --org %s shows what differs", p->digest, p->from);
}

/* On a copy of the org all of it is in place: what is asked there are the playbook's checks. */
static int checks_green(struct promotion *p, const struct snapshot *snap, struct err *e)
{
    AUTO_JSON json_t *in_place = json_deep_copy(p->passed);
    AUTO_JSON json_t *report = NULL;
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(in_place, "steps"), i, step)
        js_set_str(step, "action", "none");
    return rehearse(p->a, p->s.org, in_place, snap, &report, e) < 0 ? -1 : rehearse_verdict(report, e);
}

static int passed_there(struct promotion *p, struct err *e)
{
    struct snapshot snap;
    snapshot_init(&snap);
    int rc = org_open(&p->s.org, p->a, p->s.st, p->from, ZOHO_READER, e);
    if (rc == 0)
        rc = find_run(p, e);
    if (rc == 0)
        rc = draft_read_plan(p->s.org, p->passed, js_obj(p->passed, "names"), &snap, e);
    if (rc == 0)
        rc = still_green(p, &snap, e);
    if (rc == 0)
        rc = checks_green(p, &snap, e);
    snapshot_release(&snap);
    org_close(p->s.org);
    p->s.org = NULL;
    return rc;
}

/* ---- the plan for the next ---- */

static int same_as_passed(struct promotion *p, const json_t *plan, struct err *e)
{
    static const char *const parts[] = {"templates", "context"};
    const json_t *then = js_obj(p->passed, "inputs"), *now = js_obj(plan, "inputs");
    AUTO_JSON json_t *differ = promote_differences(p->passed, plan);
    const json_t *address;
    size_t i;
    js_set(p->a->data, "differs", json_incref(differ));
    json_array_foreach (differ, i, address) {
        AUTO_FREE char *name = address_for_people(json_string_value(address));
        app_print(p->a, "%s  %s\n", i ? "" : "Not the same as what passed:\n", name);
    }
    for (i = 0; i < 2; i++) {
        if (!strcmp(js_str_or(then, parts[i], ""), js_str_or(now, parts[i], "")))
            continue;
        err_set(e, ERR_REFUSED, "%s changed since R%lld passed in '%s'; %zu step%s not the same", parts[i],
                (long long)p->run, p->from, json_array_size(differ), json_array_size(differ) == 1 ? " is" : "s are");
        return err_fix(e, "plan, apply and verify it in '%s' again, then promote", p->from);
    }
    if (json_array_size(differ))
        app_print(p->a, "  (templates and context are those that passed; this comes from the org's own context or from "
                        "what the org allows)\n\n");
    return 0;
}

/* There and equal, and no run of ours made it here: deployed otherwise. */
static json_t *adopted(struct promotion *p, const json_t *plan, struct err *e)
{
    AUTO_JSON json_t *known = state_steps(p->s.st, e);
    json_t *rows = json_array(), *step;
    size_t i;
    json_array_foreach (known ? js_arr(plan, "steps") : NULL, i, step) {
        const char *address = js_str_or(step, "address", "");
        if (strcmp(js_str_or(step, "action", ""), "none") != 0 || json_object_get(known, address) ||
            !js_str(step, "live_id"))
            continue;
        json_t *row = json_object();
        js_set_str(row, "address", address);
        js_set_str(row, "title", js_str_or(step, "title", ""));
        js_set_str(row, "outcome", "adopted");
        js_set_str(row, "detail", "there already and equal, not by a run of zagent's");
        js_set_str(row, "id", js_str(step, "live_id"));
        json_array_append_new(rows, row);
    }
    return rows;
}

static int write_log(struct promotion *p, int64_t run, const json_t *rows, struct err *e)
{
    char journal[33];
    AUTO_FREE char *notice = NULL;
    AUTO_FREE char *one =
        mem_printf("%s already has %zu thing%s of what passed in %s, equal: deployed otherwise, adopted.", p->to,
                   json_array_size(rows), json_array_size(rows) == 1 ? "" : "s", p->from);
    struct buildlog_run log = {.run = run,
                               .command = "promote",
                               .org = p->s.org->name,
                               .edition = js_str_or(p->s.org->info, "edition", ""),
                               .actor = session_actor(),
                               .zone = js_str_or(p->s.org->info, "time_zone", ""),
                               .at = p->a->clock.now_s(p->a->clock.ctx),
                               .sentence = {one, "nothing.", "nothing was changed"},
                               .rows = rows};
    return state_journal_id(p->s.st, journal, e) < 0 ||
                   buildlog_append(&p->a->project->root, &log, journal, &notice, e) < 0
               ? -1
               : 0;
}

static int adopt(struct promotion *p, const json_t *plan, struct err *e)
{
    AUTO_JSON json_t *rows = adopted(p, plan, e);
    AUTO_JSON json_t *facts = json_object();
    AUTO_JSON json_t *detail = json_object();
    json_t *row;
    size_t i;
    int64_t run;
    js_set(p->a->data, "adopted", json_incref(rows));
    if (!json_array_size(rows))
        return 0;
    js_set_str(facts, "org", p->s.org->name);
    js_set_str(facts, "zgid", p->s.org->zgid);
    js_set_str(facts, "actor", session_actor());
    js_set_str(detail, "text", "there already and equal: adopted");
    if (state_run_open(p->s.st, "promote", p->digest, facts, &run, e) < 0)
        return -1;
    app_print(p->a, "Adopted, because it is there already and equal (a change set, or a person):\n");
    json_array_foreach (rows, i, row) {
        const char *address = js_str_or(row, "address", "");
        AUTO_FREE char *name = address_for_people(address);
        app_print(p->a, "  %s\n", name);
        if (state_outcome(p->s.st, run, 0, address, STEP_VERIFIED, detail, e) < 0 ||
            state_name_put(p->s.st, p->s.org->zgid, address, js_str_or(row, "id", ""), NULL, e) < 0)
            return -1;
    }
    return write_log(p, run, rows, e) < 0 ? -1 : state_run_close(p->s.st, run, facts, e);
}

static int show(struct promotion *p, const json_t *plan, const char *digest, struct err *e)
{
    struct app *a = p->a;
    AUTO_JSON json_t *limits = rails_limits(a->project->conf.root, NULL, e);
    AUTO_JSON json_t *protections = limits ? rails_protections(p->s.st, e) : NULL;
    if (!protections)
        return -1;
    AUTO_JSON json_t *public = plan_public(plan, digest);
    json_object_update(a->data, public);
    json_object_set(a->data, "promoted", js_obj(plan, "promoted"));
    app_print(a, "What passed in %s as R%lld, planned for %s.\n", p->from, (long long)p->run, p->to);
    struct plan_print how = {.digest = digest, .details = app_flag(a, "details")};
    plan_print(a, plan, &how);
    AUTO_JSON json_t *findings = rails_find(plan, limits, protections);
    plan_print_rails(a, findings);
    bool production = js_bool(p->s.org->row, "production", false);
    app_print(a, "next: zagent apply %.12s --org %s%s%s\n", digest, p->to, production ? " --production " : "",
              production ? p->to : "");
    return 0;
}

static int finish(struct promotion *p, struct draft *w, json_t *plan, struct err *e)
{
    char digest[65];
    json_t *from = json_object();
    js_set_str(from, "from", p->from);
    js_set_strf(from, "run", "R%lld", (long long)p->run);
    js_set_str(from, "plan", p->digest);
    js_set(plan, "promoted", from);
    if (same_as_passed(p, plan, e) < 0 || artifacts_render(w, plan, e) < 0 || adopt(p, plan, e) < 0)
        return -1;
    AUTO_JSON json_t *steps = state_steps(p->s.st, e);
    if (!steps || artifacts_write(p->a, plan, steps, &w->snapshot, e) < 0 ||
        plans_save(p->a->project, p->s.st, plan, digest, e) < 0)
        return -1;
    return show(p, plan, digest, e);
}

static int plan_for_next(struct promotion *p, struct err *e)
{
    struct draft w = {0};
    AUTO_JSON json_t *plan = NULL;
    int rc = org_open(&p->s.org, p->a, p->s.st, p->to, ZOHO_READER, e);
    if (rc == 0)
        rc = draft_load(&w, p->a, p->s.st, p->s.org, p->playbooks.item, (int)p->playbooks.n, e);
    if (rc == 0)
        rc = draft_read(&w, p->s.st, p->s.org, e);
    if (rc == 0)
        rc = draft_plan(&w, p->s.st, p->s.org, NULL, NULL, &plan, e);
    if (rc == 0)
        rc = finish(p, &w, plan, e);
    draft_release(&w);
    return rc;
}

int cmd_promote(struct app *a, struct err *e)
{
    struct promotion p = {.a = a};
    int rc = choose(&p, e);
    if (rc == 0)
        rc = session_open(&p.s, a, SESSION_LOCK, e);
    if (rc == 0)
        rc = name_playbooks(&p, e);
    if (rc == 0)
        rc = passed_there(&p, e);
    if (rc == 0)
        rc = plan_for_next(&p, e);
    json_decref(p.passed);
    strset_release(&p.playbooks);
    session_close(&p.s);
    return rc;
}
