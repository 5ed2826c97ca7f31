/* agent/cmd_doctor.c — can zagent do its work here, and if not, what to ask whom for. */
#include "agent/session.h"
#include "base/text.h"

static void row(struct app *a, const char *level, const char *what, const char *found, const char *fix)
{
    json_t *o = json_object();
    js_set_str(o, "level", level);
    js_set_str(o, "check", what);
    js_set_str(o, "found", found);
    js_set_str(o, "fix", fix);
    json_array_append_new(js_arr(a->data, "checks"), o);
    const char *paint = !strcmp(level, "ok") ? "green" : !strcmp(level, "unknown") ? "yellow" : "red";
    app_print(a, "  %s%-8s%s %-24s %s\n", app_paint(a, paint), level, app_paint(a, NULL), what, found);
    if (*fix)
        app_print(a, "           fix: %s\n", fix);
}

static void org_rows(struct app *a, const struct org *o)
{
    AUTO_FREE char *who = mem_printf("%s, zgid %s", js_str_or(o->info, "name", "?"), o->zgid);
    AUTO_FREE char *where =
        o->embedded ? mem_dup(o->in_process ? "embedded sandbox, in this process" : "embedded sandbox, running")
                    : mem_printf("%s", js_str_or(o->row, "dc", "?"));
    row(a, "ok", "data centre", where, "");
    row(a, "ok", "org (pinned)", who, "");
    row(a, "ok", "edition", js_str_or(o->info, "edition", "not told"), "");
    AUTO_FREE char *credits = mem_printf("%lld a day", (long long)js_int(o->info, "credits_per_day", 0));
    row(a, js_int(o->info, "credits_per_day", 0) ? "ok" : "unknown", "API credits", credits, "");
    row(a, js_str(o->info, "time_zone") ? "ok" : "unknown", "time zone", js_str_or(o->info, "time_zone", "not told"),
        "");
}

/* A read per area says more about scopes and permissions than any list of them. */
static const struct {
    const char *snapshot, *what, *ask;
} probes[] = {
    {"modules", "read modules", "scope ZohoCRM.settings.modules.READ"},
    {"profiles", "read permission profiles", "scope ZohoCRM.settings.profiles.READ"},
    {"workflow_rules", "read workflow rules", "scope ZohoCRM.settings.workflow_rules.READ"},
    {"functions", "read functions",
     "scope ZohoCRM.settings.functions.READ; some orgs refuse functions by API: they become hand steps"},
    {"blueprints", "read Blueprints",
     "scope ZohoCRM.settings.blueprint.READ; some orgs refuse: Blueprints become hand steps"},
    {"email_templates", "read e-mail templates", "scope ZohoCRM.templates.email.READ"},
};

static int probe_rows(struct app *a, struct org *o, struct err *e)
{
    struct strset reads = {0};
    struct snapshot s;
    snapshot_init(&s);
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++)
        strset_add(&reads, probes[i].snapshot);
    int rc = crm_read(o->zoho, &reads, NULL, &s, e);
    for (size_t i = 0; i < sizeof probes / sizeof *probes && rc == 0; i++) {
        const json_t *no = snapshot_refused(&s, probes[i].snapshot);
        AUTO_FREE char *found =
            no ? mem_printf("refused: %s (HTTP %lld)", js_str_or(no, "code", "?"), (long long)js_int(no, "http", 0))
               : mem_printf("yes, %zu", json_array_size(snapshot_get(&s, probes[i].snapshot)));
        row(a, no ? "refused" : "ok", probes[i].what, found, no ? probes[i].ask : "");
    }
    strset_release(&reads);
    snapshot_release(&s);
    return rc;
}

static int capability_rows(struct app *a, struct session *s, struct err *e)
{
    json_t *caps = NULL, *c;
    const char *kind;
    if (crm_capabilities(s->org->zoho, &caps, e) < 0)
        return -1;
    AUTO_JSON json_t *all = caps;
    AUTO_JSON json_t *learnt = state_capabilities(s->st, s->org->zgid, e);
    if (!learnt)
        return -1;
    json_object_update(all, learnt);
    json_object_foreach (all, kind, c) {
        const char *answer = js_str_or(c, "answer", "unknown");
        AUTO_FREE char *what = mem_printf("write %s", kind);
        AUTO_FREE char *found = mem_printf("%s: %s", answer, js_str_or(c, "why", ""));
        row(a, !strcmp(answer, "yes") ? "ok" : !strcmp(answer, "no") ? "by hand" : "unknown", what, found, "");
    }
    return 0;
}

int cmd_doctor(struct app *a, struct err *e)
{
    struct session s;
    js_set(a->data, "checks", json_array());
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0) {
        org_rows(a, s.org);
        rc = probe_rows(a, s.org, e);
    }
    if (rc == 0)
        rc = capability_rows(a, &s, e);
    session_close(&s);
    return rc;
}
