/* agent/cmd_rehearse.c — zagent rehearse: a saved plan on a copy of the org. */
#include "agent/command_sandbox.h"
#include "agent/draft.h"
#include "agent/plans.h"
#include "agent/rehearse.h"
#include "agent/session.h"

const struct opt rehearse_opts[] = {{"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
                                    {NULL, 0, OPT_FLAG, NULL, NULL}};

int cmd_rehearse(struct app *a, struct err *e)
{
    struct session s;
    char digest[65];
    struct snapshot snap;
    AUTO_JSON json_t *plan = NULL, *report = NULL;
    snapshot_init(&snap);
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0)
        rc = plans_load(a->project, s.st, a->n_args ? a->args[0] : NULL, &plan, digest, e);
    if (rc == 0)
        rc = draft_read_plan(s.org, plan, js_obj(plan, "names"), &snap, e);
    if (rc == 0)
        rc = rehearse(a, s.org, plan, &snap, &report, e);
    if (rc == 0) {
        rehearse_print(a, report);
        js_set(a->data, "rehearsal", json_incref(report));
        rc = rehearse_verdict(report, e);
    }
    snapshot_release(&snap);
    session_close(&s);
    return rc;
}
