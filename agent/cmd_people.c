/* agent/cmd_people.c — guide, status, log: what people ask about hand steps and history. */
#include "agent/artifacts.h"
#include "agent/command_results.h"
#include "agent/command_review.h"
#include "agent/draft.h"
#include "agent/plans.h"
#include "agent/session.h"
#include "agent/standing.h"
#include "state/buildlog.h"

/* Labels of fields that the playbook does not make itself are in the org only. Without it the guide shows API names. */
static bool read_labels(struct app *a, struct session *s, const json_t *plan, struct snapshot *snapshot)
{
    struct err why = {0};
    if (org_open(&s->org, a, s->st, js_str(a->opts, "org"), ZOHO_READER, &why) == 0 &&
        draft_read_plan(s->org, plan, js_obj(plan, "names"), snapshot, &why) == 0)
        return true;
    app_warn(a, "the org could not be read (%s): labels that only it knows are shown as API names", why.what);
    return false;
}

int cmd_guide(struct app *a, struct err *e)
{
    struct session s;
    struct snapshot snapshot;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    snapshot_init(&snapshot);
    int rc = session_open(&s, a, SESSION_STATE, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, a->n_args ? a->args[0] : NULL, &plan, digest, e);
    bool read = rc == 0 && read_labels(a, &s, plan, &snapshot);
    AUTO_JSON json_t *steps = rc == 0 ? state_steps(s.st, e) : NULL;
    if (rc == 0)
        rc = steps ? artifacts_write(a, plan, steps, read ? &snapshot : NULL, e) : -1;
    snapshot_release(&snapshot);
    session_close(&s);
    if (rc < 0)
        return -1;
    json_t *files = json_array(), *one;
    const char *name;
    json_object_foreach (js_obj(plan, "rendered"), name, one) {
        AUTO_FREE char *html = mem_printf("%s/%s/guide.html", a->project->out_name, name);
        AUTO_FREE char *md = mem_printf("%s/%s/guide.md", a->project->out_name, name);
        js_push_str(files, html);
        js_push_str(files, md);
        app_print(a, "%s\n%s\n", html, md);
    }
    js_set(a->data, "files", files);
    return 0;
}

/* ---- status ---- */

/* Rules of the playbook that ran in the last seven days, as Zoho counts them; -1 when the org does not say. */
static int count_firing(struct app *a, struct session *s, const json_t *plan, const char *playbook)
{
    struct strset reads = {0};
    struct snapshot snap;
    struct err quiet = {0};
    int firing = -1;
    int64_t now = a->clock.now_s(a->clock.ctx);
    snapshot_init(&snap);
    strset_add(&reads, "workflow_rules");
    if (crm_read(s->org->zoho, &reads, NULL, &snap, &quiet) == 0) {
        json_t *step;
        size_t i;
        firing = 0;
        json_array_foreach (js_arr(plan, "steps"), i, step) {
            struct resource r = {0};
            struct desired nothing = {0};
            struct kind_view v = {.snapshot = &snap, .desired = &nothing, .names = js_obj(plan, "names")};
            if (strcmp(js_str_or(step, "kind", ""), "workflow_rule") != 0 || !plan_step_of(step, playbook))
                continue;
            if (plan_step_resource(step, &r, &quiet) == 0) {
                const json_t *live = r.kind->find(&v, &r);
                int64_t used =
                    live ? crm_rule_usage(s->org->zoho, js_str_or(live, "id", ""), now - 7 * 86400, now, &quiet) : 0;
                firing += used > 0;
            }
            resource_release(&r);
        }
    }
    strset_release(&reads);
    snapshot_release(&snap);
    return firing;
}

/* A hand step nobody has done: its owner; NULL for every other step. */
static const char *waiting_owner(const json_t *step, const json_t *known)
{
    static const enum step_outcome waits[] = {STEP_HAND, STEP_REFUSED, STEP_UNDONE};
    const char *o = js_str_or(json_object_get(known, js_str_or(step, "address", "")), "outcome", "");
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++)
        if (!strcmp(o, step_outcome_name(waits[i])))
            return js_str_or(js_obj(step, "hand"), "owner", "admin");
    return NULL;
}

/* The name asked for owns nothing here, or is misspelt: who does. */
static void print_owners(struct app *a, const json_t *plan, const json_t *known, const char *only)
{
    AUTO_SB struct sb names = SB_INIT(4096);
    AUTO_JSON json_t *seen = json_object();
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const char *owner = waiting_owner(step, known);
        if (!owner || json_object_get(seen, owner))
            continue;
        js_set_bool(seen, owner, true);
        sb_addf(&names, "%s%s", names.len ? ", " : "", owner);
    }
    app_print(a, "  nothing waits for %s; what waits is for %s\n", only, names.buf);
}

static void print_waiting(struct app *a, const json_t *plan, const json_t *known, const char *only, const char *zone,
                          json_t *out)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(plan, "steps"), i, step) {
        const json_t *k = json_object_get(known, js_str_or(step, "address", ""));
        const char *owner = waiting_owner(step, known);
        if (!owner || (only && strcmp(only, owner) != 0))
            continue;
        char since[CLOCK_TEXT];
        clock_local(js_int(k, "at", 0), zone, 0, since);
        AUTO_FREE char *name = address_for_people(js_str_or(step, "address", ""));
        app_print(a, "  %s  %s\n            %s, %lld min, since %s%s\n", js_str_or(step, "id", ""), name, owner,
                  (long long)js_int(step, "minutes", 0), since,
                  !strcmp(js_str_or(k, "outcome", ""), step_outcome_name(STEP_UNDONE)) ? "  (was done, is no longer so)"
                                                                                       : "");
        json_t *row = json_object();
        js_set_str(row, "id", js_str_or(step, "id", ""));
        js_set_str(row, "address", js_str_or(step, "address", ""));
        js_set_str(row, "owner", owner);
        js_set_int(row, "minutes", js_int(step, "minutes", 0));
        js_set_int(row, "since", js_int(k, "at", 0));
        json_array_append_new(out, row);
    }
}

