/* agent/apply_report.c — what a run leaves behind: the table on the screen, BUILD_LOG.md, the envelope. */
#include "agent/apply.h"
#include "agent/artifacts.h"
#include "agent/rollback.h"
#include "agent/session.h"
#include "base/crash.h"
#include "base/text.h"
#include "state/buildlog.h"

struct tally {
    int done, failed, skipped, unknown, hand, minutes;
    int created, changed, deleted;
    struct sb owners;
};

static void count(struct apply *ap, struct tally *t)
{
    json_t *step;
    size_t i;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        if (!strcmp(js_str_or(step, "action", ""), "none"))
            continue;
        enum step_outcome o = apply_outcome(ap, js_str(step, "address"));
        bool create = !strcmp(js_str_or(step, "action", ""), "create"),
             remove = !strcmp(js_str_or(step, "action", ""), "delete");
        if (o == STEP_VERIFIED || o == STEP_ATTESTED || o == STEP_DONE) {
            t->done++;
            *(create ? &t->created : remove ? &t->deleted : &t->changed) += 1;
        } else if (o == STEP_HAND || o == STEP_REFUSED) {
            const char *owner = js_str_or(js_obj(step, "hand"), "owner", "admin");
            t->hand++;
            t->minutes += (int)js_int(step, "minutes", 0);
            if (!strstr(t->owners.buf, owner))
                sb_addf(&t->owners, "%s%s", t->owners.len ? ", " : "", owner);
        } else if (o == STEP_FAILED) {
            t->failed++;
        } else if (o == STEP_UNKNOWN) {
            t->unknown++;
        } else {
            t->skipped++;
        }
    }
}

static const struct {
    enum step_outcome o;
    const char *word, *paint;
} words[] = {
    {STEP_VERIFIED, "done", "green"},      {STEP_ATTESTED, "attested", "green"},
    {STEP_DONE, "done, unread", "yellow"}, {STEP_FAILED, "failed", "red"},
    {STEP_SKIPPED, "skipped", "dim"},      {STEP_UNKNOWN, "unknown", "red"},
    {STEP_HAND, "by hand", "yellow"},      {STEP_REFUSED, "by hand", "yellow"},
    {STEP_UNDONE, "undone", "red"},        {STEP_ROLLED_BACK, "rolled back", NULL},
};

static const char *outcome_word(enum step_outcome o, const char *text, const char **paint)
{
    *paint = NULL;
    if (o == STEP_SKIPPED && !strncmp(text, "waits for", 9))
        return "waits";
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        if (words[k].o == o) {
            *paint = words[k].paint;
            return words[k].word;
        }
    return "not begun";
}

static void print_table(struct apply *ap)
{
    json_t *step;
    size_t i;
    size_t earlier = 0;
    app_print(ap->app, "\n");
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        const json_t *r = json_object_get(ap->results, address);
        if (!r)
            continue;
        enum step_outcome o = apply_outcome(ap, address);
        if (js_bool(r, "earlier", false) && (o == STEP_VERIFIED || o == STEP_ATTESTED)) {
            earlier++;
            continue;
        }
        AUTO_FREE char *name = address_for_people(address);
        AUTO_SB struct sb b = SB_INIT(8192);
        add_column(&b, name, 52);
        const char *paint, *word = outcome_word(o, js_str_or(r, "text", ""), &paint);
        app_print(ap->app, "  %s%-12s%s %s%s\n", app_paint(ap->app, paint), word, app_paint(ap->app, NULL), b.buf,
                  js_str_or(r, "text", ""));
        if (o == STEP_FAILED && *js_str_or(r, "fix", ""))
            app_print(ap->app, "               fix: %s\n", js_str(r, "fix"));
    }
    if (earlier)
        app_print(ap->app, "  and %zu done earlier in this run\n", earlier);
}

static const char *by_whom(const json_t *step, enum step_outcome o)
{
    bool api = !strcmp(js_str_or(step, "channel", ""), "api") && o != STEP_HAND && o != STEP_REFUSED;
    return api ? "API" : js_str_or(js_obj(step, "hand"), "owner", "admin");
}

/* The last event of this run that stands in BUILD_LOG.md: a continued run repeats nothing, and what a killed one could not
 * write any more is written by the next. */
static int64_t logged_until(const struct apply *ap)
{
    AUTO_FREE char *key = mem_printf("logged/R%lld", (long long)ap->run);
    AUTO_JSON json_t *seq = state_fact_get(ap->st, key, NULL);
    return json_integer_value(seq);
}

static int note_logged(const struct apply *ap, struct err *e)
{
    AUTO_FREE char *key = mem_printf("logged/R%lld", (long long)ap->run);
    AUTO_JSON json_t *events = state_events(ap->st, ap->run, e);
    if (!events)
        return -1;
    const json_t *last = json_array_get(events, json_array_size(events) - 1);
    AUTO_JSON json_t *seq = json_integer(js_int(last, "seq", 0));
    return state_fact_put(ap->st, key, seq, e);
}

