/* agent/cmd_rollback.c — rollback RUN: the inverse plan shown, saved, and applied like any other. */
#include "agent/command_auth.h"
#include "agent/command_rails.h"
#include "agent/plan_print.h"
#include "agent/plans.h"
#include "agent/rails.h"
#include "agent/rollback.h"

const struct opt rollback_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"dry-run", 'n', OPT_FLAG, NULL, "show it and every request, send nothing"},
    {"details", 'd', OPT_FLAG, NULL, "every change, property by property"},
    {"yes", 'y', OPT_FLAG, NULL, "do not ask"},
    {"production", 0, OPT_TEXT, "NAME", "yes, this production org, by its name in zagent.yaml"},
    {"delete-created", 0, OPT_FLAG, NULL, "delete what the run made, where Zoho's API can, with all its data"},
    {"skip", 0, OPT_LIST, "ADDRESS", "leave this address or pattern as it is now"},
    {"limit", 0, OPT_LIST, "NAME=N", "raise a limit for this run"},
    PASSPHRASE_OPTS,
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

static int show(struct app *a, struct session *s, const json_t *plan, const char *digest, struct err *e)
{
    struct plan_print how = {.digest = digest, .details = app_flag(a, "details")};
    AUTO_JSON json_t *limits = rails_limits(a->project->conf.root, app_list(a, "limit"), e);
    AUTO_JSON json_t *protections = limits ? rails_protections(s->st, e) : NULL;
    if (!protections)
        return -1;
    json_decref(a->data);
    a->data = plan_public(plan, digest);
    app_print(a, "Takes back %s.\n", js_str_or(js_obj(plan, "rollback"), "run", "?"));
    plan_print(a, plan, &how);
    rollback_print(a, plan);
    AUTO_JSON json_t *findings = rails_find(plan, limits, protections);
    plan_print_rails(a, findings);
    app_print(a, "\n");
    return 0;
}

int cmd_rollback(struct app *a, struct err *e)
{
    struct session s;
    char digest[65] = "";
    AUTO_JSON json_t *plan = NULL;
    bool dry = app_flag(a, "dry-run");
    const struct rollback_how how = {.delete_created = app_flag(a, "delete-created"), .skip = app_list(a, "skip")};
    const struct apply_leave leave = {.raise = app_list(a, "limit"), .deletions = how.delete_created};
    int rc = session_open(&s, a, dry ? SESSION_READER : SESSION_WRITER | SESSION_LOCK, e);
    if (rc == 0)
        rc = rollback_plan(&s, a->args[0], &how, &plan, e);
    if (rc == 0 && (plans_keep(a->project, plan, digest, e) < 0 || show(a, &s, plan, digest, e) < 0))
        rc = -1;
    if (rc == 0 && dry)
        rc = apply_dry(a, &s, plan, e);
    else if (rc == 0)
        rc = apply_ask(a, s.org, plan, e) < 0 ? -1 : apply_plan(a, &s, plan, digest, &leave, e);
    session_close(&s);
    return rc;
}
