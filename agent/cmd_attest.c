/* agent/cmd_attest.c — attest: somebody's word for what nobody can read back, one step or a ticked guide. */
#include "agent/command.h"
#include "agent/plans.h"
#include "agent/session.h"
#include "agent/ticks.h"
#include "plan/plan.h"

enum { TICKS_FILE_MAX = 1 << 20 };

struct attesting {
    struct app *a;
    struct session s;
    json_t *plan;
    char digest[65];
    int64_t run;
    bool opened;
};

struct word {
    const char *by, *note, *witness;
};

static bool by_word(const json_t *step)
{
    return !strcmp(js_str_or(step, "channel", ""), "attest");
}

static int put(struct attesting *t, const json_t *step, const struct word *w, struct err *e)
{
    char want[65];
    const char *address = js_str_or(step, "address", "");
    AUTO_JSON json_t *detail = json_object();
    AUTO_FREE char *note = w->witness && *w->witness
                               ? mem_printf("%s (witness: %s)", w->note ? w->note : "", w->witness)
                               : mem_dup(w->note ? w->note : "");
    js_set_strf(detail, "text", "attested by %s%s%s", w->by, *note ? ": " : "", note);
    js_set_str(detail, "by", w->by);
    if (js_digest(json_object_get(step, "want"), want, e) < 0 ||
        state_attest_put(t->s.st, t->s.org->zgid, address, w->by, note, want, e) < 0)
        return -1;
    if (!t->run && session_run(&t->s, "attest", t->digest, &t->run, &t->opened, e) < 0)
        return -1;
    return state_outcome(t->s.st, t->run, 0, address, STEP_ATTESTED, detail, e);
}

static int attest_one(struct attesting *t, struct err *e)
{
    const struct word w = {app_text(t->a, "by", NULL), app_text(t->a, "note", NULL), app_text(t->a, "witness", NULL)};
    const json_t *step = plan_step(t->plan, t->a->args[0]);
    if (!step) {
        err_set(e, ERR_NOT_FOUND, "no step '%s' in the latest plan", t->a->args[0]);
        return err_fix(e, "use the id printed in the guide, or the address");
    }
    const char *address = js_str_or(step, "address", "");
    if (!by_word(step)) {
        err_set(e, ERR_REFUSED, "%s can be read back, so nobody's word is needed", address);
        return err_fix(e, "do it in Zoho, then run 'zagent apply' or 'zagent verify'");
    }
    if (ticks_witnessed(step, w.by, w.note, w.witness, e) < 0 || put(t, step, &w, e) < 0)
        return -1;
    AUTO_FREE char *name = address_for_people(address);
    app_print(t->a, "%s: attested by %s. 'zagent apply' goes on with what waited for it.\n", name, w.by);
    return 0;
}

/* ---- a ticked guide ---- */

/* All or nothing: a file in which one word is missing is sent back whole. */
static int check_words(const struct attesting *t, const json_t *ticks, struct err *e)
{
    const char *id;
    json_t *v;
    json_object_foreach (js_obj(ticks, "steps"), id, v) {
        const json_t *step = plan_step(t->plan, id);
        if (by_word(step) &&
            ticks_witnessed(step, js_str_or(ticks, "by", ""), js_str(v, "seen"), js_str(v, "witness"), e) < 0)
            return -1;
    }
    return 0;
}

/* Planned again since: a tick still counts where the step wants what it wanted then. */
static int check_latest(const struct attesting *t, const json_t *ticks, struct err *e)
{
    AUTO_JSON json_t *latest = NULL;
    char digest[65];
    const char *id;
    json_t *v;
    if (plans_load(t->a->project, t->s.st, js_str(ticks, "playbook"), &latest, digest, e) < 0)
        return -1;
    json_object_foreach (js_obj(ticks, "steps"), id, v) {
        const json_t *then = plan_step(t->plan, id), *now = plan_step(latest, id);
        if (!now || json_equal(json_object_get(then, "want"), json_object_get(now, "want")))
            continue;
        err_set(e, ERR_REFUSED, "%s was ticked, but what is wanted of it has changed since",
                js_str_or(now, "address", id));
        return err_fix(e, "pass on the new page: zagent guide");
    }
    return 0;
}