/* {address, title, outcome, detail} of every step this run met, for the log. */
static json_t *log_rows(struct apply *ap)
{
    json_t *rows = json_array(), *step;
    int64_t logged = logged_until(ap);
    size_t i;
    json_array_foreach (js_arr(ap->plan, "steps"), i, step) {
        const char *address = js_str_or(step, "address", "");
        const json_t *r = json_object_get(ap->results, address);
        if (!r || (js_bool(r, "earlier", false) && js_int(r, "seq", 0) <= logged))
            continue;
        json_t *row = json_object();
        js_set_str(row, "address", address);
        js_set_str(row, "title", js_str_or(step, "title", ""));
        js_set_str(row, "outcome", js_str_or(r, "outcome", ""));
        js_set_str(row, "detail", js_str_or(r, "text", ""));
        js_set_str(row, "by", by_whom(step, apply_outcome(ap, address)));
        js_set_int(row, "at", js_int(r, "at", 0));
        json_array_append_new(rows, row);
    }
    return rows;
}

static void join_playbooks(const json_t *plan, const char *between, struct sb *out)
{
    json_t *pb;
    size_t i;
    json_array_foreach (js_arr(plan, "playbooks"), i, pb)
        sb_addf(out, "%s%s", i ? between : "", json_string_value(pb));
}

/* What is different now. Caller frees. */
static char *say_different(struct apply *ap, const struct tally *t, const char *playbooks)
{
    const char *org = js_str_or(ap->org->info, "name", ap->org->name);
    const json_t *back = js_obj(ap->plan, "rollback");
    AUTO_FREE char *deleted = t->deleted ? mem_printf(" Deleted: %d.", t->deleted) : mem_dup("");
    if (back)
        return mem_printf("In %s, %s is taken back: %d thing%s as before, %zu not taken back by API, %zu lost.%s", org,
                          js_str_or(back, "run", "?"), t->changed, t->changed == 1 ? " is" : "s are",
                          json_array_size(js_arr(back, "stays")), json_array_size(js_arr(back, "lost")), deleted);
    return mem_printf("In %s, %d thing%s of %s %s now as planned: %d new, %d changed.%s", org, t->done,
                      t->done == 1 ? "" : "s", playbooks, t->done == 1 ? "is" : "are", t->created, t->changed, deleted);
}

/* What a rollback does not reach stands in the log too: it is what a person has left to do. */
static void add_stays(const struct apply *ap, json_t *rows)
{
    static const char *const lists[] = {"stays", "lost"};
    json_t *one;
    size_t i;
    for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
        json_array_foreach (js_arr(js_obj(ap->plan, "rollback"), lists[k]), i, one) {
            json_t *row = json_object();
            js_set_str(row, "address", js_str_or(one, "address", ""));
            js_set_str(row, "outcome", lists[k]);
            js_set_str(row, "detail", js_str_or(one, "text", ""));
            json_array_append_new(rows, row);
        }
}

static int write_log(struct apply *ap, const struct tally *t, struct err *e)
{
    AUTO_SB struct sb pbs = SB_INIT(4096), switch_off = SB_INIT(4096);
    join_playbooks(ap->plan, ", ", &pbs);
    join_playbooks(ap->plan, " && zagent off ", &switch_off);
    AUTO_FREE char *different = say_different(ap, t, pbs.buf);
    AUTO_FREE char *open =
        t->hand + t->failed + t->unknown + t->skipped == 0
            ? mem_dup("nothing.")
            : mem_printf("%d by hand (%d min, with %s), %d waiting or skipped, %d failed, %d unknown.", t->hand,
                         t->minutes, t->owners.len ? t->owners.buf : "nobody", t->skipped, t->failed, t->unknown);
    bool back = js_obj(ap->plan, "rollback") != NULL;
    AUTO_FREE char *off =
        back ? mem_printf("zagent rollback R%lld", (long long)ap->run) : mem_printf("zagent off %s", switch_off.buf);
    AUTO_FREE char *command = mem_printf("%s%s", apply_command(ap->plan), ap->resumed ? " (continued)" : "");
    AUTO_JSON json_t *rows = log_rows(ap);
    add_stays(ap, rows);
    char journal[33];
    AUTO_FREE char *notice = NULL;
    struct buildlog_run run = {.run = ap->run,
                               .command = command,
                               .org = ap->org->name,
                               .edition = js_str_or(ap->org->info, "edition", ""),
                               .actor = session_actor(),
                               .zone = js_str_or(ap->org->info, "time_zone", ""),
                               .at = ap->app->clock.now_s(ap->app->clock.ctx),
                               .sentence = {different, open, off},
                               .rows = rows};
    CRASH_POINT(apply_before_log);
    if (state_journal_id(ap->st, journal, e) < 0 ||
        buildlog_append(&ap->app->project->root, &run, journal, &notice, e) < 0)
        return -1;
    if (notice)
        app_warn(ap->app, "%s", notice);
    CRASH_POINT(apply_after_log);
    return note_logged(ap, e);
}

