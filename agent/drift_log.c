/* agent/drift_log.c — what drift leaves behind: outcomes in the journal, sections of BUILD_LOG.md, what was accepted. */
#include "agent/drift.h"
#include "state/buildlog.h"

enum { SHOWN_CHANGES = 3 };

static char *fact_key(const struct drift *d, const char *what)
{
    return mem_printf("drift/%s/%s", what, d->s->org->zgid);
}

static int64_t now(const struct drift *d)
{
    const struct clock *c = &d->s->app->clock;
    return c->now_s(c->ctx);
}

/* What makes a finding the same one as yesterday: not who touched the object since. */
static int digest_of(const json_t *finding, char hex[65], struct err *e)
{
    AUTO_JSON json_t *o = json_object();
    json_object_set(o, "what", json_object_get(finding, "what"));
    json_object_set(o, "changes", json_object_get(finding, "changes"));
    return js_digest(o, hex, e);
}

static char *shown(const json_t *v)
{
    if (!v || json_is_null(v))
        return mem_dup("nothing");
    AUTO_FREE char *text = js_canonical(v, NULL);
    return mem_printf("%.80s", text ? text : "?");
}

/* "tooltip.value is "X", was "Y"; 2 more" */
static char *in_words(const json_t *finding)
{
    const json_t *changes = js_arr(finding, "changes"), *c;
    AUTO_SB struct sb b = SB_INIT(4096);
    size_t i, n = json_array_size(changes);
    if (!n)
        return mem_dup("no longer there");
    json_array_foreach (changes, i, c) {
        AUTO_FREE char *is = shown(json_object_get(c, "is"));
        AUTO_FREE char *was = shown(json_object_get(c, "was"));
        if (i < SHOWN_CHANGES)
            sb_addf(&b, "%s%s is %s, was %s", i ? "; " : "", js_str_or(c, "path", "it"), is, was);
    }
    if (n > SHOWN_CHANGES)
        sb_addf(&b, "; %zu more", n - SHOWN_CHANGES);
    return sb_take(&b, "drift", NULL);
}

static void add_row(json_t *rows, const json_t *finding, const char *outcome, const char *detail, const char *by)
{
    json_t *row = json_object();
    int64_t at = 0;
    struct err quiet = {0};
    js_set_str(row, "address", js_str_or(finding, "address", ""));
    js_set_str(row, "title", js_str_or(finding, "title", ""));
    js_set_str(row, "outcome", outcome);
    js_set_str(row, "detail", detail);
    js_set_str(row, "by", by);
    if (clock_parse(js_str_or(finding, "at", ""), &at, &quiet) == 0)
        js_set_int(row, "at", at);
    json_array_append_new(rows, row);
}

static int open_run(struct drift *d, const char *command, int64_t *run, struct err *e)
{
    AUTO_JSON json_t *facts = json_object();
    js_set_str(facts, "org", d->s->org->name);
    js_set_str(facts, "zgid", d->s->org->zgid);
    js_set_str(facts, "actor", session_actor());
    return *run ? 0 : state_run_open(d->s->st, command, NULL, facts, run, e);
}

static int write_section(struct drift *d, int64_t run, const char *command, const char *different, const char *open,
                         const char *back, const json_t *rows, struct err *e)
{
    char journal[33];
    AUTO_FREE char *notice = NULL;
    struct buildlog_run r = {.run = run,
                             .command = command,
                             .org = d->s->org->name,
                             .edition = js_str_or(d->s->org->info, "edition", ""),
                             .actor = session_actor(),
                             .zone = js_str_or(d->s->org->info, "time_zone", ""),
                             .at = now(d),
                             .sentence = {different, open, back},
                             .rows = rows};
    if (state_journal_id(d->s->st, journal, e) < 0 ||
        buildlog_append(&d->s->app->project->root, &r, journal, &notice, e) < 0)
        return -1;
    if (notice)
        app_warn(d->s->app, "%s", notice);
    return 0;
}

static bool was_done(const json_t *known, const char *address)
{
    const char *o = js_str_or(json_object_get(known, address), "outcome", "");
    return !strcmp(o, step_outcome_name(STEP_VERIFIED)) || !strcmp(o, step_outcome_name(STEP_ATTESTED));
}

static int note_outcome(struct drift *d, int64_t run, const char *address, enum step_outcome o, const char *text,
                        struct err *e)
{
    AUTO_JSON json_t *detail = json_object();
    js_set_str(detail, "text", text);
    return state_outcome(d->s->st, run, 0, address, o, detail, e);
}

struct logging {
    struct drift *d;
    json_t *before, *after; /* address → digest of the finding that stands in the log */
    json_t *known, *rows;
    int64_t run;
    int fresh, again;
};

static int log_finding(struct logging *l, const json_t *f, struct err *e)
{
    const char *address = js_str_or(f, "address", "");
    char digest[65];
    if (digest_of(f, digest, e) < 0)
        return -1;
    js_set_str(l->after, address, digest);
    if (!strcmp(js_str_or(l->before, address, ""), digest))
        return 0;
    AUTO_FREE char *words = in_words(f);
    if (open_run(l->d, "drift", &l->run, e) < 0)
        return -1;
    add_row(l->rows, f, js_str_or(f, "what", ""), words, js_str_or(f, "by", "not told"));
    l->fresh++;
    return was_done(l->known, address) ? note_outcome(l->d, l->run, address, STEP_UNDONE, words, e) : 0;
}

