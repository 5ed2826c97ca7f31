/* agent/cmd_audit_report.c — audit report: what the snapshot of an org says to whoever takes the org over. */
#include "agent/audit/accepted.h"
#include "agent/audit/difference.h"
#include "agent/audit/fetched.h"
#include "agent/audit/keep.h"
#include "agent/audit/pages.h"
#include "agent/audit/readings.h"
#include "agent/command_audit.h"
#include "agent/session.h"

enum { ACCEPTED_MAX = 4 << 20, NAMED = 3 };

const struct opt audit_report_opts[] = {
    {"from", 0, OPT_TEXT, "FOLDER", "another snapshot than context/audit/ORG"},
    {"count", 0, OPT_FLAG, NULL, "ask the org too: which fields are filled, which values occur, which rules ran"},
    {"compare", 0, OPT_TEXT, "ORG",
     "also what differs from another org's snapshot (or a folder): sandbox and production"},
    {"accept", 0, OPT_TEXT, "REASON", "accept all that is found now, for this reason: later reports show news only"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

struct report {
    struct app *app;
    const char *org;
    struct snapshot s;
    struct audit audit;
    json_t *manifest, *readings, *compared, *accepted;
    char *zone;
};

static int read_org(struct report *r, struct err *e)
{
    struct app *a = r->app;
    const json_t *row;
    AUTO_FREE char *folder = NULL;
    if (project_org(a->project, a->n_args ? a->args[0] : NULL, &r->org, &row, e) < 0)
        return -1;
    js_set_str(a->meta, "org", r->org);
    if (app_text(a, "from", NULL))
        folder = mem_dup(app_text(a, "from", NULL));
    else if (audit_folder(a, r->org, &folder, e) < 0)
        return -1;
    if (keep_load(folder, &r->s, &r->manifest, e) < 0)
        return -1;
    r->zone = mem_dup(js_str_or(json_array_get(snapshot_get(&r->s, "org"), 0), "time_zone", ""));
    return 0;
}

static int read_readings(struct report *r, struct err *e)
{
    struct app *a = r->app;
    struct session s;
    if (!app_flag(a, "count")) {
        r->readings = readings_kept(a, r->org);
        return 0;
    }
    js_set_str(a->opts, "org", r->org);
    int rc = session_open(&s, a, SESSION_READER, e);
    if (rc == 0) {
        app_say(a, "Org %s: about %zu questions of 1 to 3 credits each\n", r->org, readings_queries(&r->s));
        rc = readings_take(a, s.org, &r->s, &r->readings, e);
    }
    if (rc == 0) {
        struct zoho_counts n = zoho_counts(s.org->zoho);
        app_say(a, "%lld calls, %lld credits\n", (long long)n.calls, (long long)n.credits_known);
    }
    session_close(&s);
    return rc;
}

static int read_compared(struct report *r, struct err *e)
{
    const char *with = app_text(r->app, "compare", NULL);
    struct snapshot other;
    if (!with)
        return 0;
    snapshot_init(&other);
    int rc = fetched_load(r->app, with, r->org, "c", &other, e);
    if (rc == 0)
        r->compared = difference(&other, &r->s, DIFFERENCE_TWO_ORGS, NULL);
    snapshot_release(&other);
    return rc;
}

/* ---- what was accepted ---- */

static char *accepted_name(const struct report *r)
{
    return mem_printf(AUDIT_FOLDER "/%s.accepted.md", r->org);
}

static int read_accepted(struct report *r, struct err *e)
{
    AUTO_FREE char *name = accepted_name(r);
    AUTO_FREE char *path = project_path(r->app->project, name);
    AUTO_FREE char *text = NULL;
    size_t len;
    if (!fs_exists(path)) {
        r->accepted = json_array();
        return 0;
    }
    if (fs_read(path, ACCEPTED_MAX, &text, &len, e) < 0)
        return -1;
    r->accepted = accepted_read(text, name, e);
    return r->accepted ? 0 : -1;
}

static int accept_all(struct report *r, struct err *e)
{
    const char *reason = app_text(r->app, "accept", NULL);
    json_t *f;
    size_t i;
    if (!reason)
        return 0;
    AUTO_FREE char *name = accepted_name(r);
    AUTO_FREE char *text = accepted_write(r->accepted, r->audit.findings, reason, session_actor());
    AUTO_JSON json_t *again = accepted_read(text, name, e);
    if (!again || fs_write_in(&r->app->project->root, name, text, strlen(text), 0644, e) < 0)
        return -1;
    json_array_foreach (r->audit.findings, i, f)
        if (!js_str(f, "accepted"))
            js_set_str(f, "accepted", reason);
    app_say(r->app, "accepted: %s\n", name);
    return 0;
}

/* ---- telling ---- */

static size_t news_of(const json_t *findings, const char *rule, struct sb *where)
{
    const json_t *f;
    size_t i, n = 0;
    json_array_foreach (findings, i, f) {
        if (strcmp(js_str_or(f, "rule", ""), rule) != 0 || js_str(f, "accepted"))
            continue;
        AUTO_FREE char *shown = address_for_people(js_str_or(f, "address", ""));
        if (n++ < NAMED)
            sb_addf(where, "%s%s", where->len ? ", " : "", shown);
    }
    if (n > NAMED)
        sb_addf(where, " and %zu more", n - NAMED);
    return n;
}

static void print_rules(struct report *r, enum audit_severity severity)
{
    static const char *const colors[] = {"dim", "yellow", "red"};
    struct app *a = r->app;
    const char *last = "";
    for (size_t f = 0; f < audit_families_n(); f++)
        for (size_t i = 0; i < audit_family_at(f)->n; i++) {
            const struct audit_rule *rule = &audit_family_at(f)->rule[i];
            AUTO_SB struct sb where = SB_INIT(8192);
            AUTO_SB struct sb line = SB_INIT(8192);
            size_t n = rule->severity == severity && strcmp(rule->id, last) != 0
                           ? news_of(r->audit.findings, rule->id, &where)
                           : 0;
            last = rule->id;
            if (!n)
                continue;
            sb_addf(&line, "%s  %3zu  ", rule->id, n);
            add_column(&line, rule->title, 54);
            app_print(a, "  %s%-7s%s  %s%s\n", app_paint(a, colors[severity]), audit_severity_name(severity),
                      app_paint(a, NULL), line.buf, where.buf);
        }
}

static int tell(struct report *r, struct err *e)
{
    struct app *a = r->app;
    struct pages_input in = {&r->audit, r->manifest, r->accepted, app_text(a, "compare", NULL), r->zone};
    AUTO_JSON json_t *data = pages_data(&in);
    if (pages_write(a, r->org, data, e) < 0)
        return -1;
    int64_t errors = js_int(data, "errors", 0), warnings = js_int(data, "warnings", 0),
            notes = js_int(data, "notes", 0);
    json_object_set(a->data, "findings", r->audit.findings);
    json_object_set(a->data, "stale", js_arr(data, "stale"));
    js_set_int(a->data, "errors", errors);
    js_set_int(a->data, "warnings", warnings);
    js_set_int(a->data, "notes", notes);
    js_set_int(a->data, "accepted", js_int(data, "accepted", 0));
    js_set_strf(a->data, "page", "%s/audit/%s.html", a->project->out_name, r->org);
    app_print(a, "Org %s: %lld error%s, %lld warning%s, %lld note%s, %lld accepted\n", r->org, (long long)errors,
              errors == 1 ? "" : "s", (long long)warnings, warnings == 1 ? "" : "s", (long long)notes,
              notes == 1 ? "" : "s", (long long)js_int(data, "accepted", 0));
    for (int s = AUDIT_ERROR; s >= AUDIT_NOTE; s--)
        print_rules(r, (enum audit_severity)s);
    app_print(a, "%s/audit/%s.html and .md\n", a->project->out_name, r->org);
    if (!r->readings)
        app_print(a, "Records and runs were not counted: zagent audit report --count\n");
    int64_t unaccepted = errors + warnings + notes;
    if (unaccepted == 0)
        return 0;
    err_set(e, ERR_FINDINGS, "%lld findings that nobody accepted yet", (long long)unaccepted);
    return err_fix(
        e, "mend them, or accept them with a reason in " AUDIT_FOLDER "/%s.accepted.md (--accept REASON for all)",
        r->org);
}

int cmd_audit_report(struct app *a, struct err *e)
{
    struct report r = {.app = a};
    snapshot_init(&r.s);
    int rc = read_org(&r, e);
    if (rc == 0)
        rc = read_accepted(&r, e);
    if (rc == 0)
        rc = read_readings(&r, e);
    if (rc == 0)
        rc = read_compared(&r, e);
    if (rc == 0) {
        r.audit = (struct audit){.s = &r.s, .readings = r.readings, .compared = r.compared};
        audit_run(&r.audit);
        accepted_mark(r.accepted, r.audit.findings, a->clock.now_s(a->clock.ctx));
        rc = accept_all(&r, e);
    }
    if (rc == 0)
        rc = tell(&r, e);
    audit_release(&r.audit);
    snapshot_release(&r.s);
    json_decref(r.manifest);
    json_decref(r.readings);
    json_decref(r.compared);
    json_decref(r.accepted);
    free(r.zone);
    return rc;
}