static void fill_data(struct apply *ap, const struct tally *t)
{
    json_t *d = ap->app->data, *s = json_object();
    js_set_strf(d, "run", "R%lld", (long long)ap->run);
    js_set_str(d, "digest", ap->digest);
    json_object_set(d, "steps", ap->results);
    js_set_int(s, "done", t->done);
    js_set_int(s, "failed", t->failed);
    js_set_int(s, "skipped", t->skipped);
    js_set_int(s, "unknown", t->unknown);
    js_set_int(s, "by_hand", t->hand);
    js_set_int(s, "minutes", t->minutes);
    js_set(d, "summary", s);
    struct zoho_counts c = zoho_counts(ap->org->zoho);
    json_t *calls = json_object();
    js_set_int(calls, "calls", c.calls);
    js_set_int(calls, "credits", c.credits_known);
    js_set_int(calls, "retries", c.retries);
    js_set(d, "api", calls);
}

static bool left_by_hand(struct apply *ap, const json_t *step, const char *playbook)
{
    enum step_outcome o = apply_outcome(ap, js_str_or(step, "address", ""));
    return (o == STEP_HAND || o == STEP_REFUSED) && plan_step_of(step, playbook);
}

/* The guides that hold steps a person has yet to do. */
static void add_guides(struct apply *ap, struct sb *b)
{
    json_t *name, *step;
    size_t i, k;
    json_array_foreach (js_arr(ap->plan, "playbooks"), i, name) {
        const char *playbook = json_string_value(name);
        bool any = false;
        json_array_foreach (js_arr(ap->plan, "steps"), k, step)
            any = any || left_by_hand(ap, step, playbook);
        if (any)
            sb_addf(b, "%s%s/%s/guide.html", b->len ? ", " : "", ap->app->project->out_name, playbook);
    }
}

/* The one next command. */
static void print_next(struct apply *ap, const struct tally *t)
{
    struct app *a = ap->app;
    AUTO_SB struct sb pbs = SB_INIT(4096);
    join_playbooks(ap->plan, " ", &pbs);
    app_print(a, "\n%d done, %d failed, %d skipped or waiting, %d unknown, %d by hand (%d min).\n", t->done, t->failed,
              t->skipped, t->unknown, t->hand, t->minutes);
    bool stale = false;
    const char *address;
    json_t *r;
    json_object_foreach (ap->results, address, r)
        stale |= !strncmp(js_str_or(r, "text", ""), "stale:", 6);
    if (stale)
        app_print(a, "next: zagent plan %s\n", pbs.buf);
    else if (ap->stopped || t->unknown || t->failed)
        app_print(a, "next: zagent resume\n");
    else if (t->hand) {
        AUTO_SB struct sb guides = SB_INIT(4096);
        add_guides(ap, &guides);
        app_print(a, "next: do the steps in %s, then zagent apply %.12s\n", guides.buf, ap->digest);
    } else
        app_print(a, "next: zagent verify %.12s\n", ap->digest);
}

int apply_finish(struct apply *ap, struct err *e)
{
    struct tally t = {.owners = SB_INIT(400)};
    count(ap, &t);
    fill_data(ap, &t);
    bool open = ap->stopped || t.hand || t.failed || t.unknown || t.skipped;
    int rc = js_obj(ap->plan, "rollback") ? rollback_finish(ap, !open, e) : 0;
    if (rc == 0)
        rc = write_log(ap, &t, e);
    if (rc == 0 && !open)
        rc = state_run_close(ap->st, ap->run, js_obj(ap->app->data, "summary"), e);
    AUTO_JSON json_t *steps = rc == 0 ? state_steps(ap->st, e) : NULL;
    if (steps && artifacts_write(ap->app, ap->plan, steps, &ap->snapshot, e) < 0)
        rc = -1;
    sb_release(&t.owners);
    print_table(ap);
    if (rc < 0)
        return -1;
    print_next(ap, &t);
    if (ap->halted.kind != ERR_NONE) {
        *e = ap->halted;
        return -1;
    }
    if (ap->stopped) {
        err_set(e, ERR_INTERRUPTED, "stopped between two steps, as asked");
        return err_fix(e, "zagent resume goes on where this stopped");
    }
    if (t.unknown) {
        err_set(e, ERR_UNKNOWN, "%d step%s got no answer and cannot be seen in the org", t.unknown,
                t.unknown == 1 ? "" : "s");
        return err_fix(e, "zagent resume reads again before anything is sent");
    }
    if (t.failed) {
        err_set(e, ERR_PARTIAL, "%d of %d steps failed", t.failed, t.done + t.failed + t.skipped + t.hand);
        return err_fix(e, "mend the cause, then zagent resume");
    }
    return 0;
}
