/* agent/cmd_plan.c — plan and show. */
#include "agent/artifacts.h"
#include "agent/command_review.h"
#include "agent/draft.h"
#include "agent/plan_print.h"
#include "agent/plans.h"
#include "agent/rails.h"
#include "agent/session.h"

enum { LACKS_TEXT_MAX = 64 << 10 };

/* A folder that was taken away takes nothing back: said until somebody wrote down what should go. */
static void warn_gone(struct app *a, struct state *st, const json_t *gone)
{
    json_t *name;
    size_t i;
    json_array_foreach (gone, i, name) {
        AUTO_FREE char *rel = mem_printf("templates/%s-removal", json_string_value(name));
        AUTO_FREE char *path = project_path(a->project, rel);
        AUTO_FREE char *key = mem_printf("plan/latest/%s-removal", json_string_value(name));
        AUTO_JSON json_t *offered = state_fact_get(st, key, NULL);
        if (!fs_exists(path) && !offered)
            app_warn(
                a,
                "%s was applied and has no folder any more: what it made stays in the org; 'zagent playbook remove "
                "%s' writes down how to take it back",
                json_string_value(name), json_string_value(name));
    }
}

static void warn_left_out(struct app *a, const json_t *left_out)
{
    json_t *row, *one;
    size_t i, k;
    json_array_foreach (left_out, i, row) {
        AUTO_SB struct sb list = SB_INIT(LACKS_TEXT_MAX);
        json_array_foreach (js_arr(row, "lacks"), k, one)
            sb_addf(&list, "%s%s", k ? ", " : "", json_string_value(one));
        app_warn(a, "%s is left out, this context does not have: %s; 'zagent context check' says what to write",
                 js_str_or(row, "playbook", ""), list.buf);
    }
    if (json_array_size(left_out))
        js_set(a->data, "left_out", json_deep_copy(left_out));
}

static int print_rails(struct app *a, struct state *st, const json_t *plan, struct err *e)
{
    AUTO_JSON json_t *limits = rails_limits(a->project->conf.root, NULL, e);
    AUTO_JSON json_t *protections = limits ? rails_protections(st, e) : NULL;
    if (!protections)
        return -1;
    AUTO_JSON json_t *findings = rails_find(plan, limits, protections);
    plan_print_rails(a, findings);
    return 0;
}

/* Hand steps that were refused by API before keep their date in the guide: states come from the journal. */
static int finish_plan(struct app *a, struct session *s, struct draft *w, json_t *plan, struct err *e)
{
    char digest[65];
    AUTO_JSON json_t *steps = state_steps(s->st, e);
    /* Saved last: a plan nobody was shown must not be what the next 'apply' takes. */
    if (!steps || artifacts_render(w, plan, e) < 0 || artifacts_write(a, plan, steps, &w->snapshot, e) < 0 ||
        plans_save(a->project, s->st, plan, digest, e) < 0)
        return -1;
    json_decref(a->data);
    a->data = plan_public(plan, digest);
    struct plan_print how = {.digest = digest, .details = app_flag(a, "details"), .summary = app_flag(a, "summary")};
    plan_print(a, plan, &how);
    if (print_rails(a, s->st, plan, e) < 0)
        return -1;
    plans_warn_off(a, s->st, plan);
    warn_gone(a, s->st, w->gone);
    warn_left_out(a, w->left_out);
    review_warn(a, s, w);
    const json_t *sum = js_obj(plan, "summary");
    int64_t hand = 0;
    const char *channel;
    json_t *v;
    json_object_foreach (js_obj(sum, "hand"), channel, v)
        hand += json_integer_value(v);
    int64_t left = js_int(sum, "api", 0) + js_int(sum, "wait", 0) + js_int(sum, "blocked", 0) + hand;
    if (app_flag(a, "check") && left) {
        err_set(e, ERR_FINDINGS, "the org differs from the playbook in %lld step%s", (long long)left,
                left == 1 ? "" : "s");
        return err_fix(e, "zagent apply %.12s", digest);
    }
    return 0;
}

int cmd_plan(struct app *a, struct err *e)
{
    struct session s;
    struct draft w = {.strict = app_flag(a, "strict")};
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0)
        rc = draft_load(&w, a, s.st, s.org, a->args, a->n_args, e);
    if (rc == 0)
        rc = draft_read(&w, s.st, s.org, e);
    if (rc == 0)
        rc = draft_plan(&w, s.st, s.org, app_list(a, "target"), app_list(a, "exclude"), &plan, e);
    if (rc == 0)
        rc = finish_plan(a, &s, &w, plan, e);
    draft_release(&w);
    session_close(&s);
    return rc;
}

int cmd_show(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    int rc = session_open(&s, a, SESSION_STATE, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, a->n_args ? a->args[0] : NULL, &plan, digest, e);
    if (rc == 0) {
        json_decref(a->data);
        a->data = plan_public(plan, digest);
        struct plan_print how = {
            .digest = digest, .details = app_flag(a, "details"), .summary = app_flag(a, "summary")};
        plan_print(a, plan, &how);
        rc = print_rails(a, s.st, plan, e);
    }
    session_close(&s);
    return rc;
}