static int status_one(struct app *a, struct session *s, const char *playbook, const json_t *known, json_t *out,
                      struct err *e)
{
    AUTO_JSON json_t *plan = NULL;
    char digest[65], key[128];
    struct err none = {0};
    json_t *row = json_object();
    json_array_append_new(out, row);
    js_set_str(row, "playbook", playbook);
    if (plans_load(a->project, s->st, playbook, &plan, digest, &none) < 0) {
        js_set_str(row, "state", "not planned");
        app_print(a, "%-20s not planned yet: zagent plan %s\n", playbook, playbook);
        return 0;
    }
    snprintf(key, sizeof key, "off/%s", playbook);
    AUTO_JSON json_t *off = state_fact_get(s->st, key, NULL);
    struct standing t = {0};
    standing_count(plan, playbook, known, &t);
    int firing = off ? 0 : count_firing(a, s, plan, playbook);
    const char *state = off                 ? "off"
                        : t.done == t.total ? (firing > 0 ? "firing" : "deployed")
                        : t.done            ? "partly deployed"
                                            : "built";
    js_set_str(row, "state", state);
    js_set_int(row, "done", t.done);
    js_set_int(row, "total", t.total);
    js_set_int(row, "rules_firing", firing);
    AUTO_FREE char *ran = firing < 0 ? mem_dup("not told") : mem_printf("%d", firing);
    app_print(a, "%-20s %s  %d of %d in place, %d by hand waiting, rules that ran in 7 days: %s\n", playbook, state,
              t.done, t.total, t.waiting, ran);
    json_t *waiting = json_array();
    js_set(row, "waiting", waiting);
    const char *only = app_text(a, "for", NULL);
    print_waiting(a, plan, known, only, js_str(s->org->info, "time_zone"), waiting);
    review_status(a, s, playbook, row);
    if (only && t.waiting && !json_array_size(waiting))
        print_owners(a, plan, known, only);
    (void)e;
    return 0;
}

int cmd_status(struct app *a, struct err *e)
{
    if (app_text(a, "experiment", NULL))
        return cmd_status_experiment(a, app_text(a, "experiment", NULL), e);
    struct session s;
    char **names = NULL;
    size_t n = 0;
    json_t *out = json_array();
    js_set(a->data, "playbooks", out);
    int rc = session_open(&s, a, SESSION_READER, e);
    AUTO_JSON json_t *known = rc == 0 ? state_steps(s.st, e) : NULL;
    if (rc == 0)
        rc = known ? playbook_list(a->project, &names, &n, e) : -1;
    if (rc == 0 && !n)
        app_print(a, "No playbook yet: zagent playbook new NAME (docs/PLAYBOOKS.md).\n");
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = status_one(a, &s, names[i], known, out, e);
    fs_list_free(names, n);
    session_close(&s);
    return rc;
}

/* ---- log ---- */

static int check_log(struct app *a, struct session *s, const char *text, size_t len, struct err *e)
{
    AUTO_JSON json_t *findings = json_array();
    AUTO_JSON json_t *info = json_object();
    char journal[33];
    json_t *f;
    size_t i;
    if (state_journal_id(s->st, journal, e) < 0 || buildlog_check(text, len, journal, findings, info, e) < 0)
        return -1;
    js_set(a->data, "findings", json_incref(findings));
    js_set(a->data, "info", json_incref(info));
    json_array_foreach (findings, i, f)
        app_print(a, "BUILD_LOG.md:%d: %s\n", (int)js_int(f, "line", 0), js_str_or(f, "text", ""));
    if (!json_array_size(findings)) {
        int64_t runs = js_int(info, "runs", 0);
        app_print(a, "BUILD_LOG.md is intact: %lld run%s, journal %s.\n", (long long)runs, runs == 1 ? "" : "s",
                  js_str_or(info, "journal", "?"));
        return 0;
    }
    err_set(e, ERR_FINDINGS, "BUILD_LOG.md was changed outside zagent in %zu place%s", json_array_size(findings),
            json_array_size(findings) == 1 ? "" : "s");
    return err_fix(e, "compare with version control; the journal in .zagent/state.db keeps every step");
}

int cmd_log(struct app *a, struct err *e)
{
    struct session s;
    AUTO_FREE char *text = NULL;
    size_t len = 0;
    int rc = fs_read_in(&a->project->root, "BUILD_LOG.md", 64 << 20, &text, &len, e);
    if (rc < 0 && e->kind == ERR_NOT_FOUND) {
        err_clear(e);
        app_print(a, "Nothing has been applied yet: there is no BUILD_LOG.md.\n");
        return 0;
    }
    if (rc < 0)
        return -1;
    rc = session_open(&s, a, SESSION_STATE, e);
    if (rc == 0 && app_flag(a, "check"))
        rc = check_log(a, &s, text, len, e);
    else if (rc == 0) {
        json_t *runs = state_runs(s.st, e);
        rc = runs ? 0 : -1;
        js_set(a->data, "runs", runs);
        app_print(a, "%s", text);
    }
    session_close(&s);
    return rc;
}