static int put_all(struct attesting *t, const json_t *ticks, struct err *e)
{
    json_t *taken = json_array(), *readable = json_array(), *v;
    const char *id, *by = js_str_or(ticks, "by", "");
    js_set(t->a->data, "attested", taken);
    js_set(t->a->data, "read_back", readable);
    json_object_foreach (js_obj(ticks, "steps"), id, v) {
        const json_t *step = plan_step(t->plan, id);
        const struct word w = {by, js_str(v, "seen"), js_str(v, "witness")};
        AUTO_FREE char *name = address_for_people(js_str_or(step, "address", ""));
        js_push_str(by_word(step) ? taken : readable, js_str_or(step, "address", ""));
        if (by_word(step) && put(t, step, &w, e) < 0)
            return -1;
        app_print(t->a, "  %s  %s\n", by_word(step) ? "attested" : "to read ", name);
    }
    app_print(t->a, "\n%zu attested by %s; %zu can be read back: 'zagent apply' looks at them and goes on.\n",
              json_array_size(taken), by, json_array_size(readable));
    return 0;
}

static int attest_file(struct attesting *t, const char *file, struct err *e)
{
    AUTO_FREE char *text = NULL;
    size_t len;
    if (fs_read(file, TICKS_FILE_MAX, &text, &len, e) < 0)
        return -1;
    AUTO_JSON json_t *ticks = ticks_parse(text, e);
    if (!ticks)
        return err_at(e, "%s", file);
    const char *of = js_str_or(ticks, "plan", "");
    struct err none = {0};
    if (strlen(of) != 64 || plans_load(t->a->project, t->s.st, of, &t->plan, t->digest, &none) < 0) {
        err_set(e, ERR_REFUSED, "the ticks are of a plan that this project does not have: %.64s", of);
        err_fix(e, "look at which guide was ticked; 'zagent guide' writes the one that counts now");
        return err_at(e, "%s", file);
    }
    if (ticks_check(ticks, t->plan, t->digest, t->s.org->zgid, e) < 0 || check_latest(t, ticks, e) < 0 ||
        check_words(t, ticks, e) < 0)
        return err_at(e, "%s", file);
    return put_all(t, ticks, e);
}

static int check_usage(const struct app *a, struct err *e)
{
    const char *from = app_text(a, "from", NULL), *by = app_text(a, "by", NULL);
    if (from && (a->n_args || by)) {
        err_set(e, ERR_USAGE, "--from says which steps and who");
        return err_fix(e, "zagent attest --from %s", from);
    }
    if (!from && !a->n_args) {
        err_set(e, ERR_USAGE, "neither a step nor a file with ticks is named");
        return err_fix(e, "zagent attest STEP --by 'NAME', or zagent attest --from FILE");
    }
    if (!from && (!by || !*by)) {
        err_set(e, ERR_USAGE, "an attestation needs a name");
        return err_fix(e, "zagent attest %s --by 'NAME'", a->args[0]);
    }
    return 0;
}

int cmd_attest(struct app *a, struct err *e)
{
    struct attesting t = {.a = a};
    if (check_usage(a, e) < 0)
        return -1;
    const char *from = app_text(a, "from", NULL);
    int rc = session_open(&t.s, a, SESSION_READER | SESSION_LOCK, e);
    if (rc == 0 && !from)
        rc = plans_load(a->project, t.s.st, NULL, &t.plan, t.digest, e);
    if (rc == 0)
        rc = from ? attest_file(&t, from, e) : attest_one(&t, e);
    AUTO_JSON json_t *summary = json_object();
    if (rc == 0 && t.opened)
        rc = state_run_close(t.s.st, t.run, summary, e);
    json_decref(t.plan);
    session_close(&t.s);
    return rc;
}
