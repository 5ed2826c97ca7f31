/* agent/cmd_drift.c — drift: what others did to what zagent manages, and what to do about it. */
#include "agent/artifacts.h"
#include "agent/command_adopt.h"
#include "agent/drift.h"
#include "agent/plan_print.h"

const struct opt drift_opts[] = {
    {"org", 0, OPT_TEXT, "NAME", "an org of zagent.yaml instead of its default"},
    {"all", 0, OPT_FLAG, NULL, "also list what is there besides, that zagent does not manage"},
    {"accept", 0, OPT_LIST, "ADDRESS", "what the org has now is wanted (with --note)"},
    {"note", 0, OPT_TEXT, "TEXT", "why it is accepted"},
    {"repair", 0, OPT_FLAG, NULL, "save a plan that puts it back, for 'zagent apply'"},
    {NULL, 0, OPT_FLAG, NULL, NULL},
};

/* ---- what is said ---- */

static void print_value(struct sb *b, const json_t *v)
{
    AUTO_FREE char *text = v && !json_is_null(v) ? js_canonical(v, NULL) : NULL;
    sb_addf(b, "%.100s", text ? text : "nothing");
}

static void print_who(struct app *a, const struct drift *d, const json_t *f)
{
    const char *by = js_str(f, "by"), *at = js_str(f, "at");
    char local[CLOCK_TEXT] = "";
    int64_t t;
    struct err quiet = {0};
    if (at && clock_parse(at, &t, &quiet) == 0)
        clock_local(t, js_str(d->s->org->info, "time_zone"), 0, local);
    if (by || *local)
        app_print(a, "             last touched%s%s%s%s\n", by ? " by " : "", by ? by : "", *local ? ", " : "", local);
}

static void print_finding(struct app *a, const struct drift *d, const json_t *f)
{
    const char *what = js_str_or(f, "what", "");
    AUTO_FREE char *name = address_for_people(js_str_or(f, "address", ""));
    json_t *c;
    size_t i;
    app_print(a, "  %s%-8s%s  %s  %s  (%s)\n", app_paint(a, !strcmp(what, "changed") ? "yellow" : "red"), what,
              app_paint(a, NULL), js_str_or(f, "id", ""), name, js_str_or(f, "playbook", "?"));
    if (!strcmp(what, "undone"))
        app_print(a, "             a person did it by hand; it is no longer there\n");
    json_array_foreach (js_arr(f, "changes"), i, c) {
        AUTO_SB struct sb b = SB_INIT(4096);
        sb_addf(&b, "%s is ", *js_str_or(c, "path", "") ? js_str(c, "path") : "it");
        print_value(&b, json_object_get(c, "is"));
        sb_add(&b, ", was ");
        print_value(&b, json_object_get(c, "was"));
        app_print(a, "             %s\n", b.buf);
    }
    print_who(a, d, f);
}

static void print_list(struct app *a, const json_t *addresses, const char *title)
{
    json_t *one;
    size_t i;
    if (json_array_size(addresses))
        app_print(a, "\n%s\n", title);
    json_array_foreach (addresses, i, one) {
        const char *address = json_is_string(one) ? json_string_value(one) : js_str_or(one, "address", "");
        AUTO_FREE char *name = address_for_people(address);
        app_print(a, "  %s%s%s\n", name, js_str(one, "why") ? ": " : "", js_str_or(one, "why", ""));
    }
}