/* Logged once and no finding any more: put back by somebody, unless a run of ours did it and said so, or a person accepted it. */
static int log_again(struct logging *l, const char *address, struct err *e)
{
    const char *o = js_str_or(json_object_get(l->known, address), "outcome", "");
    const json_t *step = json_object_get(l->d->m.steps, address);
    if (strcmp(o, step_outcome_name(STEP_UNDONE)) != 0 || !step)
        return 0;
    if (open_run(l->d, "drift", &l->run, e) < 0)
        return -1;
    add_row(l->rows, step, "as it was", "is again as zagent left it", "not told");
    l->again++;
    return note_outcome(l->d, l->run, address, STEP_VERIFIED, "is again as zagent left it", e);
}

static int keep_facts(struct logging *l, struct err *e)
{
    AUTO_FREE char *logged = fact_key(l->d, "logged");
    AUTO_FREE char *seen = fact_key(l->d, "seen");
    AUTO_JSON json_t *others = json_object();
    json_t *address;
    size_t i;
    json_array_foreach (l->d->unmanaged, i, address)
        js_set_bool(others, json_string_value(address), true);
    return state_fact_put(l->d->s->st, logged, l->after, e) < 0 ? -1 : state_fact_put(l->d->s->st, seen, others, e);
}

static int close_log(struct logging *l, struct err *e)
{
    AUTO_JSON json_t *summary = json_object();
    AUTO_FREE char *back = l->again ? mem_printf(", %d put back", l->again) : mem_dup("");
    AUTO_FREE char *different =
        mem_printf("In %s, %d thing%s that zagent manages %s no longer as its last run left them%s.",
                   js_str_or(l->d->s->org->info, "name", l->d->s->org->name), l->fresh, l->fresh == 1 ? "" : "s",
                   l->fresh == 1 ? "is" : "are", back);
    size_t n = json_array_size(l->d->findings);
    AUTO_FREE char *open = n ? mem_printf("%zu to accept or to repair.", n) : mem_dup("nothing.");
    js_set_int(summary, "findings", (int64_t)n);
    if (write_section(l->d, l->run, "not by zagent", different, open, "zagent drift --repair", l->rows, e) < 0)
        return -1;
    return state_run_close(l->d->s->st, l->run, summary, e);
}

int drift_log(struct drift *d, int64_t *run, struct err *e)
{
    AUTO_FREE char *key = fact_key(d, "logged");
    struct logging l = {
        .d = d, .before = state_fact_get(d->s->st, key, NULL), .after = json_object(), .rows = json_array()};
    json_t *f;
    const char *address;
    size_t i;
    l.known = state_steps(d->s->st, e);
    int rc = l.known ? 0 : -1;
    json_array_foreach (d->findings, i, f) {
        if (rc == 0)
            rc = log_finding(&l, f, e);
    }
    json_object_foreach (l.before, address, f)
        if (rc == 0 && !json_object_get(l.after, address))
            rc = log_again(&l, address, e);
    if (rc == 0 && l.run)
        rc = close_log(&l, e);
    if (rc == 0) /* last: what was not written down is written by the next look */
        rc = keep_facts(&l, e);
    *run = l.run;
    json_decref(l.before);
    json_decref(l.after);
    json_decref(l.known);
    json_decref(l.rows);
    return rc;
}

/* ---- accepting ---- */

static int accept_one(struct drift *d, const json_t *f, const char *note, int64_t run, json_t *rows, struct err *e)
{
    const char *address = js_str_or(f, "address", "");
    char want[65];
    json_t *a = json_object();
    AUTO_FREE char *words = in_words(f);
    AUTO_FREE char *text = mem_printf("accepted (%s): %s", note, words);
    js_set(d->accepted, address, a);
    if (js_digest(json_object_get(f, "want"), want, e) < 0)
        return -1;
    js_set_str(a, "want", want);
    js_set_int(a, "run", run);
    js_set_str(a, "by", session_actor());
    js_set_int(a, "at", now(d));
    js_set_str(a, "note", note);
    if (json_object_get(f, "now"))
        json_object_set(a, "tree", json_object_get(f, "now"));
    else
        js_set_bool(a, "gone", true);
    add_row(rows, f, "accepted", text, session_actor());
    return note_outcome(d, run, address, STEP_VERIFIED, text, e);
}

int drift_accept(struct drift *d, const struct strset *addresses, const char *note, int64_t *run, struct err *e)
{
    AUTO_JSON json_t *rows = json_array();
    AUTO_JSON json_t *summary = json_object();
    AUTO_FREE char *key = fact_key(d, "accepted");
    *run = 0;
    for (size_t i = 0; i < addresses->n; i++) {
        if (drift_finding(d, addresses->item[i]))
            continue;
        err_set(e, ERR_NOT_FOUND, "'%s' has not drifted: there is nothing to accept", addresses->item[i]);
        return err_fix(e, "'zagent drift' lists what has, with its addresses");
    }
    if (open_run(d, "drift accepted", run, e) < 0)
        return -1;
    for (size_t i = 0; i < addresses->n; i++)
        if (accept_one(d, drift_finding(d, addresses->item[i]), note, *run, rows, e) < 0)
            return -1;
    AUTO_FREE char *different = mem_printf("What the org has is wanted now, for %zu thing%s: %s.", addresses->n,
                                           addresses->n == 1 ? "" : "s", note);
    if (state_fact_put(d->s->st, key, d->accepted, e) < 0 ||
        write_section(d, *run, "drift accepted", different,
                      "until the playbook says the same, a plan of it still wants the old value.",
                      "zagent plan, then zagent apply", rows, e) < 0)
        return -1;
    return state_run_close(d->s->st, *run, summary, e);
}