static void print_besides(struct app *a, const struct drift *d)
{
    size_t n = json_array_size(d->unmanaged), new = json_array_size(d->added);
    if (d->m.attested + d->m.records)
        app_print(a, "\nNot compared: %d that people answer for, %d about records.\n", d->m.attested, d->m.records);
    if (d->m.lost_plans)
        app_warn(a, "%d saved plan%s gone from .zagent/plans: what only they knew is not looked at", d->m.lost_plans,
                 d->m.lost_plans == 1 ? " is" : "s are");
    print_list(a, d->unseen, "Could not be seen, so nothing is known of it:");
    print_list(a, d->off, "Left alone, because its playbook is switched off:");
    print_list(a, d->added, "New in the same places since the last look, and not zagent's:");
    if (app_flag(a, "all"))
        print_list(a, d->unmanaged, "In the same places, and not zagent's:");
    else if (n > new || (n && !d->looked_before))
        app_print(
            a, "\n%zu thing%s in the same places %s not zagent's: --all lists them, 'zagent adopt' takes them over.\n",
            n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
}

static json_t *shown_findings(const struct drift *d, const struct strset *filter)
{
    json_t *out = json_array(), *f;
    size_t i;
    json_array_foreach (d->findings, i, f) {
        json_t *o = drift_chosen(filter, f) ? json_copy(f) : NULL;
        if (!o)
            continue;
        json_object_del(o, "want");
        json_object_del(o, "now");
        json_array_append_new(out, o);
    }
    return out;
}

static void fill_data(struct app *a, const struct drift *d, json_t *shown)
{
    json_object_set(a->data, "findings", shown);
    js_set_int(a->data, "managed", (int64_t)json_array_size(js_arr(d->m.plan, "steps")));
    js_set_int(a->data, "attested", d->m.attested);
    js_set_int(a->data, "records", d->m.records);
    json_object_set(a->data, "unseen", d->unseen);
    json_object_set(a->data, "off", d->off);
    json_object_set(a->data, "added", d->added);
    js_set_int(a->data, "unmanaged", (int64_t)json_array_size(d->unmanaged));
    if (app_flag(a, "all"))
        json_object_set(a->data, "others", d->unmanaged);
}

static int tell(struct app *a, struct drift *d, const json_t *shown, struct err *e)
{
    size_t n = json_array_size(shown), all = json_array_size(js_arr(d->m.plan, "steps"));
    const char *org = js_str_or(d->s->org->info, "name", d->s->org->name);
    int64_t run;
    json_t *f;
    size_t i;
    if (n)
        app_print(a, "%s: %zu of %zu things that zagent manages %s not as it left them.\n\n", org, n, all,
                  n == 1 ? "is" : "are");
    else if (all)
        app_print(a, "%s: all %zu things that zagent manages are as it left them.\n", org, all);
    else
        app_print(a, "%s: zagent manages nothing here yet; 'zagent plan' and 'zagent apply' begin it.\n", org);
    json_array_foreach (shown, i, f)
        print_finding(a, d, f);
    print_besides(a, d);
    if (drift_log(d, &run, e) < 0)
        return -1;
    if (run) {
        js_set_strf(a->meta, "run", "R%lld", (long long)run);
        app_print(a, "\nWritten to BUILD_LOG.md as R%lld, not by zagent.\n", (long long)run);
    }
    if (!n)
        return 0;
    err_set(e, ERR_FINDINGS, "%zu thing%s drifted", n, n == 1 ? "" : "s");
    return err_fix(
        e, "zagent drift --repair plans them back; zagent drift --accept ADDRESS --note WHY keeps what the org has");
}

/* ---- accepting ---- */

static void print_where(struct app *a, const json_t *f)
{
    AUTO_FREE char *name = address_for_people(js_str_or(f, "address", ""));
    const char *file = js_str_or(f, "file", "the playbook");
    json_t *c;
    size_t i;
    app_print(a, "  accepted  %s\n", name);
    if (!json_array_size(js_arr(f, "changes")))
        app_print(a, "            take it out at %s, else the next plan makes it again\n", file);
    json_array_foreach (js_arr(f, "changes"), i, c) {
        AUTO_SB struct sb b = SB_INIT(4096);
        print_value(&b, json_object_get(c, "is"));
        app_print(a, "            at %s make %s say %s\n", file, js_str_or(c, "path", "it"), b.buf);
    }
}

static int accept(struct app *a, struct drift *d, struct err *e)
{
    struct strset which = {0};
    const json_t *list = app_list(a, "accept");
    const char *note = app_text(a, "note", NULL);
    json_t *one, *told = json_array();
    size_t i;
    int64_t run;
    js_set(a->data, "accepted", told);
    json_array_foreach (list, i, one) {
        const json_t *f = drift_finding(d, json_string_value(one));
        AUTO_FREE char *canonical = f ? NULL : address_canonical(json_string_value(one), NULL);
        strset_add(&which, f ? js_str(f, "address") : canonical ? canonical : json_string_value(one));
    }
    int rc = drift_accept(d, &which, note, &run, e);
    for (i = 0; rc == 0 && i < which.n; i++) {
        js_push_str(told, which.item[i]);
        print_where(a, drift_finding(d, which.item[i]));
    }
    strset_release(&which);
    if (rc < 0)
        return -1;
    js_set_strf(a->meta, "run", "R%lld", (long long)run);
    app_print(
        a,
        "\nRemembered in this project's state and in BUILD_LOG.md as R%lld: drift is silent about it from now on.\n"
        "A plan is not: it wants what the playbook says, until the lines above say the same.\n",
        (long long)run);
    return 0;
}

/* ---- repairing ---- */

static int repair(struct app *a, struct drift *d, const struct strset *filter, const json_t *shown, struct err *e)
{
    char digest[65];
    AUTO_JSON json_t *plan = NULL;
    if (!json_array_size(shown)) {
        app_print(a, "Nothing to repair: what zagent manages is as it left it.\n");
        return 0;
    }
    if (drift_repair(d, filter, digest, &plan, e) < 0)
        return -1;
    AUTO_JSON json_t *steps = state_steps(d->s->st, e);
    if (!steps || artifacts_write(a, plan, steps, &d->snapshot, e) < 0)
        return -1;
    js_set(a->data, "plan", plan_public(plan, digest));
    plan_print(a, plan, &(struct plan_print){.digest = digest, .details = true});
    return 0;
}

static int check_usage(const struct app *a, struct err *e)
{
    const json_t *accepted = app_list(a, "accept");
    const char *note = app_text(a, "note", NULL);
    if (accepted && (app_flag(a, "repair") || a->n_args)) {
        err_set(e, ERR_USAGE, "--accept names what it is about, and nothing else");
        return err_fix(e, "zagent drift --accept ADDRESS --note WHY");
    }
    if (!accepted == !(note && *note))
        return 0;
    err_set(e, ERR_USAGE, accepted ? "what is accepted needs a reason" : "--note belongs to --accept");
    return err_fix(e, "zagent drift --accept ADDRESS --note WHY");
}

static int run(struct app *a, struct session *s, const struct strset *filter, struct err *e)
{
    struct drift d;
    int rc = drift_find(&d, s, e);
    AUTO_JSON json_t *shown = rc == 0 ? shown_findings(&d, filter) : NULL;
    if (rc == 0)
        fill_data(a, &d, shown);
    if (rc == 0 && app_list(a, "accept"))
        rc = accept(a, &d, e);
    else if (rc == 0 && app_flag(a, "repair"))
        rc = repair(a, &d, filter, shown, e);
    else if (rc == 0)
        rc = tell(a, &d, shown, e);
    drift_release(&d);
    return rc;
}

int cmd_drift(struct app *a, struct err *e)
{
    struct session s = {0};
    struct strset filter = {0};
    int rc = check_usage(a, e);
    for (int i = 0; i < a->n_args; i++)
        strset_add(&filter, a->args[i]);
    if (rc == 0)
        rc = session_open(&s, a, SESSION_READER | SESSION_LOCK, e);
    if (rc == 0)
        rc = run(a, &s, &filter, e);
    strset_release(&filter);
    session_close(&s);
    return rc;
}
